"""Cases that check a number: tax id, declaration number, printed declaration number."""

from typing import Final

from warehouse.core.i18n import N_
from warehouse.customs.assess.answers import Answer, Desk, Kind, kind
from warehouse.customs.assess.inputs import Inputs, shown
from warehouse.masterdata import identifiers

_TAX_ID_SOURCE: Final = "Tax ids listed in the e-Import manual 2018 pp.123-124, all of which agree"
_NUMBER_SOURCE: Final = "e-Import manual 2018; customs receipt กศก.123, specimen of 14 Jun 2561"


def _tax_id(inputs: Inputs, _: Desk) -> Answer:
    value = inputs.text("value")
    result: dict[str, object] = {"valid": identifiers.is_tax_id(value)}
    first, last = value[:12], value[12:]
    if len(last) == 1 and first.isascii() and first.isdigit():
        result["check_digit"] = str(identifiers.tax_id_check_digit(first))
    rule = "check digit = (11 - sum of d(i) x (14 - i) mod 11) mod 10, i = 1 to 12"
    return Answer(result, [_form("TAX_ID", N_("Thai tax id"), value, rule, _TAX_ID_SOURCE)])


def _declaration_number(inputs: Inputs, _: Desk) -> Answer:
    value = inputs.text("value")
    parts = identifiers.declaration_number_parts(value)
    result: dict[str, object] = {"valid": parts is not None}
    if parts:
        result["parts"] = parts
    return Answer(result, [_number_form(value)])


def _declaration_number_print(inputs: Inputs, _: Desk) -> Answer:
    printed = inputs.text("printed")
    value = identifiers.stored_declaration_number(printed)
    result: dict[str, object] = {"valid": value is not None, "value": value}
    return Answer(result, [_number_form(printed)])


def _number_form(value: str) -> dict[str, str]:
    rule = "series 2, day 2, document type 1, Buddhist year 2, month 2, running 5"
    return _form("DECLARATION_NUMBER", N_("Declaration number"), value, rule, _NUMBER_SOURCE)


def _form(what: str, title: str, value: str, rule: str, source: str) -> dict[str, str]:
    """A number's form, told with the keys of a receipt that it has."""
    return {"what": what, "title": title, "base": shown(value), "rule": rule, "source": source}


KINDS: Final[dict[str, Kind]] = {
    "tax_id": kind(_tax_id, "value"),
    "declaration_number": kind(_declaration_number, "value"),
    "declaration_number_print": kind(_declaration_number_print, "printed"),
}
