"""The breaker: when customs' gateway is away, filings wait, and one call at a time asks for it.

One row stands for the silence of customs.  From the fifth call in a row that gets no answer it is
an outage: nothing is sent, and only a probe asks, after half a minute, then less and less often.
The first answer ends it, and everything that waited goes out.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, select

from warehouse.core import ids
from warehouse.core.work import Work
from warehouse.customs.models import Outage
from warehouse.customs.vocabulary import CustomsEvent

FAILURES_OF_AN_OUTAGE: Final = 5
FIRST_WAIT: Final = timedelta(seconds=30)
LONGEST_WAIT: Final = timedelta(minutes=5)

_COUNT: Final = """
INSERT INTO outage (id, since, failures, next_try_at)
VALUES (%(id)s, %(at)s, 1, %(at)s)
ON CONFLICT ((until IS NULL)) WHERE until IS NULL
DO UPDATE SET failures = outage.failures + 1
RETURNING id, failures
"""

_CLAIM_PROBE: Final = """
UPDATE outage SET next_try_at = %(next)s
 WHERE until IS NULL AND failures >= %(failures)s AND next_try_at <= %(at)s
RETURNING id
"""


def current(session: Session) -> Outage | None:
    """The outage that lasts; None while customs answers."""
    return session.exec(
        select(Outage).where(col(Outage.until).is_(None), Outage.failures >= FAILURES_OF_AN_OUTAGE)
    ).first()


def note_silence(work: Work) -> None:
    """Customs did not answer a call."""
    outage_id, failures = work.sql(_COUNT, id=ids.new_id(), at=work.at).fetchall()[0]
    if failures >= FAILURES_OF_AN_OUTAGE:
        work.sql(
            "UPDATE outage SET next_try_at = %(next)s WHERE id = %(id)s",
            id=outage_id,
            next=_next_try(work.at, failures),
        )
    if failures == FAILURES_OF_AN_OUTAGE:
        work.emit(CustomsEvent.GATEWAY_DOWN, outage_id)


def note_answer(work: Work) -> None:
    """Customs answered a call, whatever it said: an outage is over."""
    silence = work.session.exec(
        select(Outage).where(col(Outage.until).is_(None)).with_for_update(key_share=True)
    ).first()
    if silence is None:
        return
    if silence.failures < FAILURES_OF_AN_OUTAGE:
        work.session.delete(silence)
        return
    silence.until = work.at
    work.emit(CustomsEvent.GATEWAY_UP, silence.id, since=silence.since.isoformat())


def may_probe(work: Work) -> bool:
    """Whether to call customs now: while it is away, one asks at a time and the others wait."""
    if current(work.session) is None:
        return True
    claimed = work.sql(
        _CLAIM_PROBE,
        at=work.at,
        next=work.at + LONGEST_WAIT,
        failures=FAILURES_OF_AN_OUTAGE,
    )
    return claimed.fetchone() is not None


def _next_try(at: datetime, failures: int) -> datetime:
    waits = min(failures - FAILURES_OF_AN_OUTAGE + 1, LONGEST_WAIT // FIRST_WAIT)
    return at + FIRST_WAIT * waits
