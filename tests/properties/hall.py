"""Two halls of one warehouse company on a real database: people, places, a clock, scanners."""

import json
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, LiteralString
from unittest import mock

import psycopg
from sqlalchemy import Engine

from tests import builders, customs_builders
from tests.builders import House, added
from tests.properties.stock_book import REAL, Hold
from warehouse import wiring
from warehouse.access.models import Person
from warehouse.access.vocabulary import Role
from warehouse.core import clock, ids, jobs
from warehouse.core.jobs import Jobs
from warehouse.core.work import SYSTEM, Actor, Work, begin
from warehouse.customs import commands as customs
from warehouse.inventory import floor_policy, places
from warehouse.inventory.models import ReplenishmentRule
from warehouse.inventory.vocabulary import LocationKind, Regime
from warehouse.masterdata import commands as masterdata
from warehouse.masterdata.models import Product
from warehouse.operations.floor import scanning
from warehouse.operations.floor.keeping import Scanned
from warehouse.settings import Settings
from warehouse.shipments import routes
from warehouse.shipments.models import Route

Answer = dict[str, Any]
IDLE: Final[Answer] = {"state": "choose_task", "task": None, "data": {}, "message": {"code": ""}}

BEGINS: Final = datetime(2026, 8, 3, 1, tzinfo=UTC)
HERE, THERE = "BW-BKK-01", "BW-CNX-02"
SKUS: Final = ("BAG-1", "TEE-1")
CLERKS: Final = {"somchai": HERE, "malai": HERE, "kham": THERE}
DESK: Final = (Role.SUPERVISOR, Role.LIAISON, Role.MANAGER, Role.OFFICER)

_SUBSCRIBERS: Final = {
    event: tuple(name for name in names if not name.startswith("print-"))
    for event, names in wiring.SUBSCRIBERS.items()
}
"""Papers are printed by other tests."""

_NIGHTLY: Final = tuple(
    schedule for schedule in wiring.SCHEDULES if schedule.job not in ("prove", "fetch-answers")
)


@dataclass(frozen=True, slots=True)
class Company:
    """What every history begins with: two halls of one owner's goods, and who works there."""

    houses: Mapping[str, House]
    products: Mapping[str, Product]
    people: Mapping[str, Actor]
    route: Route


@dataclass(eq=False)
class Clerk:
    """Somebody with a scanner.  *told*: the answer to the last scan that stood, *earlier* before.

    *opposites* take back what that scan changed in the book; *script*: what they are at.
    """

    actor: Actor
    premises: str
    told: Answer = field(default_factory=lambda: IDLE)
    earlier: Answer = field(default_factory=lambda: IDLE)
    opposites: list[Callable[[], None]] = field(default_factory=list)
    script: Generator[str, Answer, None] | None = None
    next_code: str = ""


@dataclass
class Hall:
    """The company on database *engine*, at the instant *at*."""

    engine: Engine
    reader: psycopg.Connection[tuple[Any, ...]]
    company: Company
    at: datetime = BEGINS

    def clerks(self) -> list[Clerk]:
        """Everybody with a scanner."""
        return [Clerk(self.company.people[name], where) for name, where in CLERKS.items()]

    @contextmanager
    def act(self, actor: Actor = SYSTEM) -> Iterator[Work]:
        """A unit of work of *actor*, a moment later; committed at its end."""
        self.at += timedelta(seconds=3)
        with begin(self.engine, actor, _SUBSCRIBERS, at=self.at) as work:
            yield work

    def scan(self, clerk: Clerk, code: str) -> Answer:
        """What *clerk* is answered who scans *code*."""
        with self.act(clerk.actor) as work:
            text = scanning.scan(work, Scanned(ids.new_id(), code, clerk.actor.name))
        answer: Answer = json.loads(text)
        assert answer["message"]["th"], answer
        assert answer["message"]["en"], answer
        assert answer["message"]["zh"], answer
        return answer

    def night(self) -> None:
        """Everything that the clock asks for is due, and done."""
        every = wiring.jobs(Settings())
        idle = dict.fromkeys(every.callers, lambda _work, _facts: None)
        quiet = Jobs({**every.handlers, **idle}, {}, _SUBSCRIBERS)
        with mock.patch.object(clock, "now", return_value=self.at):
            for schedule in _NIGHTLY:
                jobs.queue_for_period(self.engine, schedule)
            jobs.drain(self.engine, quiet)
        failed = self.rows("SELECT name, error FROM job WHERE error IS NOT NULL")
        assert not failed, failed

    def rows(self, statement: LiteralString, **values: object) -> list[Any]:
        """What *statement* finds, one tuple a row."""
        return self.reader.execute(statement, values).fetchall()

    def open_holds(self) -> dict[Any, Hold]:
        """What is held now, by id."""
        return {
            key: Hold(premises, level, name, kind)
            for key, premises, level, name, kind in self.rows(_HOLDS)
        }


