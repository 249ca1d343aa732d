"""Thousands of declarations against customs on its worst days: none lost, none doubled.

Entries, and the home-use declarations that draw them down, are copied in SQL from one of each that
the commands made.  From there on everything is real: the jobs, the adapter, the simulator behind
it, the ledgers.  Only the clock is ours.
"""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from unittest.mock import patch
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from tests.customs_builders import (
    a_customs_house,
    a_desk,
    a_product,
    an_order,
    declared,
    in_bond,
)
from tests.endurance import checks, copies
from tests.endurance.declarations_judged import Line, Outcome, judged
from tests.filings import key_rings
from warehouse.core import clock, seals
from warehouse.core.jobs import Jobs, drain
from warehouse.core.work import SYSTEM, Actor, Work, begin
from warehouse.customs import commands, queries
from warehouse.customs.changing import amending
from warehouse.customs.changing.editing import Correction
from warehouse.customs.gateway.http import HttpGateway
from warehouse.customs.gateway.simulator import Fault, FaultPlan, create_simulator
from warehouse.customs.models import (
    Amendment,
    Declaration,
    GuaranteeAccount,
    GuaranteeEntry,
)
from warehouse.customs.vocabulary import (
    AT_CUSTOMS,
    DeclarationState,
    DocumentType,
    GuaranteeEntryKind,
)
from warehouse.inventory.models import HandlingUnit
from warehouse.shipments import queries as shipments
from warehouse.shipments.models import ConsignmentLine, OrderLine, Shipment, ShipmentHistory

OURS, CUSTOMS = key_rings()
TICK: Final = timedelta(seconds=30)
OUTAGE_TICK: Final = timedelta(hours=1)
PACE: Final = timedelta(seconds=60)
WAVE: Final = 250
"""Entries that are filed within a minute."""
MOST_TICKS: Final = 1_000
FEWEST_WAVES: Final = 10
IDLE_TICKS: Final = 6
"""So long nothing has happened when all is over: longer than customs takes for a decision."""
TOKEN: Final = "endurance"
CHANGED: Final = 10
"""One in so many entries is amended, or cancelled, and not drawn down."""

WEATHER: Final[Mapping[Fault, int]] = {
    Fault.NONE: 60,
    Fault.BUSY: 3,
    Fault.REQUEST_LOST: 4,
    Fault.ANSWER_LOST: 6,
    Fault.REFUSED: 1,
    Fault.DELAYED: 1,
    Fault.INSPECTED: 5,
    Fault.UNMATCHED: 5,
    Fault.IN_PARTS: 4,
    Fault.STOPPED: 2,
    Fault.CHANGES_REFUSED: 2,
    Fault.DUPLICATED: 4,
    Fault.REORDERED: 5,
    Fault.CORRUPTED: 2,
    Fault.WRONG_CHARSET: 1,
    Fault.WRONG_SIGNATURE: 2,
    Fault.WRONG_REFERENCE: 2,
}
_LIAISON: Final = Actor(name="liaison", role="liaison")
_MANAGER: Final = Actor(name="manager", role="manager")
_LONG: Final = col(Declaration.reference_number).startswith("LONG")
_OVER: Final = (DeclarationState.RELEASED, DeclarationState.REJECTED, DeclarationState.CANCELLED)


@dataclass(slots=True)
class Campaign:
    """*entries* declarations into bond, and *drawn* out of it, filed in waves on bad days."""

    engine: Engine
    seed: int
    entries: int
    outage: timedelta | None
    weather: Mapping[Fault, int]
    workers: int
    now: datetime
    line: Line
    jobs: Jobs
    entry_id: UUID
    leaving_id: UUID
    tick: Callable[[int], None]
    """Told after each pass how many declarations are over."""
    back_at: datetime
    unproved: frozenset[str]
    """Before anything is filed: the goods of the originals were put away without a scanner."""

    @property
    def drawn(self) -> int:
        """How many entries are drawn down; the others are amended or cancelled."""
        return self.entries - self.entries // CHANGED


