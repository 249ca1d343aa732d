"""What each answer of the scanner means for the goods: one small function for each message."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Final

from tests.properties.hall import HERE, THERE, Answer, Clerk, Hall
from tests.properties.stock_book import REAL, STORED, Book, Lot, Promise, Unit

Data = Mapping[str, Any]

GOES_TO: Final = {
    "re_export": "EXPORTED",
    "scrap": "HOME-USE",
    "donation": "HOME-USE",
    "transfer": "IN-TRANSIT-BOND",
    "free_zone": "FREE-ZONE",
    "destruction": "DESTROYED",
    "abandonment": "ABANDONED",
    "seizure": "SEIZED",
    "sampling": "SAMPLED",
    "removal": "REMOVED",
}
"""Where the goods of a disposal go."""

_TAKING: Final = frozenset({"scan_goods", "scan_target"})
_NOT_TAKEN: Final = frozenset({"pick", "counted", "moved", "into-tote"})


class Scans:
    """Follows the answers that clerks get, and changes the *book* as they say."""

    def __init__(self, hall: Hall, book: Book) -> None:
        self.hall, self.book = hall, book
        self.disposals: dict[str, str] = {}
        self.counting: dict[Clerk, tuple[str, int]] = {}

    def follow(self, clerk: Clerk, answer: Answer) -> None:
        """*clerk* was answered so."""
        if answer["tone"] == "refused" or answer["asks"] or answer["repeated"]:
            return
        book, code = self.book, answer["message"]["code"]
        book.opposites = []
        if code == "undone":
            book.taken_back(clerk.opposites)
            book.opposites = []
            clerk.told = clerk.earlier
        else:
            if answer["task"] == clerk.told["task"] == "pick" and clerk.told["state"] in _TAKING:
                self._taken(clerk, code, answer["data"])
            elif effect := EFFECTS.get((answer["task"], code)):
                effect(self, clerk, answer["data"])
            clerk.earlier, clerk.told = clerk.told, answer
        clerk.opposites, book.opposites = book.opposites, []

    def _unit(self, clerk: Clerk, data: Data, name: str = "parcel") -> Unit:
        return self.book.unit(clerk.premises, data[name])

    # ── In ───────────────────────────────────────────────────────────────────────────────────────

    def received(self, clerk: Clerk, data: Data) -> None:
        """All that was announced in the parcel is at the dock."""
        unit = self._unit(clerk, data)
        assert not unit.received, f"{unit.number} was received twice"
        self.book.change(unit, received=True)
        for lot in self.book.in_unit(unit):
            self.book.move(lot, "ABROAD", data["location"], lot.quantity)

    def found_again(self, clerk: Clerk, data: Data) -> None:
        """It was given up, and has come after all."""
        unit = self._unit(clerk, data)
        self.book.change(unit, received=True, place=None)
        for lot in self.book.in_unit(unit):
            self.book.move(lot, "VARIANCE", data["location"], lot.at["VARIANCE"])

    def taken_unannounced(self, clerk: Clerk, data: Data) -> None:
        """Nobody knows yet what is in it."""
        unit = self._unit(clerk, data)
        self.book.change(unit, received=True, place=data["location"])
        assert self._is_held(unit)

    def damaged(self, clerk: Clerk, data: Data) -> None:
        """It is held until somebody has looked at it; there is a case."""
        cases = self.hall.rows(
            "SELECT id FROM discrepancy WHERE number = %(number)s AND EXISTS ("
            " SELECT FROM hold WHERE hold.discrepancy_id = discrepancy.id)",
            number=data["discrepancy"],
        )
        assert cases, f"{data['parcel']} is damaged, and was never held"

    def closed(self, clerk: Clerk, data: Data) -> None:
        """What has not come is an open difference."""
        for unit in self.book.units.values():
            if (unit.premises, unit.consignment) == (clerk.premises, data["consignment"]):
                if unit.received or unit.place or unit.is_container:
                    continue
                self.book.change(unit, place="VARIANCE")
                for lot in self.book.in_unit(unit):
                    self.book.move(lot, "ABROAD", "VARIANCE", lot.quantity)

    def counted_out(self, clerk: Clerk, data: Data) -> None:
        """More or less was in the parcel than was announced."""
        self.adopt_lots("found")
        self.adopt_differences(data["discrepancies"])
        assert self._unit(clerk, data).received

    def _is_held(self, unit: Unit) -> bool:
        return any(
            (hold.premises, hold.level, hold.key) == (unit.premises, "handling_unit", unit.number)
            for hold in self.hall.open_holds().values()
        )

    # ── Inside ───────────────────────────────────────────────────────────────────────────────────

    def stored(self, clerk: Clerk, data: Data) -> None:
        """The parcel is in the bin; if all of it was picked, that is what was carried aside."""
        unit, target = self._unit(clerk, data), data["location"]
        goods = self.book.carriable(unit)
        if not goods and unit.place is None:
            for each in self.book.promises:
                if each.picked and each.lot.unit is unit and each.place != target:
                    self.book.move(each.lot, each.place, target, each.quantity)
                    self.book.change(each, place=target)
            return
        self.book.carry(goods, target)
        self.book.lay(unit, None, target)

    def moved(self, clerk: Clerk, data: Data) -> None:
        """A unit went into a place or a container, or all of a place into another."""
        number, target = data["unit"], data["location"]
        if number in REAL:
            self._emptied(clerk.premises, number, target)
            return
        unit = self._unit(clerk, data, "unit")
        if target in REAL:
            parent, place = None, target
        else:
            parent = self.book.unit(clerk.premises, target)
            place = parent.place or ""
            if not place:  # it was set up just now, where the unit stands
                [place] = {at for _, at, _ in self.book.carriable(unit)} or {unit.place or ""}
                self.book.change(parent, place=place, received=True)
        self.book.change(unit, received=True)
        self.book.carry(self.book.carriable(unit), place)
        self.book.lay(unit, parent, place)

    def _emptied(self, premises: str, source: str, target: str) -> None:
        goods = [
            (lot, source, free)
            for lot in self.book.lots.values()
            if lot.unit.premises == premises and source in self.book.standing(lot)
            and (free := lot.at[source] - self.book.promised(lot, source, picked=True))
        ]  # fmt: skip
        self.book.carry(goods, target)
        for unit in self.book.units.values():
            if (unit.premises, unit.place) == (premises, source):
                self.book.change(unit, place=target)

    def replenished(self, clerk: Clerk, data: Data) -> None:
        """So many went from the oldest layer to the pick bin."""
        told = clerk.told["data"]
        [lot] = [
            lot
            for lot in self.book.lots.values()
            if (lot.unit.number, lot.sku, lot.unit.premises)
            == (told["parcel"], data["sku"], clerk.premises)
            and lot.at[told["source"]]
        ]
        assert not self.book.held(lot, told["source"]), "held goods were taken to a pick bin"
        self.book.move(lot, told["source"], data["location"], int(data["quantity"]))

    def handled(self, clerk: Clerk, data: Data) -> None:
        """Goods went into a handling and came out in new parcels, lot by lot in equal quantity."""
        self.adopt_lots("handled")
        self.adopt_movements("handle")

    def begun(self, clerk: Clerk, data: Data) -> None:
        """A round of counting a place begins."""
        self.counting[clerk] = (data["location"], len(self._touching(data["location"])))

    def differs(self, clerk: Clerk, data: Data) -> None:
        """What two people did not find stands apart; what they found in excess is a lot."""
        self.adopt_lots("found")
        self.adopt_differences(data["cases"])
        self.adopt_promises()

    def _touching(self, place: str) -> list[Any]:
        return self.hall.rows(
            "SELECT movement.id FROM movement JOIN location ON location.id IN"
            " (from_location_id, to_location_id) WHERE code = %(place)s",
            place=place,
        )

    # ── Out ──────────────────────────────────────────────────────────────────────────────────────

    def _taken(self, clerk: Clerk, code: str, data: Data) -> None:
        """The goods that the clerk was told to take are taken, or some of them are not there."""
        told = clerk.told["data"]
        if code in _NOT_TAKEN:
            return
        held = [
            each
            for each in self._of(told["shipment"], picked=False)
            if (each.place, each.lot.unit.number, each.lot.sku, each.quantity)
            == (told["location"], told["parcel"], told["sku"], int(told["quantity"]))
        ]
        promise = held[0]
        if code.startswith("short"):
            found = int(told.get("counted", 0))
            missing = promise
            if found:
                missing = Promise(
                    promise.cause, promise.lot, promise.place, promise.quantity - found
                )
                self.book.change(promise, quantity=found)
                self.book.promise(missing)
            if code == "short-elsewhere":
                self.book.change(missing, place=self._elsewhere(missing))
            if not found:
                return
        self.book.move(promise.lot, promise.place, "STAGE-1", promise.quantity)
        self.book.change(promise, place="STAGE-1", picked=True)
        if not self._of(promise.cause, picked=False):
            self.book.change(self.book.shipments[promise.cause], custody="picked")

    def _elsewhere(self, missing: Promise) -> str:
        lot = missing.lot
        return next(
            place
            for place, there in sorted(self.book.standing(lot).items())
            if place != missing.place and REAL[place][0] in STORED
            and there - self.book.promised(lot, place) >= missing.quantity
            and not self.book.held(lot, place)
        )  # fmt: skip

    def _of(self, number: str, *, picked: bool) -> list[Promise]:
        return self.book.of(number, picked=picked)

    def packed(self, clerk: Clerk, data: Data) -> None:
        """The parcel is closed."""
        shipment = self.book.shipments[data["shipment"]]
        assert not self.book.stopped(shipment), "held goods were packed"
        self.book.change(shipment, custody="packed")

    def staged(self, clerk: Clerk, data: Data) -> None:
        """The parcel stands in the lane of its route."""
        for each in self._of(self._labelled(data).number, picked=True):
            if each.place != data["location"]:
                self.book.move(each.lot, each.place, data["location"], each.quantity)
                self.book.change(each, place=data["location"])

    def loaded(self, clerk: Clerk, data: Data) -> None:
        """It is on the vehicle."""
        self.book.change(self._labelled(data), custody="loaded", manifest=data["manifest"])

    def exited(self, clerk: Clerk, data: Data) -> None:
        """The gate let it out: it was packed, released by customs, and nothing held it."""
        self._leaves(self._labelled(data))

    def manifest_exited(self, clerk: Clerk, data: Data) -> None:
        """All of the vehicle is out."""
        for shipment in list(self.book.shipments.values()):
            if (shipment.manifest, shipment.custody) == (data["manifest"], "loaded"):
                self._leaves(shipment)

    def _labelled(self, data: Data) -> Any:
        [found] = [each for each in self.book.shipments.values() if each.label == data["parcel"]]
        return found

    def _leaves(self, shipment: Any) -> None:
        assert shipment.custody in ("packed", "loaded"), shipment
        assert shipment.released, f"{shipment.number} left without a release"
        assert not self.book.stopped(shipment), f"{shipment.number} left though it is held"
        promises = self._of(shipment.number, picked=True)
        assert sum(each.quantity for each in promises) == shipment.quantity
        for each in promises:
            self.book.move(each.lot, each.place, "HOME-USE", each.quantity)
        self.book.end(promises)
        self.book.change(shipment, custody="dispatched")

    def goods_back(self, clerk: Clerk, data: Data) -> None:
        """What was picked for a cancelled order is free in a bin."""
        promises = self._of(self._labelled(data).number, picked=True)
        self.book.end(promises)
        for each in promises:
            if each.place != data["location"]:
                self.book.move(each.lot, each.place, data["location"], each.quantity)

    # ── Other ways ───────────────────────────────────────────────────────────────────────────────

    def gathered(self, clerk: Clerk, data: Data) -> None:
        """What of the parcel goes another way is brought."""
        for each in self._of(data["number"], picked=False):
            if each.lot.unit.number == data["parcel"]:
                place = "LANE-1" if each.lot.regime == "bonded" else each.place
                if place != each.place:
                    self.book.move(each.lot, each.place, place, each.quantity)
                self.book.change(each, place=place, picked=True)

    def gone(self, clerk: Clerk, data: Data) -> None:
        """It has left, all at once."""
        self.sent(data["number"])

    def sent(self, number: str) -> None:
        """The goods of a disposal leave."""
        assert not self._of(number, picked=False), "it left before all was gathered"
        promises = self._of(number, picked=True)
        for each in promises:
            self.book.move(each.lot, each.place, GOES_TO[self.disposals[number]], each.quantity)
        self.book.end(promises)

    def transferred(self, clerk: Clerk, data: Data) -> None:
        """A parcel of a transfer is here: it left the sender's transit."""
        for lot in self.book.in_unit(self.book.unit(HERE, data["parcel"])):
            if there := lot.at["IN-TRANSIT-BOND"]:
                self.book.move(lot, "IN-TRANSIT-BOND", "OTHER-BONDED", there)
        self.adopt_lots("transferred")
        self.book.change(self._unit(clerk, data), received=True)
        for lot in self.book.in_unit(self.book.unit(THERE, data["parcel"])):
            if not lot.at:
                self.book.move(lot, "OTHER-BONDED", data["location"], lot.quantity)

    def transfer_closed(self, clerk: Clerk, data: Data) -> None:
        """What did not arrive is an open difference of the sender."""
        for number in data["parcels"]:
            for lot in self.book.in_unit(self.book.unit(HERE, number)):
                if there := lot.at["IN-TRANSIT-BOND"]:
                    self.book.move(lot, "IN-TRANSIT-BOND", "VARIANCE", there)

    def taken_back(self, clerk: Clerk, data: Data) -> None:
        """What left is back, as duty-paid goods."""
        shipment = self._labelled(data)
        back = self.adopt_lots("returned")
        assert sum(lot.quantity for lot in back) == shipment.quantity
        for lot in back:
            self.book.move(lot, "HOME-USE", data["location"], lot.quantity)
        self.book.change(shipment, custody="returned")

    # ── What the book learns from the database: how goods are called that are new ────────────────

    def adopt_lots(self, origin: str) -> list[Lot]:
        """The lots that are new; they are all of *origin*."""
        new = []
        for row in self.hall.rows(_LOTS, known=list(self.book.lots)):
            number, premises, parcel, consignment, sku, quantity, of, regime, *layer = row
            assert of == origin, f"{number} is {of}"
            unit = self.book.unit(premises, parcel)
            unit.consignment = consignment or ""
            accepted = tuple(layer) if layer[0] else ()
            lot = Lot(number, unit, sku, int(quantity), of, regime, accepted)
            self.book.lots[number] = lot
            unit.received = unit.received or origin != "announced"
            new.append(lot)
        return new

    def adopt_differences(self, cases: list[str]) -> None:
        """What is missing or in excess, each with one of *cases*."""
        for kind in ("variance", "found"):
            for case in self.adopt_movements(kind):
                assert case in cases, f"{case} was not told"

    def adopt_movements(self, kind: str) -> list[str]:
        """The newest movements of *kind*, where the program chooses the lots; their cases."""
        cases = []
        for lot, source, target, quantity, case in self.hall.rows(
            _NEWEST, kind=kind, at=self.hall.at
        ):
            self.book.move(self.book.lots[lot], source, target, int(quantity))
            cases.append(case)
        return cases

    def adopt_promises(self) -> None:
        """What was promised anew, or is not any more: by a job, an owner's choice, or a count."""
        shown = Counter(self.hall.rows(_PROMISES))
        known = Counter(_row(each) for each in self.book.promises)
        given_back, new = known - shown, shown - known
        for each in list(self.book.promises):
            if given_back[_row(each)]:
                given_back[_row(each)] -= 1
                self.book.end([each])
        for cause, number, place, quantity, state in new.elements():
            assert state == "held", f"{cause} was picked by nobody"
            lot = self.book.lots[number]
            self.book.promise(Promise(cause, lot, place, int(quantity)))
        self.disposals |= dict(self.hall.rows("SELECT number, kind FROM disposal ORDER BY number"))


