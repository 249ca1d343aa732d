"""What is true of every scan: repeated safely, kept with its answer, taken only in its task."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlmodel import col, select

from tests.builders import (
    House,
    a_clerk,
    a_consignment,
    a_house,
    a_parcel,
    a_parcel_number,
    an_order,
    as_actor,
    stored_parcel,
)
from tests.integration.floor import Scanner, a_scanner, outcome
from warehouse.core import ids
from warehouse.core.i18n import N_
from warehouse.core.work import Event, Work
from warehouse.inventory import inbound as inbound_stock
from warehouse.inventory.models import Movement
from warehouse.inventory.vocabulary import StockEvent
from warehouse.operations.errors import NoPremises
from warehouse.operations.floor import messages, receiving, scanning
from warehouse.operations.floor.dialogue import Reply
from warehouse.operations.floor.errors import Ask, Refused, ScanChanged
from warehouse.operations.floor.flow import Turn
from warehouse.operations.floor.flows import FLOW_OF
from warehouse.operations.floor.keeping import Scanned
from warehouse.operations.floor.messages import Message, inbound, inside
from warehouse.operations.models import Assignment, Scan, Task
from warehouse.operations.vocabulary import (
    DONE,
    NEXT,
    AssignmentKind,
    FloorEvent,
    Step,
    TaskKind,
)


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


QUESTION = Message("really", N_("Scan the bin."))


def ask_first(turn: Turn) -> Reply:
    """A step that wants to hear everything twice, and tells how it was called."""
    if not turn.confirmed:
        raise Ask(QUESTION, scanned=turn.code)
    turn.work.emit(StockEvent.FOUND, turn.scan_id)
    return Reply(inside.STORED, turn.dialogue, {"parcel": turn.code, "location": "A1"})


def test_the_second_scan_of_the_same_code_means_yes(
    scanner: Scanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_place_of(monkeypatch, TaskKind.RECEIVE, ask_first)

    asked = scanner.scan("CMD-RECEIVE", "ONE")
    confirmed = scanner.scan("ONE")
    doubled = scanner.scan("ONE")

    assert (outcome(asked), asked["asks"]) == (("warning", "really"), True)
    assert (outcome(confirmed), confirmed["asks"]) == (("good", "stored"), False)
    assert (outcome(doubled), doubled["repeated"]) == (("warning", "stored"), True)


def test_another_code_in_between_means_no(
    scanner: Scanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_place_of(monkeypatch, TaskKind.RECEIVE, ask_first)

    answers = [scanner.scan(code) for code in ("CMD-RECEIVE", "ONE", "TWO", "ONE", "ONE")]

    assert [answer["asks"] for answer in answers] == [False, True, True, True, False]


def test_what_a_question_had_done_is_undone(
    work: Work, scanner: Scanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def do_then_ask(turn: Turn) -> Reply:
        turn.work.emit(StockEvent.FOUND, turn.person_id)
        raise Ask(QUESTION)

    in_place_of(monkeypatch, TaskKind.RECEIVE, do_then_ask)
    answer = scanner.scan("CMD-RECEIVE", "ONE")

    assert answer["asks"]
    assert work.session.exec(select(Event).where(Event.name == StockEvent.FOUND)).first() is None


def test_a_scan_that_waited_is_no_yes_to_a_question_that_nobody_read(
    work: Work, scanner: Scanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_place_of(monkeypatch, TaskKind.RECEIVE, ask_first)
    scanner.scan("CMD-RECEIVE")

    first, second = (json.loads(scanner.send(a_late_scan("ONE"))) for _ in range(2))

    assert outcome(first) == outcome(second) == ("refused", "really")
    assert len(conflicts(work)) == 2


def test_where_every_scan_counts_none_is_a_trigger_pressed_twice(
    scanner: Scanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def count(turn: Turn) -> Reply:
        counted = turn.hand.get("counted", 0) + 1
        facts: dict[str, object] = {"parcel": turn.code, "location": str(counted)}
        return Reply(inside.STORED, turn.go(Step.SCAN_PARCEL, counted=counted), facts)

    in_place_of(monkeypatch, TaskKind.RECEIVE, count, doubled=False)
    answer = scanner.scan("CMD-RECEIVE", "ONE", "ONE", "ONE")

    assert (answer["data"]["location"], answer["repeated"]) == ("3", False)


def test_a_step_hears_the_commands_it_knows_and_no_others(
    scanner: Scanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def finish(turn: Turn) -> Reply:
        return Reply(inbound.RECEIVE, turn.begin(), {"done": turn.code})

    in_place_of(monkeypatch, TaskKind.RECEIVE, finish, knows=frozenset({DONE}))
    chosen = scanner.scan("CMD-RECEIVE")

    assert chosen["commands"] == [DONE]
    assert scanner.scan(DONE)["data"] == {"done": DONE}
    assert outcome(scanner.scan(NEXT)) == ("refused", "unknown-command")


def test_a_reply_leads_only_where_the_flow_says(
    scanner: Scanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_place_of(
        monkeypatch,
        TaskKind.RECEIVE,
        lambda turn: Reply(inbound.RECEIVE, turn.go(Step.SCAN_LOCATION)),
    )
    scanner.scan("CMD-RECEIVE")

    with pytest.raises(AssertionError, match="scan_location"):
        scanner.scan("ONE")


def test_undo_puts_down_what_was_taken_in_hand(work: Work, house: House, scanner: Scanner) -> None:
    parcel = stored_parcel(work, house, 3, "A1")
    scanner.scan("CMD-PUTAWAY", parcel)

    undone = scanner.scan("CMD-UNDO")
    again = scanner.scan(parcel)

    assert outcome(undone) == ("good", "undone")
    assert (undone["task"], undone["state"]) == ("put_away", "scan_parcel")
    assert (outcome(again), again["repeated"]) == (("good", "parcel-in-hand"), False)


def test_undo_goes_back_to_the_task_that_was_left_by_mistake(
    work: Work, house: House, scanner: Scanner
) -> None:
    parcel = stored_parcel(work, house, 3, "A1")
    scanner.scan("CMD-PUTAWAY", parcel, "CMD-PACK")

    undone = scanner.scan("CMD-UNDO")
    stored = scanner.scan("LOC-A2")

    assert (undone["task"], undone["state"]) == ("put_away", "scan_location")
    assert outcome(stored) == ("good", "stored")


def test_undo_makes_the_counter_entries_of_the_step(
    work: Work, scanner: Scanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken_back = []
    in_place_of(
        monkeypatch,
        TaskKind.RECEIVE,
        lambda turn: Reply(inside.STORED, turn.dialogue, {"parcel": "P", "location": "A1"}),
        undo=lambda _turn, undone: taken_back.append(undone),
    )

    scanner.scan("CMD-RECEIVE", "ONE", "CMD-UNDO")

    [undone] = taken_back
    kept = work.session.exec(select(Scan).order_by(col(Scan.sequence))).all()
    assert (undone.code, undone.data) == ("ONE", {"parcel": "P", "location": "A1"})
    assert kept[2].undoes_id == kept[1].id == undone.scan_id
    [told] = work.session.exec(select(Event).where(Event.name == FloorEvent.SCAN_UNDONE))
    assert told.subject == undone.scan_id


@pytest.mark.parametrize(
    ("codes", "wait", "reason"),
    [
        ([], 0, "nothing-to-undo"),
        (["LOC-A1"], 0, "nothing-to-undo"),
        (["CMD-PACK", "CMD-UNDO"], 0, "nothing-to-undo"),
        (["CMD-PACK"], 21, "too-late-to-undo"),
        (["CMD-RECEIVE", "the parcel"], 0, "not-undoable"),
    ],
)
def test_what_cannot_be_undone_says_why(
    work: Work,
    house: House,
    scanner: Scanner,
    monkeypatch: pytest.MonkeyPatch,
    codes: list[str],
    wait: int,
    reason: str,
) -> None:
    in_place_of(monkeypatch, TaskKind.RECEIVE, receiving.scan_parcel, undo=None)
    parcel = a_parcel(work, house)
    scanner.scan(*(parcel if code == "the parcel" else code for code in codes), "LOC-NOWHERE")
    scanner.waited -= timedelta(seconds=10)  # the refused scan does not count
    scanner.wait(wait)

    assert outcome(scanner.scan("CMD-UNDO")) == ("refused", reason)


def test_a_question_is_nothing_to_undo(scanner: Scanner, monkeypatch: pytest.MonkeyPatch) -> None:
    in_place_of(monkeypatch, TaskKind.RECEIVE, ask_first)

    undone = scanner.scan("CMD-RECEIVE", "ONE", "CMD-UNDO")

    assert (undone["task"], undone["data"]) == (None, {"scanned": "CMD-RECEIVE"})


def test_a_late_scan_that_is_refused_becomes_a_task_once(
    work: Work, house: House, scanner: Scanner
) -> None:
    scanner.scan("CMD-RECEIVE")
    late = a_late_scan("LOC-A1")

    first, again = scanner.send(late), scanner.send(late)
    scanner.scan("LOC-A1")

    [conflict] = conflicts(work)
    assert first == again
    assert (conflict.scan_id, conflict.premises_id) == (late.id, house.premises.id)
    assert conflict.facts == {"scanned": "LOC-A1", "why": "parcel-expected"}


def test_nothing_leaves_on_a_scan_that_waited(scanner: Scanner) -> None:
    chosen = json.loads(scanner.send(a_late_scan("CMD-EXIT")))

    answer = json.loads(scanner.send(a_late_scan("RC338848854TH")))

    assert outcome(chosen) == ("good", "exit")
    assert outcome(answer) == ("refused", "not-offline")


def test_late_scans_are_apart_by_the_clock_of_their_device(
    work: Work, house: House, scanner: Scanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_place_of(
        monkeypatch,
        TaskKind.RECEIVE,
        lambda turn: Reply(inside.STORED, turn.dialogue, {"parcel": turn.code, "location": "A1"}),
    )
    scanner.scan("CMD-RECEIVE")

    answers = [json.loads(scanner.send(a_late_scan("ONE", minute=minute))) for minute in (0, 5, 5)]

    assert [answer["repeated"] for answer in answers] == [False, False, True]


@pytest.mark.parametrize(
    ("minutes_slow", "told"), [(0, None), (4, None), (-4, None), (180, 10800), (-180, -10800)]
)
def test_a_clock_that_is_wrong_is_told(
    work: Work, scanner: Scanner, minutes_slow: int, told: int | None
) -> None:
    now = work.at + timedelta(seconds=10)
    scanned = Scanned(ids.new_id(), "ONE", "S", scanned_at=now - timedelta(minutes=minutes_slow))

    answer = json.loads(scanner.send(scanned))

    [kept] = work.session.exec(select(Scan))
    assert kept.skew_seconds == minutes_slow * 60
    assert answer["data"].get("skew") == told


def test_the_clock_of_scans_that_waited_is_told_by_the_device(work: Work, scanner: Scanner) -> None:
    sent = work.at + timedelta(seconds=10) - timedelta(hours=3)
    unsent, with_clock = a_late_scan("ONE"), replace(a_late_scan("TWO"), sent_at=sent)

    scanner.send(unsent)
    scanner.waited -= timedelta(seconds=10)
    answer = json.loads(scanner.send(with_clock))

    kept = work.session.exec(select(Scan).order_by(col(Scan.sequence))).all()
    assert [each.skew_seconds for each in kept] == [None, 3 * 3600]
    assert answer["data"]["skew"] == 3 * 3600


def test_scans_together_get_the_answers_of_scans_alone(work: Work, house: House) -> None:
    alone, together = a_scanner(work, house), Scanner(work, a_clerk(work, house.premises))
    places = ["LOC-A1", "LOC-A1", "LOC-A2", "LOC-NOWHERE", "LOC-A1"]
    codes: list[list[str]] = []
    for _ in range(2):
        parcels = [a_parcel(work, house, 1) for _ in places]
        taken = [code for pair in zip(parcels, places, strict=True) for code in pair]
        codes.append(
            ["CMD-RECEIVE", *parcels, parcels[0], "CMD-PUTAWAY", *taken, "CMD-UNDO", "CMD-UNDO"]
        )

    one_by_one = [plain(alone.send(a_late_scan(code)), codes[0]) for code in codes[0]]
    at_once = [plain(answer, codes[1]) for answer in together.replay(map(a_late_scan, codes[1]))]

    assert at_once == one_by_one
    assert doing(work, together)[:2] == doing(work, alone)[:2]


def test_parcels_of_a_large_consignment_are_received_together_as_if_alone(
    work: Work, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone, together = a_scanner(work, house), Scanner(work, a_clerk(work, house.premises))
    numbers = [a_parcel_number() for _ in range(inbound_stock.MANY + 30)]
    a_consignment(work, house, [(number, house.product, Decimal(1)) for number in numbers])
    alone.scan("CMD-RECEIVE", numbers.pop())
    together.scan("CMD-RECEIVE", numbers.pop())
    codes = [[*numbers[at : at + 7], "LOC-A1", numbers[at + 7], "LP99"] for at in (0, 10)]
    sizes = []
    receive_all = inbound_stock.receive_all

    def noting(work: Work, premises_id: UUID, scans: Mapping[str, UUID]) -> object:
        sizes.append(len(scans))
        return receive_all(work, premises_id, scans)

    one_by_one = [plain(alone.send(a_late_scan(code)), codes[0]) for code in codes[0]]
    monkeypatch.setattr(inbound_stock, "receive_all", noting)
    at_once = [plain(answer, codes[1]) for answer in together.replay(map(a_late_scan, codes[1]))]

    assert at_once == one_by_one
    assert max(sizes) > 1
    assert doing(work, together) == doing(work, alone)


def test_a_batch_sent_twice_is_taken_once(work: Work, house: House, scanner: Scanner) -> None:
    parcels = [a_parcel(work, house, 1) for _ in range(3)]
    scans = [a_late_scan(code) for code in ["CMD-RECEIVE", *parcels, parcels[0], "LOC-A1"]]

    first, again = scanner.replay(scans[:4]), scanner.replay(scans)

    assert again[:4] == first
    assert scanner.replay(scans) == again
    assert len(work.session.exec(select(Movement)).all()) == 3
    assert len(conflicts(work)) == 1


def a_late_scan(barcode: str, minute: int = 0) -> Scanned:
    return Scanned(
        ids.new_id(), barcode, "SCANNER-1", datetime(2026, 8, 3, 1, minute, tzinfo=UTC), waited=True
    )


def conflicts(work: Work) -> Sequence[Assignment]:
    wanted = select(Assignment).where(Assignment.kind == AssignmentKind.CONFLICT)
    return work.session.exec(wanted).all()


def plain(answer: str, codes: list[str]) -> object:
    """*answer* without what is different for every scan: its parcels by their places in *codes*."""
    for place, code in enumerate(codes):
        answer = re.sub(rf"\b{code}\b", f"code {place}", answer)
    content = json.loads(answer)
    del content["scan_id"]
    return content


def doing(work: Work, scanner: Scanner) -> tuple[object, ...]:
    task = work.session.exec(select(Task).where(Task.person_id == scanner.clerk.id)).one()
    return task.kind, task.step, task.hand


def in_place_of(
    monkeypatch: pytest.MonkeyPatch, kind: TaskKind, act: Callable[[Turn], Reply], **how: object
) -> None:
    """Let *act* be the first step of the task *kind*."""
    flow = FLOW_OF[kind]
    first = next(iter(flow.steps))
    changed = replace(flow, steps={**flow.steps, first: replace(flow.steps[first], act=act, **how)})
    monkeypatch.setitem(FLOW_OF, kind, changed)  # type: ignore[arg-type]
