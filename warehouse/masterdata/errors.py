"""What the master data does not know, or will not take."""

from warehouse.core.errors import Conflict, InvalidRequest, NotFound, RuleViolation
from warehouse.core.i18n import N_


class PremisesNotFound(NotFound):
    """No such bonded warehouse."""

    code = "premises-not-found"
    message = N_("There is no bonded warehouse {code}.")


class PartnerNotFound(NotFound):
    """No such depositor."""

    code = "partner-not-found"
    message = N_("There is no partner {code}.")


class ProductNotFound(NotFound):
    """No such product among the partner's."""

    code = "product-not-found"
    message = N_("There is no product {sku}.")


class TariffLineMissing(RuleViolation):
    """The tariff has no such commodity on that day."""

    code = "tariff-line-missing"
    message = N_(
        "HS code {hs_code}, statistical code {statistical_code}, is not in the tariff on {on}."
    )


class ExchangeRateMissing(RuleViolation):
    """Customs announced no rate for that currency and day, or none was entered."""

    code = "exchange-rate-missing"
    message = N_("No customs exchange rate for {currency} is known on {on}.")


class RowUnreadable(InvalidRequest):
    """A row of a reference file cannot be read."""

    code = "reference-row-unreadable"
    message = N_("Row {row}: {reason}")


class RowDiffers(Conflict):
    """A dated row that declarations may have been reckoned with cannot be rewritten."""

    code = "reference-row-differs"
    message = N_("{key} is already given otherwise from {valid_from}. End it and add a new row.")


class RowsOverlap(Conflict):
    """Two rows would both hold on one day."""

    code = "reference-rows-overlap"
    message = N_(
        "{key} from {valid_from} overlaps a row that holds already. End that row first, or begin"
        " later."
    )


class TableNotFound(NotFound):
    """No such table of reference data."""

    code = "reference-table-not-found"
    message = N_("There is no reference table {name}.")


class UploadNotFound(NotFound):
    """No such file of reference data."""

    code = "reference-upload-not-found"
    message = N_("There is no such file of reference data.")


class UploadDecided(Conflict):
    """The file was taken in or refused before."""

    code = "reference-upload-decided"
    message = N_("{filename} was decided already, by {person}.")


class UploadNeedsSecondPerson(Conflict):
    """Whoever brought a file does not decide on it (four eyes)."""

    code = "reference-upload-needs-second-person"
    message = N_("{person} brought {filename}, so another person has to decide.")


class UploadHasProblems(Conflict):
    """A file with a row that cannot be taken in is not taken in at all."""

    code = "reference-upload-has-problems"
    message = N_("{filename} has {count} problems. Correct the file and upload it again.")


class NotFromTraining(Conflict):
    """Reference data is that of every warehouse; whoever practises does not change it."""

    code = "reference-not-from-training"
    message = N_("Every warehouse shares the reference data, so it cannot be changed from {code}.")
