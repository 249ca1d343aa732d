"""The control and invoice parts: codes, dates, weights, sums (e-Import manual 2018 pp.7-30)."""

from decimal import Decimal
from typing import Final

from warehouse.core import money
from warehouse.core.i18n import N_
from warehouse.core.money import ZERO
from warehouse.customs import rules
from warehouse.customs.checking.findings import Check, Facts, Owner, Rule, Severity, when
from warehouse.customs.checking.validation.subject import Subject
from warehouse.customs.gateway import DeclarationMessage, LineMessage
from warehouse.customs.rules import Rule as PolicyName
from warehouse.customs.vocabulary import DocumentType
from warehouse.masterdata import identifiers
from warehouse.masterdata.vocabulary import CodeList

POST: Final = "5"
THAILAND: Final = "TH"
MODES: Final = frozenset("12345789")
METHODS: Final = frozenset("AHL")
INCOTERMS: Final = frozenset({
    "EXW", "FCA", "FAS", "FOB", "CFR", "CIF", "CPT", "CIP",
    "DAF", "DES", "DEQ", "DDU", "DDP", "DAT", "DAP", "DPU",
})  # fmt: skip
"""Of 2000, 2010 and 2020: older contracts still name older terms."""
STATUSES: Final = frozenset({"AG", "DI", "CO", "MA", "OT"})
LEVELS: Final = frozenset({"WO", "RE"})
GUARANTEES: Final = {"A": frozenset("CBM"), "H": frozenset("CE"), "L": frozenset({""})}

SEVERAL_LINES_TOLERANCE: Final = Decimal(20)
FOREIGN_TOLERANCE: Final = Decimal("0.5")
HALF_A_RATE_DIGIT: Final = Decimal("0.000005")
"""The message has five decimals of rate; the books may know six."""
MOST_YEARS_AWAY: Final = 3
LATEST_DEPARTURE_DAYS: Final = 20

GOING_OUT: Final = frozenset(
    {DocumentType.EXPORT, DocumentType.TRANSFER_OUT, DocumentType.TO_FREE_ZONE}
)
FROM_WITHIN: Final = frozenset({DocumentType.TRANSFER_IN, DocumentType.FROM_FREE_ZONE})


def converts(thing: DeclarationMessage | LineMessage) -> bool:
    """Whether the foreign value is the baht value by the rate, ±0.5 (manual p.136)."""
    foreign, rate = thing.cif_value_foreign, thing.exchange_rate
    if rate <= 0:
        return False
    with money.exact():
        tolerance = FOREIGN_TOLERANCE + foreign * HALF_A_RATE_DIGIT / rate
        return abs(foreign - thing.cif_value_baht / rate) <= tolerance


def _by_post(seen: Subject) -> bool:
    return seen.message.mode_of_transport == POST


def _tax_number(seen: Subject) -> Facts | None:
    number = seen.message.importer.tax_number
    return when(not identifiers.is_tax_id(number), number=number)


def _owner_tax_number(seen: Subject) -> Facts | None:
    number = seen.partner.tax_id
    thai = seen.partner.country == THAILAND
    return when(
        thai and not identifiers.is_tax_id(number), partner=seen.partner.code, number=number
    )


def _area(flag: str, code: str, seen: Subject) -> Facts | None:
    """That area *code* is unknown, or not one where goods may do what *flag* says."""
    if CodeList.AREA not in seen.tables:
        return None
    found = seen.codes.get((CodeList.AREA, code))
    return when(found is None or found.facts.get(flag, "N") != "Y", area=code)


def _release_port(seen: Subject) -> Facts | None:
    """Goods on their way to another bonded place are released where they stand (p.101)."""
    abroad = seen.declaration.document_type is DocumentType.EXPORT
    flag = "export_release" if abroad else "import_release"
    return _area(flag, seen.message.release_port, seen)


def _other_port(seen: Subject) -> Facts | None:
    abroad = seen.declaration.document_type is DocumentType.EXPORT
    flag = "export_load" if abroad else "import_discharge"
    return _area(flag, seen.message.discharge_port, seen)


def _import_date(seen: Subject) -> Facts | None:
    on = seen.declaration.import_date
    return when(abs((seen.today - on).days) > MOST_YEARS_AWAY * 365, on=on)


