"""What can be wrong with what several rooms of the floor and the desk ask for."""

from warehouse.core.errors import Conflict, NotFound
from warehouse.core.i18n import N_


class NothingOfThatName(NotFound):
    """A number names nothing that could be held here."""

    code = "nothing-of-that-name"
    message = N_("Nothing here is called {number}.")


class NameNotPlain(Conflict):
    """A number names several things."""

    code = "name-not-plain"
    message = N_("{number} names several things: {names}. Write the one that is meant in full.")
