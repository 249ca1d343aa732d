"""Premises with one of everything in them, and the numbers by which each thing is asked for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from sqlmodel import col, select

from tests import people, pictures
from tests.builders import House, a_declaration, a_declaration_line, added
from tests.conftest import TESTER
from tests.customs_builders import (
    a_consignment,
    accepted,
    an_order,
    declared,
    drafted,
    released,
    tell,
)
from tests.desk import a_desk, a_refused_consignment, go_out
from tests.paper_samples import COLLECTION
from warehouse.access import commands as access
from warehouse.access.models import Person
from warehouse.access.vocabulary import Role
from warehouse.core import db, papers
from warehouse.core.work import Work
from warehouse.customs import queries as customs
from warehouse.customs.changing import amending, cases
from warehouse.customs.changing.editing import Correction
from warehouse.customs.checking.findings import UNKNOWN_RESTRICTION, Owner, Rule
from warehouse.customs.gateway import AnswerKind
from warehouse.customs.models import (
    CollectionOrder,
    CustomsMessage,
    DeadlineExtension,
    Declaration,
    FilingResult,
    FilingRule,
    FilingRun,
    GuaranteeAccount,
    GuaranteeLetter,
    HandDecision,
    Inspection,
    Payment,
)
from warehouse.customs.vocabulary import (
    Approval,
    CollectionState,
    DeclarationState,
    Direction,
    DocumentType,
    ExtensionState,
    FilingOutcome,
    HandDecisionKind,
    MessageState,
    PaymentKind,
    RunKind,
)
from warehouse.inventory import discrepancies, handling, places
from warehouse.inventory.models import Count, Disposal, HandlingUnit, Hold, Lot
from warehouse.inventory.vocabulary import (
    CountReason,
    CountState,
    DiscrepancyKind,
    DisposalKind,
    DisposalState,
    HandlingKind,
    HoldKind,
    LocationKind,
)
from warehouse.masterdata.reasons import Reason
from warehouse.masterdata.vocabulary import UploadState
from warehouse.operations.models import OpeningBalance, PaperBatch, ReleaseChannel, Wave
from warehouse.operations.printing import dispatch_labels
from warehouse.operations.printing.papers import (
    DISPOSAL,
    MANIFEST,
    Asked,
    print_label,
    print_release_note,
)
from warehouse.operations.vocabulary import BatchForm, BatchState, WaveState
from warehouse.shipments import manifests, routes
from warehouse.shipments import queries as shipments
from warehouse.shipments.models import Consignment, Order, ShipmentReturn

UNKNOWN: Final = Rule(UNKNOWN_RESTRICTION, "permits", Owner.LIAISON, "Nobody knows.")
PDF: Final = b"%PDF-1.7"
_NUMBERS: Final = ("number", "reference_number", "declaration_number", "external_ref", "code")


@dataclass(frozen=True, slots=True)
class Full:
    """Premises where something of every kind is: its people's cookies, its partner's key.

    *words* are what its forms take.
    """

    cookies: Mapping[Role, str]
    key: str
    things: Sequence[db.Table]
    words: Mapping[str, str]

    @property
    def numbers(self) -> list[str]:
        """Every number in it: ours, its partner's, customs' and a bank's."""
        return list(dict.fromkeys(_numbers_of(self.things)))

    @property
    def samples(self) -> list[str]:
        """The numbers of one thing of each kind."""
        return _numbers_of({type(each): each for each in reversed(self.things)}.values())

    def named_in(self, text: str, *, but: str = "") -> set[str]:
        """What of all that is here *text* names, *but* one."""
        ids = [str(each.id) for each in self.things]
        return {each for each in (*self.numbers, *ids) if each in text} - {but}

    def asked_by(self, name: str) -> list[str]:
        """What the *name* in the path of a route may stand for."""
        if name == "kind":
            return list(Asked)
        if name == "sequence":
            return [str(each.sequence) for each in self.things if isinstance(each, CustomsMessage)]
        if not name.endswith("_id"):
            return self.numbers
        table = name.removesuffix("_id")
        return [str(each.id) for each in self.things if str(each.__tablename__).endswith(table)]


