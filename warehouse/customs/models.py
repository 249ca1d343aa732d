"""The customs book: declarations, discharges, releases, duty, guarantee, messages, policy."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, Numeric, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint
from sqlmodel import Field

from warehouse.core import db
from warehouse.customs.vocabulary import (
    CONFIRMED_LATER,
    AmendmentKind,
    AmendmentState,
    Approval,
    CollectionState,
    DeclarationState,
    Direction,
    DocumentType,
    DutyAccount,
    DutyEntryKind,
    ExtensionState,
    FilingOutcome,
    GuaranteeEntryKind,
    GuaranteeStrategy,
    HandDecisionKind,
    MessageState,
    PaymentKind,
    PermitDrawKind,
    Procedure,
    RunKind,
)
from warehouse.masterdata.vocabulary import TradeDirection


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


def _baht_from_none() -> Any:  # noqa: ANN401 (Field itself returns Any)
    """An amount that rows of before this column take as nothing."""
    return Field(
        default=Decimal(0),
        sa_type=Numeric(19, 4),
        sa_column_kwargs={"server_default": text("0")},
    )


def _list_from_none() -> Any:  # noqa: ANN401
    """A list that rows of before this column take as empty."""
    return Field(
        default_factory=list,
        sa_type=JSONB,
        nullable=False,
        sa_column_kwargs={"server_default": text("'[]'::jsonb")},
    )


def _withdrawn_before_it_counts(approved: str) -> tuple[CheckConstraint, CheckConstraint]:
    """What was recorded wrongly is withdrawn by name, as long as nobody has approved it."""
    return (
        CheckConstraint("(withdrawn_by IS NULL) = (withdrawn_at IS NULL)", name="withdrawn_whole"),
        CheckConstraint(f"{approved} IS NULL OR withdrawn_at IS NULL", name="one_end"),
    )


_AS_FILED: Final = """
    CREATE OR REPLACE FUNCTION keep_as_filed() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE filed uuid;
    BEGIN
        IF TG_TABLE_NAME = 'declaration' THEN filed := OLD.id;
        ELSIF TG_TABLE_NAME = 'declaration_line' THEN filed := OLD.declaration_id;
        ELSE SELECT declaration_id INTO filed FROM declaration_line WHERE id = OLD.line_id;
        END IF;
        IF filed::text IS DISTINCT FROM current_setting('warehouse.amending', true) AND EXISTS (
            SELECT FROM declaration WHERE id = filed
               AND (sent_at IS NOT NULL OR state NOT IN ('draft', 'approved', 'queued'))
        ) THEN
            RAISE EXCEPTION 'what was filed changes by amendment only: % of % refused',
                TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
        END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END $$
"""
"""A transaction that writes an accepted amendment says so: ``warehouse.amending`` names it."""
_FILED_ONCE: Final = """
    CREATE TRIGGER filed_once BEFORE DELETE OR UPDATE OF {columns} ON {{table}}
    FOR EACH ROW EXECUTE FUNCTION keep_as_filed()
