"""What customs finds wrong in a declaration, by the e-Import and e-Export manuals of 2018.

Written apart from the warehouse's own rules, on purpose: the two check each other.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
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
    "0200": (_SATANG, ROUND_HALF_UP),  # export: not in the table
}
"""How a declaration's total of each duty type is rounded (rounding table of 1 February 2018)."""

_DEPOSIT_REASONS: Final = frozenset(
    ("D01", "D02", "D03", "D30", *(f"D{number:02}" for number in range(6, 19)))
)
"""Manual p.120."""
_NO_PERMIT_NEEDED: Final = frozenset({"EXCISE", "EXEMPT"})
_EXPORT_PARTS: Final = frozenset({"1PART3", "9PART3", "1PART4"})
_FURTHEST_DEPARTURE: Final = timedelta(days=20)

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
    Check("C02", "Document Type Not Supported", lambda m: m.document_type not in set("01ABCDP")),
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
        "C33",
        "Total Net Weight Not Equal Sum Of Items",
        lambda m: m.total_net_weight_kg != sum(line.net_weight_kg for line in m.lines),
    ),
    Check(
        "C35",
        "Total Gross Weight Less Than Net Weight",
        lambda m: m.total_gross_weight_kg < m.total_net_weight_kg,
    ),
    Check("C39", "Value Foreign Not Equal Value Baht By Rate", lambda m: not _converts(m)),
    Check("C40", "Value Baht Not Equal Sum Of Items", lambda m: not _value_adds_up(m)),
    Check("C47", "Payment Method Not Valid", lambda m: m.payment_method not in set("AHL")),
    Check(
        "C47",
        "Payment Method Not Consistent With Total Tax",
        lambda m: (m.payment_method == "L") != (m.total_tax == 0),
    ),
    Check("C48", "Total Tax Not Equal Sum Of Duty", lambda m: m.total_tax != _total(m)),
    Check("C49", "Total Deposit Not Equal Sum Of Duty", lambda m: m.total_deposit != _deposits(m)),
    Check("C56", "Guarantee Method Not Valid", lambda m: m.guarantee_method not in set("AHL")),
    Check(
        "C56",
        "Guarantee Method Not Consistent With Total Deposit",
        lambda m: (m.guarantee_method == "L") != (m.total_deposit == 0),
    ),
    Check(
        "C57",
        "Guarantee Type Not Valid For Method",
        lambda m: m.guarantee_type not in _GUARANTEE_TYPES.get(m.guarantee_method, ()),
    ),
    Check(
        "C62",
        "Export Tax Incentives ID Required",
        lambda m: _leaves_a_warehouse(m) and m.export_tax_incentives_id == "",
    ),
    Check("D01", "Item Number Not Consecutive", lambda m: not _numbered_in_order(m)),
    Check("I18", "Total Invoice Amount Not Equal Sum Of Items", lambda m: not _invoices_add_up(m)),
)
_GUARANTEE_TYPES: Final[Mapping[str, tuple[str, ...]]] = {
    "A": ("C", "B", "M"),
    "H": ("C", "E"),
    "L": ("",),
}
_CONTROL_IN: Final[tuple[Check[DeclarationMessage], ...]] = (
    Check(
        "C27", "Discharge Port Not Equal Release Port", lambda m: m.release_port != m.discharge_port
    ),
    Check(
        "C53",
        "Departure Date Required",
        lambda m: m.document_type in set("ACP") and m.departure_date is None,
    ),
    Check(
        "I15",
        "Consignor Country Must Be TH",
        lambda m: m.document_type in set("AC") and not _all_in_thailand(m),
    ),
)
_CONTROL_OUT: Final[tuple[Check[DeclarationMessage], ...]] = (
    Check(
        "C23",
        "House Bill Of Lading Must Be Empty",
        lambda m: _by_post(m) and m.house_bill_of_lading != "",
    ),
    Check(
        "C29",
        "Destination Country Not Consistent With Document Type",
        lambda m: (m.destination_country_code == "TH") != (m.document_type in set("BD")),
    ),
    Check(
        "I15",
        "Consignee Country Must Be TH",
        lambda m: m.document_type in set("BD") and not _all_in_thailand(m),
    ),
)
_LINE: Final[tuple[Check[LineMessage], ...]] = (
    Check("D04", "Tariff Code Not Valid", lambda d: not _is_digits(d.tariff_code, 8)),
    Check("D06", "Statistical Code Not Valid", lambda d: not _is_digits(d.statistical_code, 3)),
    Check("D25", "Quantity Must Be Greater Than Zero", lambda d: d.quantity <= 0),
    Check("D37", "Value Foreign Not Equal Value Baht By Rate", lambda d: not _converts(d)),
    Check("T01", "Duty Type Not Valid", lambda d: not _duty_types_known_and_single(d)),
    Check(
        "T06",
        "Amount Paid Not Equal Amount Less Exemption And Deposit",
        lambda d: any(not _pays_what_is_left(duty) for duty in d.duties),
    ),
    Check(
        "T08",
        "Deposit Amount Not Equal Sum Of Deposit",
        lambda d: any(
            duty.deposit_amount != sum(deposit.amount for deposit in duty.deposits)
            for duty in d.duties
        ),
    ),
    Check(
        "S01",
        "Deposit Reason Code Not Valid",
        lambda d: any(
            deposit.reason_code not in _DEPOSIT_REASONS
            for duty in d.duties
            for deposit in duty.deposits
        ),
    ),
    Check(
        "P03",
        "Permit Issue Authority Not Valid",
        lambda d: any(not _is_authority(permit.authority_id) for permit in d.permits),
    ),
)
_IN_BOND: Final[tuple[Check[LineMessage], ...]] = (
    Check("D45", "Bond Must Be Y", lambda d: not d.in_bond),
)
_INTO_BOND: Final[tuple[Check[LineMessage], ...]] = (
    *_IN_BOND,
    Check("D59", "Import Tax Incentives ID Required", lambda d: d.import_tax_incentives_id == ""),
    Check(
        "T07",
        "Exemption Rate Into Bond Must Be 100",
        lambda d: any(duty.amount_paid > 0 for duty in d.duties),
    ),
)
_REFERENCE: Final[Check[LineMessage]] = Check(
    "D51",
    "Reference Declaration Number And Line Required",
    lambda d: d.reference_declaration_number is None or d.reference_declaration_line_number is None,
)
_ABROAD: Final[tuple[Check[LineMessage], ...]] = (
    Check("D07", "Export Tariff Not Valid", lambda d: d.export_tariff not in _EXPORT_PARTS),
    Check("D08", "Privilege Code Not Valid", lambda d: d.privilege_code not in {"", "003", "004"}),
    Check(
        "D51",
        "Reference Declaration Number And Line Required Out Of Bond",
        lambda d: d.in_bond and _REFERENCE.broken(d),
    ),
)
_TO_ANOTHER_PLACE: Final[tuple[Check[LineMessage], ...]] = (
    *_ABROAD,
    *_IN_BOND,
    Check("D58", "Import Tax Incentives ID Required", lambda d: d.import_tax_incentives_id == ""),
)
_OF_LINES: Final[Mapping[str, tuple[Check[LineMessage], ...]]] = {
    "0": _INTO_BOND,
    "A": (*_INTO_BOND, _REFERENCE),
    "C": _INTO_BOND,
    "P": (*_IN_BOND, _REFERENCE),
    "1": _ABROAD,
    "B": _TO_ANOTHER_PLACE,
    "D": _TO_ANOTHER_PLACE,
}
"""What a line must fulfil beside `_LINE`, by document type (e-Import p.101, e-Tax Incentives)."""


