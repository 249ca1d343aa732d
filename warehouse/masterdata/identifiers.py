"""Numbers that others printed: read them, check them, and make our own.

Postal items and receptacles (UPU S10, S9, S8), GS1 keys, Thai tax ids, declaration numbers, and the
codes on our shelves.  Nothing here knows a database.  Every parser takes the whole text, in ASCII
capitals and digits, and answers None when it is not such a number; a wrong check digit is told, not
refused, because published samples of Thailand Post and the UPU fail it themselves.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from stdnum import ean
from stdnum.th import pin

from warehouse.core.errors import RuleViolation
from warehouse.core.i18n import N_

# ISO 3166-1 alpha-2, officially assigned codes only: UK, EU and XX are not among them.
COUNTRIES: Final = frozenset(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS
    BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE
    EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM
    HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC
    LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA
    NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW
    SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO
    TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
    """.split()  # noqa: SIM905 (249 quoted codes would hide the list)
)


class UnassignedIndicator(RuleViolation):
    """No postal service has that indicator."""

    code = "unassigned-indicator"
    message = N_("UPU S10 assigns no service to {indicator}; no number can be made with it.")


class UnassignedCountry(RuleViolation):
    """No country has that code."""

    code = "unassigned-country"
    message = N_("{country} is not a country code of ISO 3166-1.")


# ── UPU S10: postal items ────────────────────────────────────────────────────────────────────────

S10_WEIGHTS: Final = (8, 6, 4, 2, 3, 5, 9, 7)
_S10: Final = re.compile(r"([A-Z]{2})([0-9]{8})([0-9])([A-Z]{2})")
_RESERVED: Final = re.compile(r"[JKSTW][A-Z]")
_ASSIGNED: Final = re.compile(r"A[V-Z]|[BCDEHLMNPRUVZ][A-Z]|G[AD]|Q[A-M]")


class Indicator(StrEnum):
    """What UPU S10-12 says of a service indicator."""

    ASSIGNED = "assigned"
    UNASSIGNED = "unassigned"
    RESERVED = "reserved"


@dataclass(frozen=True, slots=True)
class S10:
    """A postal item's number: service, serial, check digit, issuing country."""

    service: str
    serial: str
    check: int
    country: str

    def __str__(self) -> str:
        return f"{self.service}{self.serial}{self.check}{self.country}"

    @property
    def printed(self) -> str:
        """As people read it: ``RC 338 848 854 TH``.  The spaces are never encoded."""
        digits = f"{self.serial}{self.check}"
        return f"{self.service} {digits[:3]} {digits[3:6]} {digits[6:]} {self.country}"

    @property
    def expected_check(self) -> int:
        """The check digit that the serial requires."""
        return s10_check_digit(self.serial)

    @property
    def indicator(self) -> Indicator:
        """Whether the service indicator is assigned."""
        return s10_indicator(self.service)


def s10_check_digit(serial: str) -> int:
    """The check digit of eight digits *serial* (UPU S10-12: 11 − Σ mod 11, 10 → 0, 11 → 5)."""
    total = sum(weight * int(digit) for weight, digit in zip(S10_WEIGHTS, serial, strict=True))
    check = 11 - total % 11
    return {10: 0, 11: 5}.get(check, check)


def s10_indicator(service: str) -> Indicator:
    """The class of the two letters *service* in the table of UPU S10-12."""
    if _RESERVED.fullmatch(service):
        return Indicator.RESERVED
    return Indicator.ASSIGNED if _ASSIGNED.fullmatch(service) else Indicator.UNASSIGNED


def parse_s10(text: str) -> S10 | None:
    """Read the thirteen characters of an item number."""
    if not (match := _S10.fullmatch(text)):
        return None
    service, serial, check, country = match.groups()
    return S10(service, serial, int(check), country)


def make_s10(indicator: str, serial: int, country: str) -> str:
    """The number of item *serial* (0 to 99,999,999) of service *indicator*, issued by *country*.

    Raises:
        UnassignedIndicator: UPU S10-12 reserves *indicator* or gives it no service.
        UnassignedCountry: ISO 3166-1 has no such *country*.
    """
    assert 0 <= serial <= 99_999_999
    if s10_indicator(indicator) is not Indicator.ASSIGNED:
        raise UnassignedIndicator(indicator=indicator)
    if country not in COUNTRIES:
        raise UnassignedCountry(country=country)
    digits = f"{serial:08d}"
    return f"{indicator}{digits}{s10_check_digit(digits)}{country}"


# ── UPU S8 and S9: despatches and receptacles ────────────────────────────────────────────────────

_OFFICE: Final = r"[A-Z]{2}[A-Z0-9]{4}"  # IMPC code (UPU S34): country, place, one character
_S8: Final = re.compile(rf"({_OFFICE})({_OFFICE})([A-Z])([A-Z]{{2}})([0-9])([0-9]{{4}})")
_S9_TAIL: Final = re.compile(r"([0-9]{3})([0-9])([0-9])([0-9]{4})")


