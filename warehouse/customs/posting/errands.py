"""What travels to customs under a message id of its own, and how far it is.

An errand is a declaration, a change that is asked of one, or a declaration that an officer accepted
on paper and that customs' computer is to have as well.  All travel alike; see `jobs`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Protocol
from uuid import UUID

from warehouse.core import db
from warehouse.core.errors import NotFound, WarehouseError
from warehouse.core.work import Work
from warehouse.customs import commands, queries
from warehouse.customs.changing import amended, amending
from warehouse.customs.checking import filing
from warehouse.customs.clearing import effects, obstacles
from warehouse.customs.gateway import DeclarationMessage, Receipt
from warehouse.customs.models import Amendment, Declaration, HandDecision
from warehouse.customs.vocabulary import CustomsEvent, DeclarationState


class Stage(StrEnum):
    """How far an errand is."""

    WAITING = "waiting"  # to be sent
    OUT = "out"  # customs has it, or may have it
    DONE = "done"  # nothing to send, nothing to ask


class Errand(Protocol):
    """Something to be filed.  Each method but `message` locks what it changes."""

    def stage(self, work: Work) -> Stage:
        """How far it is."""
        ...

    def declaration(self, work: Work) -> Declaration:
        """The declaration that it is about."""
        ...

    def message_id(self, work: Work) -> UUID:
        """What it travels under."""
        ...

    def message(self, work: Work) -> DeclarationMessage:
        """What is to be said; asked once, before it goes out for the first time."""
        ...

    def leave(self, work: Work) -> None:
        """It goes out: from here on customs may have it."""
        ...

    def doubt(self, work: Work) -> None:
        """Customs did not answer."""
        ...

    def turn_back(self, work: Work) -> None:
        """Customs never had it: it may be sent again."""
        ...

    def arrive(self, work: Work, receipt: Receipt) -> None:
        """Customs has it, or refused it on the spot."""
        ...

    def give_up(self, work: Work, failure: WarehouseError) -> None:
        """It cannot be filed as it is, because of *failure*."""
        ...


_STAGES: Final[Mapping[str, Stage]] = {
    DeclarationState.QUEUED: Stage.WAITING,
    DeclarationState.SENT: Stage.OUT,
    DeclarationState.UNKNOWN: Stage.OUT,
}
"""An amendment names these states as a declaration does."""


@dataclass(frozen=True, slots=True)
class Filing:
    """The declaration *id*, on its first way to customs."""

    id: UUID

    def stage(self, work: Work) -> Stage:
        """See `Errand`."""
        return _STAGES.get(commands.lock(work, self.id).state, Stage.DONE)

    def declaration(self, work: Work) -> Declaration:
        """See `Errand`."""
        return queries.declaration_by_id(work.session, self.id)

    def message_id(self, work: Work) -> UUID:
        """See `Errand`."""
        return self.declaration(work).message_id

    def message(self, work: Work) -> DeclarationMessage:
        """See `Errand`."""
        declaration = self.declaration(work)
        commands.refresh_rates(work, declaration)
        return filing.message(work.session, declaration)

    def leave(self, work: Work) -> None:
        """See `Errand`."""
        commands.send(work, commands.lock(work, self.id))

    def doubt(self, work: Work) -> None:
        """See `Errand`."""
        commands.leave_unanswered(work, self.id)

    def turn_back(self, work: Work) -> None:
        """See `Errand`."""
        commands.send_again(work, self.id)

    def arrive(self, work: Work, receipt: Receipt) -> None:
        """See `Errand`."""
        if receipt.accepted:
            commands.take_in(work, self.id)
        else:
            reasons = [effects.as_kept(reason) for reason in receipt.reasons]
            commands.reject(work, self.declaration(work), reasons)

    def give_up(self, work: Work, failure: WarehouseError) -> None:
        """See `Errand`."""
        obstacles.give_up(work, self.declaration(work), failure)


@dataclass(frozen=True, slots=True)
class Change:
    """The amendment, or cancellation, *id* of a declaration that customs has."""

    id: UUID

    def stage(self, work: Work) -> Stage:
        """See `Errand`."""
        commands.lock(work, self.declaration(work).id)
        return _STAGES.get(amending.lock(work, self.id).state, Stage.DONE)

    def declaration(self, work: Work) -> Declaration:
        """See `Errand`."""
        amendment = work.session.get_one(Amendment, self.id)
        return queries.declaration_by_id(work.session, amendment.declaration_id)

    def message_id(self, work: Work) -> UUID:
        """See `Errand`."""
        return work.session.get_one(Amendment, self.id).message_id

    def message(self, work: Work) -> DeclarationMessage:
        """See `Errand`."""
        return amending.message(work, work.session.get_one(Amendment, self.id))

    def leave(self, work: Work) -> None:
        """See `Errand`."""
        amending.send(work, amending.lock(work, self.id))

    def doubt(self, work: Work) -> None:
        """See `Errand`."""
        amending.leave_unanswered(work, self.id)

    def turn_back(self, work: Work) -> None:
        """See `Errand`."""
        amending.send_again(work, self.id)

    def arrive(self, work: Work, receipt: Receipt) -> None:
        """See `Errand`."""
        if receipt.accepted:
            amending.take_in(work, self.id)
        else:
            reasons = [effects.as_kept(reason) for reason in receipt.reasons]
            amended.refuse(work, work.session.get_one(Amendment, self.id), reasons)

    def give_up(self, work: Work, failure: WarehouseError) -> None:
        """See `Errand`."""
        amendment = work.session.get_one(Amendment, self.id)
        amending.withdraw(work, amendment)
        amendment.refusals = [obstacles.obstacle(failure)]


@dataclass(frozen=True, slots=True)
class LaterFiling:
    """The declaration of the hand decision *id*: customs' computer is to have it as well.

    It goes under the same reference and names the number that the officer gave.  What was sent
    before is asked about first; if customs never had it, that message id is not used again, and
    the decision's own takes its place.
    """

    id: UUID

    def stage(self, work: Work) -> Stage:
        """See `Errand`."""
        decision = self._locked(work)
        if decision.known_at is not None:
            return Stage.DONE
        return Stage.WAITING if decision.sent_at is None else Stage.OUT

    def declaration(self, work: Work) -> Declaration:
        """See `Errand`."""
        return commands.lock(work, work.session.get_one(HandDecision, self.id).declaration_id)

    def message_id(self, work: Work) -> UUID:
        """See `Errand`."""
        sent_at = work.session.get_one(HandDecision, self.id).sent_at
        if sent_at is None or queries.sent_document(work.session, self.id):
            return self.id
        return self.declaration(work).message_id

    def message(self, work: Work) -> DeclarationMessage:
        """See `Errand`."""
        declaration = self.declaration(work)
        return replace(
            filing.message(work.session, declaration),
            message_id=self.id,
            declaration_number=declaration.declaration_number,
        )

    def leave(self, work: Work) -> None:
        """See `Errand`."""
        self._locked(work).sent_at = work.at

    def doubt(self, work: Work) -> None:
        """See `Errand`: that customs may have it is noted already."""

    def turn_back(self, work: Work) -> None:
        """See `Errand`."""
        self._locked(work).sent_at = None

    def arrive(self, work: Work, receipt: Receipt) -> None:
        """See `Errand`."""
        decision = self._locked(work)
        decision.known_at = work.at
        if not receipt.accepted:
            self._dispute(work, [effects.as_kept(reason) for reason in receipt.reasons])

    def give_up(self, work: Work, failure: WarehouseError) -> None:
        """See `Errand`: it was accepted and stays; the liaison sees why customs cannot have it."""
        self._locked(work).known_at = work.at
        self._dispute(work, [obstacles.obstacle(failure)])

    def _dispute(self, work: Work, reasons: list[dict[str, str]]) -> None:
        declaration = self.declaration(work)
        declaration.refusals = reasons
        work.emit(
            CustomsEvent.HAND_DECISION_DISPUTED,
            declaration.id,
            number=declaration.reference_number,
            by_hand=declaration.declaration_number or "",
        )

    def _locked(self, work: Work) -> HandDecision:
        found = db.lock(work.session, HandDecision, [self.id], missing=NotFound)
        return found[self.id]
