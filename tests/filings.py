"""Declarations to file: one into bond, and one out of it against duty."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from warehouse.core import ids
from warehouse.customs.gateway import (
    Company,
    DeclarationMessage,
    DutyMessage,
    InvoiceMessage,
    LineMessage,
    MessageFunction,
    TradingPartner,
)
from warehouse.customs.gateway.signing import Keys, self_signed

LICENCE = "W0110000000001"
"""A general bonded warehouse (W, 01) in province 100."""
OTHER_LICENCE = "W0120000000002"


def key_rings() -> tuple[Keys, Keys]:
    """The warehouse's keys and customs' keys, each pinning the other's certificate."""
    ours, our_certificate = self_signed("warehouse")
    theirs, their_certificate = self_signed("customs")
    return (
        Keys(ours, our_certificate, peer=their_certificate),
        Keys(theirs, their_certificate, peer=our_certificate),
    )


def into_bond(reference: str = "WHSE000000001", **changes: Any) -> DeclarationMessage:
    """Ten bags from China, CIF 31,300 baht, duty and VAT suspended."""
    line = LineMessage(
        item_number=1,
        invoice_number="INV-1",
        tariff_code="42022200",
        statistical_code="000",
        privilege_code="000",
        thai_description="กระเป๋าถือ <ผ้า> & หนัง",
        english_description="HANDBAG",
        origin_country_code="CN",
        net_weight_kg=Decimal("4.000"),
        quantity=Decimal("10.000"),
        quantity_unit_code="C62",
        currency_code="USD",
        exchange_rate=Decimal("31.30000"),
        unit_price_foreign=Decimal("100.00000"),
        cif_value_foreign=Decimal("1000.00"),
        cif_value_baht=Decimal("31300.00"),
        in_bond=True,
        excise_quantity=Decimal("1.680"),
        excise_unit_code="LTR",
        retail_price_baht=Decimal("1490.00"),
        import_tax_incentives_id=LICENCE,
        duties=(
            _duty("0100", "20", "6260.00", exemption="100"),
            _duty("0500", "7", "2629.20", exemption="100"),
        ),
    )
    message = DeclarationMessage(
        message_id=ids.new_id(),
        version=1,
        reference_number=reference,
        document_type="0",
        importer=Company(
            tax_number="0994000165676",
            branch="0",
            name="บริษัท ไปรษณีย์ไทย จำกัด",
            english_name="THAILAND POST CO LTD",
            street_and_number="111 ถนนแจ้งวัฒนะ",
            postcode="10210",
        ),
        owner=TradingPartner(tax_number="0994000163011"),
        vessel_name="BY MAIL",
        mode_of_transport="5",
        arrival_date=date(2026, 2, 25),
        house_bill_of_lading="EE123456785CN",
        release_port="8110",
        discharge_port="8110",
        origin_country_code="CN",
        consignment_country_code="CN",
        total_package_amount=1,
        total_package_unit_code="PK",
        total_net_weight_kg=Decimal("4.000"),
        total_gross_weight_kg=Decimal("4.500"),
        currency_code="USD",
        exchange_rate=Decimal("31.30000"),
        cif_value_foreign=Decimal("1000.00"),
        cif_value_baht=Decimal("31300.00"),
        payment_method="L",
        total_tax=Decimal("0.00"),
        guarantee_method="L",
        invoices=(
            InvoiceMessage(
                invoice_number="INV-1",
                invoice_date=date(2026, 2, 20),
                currency_code="USD",
                total_amount=Decimal("1000.00"),
                consignor_name="SHENZHEN BAGS",
                consignor_country_code="CN",
            ),
        ),
        lines=(line,),
    )
    return replace(message, **changes)


