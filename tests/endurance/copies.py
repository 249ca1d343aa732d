"""Many of what was made once: rows copied in SQL, with keys of their own that fit each other."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from warehouse.core.work import Work

Rows = Mapping[str, Sequence[UUID]]
"""The keys of the rows to be copied, by table."""

_COLUMNS = """
SELECT column_name, data_type FROM information_schema.columns
 WHERE table_name = %(table)s AND is_generated = 'NEVER' AND is_identity = 'NO'
   AND column_name NOT IN ('sequence', 'recorded_at')
"""


def key_of(original: UUID, copy: int) -> str:
    """SQL for the key of the *copy*-th copy of *original*."""
    return f"md5('{original}:{copy}')::uuid"


def copy_rows(work: Work, rows: Rows, copies: range, anew: Mapping[str, Mapping[str, str]]) -> None:
    """Copy *rows* for each number of *copies*: keys that name each other stay together.

    *anew*: by table and column, SQL that tells what is unique to copy ``n``.
    """
    originals = [key for keys in rows.values() for key in keys]
    for table, keys in rows.items():
        names, values = [], []
        for name, kind in work.sql(_COLUMNS, table=table).fetchall():
            names.append(f'"{name}"')
            values.append(anew.get(table, {}).get(name) or _value(name, kind))
        work.sql(
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)}"
            f" FROM {table} AS o CROSS JOIN generate_series(%(first)s::int, %(last)s::int) AS n"
            " WHERE o.id = ANY(%(keys)s)",
            originals=originals,
            keys=list(keys),
            first=copies.start,
            last=copies.stop - 1,
        )


def _value(name: str, kind: str) -> str:
    if kind != "uuid":
        return f'o."{name}"'
    return (
        f'CASE WHEN o."{name}" = ANY(%(originals)s)'
        f' THEN md5(o."{name}"::text || \':\' || n)::uuid ELSE o."{name}" END'
    )
