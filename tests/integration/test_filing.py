"""Between us and customs: on good days and bad, each filing counts once and each answer once."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import httpx2
import pydantic.v1  # noqa: F401 (FastAPI asks for it late, and it fails on a clock that stands)
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from freezegun import freeze_time
from freezegun.api import FrozenDateTimeFactory
from sqlalchemy import Engine
from sqlmodel import select

from tests import people
from tests.builders import House
from tests.customs_builders import (
    a_consignment,
    a_customs_house,
    a_desk,
    a_number,
    a_product,
    an_answer,
    an_order,
    drafted,
    guarantee_of,
    sent,
    stored,
)
from tests.filings import key_rings
from warehouse import wiring
from warehouse.access.models import Person
from warehouse.access.vocabulary import Role
from warehouse.core import clock, ids
from warehouse.core.errors import Unavailable
from warehouse.core.jobs import Jobs, drain
from warehouse.core.work import SYSTEM, Actor, Job, Work, begin
from warehouse.customs import commands, jobs, queries
from warehouse.customs.gateway import (
    AnswerKind,
    DeclarationMessage,
    RawAnswer,
    Receipt,
    messages,
)
from warehouse.customs.gateway.http import HttpGateway
from warehouse.customs.gateway.simulator import Fault, FaultPlan, create_simulator
from warehouse.customs.models import CustomsMessage, Declaration, Discharge, HandDecision, Outage
from warehouse.customs.posting import by_hand, inbox, outages
from warehouse.customs.posting.by_hand import Paper
from warehouse.customs.vocabulary import (
    DeclarationState,
    Direction,
    DocumentType,
    DutyAccount,
    MessageState,
)
from warehouse.inventory import queries as stock
from warehouse.operations.clearance import answers
from warehouse.shipments import queries as shipments
from warehouse.shipments.models import Consignment
from warehouse.shipments.vocabulary import CustomsStatus

OURS, CUSTOMS = key_rings()
SUSPENDED = Decimal("391.00")  # of a garment of 1,000 baht: duty 300 and VAT 91


@dataclass(frozen=True, slots=True)
class Office:
    """Customs as the simulator plays it, and our desk's line to it."""

    line: "CountingClient"
    gateway: HttpGateway
    jobs: Jobs

    def heard(self) -> list[dict[str, object]]:
        """What customs was told, and took."""
        return [each for each in self.line.get("/filings").json() if each["accepted"]]


class CountingClient(TestClient):
    """A line on which every call is written down."""

    def __init__(self, app: FastAPI) -> None:
        super().__init__(app)
        self.calls: list[str] = []

    def request(self, method: str, url: str, **more: object) -> httpx2.Response:
        self.calls.append(f"{method} {url}")
        return super().request(method, url, **more)


def an_office(**plan: object) -> Office:
    app = create_simulator(keys=CUSTOMS, plan=FaultPlan(seed=7, **plan), pace_seconds=0)
    line = CountingClient(app)
    gateway = HttpGateway(line, OURS)
    return Office(line, gateway, a_desk(gateway, OURS))


@pytest.fixture
def time() -> Iterator[FrozenDateTimeFactory]:
    """A clock that stands still unless it is told to move; it begins now."""
    with freeze_time(clock.now()) as frozen:
        yield frozen


def some_days_work(
    engine: Engine, office: Office, time: FrozenDateTimeFactory, *, hours: int = 1
) -> None:
    """Run what is due, every half minute, asking for answers each minute as the clock does."""
    for minute in range(hours * 60):
        with begin(engine, SYSTEM, office.jobs.subscribers) as work:
            if minute and not (
                queries.anything_in_customs_hands(work.session) or outages.current(work.session)
            ):
                return
            work.defer("fetch-answers", once=f"fetch@{minute}:{work.at}")
        for _ in range(2):
            drain(engine, office.jobs)
            time.tick(timedelta(seconds=30))


