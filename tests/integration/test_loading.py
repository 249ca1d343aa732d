"""From the packing table to the gate: lanes by route, manifests, a vehicle that leaves whole."""

import json
from dataclasses import replace

import pytest

from tests.builders import House, a_house, added, an_order, released, stored_parcel
from tests.integration.floor import Scanner, a_scanner, outcome, packing
from tests.integration.test_scanning_leave import custody, issues, standing
from warehouse.core import ids
from warehouse.core.work import Work
from warehouse.inventory import places
from warehouse.inventory.vocabulary import LocationKind
from warehouse.operations.floor.keeping import Scanned
from warehouse.shipments import manifests
from warehouse.shipments.models import Manifest, Order, Route, Shipment
from warehouse.shipments.vocabulary import Custody, ManifestState

Placed = tuple[Order, Shipment]


@pytest.fixture
def house(work: Work) -> House:
    return a_house(work)


@pytest.fixture
def scanner(work: Work, house: House) -> Scanner:
    return a_scanner(work, house)


@pytest.fixture
def route(work: Work, house: House) -> Route:
    return a_route(work, house, "BKK", "10000", "10999")


def test_a_packed_parcel_goes_to_the_lane_of_its_route_and_stays_in_bond(
    work: Work, house: House, scanner: Scanner, route: Route
) -> None:
    parcel, (_, shipment) = packed(work, house, scanner)

    told = scanner.scan("CMD-STAGE", shipment.parcel_number)
    staged = scanner.scan("LOC-LANE-BKK")

    assert (outcome(told), told["data"]["location"]) == (("good", "to-stage"), "LANE-BKK")
    assert outcome(staged) == ("good", "staged")
    assert standing(work, lane(work, house, route), parcel, "LANE-BKK") == 2
    assert issues(work) == []
    assert custody(work, shipment) is Custody.PACKED


def test_the_narrowest_range_of_postcodes_decides(
    work: Work, house: House, scanner: Scanner, route: Route
) -> None:
    a_route(work, house, "SUKHUMVIT", "10110", "10110")
    _, (_, shipment) = packed(work, house, scanner)

    told = scanner.scan("CMD-STAGE", shipment.parcel_number)

    assert told["data"]["location"] == "LANE-SUKHUMVIT"


def test_the_wrong_lane_is_refused_and_the_right_one_is_named(
    work: Work, house: House, scanner: Scanner, route: Route
) -> None:
    a_route(work, house, "CNX", "50000", "50999")
    _, (_, shipment) = packed(work, house, scanner)

    answer = scanner.scan("CMD-STAGE", shipment.parcel_number, "LOC-LANE-CNX")

    assert outcome(answer) == ("refused", "wrong-lane")
    assert (answer["data"]["location"], answer["data"]["route"]) == ("LANE-BKK", "BKK")


def test_what_is_not_packed_or_on_no_route_is_not_staged(
    work: Work, house: House, scanner: Scanner
) -> None:
    _, (_, lost) = packed(work, house, scanner)
    _, unpacked = an_order(work, house, 1)

    answers = [scanner.scan("CMD-STAGE", each.number) for each in (unpacked, lost)]

    assert [outcome(each)[1] for each in answers] == ["not-to-stage", "no-route"]
    assert answers[1]["data"]["postcode"] == "10110"


def test_staging_is_undone(work: Work, house: House, scanner: Scanner, route: Route) -> None:
    parcel, (_, shipment) = packed(work, house, scanner)
    scanner.scan("CMD-STAGE", shipment.parcel_number, "LOC-LANE-BKK")

    answer = scanner.scan("CMD-UNDO")

    assert outcome(answer) == ("good", "undone")
    assert standing(work, house, parcel, "STAGE-1") == 2


def test_a_manifest_closes_when_all_that_stands_in_its_lane_is_loaded(
    work: Work, house: House, scanner: Scanner, route: Route
) -> None:
    manifest = a_manifest(work, house, route)
    placed = [staged(work, house, scanner) for _ in range(2)]
    scanner.scan("CMD-LOAD", manifest.number, placed[0][1].parcel_number)

    early = scanner.scan("CMD-DONE")
    scanner.scan(placed[1][1].parcel_number)
    ready = scanner.scan("CMD-DONE")
    closed = scanner.scan("SEAL-77")

    assert outcome(early) == ("refused", "not-all-loaded")
    assert early["data"]["missing"] == [placed[1][1].parcel_number]
    assert (outcome(ready), ready["state"]) == (("good", "all-loaded"), "scan_seal")
    assert outcome(closed) == ("good", "manifest-closed")
    work.session.refresh(manifest)
    assert (manifest.state, manifest.seal) == (ManifestState.CLOSED, "SEAL-77")
    assert {custody(work, each) for _, each in placed} == {Custody.LOADED}


def test_a_parcel_of_another_route_or_on_another_vehicle_is_not_loaded(
    work: Work, house: House, scanner: Scanner, route: Route
) -> None:
    elsewhere = a_manifest(work, house, a_route(work, house, "CNX", "50000", "50999"))
    other, right = a_manifest(work, house, route), a_manifest(work, house, route)
    _, shipment = staged(work, house, scanner)
    wrong = scanner.scan("CMD-LOAD", elsewhere.number, shipment.parcel_number)
    scanner.scan("CMD-LOAD", other.number, shipment.parcel_number)

    again = scanner.scan("CMD-LOAD", right.number, shipment.parcel_number)

    assert outcome(wrong) == ("refused", "wrong-route")
    assert outcome(again) == ("refused", "already-on-manifest")
    assert again["data"]["number"] == other.number


