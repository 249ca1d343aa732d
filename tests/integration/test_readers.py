"""Look-ups that share a reading: each gets its own answer, and only its own failure."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine

from warehouse.core.readers import MOST_TOGETHER, Readers, Row

ECHO = """
    SELECT place, what || '!' FROM unnest(%s::text[]) WITH ORDINALITY AS asked (what, place)
     WHERE what <> 'nothing'
"""
HALF = "SELECT place, 1 / what::int FROM unnest(%s::text[]) WITH ORDINALITY AS asked (what, place)"
WHO = """
    SELECT place, pg_backend_pid() FROM unnest(%s::text[]) WITH ORDINALITY AS asked (what, place)
"""


def together(engine: Engine, statement: str, asked: list[str]) -> list[Any]:
    async def ask() -> list[Any]:
        readers = Readers(engine)
        questions: list[Coroutine[Any, Any, Row | None]] = [
            readers.row(statement, each) for each in asked
        ]
        try:
            return await asyncio.gather(*questions, return_exceptions=True)
        finally:
            engine.dispose()

    return asyncio.run(ask())


def test_everybody_gets_the_answer_to_their_own_question(database: Engine) -> None:
    asked = [str(number) for number in range(3 * MOST_TOGETHER + 7)]

    answers = together(database, ECHO, asked)

    assert answers == [(f"{each}!",) for each in asked]


def test_who_finds_nothing_hears_so_and_the_others_do_not_shift(database: Engine) -> None:
    answers = together(database, ECHO, ["a", "nothing", "b", "nothing", "c"])

    assert answers == [("a!",), None, ("b!",), None, ("c!",)]


def test_text_that_cannot_travel_fails_alone(database: Engine) -> None:
    good, bad, also_good = together(database, ECHO, ["a", "\ud800", "b"])

    assert isinstance(bad, UnicodeEncodeError)
    assert (good, also_good) == (("a!",), ("b!",))


def test_a_failed_reading_is_told_to_all_who_shared_it_and_the_next_works(
    database: Engine,
) -> None:
    async def ask() -> tuple[list[Any], Row | None]:
        readers = Readers(database)
        failed = await asyncio.gather(
            *(readers.row(HALF, each) for each in ("1", "0")), return_exceptions=True
        )
        after = await readers.row(HALF, "1")
        database.dispose()
        return failed, after

    failed, after = asyncio.run(ask())

    assert all(isinstance(each, psycopg.errors.DivisionByZero) for each in failed)
    assert after == (1,)


def test_a_connection_that_died_while_idle_is_replaced(database: Engine) -> None:
    async def ask() -> tuple[Row | None, Row | None]:
        readers = Readers(database)
        before = await readers.row(WHO, "x")
        assert before is not None
        with database.connect() as connection:
            connection.exec_driver_sql("SELECT pg_terminate_backend(%s)", (before[0],))
        await asyncio.sleep(0.2)
        after = await readers.row(WHO, "x")
        database.dispose()
        return before, after

    before, after = asyncio.run(ask())

    assert after is not None
    assert after != before


@pytest.mark.parametrize("askers", [1, 40])
def test_a_reading_never_waits_to_be_full(database: Engine, askers: int) -> None:
    answers = together(database, ECHO, ["x"] * askers)

    assert answers == [("x!",)] * askers
