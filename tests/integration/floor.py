"""A clerk with a scanner, for tests."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from tests.builders import House
from warehouse.core import ids
from warehouse.core.work import Actor, Work
from warehouse.operations.floor import scanning
from warehouse.operations.floor.keeping import Scanned
from warehouse.shipments.models import Shipment


@dataclass
class Scanner:
    """Scans as *clerk*, ten seconds apart."""

    work: Work
    clerk: Actor
    device: str = "SCANNER-1"
    waited: timedelta = field(default_factory=timedelta)

    def scan(self, *barcodes: str) -> dict[str, Any]:
        """Scan each of *barcodes*; the answer to the last."""
        for barcode in barcodes:
            answer = self.send(Scanned(ids.new_id(), barcode, self.device))
        return json.loads(answer)

    def send(self, scanned: Scanned) -> str:
        """Send *scanned* as it is; the answer as text."""
        self.waited += timedelta(seconds=10)
        work = replace(self.work, actor=self.clerk, at=self.work.at + self.waited)
        return scanning.scan(work, scanned)

    def replay(self, scans: Iterable[Scanned]) -> list[str]:
        """Send *scans* together; the answers as text."""
        self.waited += timedelta(seconds=10)
        work = replace(self.work, actor=self.clerk, at=self.work.at + self.waited)
        answers = scanning.replay(work, list(scans))
        assert all(isinstance(answer, str) for answer in answers)
        return answers  # type: ignore[return-value]

    def wait(self, seconds: int) -> None:
        """Let time pass."""
        self.waited += timedelta(seconds=seconds)


def a_scanner(work: Work, house: House) -> Scanner:
    """The scanner of the house's clerk."""
    return Scanner(work, house.clerk)


def packing(shipment: Shipment, quantity: int) -> list[str]:
    """What is scanned to pack *quantity* of the house's product: every item, then the weight."""
    items = ["BAG-1"] if quantity == 1 else ["BAG-1", str(quantity)]
    return ["CMD-PACK", shipment.parcel_number, *items, f"{Decimal('0.65') * quantity}KG"]


def outcome(answer: dict[str, Any]) -> tuple[str, str]:
    """Tone and code of an answer."""
    return answer["tone"], answer["message"]["code"]
