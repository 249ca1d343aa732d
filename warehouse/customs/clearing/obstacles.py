"""What stands in the way of a filing, kept where the customs desk sees it."""

from uuid import UUID

from warehouse.core.errors import RuleViolation, WarehouseError
from warehouse.core.work import Work
from warehouse.customs import commands
from warehouse.customs.errors import GuaranteeAccountNotFound
from warehouse.customs.models import Declaration
from warehouse.customs.vocabulary import CustomsEvent, DocumentType


def queue_if_covered(work: Work, declaration: Declaration) -> None:
    """Let *declaration*, which is approved, be sent; if that is not covered, say so on it."""
    try:
        with work.session.begin_nested():
            commands.queue(work, declaration)
    except (RuleViolation, GuaranteeAccountNotFound) as failure:
        note_shortage(work, declaration, failure)


def note_shortage(work: Work, declaration: Declaration, failure: WarehouseError) -> None:
    """*declaration* stays a draft because of *failure*; say so on it."""
    commands.lock(work, declaration.id)
    declaration.refusals = [obstacle(failure)]
    work.emit(
        CustomsEvent.GUARANTEE_SHORT,
        declaration.id,
        number=declaration.reference_number,
        code=failure.code,
    )


def refuse_draft(
    work: Work, subject: UUID, kind: DocumentType, number: str, failure: WarehouseError
) -> None:
    """Nothing could be drafted for *subject*, see `subject_of`: keep the reason."""
    work.emit(
        CustomsEvent.DRAFT_REFUSED,
        subject,
        document_type=kind.value,
        number=number,
        **obstacle(failure),
    )


def obstacle(failure: WarehouseError) -> dict[str, str]:
    """*failure* as it is kept: its code, and its sentence in both languages."""
    return {"code": failure.code, "th": failure.text("th"), "en": failure.text("en")}


def give_up(work: Work, declaration: Declaration, failure: WarehouseError) -> None:
    """Withdraw a queued *declaration* that cannot be filed as it is, and keep the reason."""
    commands.cancel(work, declaration)
    subject = subject_of(declaration)
    refuse_draft(work, subject, declaration.document_type, declaration.reference_number, failure)


def subject_of(declaration: Declaration) -> UUID:
    """What *declaration* is of: a consignment, order or disposal, or of type A the type B."""
    subject = (
        declaration.consignment_id
        or declaration.order_id
        or declaration.disposal_id
        or declaration.paired_id
    )
    assert subject is not None, "a declaration is of something"
    return subject
