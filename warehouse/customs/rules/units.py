"""Units of quantity, and how one is turned into another (UN/ECE Recommendation 20)."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from warehouse.core import money
from warehouse.core.i18n import N_
from warehouse.customs.rules.errors import UnitsDiffer

KILOGRAM: Final = "KGM"
PIECE: Final = "C62"

_WEIGHTS: Final = {
    "MGM": Decimal(1),
    "CTM": Decimal(200),
    "GRM": Decimal(1_000),
    KILOGRAM: Decimal(1_000_000),
    "TNE": Decimal(1_000_000_000),
}

# How many of the smallest unit of its kind each unit holds.  Pairs and sets are counted as they
# are: two shoes are a pair, but a rate by the pair is not half a rate by the piece.
_SIZES: Final[tuple[dict[str, Decimal], ...]] = (
    _WEIGHTS,
    {"MLT": Decimal(1), "LTR": Decimal(1_000), "MTQ": Decimal(1_000_000)},
    {"CMT": Decimal(1), "MTR": Decimal(100)},
    {PIECE: Decimal(1), "H87": Decimal(1), "EA": Decimal(1), "DZN": Decimal(12)},
)

# Not units at all, though invoices write them: customs reads them as pieces (customs tables 2019).
_PIECES: Final = {"PCE": PIECE, "NMB": PIECE}


class Measure(StrEnum):
    """What a specific rate counts."""

    WEIGHT = N_("weight")
    QUANTITY = N_("quantity")


@dataclass(frozen=True, slots=True)
class Quantity:
    """So much of a *unit*."""

    amount: Decimal
    unit: str

    def __post_init__(self) -> None:
        assert self.amount > 0, "a quantity is more than nothing"


@money.exact()
def amount_in(quantity: Quantity, unit: str) -> Decimal:
    """*quantity* counted in *unit*.

    Raises:
        UnitsDiffer: no conversion is known.
    """
    declared, wanted = (_PIECES.get(each, each) for each in (quantity.unit, unit))
    if declared == wanted:
        return quantity.amount
    for sizes in _SIZES:
        if declared in sizes and wanted in sizes:
            return quantity.amount * sizes[declared] / sizes[wanted]
    raise UnitsDiffer(declared=quantity.unit, wanted=unit)


def measure_of(unit: str) -> Measure:
    """What a rate per *unit* counts: the net weight, or the quantity."""
    return Measure.WEIGHT if unit in _WEIGHTS else Measure.QUANTITY
