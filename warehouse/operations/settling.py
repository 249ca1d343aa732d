"""End a discrepancy of what came in: with the duty at stake known, and its goods accounted for."""

from decimal import Decimal
from uuid import UUID

from sqlmodel import Session

from warehouse.core.work import Work
from warehouse.inventory import discrepancies, receipts
from warehouse.inventory.models import Discrepancy
from warehouse.inventory.vocabulary import Cause, DiscrepancyKind, Outcome
from warehouse.operations.clearance import loss


def close(
    work: Work,
    discrepancy_id: UUID,
    *,
    outcome: Outcome,
    cause: Cause,
    note: str,
    authority: str,
    officer: str,
) -> Discrepancy:
    """End the case; what customs agrees never came does not stand at VARIANCE any longer.

    Raises:
        DiscrepancyNotFound: there is none in the actor's premises.
        SecondPersonNeeded, PhotoMissing, AuthorityMissing, UnknownOfficer, AboveApprovalLimit,
        StillMissing, WrongState: see `discrepancies.close`.
    """
    case = discrepancies.held(work, discrepancy_id)
    if case.kind is DiscrepancyKind.SHORT and outcome is Outcome.APPROVED_BY_CUSTOMS:
        receipts.never_came(work, case)
    return discrepancies.close(
        work,
        discrepancy_id,
        outcome=outcome,
        cause=cause,
        at_stake=at_stake(work.session, case),
        note=note,
        authority=authority,
        officer=officer,
    )


def at_stake(session: Session, case: Discrepancy) -> Decimal:
    """Duty and tax in baht on what differs; none where it is no matter of quantity."""
    if case.lot_id is None or not case.quantity:
        return Decimal(0)
    return loss.at_stake(session, case)
