"""Asking for a shipment's status with an API key, next to a bare FastAPI route."""

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from benchmarks import load
from benchmarks.house import CLIENTS, House
from benchmarks.load import Client, Request
from benchmarks.measure import Contest, Target, Variant
from warehouse.masterdata import queries as masterdata
from warehouse.shipments import commands, status
from warehouse.shipments.commands import OrderDraft, OrderedLine
from warehouse.shipments.vocabulary import Custody, CustomsStatus

TARGET: Final = Target(at_least=0.40)
PROCESSES: Final = (1, 2)
_WARM_TURNS: Final = 20


class Desk:
    """Partners who ask."""

    def __init__(self, house: House, turns: int, shipments: int) -> None:
        self.house = house
        self.turns = turns
        self.ours = [_status(house, number) for number in _shipments(house, shipments)]
        self.bare = [load.get("/SHP-2026-000001", "SHP-2026-000001")]
        house.settle()
        for processes in PROCESSES:
            self._ask(house.web(processes), self.ours, _WARM_TURNS)
            self._ask(house.bare(processes), self.bare, _WARM_TURNS)

    def of_us(self, processes: int) -> float:
        """Look-ups a second through so many web programs."""
        return self._ask(self.house.web(processes), self.ours, self.turns)

    def of_bare(self, processes: int) -> float:
        """Answers a second of so many programs with a bare route."""
        return self._ask(self.house.bare(processes), self.bare, self.turns)

    def _ask(self, ports: list[int], questions: list[Request], turns: int) -> float:
        return load.run(
            [
                Client(
                    ports[at % len(ports)],
                    [questions[(at + turn * CLIENTS) % len(questions)] for turn in range(turns)],
                )
                for at in range(CLIENTS)
            ]
        )


def contest(house: House, *, turns: int, shipments: int) -> Contest:
    """Look up *shipments* in turn, *turns* of each client in a round."""
    desk = Desk(house, turns, shipments)

    def ask(way: Callable[[int], float], processes: int) -> Callable[[], float]:
        return lambda: way(processes)

    variants = []
    for processes in PROCESSES:
        bare = f"bare route, {processes} web"
        variants += [
            Variant(bare, ask(desk.of_bare, processes)),
            Variant(f"{processes} web", ask(desk.of_us, processes), bare),
        ]
    return Contest("Shipment status", "look-ups/s", TARGET, variants)


def _status(house: House, number: str) -> Request:
    path = f"/api/v1/shipments/{number}"
    return load.get(path, f'"{number}"', authorization=f"Bearer {house.api_key}")


def _shipments(house: House, amount: int) -> list[str]:
    """Shipments that have come half the way, with the history of it."""
    with house.begin() as work:
        product = masterdata.product_by_sku(work.session, house.partner_id, house.skus[0])
        numbers = []
        for own in range(amount):
            draft = OrderDraft(
                premises_id=house.premises_id,
                partner_id=house.partner_id,
                external_ref=f"SO-{own}",
                buyer_name="นางสาวปิยะดา น้ำทิพย์",
                buyer_phone="0812345678",
                address="99/1 ซอยลาดพร้าว 15 ถนนลาดพร้าว แขวงจอมพล เขตจตุจักร",
                province="กรุงเทพมหานคร",
                postcode="10900",
                lines=(OrderedLine(product.id, Decimal(1)),),
            )
            _, _, shipment = commands.place_order(work, draft)
            for custody, customs in (
                (None, CustomsStatus.SUBMITTED),
                (Custody.PICKED, CustomsStatus.RELEASED),
                (Custody.PACKED, None),
            ):
                status.record(work, shipment.id, custody=custody, customs=customs)
            numbers.append(shipment.number)
    return numbers