def _row(promise: Promise) -> tuple[str, str, str, int, str]:
    """*promise*, as the database tells it."""
    state = "picked" if promise.picked else "held"
    return promise.cause, promise.lot.number, promise.place, promise.quantity, state


_PROMISES: Final = """
SELECT coalesce(shipment.number, disposal.number), lot.number, location.code,
       reservation.quantity::integer, reservation.state
  FROM reservation JOIN lot ON lot.id = lot_id JOIN location ON location.id = location_id
  LEFT JOIN order_line ON order_line.id = order_line_id
  LEFT JOIN shipment ON shipment.order_id = order_line.order_id
  LEFT JOIN disposal_line ON disposal_line.id = disposal_line_id
  LEFT JOIN disposal ON disposal.id = disposal_id
 WHERE reservation.state IN ('held', 'picked')
"""

_LOTS: Final = """
SELECT lot.number, premises.code, unit.number, consignment.number, sku, lot.quantity, origin,
       regime, accepted_at, declaration_number, line_number
  FROM lot JOIN premises ON premises.id = lot.premises_id
  JOIN handling_unit AS unit ON unit.id = handling_unit_id JOIN product ON product.id = product_id
  LEFT JOIN consignment ON consignment.id = unit.consignment_id
 WHERE lot.number <> ALL(%(known)s) ORDER BY lot.number
"""

