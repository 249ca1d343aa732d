"""A declaration as large as one may be: drafted, validated, composed and read by customs."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TypeVar
from uuid import UUID

from benchmarks.goods import consignment, parcel
from benchmarks.house import House
from benchmarks.measure import BenchmarkError, Contest, Target, Variant
from warehouse.core.work import SYSTEM
from warehouse.customs import queries as customs
from warehouse.customs.checking import filing, validating
from warehouse.customs.gateway import messages
from warehouse.customs.gateway.signing import Keys, load_keys, make_pair
from warehouse.operations.clearance import entry
from warehouse.operations.intake import announcing
from warehouse.operations.intake.announcing import Goods
from warehouse.shipments import queries as shipments

TARGET: Final = Target()
_FIRST_PARCEL: Final = 4_000_000_000  # behind those of the other contests
_SATANG: Final = Decimal("0.01")

T = TypeVar("T")


@dataclass(slots=True)
class Office:
    """Where one large declaration is made in a round, step by step."""

    house: House
    lines: int
    keys: Keys
    unused: int = _FIRST_PARCEL
    declaration_id: UUID | None = None
    document: bytes = field(default=b"")

    def drafted(self) -> float:
        """Milliseconds to draft it: goods merged, valued, charged, written."""
        parcels = range(self.unused, self.unused + self.lines)
        self.unused += self.lines
        announcement = consignment(self.house, parcels, self.house.skus[:1], 1).model_copy(
            update={
                "lines": tuple(
                    Goods(
                        parcel_number=parcel(number),
                        sku=self.house.skus[0],
                        quantity=Decimal(1),
                        unit_price=Decimal("3.20") + position * _SATANG,  # so none merge
                    )
                    for position, number in enumerate(parcels)
                )
            }
        )
        with self.house.begin() as work:
            announced = announcing.announce(work, self.house.partner_id, announcement)
        with self.house.begin(SYSTEM) as work:
            found = shipments.consignment_by_id(work.session, announced.consignment.id)
            took, _ = _timed(lambda: entry.declare(work, found))
            [declaration] = customs.declarations_of_consignment(work.session, found.id)
            self.declaration_id = declaration.id
            lines = len(customs.lines(work.session, declaration.id))
        return self._checked(lines, took)

    def validated(self) -> float:
        """Milliseconds to look it over by every rule."""
        with self.house.begin(SYSTEM) as work:
            declaration = customs.declaration_by_id(work.session, self._key)
            took, _ = _timed(lambda: validating.validate(work, declaration))
        return took

    def composed(self) -> float:
        """Milliseconds to make the message of it, and to sign it."""
        with self.house.begin(SYSTEM) as work:
            declaration = customs.declaration_by_id(work.session, self._key)
            took, self.document = _timed(
                lambda: messages.declaration(filing.message(work.session, declaration), self.keys)
            )
        return took

    def read(self) -> float:
        """Milliseconds in which customs verifies and reads the message."""
        took, heard = _timed(lambda: messages.read_declaration(self.document, self.keys))
        return self._checked(len(heard.lines), took)

    @property
    def _key(self) -> UUID:
        assert self.declaration_id is not None, "it is drafted first"
        return self.declaration_id

    def _checked(self, lines: int, milliseconds: float) -> float:
        if lines != self.lines:
            raise BenchmarkError(f"{lines} of {self.lines} lines are there.")
        return milliseconds


def contest(house: House, *, lines: int) -> Contest:
    """File a declaration of so many *lines*."""
    office = Office(house, lines, _keys())
    return Contest(
        f"Declaration of {lines:,} lines",
        "ms",
        TARGET,
        [
            Variant("drafted", office.drafted),
            Variant("validated", office.validated),
            Variant("composed and signed", office.composed),
            Variant("verified and read", office.read),
        ],
    )


def _keys() -> Keys:
    """Keys with which one writes and reads one's own letters."""
    with TemporaryDirectory() as folder:
        make_pair(Path(folder), "operator")
        certificate = Path(folder) / "operator.crt"
        return load_keys(Path(folder) / "operator.key", certificate, certificate)


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    began = time.perf_counter()
    done = work()
    return (time.perf_counter() - began) * 1000, done
