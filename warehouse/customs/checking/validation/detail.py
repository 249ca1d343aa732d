"""The detail and duty parts, line by line (e-Import manual 2018 pp.31-47)."""

from collections import Counter
from decimal import Decimal
from typing import Final

from warehouse.core import money
from warehouse.core.i18n import N_
from warehouse.core.money import PER_CENT, ZERO
from warehouse.customs.checking.findings import Check, Facts, Owner, Rule, Severity, when
from warehouse.customs.checking.validation.control import converts
from warehouse.customs.checking.validation.subject import Line
from warehouse.customs.gateway import DutyMessage
from warehouse.customs.money import charging
from warehouse.customs.rules import Rule as PolicyName
from warehouse.customs.vocabulary import DocumentType, Procedure
from warehouse.masterdata.vocabulary import CodeList

LOW_VALUE: Final = "LVG"
REQUIRED: Final = "REQUIRED"
NATURES: Final = frozenset({"11", "21", "90"})
GIFT: Final = "21"
WEIGHTS: Final = frozenset({"KGM", "GRM", "TNE", "CTM"})
PIECE: Final = "C62"
WHOLLY: Final = Decimal(100)
OUT_OF_BOND: Final = frozenset(
    {
        DocumentType.HOME_USE,
        DocumentType.EXPORT,
        DocumentType.TRANSFER_OUT,
        DocumentType.TO_FREE_ZONE,
    }
)


def _is_digits(text: str, count: int) -> bool:
    return len(text) == count and text.isascii() and text.isdecimal()


def _from_bond(line: Line) -> bool:
    declaration = line.of.declaration
    return (
        declaration.document_type in OUT_OF_BOND and declaration.procedure is not Procedure.EXPORT
    )


def _in_tariff(line: Line) -> Facts | None:
    missing = line.commodity not in line.of.tariff
    return when(missing, on=line.of.declaration.rates_on, **line.named)


def _privilege(line: Line) -> Facts | None:
    code = line.message.privilege_code
    return when(code and not line.of.knows(CodeList.PRIVILEGE, code), privilege=code)


def _agreement(line: Line) -> bool:
    """Whether the line claims a trade agreement: letters; the sections of the decree are digits."""
    privilege = line.row.privilege_code
    return not privilege.isdecimal() and privilege not in {"", LOW_VALUE}


def _proof_of_origin(line: Line) -> Facts | None:
    privilege, on = line.row.privilege_code, line.of.declaration.rates_on
    asked = line.of.policy.special(PolicyName.ORIGIN_PROOF, privilege, on).value
    proven = line.row.origin_criteria and line.row.origin_certificate
    return when(_agreement(line) and asked == REQUIRED and not proven, privilege=privilege)


def _preference(line: Line) -> Facts | None:
    privilege, on = line.row.privilege_code, line.of.declaration.rates_on
    given = (privilege, *line.commodity) in line.of.preferences
    return when(_agreement(line) and not given, privilege=privilege, on=on, **line.named)


def _year(line: Line) -> Facts | None:
    year = line.message.product_year
    plausible = year == "0" or (_is_digits(year, 4) and int(year) <= line.of.today.year + 1)
    return when(not plausible, year=year)


def _unit(line: Line) -> Facts | None:
    """The unit is the tariff's statistical one, unless that is a weight."""
    tariff = line.of.tariff.get(line.commodity)
    if tariff is None or tariff.unit in WEIGHTS:
        return None
    return when(line.row.unit != tariff.unit, unit=line.row.unit, wanted=tariff.unit, **line.named)


def _reference(line: Line) -> Facts | None:
    number = line.message.reference_declaration_number
    place = line.message.reference_declaration_line_number
    return when(_from_bond(line) and (not number or not place))


