"""The whole house as processes: started, played, killed, started again, and proved."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests import pictures
from tests.houses import PATIENCE_SECONDS, House, gone, runs, warehouse
from warehouse.launch import free_port

CONSIGNMENT = Path(__file__).parents[2] / "docs" / "examples" / "consignment.csv"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house in a folder with a space and Thai marks, named by a relative path, played once."""
    house = House(tmp_path_factory.mktemp("house"), "คลังสินค้า ที่ 1/ข้อมูล")
    house.start()
    yield house
    house.clear()


@pytest.fixture(scope="module")
def first_told(running: House) -> str:
    """What the demo tells when it is played the first time."""
    return play(running)


@pytest.fixture
def house(running: House) -> House:
    """The running house, started again if a test left it stopped."""
    assert running.process is not None
    if running.process.poll() is not None:
        running.start()
    return running


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[House]:
    """A house that was never started."""
    house = House(tmp_path, "var")
    yield house
    house.clear()


def play(house: House) -> str:
    told = house.run("demo")
    assert told.returncode == 0, told.stdout + told.stderr
    return told.stdout


def shipment_of(told: str) -> str:
    found = re.search(r"shipment (SHP-[0-9-]+)", told)
    assert found is not None
    return found[1]


def until(story: "subprocess.Popen[str]", chapter: str) -> str:
    """What *story* tells until *chapter* begins."""
    assert story.stdout is not None
    told = ""
    while chapter not in told:
        line = story.stdout.readline()
        assert line, told
        told += line
    return told


def rest(story: "subprocess.Popen[str]") -> str:
    """What *story* tells from here to its end, which must be a good one."""
    told = story.communicate(timeout=PATIENCE_SECONDS)[0]
    assert story.returncode == 0, told
    return told


def test_a_new_house_shows_its_first_page_and_how_to_sign_in(house: House) -> None:
    browser = {"Accept": "text/html"}

    page = httpx2.get(house.url, headers=browser, follow_redirects=True, timeout=PATIENCE_SECONDS)

    assert page.status_code == 200
    assert 'lang="th"' in page.text
    for told in (house.url, "somchai", "ratree", "officer", "BADGE-1001", "whk_"):
        assert told in house.said()
    assert house.complaint() == ""


def test_the_demo_plays_twice_with_every_proof_green(house: House, first_told: str) -> None:
    again = play(house)

    assert shipment_of(again) != shipment_of(first_told)
    for told in (first_told, again):
        proofs = told.partition("The books")[2]
        assert proofs.count("✔") >= 12
        assert "✘" not in proofs


def test_the_codes_on_every_paper_of_the_demo_decode_to_what_they_stand_for(
    house: House, first_told: str
) -> None:
    assert shipment_of(first_told)

    papers = house.rows("SELECT kind, number, content FROM paper")

    assert {kind for kind, _, _ in papers} == {
        "shipment-label", "declaration", "release-note", "disposal", "collection-order",
    }  # fmt: skip
    for kind, number, content in papers:
        codes = {code.decode() for code in pictures.decoded(pictures.rendered(bytes(content)))}
        assert number in codes, f"{kind} {number} carries {codes}"


def test_ctrl_c_stops_everything_and_keeps_everything(house: House, first_told: str) -> None:
    shipment = shipment_of(first_told)
    before = house.status(shipment)
    processes = house.processes()

    status = house.interrupt()

    assert status == 0, house.complaint()
    assert house.said().endswith("Stopped; everything is kept.\n")
    assert not [process for process in processes if runs(process)]
    house.start()
    assert house.status(shipment) == before


@pytest.mark.parametrize(
    ("victim", "chapter"),
    [
        ("web", "The parcels arrive"),
        ("worker", "Customs enters them into bond"),
        ("customs-simulator", "Customs enters them into bond"),
        ("database", "Two buyers order"),
    ],
)
def test_a_killed_program_costs_nothing_but_time(house: House, victim: str, chapter: str) -> None:
    story = house.tell()
    until(story, chapter)
    killed = house.program(victim)

    killed.kill()

    assert gone([killed])
    assert "✘" not in rest(story).partition("The books")[2]


