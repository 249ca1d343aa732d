"""Out of bond, or out of the country: an order's goods are declared, and customs lets them go."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlmodel import col, select

from warehouse.core import db
from warehouse.core.errors import RuleViolation
from warehouse.core.jobs import Facts
from warehouse.core.work import Work
from warehouse.customs import commands
from warehouse.customs import queries as customs
from warehouse.customs.changing import approving
from warehouse.customs.clearing import effects, obstacles
from warehouse.customs.clearing.effects import Effect
from warehouse.customs.drafting import exporting, home_use
from warehouse.customs.drafting.exporting import THAILAND
from warehouse.customs.drafting.withdrawing import BondedGoods, Withdrawal
from warehouse.customs.errors import GuaranteeAccountNotFound, MixedRegimes
from warehouse.customs.gateway import Answer, AnswerKind
from warehouse.customs.models import Declaration
from warehouse.customs.queries import IN_CUSTOMS_HANDS
from warehouse.customs.vocabulary import DocumentType, Procedure
from warehouse.inventory import queries as stock
from warehouse.inventory.models import Lot
from warehouse.masterdata import queries as masterdata
from warehouse.operations.clearance import export
from warehouse.shipments import queries as shipments
from warehouse.shipments import status
from warehouse.shipments.models import Order, Shipment
from warehouse.shipments.vocabulary import CUSTOMS_STATUS, Custody, CustomsStatus


def declare_release(work: Work, facts: Facts) -> None:
    """Declare the goods of the order *subject*, and let the declaration be sent.

    They are for home use, or exported where their buyer is abroad.
    What cannot be drafted is kept as a refusal that the customs desk sees; the order waits.  One
    that was cancelled meanwhile is left alone.
    """
    order = shipments.order_by_id(work.session, UUID(facts["subject"]))
    if lock_shipment(work, order.id).custody is Custody.CANCELLED:
        return
    declaration = customs.declaration_of_order(work.session, order.id)
    if declaration is None:
        try:
            with work.session.begin_nested():
                declaration = _draft(work, order)
        except (RuleViolation, GuaranteeAccountNotFound) as failure:
            obstacles.refuse_draft(work, order.id, _kind(order), order.number, failure)
            return
    approving.file_or_wait(work, declaration)


def note_submission(work: Work, facts: Facts) -> None:
    """Customs has the declaration *subject*: if it is a release, its shipment waits for customs."""
    declaration = customs.declaration_by_id(work.session, UUID(facts["subject"]))
    if declaration.order_id is None:
        return
    shipment = lock_shipment(work, declaration.order_id)
    commands.lock(work, declaration.id)
    if declaration.state in IN_CUSTOMS_HANDS:
        _submit(work, shipment)


def lock_shipment(work: Work, order_id: UUID) -> Shipment:
    """The shipment of an order, locked; take it before the guarantee and the declaration."""
    shipment = shipments.shipment_of_order(work.session, order_id)
    return db.lock(work.session, Shipment, [shipment.id])[shipment.id]


def _kind(order: Order) -> DocumentType:
    return DocumentType.HOME_USE if order.country == THAILAND else DocumentType.EXPORT


def _draft(work: Work, order: Order) -> Declaration:
    quantities: dict[UUID, Decimal] = defaultdict(Decimal)
    for reservation in stock.reservations_of_order(work.session, order.id):
        quantities[reservation.lot_id] += reservation.quantity
    lots = work.session.exec(
        select(Lot)
        .where(col(Lot.id).in_(list(quantities)))
        .order_by(col(Lot.accepted_at), col(Lot.declaration_number), col(Lot.line_number))
    ).all()
    bonded = [lot for lot in lots if lot.under_bond]
    if lots and not bonded:
        return exporting.draft_export(work, export.of_order(work, order, quantities))
    if len(bonded) < len(lots):
        raise MixedRegimes(number=order.number)
    withdrawal = Withdrawal(
        procedure=Procedure.HOME_USE,
        premises_id=order.premises_id,
        partner_id=order.partner_id,
        order_id=order.id,
        number=order.number,
        party_name=masterdata.partner_by_id(work.session, order.partner_id).name_en,
        goods=[BondedGoods(lot.id, lot.declaration_line_id, quantities[lot.id]) for lot in bonded],
    )
    if order.country == THAILAND:
        return home_use.draft_home_use(work, withdrawal)
    return exporting.draft_re_export(
        work,
        replace(
            withdrawal,
            procedure=Procedure.RE_EXPORT,
            party_name=order.buyer_name,
            country=order.country,
        ),
    )


def _submit(work: Work, shipment: Shipment) -> None:
    if shipment.customs in CUSTOMS_STATUS.before(CustomsStatus.SUBMITTED):
        _record(work, shipment, CustomsStatus.SUBMITTED)


def _record(work: Work, shipment: Shipment, target: CustomsStatus) -> None:
    status.record(work, shipment.id, customs=target)
    work.session.refresh(shipment)


def _then(step: Effect, target: CustomsStatus) -> Effect:
    """*step*, and then *target* for the shipment: first of all customs has it."""

    def effect(work: Work, declaration: Declaration, answer: Answer) -> None:
        step(work, declaration, answer)
        assert declaration.order_id is not None, "a release is of an order"
        shipment = lock_shipment(work, declaration.order_id)
        _submit(work, shipment)
        if shipment.customs is not target:
            _record(work, shipment, target)

    return effect


EFFECTS: Final[Mapping[AnswerKind, Effect]] = {
    **effects.STEPS,
    AnswerKind.REJECTED: _then(effects.reject, CustomsStatus.REJECTED),
    AnswerKind.NUMBERED: _then(effects.accept, CustomsStatus.SUBMITTED),
    AnswerKind.RED: _then(effects.choose_lane, CustomsStatus.HELD),
    AnswerKind.RELEASED: _then(effects.release, CustomsStatus.RELEASED),
}
"""What customs' answers do to a release; the others are only noted."""
