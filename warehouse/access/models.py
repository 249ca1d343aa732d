"""People, devices, sign-ins, partners' keys, and answers kept for repeated requests."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary, UniqueConstraint
from sqlmodel import Field

from warehouse.access.vocabulary import Role
from warehouse.core import db


class Person(db.Table, table=True):
    """Somebody who works here or looks in."""

    username: str = Field(max_length=40, unique=True)
    name_th: str = Field(max_length=80)
    name_en: str = Field(max_length=80)
    role: Role = Field(sa_type=db.text_enum(Role))
    password_hash: str = Field(max_length=200)
    badge: str | None = Field(default=None, max_length=40, unique=True)
    pin_hash: str | None = Field(default=None, max_length=200)
    language: str = Field(default="th", max_length=2)
    premises_id: UUID | None = Field(default=None, foreign_key="premises.id")
    active: bool = True
    failures: int = 0
    locked_until: datetime | None = db.optional_instant()


class Device(db.Table, table=True):
    """A shared scanner, enrolled once; people sign in on it with badge and PIN."""

    code: str = Field(max_length=40, unique=True)
    name: str = Field(max_length=80)
    token_hash: str = Field(max_length=64, unique=True)
    premises_id: UUID = Field(foreign_key="premises.id")
    active: bool = True


class SignIn(db.Table, table=True):
    """One session of one person: the cookie holds a token, we hold its hash."""

    token_hash: str = Field(max_length=64, unique=True)
    csrf_token: str = Field(max_length=64)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    device_id: UUID | None = Field(default=None, foreign_key="device.id")
    at: datetime = db.instant()
    seen_at: datetime = db.instant()
    ends_at: datetime = db.instant()
    ended_at: datetime | None = db.optional_instant()


class ApiKey(db.Table, table=True):
    """A partner's key: its prefix finds the row, its secret is kept only as a hash."""

    partner_id: UUID = Field(foreign_key="partner.id", index=True)
    name: str = Field(max_length=80)
    prefix: str = Field(max_length=16, unique=True)
    secret_hash: str = Field(max_length=64)
    issued_at: datetime = db.instant()
    ends_at: datetime | None = db.optional_instant()
    revoked_at: datetime | None = db.optional_instant()


class KeptAnswer(db.Table, table=True):
    """The answer to a request with an Idempotency-Key, kept for its repetition."""

    __table_args__ = (UniqueConstraint("principal", "key"),)

    principal: UUID
    key: str = Field(max_length=255)
    fingerprint: str = Field(max_length=64)
    status: int
    body: bytes = Field(sa_type=LargeBinary)
    at: datetime = db.instant()
