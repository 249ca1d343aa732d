"""Premises, partners, goods, and the reference data of customs."""

from datetime import date, datetime
from decimal import Decimal
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy import CheckConstraint, LargeBinary, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint
from sqlalchemy.ext.hybrid import hybrid_property
from sqlmodel import Field

from warehouse.core import db
from warehouse.masterdata.vocabulary import (
    CodeList,
    MeasureKind,
    RateType,
    RestrictionKind,
    TradeDirection,
    UploadState,
)

T = TypeVar("T", bound=db.Table)


def _never_overlapping(table: str, *keys: str) -> ExcludeConstraint:
    """No two rows of *table* with equal *keys* are valid on the same day."""
    return ExcludeConstraint(
        *((key, "=") for key in keys),
        (text("daterange(valid_from, valid_to, '[]')"), "&&"),
        using="gist",
        name=f"ex_{table}_overlap",
    )


_KEEP_DATED: Final = """
    CREATE OR REPLACE FUNCTION keep_dated() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND OLD.valid_to IS NULL
            AND to_jsonb(NEW) - 'valid_to' = to_jsonb(OLD) - 'valid_to'
        THEN RETURN NEW;
        END IF;
        RAISE EXCEPTION '% is ended, never rewritten: % refused', TG_TABLE_NAME, TG_OP
            USING ERRCODE = 'restrict_violation';
    END $$
"""
_ENDED_ONLY: Final = """
    CREATE TRIGGER ended_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION keep_dated()
"""


def _ended_only(model: type[T]) -> type[T]:
    """Class decorator: a row may be given its last day, once, and nothing else of it changes."""
    return db.guarded(model, _ENDED_ONLY, function=_KEEP_DATED)


class Premises(db.Table, table=True):
    """A licensed bonded warehouse, and the operator that holds its licence."""

    code: str = Field(max_length=20, unique=True)
    name_th: str = Field(max_length=120)
    name_en: str = Field(max_length=120)
    licence_number: str = Field(max_length=40)
    licence_from: date
    licence_to: date | None = None
    licensed_goods: list[str] = Field(
        default_factory=list,
        sa_type=JSONB,
        nullable=False,
        sa_column_kwargs={"server_default": text("'[]'::jsonb")},
    )
    """The chapters, headings or codes of the tariff that the licence covers; none: all goods."""
    tax_incentive_id: str = Field(max_length=17)
    customs_area_code: str = Field(max_length=4)
    reference_profile: str = Field(max_length=4)
    operator_tax_id: str = Field(max_length=13)
    operator_branch: str = Field(max_length=6)
    operator_name_th: str = Field(max_length=120)
    operator_name_en: str = Field(max_length=70)
    street: str = Field(max_length=70)
    district: str = Field(max_length=35)
    province: str = Field(max_length=35)
    postcode: str = Field(max_length=9)
    training: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    """A sandbox: its screens look different, and nothing of it concerns customs."""


class Partner(db.Table, table=True):
    """A depositor: owns goods in bond, announces and orders them over the API."""

    code: str = Field(max_length=20, unique=True)
    name_th: str = Field(max_length=120)
    name_en: str = Field(max_length=120)
    tax_id: str = Field(max_length=17)
    branch: str = Field(max_length=6)
    country: str = Field(max_length=2)


class Product(db.Table, table=True):
    """One of a partner's goods, with what customs needs to know of it."""

    __table_args__ = (
        UniqueConstraint("partner_id", "sku"),
        UniqueConstraint("partner_id", "gtin"),
        CheckConstraint("hs_code ~ '^[0-9]{8}$'", name="hs_code"),
        CheckConstraint("statistical_code ~ '^[0-9]{3}$'", name="statistical_code"),
        CheckConstraint("net_weight_kg > 0", name="weighs"),
        CheckConstraint("retail_price_baht > 0 AND excise_quantity > 0", name="excise"),
    )

    partner_id: UUID = Field(foreign_key="partner.id")
    sku: str = Field(max_length=35)
    gtin: str | None = Field(default=None, max_length=14)
    name_th: str = Field(max_length=512)
    name_en: str = Field(max_length=512)
    brand: str = Field(default="NO BRAND", max_length=35)
    hs_code: str = Field(max_length=8)
    statistical_code: str = Field(max_length=3)
    origin_country: str = Field(max_length=2)
    unit: str = Field(max_length=3)
    net_weight_kg: Decimal = db.quantity()
    litres: Decimal | None = db.optional_quantity()
    retail_price_baht: Decimal | None = Field(default=None, max_digits=19, decimal_places=4)
    """The suggested retail price of one, without VAT, for excise (Excise Act B.E. 2560)."""
    excise_quantity: Decimal | None = db.optional_quantity()
    """Of one, as the excise tariff counts: litres of pure alcohol, grams; None: as *unit* does."""
    has_batch: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    has_expiry: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    has_serial: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})