def wrong_in(message: DeclarationMessage, today: date) -> list[Reason]:
    """Every reason to refuse *message*, received *today*, that its own text gives."""
    out = message.document_type in set("1BD")
    of_control = _CONTROL + (_CONTROL_OUT if out else _CONTROL_IN)
    of_lines = _LINE + _OF_LINES.get(message.document_type, ())
    reasons = [
        *(Reason(check.code, check.text) for check in of_control if check.broken(message)),
        *(
            Reason(check.code, check.text, line.item_number)
            for line in message.lines
            for check in of_lines
            if check.broken(line)
        ),
    ]
    if out and message.departure_date and message.departure_date > today + _FURTHEST_DEPARTURE:
        reasons.append(Reason("C21", "Departure Date More Than 20 Days Ahead"))
    return reasons


def _by_post(message: DeclarationMessage) -> bool:
    return message.mode_of_transport == "5"


def _numbered_in_order(message: DeclarationMessage) -> bool:
    numbers = [line.item_number for line in message.lines]
    return bool(numbers) and numbers == list(range(1, len(numbers) + 1))


def _leaves_a_warehouse(message: DeclarationMessage) -> bool:
    """Whether the message must say which: type 1 only for goods in bond (control field 59)."""
    if message.document_type == "1":
        return any(line.in_bond for line in message.lines)
    return message.document_type in set("ABDP")