def _departure(seen: Subject) -> Facts | None:
    leaves = seen.message.departure_date
    late = leaves is not None and (leaves - seen.today).days > LATEST_DEPARTURE_DAYS
    wanted = seen.declaration.document_type is DocumentType.HOME_USE or (
        seen.declaration.document_type in FROM_WITHIN | GOING_OUT
    )
    return when(late or (wanted and leaves is None), on=leaves or "–", days=LATEST_DEPARTURE_DAYS)


def _country(seen: Subject) -> Facts | None:
    message = seen.message
    code = message.destination_country_code or message.consignment_country_code
    return when(not seen.knows(CodeList.COUNTRY, code), country=code)


def _rate(seen: Subject) -> Facts | None:
    """Of an entry from abroad; whatever leaves bond keeps the rate of its import day."""
    if seen.declaration.document_type is not DocumentType.IMPORT:
        return None
    declared, known = seen.declaration, seen.rates.get(seen.declaration.currency)
    facts = {"currency": declared.currency, "on": declared.import_date}
    if known is None:
        return {**facts, "rate": "–"}
    same = (known.import_rate, known.per_units) == (
        declared.exchange_rate,
        declared.exchange_per_units,
    )
    return when(not same, rate=f"{known.import_rate:f}/{known.per_units}", **facts)


def _net_weight(seen: Subject) -> Facts | None:
    total = sum((line.net_weight_kg for line in seen.message.lines), ZERO)
    return when(
        seen.message.total_net_weight_kg != total, net=seen.message.total_net_weight_kg, total=total
    )


def _gross_weight(seen: Subject) -> Facts | None:
    gross, net = seen.message.total_gross_weight_kg, seen.message.total_net_weight_kg
    return when(gross < net, gross=gross, net=net)


def _cif_baht(seen: Subject) -> Facts | None:
    message = seen.message
    total = sum((line.cif_value_baht for line in message.lines), ZERO)
    tolerance = SEVERAL_LINES_TOLERANCE if len(message.lines) > 1 else ZERO
    return when(
        abs(message.cif_value_baht - total) > tolerance, cif=message.cif_value_baht, total=total
    )


def _total_tax(seen: Subject) -> Facts | None:
    sums: dict[str, Decimal] = {}
    for line in seen.message.lines:
        for duty in line.duties:
            sums[duty.duty_type] = sums.get(duty.duty_type, ZERO) + duty.amount_paid
    on = seen.declaration.rates_on
    if any(seen.policy.find(PolicyName.TOTAL_ROUNDING, kind, on) is None for kind in sums):
        return None  # T01.1 tells
    total = sum(
        (rules.rounded_total(kind, baht, seen.policy, on).amount for kind, baht in sums.items()),
        ZERO,
    )
    return when(seen.message.total_tax != total, tax=seen.message.total_tax, total=total)


def _total_deposit(seen: Subject) -> Facts | None:
    total = sum((duty.deposit_amount for line in seen.message.lines for duty in line.duties), ZERO)
    return when(
        seen.message.total_deposit != total, deposit=seen.message.total_deposit, total=total
    )


def _guarantee_type(seen: Subject) -> Facts | None:
    method, kind = seen.message.guarantee_method, seen.message.guarantee_type
    return when(kind not in GUARANTEES.get(method, {kind}), method=method, kind=kind or "–")


def _leaving_id(seen: Subject) -> Facts | None:
    leaves = seen.declaration.document_type in {DocumentType.HOME_USE, *FROM_WITHIN, *GOING_OUT}
    of_bond = any(line.in_bond for line in seen.message.lines)
    return when(leaves and of_bond and not seen.message.export_tax_incentives_id)


def _invoice_total(seen: Subject) -> Facts | None:
    for invoice in seen.message.invoices:
        number = invoice.invoice_number
        total = sum(
            (x.cif_value_foreign for x in seen.message.lines if x.invoice_number == number), ZERO
        )
        if invoice.total_amount != total:
            return {"number": number, "amount": invoice.total_amount, "total": total}
    return None


def _terms(seen: Subject) -> Facts | None:
    return next(
        (
            {"terms": each.trade_terms}
            for each in seen.message.invoices
            if each.trade_terms not in INCOTERMS
        ),
        None,
    )


