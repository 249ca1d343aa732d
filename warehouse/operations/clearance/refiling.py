"""Filing again what was refused: by our own checks, by the guarantee, or by customs."""

from uuid import UUID

from warehouse.core.jobs import Facts
from warehouse.core.work import Work
from warehouse.customs import commands
from warehouse.customs import queries as customs
from warehouse.customs.changing import redrafting
from warehouse.customs.clearing import obstacles
from warehouse.customs.models import Declaration
from warehouse.customs.vocabulary import INTO_BOND, DeclarationState, DocumentType
from warehouse.inventory.models import Disposal
from warehouse.inventory.vocabulary import DisposalKind
from warehouse.operations.clearance import release, transfer
from warehouse.shipments.vocabulary import Custody


def file_again(work: Work, declaration: Declaration) -> None:
    """Cancel *declaration*, a draft or refused by customs, and draft its next version.

    Raises:
        WrongState: customs has it, or may have it.
    """
    commands.cancel(work, declaration)
    _draft(work, declaration)


def redraft_refused(work: Work, facts: Facts) -> None:
    """Draft the next version of the declaration *subject*, which customs refused.

    What nobody wants any more, since its order was cancelled meanwhile, is withdrawn.
    """
    declaration = customs.declaration_by_id(work.session, UUID(facts["subject"]))
    if declaration.state is not DeclarationState.REJECTED:
        return
    order_id = declaration.order_id
    if order_id and release.lock_shipment(work, order_id).custody is Custody.CANCELLED:
        commands.cancel(work, declaration)
    else:
        redrafting.redraft(work, declaration)


def try_refused(work: Work, _facts: Facts) -> None:
    """Try every draft again that was refused, or that the guarantee did not cover."""
    for refused in customs.refused_drafts(work.session):
        kind = DocumentType(refused.facts["document_type"])
        try_again(work, kind, refused.subject)
    for draft in customs.worklist(work.session, states=[DeclarationState.DRAFT]):
        if draft.disposal_id is None:  # nothing of these is suspended: they wait for people
            _draft(work, draft)


def try_again(work: Work, kind: DocumentType, subject: UUID) -> None:
    """Draft *subject* (consignment, order, disposal or type B) again: what was wrong is mended."""
    work.defer(_job(work, kind, subject), subject=str(subject))


def _job(work: Work, kind: DocumentType, subject: UUID) -> str:
    if disposal := work.session.get(Disposal, subject):
        return "declare-loss" if disposal.kind is DisposalKind.LOSS else "declare-disposal"
    if kind is DocumentType.TRANSFER_IN:
        return transfer.JOB
    return "draft-entry" if kind in INTO_BOND else "declare-release"


def _draft(work: Work, declaration: Declaration) -> None:
    try_again(work, declaration.document_type, obstacles.subject_of(declaration))