"""


def _filed_once(model: type[db.Table], *columns: str) -> None:
    """Once filed, *columns* of *model* change by amendment only (invariant I-17)."""
    db.guarded(model, _FILED_ONCE.format(columns=", ".join(columns)), function=_AS_FILED)


class Declaration(db.Table, table=True):
    """One declaration to customs: ours by *reference_number*, theirs by *declaration_number*."""

    __table_args__ = (
        CheckConstraint(
            "declaration_number IS NOT NULL OR document_type = 'petition' OR state NOT IN"
            " ('numbered', 'paid', 'guaranteed', 'exempt', 'green', 'red', 'examined',"
            " 'released', 'delivered')",
            name="numbered_by_customs",
        ),
        CheckConstraint("approved_by <> drafted_by", name="four_eyes"),
        CheckConstraint("(approved_by IS NULL) = (approved_at IS NULL)", name="approved_whole"),
        Index(
            "uq_declaration_consignment",
            "consignment_id",
            "part",
            unique=True,
            postgresql_where=text("consignment_id IS NOT NULL AND state <> 'cancelled'"),
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
        Index(
            "uq_declaration_paired",
            "paired_id",
            unique=True,
            postgresql_where=text("paired_id IS NOT NULL AND state <> 'cancelled'"),
        ),
    )

    reference_number: str = Field(max_length=13, unique=True)
    message_id: UUID = Field(unique=True)
    document_type: DocumentType = Field(sa_type=db.text_enum(DocumentType))
    procedure: Procedure = Field(sa_type=db.text_enum(Procedure))
    """What it asks for; the document type follows from it."""
    premises_id: UUID = Field(foreign_key="premises.id")
    partner_id: UUID = Field(foreign_key="partner.id")
    consignment_id: UUID | None = Field(default=None, foreign_key="consignment.id")
    order_id: UUID | None = Field(default=None, foreign_key="customer_order.id")
    disposal_id: UUID | None = Field(default=None, foreign_key="disposal.id")
    paired_id: UUID | None = Field(default=None, foreign_key="declaration.id")
    """Type A: the sender's declaration, type B, that it answers."""
    to_premises_id: UUID | None = Field(default=None, foreign_key="premises.id")
    """Type B: the bonded warehouse that the goods go to."""
    zone_licence: str = Field(default="", max_length=17, sa_column_kwargs={"server_default": ""})
    """Types C and D: the tax-incentive registration of the free zone."""
    part: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})
    """1, 2 … where one consignment is split over several declarations."""
    version: int = 1
    revision: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})
    """Counts the corrections of a draft: whoever corrects it says which one they saw."""
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
    """Going out: the country of destination; TH on the way to another Thai place."""
    invoice_number: str = Field(max_length=35)
    invoice_date: date
    package_amount: int
    gross_weight_kg: Decimal = db.quantity()
    net_weight_kg: Decimal = db.quantity()
    cif_foreign: Decimal = db.money()
    """The customs value: CIF coming in and for home use, FOB going abroad."""
    cif_baht: Decimal = db.money()
    total_tax: Decimal = db.money()
    total_deposit: Decimal = _baht_from_none()
    refusals: list[dict[str, str]] = Field(default_factory=list, sa_type=JSONB, nullable=False)
    """What customs refused it for, or what stands in the way of its filing."""
    findings: list[dict[str, str]] = _list_from_none()
    """What our own validation found, newest run."""
    answered: int = 0
    """The sequence of the last answer that was applied: customs numbers them 1, 2, 3 …"""
    drafted_by: str = Field(
        default="system", max_length=80, sa_column_kwargs={"server_default": "system"}
    )
    """Who drafted, or last edited, it."""
    drafted_at: datetime = db.instant()
    approved_by: str | None = Field(default=None, max_length=80)
    approved_at: datetime | None = db.optional_instant()
    sent_at: datetime | None = db.optional_instant()
    numbered_at: datetime | None = db.optional_instant()
    issued_by_hand: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    """Customs gave the number on paper, in an outage."""
    payment_number: str | None = Field(default=None, max_length=30)
    settled_at: datetime | None = db.optional_instant()
    examined_at: datetime | None = db.optional_instant()
    released_at: datetime | None = db.optional_instant()
    delivered_at: datetime | None = db.optional_instant()
    """Entry: stored and certified; out of bond: known to have arrived, or left the country."""
    exit_document: str = Field(default="", max_length=60, sa_column_kwargs={"server_default": ""})
    """What proves that the goods left, where the customs desk recorded it."""
    certified_by: UUID | None = Field(default=None, foreign_key="person.id")
    """The officer who certified what is stored (Customs Act s.124)."""
    stopped_at: datetime | None = db.optional_instant()
    stop_reason: str = Field(default="", max_length=300, sa_column_kwargs={"server_default": ""})
    """Customs stopped it after release: what has not left stays."""

    @property
    def value_terms(self) -> str:
        """What the customs value includes: carriage to here, or nothing beyond the border."""
        return "FOB" if self.document_type in CONFIRMED_LATER else "CIF"


