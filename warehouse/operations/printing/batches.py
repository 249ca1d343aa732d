"""A business day's declarations as one file: a ZIP, or one PDF, put together behind the scenes.

Each step commits on its own, so that whoever waits sees how far it is.
"""

import hashlib
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import date, timedelta
from io import BytesIO
from typing import Final
from uuid import UUID

import pypdfium2
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from warehouse.core import clock
from warehouse.core.errors import NotFound
from warehouse.core.i18n import N_
from warehouse.core.jobs import Begin, Facts
from warehouse.core.papers import Paper, PaperEvent
from warehouse.core.work import Work
from warehouse.customs.models import Declaration
from warehouse.operations.models import PaperBatch
from warehouse.operations.printing.papers import DECLARATION
from warehouse.operations.vocabulary import BatchForm, BatchState

JOB: Final = "make-batch"
MEDIA_TYPES: Final[Mapping[BatchForm, str]] = {
    BatchForm.ZIP: "application/zip",
    BatchForm.MERGED: "application/pdf",
}

_STEP: Final = 25  # papers read in one transaction


class BatchNotFound(NotFound):
    """There is no such batch in the reader's warehouse, or it is not ready."""

    code = "batch-not-found"
    message = N_("There is no such batch of papers here, or it is not ready yet.")


class NothingPrinted(NotFound):
    """No declaration was printed on that day."""

    code = "nothing-printed"
    message = N_("No declaration was numbered and printed on {day}.")


def ask(work: Work, premises_id: UUID, day: date, form: BatchForm) -> PaperBatch:
    """Have the declarations that customs numbered on *day* put into one file.

    Raises:
        NothingPrinted: there are none.
    """
    total = len(_papers(work.session, premises_id, day))
    if not total:
        raise NothingPrinted(day=day)
    batch = PaperBatch(
        premises_id=premises_id,
        business_day=day,
        form=form,
        state=BatchState.WAITING,
        total=total,
        requested_by=work.actor.name,
        requested_at=work.at,
    )
    work.session.add(batch)
    work.emit(PaperEvent.BATCH_ASKED, batch.id, day=day.isoformat(), form=form.value)
    work.defer(JOB, once=f"{JOB}:{batch.id}", subject=str(batch.id))
    return batch


def newest(session: Session, premises_id: UUID, limit: int = 20) -> Sequence[PaperBatch]:
    """The last batches of the premises, the latest first."""
    return session.exec(
        select(PaperBatch)
        .where(PaperBatch.premises_id == premises_id)
        .order_by(col(PaperBatch.requested_at).desc())
        .limit(limit)
        .options(
            defer(PaperBatch.content)  # type: ignore[arg-type]  # a column, not its value
        )
    ).all()


def ready(session: Session, premises_id: UUID, batch_id: UUID) -> PaperBatch:
    """The batch *batch_id* of the premises, with its content.

    Raises:
        BatchNotFound: there is none, or it is not ready.
    """
    found = session.get(PaperBatch, batch_id)
    if found is None or found.premises_id != premises_id or found.content is None:
        raise BatchNotFound
    return found


def make(begin: Begin, facts: Facts) -> None:
    """Put the batch together, paper by paper; one that was finished stays as it is."""
    batch_id = UUID(facts["subject"])
    with begin() as work:
        batch = work.session.get_one(PaperBatch, batch_id)
        if batch.state is BatchState.DONE:
            return
        ids = _papers(work.session, batch.premises_id, batch.business_day)
        batch.total, batch.done, batch.state = len(ids), 0, BatchState.WAITING
        form = batch.form
    binder = _BINDERS[form]()
    with _failing(begin, batch_id):
        for at in range(0, len(ids), _STEP):
            step = ids[at : at + _STEP]
            with begin() as work:
                for paper_id in step:
                    binder.add(work.session.get_one(Paper, paper_id))
                work.session.get_one(PaperBatch, batch_id).done += len(step)
        content = binder.finish()
    with begin() as work:
        batch = work.session.get_one(PaperBatch, batch_id)
        batch.content = content
        batch.sha256 = hashlib.sha256(content).hexdigest()
        batch.state, batch.finished_at = BatchState.DONE, work.at


@contextmanager
def _failing(begin: Begin, batch_id: UUID) -> Iterator[None]:
    """What goes wrong inside shows on the page; the job is tried again."""
    try:
        yield
    except Exception:
        with begin() as work:
            work.session.get_one(PaperBatch, batch_id).state = BatchState.FAILED
        raise


def _papers(session: Session, premises_id: UUID, day: date) -> list[UUID]:
    """The newest paper of each declaration numbered that day, in the order of their numbers."""
    first, last = clock.midnight(day), clock.midnight(day + timedelta(days=1))
    rows = session.exec(
        select(Paper.subject, Paper.id)
        .join(Declaration, col(Declaration.id) == col(Paper.subject))
        .where(
            Paper.kind == DECLARATION,
            Declaration.premises_id == premises_id,
            col(Declaration.numbered_at) >= first,
            col(Declaration.numbered_at) < last,
        )
        .order_by(col(Paper.number), col(Paper.version))
    )
    return list(dict(rows.all()).values())


class _Zip:
    """One entry for each paper, as it was made, and a list of their hashes."""

    def __init__(self) -> None:
        self._file = BytesIO()
        self._archive = zipfile.ZipFile(self._file, "w", zipfile.ZIP_STORED)
        self._hashes: list[str] = []

    def add(self, paper: Paper) -> None:
        name = f"{paper.number}-v{paper.version}.pdf"
        self._archive.writestr(zipfile.ZipInfo(name), paper.content)
        self._hashes.append(f"{paper.sha256}  {name}\n")

    def finish(self) -> bytes:
        self._archive.writestr(zipfile.ZipInfo("SHA256SUMS"), "".join(self._hashes))
        self._archive.close()
        return self._file.getvalue()


class _Merged:
    """The pages of every paper one after the other; each paper alone is what its code verifies."""

    def __init__(self) -> None:
        self._document = pypdfium2.PdfDocument.new()

    def add(self, paper: Paper) -> None:
        with closing(pypdfium2.PdfDocument(paper.content)) as pages:
            self._document.import_pages(pages)

    def finish(self) -> bytes:
        file = BytesIO()
        self._document.save(file)
        self._document.close()
        return file.getvalue()


_BINDERS: Final[Mapping[BatchForm, type[_Zip] | type[_Merged]]] = {
    BatchForm.ZIP: _Zip,
    BatchForm.MERGED: _Merged,
}