def out_of_bond(
    declaration_number: str,
    quantity: int,
    reference: str = "WHSE000000002",
    line: dict[str, Any] | None = None,
    **changes: Any,
) -> DeclarationMessage:
    """*quantity* of those ten bags, for home use: 20 % duty and VAT of each 3,130 baht."""
    entered = into_bond()
    duty = Decimal("626.00") * quantity
    vat = Decimal("262.92") * quantity
    goods = replace(
        entered.lines[0],
        quantity=Decimal(quantity),
        net_weight_kg=Decimal("0.4") * quantity,
        cif_value_foreign=Decimal(100) * quantity,
        cif_value_baht=Decimal(3130) * quantity,
        import_tax_incentives_id="",
        reference_declaration_number=declaration_number,
        reference_declaration_line_number=1,
        duties=(_duty("0100", "20", str(duty)), _duty("0500", "7", str(vat))),
        **(line or {}),
    )
    message = replace(
        entered,
        message_id=ids.new_id(),
        reference_number=reference,
        document_type="P",
        departure_date=date(2026, 3, 1),
        export_tax_incentives_id=LICENCE,
        total_net_weight_kg=goods.net_weight_kg,
        cif_value_foreign=goods.cif_value_foreign,
        cif_value_baht=goods.cif_value_baht,
        payment_method="A",
        total_tax=Decimal(int(duty) + int(vat)),
        invoices=_invoices(entered, goods.cif_value_foreign),
        lines=(goods,),
    )
    return replace(message, **changes)


def going_out(
    declaration_number: str,
    quantity: int,
    reference: str = "WHSE000000003",
    document_type: str = "1",
    **changes: Any,
) -> DeclarationMessage:
    """*quantity* of those ten bags, abroad (1), to another bonded place (B) or free zone (D)."""
    leaving = out_of_bond(declaration_number, quantity, reference)
    abroad = document_type == "1"
    country = "LA" if abroad else "TH"
    goods = replace(
        leaving.lines[0],
        privilege_code="003",
        export_tariff="9PART3",
        purchase_country_code=country,
        excise_quantity=None,
        excise_unit_code="",
        retail_price_baht=None,
        import_tax_incentives_id="" if abroad else OTHER_LICENCE,
        duties=(),
    )
    message = replace(
        leaving,
        document_type=document_type,
        arrival_date=None,
        house_bill_of_lading="",
        origin_country_code="",
        consignment_country_code="",
        purchase_country_code=country,
        destination_country_code=country,
        payment_method="L",
        total_tax=Decimal("0.00"),
        invoices=tuple(
            replace(each, consignor_country_code=country, consignor_name="VIENTIANE SHOP")
            for each in leaving.invoices
        ),
        lines=(goods,),
    )
    return replace(message, **changes)


def coming_in(
    document_type: str, reference: str = "WHSE000000004", **changes: Any
) -> DeclarationMessage:
    """Those ten bags, from another bonded place (A) or a free zone (C)."""
    entered = into_bond(reference)
    goods = replace(
        entered.lines[0],
        reference_declaration_number="A002B690200001",
        reference_declaration_line_number=1,
    )
    message = replace(
        entered,
        document_type=document_type,
        departure_date=date(2026, 3, 1),
        export_tax_incentives_id=OTHER_LICENCE,
        consignment_country_code="TH",
        invoices=tuple(replace(each, consignor_country_code="TH") for each in entered.invoices),
        lines=(goods,),
    )
    return replace(message, **changes)


def changed(
    message: DeclarationMessage,
    number: str,
    function: MessageFunction = MessageFunction.AMENDMENT,
    **changes: Any,
) -> DeclarationMessage:
    """*message*, numbered *number*, is to be amended by *changes*, or cancelled."""
    return replace(
        again(message),
        function=function,
        declaration_number=number,
        reason="The supplier sent a corrected invoice",
        **changes,
    )


def _invoices(message: DeclarationMessage, total: Decimal) -> tuple[InvoiceMessage, ...]:
    return tuple(replace(each, total_amount=total) for each in message.invoices)


def again(message: DeclarationMessage, message_id: UUID | None = None) -> DeclarationMessage:
    """*message* as its next version, under an id of its own."""
    return replace(message, message_id=message_id or ids.new_id(), version=message.version + 1)


def _duty(kind: str, rate: str, amount: str, exemption: str = "0") -> DutyMessage:
    return DutyMessage(
        duty_type=kind,
        value_rate=Decimal(rate),
        amount=Decimal(amount),
        amount_paid=Decimal(0) if exemption == "100" else Decimal(amount),
        exemption_rate=Decimal(exemption),
    )
