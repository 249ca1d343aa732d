"""What tests of customs begin with: a house with guarantee, rates and rules; goods declared."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from itertools import count
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from tests import builders
from tests.builders import House, added
from warehouse.core import ids
from warehouse.core.jobs import Jobs
from warehouse.core.work import Work
from warehouse.customs import commands, jobs, queries
from warehouse.customs.gateway import Answer, AnswerKind, Gateway
from warehouse.customs.gateway.signing import Keys
from warehouse.customs.models import (
    Declaration,
    DutyEntry,
    GuaranteeAccount,
    GuaranteeLetter,
)
from warehouse.customs.money import guarantee, letters
from warehouse.customs.money.letters import Terms
from warehouse.customs.vocabulary import (
    CustomsEvent,
    DocumentType,
    DutyAccount,
    GuaranteeStrategy,
)
from warehouse.inventory import commands as inventory
from warehouse.inventory import inbound, inside
from warehouse.inventory.commands import ExpectedGoods
from warehouse.inventory.models import Disposal, HandlingUnit
from warehouse.masterdata import commands as masterdata
from warehouse.masterdata import queries as masterdata_queries
from warehouse.masterdata.models import Product, Restriction, TariffLine
from warehouse.masterdata.vocabulary import RateType, RestrictionKind, TradeDirection
from warehouse.operations.clearance import answers, entry, release
from warehouse.operations.clearance import disposal as clearance
from warehouse.shipments import commands as shipments
from warehouse.shipments.commands import AnnouncedLine, ConsignmentDraft
from warehouse.shipments.models import Consignment, Order
from warehouse.shipments.vocabulary import ShipmentEvent

_numbers = count(1)

Goods = tuple[Product, int, str]
"""A product, how much of it in one parcel, and its unit price."""


def on(work: Work, day: str) -> Work:
    """The same transaction at noon in Bangkok on *day*."""
    return replace(
        work, at=datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC).replace(hour=5)
    )


def a_customs_house(work: Work, **guarantee: Any) -> House:
    """A warehouse that may declare: rates, rules and a guarantee are entered."""
    masterdata.load_reference(work)
    commands.load_policy(work)
    house = builders.a_house(work, f"BW-{next(_numbers)}")
    a_guarantee(work, house, **guarantee)
    return house


def a_guarantee(
    work: Work, house: House, in_force_baht: Decimal = Decimal(5_000_000), **terms: Any
) -> GuaranteeAccount:
    """A guarantee over all the duty in stock, of five million baht, by one letter of a bank."""
    values = {"strategy": GuaranteeStrategy.PERCENT_OF_STOCK_DUTY, "percent": Decimal(100)}
    valid_to = terms.pop("valid_to", None)
    account = letters.open_account(
        work, house.premises.id, Terms(**values | terms), approved_by="the manager"
    )
    if in_force_baht:
        a_letter(work, account, in_force_baht, valid_to=valid_to)
    return account


def a_letter(
    work: Work,
    account: GuaranteeAccount,
    amount: Decimal,
    *,
    number: str = "",
    valid_to: date | None = None,
) -> GuaranteeLetter:
    """A bank's letter behind *account*, in force since January, whatever its end."""
    letter = added(
        work,
        GuaranteeLetter(
            account_id=account.id,
            number=number or f"LG-{next(_numbers)}",
            bank="KRUNGTHAI BANK",
            amount=amount,
            valid_from=date(2026, 1, 1),
            valid_to=valid_to,
            recorded_by="the liaison",
            recorded_at=work.at,
            approved_by="the manager",
            approved_at=work.at,
        ),
    )
    guarantee.begin(work, account, letter)
    return letter


def guarantee_of(work: Work, house: House) -> tuple[Decimal, Decimal]:
    """What is reserved and what is debited."""
    account = work.session.exec(
        select(GuaranteeAccount).where(GuaranteeAccount.premises_id == house.premises.id)
    ).one()
    return account.reserved_baht, account.debited_baht


