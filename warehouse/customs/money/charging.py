"""What declaration lines owe on a day, by the dated tables, and the rows that say so.

The tables are asked once each for any number of lines.  Two facts of the excise law a line may
lack: the suggested retail price, without which excise "by retail price" is reckoned on CIF and
duty and says so; and an excise quantity of its own, in place of which the line's counts.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal, localcontext
from typing import NamedTuple, Protocol
from uuid import UUID

from sqlmodel import Session

from warehouse.core import money
from warehouse.core.money import ZERO
from warehouse.customs import rules
from warehouse.customs.models import DeclarationLine
from warehouse.customs.rules import DutyRate, Excise, Levy, Line, Policy, PolicyRow, Quantity
from warehouse.customs.rules.charges import PROOF_NOT_REQUIRED, PROOF_REQUIRED
from warehouse.customs.rules.errors import GoodsNotCounted, UnitsDiffer
from warehouse.masterdata import queries as masterdata
from warehouse.masterdata.errors import TariffLineMissing
from warehouse.masterdata.models import (
    Code,
    ExciseRate,
    PreferentialRate,
    TariffLine,
    TradeMeasure,
)
from warehouse.masterdata.vocabulary import CodeList, RateType

_Commodity = tuple[str, str]


class Dated(Protocol):
    """A row of a reference table, as far as it says since when and why it holds."""

    valid_from: date
    valid_to: date | None
    source: str


class Duty(NamedTuple):
    """One duty or tax of a line, under the names of its columns in `DeclarationDuty`."""

    line_id: UUID
    duty_type: str
    base_baht: Decimal
    value_rate_pct: Decimal
    specific_rate_baht: Decimal
    amount: Decimal
    exemption_pct: Decimal
    amount_paid: Decimal
    deposit_baht: Decimal
    discharged_amount: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Tables:
    """All that the tables say on the day *on* of the goods of some lines."""

    on: date
    tariff: Mapping[_Commodity, TariffLine]
    preferences: Mapping[tuple[str, str, str], PreferentialRate]
    privileges: Mapping[str, Code]
    measures: Mapping[tuple[str, str, str], Sequence[TradeMeasure]]
    excise: Mapping[_Commodity, ExciseRate]


def charges(session: Session, line: DeclarationLine, policy: Policy, on: date) -> rules.Charges:
    """Duty and tax of *line* by the tables and the rules in force on the day *on*.

    Raises:
        TariffLineMissing: the tariff does not name the goods on that day.
        NoPolicy: a rule that is needed does not hold on that day.
        GoodsNotCounted: the line counts in a unit that cannot be turned into a rate's.
    """
    [charged] = charges_of(session, [line], policy, on)
    return charged


def charges_of(
    session: Session, lines: Sequence[DeclarationLine], policy: Policy, on: date
) -> list[rules.Charges]:
    """The `charges` of each of *lines*, in their order, however many: one query a table.

    Raises:
        TariffLineMissing, NoPolicy, GoodsNotCounted: as `charges`.
    """
    tables = tables_for(session, lines, on)
    return [_charges(line, tables, policy) for line in lines]


def _charges(line: DeclarationLine, tables: Tables, policy: Policy) -> rules.Charges:
    try:
        return rules.line_charges(facts(line, tables, policy), policy, tables.on)
    except UnitsDiffer as failure:
        raise GoodsNotCounted(
            sku=line.sku,
            hs_code=line.hs_code,
            statistical_code=line.statistical_code,
            **failure.facts,
        ) from failure


def counts(excise: ExciseRate, unit: str) -> bool:
    """Whether *excise* by measure can count goods that are declared in *unit*."""
    if not excise.specific_rate_baht:
        return True
    try:
        rules.amount_in(Quantity(Decimal(1), unit), excise.unit)
    except UnitsDiffer:
        return False
    return True


def tables_for(session: Session, lines: Iterable[DeclarationLine], on: date) -> Tables:
    """What the tables say on the day *on* of the goods of *lines*."""
    goods = {
        (each.hs_code, each.statistical_code, each.privilege_code, each.origin_country)
        for each in lines
    }
    commodities = {(hs_code, statistical_code) for hs_code, statistical_code, *_ in goods}
    claims = {(privilege, hs, stat) for hs, stat, privilege, _ in goods}
    origins = {(hs_code, stat, origin) for hs_code, stat, _, origin in goods}
    preferences = masterdata.preferential_rates(session, claims, on)
    return Tables(
        on=on,
        tariff=masterdata.tariff_lines(session, commodities, on),
        preferences=preferences,
        privileges=masterdata.codes(session, CodeList.PRIVILEGE, on) if preferences else {},
        measures=masterdata.trade_measures_on(session, origins, on),
        excise=masterdata.excise_rates(session, commodities, on),
    )


def facts(line: DeclarationLine, tables: Tables, policy: Policy) -> Line:
    """What the charges of *line* follow from.

    Raises:
        TariffLineMissing: the tariff does not name the goods on that day.
    """
    commodity = hs_code, stat = line.hs_code, line.statistical_code
    tariff = tables.tariff.get(commodity)
    if tariff is None:
        raise TariffLineMissing(hs_code=hs_code, statistical_code=stat, on=tables.on)
    preference = tables.preferences.get((line.privilege_code, hs_code, stat))
    measures = tables.measures.get((hs_code, stat, line.origin_country), ())
    excise = tables.excise.get(commodity)
    return Line(
        cif_baht=line.cif_baht,
        cif_assessed_baht=line.cif_assessed_baht,
        rate=rate("tariff", tariff),
        net_weight=Quantity(line.net_weight_kg, rules.KILOGRAM),
        quantity=Quantity(line.quantity, line.unit),
        privilege=line.privilege_code,
        preferential_rate=rate(line.privilege_code, preference) if preference else None,
        origin_proof=line.origin_certificate,
        proof_rule=_proof_rule(tables.privileges.get(line.privilege_code)),
        levies=tuple(Levy(each.kind.value, _measure(each)) for each in measures),
        excise=_excise(excise, line, policy, tables.on) if excise else None,
    )


def rate(table: str, row: TariffLine | PreferentialRate) -> DutyRate:
    """The rate that *row* of *table* gives, which is its own reason."""
    return DutyRate(
        row.rate_type,
        row.value_rate_pct,
        row.specific_rate_baht,
        row.unit,
        grounds=(_ground(table, row.hs_code, row),),
    )


def duty(
    line_id: UUID, component: rules.Component, *, paid: Decimal, exemption_pct: Decimal = ZERO
) -> Duty:
    """One duty or tax: assessed as *component*, of which *paid* baht are payable."""
    charged_at = component.rate or ZERO
    by_measure = component.basis is rules.Basis.SPECIFIC
    return Duty(
        line_id=line_id,
        duty_type=component.what,
        base_baht=ZERO if by_measure else component.base,
        value_rate_pct=ZERO if by_measure else charged_at,
        specific_rate_baht=charged_at if by_measure else ZERO,
        amount=component.assessed,
        exemption_pct=exemption_pct,
        amount_paid=paid,
        deposit_baht=component.deposited,
    )


def _proof_rule(privilege: Code | None) -> PolicyRow | None:
    """What the table of privileges says of a proof of origin; None: nothing."""
    if privilege is None or "needs_origin_proof" not in privilege.facts:
        return None
    needed = privilege.facts["needs_origin_proof"] == "Y"
    value = PROOF_REQUIRED if needed else PROOF_NOT_REQUIRED
    return _ground("privilege", privilege.code, privilege, value)


def _measure(measure: TradeMeasure) -> DutyRate:
    """By value, by measure, or the higher of both, as the rates that the row has."""
    match bool(measure.value_rate_pct), bool(measure.specific_rate_baht):
        case True, True:
            rate_type = RateType.BOTH
        case False, True:
            rate_type = RateType.SPECIFIC
        case _:
            rate_type = RateType.AD_VALOREM
    return DutyRate(
        rate_type,
        measure.value_rate_pct,
        measure.specific_rate_baht,
        measure.unit,
        grounds=(_ground(measure.kind.name, measure.hs_code, measure),),
    )


def _excise(row: ExciseRate, line: DeclarationLine, policy: Policy, on: date) -> Excise:
    counted = line.excise_quantity
    return Excise(
        value_pct=row.value_rate_pct,
        by_retail_price=row.by_retail_price,
        retail_price=_retail_price(line) if row.by_retail_price else None,
        quantity=None if counted is None else Quantity(counted, row.unit),
        specific_rate=row.specific_rate_baht.normalize(),  # it is told in words
        unit=row.unit,
        funds=rules.funds_of(row.hs_code, policy, on),
        grounds=(_ground("excise", row.hs_code, row),),
    )


def _retail_price(line: DeclarationLine) -> Decimal | None:
    """The suggested retail price of what excise counts as one: a bottle's, of a litre in it.

    Where that does not come out even it is rounded up in the last of very many digits: so the
    price of the whole line never falls short of a half satang that would be rounded up.
    """
    if line.retail_price_baht is None or line.excise_quantity is None:
        return line.retail_price_baht
    with money.exact(), localcontext(rounding=ROUND_CEILING):
        return line.retail_price_baht * line.quantity / line.excise_quantity


def _ground(table: str, key: str, row: Dated, value: str = "") -> PolicyRow:
    """The row of a table as the reason of a figure: since when it holds, and its source."""
    return PolicyRow(table, key, value, row.valid_from, row.valid_to, row.source)
