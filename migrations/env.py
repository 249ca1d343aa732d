"""How Alembic runs: as the owner, one migration a transaction, one migrator at a time."""

from typing import Final

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlmodel import SQLModel

from warehouse import wiring

_KEY: Final = 7_016_000  # advisory lock: one migrator at a time


def render_item(kind: str, item: object, autogen: AutogenContext) -> str | bool:  # noqa: ARG001
    """Write plain SQLAlchemy types: a migration imports nothing of ours."""
    if kind == "type" and isinstance(item, sa.types.TypeDecorator):
        if isinstance(item.impl_instance, sa.DateTime):
            return "sa.DateTime(timezone=True)"
        if isinstance(item.impl_instance, sa.String):
            return f"sa.String({item.impl_instance.length or ''})"
    return False


def run() -> None:
    """Migrate, or compare for autogenerate."""
    assert wiring.TABLES
    engine = sa.create_engine(context.config.attributes["url"], poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.execute(sa.text("SET lock_timeout = '4s'"))
        connection.execute(sa.text(f"SELECT pg_advisory_lock({_KEY})"))
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=SQLModel.metadata,
            transaction_per_migration=True,
            render_item=render_item,
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