def announced(engine: Engine, office: Office, amount: int = 1) -> tuple[House, list[Consignment]]:
    with begin(engine, SYSTEM, office.jobs.subscribers) as work:
        house = a_customs_house(work)
        shirt = a_product(work, house)
        return house, [a_consignment(work, house, [(shirt, 1, "1000")]) for _ in range(amount)]


def declarations(engine: Engine) -> list[Declaration]:
    with begin(engine, SYSTEM, {}) as work:
        return list(queries.worklist(work.session, limit=200))


def states(engine: Engine) -> Counter[DeclarationState]:
    return Counter(declaration.state for declaration in declarations(engine))


def messages_in(engine: Engine, direction: Direction) -> list[CustomsMessage]:
    with begin(engine, SYSTEM, {}) as work:
        return list(
            work.session.exec(select(CustomsMessage).where(CustomsMessage.direction == direction))
        )


def test_goods_go_into_bond_and_out_again(database: Engine, time: FrozenDateTimeFactory) -> None:
    office = an_office()
    house, (consignment,) = announced(database, office)
    some_days_work(database, office, time)
    with begin(database, SYSTEM, office.jobs.subscribers) as work:
        stored(work, house, consignment)
        (lot,) = stock.lots_of_consignment(work.session, consignment.id)
        product = queries.lines(work.session, declarations(database)[0].id)[0].product_id
        order = an_order(work, house, work.session.get_one(type(house.product), product), 1)
    some_days_work(database, office, time)

    with begin(database, SYSTEM, {}) as work:
        entry = queries.declaration_of_consignment(work.session, consignment.id)
        leaving = queries.declaration_of_order(work.session, order.id)
        assert entry is not None
        assert leaving is not None
        assert (entry.state, leaving.state) == (DeclarationState.RELEASED,) * 2
        assert lot.declaration_number == entry.declaration_number
        assert leaving.total_tax == Decimal(391)
        shipment = shipments.shipment_of_order(work.session, order.id)
        assert shipment.customs is CustomsStatus.RELEASED
        assert queries.release_of_order(work.session, order.id) is not None
        assert guarantee_of(work, house) == (0, 0)


def test_every_message_is_kept_byte_for_byte(database: Engine, time: FrozenDateTimeFactory) -> None:
    office = an_office()
    announced(database, office)

    some_days_work(database, office, time)

    (out,) = messages_in(database, Direction.OUT)
    came = messages_in(database, Direction.IN)
    (declaration,) = declarations(database)
    filed = messages.read_declaration(out.raw, CUSTOMS)
    assert (filed.reference_number, filed.lines[0].in_bond) == (declaration.reference_number, True)
    assert [each.raw for each in came] == [
        letter.content for letter in office.gateway.fetch_answers(None)
    ]
    assert all(hashlib.sha256(each.raw).hexdigest() == each.sha256 for each in (out, *came))
    assert {each.state for each in came} == {MessageState.APPLIED}


def test_while_customs_is_down_filings_wait_and_none_is_lost_or_doubled(
    database: Engine, time: FrozenDateTimeFactory
) -> None:
    office = an_office(outage_until=clock.now() + timedelta(hours=1))
    announced(database, office, 8)

    some_days_work(database, office, time)
    during = states(database)
    calls, heard_during = len(office.line.calls), office.heard()
    some_days_work(database, office, time, hours=2)

    assert set(during) == {DeclarationState.QUEUED, DeclarationState.UNKNOWN}
    assert during[DeclarationState.UNKNOWN] <= outages.FAILURES_OF_AN_OUTAGE
    assert calls < 60, "while customs is away one call at a time asks for it"
    assert heard_during == []
    assert states(database) == {DeclarationState.RELEASED: 8}
    assert len(office.heard()) == len(messages_in(database, Direction.OUT)) == 8
    with begin(database, SYSTEM, {}) as work:
        (outage,) = work.session.exec(select(Outage)).all()
        assert outage.until is not None
        assert outages.current(work.session) is None


