"""Lost in bond: what was not found is declared, paid for, and written off the book.

A missing quantity counts as goods not cleared (Customs Act s.125).  It is declared for home use,
type P, at the rates of the day that the officer sets (s.14(2), to be confirmed), or customs remits
its duty on paper.  Only then does it leave the open differences for the place of lost goods.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from warehouse.access.models import Person
from warehouse.core.errors import RuleViolation
from warehouse.core.jobs import Facts
from warehouse.core.money import ZERO, to_satang
from warehouse.core.work import Work
from warehouse.customs import commands
from warehouse.customs import queries as customs
from warehouse.customs.clearing import authorising, effects, obstacles, petitions
from warehouse.customs.clearing.effects import Effect
from warehouse.customs.drafting import home_use, withdrawing
from warehouse.customs.drafting.withdrawing import BondedGoods, Withdrawal
from warehouse.customs.errors import DecidedOnPaper, GuaranteeAccountNotFound
from warehouse.customs.gateway import Answer, AnswerKind
from warehouse.customs.models import Declaration, DeclarationLine, Release
from warehouse.customs.vocabulary import DocumentType, Procedure
from warehouse.inventory import discrepancies, disposals
from warehouse.inventory.disposals import Covered, DisposalDraft, Wanted
from warehouse.inventory.errors import DiscrepancyNotFound
from warehouse.inventory.models import Discrepancy, Disposal, Lot
from warehouse.inventory.vocabulary import (
    Cause,
    DiscrepancyKind,
    DiscrepancyState,
    DisposalKind,
    DisposalState,
    Outcome,
)
from warehouse.masterdata import queries as masterdata

MISSING: Final = frozenset({DiscrepancyKind.COUNT_SHORT, DiscrepancyKind.TRANSIT_SHORT})
"""Cases whose goods stand at VARIANCE and are lost, if nobody finds them."""


def lose_overdue(work: Work, _facts: Facts) -> None:
    """Every hour: what was missed and nobody found in time is lost; its duty is declared."""
    overdue = work.session.exec(
        select(Discrepancy.id)
        .where(
            col(Discrepancy.kind).in_(MISSING),
            Discrepancy.state != DiscrepancyState.CLOSED,
            ~_given_up().exists(),
            Discrepancy.due_at <= work.at,
        )
        .order_by(col(Discrepancy.id))
    ).all()
    for discrepancy_id in overdue:
        give_up(work, discrepancy_id)


def _given_up() -> SelectOfScalar[UUID]:
    return select(Disposal.id).where(
        Disposal.id == Discrepancy.disposal_id, Disposal.kind == DisposalKind.LOSS
    )


def give_up(work: Work, discrepancy_id: UUID) -> Disposal:
    """What the case misses is lost: ask for its disposal; the declaration is drafted after that.

    Raises:
        DiscrepancyNotFound: there is none in the actor's premises.
        NothingMissing: it is not about missing goods.
        WrongState: it is closed.
    """
    case = discrepancies.held(work, discrepancy_id)
    if case.disposal_id is not None:
        asked = disposals.lock(work, case.disposal_id)
        over = (DisposalState.CANCELLED, DisposalState.EXPIRED)
        if asked.kind is DisposalKind.LOSS and asked.state not in over:
            return asked
    lot_id = discrepancies.missing_lot(case)
    disposal = disposals.request(
        work,
        DisposalDraft(
            DisposalKind.LOSS, case.premises_id, case.number, [Wanted(lot_id, case.quantity)]
        ),
    )
    case.disposal_id = disposal.id
    if case.state in (DiscrepancyState.OPEN, DiscrepancyState.INVESTIGATING):
        discrepancies.escalate(work, case.id)
    work.defer("declare-loss", once=f"declare-loss:{disposal.id}", subject=str(disposal.id))
    return disposal


def declare_loss(work: Work, facts: Facts) -> None:
    """Draft the declaration of the loss *subject*, at today's rates until the officer sets a day.

    What cannot be drafted is kept as a refusal that the customs desk sees.
    """
    disposal = work.session.get_one(Disposal, UUID(facts["subject"]))
    try:
        with work.session.begin_nested():
            if customs.declaration_of(work.session, disposal_id=disposal.id) is None:
                home_use.draft_home_use(work, _draft(work, disposal))
    except (RuleViolation, GuaranteeAccountNotFound) as failure:
        obstacles.refuse_draft(work, disposal.id, DocumentType.HOME_USE, disposal.number, failure)


def file(work: Work, disposal_id: UUID, rates_on: date) -> Declaration:
    """File the declaration of a loss, at the rates of the day that the officer set.

    Raises:
        DecidedOnPaper: customs' paper on it is recorded.
        DiscrepancyNotFound: it is not drafted, or not in the actor's premises.
        WrongState: it is filed.
        TariffLineMissing: the tariff does not name the goods on that day.
    """
    case = _case(work, disposal_id)
    declaration = customs.declaration_of(work.session, disposal_id=disposal_id)
    if declaration is None:
        raise DiscrepancyNotFound(key=case.number)
    if paper := authorising.of_disposal(work.session, disposal_id):
        raise DecidedOnPaper(number=case.number, authority=paper.authority)
    home_use.set_rate_day(work, declaration, rates_on)
    return commands.queue(work, declaration)


def withdraw(work: Work, case: Discrepancy) -> None:
    """The goods of *case* were found: neither its loss nor the duty is declared any more.

    Raises:
        WrongState: customs has the declaration, or has let the goods go.
    """
    if case.disposal_id is None or case.kind not in MISSING:
        return
    if work.session.get_one(Disposal, case.disposal_id).kind is not DisposalKind.LOSS:
        return
    if declaration := customs.declaration_of(work.session, disposal_id=case.disposal_id):
        commands.cancel(work, declaration)
    disposals.cancel(work, case.disposal_id)
    case.disposal_id = None


def write_off(work: Work, discrepancy_id: UUID, *, outcome: Outcome, cause: Cause) -> Discrepancy:
    """Customs decided on paper: write the goods of the case off, and close it.

    Raises:
        NotAuthorised, AuthorityNotApproved, AuthorityRevoked, AuthorityExpired: no paper counts.
        SecondPersonNeeded: the actor opened the case.
        WrongState: customs has a declaration of the loss.
    """
    case = discrepancies.held(work, discrepancy_id)
    disposal = give_up(work, discrepancy_id)
    if declaration := customs.declaration_of(work.session, disposal_id=disposal.id):
        commands.cancel(work, declaration)
    release = authorising.check(work, disposal.id)
    officer = work.session.get_one(Person, release.officer_id)
    stake = at_stake(work.session, case)
    _remit(work, disposal, release)
    _take_off(work, disposal, case)
    return discrepancies.close(
        work,
        case.id,
        outcome=outcome,
        cause=cause,
        at_stake=stake,
        authority=release.authority,
        officer=officer.username,
    )


def _remit(work: Work, disposal: Disposal, release: Release) -> None:
    """Customs' paper remits the duty on what is lost, as far as it was in bond."""
    withdrawal = replace(_draft(work, disposal), procedure=Procedure.REMISSION)
    if all(each.entry_line_id for each in withdrawal.goods):
        petition = withdrawing.draft(work, withdrawal)
        authorising.rest_on(work, release, petition)
        petitions.grant(work, petition)


