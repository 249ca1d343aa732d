"""The facts of one line that its duty and tax follow from."""

from dataclasses import dataclass
from decimal import Decimal

from warehouse.core.money import ZERO
from warehouse.customs.rules.policy import PolicyRow
from warehouse.customs.rules.units import Measure, Quantity, measure_of
from warehouse.masterdata.vocabulary import RateType


@dataclass(frozen=True, slots=True)
class DutyRate:
    """A rate of the tariff: *value_pct* per cent of the value, *specific_rate* baht per *unit*.

    Without a *measure* a rate by a unit of weight counts net weight, any other the quantity.
    *unit_factor*: how many of *unit* are in one declared unit, where customs' table says (RFDTB).
    *grounds* are the rows of the tariff, or of a measure, that say so.
    """

    rate_type: RateType
    value_pct: Decimal = ZERO
    specific_rate: Decimal = ZERO
    unit: str = ""
    measure: Measure | None = None
    unit_factor: Decimal | None = None
    grounds: tuple[PolicyRow, ...] = ()

    @property
    def counts(self) -> Measure:
        """What the specific rate counts."""
        return self.measure or measure_of(self.unit)


@dataclass(frozen=True, slots=True)
class Levy:
    """A charge beside the duty of the tariff, under its *duty_type*: anti-dumping, say."""

    duty_type: str
    rate: DutyRate


@dataclass(frozen=True, slots=True)
class Excise:
    """What the excise law asks of a line: a share of the value, baht a unit, or both added.

    *retail_price* is the suggested retail price of one *quantity* unit in baht, without VAT; with
    one, the share is of that price, and not of CIF and duty (Excise Act B.E. 2560).  It should be
    there where the share is *by_retail_price*.  What customs counts, *assessed_quantity*, replaces
    *quantity*.  *funds* are the duty types that take their share of the excise.
    """

    value_pct: Decimal = ZERO
    by_retail_price: bool = False
    retail_price: Decimal | None = None
    specific_rate: Decimal = ZERO
    unit: str = ""
    quantity: Quantity | None = None
    assessed_quantity: Quantity | None = None
    funds: tuple[str, ...] = ()
    grounds: tuple[PolicyRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """The facts of one line that its charges follow from.  Percentages are per cent.

    *cif_assessed_baht*, where customs has set it, replaces *cif_baht* as the base, and
    *assessed_quantity* the quantity.  *exempt_cif_pct* of the value bears no import duty (Import
    Detail, field 54).  The *preferential_rate* of *privilege* replaces *rate* where the proof of
    origin is there that the privilege asks for.  A *vat_pct* of None means the rate in force.
    """

    cif_baht: Decimal
    rate: DutyRate
    cif_assessed_baht: Decimal | None = None
    exempt_cif_pct: Decimal = ZERO
    net_weight: Quantity | None = None
    quantity: Quantity | None = None
    assessed_quantity: Quantity | None = None
    privilege: str | None = None
    preferential_rate: DutyRate | None = None
    origin_proof: str = ""
    proof_rule: PolicyRow | None = None
    levies: tuple[Levy, ...] = ()
    excise: Excise | None = None
    vat_pct: Decimal | None = None

    @property
    def base_baht(self) -> Decimal:
        """The value that duty and VAT are charged on."""
        return self.cif_baht if self.cif_assessed_baht is None else self.cif_assessed_baht

    def declared(self, measure: Measure) -> Quantity | None:
        """The net weight, or the quantity that customs counts."""
        if measure is Measure.WEIGHT:
            return self.net_weight
        return self.assessed_quantity or self.quantity
