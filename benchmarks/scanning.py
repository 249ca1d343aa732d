"""Receiving by scan: over HTTP, next to pgbench sending the same statements."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import uvicorn

from benchmarks import load, replay
from benchmarks.goods import consignment, parcel
from benchmarks.house import CLIENTS, Clerk, House
from benchmarks.load import Client, Request
from benchmarks.measure import BenchmarkError, Contest, Target, Variant
from warehouse import launch
from warehouse.app import create_app
from warehouse.core import db, ids
from warehouse.operations.intake import announcing
from warehouse.settings import Settings

TARGET: Final = Target(at_least=0.50)
PROCESSES: Final = (1, 2)
_WARM_TURNS: Final = 8  # so that connections have prepared their statements
_SPARE: Final = 200  # the last of a consignment are counted one by one: leave them

# What a turn of pgbench looks up about its parcel, and a client, once, about its clerk.
_PARCELS: Final = """
CREATE TABLE replayed_parcel AS
SELECT substr(handling_unit.number, 3)::bigint AS turn, lot.id::text AS lot,
       handling_unit.id::text AS handling_unit, consignment_id::text AS consignment
  FROM handling_unit JOIN lot ON lot.handling_unit_id = handling_unit.id
 WHERE handling_unit.number LIKE 'LP%';
ALTER TABLE replayed_parcel ADD PRIMARY KEY (turn);
GRANT SELECT ON replayed_parcel TO warehouse_app
"""
_CLERKS: Final = """
CREATE TABLE replayed_clerk AS
SELECT substr(username, 6)::bigint AS client, person.id::text AS clerk, username,
       sign_in.id::text AS sign_in, token_hash, task.id::text AS task
  FROM person JOIN sign_in ON sign_in.person_id = person.id
  JOIN task ON task.person_id = person.id
 WHERE username LIKE 'clerk%';