def a_tariff_line(
    work: Work, hs_code: str, rate: str, since: str, until: str | None = None
) -> TariffLine:
    """A duty by value of *rate* per cent, on goods that need no permit."""
    known = masterdata_queries.restrictions(
        work.session, hs_code, "000", TradeDirection.IMPORT, work.today
    )
    if not known:
        a_restriction(work, hs_code, RestrictionKind.NONE)
    return added(
        work,
        TariffLine(
            hs_code=hs_code,
            statistical_code="000",
            description_th="สินค้าทดสอบ",
            description_en="Test goods",
            unit="C62",
            rate_type=RateType.AD_VALOREM,
            value_rate_pct=Decimal(rate),
            specific_rate_baht=Decimal(0),
            valid_from=date.fromisoformat(since),
            valid_to=date.fromisoformat(until) if until else None,
            source="test",
        ),
    )


def a_restriction(
    work: Work, hs_code: str, kind: RestrictionKind, authority: str = "", **changes: object
) -> Restriction:
    """What the restriction table says of every statistical code of *hs_code* coming in."""
    values: dict[str, object] = {
        "hs_code": hs_code,
        "statistical_code": "000",
        "direction": TradeDirection.IMPORT,
        "kind": kind,
        "authority_id": authority,
        "permit_th": "ใบอนุญาตทดสอบ" if authority else "",
        "permit_en": "Test permit" if authority else "",
        "valid_from": date(2022, 1, 1),
        "source": "test",
    }
    return added(work, Restriction(**values | changes))


def a_product(work: Work, house: House, hs_code: str = "61091010") -> Product:
    """One of the partner's goods, under *hs_code*."""
    product = builders.a_product(work, house.partner, f"SKU-{next(_numbers)}")
    product.hs_code = hs_code
    return product


def a_consignment(
    work: Work,
    house: House,
    goods: Sequence[Goods],
    *,
    currency: str = "THB",
    gross: str = "1000",
) -> Consignment:
    """*goods* announced, each in a parcel of its own, arriving today; a lot weighs half a kilo."""
    lines = tuple(
        AnnouncedLine(
            position,
            builders.a_parcel_number(),
            product.id,
            Decimal(quantity),
            Decimal(price),
            Decimal("0.5"),
        )
        for position, (product, quantity, price) in enumerate(goods, start=1)
    )
    consignment = shipments.announce(
        work,
        ConsignmentDraft(
            premises_id=house.premises.id,
            partner_id=house.partner.id,
            external_ref=f"C-{next(_numbers)}",
            arrival_date=work.today,
            house_bill=builders.a_parcel_number(),
            consignor_name="SHENZHEN GOODS",
            consignment_country="CN",
            invoice_number="INV-1",
            invoice_date=work.today,
            currency=currency,
            gross_weight_kg=Decimal(gross),
            lines=lines,
        ),
    )
    inventory.expect(
        work,
        consignment_id=consignment.id,
        premises_id=house.premises.id,
        partner_id=house.partner.id,
        goods=[
            ExpectedGoods(line.id, line.parcel_number, line.product_id, line.quantity, "C62")
            for line in lines
        ],
    )
    return consignment


def drafted(work: Work, consignment: Consignment) -> Declaration | None:
    """The declaration that the job makes of *consignment*, if it can."""
    entry.draft_entry(work, {"subject": str(consignment.id)})
    return queries.declaration_of_consignment(work.session, consignment.id)


def sent(work: Work, declaration: Declaration | None) -> Declaration:
    """*declaration*, which is at customs now."""
    assert declaration is not None
    commands.send(work, commands.lock(work, declaration.id))
    return declaration


def accepted(work: Work, declaration: Declaration | None) -> Declaration:
    """*declaration*, accepted by customs under a new number."""
    declaration = sent(work, declaration)
    tell(work, declaration, AnswerKind.NUMBERED, number=a_number(declaration.document_type))
    return declaration


def released(work: Work, declaration: Declaration | None) -> Declaration:
    """*declaration*, accepted and let go by customs."""
    declaration = accepted(work, declaration)
    tell(work, declaration, AnswerKind.RELEASED)
    return declaration


def let_go(work: Work, disposal: Disposal) -> Declaration:
    """The declaration that the job makes of *disposal*, accepted and let go by customs."""
    clearance.declare(work, {"subject": str(disposal.id)})
    return released(work, queries.declaration_of(work.session, disposal_id=disposal.id))


def tell(
    work: Work, declaration: Declaration, kind: AnswerKind, *, number: str | None = None
) -> None:
    """Customs says *kind* of *declaration*."""
    effect = answers.effects_of(declaration)[kind]
    effect(work, declaration, an_answer(work, declaration, kind, number=number))