def full_premises(work: Work, code: str, csrf_token: str) -> Full:
    """One of everything, in premises of their own; *code* is part of what is not numbered by us."""
    desk = a_desk(work)
    house = desk.house
    staff = {role: _person(work, house, role) for role in Role if role is not Role.PARTNER}
    waiting = shipments.order_by_id(work.session, desk.waiting.order_id)
    gone = shipments.shipment_of_order(work.session, desk.gone.id)
    release = customs.release_of_order(work.session, desk.gone.id)
    assert release is not None
    consignment = work.session.get_one(Consignment, desk.entry.consignment_id)
    tell(work, desk.entry, AnswerKind.RELEASED)
    cases.open_case(work, desk.release, [Correction("1", "brand", "ACME")], "Missing")
    for order in (desk.gone, waiting):
        print_label(work, {"subject": str(order.id)})
    print_release_note(work, {"subject": str(desk.release.id)})
    things: list[db.Table] = [
        consignment, desk.entry, desk.gone, gone, desk.release, release,
        waiting, desk.waiting, a_refused_consignment(work, house),
        a_consignment(work, house, [(house.product, 1, "5")]),
        *_waiting_twice(work, house, staff[Role.OFFICER]), *_going_abroad(work, house),
        *_of_customs(work, house, code, desk.entry, waiting, staff[Role.OFFICER]),
        *_of_stock(work, house, code, consignment, staff),
        *_of_shipments(work, house, code),
        added(work, ShipmentReturn(
            number=f"RTN-{code}", shipment_id=gone.id, premises_id=house.premises.id,
            partner_id=house.partner.id, reason="refused", due_at=work.at, at=work.at,
        )),
    ]  # fmt: skip
    cookies = {
        role: people.a_session(work, person, csrf_token=csrf_token)
        for role, person in staff.items()
    }
    _, key = access.issue_key(work, house.partner.id, "test")
    return Full(cookies, key, things, {
        "partner": house.partner.code, "officer": staff[Role.OFFICER].username,
        "names": waiting.number,
    })  # fmt: skip


def _waiting_twice(work: Work, house: House, officer: Person) -> list[db.Table]:
    """An entry that customs is asked to change, and has released on a paper."""
    goods = [(house.product, 1, "500")]
    entry = accepted(work, drafted(work, a_consignment(work, house, goods)))
    amending.draft(work, entry, [Correction("1", "brand", "ACME")], "Missing")
    decision = added(work, HandDecision(
        declaration_id=entry.id, kind=HandDecisionKind.RELEASED, decided_at=work.at,
        officer_id=officer.id, document=PDF, document_type="application/pdf", sha256="0" * 64,
        recorded_by="somebody", recorded_at=work.at,
    ))  # fmt: skip
    return [entry, decision]


def _going_abroad(work: Work, house: House) -> list[db.Table]:
    """An export that has left, and nobody has confirmed."""
    order = an_order(work, house, house.product, 1)
    order.country = "LA"
    export = released(work, declared(work, order))
    go_out(work, house, order)
    return [export]


def _person(work: Work, house: House, role: Role) -> Person:
    return added(
        work,
        Person(
            username=f"{role.value}-{house.premises.code}".lower(),
            name_th=role.value,
            name_en=role.value,
            role=role,
            password_hash="-",
            premises_id=house.premises.id,
        ),
    )


def _of_customs(
    work: Work, house: House, code: str, entry: Declaration, waiting: Order, officer: Person
) -> list[db.Table]:
    here = house.premises.id
    assert entry.declaration_number is not None
    for kind in set(Asked) - {Asked.COLLECTION_ORDER}:
        papers.keep(work, kind, entry.id, entry.declaration_number, PDF)
    added(
        work,
        Inspection(
            declaration_id=entry.id,
            officer_id=officer.id,
            found={},
            photo=pictures.a_photo(),
            photo_type="image/jpeg",
            recorded_by=officer.username,
            at=work.at,
        ),
    )
    run = added(
        work,
        FilingRun(
            premises_id=here,
            kind=RunKind.FILING,
            business_day=work.today,
            started_by="clock",
            started_at=work.at,
        ),
    )
    added(
        work,
        FilingResult(
            run_id=run.id,
            subject=entry.id,
            number=entry.reference_number,
            outcome=FilingOutcome.FILED,
            packages=1,
            at=work.at,
        ),
    )
    papers.keep(work, dispatch_labels.KIND, run.id, f"LABELS-{code}", PDF)
    added(
        work,
        DeadlineExtension(
            declaration_id=entry.id,
            state=ExtensionState.REQUESTED,
            until=work.today,
            reason="late",
            requested_by="liaison",
            requested_at=work.at,
        ),
    )
    return [
        run,
        added(work, CustomsMessage(
            direction=Direction.OUT, transport_id=f"MESSAGE-{code}", declaration_id=entry.id,
            raw=b"<message/>", sha256="0" * 64, state=MessageState.SENT, at=work.at,
        )),
        added(work, CollectionOrder(
            number=f"COL-{code}", premises_id=here, parcel_number=f"EE{code}TH",
            **{name: getattr(COLLECTION, name) for name in (
                "recipient_name", "recipient_address", "sender_name", "sender_country",
                "description", "hs_code", "statistical_code", "origin_country", "quantity",
                "weight_kg", "value_baht", "total_tax",
            )},
            fob_baht=COLLECTION.value_baht, duty_baht=Decimal(1), vat_baht=Decimal(1),
            explained=[], import_date=work.today, pay_by=work.today,
            state=CollectionState.ISSUED, issued_by=officer.username, issued_at=work.at,
        )),
        added(work, Payment(
            premises_id=here, kind=PaymentKind.ORDER, number=f"PAID-{code}", amount=Decimal(1),
            paid_at=work.at, names=waiting.number, captured_by="liaison", captured_at=work.at,
            order_id=waiting.id, matched_by="liaison", matched_at=work.at,
        )),
        added(work, FilingRule(
            premises_id=here, document_type=DocumentType.EXPORT, approval=Approval.STANDING,
            valid_from=work.today, source="test", recorded_by="liaison",
        )),
        work.session.exec(
            select(GuaranteeLetter)
            .join(GuaranteeAccount, col(GuaranteeAccount.id) == col(GuaranteeLetter.account_id))
            .where(GuaranteeAccount.premises_id == here)
        ).one(),
        added(work, Payment(
            premises_id=here, kind=PaymentKind.ORDER, number=f"ASTRAY-{code}", amount=Decimal(1),
            paid_at=work.at, names="NOTHING", captured_by="liaison", captured_at=work.at,
        )),
        added(work, PaperBatch(
            premises_id=here, business_day=work.today, form=BatchForm.ZIP, state=BatchState.DONE,
            total=1, done=1, content=PDF, sha256="0" * 64, requested_by="liaison",
            requested_at=work.at,
        )),
        added(work, OpeningBalance(
            premises_id=here, filename=f"BALANCE-{code}", content=PDF, sha256="0" * 64,
            state=UploadState.WAITING, uploaded_by="somebody", uploaded_at=work.at,
        )),
    ]  # fmt: skip


