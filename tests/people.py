"""Somebody to sign in: people, devices, partners' keys and their sessions."""

import secrets
from datetime import date, timedelta
from uuid import UUID

from warehouse.access import commands, queries
from warehouse.access.models import Device, Person, SignIn
from warehouse.access.vocabulary import Role
from warehouse.core.work import Work
from warehouse.masterdata.models import Partner, Premises

PASSWORD = "seven green parcels"
PIN = "482915"


def a_premises(work: Work, code: str = "BKK") -> UUID:
    premises = Premises(
        code=code,
        name_th="คลังกลางกรุงเทพ",
        name_en="Bangkok warehouse",
        licence_number="1/2569",
        licence_from=date(2026, 1, 1),
        tax_incentive_id="W0110000000001",
        customs_area_code="8110",
        reference_profile="WHSE",
        operator_tax_id="0107546000229",
        operator_branch="000000",
        operator_name_th="บริษัท ไปรษณีย์ไทย จำกัด",
        operator_name_en="THAILAND POST",
        street="111 CHAENG WATTHANA",
        district="LAK SI",
        province="BANGKOK",
        postcode="10210",
    )
    work.session.add(premises)
    work.session.flush()
    return premises.id


def a_partner(work: Work, code: str = "LAZ") -> UUID:
    partner = Partner(
        code=code, name_th="คู่ค้า", name_en="Partner", tax_id="0105556000001", branch="000000",
        country="TH",
    )  # fmt: skip
    work.session.add(partner)
    work.session.flush()
    return partner.id


def a_person(
    work: Work, role: Role = Role.CLERK, *, premises_id: UUID | None = None, pin: str | None = None
) -> Person:
    person = commands.add_person(
        work,
        username=role.value,
        name_th="สมชาย ใจดี",
        name_en="Somchai Jaidee",
        role=role,
        password=PASSWORD,
        badge=f"BADGE-{role.value}",
        pin=pin,
        premises_id=premises_id,
    )
    work.session.flush()
    return person


def a_device(work: Work, premises_id: UUID) -> tuple[Device, str]:
    enrolled = commands.add_device(work, code="SCAN-1", name="Scanner 1", premises_id=premises_id)
    work.session.flush()
    return enrolled


def a_session(work: Work, person: Person, *, csrf_token: str = "") -> str:
    """The cookie of a sign-in, without the password's hashing."""
    token = secrets.token_urlsafe(32)
    session = SignIn(
        token_hash=queries.hashed(token),
        csrf_token=csrf_token,
        person_id=person.id,
        at=work.at,
        seen_at=work.at,
        ends_at=work.at + timedelta(hours=12),
    )
    work.session.add(session)
    work.session.flush()
    return token
