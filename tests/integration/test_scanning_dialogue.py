"""What is true of every scan: repeated safely, kept with its answer, taken only in its task."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlmodel import select

from tests.builders import House, a_clerk, a_house, a_parcel, an_order, as_actor, stored_parcel
from tests.integration.floor import Scanner, a_scanner, outcome
from warehouse.core import ids
from warehouse.core.work import Event, Work
from warehouse.inventory.models import Movement
from warehouse.inventory.vocabulary import StockEvent
from warehouse.operations.floor import messages, scanning
from warehouse.operations.floor.dialogue import Reply
from warehouse.operations.floor.errors import NoPremises, Refused, ScanChanged
from warehouse.operations.floor.flow import Turn
from warehouse.operations.floor.flows import FLOW_OF
from warehouse.operations.floor.keeping import Scanned
from warehouse.operations.models import Scan
from warehouse.operations.vocabulary import TaskKind


@pytest.fixture
def house(work: Work) -> House:
    return a_house(work)


@pytest.fixture
def scanner(work: Work, house: House) -> Scanner:
    return a_scanner(work, house)


def a_scan(barcode: str) -> Scanned:
    return Scanned(
        ids.new_id(), barcode, "SCANNER-1", datetime(2026, 8, 3, 1, 0, tzinfo=UTC), sequence=7
    )


def test_a_scan_sent_again_gets_the_same_bytes_and_changes_nothing(
    work: Work, house: House, scanner: Scanner
) -> None:
    scanned = a_scan(a_parcel(work, house))
    scanner.scan("CMD-RECEIVE")

    first = scanner.send(scanned)
    scanner.scan("CMD-PUTAWAY")
    scanner.wait(3600)
    again = scanner.send(scanned)

    assert again == first
    assert len(work.session.exec(select(Movement)).all()) == 1


def test_a_refused_scan_sent_again_gets_the_same_bytes(scanner: Scanner) -> None:
    scanned = a_scan("LOC-A1")

    assert scanner.send(scanned) == scanner.send(scanned)


@pytest.mark.parametrize(
    "changed",
    [{"barcode": "LOC-A2"}, {"device": "SCANNER-2"}, {"sequence": 8}, {"scanned_at": None}],
)
def test_a_scan_id_with_other_content_is_refused(
    scanner: Scanner, changed: dict[str, object]
) -> None:
    scanned = a_scan("LOC-A1")
    scanner.send(scanned)

    with pytest.raises(ScanChanged):
        scanner.send(replace(scanned, **changed))


def test_a_scan_id_of_somebody_else_is_refused(work: Work, house: House, scanner: Scanner) -> None:
    scanned = a_scan("LOC-A1")
    scanner.send(scanned)

    with pytest.raises(ScanChanged):
        Scanner(work, a_clerk(work, house.premises)).send(scanned)


def test_every_scan_is_kept_with_its_answer_also_a_refused_one(
    work: Work, scanner: Scanner
) -> None:
    answer = scanner.scan("LOC-A1")

    [kept] = work.session.exec(select(Scan))
    assert kept.answer == answer
    assert (kept.tone, kept.value, kept.step) == ("refused", "LOC-A1", "choose_task")
    assert work.session.exec(select(Movement)).all() == []


def test_a_task_is_chosen_first(scanner: Scanner) -> None:
    answer = scanner.scan("RC338848854TH")

    assert outcome(answer) == ("refused", "no-task")
    assert answer["expects"] == ["command"]


def test_two_clerks_do_two_things_at_once(work: Work, house: House) -> None:
    receiver, packer = a_scanner(work, house), Scanner(work, a_clerk(work, house.premises))
    receiver.scan("CMD-RECEIVE")
    packer.scan("CMD-PACK")

    answer = receiver.scan(a_parcel(work, house))

    assert answer["task"] == "receive"


def test_who_works_nowhere_cannot_scan(work: Work, house: House) -> None:
    nowhere = replace(house.clerk, premises_id=None)

    with pytest.raises(NoPremises):
        Scanner(work, nowhere).scan("CMD-RECEIVE")


def test_a_page_that_opens_finds_out_where_the_clerk_is(
    work: Work, house: House, scanner: Scanner
) -> None:
    at_rest = scanning.current(as_actor(work, house.clerk))
    parcel = stored_parcel(work, house, 3, "A1")
    _, shipment = an_order(work, house, 3)
    scanner.scan("CMD-PUTAWAY", parcel)
    holding = scanning.current(as_actor(work, house.clerk))
    before_bin = json.loads(json.dumps(scanner.scan("CMD-PICK", shipment.number)))
    picking = scanning.current(as_actor(work, house.clerk))

    assert (at_rest["state"], at_rest["task"]) == ("choose_task", None)
    assert holding["data"] == {"parcel": parcel, "at": ["A1"]}
    assert (picking["state"], picking["data"]) == ("scan_bin", before_bin["data"])


def test_what_a_refused_step_had_not_written_yet_is_undone_too(
    work: Work, house: House, scanner: Scanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject = ids.new_id()

    def emit_and_refuse(turn: Turn) -> Reply:
        turn.work.emit(StockEvent.RECEIVED, subject)
        raise Refused(messages.NOTHING_READ)

    in_place_of(monkeypatch, TaskKind.RECEIVE, emit_and_refuse)
    answer = scanner.scan("CMD-RECEIVE", a_parcel(work, house))

    assert answer["tone"] == "refused"
    assert work.session.exec(select(Event).where(Event.subject == subject)).first() is None


def in_place_of(
    monkeypatch: pytest.MonkeyPatch, kind: TaskKind, act: Callable[[Turn], Reply], **how: object
) -> None:
    """Let *act* be the first step of the task *kind*."""
    flow = FLOW_OF[kind]
    first = next(iter(flow.steps))
    changed = replace(flow, steps={**flow.steps, first: replace(flow.steps[first], act=act, **how)})
    monkeypatch.setitem(FLOW_OF, kind, changed)  # type: ignore[arg-type]
