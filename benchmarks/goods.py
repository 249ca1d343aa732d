"""Consignments to measure with: parcels ``LP0000000000`` and on, one product in each."""

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


def consignment(house: House, parcels: range) -> Announcement:
    """A consignment of *parcels* for *house*, with its products in turn."""
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
        gross_weight_kg=Decimal(9 * len(parcels)),
        lines=tuple(
            Goods(
                parcel_number=parcel(number),
                sku=house.skus[number % len(house.skus)],
                quantity=Decimal(1 + number % 9),
                unit_price=Decimal("3.20") + number % 40,
            )
            for number in parcels
        ),
    )
