"""What can be wrong with goods on another way."""

from warehouse.core.errors import Conflict, NotFound, RuleViolation
from warehouse.core.i18n import N_


class SamePremises(RuleViolation):
    """A transfer goes to another bonded warehouse."""

    code = "same-premises"
    message = N_("{premises} is where the goods stand. Choose another warehouse.")


class AlreadyReturned(Conflict):
    """A parcel comes back once."""

    code = "already-returned"
    message = N_("{parcel} came back already: {at}.")


class ReturnTooLate(RuleViolation):
    """What comes back late is imported like anything else."""

    code = "return-too-late"
    message = N_(
        "{parcel} left more than {days} days ago. It comes in as a new import, not as a return."
    )


class ChoiceMade(Conflict):
    """The owner of returned goods chooses once."""

    code = "choice-made"
    message = N_("For {number} it was already decided: {choice}.")


class ReturnNotFound(NotFound):
    """Nothing came back under that number."""

    code = "return-not-found"
    message = N_("No parcel of shipment {number} has come back.")
