"""Words of the master data."""

from enum import StrEnum


class RateType(StrEnum):
    """How a tariff line asks for duty."""

    AD_VALOREM = "ad_valorem"
    SPECIFIC = "specific"
    BOTH = "both"
