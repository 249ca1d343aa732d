"""Customs as the warehouse sees it: what is filed, what comes back, and who may be asked.

Field names follow the e-Import manual of 2018 (control, invoice, detail, duty, permit, deposit),
units last; types 1, B and D carry the fields of the e-Export manual under the same names.  How they
travel is the adapter's business: `http` speaks signed XML, and no other module knows XML.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final, Protocol
from uuid import UUID

from warehouse.core.errors import WarehouseError
from warehouse.core.i18n import N_
from warehouse.core.money import to_satang

NOT_KNOWN: Final = "N/A"
"""What the manual wants in a mandatory text field whose value cannot be known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Who declares: the licensee, or one it authorised (control fields 3–11)."""

    tax_number: str
    branch: str
    name: str
    english_name: str
    street_and_number: str
    district: str = ""
    sub_province: str = ""
    province: str = ""
    postcode: str = NOT_KNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorisedPerson:
    """Who clears the goods and who answers for it (control fields 14–17)."""

    customs_clearance_id_card: str = NOT_KNOWN
    customs_clearance_name: str = NOT_KNOWN
    manager_id_card: str = NOT_KNOWN
    manager_name: str = NOT_KNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class TradingPartner:
    """The owner of goods that the operator stores for others (control fields 63–64)."""

    tax_number: str
    branch: str = "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceMessage:
    """One invoice of the consignment (invoice fields 1–18).

    Going out the consignor's fields hold the consignee, and the buyer's status is our own.
    """

    invoice_number: str
    invoice_date: date
    currency_code: str
    total_amount: Decimal
    """Σ of the foreign amounts of its lines."""
    consignor_name: str
    consignor_country_code: str
    consignor_street_and_number: str = NOT_KNOWN
    consignor_postcode: str = NOT_KNOWN
    purchase_order_number: str = NOT_KNOWN
    term_of_payment_code: str = NOT_KNOWN
    trade_terms: str = "CIF"
    """Incoterm."""
    buyer_status: str = "OT"
    consignor_status: str = "OT"
    commercial_level: str = "RE"


class MessageFunction(StrEnum):
    """What a message does to the declaration it names (UN/EDIFACT data element 1225)."""

    ORIGINAL = "9"
    AMENDMENT = "5"
    CANCELLATION = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositMessage:
    """A sum left with customs for a reason (deposit fields 1–2); D01 price, D02 tariff …."""

    reason_code: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PermitMessage:
    """A permit that a line names (permit fields 1–3)."""

    number: str
    issue_date: date
    authority_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyMessage:
    """One duty or tax of a line (duty fields 1–8); 0100 import, 0300 excise, 0500 VAT …."""

    duty_type: str
    value_rate: Decimal
    """Per cent of the base."""
    amount: Decimal
    amount_paid: Decimal
    exemption_rate: Decimal = Decimal(0)
    """Per cent; 100 while goods stand in bond."""
    specific_rate: Decimal = Decimal(0)
    """Baht a unit."""
    deposit_amount: Decimal = Decimal(0)
    """Σ of *deposits*."""
    deposits: tuple[DepositMessage, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LineMessage:
    """One line of goods (detail fields 1–76)."""

    item_number: int
    invoice_number: str
    tariff_code: str
    """HS, eight digits."""
    statistical_code: str
    privilege_code: str
    thai_description: str
    english_description: str
    origin_country_code: str
    net_weight_kg: Decimal
    quantity: Decimal
    quantity_unit_code: str
    currency_code: str
    exchange_rate: Decimal
    """Baht for one unit of *currency_code*."""
    unit_price_foreign: Decimal
    cif_value_foreign: Decimal
    cif_value_baht: Decimal
    in_bond: bool
    """The manual's *Bond* flag: into bond (0), or out of it (P)."""
    duties: tuple[DutyMessage, ...]
    reference_declaration_number: str | None = None
    """P: the declaration that brought the goods into bond …"""
    reference_declaration_line_number: int | None = None
    """… and its line."""
    import_tax_incentives_id: str = ""
    """The licence of the place that takes the goods in: ours (0, A, C), or another's (B, D)."""
    purchase_country_code: str = ""
    """1, B, D: where the buyer is."""
    export_tariff: str = ""
    """Going abroad: the part of the export tariff, such as ``9PART3``."""
    cif_value_assess: Decimal | None = None
    """The value that customs set, in baht; it replaces CIF as the base."""
    excise_quantity: Decimal | None = None
    """As the excise tariff counts, in *excise_unit_code*, where the line counts otherwise."""
    excise_unit_code: str = ""
    retail_price_baht: Decimal | None = None
    """As suggested, of one, in the manual's *DeductedAmount*."""
    origin_criteria: str = ""
    origin_certificate: str = ""
    permits: tuple[PermitMessage, ...] = ()
    product_code: str = ""
    product_year: str = "0"
    brand_name: str = "NO BRAND"
    tariff_sequence: str = "0"
    nature_of_transaction: str = "11"
    """11 trade, 21 gift or without value, 90 other."""
    shipping_marks: str = "NO SHIPPING MARK"

    @property
    def unit_price_baht(self) -> Decimal:
        """Field 30."""
        return to_satang(self.unit_price_foreign * self.exchange_rate)

    @property
    def invoice_amount_foreign(self) -> Decimal:
        """Field 33: the price of the quantity that the invoice names, which is ours."""
        return to_satang(self.unit_price_foreign * self.quantity)

    @property
    def invoice_amount_baht(self) -> Decimal:
        """Field 34."""
        return to_satang(self.invoice_amount_foreign * self.exchange_rate)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclarationMessage:
    """Everything that is filed in one declaration (control fields 1–73, and below it the rest)."""

    message_id: UUID
    """Ours; the same id may be sent again and counts once."""
    version: int
    """1, then 2 … when a rejected declaration is filed again, or an accepted one is amended."""
    function: MessageFunction = MessageFunction.ORIGINAL
    declaration_number: str | None = None
    """Customs' own, of the declaration that is to be amended or cancelled …"""
    reason: str = ""
    """… and why."""
    reference_number: str
    """13 characters, ours, known before customs issues a number."""
    document_type: str
    """The manual's code; see `DocumentType`.  1, B and D take the export layout."""
    importer: Company
    vessel_name: str
    """``BY MAIL`` for the post."""
    mode_of_transport: str
    """1 sea, 2 rail, 3 road, 4 air, 5 post."""
    release_port: str
    discharge_port: str
    """1, B, D: the port of loading."""
    total_package_amount: int
    total_package_unit_code: str
    total_net_weight_kg: Decimal
    total_gross_weight_kg: Decimal
    currency_code: str
    exchange_rate: Decimal
    cif_value_foreign: Decimal
    """1, B, D: FOB, here and in the lines."""
    cif_value_baht: Decimal
    payment_method: str
    """A at customs, H through a bank, L nothing due."""
    total_tax: Decimal
    """Payable baht: per duty type Σ AmountPaid of the lines, rounded by the rounding table."""
    guarantee_method: str
    """A, H or L as above."""
    invoices: tuple[InvoiceMessage, ...]
    lines: tuple[LineMessage, ...]
    arrival_date: date | None = None
    """0, A, C, P."""
    house_bill_of_lading: str = ""
    """0, A, C, P: the postal number.  Going out by post there is none."""
    origin_country_code: str = ""
    """0, A, C, P."""
    consignment_country_code: str = ""
    """0, A, C, P."""
    total_deposit: Decimal = Decimal(0)
    authorised_person: AuthorisedPerson = AuthorisedPerson()
    owner: TradingPartner | None = None
    departure_date: date | None = None
    """A, C, P: the day the goods leave bond or zone; 1, B, D: the day they are to leave."""
    export_tax_incentives_id: str = ""
    """1, A, B, C, D, P: the licence of the warehouse that the goods leave."""
    cargo_type_code: str = "0"
    """1, B, D; 0: not known."""
    destination_country_code: str = ""
    """1, B, D."""
    purchase_country_code: str = ""
    """1, B, D: where the buyer is."""
    master_bill_of_lading: str = ""
    shipping_marks: str = "NO SHIPPING MARK"
    guarantee_type: str = ""
    """C cash, B bank guarantee, E e-Guarantee, M official letter."""
    registration_id: str = NOT_KNOWN