@_ended_only
class TariffLine(db.Table, table=True):
    """The duty on an HS code and statistical code while the row is valid."""

    __table_args__ = (
        _never_overlapping("tariff_line", "hs_code", "statistical_code"),
        CheckConstraint("hs_code ~ '^[0-9]{8}$'", name="hs_code"),
        CheckConstraint("value_rate_pct >= 0 AND specific_rate_baht >= 0", name="rates"),
    )

    hs_code: str = Field(max_length=8, index=True)
    statistical_code: str = Field(max_length=3)
    description_th: str = Field(max_length=512)
    description_en: str = Field(max_length=512)
    unit: str = Field(max_length=3)
    rate_type: RateType = Field(sa_type=db.text_enum(RateType))
    value_rate_pct: Decimal = db.rate()
    specific_rate_baht: Decimal = db.rate()
    valid_from: date
    valid_to: date | None = None
    source: str = Field(max_length=200)


@_ended_only
class ExchangeRate(db.Table, table=True):
    """The customs rate of a currency while the row is valid: baht for *per_units* of it."""

    __table_args__ = (
        _never_overlapping("exchange_rate", "currency"),
        CheckConstraint("import_rate > 0 AND export_rate > 0 AND per_units > 0", name="positive"),
    )

    currency: str = Field(max_length=3)
    per_units: int
    import_rate: Decimal = db.rate()
    export_rate: Decimal = db.rate()
    valid_from: date
    valid_to: date | None = None
    source: str = Field(max_length=200)


@_ended_only
class PreferentialRate(db.Table, table=True):
    """The duty under a privilege (trade agreement) while the row is valid."""

    __table_args__ = (
        _never_overlapping("preferential_rate", "privilege_code", "hs_code", "statistical_code"),
        CheckConstraint("hs_code ~ '^[0-9]{8}$'", name="hs_code"),
        CheckConstraint("value_rate_pct >= 0 AND specific_rate_baht >= 0", name="rates"),
    )

    privilege_code: str = Field(max_length=3)
    hs_code: str = Field(max_length=8, index=True)
    statistical_code: str = Field(max_length=3)
    rate_type: RateType = Field(sa_type=db.text_enum(RateType))
    value_rate_pct: Decimal = db.rate()
    specific_rate_baht: Decimal = db.rate()
    unit: str = Field(max_length=3)
    valid_from: date
    valid_to: date | None = None
    source: str = Field(max_length=200)


@_ended_only
class TradeMeasure(db.Table, table=True):
    """Anti-dumping, safeguard, surcharge …: a charge beside the tariff while the row is valid."""

    __table_args__ = (
        _never_overlapping(
            "trade_measure", "kind", "hs_code", "statistical_code", "origin_country"
        ),
        CheckConstraint("hs_code ~ '^[0-9]{8}$'", name="hs_code"),
        CheckConstraint("value_rate_pct >= 0 AND specific_rate_baht >= 0", name="rates"),
    )

    kind: MeasureKind = Field(sa_type=db.text_enum(MeasureKind))
    hs_code: str = Field(max_length=8, index=True)
    statistical_code: str = Field(max_length=3)
    """``000``: every statistical code of the HS code."""
    origin_country: str = Field(default="", max_length=2)
    """Empty: whatever the origin."""
    value_rate_pct: Decimal = db.rate()
    specific_rate_baht: Decimal = db.rate()
    unit: str = Field(max_length=3)
    valid_from: date
    valid_to: date | None = None
    source: str = Field(max_length=200)