def test_an_empty_vehicle_is_not_closed_and_an_unknown_manifest_not_loaded(
    work: Work, house: House, scanner: Scanner, route: Route
) -> None:
    manifest = a_manifest(work, house, route)

    unknown = scanner.scan("CMD-LOAD", "MAN-2026-999999")
    empty = scanner.scan(manifest.number, "CMD-DONE")

    assert outcome(unknown) == ("refused", "manifest-not-found")
    assert outcome(empty) == ("refused", "manifest-empty")


def test_loading_is_undone_and_so_is_the_seal(
    work: Work, house: House, scanner: Scanner, route: Route
) -> None:
    manifest = a_manifest(work, house, route)
    _, shipment = staged(work, house, scanner)
    scanner.scan("CMD-LOAD", manifest.number, shipment.parcel_number, "CMD-DONE", "SEAL-77")

    unsealed = scanner.scan("CMD-UNDO")
    scanner.scan("CMD-CANCEL", manifest.number)
    seen = scanner.scan(shipment.parcel_number)

    assert (outcome(unsealed), unsealed["state"]) == (("good", "undone"), "scan_seal")
    assert outcome(seen) == ("refused", "already-on-manifest")


def test_nothing_is_loaded_by_scans_that_waited_without_a_network(
    work: Work, house: House, scanner: Scanner, route: Route
) -> None:
    manifest = a_manifest(work, house, route)
    scanner.scan("CMD-LOAD")

    [answer] = scanner.replay([Scanned(ids.new_id(), manifest.number, "SCANNER-1", waited=True)])

    assert outcome(json.loads(answer)) == ("refused", "not-offline")


def test_a_closed_vehicle_leaves_with_all_that_is_on_it(
    work: Work, house: House, scanner: Scanner, route: Route
) -> None:
    placed = [staged(work, house, scanner) for _ in range(2)]
    for order, _ in placed:
        released(work, house, order)
    manifest = a_manifest(work, house, route)
    load(scanner, manifest, placed)

    gone = scanner.scan("CMD-EXIT", manifest.number)
    scanner.wait(61)
    again = scanner.scan(manifest.number)

    assert (outcome(gone), gone["data"]["count"]) == (("good", "manifest-exited"), 2)
    assert outcome(again) == ("refused", "manifest-gone")
    assert {custody(work, each) for _, each in placed} == {Custody.DISPATCHED}
    assert len(issues(work)) == 2
    work.session.refresh(manifest)
    assert manifest.state is ManifestState.DISPATCHED


def test_one_parcel_that_may_not_leave_keeps_the_whole_vehicle(
    work: Work, house: House, scanner: Scanner, route: Route
) -> None:
    placed = [staged(work, house, scanner) for _ in range(2)]
    released(work, house, placed[0][0])
    manifest = a_manifest(work, house, route)
    load(scanner, manifest, placed)

    answer = scanner.scan("CMD-EXIT", manifest.number)

    assert outcome(answer) == ("refused", "manifest-stays")
    assert answer["data"]["parcel"] == placed[1][1].parcel_number
    assert issues(work) == []
    assert {custody(work, each) for _, each in placed} == {Custody.LOADED}


def test_a_parcel_on_a_vehicle_leaves_with_it_and_not_by_itself(
    work: Work, house: House, scanner: Scanner, route: Route
) -> None:
    order, shipment = staged(work, house, scanner)
    released(work, house, order)
    manifest = a_manifest(work, house, route)
    load(scanner, manifest, [(order, shipment)])

    answer = scanner.scan("CMD-EXIT", shipment.parcel_number)

    assert outcome(answer) == ("refused", "on-vehicle")
    assert answer["data"]["manifest"] == manifest.number
    assert issues(work) == []


def test_a_vehicle_that_is_still_open_does_not_leave(
    work: Work, house: House, scanner: Scanner, route: Route
) -> None:
    manifest = a_manifest(work, house, route)

    answer = scanner.scan("CMD-EXIT", manifest.number)

    assert outcome(answer) == ("refused", "manifest-not-closed")


def a_route(work: Work, house: House, code: str, first: str, last: str) -> Route:
    """A route of those postcodes, with a lane of its own."""
    place = places.add(work, house.premises.id, f"LANE-{code}", code, code, LocationKind.STAGE)
    return added(
        work,
        Route(
            premises_id=house.premises.id,
            code=code,
            name_th=code,
            name_en=code,
            postcode_from=first,
            postcode_to=last,
            stage_id=place.id,
        ),
    )


def lane(work: Work, house: House, route: Route) -> House:
    """*house*, with the lane of *route* among its places."""
    place = work.session.get_one(type(house.places["A1"]), route.stage_id)
    return replace(house, places={**house.places, place.code: place})


def a_manifest(work: Work, house: House, route: Route) -> Manifest:
    return manifests.open_for(work, house.premises.id, route.id, "70-1234", "สมศักดิ์")


def packed(work: Work, house: House, scanner: Scanner) -> tuple[str, Placed]:
    """Two of a stored parcel, ordered, picked and packed."""
    parcel = stored_parcel(work, house, 10, "A1")
    placed = an_order(work, house, 2)
    answer = scanner.scan("CMD-PICK", placed[1].number, "LOC-A1")
    scanner.scan(answer["data"]["parcel"], *packing(placed[1], 2))
    return parcel, placed


def staged(work: Work, house: House, scanner: Scanner) -> Placed:
    _, placed = packed(work, house, scanner)
    scanner.scan("CMD-STAGE", placed[1].parcel_number, "LOC-LANE-BKK")
    return placed


def load(scanner: Scanner, manifest: Manifest, placed: list[Placed]) -> None:
    parcels = [each.parcel_number for _, each in placed]
    scanner.scan("CMD-LOAD", manifest.number, *parcels, "CMD-DONE", "SEAL-77")
