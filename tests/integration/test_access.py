"""People, keys and sign-ins, as commands make them."""

from datetime import timedelta
from time import process_time

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from tests import people
from tests.conftest import TESTER
from warehouse.access import commands, queries
from warehouse.access.commands import PASSWORD_CHARACTERS
from warehouse.access.errors import TooManyKeys, WeakPassword, WeakPin
from warehouse.access.models import ApiKey, Device, Person, SignIn
from warehouse.access.vocabulary import AccessEvent, Role
from warehouse.core.work import Event, Work, begin


def later(work: Work, **time: float) -> Work:
    return Work(work.session, work.actor, work.at + timedelta(**time), work.subscribers)


def test_a_short_password_and_a_poor_pin_are_refused(work: Work) -> None:
    names = {"username": "a", "name_th": "ก", "name_en": "A", "role": Role.CLERK}

    with pytest.raises(WeakPassword):
        commands.add_person(work, **names, password="x" * (PASSWORD_CHARACTERS - 1))
    for pin in ("12345", "12345a", "๑๒๓๔๕๖"):
        with pytest.raises(WeakPin):
            commands.add_person(work, **names, password=people.PASSWORD, pin=pin)


def test_a_password_and_a_pin_are_kept_only_as_argon2_hashes(work: Work) -> None:
    person = people.a_person(work, pin=people.PIN)

    assert person.password_hash.startswith("$argon2id$")
    assert person.pin_hash is not None
    assert person.pin_hash.startswith("$argon2id$")


def test_tokens_and_secrets_are_nowhere_in_the_database(work: Work) -> None:
    premises_id = people.a_premises(work)
    person = people.a_person(work, premises_id=premises_id)
    _, device_token = people.a_device(work, premises_id)
    _, key = commands.issue_key(work, people.a_partner(work), "rotation")
    opened = commands.sign_in(work, person.username, people.PASSWORD)
    work.session.flush()
    assert opened is not None

    kept = " ".join(
        str(row.model_dump())
        for table in (Person, Device, SignIn, ApiKey, Event)
        for row in work.session.exec(select(table))
    )

    for secret in (device_token, key.rpartition("_")[2], opened.token, people.PASSWORD):
        assert secret not in kept


def test_a_sign_in_is_recorded_without_a_password(work: Work) -> None:
    person = people.a_person(work)

    commands.sign_in(work, "CLERK", people.PASSWORD)

    names = work.session.exec(select(Event.name).where(Event.subject == person.id)).all()
    assert names == [AccessEvent.PERSON_ADDED, AccessEvent.SIGNED_IN]


def test_an_unknown_name_takes_as_long_as_a_wrong_password(work: Work) -> None:
    people.a_person(work)
    commands.sign_in(work, "nobody", people.PASSWORD)  # makes the hash that nobody knows

    def shortest(username: str) -> float:
        times = []
        for _ in range(4):
            began = process_time()
            assert commands.sign_in(work, username, "not this one, though") is None
            times.append(process_time() - began)
        return min(times)

    assert shortest("nobody") == pytest.approx(shortest("clerk"), rel=0.5)


def test_a_key_lets_its_partner_in_and_nobody_else(work: Work) -> None:
    partner_id = people.a_partner(work)
    _, key = commands.issue_key(work, partner_id, "first")
    work.session.flush()
    _, prefix, secret = key.split("_", 2)

    actor = queries.partner_by_key(work, key, "en")

    assert actor is not None
    assert (actor.partner_id, actor.role, actor.language) == (partner_id, Role.PARTNER, "en")
    for other in (
        "", "whk", f"whk_{prefix}_", f"whk_{prefix}_{secret}x", f"whk_{prefix}_{secret[:-1]}",
        f"wxk_{prefix}_{secret}", f"whk_000000000000_{secret}", f"whk_\0_{secret}",
    ):  # fmt: skip
        assert queries.partner_by_key(work, other, "en") is None


def test_a_key_ends_after_a_year_or_when_it_is_revoked(work: Work) -> None:
    partner_id = people.a_partner(work)
    first, first_key = commands.issue_key(work, partner_id, "first")
    _, second_key = commands.issue_key(work, partner_id, "second")
    commands.revoke_key(work, first)
    work.session.flush()

    assert queries.partner_by_key(work, first_key, "th") is None
    assert queries.partner_by_key(work, second_key, "th") is not None
    assert queries.partner_by_key(later(work, days=366), second_key, "th") is None


def test_a_partner_has_two_live_keys_at_most(work: Work) -> None:
    partner_id = people.a_partner(work)
    first, _ = commands.issue_key(work, partner_id, "first")
    commands.issue_key(work, partner_id, "second")

    with pytest.raises(TooManyKeys):
        commands.issue_key(work, partner_id, "third")
    commands.revoke_key(work, first)
    _, key = commands.issue_key(work, partner_id, "third")
    work.session.flush()

    assert queries.partner_by_key(work, key, "th") is not None


def test_seeing_somebody_is_written_once_a_minute(work: Work) -> None:
    token = people.a_session(work, people.a_person(work))

    def seen(work: Work) -> str:
        assert queries.signed_in(work, token)
        return str(work.session.exec(select(SignIn.seen_at)).one() - start)

    start = work.at

    assert [seen(later(work, seconds=s)) for s in (0, 59, 61, 100, 130)] == [
        "0:00:00", "0:00:00", "0:01:01", "0:01:01", "0:02:10",
    ]  # fmt: skip


def test_a_person_s_requests_do_not_wait_for_each_other(database: Engine) -> None:
    with begin(database, TESTER, {}) as first:
        token = people.a_session(first, people.a_person(first))

    with begin(database, TESTER, {}) as one, begin(database, TESTER, {}) as other:
        one.sql("SET LOCAL lock_timeout = '100ms'")
        other.sql("SET LOCAL lock_timeout = '100ms'")
        found = [queries.signed_in(later(each, minutes=5), token) for each in (one, other)]

    assert None not in found