@contextmanager
def campaign(
    engine: Engine,
    *,
    count: int,
    seed: int,
    outage: timedelta | None = timedelta(hours=48),
    weather: Mapping[Fault, int] = WEATHER,
    workers: int = 2,
    tick: Callable[[int], None] = lambda _over: None,
) -> Iterator[Campaign]:
    """About *count* declarations, made and not yet filed; inside this block the clock is ours."""
    start = clock.now()
    app = create_simulator(
        keys=CUSTOMS, pace_seconds=PACE.total_seconds(), plan=FaultPlan(), faults_token=TOKEN
    )
    line = Line(app)
    desk = a_desk(HttpGateway(line, OURS), OURS)
    made = _template(engine)
    day = Campaign(
        engine=engine,
        seed=seed,
        entries=count * CHANGED // (2 * CHANGED - 1),
        outage=outage,
        weather=weather,
        workers=workers,
        now=start,
        line=line,
        jobs=desk,
        entry_id=made[0],
        leaving_id=made[1],
        tick=tick,
        back_at=start,
        unproved=frozenset(checks.unproved(engine)),
    )
    _copy(day)
    with patch.object(clock, "now", lambda: day.now):
        yield day


def fight(day: Campaign) -> Outcome:
    """File everything, through every fault and the long outage, and say what came of it."""
    _faults(day)
    size = min(WAVE, -(-day.entries // FEWEST_WAVES))
    for first in range(1, day.entries + 1, size):
        _queue(day, first, first + size)
        if day.outage and first <= day.entries // 3 < first + size:
            _faults(day, outage=day.outage)
            _until_back(day)
            _faults(day)
        for _ in range(2):
            _pass(day, TICK)
    _faults(day, quiet=True)
    idle = 0
    for _ in range(MOST_TICKS):
        _pass(day, TICK)
        idle = 0 if _anything_left(day) else idle + 1
        if idle == IDLE_TICKS:
            break
    return judged(day.engine, day.line, OURS, known=day.unproved)


# ── What is filed ────────────────────────────────────────────────────────────────────────────────


def _template(engine: Engine) -> tuple[UUID, UUID]:
    """One entry of two lines, and one declaration that draws it down; both are withdrawn here."""
    with begin(engine, SYSTEM, {}) as work:
        house = a_customs_house(work, in_force_baht=Decimal(10**12))
        shirt = a_product(work, house)
        goods = [(shirt, 2, price) for price in ("1000", "500")]
        entry = in_bond(work, house, goods)
        leaving = declared(work, an_order(work, house, shirt, 4))
        assert leaving is not None
        commands.cancel(work, leaving)
        return entry.id, leaving.id


def _copy(day: Campaign) -> None:
    """Copy the entry *entries* times, and what draws it down for most of them; none is filed."""
    with begin(day.engine, SYSTEM, {}) as work:
        work.sql("SET LOCAL statement_timeout = 0")
        entry = work.session.get_one(Declaration, day.entry_id)
        leaving = work.session.get_one(Declaration, day.leaving_id)
        assert entry.consignment_id is not None
        assert leaving.order_id is not None
        came = {
            "consignment": [entry.consignment_id],
            "consignment_line": _keys(
                work.session, ConsignmentLine, ConsignmentLine.consignment_id, entry.consignment_id
            ),
            "handling_unit": _keys(
                work.session, HandlingUnit, HandlingUnit.consignment_id, entry.consignment_id
            ),
        }
        lots = [behind.lot_id for behind in queries.declared_lots(work.session, entry.id)]
        goes = {
            "customer_order": [leaving.order_id],
            "order_line": _keys(work.session, OrderLine, OrderLine.order_id, leaving.order_id),
            "shipment": _keys(work.session, Shipment, Shipment.order_id, leaving.order_id),
            "shipment_history": _keys(
                work.session,
                ShipmentHistory,
                ShipmentHistory.shipment_id,
                shipments.shipment_of_order(work.session, leaving.order_id).id,
            ),
        }
        into = {**came, "lot": lots, **_declared(work.session, entry)}
        both = {**goes, **into}
        out = _declared(work.session, leaving)
        for table, keys in out.items():
            both[table] = [*both.get(table, ()), *keys]
        drawn, changed = range(1, day.drawn + 1), range(day.drawn + 1, day.entries + 1)
        copies.copy_rows(work, both, drawn, _anew(day))
        if changed:
            copies.copy_rows(work, into, changed, _anew(day))
        _reserve(work, entry, day.entries)


def _declared(session: Session, declaration: Declaration) -> dict[str, list[UUID]]:
    lines = [line.id for line in queries.lines(session, declaration.id)]
    return {
        "declaration": [declaration.id],
        "declaration_line": lines,
        "declaration_duty": [
            duty.id for each in queries.duties(session, lines).values() for duty in each
        ],
        "declared_lot": [each.id for each in queries.declared_lots(session, declaration.id)],
    }


def _keys(session: Session, model: Any, column: Any, value: UUID) -> list[UUID]:
    return list(session.exec(select(model.id).where(col(column) == value)))


def _anew(day: Campaign) -> dict[str, dict[str, str]]:
    """What is unique to each copy, and what had happened to the original only."""
    suffix = "lpad(n::text, 6, '0')"
    out = f"(o.id = '{day.leaving_id}')"
    nothing = dict.fromkeys(
        ("declaration_number", "numbered_at", "sent_at", "released_at", "storage_ends_on"), "NULL"
    )
    return {
        "consignment": {"number": f"'K' || {suffix}", "external_ref": f"'K' || {suffix}"},
        "handling_unit": {"number": f"substr(o.id::text, 30) || '-' || {suffix}"},
        "lot": {
            "number": f"substr(o.id::text, 30) || {suffix}",
            **dict.fromkeys(
                ("declaration_line_id", "declaration_number", "line_number", "accepted_at"), "NULL"
            ),
        },
        "customer_order": {"number": f"'O' || {suffix}", "external_ref": f"'O' || {suffix}"},
        "shipment": {
            "number": f"'S' || {suffix}",
            "parcel_number": f"'S' || {suffix}",
        },
        "declaration": {
            **nothing,
            "reference_number": f"'LONG' || CASE WHEN {out} THEN '2' ELSE '1' END"
            " || lpad(n::text, 8, '0')",
            "message_id": "md5('message:' || o.id || ':' || n)::uuid",
            "state": "'draft'",
            "answered": "0",
        },
        "declaration_line": {"discharged_quantity": "0", "discharged_cif_baht": "0"},
        "declaration_duty": {"discharged_amount": "0"},
    }


def _reserve(work: Work, entry: Declaration, entries: int) -> None:
    """Set aside what each copy of *entry* suspends."""
    suspended = queries.suspended_baht(work.session, entry.id)
    account = work.session.exec(select(GuaranteeAccount)).one()
    account.reserved_baht += suspended * entries
    work.session.flush()
    work.session.add_all(
        GuaranteeEntry(
            account_id=account.id,
            kind=GuaranteeEntryKind.RESERVE,
            declaration_id=declaration_id,
            amount=suspended,
            at=work.at,
        )
        for declaration_id in work.session.exec(
            select(Declaration.id).where(
                Declaration.document_type == DocumentType.IMPORT,
                Declaration.state == DeclarationState.DRAFT,
            )
        ).all()
    )


# ── Days and nights ──────────────────────────────────────────────────────────────────────────────

_QUEUE: Final = """
WITH queued AS (
    UPDATE declaration SET state = 'queued'
     WHERE state = 'draft' AND reference_number >= %(first)s AND reference_number < %(last)s
    RETURNING id
)
INSERT INTO job (id, name, facts, run_at, attempts, queued_at)
SELECT gen_random_uuid(), 'send-declaration', jsonb_build_object('subject', id), %(at)s, 0, %(at)s
  FROM queued
"""
# What draws an entry down is filed as soon as customs has accepted that.
_QUEUE_DRAWN: Final = """
WITH queued AS (
    UPDATE declaration SET state = 'queued'
     WHERE state = 'draft' AND document_type = 'P' AND EXISTS (
        SELECT FROM declaration AS entry
         WHERE entry.reference_number = 'LONG1' || substr(declaration.reference_number, 6)
           AND entry.declaration_number IS NOT NULL AND entry.state = 'released')
    RETURNING id
)
INSERT INTO job (id, name, facts, run_at, attempts, queued_at)
SELECT gen_random_uuid(), 'send-declaration', jsonb_build_object('subject', id), %(at)s, 0, %(at)s
  FROM queued
"""


def _queue(day: Campaign, first: int, last: int) -> None:
    with begin(day.engine, SYSTEM, {}) as work:
        work.sql(_QUEUE, first=f"LONG1{first:08}", last=f"LONG1{last:08}", at=work.at)


def _pass(day: Campaign, time: timedelta) -> None:
    """Let *time* go by as the worker does."""
    with begin(day.engine, SYSTEM, day.jobs.subscribers) as work:
        work.sql(_QUEUE_DRAWN, at=work.at)
        work.defer("fetch-answers", once=f"fetch-answers@{work.at}")
        _ask_for_changes(work, day)
    with ThreadPoolExecutor(day.workers) as hands:
        list(hands.map(lambda _: drain(day.engine, day.jobs), range(day.workers)))
    day.now += time
    with begin(day.engine, SYSTEM, {}) as work:
        seals.seal_events(work, {})
        over = select(func.count()).where(_LONG, col(Declaration.state).in_(_OVER))
        day.tick(work.session.exec(over).one())


def _until_back(day: Campaign) -> None:
    """Through the outage: what is filed waits, and one call at a time asks for customs."""
    while day.now < day.back_at:
        _pass(day, OUTAGE_TICK)


def _faults(day: Campaign, *, outage: timedelta = timedelta(0), quiet: bool = False) -> None:
    """Order the bad days of this seed, beginning now; or, *quiet*, their end."""
    day.back_at = day.now + outage
    order = {
        "seed": day.seed,
        "weights": {} if quiet else {fault.value: weight for fault, weight in day.weather.items()},
        "delay_seconds": 0,
        "outage_seconds": outage.total_seconds(),
    }
    answer = day.line.post("/faults", json=order, headers={"Authorization": f"Bearer {TOKEN}"})
    answer.raise_for_status()


def _ask_for_changes(work: Work, day: Campaign) -> None:
    """Amend entries that nothing draws down; cancel one in three of those not yet paid for."""
    accepted = work.session.exec(
        select(Declaration)
        .where(
            Declaration.reference_number > f"LONG1{day.drawn:08}",
            Declaration.reference_number < "LONG2",
            col(Declaration.state).in_(AT_CUSTOMS),
            ~select(Amendment.id).where(Amendment.declaration_id == Declaration.id).exists(),
        )
        .order_by(col(Declaration.id))
    ).all()
    for declaration in accepted:
        asked = replace(work, actor=_LIAISON)
        if (
            declaration.state is DeclarationState.NUMBERED
            and int(declaration.reference_number[-1]) % 3 == 0
        ):
            amendment = amending.cancel(asked, declaration, "Sent twice")
        else:
            corrections = [Correction("1", "brand", "LONG ROAD")]
            amendment = amending.draft(asked, declaration, corrections, "The brand was missing")
        amending.approve(replace(work, actor=_MANAGER), amendment)


_LEFT: Final = """
SELECT EXISTS (SELECT FROM declaration
                WHERE state NOT IN ('draft', 'released', 'rejected', 'cancelled')
                  AND stopped_at IS NULL AND reference_number LIKE 'LONG%%')
    OR EXISTS (SELECT FROM amendment WHERE state IN ('queued', 'sent', 'unknown'))
    OR EXISTS (SELECT FROM job WHERE done_at IS NULL AND stopped_at IS NULL
                AND name <> 'fetch-answers')
"""


def _anything_left(day: Campaign) -> bool:
    with begin(day.engine, SYSTEM, {}) as work:
        row = work.sql(_LEFT).fetchone()
        return bool(row and row[0])
