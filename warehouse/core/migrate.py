"""The schema to head, and the application role's rights on it.

Only the owner role migrates.  The application role may add to ledgers and read them; everything
that is not a ledger it may change too.
"""

from pathlib import Path
from typing import Final

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

MIGRATIONS: Final = Path(__file__).parents[2] / "migrations"

_LEDGERS: Final = """
    SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
     WHERE tgname = 'append_only'
"""


class NewerSchemaError(Exception):
    """The database was migrated by a newer release than this one."""


def config(owner_url: str) -> Config:
    """Alembic's configuration, made here so that there is no file of settings to keep in step."""
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    made.attributes["url"] = owner_url
    return made


def upgrade(owner_url: str, app_role: str = "warehouse_app") -> None:
    """Bring the schema to head as the owner, and grant *app_role* what it needs.

    Raises:
        NewerSchemaError: the schema has a migration that this program does not know.
    """
    engine = sa.create_engine(owner_url, poolclass=sa.NullPool)
    if not at_head(engine):
        command.upgrade(config(owner_url), "head")
        _grant(engine, app_role)
    engine.dispose()


def at_head(engine: sa.Engine) -> bool:
    """Whether the database has every migration that this program knows.

    Raises:
        NewerSchemaError: it has one that this program does not know.
    """
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    known = ScriptDirectory(str(MIGRATIONS))
    if current is not None and current not in {each.revision for each in known.walk_revisions()}:
        raise NewerSchemaError(
            f"The database is at migration {current}, which this release does not know:"
            " use the newer release that made it."
        )
    return current == known.get_current_head()


def _grant(engine: sa.Engine, app_role: str) -> None:
    preparer = engine.dialect.identifier_preparer
    role = preparer.quote(app_role)
    with engine.begin() as connection:
        ledgers = set(connection.scalars(sa.text(_LEDGERS)))
        for table in sa.inspect(connection).get_table_names():
            if table == "alembic_version":
                rights = "SELECT"
            elif table in ledgers:
                rights = "SELECT, INSERT"
            else:
                rights = "SELECT, INSERT, UPDATE, DELETE"
            connection.execute(sa.text(f"GRANT {rights} ON {preparer.quote(table)} TO {role}"))
        connection.execute(sa.text(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}"))