_filed_once(
    Declaration,
    "reference_number", "document_type", "procedure", "premises_id", "partner_id",
    "consignment_id", "order_id", "disposal_id", "paired_id", "part", "version", "import_date",
    "rates_on", "currency", "exchange_rate", "exchange_per_units", "house_bill", "consignor_name",
    "consignment_country", "invoice_number", "invoice_date", "package_amount", "gross_weight_kg",
    "net_weight_kg", "cif_foreign", "cif_baht", "total_tax", "total_deposit", "drafted_by",
    "drafted_at", "approved_by", "approved_at",
)  # fmt: skip


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
        CheckConstraint("retail_price_baht > 0 AND excise_quantity > 0", name="excise"),
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
    cif_assessed_baht: Decimal | None = Field(default=None, max_digits=19, decimal_places=4)
    """The value that customs set; it replaces CIF as the base (Import Detail, field 39)."""
    retail_price_baht: Decimal | None = Field(default=None, max_digits=19, decimal_places=4)
    """The suggested retail price of one unit, without VAT, for excise (Excise Act B.E. 2560)."""
    excise_quantity: Decimal | None = db.optional_quantity()
    """All of the line, as the excise tariff counts it; None: as the line counts."""
    certified_quantity: Decimal | None = db.optional_quantity()
    nature_of_transaction: str = Field(
        default="11", max_length=2, sa_column_kwargs={"server_default": "11"}
    )
    product_year: str = Field(default="0", max_length=4, sa_column_kwargs={"server_default": "0"})
    origin_criteria: str = Field(default="", max_length=35, sa_column_kwargs={"server_default": ""})
    origin_certificate: str = Field(
        default="", max_length=35, sa_column_kwargs={"server_default": ""}
    )
    """The proof of origin that a preferential privilege rests on."""
    explained: list[dict[str, str]] = Field(default_factory=list, sa_type=JSONB, nullable=False)
    discharged_quantity: Decimal = db.quantity()
    discharged_cif_baht: Decimal = db.money()


_filed_once(
    DeclarationLine,
    "declaration_id", "line_number", "entry_line_id", "product_id", "sku", "hs_code",
    "statistical_code", "privilege_code", "description_th", "description_en", "brand",
    "origin_country", "net_weight_kg", "quantity", "unit", "unit_price_foreign", "cif_foreign",
    "cif_baht", "cif_assessed_baht", "nature_of_transaction", "product_year", "origin_criteria",
    "origin_certificate", "explained", "retail_price_baht", "excise_quantity",
)  # fmt: skip


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
    deposit_baht: Decimal = _baht_from_none()
    discharged_amount: Decimal = db.money()


_filed_once(
    DeclarationDuty,
    "line_id", "duty_type", "base_baht", "value_rate_pct", "specific_rate_baht", "amount",
    "exemption_pct", "amount_paid", "deposit_baht",
)  # fmt: skip


class DeclarationDeposit(db.Table, table=True):
    """A sum left with customs until a question is settled: reasons D01, D02 … (manual p.120)."""

    __table_args__ = (
        UniqueConstraint("duty_id", "reason_code"),
        CheckConstraint("amount > 0", name="positive"),
    )

    duty_id: UUID = Field(foreign_key="declaration_duty.id")
    reason_code: str = Field(max_length=3)
    amount: Decimal = db.money()


class DeclarationPermit(db.Table, table=True):
    """A permit that a line names (permit part, manual pp.48-49)."""

    __table_args__ = (UniqueConstraint("line_id", "number", "authority_id"),)

    line_id: UUID = Field(foreign_key="declaration_line.id")
    permit_id: UUID | None = Field(default=None, foreign_key="permit.id", index=True)
    """None where the number says that none is needed: EXEMPT and the like."""
    number: str = Field(max_length=35)
    issue_date: date
    authority_id: str = Field(max_length=17)


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
    reserved_baht: Decimal = db.money()
    debited_baht: Decimal = db.money()
    warned_pct: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    """The last of the shares of use that somebody was warned of; 0: none is reached."""


@db.append_only
class GuaranteeEntry(db.Table, table=True):
    """One line of the guarantee ledger, in satang-exact baht."""

    __table_args__ = (
        CheckConstraint("amount > 0", name="positive"),
        CheckConstraint("num_nonnulls(declaration_id, letter_id) = 1", name="one_cause"),
        CheckConstraint("(letter_id IS NOT NULL) = (kind IN ('top_up', 'end'))", name="of_letter"),
    )

    sequence: int | None = db.sequence()
    account_id: UUID = Field(foreign_key="guarantee_account.id", index=True)
    kind: GuaranteeEntryKind = Field(sa_type=db.text_enum(GuaranteeEntryKind))
    declaration_id: UUID | None = Field(default=None, foreign_key="declaration.id", index=True)
    letter_id: UUID | None = Field(default=None, foreign_key="guarantee_letter.id", index=True)
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


