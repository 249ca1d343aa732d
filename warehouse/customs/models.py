"""The customs book: declarations, discharges, releases, duty, guarantee, messages, policy."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint
from sqlmodel import Field

from warehouse.core import db
from warehouse.customs.vocabulary import (
    DeclarationState,
    Direction,
    DocumentType,
    DutyAccount,
    DutyEntryKind,
    GuaranteeEntryKind,
    GuaranteeStrategy,
    MessageState,
)


class PolicyRow(db.Table, table=True):
    """One dated rule: a rate, a threshold, a rounding; with its legal source."""

    __tablename__ = "policy"
    __table_args__ = (
        ExcludeConstraint(
            ("name", "="),
            ("key", "="),
            (text("daterange(valid_from, valid_to, '[]')"), "&&"),
            using="gist",
            name="ex_policy_overlap",
        ),
    )

    name: str = Field(max_length=60)
    key: str = Field(max_length=20)
    value: str = Field(max_length=60)
    valid_from: date
    valid_to: date | None = None
    source: str = Field(max_length=200)


class Declaration(db.Table, table=True):
    """One declaration to customs: ours by *reference_number*, theirs by *declaration_number*."""

    __table_args__ = (
        CheckConstraint(
            "state NOT IN ('numbered', 'released') OR declaration_number IS NOT NULL",
            name="numbered_by_customs",
        ),
        Index(
            "uq_declaration_consignment",
            "consignment_id",
            unique=True,
            postgresql_where=text("document_type = '0' AND state <> 'cancelled'"),
        ),
        Index(
            "uq_declaration_order",
            "order_id",
            unique=True,
            postgresql_where=text("order_id IS NOT NULL AND state <> 'cancelled'"),
        ),
        Index(
            "uq_declaration_disposal",
            "disposal_id",
            unique=True,
            postgresql_where=text("disposal_id IS NOT NULL AND state <> 'cancelled'"),
        ),
    )

    reference_number: str = Field(max_length=13, unique=True)
    message_id: UUID = Field(unique=True)
    document_type: DocumentType = Field(sa_type=db.text_enum(DocumentType))
    premises_id: UUID = Field(foreign_key="premises.id")
    partner_id: UUID = Field(foreign_key="partner.id")
    consignment_id: UUID | None = Field(default=None, foreign_key="consignment.id")
    order_id: UUID | None = Field(default=None, foreign_key="customer_order.id")
    disposal_id: UUID | None = Field(default=None, foreign_key="disposal.id")
    version: int = 1
    state: DeclarationState = Field(sa_type=db.text_enum(DeclarationState), index=True)
    declaration_number: str | None = Field(default=None, max_length=14, unique=True)
    import_date: date
    storage_ends_on: date | None = None
    rates_on: date
    """The day whose duty rates were applied: of import into bond, of filing out of it."""
    currency: str = Field(max_length=3)
    exchange_rate: Decimal = db.rate()
    exchange_per_units: int
    house_bill: str = Field(max_length=35)
    consignor_name: str = Field(max_length=70)
    consignment_country: str = Field(max_length=2)
    invoice_number: str = Field(max_length=35)
    invoice_date: date
    package_amount: int
    gross_weight_kg: Decimal = db.quantity()
    net_weight_kg: Decimal = db.quantity()
    cif_foreign: Decimal = db.money()
    cif_baht: Decimal = db.money()
    total_tax: Decimal = db.money()
    refusals: list[dict[str, str]] = Field(default_factory=list, sa_type=JSONB, nullable=False)
    answered: int = 0
    """The sequence of the last answer that was applied: customs numbers them 1, 2, 3 …"""
    drafted_at: datetime = db.instant()
    sent_at: datetime | None = db.optional_instant()
    numbered_at: datetime | None = db.optional_instant()
    released_at: datetime | None = db.optional_instant()


class DeclarationLine(db.Table, table=True):
    """One line: one commodity code, one value.

    On an entry line value, classification and description are frozen at import completion
    (Customs Act s.14(1)); a home-use line names the entry line that it draws down.
    """

    __table_args__ = (
        UniqueConstraint("declaration_id", "line_number"),
        CheckConstraint("quantity > 0 AND cif_baht >= 0", name="measured"),
        CheckConstraint(
            "discharged_quantity >= 0 AND discharged_quantity <= quantity", name="not_overdrawn"
        ),
        CheckConstraint(
            "discharged_cif_baht >= 0 AND discharged_cif_baht <= cif_baht",
            name="value_not_overdrawn",
        ),
    )

    declaration_id: UUID = Field(foreign_key="declaration.id")
    line_number: int
    entry_line_id: UUID | None = Field(default=None, foreign_key="declaration_line.id", index=True)
    product_id: UUID = Field(foreign_key="product.id")
    sku: str = Field(max_length=35)
    hs_code: str = Field(max_length=8)
    statistical_code: str = Field(max_length=3)
    privilege_code: str = Field(max_length=3)
    description_th: str = Field(max_length=512)
    description_en: str = Field(max_length=512)
    brand: str = Field(max_length=35)
    origin_country: str = Field(max_length=2)
    net_weight_kg: Decimal = db.quantity()
    quantity: Decimal = db.quantity()
    unit: str = Field(max_length=3)
    unit_price_foreign: Decimal = db.rate()
    cif_foreign: Decimal = db.money()
    cif_baht: Decimal = db.money()
    explained: list[dict[str, str]] = Field(default_factory=list, sa_type=JSONB, nullable=False)
    discharged_quantity: Decimal = db.quantity()
    discharged_cif_baht: Decimal = db.money()


class DeclarationDuty(db.Table, table=True):
    """One duty or tax on a line, to the satang."""

    __table_args__ = (
        UniqueConstraint("line_id", "duty_type"),
        CheckConstraint("amount >= 0 AND amount_paid >= 0 AND amount_paid <= amount", name="paid"),
    )

    line_id: UUID = Field(foreign_key="declaration_line.id")
    duty_type: str = Field(max_length=4)
    base_baht: Decimal = db.money()
    value_rate_pct: Decimal = db.rate()
    specific_rate_baht: Decimal = db.rate()
    amount: Decimal = db.money()
    exemption_pct: Decimal = db.rate()
    amount_paid: Decimal = db.money()
    discharged_amount: Decimal = db.money()


class DeclaredLot(db.Table, table=True):
    """The lots that stand behind a declaration line, and how much of each."""

    __table_args__ = (
        UniqueConstraint("line_id", "lot_id"),
        CheckConstraint("quantity > 0", name="positive"),
    )

    line_id: UUID = Field(foreign_key="declaration_line.id")
    lot_id: UUID = Field(foreign_key="lot.id", index=True)
    quantity: Decimal = db.quantity()


@db.append_only
class Discharge(db.Table, table=True):
    """The write-off (ตัดบัญชี): a disposal line draws down an entry line."""

    __table_args__ = (CheckConstraint("quantity > 0 AND cif_baht >= 0", name="measured"),)

    sequence: int | None = db.sequence()
    entry_line_id: UUID = Field(foreign_key="declaration_line.id", index=True)
    disposal_line_id: UUID = Field(foreign_key="declaration_line.id", unique=True)
    quantity: Decimal = db.quantity()
    cif_baht: Decimal = db.money()
    at: datetime = db.instant()
    recorded_at: datetime | None = db.recorded_at()


class Release(db.Table, table=True):
    """Customs lets goods go: what the gate asks for (Customs Act s.51).

    It rests on a declaration that customs released, or on a paper of customs with a number and
    the officer who signed it.
    """

    __table_args__ = (
        CheckConstraint("num_nonnulls(order_id, disposal_id) = 1", name="one_purpose"),
        CheckConstraint(
            "declaration_id IS NOT NULL OR (authority <> '' AND officer_id IS NOT NULL)",
            name="decided",
        ),
        CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name="revoked_whole"),
        CheckConstraint("approved_by <> recorded_by", name="four_eyes"),
    )

    number: str = Field(max_length=20, unique=True)
    declaration_id: UUID | None = Field(default=None, foreign_key="declaration.id", unique=True)
    order_id: UUID | None = Field(default=None, foreign_key="customer_order.id", unique=True)
    disposal_id: UUID | None = Field(default=None, foreign_key="disposal.id", unique=True)
    authority: str = Field(default="", max_length=60, sa_column_kwargs={"server_default": ""})
    """The number of the customs paper, where there is no declaration."""
    officer_id: UUID | None = Field(default=None, foreign_key="person.id")
    recorded_by: str | None = Field(default=None, max_length=80)
    approved_by: str | None = Field(default=None, max_length=80)
    valid_until: datetime | None = db.optional_instant()
    granted_at: datetime = db.instant()
    revoked_at: datetime | None = db.optional_instant()
    revoked_by: str | None = Field(default=None, max_length=80)


class ReleaseLine(db.Table, table=True):
    """How much of a lot a release covers, and how much of that has left."""

    __table_args__ = (
        UniqueConstraint("release_id", "lot_id", "declaration_line_id"),
        CheckConstraint("quantity > 0", name="positive"),
        CheckConstraint("used_quantity >= 0 AND used_quantity <= quantity", name="not_exceeded"),
    )

    release_id: UUID = Field(foreign_key="release.id")
    declaration_line_id: UUID | None = Field(default=None, foreign_key="declaration_line.id")
    lot_id: UUID = Field(foreign_key="lot.id")
    quantity: Decimal = db.quantity()
    used_quantity: Decimal = db.quantity()


class GuaranteeAccount(db.Table, table=True):
    """The guarantee of a premises, and what stands against it."""

    __table_args__ = (
        CheckConstraint("reserved_baht >= 0 AND debited_baht >= 0", name="not_negative"),
    )

    premises_id: UUID = Field(foreign_key="premises.id", unique=True)
    strategy: GuaranteeStrategy = Field(sa_type=db.text_enum(GuaranteeStrategy))
    in_force_baht: Decimal = db.money()
    required_baht: Decimal = db.money()
    percent: Decimal = db.rate()
    exposure_limit_baht: Decimal | None = Field(default=None, max_digits=19, decimal_places=4)
    valid_to: date | None = None
    reserved_baht: Decimal = db.money()
    debited_baht: Decimal = db.money()


@db.append_only
class GuaranteeEntry(db.Table, table=True):
    """One line of the guarantee ledger, in satang-exact baht."""

    __table_args__ = (CheckConstraint("amount > 0", name="positive"),)

    sequence: int | None = db.sequence()
    account_id: UUID = Field(foreign_key="guarantee_account.id", index=True)
    kind: GuaranteeEntryKind = Field(sa_type=db.text_enum(GuaranteeEntryKind))
    declaration_id: UUID = Field(foreign_key="declaration.id", index=True)
    amount: Decimal = db.money()
    at: datetime = db.instant()
    recorded_at: datetime | None = db.recorded_at()


@db.append_only
class DutyEntry(db.Table, table=True):
    """One line of the duty ledger: an amount moves from one account to another."""

    __table_args__ = (
        CheckConstraint("amount > 0", name="positive"),
        CheckConstraint("from_account <> to_account", name="goes_somewhere"),
    )

    sequence: int | None = db.sequence()
    kind: DutyEntryKind = Field(sa_type=db.text_enum(DutyEntryKind))
    entry_line_id: UUID | None = Field(default=None, foreign_key="declaration_line.id", index=True)
    declaration_id: UUID = Field(foreign_key="declaration.id", index=True)
    duty_type: str = Field(max_length=4)
    from_account: DutyAccount = Field(sa_type=db.text_enum(DutyAccount, name="from_account"))
    to_account: DutyAccount = Field(sa_type=db.text_enum(DutyAccount, name="to_account"))
    amount: Decimal = db.money()
    at: datetime = db.instant()
    recorded_at: datetime | None = db.recorded_at()


class CustomsMessage(db.Table, table=True):
    """A message as it went or came, byte for byte, with its hash."""

    __table_args__ = (UniqueConstraint("direction", "transport_id"),)

    sequence: int | None = db.sequence()
    direction: Direction = Field(sa_type=db.text_enum(Direction))
    transport_id: str = Field(max_length=80)
    declaration_id: UUID | None = Field(default=None, foreign_key="declaration.id", index=True)
    raw: bytes = Field(sa_type=LargeBinary)
    sha256: str = Field(max_length=64)
    state: MessageState = Field(sa_type=db.text_enum(MessageState))
    reason: str | None = None
    at: datetime = db.instant()
