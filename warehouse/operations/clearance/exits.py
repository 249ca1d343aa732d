"""Goods that have left for abroad, or a free zone, and that nobody has seen there yet.

Their duty stays suspended, and the guarantee stands for it, until the exit is confirmed.
"""

from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from sqlmodel import Session

from warehouse.core import clock
from warehouse.core.errors import RuleViolation
from warehouse.core.i18n import N_
from warehouse.core.jobs import Facts
from warehouse.core.work import Work
from warehouse.customs import queries as customs
from warehouse.customs.clearing import remitting
from warehouse.customs.errors import NoExitToConfirm
from warehouse.customs.models import Declaration
from warehouse.customs.rules.policy import STANDARD
from warehouse.customs.vocabulary import CustomsEvent
from warehouse.masterdata import queries as masterdata
from warehouse.operations import wall

CONFIRMATION_DAYS: Final = "exit_confirmation_days"
"""The policy that says after how many days somebody is told."""


class ExitDayImplausible(RuleViolation):
    """Goods reach a border after they have left, and before somebody says so."""

    code = "exit-day-implausible"
    message = N_("{number} left the warehouse on {first}: its exit is of that day or later.")


class Waiting(NamedTuple):
    """A declaration whose goods left at *gone_at* and are not confirmed."""

    declaration: Declaration
    gone_at: datetime
    overdue: bool


GONE: Final = """
SELECT declaration.id, max(movement.at) AS gone_at
  FROM declaration JOIN release ON release.declaration_id = declaration.id
  JOIN release_line ON release_line.release_id = release.id
  JOIN movement ON movement.release_line_id = release_line.id
 WHERE declaration.state = 'released' AND declaration.document_type IN ('1', 'D')
   AND (%(premises_id)s::uuid IS NULL OR declaration.premises_id = %(premises_id)s)
 GROUP BY declaration.id
"""
"""The declarations whose goods left, and when the last of them did; *premises_id* may be NULL."""

_WAITING: Final = f"""
SELECT id, gone_at FROM ({GONE}) AS gone
 WHERE %(id)s::uuid IS NULL OR id = %(id)s
 ORDER BY gone_at, id
"""  # noqa: S608 (statements of ours)

TOLD: Final = "SELECT 1 FROM event WHERE name = %(name)s AND subject = %(subject)s LIMIT 1"


def waiting(
    work: Work, *, premises_id: UUID | None = None, declaration_id: UUID | None = None
) -> list[Waiting]:
    """What left longest ago first; of all warehouses, or of one, or one declaration."""
    latest = work.at - timedelta(days=allowed_days(work.session, work.today))
    rows = work.sql(_WAITING, premises_id=premises_id, id=declaration_id).fetchall()
    return [
        Waiting(customs.declaration_by_id(work.session, key), gone_at, gone_at < latest)
        for key, gone_at in rows
    ]


def allowed_days(session: Session, on: date) -> int:
    """How many days a border has to confirm what left, by the policy of the day *on*."""
    return int(customs.policy(session).value(CONFIRMATION_DAYS, STANDARD, on).number)


def watch(work: Work, _facts: Facts) -> None:
    """Every night: tell once of each exit that nobody confirmed in time.

    Customs of a sandbox confirms what left during the day.
    """
    for each in waiting(work):
        declaration = each.declaration
        if masterdata.premises_by_id(work.session, declaration.premises_id).training:
            remitting.confirm_exit(work, declaration, work.at)
        elif each.overdue and not _told(work, declaration.id):
            work.emit(
                CustomsEvent.EXIT_UNCONFIRMED,
                declaration.id,
                number=declaration.reference_number,
                gone_at=each.gone_at.isoformat(),
            )


def confirm(work: Work, number: str, *, document: str, on: date) -> Declaration:
    """The desk has *document*: the goods of declaration *number* were over the border *on* a day.

    Raises:
        NoPremises, DeclarationNotFound: there is none in the actor's premises.
        NoExitToConfirm: it does not go abroad, or to a free zone.
        NotGoneYet: its goods still stand here.
        ExitDayImplausible: they had not left on that day, or the day is not over.
        WrongState: customs has not released it, or its exit is confirmed.
    """
    declaration = wall.own_declaration(work, number)
    if declaration.document_type not in remitting.CONFIRMED:
        raise NoExitToConfirm(number=number)
    for each in waiting(work, declaration_id=declaration.id):
        first = clock.local_date(each.gone_at)
        if not first <= on <= work.today:
            raise ExitDayImplausible(number=number, first=first)
    at = datetime.combine(on, time(), clock.BANGKOK)
    remitting.confirm_exit(work, declaration, at, document=document)
    return declaration


def _told(work: Work, declaration_id: UUID) -> bool:
    name = CustomsEvent.EXIT_UNCONFIRMED.value
    return work.sql(TOLD, name=name, subject=declaration_id).fetchone() is not None
