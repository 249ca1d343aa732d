"""Each field in the manual's format and size: what does not fit cannot be filed.

The formats are those that the message is written with; here each gets its number in the manual
(e-Import manual 2018 pp.7-50; of exports the e-Export manual pp.5-40).
"""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from warehouse.core.i18n import N_
from warehouse.customs.checking.findings import Finding, Owner, Rule
from warehouse.customs.gateway import DeclarationMessage, Unspeakable, layout
from warehouse.customs.gateway.fields import Record

DOES_NOT_FIT: Final = N_(
    "“{value}” does not fit the customs field {element}: empty, too long, or of the wrong kind."
    " Correct it where it comes from."
)


class Numbered(NamedTuple):
    """A field's rule, the column of ours that it comes from, and who keeps that in order."""

    rule: str
    column: str
    owner: Owner


def _of(owner: Owner, **fields: str) -> dict[str, Numbered]:
    """Fields of a message as ``name="C01 column"``; without a column, it has the same name."""
    found = {}
    for name, text in fields.items():
        rule, _, column = text.partition(" ")
        found[name] = Numbered(rule, column or name, owner)
    return found


CONTROL: Final[Mapping[str, Numbered]] = {
    **_of(
        Owner.ADMINISTRATOR,
        reference_number="C01",
        release_port="C26 customs_area_code",
        discharge_port="C27 customs_area_code",
        export_tax_incentives_id="C62 tax_incentive_id",
        registration_id="C71",
    ),
    **_of(
        Owner.PARTNER,
        house_bill_of_lading="C23 house_bill",
        total_gross_weight_kg="C35 gross_weight_kg",
    ),
    **_of(
        Owner.LIAISON,
        document_type="C02",
        mode_of_transport="C18",
        vessel_name="C20",
        arrival_date="C21 import_date",
        master_bill_of_lading="C22",
        origin_country_code="C28 origin_country",
        consignment_country_code="C29 consignment_country",
        shipping_marks="C30",
        total_package_amount="C31 package_amount",
        total_package_unit_code="C32",
        total_net_weight_kg="C33 net_weight_kg",
        currency_code="C37 currency",
        exchange_rate="C38",
        cif_value_foreign="C39 cif_foreign",
        cif_value_baht="C40 cif_baht",
        payment_method="C47",
        total_tax="C48",
        total_deposit="C49",
        departure_date="C53 rates_on",
        guarantee_method="C56",
        guarantee_type="C57",
        cargo_type_code="X19",
        purchase_country_code="X28 consignment_country",
        destination_country_code="X29 consignment_country",
    ),
}
TRADER: Final = _of(
    Owner.ADMINISTRATOR,
    tax_number="C03 operator_tax_id",
    branch="C04 operator_branch",
    name="C05 operator_name_th",
    english_name="C06 operator_name_en",
    street_and_number="C07 street",
    district="C08",
    sub_province="C09",
    province="C10",
    postcode="C11",
)
PERSON: Final = _of(
    Owner.ADMINISTRATOR,
    customs_clearance_id_card="C14",
    customs_clearance_name="C15",
    manager_id_card="C16",
    manager_name="C17",
)
OWNER: Final = _of(Owner.ADMINISTRATOR, tax_number="C63 tax_id", branch="C64 branch")
INVOICE: Final = _of(
    Owner.PARTNER,
    invoice_number="I01",
    invoice_date="I02",
    purchase_order_number="I03",
    term_of_payment_code="I04",
    trade_terms="I05",
    buyer_status="I06",
    consignor_status="I07",
    commercial_level="I08",
    consignor_name="I09",
    consignor_street_and_number="I10",
    consignor_postcode="I14",
    consignor_country_code="I15 consignment_country",
    currency_code="I17 currency",
    total_amount="I18 cif_foreign",
)
DETAIL: Final[Mapping[str, Numbered]] = {
    **_of(
        Owner.LIAISON,
        item_number="D01",
        tariff_code="D04 hs_code",
        tariff_sequence="D05",
        statistical_code="D06",
        privilege_code="D08",
        nature_of_transaction="D11",
        product_year="D19",
        exchange_rate="D28",
        cif_value_foreign="D37 cif_foreign",
        cif_value_baht="D38 cif_baht",
        cif_value_assess="D39 cif_assessed_baht",
        shipping_marks="D40",
        in_bond="D45",
        reference_declaration_number="D51",
        reference_declaration_line_number="D52",
        excise_quantity="D56",
        excise_unit_code="D57 excise_quantity",
        retail_price_baht="D70",
        origin_criteria="D64",
        origin_certificate="D64 origin_certificate",
        export_tariff="X07",
        purchase_country_code="X57 consignment_country",
    ),
    **_of(
        Owner.PARTNER,
        product_code="D13 sku",
        thai_description="D14 description_th",
        english_description="D15 description_en",
        brand_name="D20 brand",
        origin_country_code="D22 origin_country",
        net_weight_kg="D23",
        quantity="D25",
        quantity_unit_code="D26 unit",
        currency_code="D27 currency",
        unit_price_foreign="D29",
    ),
    **_of(Owner.ADMINISTRATOR, import_tax_incentives_id="D59 tax_incentive_id"),
}
DUTY: Final = _of(
    Owner.LIAISON,
    duty_type="T01",
    value_rate="T02",
    specific_rate="T03",
    amount="T05",
    amount_paid="T06",
    exemption_rate="T07",
    deposit_amount="T08",
)
PERMIT: Final = _of(
    Owner.LIAISON, number="P01 permits", issue_date="P02 permits", authority_id="P03 permits"
)
DEPOSIT: Final = _of(Owner.LIAISON, reason_code="E01", amount="E02")

PARTS: Final = (CONTROL, TRADER, PERSON, OWNER, INVOICE, DETAIL, DUTY, PERMIT, DEPOSIT)


def misfits(message: DeclarationMessage) -> Iterator[Finding]:
    """Every field of *message* that its format does not take."""
    laid_out = layout.of(message.document_type)
    yield from _misfits(laid_out.control, CONTROL, message)
    yield from _misfits(laid_out.trader, TRADER, message.importer)
    yield from _misfits(layout.PERSON, PERSON, message.authorised_person)
    if message.owner is not None:
        yield from _misfits(layout.OWNER, OWNER, message.owner)
    for invoice in message.invoices:
        yield from _misfits(laid_out.invoice, INVOICE, invoice)
    for line in message.lines:
        number = line.item_number
        yield from _misfits(laid_out.line, DETAIL, line, number)
        for duty in line.duties:
            yield from _misfits(layout.DUTY, DUTY, duty, number)
            for deposit in duty.deposits:
                yield from _misfits(layout.DEPOSIT, DEPOSIT, deposit, number)
        for permit in line.permits:
            yield from _misfits(layout.PERMIT, PERMIT, permit, number)


def _misfits(
    record: Record, numbers: Mapping[str, Numbered], source: object, line: int | None = None
) -> Iterator[Finding]:
    for field in record:
        try:
            field.write(getattr(source, field.name))
        except Unspeakable as failure:
            rule = rule_of(numbers[field.name])
            yield rule.finding({"value": failure.facts["value"], "element": field.path}, line)


def rule_of(numbered: Numbered) -> Rule:
    """The rule that a field has the manual's format."""
    return Rule(numbered.rule, numbered.column, numbered.owner, DOES_NOT_FIT)
