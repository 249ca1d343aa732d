"""A day's batch of filings through the customs simulator, next to the same messages alone."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import count
from typing import Final
from uuid import UUID

from sqlmodel import col, select

from benchmarks.goods import consignment
from benchmarks.house import House
from benchmarks.measure import BenchmarkError, Contest, Target, Variant
from warehouse.core import ids
from warehouse.core.work import SYSTEM
from warehouse.customs import jobs
from warehouse.customs.checking import filing
from warehouse.customs.gateway import DeclarationMessage
from warehouse.customs.gateway.http import HttpGateway, open_client
from warehouse.customs.gateway.signing import load_keys, make_pair
from warehouse.customs.models import Declaration
from warehouse.customs.vocabulary import DeclarationState
from warehouse.operations.clearance import entry
from warehouse.operations.intake import announcing

BESIDE_THE_LINE: Final = Target()
HANDS: Final = 2
_FIRST_PARCEL: Final = 3_000_000_000  # behind those that are announced elsewhere

_FREE: Final = """
SELECT sku FROM product JOIN restriction USING (hs_code)
 WHERE partner_id = %s GROUP BY sku HAVING bool_and(kind = 'none') ORDER BY sku
"""
"""Goods that need nobody's leave."""


class Desk:
    """A customs desk with a batch of declarations that wait to be sent, a part for each round."""

    def __init__(self, house: House, amount: int, rounds: int) -> None:
        self.house = house
        self.each = amount // rounds
        keys = house.folder / "customs-keys"
        for name in ("operator", "customs"):
            make_pair(keys, name)
        ring = load_keys(*(keys / name for name in ("operator.key", "operator.crt", "customs.crt")))
        port = house.customs(keys)
        client = house.programs.enter_context(open_client(f"http://127.0.0.1:{port}"))
        self.gateway = HttpGateway(client, ring)
        self.skus = [sku for (sku,) in house.rows(_FREE, house.partner_id)]
        self.waiting = [self._drafted(number) for number in range(amount)]
        self.alone = list(self.waiting)
        self.references = count(1)

    def by_jobs(self) -> float:
        """Filings a second: each composed, kept, sent, and its receipt recorded."""
        batch = [self.waiting.pop() for _ in range(self.each)]
        begin = partial(self.house.begin, SYSTEM)

        def send(declaration_id: UUID) -> None:
            facts = {"subject": str(declaration_id)}
            jobs.send_declaration(begin, facts, gateway=self.gateway)

        figure = self._by_hands(send, batch)
        with self.house.begin(SYSTEM) as work:
            unsent = work.session.exec(
                select(Declaration.reference_number).where(
                    col(Declaration.id).in_(batch), Declaration.state != DeclarationState.SENT
                )
            ).all()
        if unsent:
            raise BenchmarkError(f"{len(unsent)} were not taken in, {unsent[0]} first.")
        return figure

    def on_the_line(self) -> float:
        """The same messages, composed and sent, and nothing recorded of them."""
        with self.house.begin(SYSTEM) as work:
            batch = [
                self._as_another(filing.message(work.session, declaration))
                for declaration in work.session.exec(
                    select(Declaration).where(
                        col(Declaration.id).in_([self.alone.pop() for _ in range(self.each)])
                    )
                )
            ]

        def send(message: DeclarationMessage) -> None:
            receipt = self.gateway.submit(message.message_id, self.gateway.compose(message))
            if not receipt.accepted:
                raise BenchmarkError(f"Customs refused it: {receipt.reasons}")

        return self._by_hands(send, batch)

    def _by_hands(self, send: Callable[..., None], batch: Sequence[object]) -> float:
        began = time.perf_counter()
        with ThreadPoolExecutor(HANDS) as hands:
            list(hands.map(send, batch))
        return len(batch) / (time.perf_counter() - began)

    def _drafted(self, number: int) -> UUID:
        """An entry of one parcel, queued."""
        parcels = range(_FIRST_PARCEL + number, _FIRST_PARCEL + number + 1)
        with self.house.begin() as work:
            announced = announcing.announce(
                work, self.house.partner_id, consignment(self.house, parcels, self.skus)
            )
        with self.house.begin(SYSTEM) as work:
            entry.draft_entry(work, {"subject": str(announced.consignment.id)})
            declaration = work.session.exec(
                select(Declaration).where(Declaration.consignment_id == announced.consignment.id)
            ).one()
            if declaration.state is not DeclarationState.QUEUED:
                raise BenchmarkError(f"Not queued: {declaration.refusals} {declaration.findings}")
            return declaration.id

    def _as_another(self, message: DeclarationMessage) -> DeclarationMessage:
        return replace(
            message,
            message_id=ids.new_id(),
            reference_number=f"LINE{next(self.references):09}",
        )


def contest(house: House, *, amount: int, rounds: int) -> Contest:
    """File so many declarations, a part of them in each round."""
    desk = Desk(house, amount, rounds)
    return Contest(
        f"{amount:,} filings",
        "filings/s",
        BESIDE_THE_LINE,
        [
            Variant("on the line alone", desk.on_the_line),
            Variant("by the jobs", desk.by_jobs, "on the line alone"),
        ],
    )
