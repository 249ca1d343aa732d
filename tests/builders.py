"""What most tests begin with, in plain functions: places, people, goods, orders, releases.

Goods and orders are made by the warehouse's own commands.  Papers of customs are written as rows,
as if customs had answered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import count
from typing import Final, TypeVar
from uuid import UUID

from sqlmodel import col, select

from warehouse.access.models import Person
from warehouse.access.vocabulary import Role
from warehouse.core import ids, money
from warehouse.core.db import Table
from warehouse.core.work import Actor, Work
from warehouse.customs.models import (
    Declaration,
    DeclarationLine,
    Discharge,
    Release,
    ReleaseLine,
)
from warehouse.customs.vocabulary import DeclarationState, DocumentType, Procedure
from warehouse.inventory import commands as inventory
from warehouse.inventory import floor_policy, inbound, inside, places, queries
from warehouse.inventory.commands import Binding, ExpectedGoods
from warehouse.inventory.models import Location, Lot
from warehouse.inventory.vocabulary import VIRTUAL, LocationKind
from warehouse.masterdata import identifiers
from warehouse.masterdata.models import Partner, Premises, Product
from warehouse.shipments import commands as shipments
from warehouse.shipments.commands import (
    AnnouncedLine,
    ConsignmentDraft,
    OrderDraft,
    OrderedLine,
)
from warehouse.shipments.models import Consignment, Order, ParcelNumberRange, Shipment

T = TypeVar("T", bound=Table)

_PROCEDURES: Final = {
    DocumentType.IMPORT: Procedure.WAREHOUSING,
    DocumentType.HOME_USE: Procedure.HOME_USE,
}
_numbers = count(1)

Goods = tuple[str, Product, Decimal]
"""A parcel number, a product in it, and how much."""


@dataclass(frozen=True, slots=True)
class House:
    """A small bonded warehouse: its licence, a partner with one product, its places, a clerk."""

    premises: Premises
    partner: Partner
    product: Product
    places: Mapping[str, Location]
    clerk: Actor


def a_house(work: Work, code: str = "BW-TEST-01") -> House:
    """A warehouse of *code* where nothing has happened yet."""
    premises = a_premises(work, code)
    partner = a_partner(work, f"P{next(_numbers)}")
    return House(
        premises,
        partner,
        a_product(work, partner, "BAG-1", gtin="8850001000019"),
        some_places(work, premises),
        a_clerk(work, premises),
    )


def a_premises(work: Work, code: str) -> Premises:
    """A licensed warehouse with S10 numbers to give out."""
    premises = added(
        work,
        Premises(
            code=code,
            name_th="คลังสินค้าทัณฑ์บนทดสอบ",
            name_en="Test bonded warehouse",
            licence_number="ทบ. 1/2569",
            licence_from=date(2025, 1, 1),
            tax_incentive_id="W0110000000001",
            customs_area_code="8110",
            reference_profile="TPBW",
            operator_tax_id="0105546095724",
            operator_branch="0",
            operator_name_th="บริษัท ทดสอบ จำกัด",
            operator_name_en="TEST COMPANY LIMITED",
            street="111 ถนนแจ้งวัฒนะ",
            district="หลักสี่",
            province="กรุงเทพมหานคร",
            postcode="10210",
        ),
    )
    added(
        work,
        ParcelNumberRange(
            premises_id=premises.id, indicator="EE", country="TH", first=1, next=1, last=99_999
        ),
    )
    return premises


def a_partner(work: Work, code: str) -> Partner:
    """Somebody who keeps goods in bond."""
    return added(
        work,
        Partner(
            code=code,
            name_th="ผู้ฝากทดสอบ",
            name_en="Test depositor",
            tax_id="0105561000119",
            branch="0",
            country="CN",
        ),
    )


def a_product(work: Work, partner: Partner, sku: str, *, gtin: str | None = None) -> Product:
    """One of *partner*'s goods."""
    return added(
        work,
        Product(
            partner_id=partner.id,
            sku=sku,
            gtin=gtin,
            name_th="กระเป๋าถือ",
            name_en="Handbag",
            hs_code="42022200",
            statistical_code="000",
            origin_country="CN",
            unit="C62",
            net_weight_kg=Decimal("0.65"),
        ),
    )


def some_places(work: Work, premises: Premises) -> dict[str, Location]:
    """A dock, two bins, a staging place, a hold room, and every virtual place; by code."""
    kinds = {
        "DOCK-1": LocationKind.RECEIVE,
        "A1": LocationKind.STORE,
        "A2": LocationKind.STORE,
        "STAGE-1": LocationKind.STAGE,
        "HOLD-1": LocationKind.HOLD,
        **{kind.name.replace("_", "-"): kind for kind in VIRTUAL},
    }
    floor_policy.load(work)
    return {
        code: places.add(work, premises.id, code, code, code, kind) for code, kind in kinds.items()
    }


