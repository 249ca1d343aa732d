"""The tables that customs publishes: which sheets they come in, and what a row of each says.

A table comes as one sheet with all its columns, or as the sheets that customs gives it in, which
are joined by their code and by the days on which all of them hold.  The layouts of the files are
not published with the manuals: the titles in `tables.TITLES` are those that are known.
"""

from collections.abc import Callable, Mapping
from typing import Final

from warehouse.core.i18n import N_
from warehouse.masterdata.cells import Cells
from warehouse.masterdata.models import (
    Code,
    ExchangeRate,
    ExciseRate,
    Holiday,
    PreferentialRate,
    Restriction,
    TariffLine,
    TradeMeasure,
)
from warehouse.masterdata.tables import Part, Table
from warehouse.masterdata.vocabulary import (
    CodeList,
    MeasureKind,
    RateType,
    RestrictionKind,
    TradeDirection,
)

_RATE_TYPES: Final = {
    **{each.value: each for each in RateType},
    "p": RateType.AD_VALOREM,
    "s": RateType.SPECIFIC,
    "b": RateType.BOTH,
}
_DIRECTIONS: Final = {
    **{each.value: each for each in TradeDirection},
    "i": TradeDirection.IMPORT,
    "e": TradeDirection.EXPORT,
    "นำเข้า": TradeDirection.IMPORT,
    "ส่งออก": TradeDirection.EXPORT,
}
_RESTRICTIONS: Final = {each.value: each for each in RestrictionKind}
_MEASURES: Final = {each.value: each for each in MeasureKind}


def _tariff_line(row: Cells) -> TariffLine:
    return TariffLine(
        hs_code=row.digits("hs_code", 8, lost=1),
        statistical_code=row.digits("statistical_code", 3, lost=2),
        description_th=row.text("description_th", 512),
        description_en=row.text("description_en", 512),
        unit=row.letters("unit", 3),
        rate_type=row.word("rate_type", _RATE_TYPES),
        value_rate_pct=row.number_of("value_rate_pct", default="0"),
        specific_rate_baht=row.number_of("specific_rate_baht", default="0"),
        valid_from=row.first(),
        valid_to=row.last(),
        source=row.origin(),
    )


def _preferential_rate(row: Cells) -> PreferentialRate:
    return PreferentialRate(
        privilege_code=row.letters("privilege_code", 3),
        hs_code=row.digits("hs_code", 8, lost=1),
        statistical_code=row.digits("statistical_code", 3, lost=2),
        rate_type=row.word("rate_type", _RATE_TYPES),
        value_rate_pct=row.number_of("value_rate_pct", default="0"),
        specific_rate_baht=row.number_of("specific_rate_baht", default="0"),
        unit=row.letters("unit", 3),
        valid_from=row.first(),
        valid_to=row.last(),
        source=row.origin(),
    )


def _trade_measure(row: Cells) -> TradeMeasure:
    return TradeMeasure(
        kind=row.word("kind", _MEASURES),
        hs_code=row.digits("hs_code", 8, lost=1),
        statistical_code=row.digits("statistical_code", 3, lost=2),
        origin_country=row.letters("origin_country", 2) if row.get("origin_country") else "",
        value_rate_pct=row.number_of("value_rate_pct", default="0"),
        specific_rate_baht=row.number_of("specific_rate_baht", default="0"),
        unit=row.letters("unit", 3),
        valid_from=row.first(),
        valid_to=row.last(),
        source=row.origin(),
    )


def _excise_rate(row: Cells) -> ExciseRate:
    return ExciseRate(
        hs_code=row.digits("hs_code", 8, lost=1),
        statistical_code=row.digits("statistical_code", 3, lost=2),
        excise_code=row.optional("excise_code", 12),
        by_retail_price=row.flag("by_retail_price"),
        value_rate_pct=row.number_of("value_rate_pct", default="0"),
        specific_rate_baht=row.number_of("specific_rate_baht", default="0"),
        unit=row.letters("unit", 3),
        valid_from=row.first(),
        valid_to=row.last(),
        source=row.origin(),
    )


def _restriction(row: Cells) -> Restriction:
    kind = row.word("kind", _RESTRICTIONS, default=RestrictionKind.PERMIT)
    permit = kind is RestrictionKind.PERMIT
    return Restriction(
        hs_code=row.digits("hs_code", 8, lost=1),
        statistical_code=row.digits("statistical_code", 3, lost=2),
        direction=row.word("direction", _DIRECTIONS),
        kind=kind,
        authority_id=_authority(row, "authority_id") if permit else "",
        permit_th=row.optional("permit_th", 200),
        permit_en=row.optional("permit_en", 200),
        valid_from=row.first(),
        valid_to=row.last(),
        source=row.origin(),
    )


def _exchange_rate(row: Cells) -> ExchangeRate:
    return ExchangeRate(
        currency=row.letters("currency", 3),
        per_units=int(row.number_of("per_units", places=0)),
        import_rate=row.number_of("import_rate"),
        export_rate=row.number_of("export_rate"),
        valid_from=row.first(),
        valid_to=row.last(),
        source=row.origin(),
    )


def _holiday(row: Cells) -> Holiday:
    day = row.day("day")
    if day is None:
        raise row.refused("day", "empty")
    return Holiday(
        day=day,
        name_th=row.text("name_th", 120),
        name_en=row.text("name_en", 120),
        source=row.origin(),
    )


