"""Who lets a declaration go to customs: a standing instruction, or a second person (I-19)."""

from typing import Final

from warehouse.access.errors import SecondPersonNeeded
from warehouse.core.work import SYSTEM, Work
from warehouse.customs import commands
from warehouse.customs.checking import filing_rules, findings, permits, validating
from warehouse.customs.checking.filing_rules import Rule
from warehouse.customs.clearing import obstacles
from warehouse.customs.errors import FindingsOpen
from warehouse.customs.models import Declaration
from warehouse.customs.money import guarantee
from warehouse.customs.vocabulary import DECLARATION, Approval, CustomsEvent, DeclarationState

NOT_FILED: Final = (DeclarationState.DRAFT, DeclarationState.APPROVED)
"""States in which a declaration may still be changed: customs has not heard of it."""


def approve(work: Work, declaration: Declaration) -> None:
    """Let *declaration*, which somebody else drafted, be sent: now, or in its filing window.

    Raises:
        SecondPersonNeeded: the actor drafted it, or changed it last.
        FindingsOpen: our own checks find that customs would refuse it.
        WrongState: it is no draft.
        GuaranteeAccountNotFound: the premises has no guarantee.
    """
    guarantee.lock_account(work, declaration.premises_id)  # first of all: queueing takes it too
    commands.lock(work, declaration.id)
    if declaration.drafted_by == work.actor.name:
        raise SecondPersonNeeded(person=work.actor.name)
    validating.validate(work, declaration)
    if errors := _errors(declaration):
        raise FindingsOpen(number=declaration.reference_number, findings=errors)
    declaration.state = DECLARATION.step(declaration.state, DeclarationState.APPROVED)
    declaration.approved_by, declaration.approved_at = work.actor.name, work.at
    declaration.refusals = []
    _emit(work, CustomsEvent.DECLARATION_APPROVED, declaration)
    file_or_wait(work, declaration)


def reopen(work: Work, declaration: Declaration) -> None:
    """Make *declaration*, locked and not filed, a draft again: nobody has approved what it is now.

    Raises:
        WrongState: it is filed.
    """
    if declaration.state is DeclarationState.DRAFT:
        return
    declaration.state = DECLARATION.step(declaration.state, DeclarationState.DRAFT)
    declaration.approved_by = declaration.approved_at = None
    _emit(work, CustomsEvent.DECLARATION_REOPENED, declaration)


def file_or_wait(work: Work, declaration: Declaration) -> None:
    """Let *declaration* be sent once it is approved, its filing window is open and all is covered.

    A standing instruction approves what the system drafted, unless customs refused that before.
    What is in the way of the rest is kept on it, and it waits.
    """
    if declaration.state not in NOT_FILED:
        return
    permits.attach_fitting(work, declaration)
    validating.validate(work, declaration)
    rule = filing_rules.rule_of(
        work.session, declaration.premises_id, declaration.document_type, work.today
    )
    drafted = declaration.state is DeclarationState.DRAFT
    if _errors(declaration) or (drafted and not _stands(declaration, rule)):
        return
    if rule.open_at(work.at):
        obstacles.queue_if_covered(work, declaration)
    elif drafted:
        declaration.state = DECLARATION.step(declaration.state, DeclarationState.APPROVED)
        _emit(work, CustomsEvent.DECLARATION_APPROVED, declaration)


def refused_before(declaration: Declaration) -> bool:
    """Whether *declaration* repeats what customs refused, and nobody has looked at it yet."""
    return any("line" in reason for reason in declaration.refusals)


def _stands(declaration: Declaration, rule: Rule) -> bool:
    return (
        rule.approval is Approval.STANDING
        and declaration.drafted_by == SYSTEM.name
        and not refused_before(declaration)
        and not findings.to_confirm(declaration.findings)
    )


def _errors(declaration: Declaration) -> int:
    return sum(finding["severity"] == "error" for finding in declaration.findings)


def _emit(work: Work, event: CustomsEvent, declaration: Declaration) -> None:
    work.emit(event, declaration.id, number=declaration.reference_number)