def test_what_was_accepted_by_hand_is_filed_afterwards_and_nothing_is_doubled(
    database: Engine, time: FrozenDateTimeFactory
) -> None:
    office = an_office(outage_until=clock.now() + timedelta(hours=1))
    house, _ = announced(database, office, 6)
    some_days_work(database, office, time)
    by_number = {}
    for place, declaration in enumerate(declarations(database)[:3], start=1):
        by_number[declaration.reference_number] = f"811006911{place:05}"
        accepted_by_hand(database, office, declaration, by_number[declaration.reference_number])
    ledger = suspended(database)

    time.tick(timedelta(minutes=5))
    some_days_work(database, office, time, hours=2)

    heard = {str(each["reference_number"]): each for each in office.heard()}
    assert ledger == 3 * SUSPENDED
    assert suspended(database) == 6 * SUSPENDED
    assert states(database) == {DeclarationState.RELEASED: 6}
    assert len(office.heard()) == 6
    for declaration in declarations(database):
        number = heard[declaration.reference_number]["declaration_number"]
        assert number == declaration.declaration_number
        assert number == by_number.get(declaration.reference_number, number)
    with begin(database, SYSTEM, {}) as work:
        assert guarantee_of(work, house) == (0, 6 * SUSPENDED)


def accepted_by_hand(engine: Engine, office: Office, declaration: Declaration, number: str) -> None:
    """An officer gives *number* on paper; one of us records it, another confirms it."""
    liaison, manager = (Actor(name=role, role=role) for role in ("liaison", "manager"))
    with begin(engine, liaison, office.jobs.subscribers) as work:
        if not work.session.exec(select(Person).where(Person.role == Role.OFFICER)).first():
            people.a_person(work, Role.OFFICER)
        paper = Paper(
            officer=Role.OFFICER.value,
            decided_at=work.at,
            document=b"a picture",
            document_type="image/jpeg",
            number=number,
        )
        decision = by_hand.accept(work, commands.lock(work, declaration.id), paper)
    with begin(engine, manager, office.jobs.subscribers) as work:
        found = work.session.get_one(HandDecision, decision.id)
        by_hand.approve(work, found, answers.effects_of(declaration)[AnswerKind.NUMBERED])


def suspended(engine: Engine) -> Decimal:
    with begin(engine, SYSTEM, {}) as work:
        [row] = work.sql("SELECT sum(amount) FROM duty_entry WHERE kind = 'suspended'").fetchall()
        return Decimal(row[0])


@pytest.mark.parametrize("fault", [Fault.ANSWER_LOST, Fault.REQUEST_LOST, Fault.BUSY])
def test_whatever_is_lost_on_the_way_each_filing_counts_once(
    database: Engine, time: FrozenDateTimeFactory, fault: Fault
) -> None:
    office = an_office(weights={fault: 1, Fault.NONE: 1})
    announced(database, office, 6)

    some_days_work(database, office, time, hours=2)

    assert states(database) == {DeclarationState.RELEASED: 6}
    assert len(office.heard()) == len(messages_in(database, Direction.OUT)) == 6
    assert len({each.declaration_number for each in declarations(database)}) == 6


def test_what_customs_refuses_is_refused_with_its_reasons_and_frees_the_guarantee(
    database: Engine, time: FrozenDateTimeFactory
) -> None:
    office = an_office(weights={Fault.REFUSED: 1})
    house, _ = announced(database, office)

    some_days_work(database, office, time)

    (declaration,) = declarations(database)
    assert declaration.state is DeclarationState.REJECTED
    assert declaration.refusals == [
        {
            "code": "SIM",
            "th": "Refused By Fault Plan",
            "en": "Refused By Fault Plan",
            "line": "",
        }
    ]
    with begin(database, SYSTEM, {}) as work:
        assert guarantee_of(work, house) == (0, 0)


