"""Ask customs to change, or to cancel, a declaration that it has accepted.

Two persons ask (I-19), and nothing changes here before customs agrees: see `amended`.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from warehouse.access.errors import SecondPersonNeeded
from warehouse.core import db, ids
from warehouse.core.errors import WrongState
from warehouse.core.money import ZERO
from warehouse.core.work import Work
from warehouse.customs import commands, queries
from warehouse.customs.changing import editing
from warehouse.customs.changing.editing import Changes, Correction
from warehouse.customs.changing.fields import LINE
from warehouse.customs.checking import filing
from warehouse.customs.errors import (
    AlreadyLetGo,
    AlreadyPaid,
    AmendmentNotFound,
    AmendmentOpen,
    LineDrawnDown,
    NothingChanged,
)
from warehouse.customs.gateway import DeclarationMessage, MessageFunction
from warehouse.customs.models import Amendment, Declaration, DeclarationLine
from warehouse.customs.money import guarantee
from warehouse.customs.vocabulary import (
    AMENDMENT,
    AT_CUSTOMS,
    DECLARATION,
    LET_GO,
    AmendmentKind,
    AmendmentState,
    CustomsEvent,
    DeclarationState,
)

OPEN: Final = (
    AmendmentState.DRAFT, AmendmentState.QUEUED, AmendmentState.SENT, AmendmentState.UNKNOWN,
)  # fmt: skip
CANCELLABLE: Final = (DeclarationState.WITHOUT_NUMBER, DeclarationState.NUMBERED)
_FUNCTIONS: Final = {
    AmendmentKind.AMENDMENT: MessageFunction.AMENDMENT,
    AmendmentKind.CANCELLATION: MessageFunction.CANCELLATION,
}

# ── What the desk asks for ───────────────────────────────────────────────────────────────────────


def draft(
    work: Work, declaration: Declaration, corrections: Iterable[Correction], reason: str
) -> Amendment:
    """Write down what customs is to be asked to change of *declaration*, and why.

    Raises:
        AlreadyLetGo: customs has let the goods go.
        WrongState: customs has not accepted it, or not with a number.
        AmendmentOpen: something is asked already.
        NothingChanged: it says all of that.
        FieldsRefused, NoSuchField: some of it cannot be said so.
        LineDrawnDown: goods of a line leave bond, or left it, as it is.
    """
    commands.lock(work, declaration.id)
    _refuse_unless_amendable(declaration)
    corrections = list(corrections)
    _refuse_open(work.session, declaration, corrections)
    before = queries.suspended_baht(work.session, declaration.id)
    with _as_amended(work, declaration, corrections) as changes:
        after = queries.suspended_baht(work.session, declaration.id)
    if not changes:
        raise NothingChanged(number=declaration.reference_number)
    refuse_touched(work.session, declaration, changes)
    return _ask(work, declaration, AmendmentKind.AMENDMENT, reason, changes, after - before)


def cancel(work: Work, declaration: Declaration, reason: str) -> Amendment:
    """Write down that customs is to be asked to cancel *declaration*, and why.

    Raises:
        AlreadyPaid: it is paid, guaranteed or exempt; it can be amended.
        AlreadyLetGo: customs has let the goods go.
        WrongState: customs has not taken it in.
        AmendmentOpen: something is asked already.
        LineDrawnDown: goods of a line leave bond, or left it.
    """
    commands.lock(work, declaration.id)
    if declaration.state in LET_GO:
        raise AlreadyLetGo(number=declaration.declaration_number)
    if declaration.state in AT_CUSTOMS and declaration.state not in CANCELLABLE:
        raise AlreadyPaid(number=declaration.declaration_number)
    DECLARATION.step(declaration.state, DeclarationState.CANCELLED)
    if declaration.state not in CANCELLABLE:
        raise WrongState(state=declaration.state.value, target=DeclarationState.CANCELLED.value)
    _refuse_open(work.session, declaration, ())
    refuse_drawn(work.session, queries.lines(work.session, declaration.id))
    return _ask(work, declaration, AmendmentKind.CANCELLATION, reason, [], ZERO)


def approve(work: Work, amendment: Amendment) -> None:
    """Let *amendment*, which somebody else asked for, be sent; what is owed more is set aside.

    Raises:
        SecondPersonNeeded: the actor asked for it.
        AlreadyLetGo, AlreadyPaid, WrongState: it comes too late.
        LineDrawnDown: goods of a line leave bond meanwhile.
        GuaranteeShort, GuaranteeEnded, ExposureExceeded: the guarantee does not cover it.
    """
    declaration = queries.declaration_by_id(work.session, amendment.declaration_id)
    account = guarantee.lock_account(work, declaration.premises_id)
    commands.lock(work, declaration.id)
    lock(work, amendment.id)
    if amendment.requested_by == work.actor.name:
        raise SecondPersonNeeded(person=work.actor.name)
    if amendment.kind is AmendmentKind.AMENDMENT:
        _refuse_unless_amendable(declaration)
        refuse_touched(work.session, declaration, amendment.changes)
    elif declaration.state not in CANCELLABLE:
        raise AlreadyPaid(number=declaration.declaration_number)
    amendment.state = AMENDMENT.step(amendment.state, AmendmentState.QUEUED)
    amendment.approved_by, amendment.approved_at = work.actor.name, work.at
    guarantee.reserve(work, account, declaration.id, max(amendment.suspended_change, ZERO))
    tell(work, CustomsEvent.AMENDMENT_QUEUED, amendment)


def withdraw(work: Work, amendment: Amendment) -> None:
    """Do not ask customs for *amendment* after all.

    Raises:
        WrongState: customs has it, or may have it.
    """
    end(work, amendment, AmendmentState.WITHDRAWN, CustomsEvent.AMENDMENT_WITHDRAWN)


def open_of(session: Session, declaration_id: UUID) -> Amendment | None:
    """What is asked of customs about a declaration, and not decided."""
    return session.exec(
        select(Amendment).where(
            Amendment.declaration_id == declaration_id, col(Amendment.state).in_(OPEN)
        )
    ).first()


def of(session: Session, declaration_id: UUID) -> Sequence[Amendment]:
    """Everything that was ever asked of customs about a declaration, in order."""
    return session.exec(
        select(Amendment)
        .where(Amendment.declaration_id == declaration_id)
        .order_by(col(Amendment.requested_at), col(Amendment.id))
    ).all()


# ── On its way ───────────────────────────────────────────────────────────────────────────────────


def lock(work: Work, amendment_id: UUID) -> Amendment:
    """The amendment, locked and read afresh; lock its declaration first.

    Raises:
        AmendmentNotFound: there is none.
    """
    found = db.lock(work.session, Amendment, [amendment_id], missing=AmendmentNotFound)
    return found[amendment_id]


def message(work: Work, amendment: Amendment) -> DeclarationMessage:
    """*amendment* as it is filed: the whole declaration as it is to be, and why."""
    declaration = queries.declaration_by_id(work.session, amendment.declaration_id)
    with _as_amended(work, declaration, corrections_of(amendment)):
        said = filing.message(work.session, declaration)
    return replace(
        said,
        message_id=amendment.message_id,
        version=amendment.version,
        function=_FUNCTIONS[amendment.kind],
        declaration_number=declaration.declaration_number,
        reason=amendment.reason,
    )


def send(work: Work, amendment: Amendment) -> None:
    """*amendment*, locked, is on its way: from here on customs may have it.

    Raises:
        WrongState: it is not queued.
    """
    amendment.state = AMENDMENT.step(amendment.state, AmendmentState.SENT)
    amendment.sent_at = work.at
    tell(work, CustomsEvent.AMENDMENT_SENT, amendment)


def leave_unanswered(work: Work, amendment_id: UUID) -> None:
    """Customs did not answer: whether it has the amendment is unknown until it says so."""
    amendment = lock(work, amendment_id)
    if amendment.state is AmendmentState.SENT:
        amendment.state = AmendmentState.UNKNOWN


def send_again(work: Work, amendment_id: UUID) -> None:
    """Customs says that it never saw the amendment: back into the queue."""
    amendment = lock(work, amendment_id)
    if amendment.state is AmendmentState.UNKNOWN:
        amendment.state = AmendmentState.QUEUED


def take_in(work: Work, amendment_id: UUID) -> None:
    """Customs has the amendment: so it says, or it speaks of it."""
    amendment = lock(work, amendment_id)
    if amendment.state in (AmendmentState.QUEUED, AmendmentState.UNKNOWN):
        amendment.state = AmendmentState.SENT


# ── How ──────────────────────────────────────────────────────────────────────────────────────────

ANNOUNCE: Final = sa.text("SELECT set_config('warehouse.amending', :declaration, true)")
"""Without it the database refuses to change what was filed."""


@contextmanager
def _as_amended(
    work: Work, declaration: Declaration, corrections: Iterable[Correction]
) -> Iterator[Changes]:
    """Let *declaration* say what *corrections* want inside this block, and nowhere else."""
    trial = work.session.begin_nested()
    try:
        yield write(work, declaration, corrections)
    finally:
        trial.rollback()


def write(work: Work, declaration: Declaration, corrections: Iterable[Correction]) -> Changes:
    """Let the filed *declaration* say what *corrections* want, as customs has agreed.

    Raises:
        FieldsRefused, NoSuchField: some of it cannot be said so.
    """
    work.session.execute(ANNOUNCE, {"declaration": str(declaration.id)})
    return editing.apply(work, declaration, corrections)


def corrections_of(amendment: Amendment) -> list[Correction]:
    """What *amendment* asks customs to change."""
    return [Correction(each["line"], each["field"], each["new"]) for each in amendment.changes]


def _ask(
    work: Work,
    declaration: Declaration,
    kind: AmendmentKind,
    reason: str,
    changes: Changes,
    suspended_change: Decimal,
) -> Amendment:
    amendment = Amendment(
        declaration_id=declaration.id,
        version=declaration.version + 1,
        kind=kind,
        message_id=ids.new_id(),
        state=AmendmentState.DRAFT,
        reason=reason,
        changes=changes,
        suspended_change=suspended_change,
        requested_by=work.actor.name,
        requested_at=work.at,
    )
    work.session.add(amendment)
    work.session.flush()
    tell(work, CustomsEvent.AMENDMENT_DRAFTED, amendment)
    return amendment


def end(work: Work, amendment: Amendment, state: AmendmentState, event: CustomsEvent) -> None:
    """*amendment* comes to nothing: what was set aside for it is free again."""
    declaration = queries.declaration_by_id(work.session, amendment.declaration_id)
    account = guarantee.lock_account(work, declaration.premises_id)
    commands.lock(work, declaration.id)
    lock(work, amendment.id)
    set_aside = amendment.state is not AmendmentState.DRAFT
    amendment.state = AMENDMENT.step(amendment.state, state)
    amendment.decided_at = work.at
    if set_aside:
        guarantee.free(work, account, declaration.id, max(amendment.suspended_change, ZERO))
    tell(work, event, amendment)


def _refuse_unless_amendable(declaration: Declaration) -> None:
    if declaration.state in LET_GO:
        raise AlreadyLetGo(number=declaration.declaration_number)
    if declaration.state not in AT_CUSTOMS:
        raise WrongState(state=declaration.state.value, target=DeclarationState.NUMBERED.value)


def _refuse_open(
    session: Session, declaration: Declaration, corrections: Iterable[Correction]
) -> None:
    if (earlier := open_of(session, declaration.id)) is None:
        return
    says = _values(earlier.changes, "old") | _values(
        editing.differing(session, declaration, corrections), "old"
    )
    asked = says | _values(earlier.changes, "new")
    wanted = says | {(line, field): new.strip() for line, field, new in corrections}
    raise AmendmentOpen(
        number=declaration.reference_number,
        person=earlier.requested_by,
        changes=[
            {"line": key[0], "field": key[1], "asked": asked[key], "new": wanted[key]}
            for key in sorted(says)
        ],
    )


def _values(changes: Changes, which: str) -> dict[tuple[str, str], str]:
    return {(each["line"], each["field"]): each[which] for each in changes}


def refuse_touched(session: Session, declaration: Declaration, changes: Changes) -> None:
    """What leaves bond as it came in is no longer corrected.

    Raises:
        LineDrawnDown: goods of a line that *changes* touch leave bond, or left it.
    """
    touched = {
        each["line"]
        for each in changes
        if each["line"] and (LINE[each["field"]].follows_goods or LINE[each["field"]].revalues)
    }
    lines = queries.lines(session, declaration.id)
    refuse_drawn(session, [line for line in lines if str(line.line_number) in touched])


def refuse_drawn(session: Session, lines: Sequence[DeclarationLine]) -> None:
    """Go on only if nothing leaves bond, or left it, under *lines*.

    Raises:
        LineDrawnDown: something does.
    """
    entered = {line.id: line for line in lines}
    drawing = session.exec(
        select(DeclarationLine.entry_line_id, Declaration.reference_number)
        .join(Declaration, col(Declaration.id) == col(DeclarationLine.declaration_id))
        .where(
            col(DeclarationLine.entry_line_id).in_(list(entered)),
            Declaration.state != DeclarationState.CANCELLED,
        )
        .order_by(col(Declaration.reference_number))
    ).first()
    if drawing is not None:
        line_id, number = drawing
        assert line_id is not None, "it was chosen by its import line"
        raise LineDrawnDown(number=number, line=entered[line_id].line_number)


def tell(work: Work, event: CustomsEvent, amendment: Amendment) -> None:
    """Record that *event* happened to *amendment*."""
    declaration = queries.declaration_by_id(work.session, amendment.declaration_id)
    work.emit(
        event,
        amendment.id,
        number=declaration.reference_number,
        version=str(amendment.version),
        kind=amendment.kind.value,
    )
