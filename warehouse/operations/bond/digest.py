"""The morning's digest in Thai: what was told last night of the time that goods may stay."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from warehouse.core import clock, i18n, notices
from warehouse.core.work import Work
from warehouse.customs.models import DeadlineNotice, Declaration
from warehouse.masterdata import queries as masterdata


def send(work: Work, premises_id: UUID) -> None:
    """Tell the people on duty of a premises what was noted today; nothing, if nothing was."""
    noted = _noted(work, premises_id)
    if not noted:
        return
    premises = masterdata.premises_by_id(work.session, premises_id)
    day = i18n.day(work.today, "th")
    notices.tell(
        work,
        f"deadlines:{premises.code}:{work.today.isoformat()}",
        f"{premises.name_th}: กำหนดเวลาเก็บของในทัณฑ์บน {day}",
        "\n".join(_line(notice, entry) for notice, entry in noted),
    )


def _noted(work: Work, premises_id: UUID) -> Sequence[tuple[DeadlineNotice, Declaration]]:
    return work.session.exec(
        select(DeadlineNotice, Declaration)
        .join(Declaration, col(Declaration.id) == col(DeadlineNotice.declaration_id))
        .where(
            Declaration.premises_id == premises_id,
            col(DeadlineNotice.at) >= clock.midnight(work.today),
        )
        .order_by(col(DeadlineNotice.ends_on), col(Declaration.reference_number))
    ).all()


def _line(notice: DeadlineNotice, entry: Declaration) -> str:
    left = "เกินกำหนดแล้ว" if notice.days_left < 0 else f"เหลือ {notice.days_left} วัน"
    number = entry.declaration_number or entry.reference_number
    return f"{number}: ครบกำหนด {i18n.day(notice.ends_on, 'th')} ({left})"