GRANT SELECT ON replayed_clerk TO warehouse_app
"""
_CLERK: Final = """\\set i :i + 1
\\set turn :first + :i * {clients} + :client_id
\\if :i = 0
SELECT clerk, username, sign_in, token_hash, task FROM replayed_clerk WHERE client = :client_id
\\gset
\\endif
"""
_BY_CLERK: Final = "SELECT * FROM replayed_clerk WHERE username = %s"
_BY_PARCEL: Final = "SELECT * FROM replayed_parcel WHERE turn = %s"
RECEIVED: Final = "SELECT count(*) FROM movement WHERE kind = 'receipt'"


class Floor:
    """Clerks who receive, each parcel once."""

    def __init__(self, house: House, turns: int, rounds: int) -> None:
        self.house = house
        self.turns = turns
        self.unused = 0
        runs = rounds * (len(PROCESSES) + 1)
        announce(house, range(CLIENTS * (turns * runs + _WARM_TURNS * len(PROCESSES)) + _SPARE))
        house.rows(_PARCELS)
        house.settle()
        self._begin_receiving()
        for processes in PROCESSES:
            self._scan(processes, _WARM_TURNS)
        house.rows(_CLERKS)
        self.script = self._recorded()

    def over_http(self, processes: int) -> float:
        """Scans a second through so many web programs."""
        return self._scan(processes, self.turns)

    def by_pgbench(self) -> float:
        """Scans a second when pgbench sends the same statements."""
        file = self.house.folder / "scan.sql"
        file.write_text(self.script.text, "utf-8")
        first = self._take(self.turns)
        with self._receiving(self.turns):
            return replay.pgbench(
                self.house.server,
                file,
                clients=CLIENTS,
                turns=self.turns,
                variables={**self.script.variables, "first": str(first), "i": "-1"},
            )

    def _scan(self, processes: int, turns: int) -> float:
        ports = self.house.web(processes)
        first = self._take(turns)
        clients = [
            Client(
                ports[at % processes],
                [scan(clerk, parcel(first + turn * CLIENTS + at)) for turn in range(turns)],
            )
            for at, clerk in enumerate(self.house.clerks)
        ]
        with self._receiving(turns):
            return load.run(clients)

    def _take(self, turns: int) -> int:
        """The first of enough parcels that nobody has received yet."""
        first = self.unused
        self.unused += CLIENTS * turns
        return first

    @contextmanager
    def _receiving(self, turns: int) -> Iterator[None]:
        """Make sure that every scan of the block received its parcel."""
        [(before,)] = self.house.rows(RECEIVED)
        yield
        [(after,)] = self.house.rows(RECEIVED)
        if after - before != CLIENTS * turns:
            raise BenchmarkError(f"{CLIENTS * turns} scans received {after - before} parcels.")

    def _begin_receiving(self) -> None:
        """Let every clerk choose the task."""
        [port] = self.house.web(1)
        load.run([Client(port, [scan(clerk, "CMD-RECEIVE")]) for clerk in self.house.clerks])

    def _recorded(self) -> replay.Script:
        """The scan of one parcel as a pgbench script."""
        clerk, number = self.house.clerks[0], self._take(1)
        since = ids.new_id()
        time.sleep(0.01)
        with _own_web(self.house) as (port, recording):
            load.run([Client(port, [scan(clerk, parcel(number))])])
        [(_, *of_clerk)] = self.house.rows(_BY_CLERK, clerk.username)
        [(_, *of_parcel)] = self.house.rows(_BY_PARCEL, number)
        names = ("clerk", "username", "sign_in", "token_hash", "task")
        columns = ("lot", "handling_unit", "consignment")
        made = replay.script(
            recording,
            since=since,
            per_client=dict(zip(of_clerk, names, strict=True)),
            per_turn={
                parcel(number): "('LP' || lpad(:turn::text, 10, '0'))",
                **{
                    text: f"(SELECT {column} FROM replayed_parcel WHERE turn = :turn::bigint)"
                    for text, column in zip(of_parcel, columns, strict=True)
                },
            },
        )
        return replay.Script(_CLERK.format(clients=CLIENTS) + made.text, made.variables)


def announce(house: House, parcels: range) -> None:
    """Announce *parcels*, in consignments as large as they may be."""
    for first in range(parcels.start, parcels.stop, announcing.MOST_LINES):
        numbers = range(first, min(first + announcing.MOST_LINES, parcels.stop))
        with house.begin() as work:
            announcing.announce(work, house.partner_id, consignment(house, numbers))


def scan(clerk: Clerk, barcode: str, expected: str = '"tone": "good"') -> Request:
    """One pull of the trigger, which is to go well unless something else is *expected*."""
    body = {"scan_id": str(ids.new_id()), "barcode": barcode, "device": clerk.username}
    return load.post("/api/v1/scans", json.dumps(body), expected, **by_clerk(clerk))


def by_clerk(clerk: Clerk) -> dict[str, str]:
    """The headers that say who sends."""
    return {"cookie": f"session={clerk.token}", "x_csrf_token": clerk.csrf_token}


@contextmanager
def _own_web(house: House) -> Iterator[tuple[int, replay.Recording]]:
    """The web program in this process, and a recording of what it sends."""
    engine, port = db.create_engine(house.server.url()), launch.free_port("127.0.0.1")
    app = create_app(Settings(), engine)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, access_log=False))
    running = threading.Thread(target=server.run)
    with replay.recorded(engine) as recording:
        running.start()
        while not server.started:
            time.sleep(0.01)
        yield port, recording
        server.should_exit = True
        running.join()
    engine.dispose()


def contest(house: House, *, turns: int, rounds: int) -> Contest:
    """Receive parcels, *turns* of each clerk in a round."""
    floor = Floor(house, turns, rounds)

    def over_http(processes: int) -> Callable[[], float]:
        return lambda: floor.over_http(processes)

    return Contest(
        "Scan over HTTP",
        "scans/s",
        TARGET,
        [
            Variant("pgbench", floor.by_pgbench),
            *(
                Variant(f"{processes} web", over_http(processes), "pgbench")
                for processes in PROCESSES
            ),
        ],
    )