def test_a_killed_house_is_started_again_in_the_middle_of_a_story(house: House) -> None:
    story = house.tell()
    until(story, "The parcels arrive")
    programs = house.programs()

    house.kill()

    assert len(programs) == 3
    assert gone(programs)
    house.start()
    assert "✘" not in rest(story).partition("The books")[2]
    assert house.run("verify").returncode == 0


def test_ctrl_c_during_the_first_start_leaves_a_folder_that_can_be_started(fresh: House) -> None:
    fresh.begin()
    while not (fresh.folder / "postgres.new").exists():
        assert fresh.process is not None
        assert fresh.process.poll() is None

    status = fresh.interrupt()

    assert (status, fresh.complaint()) == (0, "")
    assert fresh.said() == "Stopped; everything is kept.\n"
    fresh.start("--no-demo")


def test_a_house_without_the_demo_is_ready_for_its_first_administrator(fresh: House) -> None:
    fresh.start("--no-demo")
    password = "ไปรษณีย์ไทยหลักสี่"

    added = warehouse(
        "add-person", "boss", "--role", "administrator", "--name-th", "หัวหน้า", "--name-en", "Boss",
        "--data", fresh.data, given=f"{password}\n{password}\n", cwd=fresh.home,
    )  # fmt: skip

    assert added.returncode == 0, added.stderr
    assert "add-person" in fresh.said()
    assert "Demo sign-ins" not in fresh.said()
    assert fresh.count("tariff_line") > 0
    assert fresh.count("premises") == 0
    person = {"username": "boss", "password": password}
    signed_in = httpx2.post(f"{fresh.url}/api/v1/sign-ins", json=person, timeout=PATIENCE_SECONDS)
    assert signed_in.json()["role"] == "administrator"


def test_a_second_house_on_the_same_folder_is_refused(house: House) -> None:
    refused = house.run("up", "--port", str(free_port("127.0.0.1")))

    assert refused.returncode == 1
    assert refused.stderr.startswith(f"warehouse: The warehouse of {house.data} runs already")
    assert refused.stderr.count("\n") == 1
    assert httpx2.get(f"{house.url}/readyz", timeout=PATIENCE_SECONDS).is_success


def test_what_was_tampered_with_is_named(house: House, first_told: str) -> None:
    guard = "ALTER TABLE {} {} TRIGGER USER"
    balance = "UPDATE balance SET quantity = quantity + {} WHERE id = (SELECT min(id::text)::uuid"
    balance += " FROM balance)"
    event = "UPDATE event SET actor = '{}' WHERE sequence = (SELECT min(sequence) FROM event)"
    opened = [guard.format(table, "DISABLE") for table in ("balance", "event")]
    closed = [guard.format(table, "ENABLE") for table in ("balance", "event")]
    house.execute(*opened, balance.format(1), event.format("nobody"), *closed)

    verified = house.run("verify")

    house.execute(*opened, balance.format(-1), event.format("system"), *closed)
    assert verified.returncode == 1
    for proof in ("Every balance is the sum of its movements", "The chain of events is whole"):
        wrong = verified.stdout.partition(f"✘ {proof}")[2].splitlines()
        assert wrong[1].startswith("    ")
    assert re.search(r"lot \S+ at \S+: balance \S+, movements \S+", verified.stdout)
    assert house.run("verify").returncode == 0


def test_a_file_is_imported_by_a_running_house_and_by_a_stopped_one(house: House) -> None:
    running = house.run("import", str(CONSIGNMENT), "--partner", "ALB")
    house.interrupt()

    stopped = house.run("import", str(CONSIGNMENT), "--partner", "ALB")

    assert running.returncode == 0, running.stderr
    number = running.stdout.split()[1].rstrip(".")
    assert stopped.stdout == f"Consignment {number}, imported before.\n"


def test_a_bad_file_is_told_cell_by_cell_and_nothing_is_imported(
    house: House, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.csv"
    text = CONSIGNMENT.read_text("utf-8")
    bad.write_text(text.replace(",10,", ",[/]ten,"), "utf-8")
    before = house.count("consignment")

    refused = house.run("import", str(bad), "--partner", "ALB")

    assert refused.returncode == 1
    assert "row 2, column quantity, value '[/]ten': " in refused.stderr
    assert refused.stderr.splitlines()[-1].startswith(
        "warehouse: Nothing was imported; to be corrected: "
    )
    assert house.count("consignment") == before
