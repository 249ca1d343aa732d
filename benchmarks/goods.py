"""Consignments to measure with: parcels ``LP0000000000`` and on, one product in each."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Final

from benchmarks.house import House
from warehouse.core import clock
from warehouse.operations.intake.announcing import Announcement, Goods

_SUFFIXES: Final = count(1)


def parcel(number: int) -> str:
    """The parcel number of parcel *number*."""
    return f"LP{number:010}"


def content(number: int, skus: Sequence[str], quantity: int = 0) -> tuple[str, int]:
    """What is in parcel *number*: one of *skus*, in *quantity* (zero: from one to nine)."""
    return skus[number % len(skus)], quantity or 1 + number % 9


def consignment(
    house: House, parcels: range, skus: Sequence[str] = (), quantity: int = 0
) -> Announcement:
    """A consignment of *parcels* for *house*, with `content` of *skus*, or of all its products."""
    skus = skus or house.skus
    today = clock.local_date(clock.now())
    own = next(_SUFFIXES)
    return Announcement(
        premises=house.premises,
        external_ref=f"BENCH-{own}",
        arrival_date=today,
        house_bill=f"HAWB-{own}",
        consignor_name="HANGZHOU BRIGHT TRADING CO LTD",
        consignment_country="CN",
        invoice_number=f"INV-{own}",
        invoice_date=today - timedelta(days=9),
        currency="USD",
        gross_weight_kg=Decimal((quantity or 9) * len(parcels)),
        lines=tuple(
            Goods(
                parcel_number=parcel(number),
                sku=sku,
                quantity=Decimal(amount),
                unit_price=Decimal("3.20") + number % 40,
            )
            for number in parcels
            for sku, amount in (content(number, skus, quantity),)
        ),
    )
