"""Open a parcel at the dock: every piece is scanned, with batch, day or serial if it has one."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple
from uuid import UUID

from warehouse.core.work import Work
from warehouse.customs.drafting import splitting
from warehouse.inventory import contents, floor_policy
from warehouse.inventory.contents import Details, Difference, Opening, Piece, Standing
from warehouse.inventory.vocabulary import FloorRule
from warehouse.masterdata import queries as masterdata
from warehouse.operations.floor import taking_in, things
from warehouse.operations.floor.dialogue import Dialogue, Reply
from warehouse.operations.floor.errors import Ask, Refused
from warehouse.operations.floor.flow import Turn
from warehouse.operations.floor.messages import Message
from warehouse.operations.floor.messages import inbound as say
from warehouse.operations.floor.things import Goods, Unit
from warehouse.operations.vocabulary import DONE, Step

_MOST_CHARACTERS: Final = 20

_TELL: Final[Mapping[str, Message]] = {
    "batch": say.TELL_BATCH,
    "expires_on": say.TELL_EXPIRY,
    "serial": say.TELL_SERIAL,
}

Entry = dict[str, Any]
"""One product as counted, in the hand: its id, SKU, unit, quantity and details."""


class _Parcel(NamedTuple):
    """The open parcel: whose it is, and whether its counter may know what to expect."""

    unit: Unit
    partner_id: UUID
    consignment_id: UUID
    blind: bool


def begin(turn: Turn, unit: Unit) -> Reply:
    """Open *unit*, which is at the dock.

    Raises:
        NotAtDock: it is not.
    """
    lots = contents.standing(turn.work, unit.id, unit.number)
    then = taking_in.opened(turn, unit.id)
    if _open(turn, unit).blind:
        return Reply(say.OPENED_BLIND, then, {"parcel": unit.number})
    goods = taking_in.amounts((lot.sku, lot.quantity) for lot in lots)
    return Reply(say.OPENED, then, {"parcel": unit.number, "goods": goods})


def scan_content(turn: Turn) -> Reply:
    """Count one more thing, say more of the last one, or end the count.

    Raises:
        Refused: that is nothing of this owner, or no answer to what was asked.
        Ask: what was counted differs from what should be there.
        NotAtDock: the parcel was carried away.
    """
    unit = things.unit_by_id(turn, turn.uuid("parcel"))
    assert unit is not None, "what is open is here"
    parcel = _open(turn, unit)
    if asked := turn.hand.get("asks"):
        return _told(turn, list(asked))
    if turn.code == DONE:
        return _done(turn, parcel)
    if goods := things.products(turn, parcel.partner_id):
        return _counted(turn, goods[0])
    return _so_many(turn)


def in_hand(work: Work, premises_id: UUID, here: Dialogue) -> Reply:  # noqa: ARG001
    """What was counted so far, for a page that opens in the middle."""
    counted = ", ".join(
        f"{entry['quantity']} × {entry['sku']}" for entry in here.hand.get("tally", [])
    )
    return Reply(say.COUNTED, here, {"sku": counted or "0", "counted": ""})


def _counted(turn: Turn, goods: Goods) -> Reply:
    """One piece of *goods*, or as many as its symbol says."""
    told = things.content(turn.label)
    entry: Entry = {
        "product": str(goods.id),
        "sku": goods.sku,
        "unit": goods.unit,
        "quantity": str(told.quantity or 1),
        "batch": told.batch if goods.has_batch else None,
        "expires_on": told.expires_on.isoformat() if goods.has_expiry and told.expires_on else None,
        "serial": told.serial if goods.has_serial else None,
    }
    if goods.has_serial and entry["quantity"] != "1":
        raise Refused(say.SERIAL_ALONE, sku=goods.sku)
    has = {"batch": goods.has_batch, "expires_on": goods.has_expiry, "serial": goods.has_serial}
    asks = [name for name, needed in has.items() if needed and entry[name] is None]
    if entry["serial"]:
        _require_new_serial(turn, entry)
    return _next(turn, [*_folded(turn.hand["tally"]), entry], asks)


def _told(turn: Turn, asks: list[str]) -> Reply:
    """The answer to what was asked of the last thing counted."""
    *before, entry = turn.hand["tally"]
    text = turn.label.raw.strip() if turn.label.raw.isascii() else turn.code
    if text == DONE or len(text) > _MOST_CHARACTERS:
        raise Refused(say.NOT_A_BATCH, scanned=text)
    name = asks[0]
    entry = entry | {name: _day(text) if name == "expires_on" else text}
    if name == "serial":
        _require_new_serial(turn, entry)
    return _next(turn, [*before, entry], asks[1:])


def _so_many(turn: Turn) -> Reply:
    """The last scan counts for as many as this number says."""
    how_many = things.quantity(turn.label)
    if how_many is None:
        raise Refused(say.UNKNOWN_GOODS, scanned=turn.code)
    tally = turn.hand["tally"]
    if not tally or not how_many:
        raise Refused(say.NOTHING_COUNTED)
    *before, entry = tally
    if entry["serial"]:
        raise Refused(say.SERIAL_ALONE, sku=entry["sku"])
    return _next(turn, [*before, entry | {"quantity": str(how_many)}], [])


def _next(turn: Turn, tally: list[Entry], asks: list[str]) -> Reply:
    last = tally[-1]
    then = turn.go(Step.SCAN_CONTENT, tally=tally, asks=asks or None)
    counted = sum(Decimal(each["quantity"]) for each in tally if each["sku"] == last["sku"])
    message = _TELL[asks[0]] if asks else say.COUNTED
    return Reply(message, then, {"sku": last["sku"], "counted": counted})


def _folded(tally: Iterable[Entry]) -> list[Entry]:
    """*tally* with what is alike taken together, so that the hand stays small."""
    amounts: dict[tuple[tuple[str, Any], ...], Decimal] = {}
    for entry in tally:
        kind = tuple((name, value) for name, value in entry.items() if name != "quantity")
        amounts[kind] = amounts.get(kind, Decimal(0)) + Decimal(entry["quantity"])
    return [dict(kind) | {"quantity": str(amount)} for kind, amount in amounts.items()]


def _done(turn: Turn, parcel: _Parcel) -> Reply:
    lots = contents.standing(turn.work, parcel.unit.id, parcel.unit.number)
    pieces = [_piece(entry) for entry in turn.hand["tally"]]
    differing = contents.differences(lots, pieces)
    if differing and not turn.confirmed:
        raise _ask(parcel, differing)
    return _booked(turn, parcel, lots, pieces)


def _booked(turn: Turn, parcel: _Parcel, lots: list[Standing], pieces: list[Piece]) -> Reply:
    opening = Opening(
        turn.premises_id, parcel.partner_id, parcel.consignment_id, parcel.unit.id, turn.scan_id
    )
    opened = contents.settle(turn.work, opening, lots, pieces)
    for split in opened.splits:
        splitting.split_lot(turn.work, split.lot_id, split.parts)
    then = turn.begin()._replace(hand={"parcel": str(parcel.unit.id)})
    facts: dict[str, object] = {"parcel": parcel.unit.number}
    if not opened.cases:
        return Reply(say.CONTENT_RIGHT, then, facts)
    facts["discrepancies"] = [case.number for case in opened.cases]
    return Reply(say.CONTENT_BOOKED, then, facts)


def _ask(parcel: _Parcel, differing: list[Difference]) -> Ask:
    if parcel.blind:
        return Ask(say.CONTENT_DIFFERS_BLIND, parcel=parcel.unit.number)
    told = [
        f"{each.sku} {each.found.normalize():f}/{each.expected.normalize():f}" for each in differing
    ]
    return Ask(say.CONTENT_DIFFERS, parcel=parcel.unit.number, differences=told)


def _piece(entry: Entry) -> Piece:
    day = entry["expires_on"]
    return Piece(
        product_id=UUID(entry["product"]),
        sku=entry["sku"],
        unit=entry["unit"],
        quantity=Decimal(entry["quantity"]),
        details=Details(entry["batch"], date.fromisoformat(day) if day else None, entry["serial"]),
    )


def _open(turn: Turn, unit: Unit) -> _Parcel:
    assert unit.partner_id is not None, "what is at the dock has an owner"
    assert unit.consignment_id is not None, "and came with a consignment"
    partner = masterdata.partner_by_id(turn.work.session, unit.partner_id)
    blind = floor_policy.allows(
        turn.work.session, FloorRule.BLIND_RECEIVING, turn.work.today, partner=partner.code
    )
    return _Parcel(unit, unit.partner_id, unit.consignment_id, blind)


SERIAL: Final = """
SELECT FROM lot WHERE product_id = %(product_id)s AND serial = %(serial)s LIMIT 1
"""


def _require_new_serial(turn: Turn, entry: Entry) -> None:
    counted = {each["serial"] for each in turn.hand["tally"] if each["sku"] == entry["sku"]}
    known = turn.work.sql(SERIAL, product_id=entry["product"], serial=entry["serial"])
    if entry["serial"] in counted or known.fetchone() is not None:
        raise Refused(say.SERIAL_TWICE, sku=entry["sku"], serial=entry["serial"])


def _day(text: str) -> str:
    """The day that *text* names: ISO 8601, or the YYMMDD of GS1."""
    if len(text) == 6 and text.isdigit():
        text = f"20{text[:2]}-{text[2:4]}-{text[4:]}"
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise Refused(say.NOT_A_DAY, scanned=text) from None
