"""One step: taken, or undone with the reason why; and what the engine itself does at a command."""

from collections.abc import Sequence
from typing import Final, NamedTuple
from uuid import UUID

from sqlmodel import Session

from warehouse.core.errors import Conflict, NotFound, RuleViolation
from warehouse.operations.floor import answering, messages, undoing
from warehouse.operations.floor.answering import Answer
from warehouse.operations.floor.dialogue import IDLE, Dialogue, Reply
from warehouse.operations.floor.errors import Ask, Refused
from warehouse.operations.floor.flow import Turn
from warehouse.operations.floor.flows import COMMANDS
from warehouse.operations.floor.labels import Kind
from warehouse.operations.vocabulary import CANCEL, UNDO

_ASK: Final = "ask"  # in the hand: the code whose second scan means yes


class Outcome(NamedTuple):
    """What came of a scan.  *anew*: what was scanned before in this step no longer counts."""

    then: Dialogue
    answer: Answer
    anew: bool = False
    undoes_id: UUID | None = None


def unasked(dialogue: Dialogue) -> tuple[Dialogue, str | None]:
    """The dialogue without its question, and the code whose second scan means yes."""
    if _ASK not in dialogue.hand:
        return dialogue, None
    hand = dict(dialogue.hand)
    asked = hand.pop(_ASK)
    return dialogue._replace(hand=hand), asked


def attempt(turn: Turn) -> Outcome:
    """Take the step, or undo it and say why."""
    here = turn.dialogue
    turn.work.sql("SAVEPOINT step")
    try:
        reply, undoes_id = undoing.undo(turn) if turn.code == UNDO else (_step(turn), None)
    except (Conflict, NotFound, RuleViolation) as refusal:
        _forget(turn.work.session)
        turn.work.sql("ROLLBACK TO SAVEPOINT step")
        if isinstance(refusal, Ask) and not turn.waited:
            asking = here._replace(hand=here.hand | {_ASK: turn.code})
            return Outcome(asking, answering.asked(turn.scan_id, here, refusal))
        if turn.flow and turn.flow.refused:
            turn.flow.refused(turn, refusal)
        return Outcome(here, answering.refused(turn.scan_id, here, refusal))
    anew = turn.label.kind is Kind.COMMAND or reply.then[:2] != here[:2]
    return Outcome(reply.then, answering.accepted(turn.scan_id, reply), anew, undoes_id)


def attempt_together(turns: Sequence[Turn]) -> list[Outcome] | None:
    """Take the step for all of *turns*; None, and nothing done, where one needs it alone."""
    work, here, flow, step = turns[0].work, turns[0].dialogue, turns[0].flow, turns[0].step
    if not (flow and flow.offline and step and step.together):
        return None
    work.sql("SAVEPOINT step")
    try:
        replies = step.together(turns)
    except (Conflict, NotFound, RuleViolation):
        replies = None
    if replies is None or any(reply.then != here for reply in replies):
        _forget(work.session)
        work.sql("ROLLBACK TO SAVEPOINT step")
        return None
    return [
        Outcome(reply.then, answering.accepted(turn.scan_id, reply))
        for turn, reply in zip(turns, replies, strict=True)
    ]


def _forget(session: Session) -> None:
    """Undo what the step had not written yet: a later flush would write it."""
    for unwritten in list(session.new):
        session.expunge(unwritten)
    session.expire_all()


def _step(turn: Turn) -> Reply:
    if not turn.code:
        raise Refused(messages.NOTHING_READ)
    flow, step = turn.flow, turn.step
    if turn.label.kind is Kind.COMMAND and not (step and turn.code in step.knows):
        return _command(turn)
    if flow is None or step is None:
        raise Refused(messages.NO_TASK, scanned=turn.code)
    if turn.waited and not flow.offline:
        raise Refused(messages.NOT_OFFLINE, scanned=turn.code)
    reply = step.act(turn)
    assert reply.then.step in step.then, f"{turn.dialogue} leads to {reply.then.step}"
    return reply


def _command(turn: Turn) -> Reply:
    if chosen := COMMANDS.get(turn.code):
        return Reply(chosen.title, chosen.begin())
    if turn.code != CANCEL:
        raise Refused(messages.UNKNOWN_COMMAND, scanned=turn.code)
    if turn.flow is None or turn.dialogue == turn.flow.begin():
        return Reply(messages.CHOOSE_TASK, IDLE)
    return Reply(turn.flow.title, turn.flow.begin())