def a_clerk(work: Work, premises: Premises) -> Actor:
    """Somebody who may scan in *premises*."""
    username = f"clerk{next(_numbers)}"
    person = added(
        work,
        Person(
            username=username,
            name_th="สมชาย",
            name_en="Somchai",
            role=Role.CLERK,
            password_hash="-",
            premises_id=premises.id,
        ),
    )
    return Actor(username, Role.CLERK, id=person.id, premises_id=premises.id)


def as_actor(work: Work, actor: Actor) -> Work:
    """The same transaction, in *actor*'s name."""
    return replace(work, actor=actor)


def a_parcel_number() -> str:
    """A valid S10 number from abroad that nobody has used."""
    return identifiers.make_s10("RC", next(_numbers), "CN")


def a_consignment(work: Work, house: House, goods: Sequence[Goods]) -> Consignment:
    """*goods* announced by the house's partner: parcels and lots are expected."""
    lines = tuple(
        AnnouncedLine(position, parcel, product.id, quantity, Decimal(100), Decimal(1))
        for position, (parcel, product, quantity) in enumerate(goods, start=1)
    )
    consignment = shipments.announce(
        work,
        ConsignmentDraft(
            premises_id=house.premises.id,
            partner_id=house.partner.id,
            external_ref=f"REF-{next(_numbers)}",
            arrival_date=work.today,
            house_bill="HAWB1",
            consignor_name="CONSIGNOR",
            consignment_country="CN",
            invoice_number="INV1",
            invoice_date=work.today,
            currency="USD",
            gross_weight_kg=Decimal(10),
            lines=lines,
        ),
    )
    inventory.expect(
        work,
        consignment_id=consignment.id,
        premises_id=house.premises.id,
        partner_id=house.partner.id,
        goods=[
            ExpectedGoods(line.id, line.parcel_number, line.product_id, line.quantity, "C62")
            for line in lines
        ],
    )
    return consignment


def a_parcel(work: Work, house: House, quantity: int = 10) -> str:
    """The number of one announced parcel with *quantity* of the house's product."""
    number = a_parcel_number()
    a_consignment(work, house, [(number, house.product, Decimal(quantity))])
    return number


def lots_in(work: Work, house: House, parcel: str) -> Sequence[Lot]:
    """The lots of a parcel."""
    unit = queries.handling_unit_by_number(work.session, house.premises.id, parcel)
    return work.session.exec(select(Lot).where(Lot.handling_unit_id == unit.id)).all()


def accepted(
    work: Work, house: House, parcel: str, *, at: datetime | None = None, number: str | None = None
) -> list[DeclarationLine]:
    """Customs accepts the entry of *parcel*: its lots are bound to an import declaration."""
    lots = lots_in(work, house, parcel)
    number = number or f"A010169{next(_numbers):07}"
    entry = a_declaration(work, house, DocumentType.IMPORT, DeclarationState.NUMBERED, number)
    lines = [
        a_declaration_line(work, entry, position, lot.product_id, lot.quantity)
        for position, lot in enumerate(lots, start=1)
    ]
    bindings = [
        Binding(lot.id, line.id, number, line.line_number)
        for lot, line in zip(lots, lines, strict=True)
    ]
    inventory.bind(work, bindings, at or work.at)
    return lines


def stored_parcel(
    work: Work,
    house: House,
    quantity: int = 10,
    bin_code: str = "A1",
    *,
    accepted_at: datetime | None = None,
) -> str:
    """The number of a parcel that is received, put away in *bin_code* and accepted into bond."""
    parcel = a_parcel(work, house, quantity)
    accepted(work, house, parcel, at=accepted_at)
    receipt = inbound.receive(work, house.premises.id, parcel, scan_id=ids.new_id())
    assert receipt is not None
    target = inbound.place(work, house.premises.id, bin_code)
    inside.put_away(work, house.premises.id, receipt.handling_unit_id, target, scan_id=ids.new_id())
    return parcel


def an_order(work: Work, house: House, quantity: int) -> tuple[Order, Shipment]:
    """An order for *quantity* of the house's product, its goods promised."""
    order, lines, shipment = shipments.place_order(
        work,
        OrderDraft(
            premises_id=house.premises.id,
            partner_id=house.partner.id,
            external_ref=f"ORDER-{next(_numbers)}",
            buyer_name="สมหญิง รักเรียน",
            buyer_phone="0812345678",
            address="1 ถนนสุขุมวิท",
            province="กรุงเทพมหานคร",
            postcode="10110",
            lines=(OrderedLine(house.product.id, Decimal(quantity)),),
        ),
    )
    for line in lines:
        inventory.reserve(
            work,
            order_line_id=line.id,
            product_id=line.product_id,
            partner_id=house.partner.id,
            premises_id=house.premises.id,
            quantity=line.quantity,
        )
    return order, shipment


