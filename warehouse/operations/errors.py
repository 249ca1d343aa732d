"""What can be wrong with what several rooms of the floor and the desk ask for."""

from warehouse.core.errors import Conflict, NotFound, RuleViolation
from warehouse.core.i18n import N_


class NothingOfThatName(NotFound):
    """A number names nothing that could be held here."""

    code = "nothing-of-that-name"
    message = N_("Nothing here is called {number}.")


class NameNotPlain(Conflict):
    """A number names several things."""

    code = "name-not-plain"
    message = N_("{number} names several things: {names}. Write the one that is meant in full.")


class NoPremises(RuleViolation):
    """Whoever scans works somewhere."""

    code = "no-premises"
    message = N_("{person} is not assigned to a warehouse. The administrator can do that.")


class AlarmNotFound(NotFound):
    """There is no such alarm."""

    code = "alarm-not-found"
    message = N_("There is no such alarm.")


class CauseNamed(Conflict):
    """A cause is named once."""

    code = "cause-named"
    message = N_("{person} named the cause on {at}.")


class CauseMissing(RuleViolation):
    """An alarm ends with a cause."""

    code = "cause-missing"
    message = N_("Say what caused the difference.")


class OpeningNotFound(NotFound):
    """No such opening balance here."""

    code = "opening-not-found"
    message = N_("There is no such opening balance here.")


class OpeningDecided(Conflict):
    """An opening balance is decided on once."""

    code = "opening-decided"
    message = N_("{person} decided on {filename} before.")


class OpeningHasProblems(RuleViolation):
    """It is taken over whole, or not at all."""

    code = "opening-has-problems"
    message = N_("{filename} cannot be taken over: {count} cells are wrong. Correct the file.")


class OpeningNotTied(RuleViolation):
    """Both books say what the file says, or nothing is written."""

    code = "opening-not-tied"
    message = N_("The book would say something else of {name} than the file. Nothing was written.")
