"""The dialogue with each scanner, every scan, and the files that came in."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Index, UniqueConstraint
from sqlmodel import Field

from warehouse.core import db
from warehouse.operations.vocabulary import Step, TaskKind, Tone


class Task(db.Table, table=True):
    """What one person is doing now: the server holds the dialogue.

    A person has one row; it is locked first by every scan, so that scans of one person queue.
    *since* is the `Scan.sequence` of the scan that began the step.
    """

    person_id: UUID = Field(foreign_key="person.id", unique=True)
    kind: TaskKind | None = Field(default=None, sa_type=db.text_enum(TaskKind))
    step: Step = Field(sa_type=db.text_enum(Step))
    handling_unit_id: UUID | None = Field(default=None, foreign_key="handling_unit.id")
    location_id: UUID | None = Field(default=None, foreign_key="location.id")
    shipment_id: UUID | None = Field(default=None, foreign_key="shipment.id")
    since: int = Field(sa_type=BigInteger)


@db.append_only
class Scan(db.Table, table=True):
    """A scan, accepted or refused, and the answer it got.  Its id was made on the device.

    The answer is kept as text, so that a repetition gets the very same bytes.
    """

    __table_args__ = (Index("ix_scan_again", "person_id", "value"),)

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
    device_sequence: int | None = Field(default=None, sa_type=BigInteger)
    scanned_at: datetime | None = db.optional_instant()
    at: datetime = db.instant()
    recorded_at: datetime | None = db.recorded_at()


class ImportedFile(db.Table, table=True):
    """A partner's file that was taken in: the same bytes again are the same import."""

    __table_args__ = (UniqueConstraint("partner_id", "sha256"),)

    partner_id: UUID = Field(foreign_key="partner.id")
    sha256: str = Field(max_length=64)
    name: str = Field(max_length=200)
    consignment_id: UUID = Field(foreign_key="consignment.id")
    at: datetime = db.instant()
