"""What customs says, applied to every book that it concerns, in one transaction."""

from collections.abc import Mapping
from uuid import UUID

from warehouse.core.jobs import Facts
from warehouse.core.work import Work
from warehouse.customs.clearing import effects
from warehouse.customs.clearing.effects import Effect
from warehouse.customs.gateway import AnswerKind
from warehouse.customs.gateway.signing import Keys
from warehouse.customs.models import Declaration
from warehouse.customs.posting import inbox
from warehouse.customs.posting.inbox import Letter
from warehouse.customs.vocabulary import INTO_BOND, Procedure
from warehouse.operations.clearance import amending, disposal, entry, loss, release


def apply_answer(work: Work, facts: Facts, *, keys: Keys) -> None:
    """Read the message *subject* of the inbox and do what it asks for, once and in its turn."""
    letter = inbox.read(work, UUID(facts["subject"]), keys)
    if letter is None:
        return
    if letter.declaration.order_id is not None:
        release.lock_shipment(work, letter.declaration.order_id)
    inbox.settle(work, letter, _effect_of(letter))


def _effect_of(letter: Letter) -> Effect:
    kind, amendment = letter.answer.kind, letter.amendment
    if amendment is None:
        return effects_of(letter.declaration).get(kind, effects.note)
    change = amending.EFFECTS.get(kind)
    if change is None:
        return effects.note
    return lambda work, _declaration, answer: change(work, amendment, answer)


def effects_of(declaration: Declaration) -> Mapping[AnswerKind, Effect]:
    """What each kind of answer does to *declaration*; the others are only noted."""
    if declaration.document_type in INTO_BOND:
        return entry.EFFECTS
    if declaration.order_id is not None:
        return release.EFFECTS
    return loss.EFFECTS if declaration.procedure is Procedure.LOSS else disposal.EFFECTS