@pytest.mark.parametrize(
    "fault",
    [
        Fault.DUPLICATED,
        Fault.REORDERED,
        Fault.CORRUPTED,
        Fault.WRONG_CHARSET,
        Fault.WRONG_SIGNATURE,
        Fault.WRONG_REFERENCE,
    ],
)
def test_bad_letters_change_nothing_and_the_good_ones_count_once(
    database: Engine, time: FrozenDateTimeFactory, fault: Fault
) -> None:
    office = an_office(weights={fault: 1, Fault.NONE: 1})
    house, _ = announced(database, office, 4)

    some_days_work(database, office, time)

    came = Counter(each.state for each in messages_in(database, Direction.IN))
    assert states(database) == {DeclarationState.RELEASED: 4}
    assert came[MessageState.APPLIED] == 16
    assert set(came) <= {MessageState.APPLIED, MessageState.REPEATED, MessageState.REFUSED}
    with begin(database, SYSTEM, {}) as work:
        assert guarantee_of(work, house) == (0, 4 * SUSPENDED)


def test_a_refused_letter_keeps_its_reason(work: Work) -> None:
    stranger, _ = key_rings()
    number = a_number(DocumentType.IMPORT)
    answer = an_answer(work, a_filed_entry(work), AnswerKind.NUMBERED, number=number)
    letters = [b"<not xml", messages.answer(answer, stranger)]

    deliver(work, letters)

    refused = work.session.exec(select(CustomsMessage)).all()
    assert [(each.state, each.reason is not None) for each in refused] == [
        (MessageState.REFUSED, True)
    ] * 2


class Killed(BaseException):
    """The process ended, whatever it was doing."""


@dataclass(frozen=True, slots=True)
class KilledAtCall:
    """A line that dies with its process, *before* or after customs has the message."""

    gateway: HttpGateway
    before: bool

    def compose(self, message: DeclarationMessage) -> bytes:
        return self.gateway.compose(message)

    def submit(self, message_id: UUID, document: bytes) -> Receipt:
        if not self.before:
            self.gateway.submit(message_id, document)
        raise Killed

    def query(self, message_id: UUID) -> Receipt | None:
        raise Unavailable(system="customs")

    def fetch_answers(self, _after: str | None) -> list[RawAnswer]:
        raise Unavailable(system="customs")


@pytest.mark.parametrize("before", [True, False])
def test_a_worker_killed_in_the_call_leaves_a_filing_that_is_asked_about(
    database: Engine, time: FrozenDateTimeFactory, *, before: bool
) -> None:
    office = an_office()
    announced(database, office)
    dying = a_desk(KilledAtCall(office.gateway, before), OURS)
    with pytest.raises(Killed):
        drain(database, dying)
    after_the_kill = states(database)

    some_days_work(database, office, time)

    assert after_the_kill == {DeclarationState.SENT: 1}
    assert states(database) == {DeclarationState.RELEASED: 1}
    assert len(office.heard()) == 1


def test_what_no_message_can_carry_stays_a_draft_that_says_so(
    database: Engine, time: FrozenDateTimeFactory
) -> None:
    office = an_office()
    with begin(database, SYSTEM, office.jobs.subscribers) as work:
        house = a_customs_house(work)
        house.product.name_en = "BELL \x07 RINGING"
        a_consignment(work, house, [(house.product, 1, "1000")])

    some_days_work(database, office, time)

    with begin(database, SYSTEM, {}) as work:
        (draft,) = work.session.exec(select(Declaration)).all()
        assert [each["field"] for each in draft.findings if each["severity"] == "error"] == [
            "description_en"
        ]
        assert guarantee_of(work, house) == (0, 0)
    assert states(database) == {DeclarationState.DRAFT: 1}
    assert office.heard() == []


def test_three_workers_share_the_queue_and_double_nothing(database: Engine) -> None:
    office = an_office()
    announced(database, office, 8)

    with ThreadPoolExecutor(3) as workers:
        list(workers.map(lambda _: drain(database, office.jobs), range(3)))
    drain(database, office.jobs)

    assert states(database) == {DeclarationState.RELEASED: 8}
    assert len(office.heard()) == 8


# ── Answers one by one, in any order ─────────────────────────────────────────────────────────────


