"""The dialogue with each scanner, every scan, who is to do what, and the files that came in."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, CheckConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from warehouse.core import db
from warehouse.masterdata.vocabulary import UploadState
from warehouse.operations.vocabulary import (
    AssignmentKind,
    AssignmentState,
    BatchForm,
    BatchState,
    Step,
    TaskKind,
    Tone,
    WaveState,
)


class Task(db.Table, table=True):
    """What one person is doing now: the server holds the dialogue.

    A person has one row; it is locked first by every scan, so that scans of one person queue.
    *hand* is what is in hand: the ids and counts that the step needs.  *since* is the
    `Scan.sequence` of the scan that began the step.
    """

    person_id: UUID = Field(foreign_key="person.id", unique=True)
    kind: TaskKind | None = Field(default=None, sa_type=db.text_enum(TaskKind))
    step: Step = Field(sa_type=db.text_enum(Step))
    hand: dict[str, Any] = Field(
        default_factory=dict,
        sa_type=JSONB,
        nullable=False,
        sa_column_kwargs={"server_default": text("'{}'::jsonb")},
    )
    since: int = Field(sa_type=BigInteger)


@db.append_only
class Scan(db.Table, table=True):
    """A scan, accepted or refused, and the answer it got.  Its id was made on the device.

    The answer is kept as text, so that a repetition gets the very same bytes.  *hand_before* is
    what was in hand when the scan came: undoing it goes back there.  *waited*: it came late, after
    an outage.  *skew_seconds* says how far the device's clock was from ours.
    """

    __table_args__ = (
        Index("ix_scan_again", "person_id", "value", "sequence"),
        Index("ix_scan_last", "person_id", "sequence"),
    )

    sequence: int | None = db.sequence()
    person_id: UUID = Field(foreign_key="person.id")
    premises_id: UUID = Field(foreign_key="premises.id")
    device: str = Field(max_length=40)
    barcode: str
    value: str
    kind: TaskKind | None = Field(default=None, sa_type=db.text_enum(TaskKind))
    step: Step = Field(sa_type=db.text_enum(Step))
    tone: Tone = Field(sa_type=db.text_enum(Tone))
    answer: dict[str, Any] = Field(sa_type=JSON)
    hand_before: dict[str, Any] = Field(
        default_factory=dict,
        sa_type=JSONB,
        nullable=False,
        sa_column_kwargs={"server_default": text("'{}'::jsonb")},
    )
    waited: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    skew_seconds: int | None = None
    undoes_id: UUID | None = Field(default=None, foreign_key="scan.id", unique=True)
    device_sequence: int | None = Field(default=None, sa_type=BigInteger)
    scanned_at: datetime | None = db.optional_instant()
    at: datetime = db.instant()
    recorded_at: datetime | None = db.recorded_at()


class ReleaseChannel(db.Table, table=True):
    """Orders that leave together: one carrier's, one partner's, one route's, by a daily cut-off.

    *cut_off* is a Bangkok time of day, ``HH:MM``; *most_in_progress* bounds what the floor picks
    at once.
    """

    __table_args__ = (
        UniqueConstraint("premises_id", "code"),
        CheckConstraint("cut_off ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'", name="time_of_day"),
        CheckConstraint("most_in_progress > 0", name="positive"),
    )

    premises_id: UUID = Field(foreign_key="premises.id")
    code: str = Field(max_length=20)
    name_th: str = Field(max_length=80)
    name_en: str = Field(max_length=80)
    partner_id: UUID | None = Field(default=None, foreign_key="partner.id")
    route_id: UUID | None = Field(default=None, foreign_key="route.id")
    cut_off: str = Field(max_length=5)
    most_in_progress: int
    priority: int = 0


class Wave(db.Table, table=True):
    """The shipments of a channel that are picked for one cut-off."""

    __table_args__ = (UniqueConstraint("channel_id", "cut_off_at"),)

    number: str = Field(max_length=20, unique=True)
    premises_id: UUID = Field(foreign_key="premises.id", index=True)
    channel_id: UUID = Field(foreign_key="release_channel.id")
    cut_off_at: datetime = db.instant()
    state: WaveState = Field(sa_type=db.text_enum(WaveState))
    planned_at: datetime = db.instant()
    released_at: datetime | None = db.optional_instant()
    done_at: datetime | None = db.optional_instant()


class Assignment(db.Table, table=True):
    """A piece of work for one person: nobody else gets it, unless they ask to take it over."""

    __table_args__ = (
        CheckConstraint("state <> 'taken' OR person_id IS NOT NULL", name="taken_by"),
        Index(
            "uq_assignment_shipment",
            "kind",
            "shipment_id",
            unique=True,
            postgresql_where=text("state IN ('open', 'taken') AND shipment_id IS NOT NULL"),
        ),
        Index(
            "ix_assignment_open",
            "premises_id",
            "kind",
            postgresql_where=text("state IN ('open', 'taken')"),
        ),
    )

    premises_id: UUID = Field(foreign_key="premises.id")
    kind: AssignmentKind = Field(sa_type=db.text_enum(AssignmentKind))
    state: AssignmentState = Field(sa_type=db.text_enum(AssignmentState))
    priority: int = 0
    wave_id: UUID | None = Field(default=None, foreign_key="wave.id", index=True)
    shipment_id: UUID | None = Field(default=None, foreign_key="shipment.id")
    handling_unit_id: UUID | None = Field(default=None, foreign_key="handling_unit.id")
    location_id: UUID | None = Field(default=None, foreign_key="location.id")
    product_id: UUID | None = Field(default=None, foreign_key="product.id")
    count_id: UUID | None = Field(default=None, foreign_key="count.id")
    disposal_id: UUID | None = Field(default=None, foreign_key="disposal.id")
    discrepancy_id: UUID | None = Field(default=None, foreign_key="discrepancy.id")
    scan_id: UUID | None = Field(default=None, foreign_key="scan.id", unique=True)
    facts: dict[str, str] = db.facts()
    person_id: UUID | None = Field(default=None, foreign_key="person.id", index=True)
    due_at: datetime | None = db.optional_instant()
    made_at: datetime = db.instant()
    taken_at: datetime | None = db.optional_instant()
    done_at: datetime | None = db.optional_instant()


class ImportedFile(db.Table, table=True):
    """A partner's file that was taken in: the same bytes again are the same import."""

    __table_args__ = (UniqueConstraint("partner_id", "sha256"),)

    partner_id: UUID = Field(foreign_key="partner.id")
    sha256: str = Field(max_length=64)
    name: str = Field(max_length=200)
    consignment_id: UUID = Field(foreign_key="consignment.id")
    at: datetime = db.instant()