def at_stake(session: Session, case: Discrepancy) -> Decimal:
    """Duty and tax, in baht, that bond suspends on what *case* misses; none before the entry."""
    lot = session.get_one(Lot, case.lot_id)
    if lot.declaration_line_id is None:
        return ZERO
    line = session.get_one(DeclarationLine, lot.declaration_line_id)
    duties = customs.duties(session, [line.id])[line.id]
    suspended = sum((duty.amount - duty.amount_paid for duty in duties), ZERO)
    return to_satang(suspended * case.quantity / line.quantity)


def _draft(work: Work, disposal: Disposal) -> Withdrawal:
    lines = disposals.lines(work.session, disposal.id)
    lots = {line.lot_id: work.session.get_one(Lot, line.lot_id) for line in lines}
    return Withdrawal(
        procedure=Procedure.LOSS,
        premises_id=disposal.premises_id,
        partner_id=disposal.partner_id,
        number=disposal.number,
        party_name=masterdata.partner_by_id(work.session, disposal.partner_id).name_en,
        goods=[
            BondedGoods(line.lot_id, lots[line.lot_id].declaration_line_id, line.quantity)
            for line in lines
        ],
        disposal_id=disposal.id,
    )


def _pay(work: Work, declaration: Declaration, answer: Answer) -> None:
    """Duty is paid and the guarantee free: the goods leave the book, and the case ends."""
    assert declaration.disposal_id is not None, "this is a loss"
    case = discrepancies.held(work, _case(work, declaration.disposal_id).id)
    effects.release(work, declaration, answer)
    disposal = disposals.authorised(work, declaration.disposal_id)
    _take_off(work, disposal, case)
    discrepancies.close(
        work,
        case.id,
        outcome=Outcome.DECLARED_AND_PAID,
        cause=case.cause or Cause.UNKNOWN,
        at_stake=ZERO,
        authority=declaration.declaration_number or "",
    )


def _take_off(work: Work, disposal: Disposal, case: Discrepancy) -> None:
    drawn = authorising.draw_down(work, disposal.id)
    covered = [Covered(line.release_line_id, line.lot_id, line.quantity) for line in drawn]
    disposals.write_off(work, disposal, covered, case.id)


def _case(work: Work, disposal_id: UUID) -> Discrepancy:
    case = work.session.exec(
        select(Discrepancy).where(Discrepancy.disposal_id == disposal_id)
    ).first()
    if case is None or work.actor.premises_id not in (None, case.premises_id):
        raise DiscrepancyNotFound(key=str(disposal_id))
    return case


EFFECTS: Final[Mapping[AnswerKind, Effect]] = {
    **effects.STEPS,
    AnswerKind.RELEASED: _pay,
}
"""What customs' answers do to the declaration of a loss; the others are only noted."""