def _statuses(seen: Subject) -> Facts | None:
    for each in seen.message.invoices:
        known = {each.buyer_status, each.consignor_status} <= STATUSES
        if not known or each.commercial_level not in LEVELS:
            return {"codes": [each.buyer_status, each.consignor_status, each.commercial_level]}
    return None


def _english_name(seen: Subject) -> Facts | None:
    name = seen.message.importer.english_name
    return when(not name.isascii(), name=name)


def _tables(seen: Subject) -> Facts | None:
    missing = [table.value for table in CodeList if table not in seen.tables]
    return when(missing, tables=missing)


CHECKS: Final[tuple[Check[Subject], ...]] = (
    Check(
        Rule("C03.1", "operator_tax_id", Owner.ADMINISTRATOR,
             N_("{number} is no Thai tax number: 13 digits with the right last one. Correct the"
                " licence holder's.")),
        _tax_number,
    ),
    Check(
        Rule("C06.1", "operator_name_en", Owner.ADMINISTRATOR,
             N_("The English name “{name}” is not all in Latin letters; customs compares it with"
                " the manifest. Correct it.")),
        _english_name,
    ),
    Check(
        Rule("C18.1", "mode_of_transport", Owner.LIAISON,
             N_("{mode} is no mode of transport: 1 sea, 2 rail, 3 road, 4 air, 5 post.")),
        lambda s: when(s.message.mode_of_transport not in MODES, mode=s.message.mode_of_transport),
    ),
    Check(
        Rule("C20.1", "vessel_name", Owner.LIAISON,
             N_("By post the vessel is BY MAIL, not {vessel}.")),
        lambda s: when(_by_post(s) and s.message.vessel_name != "BY MAIL",
                       vessel=s.message.vessel_name),
    ),
    Check(
        Rule("C21.1", "import_date", Owner.PARTNER,
             N_("The import date {on} is more than three years away. Correct the day of arrival.")),
        _import_date,
    ),
    Check(
        Rule("C22.1", "master_bill_of_lading", Owner.LIAISON,
             N_("By post there is no master bill of lading; {bill} is named. Take it out.")),
        lambda s: when(_by_post(s) and s.message.master_bill_of_lading,
                       bill=s.message.master_bill_of_lading),
    ),
    Check(
        Rule("C26.1", "customs_area_code", Owner.ADMINISTRATOR,
             N_("Area {area} is no place where customs releases goods of this kind. Correct the"
                " area code of the warehouse.")),
        _release_port,
    ),
    Check(
        Rule("C27.1", "customs_area_code", Owner.ADMINISTRATOR,
             N_("Area {area} is no place where goods of this kind are unloaded or loaded. Correct"
                " the area code of the warehouse.")),
        _other_port,
    ),
    Check(
        Rule("C29.1", "consignment_country", Owner.PARTNER,
             N_("{country} is no country code of customs (ISO 3166). Correct it.")),
        _country,
    ),
    Check(
        Rule("C29.2", "consignment_country", Owner.LIAISON,
             N_("Goods from another bonded place or a free zone come from TH, not {country}.")),
        lambda s: when(
            s.declaration.document_type in FROM_WITHIN
            and s.message.consignment_country_code != THAILAND,
            country=s.message.consignment_country_code,
        ),
    ),
    Check(
        Rule("C31.1", "package_amount", Owner.PARTNER,
             N_("There are {packages} packages. Say how many there are, at least one.")),
        lambda s: when(s.message.total_package_amount < 1, packages=s.message.total_package_amount),
    ),
    Check(
        Rule("C32.1", "package_amount", Owner.LIAISON,
             N_("{unit} is no package code of customs (Recommendation 21).")),
        lambda s: when(not s.knows(CodeList.PACKAGE, s.message.total_package_unit_code),
                       unit=s.message.total_package_unit_code),
    ),
    Check(
        Rule("C33.1", "net_weight_kg", Owner.LIAISON,
             N_("The net weight is {net} kg, and the lines add up to {total} kg.")),
        _net_weight,
    ),
    Check(
        Rule("C35.1", "gross_weight_kg", Owner.PARTNER,
             N_("The gross weight of {gross} kg is less than the net weight, {net} kg. Weigh"
                " again.")),
        _gross_weight,
    ),
    Check(
        Rule("C37.1", "currency", Owner.PARTNER,
             N_("{currency} is no currency code of customs (ISO 4217).")),
        lambda s: when(not s.knows(CodeList.CURRENCY, s.message.currency_code),
                       currency=s.message.currency_code),
    ),
    Check(
        Rule("C38.1", "exchange_rate", Owner.LIAISON,
             N_("The customs rate of {currency} on {on} is {rate}; the declaration has another."
                " Draft it again.")),
        _rate,
    ),
    Check(
        Rule("C39.1", "cif_foreign", Owner.LIAISON,
             N_("{foreign} {currency} at the rate of {rate} are not {baht} baht, give or take"
                " 0.50 {currency}.")),
        lambda s: when(
            not converts(s.message),
            foreign=s.message.cif_value_foreign,
            currency=s.message.currency_code,
            rate=s.message.exchange_rate,
            baht=s.message.cif_value_baht,
        ),
    ),
    Check(
        Rule("C40.1", "cif_baht", Owner.LIAISON,
             N_("The value is {cif} baht, and the lines add up to {total} baht. One line must"
                " agree exactly, several within 20 baht.")),
        _cif_baht,
    ),
    Check(
        Rule("C47.1", "payment_method", Owner.LIAISON,
             N_("Payment method {method} does not fit: L where nothing is due, else A or H.")),
        lambda s: when(
            s.message.payment_method not in METHODS
            or (s.message.payment_method == "L") != (s.message.total_tax == 0),
            method=s.message.payment_method,
        ),
    ),
    Check(
        Rule("C48.1", "total_tax", Owner.LIAISON,
             N_("Duty and tax are {tax} baht, and the lines add up to {total} baht by the rounding"
                " table. Reckon it again.")),
        _total_tax,
    ),
    Check(
        Rule("C49.1", "total_deposit", Owner.LIAISON,
             N_("Deposits are {deposit} baht, and the lines add up to {total} baht.")),
        _total_deposit,
    ),
    Check(
        Rule("C53.1", "rates_on", Owner.LIAISON,
             N_("The day of departure, {on}, is missing or more than {days} days away.")),
        _departure,
    ),
    Check(
        Rule("C56.1", "guarantee_method", Owner.LIAISON,
             N_("{method} is no guarantee method: A at customs, H by bank, L none.")),
        lambda s: when(s.message.guarantee_method not in METHODS,
                       method=s.message.guarantee_method),
    ),
    Check(
        Rule("C57.1", "guarantee_type", Owner.LIAISON,
             N_("Guarantee type {kind} does not go with method {method}: A takes C, B or M; H takes"
                " C or E.")),
        _guarantee_type,
    ),
    Check(
        Rule("C62.1", "tax_incentive_id", Owner.ADMINISTRATOR,
             N_("The tax-incentive number of the warehouse that the goods leave is missing. Enter"
                " it with the licence.")),
        _leaving_id,
    ),
    Check(
        Rule("C63.1", "tax_id", Owner.ADMINISTRATOR,
             N_("{number}, of {partner}, is no Thai tax number. Correct the partner's.")),
        _owner_tax_number,
    ),
    Check(
        Rule("I02.1", "invoice_date", Owner.PARTNER,
             N_("The invoice is dated {on}, which is still to come. Correct the date."),
             Severity.WARNING),
        lambda s: when(s.declaration.invoice_date > s.today, on=s.declaration.invoice_date),
    ),
    Check(
        Rule("I05.1", "invoice_number", Owner.PARTNER,
             N_("{terms} is no Incoterm.")),
        _terms,
    ),
    Check(
        Rule("I06.1", "invoice_number", Owner.LIAISON,
             N_("Buyer, seller or trade level is none that customs knows: {codes}.")),
        _statuses,
    ),
    Check(
        Rule("I18.1", "cif_foreign", Owner.LIAISON,
             N_("Invoice {number} is of {amount}, and its lines add up to {total}.")),
        _invoice_total,
    ),
    Check(
        Rule("S01", "reference", Owner.ADMINISTRATOR,
             N_("These code tables are not loaded, so nobody checked against them: {tables}. Load"
                " the official tables."),
             Severity.WARNING),
        _tables,
    ),
)  # fmt: skip
