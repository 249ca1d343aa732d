"""What stands on a declaration: everything that is printed, as one frozen value."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from warehouse.core import i18n
from warehouse.core.money import ZERO
from warehouse.customs.documents.form import EntryLine, House, Owner
from warehouse.customs.vocabulary import CONFIRMED_LATER, DocumentType, Procedure


@dataclass(frozen=True, slots=True)
class Deposit:
    """A sum left with customs; reasons D01, D02 … of the e-Import manual p.120."""

    reason_code: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Permit:
    """A permit that a line names."""

    number: str
    issued_on: date
    authority_id: str


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty or tax of a line, in baht; the rate is per cent of value or baht per unit."""

    duty_type: str
    value_rate_pct: Decimal
    specific_rate_baht: Decimal
    amount: Decimal
    paid: Decimal
    deposits: tuple[Deposit, ...] = ()

    @property
    def rates(self) -> tuple[str, ...]:
        """The rate as it is read; two where the higher of two reckonings counts."""
        by_value = f"{i18n.quantity(self.value_rate_pct)} %"
        if not self.specific_rate_baht:
            return (by_value,)
        specific = f"฿{i18n.quantity(self.specific_rate_baht)}"
        return (by_value, specific) if self.value_rate_pct else (specific,)

    @property
    def deposited(self) -> Decimal:
        """What is left with customs for it."""
        return sum((each.amount for each in self.deposits), ZERO)


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One line; *explained* are the receipts of its figures (see ``rules.receipt``).

    *value_foreign* and *value_baht* are CIF, going out FOB; *assessed_baht* is what customs set.
    """

    line_number: int
    hs_code: str
    statistical_code: str
    privilege_code: str
    description_th: str
    description_en: str
    brand: str
    origin_country: str
    quantity: Decimal
    unit: str
    net_weight_kg: Decimal
    currency: str
    unit_price_foreign: Decimal
    value_foreign: Decimal
    value_baht: Decimal
    duties: tuple[Duty, ...]
    explained: tuple[Mapping[str, str], ...]
    entry: EntryLine | None = None
    assessed_baht: Decimal | None = None
    retail_price_baht: Decimal | None = None
    excise_quantity: Decimal | None = None
    excise_unit: str = ""
    export_tariff: str = ""
    origin_proof: str = ""
    permits: tuple[Permit, ...] = ()


@dataclass(frozen=True, slots=True)
class Total:
    """One duty or tax over all lines, in baht: *due* + *rounding* is paid."""

    duty_type: str
    assessed: Decimal
    due: Decimal
    rounding: Decimal
    deposited: Decimal = ZERO

    @property
    def amounts(self) -> tuple[Decimal, ...]:
        """Assessed, suspended or exempted, due, rounding, payable, deposited."""
        suspended = self.assessed - self.due - self.deposited
        payable = self.due + self.rounding
        return self.assessed, suspended, self.due, self.rounding, payable, self.deposited


@dataclass(frozen=True, slots=True)
class Party:
    """Who sends goods to the warehouse, or receives them from it."""

    name: str
    country: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class DeclarationPaper:
    """Everything that is printed on a declaration of types 0, 1, A, B, C, D and P.

    *number* is None until customs gives one; *other* is who sends the goods, or going out who
    receives them; *moved_on* is the day they arrive, or going out leave; *port* is where they are
    discharged or loaded.
    """

    document_type: DocumentType
    procedure: Procedure
    number: str | None
    reference_number: str
    version: int
    accepted_on: date | None
    issued_by_hand: bool
    payment_number: str
    import_date: date
    moved_on: date | None
    leaves_bond_on: date | None
    storage_ends_on: date | None
    house: House
    owner: Owner
    other: Party
    transport: str
    bills: str
    release_port: str
    port: str
    origin_country: str
    country: str
    shipping_marks: str
    package_amount: int
    package_unit: str
    gross_weight_kg: Decimal
    net_weight_kg: Decimal
    invoice_number: str
    invoice_date: date
    trade_terms: str
    currency: str
    exchange_rate: Decimal
    exchange_per_units: int
    value_foreign: Decimal
    value_baht: Decimal
    payment_method: str
    guarantee_method: str
    incentive_from: str
    incentive_to: str
    lines: tuple[PaperLine, ...]
    totals: tuple[Total, ...]

    @property
    def exports(self) -> bool:
        """Whether it takes the layout of กศก.101/1: types 1, B and D."""
        return self.document_type in CONFIRMED_LATER

    @property
    def sums(self) -> tuple[Decimal, ...]:
        """The amounts of all duties and taxes together, in the order of `Total.amounts`."""
        nothing = Total("", ZERO, ZERO, ZERO)
        each = (total.amounts for total in (nothing, *self.totals))
        return tuple(sum(amounts, ZERO) for amounts in zip(*each, strict=True))
