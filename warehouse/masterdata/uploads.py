"""Files of reference data: looked over when they come, taken in by a second person, or refused.

A file is taken in whole or not at all.  Rows of the table are never rewritten: a row of the file
that begins while an open one holds ends that one the day before.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from warehouse.core import db, sheets
from warehouse.core.sheets import CellFinding, MisreadError
from warehouse.core.work import Work
from warehouse.masterdata import dated
from warehouse.masterdata.dated import Dated, Plan
from warehouse.masterdata.errors import (
    NotFromTraining,
    TableNotFound,
    UploadDecided,
    UploadHasProblems,
    UploadNeedsSecondPerson,
    UploadNotFound,
)
from warehouse.masterdata.models import Premises, ReferenceUpload
from warehouse.masterdata.official import TABLES
from warehouse.masterdata.tables import Table
from warehouse.masterdata.vocabulary import ReferenceEvent, UploadState

MOST_ROWS: Final = 100_000
MOST_PROBLEMS: Final = 500
"""So many problems of a file are told; whoever corrects them sees the others next time."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a file would change, and what stands against it."""

    plan: Plan[Dated]
    problems: Sequence[CellFinding]


NOTHING: Final = Looked(Plan(), ())
"""What a file would change that was decided on."""


def preview(
    work: Work, name: str, filename: str, content: bytes, since: date | None = None
) -> ReferenceUpload:
    """Look over *content*, the file *filename* for table *name*; keep it for a second person.

    With *since*, what the file says of days before it is left out.  The same bytes for the same
    table that still wait are the same upload.

    Raises:
        TableNotFound: there is no such table.
        NotFromTraining: the actor works in the training warehouse.
    """
    _refuse_training(work)
    sha256 = hashlib.sha256(content).hexdigest()
    if waiting := _waiting(work, name, sha256, since):
        return waiting
    upload = ReferenceUpload(
        table_name=table(name).name,
        filename="".join(filter(str.isprintable, filename))[:200],
        content=content,
        sha256=sha256,
        since=since,
        state=UploadState.WAITING,
        added=0,
        ended=0,
        same=0,
        uploaded_by=work.actor.name,
        uploaded_at=work.at,
    )
    _note(upload, look(work.session, upload))
    work.session.add(upload)
    work.emit(ReferenceEvent.UPLOADED, upload.id, table=name, filename=upload.filename)
    return upload


def look(session: Session, upload: ReferenceUpload) -> Looked:
    """What *upload* would change now."""
    of = table(upload.table_name)
    source = f"{upload.filename} ({upload.sha256[:12]})"[-200:]
    try:
        given = sheets.read_all(upload.content, most_rows=MOST_ROWS)
    except MisreadError as misread:
        return Looked(Plan(), misread.findings)
    read, problems = of.rows(given, source)
    rows = [row for _, row in read]
    if upload.since:
        rows = dated.since(rows, of.keys, upload.since)
    numbers = {row.id: cells.number for cells, row in read}
    plan = dated.plan(dated.stored(session, of.model), rows, of.keys, closing=True)
    problems += (
        CellFinding(numbers[row.id], "", "", error.code, error.message, error.facts)
        for row, error in plan.problems
    )
    return Looked(plan, sorted(problems, key=lambda problem: problem.row))


def take_in(work: Work, upload_id: UUID) -> ReferenceUpload:
    """Change the table as the upload says.

    Raises:
        UploadNotFound: there is no such upload.
        UploadDecided: it was decided before.
        UploadNeedsSecondPerson: the same person brought it.
        NotFromTraining: the actor works in the training warehouse.
        UploadHasProblems: a row cannot be taken in, now or then.
    """
    upload = _decided(work, upload_id, UploadState.TAKEN_IN)
    model = table(upload.table_name).model
    dated.lock(work, model)
    looked = look(work.session, upload)
    if looked.problems:
        raise UploadHasProblems(filename=upload.filename, count=len(looked.problems))
    dated.carry_out(work, model, looked.plan)
    _note(upload, looked)
    work.emit(
        ReferenceEvent.TAKEN_IN,
        upload.id,
        table=upload.table_name,
        sha256=upload.sha256,
        added=str(upload.added),
        ended=str(upload.ended),
    )
    return upload


def refuse(work: Work, upload_id: UUID) -> ReferenceUpload:
    """Leave the upload out.

    Raises:
        UploadNotFound: there is no such upload.
        UploadDecided: it was decided before.
        UploadNeedsSecondPerson: the same person brought it.
        NotFromTraining: the actor works in the training warehouse.
    """
    upload = _decided(work, upload_id, UploadState.REFUSED)
    work.emit(ReferenceEvent.REFUSED, upload.id, table=upload.table_name, sha256=upload.sha256)
    return upload


def table(name: str) -> Table:
    """The table *name*.

    Raises:
        TableNotFound: there is none.
    """
    if found := TABLES.get(name):
        return found
    raise TableNotFound(name=name)


def by_id(session: Session, upload_id: UUID) -> ReferenceUpload:
    """The upload *upload_id*.

    Raises:
        UploadNotFound: there is none.
    """
    if found := session.get(ReferenceUpload, upload_id):
        return found
    raise UploadNotFound


def told(problem: CellFinding) -> dict[str, str]:
    """*problem* with its sentence in each language."""
    place = {"row": str(problem.row), "column": problem.column, "value": problem.value}
    return place | {language: problem.text(language) for language in ("th", "en")}


def _decided(work: Work, upload_id: UUID, state: UploadState) -> ReferenceUpload:
    _refuse_training(work)
    locked = db.lock(work.session, ReferenceUpload, [upload_id], missing=UploadNotFound)
    upload = locked[upload_id]
    if upload.decided_by is not None:
        raise UploadDecided(filename=upload.filename, person=upload.decided_by)
    if upload.uploaded_by == work.actor.name:
        raise UploadNeedsSecondPerson(filename=upload.filename, person=upload.uploaded_by)
    upload.state, upload.decided_by, upload.decided_at = state, work.actor.name, work.at
    return upload


def _refuse_training(work: Work) -> None:
    here = work.session.get(Premises, work.actor.premises_id) if work.actor.premises_id else None
    if here is not None and here.training:
        raise NotFromTraining(code=here.code)


def _note(upload: ReferenceUpload, looked: Looked) -> None:
    upload.added, upload.ended = len(looked.plan.added), len(looked.plan.ended)
    upload.same = len(looked.plan.same)
    upload.problems = [told(problem) for problem in looked.problems[:MOST_PROBLEMS]]


def _waiting(work: Work, name: str, sha256: str, since: date | None) -> ReferenceUpload | None:
    return work.session.exec(
        select(ReferenceUpload).where(
            ReferenceUpload.table_name == name,
            ReferenceUpload.sha256 == sha256,
            col(ReferenceUpload.since).is_not_distinct_from(since),
            ReferenceUpload.state == UploadState.WAITING,
        )
    ).first()