class Amendment(db.Table, table=True):
    """A change, or a cancellation, asked of customs; once accepted it is the next version.

    What was sent is never edited: the message of each version is kept as it went.
    """

    __table_args__ = (
        Index(
            "uq_amendment_open",
            "declaration_id",
            unique=True,
            postgresql_where=text("state IN ('draft', 'queued', 'sent', 'unknown')"),
        ),
        CheckConstraint("version > 1", name="later"),
        CheckConstraint("approved_by <> requested_by", name="four_eyes"),
    )

    declaration_id: UUID = Field(foreign_key="declaration.id", index=True)
    version: int
    """The version that it makes, if customs accepts it."""
    kind: AmendmentKind = Field(sa_type=db.text_enum(AmendmentKind))
    message_id: UUID = Field(unique=True)
    state: AmendmentState = Field(sa_type=db.text_enum(AmendmentState))
    reason: str = Field(max_length=300)
    changes: list[dict[str, str]] = Field(default_factory=list, sa_type=JSONB, nullable=False)
    """``line`` (empty: the whole), ``field``, ``old``, ``new``."""
    suspended_change: Decimal = db.money()
    """By how much it changes the duty and tax that bond suspends, in baht."""
    answered: int = 0
    refusals: list[dict[str, str]] = Field(default_factory=list, sa_type=JSONB, nullable=False)
    requested_by: str = Field(max_length=80)
    requested_at: datetime = db.instant()
    approved_by: str | None = Field(default=None, max_length=80)
    approved_at: datetime | None = db.optional_instant()
    sent_at: datetime | None = db.optional_instant()
    decided_at: datetime | None = db.optional_instant()


class PostClearanceCase(db.Table, table=True):
    """A declaration was found wrong after customs let its goods go: it is put right in writing."""

    __table_args__ = (
        Index(
            "uq_post_clearance_case_open",
            "declaration_id",
            unique=True,
            postgresql_where=text("closed_at IS NULL"),
        ),
        CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name="closed_whole"),
        CheckConstraint("(closed_at IS NULL) = (outcome = '')", name="closed_with_outcome"),
    )

    declaration_id: UUID = Field(foreign_key="declaration.id", index=True)
    reason: str = Field(max_length=300)
    changes: list[dict[str, str]] = Field(default_factory=list, sa_type=JSONB, nullable=False)
    """As those of an amendment: what should have been said."""
    opened_by: str = Field(max_length=80)
    opened_at: datetime = db.instant()
    outcome: str = Field(default="", max_length=300)
    """What customs answered, with the number of its document."""
    closed_by: str | None = Field(default=None, max_length=80)
    closed_at: datetime | None = db.optional_instant()


