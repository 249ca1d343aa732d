"""What customs finds wrong in a declaration, by the e-Import manual of 2018.

Written apart from the warehouse's own rules, on purpose: the two check each other.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Final, Generic, TypeVar

from stdnum.th import tin

from warehouse.customs.gateway import DeclarationMessage, DutyMessage, LineMessage, Reason

T = TypeVar("T")

_SATANG: Final = Decimal("0.01")
_BAHT: Final = Decimal(1)
_ROUNDING: Final[Mapping[str, tuple[Decimal, str]]] = {
    **dict.fromkeys(("0100", "0105", "0111", "0300", "0500"), (_BAHT, ROUND_DOWN)),
    **dict.fromkeys(("0400", "1412", "1414", "1416", "1418"), (_SATANG, ROUND_DOWN)),
    **dict.fromkeys(("1420", "1422", "1424", "1426"), (_SATANG, ROUND_DOWN)),
    **dict.fromkeys(("0110", "0114", "0603", "1401", "1404"), (_SATANG, ROUND_HALF_UP)),
    **dict.fromkeys(("0310", "0320", "0330"), (_SATANG, ROUND_HALF_UP)),
}
"""How a declaration's total of each duty type is rounded (rounding table of 1 February 2018)."""

_SEVERAL_LINES_TOLERANCE: Final = Decimal(20)
_FOREIGN_TOLERANCE: Final = Decimal("0.5")
_HALF_A_RATE_DIGIT: Final = Decimal("0.000005")


@dataclass(frozen=True, slots=True)
class Check(Generic[T]):
    """What customs says, and when: *broken* tells whether a thing deserves it."""

    code: str
    text: str
    broken: Callable[[T], bool]


_CONTROL: Final[tuple[Check[DeclarationMessage], ...]] = (
    Check("C02", "Document Type Not Supported", lambda m: m.document_type not in {"0", "P"}),
    Check(
        "C03",
        "Company Tax Number Not Valid",
        lambda m: not _is_tax_number(m.importer.tax_number),
    ),
    Check(
        "C18", "Mode Of Transport Not Valid", lambda m: m.mode_of_transport not in set("12345789")
    ),
    Check(
        "C20", "Vessel Name Must Be BY MAIL", lambda m: _by_post(m) and m.vessel_name != "BY MAIL"
    ),
    Check(
        "C22",
        "Master Bill Of Lading Must Be Empty",
        lambda m: _by_post(m) and m.master_bill_of_lading != "",
    ),
    Check(
        "C27", "Discharge Port Not Equal Release Port", lambda m: m.release_port != m.discharge_port
    ),
    Check(
        "C33",
        "Total Net Weight Not Equal Sum Of Items",
        lambda m: m.total_net_weight_kg != sum(line.net_weight_kg for line in m.lines),
    ),
    Check(
        "C35",
        "Total Gross Weight Less Than Net Weight",
        lambda m: m.total_gross_weight_kg < m.total_net_weight_kg,
    ),
    Check("C39", "CIF Value Foreign Not Equal CIF Value Baht By Rate", lambda m: not _converts(m)),
    Check("C40", "CIF Value Baht Not Equal Sum Of Items", lambda m: not _cif_adds_up(m)),
    Check("C47", "Payment Method Not Valid", lambda m: m.payment_method not in set("AHL")),
    Check(
        "C47",
        "Payment Method Not Consistent With Total Tax",
        lambda m: (m.payment_method == "L") != (m.total_tax == 0),
    ),
    Check("C48", "Total Tax Not Equal Sum Of Duty", lambda m: m.total_tax != _total(m)),
    Check("C53", "Departure Date Required", lambda m: _out(m) and m.departure_date is None),
    Check("C56", "Guarantee Method Not Valid", lambda m: m.guarantee_method not in set("AHL")),
    Check(
        "C62",
        "Export Tax Incentives ID Required",
        lambda m: _out(m) and m.export_tax_incentives_id == "",
    ),
    Check("D01", "Item Number Not Consecutive", lambda m: not _numbered_in_order(m)),
)
_LINE: Final[tuple[Check[LineMessage], ...]] = (
    Check("D04", "Tariff Code Not Valid", lambda d: not _is_digits(d.tariff_code, 8)),
    Check("D06", "Statistical Code Not Valid", lambda d: not _is_digits(d.statistical_code, 3)),
    Check("D25", "Quantity Must Be Greater Than Zero", lambda d: d.quantity <= 0),
    Check("D37", "CIF Value Foreign Not Equal CIF Value Baht By Rate", lambda d: not _converts(d)),
    Check("D45", "Bond Must Be Y", lambda d: not d.in_bond),
    Check("T01", "Duty Type Not Valid", lambda d: not _duty_types_known_and_single(d)),
    Check(
        "T06",
        "Amount Paid Not Equal Amount Less Exemption",
        lambda d: any(duty.amount_paid != _paid(duty) for duty in d.duties),
    ),
)
_LINE_INTO_BOND: Final[tuple[Check[LineMessage], ...]] = (
    Check("D59", "Import Tax Incentives ID Required", lambda d: d.import_tax_incentives_id == ""),
    Check(
        "T07",
        "Exemption Rate Into Bond Must Be 100",
        lambda d: any(duty.amount_paid > 0 for duty in d.duties),
    ),
)
_LINE_OUT_OF_BOND: Final[tuple[Check[LineMessage], ...]] = (
    Check(
        "D51",
        "Reference Declaration Number And Line Required",
        lambda d: (
            d.reference_declaration_number is None or d.reference_declaration_line_number is None
        ),
    ),
)


