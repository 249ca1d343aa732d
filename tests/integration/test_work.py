"""The unit of work: plain SQL and rows are one transaction."""

from warehouse.core.work import Work


def test_plain_sql_in_a_savepoint_is_undone_with_it(work: Work) -> None:
    work.sql("CREATE TEMPORARY TABLE written (number integer)")

    savepoint = work.session.begin_nested()
    work.sql("INSERT INTO written VALUES (1)")
    savepoint.rollback()

    assert work.sql("SELECT count(*) FROM written").fetchone() == (0,)