def an_answer(
    work: Work,
    declaration: Declaration,
    kind: AnswerKind,
    *,
    sequence: int = 1,
    number: str | None = None,
) -> Answer:
    """What customs says of *declaration* now."""
    return Answer(
        answer_id=f"{declaration.message_id}-{sequence}",
        message_id=declaration.message_id,
        reference_number=declaration.reference_number,
        sequence=sequence,
        kind=kind,
        at=work.at,
        declaration_number=number,
    )


def a_number(document_type: DocumentType) -> str:
    """A declaration number that customs has not given yet."""
    return f"A002{document_type.value}6908{next(_numbers):05}"


def stored(work: Work, house: House, consignment: Consignment, bin_code: str = "A1") -> None:
    """Every parcel of *consignment* is received and put away."""
    parcels = work.session.exec(
        select(HandlingUnit.number)
        .where(HandlingUnit.consignment_id == consignment.id)
        .order_by(col(HandlingUnit.number))
    ).all()
    for parcel in parcels:
        receipt = inbound.receive(work, house.premises.id, parcel, scan_id=ids.new_id())
        assert receipt is not None
        target = inbound.place(work, house.premises.id, bin_code)
        inside.put_away(
            work, house.premises.id, receipt.handling_unit_id, target, scan_id=ids.new_id()
        )


def in_bond(
    work: Work, house: House, goods: Sequence[Goods], *, currency: str = "THB"
) -> Declaration:
    """*goods* accepted into bond and put away."""
    consignment = a_consignment(work, house, goods, currency=currency)
    declaration = accepted(work, drafted(work, consignment))
    stored(work, house, consignment)
    return declaration


def an_order(work: Work, house: House, product: Product, quantity: int) -> Order:
    """An order for *quantity* of *product*, its goods promised."""
    order, _ = builders.an_order(work, replace(house, product=product), quantity)
    return order


def declared(work: Work, order: Order) -> Declaration | None:
    """The declaration that the job makes of *order*, if it can."""
    release.declare_release(work, {"subject": str(order.id)})
    return queries.declaration_of_order(work.session, order.id)


def duties_of(work: Work, declaration: Declaration) -> list[Mapping[str, Decimal]]:
    """What each line owes, by duty type."""
    lines = queries.lines(work.session, declaration.id)
    duties = queries.duties(work.session, [line.id for line in lines])
    return [{duty.duty_type: duty.amount for duty in duties[line.id]} for line in lines]


def balances(work: Work, declaration_id: UUID | None = None) -> Mapping[DutyAccount, Decimal]:
    """The duty ledger's accounts, of one declaration or of all; those at zero are left out."""
    query = select(DutyEntry)
    if declaration_id is not None:
        query = query.where(DutyEntry.declaration_id == declaration_id)
    sums = dict.fromkeys(DutyAccount, Decimal(0))
    for line in work.session.exec(query):
        sums[line.from_account] -= line.amount
        sums[line.to_account] += line.amount
    return {account: baht for account, baht in sums.items() if baht}


def a_desk(gateway: Gateway, keys: Keys) -> Jobs:
    """The jobs of customs, against *gateway*, as the worker knows them."""
    return Jobs(
        handlers={
            "draft-entry": entry.draft_entry,
            "declare-release": release.declare_release,
            "note-submission": release.note_submission,
            "apply-answer": partial(answers.apply_answer, keys=keys),
            "resume-filings": jobs.resume_filings,
        },
        callers={
            "send-declaration": partial(jobs.send_declaration, gateway=gateway),
            "send-amendment": partial(jobs.send_amendment, gateway=gateway),
            "file-afterwards": partial(jobs.file_afterwards, gateway=gateway),
            "fetch-answers": partial(jobs.fetch_answers, gateway=gateway),
        },
        subscribers={
            ShipmentEvent.CONSIGNMENT_ANNOUNCED: ("draft-entry",),
            ShipmentEvent.ORDER_PLACED: ("declare-release",),
            CustomsEvent.DECLARATION_QUEUED: ("send-declaration",),
            CustomsEvent.DECLARATION_TAKEN_IN: ("note-submission", "fetch-answers"),
            CustomsEvent.AMENDMENT_QUEUED: ("send-amendment",),
            CustomsEvent.GATEWAY_UP: ("resume-filings",),
        },
    )
