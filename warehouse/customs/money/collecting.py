"""Postal group 2: duty and tax are assessed with the post, which collects them at the door.

Postal Customs Service guide of 30 March 2563 and Notification 128/2567: unrestricted goods of one
sender to one recipient at one time, worth FOB 40,000 baht at most together; each article bears its
own rate.  Held 15 days, disputed within 7, then returned; the post reports returns every month.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from warehouse.core import clock, db, numbers
from warehouse.core.errors import WrongState
from warehouse.core.i18n import N_
from warehouse.core.jobs import Facts
from warehouse.core.money import ZERO
from warehouse.core.work import Work
from warehouse.customs import queries, rules
from warehouse.customs.errors import (
    CollectionExists,
    CollectionNotFound,
    DisputeTooLate,
    NotForCollection,
    PaperMissing,
    RestrictionUnknown,
)
from warehouse.customs.models import CollectionOrder
from warehouse.customs.rules import Article, DutyRate, Line, Parcel
from warehouse.customs.rules.parcels import PostalGroup
from warehouse.customs.rules.receipt import IMPORT_DUTY, VAT
from warehouse.customs.vocabulary import COLLECTION, CollectionState, CustomsEvent
from warehouse.masterdata import queries as masterdata
from warehouse.masterdata.vocabulary import RestrictionKind, TradeDirection


class CollectionRule(StrEnum):
    """The dated rules of collection, in days."""

    DAYS = N_("collection_days")


_HELD: Final = "HELD"
_DISPUTE: Final = "DISPUTE"
_OPEN: Final = (CollectionState.ISSUED, CollectionState.DISPUTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessed:
    """A parcel with one kind of goods, as it was assessed; values in baht, for all of it."""

    premises_id: UUID
    parcel_number: str
    recipient_name: str
    recipient_address: str
    sender_name: str
    sender_country: str
    description: str
    hs_code: str
    statistical_code: str
    origin_country: str
    quantity: Decimal
    weight_kg: Decimal
    fob_baht: Decimal
    value_baht: Decimal
    import_date: date


def issue(work: Work, parcel: Assessed) -> CollectionOrder:
    """Write the collection order (ใบสั่งเก็บเงิน) of *parcel*.

    What the same sender sent the same recipient that day counts with it.

    Raises:
        CollectionExists: the parcel has one.
        TariffLineMissing: the tariff does not name the goods on the import day.
        RestrictionUnknown: nobody knows whether the goods need leave.
        NotForCollection: the goods belong to another postal group.
    """
    if earlier := _of_parcel(work.session, parcel.parcel_number):
        raise CollectionExists(parcel=parcel.parcel_number, number=earlier.number)
    policy = queries.policy(work.session)
    others = _together(work.session, parcel)
    parcels = [_parcel(work.session, parcel), *(_parcel(work.session, each) for each in others)]
    [consignment] = rules.together(parcels)
    cleared = rules.clear_postal(consignment, policy)
    if cleared.group != PostalGroup.COLLECTED_BY_POST:
        raise NotForCollection(group=cleared.group, handling=cleared.handling)
    charges = cleared.charges[0]
    totals = rules.declaration_totals([charges], policy, parcel.import_date)
    held = int(policy.value(CollectionRule.DAYS, _HELD, work.today).number)
    order = CollectionOrder(
        number=numbers.next_number(work, "COL"),
        **{name: getattr(parcel, name) for name in Assessed.__slots__},
        explained=[rules.receipt(each) for each in (*charges.components, *totals)],
        duty_baht=charges.amounts[IMPORT_DUTY],
        vat_baht=charges.amounts[VAT],
        total_tax=sum((total.amount for total in totals), ZERO),
        pay_by=work.today + timedelta(days=held),
        state=CollectionState.ISSUED,
        issued_by=work.actor.name,
        issued_at=work.at,
    )
    work.session.add(order)
    work.emit(CustomsEvent.COLLECTION_ISSUED, order.id, number=order.number)
    return order


def pay(work: Work, number: str, payment_number: str) -> CollectionOrder:
    """The recipient paid: the parcel is delivered.

    Raises:
        CollectionNotFound: there is none in the actor's premises.
        PaperMissing: the receipt has no number.
        WrongState: it is paid, or returned.
    """
    if not payment_number.strip():
        raise PaperMissing
    order = _step(work, number, CollectionState.PAID)
    order.payment_number, order.ended_at = payment_number.strip(), work.at
    return order


def dispute(work: Work, number: str, reason: str) -> CollectionOrder:
    """The recipient disputes the assessment: customs answers before anybody pays.

    Raises:
        CollectionNotFound: there is none in the actor's premises.
        DisputeTooLate: more than seven days have passed.
        WrongState: it is disputed, paid or returned.
    """
    order = _own(work, number)
    policy = queries.policy(work.session)
    days = int(policy.value(CollectionRule.DAYS, _DISPUTE, work.today).number)
    last = clock.local_date(order.issued_at) + timedelta(days=days)
    if work.today > last:
        raise DisputeTooLate(number=number, last=last)
    order = _step(work, number, CollectionState.DISPUTED)
    order.dispute = reason
    return order


def uphold(work: Work, number: str) -> CollectionOrder:
    """Customs keeps the assessment: it is to be paid after all, with the time that is held anew.

    Raises:
        CollectionNotFound: there is none in the actor's premises.
        WrongState: nobody disputes it.
    """
    order = _step(work, number, CollectionState.ISSUED)
    policy = queries.policy(work.session)
    days = int(policy.value(CollectionRule.DAYS, _HELD, work.today).number)
    order.pay_by = work.today + timedelta(days=days)
    return order


def give_back(work: Work, number: str) -> CollectionOrder:
    """The parcel goes back to its sender, unpaid.

    Raises:
        CollectionNotFound: there is none in the actor's premises.
        WrongState: it is paid, or returned.
    """
    order = _step(work, number, CollectionState.RETURNED)
    order.ended_at = work.at
    return order


def return_unpaid(work: Work, _facts: Facts) -> None:
    """Every night: what nobody paid in time, and nobody disputes, goes back to its sender."""
    overdue = (
        update(CollectionOrder)
        .where(
            col(CollectionOrder.state) == CollectionState.ISSUED,
            col(CollectionOrder.pay_by) < work.today,
        )
        .values(state=CollectionState.RETURNED, ended_at=work.at)
        .returning(col(CollectionOrder.id), col(CollectionOrder.number))
    )
    for key, number in work.session.execute(overdue).all():
        work.emit(
            CustomsEvent.COLLECTION_CHANGED,
            key,
            number=number,
            state=CollectionState.RETURNED.value,
        )


def returned_in(session: Session, premises_id: UUID, month: date) -> Sequence[CollectionOrder]:
    """The monthly report of returned parcels (Notification 128/2567)."""
    first = month.replace(day=1)
    after = (first + timedelta(days=31)).replace(day=1)
    return session.exec(
        select(CollectionOrder)
        .where(
            CollectionOrder.premises_id == premises_id,
            CollectionOrder.state == CollectionState.RETURNED,
            col(CollectionOrder.ended_at) >= clock.midnight(first),
            col(CollectionOrder.ended_at) < clock.midnight(after),
        )
        .order_by(col(CollectionOrder.ended_at), col(CollectionOrder.number))
    ).all()


def of_premises(session: Session, premises_id: UUID, *, most: int) -> Sequence[CollectionOrder]:
    """The orders of a premises: what is open first, by the day that it is to be paid."""
    return session.exec(
        select(CollectionOrder)
        .where(CollectionOrder.premises_id == premises_id)
        .order_by(
            col(CollectionOrder.state).not_in(_OPEN),
            col(CollectionOrder.pay_by),
            col(CollectionOrder.number).desc(),
        )
        .limit(most)
    ).all()


def _step(work: Work, number: str, target: CollectionState) -> CollectionOrder:
    order = _own(work, number)
    order = db.lock(work.session, CollectionOrder, [order.id])[order.id]
    if target is CollectionState.ISSUED and order.state is not CollectionState.DISPUTED:
        raise WrongState(state=order.state.value, target=target.value)
    order.state = COLLECTION.step(order.state, target)
    work.emit(CustomsEvent.COLLECTION_CHANGED, order.id, number=order.number, state=target.value)
    return order


def _own(work: Work, number: str) -> CollectionOrder:
    found = work.session.exec(
        select(CollectionOrder).where(
            CollectionOrder.number == number,
            CollectionOrder.premises_id == work.actor.premises_id,
        )
    ).first()
    if found is None:
        raise CollectionNotFound(number=number)
    return found


def _of_parcel(session: Session, parcel_number: str) -> CollectionOrder | None:
    return session.exec(
        select(CollectionOrder).where(CollectionOrder.parcel_number == parcel_number)
    ).first()


def _together(session: Session, parcel: Assessed) -> Sequence[CollectionOrder]:
    return session.exec(
        select(CollectionOrder).where(
            CollectionOrder.premises_id == parcel.premises_id,
            CollectionOrder.sender_name == parcel.sender_name,
            CollectionOrder.recipient_name == parcel.recipient_name,
            CollectionOrder.import_date == parcel.import_date,
        )
    ).all()


def _parcel(session: Session, each: Assessed | CollectionOrder) -> Parcel:
    on = each.import_date
    tariff = masterdata.tariff_line(session, each.hs_code, each.statistical_code, on)
    line = Line(
        each.value_baht,
        DutyRate(tariff.rate_type, tariff.value_rate_pct, tariff.specific_rate_baht, tariff.unit),
        net_weight=rules.Quantity(each.weight_kg, rules.KILOGRAM),
        quantity=rules.Quantity(each.quantity, tariff.unit),
    )
    article = Article(line, each.fob_baht, restricted=_restricted(session, each))
    return Parcel(each.parcel_number, each.sender_name, each.recipient_name, on, [article])


def _restricted(session: Session, each: Assessed | CollectionOrder) -> bool:
    found = masterdata.restrictions(
        session, each.hs_code, each.statistical_code, TradeDirection.IMPORT, each.import_date
    )
    if not found:
        raise RestrictionUnknown(hs_code=each.hs_code)
    return any(rule.kind is not RestrictionKind.NONE for rule in found)