# Those of the last transaction.
_NEWEST: Final = """
SELECT lot.number, source.code, target.code, movement.quantity, discrepancy.number
  FROM movement JOIN lot ON lot.id = movement.lot_id
  JOIN location AS source ON source.id = from_location_id
  JOIN location AS target ON target.id = to_location_id
  LEFT JOIN discrepancy ON discrepancy.id = movement.discrepancy_id
 WHERE movement.kind = %(kind)s AND movement.at = %(at)s
 ORDER BY movement.sequence
"""

Effect = Callable[[Scans, Clerk, Data], None]

EFFECTS: Final[Mapping[tuple[str, str], Effect]] = {
    **dict.fromkeys(
        [
            ("receive", "received"),
            ("receive", "received-unchecked"),
            ("receive", "received-for-inspection"),
            ("receive", "received-blind"),
        ],
        Scans.received,
    ),
    ("receive", "found-again"): Scans.found_again,
    ("receive", "taken-unannounced"): Scans.taken_unannounced,
    ("receive", "damaged"): Scans.damaged,
    ("receive", "receipt-closed-whole"): Scans.closed,
    ("receive", "receipt-closed-different"): Scans.closed,
    ("receive", "content-booked"): Scans.counted_out,
    ("put_away", "stored"): Scans.stored,
    ("move", "moved"): Scans.moved,
    ("replenish", "replenished"): Scans.replenished,
    ("handle", "handled"): Scans.handled,
    ("count", "count-begun"): Scans.begun,
    ("count", "count-differs"): Scans.differs,
    ("pack", "packed"): Scans.packed,
    ("stage", "staged"): Scans.staged,
    ("load", "loaded"): Scans.loaded,
    ("exit", "exited"): Scans.exited,
    ("exit", "manifest-exited"): Scans.manifest_exited,
    ("put_back", "goods-back"): Scans.goods_back,
    ("dispose", "gathered"): Scans.gathered,
    ("dispose", "all-gathered"): Scans.gathered,
    ("dispose", "gone"): Scans.gone,
    ("transfer_in", "transferred"): Scans.transferred,
    ("transfer_in", "transfer-short"): Scans.transfer_closed,
    ("return", "taken-back"): Scans.taken_back,
    ("return", "taken-back-differs"): Scans.taken_back,
}
"""Every answer after which goods stand, or are promised, otherwise.  A new one is one entry."""
