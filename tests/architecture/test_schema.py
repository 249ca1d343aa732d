"""A migrated database is the one that the models describe."""

import sqlalchemy as sa
from alembic import command
from sqlalchemy import Engine
from sqlmodel import SQLModel

from tests.conftest import Copies, Database, Server
from warehouse import wiring
from warehouse.core import migrate
from warehouse.core import postgres as embedded

CATALOGUE = {
    "columns": """
        SELECT table_name, column_name, data_type, character_maximum_length, numeric_precision,
               numeric_scale, is_nullable, column_default, is_identity, identity_generation
          FROM information_schema.columns
         WHERE table_schema = 'public' AND table_name <> 'alembic_version'
    """,
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
         WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
           AND conrelid::regclass::text <> 'alembic_version'
    """,
    "indexes": """
        SELECT tablename, indexname, indexdef FROM pg_indexes
         WHERE schemaname = 'public' AND tablename <> 'alembic_version'
    """,
    "triggers": """
        SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger
         WHERE NOT tgisinternal
    """,
    "sequences": "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'",
}


def test_migrations_make_what_the_models_describe(
    postgres: Server, copied_database: Database
) -> None:
    assert wiring.TABLES
    name = "described_by_models"
    postgres.execute("CREATE DATABASE {name} OWNER {owner}", name=name, owner=embedded.OWNER)
    described = sa.create_engine(postgres.url(embedded.OWNER, name), poolclass=sa.NullPool)
    with described.begin() as connection:
        connection.execute(sa.text("CREATE EXTENSION btree_gist"))
    SQLModel.metadata.create_all(described)
    migrated = sa.create_engine(copied_database.owner_url, poolclass=sa.NullPool)

    from_models, from_migrations = catalogue(described), catalogue(migrated)

    postgres.execute("DROP DATABASE {name} WITH (FORCE)", name=name)
    assert from_migrations == from_models


def test_migrations_go_down_and_up_again(copies: Copies) -> None:
    with copies() as database:
        engine = sa.create_engine(database.owner_url, poolclass=sa.NullPool)
        before = catalogue(engine)

        command.downgrade(migrate.config(database.owner_url), "base")
        command.upgrade(migrate.config(database.owner_url), "head")

        assert catalogue(engine) == before


def test_the_application_role_may_not_change_a_ledger(database: Engine) -> None:
    with database.connect() as connection:
        rights = connection.execute(
            sa.text(
                """
                SELECT relname, has_table_privilege(oid, 'UPDATE'),
                       has_table_privilege(oid, 'DELETE'), has_table_privilege(oid, 'TRUNCATE')
                  FROM pg_class
                 WHERE oid IN (SELECT tgrelid FROM pg_trigger WHERE tgname = 'append_only')
                """
            )
        ).all()

    assert {name for name, *_ in rights} >= {"movement", "event", "discharge", "guarantee_entry"}
    assert not any(right for _, *held in rights for right in held)


def catalogue(engine: Engine) -> dict[str, set[tuple[object, ...]]]:
    with engine.connect() as connection:
        return {
            what: {tuple(row) for row in connection.execute(sa.text(query))}
            for what, query in CATALOGUE.items()
        }