@_ended_only
class ExciseRate(db.Table, table=True):
    """Excise on goods while the row is valid: a share of the value, baht a unit, or both added.

    Excise Act B.E. 2560: the value is the suggested retail price without VAT where there is one.
    """

    __table_args__ = (
        _never_overlapping("excise_rate", "hs_code", "statistical_code"),
        CheckConstraint("hs_code ~ '^[0-9]{8}$'", name="hs_code"),
        CheckConstraint("value_rate_pct >= 0 AND specific_rate_baht >= 0", name="rates"),
    )

    hs_code: str = Field(max_length=8, index=True)
    statistical_code: str = Field(max_length=3)
    excise_code: str = Field(max_length=12)
    by_retail_price: bool
    value_rate_pct: Decimal = db.rate()
    specific_rate_baht: Decimal = db.rate()
    unit: str = Field(max_length=3)
    valid_from: date
    valid_to: date | None = None
    source: str = Field(max_length=200)


class Restriction(db.Table, table=True):
    """Whose leave goods need, by HS code, statistical code and direction, while it is valid."""

    __table_args__ = (
        _never_overlapping(
            "restriction", "hs_code", "statistical_code", "direction", "authority_id"
        ),
        CheckConstraint("hs_code ~ '^[0-9]{8}$'", name="hs_code"),
        CheckConstraint("(kind = 'permit') = (authority_id <> '')", name="of_authority"),
    )

    hs_code: str = Field(max_length=8, index=True)
    statistical_code: str = Field(max_length=3)
    """``000``: every statistical code of the HS code."""
    direction: TradeDirection = Field(sa_type=db.text_enum(TradeDirection))
    kind: RestrictionKind = Field(sa_type=db.text_enum(RestrictionKind))
    authority_id: str = Field(default="", max_length=17)
    permit_th: str = Field(default="", max_length=200)
    permit_en: str = Field(default="", max_length=200)
    valid_from: date
    valid_to: date | None = None
    source: str = Field(max_length=200)


class Code(db.Table, table=True):
    """One entry of a code table of customs: a country, a unit, a package, an area."""

    __table_args__ = (_never_overlapping("code", "code_list", "code"),)

    code_list: CodeList = Field(sa_type=db.text_enum(CodeList))
    code: str = Field(max_length=20)
    name_th: str = Field(max_length=200)
    name_en: str = Field(max_length=200)
    facts: dict[str, str] = db.facts()
    """What else the table says: an area's four flags, a privilege's need of a proof of origin."""
    valid_from: date
    valid_to: date | None = None
    source: str = Field(max_length=200)


class Holiday(db.Table, table=True):
    """A day on which customs offices are closed: a dated row that holds for one day."""

    model_config = {"ignored_types": (hybrid_property,)}  # noqa: RUF012 (read once, by pydantic)

    day: date = Field(unique=True)
    name_th: str = Field(max_length=120)
    name_en: str = Field(max_length=120)
    source: str = Field(max_length=200)

    @hybrid_property
    def valid_from(self) -> date:
        """The day."""
        return self.day

    @hybrid_property
    def valid_to(self) -> date:
        """The day."""
        return self.day


class ReferenceUpload(db.Table, table=True):
    """A file of reference data: looked at by one person, taken in by another."""

    __table_args__ = (CheckConstraint("decided_by <> uploaded_by", name="four_eyes"),)

    table_name: str = Field(max_length=40)
    filename: str = Field(max_length=200)
    content: bytes = Field(sa_type=LargeBinary)
    sha256: str = Field(max_length=64)
    since: date | None = None
    """What the table says of days before it stays out."""
    state: UploadState = Field(sa_type=db.text_enum(UploadState))
    added: int
    ended: int
    same: int
    problems: list[dict[str, str]] = Field(default_factory=list, sa_type=JSONB, nullable=False)
    """``row``, ``th``, ``en``: while there is one, nothing can be taken in."""
    uploaded_by: str = Field(max_length=80)
    uploaded_at: datetime = db.instant()
    decided_by: str | None = Field(default=None, max_length=80)
    decided_at: datetime | None = db.optional_instant()
