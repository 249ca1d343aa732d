"""The benchmark's own parts.  No time that is measured here decides anything."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import UUID

import pytest
from sqlmodel import SQLModel

from benchmarks import growth, load, replay
from benchmarks.load import Client, Talk, Timing
from benchmarks.measure import BenchmarkError, Contest, Target, Variant, findings, interleaved
from benchmarks.replay import Recording, Sent
from warehouse.core import ids

CLERK = UUID("01890000-0000-7000-8000-00000000000c")
LOT = UUID("01890000-0000-7000-8000-00000000000d")
BEFORE = UUID("018a0000-0000-7000-8000-000000000000")


def a_contest(*variants: Variant) -> Contest:
    return Contest("work", "a second", Target(at_least=0.5), variants)


def test_variants_take_turns_in_every_round() -> None:
    told: list[str] = []
    contest = a_contest(Variant("limit", lambda: 10), Variant("ours", lambda: 6, "limit"))

    interleaved(contest, 2, told.append)

    assert told == ["limit", "ours", "limit", "ours"]


def test_a_ratio_is_that_of_figures_of_one_round() -> None:
    contest = a_contest(Variant("limit", lambda: 0), Variant("ours", lambda: 0, "limit"))

    [found] = findings(contest, {"limit": [10, 20, 40], "ours": [8, 8, 20]})

    assert found.ratio is not None
    assert (found.ratio.median, found.ratio.least, found.ratio.most) == (0.5, 0.4, 0.8)
    assert found.met


def test_a_variant_without_limit_is_held_to_its_own_figure() -> None:
    contest = a_contest(Variant("ours", lambda: 0.4))

    [found] = findings(contest, {"ours": [0.4]})

    assert found.ratio is None
    assert not found.met


@pytest.mark.parametrize(("figure", "met"), [(5, True), (5.01, False)])
def test_a_target_may_be_an_upper_bound(figure: float, *, met: bool) -> None:
    target = Target(at_most=5)

    answer = target.met(figure)

    assert answer is met
    assert str(target) == "≤ 5"


def test_a_figure_without_a_bound_is_only_told() -> None:
    target = Target()

    assert target.met(10**9)
    assert str(target) == "–"


def test_a_variant_may_have_a_unit_and_a_target_of_its_own() -> None:
    contest = a_contest(
        Variant("rate", lambda: 1), Variant("p99", lambda: 30, unit="ms", target=Target(at_most=20))
    )

    rate, p99 = findings(contest, {"rate": [1], "p99": [30]})

    assert (rate.unit, rate.target, rate.met) == ("a second", "≥ 0.5", True)
    assert (p99.unit, p99.target, p99.met) == ("ms", "≤ 20", False)


def test_a_percentage_of_the_requests_is_answered_within_its_milliseconds() -> None:
    timing = Timing(1, [[0.004, 0.001], [0.003, 0.1]])

    assert [timing.ms(percent) for percent in (0, 50, 99, 100)] == [1, 3, 4, 100]


def test_a_copy_has_keys_and_numbers_of_its_own_and_keeps_what_was_there_before() -> None:
    statement = growth._copy(SQLModel.metadata.tables["lot"], BEFORE, 3)

    key = "lpad(to_hex(copy), 8, '0') || substr(lot.handling_unit_id::text, 9)"
    assert f"WHEN lot.handling_unit_id > '{BEFORE}' THEN ({key})::uuid" in statement
    assert "'H' || upper(lpad(to_hex(copy), 4, '0')) || right(lot.number, 8)" in statement
    assert " under_bond" not in statement  # the database works it out


def test_a_script_has_variables_for_what_is_constant() -> None:
    at = datetime(2026, 11, 23, 1, 2, 3, tzinfo=UTC)
    statement = "SELECT %(kind)s, %(at)s, %(none)s, 7 %% 2"
    recording = Recording([Sent(statement, {"kind": "receipt", "at": at, "none": None})], 1)

    made = replay.script(recording, since=BEFORE, per_client={}, per_turn={})

    assert made.text.splitlines() == [
        "BEGIN;",
        "SELECT (:value_0), (:value_1)::timestamp with time zone, NULL, 7 % 2;",
        "COMMIT;",
    ]
    assert made.variables == {"value_0": "receipt", "value_1": "2026-11-23 01:02:03+00:00"}


def test_a_script_looks_up_what_belongs_to_client_and_turn() -> None:
    values = {"clerk": CLERK, "lots": [LOT], "quantities": [Decimal(2)], "text": f"<{LOT}>"}
    statement = "SELECT %(clerk)s, %(lots)s, %(quantities)s, %(text)s"

    made = replay.script(
        Recording([Sent(statement, values)], 1),
        since=BEFORE,
        per_client={str(CLERK): "clerk"},
        per_turn={str(LOT): "(SELECT lot)"},
    )

    assert made.text.splitlines()[1] == (
        "SELECT (:clerk::text)::uuid,"
        " (:value_0::text || (SELECT lot) || :value_1::text)::uuid[],"
        " (:value_2)::numeric[],"
        " (:value_3::text || (SELECT lot) || :value_4::text);"
    )
    assert list(made.variables.values()) == ["{", "}", "{2}", "<", ">"]


def test_a_key_that_was_made_is_made_anew_and_alike_wherever_it_stands() -> None:
    key = ids.new_id()
    statement = "SELECT %(id)s, %(again)s"
    recording = Recording([Sent(statement, {"id": key, "again": str(key)})], 1)

    made = replay.script(recording, since=BEFORE, per_client={}, per_turn={})

    assert made.text.count("to_hex(:turn::bigint * 64 + 0)") == 2
    assert made.variables == {}


def test_a_script_is_one_transaction() -> None:
    with pytest.raises(BenchmarkError, match="One transaction"):
        replay.script(Recording([], 2), since=BEFORE, per_client={}, per_turn={})


class Echo(BaseHTTPRequestHandler):
    """Answers each request with its own body; hangs up on "bye", is away on "away"."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        if body == b"bye":
            self.close_connection = True
            return
        self.send_response(503 if body == b"away" else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def echo() -> Iterator[int]:
    """The port of a server that echoes."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def test_every_client_sends_all_its_requests(echo: int) -> None:
    requests = [load.post("/", f"parcel {number}", f"parcel {number}") for number in range(5)]

    per_second = load.run([Client(echo, requests), Client(echo, requests)])

    assert per_second > 0


def test_the_next_request_may_follow_from_the_answer(echo: int) -> None:
    answers = []

    def talk() -> Talk:
        answers.append((yield load.post("/", "where?", "where?")))
        answers.append((yield load.post("/", f"to {answers[0].decode()}", "to where?")))

    timing = load.timed([Client(echo, talk())])

    assert answers == [b"where?", b"to where?"]
    assert len(timing.seconds[0]) == 2


def test_whoever_talks_may_give_up(echo: int) -> None:
    def talk() -> Talk:
        yield load.post("/", "where?", "where?")
        raise BenchmarkError("Nowhere.")

    with pytest.raises(BenchmarkError, match="Nowhere"):
        load.run([Client(echo, talk())])


@pytest.mark.parametrize(
    ("body", "expected", "told"),
    [
        ("parcel 1", "parcel 2", "1 wrong answers"),
        ("away", "away", "1 wrong answers"),
        ("bye", "bye", "hung up"),
    ],
)
def test_a_wrong_answer_is_no_figure(echo: int, body: str, expected: str, told: str) -> None:
    requests = [load.post("/", "good", "good"), load.post("/", body, expected)]

    with pytest.raises(BenchmarkError, match=told):
        load.run([Client(echo, requests)])
