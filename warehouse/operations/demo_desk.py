"""What a visitor finds at the customs desk of the demonstration before anything was played."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from warehouse.core.work import Work
from warehouse.customs.checking import filing_rules, permits
from warehouse.customs.checking.filing_rules import Rule, RuleDraft
from warehouse.customs.checking.permits import PermitDraft
from warehouse.customs.money import collecting, letters, payments
from warehouse.customs.money.collecting import Assessed
from warehouse.customs.money.letters import LetterDraft
from warehouse.customs.money.payments import PaymentDraft
from warehouse.customs.vocabulary import Approval, DocumentType, PaymentKind
from warehouse.masterdata.models import Partner, Premises
from warehouse.masterdata.queries import EVERY
from warehouse.masterdata.vocabulary import TradeDirection
from warehouse.operations.intake import announcing
from warehouse.operations.intake.announcing import Announcement, Goods

LIAISON: Final = "ratree"
MANAGER: Final = "wichai"
FDA: Final = "0994000165676"


def furnish(work: Work, premises: Premises, partner: Partner) -> None:
    """Something on every page: some of it settled by two people, some of it waiting for one."""
    liaison = replace(work, actor=replace(work.actor, name=LIAISON, premises_id=premises.id))
    manager = replace(liaison, actor=replace(liaison.actor, name=MANAGER))
    rule = filing_rules.record(liaison, premises.id, _exports_by_two(work))
    held = [
        permits.record(liaison, _permit(work, partner.id, number, hs_code))
        for number, hs_code in (
            ("อย. 10-1-01234-5-0001", "04090000"),
            ("อย. 10-1-01234-5-0002", "33030000"),
        )
    ]
    work.session.flush()
    filing_rules.approve(manager, premises.id, rule.id)
    for permit in held:
        permits.approve(manager, permit.id)
    _take_money(liaison, premises.id)
    announcing.announce(work, partner.id, _phones(work, premises.code))


def _exports_by_two(work: Work) -> RuleDraft:
    return RuleDraft(
        DocumentType.EXPORT,
        Rule(Approval.SECOND_PERSON),
        work.today,
        "บันทึกผู้จัดการคลัง 4/2569",
    )


def _permit(work: Work, partner_id: UUID, number: str, hs_code: str) -> PermitDraft:
    return PermitDraft(
        partner_id=partner_id,
        number=number,
        authority_id=FDA,
        direction=TradeDirection.IMPORT,
        hs_code=hs_code,
        statistical_code=EVERY,
        issue_date=work.today - timedelta(days=30),
        valid_from=work.today - timedelta(days=30),
        valid_to=work.today + timedelta(days=335),
        quantity=Decimal(500),
        unit="KGM",
    )


def _take_money(work: Work, premises_id: UUID) -> None:
    """A letter that waits for a second person, a payment for nothing known, a postal parcel."""
    letters.record(
        work,
        premises_id,
        LetterDraft("LG-BW-BKK-01-2", "ธนาคารกรุงไทย", Decimal(2_000_000), work.today),
    )
    payments.capture(
        work,
        premises_id,
        PaymentDraft(PaymentKind.DUTY, "R-0001", Decimal("1284.00"), work.at, "A0030690812345"),
    )
    collecting.issue(
        work,
        Assessed(
            premises_id=premises_id,
            parcel_number="RR123456785CN",
            recipient_name="นางสาวปิยะดา น้ำทิพย์",
            recipient_address="99/1 ซอยลาดพร้าว 15 แขวงจอมพล เขตจตุจักร กรุงเทพมหานคร 10900",
            sender_name="SHENZHEN GOODS CO LTD",
            sender_country="CN",
            description="กระเป๋าถือหนังเทียม",
            hs_code="42022200",
            statistical_code="000",
            origin_country="CN",
            quantity=Decimal(1),
            weight_kg=Decimal("0.650"),
            fob_baht=Decimal(30_000),
            value_baht=Decimal(31_300),
            import_date=work.today,
        ),
    )


def _phones(work: Work, premises: str) -> Announcement:
    """Goods of which nobody knows whether they need a permit: their entry waits for a person."""
    return Announcement(
        external_ref="LZD-PHONES-1",
        premises=premises,
        arrival_date=work.today + timedelta(days=2),
        house_bill="LZD9000000001",
        consignor_name="SHENZHEN GOODS CO LTD",
        consignment_country="CN",
        invoice_number="SG-2569-118",
        invoice_date=work.today - timedelta(days=6),
        currency="USD",
        gross_weight_kg=Decimal("18.000"),
        lines=[
            Goods(
                parcel_number="LZD9000000001",
                sku="PHONE-5",
                quantity=Decimal(20),
                unit_price=Decimal("95.00"),
            ),
            Goods(
                parcel_number="LZD9000000002",
                sku="HONEY-05",
                quantity=Decimal(12),
                unit_price=Decimal("6.50"),
            ),
            Goods(
                parcel_number="LZD9000000003",
                sku="PERFUME-50",
                quantity=Decimal(24),
                unit_price=Decimal("18.40"),
            ),
        ],
    )
