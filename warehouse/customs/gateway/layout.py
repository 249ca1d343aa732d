"""The layout of each message: which field of ours stands in which element, in which format.

Formats are the e-Import manual's (``an..35``, ``n..16,2`` …); element names are those of published
samples.  See `messages` for what that is worth.
"""

from typing import Final

from warehouse.customs.gateway.fields import Day, Field, Instant, Number, Record, Text, Whole, YesNo

DECLARATION: Final = "http://ebxml.customs.go.th/XMLSchema/CustomsImportDeclaration_4_00"
RESPONSE: Final = "http://ebxml.customs.go.th/XMLSchema/CustomsResponse_8_00"

ROOT: Final = f"{{{DECLARATION}}}CustomsImportDeclaration"
RECEIPT_ROOT: Final = f"{{{RESPONSE}}}CustomsReceipt"
ANSWER_ROOT: Final = f"{{{RESPONSE}}}CustomsResponse"

_MONEY: Final = Number(16, 2)
_WEIGHT: Final = Number(11, 3)
_RATE: Final = Number(12, 5, rounded=True)
_DUTY_RATE: Final = Number(17, 3)
KGM: Final = "KGM"

HEADER: Final[Record] = (
    Field("message_id", "MessageId", Text(36, shortest=36)),
    Field("version", "Version", Whole(4)),
)
CONTROL: Final[Record] = (
    Field("reference_number", "ReferenceNumber", Text(13, shortest=13)),
    Field("document_type", "DocumentType", Text(1)),
    Field("mode_of_transport", "BorderTransportMeans/ModeCode", Text(1)),
    Field("vessel_name", "BorderTransportMeans/VesselName", Text(35)),
    Field("arrival_date", "BorderTransportMeans/ArrivalDate", Day()),
    Field("master_bill_of_lading", "BillofLading/Master", Text(35), absent=""),
    Field("house_bill_of_lading", "BillofLading/House", Text(35)),
    Field("release_port", "ReleasePort", Text(4)),
    Field("discharge_port", "DischargePort", Text(4)),
    Field("origin_country_code", "OriginCountryCode", Text(2, shortest=2)),
    Field("consignment_country_code", "ConsignmentCountryCode", Text(2, shortest=2)),
    Field("shipping_marks", "TotalPackage/ShippingMarks", Text(512)),
    Field("total_package_amount", "TotalPackage/Amount", Whole(8)),
    Field("total_package_unit_code", "TotalPackage/UnitCode", Text(2, shortest=2)),
    Field("total_net_weight_kg", "TotalNetWeight/Weight", _WEIGHT),
    Field("total_gross_weight_kg", "TotalGrossWeight/Weight", _WEIGHT),
    Field("currency_code", "CurrencyCode", Text(3, shortest=3)),
    Field("exchange_rate", "RateofExchange", _RATE),
    Field("cif_value_foreign", "CIFValue/Foreign", _MONEY),
    Field("cif_value_baht", "CIFValue/Baht", _MONEY),
    Field("payment_method", "BankInfo/PaymentMethod", Text(1)),
    Field("total_tax", "TotalTax", _MONEY),
    Field("total_deposit", "TotalDeposit", _MONEY),
    Field("departure_date", "DepartureDate", Day(), absent=None),
    Field("guarantee_method", "ObligationGuarantee/Method", Text(1)),
    Field("guarantee_type", "ObligationGuarantee/Type", Text(1), absent=""),
    Field("export_tax_incentives_id", "ExportTaxIncentivesID", Text(17), absent=""),
    Field("registration_id", "RegistrationID", Text(35)),
)
IMPORTER: Final[Record] = (
    Field("tax_number", "Importer/TaxNumber", Text(17)),
    Field("branch", "Importer/Branch", Text(6)),
    Field("name", "Importer/ThaiName", Text(120)),
    Field("english_name", "Importer/EnglishName", Text(70)),
    Field("street_and_number", "Importer/StreetAndNumber", Text(70)),
    Field("district", "Importer/District", Text(35), absent=""),
    Field("sub_province", "Importer/SubProvince", Text(35), absent=""),
    Field("province", "Importer/Province", Text(35), absent=""),
    Field("postcode", "Importer/Postcode", Text(9)),
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
INVOICE: Final[Record] = (
    Field("invoice_number", "InvoiceNumber", Text(35)),
    Field("invoice_date", "InvoiceDate", Day()),
    Field("purchase_order_number", "PurchaseOrderNumber", Text(35)),
    Field("term_of_payment_code", "TermOfPaymentCode", Text(17)),
    Field("trade_terms", "TradeTerms", Text(3, shortest=3)),
    Field("buyer_status", "BuyerStatus", Text(2)),
    Field("consignor_status", "ConsignorStatus", Text(2)),
    Field("commercial_level", "CommercialLevel", Text(2)),
    Field("consignor_name", "Consignor/Name", Text(120)),
    Field("consignor_street_and_number", "Consignor/StreetAndNumber", Text(70)),
    Field("consignor_postcode", "Consignor/Postcode", Text(9)),
    Field("consignor_country_code", "Consignor/CountryCode", Text(2, shortest=2)),
    Field("currency_code", "InvoiceCurrencyCode", Text(3, shortest=3)),
    Field("total_amount", "TotalInvoiceAmount", _MONEY),
)
LINE: Final[Record] = (
    Field("item_number", "ItemNumber", Whole(4)),
    Field("tariff_code", "TariffCode", Text(12)),
    Field("tariff_sequence", "TariffSequence", Text(5)),
    Field("statistical_code", "StatisticalCode", Text(3)),
    Field("privilege_code", "PrivilegeCode", Text(3, shortest=3)),
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
    Field("cif_value_foreign", "CIFValue/Foreign", _MONEY),
    Field("cif_value_baht", "CIFValue/Baht", _MONEY),
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
)
DUTY: Final[Record] = (
    Field("duty_type", "DutyType", Text(4, shortest=4)),
    Field("value_rate", "ValueRate", _DUTY_RATE),
    Field("specific_rate", "SpecificRate", _DUTY_RATE),
    Field("amount", "Amount", _MONEY),
    Field("amount_paid", "AmountPaid", _MONEY),
    Field("exemption_rate", "ExemptionRate", Number(5, 2)),
)
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
)
REASON: Final[Record] = (
    Field("code", "ErrorCode", Text(35)),
    Field("text", "Message", Text(512)),
    Field("line", "ItemNumber", Whole(4), absent=None),
)
