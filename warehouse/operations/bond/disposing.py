"""Other ways out of bond, from the request to the certificate: stock and customs together.

Somebody asks, and customs decides: it releases the declaration, or the customs desk records a paper
that a manager approves.  The floor gathers the goods, and they go: past the gate, or before the
witness's eyes.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import col, select

from warehouse.access import queries as people
from warehouse.core.jobs import Facts
from warehouse.core.work import Work
from warehouse.customs import commands
from warehouse.customs import queries as customs
from warehouse.customs.changing.approving import NOT_FILED
from warehouse.customs.clearing import authorising, petitions
from warehouse.customs.clearing.authorising import Authorised
from warehouse.customs.errors import (
    AlreadyDeclared,
    AuthorityNotApproved,
    GoesByDeclaration,
    LicenceNotInForce,
)
from warehouse.customs.models import Declaration, Release
from warehouse.customs.vocabulary import DocumentType
from warehouse.inventory import discrepancies, disposals, floor_policy
from warehouse.inventory.disposals import COMES_BACK, Covered, DisposalDraft
from warehouse.inventory.errors import DisposalNotFound, WitnessNeeded
from warehouse.inventory.models import Disposal
from warehouse.inventory.vocabulary import (
    DISPOSAL,
    DiscrepancyKind,
    DisposalKind,
    DisposalState,
    FloorRule,
)
from warehouse.masterdata import queries as masterdata
from warehouse.operations.bond.errors import SamePremises
from warehouse.operations.clearance import disposal as declared


def request(work: Work, draft: DisposalDraft) -> Disposal:
    """Ask that goods go another way out; they are set aside at once.

    Raises:
        SamePremises: a transfer goes somewhere else.
        LicenceNotInForce: the other warehouse may not take goods in.
        OneOwner, InsufficientStock, GoodsHeld: the goods cannot be set aside.
    """
    if draft.to_premises_id is not None:
        there = masterdata.premises_by_id(work.session, draft.to_premises_id)
        if there.id == draft.premises_id:
            raise SamePremises(premises=there.code)
        if there.licence_to is not None and there.licence_to < work.today:
            raise LicenceNotInForce(licence=there.licence_number, on=work.today)
    if draft.kind in COMES_BACK and draft.due_back_on is None:
        days = floor_policy.number(work.session, FloorRule.REMOVAL_DAYS, work.today)
        draft = replace(draft, due_back_on=work.today + timedelta(days=int(days)))
    return disposals.request(work, draft)


def record_permit(
    work: Work, number: str, *, authority: str, officer: str, valid_until: datetime | None
) -> Release:
    """Record the paper *authority* that *officer* signed for disposal *number*.

    Raises:
        DisposalNotFound: there is none in the actor's premises.
        GoesByDeclaration: customs decides on it by releasing a declaration.
        AlreadyDeclared: it is of a loss whose declaration is filed.
        AuthorityNotApproved: one is recorded, and waits for the manager.
        WrongState: it is permitted, over or given up.
        UnknownOfficer: nobody of that name is an officer here.
        NotInBond, DischargeTooLarge: the petition cannot be drafted.
    """
    found = own(work, number)
    petition = _petition(work, found)
    disposal = disposals.lock(work, found.id)
    DISPOSAL.step(disposal.state, DisposalState.AUTHORISED)
    if recorded := authorising.of_disposal(work.session, disposal.id):
        raise AuthorityNotApproved(number=recorded.number, authority=recorded.authority)
    asked = {
        behind.lot_id: behind.line_id
        for behind in (customs.declared_lots(work.session, petition.id) if petition else ())
    }
    return authorising.record(
        work,
        disposal_id=disposal.id,
        authority=authority,
        officer_id=people.officer(work.session, officer).id,
        valid_until=valid_until,
        goods=[
            Authorised(line.lot_id, line.quantity, asked.get(line.lot_id))
            for line in disposals.lines(work.session, disposal.id)
        ],
        petition_id=petition.id if petition else None,
    )


def _petition(work: Work, disposal: Disposal) -> Declaration | None:
    """The petition that a paper on *disposal* answers; none if its goods need none."""
    if declared.by_declaration(work.session, disposal):
        raise GoesByDeclaration(number=disposal.number)
    declaration = customs.declaration_of(work.session, disposal_id=disposal.id)
    if disposal.kind is DisposalKind.LOSS:
        if declaration and declaration.state not in NOT_FILED:
            raise AlreadyDeclared(number=declaration.reference_number)
        return None
    if declaration is None and disposal.kind in declared.PROCEDURES:
        return declared.draft(work, disposal)
    return declaration


def approve(work: Work, number: str) -> Disposal:
    """Confirm what another person recorded: the floor may gather the goods.

    Raises:
        DisposalNotFound, NotAuthorised, SecondPersonNeeded, AuthorityExpired: it cannot be.
    """
    disposal = own(work, number)
    petition = customs.declaration_of(work.session, disposal_id=disposal.id)
    if petition is not None:
        commands.lock(work, petition.id)
    authorising.approve(work, disposal.id)
    if petition is not None and petition.document_type is DocumentType.PETITION:
        petitions.grant(work, petition)
    return disposals.authorised(work, disposal.id)


def schedule(work: Work, number: str, at: datetime) -> Disposal:
    """Agree with customs when it is to happen."""
    disposal = disposals.lock(work, own(work, number).id)
    disposal.scheduled_for = at
    return disposal


def let_go(
    work: Work,
    disposal: Disposal,
    *,
    scan_id: UUID | None = None,
    seal: str = "",
    witness_id: UUID | None = None,
) -> Disposal:
    """Draw customs' decision down and send the gathered goods, all or nothing.

    Raises:
        NotAuthorised, AuthorityNotApproved, AuthorityExpired, AuthorityRevoked, ReleaseUsed:
            customs does not let them go.
        NotGathered, WitnessNeeded: it is not ready.
    """
    drawn = authorising.draw_down(work, disposal.id)
    covered = [Covered(line.release_line_id, line.lot_id, line.quantity) for line in drawn]
    return disposals.send(
        work, disposal, covered, scan_id=scan_id, seal=seal, witness_id=witness_id
    )


def certify(work: Work, number: str, *, witness: str) -> Disposal:
    """The officer *witness* has seen the destruction: the goods are gone, the paper is printed.

    Raises:
        DisposalNotFound: there is none in the actor's premises.
        WitnessNeeded, UnknownOfficer: no officer has seen it.
        NotGathered, NotAuthorised, AuthorityExpired, ReleaseUsed: it cannot be.
    """
    disposal = disposals.lock(work, own(work, number).id)
    if not witness:
        raise WitnessNeeded(number=disposal.number)
    return let_go(work, disposal, witness_id=people.officer(work.session, witness).id)


def cancel(work: Work, number: str) -> Disposal:
    """Give it up before anything has left; a decision of customs is not used any more.

    Raises:
        DisposalNotFound: there is none in the actor's premises.
        WrongState: it has begun, or customs has its declaration.
    """
    disposal = own(work, number)
    _withdraw(work, disposal.id)
    if release := authorising.of_disposal(work.session, disposal.id):
        authorising.revoke(work, release.id)
    return disposals.cancel(work, disposal.id)


def expire_permits(work: Work, _facts: Facts) -> None:
    """Every night: what was not carried out while its permit held is over; the goods stay."""
    permitted = work.session.exec(
        select(Disposal.id)
        .join(Release, col(Release.disposal_id) == col(Disposal.id))
        .where(
            Disposal.state == DisposalState.AUTHORISED,
            col(Release.valid_until) < work.at,
        )
        .order_by(col(Disposal.id))
    ).all()
    for disposal_id in permitted:
        _withdraw(work, disposal_id)
        disposals.cancel(work, disposal_id, expired=True)


def _withdraw(work: Work, disposal_id: UUID) -> None:
    declaration = customs.declaration_of(work.session, disposal_id=disposal_id)
    if declaration is None:
        return
    if declaration.document_type is DocumentType.PETITION:
        petitions.give_up(work, declaration)
    else:
        commands.cancel(work, declaration)


def watch_removals(work: Work, _facts: Facts) -> None:
    """Every night: what is not back in time is a difference that customs hears of."""
    for disposal, line in disposals.overdue(work.session, work.today):
        discrepancies.open_case(
            work,
            DiscrepancyKind.OVERDUE,
            premises_id=disposal.premises_id,
            partner_id=disposal.partner_id,
            lot_id=line.lot_id,
            disposal_id=disposal.id,
            quantity=line.gone - line.arrived,
            expected=str(disposal.due_back_on),
        )


def own(work: Work, number: str) -> Disposal:
    """The disposal *number* of the actor's premises, to act on.

    Raises:
        DisposalNotFound: there is none.
    """
    disposal = disposals.by_number(work.session, number)
    if disposal.premises_id != work.actor.premises_id:
        raise DisposalNotFound(what="Disposal", key=number)
    return disposal
