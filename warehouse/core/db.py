"""The engine, the base of every table, column types, row locks."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import DDL, BigInteger, Engine, Identity, Numeric, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, Session, SQLModel, col, select

from warehouse.core import ids
from warehouse.core.errors import NotFound

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

_CONNECTION_OPTIONS: Final = " ".join(
    f"-c {name}={value}"
    for name, value in {
        "lock_timeout": "4s",
        "statement_timeout": "15s",
        "idle_in_transaction_session_timeout": "60s",
        "timezone": "UTC",
    }.items()
)


class Table(SQLModel):
    """A row with a UUIDv7 key, in the table ``declaration_line`` for a ``DeclarationLine``."""

    @declared_attr.directive
    def __tablename__(cls) -> str:  # noqa: N805 (SQLAlchemy calls it with the class)
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    id: UUID = Field(default_factory=ids.new_id, primary_key=True)


T = TypeVar("T", bound=Table)


def create_engine(url: str, *, pool_size: int = 5) -> Engine:
    """An engine of *pool_size* connections: READ COMMITTED, and a bound on every wait."""
    return sa.create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_pre_ping=False,
        pool_timeout=10,
        connect_args={"options": _CONNECTION_OPTIONS, "connect_timeout": 5},
    )


class Instant(sa.types.TypeDecorator[datetime]):
    """An aware UTC instant in ``timestamptz``; a naive one is a programmer's error."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        """Check the zone on the way in."""
        assert value is None or value.tzinfo is not None, "an instant has a zone"
        return value

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        """Give UTC on the way out."""
        return None if value is None else value.astimezone(UTC)


def instant(*, index: bool = False) -> Any:  # noqa: ANN401 (Field itself returns Any)
    """A required instant."""
    return Field(sa_type=Instant, index=index)


def optional_instant() -> Any:  # noqa: ANN401
    """An instant that may not have come yet."""
    return Field(default=None, sa_type=Instant, nullable=True)


def recorded_at() -> Any:  # noqa: ANN401
    """The database's own reading of the clock: evidence beside ``at``; it decides nothing."""
    return Field(
        default=None,
        sa_type=Instant,
        nullable=False,
        sa_column_kwargs={"server_default": sa.text("clock_timestamp()")},
    )


def money() -> Any:  # noqa: ANN401
    """A required amount of money: NUMERIC(19,4)."""
    return Field(sa_type=Numeric(19, 4))


def quantity() -> Any:  # noqa: ANN401
    """A required quantity in the stock-keeping unit: NUMERIC(18,3)."""
    return Field(sa_type=Numeric(18, 3))


def optional_quantity() -> Any:  # noqa: ANN401
    """A quantity that may not be known."""
    return Field(default=None, sa_type=Numeric(18, 3), nullable=True)


def rate() -> Any:  # noqa: ANN401
    """A required rate (per cent, or baht for a quoted unit): NUMERIC(19,6)."""
    return Field(sa_type=Numeric(19, 6))


def sequence() -> Any:  # noqa: ANN401
    """The order in which rows of a ledger were written; read ledgers by it."""
    return Field(
        default=None,
        sa_type=BigInteger,
        nullable=False,
        unique=True,
        sa_column_args=(Identity(always=True),),
    )


def facts() -> Any:  # noqa: ANN401
    """A small JSON object."""
    return Field(default_factory=dict, sa_type=JSONB, nullable=False)


def text_enum(kind: type[StrEnum], *, name: str | None = None) -> Any:  # noqa: ANN401
    """Text with a CHECK made from *kind*, so that adding a state is an ordinary migration.

    *name* tells apart two columns of one kind in one table.
    """
    return sa.Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=40,
        name=name or kind.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )


REFUSE_CHANGE: Final = DDL(  # type: ignore[no-untyped-call]
    """
    CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '%% only grows: %% refused', TG_TABLE_NAME, TG_OP
            USING ERRCODE = 'restrict_violation';
    END $$
    """
)
APPEND_ONLY: Final = """
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""


def append_only(model: type[T]) -> type[T]:
    """Class decorator: rows of this table are written once; nobody changes or removes them."""
    return guarded(model, APPEND_ONLY)


def guarded(model: type[T], trigger: str, *, function: str | None = None) -> type[T]:
    """Create *trigger* together with *model*'s table.

    It calls ``refuse_change()``, or the *function* of its own, which is created first.
    """
    table: sa.Table = model.__table__  # type: ignore[attr-defined]
    event.listen(table, "before_create", REFUSE_CHANGE)
    for statement in filter(None, (function, trigger.format(table=table.name))):
        create = DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]
        event.listen(table, "after_create", create)
    return model


def lock(
    session: Session, model: type[T], keys: Iterable[UUID], *, missing: type[NotFound] = NotFound
) -> Mapping[UUID, T]:
    """Lock the rows *keys* of *model* in key order and read them afresh.

    FOR NO KEY UPDATE: foreign-key checks of others need not wait.

    Raises:
        NotFound: one of them does not exist (*missing* says which error).
    """
    wanted = set(keys)
    rows = session.exec(
        select(model)
        .where(col(model.id).in_(wanted))
        .order_by(col(model.id))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    found = {row.id: row for row in rows}
    if absent := wanted - set(found):
        raise missing(what=model.__name__, key=str(min(absent)))
    return found