def _same_goods(line: Line) -> Facts | None:
    """Type P repeats classification and descriptions of its import line (manual p.101)."""
    if line.of.declaration.document_type is not DocumentType.HOME_USE or line.entry is None:
        return None
    entry_line, entry = line.entry
    names = ("hs_code", "statistical_code", "description_th", "description_en", "privilege_code")
    different = [n for n in names if getattr(line.row, n) != getattr(entry_line, n)]
    number = entry.declaration_number or entry.reference_number
    return when(different, number=number, line=entry_line.line_number, fields=different)


def _time_in_bond(line: Line) -> Facts | None:
    if line.entry is None:
        return None
    entry = line.entry[1]
    ended = entry.storage_ends_on is not None and entry.storage_ends_on < line.of.today
    return when(ended, number=entry.declaration_number, on=entry.storage_ends_on)


def _by_retail_price(line: Line) -> bool:
    """Whether excise takes a share of a suggested retail price that nobody has told."""
    excise = line.of.excise.get(line.commodity)
    asked = excise is not None and excise.by_retail_price and excise.value_rate_pct > ZERO
    return asked and line.row.retail_price_baht is None


def _excise_unit(line: Line) -> Facts | None:
    """Excise by measure needs a quantity that it can count."""
    excise = line.of.excise.get(line.commodity)
    if excise is None or line.row.excise_quantity is not None:
        return None
    uncounted = not charging.counts(excise, line.row.unit)
    return when(uncounted, unit=line.row.unit, wanted=excise.unit, **line.named)


def _duty_types(line: Line) -> Facts | None:
    kinds = Counter(duty.duty_type for duty in line.message.duties)
    on = line.of.declaration.rates_on
    wrong = [
        kind
        for kind, count in kinds.items()
        if count > 1 or line.of.policy.find(PolicyName.TOTAL_ROUNDING, kind, on) is None
    ]
    return when(wrong, types=wrong)


def paid(duty: DutyMessage) -> Decimal:
    """What is paid of *duty*: less its exemption, and less what is left as a deposit."""
    with money.exact():
        exempt = duty.amount * duty.exemption_rate * PER_CENT
        return money.to_satang(duty.amount - exempt) - duty.deposit_amount


def _amount_paid(line: Line) -> Facts | None:
    for duty in line.message.duties:
        expected = max(paid(duty), ZERO)
        if duty.amount_paid != expected:
            return {"type": duty.duty_type, "paid": duty.amount_paid, "expected": expected}
    return None


def _exempt_in_bond(line: Line) -> Facts | None:
    for duty in line.message.duties:
        if line.of.enters and (duty.exemption_rate != WHOLLY and duty.amount > ZERO):
            return {"type": duty.duty_type, "exemption": duty.exemption_rate}
    return None


def _deposits(line: Line) -> Facts | None:
    for duty in line.message.duties:
        total = sum((each.amount for each in duty.deposits), ZERO)
        if duty.deposit_amount != total:
            return {"type": duty.duty_type, "deposit": duty.deposit_amount, "total": total}
    return None


def _deposit_reasons(line: Line) -> Facts | None:
    given = [each.reason_code for duty in line.message.duties for each in duty.deposits]
    policy, on = line.of.policy, line.of.declaration.rates_on
    wrong = [code for code in given if policy.find(PolicyName.DEPOSIT_REASON, code, on) is None]
    return when(wrong, codes=wrong)


