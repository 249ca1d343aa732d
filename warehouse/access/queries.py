"""Who is asking, and which keys are live: what is looked up on every request."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, or_, select

from warehouse.access.errors import UnknownOfficer
from warehouse.access.models import ApiKey, Device, Person
from warehouse.access.vocabulary import Role
from warehouse.core import i18n
from warehouse.core.work import Actor, Work

# Who holds the sign-in with this token, in one look-up.  It is over at its absolute end, after ten
# idle minutes on a shared device and thirty at a desk, and at once when the person or device is
# deactivated.  "Seen" is written at most once a minute and never waits: scans of one person do
# not queue behind each other.
_SIGNED_IN: Final = """
WITH found AS (
    SELECT sign_in.id, sign_in.csrf_token, sign_in.seen_at, person.id AS person_id,
           person.username, person.role, person.language,
           coalesce(device.premises_id, person.premises_id) AS premises_id
      FROM sign_in
      JOIN person ON person.id = sign_in.person_id AND person.active
      LEFT JOIN device ON device.id = sign_in.device_id
     WHERE sign_in.token_hash = %(token_hash)s
       AND sign_in.ended_at IS NULL
       AND sign_in.ends_at > %(at)s
       AND sign_in.seen_at > %(at)s - CASE WHEN sign_in.device_id IS NULL
                                           THEN interval '30 minutes'
                                           ELSE interval '10 minutes' END
       AND (sign_in.device_id IS NULL OR device.active)
), seen AS (
    UPDATE sign_in SET seen_at = %(at)s
     WHERE id = (SELECT sign_in.id FROM sign_in JOIN found USING (id)
                  WHERE found.seen_at < %(at)s - interval '1 minute'
                    FOR NO KEY UPDATE OF sign_in SKIP LOCKED)
)
SELECT found.id, csrf_token, person_id, username, role, language, premises_id,
       coalesce(premises.training, false)
  FROM found LEFT JOIN premises ON premises.id = found.premises_id
"""

# A live key by its prefix; the secret is compared in Python, in constant time.
LIVE_KEY: Final = """
SELECT id, secret_hash, partner_id FROM api_key
 WHERE prefix = {prefix} AND revoked_at IS NULL AND (ends_at IS NULL OR ends_at > {at})
"""
_LIVE_KEY: Final = LIVE_KEY.format(prefix="%(prefix)s", at="%(at)s")

_SCHEME: Final = "whk"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Someone who signed in with a cookie, and the token that their changes must carry."""

    id: UUID
    csrf_token: str
    actor: Actor
    training: bool
    """They work at a sandbox."""


def hashed(secret: str) -> str:
    """SHA-256 of a random *secret*, in hexadecimal.  Never for passwords, which people choose."""
    return hashlib.sha256(secret.encode()).hexdigest()


def signed_in(work: Work, token: str) -> SignedIn | None:
    """Whoever holds *token*, if that sign-in is still good at ``work.at``."""
    row = work.sql(_SIGNED_IN, token_hash=hashed(token), at=work.at).fetchone()
    if row is None:
        return None
    sign_in_id, csrf_token, person_id, username, role, language, premises_id, training = row
    actor = Actor(
        name=username, role=role, id=person_id, premises_id=premises_id, language=language
    )
    return SignedIn(sign_in_id, csrf_token, actor, training)


def partner_by_key(work: Work, key: str, language: str) -> Actor | None:
    """The partner's system that holds *key*, if the key is live."""
    parts = key_parts(key)
    if parts is None:
        return None
    prefix, secret = parts
    row = work.sql(_LIVE_KEY, prefix=prefix, at=work.at).fetchone()
    if row is None or not same_secret(row[1], secret):
        return None
    return partner(prefix, row[0], row[2], language)


def key_parts(key: str) -> tuple[str, str] | None:
    """Prefix and secret of *key*, ``whk_<prefix>_<secret>``; None if it has not that form."""
    scheme, _, rest = key.partition("_")
    prefix, _, secret = rest.partition("_")
    return (prefix, secret) if scheme == _SCHEME and secret and "\0" not in prefix else None


def same_secret(kept_hash: str, secret: str) -> bool:
    """Whether *secret* is the one that was hashed, told in constant time."""
    return hmac.compare_digest(kept_hash, hashed(secret))


def partner(prefix: str, key_id: UUID, partner_id: UUID, language: str = i18n.DEFAULT) -> Actor:
    """The partner's system that came with the key of *prefix*."""
    return Actor(
        name=f"{_SCHEME}_{prefix}",
        role=Role.PARTNER,
        id=key_id,
        partner_id=partner_id,
        language=language,
    )


def person_by_username(session: Session, username: str) -> Person | None:
    """The person of that name, upper or lower case."""
    return session.exec(select(Person).where(Person.username == username.lower())).first()


def person_by_badge(session: Session, badge: str) -> Person | None:
    """The person who carries that badge."""
    return session.exec(select(Person).where(Person.badge == badge)).first()


def officer(session: Session, named: str) -> Person:
    """The customs officer of that username or badge.

    Raises:
        UnknownOfficer: nobody of that name is an officer here.
    """
    found = person_by_username(session, named) or person_by_badge(session, named)
    if found is None or found.role is not Role.OFFICER or not found.active:
        raise UnknownOfficer(officer=named)
    return found


def device_by_token(session: Session, token: str) -> Device | None:
    """The enrolled, active device that holds *token*."""
    device = select(Device).where(Device.token_hash == hashed(token), col(Device.active))
    return session.exec(device).first()


def live_keys(session: Session, partner_id: UUID, at: datetime) -> int:
    """How many keys of the partner are good at *at*."""
    ends = col(ApiKey.ends_at)
    keys = select(func.count()).where(
        ApiKey.partner_id == partner_id,
        col(ApiKey.revoked_at).is_(None),
        or_(ends.is_(None), ends > at),
    )
    return session.exec(keys).one()
