"""Announcing a consignment of many lines, next to plain COPY of the same rows."""

import time
from collections.abc import Sequence
from typing import Final

import psycopg

from benchmarks import load
from benchmarks.goods import consignment
from benchmarks.house import House
from benchmarks.load import Client
from benchmarks.measure import BenchmarkError, Contest, Target, Variant
from warehouse.core import ids, postgres
from warehouse.operations.intake import announcing
from warehouse.operations.intake.announcing import Announcement

TARGET: Final = Target(at_most=5)
_FIRST_PARCEL: Final = 1_000_000_000  # behind those that are scanned

# The rows of one consignment, as they would be of another: each key and each number that has to
# be unique is changed alike wherever it stands.  No key of ours is of version 8.
_KEYS: Final = ("id", "consignment_id", "handling_unit_id", "consignment_line_id")
_NUMBERS: Final = ("number", "external_ref", "parcel_number")
_BELONGING: Final = {
    "consignment": "id = '{id}'",
    "consignment_line": "consignment_id = '{id}'",
    "handling_unit": "consignment_id = '{id}'",
    "lot": "handling_unit_id IN (SELECT id FROM handling_unit WHERE consignment_id = '{id}')",
}
_COLUMNS: Final = """
SELECT attname::text FROM pg_attribute
 WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
 ORDER BY attnum
"""
_NEWEST: Final = "SELECT id::text FROM consignment ORDER BY id DESC LIMIT 1"
_COUNTED: Final = """
SELECT count(*) FROM lot JOIN handling_unit ON handling_unit.id = lot.handling_unit_id
 WHERE consignment_id = (SELECT id FROM consignment ORDER BY id DESC LIMIT 1)
"""


class Office:
    """Where consignments are announced, a new one each time."""

    def __init__(self, house: House, lines: int) -> None:
        self.house = house
        self.lines = lines
        self.unused = _FIRST_PARCEL
        self.columns = {
            table: [name for (name,) in house.rows(_COLUMNS, table)] for table in _BELONGING
        }
        self.over_http()
        self.by_copy()

    def over_http(self) -> float:
        """Milliseconds from sending the JSON to its answer."""
        [port] = self.house.web(1)
        body = self._consignment().model_dump_json(exclude_unset=True)
        request = load.post(
            "/api/v1/consignments",
            body,
            '"number"',
            authorization=f"Bearer {self.house.api_key}",
            idempotency_key=str(ids.new_id()),
        )
        per_second = load.run([Client(port, [request])])
        return self._checked(1000 / per_second)

    def in_process(self) -> float:
        """Milliseconds of the command alone: checked, entered, committed."""
        announcement = self._consignment()
        began = time.perf_counter()
        with self.house.begin() as work:
            announcing.announce(work, self.house.partner_id, announcement)
        return self._checked((time.perf_counter() - began) * 1000)

    def by_copy(self) -> float:
        """Milliseconds to COPY the rows of the consignment announced last, in one transaction."""
        [(newest,)] = self.house.rows(_NEWEST)
        url = self.house.server.url(postgres.APP).replace("+psycopg", "", 1)
        with psycopg.connect(url) as connection:
            rows = {
                table: _copied_out(connection, table, self.columns[table], newest)
                for table in _BELONGING
            }
            connection.commit()
            began = time.perf_counter()
            for table, content in rows.items():
                _copied_in(connection, table, content)
            connection.commit()
            return (time.perf_counter() - began) * 1000

    def _consignment(self) -> Announcement:
        parcels = range(self.unused, self.unused + self.lines)
        self.unused += self.lines
        return consignment(self.house, parcels)

    def _checked(self, milliseconds: float) -> float:
        """*milliseconds*, if all lots of the newest consignment are there."""
        [(lots,)] = self.house.rows(_COUNTED)
        if lots != self.lines:
            raise BenchmarkError(f"{self.lines} lines announced {lots} lots.")
        return milliseconds


def contest(house: House, *, lines: int) -> Contest:
    """Announce a consignment of so many *lines*."""
    office = Office(house, lines)
    return Contest(
        f"Consignment of {lines:,} lines",
        "ms",
        TARGET,
        [
            Variant("over HTTP", office.over_http, "COPY"),
            Variant("in process", office.in_process, "COPY"),
            Variant("COPY", office.by_copy),
        ],
    )


def _copied_out(
    connection: psycopg.Connection, table: str, columns: Sequence[str], newest: str
) -> bytes:
    """The rows of consignment *newest* in *table*, changed to be those of another."""
    chosen = ", ".join(map(_changed, columns))
    where = _BELONGING[table].format(id=newest)
    statement = f"COPY (SELECT {chosen} FROM {table} WHERE {where}) TO STDOUT"
    with connection.cursor().copy(statement.encode()) as source:
        return b"".join(bytes(piece) for piece in source)


def _changed(column: str) -> str:
    if column in _KEYS:
        return f"overlay({column}::text PLACING '8' FROM 15)"
    if column in _NUMBERS:
        return f"'C' || {column}"
    return column


def _copied_in(connection: psycopg.Connection, table: str, content: bytes) -> None:
    with connection.cursor().copy(f"COPY {table} FROM STDIN".encode()) as sink:
        sink.write(content)