@dataclass(frozen=True, slots=True)
class S8:
    """A despatch: the mail of one category and subclass from one office to another."""

    origin: str
    dest: str
    category: str
    subclass: str
    year: str
    despatch: str


@dataclass(frozen=True, slots=True)
class S9:
    """A receptacle (bag, tray, cage) of a despatch.  *weight_hg* is gross, in hectograms."""

    despatch: S8
    receptacle: str
    highest: str
    registered: str
    weight_hg: int


def parse_s8(text: str) -> S8 | None:
    """Read the twenty characters of a despatch; it has no check digit."""
    match = _S8.fullmatch(text)
    return S8(*match.groups()) if match else None


def parse_s9(text: str) -> S9 | None:
    """Read the twenty-nine characters of a receptacle: its despatch first, then its own nine."""
    despatch, tail = parse_s8(text[:20]), _S9_TAIL.fullmatch(text[20:])
    if despatch is None or tail is None:
        return None
    receptacle, highest, registered, weight = tail.groups()
    return S9(despatch, receptacle, highest, registered, int(weight))


# ── GS1 keys ─────────────────────────────────────────────────────────────────────────────────────


def gs1_check_digit(payload: str) -> int:
    """The last digit of the GS1 key (GTIN, SSCC, GLN) that begins with the digits *payload*."""
    return int(ean.calc_check_digit(payload))


def gs1_check_ok(key: str) -> bool:
    """Whether the digits *key* end in the check digit that they require."""
    return int(key[-1]) == gs1_check_digit(key[:-1])


# ── Thai tax id ──────────────────────────────────────────────────────────────────────────────────

_TAX_ID: Final = re.compile(r"[0-9]{13}")


def tax_id_check_digit(digits: str) -> int:
    """The thirteenth digit that the first twelve of *digits* require."""
    return int(pin.calc_check_digit(digits))


def is_tax_id(text: str) -> bool:
    """Whether *text* is a Thai tax id as customs files it: thirteen digits and nothing else."""
    return bool(_TAX_ID.fullmatch(text)) and int(text[-1]) == tax_id_check_digit(text)


# ── Declaration numbers ──────────────────────────────────────────────────────────────────────────

_KIND: Final = r"(?P<document_type>[0-8ABCDPXY])"
_PERIOD: Final = r"(?P<year>[0-9]{2})(?P<month>0[1-9]|1[0-2])(?P<running>(?!00000)[0-9]{5})"
_ELECTRONIC: Final = re.compile(
    rf"(?P<series>[A-Z][0-9])(?P<day>0[1-9]|[12][0-9]|3[01]){_KIND}{_PERIOD}"
)
_OUTAGE: Final = re.compile(rf"(?P<office>[0-9]{{4}}){_KIND}{_PERIOD}")
_FIRST_BUDDHIST_YEAR: Final = 2543  # two digits mean 2543 to 2642, that is 2000 to 2099
_BUDDHIST_ERA: Final = 543


def declaration_number_parts(text: str) -> dict[str, str] | None:
    """The parts of a declaration number as customs keeps it; None if it is not one.

    An electronic number has series and day, one issued by hand in an outage has the office; both
    have document_type, year (Gregorian), month and running (e-Import manual 2018, p. 153 and the
    specimen of receipt กศก.123).  The day is not checked against the month.
    """
    match = _ELECTRONIC.fullmatch(text) or _OUTAGE.fullmatch(text)
    if not match:
        return None
    parts = match.groupdict()
    since_first = (int(parts["year"]) - _FIRST_BUDDHIST_YEAR) % 100
    return parts | {"year": str(_FIRST_BUDDHIST_YEAR + since_first - _BUDDHIST_ERA)}


def stored_declaration_number(printed: str) -> str | None:
    """``A0300601170019`` for the printed ``A030-0601170019``; None if that is not a number."""
    stored = printed[:4] + printed[4:].removeprefix("-")
    return stored if declaration_number_parts(stored) else None


def printed_declaration_number(stored: str) -> str:
    """``A030-0601170019`` for the stored ``A0300601170019``."""
    return f"{stored[:4]}-{stored[4:]}"


# ── Our own codes ────────────────────────────────────────────────────────────────────────────────

_OWN: Final = r"-[A-Z0-9]+(?:[-._/][A-Z0-9]+)*"
_LOCATION: Final = re.compile(rf"LOC{_OWN}")
_COMMAND: Final = re.compile(rf"CMD{_OWN}")
_OWN_LENGTH: Final = 40


def is_location_code(text: str) -> bool:
    """Whether *text* is a location's label, such as ``LOC-A1`` or ``LOC-A-01-03``."""
    return len(text) <= _OWN_LENGTH and bool(_LOCATION.fullmatch(text))


def is_command_code(text: str) -> bool:
    """Whether *text* is a command's label, such as ``CMD-CONFIRM``."""
    return len(text) <= _OWN_LENGTH and bool(_COMMAND.fullmatch(text))
