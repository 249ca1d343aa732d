"""Load the reference tables that customs publishes."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

from warehouse.core.work import Work
from warehouse.masterdata import dated
from warehouse.masterdata.models import ExchangeRate, TariffLine
from warehouse.masterdata.vocabulary import RateType

_REFERENCE: Final = Path(__file__).parent / "reference"
TARIFF_CSV: Final = _REFERENCE / "tariff.csv"
EXCHANGE_RATES_CSV: Final = _REFERENCE / "exchange_rates.csv"


def load_reference(work: Work) -> int:
    """Take in the tables that ship with the program; return how many rows changed."""
    return load_tariff(work) + load_exchange_rates(work)


def load_tariff(work: Work, path: Path = TARIFF_CSV) -> int:
    """Take in the tariff lines of the CSV file at *path*; return how many changed.

    Raises:
        RowUnreadable: a row cannot be read.
        RowDiffers: a line is there already with another rate from the same day.
        RowsOverlap: two rates would hold on one day.
    """
    rows = dated.read_rows(path, _tariff_line)
    return dated.keep(work, TariffLine, ("hs_code", "statistical_code"), rows)


def load_exchange_rates(work: Work, path: Path = EXCHANGE_RATES_CSV) -> int:
    """Take in the customs exchange rates of the CSV file at *path*; return how many changed.

    Raises:
        RowUnreadable: a row cannot be read.
        RowDiffers: a rate is there already with another value from the same day.
        RowsOverlap: two rates would hold on one day.
    """
    rows = dated.read_rows(path, _exchange_rate)
    return dated.keep(work, ExchangeRate, ("currency",), rows)


def _tariff_line(row: Mapping[str, str]) -> TariffLine:
    return TariffLine(
        hs_code=row["hs_code"],
        statistical_code=row["statistical_code"],
        description_th=row["description_th"],
        description_en=row["description_en"],
        unit=row["unit"],
        rate_type=RateType(row["rate_type"]),
        value_rate_pct=Decimal(row["value_rate_pct"]),
        specific_rate_baht=Decimal(row["specific_rate_baht"]),
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=dated.ending(row),
        source=row["source"],
    )


def _exchange_rate(row: Mapping[str, str]) -> ExchangeRate:
    return ExchangeRate(
        currency=row["currency"],
        per_units=int(row["per_units"]),
        import_rate=Decimal(row["import_rate"]),
        export_rate=Decimal(row["export_rate"]),
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=dated.ending(row),
        source=row["source"],
    )
