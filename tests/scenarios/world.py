"""The test world of the acceptance scenarios: premises, partners, goods, people, a frozen clock.

Everything goes through the web program: scans by ``POST /api/v1/scans``, pages by their routes.
Customs' answers are applied as they would be when they arrive.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any, Final
from uuid import uuid4

from fastapi.testclient import TestClient
from freezegun.api import FrozenDateTimeFactory
from sqlalchemy import Engine
from sqlmodel import Session

from tests import builders, customs_builders, people
from tests.builders import House
from warehouse import wiring
from warehouse.access.models import Person
from warehouse.access.vocabulary import Role
from warehouse.core import ids, jobs
from warehouse.core.work import Work
from warehouse.customs import commands as customs
from warehouse.customs import queries as declarations
from warehouse.customs.gateway import AnswerKind
from warehouse.customs.models import Declaration, Release
from warehouse.customs.vocabulary import DutyAccount
from warehouse.inventory import commands as inventory
from warehouse.inventory import floor_policy, places
from warehouse.inventory.commands import ExpectedGoods
from warehouse.inventory.models import Disposal, Location
from warehouse.inventory.vocabulary import LocationKind, Regime
from warehouse.masterdata import commands as masterdata
from warehouse.masterdata.models import Partner, Premises, Product
from warehouse.operations import proofs
from warehouse.operations.intake import ordering
from warehouse.operations.intake.ordering import Buyer, OrderRequest
from warehouse.operations.intake.ordering import Wanted as OrderedGoods
from warehouse.settings import Settings
from warehouse.shipments import commands as shipments
from warehouse.shipments.commands import AnnouncedLine, ConsignmentDraft
from warehouse.shipments.models import Consignment, Order, Shipment
from warehouse.shipments.vocabulary import ConsignmentSource

BEGINS: Final = "2026-08-03 01:00:00"
"""08:00 in Bangkok."""

Answer = dict[str, Any]
Parcel = tuple[str, str, int, str]
"""A parcel number, a SKU in it, how many, and the price of one in baht."""

# SKU, GTIN, HS code, weight of one in kilograms: bags are at 20 %, the others at 30 %.
GOODS: Final = (
    ("BAG-1", "8850001000019", "42022200", "0.650"),
    ("TEE-1", "8850001000026", "61091010", "0.180"),
    ("CREAM-1", "8850001000033", "33049930", "0.120"),
)
PLACES: Final[Sequence[tuple[str, LocationKind, Regime]]] = (
    ("DOCK-1", LocationKind.RECEIVE, Regime.BONDED),
    ("INSPECT-1", LocationKind.INSPECTION, Regime.BONDED),
    *((f"A-{bay:02}", LocationKind.STORE, Regime.BONDED) for bay in range(1, 31)),
    ("P-01", LocationKind.PICK, Regime.BONDED),
    ("P-02", LocationKind.PICK, Regime.BONDED),
    ("HOLD-1", LocationKind.HOLD, Regime.BONDED),
    ("STAGE-1", LocationKind.STAGE, Regime.BONDED),
    ("D-01", LocationKind.STORE, Regime.DUTY_PAID),
    ("D-02", LocationKind.STORE, Regime.DUTY_PAID),
    ("RETURNS-1", LocationKind.RECEIVE, Regime.DUTY_PAID),
    ("RETURNS-2", LocationKind.INSPECTION, Regime.DUTY_PAID),
)
REGIMES: Final = {ConsignmentSource.THAILAND: Regime.EXPORT}
_numbers = count(1)


@dataclass
class Colleague:
    """Somebody who works here, signed in with a browser and a scanner of their own."""

    world: "World"
    person: Person
    client: TestClient
    device: str
    scans: int = 0

    def scan(self, *barcodes: str, **more: object) -> Answer:
        """Scan each of *barcodes*, a second apart; the answer to the last."""
        answer: Answer = {}
        for barcode in barcodes:
            self.world.wait(seconds=1)
            answer = self.send(self.a_scan(barcode, **more))
        return answer

    def a_scan(self, barcode: str, **more: object) -> dict[str, object]:
        """A scan that was not sent yet."""
        self.scans += 1
        return {
            "scan_id": str(uuid4()),
            "barcode": barcode,
            "device": self.device,
            "sequence": self.scans,
        } | more

    def send(self, scan: Mapping[str, object]) -> Answer:
        """Send *scan*, maybe not for the first time."""
        answer = self.post("/api/v1/scans", scan)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def send_batch(self, scans: Sequence[Mapping[str, object]]) -> list[Answer]:
        """Send scans that waited on the device; their answers."""
        answer = self.post("/api/v1/scans:batch", {"scans": list(scans)})
        assert answer.status_code == 200, answer.text
        return answer.json()["answers"]

    def post(self, path: str, body: object) -> Any:
        """Post JSON, signed in."""
        self.sign_in()
        return self.client.post(path, json=body, headers={"x-csrf-token": "token"})

    def submit(self, path: str, **fields: str) -> Any:
        """Send a form, signed in."""
        self.sign_in()
        return self.client.post(path, data={"csrf_token": "token", **fields})

    def get(self, path: str, **query: str) -> Any:
        """Open a page, signed in."""
        self.sign_in()
        return self.client.get(path, params=query)

    def sign_in(self) -> None:
        """Sign in anew: however long a scenario waits, nobody is asked for a password."""
        with self.world.arrange() as work:
            token = people.a_session(work, self.person, csrf_token="token")
        self.client.cookies.set("session", token)


@dataclass
class World:
    """Two partners' goods in bonded warehouses, on the morning of 3 August 2569."""

    database: Engine
    arrange: Callable[[], AbstractContextManager[Work]]
    new_client: Callable[[], TestClient]
    clock: FrozenDateTimeFactory
    houses: dict[str, House] = field(default_factory=dict)
    partners: dict[str, Partner] = field(default_factory=dict)
    products: dict[tuple[str, str], Product] = field(default_factory=dict)
    _colleagues: dict[tuple[str, Role, str], Colleague] = field(default_factory=dict)

    @property
    def house(self) -> House:
        """BW-BKK-01, seen by ALB."""
        return self.houses["BW-BKK-01"]

    # ── People and time ──────────────────────────────────────────────────────────────────────────

    def colleague(
        self, role: Role = Role.CLERK, name: str = "somchai", premises: str = "BW-BKK-01"
    ) -> Colleague:
        """*name*, who works in *premises* as *role*; the same person when asked again."""
        key = (premises, role, name)
        if key not in self._colleagues:
            with self.arrange() as work:
                person = builders.added(
                    work,
                    Person(
                        username=f"{name}-{role.value}-{premises}".lower(),
                        name_th=name,
                        name_en=name.capitalize(),
                        role=role,
                        password_hash="-",
                        premises_id=self.houses[premises].premises.id,
                    ),
                )
            device = f"SCANNER-{len(self._colleagues) + 1}"
            self._colleagues[key] = Colleague(self, person, self.new_client(), device)
        return self._colleagues[key]

    def wait(self, **how_long: float) -> None:
        """Let time pass: ``seconds=…``, ``hours=…`` …"""
        self.clock.tick(timedelta(**how_long))

    # ── Goods ────────────────────────────────────────────────────────────────────────────────────

    def announce(
        self,
        parcels: Sequence[Parcel],
        *,
        partner: str = "ALB",
        premises: str = "BW-BKK-01",
        **changes: object,
    ) -> Consignment:
        """*parcels* announced; *changes* are other columns of the consignment (vehicle …)."""
        house = self.houses[premises]
        with self.arrange() as work:
            lines = tuple(
                AnnouncedLine(
                    position,
                    parcel,
                    self.products[partner, sku].id,
                    Decimal(quantity),
                    Decimal(price),
                    self.products[partner, sku].net_weight_kg * quantity,
                )
                for position, (parcel, sku, quantity, price) in enumerate(parcels, start=1)
            )
            consignment = shipments.announce(
                work,
                ConsignmentDraft(
                    premises_id=house.premises.id,
                    partner_id=self.partners[partner].id,
                    external_ref=f"ASN-{next(_numbers)}",
                    arrival_date=work.today,
                    house_bill="HAWB1",
                    consignor_name="SHENZHEN GOODS",
                    consignment_country="CN",
                    invoice_number="INV-1",
                    invoice_date=work.today,
                    currency="THB",
                    gross_weight_kg=Decimal(10_000),
                    lines=lines,
                ),
            )
            for name, value in changes.items():
                setattr(consignment, name, value)
            inventory.expect(
                work,
                consignment_id=consignment.id,
                premises_id=house.premises.id,
                partner_id=self.partners[partner].id,
                goods=[
                    ExpectedGoods(
                        line.id, line.parcel_number, line.product_id, line.quantity, "C62"
                    )
                    for line in lines
                ],
                regime=REGIMES.get(consignment.source, Regime.BONDED),
            )
        return consignment

    def enter(self, consignment: Consignment, number: str | None = None) -> Declaration:
        """Customs accepts *consignment* into bond, under *number* if it is given."""
        with self.arrange() as work:
            declaration = customs_builders.sent(work, customs_builders.drafted(work, consignment))
            number = number or customs_builders.a_number(declaration.document_type)
            customs_builders.tell(work, declaration, AnswerKind.NUMBERED, number=number)
        return declaration

    def store(self, parcel: str, bin_code: str, *, premises: str = "BW-BKK-01") -> None:
        """A clerk receives *parcel* and puts it away."""
        clerk = self.colleague(name="malai", premises=premises)
        clerk.scan("CMD-RECEIVE", parcel)
        answer = clerk.scan("CMD-PUTAWAY", parcel, f"LOC-{bin_code}")
        if answer["tone"] == "warning":  # not where the goods were directed: once more means yes
            answer = clerk.scan(f"LOC-{bin_code}")
        assert answer["tone"] == "good", answer
        clerk.scan("CMD-CANCEL")

    def in_bond(
        self,
        parcels: Sequence[Parcel],
        bin_code: str = "A-01",
        *,
        number: str | None = None,
        on: date | None = None,
        partner: str = "ALB",
        premises: str = "BW-BKK-01",
    ) -> Declaration:
        """*parcels* accepted into bond *on* a day (today), received and put away in one bin."""
        today = self.clock()
        if on is not None:
            self.clock.move_to(f"{on} 03:00:00")
        consignment = self.announce(parcels, partner=partner, premises=premises)
        declaration = self.enter(consignment, number)
        for parcel in dict.fromkeys(parcel for parcel, *_ in parcels):
            self.store(parcel, bin_code, premises=premises)
        if on is not None:
            self.clock.move_to(today)
        return declaration

    # ── Orders ───────────────────────────────────────────────────────────────────────────────────

    def order_abroad(self, sku: str, quantity: int, country: str) -> Order:
        """An order of ALB's buyer in *country*, placed as its API does."""
        with self.arrange() as work:
            placed = ordering.place_order(
                work,
                self.partners["ALB"].id,
                OrderRequest(
                    external_ref=f"ABROAD-{next(_numbers)}",
                    premises=self.house.premises.code,
                    buyer=Buyer(
                        name="BOUNMY",
                        phone="0812345678",
                        address="1 Lane Xang",
                        province="Vientiane",
                        postcode="10000",
                        country=country,
                    ),
                    lines=[OrderedGoods(sku=sku, quantity=Decimal(quantity))],
                ),
            )
        return placed.order

    def order(self, sku: str, quantity: int, *, partner: str = "ALB") -> tuple[Order, Shipment]:
        """An order for *quantity* of *sku*, its goods promised."""
        house = House(
            self.house.premises,
            self.partners[partner],
            self.products[partner, sku],
            self.house.places,
            self.house.clerk,
        )
        with self.arrange() as work:
            return builders.an_order(work, house, quantity)

    def release(self, order: Order) -> Release:
        """The order is declared for home use, paid, and let go by customs."""
        with self.arrange() as work:
            declaration = customs_builders.declared(work, order)
            customs_builders.released(work, declaration)
            assert declaration is not None
            release = declarations.release_of_order(work.session, order.id)
        assert release is not None
        return release

    def let_go(self, disposal: Disposal) -> Declaration:
        """The disposal is declared by the job, and customs lets its goods go."""
        with self.arrange() as work:
            return customs_builders.let_go(work, disposal)

    def tell(
        self, declaration: Declaration, kind: AnswerKind, *, number: str | None = None
    ) -> None:
        """Customs says *kind* of *declaration*."""
        with self.arrange() as work:
            found = declarations.declaration_by_id(work.session, declaration.id)
            customs_builders.tell(work, found, kind, number=number)

    def guarantee(self, premises: str = "BW-BKK-01") -> tuple[Decimal, Decimal]:
        """What is reserved and what is debited of the guarantee of *premises*."""
        with self.arrange() as work:
            return customs_builders.guarantee_of(work, self.houses[premises])

    def duty(self) -> Mapping[DutyAccount, Decimal]:
        """The accounts of the duty ledger that are not empty."""
        with self.arrange() as work:
            return customs_builders.balances(work)

    def dispatch(self, shipment: Shipment, picks: Sequence[tuple[str, str]]) -> None:
        """A clerk picks (a bin, then the parcel in it), packs and lets the shipment out."""
        clerk = self.colleague(name="malai")
        clerk.scan("CMD-PICK", shipment.number)
        for bin_code, parcel in picks:
            answer = clerk.scan(f"LOC-{bin_code}", parcel)
            assert answer["tone"] == "good", answer
        clerk.scan("CMD-CANCEL", "CMD-PACK", shipment.parcel_number)
        answer = clerk.scan("CMD-EXIT", shipment.parcel_number)
        assert answer["tone"] == "good", answer
        clerk.scan("CMD-CANCEL")

    # ── What came of it ──────────────────────────────────────────────────────────────────────────

    def run_jobs(self) -> int:
        """Let the worker do everything that is due; customs itself is not reachable."""
        return jobs.drain(self.database, wiring.jobs(Settings()))

    def run_job(self, name: str, **facts: str) -> None:
        """Let the clock ask for job *name* now."""
        with self.arrange() as work:
            work.defer(name, once=f"{name}@{ids.new_id()}", **facts)
        self.run_jobs()

    def rows(self, statement: Any) -> Sequence[Any]:
        """What a SQLModel *statement* finds."""
        with Session(self.database, expire_on_commit=False) as session:
            return session.exec(statement).all()

    def at(self, code: str, premises: str = "BW-BKK-01") -> Location:
        """The place *code*."""
        return self.houses[premises].places[code]

    def prove(self) -> None:
        """Every proof of ``warehouse verify`` holds."""
        with Session(self.database) as session:
            found = proofs.prove(session)
        broken = [
            f"{proof.name}: {'; '.join(proof.differences)}" for proof in found if not proof.holds
        ]
        assert not broken, "\n".join(broken)


