"""Papers once made are kept as they are, with their hash; a correction is a new paper."""

import base64
import hashlib
import secrets
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, LargeBinary, UniqueConstraint
from sqlalchemy.orm import defer
from sqlmodel import Field, Session, col, func, select

from warehouse.core import db
from warehouse.core.work import Work

_CODE_BYTES: Final = 10


class PaperEvent(StrEnum):
    """What is recorded of papers."""

    REPRINTED = "papers.paper.reprinted"
    BATCH_ASKED = "papers.batch.asked"


@db.append_only
class Paper(db.Table, table=True):
    """One printed thing: a label, a declaration, a note."""

    __table_args__ = (
        UniqueConstraint("kind", "subject", "version"),
        CheckConstraint("length(sha256) = 64", name="hashed"),
    )

    kind: str = Field(max_length=40)
    subject: UUID = Field(index=True)
    version: int
    number: str = Field(max_length=40, index=True)
    sha256: str = Field(max_length=64)
    media_type: str = Field(max_length=60)
    content: bytes = Field(sa_type=LargeBinary)
    verify_code: str | None = Field(default=None, max_length=16, unique=True)
    """What its QR code leads to; drawn by lot, so that no number tells it."""
    at: datetime = db.instant()


def new_code() -> str:
    """A code to verify a paper by: sixteen letters and digits, 80 bits drawn by lot."""
    return base64.b32encode(secrets.token_bytes(_CODE_BYTES)).decode()


def keep(
    work: Work,
    kind: str,
    subject: UUID,
    number: str,
    content: bytes,
    *,
    version: int = 1,
    verify_code: str | None = None,
) -> Paper:
    """Store *content* (a PDF) as the paper *kind* of *subject*, unless it is there already."""
    if earlier := paper_of(work.session, kind, subject, version):
        return earlier
    paper = Paper(
        kind=kind,
        subject=subject,
        version=version,
        number=number,
        sha256=hashlib.sha256(content).hexdigest(),
        media_type="application/pdf",
        content=content,
        verify_code=verify_code,
        at=work.at,
    )
    work.session.add(paper)
    return paper


def paper_of(session: Session, kind: str, subject: UUID, version: int = 1) -> Paper | None:
    """The paper *kind* of *subject*, if it has been made."""
    return session.exec(
        select(Paper).where(Paper.kind == kind, Paper.subject == subject, Paper.version == version)
    ).first()


def newest(session: Session, kind: str, subject: UUID) -> Paper | None:
    """The paper *kind* of *subject* with the highest version, if any has been made."""
    return session.exec(
        select(Paper)
        .where(Paper.kind == kind, Paper.subject == subject)
        .order_by(col(Paper.version).desc())
        .limit(1)
    ).first()


def last_version(session: Session, kind: str, subject: UUID) -> int:
    """The highest version of the paper *kind* of *subject*; 0 if none has been made."""
    return session.exec(
        select(func.coalesce(func.max(Paper.version), 0)).where(
            Paper.kind == kind, Paper.subject == subject
        )
    ).one()


def by_code(session: Session, code: str) -> Paper | None:
    """The paper whose QR code leads to *code*; its content is not read."""
    return session.exec(select(Paper).where(Paper.verify_code == code).options(_UNREAD)).first()


def by_hash(session: Session, sha256: str) -> Paper | None:
    """The paper with a code whose file has that hash; its content is not read."""
    return session.exec(
        select(Paper)
        .where(Paper.sha256 == sha256, col(Paper.verify_code).is_not(None))
        .options(_UNREAD)
    ).first()


_UNREAD: Final = defer(Paper.content)  # type: ignore[arg-type]  # a column, not its value