def _authority(row: Cells, field: str) -> str:
    """A tax number, whose first zero a spreadsheet may have lost, or a word such as EXCISE."""
    value = row.letters(field, 17)
    return value.zfill(13) if value.isdecimal() else value


def _entry(code_list: CodeList, digits: int, facts: tuple[str, ...]) -> Callable[[Cells], Code]:
    """Reads rows of a code table; a code of *digits* digits may have lost its zeros."""

    def read(row: Cells) -> Code:
        lost = digits - 1
        return Code(
            code_list=code_list,
            code=row.digits("code", digits, lost=lost) if digits else row.letters("code", 20),
            name_th=row.text("name_th", 200),
            name_en=row.text("name_en", 200),
            facts={name: "Y" if row.flag(name) else "N" for name in facts},
            valid_from=row.first(),
            valid_to=row.last(),
            source=row.origin(),
        )

    return read


def _codes(
    code_list: CodeList,
    title: str,
    *official: str,
    digits: int = 0,
    facts: tuple[str, ...] = (),
) -> Table:
    return Table(
        name=code_list.value,
        title=title,
        model=Code,
        keys=("code_list", "code"),
        columns=("code", "name_th", "name_en", *facts, *_SPAN),
        read=_entry(code_list, digits, facts),
        official=official,
    )


_SPAN: Final = ("valid_from", "valid_to", "source")
_COMMODITY: Final = ("hs_code", "statistical_code")
_RATE: Final = ("value_rate_pct", "specific_rate_baht")
_NORMAL: Final = "000"
"""The privilege under which the table of duties gives the general rate."""

_STATISTICAL_CODES: Final = Part("REFTRS", (*_COMMODITY, "unit", *_SPAN))
_TARIFF_CODES: Final = Part("REFTRC", ("hs_code", "description_th", "description_en", *_SPAN))
_DUTIES: Final = ("hs_code", "privilege_code", "rate_type", *_RATE, *_SPAN)


def _is_normal(row: Cells) -> bool:
    return row.get("privilege_code").zfill(3) == _NORMAL


TABLES: Final[Mapping[str, Table]] = {
    table.name: table
    for table in (
        Table(
            name="tariff",
            title=N_("Tariff"),
            model=TariffLine,
            keys=_COMMODITY,
            columns=(
                *_COMMODITY,
                "description_th",
                "description_en",
                "unit",
                "rate_type",
                *_RATE,
                *_SPAN,
            ),
            read=_tariff_line,
            parts=(_STATISTICAL_CODES, _TARIFF_CODES, Part("REFDRT", _DUTIES, _is_normal)),
        ),
        Table(
            name="preferential-rates",
            title=N_("Duty under privileges"),
            model=PreferentialRate,
            keys=("privilege_code", *_COMMODITY),
            columns=("privilege_code", *_COMMODITY, "rate_type", *_RATE, "unit", *_SPAN),
            read=_preferential_rate,
            parts=(
                _STATISTICAL_CODES,
                Part("REFDRT", _DUTIES, lambda row: not _is_normal(row)),
            ),
        ),
        Table(
            name="trade-measures",
            title=N_("Trade measures"),
            model=TradeMeasure,
            keys=("kind", *_COMMODITY, "origin_country"),
            columns=("kind", *_COMMODITY, "origin_country", *_RATE, "unit", *_SPAN),
            read=_trade_measure,
        ),
        Table(
            name="excise-rates",
            title=N_("Excise"),
            model=ExciseRate,
            keys=_COMMODITY,
            columns=(*_COMMODITY, "excise_code", "by_retail_price", *_RATE, "unit", *_SPAN),
            read=_excise_rate,
        ),
        Table(
            name="restrictions",
            title=N_("Permits and prohibitions"),
            model=Restriction,
            keys=(*_COMMODITY, "direction", "authority_id"),
            columns=(
                *_COMMODITY,
                "direction",
                "kind",
                "authority_id",
                "permit_th",
                "permit_en",
                *_SPAN,
            ),
            read=_restriction,
        ),
        Table(
            name="exchange-rates",
            title=N_("Exchange rates of customs"),
            model=ExchangeRate,
            keys=("currency",),
            columns=("currency", "per_units", "import_rate", "export_rate", *_SPAN),
            read=_exchange_rate,
            parts=(
                Part("RFICU", ("currency", "per_units", "import_rate", *_SPAN)),
                Part("REFECU", ("currency", "per_units", "export_rate", *_SPAN)),
            ),
        ),
        _codes(
            CodeList.AREA,
            N_("Customs areas"),
            "RFARS",
            digits=4,
            facts=("export_release", "export_load", "import_release", "import_discharge"),
        ),
        _codes(CodeList.AUTHORITY, N_("Permit authorities")),
        _codes(CodeList.COUNTRY, N_("Countries"), "RFICC"),
        _codes(CodeList.CURRENCY, N_("Currencies"), "RFCUC"),
        _codes(CodeList.PACKAGE, N_("Packages"), "RFPKG"),
        _codes(CodeList.PRIVILEGE, N_("Privileges"), "REFPVC", facts=("needs_origin_proof",)),
        _codes(CodeList.UNIT, N_("Units"), "RFUNT"),
        Table(
            name="holidays",
            title=N_("Holidays"),
            model=Holiday,
            keys=(),
            columns=("day", "name_th", "name_en", "source"),
            read=_holiday,
        ),
    )
}
"""Every table that can be looked at and brought as a file, by its name."""
