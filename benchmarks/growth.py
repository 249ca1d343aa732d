"""The same scans on a short ledger and on long ones, each in a warehouse of its own.

A ledger grows by copies of one consignment that went all the way: every row that was written for it
(goods, entry, scans, movements, orders, releases, events) is written again with keys and numbers of
its own.  So the copies add up as the original does, and nothing of the schema is written down here.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from statistics import median
from typing import Final, cast
from uuid import UUID

import psycopg
from psycopg.rows import namedtuple_row
from sqlalchemy import Column, Table, Uuid
from sqlmodel import SQLModel

from benchmarks import bond, house, shift
from benchmarks.goods import content, parcel
from benchmarks.house import House
from benchmarks.load import Talk
from benchmarks.measure import Contest, Target, Variant
from warehouse.core import ids, seals
from warehouse.core.work import Event

TARGET: Final = Target(at_most=1.3)
_ORIGINAL: Final = range(8_000_000, 8_000_020)
_FIRST: Final = 8_100_000  # of the parcels that are scanned and timed
_LEFT: Final = 18  # parcels of the original that went out; the others stay in their bins
_BINS: Final = ("A-02-01", "B-02-02")

# What a person or the house has once, and what follows from the events.
_NOT_COPIED: Final = frozenset({"task", "job", "event_seal", "number_series"})
_NUMBERS: Final = frozenset(
    {"number", "external_ref", "parcel_number", "reference_number", "declaration_number"}
)
_GUARANTEE: Final = """
UPDATE guarantee_account SET reserved_baht = entered.reserved, debited_baht = entered.debited
  FROM (SELECT account_id,
               sum(CASE kind WHEN 'reserve' THEN amount WHEN 'debit' THEN -amount
                             WHEN 'free' THEN -amount ELSE 0 END) AS reserved,
               sum(CASE kind WHEN 'debit' THEN amount WHEN 'release' THEN -amount
                             ELSE 0 END) AS debited
          FROM guarantee_entry GROUP BY account_id) AS entered
 WHERE guarantee_account.id = account_id
"""

_UNCHECKED: Final = "SET session_replication_role = replica"  # what adds up needs no trigger
_SEALED_LAST: Final = """
SELECT position, hash, event.sequence FROM event_seal JOIN event ON event.id = event_id
 ORDER BY position DESC LIMIT 1
