"""Assess duty and check numbers, JSON in and out (docs/assess.md).  No clock, no database."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from warehouse.core.errors import InvalidRequest, WarehouseError
from warehouse.core.i18n import N_
from warehouse.customs.assess.answers import Case, Desk
from warehouse.customs.assess.cases import answer_case
from warehouse.customs.assess.inputs import (
    AN_OBJECT,
    InputRefused,
    MalformedInput,
    MissingInput,
    Number,
    Twice,
    shown,
)
from warehouse.customs.policy import shipped_policy

_INPUT_OF_OPTION: Final = {
    "cif": "cif_baht",
    "excise": "excise_pct",
    "anti_dumping": "anti_dumping_pct",
    "vat": "vat_pct",
    "import_date": "import_date",
}


class NotJson(InvalidRequest):
    """The request is not JSON."""

    code = "not-json"
    message = N_("The request is not JSON: {reason}")


class NotARequest(InvalidRequest):
    """The request is JSON of another shape."""

    code = "not-a-request"
    message = N_('The request must be an object with a list "vectors", each an object.')


class DoubledId(InputRefused):
    """Several cases share an id, so that no answer could be told from the other."""

    code = "doubled-id"
    message = N_("The id {id} stands more than once in this request.")


class UnusableId(InvalidRequest):
    """A case has no id that an answer could carry."""

    code = "unusable-id"
    message = N_("Case {position} has no id, which must be a printable text.")


def read(text: str | bytes) -> object:
    """The request that a file holds.

    Raises:
        NotJson: it holds something else.
    """
    try:
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=Number,
            parse_float=Number,
            parse_constant=Number,
        )
    except (ValueError, RecursionError) as failure:
        raise NotJson(reason=str(failure)) from failure


def answers(request: object, on: date) -> Iterator[dict[str, object]]:
    """Answer every case of *request*, ``{"vectors": [{"id", "kind", "inputs"}]}``, in its order.

    The rules are those that ship with the program, of a case's import date, or of the day *on*
    where it gives none.  A case that cannot be answered has an ``error`` in place of its result;
    the others are answered.

    Raises:
        NotARequest: it has no list of cases.
    """
    vectors = request.get("vectors") if isinstance(request, dict) else None
    if not isinstance(vectors, list):
        raise NotARequest
    ids = Counter(_id(vector) for vector in vectors)
    desk = Desk(
        shipped_policy(), on, {case.id: case for case in _cases(vectors) if ids[case.id] == 1}
    )
    return (_answer(vector, position, ids, desk) for position, vector in enumerate(vectors, 1))


def written(answers: Iterable[dict[str, object]], indent: int | None = None) -> Iterator[str]:
    """*answers* as one JSON object, a case a line; with *indent*, for people to read.

    Each is written before the next case is looked at: kept until the end, ten thousand of them
    are half a million objects that the garbage collector goes through again and again.
    """
    yield '{"vectors": ['
    before = "\n"
    for each in answers:
        yield before + json.dumps(each, ensure_ascii=False, indent=indent)
        before = ",\n"
    yield "\n]}\n"


def error_of(refusal: WarehouseError) -> dict[str, object]:
    """What an answer says in place of a result."""
    return {
        "error": {
            "code": refusal.code,
            "title_en": refusal.text("en"),
            "title_th": refusal.text("th"),
        }
    }


def request_of(options: Mapping[str, str]) -> dict[str, object]:
    """The request for one tax line, from *options* of the command line; its id is ``case``.

    *cif* is baht, *duty* and the other rates are per cent of the value.
    """
    inputs: dict[str, object] = {
        _INPUT_OF_OPTION[option]: value for option, value in options.items() if option != "duty"
    }
    if "duty" in options:
        inputs["duty"] = {"rate_type": "ad_valorem", "value_pct": options["duty"]}
    return {"vectors": [{"id": "case", "kind": "tax_line", "inputs": inputs}]}


def _answer(
    vector: object, position: int, ids: Counter[str | None], desk: Desk
) -> dict[str, object]:
    case_id = _id(vector)
    try:
        if not isinstance(vector, dict):
            field = f"vectors[{position}]"
            raise MalformedInput(field=field, value=shown(vector), expected=AN_OBJECT)
        if case_id is None:
            raise UnusableId(position=position)
        if ids[case_id] > 1:
            raise DoubledId(id=case_id)
        for field in ("kind", "inputs"):
            if field not in vector:
                raise MissingInput(field=field)
        answered = answer_case(desk.cases[case_id], desk)
    except WarehouseError as refusal:
        return {"id": case_id} | error_of(refusal)
    return {"id": case_id, "result": answered.result, "explained": answered.explained}


def _cases(vectors: Iterable[object]) -> Iterable[Case]:
    for vector in vectors:
        if isinstance(vector, dict) and (case_id := _id(vector)) is not None:
            kind = vector.get("kind")
            named = kind if isinstance(kind, str) else shown(kind)
            yield Case(case_id, named, vector.get("inputs"))


def _id(vector: object) -> str | None:
    given = vector.get("id") if isinstance(vector, dict) else None
    return given if isinstance(given, str) and given and given.isprintable() else None


def _object(pairs: list[tuple[str, object]]) -> dict[str, object] | Twice:
    """A JSON object, or which of its names stands twice."""
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    (doubled, _), *_ = Counter(name for name, _ in pairs).most_common(1)
    return Twice(doubled)
