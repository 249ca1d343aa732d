"""Words of the master data."""

from enum import StrEnum


class RateType(StrEnum):
    """How a tariff line asks for duty."""

    AD_VALOREM = "ad_valorem"
    SPECIFIC = "specific"
    BOTH = "both"


class CodeList(StrEnum):
    """The code tables that customs publishes (e-Import manual 2018, reference tables 2019-20)."""

    AREA = "area"
    AUTHORITY = "authority"
    COUNTRY = "country"
    CURRENCY = "currency"
    PACKAGE = "package"
    PRIVILEGE = "privilege"
    UNIT = "unit"


class MeasureKind(StrEnum):
    """Trade measures beside the duty of the tariff, by the duty type they are charged under."""

    SPECIAL = "0105"
    SURCHARGE = "0110"
    ANTI_DUMPING = "0111"
    SAFEGUARD = "0114"
    COMMERCE_SURCHARGE = "0603"


class RestrictionKind(StrEnum):
    """What the restriction table says of goods.  No row at all: unknown, which is not 'none'."""

    NONE = "none"
    PERMIT = "permit"
    PROHIBITED = "prohibited"


class TradeDirection(StrEnum):
    """Which way goods cross the border."""

    IMPORT = "import"
    EXPORT = "export"


class UploadState(StrEnum):
    """Of a file of reference data: shown, then taken in by a second person, or thrown away."""

    WAITING = "waiting"
    TAKEN_IN = "taken_in"
    REFUSED = "refused"


class ReferenceEvent(StrEnum):
    """What is recorded of files of reference data."""

    UPLOADED = "reference.uploaded"
    TAKEN_IN = "reference.taken_in"
    REFUSED = "reference.refused"
