"""What happens without a scanner: goods are announced and ordered, customs and the desk act."""

from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule
from sqlmodel import select

from tests import builders, customs_builders
from tests.builders import House
from tests.pictures import a_photo
from tests.properties.floor_machine import WHICH, Machine
from tests.properties.hall import HERE, SKUS, THERE
from tests.properties.stock_book import Promise, Shipment
from warehouse.customs import queries as declared
from warehouse.inventory import discrepancies, disposals, handling, locks
from warehouse.inventory.disposals import DisposalDraft, Wanted
from warehouse.inventory.holds import Level, Target
from warehouse.inventory.models import Lot
from warehouse.inventory.vocabulary import Cause, DisposalKind, HandlingKind, Outcome
from warehouse.masterdata.reasons import Reason
from warehouse.operations.bond import counting, disposing, holding, returning, settling
from warehouse.operations.clearance import disposal as clearance
from warehouse.operations.intake import cancelling
from warehouse.shipments import manifests
from warehouse.shipments import queries as shipping
from warehouse.shipments.models import Order
from warehouse.shipments.models import Shipment as ShipmentRow
from warehouse.shipments.vocabulary import ReturnChoice

FEW: Final = 2
_LAYERS: Final = """
SELECT number, accepted_at, declaration_number, line_number FROM lot WHERE accepted_at IS NOT NULL
"""

BY_DECLARATION: Final = {
    DisposalKind.RE_EXPORT, DisposalKind.TRANSFER, DisposalKind.FREE_ZONE, DisposalKind.SCRAP,
    DisposalKind.DONATION,
}  # fmt: skip
_TARGETS: Final = {
    "lot": "SELECT id FROM lot WHERE premises_id = %(premises)s ORDER BY number",
    "handling_unit": "SELECT id FROM handling_unit WHERE premises_id = %(premises)s"
    " ORDER BY number",
    "location": "SELECT id FROM location WHERE premises_id = %(premises)s AND NOT virtual"
    " ORDER BY code",
    "product": "SELECT id FROM product WHERE %(premises)s IS NOT NULL ORDER BY sku",
    "shipment": "SELECT id FROM shipment WHERE premises_id = %(premises)s ORDER BY number",
    "consignment": "SELECT id FROM consignment WHERE premises_id = %(premises)s ORDER BY number",
}


