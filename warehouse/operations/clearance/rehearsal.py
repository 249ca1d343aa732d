"""The sandbox: customs is played here, and nothing is ever sent.

Declarations of premises for training are accepted and let go at once, so that trainees can work
the whole floor.  Their numbers begin with 0000, which no customs office has.
"""

from typing import Final
from uuid import UUID

from warehouse.core import numbers
from warehouse.core.jobs import Begin, Facts
from warehouse.core.work import Work
from warehouse.customs import commands
from warehouse.customs import queries as customs
from warehouse.customs.gateway import Answer, AnswerKind
from warehouse.customs.models import Declaration
from warehouse.customs.vocabulary import DeclarationState
from warehouse.masterdata import queries as masterdata
from warehouse.operations.clearance import answers, release

_BUDDHIST_ERA: Final = 543


def play(begin: Begin, facts: Facts) -> bool:
    """Whether the declaration *subject* is of a sandbox: then customs has answered it now."""
    with begin() as work:
        declaration = customs.declaration_by_id(work.session, UUID(facts["subject"]))
        if not masterdata.premises_by_id(work.session, declaration.premises_id).training:
            return False
        if declaration.order_id is not None:
            release.lock_shipment(work, declaration.order_id)
        declaration = commands.lock(work, declaration.id)
        if declaration.state is DeclarationState.QUEUED:
            commands.send(work, declaration)
            for sequence, kind in enumerate((AnswerKind.NUMBERED, AnswerKind.RELEASED), start=1):
                _say(work, declaration, kind, sequence)
    return True


def _say(work: Work, declaration: Declaration, kind: AnswerKind, sequence: int) -> None:
    answer = Answer(
        answer_id=f"{declaration.message_id}-{sequence}",
        message_id=declaration.message_id,
        reference_number=declaration.reference_number,
        sequence=sequence,
        kind=kind,
        at=work.at,
        declaration_number=_number(work, declaration) if kind is AnswerKind.NUMBERED else None,
    )
    answers.effects_of(declaration)[kind](work, declaration, answer)


def _number(work: Work, declaration: Declaration) -> str:
    """A number in the form of customs', from an office that does not exist."""
    year = (work.today.year + _BUDDHIST_ERA) % 100
    running = numbers.running(work, "REF") % 100_000
    return f"0000{declaration.document_type.value}{year:02}{work.today.month:02}{running:05}"