def furnish(world: World) -> None:
    """Set up premises, partners, goods and rules, as the scenarios name them."""
    with world.arrange() as work:
        masterdata.load_reference(work)
        customs.load_policy(work)
        floor_policy.load(work)
        for code in ("ALB", "LZD"):
            world.partners[code] = builders.a_partner(work, code)
            for sku, gtin, hs_code, weight in GOODS:
                product = builders.a_product(work, world.partners[code], sku, gtin=gtin)
                product.hs_code, product.net_weight_kg = hs_code, Decimal(weight)
                product.statistical_code = "000"
                world.products[code, sku] = product
        _house(work, world, "BW-BKK-01", "5000000")
        _house(work, world, "BW-CNX-02", "500000")


def _house(work: Work, world: World, code: str, guarantee: str) -> None:
    premises = builders.a_premises(work, code)
    house = House(
        premises,
        world.partners["ALB"],
        world.products["ALB", "BAG-1"],
        _places(work, premises),
        builders.a_clerk(work, premises),
    )
    customs_builders.a_guarantee(work, house, in_force_baht=Decimal(guarantee))
    world.houses[code] = house


def _places(work: Work, premises: Premises) -> dict[str, Location]:
    real = [
        places.add(work, premises.id, code, code, code, kind, regime=regime)
        for code, kind, regime in PLACES
    ]
    return {each.code: each for each in (*real, *places.add_far_ends(work, premises.id))}
