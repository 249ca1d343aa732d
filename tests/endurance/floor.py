"""A warehouse floor to crash: goods, clerks, and scanners that send until they are answered."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import httpx2
from sqlalchemy import Engine

from tests import builders, customs_builders, people
from tests.builders import House, a_clerk
from tests.customs_builders import a_consignment, a_customs_house, accepted, drafted
from tests.endurance import program
from tests.endurance.trap import CONNECTIONS, Trap, Way
from warehouse import wiring
from warehouse.access.models import Person
from warehouse.core import db, ids
from warehouse.core.work import SYSTEM, Work, begin
from warehouse.inventory import places
from warehouse.inventory.vocabulary import LocationKind, Regime
from warehouse.masterdata.models import Product
from warehouse.shipments import routes
from warehouse.shipments.models import Route

MOST_ATTEMPTS: Final = 20
PATIENCE_SECONDS: Final = 60
PLENTY: Final = 10_000
LANE: Final = "STAGE-LANE"
"""Where parcels wait for the vehicle of the one route."""

Answer = dict[str, Any]


class Unanswered(Exception):
    """A scan got no answer, or the fault it was to meet did not happen."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a request is to fail, and how."""

    way: Way
    at: int


@dataclass
class Floor:
    """A house on database *engine*, whose clerks talk to the program behind *client*.

    *elsewhere* is another house of the company; *route* is the one that every order goes.
    *sent* and *acknowledged* are the world's own record of what the database should hold.
    *attempts*: how often a scan is sent before somebody gives up.
    """

    engine: Engine
    client: httpx2.Client
    trap: Trap
    house: House
    elsewhere: House
    route: Route
    in_store: str = ""
    attempts: int = MOST_ATTEMPTS
    sent: set[UUID] = field(default_factory=set)
    acknowledged: dict[UUID, Answer] = field(default_factory=dict)

    def begin(self) -> AbstractContextManager[Work]:
        """A unit of work that commits at its end: what a scenario needs to be there."""
        return begin(self.engine, SYSTEM, wiring.SUBSCRIBERS)

    def scanner(self) -> "Scanner":
        """The scanner of a clerk who signed in just now."""
        with self.begin() as work:
            clerk = a_clerk(work, self.house.premises)
            person = work.session.get_one(Person, clerk.id)
            token = people.a_session(work, person, csrf_token="token")
        headers = {"cookie": f"session={token}", "x-csrf-token": "token"}
        return Scanner(self, clerk.name, headers)

    def in_bond(self, quantity: int) -> tuple[Product, str]:
        """A new product, and the number of the announced parcel that holds all there is of it."""
        with self.begin() as work:
            product = customs_builders.a_product(work, self.house)
            consignment = a_consignment(work, self.house, [(product, quantity, "1")])
            accepted(work, drafted(work, consignment))
            [number] = work.sql(
                "SELECT number FROM handling_unit WHERE consignment_id = %(id)s", id=consignment.id
            ).fetchall()
        return product, number[0]


@contextmanager
def crashable(url: str, folder: Path) -> Iterator[Floor]:
    """A floor on the empty database *url*, whose program is started again when it is killed."""
    trap = Trap(folder / "trap")
    engine = db.create_engine(url, pool_size=CONNECTIONS)
    with (
        program.running(url, trap) as address,
        httpx2.Client(base_url=address, timeout=PATIENCE_SECONDS) as client,
    ):
        yield opened(engine, client, trap)
    engine.dispose()


def opened(engine: Engine, client: httpx2.Client, trap: Trap) -> Floor:
    """A floor with plenty of one product in bin A1, which came by scans like everything else."""
    with begin(engine, SYSTEM, wiring.SUBSCRIBERS) as work:
        house = a_customs_house(work)
        elsewhere = builders.a_house(work, f"{house.premises.code}-NORTH")
        customs_builders.a_guarantee(work, elsewhere)
        route = _a_route(work, house)
    floor = Floor(engine, client, trap, house, elsewhere, route)
    product, floor.in_store = floor.in_bond(PLENTY)
    floor.house = replace(house, product=product)
    floor.scanner().scan("CMD-RECEIVE", floor.in_store, "CMD-PUTAWAY", floor.in_store, "LOC-A1")
    return floor


def _a_route(work: Work, house: House) -> Route:
    """The route to everywhere, with its lane; and a place for what comes back."""
    premises_id = house.premises.id
    names = ("เลนรอรถ", "Lane")
    lane = places.add(work, premises_id, LANE, *names, LocationKind.STAGE)
    places.add(
        work,
        premises_id,
        "RETURNS-1",
        "รับคืน",
        "Returns",
        LocationKind.RECEIVE,
        regime=Regime.DUTY_PAID,
    )
    return routes.add(work, premises_id, "ALL", ("ทุกสาย", "All"), ("00000", "99999"), lane.id)


@dataclass
class Scanner:
    """A device: it names each scan, and sends it with that name until it is answered."""

    floor: Floor
    device: str
    headers: Mapping[str, str]
    sequence: int = 0

    def scan(self, *barcodes: str) -> list[Answer]:
        """Scan each of *barcodes*, undisturbed."""
        return [self.send([barcode])[0] for barcode in barcodes]

    def send(self, barcodes: Sequence[str], fault: Fault | None = None) -> list[Answer]:
        """Send *barcodes* in one request, which fails first as *fault* says; the answers.

        Raises:
            Unanswered: no answer came, or the fault did not happen.
        """
        scans = list(self._named(barcodes))
        self.floor.sent.update(UUID(each["scan_id"]) for each in scans)
        if fault:
            self.floor.trap.set(fault.way, fault.at)
        answers = self._deliver(scans)
        if self.floor.trap.is_set:
            raise Unanswered(f"{barcodes} never came to {fault}")
        self.floor.acknowledged |= {UUID(each["scan_id"]): each for each in answers}
        return answers

    def _named(self, barcodes: Sequence[str]) -> Iterator[dict[str, Any]]:
        for barcode in barcodes:
            self.sequence += 1
            yield {
                "scan_id": str(ids.new_id()),
                "barcode": barcode,
                "device": self.device,
                "sequence": self.sequence,
            }

    def _deliver(self, scans: Sequence[dict[str, Any]]) -> list[Answer]:
        for _ in range(self.floor.attempts):
            self.floor.trap.begin()
            if len(scans) == 1:
                answer = self._post("/api/v1/scans", scans[0])
            else:
                answer = self._post("/api/v1/scans:batch", {"scans": scans})
            if answer is not None:
                return answer.get("answers", [answer])
        raise Unanswered(f"{[each['barcode'] for each in scans]} got no answer")

    def _post(self, path: str, body: dict[str, Any]) -> Answer | None:
        """The answer, if it came and came whole."""
        try:
            answer = self.floor.client.post(path, json=body, headers=self.headers)
        except httpx2.TransportError:
            return None
        if answer.status_code != 200:
            return None
        whole = len(answer.content) == int(answer.headers["content-length"])
        return answer.json() if whole else None