UNCOUNTED: Final = Rule(
    "D56.1",
    "excise_quantity",
    Owner.PARTNER,
    N_(
        "Excise counts {hs_code}/{statistical_code} in {wanted}, and the line counts in {unit}."
        " Say how many {wanted} there are in all."
    ),
)
NOT_IN_TARIFF: Final = Rule(
    "D04.2",
    "hs_code",
    Owner.LIAISON,
    N_(
        "{hs_code} with statistical code {statistical_code} is not in the tariff of {on}."
        " Classify the goods anew."
    ),
)
CHECKS: Final[tuple[Check[Line], ...]] = (
    Check(
        Rule("D04.1", "hs_code", Owner.PARTNER,
             N_("“{hs_code}” is no tariff code: eight digits. Correct the product.")),
        lambda x: when(not _is_digits(x.row.hs_code, 8), hs_code=x.row.hs_code),
    ),
    Check(
        NOT_IN_TARIFF,
        _in_tariff,
    ),
    Check(
        Rule("D06.1", "statistical_code", Owner.PARTNER,
             N_("“{code}” is no statistical code: three digits. Correct the product.")),
        lambda x: when(not _is_digits(x.row.statistical_code, 3), code=x.row.statistical_code),
    ),
    Check(
        Rule("D08.1", "privilege_code", Owner.LIAISON,
             N_("{privilege} is no privilege code of customs.")),
        _privilege,
    ),
    Check(
        Rule("D08.2", "privilege_code", Owner.LIAISON,
             N_("Privilege {privilege} gives no rate for {hs_code}/{statistical_code} on {on}."
                " Declare without it.")),
        _preference,
    ),
    Check(
        Rule("D11.1", "nature_of_transaction", Owner.LIAISON,
             N_("{nature} is no nature of transaction: 11 trade, 21 gift, 90 other.")),
        lambda x: when(x.message.nature_of_transaction not in NATURES,
                       nature=x.message.nature_of_transaction),
    ),
    Check(
        Rule("D15.1", "description_en", Owner.PARTNER,
             N_("The English description “{text}” is not all in Latin letters."), Severity.WARNING),
        lambda x: when(not x.row.description_en.isascii(), text=x.row.description_en[:40]),
    ),
    Check(
        Rule("D19.1", "product_year", Owner.PARTNER,
             N_("{year} is no year of production; 0 says that it is not known.")),
        _year,
    ),
    Check(
        Rule("D22.1", "origin_country", Owner.PARTNER,
             N_("{country} is no country code of customs (ISO 3166). Correct the product.")),
        lambda x: when(not x.of.knows(CodeList.COUNTRY, x.row.origin_country),
                       country=x.row.origin_country),
    ),
    Check(
        Rule("D23.1", "net_weight_kg", Owner.PARTNER,
             N_("The net weight is {weight} kg. Goods weigh more than nothing.")),
        lambda x: when(x.row.net_weight_kg <= ZERO, weight=x.row.net_weight_kg),
    ),
    Check(
        Rule("D25.1", "quantity", Owner.PARTNER,
             N_("The quantity is {quantity}. It must be more than nothing.")),
        lambda x: when(x.row.quantity <= ZERO, quantity=x.row.quantity),
    ),
    Check(
        Rule("D25.2", "quantity", Owner.PARTNER,
             N_("{quantity} pieces: pieces are counted in whole numbers.")),
        lambda x: when(x.row.unit == PIECE and x.row.quantity % 1 != 0, quantity=x.row.quantity),
    ),
    Check(
        Rule("D26.1", "unit", Owner.PARTNER,
             N_("{unit} is no unit of customs (Recommendation 20). Pieces are C62.")),
        lambda x: when(not x.of.knows(CodeList.UNIT, x.row.unit), unit=x.row.unit),
    ),
    Check(
        Rule("D26.2", "unit", Owner.LIAISON,
             N_("The tariff counts {hs_code}/{statistical_code} in {wanted}, not in {unit}."
                " Correct the product.")),
        _unit,
    ),
    Check(
        Rule("D27.1", "currency", Owner.PARTNER,
             N_("{currency} is no currency code of customs (ISO 4217).")),
        lambda x: when(not x.of.knows(CodeList.CURRENCY, x.message.currency_code),
                       currency=x.message.currency_code),
    ),
    Check(
        Rule("D29.1", "unit_price_foreign", Owner.PARTNER,
             N_("The price is nothing, and the goods are declared as a trade. Declare a value.")),
        lambda x: when(x.row.cif_baht <= ZERO and x.row.nature_of_transaction != GIFT),
    ),
    Check(
        Rule("D37.1", "cif_foreign", Owner.LIAISON,
             N_("{foreign} {currency} at the rate of {rate} are not {baht} baht, give or take"
                " 0.50 {currency}.")),
        lambda x: when(
            not converts(x.message),
            foreign=x.message.cif_value_foreign,
            currency=x.message.currency_code,
            rate=x.message.exchange_rate,
            baht=x.message.cif_value_baht,
        ),
    ),
    Check(
        Rule("D45.1", "in_bond", Owner.LIAISON,
             N_("Goods into bond, or out of it, carry the bond flag Y.")),
        lambda x: when((x.of.enters or _from_bond(x)) and not x.message.in_bond),
    ),
    Check(
        Rule("D51.1", "reference_declaration_number", Owner.LIAISON,
             N_("Goods that leave bond name the declaration and line that brought them in.")),
        _reference,
    ),
    Check(
        Rule("D51.2", "hs_code", Owner.LIAISON,
             N_("Line {line} of {number} says something else: {fields}. Out of bond goods are"
                " declared as they came in.")),
        _same_goods,
    ),
    Check(
        Rule("D51.3", "storage_ends_on", Owner.LIAISON,
             N_("The time of {number} in bond ended on {on}. Ask customs what is due besides."),
             Severity.WARNING),
        _time_in_bond,
    ),
    Check(
        UNCOUNTED,
        _excise_unit,
    ),
    Check(
        Rule("D59.1", "tax_incentive_id", Owner.ADMINISTRATOR,
             N_("The tax-incentive number of the warehouse that takes the goods in is missing."
                " Enter it with the licence.")),
        lambda x: when(x.of.enters and not x.message.import_tax_incentives_id),
    ),
    Check(
        Rule("D64.1", "origin_certificate", Owner.PARTNER,
             N_("Privilege {privilege} rests on a proof of origin: its criteria and its number."
                " Send the certificate, or declare without the privilege.")),
        _proof_of_origin,
    ),
    # Goods in bond are relieved from the price notice (number EXEMPT, authority EXCISE).
    Check(
        Rule("D70.1", "retail_price_baht", Owner.PARTNER,
             N_("Excise on {hs_code}/{statistical_code} is a share of the suggested retail price"
                " (Excise Act B.E. 2560), and none is known. What bond suspends is reckoned on CIF"
                " and duty; give the price before the goods leave for home use."),
             Severity.WARNING),
        lambda x: when(x.of.enters and _by_retail_price(x), **x.named),
    ),
    Check(
        Rule("D70.2", "retail_price_baht", Owner.PARTNER,
             N_("Excise on {hs_code}/{statistical_code} is a share of the suggested retail price"
                " (Excise Act B.E. 2560), and is paid now. Give the price of one, without VAT.")),
        lambda x: when(
            x.of.declaration.document_type is DocumentType.HOME_USE and _by_retail_price(x),
            **x.named,
        ),
    ),
    Check(
        Rule("T01.1", "duties", Owner.LIAISON,
             N_("Duty types {types} are unknown, or stand on the line twice.")),
        _duty_types,
    ),
    Check(
        Rule("T06.1", "duties", Owner.LIAISON,
             N_("Of duty {type} {paid} baht are paid; less exemption and deposit it is {expected}"
                " baht.")),
        _amount_paid,
    ),
    Check(
        Rule("T07.1", "duties", Owner.LIAISON,
             N_("Duty {type} is exempted by {exemption} %; into bond it is 100 %.")),
        _exempt_in_bond,
    ),
    Check(
        Rule("T08.1", "duties", Owner.LIAISON,
             N_("The deposit on duty {type} is {deposit} baht, and its reasons add up to {total}"
                " baht.")),
        _deposits,
    ),
    Check(
        Rule("E01.1", "duties", Owner.LIAISON,
             N_("Customs knows no such reasons for a deposit: {codes}.")),
        _deposit_reasons,
    ),
)  # fmt: skip
