"""Who is to do what: pieces of work that wait, each for one person.

A piece of work is looked up by what it is about, whoever does it; only who asks for *any* work is
handed the next one, past those that others are just taking.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import TextClause
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, or_, select

from warehouse.core import ids
from warehouse.core.work import Work
from warehouse.operations.models import Assignment, Wave
from warehouse.operations.vocabulary import (
    ASSIGNMENT,
    AssignmentKind,
    AssignmentState,
    FloorEvent,
    WaveState,
)

PENDING: Final = (AssignmentState.OPEN, AssignmentState.TAKEN)


class About(TypedDict, total=False):
    """What a piece of work is about."""

    wave_id: UUID
    shipment_id: UUID
    handling_unit_id: UUID
    location_id: UUID
    product_id: UUID
    count_id: UUID
    disposal_id: UUID
    discrepancy_id: UUID
    scan_id: UUID


def add(
    work: Work,
    kind: AssignmentKind,
    premises_id: UUID,
    *,
    priority: int = 0,
    due_at: datetime | None = None,
    facts: Mapping[str, str] | None = None,
    **about: Unpack[About],
) -> UUID | None:
    """Ask for a piece of work; return its id, or None where it is asked for already.

    A shipment has one pending piece of each kind, and a scan one for ever.  The highest *priority*
    goes first, then the earliest *due_at*.
    """
    row = insert(Assignment).values(
        id=ids.new_id(),
        premises_id=premises_id,
        kind=kind,
        state=AssignmentState.OPEN,
        priority=priority,
        due_at=due_at,
        facts=dict(facts or {}),
        made_at=work.at,
        **about,
    )
    added = work.session.execute(
        row.on_conflict_do_nothing().returning(col(Assignment.id))
    ).scalar_one_or_none()
    if added is not None:
        work.emit(FloorEvent.ASSIGNED, added, kind=kind.value)
    return added


def find(work: Work, kind: AssignmentKind, **about: Unpack[About]) -> Assignment | None:
    """The pending piece of work about something, locked; the oldest, if there are several."""
    return work.session.exec(
        select(Assignment)
        .where(
            Assignment.kind == kind,
            col(Assignment.state).in_(PENDING),
            *(getattr(Assignment, name) == key for name, key in about.items()),
        )
        .order_by(col(Assignment.made_at), col(Assignment.id))
        .limit(1)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).first()


def held_by(work: Work, kind: AssignmentKind, person_id: UUID) -> list[Assignment]:
    """What a person has in hand, in the order in which it was taken, locked."""
    return list(
        work.session.exec(
            select(Assignment)
            .where(
                Assignment.kind == kind,
                Assignment.state == AssignmentState.TAKEN,
                Assignment.person_id == person_id,
            )
            .order_by(col(Assignment.taken_at), col(Assignment.id))
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
    )


def claim(
    work: Work,
    kind: AssignmentKind,
    premises_id: UUID,
    person_id: UUID,
    *,
    among: TextClause | None = None,
) -> Assignment | None:
    """Hand the next open piece of work to a person; None where nothing waits.

    *among* narrows the choice.  What is in a wave waits until the wave is released.  Ten people who
    ask at once get ten pieces: each skips what another is just taking.
    """
    held_back = select(Wave.id).where(Wave.state != WaveState.RELEASED)
    found = work.session.exec(
        select(Assignment)
        .where(
            Assignment.kind == kind,
            Assignment.premises_id == premises_id,
            Assignment.state == AssignmentState.OPEN,
            or_(
                col(Assignment.wave_id).is_(None),
                col(Assignment.wave_id).not_in(held_back),
            ),
            *([] if among is None else [among]),
        )
        .order_by(
            col(Assignment.priority).desc(),
            col(Assignment.due_at).asc().nulls_last(),
            col(Assignment.made_at),
            col(Assignment.id),
        )
        .limit(1)
        .with_for_update(key_share=True, skip_locked=True, of=Assignment)
        .execution_options(populate_existing=True)
    ).first()
    if found is not None:
        take(work, found, person_id)
    return found


def taken_by_another(assignment: Assignment, person_id: UUID) -> bool:
    """Whether somebody else is doing it: then they are asked about before it is taken."""
    return assignment.state is AssignmentState.TAKEN and assignment.person_id != person_id


def take(work: Work, assignment: Assignment, person_id: UUID) -> None:
    """A person does *assignment*, locked, from now on; taking it from another is recorded."""
    if assignment.state is AssignmentState.OPEN:
        assignment.state = ASSIGNMENT.step(assignment.state, AssignmentState.TAKEN)
    elif assignment.person_id == person_id:
        return
    else:
        work.emit(
            FloorEvent.TAKEN_OVER,
            assignment.id,
            kind=assignment.kind.value,
            taken_from=str(assignment.person_id),
        )
    assignment.person_id, assignment.taken_at = person_id, work.at
    work.session.add(assignment)
    work.session.flush()


def give_back(work: Work, assignment: Assignment) -> None:
    """Whoever has *assignment*, locked, puts it down unfinished: it is open for anybody."""
    assignment.state = ASSIGNMENT.step(assignment.state, AssignmentState.OPEN)
    assignment.person_id = assignment.taken_at = None
    work.session.flush()


def done(work: Work, assignment: Assignment) -> None:
    """The piece of work *assignment*, locked, is done, by whoever acts."""
    assignment.person_id = work.actor.id or assignment.person_id
    _end(work, assignment, AssignmentState.DONE)


def cancel(work: Work, assignment: Assignment) -> None:
    """The piece of work *assignment*, locked, is no longer needed."""
    _end(work, assignment, AssignmentState.CANCELLED)


def _end(work: Work, assignment: Assignment, state: AssignmentState) -> None:
    assignment.state = ASSIGNMENT.step(assignment.state, state)
    assignment.done_at = work.at
    work.session.flush()
