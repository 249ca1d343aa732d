"""Filing again what was refused: by our own checks, by the guarantee, or by customs."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from warehouse.core.jobs import Facts
from warehouse.core.work import Work
from warehouse.customs import commands
from warehouse.customs import queries as customs
from warehouse.customs.models import Declaration
from warehouse.customs.vocabulary import DeclarationState, DocumentType
from warehouse.inventory.models import Disposal

_JOBS: Final[Mapping[DocumentType, str]] = {
    DocumentType.IMPORT: "draft-entry",
    DocumentType.HOME_USE: "declare-release",
}
_LOSS: Final = "declare-loss"


def file_again(work: Work, declaration: Declaration) -> None:
    """Cancel *declaration*, a draft or refused by customs, and draft its next version.

    Raises:
        WrongState: customs has it, or may have it.
    """
    commands.cancel(work, declaration)
    _draft(work, declaration)


def try_refused(work: Work, _facts: Facts) -> None:
    """Try every draft again that was refused, or that the guarantee did not cover."""
    for refused in customs.refused_drafts(work.session):
        kind = DocumentType(refused.facts["document_type"])
        try_again(work, kind, refused.subject)
    for draft in customs.worklist(work.session, states=[DeclarationState.DRAFT]):
        if draft.disposal_id is None:  # a loss waits for the officer's day
            _draft(work, draft)


def try_again(work: Work, kind: DocumentType, subject: UUID) -> None:
    """Draft *subject* (consignment, order or loss) again: what stood in its way is mended."""
    lost = work.session.get(Disposal, subject)
    work.defer(_LOSS if lost else _JOBS[kind], subject=str(subject))


def _draft(work: Work, declaration: Declaration) -> None:
    subject = declaration.consignment_id or declaration.order_id or declaration.disposal_id
    assert subject is not None, "a declaration is of something"
    try_again(work, declaration.document_type, subject)