_HOLDS: Final[LiteralString] = """
SELECT hold.id, premises.code,
       CASE WHEN hold.lot_id IS NOT NULL THEN 'lot' WHEN hold.product_id IS NOT NULL THEN 'product'
            WHEN hold.partner_id IS NOT NULL THEN 'partner'
            WHEN hold.consignment_id IS NOT NULL THEN 'consignment'
            WHEN hold.handling_unit_id IS NOT NULL THEN 'handling_unit'
            WHEN hold.location_id IS NOT NULL THEN 'location' ELSE 'shipment' END,
       coalesce(lot.number, sku, partner.code, consignment.number, unit.number, location.code,
                shipment.number), hold.kind
  FROM hold JOIN premises ON premises.id = hold.premises_id
  LEFT JOIN lot ON lot.id = hold.lot_id LEFT JOIN product ON product.id = hold.product_id
  LEFT JOIN partner ON partner.id = hold.partner_id
  LEFT JOIN consignment ON consignment.id = hold.consignment_id
  LEFT JOIN handling_unit AS unit ON unit.id = hold.handling_unit_id
  LEFT JOIN location ON location.id = hold.location_id
  LEFT JOIN shipment ON shipment.id = hold.shipment_id
 WHERE hold.closed_at IS NULL
"""


def furnish(engine: Engine) -> Company:
    """Enter rates, rules, an owner and their goods, two halls, a route, and everybody."""
    with begin(engine, SYSTEM, {}, at=BEGINS) as work:
        masterdata.load_reference(work)
        customs.load_policy(work)
        floor_policy.load(work)
        partner = builders.a_partner(work, "ALB")
        products = {sku: builders.a_product(work, partner, sku) for sku in SKUS}
        houses = {}
        for code in (HERE, THERE):
            premises = builders.a_premises(work, code)
            of_hall = {
                name: places.add(
                    work, premises.id, name, name, name, LocationKind(kind), regime=Regime(regime)
                )
                for name, (kind, regime) in REAL.items()
            }
            far = {each.code: each for each in places.add_far_ends(work, premises.id)}
            clerk = Actor("-", Role.CLERK, premises_id=premises.id)
            houses[code] = House(premises, partner, products[SKUS[0]], of_hall | far, clerk)
            customs_builders.a_guarantee(work, houses[code])
        here = houses[HERE]
        added(
            work,
            ReplenishmentRule(
                location_id=here.places["P-1"].id,
                product_id=products[SKUS[0]].id,
                least=Decimal(2),
                most=Decimal(5),
            ),
        )
        route = routes.add(
            work, here.premises.id, "R-1", ("สาย 1", "Route 1"), ("00000", "99999"),
            here.places["LANE-1"].id,
        )  # fmt: skip
        people = {name: _person(work, houses[at], name, Role.CLERK) for name, at in CLERKS.items()}
        people |= {role.value: _person(work, here, role.value, role) for role in DESK}
    return Company(houses, products, people, route)


def _person(work: Work, house: House, name: str, role: Role) -> Actor:
    person = added(
        work,
        Person(
            username=name,
            name_th=name,
            name_en=name,
            role=role,
            password_hash="-",
            premises_id=house.premises.id,
        ),
    )
    return Actor(name, role, id=person.id, premises_id=house.premises.id)
