"""The layout of each message: which field of ours stands in which element, in which format.

Formats are the manuals' (``an..35``, ``n..16,2`` …); element names are those of published samples.
See `messages` for what that is worth.  Types 1, B and D take the export layout, all others the
import layout (e-Tax Incentives).
"""

from dataclasses import dataclass
from typing import Final

from warehouse.customs.gateway.fields import Day, Field, Instant, Number, Record, Text, Whole, YesNo

_SCHEMA: Final = "http://ebxml.customs.go.th/XMLSchema/"
RESPONSE: Final = f"{_SCHEMA}CustomsResponse_8_00"

RECEIPT_ROOT: Final = f"{{{RESPONSE}}}CustomsReceipt"
ANSWER_ROOT: Final = f"{{{RESPONSE}}}CustomsResponse"

_MONEY: Final = Number(16, 2)
_WEIGHT: Final = Number(11, 3)
_RATE: Final = Number(12, 5, rounded=True)
_DUTY_RATE: Final = Number(17, 3)
KGM: Final = "KGM"


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each field of a declaration stands."""

    namespace: str
    root: str
    control: Record
    trader: Record
    """Who declares."""
    invoice: Record
    line: Record
    derived: Record
    """What follows from other fields of a line: written, and not read."""


HEADER: Final[Record] = (
    Field("message_id", "MessageId", Text(36, shortest=36)),
    Field("version", "Version", Whole(4)),
    Field("function", "Function", Text(2)),
    Field("declaration_number", "DeclarationNumber", Text(14, shortest=14), absent=None),
    Field("reason", "Reason", Text(300), absent=""),
)

_CONTROL_BEGINS: Final[Record] = (
    Field("reference_number", "ReferenceNumber", Text(13, shortest=13)),
    Field("document_type", "DocumentType", Text(1)),
    Field("mode_of_transport", "BorderTransportMeans/ModeCode", Text(1)),
)
_MEASURES: Final[Record] = (
    Field("shipping_marks", "TotalPackage/ShippingMarks", Text(512)),
    Field("total_package_amount", "TotalPackage/Amount", Whole(8)),
    Field("total_package_unit_code", "TotalPackage/UnitCode", Text(2, shortest=2)),
    Field("total_net_weight_kg", "TotalNetWeight/Weight", _WEIGHT),
    Field("total_gross_weight_kg", "TotalGrossWeight/Weight", _WEIGHT),
    Field("currency_code", "CurrencyCode", Text(3, shortest=3)),
    Field("exchange_rate", "RateofExchange", _RATE),
)
_CHARGES: Final[Record] = (
    Field("payment_method", "BankInfo/PaymentMethod", Text(1)),
    Field("total_tax", "TotalTax", _MONEY),
    Field("total_deposit", "TotalDeposit", _MONEY),
    Field("guarantee_method", "ObligationGuarantee/Method", Text(1)),
    Field("guarantee_type", "ObligationGuarantee/Type", Text(1), absent=""),
    Field("export_tax_incentives_id", "ExportTaxIncentivesID", Text(17), absent=""),
    Field("registration_id", "RegistrationID", Text(35)),
)
PERSON: Final[Record] = (
    Field("customs_clearance_id_card", "AuthorisedPerson/CustomsClearanceIDCard", Text(17)),
    Field("customs_clearance_name", "AuthorisedPerson/CustomsClearanceName", Text(35)),
    Field("manager_id_card", "AuthorisedPerson/ManagerIDCard", Text(17)),
    Field("manager_name", "AuthorisedPerson/ManagerName", Text(35)),
)
OWNER: Final[Record] = (
    Field("tax_number", "TradingPartner/TaxNumber", Text(17)),
    Field("branch", "TradingPartner/Branch", Text(6)),
)
DUTY: Final[Record] = (
    Field("duty_type", "DutyType", Text(4, shortest=4)),
    Field("value_rate", "ValueRate", _DUTY_RATE),
    Field("specific_rate", "SpecificRate", _DUTY_RATE),
    Field("amount", "Amount", _MONEY),
    Field("amount_paid", "AmountPaid", _MONEY),
    Field("exemption_rate", "ExemptionRate", Number(5, 2)),
    Field("deposit_amount", "DepositAmount", _MONEY),
)
DEPOSIT: Final[Record] = (
    Field("reason_code", "DepositReasonCode", Text(3, shortest=3)),
    Field("amount", "DepositAmount", _MONEY),
)
PERMIT: Final[Record] = (
    Field("number", "PermitNumber", Text(35)),
    Field("issue_date", "IssueDate", Day()),
    Field("authority_id", "PermitIssueAuthority", Text(17)),
)


def _trader(element: str) -> Record:
    return (
        Field("tax_number", f"{element}/TaxNumber", Text(17)),
        Field("branch", f"{element}/Branch", Text(6)),
        Field("name", f"{element}/ThaiName", Text(120)),
        Field("english_name", f"{element}/EnglishName", Text(70)),
        Field("street_and_number", f"{element}/StreetAndNumber", Text(70)),
        Field("district", f"{element}/District", Text(35), absent=""),
        Field("sub_province", f"{element}/SubProvince", Text(35), absent=""),
        Field("province", f"{element}/Province", Text(35), absent=""),
        Field("postcode", f"{element}/Postcode", Text(9)),
    )


def _invoice(ours: str, other: str) -> Record:
    """*ours*: our status in the trade; *other*: the foreign party, and its element."""
    return (
        Field("invoice_number", "InvoiceNumber", Text(35)),
        Field("invoice_date", "InvoiceDate", Day()),
        Field("purchase_order_number", "PurchaseOrderNumber", Text(35)),
        Field("term_of_payment_code", "TermOfPaymentCode", Text(17)),
        Field("trade_terms", "TradeTerms", Text(3, shortest=3)),
        Field("buyer_status", ours, Text(2)),
        Field("consignor_status", f"{other}Status", Text(2)),
        Field("commercial_level", "CommercialLevel", Text(2)),
        Field("consignor_name", f"{other}/Name", Text(120)),
        Field("consignor_street_and_number", f"{other}/StreetAndNumber", Text(70)),
        Field("consignor_postcode", f"{other}/Postcode", Text(9)),
        Field("consignor_country_code", f"{other}/CountryCode", Text(2, shortest=2)),
        Field("currency_code", "InvoiceCurrencyCode", Text(3, shortest=3)),
        Field("total_amount", "TotalInvoiceAmount", _MONEY),
    )


def _value(element: str) -> Record:
    """The customs value: CIF coming in, FOB going out."""
    return (
        Field("cif_value_foreign", f"{element}/Foreign", _MONEY),
        Field("cif_value_baht", f"{element}/Baht", _MONEY),
    )


def _line(value: str) -> Record:
    return (
        Field("item_number", "ItemNumber", Whole(4)),
        Field("tariff_code", "TariffCode", Text(12)),
        Field("tariff_sequence", "TariffSequence", Text(5)),
        Field("statistical_code", "StatisticalCode", Text(3)),
        Field("nature_of_transaction", "NatureOfTransaction", Text(2, shortest=2)),
        Field("product_code", "ProductCode", Text(35), absent=""),
        Field("thai_description", "ThaiDescription", Text(512)),
        Field("english_description", "EnglishDescription", Text(512)),
        Field("product_year", "ProductYear", Text(4)),
        Field("brand_name", "BrandName", Text(35)),
        Field("origin_country_code", "OriginCountryCode", Text(2, shortest=2)),
        Field("net_weight_kg", "NetWeight/Weight", _WEIGHT),
        Field("quantity", "Quantity/Amount", Number(14, 3)),
        Field("quantity_unit_code", "Quantity/UnitCode", Text(3)),
        Field("currency_code", "CurrencyCode", Text(3, shortest=3)),
        Field("exchange_rate", "RateofExchange", _RATE),
        Field("unit_price_foreign", "UnitPrice/Foreign", Number(16, 5, rounded=True)),
        *_value(value),
        Field("cif_value_assess", f"{value}/Assess", _MONEY, absent=None),
        Field("shipping_marks", "ShippingMarks", Text(512)),
        Field("in_bond", "Bond", YesNo()),
        Field(
            "reference_declaration_number",
            "ReferenceDeclaration/DeclarationNumber",
            Text(14),
            absent=None,
        ),
        Field(
            "reference_declaration_line_number",
            "ReferenceDeclaration/LineNumber",
            Whole(4),
            absent=None,
        ),
        Field("import_tax_incentives_id", "ImportTaxIncentivesID", Text(17), absent=""),
        Field("origin_criteria", "OriginCriteria", Text(35), absent=""),
    )


_DERIVED: Final[Record] = (
    Field("item_number", "InvoiceItemNumber", Whole(4)),
    Field("unit_price_baht", "UnitPrice/Baht", _MONEY),
    Field("quantity", "InvoiceQuantity/Amount", Number(14, 3)),
    Field("quantity_unit_code", "InvoiceQuantity/UnitCode", Text(3)),
    Field("invoice_amount_foreign", "InvoiceAmount/Foreign", _MONEY),
    Field("invoice_amount_baht", "InvoiceAmount/Baht", _MONEY),
)

IMPORT: Final = Layout(
    namespace=f"{_SCHEMA}CustomsImportDeclaration_4_00",
    root="CustomsImportDeclaration",
    control=(
        *_CONTROL_BEGINS,
        Field("vessel_name", "BorderTransportMeans/VesselName", Text(35)),
        Field("arrival_date", "BorderTransportMeans/ArrivalDate", Day()),
        Field("master_bill_of_lading", "BillofLading/Master", Text(35), absent=""),
        Field("house_bill_of_lading", "BillofLading/House", Text(35)),
        Field("release_port", "ReleasePort", Text(4)),
        Field("discharge_port", "DischargePort", Text(4)),
        Field("origin_country_code", "OriginCountryCode", Text(2, shortest=2)),
        Field("consignment_country_code", "ConsignmentCountryCode", Text(2, shortest=2)),
        *_MEASURES,
        *_value("CIFValue"),
        *_CHARGES,
        Field("departure_date", "DepartureDate", Day(), absent=None),
    ),
    trader=_trader("Importer"),
    invoice=_invoice("BuyerStatus", "Consignor"),
    line=(
        *_line("CIFValue"),
        Field("privilege_code", "PrivilegeCode", Text(3, shortest=3)),
        Field("excise_quantity", "ExciseQuantity/Amount", Number(14, 3), absent=None),
        Field("excise_unit_code", "ExciseQuantity/UnitCode", Text(3), absent=""),
        Field("retail_price_baht", "DeductedAmount", _MONEY, absent=None),
        Field("origin_certificate", "OriginCertificate", Text(35), absent=""),
    ),
    derived=_DERIVED,
)
EXPORT: Final = Layout(
    namespace=f"{_SCHEMA}CustomsExportDeclaration_4_00",
    root="CustomsExportDeclaration",
    control=(
        *_CONTROL_BEGINS,
        Field("cargo_type_code", "BorderTransportMeans/CargoTypeCode", Text(1)),
        Field("vessel_name", "BorderTransportMeans/VesselName", Text(35)),
        Field("departure_date", "BorderTransportMeans/DepartureDate", Day()),
        Field("master_bill_of_lading", "BillofLading/Master", Text(35), absent=""),
        Field("house_bill_of_lading", "BillofLading/House", Text(35), absent=""),
        Field("release_port", "ReleasePort", Text(4)),
        Field("discharge_port", "LoadPort", Text(4)),
        Field("purchase_country_code", "PurchaseCountryCode", Text(2, shortest=2)),
        Field("destination_country_code", "DestinationCountryCode", Text(2, shortest=2)),
        *_MEASURES,
        *_value("FOBValue"),
        *_CHARGES,
    ),
    trader=_trader("Exporter"),
    invoice=_invoice("SellerStatus", "Consignee"),
    line=(
        *_line("FOBValue"),
        Field("export_tariff", "ExportTariff", Text(12)),
        Field("privilege_code", "PrivilegeCode", Text(3, shortest=3), absent=""),
        Field("purchase_country_code", "PurchaseCountryCode", Text(2, shortest=2)),
    ),
    derived=_DERIVED,
)
LAYOUTS: Final = {f"{{{each.namespace}}}{each.root}": each for each in (IMPORT, EXPORT)}
"""By the name of the root element."""

GOING_OUT: Final = frozenset({"1", "B", "D"})


def of(document_type: str) -> Layout:
    """How declarations of *document_type* are laid out."""
    return EXPORT if document_type in GOING_OUT else IMPORT


RECEIPT: Final[Record] = (
    Field("message_id", "MessageId", Text(36, shortest=36)),
    Field("accepted", "Accepted", YesNo()),
    Field("at", "DateTime", Instant()),
)
ANSWER: Final[Record] = (
    Field("answer_id", "AnswerId", Text(64)),
    Field("message_id", "MessageId", Text(36, shortest=36)),
    Field("reference_number", "ReferenceNumber", Text(13, shortest=13)),
    Field("sequence", "Sequence", Whole(4)),
    Field("kind", "Status", Text(40)),
    Field("at", "DateTime", Instant()),
    Field(
        "declaration_number",
        "DocumentDetail/DeclarationAccept/DeclarationNumber",
        Text(14, shortest=14),
        absent=None,
    ),
    Field(
        "payment_number",
        "DocumentDetail/DeclarationPayment/PaymentNumber",
        Text(30),
        absent=None,
    ),
)
RELEASED_LINE: Final[Record] = (Field("item_number", "ItemNumber", Whole(4)),)
REASON: Final[Record] = (
    Field("code", "ErrorCode", Text(35)),
    Field("text", "Message", Text(512)),
    Field("line", "ItemNumber", Whole(4), absent=None),
)