class PaperBatch(db.Table, table=True):
    """A day's declarations as one file, put together while somebody watches it grow."""

    __table_args__ = (CheckConstraint("done >= 0 AND done <= total", name="progress"),)

    premises_id: UUID = Field(foreign_key="premises.id", index=True)
    business_day: date
    form: BatchForm = Field(sa_type=db.text_enum(BatchForm))
    state: BatchState = Field(sa_type=db.text_enum(BatchState))
    total: int
    done: int = 0
    content: bytes | None = Field(default=None, sa_type=LargeBinary)
    sha256: str | None = Field(default=None, max_length=64)
    requested_by: str = Field(max_length=80)
    requested_at: datetime = db.instant()
    finished_at: datetime | None = db.optional_instant()


class ProofAlarm(db.Table, table=True):
    """Something does not add up, and nobody has said why: open until a person names the cause."""

    __table_args__ = (
        Index(
            "uq_proof_alarm_open",
            text("(named_at IS NULL)"),
            unique=True,
            postgresql_where=text("named_at IS NULL"),
        ),
        CheckConstraint("(named_at IS NULL) = (named_by IS NULL)", name="named_whole"),
        CheckConstraint("(named_at IS NULL) = (cause = '')", name="named_why"),
    )

    opened_at: datetime = db.instant()
    last_good_at: datetime | None = db.optional_instant()
    """When everything added up for the last time; None: never."""
    since: int = Field(sa_type=BigInteger)
    """`Event.sequence` of that proof: what happened after it is under suspicion."""
    differences: list[dict[str, str]] = Field(default_factory=list, sa_type=JSONB, nullable=False)
    """``proof`` and ``difference``, each."""
    lots: list[str] = Field(default_factory=list, sa_type=JSONB, nullable=False)
    """Numbers of the lots that were frozen for it."""
    cause: str = Field(default="", max_length=500)
    named_by: str | None = Field(default=None, max_length=80)
    named_at: datetime | None = db.optional_instant()


class OpeningBalance(db.Table, table=True):
    """What an older system had in bond, line by line: looked at, then signed off by another."""

    __table_args__ = (CheckConstraint("decided_by <> uploaded_by", name="four_eyes"),)

    premises_id: UUID = Field(foreign_key="premises.id", index=True)
    filename: str = Field(max_length=200)
    content: bytes = Field(sa_type=LargeBinary)
    sha256: str = Field(max_length=64)
    state: UploadState = Field(sa_type=db.text_enum(UploadState))
    totals: list[dict[str, str]] = Field(default_factory=list, sa_type=JSONB, nullable=False)
    """``by`` (owner, chapter, line), ``name``, ``quantity``, ``cif_baht``: of the file."""
    problems: list[dict[str, str]] = Field(default_factory=list, sa_type=JSONB, nullable=False)
    """``row``, ``column``, ``value``, ``th``, ``en``: while there is one, nothing is signed off."""
    uploaded_by: str = Field(max_length=80)
    uploaded_at: datetime = db.instant()
    decided_by: str | None = Field(default=None, max_length=80)
    decided_at: datetime | None = db.optional_instant()
