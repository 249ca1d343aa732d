"""Every hour all ledgers are added up.  What nobody has explained is an alarm until somebody does.

Lots that stand where no movement brought them are frozen, and people are called.
"""

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from warehouse.core import db, ids, notices
from warehouse.core.i18n import N_, translate
from warehouse.core.jobs import Begin, Facts
from warehouse.core.pages import Banner
from warehouse.core.work import Event, Work
from warehouse.inventory.holds import Level, Target
from warehouse.masterdata.reasons import Reason
from warehouse.operations import proofs
from warehouse.operations.bond import holding
from warehouse.operations.errors import AlarmNotFound, CauseMissing, CauseNamed
from warehouse.operations.models import ProofAlarm
from warehouse.operations.proofs import Astray, Proof
from warehouse.operations.vocabulary import FloorEvent

PATH: Final = "/alarm"
BANNER: Final = N_("The ledgers do not add up, and nobody has said why yet.")
TOLD: Final = N_(
    "{count} differences, the first: {difference}. Everything added up for the last time: "
    "{last_good}. Frozen lots: {lots}."
)

Difference = dict[str, str]
"""``proof`` and ``difference``."""


def prove_and_tell(begin: Begin, facts: Facts) -> None:  # noqa: ARG001
    """Every hour: add everything up, tell how it went, and sound the alarm if it did not."""
    with begin() as work:
        found = proofs.prove(work.session)
        astray = proofs.astray(work.session)
    with begin() as work:
        if unexplained := _unexplained(work.session, found):
            _sound(work, unexplained, astray)
        _record(work, found)


def open_alarm(session: Session) -> ProofAlarm | None:
    """The alarm whose cause nobody has named."""
    return session.exec(select(ProofAlarm).where(col(ProofAlarm.named_at).is_(None))).first()


def banner(session: Session) -> Banner | None:
    """What every page says while an alarm is open."""
    alarm = select(ProofAlarm.id).where(col(ProofAlarm.named_at).is_(None))
    return Banner(BANNER, PATH) if session.exec(alarm).first() else None


def events_since(session: Session, alarm: ProofAlarm, *, limit: int = 200) -> Sequence[Event]:
    """What happened after the last good proof and before the alarm, oldest first."""
    return session.exec(
        select(Event)
        .where(col(Event.sequence) > alarm.since, Event.at <= alarm.opened_at)
        .order_by(col(Event.sequence))
        .limit(limit)
    ).all()


def name_cause(work: Work, alarm_id: UUID, cause: str) -> ProofAlarm:
    """Say why the ledgers differ: the alarm ends, and the same differences raise none again.

    What is frozen stays so until somebody lifts the holds.

    Raises:
        AlarmNotFound: there is none.
        CauseNamed: somebody has said it.
        CauseMissing: nothing is said.
    """
    alarm = db.lock(work.session, ProofAlarm, [alarm_id], missing=AlarmNotFound)[alarm_id]
    if alarm.named_at is not None:
        raise CauseNamed(person=alarm.named_by, at=alarm.named_at)
    if not cause.strip():
        raise CauseMissing
    alarm.cause, alarm.named_by, alarm.named_at = cause.strip(), work.actor.name, work.at
    work.emit(FloorEvent.CAUSE_NAMED, alarm.id, cause=alarm.cause)
    return alarm


def _unexplained(session: Session, found: Iterable[Proof]) -> list[Difference]:
    """The differences that no alarm, open or named, has yet."""
    known = {
        (each["proof"], each["difference"])
        for differences in session.exec(select(ProofAlarm.differences))
        for each in differences
    }
    return [
        {"proof": proof.name, "difference": difference}
        for proof in found
        for difference in proof.differences
        if (proof.name, difference) not in known
    ]


def _sound(work: Work, unexplained: list[Difference], astray: Sequence[Astray]) -> None:
    alarm = open_alarm(work.session) or _opened(work)
    new = {each["difference"] for each in unexplained}
    concerned = {each.lot: each for each in astray if each.difference in new}
    frozen = [each for lot, each in sorted(concerned.items()) if lot not in alarm.lots]
    alarm.differences = [*alarm.differences, *unexplained]
    alarm.lots = [*alarm.lots, *(each.lot for each in frozen)]
    work.session.flush()
    for each in frozen:
        holding.place(
            work,
            Reason.COUNT_DIFFERENCE,
            Target(Level.LOT, each.lot_id),
            note=each.difference,
            premises_id=each.premises_id,
        )
    _call(work, alarm, unexplained)


def _opened(work: Work) -> ProofAlarm:
    good = work.session.exec(
        select(Event)
        .where(Event.name == FloorEvent.PROVED, col(Event.facts)["differences"].astext == "0")
        .order_by(col(Event.sequence).desc())
        .limit(1)
    ).first()
    alarm = ProofAlarm(
        opened_at=work.at,
        last_good_at=good.at if good else None,
        since=good.sequence or 0 if good else 0,
    )
    work.session.add(alarm)
    return alarm


def _call(work: Work, alarm: ProofAlarm, unexplained: list[Difference]) -> None:
    """Tell the duty manager, on the record and outside of the program."""
    facts = {
        "count": str(len(unexplained)),
        "difference": unexplained[0]["difference"],
        "last_good": alarm.last_good_at.isoformat() if alarm.last_good_at else "–",
        "lots": ", ".join(alarm.lots) or "–",
    }
    event_id = work.emit(FloorEvent.ALARM_RAISED, alarm.id, **facts)
    shown = facts | {"last_good": alarm.last_good_at or "–"}
    text = "\n".join(translate(TOLD, language, **shown) for language in ("th", "en"))
    notices.tell(work, f"alarm:{event_id}", translate(BANNER, "th"), text)


def _record(work: Work, found: Sequence[Proof]) -> None:
    work.emit(
        FloorEvent.PROVED,
        ids.new_id(),
        proofs=str(len(found)),
        differences=str(sum(len(proof.differences) for proof in found)),
        broken="; ".join(proof.name for proof in found if not proof.holds),
    )