def a_filed_entry(work: Work) -> Declaration:
    house = a_customs_house(work)
    consignment = a_consignment(work, house, [(a_product(work, house), 1, "1000")])
    return sent(work, drafted(work, consignment))


def deliver(work: Work, letters: list[bytes]) -> None:
    """*letters* arrive one after the other, each read at once, and again what they set free."""
    for content in letters:
        inbox.keep(work, [RawAnswer(str(ids.new_id()), content)])
        while waiting := work.session.exec(
            select(CustomsMessage).where(CustomsMessage.state == MessageState.WAITING)
        ).all():
            for message in waiting:
                answers.apply_answer(work, {"subject": str(message.id)}, keys=OURS)


def outcome(work: Work, declaration: Declaration) -> tuple[object, ...]:
    """All that is left of what customs said."""
    balances = work.sql(
        "SELECT kind, from_account, to_account, duty_type, amount FROM duty_entry ORDER BY 1, 4, 5"
    ).fetchall()
    discharged = work.session.exec(select(Discharge)).all()
    inbox_states = Counter(
        each.state
        for each in work.session.exec(
            select(CustomsMessage).where(CustomsMessage.direction == Direction.IN)
        )
    )
    return (
        declaration.state,
        declaration.declaration_number,
        declaration.answered,
        tuple(balances),
        len(discharged),
        tuple(sorted(inbox_states.items())),
    )


def test_what_customs_speaks_of_it_has_even_if_we_mean_to_send_it_again(work: Work) -> None:
    declaration = a_filed_entry(work)
    declaration.state = DeclarationState.QUEUED
    number = a_number(DocumentType.IMPORT)
    answer = an_answer(work, declaration, AnswerKind.NUMBERED, number=number)

    deliver(work, [messages.answer(answer, CUSTOMS)])

    assert declaration.state is DeclarationState.NUMBERED
    assert outcome(work, declaration)[1] == number


def test_an_answer_that_cannot_be_applied_is_refused_and_changes_nothing(work: Work) -> None:
    declaration = a_filed_entry(work)
    answer = an_answer(work, declaration, AnswerKind.NUMBERED, number="B" * 14)

    deliver(work, [messages.answer(answer, CUSTOMS)])

    (message,) = work.session.exec(select(CustomsMessage)).all()
    assert message.state is MessageState.REFUSED
    assert message.reason is not None
    assert message.reason.startswith("number-not-valid")
    assert (declaration.state, declaration.answered) == (DeclarationState.SENT, 0)


def test_fetching_comes_back_once_in_two_seconds_and_only_while_it_must(
    database: Engine, time: FrozenDateTimeFactory
) -> None:
    office = an_office()
    announced(database, office)
    callers = {**office.jobs.callers, "fetch-answers": lambda _begin, _facts: None}
    drain(database, Jobs(office.jobs.handlers, callers, office.jobs.subscribers))

    for _ in range(3):
        jobs.fetch_answers(
            lambda: begin(database, SYSTEM, office.jobs.subscribers), {}, gateway=office.gateway
        )
    while_it_must = due(database)
    some_days_work(database, office, time)

    assert while_it_must == 1
    assert due(database) == 0


def due(engine: Engine) -> int:
    """How many fetches are queued for later."""
    with begin(engine, SYSTEM, wiring.SUBSCRIBERS) as work:
        rows = work.session.exec(select(Job).where(Job.name == "fetch-answers"))
        return sum(each.done_at is None and each.run_at > work.at for each in rows)


def test_an_account_in_suspense_is_what_the_guarantee_carries(
    database: Engine, time: FrozenDateTimeFactory
) -> None:
    office = an_office()
    house, _ = announced(database, office, 3)

    some_days_work(database, office, time)

    with begin(database, SYSTEM, {}) as work:
        suspense = work.sql(
            "SELECT sum(amount) FROM duty_entry WHERE to_account = %(account)s",
            account=DutyAccount.SUSPENSE.value,
        ).fetchone()
        assert suspense == (3 * SUSPENDED,)
        assert guarantee_of(work, house) == (0, 3 * SUSPENDED)
