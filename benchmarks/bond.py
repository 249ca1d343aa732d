"""Goods in bond, and orders that may leave: customs answers at once, since nobody measures it."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import count
from typing import Final, NamedTuple

from benchmarks.goods import consignment
from benchmarks.house import House
from benchmarks.measure import BenchmarkError
from warehouse.core.work import Work
from warehouse.customs import commands
from warehouse.customs import queries as customs
from warehouse.customs.gateway import Answer, AnswerKind
from warehouse.customs.models import Declaration
from warehouse.masterdata.models import Product
from warehouse.operations.clearance import answers, entry, release
from warehouse.operations.intake import announcing, ordering
from warehouse.operations.intake.ordering import Buyer, OrderRequest, Wanted

MOST_LINES: Final = 100
"""Parcels of one consignment, and lines of its declaration."""

_numbers: Final = count(1)
_BUYER: Final = Buyer(
    name="นางสาวปิยะดา น้ำทิพย์",
    phone="0812345678",
    address="99/1 ซอยลาดพร้าว 15 ถนนลาดพร้าว แขวงจอมพล เขตจตุจักร",
    province="กรุงเทพมหานคร",
    postcode="10900",
)
_PICKS: Final = """
SELECT shipment.number, shipment.parcel_number, location.code, unit.number
  FROM shipment JOIN order_line USING (order_id)
  JOIN reservation ON reservation.order_line_id = order_line.id
  JOIN lot ON lot.id = lot_id JOIN handling_unit AS unit ON unit.id = handling_unit_id
  JOIN location ON location.id = reservation.location_id
 WHERE shipment.number = ANY(%s) ORDER BY shipment.number, lot.number
"""


class Pick(NamedTuple):
    """What a clerk needs to know of one lot of an order: shipment, what leaves, bin, parcel."""

    shipment: str
    leaves: str
    location: str
    parcel: str


def enter(house: House, parcels: range, skus: Sequence[str] = (), quantity: int = 0) -> None:
    """Announce *parcels*, as `consignment` does, and let customs accept them into bond."""
    house.rows("UPDATE guarantee_letter SET amount = 1e12")
    house.rows("UPDATE guarantee_account SET in_force_baht = 1e12")
    for first in range(parcels.start, parcels.stop, MOST_LINES):
        some = range(first, min(first + MOST_LINES, parcels.stop))
        with house.begin() as work:
            announcement = consignment(house, some, skus, quantity)
            announced = announcing.announce(work, house.partner_id, announcement).consignment
            entry.draft_entry(work, {"subject": str(announced.id)})
            declaration = customs.declaration_of_consignment(work.session, announced.id)
            _answer(work, declaration, AnswerKind.NUMBERED)


def order(
    house: House, wanted: Sequence[Sequence[tuple[str, int]]], *, released: bool
) -> list[list[Pick]]:
    """Place an order for each of *wanted* (SKU, quantity); customs lets all go, if *released*."""
    numbers = []
    for lines in wanted:
        with house.begin() as work:
            placed = ordering.place_order(work, house.partner_id, request(house, lines))
            numbers.append(placed.shipment.number)
            if released:
                release.declare_release(work, {"subject": str(placed.order.id)})
                declaration = customs.declaration_of_order(work.session, placed.order.id)
                _answer(work, declaration, AnswerKind.NUMBERED, AnswerKind.RELEASED)
    found: dict[str, list[Pick]] = {number: [] for number in numbers}
    for row in house.rows(_PICKS, numbers):
        found[row[0]].append(Pick(*row))
    return list(found.values())


def request(house: House, lines: Sequence[tuple[str, int]]) -> OrderRequest:
    """An order as the partner of *house* sends it."""
    return OrderRequest(
        external_ref=f"SO-BENCH-{next(_numbers)}",
        premises=house.premises,
        buyer=_BUYER,
        lines=[Wanted(sku=sku, quantity=Decimal(quantity)) for sku, quantity in lines],
    )


def products(house: House, name: str, amount: int) -> list[str]:
    """So many new products like the first of *house*; their SKUs."""
    skus = [f"{name}-{own}" for own in range(amount)]
    with house.begin() as work:
        work.session.add_all(
            Product(
                partner_id=house.partner_id,
                sku=sku,
                name_th="กระเป๋าถือหนังเทียม",
                name_en="Handbag of plastic sheeting",
                hs_code="42022200",
                statistical_code="000",
                origin_country="CN",
                unit="C62",
                net_weight_kg=Decimal("0.650"),
            )
            for sku in skus
        )
    return skus


def _answer(work: Work, declaration: Declaration | None, *kinds: AnswerKind) -> None:
    """*declaration* is sent, and customs says *kinds* of it, one after the other."""
    if declaration is None:
        raise BenchmarkError("Something could not be declared.")
    commands.send(work, commands.lock(work, declaration.id))
    number = f"A011{declaration.document_type.value}6911{next(_numbers):05}"
    for sequence, kind in enumerate(kinds, start=1):
        answer = Answer(
            answer_id=f"{declaration.message_id}-{sequence}",
            message_id=declaration.message_id,
            reference_number=declaration.reference_number,
            sequence=sequence,
            kind=kind,
            at=work.at,
            declaration_number=number if kind is AnswerKind.NUMBERED else None,
        )
        answers.effects_of(declaration)[kind](work, declaration, answer)