def _of_stock(
    work: Work, house: House, code: str, consignment: Consignment, staff: dict[Role, Person]
) -> list[db.Table]:
    here = house.premises.id
    place = places.add(work, here, f"PLACE-{code}", "ที่", "A place of its own", LocationKind.STORE)
    supervisor = staff[Role.SUPERVISOR]
    at_work = replace(work, actor=replace(TESTER, premises_id=here))
    disposal = added(work, Disposal(
        number=f"DSP-{code}", premises_id=here, partner_id=house.partner.id,
        kind=DisposalKind.DESTRUCTION, state=DisposalState.REQUESTED, reason="broken",
        requested_by=supervisor.username, requested_at=work.at,
    ))  # fmt: skip
    papers.keep(work, DISPOSAL, disposal.id, disposal.number, PDF)
    loss = a_declaration(work, house, DocumentType.HOME_USE, DeclarationState.DRAFT, None)
    loss.disposal_id = disposal.id
    a_declaration_line(work, loss, 1, house.product.id, Decimal(1))
    loss.findings = [UNKNOWN.finding({}, line=1)]
    count = added(work, Count(
        number=f"CNT-{code}", premises_id=here, location_id=place.id,
        reason=CountReason.REQUESTED, state=CountState.INVESTIGATING, planned_at=work.at,
    ))  # fmt: skip
    unit = work.session.exec(select(HandlingUnit).where(HandlingUnit.premises_id == here)).first()
    lot = work.session.exec(select(Lot).where(Lot.premises_id == here)).first()
    assert unit is not None
    assert lot is not None
    about: dict[str, Any] = {
        "partner_id": house.partner.id, "consignment_id": consignment.id, "lot_id": lot.id,
        "location_id": place.id, "quantity": Decimal(1),
    }  # fmt: skip
    missing, lost, extra = (
        discrepancies.open_case(work, kind, premises_id=here, **of)
        for kind, of in (
            (DiscrepancyKind.COUNT_SHORT, about | {"count_id": count.id}),
            (DiscrepancyKind.COUNT_SHORT, about | {"disposal_id": disposal.id}),
            (DiscrepancyKind.UNANNOUNCED, {"handling_unit_id": unit.id}),
        )
    )
    photo = discrepancies.add_photo(work, missing.id, pictures.a_photo())
    return [
        place, disposal, count, unit, lot, missing, lost, extra, photo, loss,
        handling.permit(
            at_work, HandlingKind.REPACK, permission="1", officer=staff[Role.OFFICER].username
        ),
        added(work, Hold(
            premises_id=here, kind=HoldKind.DAMAGE, reason=Reason.DAMAGED,
            location_id=place.id, opened_by=supervisor.username, opened_at=work.at,
        )),
    ]  # fmt: skip


def _of_shipments(work: Work, house: House, code: str) -> list[db.Table]:
    here = house.premises.id
    route = routes.add(
        work, here, f"ROUTE-{code}", ("ทาง", "Route"), ("10000", "10999"),
        house.places["STAGE-1"].id,
    )  # fmt: skip
    manifest = manifests.open_for(work, here, route.id, "70-1234", "สมศักดิ์")
    paper = papers.keep(work, MANIFEST, manifest.id, manifest.number, PDF)
    channel = added(work, ReleaseChannel(
        premises_id=here, code=f"CH-{code}", name_th="ช่อง", name_en="Channel", cut_off="16:00",
        most_in_progress=5,
    ))  # fmt: skip
    wave = added(work, Wave(
        number=f"WAV-{code}", premises_id=here, channel_id=channel.id,
        cut_off_at=work.at + timedelta(hours=4), state=WaveState.PLANNED, planned_at=work.at,
    ))  # fmt: skip
    return [route, manifest, paper, channel, wave]


def _numbers_of(things: Iterable[db.Table]) -> list[str]:
    found = [getattr(thing, name, None) for thing in things for name in _NUMBERS]
    return list(filter(None, found))