"""
_UNSEALED: Final = "SELECT * FROM event WHERE sequence > %s ORDER BY sequence"
_SEAL: Final = "COPY event_seal (id, position, event_id, hash, at) FROM STDIN"


class Ledger:
    """A warehouse with so many *movements* behind it, and one clerk who is timed."""

    def __init__(self, own: House, movements: int, *, parcels: int, rounds: int) -> None:
        self.house = own
        self.parcels = parcels
        since = ids.new_id()
        _go_all_the_way(own)
        with own.root() as root:
            _fill(root, since, movements)
        _seal(own)
        fresh = range(_FIRST, _FIRST + parcels * rounds)
        bond.enter(own, fresh)
        self.fresh = iter(fresh)
        own.settle()

    def scans(self) -> float:
        """Milliseconds of the scans of one parcel, each the median of all parcels of a round.

        It is received and put away, and one of the like is picked: the oldest there is.
        """
        clerk = self.house.clerks[0]
        fresh = list(islice(self.fresh, self.parcels))
        numbers = [parcel(number) for number in fresh]
        received = self._each(1, shift.receive(clerk, numbers))
        stored = self._each(2, shift.put_away(clerk, numbers))
        wanted = [[(content(number, self.house.skus)[0], 1)] for number in fresh]
        picked = self._each(3, shift.pick(clerk, bond.order(self.house, wanted, released=False)))
        return 1000 * sum((*received, *stored, *picked))

    def _each(self, scans: int, talk: Talk) -> Sequence[float]:
        """The median seconds of each of the *scans* of a parcel; a command stands before them."""
        [[_, *seconds]] = shift.work(self.house, [talk]).seconds
        return [median(seconds[at::scans]) for at in range(scans)]


def contest(hall: House, movements: Sequence[int], *, parcels: int, rounds: int) -> Contest:
    """Time *parcels* a round on ledgers of so many *movements*; the first is the limit."""
    shortest, *others = (_variant_name(each) for each in movements)
    ledgers = {
        _variant_name(each): Ledger(
            hall.programs.enter_context(house.opened()), each, parcels=parcels, rounds=rounds
        )
        for each in movements
    }
    return Contest(
        "Growth: scans of a parcel",
        "ms",
        TARGET,
        [
            Variant(shortest, ledgers[shortest].scans),
            *(Variant(name, ledgers[name].scans, shortest) for name in others),
        ],
    )


def _variant_name(movements: int) -> str:
    return f"{movements:,} movements"


def _go_all_the_way(own: House) -> None:
    """A consignment is received, put away and carried on; most of it leaves, and it is sealed."""
    bond.enter(own, _ORIGINAL)
    shift.store(own, _ORIGINAL)
    numbers = [parcel(number) for number in _ORIGINAL]
    clerk = own.clerks[0]
    for code, some in zip(_BINS, (numbers[::2], numbers[1::2]), strict=True):
        shift.work(own, [shift.move(clerk, some, code)])
    sold = [content(number, own.skus) for number in _ORIGINAL[:_LEFT]]
    orders = bond.order(own, [[each] for each in sold], released=True)
    shift.work(own, [shift.one_by_one((shift.pick(clerk, orders), shift.leave(clerk, orders)))])
    with own.begin() as work:
        seals.seal_events(work, {})


def _fill(root: psycopg.Connection, since: UUID, movements: int) -> None:
    """Copy what was written *since* until there are so many *movements*."""
    counted = root.execute("SELECT count(*) FROM movement").fetchone()
    assert counted is not None, "a count is always there"
    copies = round(movements / counted[0]) - 1
    root.execute(_UNCHECKED)
    for table in SQLModel.metadata.sorted_tables:
        if table.name not in _NOT_COPIED:
            root.execute(_copy(table, since, copies).encode())
    root.execute(_GUARANTEE.encode())


def _copy(table: Table, since: UUID, copies: int) -> str:
    """The statement that copies the rows of *table* written *since*, in their order."""
    columns = [each for each in table.columns if each.identity is None and each.computed is None]
    names = ", ".join(each.name for each in columns)
    chosen = ", ".join(_copied(each, since) for each in columns)
    return f"""
        INSERT INTO {table.name} ({names})
        SELECT {chosen} FROM generate_series(1, {copies}) AS copy, {table.name}
         WHERE {table.name}.id > '{since}' ORDER BY copy, {table.name}.id
    """


def _copied(column: "Column[object]", since: UUID) -> str:
    """The value of *column* in a copy: keys begin with the number of the copy, numbers too."""
    name = f"{column.table.name}.{column.name}"
    if isinstance(column.type, Uuid):
        copied = f"(lpad(to_hex(copy), 8, '0') || substr({name}::text, 9))::uuid"
        return f"CASE WHEN {name} > '{since}' THEN {copied} ELSE {name} END"
    if column.name in _NUMBERS:
        return f"'H' || upper(lpad(to_hex(copy), 4, '0')) || right({name}, 8)"
    return name


def _seal(own: House) -> None:
    """Chain the copied events to the last one, as the job of every minute does, but faster."""
    with own.root() as reading, own.root() as writing:
        reading.execute("SET timezone = 'UTC'")
        [(position, head, sequence)] = reading.execute(_SEALED_LAST).fetchall()
        events = reading.cursor("events", row_factory=namedtuple_row, withhold=True)
        events.itersize = 10_000
        events.execute(_UNSEALED, (sequence,))
        writing.execute(_UNCHECKED)
        with writing.cursor().copy(_SEAL) as sink:
            for event in cast("Iterator[Event]", events):
                position, head = position + 1, seals.chained(head, event)
                sink.write(f"{ids.new_id()}\t{position}\t{event.id}\t{head}\t{event.at}\n")
