"""Words of the master data."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from warehouse.core.i18n import N_


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

    UPLOADED = "masterdata.reference.uploaded"
    TAKEN_IN = "masterdata.reference.taken_in"
    REFUSED = "masterdata.reference.refused"


NAMES: Final[Mapping[StrEnum, str]] = {
    RateType.AD_VALOREM: N_("of the value"),
    RateType.SPECIFIC: N_("a unit"),
    RateType.BOTH: N_("the higher of both"),
    MeasureKind.SPECIAL: N_("Special duty"),
    MeasureKind.SURCHARGE: N_("Surcharge"),
    MeasureKind.ANTI_DUMPING: N_("Anti-dumping or countervailing duty"),
    MeasureKind.SAFEGUARD: N_("Safeguard duty"),
    MeasureKind.COMMERCE_SURCHARGE: N_("Surcharge of the Ministry of Commerce"),
    RestrictionKind.NONE: N_("no permit"),
    RestrictionKind.PERMIT: N_("permit"),
    RestrictionKind.PROHIBITED: N_("prohibited"),
    TradeDirection.IMPORT: N_("import"),
    TradeDirection.EXPORT: N_("export"),
    UploadState.WAITING: N_("waits for a second person"),
    UploadState.TAKEN_IN: N_("taken in"),
    UploadState.REFUSED: N_("refused"),
}
"""What each word is called on a page."""
