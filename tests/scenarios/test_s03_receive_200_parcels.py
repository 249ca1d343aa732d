"""S3: two hundred parcels are received by scan; some are missing, damaged, heavy or extra."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import col, select

from tests.pictures import a_photo
from tests.scenarios.world import Colleague, World
from warehouse.core.work import Event
from warehouse.inventory.models import (
    Balance,
    Discrepancy,
    FloorPolicy,
    HandlingUnit,
    Hold,
    Location,
    Lot,
    Movement,
    UnitAlias,
)
from warehouse.inventory.vocabulary import (
    DiscrepancyKind,
    FloorRule,
    HoldKind,
    LotOrigin,
    MovementKind,
    StockEvent,
    UnitKind,
)
from warehouse.shipments.models import Consignment
from warehouse.shipments.vocabulary import ConsignmentState

PARCELS = [f"LZD00000{number:04}" for number in range(200)]
DAMAGED, HEAVY, EXTRA = PARCELS[0], PARCELS[1], "LZD0000EXTRA"
MISSING = PARCELS[198:]


def announced(world: World, parcels: list[str], quantity: int = 1) -> Consignment:
    consignment = world.announce([(parcel, "TEE-1", quantity, "200") for parcel in parcels])
    with world.arrange() as work:
        for unit in work.session.exec(
            select(HandlingUnit).where(HandlingUnit.consignment_id == consignment.id)
        ):
            unit.declared_kg = Decimal("1.000")
    return consignment


def photograph(clerk: Colleague, discrepancy: str) -> int:
    answer = clerk.client.post(
        f"/api/v1/discrepancies/{discrepancy}/photos",
        content=a_photo(),
        headers={"x-csrf-token": "token", "content-type": "image/jpeg"},
    )
    return answer.status_code


def cases(world: World) -> dict[DiscrepancyKind, list[Discrepancy]]:
    found: dict[DiscrepancyKind, list[Discrepancy]] = {}
    for case in world.rows(select(Discrepancy).order_by(col(Discrepancy.number))):
        found.setdefault(case.kind, []).append(case)
    return found


def unit(world: World, number: str) -> HandlingUnit:
    [found] = world.rows(select(HandlingUnit).where(HandlingUnit.number == number))
    return found


def standing(world: World, number: str) -> list[tuple[str, Decimal]]:
    return world.rows(
        select(Location.code, Balance.quantity)
        .join(Balance, col(Balance.location_id) == col(Location.id))
        .join(Lot, col(Lot.id) == col(Balance.lot_id))
        .where(Lot.handling_unit_id == unit(world, number).id, Balance.quantity > 0)
    )


def state_of(world: World, consignment: Consignment) -> ConsignmentState:
    [found] = world.rows(select(Consignment).where(Consignment.id == consignment.id))
    return found.state


def test_196_good_2_missing_1_damaged_1_heavy_and_1_extra(world: World) -> None:
    consignment = announced(world, PARCELS)
    clerk = world.colleague()
    clerk.scan("CMD-RECEIVE")
    damaged = clerk.scan(DAMAGED, "CMD-DAMAGED")
    heavy = clerk.scan(HEAVY, "1.18KG")
    good = [clerk.scan(parcel) for parcel in PARCELS[2:198]]
    asked, extra = clerk.scan(EXTRA), clerk.scan(EXTRA)
    photograph(clerk, damaged["data"]["photo_for"])

    missing, closed = clerk.scan("CMD-DONE"), clerk.scan("CMD-DONE")

    assert {answer["message"]["code"] for answer in good} == {"received"}
    assert (heavy["tone"], heavy["message"]["code"]) == ("warning", "measured-off")
    assert asked["asks"]
    assert (extra["tone"], extra["data"]["location"]) == ("warning", "INSPECT-1")
    assert missing["asks"]
    assert missing["data"]["parcels"] == MISSING
    assert (closed["tone"], closed["message"]["code"]) == ("warning", "receipt-closed-different")
    assert state_of(world, consignment) is ConsignmentState.CLOSED_WITH_DISCREPANCY
    found = cases(world)
    assert {kind: len(of_kind) for kind, of_kind in found.items()} == {
        DiscrepancyKind.SHORT: 2,
        DiscrepancyKind.DAMAGED: 1,
        DiscrepancyKind.MEASURE: 1,
        DiscrepancyKind.UNANNOUNCED: 1,
    }
    for short in found[DiscrepancyKind.SHORT]:
        assert short.due_at == short.opened_at + timedelta(hours=48)
    held = {(hold.kind, hold.handling_unit_id) for hold in world.rows(select(Hold))}
    assert held == {
        (HoldKind.DAMAGE, unit(world, DAMAGED).id),
        (HoldKind.INSPECTION, unit(world, HEAVY).id),
        (HoldKind.CUSTOMS, unit(world, EXTRA).id),
    }
    blind = unit(world, EXTRA)
    assert not blind.announced
    assert blind.location_id == world.at("INSPECT-1").id
    assert not world.rows(select(Lot).where(col(Lot.accepted_at).is_not(None)))
    world.prove()


def test_ten_scans_in_two_seconds_get_ten_answers(world: World) -> None:
    announced(world, PARCELS[:10])
    clerk = world.colleague()
    clerk.scan("CMD-RECEIVE")

    answers = []
    for parcel in PARCELS[:10]:
        world.wait(seconds=0.2)
        answers.append(clerk.send(clerk.a_scan(parcel)))

    assert [answer["data"]["parcel"] for answer in answers] == PARCELS[:10]
    assert {answer["tone"] for answer in answers} == {"good"}
    world.prove()


@pytest.mark.parametrize("seconds", [1, 120])
def test_the_same_parcel_twice_is_a_warning_and_counts_once(world: World, seconds: int) -> None:
    announced(world, PARCELS[:2])
    clerk = world.colleague()
    clerk.scan("CMD-RECEIVE", PARCELS[0])
    world.wait(seconds=seconds)

    answer = clerk.scan(PARCELS[0])

    assert answer["tone"] == "warning"
    assert standing(world, PARCELS[0]) == [("DOCK-1", Decimal(1))]
    assert len(world.rows(select(Movement))) == 1
    world.prove()


def test_a_partners_own_barcode_finds_the_parcel(world: World) -> None:
    announced(world, PARCELS[:1])
    with world.arrange() as work:
        work.session.add(
            UnitAlias(
                premises_id=world.house.premises.id,
                code="SELLER BAG 77",
                handling_unit_id=unit(world, PARCELS[0]).id,
            )
        )

    answer = world.colleague().scan("CMD-RECEIVE", "SELLER BAG 77")

    assert (answer["tone"], answer["data"]["parcel"]) == ("good", PARCELS[0])
    world.prove()


def test_the_receipt_cannot_close_without_the_photo_of_the_damage(world: World) -> None:
    consignment = announced(world, PARCELS[:1])
    clerk = world.colleague()
    case = clerk.scan("CMD-RECEIVE", PARCELS[0], "CMD-DAMAGED")["data"]["photo_for"]

    refused = clerk.scan("CMD-DONE")
    kept = photograph(clerk, case)
    closed = clerk.scan("CMD-DONE")

    assert (refused["tone"], refused["message"]["code"]) == ("refused", "photo-first")
    assert refused["data"]["photo_for"] == case
    assert kept == 201
    assert closed["message"]["code"] == "receipt-closed-different"
    assert state_of(world, consignment) is ConsignmentState.CLOSED_WITH_DISCREPANCY
    world.prove()


def test_the_flagged_number_is_taken_once_the_clerk_confirms_it(world: World) -> None:
    flagged, near, swapped = "RR123456784TH", "RR123456785TH", "RR123465784TH"
    announced(world, [flagged, near, swapped])
    clerk = world.colleague(name="malee")

    asked = clerk.scan("CMD-RECEIVE", flagged)
    before = standing(world, flagged)
    confirmed = clerk.scan(flagged)

    assert (asked["tone"], asked["asks"]) == ("warning", True)
    assert asked["data"]["near"] == [near, swapped]
    assert before == []
    assert confirmed["message"]["code"] == "received-unchecked"
    [event] = world.rows(select(Event).where(Event.name == StockEvent.UNIT_CONFIRMED))
    assert (event.actor, event.facts) == (clerk.person.username, {"parcel": flagged})
    world.prove()


def test_a_misread_number_names_its_neighbours_and_is_not_taken(world: World) -> None:
    announced(world, ["RR123456785TH"])

    answer = world.colleague().scan("CMD-RECEIVE", "RR123456784TH")

    assert (answer["tone"], answer["message"]["code"]) == ("refused", "misread")
    assert answer["data"]["near"] == ["RR123456785TH"]
    world.prove()


# ── Beyond the letter of the scenario ────────────────────────────────────────────────────────────


def test_a_partner_may_want_nothing_that_it_did_not_announce(world: World) -> None:
    announced(world, PARCELS[:1])
    policy(world, FloorRule.ACCEPT_UNANNOUNCED, "no")
    clerk = world.colleague()
    clerk.scan("CMD-RECEIVE", PARCELS[0])

    answer = clerk.scan(EXTRA)

    assert (answer["tone"], answer["message"]["code"]) == ("refused", "unknown-parcel")
    world.prove()


def test_what_did_not_come_is_expected_until_the_receipt_is_closed(world: World) -> None:
    consignment = announced(world, PARCELS[:3])
    clerk = world.colleague()
    clerk.scan("CMD-RECEIVE", PARCELS[0])
    world.wait(hours=20)

    answer = clerk.scan(PARCELS[1])

    assert answer["message"]["code"] == "received"
    assert state_of(world, consignment) is ConsignmentState.RECEIVING
    world.prove()


def test_a_missing_parcel_that_comes_later_is_found(world: World) -> None:
    announced(world, PARCELS[:2], quantity=5)
    clerk = world.colleague()
    clerk.scan("CMD-RECEIVE", PARCELS[0], "CMD-DONE", "CMD-DONE")
    world.wait(hours=3)

    answer = clerk.scan("CMD-RECEIVE", PARCELS[1])

    assert (answer["tone"], answer["message"]["code"]) == ("warning", "found-again")
    assert standing(world, PARCELS[1]) == [("DOCK-1", Decimal(5))]
    [found] = world.rows(select(Movement).where(Movement.kind == MovementKind.FOUND))
    [case] = cases(world)[DiscrepancyKind.SHORT]
    assert found.discrepancy_id == case.id
    world.prove()


def test_a_received_parcel_is_awaited_again_within_thirty_seconds(world: World) -> None:
    consignment = announced(world, PARCELS[:1])
    clerk = world.colleague()
    clerk.scan("CMD-RECEIVE", PARCELS[0])

    undone = clerk.scan("CMD-UNDO")
    again = clerk.scan(PARCELS[0])

    assert undone["message"]["code"] == "undone"
    assert again["message"]["code"] == "received"
    kinds = [movement.kind for movement in world.rows(select(Movement).order_by(Movement.sequence))]
    assert kinds == [MovementKind.RECEIPT, MovementKind.REVERSAL, MovementKind.RECEIPT]
    assert state_of(world, consignment) is ConsignmentState.RECEIVED
    world.prove()


def test_what_was_put_away_or_closed_is_not_taken_back(world: World) -> None:
    announced(world, PARCELS[:2])
    first, second = world.colleague(name="malee"), world.colleague(name="somchai")
    first.scan("CMD-RECEIVE", PARCELS[0])
    second.scan("CMD-PUTAWAY", PARCELS[0], "LOC-A-01")

    stored = first.scan("CMD-UNDO")
    first.scan(PARCELS[1])
    second.scan("CMD-RECEIVE", PARCELS[1], "CMD-DONE")
    closed = first.scan("CMD-UNDO")

    assert (stored["tone"], stored["message"]["code"]) == ("refused", "not-reversible")
    assert (closed["tone"], closed["message"]["code"]) == ("refused", "receipt-closed")
    world.prove()


def test_a_mail_bag_says_how_many_parcels_are_in_it(world: World) -> None:
    bag = "CNBJSATHBKKAAUN60001001001025"
    consignment = announced(world, PARCELS[:3])
    with world.arrange() as work:
        receptacle = HandlingUnit(
            premises_id=world.house.premises.id,
            partner_id=consignment.partner_id,
            consignment_id=consignment.id,
            kind=UnitKind.RECEPTACLE,
            number=bag,
        )
        work.session.add(receptacle)
        work.session.flush()
        for parcel in PARCELS[:2]:
            work.session.merge(unit(world, parcel)).parent_id = receptacle.id
    clerk = world.colleague()

    answer = clerk.scan("CMD-RECEIVE", bag)
    undone = clerk.scan("CMD-UNDO")
    again = clerk.scan(bag, *PARCELS[:3], "CMD-DONE")

    assert (answer["message"]["code"], answer["data"]["inside"]) == ("receptacle-received", 2)
    assert undone["message"]["code"] == "undone"
    assert again["message"]["code"] == "receipt-closed-whole"
    assert state_of(world, consignment) is ConsignmentState.CLOSED
    world.prove()


def test_an_opened_parcel_is_counted_and_what_is_short_or_over_is_a_case(world: World) -> None:
    world.announce([("BOX-00001", "TEE-1", 10, "100"), ("BOX-00001", "BAG-1", 4, "300")])
    clerk = world.colleague()
    clerk.scan("CMD-RECEIVE", "BOX-00001", "CMD-OPEN")

    clerk.scan("TEE-1", "8", "8850001000019", "BAG-1", "x4")
    asked = clerk.scan("CMD-DONE")
    booked = clerk.scan("CMD-DONE")

    assert asked["data"]["differences"] == ["BAG-1 5/4", "TEE-1 8/10"]
    assert booked["message"]["code"] == "content-booked"
    found = cases(world)
    [short], [over] = found[DiscrepancyKind.SHORT], found[DiscrepancyKind.OVER]
    assert (short.quantity, over.quantity) == (2, 1)
    [extra] = world.rows(select(Lot).where(Lot.origin == LotOrigin.FOUND))
    assert extra.id == over.lot_id
    assert [hold.lot_id for hold in world.rows(select(Hold))] == [extra.id]
    assert sorted(quantity for _, quantity in standing(world, "BOX-00001")) == [1, 4, 8]
    world.prove()


def test_pieces_of_several_batches_become_lots_of_their_own(world: World) -> None:
    consignment = world.announce([("BOX-00002", "CREAM-1", 10, "100")])
    world.enter(consignment)
    with world.arrange() as work:
        cream = work.session.merge(world.products["ALB", "CREAM-1"])
        cream.has_batch = cream.has_expiry = True
    clerk = world.colleague()
    clerk.scan("CMD-RECEIVE", "BOX-00002", "CMD-OPEN")

    clerk.scan("(01)08850001000033(10)B1(17)270630(37)6")
    batch, expiry = clerk.scan("CREAM-1"), clerk.scan("B2")
    told = clerk.scan("2027-12-31")
    clerk.scan("4")
    done = clerk.scan("CMD-DONE")

    assert (batch["message"]["code"], expiry["message"]["code"]) == ("tell-batch", "tell-expiry")
    assert told["data"]["counted"] == "7"
    assert done["message"]["code"] == "content-right"
    lots = world.rows(select(Lot).order_by(col(Lot.batch)))
    assert [(lot.batch, str(lot.expires_on), lot.quantity) for lot in lots] == [
        ("B1", "2027-06-30", 6),
        ("B2", "2027-12-31", 4),
    ]
    assert lots[0].declaration_number == lots[1].declaration_number
    world.prove()


def test_a_blind_partner_counts_without_being_told_and_cannot_close_uncounted(
    world: World,
) -> None:
    world.announce([("BOX-00003", "TEE-1", 10, "100")])
    policy(world, FloorRule.BLIND_RECEIVING, "yes")
    clerk = world.colleague()

    received = clerk.scan("CMD-RECEIVE", "BOX-00003")
    clerk.scan("CMD-CANCEL")
    refused = clerk.scan("CMD-RECEIVE", "BOX-00003", "CMD-DONE")
    opened = clerk.scan("CMD-OPEN")
    clerk.scan("TEE-1", "9")
    asked = clerk.scan("CMD-DONE")
    clerk.scan("TEE-1")
    done = clerk.scan("CMD-DONE")
    closed = clerk.scan("CMD-DONE")

    assert (received["message"]["code"], received["state"]) == ("received-blind", "scan_content")
    assert "10" not in received["message"]["en"]
    assert refused["message"]["code"] == "count-first"
    assert opened["message"]["code"] == "opened-blind"
    assert asked["message"]["code"] == "content-differs-blind"
    assert done["message"]["code"] == "content-right"
    assert closed["message"]["code"] == "receipt-closed-whole"
    world.prove()


def test_a_size_and_a_weight_within_tolerance_are_only_noted(world: World) -> None:
    announced(world, PARCELS[:1])
    clerk = world.colleague()

    weighed = clerk.scan("CMD-RECEIVE", PARCELS[0], "1.09KG")
    measured = clerk.scan("30x20x15 cm")

    assert (weighed["tone"], weighed["message"]["code"]) == ("good", "measured")
    assert (measured["tone"], measured["message"]["code"]) == ("good", "measured-alone")
    found = unit(world, PARCELS[0])
    assert (found.weight_kg, found.litres) == (Decimal("1.09"), Decimal(9))
    assert cases(world) == {}
    world.prove()


def test_an_outage_changes_nothing_of_what_is_said_of_a_parcel(world: World) -> None:
    announced(world, PARCELS[:2])
    clerk = world.colleague()
    scans = [
        clerk.a_scan(code, waited=True)
        for code in ("CMD-RECEIVE", PARCELS[0], "CMD-DAMAGED", PARCELS[1], "2KG")
    ]

    answers = clerk.send_batch(scans)

    assert [answer["message"]["code"] for answer in answers[1:]] == [
        "received",
        "damaged",
        "received",
        "measured-off",
    ]
    assert answers[2]["data"]["parcel"] == PARCELS[0]
    assert answers[4]["data"]["parcel"] == PARCELS[1]
    world.prove()


def test_nothing_comes_from_nowhere(world: World) -> None:
    clerk = world.colleague()
    clerk.scan("CMD-RECEIVE")

    codes = {
        code: clerk.scan(code)["message"]["code"]
        for code in ("CMD-OPEN", "CMD-DAMAGED", "CMD-DONE", "1KG", "30X20X15", EXTRA)
    }

    assert codes == {
        "CMD-OPEN": "no-parcel",
        "CMD-DAMAGED": "no-parcel",
        "CMD-DONE": "no-receipt",
        "1KG": "no-parcel",
        "30X20X15": "no-parcel",
        EXTRA: "unknown-parcel",
    }
    world.prove()


def policy(world: World, rule: FloorRule, value: str) -> None:
    """What the partner ALB wants, from today."""
    with world.arrange() as work:
        work.session.add(
            FloorPolicy(
                name=rule.value,
                key="ALB",
                value=value,
                valid_from=work.today,
                source="the partner's agreement",
            )
        )
