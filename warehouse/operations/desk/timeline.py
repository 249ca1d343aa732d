"""The life of a declaration, step by step: who took each step, and when."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from warehouse.core.i18n import N_
from warehouse.core.work import Event
from warehouse.customs.vocabulary import STATE_NAMES, CustomsEvent, DeclarationState, DocumentType

_TITLES: Final[Mapping[CustomsEvent, str]] = {
    CustomsEvent.DECLARATION_DRAFTED: N_("Drafted"),
    CustomsEvent.DECLARATION_APPROVED: N_("Approved"),
    CustomsEvent.DECLARATION_QUEUED: N_("Queued"),
    CustomsEvent.DECLARATION_SENT: N_("Sent"),
    CustomsEvent.DECLARATION_NUMBERED: N_("Numbered"),
    CustomsEvent.DECLARATION_SETTLED: N_("Paid"),
    CustomsEvent.DECLARATION_LANED: N_("Lane"),
    CustomsEvent.DECLARATION_EXAMINED: N_("Inspected"),
    CustomsEvent.DECLARATION_RELEASED: N_("Released"),
    CustomsEvent.DECLARATION_DELIVERED: N_("Delivered"),
}
_ENDED: Final[Mapping[CustomsEvent, str]] = {
    CustomsEvent.DECLARATION_REJECTED: N_("Refused by customs"),
    CustomsEvent.DECLARATION_CANCELLED: N_("Cancelled"),
}
_NOT_TAKEN_BY_ALL: Final = (
    CustomsEvent.DECLARATION_APPROVED,
    CustomsEvent.DECLARATION_EXAMINED,
)
"""Not every declaration needs them: shown once taken."""
_ON_PAPER: Final = (
    CustomsEvent.DECLARATION_DRAFTED,
    CustomsEvent.DECLARATION_RELEASED,
    CustomsEvent.DECLARATION_DELIVERED,
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step, a gettext key; *event* says who and when, None while it is still to come.

    *how* is a gettext key, too: guaranteed, green …
    """

    title: str
    event: Event | None
    how: str = ""


def steps(document_type: DocumentType, history: Iterable[Event]) -> Sequence[Step]:
    """The steps of a declaration that *history* is about, taken and to come; each as last taken."""
    last: dict[str, Event] = {}
    for event in history:
        if event.name == CustomsEvent.DECLARATION_REOPENED:
            last.pop(CustomsEvent.DECLARATION_APPROVED, None)
        last[event.name] = event
    ended = [Step(title, last[name]) for name, title in _ENDED.items() if name in last]
    on_paper = document_type is DocumentType.PETITION
    shown = [
        Step(title, last.get(name), _how(last.get(name)))
        for name, title in _TITLES.items()
        if name in last
        or not (ended or name in _NOT_TAKEN_BY_ALL or (on_paper and name not in _ON_PAPER))
    ]
    return shown + ended


def _how(event: Event | None) -> str:
    facts = event.facts if event else {}
    state = facts.get("how") or facts.get("lane")
    return STATE_NAMES[DeclarationState(state)] if state else ""