def wrong_in(message: DeclarationMessage) -> list[Reason]:
    """Every reason to refuse *message* that its own text gives."""
    of_lines = _LINE + (_LINE_OUT_OF_BOND if _out(message) else _LINE_INTO_BOND)
    return [
        *(Reason(check.code, check.text) for check in _CONTROL if check.broken(message)),
        *(
            Reason(check.code, check.text, line.item_number)
            for line in message.lines
            for check in of_lines
            if check.broken(line)
        ),
    ]


def _out(message: DeclarationMessage) -> bool:
    return message.document_type == "P"


def _by_post(message: DeclarationMessage) -> bool:
    return message.mode_of_transport == "5"


def _numbered_in_order(message: DeclarationMessage) -> bool:
    numbers = [line.item_number for line in message.lines]
    return bool(numbers) and numbers == list(range(1, len(numbers) + 1))


def _cif_adds_up(message: DeclarationMessage) -> bool:
    difference = message.cif_value_baht - sum(line.cif_value_baht for line in message.lines)
    return abs(difference) <= (_SEVERAL_LINES_TOLERANCE if len(message.lines) > 1 else 0)


def _duty_types_known_and_single(line: LineMessage) -> bool:
    kinds = [duty.duty_type for duty in line.duties]
    return len(set(kinds)) == len(kinds) and _ROUNDING.keys() >= set(kinds)


def _paid(duty: DutyMessage) -> Decimal:
    exempt = duty.amount * duty.exemption_rate / 100
    return (duty.amount - exempt).quantize(_SATANG, ROUND_HALF_UP)


def _total(message: DeclarationMessage) -> Decimal:
    sums: dict[str, Decimal] = {}
    for line in message.lines:
        for duty in line.duties:
            sums[duty.duty_type] = sums.get(duty.duty_type, Decimal(0)) + duty.amount_paid
    return sum((_rounded(kind, amount) for kind, amount in sums.items()), Decimal(0))


def _rounded(duty_type: str, amount: Decimal) -> Decimal:
    unit, direction = _ROUNDING.get(duty_type, (_SATANG, ROUND_HALF_UP))
    return amount.quantize(unit, direction)


def _converts(thing: DeclarationMessage | LineMessage) -> bool:
    """CIF foreign = CIF baht ÷ rate, ±0.5 (manual p.136), and what five decimals of rate hide."""
    foreign, rate = thing.cif_value_foreign, thing.exchange_rate
    if rate == 0:
        return False
    tolerance = _FOREIGN_TOLERANCE + foreign * _HALF_A_RATE_DIGIT / rate
    return abs(foreign - thing.cif_value_baht / rate) <= tolerance


def _is_tax_number(text: str) -> bool:
    return _is_digits(text, 13) and tin.is_valid(text)


def _is_digits(text: str, count: int) -> bool:
    return re.fullmatch(f"[0-9]{{{count}}}", text) is not None
