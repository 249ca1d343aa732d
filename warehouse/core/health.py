"""Whether the database can be worked with, and why not."""

from typing import Final

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine

from warehouse.core import migrate

# What acknowledged work needs to be durable, and what keeps ledgers whole.
_SETTINGS: Final = sa.text("""
SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean AS read_only,
       current_setting('fsync')::boolean AS fsync,
       current_setting('full_page_writes')::boolean AS full_page_writes,
       current_setting('synchronous_commit') AS synchronous_commit,
       has_table_privilege('event', 'UPDATE') AS may_rewrite_history
""")


def checks(engine: Engine) -> dict[str, str | None]:
    """Each check, with the reason why it fails, or None if all is well."""
    try:
        if not migrate.at_head(engine):
            return {"database": None, "migrations": "the schema is not at head"}
        with engine.connect() as connection:
            found = connection.execute(_SETTINGS).one()
    except sa.exc.SQLAlchemyError as failure:
        return {"database": type(failure).__name__}
    durable = found.synchronous_commit not in {"off", "local"}
    return {
        "database": "the database is read-only" if found.read_only else None,
        "migrations": None,
        "fsync": None if found.fsync else "fsync is off",
        "full_page_writes": None if found.full_page_writes else "full_page_writes is off",
        "synchronous_commit": None if durable else f"it is {found.synchronous_commit}",
        "role": "the role may rewrite history" if found.may_rewrite_history else None,
    }


def schema_revision(engine: Engine) -> str | None:
    """The migration that the database is at."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()