def released(work: Work, house: House, order: Order) -> Release:
    """Customs lets the goods that are promised to *order* go."""
    number = f"P010169{next(_numbers):07}"
    home_use = a_declaration(
        work, house, DocumentType.HOME_USE, DeclarationState.RELEASED, number, order_id=order.id
    )
    release = added(
        work,
        Release(
            number=f"REL-{number}",
            declaration_id=home_use.id,
            order_id=order.id,
            granted_at=work.at,
        ),
    )
    promised: dict[UUID, Decimal] = {}
    for each in queries.reservations_of_order(work.session, order.id):
        promised[each.lot_id] = promised.get(each.lot_id, Decimal(0)) + each.quantity
    lots = work.session.exec(select(Lot).where(col(Lot.id).in_(promised))).all()
    for position, lot in enumerate(lots, start=1):
        line = a_declaration_line(
            work,
            home_use,
            position,
            lot.product_id,
            promised[lot.id],
            entry_line_id=lot.declaration_line_id,
        )
        _written_off(work, line)
        added(
            work,
            ReleaseLine(
                release_id=release.id,
                declaration_line_id=line.id,
                lot_id=lot.id,
                quantity=promised[lot.id],
                used_quantity=Decimal(0),
            ),
        )
    return release


def _written_off(work: Work, line: DeclarationLine) -> None:
    """*line* is off its import line, with its share of the value."""
    entry = work.session.get_one(DeclarationLine, line.entry_line_id)
    value = money.share(
        entry.cif_baht,
        line.quantity,
        entry.quantity,
        total_left=entry.cif_baht - entry.discharged_cif_baht,
        whole_left=entry.quantity - entry.discharged_quantity,
    )
    entry.discharged_quantity += line.quantity
    entry.discharged_cif_baht += value
    added(
        work,
        Discharge(
            entry_line_id=entry.id,
            disposal_line_id=line.id,
            quantity=line.quantity,
            cif_baht=value,
            at=work.at,
        ),
    )


def a_declaration(
    work: Work,
    house: House,
    document_type: DocumentType,
    state: DeclarationState,
    number: str | None,
    *,
    order_id: UUID | None = None,
) -> Declaration:
    """A declaration as customs would have left it in *state*, without lines."""
    return added(
        work,
        Declaration(
            reference_number=f"TPBW{next(_numbers):09}",
            message_id=ids.new_id(),
            document_type=document_type,
            procedure=_PROCEDURES[document_type],
            premises_id=house.premises.id,
            partner_id=house.partner.id,
            order_id=order_id,
            state=state,
            declaration_number=number,
            import_date=work.today,
            rates_on=work.today,
            currency="USD",
            exchange_rate=Decimal(35),
            exchange_per_units=1,
            house_bill="HAWB1",
            consignor_name="CONSIGNOR",
            consignment_country="CN",
            invoice_number="INV1",
            invoice_date=work.today,
            package_amount=1,
            gross_weight_kg=Decimal(10),
            net_weight_kg=Decimal(9),
            cif_foreign=Decimal(1000),
            cif_baht=Decimal(35_000),
            total_tax=Decimal(0),
            drafted_at=work.at,
        ),
    )


def a_declaration_line(
    work: Work,
    declaration: Declaration,
    position: int,
    product_id: UUID,
    quantity: Decimal,
    *,
    entry_line_id: UUID | None = None,
) -> DeclarationLine:
    """Line *position* of *declaration*."""
    return added(
        work,
        DeclarationLine(
            declaration_id=declaration.id,
            line_number=position,
            entry_line_id=entry_line_id,
            product_id=product_id,
            sku="BAG-1",
            hs_code="42022200",
            statistical_code="000",
            privilege_code="000",
            description_th="กระเป๋าถือ",
            description_en="Handbag",
            brand="NO BRAND",
            origin_country="CN",
            net_weight_kg=Decimal(9),
            quantity=quantity,
            unit="C62",
            unit_price_foreign=Decimal(100),
            cif_foreign=Decimal(1000),
            cif_baht=Decimal(35_000),
            discharged_quantity=Decimal(0),
            discharged_cif_baht=Decimal(0),
        ),
    )


def added(work: Work, row: T) -> T:
    """*row*, written."""
    work.session.add(row)
    work.session.flush()
    return row
