"""Draft a declaration that takes goods out of bond, whatever for.

Each line names the import line that it draws down, and repeats its classification and descriptions.
It takes its share of the frozen value (Customs Act s.14(1)), and of what excise counts.  What it
owes is another matter: see `home_use` for goods that stay in the country, `remitting` for goods
that leave it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final
from uuid import UUID

from sqlmodel import Session

from warehouse.core import db, ids, money
from warehouse.core.money import ZERO
from warehouse.core.work import Work
from warehouse.customs import queries, rules
from warehouse.customs.drafting import writing
from warehouse.customs.drafting.writing import Behind
from warehouse.customs.errors import (
    AlreadyDeclared,
    DischargeTooLarge,
    EntryBeingAmended,
    NothingToDeclare,
    NotInBond,
)
from warehouse.customs.models import Declaration, DeclarationLine
from warehouse.customs.money import guarantee
from warehouse.customs.queries import Taken
from warehouse.customs.vocabulary import (
    CONFIRMED_LATER,
    DOCUMENT_TYPES,
    CustomsEvent,
    DeclarationState,
    Procedure,
)
from warehouse.masterdata import queries as masterdata

EXPORT_PRIVILEGE: Final = "003"
"""Of what takes the export layout: Part 3 of the export tariff (e-Tax Incentives manual)."""

_THOUSANDTH: Final = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class BondedGoods:
    """So much of a lot; *entry_line_id* is the import line that the lot is bound to."""

    lot_id: UUID
    entry_line_id: UUID | None
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """An order, or a disposal, as it is to be declared.

    *number* is ours.  *party_name* is the owner of goods for home use, the consignee of others;
    *country* is where they go, empty where they stay.  *rates_on*: the day of the rates, if not
    today.
    """

    procedure: Procedure
    premises_id: UUID
    partner_id: UUID
    number: str
    party_name: str
    goods: Sequence[BondedGoods]
    order_id: UUID | None = None
    disposal_id: UUID | None = None
    country: str = ""
    to_premises_id: UUID | None = None
    zone_licence: str = ""
    rates_on: date | None = None

    @property
    def subject(self) -> dict[str, UUID]:
        """What is declared, under the name of its column."""
        named = {"order_id": self.order_id, "disposal_id": self.disposal_id}
        return {column: key for column, key in named.items() if key is not None}


def draft(work: Work, withdrawal: Withdrawal) -> Declaration:
    """Draft the declaration of *withdrawal*: one line for each import line.

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
        EntryBeingAmended: customs is asked to change, or to cancel, what they came in under.
    """
    guarantee.lock_account(work, withdrawal.premises_id)  # first of all: queueing takes it too
    if earlier := queries.declaration_of(work.session, **withdrawal.subject):
        raise AlreadyDeclared(number=earlier.reference_number)
    goods = _by_entry_line(withdrawal.goods)
    entry_lines = db.lock(work.session, DeclarationLine, goods)
    earlier_takes = queries.taken(work.session, goods)
    entries = _entries(work, entry_lines.values())
    _refuse_unsettled(work.session, entries.values())
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
    if DOCUMENT_TYPES[withdrawal.procedure] in CONFIRMED_LATER:
        for row in rows:
            row.privilege_code = EXPORT_PRIVILEGE
    declaration = _declaration(work, withdrawal, declaration_id, list(entries.values()), rows)
    behind = (
        Behind(row.id, each.lot_id, each.quantity)
        for row, alike in zip(rows, goods.values(), strict=True)
        for each in alike
    )
    writing.write(work, declaration, rows, behind)
    work.emit(CustomsEvent.DECLARATION_DRAFTED, declaration.id, number=declaration.reference_number)
    return declaration


def _refuse_unsettled(session: Session, entries: Iterable[Declaration]) -> None:
    """What leaves bond repeats its import line: that stands, and nobody is about to change it."""
    for entry in entries:
        if entry.state is DeclarationState.CANCELLED:
            raise NotInBond
        if queries.being_amended(session, entry.id):
            raise EntryBeingAmended(number=entry.declaration_number)


def _entries(work: Work, entry_lines: Iterable[DeclarationLine]) -> Mapping[UUID, Declaration]:
    return {
        line.declaration_id: queries.declaration_by_id(work.session, line.declaration_id)
        for line in entry_lines
    }


def _by_entry_line(goods: Iterable[BondedGoods]) -> dict[UUID, list[BondedGoods]]:
    by_line: dict[UUID, list[BondedGoods]] = {}
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
    return part_of(
        entry_line,
        declaration_id=declaration_id,
        line_number=number,
        entry_line_id=entry_line.id,
        quantity=quantity,
        cif_foreign=share(entry_line.cif_foreign, earlier.cif_foreign),
        cif_baht=share(entry_line.cif_baht, earlier.cif_baht),
        excise_quantity=excise_share(entry_line, quantity, earlier),
    )


def excise_share(line: DeclarationLine, quantity: Decimal, earlier: Taken) -> Decimal | None:
    """What excise counts in *quantity* of *line*, of which *earlier* is taken: to 0.001.

    Whatever empties the line takes the remainder.  As with weight, nothing counts as none.
    """
    total = line.excise_quantity
    if total is None:
        return None
    share = money.share(
        total,
        quantity,
        line.quantity,
        total_left=max(total - earlier.excise_quantity, ZERO),
        whole_left=line.quantity - earlier.quantity,
        unit=_THOUSANDTH,
    )
    return max(share, _THOUSANDTH)


def part_of(
    line: DeclarationLine,
    *,
    declaration_id: UUID,
    line_number: int,
    entry_line_id: UUID,
    quantity: Decimal,
    cif_foreign: Decimal,
    cif_baht: Decimal,
    excise_quantity: Decimal | None,
) -> DeclarationLine:
    """A new line over *quantity* of the goods of *line*, which says the same of them."""
    return DeclarationLine(
        declaration_id=declaration_id,
        line_number=line_number,
        entry_line_id=entry_line_id,
        product_id=line.product_id,
        sku=line.sku,
        hs_code=line.hs_code,
        statistical_code=line.statistical_code,
        privilege_code=line.privilege_code,
        description_th=line.description_th,
        description_en=line.description_en,
        brand=line.brand,
        origin_country=line.origin_country,
        nature_of_transaction=line.nature_of_transaction,
        product_year=line.product_year,
        origin_criteria=line.origin_criteria,
        origin_certificate=line.origin_certificate,
        net_weight_kg=_weight(line, quantity),
        quantity=quantity,
        unit=line.unit,
        unit_price_foreign=line.unit_price_foreign,
        cif_foreign=cif_foreign,
        cif_baht=cif_baht,
        retail_price_baht=line.retail_price_baht,
        excise_quantity=excise_quantity,
        discharged_quantity=ZERO,
        discharged_cif_baht=ZERO,
    )


def _weight(line: DeclarationLine, quantity: Decimal) -> Decimal:
    with money.exact():
        weight = line.net_weight_kg * quantity / line.quantity
    return max(weight.quantize(_THOUSANDTH, ROUND_HALF_UP), _THOUSANDTH)


def _declaration(
    work: Work,
    withdrawal: Withdrawal,
    declaration_id: UUID,
    entries: Sequence[Declaration],
    rows: Sequence[DeclarationLine],
) -> Declaration:
    oldest = min(entries, key=lambda entry: (entry.import_date, entry.reference_number))
    dearest = max(entries, key=lambda entry: entry.exchange_rate / entry.exchange_per_units)
    weight = sum((row.net_weight_kg for row in rows), ZERO)
    premises = masterdata.premises_by_id(work.session, withdrawal.premises_id)
    return Declaration(
        id=declaration_id,
        reference_number=writing.reference(work, premises),
        message_id=ids.new_id(),
        document_type=DOCUMENT_TYPES[withdrawal.procedure],
        procedure=withdrawal.procedure,
        premises_id=withdrawal.premises_id,
        to_premises_id=withdrawal.to_premises_id,
        zone_licence=withdrawal.zone_licence,
        partner_id=withdrawal.partner_id,
        order_id=withdrawal.order_id,
        disposal_id=withdrawal.disposal_id,
        version=queries.last_version(work.session, **withdrawal.subject) + 1,
        state=DeclarationState.DRAFT,
        import_date=oldest.import_date,
        rates_on=withdrawal.rates_on or work.today,
        currency=dearest.currency,
        exchange_rate=dearest.exchange_rate,
        exchange_per_units=dearest.exchange_per_units,
        house_bill=oldest.house_bill,
        consignor_name=withdrawal.party_name[:70],
        consignment_country=withdrawal.country or oldest.consignment_country,
        invoice_number=withdrawal.number,
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
