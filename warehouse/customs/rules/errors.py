"""What the arithmetic of customs refuses."""

from warehouse.core.errors import RuleViolation
from warehouse.core.i18n import N_


class NoPolicy(RuleViolation):
    """No dated rule covers that day."""

    code = "no-policy"
    message = N_("No rule {name} for {key} is known that holds on {on}.")


class OverlappingPolicy(RuleViolation):
    """Two dated rules say different things about one day."""

    code = "overlapping-policy"
    message = N_("The rule {name} for {key} is given twice for {on}.")


class UnitsDiffer(RuleViolation):
    """One unit cannot be turned into the other."""

    code = "units-differ"
    message = N_("A quantity in {declared} cannot be turned into {wanted}.")


class GoodsNotCounted(UnitsDiffer):
    """A line counts its goods otherwise than what is charged on them."""

    code = "goods-not-counted"
    message = N_(
        "Duty or excise on {sku} ({hs_code}/{statistical_code}) counts in {wanted}, and its line"
        " counts in {declared}. Say how many {wanted} there are in all (excise_quantity), or"
        " declare it in {wanted}."
    )


class QuantityNeeded(RuleViolation):
    """A specific rate needs the weight or the quantity it is charged on."""

    code = "quantity-needed"
    message = N_("The rate is charged by {measure}, and none was given.")


class ExtensionTooLong(RuleViolation):
    """Storage may not be extended by that much."""

    code = "extension-too-long"
    message = N_("Storage may be extended by {allowed} years, and {asked} were asked for.")


class FreightNeeded(RuleViolation):
    """Goods that come so have no default freight: it must be given."""

    code = "freight-needed"
    message = N_("Freight by {way} has no default: it must be given.")


class MoreThanPrice(RuleViolation):
    """A part cannot be more than the whole."""

    code = "more-than-price"
    message = N_("{taken} would come out of a price of {price}.")


class OneRateNeeded(RuleViolation):
    """Group 3 of express charges the highest rate on all: whatever else is owed has no place."""

    code = "one-rate-needed"
    message = N_(
        "In group 3 the highest rate counts for everything: import duty by value and VAT are all "
        "that it knows. Other charges need a full declaration."
    )


class DepositTooLarge(RuleViolation):
    """More would be deposited than is charged."""

    code = "deposit-too-large"
    message = N_("Duty type {duty_type} is charged {charged}, and {amount} would be deposited.")
