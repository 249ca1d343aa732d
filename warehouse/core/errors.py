"""The tree of failures, and the HTTP status of each.

    WarehouseError
    ├── InvalidRequest     422  not well formed
    ├── Unauthenticated    401  who are you?
    ├── Forbidden          403  you may not
    ├── NotFound           404  no such thing; one subclass per noun
    ├── Conflict           409  not in a state that allows this
    │   └── WrongState
    ├── RuleViolation      422  a rule of the trade forbids it
    └── Unavailable        503  another system did not answer

A subclass names the situation, carries a stable *code* (the last part of its problem type) and a
sentence with its facts in braces.  Facts are numbers, names, dates and states, never words.
"""

from typing import ClassVar, Final

from warehouse.core.i18n import N_, translate

SENTENCE: Final = "sentence"
"""In the context of a field error that one of our readers raised: its marked sentence."""


class WarehouseError(Exception):
    """Something the world got wrong, told in the reader's language."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "error"
    message: ClassVar[str] = N_("This could not be done.")

    def __init__(self, **facts: object) -> None:
        super().__init__(facts)
        self.facts = facts

    def text(self, language: str) -> str:
        """The sentence, in *language* (``th`` or ``en``)."""
        return translate(self.message, language, **self.facts)

    def __str__(self) -> str:
        return self.text("en")


class InvalidRequest(WarehouseError):
    """The request is not well formed."""

    status = 422
    code = "invalid-request"
    message = N_("{field} is not valid: {reason}")


class Unauthenticated(WarehouseError):
    """Nobody known is asking."""

    status = 401
    code = "unauthenticated"
    message = N_("Sign in first: this needs a signed-in person, device or API key.")


class Forbidden(WarehouseError):
    """Whoever asks is known, and may not."""

    status = 403
    code = "forbidden"
    message = N_("The role {role} may not do this. It needs the permission {permission}.")


class NotFound(WarehouseError):
    """No such thing, or not one that the asker may know of."""

    status = 404
    code = "not-found"
    message = N_("There is no {what} {key}.")


class Conflict(WarehouseError):
    """The state of things does not allow this now."""

    status = 409
    code = "conflict"
    message = N_("Someone else changed this at the same time. Look again, then decide.")


class WrongState(Conflict):
    """A record cannot take that step from where it stands."""

    code = "wrong-state"
    message = N_("This is {state}; it cannot become {target} from there.")


class RuleViolation(WarehouseError):
    """A rule of the trade forbids it."""

    status = 422
    code = "rule-violation"


class Unavailable(WarehouseError):
    """Another system gave no answer; what became of the request is unknown."""

    status = 503
    code = "unavailable"
    message = N_("{system} does not answer. Nothing is lost; it will be tried again.")
