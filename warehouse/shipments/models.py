"""What comes and goes: consignments in, orders and shipments out, parcel numbers."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from warehouse.core import db
from warehouse.shipments.vocabulary import Axis, ConsignmentState, Custody, CustomsStatus


class Consignment(db.Table, table=True):
    """Goods that a partner announces: they come from abroad into bond."""

    __table_args__ = (
        UniqueConstraint("partner_id", "external_ref"),
        CheckConstraint("package_amount > 0 AND gross_weight_kg > 0", name="measured"),
    )

    number: str = Field(max_length=20, unique=True)
    premises_id: UUID = Field(foreign_key="premises.id")
    partner_id: UUID = Field(foreign_key="partner.id")
    external_ref: str = Field(max_length=40)
    arrival_date: date
    house_bill: str = Field(max_length=35)
    consignor_name: str = Field(max_length=70)
    consignment_country: str = Field(max_length=2)
    invoice_number: str = Field(max_length=35)
    invoice_date: date
    currency: str = Field(max_length=3)
    package_amount: int
    gross_weight_kg: Decimal = db.quantity()
    state: ConsignmentState = Field(sa_type=db.text_enum(ConsignmentState))
    announced_at: datetime = db.instant()


class ConsignmentLine(db.Table, table=True):
    """One product in one parcel of a consignment; *unit_price* is CIF, in its currency."""

    __table_args__ = (
        UniqueConstraint("consignment_id", "line_number"),
        CheckConstraint("quantity > 0", name="positive"),
        CheckConstraint("unit_price >= 0 AND net_weight_kg > 0", name="measured"),
    )

    consignment_id: UUID = Field(foreign_key="consignment.id")
    line_number: int
    parcel_number: str = Field(max_length=35)
    product_id: UUID = Field(foreign_key="product.id")
    quantity: Decimal = db.quantity()
    unit_price: Decimal = db.rate()
    net_weight_kg: Decimal = db.quantity()


class Order(db.Table, table=True):
    """A partner's order to release goods for a buyer."""

    __tablename__ = "customer_order"
    __table_args__ = (UniqueConstraint("partner_id", "external_ref"),)

    number: str = Field(max_length=20, unique=True)
    premises_id: UUID = Field(foreign_key="premises.id")
    partner_id: UUID = Field(foreign_key="partner.id")
    external_ref: str = Field(max_length=40)
    buyer_name: str = Field(max_length=120)
    buyer_phone: str = Field(max_length=30)
    address: str = Field(max_length=300)
    province: str = Field(max_length=60)
    postcode: str = Field(max_length=5)
    placed_at: datetime = db.instant()


class OrderLine(db.Table, table=True):
    """One product of an order."""

    __table_args__ = (
        UniqueConstraint("order_id", "line_number"),
        CheckConstraint("quantity > 0", name="positive"),
    )

    order_id: UUID = Field(foreign_key="customer_order.id")
    line_number: int
    product_id: UUID = Field(foreign_key="product.id")
    quantity: Decimal = db.quantity()


class Shipment(db.Table, table=True):
    """The parcel that leaves for an order."""

    __table_args__ = (
        UniqueConstraint("premises_id", "parcel_number"),
        Index("ix_shipment_asked", "partner_id", "parcel_number"),
    )

    number: str = Field(max_length=20, unique=True)
    premises_id: UUID = Field(foreign_key="premises.id")
    partner_id: UUID = Field(foreign_key="partner.id")
    order_id: UUID = Field(foreign_key="customer_order.id", unique=True)
    parcel_number: str = Field(max_length=35)
    custody: Custody = Field(sa_type=db.text_enum(Custody))
    customs: CustomsStatus = Field(sa_type=db.text_enum(CustomsStatus))
    version: int = 1
    created_at: datetime = db.instant()
    changed_at: datetime = db.instant()


@db.append_only
class ShipmentHistory(db.Table, table=True):
    """One change of one of a shipment's two statuses, as the partner sees it."""

    __table_args__ = (Index("ix_shipment_history_read", "shipment_id", "sequence"),)

    sequence: int | None = db.sequence()
    shipment_id: UUID = Field(foreign_key="shipment.id")
    axis: Axis = Field(sa_type=db.text_enum(Axis))
    status: str = Field(max_length=40)
    at: datetime = db.instant()
    recorded_at: datetime | None = db.recorded_at()


class ParcelNumberRange(db.Table, table=True):
    """UPU S10 serials that were allotted to these premises."""

    __table_args__ = (
        UniqueConstraint("premises_id", "indicator", "first"),
        CheckConstraint("first <= next AND next <= last + 1", name="within"),
        CheckConstraint("first >= 0 AND last <= 99999999", name="eight_digits"),
    )

    premises_id: UUID = Field(foreign_key="premises.id")
    indicator: str = Field(max_length=2)
    country: str = Field(max_length=2)
    first: int = Field(sa_type=BigInteger)
    next: int = Field(sa_type=BigInteger)
    last: int = Field(sa_type=BigInteger)