def _all_in_thailand(message: DeclarationMessage) -> bool:
    return all(invoice.consignor_country_code == "TH" for invoice in message.invoices)


def _invoices_add_up(message: DeclarationMessage) -> bool:
    sums = dict.fromkeys((each.invoice_number for each in message.invoices), Decimal(0))
    for line in message.lines:
        sums[line.invoice_number] += line.cif_value_foreign
    return all(sums[each.invoice_number] == each.total_amount for each in message.invoices)


def _value_adds_up(message: DeclarationMessage) -> bool:
    difference = message.cif_value_baht - sum(line.cif_value_baht for line in message.lines)
    return abs(difference) <= (_SEVERAL_LINES_TOLERANCE if len(message.lines) > 1 else 0)


def _duty_types_known_and_single(line: LineMessage) -> bool:
    kinds = [duty.duty_type for duty in line.duties]
    return len(set(kinds)) == len(kinds) and _ROUNDING.keys() >= set(kinds)


def _pays_what_is_left(duty: DutyMessage) -> bool:
    """Amount paid and deposit are the amount less its exemption.

    A disputed part may be deposited on top of what is declared (manual p.107), so a deposit may
    stand for less than that, and never for more.
    """
    exempt = duty.amount * duty.exemption_rate / 100
    owed = (duty.amount - exempt).quantize(_SATANG, ROUND_HALF_UP)
    return owed == duty.amount_paid + duty.deposit_amount or (
        duty.deposit_amount > 0 and owed == duty.amount_paid
    )


def _total(message: DeclarationMessage) -> Decimal:
    sums: dict[str, Decimal] = {}
    for line in message.lines:
        for duty in line.duties:
            sums[duty.duty_type] = sums.get(duty.duty_type, Decimal(0)) + duty.amount_paid
    return sum((_rounded(kind, amount) for kind, amount in sums.items()), Decimal(0))


def _deposits(message: DeclarationMessage) -> Decimal:
    """Deposits are not rounded."""
    duties = (duty for line in message.lines for duty in line.duties)
    return sum((duty.deposit_amount for duty in duties), Decimal(0))


def _rounded(duty_type: str, amount: Decimal) -> Decimal:
    unit, direction = _ROUNDING.get(duty_type, (_SATANG, ROUND_HALF_UP))
    return amount.quantize(unit, direction)


def _converts(thing: DeclarationMessage | LineMessage) -> bool:
    """Value foreign = value baht ÷ rate ±0.5 (manual p.136), and what five decimals hide."""
    foreign, rate = thing.cif_value_foreign, thing.exchange_rate
    if rate == 0:
        return False
    tolerance = _FOREIGN_TOLERANCE + foreign * _HALF_A_RATE_DIGIT / rate
    return abs(foreign - thing.cif_value_baht / rate) <= tolerance


def _is_tax_number(text: str) -> bool:
    return _is_digits(text, 13) and tin.is_valid(text)


def _is_authority(text: str) -> bool:
    """An agency's tax number, a country for a certificate of origin, or a word of the manual."""
    return (
        _is_digits(text, 13)
        or text in _NO_PERMIT_NEEDED
        or re.fullmatch("[A-Z]{2}", text) is not None
    )


def _is_digits(text: str, count: int) -> bool:
    return re.fullmatch(f"[0-9]{{{count}}}", text) is not None
