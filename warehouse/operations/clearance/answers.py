"""What customs says, applied to every book that it concerns, in one transaction."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from warehouse.core.jobs import Facts
from warehouse.core.work import Work
from warehouse.customs import effects, inbox
from warehouse.customs.effects import Effect
from warehouse.customs.gateway import AnswerKind
from warehouse.customs.gateway.signing import Keys
from warehouse.customs.models import Declaration
from warehouse.customs.vocabulary import DocumentType
from warehouse.operations.clearance import entry, loss, release

_EFFECTS: Final[Mapping[DocumentType, Mapping[AnswerKind, Effect]]] = {
    DocumentType.IMPORT: entry.EFFECTS,
    DocumentType.HOME_USE: release.EFFECTS,
}


def apply_answer(work: Work, facts: Facts, *, keys: Keys) -> None:
    """Read the message *subject* of the inbox and do what it asks for, once and in its turn."""
    letter = inbox.read(work, UUID(facts["subject"]), keys)
    if letter is None:
        return
    if letter.declaration.order_id is not None:
        release.lock_shipment(work, letter.declaration.order_id)
    steps = effects_of(letter.declaration)
    inbox.settle(work, letter, steps.get(letter.answer.kind, effects.note))


def effects_of(declaration: Declaration) -> Mapping[AnswerKind, Effect]:
    """What each kind of answer does to *declaration*; the others are only noted."""
    if declaration.disposal_id is not None:
        return loss.EFFECTS
    return _EFFECTS[declaration.document_type]
