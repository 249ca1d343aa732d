import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import psycopg
import pytest

from warehouse.core import postgres
from warehouse.core.postgres import APP, OWNER, Embedded, EmbeddedPostgresError

STARTER = """
import sys, time
from pathlib import Path
from warehouse.core import postgres
print(postgres.start(Path(sys.argv[1])).port, flush=True)
time.sleep(60)
"""


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    data = tmp_path / "a folder" / "var"
    yield data
    if (data / "postgres" / "postmaster.pid").exists():
        left = postmaster(data)
        left.send_signal(signal.SIGINT)
        left.wait(timeout=30)


def ask(server: Embedded, question: str, role: str = APP) -> object:
    address = server.url(role).replace("+psycopg", "")
    with psycopg.connect(address) as connection:
        row = connection.execute(question).fetchone()
    assert row is not None
    return row[0]


def postmaster(data: Path) -> psutil.Process:
    pid = (data / "postgres" / "postmaster.pid").read_text().splitlines()[0]
    return psutil.Process(int(pid))


def starter(data: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", STARTER, str(data)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def port_from(process: "subprocess.Popen[str]") -> int:
    assert process.stdout is not None
    return int(process.stdout.readline())


def kill(process: "subprocess.Popen[str]") -> None:
    process.kill()
    process.communicate()


def test_a_first_start_makes_a_durable_unicode_cluster(data: Path) -> None:
    server = postgres.start(data)

    assert ask(server, "SHOW data_checksums") == "on"
    assert ask(server, "SHOW fsync") == "on"
    assert ask(server, "SHOW synchronous_commit") == "on"
    assert ask(server, "SHOW listen_addresses") == "127.0.0.1"
    assert ask(server, "SELECT lower('É')") == "é"


def test_the_owner_makes_tables_and_the_application_does_not(data: Path) -> None:
    server = postgres.start(data)

    with psycopg.connect(server.url(OWNER).replace("+psycopg", "")) as owner:
        owner.execute("CREATE TABLE lot (id int)")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(server, "CREATE TABLE other (id int)")


def test_passwords_are_for_their_owner_alone(data: Path) -> None:
    server = postgres.start(data)

    assert (data / "passwords.json").stat().st_mode & 0o777 == 0o600
    assert not any(password in repr(server) for password in server.passwords.values())
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(host="127.0.0.1", port=server.port, user=APP, dbname="warehouse")


def test_stopped_data_are_there_at_the_next_start(data: Path) -> None:
    first = postgres.start(data)
    with psycopg.connect(first.url(OWNER).replace("+psycopg", "")) as owner:
        owner.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    first.stop()
    assert not (data / "postgres" / "postmaster.pid").exists()

    second = postgres.start(data)

    assert ask(second, "SELECT answer FROM kept", OWNER) == 42


def test_a_server_left_by_a_killed_program_is_adopted_and_then_stopped(data: Path) -> None:
    killed = starter(data)
    port = port_from(killed)
    kill(killed)

    server = postgres.start(data)

    assert server.port == port
    server.stop()
    assert not (data / "postgres" / "postmaster.pid").exists()


def test_the_server_stays_while_another_program_uses_it(data: Path) -> None:
    other = starter(data)
    port = port_from(other)

    postgres.start(data).stop()

    assert postmaster(data).is_running()
    assert postgres.start(data).port == port
    kill(other)


def test_programs_that_start_at_once_share_one_server(data: Path) -> None:
    programs = [starter(data) for _ in range(3)]

    ports = {port_from(program) for program in programs}

    assert len(ports) == 1
    for program in programs:
        kill(program)


def test_threads_that_start_at_once_share_one_server(data: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        servers = list(pool.map(lambda _: postgres.start(data), range(4)))

    assert len({server.port for server in servers}) == 1
    for server in servers:
        server.stop()
    assert not (data / "postgres" / "postmaster.pid").exists()


def test_a_killed_server_recovers_what_was_committed(data: Path) -> None:
    first = postgres.start(data)
    with psycopg.connect(first.url(OWNER).replace("+psycopg", "")) as owner:
        owner.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    postmaster(data).send_signal(signal.SIGKILL)

    second = postgres.start(data)

    assert ask(second, "SELECT answer FROM kept", OWNER) == 42


def test_a_stale_claim_whose_number_now_belongs_to_another_process_is_dropped(data: Path) -> None:
    postgres.start(data).stop()
    claim = data / "postgres" / "postmaster.pid"
    claim.write_text(f"{os.getpid()}\n{data / 'postgres'}\n0\n5432\n\n127.0.0.1\n")

    server = postgres.start(data)

    assert ask(server, "SELECT 1") == 1


def test_an_interrupted_first_start_is_begun_again(data: Path) -> None:
    half_made = data / "postgres.new" / "base"
    half_made.mkdir(parents=True)
    (data / "passwords.json").write_text(
        '{"postgres": "a", "warehouse_owner": "b", "warehouse_app": "c"}'
    )

    server = postgres.start(data)

    assert ask(server, "SELECT 1") == 1
    assert not half_made.exists()


def test_parent_folders_are_not_opened_for_others(tmp_path: Path, data: Path) -> None:
    tmp_path.chmod(0o700)
    before = {folder: folder.stat().st_mode for folder in tmp_path.parents}

    postgres.start(data)

    assert tmp_path.stat().st_mode & 0o777 == 0o700
    assert {folder: folder.stat().st_mode for folder in tmp_path.parents} == before
    assert (data / "postgres").stat().st_mode & 0o777 == 0o700


def test_the_server_does_not_run_as_root(data: Path) -> None:
    postgres.start(data)

    assert postmaster(data).uids().effective != 0


def test_a_foreign_folder_is_left_alone(data: Path) -> None:
    data.mkdir(parents=True)
    (data / "holiday.jpg").touch()

    with pytest.raises(EmbeddedPostgresError, match="not made by this program"):
        postgres.start(data)

    assert [path.name for path in data.iterdir()] == ["holiday.jpg"]


def test_data_of_a_newer_version_are_refused(data: Path) -> None:
    postgres.start(data).stop()
    version = data / "postgres" / "PG_VERSION"
    version.write_text("99\n")

    with pytest.raises(EmbeddedPostgresError, match="PostgreSQL 99, newer than"):
        postgres.start(data)


def test_a_full_disk_is_told_before_anything_is_made(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "SPACE_FOR_CLUSTER_BYTES", 10**18)

    with pytest.raises(EmbeddedPostgresError, match="is full"):
        postgres.start(data)

    assert not (data / "postgres.new").exists()


def test_a_folder_that_cannot_be_made_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(EmbeddedPostgresError) as refusal:
        postgres.start(tmp_path / "file" / "var")

    assert str(refusal.value).endswith("Not a directory.")
    assert "\n" not in str(refusal.value)


def test_a_taken_port_is_told_in_one_line(data: Path, tmp_path: Path) -> None:
    taken = postgres.start(data)

    with pytest.raises(EmbeddedPostgresError, match="does not start") as refusal:
        postgres.start(tmp_path / "second", port=taken.port)

    assert "\n" not in str(refusal.value)


def test_the_load_generator_is_there() -> None:
    assert os.access(postgres.pgbench_path(), os.X_OK)