class Desk(Machine):
    """Rules of what happens at the desk, at customs, and by the clock."""

    # ── Goods are announced, declared, ordered ───────────────────────────────────────────────────

    @initialize(first=st.integers(1, 5), second=st.integers(0, 4), stored=st.booleans())
    def begins(self, first: int, second: int, stored: bool) -> None:
        """Goods are announced; mostly they are in bond and in store already."""
        self.announce(first, second, SKUS[0])
        if stored:
            self.customs_accepts(1)
            for number in sorted(unit.number for unit in self.book.units.values()):
                for code in ("CMD-RECEIVE", number, "CMD-PUTAWAY", number, "LOC-S-1"):
                    if self.scan(self.clerks[0], code)["asks"]:
                        self.scan(self.clerks[0], code)

    @rule(first=st.integers(1, 5), second=st.integers(0, 4), sku=st.sampled_from(SKUS))
    def announce(self, first: int, second: int, sku: str) -> None:
        """A consignment of two parcels, the second maybe of two products."""
        one, two = builders.a_parcel_number(), builders.a_parcel_number()
        products = self.company.products
        goods = [(one, products[sku], Decimal(first))]
        if second:
            goods += [(two, products[each], Decimal(second)) for each in SKUS[: 1 + second % 2]]
        with self.hall.act() as work:
            consignment = builders.a_consignment(work, self.company.houses[HERE], goods)
            consignment.currency = "THB"
        self.consignments.append(consignment)
        self.waiting.append(consignment)
        self.scans.adopt_lots("announced")

    @precondition(lambda self: self.waiting)
    @rule(which=WHICH)
    def customs_accepts(self, which: int) -> None:
        """Customs accepts a consignment into bond."""
        consignment = self.pick_one(self.waiting if which else self.consignments, which)
        with self.may_be_refused("liaison") as work:
            declaration = customs_builders.drafted(work, consignment)
            if declaration is None:
                return
            customs_builders.accepted(work, declaration)
            self.waiting.remove(consignment)
        layers = self.hall.rows(_LAYERS)
        for number, *layer in layers:
            self.book.lots[number].layer = tuple(layer)

    @rule(quantity=st.integers(1, 4), sku=st.sampled_from(SKUS), goes=st.booleans())
    def order(self, quantity: int, sku: str, goes: bool) -> None:
        """An order draws on the oldest layers that may be promised, or on none."""
        wanted = self.book.first_in_first_out(sku, quantity, HERE)
        house = self.company.houses[HERE]
        house = House(
            house.premises, house.partner, self.company.products[sku], house.places, house.clerk
        )
        placed: list[tuple[Order, ShipmentRow]] = []
        with self.may_be_refused("liaison") as work:
            placed = [builders.an_order(work, house, quantity)]
        assert (wanted is None) == (not placed), f"{quantity} × {sku}: {wanted}"
        for order, row in placed:
            for each in wanted or ():
                self.book.promise(Promise(row.number, each.lot, each.place, each.quantity))
            self.book.shipments[row.number] = Shipment(
                row.number, row.parcel_number, order.id, sku, quantity
            )
            if goes:
                self.customs_releases(row.number)

    @rule(which=WHICH)
    def customs_decides(self, which: int) -> None:
        """Customs releases the goods of an order."""
        if shipment := self.shipment(which, "stored", "picked", "packed"):
            self.customs_releases(shipment.number)

    def customs_releases(self, number: str) -> None:
        """The goods of shipment *number* are declared, and customs lets them go."""
        shipment = self.book.shipments[number]
        with self.may_be_refused("liaison") as work:
            order = work.session.get_one(Order, shipment.order_id)
            declaration = customs_builders.declared(work, order)
            if declaration is None:
                return
            customs_builders.released(work, declaration)
            work.session.flush()
            shipment.released = True

    @rule(which=WHICH)
    def cancel_order(self, which: int) -> None:
        """An order is cancelled: what is not picked is free, what is picked is to be put back."""
        shipment = self.shipment(which, "stored", "picked", "packed")
        if shipment is None:
            return
        with self.may_be_refused("liaison") as work:
            order = work.session.get_one(Order, shipment.order_id)
            cancelling.cancel(work, order)
            work.session.flush()
            self.book.end(self.book.of(shipment.number, picked=False))
            shipment.custody, shipment.released = "cancelled", False

    # ── Acts of the desk ─────────────────────────────────────────────────────────────────────────

    @rule(
        level=st.sampled_from(sorted(_TARGETS)),
        reason=st.sampled_from(sorted(Reason)),
        which=WHICH,
    )
    def hold(self, level: str, reason: Reason, which: int) -> None:
        """Something is held, for some reason."""
        premises = self.company.houses[HERE].premises.id
        rows = self.hall.rows(_TARGETS[level], premises=premises)
        if rows:
            with self.may_be_refused("liaison") as work:
                target = Target(Level(level), self.pick_one(rows, which)[0])
                holding.place(work, reason, target)

    @precondition(lambda self: self.book.holds)
    @rule(which=WHICH)
    def lift(self, which: int) -> None:
        """A hold ends, by whoever may end it."""
        for role in ("supervisor", "liaison"):
            with self.may_be_refused(role) as work:
                holding.lift(work, self.pick_one(sorted(self.book.holds), which), "looked at it")

    @rule(which=WHICH, opens=st.booleans())
    def lock(self, which: int, opens: bool) -> None:
        """A place is locked down, or open again."""
        code = self.pick_one(("S-1", "S-2", "P-1", "STAGE-1", "DOCK-1"), which)
        place = self.company.houses[HERE].places[code]
        with self.may_be_refused("supervisor") as work:
            if opens:
                locks.open_again(work, place.id)
            else:
                locks.lock_down(work, place.id, "leak")
            work.session.flush()
            (self.book.locked.discard if opens else self.book.locked.add)((HERE, code))

    @precondition(lambda self: len(self.handlings) < FEW)
    @rule(kind=st.sampled_from(HandlingKind))
    def permit_handling(self, kind: HandlingKind) -> None:
        """The officer permits a handling."""
        with self.may_be_refused("supervisor") as work:
            self.handlings.append(
                handling.permit(work, kind, permission="P-1", officer="officer").number
            )

    @rule(
        which=WHICH, kind=st.sampled_from(DisposalKind), part=st.booleans(), permitted=st.booleans()
    )
    def ask_for_disposal(self, which: int, kind: DisposalKind, part: bool, permitted: bool) -> None:
        """Somebody asks that goods go another way out; customs permits it, mostly."""
        standing = [lot for lot in self.book.lots.values() if self.book.standing(lot)]
        if not standing or kind is DisposalKind.LOSS:
            return
        lot = self.pick_one(standing, which)
        free = sum(
            there - self.book.promised(lot, place)
            for place, there in self.book.standing(lot).items()
        )
        wanted = max(1, free // 2 if part else free)
        there = self.company.houses[THERE].premises.id if kind is DisposalKind.TRANSFER else None
        with self.may_be_refused("liaison") as work:
            row = work.session.exec(select(Lot).where(Lot.number == lot.number)).one()
            disposal = disposing.request(
                work,
                DisposalDraft(
                    kind, self.company.houses[HERE].premises.id, "asked",
                    [Wanted(row.id, Decimal(wanted))], to_premises_id=there, destination="FZ",
                ),
            )  # fmt: skip
            self.scans.disposals[disposal.number] = kind.value
        self.set_aside(lot, wanted)
        if permitted and self.scans.disposals:
            self.permit(len(self.scans.disposals) - 1)

    def set_aside(self, lot: Any, wanted: int) -> None:
        """The newest disposal has its goods, the nearest first."""
        number = next(reversed(self.scans.disposals), "")
        if not number or self.book.of(number) or number in self.accepted:
            return
        self.accepted.add(number)
        for place, there in sorted(self.book.standing(lot).items()):
            if share := min(wanted, there - self.book.promised(lot, place)):
                self.book.promise(Promise(number, lot, place, share))
                wanted -= share

    @precondition(lambda self: self.scans.disposals)
    @rule(which=WHICH)
    def permit(self, which: int) -> None:
        """Customs permits another way out; a second person agrees."""
        number = self.pick_one(list(self.scans.disposals), which)
        if DisposalKind(self.scans.disposals[number]) in BY_DECLARATION:
            with self.may_be_refused("liaison") as work:
                disposal = disposals.by_number(work.session, number)
                clearance.declare(work, {"subject": str(disposal.id)})
                if declaration := declared.declaration_of(work.session, disposal_id=disposal.id):
                    customs_builders.released(work, declaration)
            return
        with self.may_be_refused("liaison") as work:
            disposing.record_permit(
                work, number, authority="KK 1/2569", officer="officer",
                valid_until=self.hall.at + timedelta(days=1),
            )  # fmt: skip
        with self.may_be_refused("manager") as work:
            disposing.approve(work, number)

    @precondition(lambda self: self.scans.disposals)
    @rule(which=WHICH)
    def certify(self, which: int) -> None:
        """The officer has seen a destruction."""
        number = self.pick_one(list(self.scans.disposals), which)
        with self.may_be_refused("liaison") as work:
            disposing.certify(work, number, witness="officer")
            work.session.flush()
            self.scans.sent(number)

    @precondition(lambda self: self.scans.disposals)
    @rule(which=WHICH)
    def cancel_disposal(self, which: int) -> None:
        """Another way out is given up: its goods are free where they stand."""
        number = self.pick_one(list(self.scans.disposals), which)
        with self.may_be_refused("manager") as work:
            disposing.cancel(work, number)
            work.session.flush()
            self.book.end(self.book.of(number))

    @precondition(lambda self: len(self.manifests) < FEW)
    @rule(vehicle=st.sampled_from(["1AB-1", "2AB-2"]))
    def open_manifest(self, vehicle: str) -> None:
        """A vehicle is at the gate."""
        with self.hall.act(self.company.people["supervisor"]) as work:
            manifest = manifests.open_for(
                work, self.company.houses[HERE].premises.id, self.company.route.id, vehicle, ""
            )
            self.manifests.append(manifest.number)

    @rule(which=WHICH, choice=st.sampled_from(ReturnChoice))
    def choose_return(self, which: int, choice: ReturnChoice) -> None:
        """The owner says what becomes of a parcel that came back."""
        shipment = self.shipment(which, "returned")
        if shipment is None:
            return
        with self.may_be_refused("liaison") as work:
            row = shipping.shipment_by_number(work.session, shipment.number)
            returning.choose(work, row, choice)
        self.scans.adopt_promises()

    @rule(which=WHICH, outcome=st.sampled_from(Outcome), cause=st.sampled_from(Cause))
    def close_case(self, which: int, outcome: Outcome, cause: Cause) -> None:
        """A manager ends a case: what never came is abroad, what was found stands there again."""
        cases = self.hall.rows(
            "SELECT id, kind, number FROM discrepancy WHERE state <> 'closed' ORDER BY number"
        )
        if not cases:
            return
        key, kind, number = self.pick_one(cases, which)
        with self.may_be_refused("supervisor") as work:
            discrepancies.add_photo(work, key, a_photo())
            discrepancies.approve(work, key)
        before = self.hall.rows("SELECT count(*) FROM movement")
        with self.may_be_refused("manager") as work:
            if kind == "count_short" and outcome is Outcome.FOUND:
                counting.find(work, key, place=self.place(which), cause=cause)
            else:
                settling.close(
                    work, key, outcome=outcome, cause=cause, note="", authority="KK 2/2569",
                    officer="officer",
                )  # fmt: skip
        if self.hall.rows("SELECT count(*) FROM movement") != before:
            self.scans.adopt_differences([number])

    @rule(hours=st.sampled_from([0.02, 2, 26, 24 * 8]))
    def wait(self, hours: float) -> None:
        """Time passes, and the clock's jobs are done."""
        self.hall.at += timedelta(hours=hours)
        self.hall.night()
        self.scans.adopt_promises()
