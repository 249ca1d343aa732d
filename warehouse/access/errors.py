"""What signing in refuses, and what a repeated request may not be."""

from warehouse.core.errors import (
    Conflict,
    Forbidden,
    InvalidRequest,
    RuleViolation,
    Unauthenticated,
)
from warehouse.core.i18n import N_


class NotRecognised(Unauthenticated):
    """A sign-in failed.  One sentence for every cause, so that it tells nothing of who exists."""

    code = "not-recognised"
    message = N_("This sign-in was not recognised. After several tries, wait a minute.")


class NotAllowed(Forbidden):
    """The signed-in role lacks the permission that this needs."""

    message = N_("Your role does not allow this.")


class NotFromHere(Forbidden):
    """A change was asked for from another site, or without this sign-in's token."""

    code = "not-from-here"
    message = N_("This page is too old or came from elsewhere. Load it again, then repeat.")


class WeakPassword(RuleViolation):
    """Too short to withstand guessing (NIST SP 800-63B-4)."""

    code = "weak-password"
    message = N_("A password has at least {characters} characters.")


class WeakPin(RuleViolation):
    """Too short, or not digits."""

    code = "weak-pin"
    message = N_("A PIN has at least {digits} digits.")


class TooManyKeys(Conflict):
    """A partner has as many live keys as a rotation needs."""

    code = "too-many-keys"
    message = N_("This partner already has {live} live keys. Revoke one first.")


class KeyMissing(InvalidRequest):
    """A partner's POST came without a usable Idempotency-Key."""

    status = 400
    code = "idempotency-key-missing"
    message = N_("Send an Idempotency-Key of 1 to 255 visible characters with this request.")


class KeyReused(InvalidRequest):
    """The same Idempotency-Key came with another request."""

    code = "idempotency-key-reused"
    message = N_("This Idempotency-Key was already used for another request.")


class StillInFlight(Conflict):
    """The first request with this Idempotency-Key is not answered yet."""

    code = "still-in-flight"
    message = N_("The first request with this Idempotency-Key is still being worked on.")


class UnknownOfficer(RuleViolation):
    """A decision of customs names the officer who made it."""

    code = "unknown-officer"
    message = N_("No customs officer {officer} is known here. The administrator can add one.")


class SecondPersonNeeded(Conflict):
    """Whoever did something does not approve it (invariant I-19)."""

    code = "second-person-needed"
    message = N_("{person} did this, so another person has to approve it.")
