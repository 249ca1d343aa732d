"""The answer to a scan: in every language, for ears, eyes and programs."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from warehouse.core.errors import WarehouseError
from warehouse.core.i18n import LANGUAGES, translate
from warehouse.operations.floor import messages
from warehouse.operations.floor.dialogue import Dialogue, Reply
from warehouse.operations.floor.errors import Ask, Refused
from warehouse.operations.floor.flows import FLOW_OF
from warehouse.operations.vocabulary import EXPECTS, Tone

Answer = dict[str, Any]
"""The JSON object of `ScanRead` in `api.py`."""


def accepted(scan_id: UUID | None, reply: Reply) -> Answer:
    """What a step that was taken says."""
    message, facts = reply.message, reply.facts
    sentence = {each: translate(message.sentence, each, **facts) for each in LANGUAGES}
    return _answer(scan_id, reply.then, message.tone, message.code, sentence, facts)


def refused(scan_id: UUID, here: Dialogue, refusal: WarehouseError) -> Answer:
    """Why a step was not taken; the dialogue stays *here*."""
    code = refusal.reason.code if isinstance(refusal, Refused) else refusal.code
    sentence = {each: refusal.text(each) for each in LANGUAGES}
    return _answer(scan_id, here, Tone.REFUSED, code, sentence, refusal.facts)


def asked(scan_id: UUID, here: Dialogue, question: Ask) -> Answer:
    """What a step asks before it is taken; the dialogue stays *here*."""
    return refused(scan_id, here, question) | {"tone": Tone.WARNING, "asks": True}


def again(earlier: str, scan_id: UUID) -> Answer:
    """The *earlier* answer, to a code that was scanned twice."""
    first: Answer = json.loads(earlier)
    return first | {"scan_id": str(scan_id), "tone": Tone.WARNING, "repeated": True}


def _answer(
    scan_id: UUID | None,
    then: Dialogue,
    tone: Tone,
    code: str,
    sentence: Mapping[str, str],
    facts: Mapping[str, object],
) -> Answer:
    step = FLOW_OF[then.kind].steps[then.step] if then.kind else None
    prompt = step.prompt if step else messages.CHOOSE_TASK.sentence
    return {
        "scan_id": scan_id and str(scan_id),
        "state": then.step,
        "task": then.kind,
        "tone": tone,
        "message": {"code": code, **sentence},
        "prompt": _in_every_language(prompt),
        "data": {name: _plain(fact) for name, fact in facts.items()},
        "expects": EXPECTS[then.step],
        "commands": sorted(step.knows) if step else [],
        "repeated": False,
        "asks": False,
    }


@cache
def _in_every_language(prompt: str) -> Mapping[str, str]:
    return {each: translate(prompt, each) for each in LANGUAGES}


def _plain(fact: object) -> object:
    match fact:
        case date():  # a datetime is one, too
            return fact.isoformat()
        case Decimal():
            return f"{fact.normalize():f}"
        case _:
            return fact
