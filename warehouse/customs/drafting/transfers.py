"""Goods that go from one bonded place to another: types B and A, paired, and D.

To transfer is to export and, at the same moment, to import (Customs Act s.124/126, paragraph to be
confirmed).  Value, classification and import day travel with the goods, and with them the day on
which their time in bond ends (policy, to be confirmed).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import Final
from uuid import UUID

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from warehouse.core import ids, money
from warehouse.core.money import ZERO
from warehouse.core.work import Work
from warehouse.customs import queries
from warehouse.customs.drafting import licence, withdrawing, writing
from warehouse.customs.drafting.exporting import THAILAND
from warehouse.customs.drafting.withdrawing import Withdrawal
from warehouse.customs.drafting.writing import Behind
from warehouse.customs.errors import AlreadyDeclared, NothingToDeclare
from warehouse.customs.models import Declaration, DeclarationLine
from warehouse.customs.money import discharging, guarantee, suspending
from warehouse.customs.vocabulary import (
    CustomsEvent,
    DeclarationState,
    DocumentType,
    Procedure,
)
from warehouse.masterdata import queries as masterdata
from warehouse.masterdata.models import Premises

_BAHT: Final = "THB"


@dataclass(frozen=True, slots=True)
class ArrivedGoods:
    """A lot of the receiver's: *quantity* of the goods of *sent_line_id*, a line of type B."""

    sent_line_id: UUID
    lot_id: UUID
    quantity: Decimal


def draft_transfer_out(work: Work, withdrawal: Withdrawal) -> Declaration:
    """Draft the sender's declaration, type B, or D where the goods go to a free zone.

    Raises:
        LicenceNotInForce, GoodsNotLicensed: the receiver may not take them in.
        GuaranteeAccountNotFound, AlreadyDeclared, NothingToDeclare, NotInBond, DischargeTooLarge:
            see `withdrawing.draft`.
    """
    declaration = withdrawing.draft(work, withdrawal)
    if withdrawal.to_premises_id is not None:
        there = masterdata.premises_by_id(work.session, withdrawal.to_premises_id)
        licence.check(there, work.today)
        licence.check_goods(there, queries.lines(work.session, declaration.id))
    return declaration


def draft_transfer_in(
    work: Work, sent: Declaration, premises_id: UUID, goods: Sequence[ArrivedGoods]
) -> Declaration:
    """Draft the receiver's declaration, type A, over what arrived of *sent*, a type B.

    Goods that came in several currencies are stated in baht.

    Raises:
        GuaranteeAccountNotFound: the receiver has no guarantee.
        AlreadyDeclared: another declaration answers *sent*.
        NothingToDeclare: nothing arrived.
        LicenceNotInForce, GoodsNotLicensed: the receiver may not take the goods in.
        TariffLineMissing: the tariff did not name some of them on the day of their import.
        NoPolicy: a rule is not known for that day.
    """
    guarantee.lock_account(work, premises_id)
    if earlier := queries.declaration_of(work.session, paired_id=sent.id):
        raise AlreadyDeclared(number=earlier.reference_number)
    by_line: dict[UUID, list[ArrivedGoods]] = {}
    for each in goods:
        by_line.setdefault(each.sent_line_id, []).append(each)
    if not by_line:
        raise NothingToDeclare
    there = masterdata.premises_by_id(work.session, premises_id)
    licence.check(there, work.today)
    declaration = _declaration(work, sent, there)
    rows = list(_rows(work.session, sent, declaration, by_line))
    licence.check_goods(there, rows)
    writing.add_up(declaration, rows)
    policy = queries.policy(work.session)
    duties = suspending.suspend(work.session, rows, policy, declaration.rates_on)
    behind = (
        Behind(row.id, each.lot_id, each.quantity)
        for row in rows
        if row.entry_line_id is not None
        for each in by_line[row.entry_line_id]
    )
    writing.write(work, declaration, rows, behind, chain.from_iterable(duties))
    work.emit(CustomsEvent.DECLARATION_DRAFTED, declaration.id, number=declaration.reference_number)
    return declaration


def _declaration(work: Work, sent: Declaration, there: Premises) -> Declaration:
    currency, rate, per_units = sent.currency, sent.exchange_rate, sent.exchange_per_units
    if len(_quotes(work.session, sent)) > 1:
        currency, rate, per_units = _BAHT, Decimal(1), 1
    return Declaration(
        reference_number=writing.reference(work, there),
        message_id=ids.new_id(),
        document_type=DocumentType.TRANSFER_IN,
        procedure=Procedure.TRANSFER_IN,
        premises_id=there.id,
        partner_id=sent.partner_id,
        paired_id=sent.id,
        version=queries.last_version(work.session, paired_id=sent.id) + 1,
        state=DeclarationState.DRAFT,
        import_date=sent.import_date,
        rates_on=sent.import_date,
        currency=currency,
        exchange_rate=rate,
        exchange_per_units=per_units,
        house_bill=sent.house_bill,
        consignor_name=masterdata.premises_by_id(work.session, sent.premises_id).operator_name_en,
        consignment_country=THAILAND,
        invoice_number=sent.invoice_number,
        invoice_date=sent.invoice_date,
        package_amount=sent.package_amount,
        gross_weight_kg=sent.gross_weight_kg,
        net_weight_kg=ZERO,
        cif_foreign=ZERO,
        cif_baht=ZERO,
        total_tax=ZERO,
        drafted_at=work.at,
    )


def _quotes(session: Session, sent: Declaration) -> set[tuple[str, Decimal, int]]:
    """The currencies, with their rates, that the entries behind *sent* are in."""
    named = select(DeclarationLine.entry_line_id).where(DeclarationLine.declaration_id == sent.id)
    entered = session.exec(
        select(Declaration)
        .join(DeclarationLine, col(DeclarationLine.declaration_id) == col(Declaration.id))
        .where(col(DeclarationLine.id).in_(named))
    )
    return {(each.currency, each.exchange_rate, each.exchange_per_units) for each in entered}


def _rows(
    session: Session,
    sent: Declaration,
    declaration: Declaration,
    by_line: Mapping[UUID, Sequence[ArrivedGoods]],
) -> Iterator[DeclarationLine]:
    """A line for each line of *sent* of which something arrived, by the same words and value.

    The privilege is that of the import line.
    """
    in_baht = declaration.currency == _BAHT
    arrived = [line for line in queries.lines(session, sent.id) if line.id in by_line]
    entered = aliased(DeclarationLine)
    privileges = dict(
        session.exec(
            select(DeclarationLine.id, entered.privilege_code)
            .join(entered, col(entered.id) == col(DeclarationLine.entry_line_id))
            .where(DeclarationLine.declaration_id == sent.id)
        ).all()
    )
    for number, line in enumerate(arrived, start=1):
        quantity = sum((each.quantity for each in by_line[line.id]), ZERO)
        baht = discharging.share_of(line, line.cif_baht, quantity)
        row = withdrawing.part_of(
            line,
            declaration_id=declaration.id,
            line_number=number,
            entry_line_id=line.id,
            quantity=quantity,
            cif_foreign=baht if in_baht else discharging.share_of(line, line.cif_foreign, quantity),
            cif_baht=baht,
            excise_quantity=withdrawing.excise_share(line, quantity, queries.Taken()),
        )
        row.privilege_code = privileges[line.id]
        if in_baht:
            with money.exact():
                row.unit_price_foreign = baht / quantity
        yield row
