"""People, devices and keys come to be; people sign in and out."""

import secrets
import string
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Final
from uuid import UUID

from pwdlib import PasswordHash
from sqlalchemy import text
from sqlmodel import select

from warehouse.access import queries
from warehouse.access.errors import TooManyKeys, WeakPassword, WeakPin
from warehouse.access.models import ApiKey, Device, Person, SignIn
from warehouse.access.vocabulary import AccessEvent, Role
from warehouse.core.work import Work

PASSWORD_CHARACTERS: Final = 15
"""NIST SP 800-63B-4 §3.1.1.2: at least this many where nothing else proves who it is."""

PIN_DIGITS: Final = 6
LIVE_KEYS: Final = 2
KEY_LIFE: Final = timedelta(days=365)
DAY_OF_WORK: Final = timedelta(hours=12)

_HASHER: Final = PasswordHash.recommended()
_FREE_FAILURES: Final = 5
_FIRST_WAIT: Final = timedelta(seconds=30)
_LONGEST_WAIT: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Opened:
    """A sign-in that has just begun: its token goes into the cookie, and is kept nowhere else."""

    person: Person
    sign_in: SignIn
    token: str


def add_person(
    work: Work,
    *,
    username: str,
    name_th: str,
    name_en: str,
    role: Role,
    password: str,
    badge: str | None = None,
    pin: str | None = None,
    premises_id: UUID | None = None,
) -> Person:
    """Let somebody sign in with *password*, and with *badge* and *pin* at a shared device.

    Raises:
        WeakPassword: *password* is too short.
        WeakPin: *pin* is too short, or not digits.
    """
    if len(password) < PASSWORD_CHARACTERS:
        raise WeakPassword(characters=PASSWORD_CHARACTERS)
    if pin is not None and (len(pin) < PIN_DIGITS or set(pin) - set(string.digits)):
        raise WeakPin(digits=PIN_DIGITS)
    person = Person(
        username=username.lower(),
        name_th=name_th,
        name_en=name_en,
        role=role,
        password_hash=_HASHER.hash(password),
        badge=badge,
        pin_hash=_HASHER.hash(pin) if pin else None,
        premises_id=premises_id,
    )
    work.session.add(person)
    work.emit(AccessEvent.PERSON_ADDED, person.id, role=role.value)
    return person


def add_device(work: Work, *, code: str, name: str, premises_id: UUID) -> tuple[Device, str]:
    """Enrol a shared scanner of the premises; return it and its token, which is shown once."""
    token = secrets.token_urlsafe(32)
    device = Device(code=code, name=name, token_hash=queries.hashed(token), premises_id=premises_id)
    work.session.add(device)
    work.emit(AccessEvent.DEVICE_ENROLLED, device.id, code=code)
    return device, token


def sign_in(work: Work, username: str, password: str) -> Opened | None:
    """Begin a sign-in at a desk; None if it is not recognised.

    None is an answer, so that the failure is counted: the transaction commits either way.
    """
    person = queries.person_by_username(work.session, username)
    proof = None if person is None else person.password_hash
    return _begin(work, person, proof, password, None)


def sign_in_at_device(work: Work, device: Device, badge: str, pin: str) -> Opened | None:
    """Begin a sign-in at a shared *device* of the person's premises; None if not recognised."""
    person = queries.person_by_badge(work.session, badge)
    if person is not None and person.premises_id != device.premises_id:
        person = None
    proof = None if person is None else person.pin_hash
    return _begin(work, person, proof, pin, device.id)


def _begin(
    work: Work, person: Person | None, proof: str | None, given: str, device_id: UUID | None
) -> Opened | None:
    if person is None or not _proves(work, person, proof, given):
        if person is None:
            _HASHER.verify(given, _nobody())  # as long as for a person who exists
        return None
    token = secrets.token_urlsafe(32)
    opened = SignIn(
        token_hash=queries.hashed(token),
        csrf_token=secrets.token_urlsafe(32),
        person_id=person.id,
        device_id=device_id,
        at=work.at,
        seen_at=work.at,
        ends_at=work.at + DAY_OF_WORK,
    )
    work.session.add(opened)
    work.emit(AccessEvent.SIGNED_IN, person.id, sign_in=str(opened.id))
    return Opened(person, opened, token)


def _proves(work: Work, person: Person, proof: str | None, given: str) -> bool:
    """Whether *given* matches *proof*, counting failures.

    After five failures in a row each further one makes the person wait, twice as long as the one
    before and never longer than a quarter of an hour: some ten tries an hour, and nobody is locked
    out for good.  The row lock lets guesses of one person only come one after the other.
    """
    locked = select(Person).where(Person.id == person.id).with_for_update(key_share=True)
    work.session.exec(locked.execution_options(populate_existing=True)).one()
    matches = _HASHER.verify(given, proof or _nobody())
    waiting = person.locked_until is not None and work.at < person.locked_until
    if waiting or not person.active:
        return False
    if matches and proof:
        person.failures, person.locked_until = 0, None
        return True
    person.failures += 1
    person.locked_until = _wait_until(work.at, person.failures)
    return False


def _wait_until(at: datetime, failures: int) -> datetime | None:
    if failures < _FREE_FAILURES:
        return None
    doublings = min(failures - _FREE_FAILURES, 10)
    return at + min(_FIRST_WAIT * (1 << doublings), _LONGEST_WAIT)


@cache
def _nobody() -> str:
    """The hash of a password that nobody knows: checking it takes as long as any other."""
    return _HASHER.hash(secrets.token_urlsafe(32))


def sign_out(work: Work, sign_in_id: UUID) -> None:
    """End a sign-in: its token is worth nothing from now on."""
    ending = work.session.get_one(SignIn, sign_in_id)
    ending.ended_at = work.at
    work.emit(AccessEvent.SIGNED_OUT, ending.person_id, sign_in=str(sign_in_id))


def choose_language(work: Work, person_id: UUID, language: str) -> None:
    """Speak *language* to this person from now on."""
    work.session.get_one(Person, person_id).language = language


def issue_key(work: Work, partner_id: UUID, name: str) -> tuple[ApiKey, str]:
    """A key for the partner's system, good for a year; return it and the secret, shown once.

    Raises:
        TooManyKeys: two of the partner's keys are live already, which is what a rotation needs.
    """
    lock = text("SELECT FROM partner WHERE id = :id FOR NO KEY UPDATE")
    work.session.execute(lock, {"id": partner_id})
    live = queries.live_keys(work.session, partner_id, work.at)
    if live >= LIVE_KEYS:
        raise TooManyKeys(live=live)
    prefix, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    key = ApiKey(
        partner_id=partner_id,
        name=name,
        prefix=prefix,
        secret_hash=queries.hashed(secret),
        issued_at=work.at,
        ends_at=work.at + KEY_LIFE,
    )
    work.session.add(key)
    work.emit(AccessEvent.KEY_ISSUED, key.id, partner=str(partner_id))
    return key, f"whk_{prefix}_{secret}"


def revoke_key(work: Work, key: ApiKey) -> None:
    """Refuse *key* from the next request on."""
    key.revoked_at = work.at
    work.emit(AccessEvent.KEY_REVOKED, key.id)
