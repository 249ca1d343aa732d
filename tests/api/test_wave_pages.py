"""The pages of waves and manifests: what a supervisor sees there, and what the buttons do."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlmodel import select

from tests import people
from tests.builders import House, a_house, an_order, stored_parcel
from tests.integration.test_loading import a_route
from warehouse.access.vocabulary import Role
from warehouse.core.work import Work
from warehouse.operations.models import ReleaseChannel, Wave
from warehouse.operations.planning import wave_board, waves
from warehouse.operations.vocabulary import WaveState
from warehouse.shipments.models import CartonType, Manifest, Route
from warehouse.shipments.vocabulary import ManifestState

Arrange = Callable[[], AbstractContextManager[Work]]


@dataclass
class Desk:
    """Somebody at a desk of the house."""

    client: TestClient
    house: House
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Response:
        return self.client.get(path, headers=self.headers)

    def send(self, path: str, **fields: str) -> Response:
        form = {"csrf_token": "token", **fields}
        return self.client.post(path, data=form, headers=self.headers, follow_redirects=False)


@pytest.fixture
def desk(client: TestClient, arrange: Arrange) -> Desk:
    with arrange() as work:
        house = a_house(work)
        return Desk(client, house, signed_in(work, house))


def signed_in(work: Work, house: House, role: Role = Role.SUPERVISOR) -> dict[str, str]:
    person = people.a_person(work, role)
    person.language, person.premises_id = "en", house.premises.id
    session = people.a_session(work, person, csrf_token="token")
    return {"accept": "text/html", "cookie": f"session={session}"}


def test_a_supervisor_releases_a_wave_holds_it_back_and_moves_its_cut_off(
    desk: Desk, arrange: Arrange
) -> None:
    number = a_wave(arrange, desk.house)

    shown = desk.get("/waves")
    answers = [desk.send(f"/waves/{number}/release"), desk.send(f"/waves/{number}/hold-back")]
    moved = desk.send(f"/waves/{number}/cut-off", cut_off="23:59")

    assert number in shown.text
    assert "Not on the floor" in shown.text
    assert [each.status_code for each in (*answers, moved)] == [303] * 3
    with arrange() as work:
        wave = work.session.exec(select(Wave)).one()
        assert wave.state is WaveState.PLANNED
        assert f"{wave.cut_off_at:%H:%M}" == "16:59"  # UTC


def test_what_a_wave_cannot_do_is_said(desk: Desk, arrange: Arrange) -> None:
    number = a_wave(arrange, desk.house)

    answers = [
        desk.send(f"/waves/{number}/hold-back"),
        desk.send(f"/waves/{number}/cut-off", cut_off="noon"),
        desk.send("/waves/WAV-2026-999999/release"),
    ]

    assert [each.status_code for each in answers] == [409, 422, 404]


def test_another_warehouses_waves_are_not_found(desk: Desk, arrange: Arrange) -> None:
    number = a_wave(arrange, desk.house)
    with arrange() as work:
        stranger = signed_in(work, a_house(work, "BW-TEST-02"), Role.MANAGER)

    answer = desk.client.post(
        f"/waves/{number}/release", data={"csrf_token": "token"}, headers=stranger
    )

    assert answer.status_code == 404


def test_channels_are_set_up_and_changed(desk: Desk, arrange: Arrange) -> None:
    names = {"code": "RUSH", "name_th": "ด่วน", "name_en": "Rush"}
    made = desk.send("/channels", **names, cut_off="11:00", most="20", priority="5")
    again = desk.send("/channels", **names, cut_off="11:00", most="20")
    changed = desk.send("/channels/RUSH", cut_off="12:30", most="40", priority="1")
    shown = desk.get("/waves")

    assert [each.status_code for each in (made, again, changed)] == [303, 409, 303]
    with arrange() as work:
        channel = work.session.exec(select(ReleaseChannel)).one()
        found = (channel.cut_off, channel.most_in_progress, channel.priority)
        assert found == ("12:30", 40, 1)
    assert "Rush" in shown.text


def test_a_manifest_is_begun_shown_and_its_seal_broken(desk: Desk, arrange: Arrange) -> None:
    with arrange() as work:
        a_route(work, desk.house, "BKK", "10000", "10999")

    made = desk.send("/manifests", route="BKK", vehicle="70-1234", driver="สมศักดิ์")
    with arrange() as work:
        manifest = work.session.exec(select(Manifest)).one()
        manifest.state, manifest.seal, manifest.closed_at = ManifestState.CLOSED, "S-1", work.at
        number = manifest.number
    shown = desk.get(f"/manifests/{number}")
    opened = desk.send(f"/manifests/{number}/opening")

    assert (made.status_code, made.headers["location"]) == (303, f"/manifests/{number}")
    assert {"70-1234", "S-1", "BKK"} <= set(shown.text.replace("<", " ").replace(">", " ").split())
    assert opened.status_code == 303
    with arrange() as work:
        assert work.session.exec(select(Manifest)).one().state is ManifestState.OPEN


def test_routes_and_cartons_are_set_up(desk: Desk, arrange: Arrange) -> None:
    route = {"code": "CNX", "name_th": "เหนือ", "name_en": "North", "lane": "STAGE-1"}
    answers = [
        desk.send("/routes", **route, postcode_from="50000", postcode_to="58999"),
        desk.send("/routes", **route, postcode_from="58999", postcode_to="50000"),
        desk.send("/routes", **route | {"lane": "A1"}, postcode_from="1", postcode_to="2"),
        desk.send("/cartons", code="box-m", tare_kg="0.2", most_kg="8"),
        desk.send("/cartons", code="BOX-M", tare_kg="0.2", most_kg="8"),
    ]
    shown = desk.get("/manifests")

    assert [each.status_code for each in answers] == [303, 422, 422, 303, 409]
    assert "50000 – 58999" in shown.text
    with arrange() as work:
        assert work.session.exec(select(Route.code)).all() == ["CNX"]
        assert work.session.exec(select(CartonType.code)).all() == ["BOX-M"]


def a_wave(arrange: Arrange, house: House) -> str:
    with arrange() as work:
        stored_parcel(work, house, 5)
        an_order(work, house, 1)
        waves.plan(work, house.premises.id)
        [wave] = wave_board.in_state(work.session, house.premises.id, WaveState.PLANNED)
        return wave.number
