"""Usual forms of handling: what goes in comes out, bound to the same import line."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from sqlmodel import func, select

from tests import people
from tests.builders import (
    House,
    a_consignment,
    a_house,
    a_parcel,
    a_parcel_number,
    a_partner,
    a_product,
    accepted,
    an_order,
    as_actor,
    lots_in,
    stored_parcel,
)
from tests.integration.books import differences
from tests.integration.floor import Scanner, a_scanner, outcome
from warehouse.access.errors import UnknownOfficer
from warehouse.access.vocabulary import Role
from warehouse.core import ids
from warehouse.core.work import Work
from warehouse.inventory import handling, inbound, inside, standing
from warehouse.inventory.errors import (
    DuplicateParcel,
    GoodsHeld,
    HandlingUnequal,
    InsufficientStock,
    NotInBond,
    NotPermitted,
    OwnersInOneParcel,
    PermissionMissing,
)
from warehouse.inventory.handling import Made
from warehouse.inventory.models import Handling, HandlingUnit, Hold, Lot, Movement
from warehouse.inventory.standing import Stand
from warehouse.inventory.vocabulary import HandlingKind, HoldKind, LotOrigin, MovementKind


@pytest.fixture
def house(work: Work) -> House:
    return a_house(work)


@pytest.fixture
def scanner(work: Work, house: House) -> Scanner:
    return a_scanner(work, house)


@pytest.fixture
def officer(work: Work) -> str:
    return people.a_person(work, Role.OFFICER).username


def permitted(work: Work, house: House, officer: str, kind: HandlingKind) -> Handling:
    mine = as_actor(work, house.clerk)
    return handling.permit(mine, kind, permission="กค 0503/1234", officer=officer)


def goods_of(work: Work, house: House, parcel: str) -> list[Stand]:
    [key] = work.session.exec(select(HandlingUnit.id).where(HandlingUnit.number == parcel))
    return standing.stands(work, standing.unit_by_id(work, house.premises.id, key))


def carry_out(
    work: Work, house: House, act: Handling, taken: Sequence[Stand], made: Sequence[Made]
) -> list[Lot]:
    target = inbound.place(work, house.premises.id, "A1")
    return handling.carry_out(work, act, taken, made, target)


def handled_sums(work: Work, house: House) -> Decimal:
    """What went into handling less what came out of it."""
    far = house.places["HANDLED"].id
    sums = [
        work.session.exec(
            select(func.coalesce(func.sum(Movement.quantity), 0)).where(
                column == far, Movement.kind == MovementKind.HANDLE
            )
        ).one()
        for column in (Movement.to_location_id, Movement.from_location_id)
    ]
    return sums[0] - sums[1]


def test_a_split_lot_keeps_its_layer(work: Work, house: House, officer: str) -> None:
    parcel = stored_parcel(work, house, 10)
    [lot] = lots_in(work, house, parcel)
    act = permitted(work, house, officer, HandlingKind.SPLIT)
    taken = goods_of(work, house, parcel)

    halves = carry_out(
        work,
        house,
        act,
        taken,
        [Made("HALF-1", lot.id, Decimal(4)), Made("HALF-2", lot.id, Decimal(6))],
    )

    assert [half.quantity for half in halves] == [4, 6]
    for half in halves:
        assert (half.origin, half.parent_lot_id) == (LotOrigin.HANDLED, lot.id)
        assert (half.declaration_line_id, half.declaration_number, half.line_number) == (
            lot.declaration_line_id, lot.declaration_number, lot.line_number,
        )  # fmt: skip
        assert (half.accepted_at, half.regime, half.partner_id) == (
            lot.accepted_at, lot.regime, lot.partner_id,
        )  # fmt: skip
    assert goods_of(work, house, parcel) == []
    assert handled_sums(work, house) == 0
    assert differences(work.session) == []


def test_a_kit_holds_the_sum_of_its_parts(work: Work, house: House, officer: str) -> None:
    strap = a_product(work, house.partner, "STRAP-1")
    parcel = a_parcel_number()
    a_consignment(work, house, [(parcel, house.product, Decimal(3)), (parcel, strap, Decimal(6))])
    accepted(work, house, parcel)
    receipt = inbound.receive(work, house.premises.id, parcel, scan_id=ids.new_id())
    assert receipt is not None
    target = inbound.place(work, house.premises.id, "A1")
    inside.put_away(work, house.premises.id, receipt.handling_unit_id, target, scan_id=ids.new_id())
    act = permitted(work, house, officer, HandlingKind.KIT)
    taken = goods_of(work, house, parcel)

    carry_out(work, house, act, taken, [Made("KIT", each.lot_id, each.quantity) for each in taken])

    kit = goods_of(work, house, "KIT")
    assert {(each.sku, each.quantity) for each in kit} == {("BAG-1", 3), ("STRAP-1", 6)}
    assert handled_sums(work, house) == 0
    assert differences(work.session) == []


def test_handled_goods_can_be_promised_like_any_of_their_layer(
    work: Work, house: House, officer: str
) -> None:
    parcel = stored_parcel(work, house, 10)
    act = permitted(work, house, officer, HandlingKind.RELABEL)
    taken = goods_of(work, house, parcel)
    carry_out(work, house, act, taken, [Made("NEW", taken[0].lot_id, Decimal(10))])

    an_order(work, house, 10)

    with pytest.raises(InsufficientStock):
        an_order(work, house, 1)


@pytest.mark.parametrize("permission", ["", "   "])
def test_handling_needs_the_number_of_a_permission(
    work: Work, house: House, officer: str, permission: str
) -> None:
    mine = as_actor(work, house.clerk)

    with pytest.raises(PermissionMissing):
        handling.permit(mine, HandlingKind.SPLIT, permission=permission, officer=officer)


@pytest.mark.parametrize("named", ["nobody", "clerk"])
def test_only_an_officer_of_customs_permits(work: Work, house: House, named: str) -> None:
    mine = as_actor(work, house.clerk)
    named = house.clerk.name if named == "clerk" else named

    with pytest.raises(UnknownOfficer):
        handling.permit(mine, HandlingKind.SPLIT, permission="1", officer=named)


@pytest.mark.parametrize("quantities", [(4, 5), (4, 7), (10, 0), (11, -1), ()])
def test_no_more_and_no_less_comes_out_than_goes_in(
    work: Work, house: House, officer: str, quantities: tuple[int, ...]
) -> None:
    parcel = stored_parcel(work, house, 10)
    act = permitted(work, house, officer, HandlingKind.REPACK)
    taken = goods_of(work, house, parcel)
    made = [
        Made(f"NEW-{position}", taken[0].lot_id, Decimal(quantity))
        for position, quantity in enumerate(quantities)
    ]

    with pytest.raises(HandlingUnequal):
        carry_out(work, house, act, taken, made)


def test_what_goes_in_of_one_line_does_not_come_out_of_another(
    work: Work, house: House, officer: str
) -> None:
    first, second = (goods_of(work, house, stored_parcel(work, house, 10)) for _ in range(2))
    act = permitted(work, house, officer, HandlingKind.REPACK)

    with pytest.raises(HandlingUnequal):
        carry_out(
            work,
            house,
            act,
            [*first, *second],
            [Made("NEW", first[0].lot_id, Decimal(20))],
        )


@pytest.mark.parametrize(
    ("kind", "labels"),
    [
        (HandlingKind.RELABEL, ("X", "Y")),
        (HandlingKind.KIT, ("X", "Y")),
        (HandlingKind.SPLIT, ("X",)),
    ],
)
def test_another_form_of_handling_than_the_permitted_one_is_refused(
    work: Work, house: House, officer: str, kind: HandlingKind, labels: tuple[str, ...]
) -> None:
    [goods] = goods_of(work, house, stored_parcel(work, house, 10))
    share = goods.quantity / len(labels)
    made = [Made(label, goods.lot_id, share) for label in labels]

    with pytest.raises(NotPermitted):
        carry_out(work, house, permitted(work, house, officer, kind), [goods], made)


def test_goods_that_are_not_in_bond_yet_are_not_handled(
    work: Work, house: House, officer: str
) -> None:
    parcel = a_parcel(work, house, 10)
    inbound.receive(work, house.premises.id, parcel, scan_id=ids.new_id())
    [goods] = goods_of(work, house, parcel)
    act = permitted(work, house, officer, HandlingKind.RELABEL)

    with pytest.raises(NotInBond):
        carry_out(work, house, act, [goods], [Made("NEW", goods.lot_id, goods.quantity)])


def test_held_goods_are_not_handled_out_of_their_hold(
    work: Work, house: House, officer: str
) -> None:
    [goods] = goods_of(work, house, stored_parcel(work, house, 10))
    hold = Hold(
        premises_id=house.premises.id,
        kind=HoldKind.CUSTOMS,
        reason="customs_inspection",
        lot_id=goods.lot_id,
        opened_by="tester",
        opened_at=work.at,
    )
    work.session.add(hold)
    act = permitted(work, house, officer, HandlingKind.RELABEL)

    with pytest.raises(GoodsHeld):
        carry_out(work, house, act, [goods], [Made("NEW", goods.lot_id, goods.quantity)])


def test_promised_goods_are_not_handled_away(work: Work, house: House, officer: str) -> None:
    [goods] = goods_of(work, house, stored_parcel(work, house, 10))
    an_order(work, house, 1)
    act = permitted(work, house, officer, HandlingKind.RELABEL)

    with pytest.raises(InsufficientStock):
        carry_out(work, house, act, [goods], [Made("NEW", goods.lot_id, goods.quantity)])


def test_a_label_in_use_is_not_given_again(work: Work, house: House, officer: str) -> None:
    parcel, other = (stored_parcel(work, house, 10) for _ in range(2))
    [goods] = goods_of(work, house, parcel)
    act = permitted(work, house, officer, HandlingKind.RELABEL)

    with pytest.raises(DuplicateParcel):
        carry_out(work, house, act, [goods], [Made(other, goods.lot_id, goods.quantity)])


def test_a_parcel_belongs_to_one_owner(work: Work, house: House, officer: str) -> None:
    partner = a_partner(work, "OTHER")
    theirs = House(
        house.premises, partner, a_product(work, partner, "BAG-2"), house.places, house.clerk
    )
    taken = [
        goods
        for each in (house, theirs)
        for goods in goods_of(work, house, stored_parcel(work, each))
    ]
    act = permitted(work, house, officer, HandlingKind.KIT)

    with pytest.raises(OwnersInOneParcel):
        carry_out(
            work, house, act, taken, [Made("KIT", each.lot_id, each.quantity) for each in taken]
        )


# ── On the floor ─────────────────────────────────────────────────────────────────────────────────


def test_a_clerk_splits_a_parcel_by_scan(
    work: Work, house: House, scanner: Scanner, officer: str
) -> None:
    parcel = stored_parcel(work, house, 10)
    act = permitted(work, house, officer, HandlingKind.SPLIT)

    told = scanner.scan("CMD-HANDLE", act.number, parcel, "CMD-DONE", "HALF-1", "4")
    answer = scanner.scan("CMD-NEXT", "HALF-2", "CMD-DONE")

    assert (outcome(told), told["data"]["goods"]) == (("good", "taken-out"), ["6 × BAG-1"])
    assert outcome(answer) == ("good", "handled")
    halves = [goods_of(work, house, label)[0].quantity for label in ("HALF-1", "HALF-2")]
    assert halves == [4, 6]
    assert differences(work.session) == []


def test_every_piece_that_is_scanned_counts(
    work: Work, house: House, scanner: Scanner, officer: str
) -> None:
    parcel = stored_parcel(work, house, 3)
    act = permitted(work, house, officer, HandlingKind.REPACK)
    scanner.scan("CMD-HANDLE", act.number, parcel, "CMD-DONE", "BOX-1", "BAG-1", "BAG-1")

    too_early = scanner.scan("CMD-NEXT", "CMD-DONE")
    scanner.scan("BOX-2", "BAG-1")
    too_many = scanner.scan("BAG-1")
    scanner.scan("CMD-NEXT", "CMD-DONE")

    assert outcome(too_early) == ("refused", "still-left")
    assert outcome(too_many) == ("refused", "not-left")
    assert [goods_of(work, house, box)[0].quantity for box in ("BOX-1", "BOX-2")] == [2, 1]


def test_undo_brings_the_old_parcel_back(
    work: Work, house: House, scanner: Scanner, officer: str
) -> None:
    parcel = stored_parcel(work, house, 10)
    act = permitted(work, house, officer, HandlingKind.RELABEL)
    scanner.scan("CMD-HANDLE", act.number, parcel, "CMD-DONE", "NEW", "CMD-DONE")

    answer = scanner.scan("CMD-UNDO")

    assert outcome(answer) == ("good", "undone")
    assert [each.quantity for each in goods_of(work, house, parcel)] == [10]
    assert goods_of(work, house, "NEW") == []
    assert differences(work.session) == []


@pytest.mark.parametrize(
    ("scans", "code"),
    [
        (["HDL-2026-999999"], "handling-not-found"),
        (["{act}", "CMD-DONE"], "nothing-put-in"),
        (["{act}", "LOC-A1"], "parcel-expected"),
        (["{act}", "NOWHERE"], "unknown-parcel"),
        (["{act}", "{parcel}", "CMD-DONE", "{parcel}"], "label-in-use"),
        (["{act}", "{parcel}", "CMD-DONE", "LOC-A1"], "label-expected"),
        (["{act}", "{parcel}", "CMD-DONE", "NEW", "TEE-1"], "not-left"),
        (["{act}", "{parcel}", "CMD-DONE", "NEW", "11"], "not-left"),
        (["{act}", "{parcel}", "CMD-DONE", "NEW", "0"], "not-left"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(
    work: Work, house: House, scanner: Scanner, officer: str, scans: list[str], code: str
) -> None:
    names = {
        "parcel": stored_parcel(work, house, 10),
        "act": permitted(work, house, officer, HandlingKind.SPLIT).number,
    }

    answer = scanner.scan("CMD-HANDLE", *(each.format(**names) for each in scans))

    assert outcome(answer) == ("refused", code)


def test_parcels_of_different_places_do_not_go_in_together(
    work: Work, house: House, scanner: Scanner, officer: str
) -> None:
    here, there = (stored_parcel(work, house, 10, place) for place in ("A1", "A2"))
    act = permitted(work, house, officer, HandlingKind.KIT)

    answer = scanner.scan("CMD-HANDLE", act.number, here, there)

    assert outcome(answer) == ("refused", "apart")
    handled = select(Lot).where(Lot.origin == LotOrigin.HANDLED)
    assert work.session.exec(handled).all() == []
