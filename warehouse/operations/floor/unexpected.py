"""What is scanned at the dock and is not simply an awaited parcel: found out, one by one."""

import re
from typing import Final
from uuid import UUID

from warehouse.inventory import blind, floor_policy, inbound, receipts
from warehouse.inventory.vocabulary import FloorRule, UnitKind
from warehouse.masterdata import queries as masterdata
from warehouse.operations.floor import at_hand, messages, nearness, taking_in, things
from warehouse.operations.floor.dialogue import Reply
from warehouse.operations.floor.errors import Ask, Refused
from warehouse.operations.floor.flow import Turn
from warehouse.operations.floor.labels import Kind
from warehouse.operations.floor.messages import inbound as say
from warehouse.operations.floor.things import Unit
from warehouse.operations.vocabulary import Step
from warehouse.shipments import queries as shipments
from warehouse.shipments.models import Consignment

ANNOUNCED_ELSEWHERE: Final = """
SELECT FROM handling_unit WHERE number = %(number)s AND premises_id <> %(premises_id)s LIMIT 1
"""

_PARCELS: Final = frozenset({Kind.S10, Kind.PARTNER, Kind.SSCC, Kind.UNKNOWN})
_NUMBER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._/-]{4,34}")


def take(turn: Turn) -> Reply:
    """Take what was scanned as what it is.

    Raises:
        Refused: it is none of what comes in here.
        Ask: it is an extra parcel.
    """
    unit = things.unit(turn)
    if unit is not None:
        return _known(turn, unit)
    consignment = at_hand.named(turn)
    return _extra(turn) if consignment is None else _chosen(turn, consignment)


def _chosen(turn: Turn, consignment: Consignment) -> Reply:
    """The consignment that the next scans are about."""
    parcels, received = inbound.progress(turn.work, consignment.id)
    facts: dict[str, object] = {
        "consignment": consignment.number,
        "reference": consignment.external_ref,
        "parcels": parcels,
        "received": received,
    }
    then = turn.begin()._replace(hand={"consignment": str(consignment.id)})
    return Reply(say.CONSIGNMENT_CHOSEN, then, facts)


def _known(turn: Turn, unit: Unit) -> Reply:
    if unit.kind is UnitKind.RECEPTACLE:
        return _receptacle(turn, unit)
    if not unit.is_parcel:
        raise Refused(say.NOT_A_PARCEL, scanned=turn.code)
    if unit.received_at is None and unit.location_id is not None:
        return _found(turn, unit)
    if unit.received_at is None and (reply := taking_in.parcel(turn, unit.number)):
        return reply
    return _received(turn, unit)


def _received(turn: Turn, unit: Unit) -> Reply:
    """It is here already, and counts once; what follows may be about it."""
    now = things.unit_by_id(turn, unit.id) or unit
    facts: dict[str, object] = {"parcel": unit.number, "at": now.received_at, "already": True}
    return Reply(say.ALREADY_RECEIVED, turn.go(Step.SCAN_PARCEL, parcel=unit.id), facts)


def _receptacle(turn: Turn, unit: Unit) -> Reply:
    counted = receipts.receive_receptacle(turn.work, unit.id)
    if counted is None:
        facts: dict[str, object] = {"parcel": unit.number, "at": unit.received_at, "already": True}
        return Reply(say.ALREADY_RECEIVED, turn.dialogue, facts)
    assert unit.consignment_id is not None, "a mail bag is announced"
    taking_in.note(turn.work, unit.consignment_id)
    inside, waiting = counted
    facts = {"receptacle": unit.number, "inside": inside, "waiting": waiting}
    hand = {"consignment": str(unit.consignment_id)}
    return Reply(say.RECEPTACLE_RECEIVED, turn.begin()._replace(hand=hand), facts)


def _found(turn: Turn, unit: Unit) -> Reply:
    found = receipts.come_after_all(
        turn.work, turn.premises_id, unit.id, unit.number, scan_id=turn.scan_id
    )
    if found is None:
        return _received(turn, unit)
    facts: dict[str, object] = {
        "parcel": unit.number,
        "goods": taking_in.amounts(found.goods),
        "location": found.location,
    }
    return Reply(say.FOUND_AGAIN, turn.go(Step.SCAN_PARCEL, parcel=unit.id), facts)


def _extra(turn: Turn) -> Reply:
    number, work = turn.code, turn.work
    elsewhere = work.sql(ANNOUNCED_ELSEWHERE, number=number, premises_id=turn.premises_id)
    if elsewhere.fetchone() is not None:
        raise Refused(say.OTHER_PREMISES, parcel=number)
    if turn.label.check_ok is False:
        near = nearness.announced(work, turn.premises_id, number)
        raise Refused(say.MISREAD, parcel=number, near=near)
    if shipments.shipment_by_label(work.session, turn.premises_id, number):
        raise Refused(say.OURS, parcel=number)
    consignment_id = at_hand.consignment(turn)
    if consignment_id is None or not _may_be_parcel(turn):
        raise Refused(messages.UNKNOWN_PARCEL, parcel=number)
    return _unannounced(turn, consignment_id)


def _may_be_parcel(turn: Turn) -> bool:
    looks_so = turn.label.kind in _PARCELS and _NUMBER.fullmatch(turn.code)
    return bool(looks_so) and not things.products(turn)


def _unannounced(turn: Turn, consignment_id: UUID) -> Reply:
    work, number = turn.work, turn.code
    consignment = shipments.consignment_by_id(work.session, consignment_id)
    partner = masterdata.partner_by_id(work.session, consignment.partner_id)
    if not floor_policy.allows(
        work.session, FloorRule.ACCEPT_UNANNOUNCED, work.today, partner=partner.code
    ):
        raise Refused(messages.UNKNOWN_PARCEL, parcel=number)
    if not turn.confirmed:
        raise Ask(say.UNANNOUNCED, parcel=number, consignment=consignment.number)
    taken = blind.take_in(
        work, turn.premises_id, number, partner_id=partner.id, consignment_id=consignment_id
    )
    if taken is None:  # somebody else has just done so
        unit = things.unit(turn)
        assert unit is not None, "whoever took it in wrote it"
        return _received(turn, unit)
    case, place = taken
    facts: dict[str, object] = {
        "parcel": number,
        "discrepancy": case.number,
        "location": place,
    }
    then = turn.begin()._replace(
        hand={"parcel": str(case.handling_unit_id), "consignment": str(consignment_id)}
    )
    return Reply(say.TAKEN_UNANNOUNCED, then, facts)