@dataclass(frozen=True, slots=True)
class Reason:
    """Why customs refused: its *code*, its words, and the line it means (None: the whole)."""

    code: str
    text: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What customs said on the spot: taken in for processing, or refused with *reasons*."""

    message_id: UUID
    accepted: bool
    at: datetime
    """Customs' own instant."""
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """An answer as it came, to be kept before anybody reads it."""

    transport_id: str
    """Its place in customs' mailbox; *after* of the next fetch.  Copies have ids of their own."""
    content: bytes


class AnswerKind(StrEnum):
    """What customs tells of a declaration, later than its receipt (e-Import manual, flow).

    The last ones answer an amendment or a cancellation of ours, under its own message id.
    """

    REJECTED = "rejected"
    ACCEPTED_WITHOUT_NUMBER = "accepted-without-number"
    NUMBERED = "numbered"
    PAID = "paid"
    GUARANTEED = "guaranteed"
    EXEMPT = "exempt"
    GREEN = "green"
    RED = "red"
    EXAMINED = "examined"
    PART_RELEASED = "part-released"
    RELEASED = "released"
    STOPPED = "stopped"
    EXIT_CONFIRMED = "exit-confirmed"
    AMENDED = "amended"
    AMENDMENT_REFUSED = "amendment-refused"
    CANCELLED = "cancelled"
    CANCELLATION_REFUSED = "cancellation-refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A verified answer: somebody with customs' key said this of that message."""

    answer_id: str
    """Customs' id of what is said; copies of one answer share it."""
    message_id: UUID
    reference_number: str
    sequence: int
    """1, 2, 3 … within one message: the order in which customs decided."""
    kind: AnswerKind
    at: datetime
    """Customs' own instant."""
    declaration_number: str | None = None
    payment_number: str | None = None
    """Of PAID and GUARANTEED, such as ``0110-090005/14-06-61``."""
    lines: tuple[int, ...] = ()
    """Of PART_RELEASED: the lines that may go; the others stay."""
    errors: tuple[Reason, ...] = ()