class Permit(db.Table, table=True):
    """Leave of an agency to import or export goods, up to a quantity and a day."""

    __table_args__ = (
        Index(
            "uq_permit_authority_id_number",
            "authority_id",
            "number",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        CheckConstraint("drawn_quantity >= 0", name="not_negative"),
        CheckConstraint("quantity IS NULL OR drawn_quantity <= quantity", name="not_overdrawn"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="period"),
        CheckConstraint("approved_by <> recorded_by", name="four_eyes"),
        *_withdrawn_before_it_counts("approved_at"),
    )

    partner_id: UUID = Field(foreign_key="partner.id", index=True)
    number: str = Field(max_length=35)
    authority_id: str = Field(max_length=17)
    direction: TradeDirection = Field(sa_type=db.text_enum(TradeDirection))
    hs_code: str = Field(max_length=8)
    statistical_code: str = Field(max_length=3)
    """``000``: every statistical code of the HS code."""
    issue_date: date
    valid_from: date
    valid_to: date | None = None
    quantity: Decimal | None = db.optional_quantity()
    """None: without limit."""
    unit: str = Field(max_length=3)
    drawn_quantity: Decimal = db.quantity()
    recorded_by: str = Field(max_length=80)
    recorded_at: datetime = db.instant()
    approved_by: str | None = Field(default=None, max_length=80)
    approved_at: datetime | None = db.optional_instant()
    withdrawn_by: str | None = Field(default=None, max_length=80)
    withdrawn_at: datetime | None = db.optional_instant()


@db.append_only
class PermitDraw(db.Table, table=True):
    """A declaration line takes from a permit, or gives back what it took."""

    __table_args__ = (
        UniqueConstraint("permit_id", "declaration_line_id", "kind"),
        CheckConstraint("quantity > 0", name="positive"),
    )

    sequence: int | None = db.sequence()
    permit_id: UUID = Field(foreign_key="permit.id", index=True)
    declaration_line_id: UUID = Field(foreign_key="declaration_line.id", index=True)
    kind: PermitDrawKind = Field(sa_type=db.text_enum(PermitDrawKind))
    quantity: Decimal = db.quantity()
    at: datetime = db.instant()
    recorded_at: datetime | None = db.recorded_at()


class FilingRule(db.Table, table=True):
    """How a warehouse drafts and files declarations of one type, while the row is valid."""

    __table_args__ = (
        ExcludeConstraint(
            ("premises_id", "="),
            ("document_type", "="),
            (text("daterange(valid_from, valid_to, '[]')"), "&&"),
            using="gist",
            where=text("approved_by IS NOT NULL"),
            name="ex_filing_rule_overlap",
        ),
        CheckConstraint("most_lines BETWEEN 1 AND 9999", name="most_lines"),
        CheckConstraint("most_packages IS NULL OR most_packages > 0", name="most_packages"),
        CheckConstraint("approved_by <> recorded_by", name="four_eyes"),
        CheckConstraint("(window_opens IS NULL) = (window_closes IS NULL)", name="window"),
        *_withdrawn_before_it_counts("approved_by"),
    )

    premises_id: UUID = Field(foreign_key="premises.id")
    document_type: DocumentType = Field(sa_type=db.text_enum(DocumentType))
    approval: Approval = Field(sa_type=db.text_enum(Approval))
    merge_by: list[str] = Field(default_factory=list, sa_type=JSONB, nullable=False)
    """Line fields that must agree, beside those that the manual wants; see `merging`."""
    most_lines: int = 9999
    most_packages: int | None = None
    """So many packages in one declaration; the rest goes into the next."""
    window_opens: time | None = None
    """Bangkok time; None: filed at once."""
    window_closes: time | None = None
    valid_from: date
    valid_to: date | None = None
    source: str = Field(max_length=200)
    recorded_by: str = Field(max_length=80)
    approved_by: str | None = Field(default=None, max_length=80)
    withdrawn_by: str | None = Field(default=None, max_length=80)
    withdrawn_at: datetime | None = db.optional_instant()


class FilingRun(db.Table, table=True):
    """A nightly run, once for a warehouse, a kind and a business day."""

    __table_args__ = (UniqueConstraint("premises_id", "kind", "business_day"),)

    premises_id: UUID = Field(foreign_key="premises.id")
    kind: RunKind = Field(sa_type=db.text_enum(RunKind))
    business_day: date
    started_by: str = Field(max_length=80)
    started_at: datetime = db.instant()
    finished_at: datetime | None = db.optional_instant()


class FilingResult(db.Table, table=True):
    """What a run did with one declaration, or with one thing that could not be drafted."""

    __table_args__ = (UniqueConstraint("run_id", "subject"),)

    run_id: UUID = Field(foreign_key="filing_run.id", index=True)
    subject: UUID
    """A declaration, or the consignment, order or disposal that none could be drafted of."""
    number: str = Field(max_length=40)
    outcome: FilingOutcome = Field(sa_type=db.text_enum(FilingOutcome))
    packages: int
    reasons: list[dict[str, str]] = Field(default_factory=list, sa_type=JSONB, nullable=False)
    """As findings: rule, th, en, field, owner."""
    at: datetime = db.instant()


class GuaranteeLetter(db.Table, table=True):
    """A bank's letter that stands behind the warehouse, for a sum and a time."""

    __table_args__ = (
        Index(
            "uq_guarantee_letter_number",
            "number",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        CheckConstraint("amount > 0", name="positive"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="period"),
        CheckConstraint("approved_by <> recorded_by", name="four_eyes"),
        *_withdrawn_before_it_counts("approved_at"),
    )

    account_id: UUID = Field(foreign_key="guarantee_account.id", index=True)
    number: str = Field(max_length=40)
    bank: str = Field(max_length=120)
    amount: Decimal = db.money()
    valid_from: date
    valid_to: date | None = None
    replaces_id: UUID | None = Field(default=None, foreign_key="guarantee_letter.id")
    recorded_by: str = Field(max_length=80)
    recorded_at: datetime = db.instant()
    approved_by: str | None = Field(default=None, max_length=80)
    approved_at: datetime | None = db.optional_instant()
    withdrawn_by: str | None = Field(default=None, max_length=80)
    withdrawn_at: datetime | None = db.optional_instant()
    began_at: datetime | None = db.optional_instant()
    """From here on it is part of what is in force, until *ended_at*."""
    ended_at: datetime | None = db.optional_instant()
    warned_days: int | None = None
    """How many days were left at the last warning of its end."""


class Payment(db.Table, table=True):
    """Money that was paid: to customs for a declaration, or to the platform for an order."""

    __table_args__ = (
        UniqueConstraint("kind", "number"),
        CheckConstraint("amount > 0", name="positive"),
        CheckConstraint("(matched_at IS NULL) = (matched_by IS NULL)", name="matched_whole"),
        CheckConstraint(
            "num_nonnulls(declaration_id, order_id) = (matched_at IS NOT NULL)::int",
            name="matched_to_one",
        ),
        Index(
            "uq_payment_declaration",
            "declaration_id",
            unique=True,
            postgresql_where=text("declaration_id IS NOT NULL"),
        ),
        Index(
            "uq_payment_order",
            "order_id",
            unique=True,
            postgresql_where=text("order_id IS NOT NULL"),
        ),
    )

    kind: PaymentKind = Field(sa_type=db.text_enum(PaymentKind))
    premises_id: UUID = Field(foreign_key="premises.id", index=True)
    number: str = Field(max_length=40)
    """Of customs' receipt, or of the platform's proof."""
    amount: Decimal = db.money()
    paid_at: datetime = db.instant()
    names: str = Field(max_length=40)
    """The declaration, reference or order number that the payer gave."""
    declaration_id: UUID | None = Field(default=None, foreign_key="declaration.id")
    order_id: UUID | None = Field(default=None, foreign_key="customer_order.id")
    captured_by: str = Field(max_length=80)
    captured_at: datetime = db.instant()
    matched_by: str | None = Field(default=None, max_length=80)
    matched_at: datetime | None = db.optional_instant()
    note: str = Field(default="", max_length=300)


class DeadlineExtension(db.Table, table=True):
    """More time in bond, asked of customs for the goods of an entry: one year in all at most."""

    __table_args__ = (
        Index(
            "uq_deadline_extension_granted",
            "declaration_id",
            unique=True,
            postgresql_where=text("state <> 'refused'"),
        ),
    )

    declaration_id: UUID = Field(foreign_key="declaration.id", index=True)
    state: ExtensionState = Field(sa_type=db.text_enum(ExtensionState))
    until: date
    reason: str = Field(max_length=300)
    requested_by: str = Field(max_length=80)
    requested_at: datetime = db.instant()
    document_number: str = Field(default="", max_length=60)
    """Of customs' answer."""
    officer_id: UUID | None = Field(default=None, foreign_key="person.id")
    decided_by: str | None = Field(default=None, max_length=80)
    """Who recorded the answer."""
    decided_at: datetime | None = db.optional_instant()


@db.append_only
class DeadlineNotice(db.Table, table=True):
    """Somebody was told that an entry's time ends in so many days: once for each number."""

    __table_args__ = (UniqueConstraint("declaration_id", "ends_on", "days_left"),)

    declaration_id: UUID = Field(foreign_key="declaration.id")
    ends_on: date
    days_left: int
    at: datetime = db.instant()


@db.append_only
class Inspection(db.Table, table=True):
    """What a customs officer found in goods that were ordered to be inspected."""

    __table_args__ = (UniqueConstraint("declaration_id"),)

    declaration_id: UUID = Field(foreign_key="declaration.id")
    officer_id: UUID = Field(foreign_key="person.id")
    found: dict[str, str] = db.facts()
    """Quantity found, by line number."""
    seal_removed: str = Field(default="", max_length=40)
    seal_applied: str = Field(default="", max_length=40)
    note: str = Field(default="", max_length=500)
    photo: bytes = Field(sa_type=LargeBinary)
    photo_type: str = Field(max_length=20)
    recorded_by: str = Field(max_length=80)
    at: datetime = db.instant()
    recorded_at: datetime | None = db.recorded_at()


class Outage(db.Table, table=True):
    """Customs' gateway is away: filings wait, and after a time are made by hand."""

    __table_args__ = (
        Index(
            "uq_outage_open",
            text("(until IS NULL)"),
            unique=True,
            postgresql_where=text("until IS NULL"),
        ),
    )

    since: datetime = db.instant()
    failures: int
    next_try_at: datetime = db.instant()
    until: datetime | None = db.optional_instant()


class HandDecision(db.Table, table=True):
    """What customs decided on paper while its gateway was away; it counts once two vouch for it.

    Of a declaration's number, too: how far it is on its later way into customs' computer.
    """

    __table_args__ = (
        Index(
            "uq_hand_decision",
            "declaration_id",
            "kind",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        CheckConstraint("(kind = 'numbered') = (number <> '')", name="number"),
        CheckConstraint("approved_by <> recorded_by", name="four_eyes"),
        CheckConstraint("(approved_by IS NULL) = (approved_at IS NULL)", name="approved_whole"),
        *_withdrawn_before_it_counts("approved_at"),
    )

    declaration_id: UUID = Field(foreign_key="declaration.id", index=True)
    kind: HandDecisionKind = Field(sa_type=db.text_enum(HandDecisionKind))
    number: str = Field(default="", max_length=14)
    decided_at: datetime = db.instant()
    officer_id: UUID = Field(foreign_key="person.id")
    """Who signed the paper."""
    document: bytes = Field(sa_type=LargeBinary)
    document_type: str = Field(max_length=40)
    sha256: str = Field(max_length=64)
    recorded_by: str = Field(max_length=80)
    recorded_at: datetime = db.instant()
    approved_by: str | None = Field(default=None, max_length=80)
    approved_at: datetime | None = db.optional_instant()
    withdrawn_by: str | None = Field(default=None, max_length=80)
    withdrawn_at: datetime | None = db.optional_instant()
    sent_at: datetime | None = db.optional_instant()
    """Since when customs' computer may have it."""
    known_at: datetime | None = db.optional_instant()
    """Since when it has it, or has refused it."""


class CollectionOrder(db.Table, table=True):
    """A postal parcel of group 2: duty and tax that the post collects at the door.

    Notification 128/2567 and the Postal Customs Service guide of 30 March 2563.
    """

    __table_args__ = (
        CheckConstraint("quantity > 0 AND value_baht > 0 AND total_tax >= 0", name="measured"),
    )

    number: str = Field(max_length=20, unique=True)
    premises_id: UUID = Field(foreign_key="premises.id", index=True)
    parcel_number: str = Field(max_length=35, unique=True)
    recipient_name: str = Field(max_length=120)
    recipient_address: str = Field(max_length=300)
    sender_name: str = Field(max_length=120)
    sender_country: str = Field(max_length=2)
    description: str = Field(max_length=512)
    hs_code: str = Field(max_length=8)
    statistical_code: str = Field(max_length=3)
    origin_country: str = Field(max_length=2)
    quantity: Decimal = db.quantity()
    weight_kg: Decimal = db.quantity()
    fob_baht: Decimal = db.money()
    value_baht: Decimal = db.money()
    """Assessed, CIF."""
    explained: list[dict[str, str]] = Field(default_factory=list, sa_type=JSONB, nullable=False)
    duty_baht: Decimal = db.money()
    vat_baht: Decimal = db.money()
    total_tax: Decimal = db.money()
    import_date: date
    pay_by: date
    state: CollectionState = Field(sa_type=db.text_enum(CollectionState))
    dispute: str = Field(default="", max_length=500)
    issued_by: str = Field(max_length=80)
    """The assessor."""
    issued_at: datetime = db.instant()
    payment_number: str = Field(default="", max_length=40)
    ended_at: datetime | None = db.optional_instant()
