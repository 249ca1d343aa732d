"""Draft the declaration, type P, that pays duty on goods: ordered for home use, or lost in bond.

Each line names the import line that it draws down, and repeats its classification, descriptions
and privilege.  It takes its share of the frozen value; only the duty *rate* is that of today
(Customs Act s.14(1)).  For lost goods the officer sets the day of the rate (s.14(2), to be
confirmed).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import chain
from typing import Final
from uuid import UUID

from warehouse.core import db, ids, money
from warehouse.core.errors import WrongState
from warehouse.core.money import ZERO
from warehouse.core.work import Work
from warehouse.customs import charging, guarantee, queries, rules
from warehouse.customs.entries import reference
from warehouse.customs.errors import (
    AlreadyDeclared,
    DischargeTooLarge,
    NothingToDeclare,
    NotInBond,
)
from warehouse.customs.models import Declaration, DeclarationLine, DeclaredLot
from warehouse.customs.queries import Taken
from warehouse.customs.vocabulary import CustomsEvent, DeclarationState, DocumentType, Procedure
from warehouse.masterdata import queries as masterdata

_GRAM: Final = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class HomeUseGoods:
    """So much of a lot; *entry_line_id* is the import line that the lot is bound to."""

    lot_id: UUID
    entry_line_id: UUID | None
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class HomeUseDraft:
    """An order, or a disposal of lost goods, as it is to be declared.

    *number* is ours, *owner_name* its partner's.  *rates_on*: the day of the rates, if not today.
    """

    premises_id: UUID
    partner_id: UUID
    order_id: UUID | None
    number: str
    owner_name: str
    goods: Sequence[HomeUseGoods]
    disposal_id: UUID | None = None
    rates_on: date | None = None

    @property
    def subject(self) -> dict[str, UUID]:
        """What is declared, under the name of its column."""
        named = {"order_id": self.order_id, "disposal_id": self.disposal_id}
        return {column: key for column, key in named.items() if key is not None}


def draft_home_use(work: Work, draft: HomeUseDraft) -> Declaration:
    """Draft the declaration that pays duty on *draft*: one line for each import line.

    A share of the frozen value is fixed here, because it is what we tell customs.  Under the lock
    of the import line it counts every live declaration that takes from the line, answered or not;
    whichever empties the line takes the remainder, so that all shares add up to the frozen value
    however many are under way at once.  A cancelled declaration gives its share back.

    Raises:
        GuaranteeAccountNotFound: the premises has no guarantee.
        AlreadyDeclared: another declaration covers it.
        NothingToDeclare: there are no goods.
        NotInBond: customs has not accepted some of them into bond.
        DischargeTooLarge: an import line has less left.
        TariffLineMissing: the tariff does not name some of them today.
        NoPolicy: a rule is not known today.
    """
    guarantee.lock_account(work, draft.premises_id)  # first of all: queueing takes it too
    if earlier := queries.declaration_of(work.session, **draft.subject):
        raise AlreadyDeclared(number=earlier.reference_number)
    goods = _by_entry_line(draft.goods)
    entry_lines = db.lock(work.session, DeclarationLine, goods)
    earlier_takes = queries.taken(work.session, goods)
    entries = _entries(work, entry_lines.values())
    declaration_id = ids.new_id()
    rows = [
        _row(
            (declaration_id, number),
            entry_lines[line_id],
            entries[entry_lines[line_id].declaration_id],
            sum((each.quantity for each in alike), ZERO),
            earlier_takes.get(line_id, Taken()),
        )
        for number, (line_id, alike) in enumerate(goods.items(), start=1)
    ]
    declaration = _declaration(work, draft, declaration_id, list(entries.values()), rows)
    _write(work, declaration, rows, list(goods.values()))
    assess(work, declaration, draft.rates_on or work.today)
    work.emit(CustomsEvent.DECLARATION_DRAFTED, declaration.id, number=declaration.reference_number)
    return declaration


def set_rate_day(work: Work, declaration: Declaration, on: date) -> None:
    """Reckon *declaration*, of lost goods and not filed yet, at the rates of the day *on*.

    The officer says which day (Customs Act s.14(2), to be confirmed).

    Raises:
        WrongState: it is filed.
        TariffLineMissing: the tariff does not name some of the goods on that day.
        NoPolicy: a rule is not known on that day.
    """
    guarantee.lock_account(work, declaration.premises_id)
    db.lock(work.session, Declaration, [declaration.id])
    if declaration.state is not DeclarationState.DRAFT:
        raise WrongState(state=declaration.state.value, target=DeclarationState.DRAFT.value)
    assess(work, declaration, on)


def assess(work: Work, declaration: Declaration, on: date) -> None:
    """Reckon full duty and tax at the rates of *on*, in place of what another day reckoned.

    Each type's total is rounded by the rounding table.

    Raises:
        TariffLineMissing: the tariff does not name some of the goods on that day.
        NoPolicy: a rule is not known on that day.
    """
    rows = queries.lines(work.session, declaration.id)
    for earlier in chain.from_iterable(
        queries.duties(work.session, (row.id for row in rows)).values()
    ):
        work.session.delete(earlier)
    work.session.flush()
    policy = queries.policy(work.session)
    charged = []
    for row in rows:
        charges = charging.charges(work.session, row, policy, on)
        row.explained = [rules.receipt(component) for component in charges.components]
        work.session.add_all(
            charging.duty(row.id, component, paid=component.amount)
            for component in charges.components
        )
        charged.append(charges)
    totals = rules.declaration_totals(charged, policy, on)
    declaration.total_tax = sum((total.amount for total in totals), ZERO)
    declaration.rates_on = on


def _entries(work: Work, entry_lines: Iterable[DeclarationLine]) -> Mapping[UUID, Declaration]:
    return {
        line.declaration_id: queries.declaration_by_id(work.session, line.declaration_id)
        for line in entry_lines
    }


def _by_entry_line(goods: Iterable[HomeUseGoods]) -> dict[UUID, list[HomeUseGoods]]:
    by_line: dict[UUID, list[HomeUseGoods]] = {}
    for each in goods:
        if each.entry_line_id is None:
            raise NotInBond
        by_line.setdefault(each.entry_line_id, []).append(each)
    if not by_line:
        raise NothingToDeclare
    return by_line


def _row(
    place: tuple[UUID, int],
    entry_line: DeclarationLine,
    entry: Declaration,
    quantity: Decimal,
    earlier: Taken,
) -> DeclarationLine:
    left = entry_line.quantity - earlier.quantity
    if quantity > left:
        raise DischargeTooLarge(
            number=entry.declaration_number or entry.reference_number,
            line=entry_line.line_number,
            available=left,
            wanted=quantity,
        )

    def share(total: Decimal, taken: Decimal) -> Decimal:
        return rules.discharged_value(
            total, entry_line.quantity, quantity, value_left=total - taken, quantity_left=left
        )

    declaration_id, number = place
    return DeclarationLine(
        declaration_id=declaration_id,
        line_number=number,
        entry_line_id=entry_line.id,
        product_id=entry_line.product_id,
        sku=entry_line.sku,
        hs_code=entry_line.hs_code,
        statistical_code=entry_line.statistical_code,
        privilege_code=entry_line.privilege_code,
        description_th=entry_line.description_th,
        description_en=entry_line.description_en,
        brand=entry_line.brand,
        origin_country=entry_line.origin_country,
        net_weight_kg=_weight(entry_line, quantity),
        quantity=quantity,
        unit=entry_line.unit,
        unit_price_foreign=entry_line.unit_price_foreign,
        cif_foreign=share(entry_line.cif_foreign, earlier.cif_foreign),
        cif_baht=share(entry_line.cif_baht, earlier.cif_baht),
        discharged_quantity=ZERO,
        discharged_cif_baht=ZERO,
    )


def _weight(entry_line: DeclarationLine, quantity: Decimal) -> Decimal:
    with money.exact():
        weight = entry_line.net_weight_kg * quantity / entry_line.quantity
    return max(weight.quantize(_GRAM, ROUND_HALF_UP), _GRAM)


def _declaration(
    work: Work,
    draft: HomeUseDraft,
    declaration_id: UUID,
    entries: Sequence[Declaration],
    rows: Sequence[DeclarationLine],
) -> Declaration:
    oldest = min(entries, key=lambda entry: (entry.import_date, entry.reference_number))
    dearest = max(entries, key=lambda entry: entry.exchange_rate / entry.exchange_per_units)
    weight = sum((row.net_weight_kg for row in rows), ZERO)
    premises = masterdata.premises_by_id(work.session, draft.premises_id)
    return Declaration(
        id=declaration_id,
        reference_number=reference(work, premises),
        message_id=ids.new_id(),
        document_type=DocumentType.HOME_USE,
        procedure=Procedure.LOSS if draft.disposal_id else Procedure.HOME_USE,
        premises_id=draft.premises_id,
        partner_id=draft.partner_id,
        order_id=draft.order_id,
        disposal_id=draft.disposal_id,
        version=queries.last_version(work.session, **draft.subject) + 1,
        state=DeclarationState.DRAFT,
        import_date=oldest.import_date,
        rates_on=draft.rates_on or work.today,
        currency=dearest.currency,
        exchange_rate=dearest.exchange_rate,
        exchange_per_units=dearest.exchange_per_units,
        house_bill=oldest.house_bill,
        consignor_name=draft.owner_name,
        consignment_country=oldest.consignment_country,
        invoice_number=draft.number,
        invoice_date=work.today,
        package_amount=1,
        gross_weight_kg=weight,
        net_weight_kg=weight,
        cif_foreign=_control_value(work, dearest, entries, rows),
        cif_baht=sum((row.cif_baht for row in rows), ZERO),
        total_tax=ZERO,
        drafted_at=work.at,
    )


def _control_value(
    work: Work,
    dearest: Declaration,
    entries: Sequence[Declaration],
    rows: Sequence[DeclarationLine],
) -> Decimal:
    """The whole value in the currency of the highest rate among several (e-Import manual 2018)."""
    if len({(entry.currency, entry.exchange_rate) for entry in entries}) == 1:
        return sum((row.cif_foreign for row in rows), ZERO)
    quote = rules.Quote(
        dearest.currency, dearest.exchange_rate, Decimal(dearest.exchange_per_units)
    )
    baht = sum((row.cif_baht for row in rows), ZERO)
    return rules.control_value(baht, quote, queries.policy(work.session), work.today).amount


def _write(
    work: Work,
    declaration: Declaration,
    rows: Sequence[DeclarationLine],
    goods: Sequence[Sequence[HomeUseGoods]],
) -> None:
    work.session.add(declaration)
    work.session.flush()
    work.session.add_all(rows)
    work.session.flush()
    work.session.add_all(
        DeclaredLot(line_id=row.id, lot_id=each.lot_id, quantity=each.quantity)
        for row, alike in zip(rows, goods, strict=True)
        for each in alike
    )
    work.session.flush()
