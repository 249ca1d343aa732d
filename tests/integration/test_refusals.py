"""What the command refuses, it refuses in one clear line: no traceback, and nothing changed."""

import json
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.houses import warehouse
from warehouse.core import postgres
from warehouse.launch import free_port


def up(data: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    return warehouse("up", "--port", str(free_port("127.0.0.1")), "--data", str(data), *options)


def refusal(refused: "subprocess.CompletedProcess[str]") -> str:
    """The one line of *refused*."""
    assert refused.returncode == 1, refused.stderr
    assert refused.stdout == ""
    line, after = refused.stderr.split("\n", 1)
    assert after == ""
    assert line.startswith("warehouse: ")
    return line.removeprefix("warehouse: ")


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that a newer release has migrated; nothing runs on it."""
    data = tmp_path_factory.mktemp("newer") / "var"
    server = postgres.start(data)
    with psycopg.connect(server.url(postgres.OWNER).replace("+psycopg", "")) as owner:
        owner.execute("CREATE TABLE alembic_version AS SELECT '29990101'::text AS version_num")
        owner.execute(f"GRANT SELECT ON alembic_version TO {postgres.APP}")
    server.stop()
    return data


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 30 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=30m", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False).returncode != 0:
        pytest.skip("only root mounts a disk; tests/unit holds the function that measures it")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_taken_port(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        refused = warehouse("up", "--port", port, "--data", str(tmp_path / "var"))

    assert refusal(refused).startswith(f"Port {port} on 127.0.0.1 cannot be used (")
    assert not (tmp_path / "var").exists()


def test_a_foreign_folder(tmp_path: Path) -> None:
    (tmp_path / "holiday.jpg").touch()

    refused = up(tmp_path)

    assert "was not made by this program" in refusal(refused)
    assert [path.name for path in tmp_path.iterdir()] == ["holiday.jpg"]


def test_a_folder_that_we_may_not_write(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    closed = Path("/proc") if os.access(tmp_path, os.W_OK) else tmp_path  # root may write anywhere

    refused = up(closed / "var")

    assert refusal(refused).startswith(f"The data folder cannot be used: {closed / 'var'}: ")


def test_a_full_disk(small_disk: Path) -> None:
    refused = up(small_disk / "var")

    assert refusal(refused).endswith("is full: 200 MB are needed.")


@pytest.mark.parametrize("command", ["up", "verify", "import"])
def test_a_folder_of_a_newer_release(newer: Path, command: str) -> None:
    options = {
        "up": ("--port", str(free_port("127.0.0.1"))),
        "verify": (),
        "import": (__file__, "--partner", "ALB"),
    }

    refused = warehouse(command, *options[command], "--data", str(newer))

    assert refusal(refused).startswith("The database is at migration 29990101, which this release")
    assert not (newer / "postgres" / "postmaster.pid").exists()


def test_a_folder_of_a_newer_postgresql(newer: Path, tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("99\n")
    shutil.copy(newer / "passwords.json", tmp_path)

    refused = up(tmp_path)

    assert "was made by PostgreSQL 99, newer than the" in refusal(refused)


@pytest.mark.parametrize("command", ["demo", "verify"])
def test_a_folder_without_a_warehouse(tmp_path: Path, command: str) -> None:
    refused = warehouse(command, "--data", str(tmp_path / "var"))

    assert refusal(refused).endswith("(./scripts/run).")
    assert not (tmp_path / "var").exists()


def test_a_demo_beside_nothing(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{free_port('127.0.0.1')}"
    (tmp_path / "demo.json").write_text(json.dumps({"url": url, "people": []}))

    refused = warehouse("demo", "--data", str(tmp_path))

    assert (
        refusal(refused) == f"Nothing answers at {url}: start the warehouse first (./scripts/run)."
    )


def test_a_database_that_is_away(tmp_path: Path) -> None:
    port = free_port("127.0.0.1")
    address = f"postgresql+psycopg://nobody:secret@127.0.0.1:{port}/warehouse"

    refused = warehouse("verify", "--data", str(tmp_path), WAREHOUSE_DATABASE_URL=address)

    line = refusal(refused)
    assert line.startswith("The database cannot be worked with: connection failed: ")
    assert "secret" not in line


def test_a_setting_that_cannot_be_read(tmp_path: Path) -> None:
    refused = warehouse("up", "--data", str(tmp_path / "var"), WAREHOUSE_POOL_SIZE="many")

    assert refusal(refused).startswith("WAREHOUSE_POOL_SIZE is 'many': ")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("up", "--port", "99999"), "--port"),
        (("up", "--nonsense"), "--nonsense"),
        (("import", "nowhere.csv", "--partner", "ALB"), "nowhere.csv"),
        (("import", __file__), "--partner"),
        (("conjure",), "conjure"),
    ],
)
def test_words_that_it_does_not_know(arguments: tuple[str, ...], named: str) -> None:
    refused = warehouse(*arguments)

    assert refused.returncode == 2
    assert refused.stdout == ""
    assert named in refused.stderr
    assert "Traceback" not in refused.stderr