class Gateway(Protocol):
    """What is asked of customs."""

    def compose(self, message: DeclarationMessage) -> bytes:
        """*message* as the document that will travel, signed; nothing is sent.

        Raises:
            Unspeakable: *message* holds what no document can carry.
        """
        ...

    def submit(self, message_id: UUID, document: bytes) -> Receipt:
        """File *document*, composed of message *message_id*; a refusal is a receipt too.

        The same message id may be sent again and counts once.

        Raises:
            Unavailable: customs gave no answer; whether it has the message is unknown.
        """
        ...

    def query(self, message_id: UUID) -> Receipt | None:
        """What customs said to *message_id*; None if it never arrived and may be sent.

        Raises:
            Unavailable: customs gave no answer.
        """
        ...

    def fetch_answers(self, after: str | None) -> list[RawAnswer]:
        """The next answers in customs' mailbox behind *after* (None: from the first), unread.

        Store them, then read each with `messages.read_answer`.

        Raises:
            Unavailable: customs gave no answer.
        """
        ...


class Unspeakable(WarehouseError):
    """A value of ours does not fit the field it must travel in."""

    status = 422
    code = "unspeakable-declaration"
    message = N_("{field} cannot be filed: {value}")


class Unreadable(WarehouseError):
    """What came from customs cannot be taken as an answer of customs."""

    status = 502
    code = "unreadable-answer"
    message = N_("An answer from customs cannot be used.")


class NotXml(Unreadable):
    """Not a well-formed UTF-8 document of sane size."""

    code = "answer-not-xml"
    message = N_("An answer from customs is not an XML document.")


class ForbiddenXml(Unreadable):
    """It declares a document type or entities, or is larger or deeper than any answer."""

    code = "answer-forbidden-xml"
    message = N_("An answer from customs holds what no message may hold.")


class BadSignature(Unreadable):
    """Unsigned, changed after signing, or signed in a way we do not accept."""

    code = "answer-bad-signature"
    message = N_("The signature on an answer from customs is not valid.")


class WrongSender(Unreadable):
    """Well signed, by another key than the one we pinned."""

    code = "answer-wrong-sender"
    message = N_("An answer was signed by somebody who is not customs.")


class ExpiredCertificate(Unreadable):
    """The pinned certificate is not valid at this instant."""

    code = "answer-expired-certificate"
    message = N_("The certificate of customs is not valid at this time.")


class UnknownShape(Unreadable):
    """Signed by customs, and not a message we know."""

    code = "answer-unknown-shape"
    message = N_("An answer from customs lacks {field}, or it cannot be understood.")
