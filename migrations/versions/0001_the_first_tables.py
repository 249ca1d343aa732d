"""The first tables: parties, goods, the stock ledger, the customs book, events and jobs.

Ledgers get a trigger that refuses every change; a lot is bound to its import line once.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

SEQUENCES = ("lot_number", "con_number", "ord_number", "shp_number", "tsk_number", "ref_number")
LEDGERS = (
    "discharge",
    "duty_entry",
    "event",
    "event_seal",
    "guarantee_entry",
    "movement",
    "paper",
    "scan",
    "shipment_history",
)
REFUSE_CHANGE = """
    CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% only grows: % refused', TG_TABLE_NAME, TG_OP
            USING ERRCODE = 'restrict_violation';
    END $$
"""
APPEND_ONLY = """
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""
BOUND_ONCE = """
    CREATE TRIGGER bound_once BEFORE UPDATE ON lot FOR EACH ROW
    WHEN (OLD.declaration_line_id IS NOT NULL AND
          (OLD.declaration_line_id, OLD.declaration_number, OLD.line_number, OLD.accepted_at)
          IS DISTINCT FROM
          (NEW.declaration_line_id, NEW.declaration_number, NEW.line_number, NEW.accepted_at))
    EXECUTE FUNCTION refuse_change()
"""

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    for sequence in SEQUENCES:
        op.execute(f"CREATE SEQUENCE {sequence}")
    _create_tables()
    op.execute(REFUSE_CHANGE)
    for ledger in LEDGERS:
        op.execute(APPEND_ONLY.format(table=ledger))
    op.execute(BOUND_ONCE)


def _create_tables() -> None:
    op.create_table(
        "event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("sequence", name=op.f("uq_event_sequence")),
    )
    op.create_index(op.f("ix_event_name"), "event", ["name"], unique=False)
    op.create_index(op.f("ix_event_subject"), "event", ["subject"], unique=False)
    op.create_table(
        "exchange_rate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("per_units", sa.Integer(), nullable=False),
        sa.Column("import_rate", sa.Numeric(precision=19, scale=6), nullable=False),
        sa.Column("export_rate", sa.Numeric(precision=19, scale=6), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source", sa.String(200), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("currency"), "="),
            (sa.text("daterange(valid_from, valid_to, '[]')"), "&&"),
            using="gist",
            name="ex_exchange_rate_overlap",
        ),
        sa.CheckConstraint(
            "import_rate > 0 AND export_rate > 0 AND per_units > 0",
            name=op.f("ck_exchange_rate_positive"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_rate")),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("once", sa.String(160), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("once", name=op.f("uq_job_once")),
    )
    op.create_index(
        "ix_job_due",
        "job",
        ["run_at"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL AND stopped_at IS NULL"),
    )
    op.create_table(
        "kept_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("principal", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_answer")),
        sa.UniqueConstraint("principal", "key", name=op.f("uq_kept_answer_principal_key")),
    )
    op.create_table(
        "number_series",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("prefix", sa.String(8), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_series")),
        sa.UniqueConstraint("prefix", "year", name=op.f("uq_number_series_prefix_year")),
    )
    op.create_table(
        "paper",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("media_type", sa.String(60), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_paper_hashed")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper")),
        sa.UniqueConstraint(
            "kind", "subject", "version", name=op.f("uq_paper_kind_subject_version")
        ),
    )
    op.create_index(op.f("ix_paper_number"), "paper", ["number"], unique=False)
    op.create_index(op.f("ix_paper_subject"), "paper", ["subject"], unique=False)
    op.create_table(
        "partner",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("name_th", sa.String(120), nullable=False),
        sa.Column("name_en", sa.String(120), nullable=False),
        sa.Column("tax_id", sa.String(17), nullable=False),
        sa.Column("branch", sa.String(6), nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner")),
        sa.UniqueConstraint("code", name=op.f("uq_partner_code")),
    )
    op.create_table(
        "policy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("key", sa.String(20), nullable=False),
        sa.Column("value", sa.String(60), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source", sa.String(200), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("name"), "="),
            (sa.column("key"), "="),
            (sa.text("daterange(valid_from, valid_to, '[]')"), "&&"),
            using="gist",
            name="ex_policy_overlap",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy")),
    )
    op.create_table(
        "premises",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("name_th", sa.String(120), nullable=False),
        sa.Column("name_en", sa.String(120), nullable=False),
        sa.Column("licence_number", sa.String(40), nullable=False),
        sa.Column("licence_from", sa.Date(), nullable=False),
        sa.Column("licence_to", sa.Date(), nullable=True),
        sa.Column("tax_incentive_id", sa.String(17), nullable=False),
        sa.Column("customs_area_code", sa.String(4), nullable=False),
        sa.Column("reference_profile", sa.String(4), nullable=False),
        sa.Column("operator_tax_id", sa.String(13), nullable=False),
        sa.Column("operator_branch", sa.String(6), nullable=False),
        sa.Column("operator_name_th", sa.String(120), nullable=False),
        sa.Column("operator_name_en", sa.String(70), nullable=False),
        sa.Column("street", sa.String(70), nullable=False),
        sa.Column("district", sa.String(35), nullable=False),
        sa.Column("province", sa.String(35), nullable=False),
        sa.Column("postcode", sa.String(9), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_premises")),
        sa.UniqueConstraint("code", name=op.f("uq_premises_code")),
    )
    op.create_table(
        "tariff_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hs_code", sa.String(8), nullable=False),
        sa.Column("statistical_code", sa.String(3), nullable=False),
        sa.Column("description_th", sa.String(512), nullable=False),
        sa.Column("description_en", sa.String(512), nullable=False),
        sa.Column("unit", sa.String(3), nullable=False),
        sa.Column(
            "rate_type",
            sa.Enum(
                "ad_valorem",
                "specific",
                "both",
                name="ratetype",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("value_rate_pct", sa.Numeric(precision=19, scale=6), nullable=False),
        sa.Column("specific_rate_baht", sa.Numeric(precision=19, scale=6), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source", sa.String(200), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("hs_code"), "="),
            (sa.column("statistical_code"), "="),
            (sa.text("daterange(valid_from, valid_to, '[]')"), "&&"),
            using="gist",
            name="ex_tariff_line_overlap",
        ),
        sa.CheckConstraint("hs_code ~ '^[0-9]{8}$'", name=op.f("ck_tariff_line_hs_code")),
        sa.CheckConstraint(
            "value_rate_pct >= 0 AND specific_rate_baht >= 0", name=op.f("ck_tariff_line_rates")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tariff_line")),
    )
    op.create_index(op.f("ix_tariff_line_hs_code"), "tariff_line", ["hs_code"], unique=False)
    op.create_table(
        "api_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("prefix", sa.String(16), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_api_key_partner_id_partner")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("prefix", name=op.f("uq_api_key_prefix")),
    )
    op.create_index(op.f("ix_api_key_partner_id"), "api_key", ["partner_id"], unique=False)
    op.create_table(
        "consignment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("premises_id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("external_ref", sa.String(40), nullable=False),
        sa.Column("arrival_date", sa.Date(), nullable=False),
        sa.Column("house_bill", sa.String(35), nullable=False),
        sa.Column("consignor_name", sa.String(70), nullable=False),
        sa.Column("consignment_country", sa.String(2), nullable=False),
        sa.Column("invoice_number", sa.String(35), nullable=False),
        sa.Column("invoice_date", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("package_amount", sa.Integer(), nullable=False),
        sa.Column("gross_weight_kg", sa.Numeric(precision=18, scale=3), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "announced",
                "receiving",
                "received",
                name="consignmentstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "package_amount > 0 AND gross_weight_kg > 0", name=op.f("ck_consignment_measured")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_consignment_partner_id_partner")
        ),
        sa.ForeignKeyConstraint(
            ["premises_id"], ["premises.id"], name=op.f("fk_consignment_premises_id_premises")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consignment")),
        sa.UniqueConstraint("number", name=op.f("uq_consignment_number")),
        sa.UniqueConstraint(
            "partner_id", "external_ref", name=op.f("uq_consignment_partner_id_external_ref")
        ),
    )
    op.create_table(
        "customer_order",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("premises_id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("external_ref", sa.String(40), nullable=False),
        sa.Column("buyer_name", sa.String(120), nullable=False),
        sa.Column("buyer_phone", sa.String(30), nullable=False),
        sa.Column("address", sa.String(300), nullable=False),
        sa.Column("province", sa.String(60), nullable=False),
        sa.Column("postcode", sa.String(5), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_customer_order_partner_id_partner")
        ),
        sa.ForeignKeyConstraint(
            ["premises_id"], ["premises.id"], name=op.f("fk_customer_order_premises_id_premises")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_order")),
        sa.UniqueConstraint("number", name=op.f("uq_customer_order_number")),
        sa.UniqueConstraint(
            "partner_id", "external_ref", name=op.f("uq_customer_order_partner_id_external_ref")
        ),
    )
    op.create_table(
        "device",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("premises_id", sa.Uuid(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["premises_id"], ["premises.id"], name=op.f("fk_device_premises_id_premises")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
        sa.UniqueConstraint("code", name=op.f("uq_device_code")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_device_token_hash")),
    )
    op.create_table(
        "event_seal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("position > 0", name=op.f("ck_event_seal_counted")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_event_seal_event_id_event")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_seal")),
        sa.UniqueConstraint("event_id", name=op.f("uq_event_seal_event_id")),
        sa.UniqueConstraint("position", name=op.f("uq_event_seal_position")),
    )
    op.create_table(
        "guarantee_account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("premises_id", sa.Uuid(), nullable=False),
        sa.Column(
            "strategy",
            sa.Enum(
                "flat",
                "percent_of_stock_duty",
                name="guaranteestrategy",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("in_force_baht", sa.Numeric(precision=19, scale=4), nullable=False),
        sa.Column("required_baht", sa.Numeric(precision=19, scale=4), nullable=False),
        sa.Column("percent", sa.Numeric(precision=19, scale=6), nullable=False),
        sa.Column("exposure_limit_baht", sa.Numeric(precision=19, scale=4), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("reserved_baht", sa.Numeric(precision=19, scale=4), nullable=False),
        sa.Column("debited_baht", sa.Numeric(precision=19, scale=4), nullable=False),
        sa.CheckConstraint(
            "reserved_baht >= 0 AND debited_baht >= 0",
            name=op.f("ck_guarantee_account_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["premises_id"], ["premises.id"], name=op.f("fk_guarantee_account_premises_id_premises")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guarantee_account")),
        sa.UniqueConstraint("premises_id", name=op.f("uq_guarantee_account_premises_id")),
    )
    op.create_table(
        "location",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("premises_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(30), nullable=False),
        sa.Column("name_th", sa.String(80), nullable=False),
        sa.Column("name_en", sa.String(80), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "receive",
                "store",
                "stage",
                "hold",
                "abroad",
                "home_use",
                "exported",
                "in_transit_bond",
                "other_bonded",
                "free_zone",
                "destroyed",
                "lost",
                "abandoned",
                name="locationkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("virtual", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["premises_id"], ["premises.id"], name=op.f("fk_location_premises_id_premises")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_location")),
        sa.UniqueConstraint("premises_id", "code", name=op.f("uq_location_premises_id_code")),
    )
    op.create_table(
        "parcel_number_range",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("premises_id", sa.Uuid(), nullable=False),
        sa.Column("indicator", sa.String(2), nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("next", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "first <= next AND next <= last + 1", name=op.f("ck_parcel_number_range_within")
        ),
        sa.CheckConstraint(
            "first >= 0 AND last <= 99999999", name=op.f("ck_parcel_number_range_eight_digits")
        ),
        sa.ForeignKeyConstraint(
            ["premises_id"],
            ["premises.id"],
            name=op.f("fk_parcel_number_range_premises_id_premises"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parcel_number_range")),
        sa.UniqueConstraint(
            "premises_id",
            "indicator",
            "first",
            name=op.f("uq_parcel_number_range_premises_id_indicator_first"),
        ),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("username", sa.String(40), nullable=False),
        sa.Column("name_th", sa.String(80), nullable=False),
        sa.Column("name_en", sa.String(80), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "clerk",
                "supervisor",
                "liaison",
                "manager",
                "officer",
                "administrator",
                "partner",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("badge", sa.String(40), nullable=True),
        sa.Column("pin_hash", sa.String(200), nullable=True),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("premises_id", sa.Uuid(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["premises_id"], ["premises.id"], name=op.f("fk_person_premises_id_premises")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("badge", name=op.f("uq_person_badge")),
        sa.UniqueConstraint("username", name=op.f("uq_person_username")),
    )
    op.create_table(
        "product",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("sku", sa.String(35), nullable=False),
        sa.Column("gtin", sa.String(14), nullable=True),
        sa.Column("name_th", sa.String(512), nullable=False),
        sa.Column("name_en", sa.String(512), nullable=False),
        sa.Column("brand", sa.String(35), nullable=False),
        sa.Column("hs_code", sa.String(8), nullable=False),
        sa.Column("statistical_code", sa.String(3), nullable=False),
        sa.Column("origin_country", sa.String(2), nullable=False),
        sa.Column("unit", sa.String(3), nullable=False),
        sa.Column("net_weight_kg", sa.Numeric(precision=18, scale=3), nullable=False),
        sa.CheckConstraint("hs_code ~ '^[0-9]{8}$'", name=op.f("ck_product_hs_code")),
        sa.CheckConstraint(
            "statistical_code ~ '^[0-9]{3}$'", name=op.f("ck_product_statistical_code")
        ),
        sa.CheckConstraint("net_weight_kg > 0", name=op.f("ck_product_weighs")),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_product_partner_id_partner")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
        sa.UniqueConstraint("partner_id", "gtin", name=op.f("uq_product_partner_id_gtin")),
        sa.UniqueConstraint("partner_id", "sku", name=op.f("uq_product_partner_id_sku")),
    )
    op.create_table(
        "consignment_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consignment_id", sa.Uuid(), nullable=False),
        sa.Column("line_number", sa.Integer(), nullable=False),
        sa.Column("parcel_number", sa.String(35), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=18, scale=3), nullable=False),
        sa.Column("unit_price", sa.Numeric(precision=19, scale=6), nullable=False),
        sa.Column("net_weight_kg", sa.Numeric(precision=18, scale=3), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_consignment_line_positive")),
        sa.CheckConstraint(
            "unit_price >= 0 AND net_weight_kg > 0", name=op.f("ck_consignment_line_measured")
        ),
        sa.ForeignKeyConstraint(
            ["consignment_id"],
            ["consignment.id"],
            name=op.f("fk_consignment_line_consignment_id_consignment"),
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_consignment_line_product_id_product")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consignment_line")),
        sa.UniqueConstraint(
            "consignment_id",
            "line_number",
            name=op.f("uq_consignment_line_consignment_id_line_number"),
        ),
    )
    op.create_table(
        "declaration",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference_number", sa.String(13), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column(
            "document_type",
            sa.Enum(
                "0", "P", name="documenttype", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("premises_id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("consignment_id", sa.Uuid(), nullable=True),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "queued",
                "sent",
                "unknown",
                "rejected",
                "numbered",
                "released",
                "cancelled",
                name="declarationstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("declaration_number", sa.String(14), nullable=True),
        sa.Column("import_date", sa.Date(), nullable=False),
        sa.Column("storage_ends_on", sa.Date(), nullable=True),
        sa.Column("rates_on", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("exchange_rate", sa.Numeric(precision=19, scale=6), nullable=False),
        sa.Column("exchange_per_units", sa.Integer(), nullable=False),
        sa.Column("house_bill", sa.String(35), nullable=False),
        sa.Column("consignor_name", sa.String(70), nullable=False),
        sa.Column("consignment_country", sa.String(2), nullable=False),
        sa.Column("invoice_number", sa.String(35), nullable=False),
        sa.Column("invoice_date", sa.Date(), nullable=False),
        sa.Column("package_amount", sa.Integer(), nullable=False),
        sa.Column("gross_weight_kg", sa.Numeric(precision=18, scale=3), nullable=False),
        sa.Column("net_weight_kg", sa.Numeric(precision=18, scale=3), nullable=False),
        sa.Column("cif_foreign", sa.Numeric(precision=19, scale=4), nullable=False),
        sa.Column("cif_baht", sa.Numeric(precision=19, scale=4), nullable=False),
        sa.Column("total_tax", sa.Numeric(precision=19, scale=4), nullable=False),
        sa.Column("refusals", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("numbered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state NOT IN ('numbered', 'released') OR declaration_number IS NOT NULL",
            name=op.f("ck_declaration_numbered_by_customs"),
        ),
        sa.ForeignKeyConstraint(
            ["consignment_id"],
            ["consignment.id"],
            name=op.f("fk_declaration_consignment_id_consignment"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["customer_order.id"], name=op.f("fk_declaration_order_id_customer_order")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_declaration_partner_id_partner")
        ),
        sa.ForeignKeyConstraint(
            ["premises_id"], ["premises.id"], name=op.f("fk_declaration_premises_id_premises")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration")),
        sa.UniqueConstraint("declaration_number", name=op.f("uq_declaration_declaration_number")),
        sa.UniqueConstraint("message_id", name=op.f("uq_declaration_message_id")),
        sa.UniqueConstraint("reference_number", name=op.f("uq_declaration_reference_number")),
    )
    op.create_index(op.f("ix_declaration_state"), "declaration", ["state"], unique=False)
    op.create_index(
        "uq_declaration_consignment",
        "declaration",
        ["consignment_id"],
        unique=True,
        postgresql_where=sa.text("document_type = '0' AND state <> 'cancelled'"),
    )
    op.create_index(
        "uq_declaration_order",
        "declaration",
        ["order_id"],
        unique=True,
        postgresql_where=sa.text("order_id IS NOT NULL AND state <> 'cancelled'"),
    )
    op.create_table(
        "handling_unit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("premises_id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("consignment_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(35), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["consignment_id"],
            ["consignment.id"],
            name=op.f("fk_handling_unit_consignment_id_consignment"),
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_handling_unit_partner_id_partner")
        ),
        sa.ForeignKeyConstraint(
            ["premises_id"], ["premises.id"], name=op.f("fk_handling_unit_premises_id_premises")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handling_unit")),
        sa.UniqueConstraint(
            "premises_id", "number", name=op.f("uq_handling_unit_premises_id_number")
        ),
    )
    op.create_index(
        op.f("ix_handling_unit_consignment_id"), "handling_unit", ["consignment_id"], unique=False
    )
    op.create_index(
        "ix_handling_unit_waiting",
        "handling_unit",
        ["consignment_id"],
        unique=False,
        postgresql_where=sa.text("received_at IS NULL"),
    )
    op.create_table(
        "imported_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("consignment_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["consignment_id"],
            ["consignment.id"],
            name=op.f("fk_imported_file_consignment_id_consignment"),
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_imported_file_partner_id_partner")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_file")),
        sa.UniqueConstraint(
            "partner_id", "sha256", name=op.f("uq_imported_file_partner_id_sha256")
        ),
    )
    op.create_table(
        "order_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("line_number", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=18, scale=3), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_order_line_positive")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["customer_order.id"], name=op.f("fk_order_line_order_id_customer_order")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_order_line_product_id_product")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_line")),
        sa.UniqueConstraint(
            "order_id", "line_number", name=op.f("uq_order_line_order_id_line_number")
        ),
    )
    op.create_table(
        "scan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("premises_id", sa.Uuid(), nullable=False),
        sa.Column("device", sa.String(40), nullable=False),
        sa.Column("barcode", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "receive",
                "put_away",
                "pick",
                "pack",
                "exit",
                name="taskkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "step",
            sa.Enum(
                "choose_task",
                "scan_parcel",
                "scan_location",
                "scan_order",
                "scan_bin",
                "scan_goods",
                name="step",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "tone",
            sa.Enum(
                "good",
                "warning",
                "refused",
                name="tone",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("device_sequence", sa.BigInteger(), nullable=True),
        sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_scan_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["premises_id"], ["premises.id"], name=op.f("fk_scan_premises_id_premises")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scan")),
        sa.UniqueConstraint("sequence", name=op.f("uq_scan_sequence")),
    )
    op.create_index("ix_scan_again", "scan", ["person_id", "value"], unique=False)
    op.create_table(
        "shipment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("premises_id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("parcel_number", sa.String(35), nullable=False),
        sa.Column(
            "custody",
            sa.Enum(
                "pre_advised",
                "stored",
                "picked",
                "packed",
                "dispatched",
                name="custody",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "customs",
            sa.Enum(
                "none",
                "submitted",
                "held",
                "released",
                "rejected",
                name="customsstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["customer_order.id"], name=op.f("fk_shipment_order_id_customer_order")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_shipment_partner_id_partner")
        ),
        sa.ForeignKeyConstraint(
            ["premises_id"], ["premises.id"], name=op.f("fk_shipment_premises_id_premises")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipment")),
        sa.UniqueConstraint("number", name=op.f("uq_shipment_number")),
        sa.UniqueConstraint("order_id", name=op.f("uq_shipment_order_id")),
        sa.UniqueConstraint(
            "premises_id", "parcel_number", name=op.f("uq_shipment_premises_id_parcel_number")
        ),
    )
    op.create_index("ix_shipment_asked", "shipment", ["partner_id", "parcel_number"], unique=False)
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("csrf_token", sa.String(64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["device_id"], ["device.id"], name=op.f("fk_sign_in_device_id_device")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_sign_in_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_token_hash")),
    )
    op.create_index(op.f("ix_sign_in_person_id"), "sign_in", ["person_id"], unique=False)
    op.create_table(
        "customs_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column(
            "direction",
            sa.Enum(
                "out", "in", name="direction", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("transport_id", sa.String(80), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=True),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "sent",
                "waiting",
                "applied",
                "repeated",
                "parked",
                "refused",
                name="messagestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["declaration_id"],
            ["declaration.id"],
            name=op.f("fk_customs_message_declaration_id_declaration"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customs_message")),
        sa.UniqueConstraint(
            "direction", "transport_id", name=op.f("uq_customs_message_direction_transport_id")
        ),
        sa.UniqueConstraint("sequence", name=op.f("uq_customs_message_sequence")),
    )
    op.create_index(
        op.f("ix_customs_message_declaration_id"),
        "customs_message",
        ["declaration_id"],
        unique=False,
    )
    op.create_table(
        "declaration_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("line_number", sa.Integer(), nullable=False),
        sa.Column("entry_line_id", sa.Uuid(), nullable=True),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("sku", sa.String(35), nullable=False),
        sa.Column("hs_code", sa.String(8), nullable=False),
        sa.Column("statistical_code", sa.String(3), nullable=False),
        sa.Column("privilege_code", sa.String(3), nullable=False),
        sa.Column("description_th", sa.String(512), nullable=False),
        sa.Column("description_en", sa.String(512), nullable=False),
        sa.Column("brand", sa.String(35), nullable=False),
        sa.Column("origin_country", sa.String(2), nullable=False),
        sa.Column("net_weight_kg", sa.Numeric(precision=18, scale=3), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=18, scale=3), nullable=False),
        sa.Column("unit", sa.String(3), nullable=False),
        sa.Column("unit_price_foreign", sa.Numeric(precision=19, scale=6), nullable=False),
        sa.Column("cif_foreign", sa.Numeric(precision=19, scale=4), nullable=False),
        sa.Column("cif_baht", sa.Numeric(precision=19, scale=4), nullable=False),
        sa.Column("explained", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("discharged_quantity", sa.Numeric(precision=18, scale=3), nullable=False),
        sa.Column("discharged_cif_baht", sa.Numeric(precision=19, scale=4), nullable=False),
        sa.CheckConstraint(
            "discharged_cif_baht >= 0 AND discharged_cif_baht <= cif_baht",
            name=op.f("ck_declaration_line_value_not_overdrawn"),
        ),
        sa.CheckConstraint(
            "discharged_quantity >= 0 AND discharged_quantity <= quantity",
            name=op.f("ck_declaration_line_not_overdrawn"),
        ),
        sa.CheckConstraint(
            "quantity > 0 AND cif_baht >= 0", name=op.f("ck_declaration_line_measured")
        ),
        sa.ForeignKeyConstraint(
            ["declaration_id"],
            ["declaration.id"],
            name=op.f("fk_declaration_line_declaration_id_declaration"),
        ),
        sa.ForeignKeyConstraint(
            ["entry_line_id"],
            ["declaration_line.id"],
            name=op.f("fk_declaration_line_entry_line_id_declaration_line"),
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_declaration_line_product_id_product")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration_line")),
        sa.UniqueConstraint(
            "declaration_id",
            "line_number",
            name=op.f("uq_declaration_line_declaration_id_line_number"),
        ),
    )
    op.create_index(
        op.f("ix_declaration_line_entry_line_id"),
        "declaration_line",
        ["entry_line_id"],
        unique=False,
    )
    op.create_table(
        "guarantee_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "reserve",
                "debit",
                "release",
                "free",
                name="guaranteeentrykind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=19, scale=4), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_guarantee_entry_positive")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["guarantee_account.id"],
            name=op.f("fk_guarantee_entry_account_id_guarantee_account"),
        ),
        sa.ForeignKeyConstraint(
            ["declaration_id"],
            ["declaration.id"],
            name=op.f("fk_guarantee_entry_declaration_id_declaration"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guarantee_entry")),
        sa.UniqueConstraint("sequence", name=op.f("uq_guarantee_entry_sequence")),
    )
    op.create_index(
        op.f("ix_guarantee_entry_account_id"), "guarantee_entry", ["account_id"], unique=False
    )
    op.create_index(
        op.f("ix_guarantee_entry_declaration_id"),
        "guarantee_entry",
        ["declaration_id"],
        unique=False,
    )
    op.create_table(
        "release",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["declaration_id"],
            ["declaration.id"],
            name=op.f("fk_release_declaration_id_declaration"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["customer_order.id"], name=op.f("fk_release_order_id_customer_order")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
        sa.UniqueConstraint("declaration_id", name=op.f("uq_release_declaration_id")),
        sa.UniqueConstraint("number", name=op.f("uq_release_number")),
        sa.UniqueConstraint("order_id", name=op.f("uq_release_order_id")),
    )
    op.create_table(
        "shipment_history",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("shipment_id", sa.Uuid(), nullable=False),
        sa.Column(
            "axis",
            sa.Enum(
                "custody",
                "customs",
                name="axis",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["shipment_id"], ["shipment.id"], name=op.f("fk_shipment_history_shipment_id_shipment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipment_history")),
        sa.UniqueConstraint("sequence", name=op.f("uq_shipment_history_sequence")),
    )
    op.create_index(
        "ix_shipment_history_read", "shipment_history", ["shipment_id", "sequence"], unique=False
    )
    op.create_table(
        "task",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "receive",
                "put_away",
                "pick",
                "pack",
                "exit",
                name="taskkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "step",
            sa.Enum(
                "choose_task",
                "scan_parcel",
                "scan_location",
                "scan_order",
                "scan_bin",
                "scan_goods",
                name="step",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("handling_unit_id", sa.Uuid(), nullable=True),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("shipment_id", sa.Uuid(), nullable=True),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["handling_unit_id"],
            ["handling_unit.id"],
            name=op.f("fk_task_handling_unit_id_handling_unit"),
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_task_location_id_location")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_task_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["shipment_id"], ["shipment.id"], name=op.f("fk_task_shipment_id_shipment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint("person_id", name=op.f("uq_task_person_id")),
    )
    op.create_table(
        "declaration_duty",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("duty_type", sa.String(4), nullable=False),
        sa.Column("base_baht", sa.Numeric(precision=19, scale=4), nullable=False),
        sa.Column("value_rate_pct", sa.Numeric(precision=19, scale=6), nullable=False),
        sa.Column("specific_rate_baht", sa.Numeric(precision=19, scale=6), nullable=False),
        sa.Column("amount", sa.Numeric(precision=19, scale=4), nullable=False),
        sa.Column("exemption_pct", sa.Numeric(precision=19, scale=6), nullable=False),
        sa.Column("amount_paid", sa.Numeric(precision=19, scale=4), nullable=False),
        sa.Column("discharged_amount", sa.Numeric(precision=19, scale=4), nullable=False),
        sa.CheckConstraint(
            "amount >= 0 AND amount_paid >= 0 AND amount_paid <= amount",
            name=op.f("ck_declaration_duty_paid"),
        ),
        sa.ForeignKeyConstraint(
            ["line_id"],
            ["declaration_line.id"],
            name=op.f("fk_declaration_duty_line_id_declaration_line"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration_duty")),
        sa.UniqueConstraint(
            "line_id", "duty_type", name=op.f("uq_declaration_duty_line_id_duty_type")
        ),
    )
    op.create_table(
        "discharge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("entry_line_id", sa.Uuid(), nullable=False),
        sa.Column("disposal_line_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=18, scale=3), nullable=False),
        sa.Column("cif_baht", sa.Numeric(precision=19, scale=4), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.CheckConstraint("quantity > 0 AND cif_baht >= 0", name=op.f("ck_discharge_measured")),
        sa.ForeignKeyConstraint(
            ["disposal_line_id"],
            ["declaration_line.id"],
            name=op.f("fk_discharge_disposal_line_id_declaration_line"),
        ),
        sa.ForeignKeyConstraint(
            ["entry_line_id"],
            ["declaration_line.id"],
            name=op.f("fk_discharge_entry_line_id_declaration_line"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discharge")),
        sa.UniqueConstraint("disposal_line_id", name=op.f("uq_discharge_disposal_line_id")),
        sa.UniqueConstraint("sequence", name=op.f("uq_discharge_sequence")),
    )
    op.create_index(
        op.f("ix_discharge_entry_line_id"), "discharge", ["entry_line_id"], unique=False
    )
    op.create_table(
        "duty_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "suspended",
                "rate_change",
                "imposed",
                "rounding",
                "paid",
                name="dutyentrykind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("entry_line_id", sa.Uuid(), nullable=True),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("duty_type", sa.String(4), nullable=False),
        sa.Column(
            "from_account",
            sa.Enum(
                "claim",
                "suspense",
                "payable",
                "paid",
                name="from_account",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "to_account",
            sa.Enum(
                "claim",
                "suspense",
                "payable",
                "paid",
                name="to_account",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("amount", sa.Numeric(precision=19, scale=4), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_duty_entry_positive")),
        sa.CheckConstraint("from_account <> to_account", name=op.f("ck_duty_entry_goes_somewhere")),
        sa.ForeignKeyConstraint(
            ["declaration_id"],
            ["declaration.id"],
            name=op.f("fk_duty_entry_declaration_id_declaration"),
        ),
        sa.ForeignKeyConstraint(
            ["entry_line_id"],
            ["declaration_line.id"],
            name=op.f("fk_duty_entry_entry_line_id_declaration_line"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_entry")),
        sa.UniqueConstraint("sequence", name=op.f("uq_duty_entry_sequence")),
    )
    op.create_index(
        op.f("ix_duty_entry_declaration_id"), "duty_entry", ["declaration_id"], unique=False
    )
    op.create_index(
        op.f("ix_duty_entry_entry_line_id"), "duty_entry", ["entry_line_id"], unique=False
    )
    op.create_table(
        "lot",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("premises_id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("handling_unit_id", sa.Uuid(), nullable=False),
        sa.Column("consignment_line_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=18, scale=3), nullable=False),
        sa.Column("unit", sa.String(3), nullable=False),
        sa.Column("under_bond", sa.Boolean(), nullable=False),
        sa.Column("declaration_line_id", sa.Uuid(), nullable=True),
        sa.Column("declaration_number", sa.String(14), nullable=True),
        sa.Column("line_number", sa.Integer(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(declaration_line_id IS NULL) = (declaration_number IS NULL) AND (declaration_line_id IS NULL) = (line_number IS NULL) AND (declaration_line_id IS NULL) = (accepted_at IS NULL)",
            name=op.f("ck_lot_bound_whole"),
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_lot_positive")),
        sa.ForeignKeyConstraint(
            ["consignment_line_id"],
            ["consignment_line.id"],
            name=op.f("fk_lot_consignment_line_id_consignment_line"),
        ),
        sa.ForeignKeyConstraint(
            ["declaration_line_id"],
            ["declaration_line.id"],
            name=op.f("fk_lot_declaration_line_id_declaration_line"),
        ),
        sa.ForeignKeyConstraint(
            ["handling_unit_id"],
            ["handling_unit.id"],
            name=op.f("fk_lot_handling_unit_id_handling_unit"),
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_lot_partner_id_partner")
        ),
        sa.ForeignKeyConstraint(
            ["premises_id"], ["premises.id"], name=op.f("fk_lot_premises_id_premises")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_lot_product_id_product")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot")),
        sa.UniqueConstraint("consignment_line_id", name=op.f("uq_lot_consignment_line_id")),
        sa.UniqueConstraint("number", name=op.f("uq_lot_number")),
    )
    op.create_index(
        op.f("ix_lot_declaration_line_id"), "lot", ["declaration_line_id"], unique=False
    )
    op.create_index(op.f("ix_lot_handling_unit_id"), "lot", ["handling_unit_id"], unique=False)
    op.create_index(
        "ix_lot_layer",
        "lot",
        ["product_id", "accepted_at", "declaration_number", "line_number"],
        unique=False,
    )
    op.create_table(
        "balance",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=18, scale=3), nullable=False),
        sa.Column("reserved", sa.Numeric(precision=18, scale=3), nullable=False),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_balance_not_negative")),
        sa.CheckConstraint(
            "reserved >= 0 AND reserved <= quantity", name=op.f("ck_balance_reserved_on_hand")
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_balance_location_id_location")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_balance_lot_id_lot")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_balance")),
        sa.UniqueConstraint("lot_id", "location_id", name=op.f("uq_balance_lot_id_location_id")),
    )
    op.create_index(op.f("ix_balance_location_id"), "balance", ["location_id"], unique=False)
    op.create_table(
        "declared_lot",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=18, scale=3), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_declared_lot_positive")),
        sa.ForeignKeyConstraint(
            ["line_id"],
            ["declaration_line.id"],
            name=op.f("fk_declared_lot_line_id_declaration_line"),
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_declared_lot_lot_id_lot")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declared_lot")),
        sa.UniqueConstraint("line_id", "lot_id", name=op.f("uq_declared_lot_line_id_lot_id")),
    )
    op.create_index(op.f("ix_declared_lot_lot_id"), "declared_lot", ["lot_id"], unique=False)
    op.create_table(
        "release_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("declaration_line_id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=18, scale=3), nullable=False),
        sa.Column("used_quantity", sa.Numeric(precision=18, scale=3), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_release_line_positive")),
        sa.CheckConstraint(
            "used_quantity >= 0 AND used_quantity <= quantity",
            name=op.f("ck_release_line_not_exceeded"),
        ),
        sa.ForeignKeyConstraint(
            ["declaration_line_id"],
            ["declaration_line.id"],
            name=op.f("fk_release_line_declaration_line_id_declaration_line"),
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_release_line_lot_id_lot")),
        sa.ForeignKeyConstraint(
            ["release_id"], ["release.id"], name=op.f("fk_release_line_release_id_release")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_line")),
        sa.UniqueConstraint(
            "release_id",
            "lot_id",
            "declaration_line_id",
            name=op.f("uq_release_line_release_id_lot_id_declaration_line_id"),
        ),
    )
    op.create_table(
        "reservation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_line_id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=18, scale=3), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "held",
                "picked",
                "issued",
                "voided",
                name="reservationstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_reservation_positive")),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_reservation_location_id_location")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_reservation_lot_id_lot")),
        sa.ForeignKeyConstraint(
            ["order_line_id"],
            ["order_line.id"],
            name=op.f("fk_reservation_order_line_id_order_line"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservation")),
    )
    op.create_index(op.f("ix_reservation_lot_id"), "reservation", ["lot_id"], unique=False)
    op.create_index(
        op.f("ix_reservation_order_line_id"), "reservation", ["order_line_id"], unique=False
    )
    op.create_table(
        "movement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "receipt",
                "move",
                "pick",
                "issue",
                name="movementkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("from_location_id", sa.Uuid(), nullable=False),
        sa.Column("to_location_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=18, scale=3), nullable=False),
        sa.Column("under_bond", sa.Boolean(), nullable=False),
        sa.Column("release_line_id", sa.Uuid(), nullable=True),
        sa.Column("reservation_id", sa.Uuid(), nullable=True),
        sa.Column("scan_id", sa.Uuid(), nullable=True),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "NOT under_bond OR kind <> 'issue' OR release_line_id IS NOT NULL",
            name=op.f("ck_movement_released"),
        ),
        sa.CheckConstraint(
            "from_location_id <> to_location_id", name=op.f("ck_movement_goes_somewhere")
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_movement_positive")),
        sa.ForeignKeyConstraint(
            ["from_location_id"],
            ["location.id"],
            name=op.f("fk_movement_from_location_id_location"),
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_movement_lot_id_lot")),
        sa.ForeignKeyConstraint(
            ["release_line_id"],
            ["release_line.id"],
            name=op.f("fk_movement_release_line_id_release_line"),
        ),
        sa.ForeignKeyConstraint(
            ["reservation_id"],
            ["reservation.id"],
            name=op.f("fk_movement_reservation_id_reservation"),
        ),
        sa.ForeignKeyConstraint(
            ["to_location_id"], ["location.id"], name=op.f("fk_movement_to_location_id_location")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_movement")),
        sa.UniqueConstraint("sequence", name=op.f("uq_movement_sequence")),
    )
    op.create_index(op.f("ix_movement_lot_id"), "movement", ["lot_id"], unique=False)
    op.create_index(
        op.f("ix_movement_release_line_id"), "movement", ["release_line_id"], unique=False
    )
    op.create_index(op.f("ix_movement_scan_id"), "movement", ["scan_id"], unique=False)


def downgrade() -> None:
    _drop_tables()
    op.execute("DROP FUNCTION refuse_change()")
    for sequence in SEQUENCES:
        op.execute(f"DROP SEQUENCE {sequence}")


def _drop_tables() -> None:
    op.drop_index(op.f("ix_movement_scan_id"), table_name="movement")
    op.drop_index(op.f("ix_movement_release_line_id"), table_name="movement")
    op.drop_index(op.f("ix_movement_lot_id"), table_name="movement")
    op.drop_table("movement")
    op.drop_index(op.f("ix_reservation_order_line_id"), table_name="reservation")
    op.drop_index(op.f("ix_reservation_lot_id"), table_name="reservation")
    op.drop_table("reservation")
    op.drop_table("release_line")
    op.drop_index(op.f("ix_declared_lot_lot_id"), table_name="declared_lot")
    op.drop_table("declared_lot")
    op.drop_index(op.f("ix_balance_location_id"), table_name="balance")
    op.drop_table("balance")
    op.drop_index("ix_lot_layer", table_name="lot")
    op.drop_index(op.f("ix_lot_handling_unit_id"), table_name="lot")
    op.drop_index(op.f("ix_lot_declaration_line_id"), table_name="lot")
    op.drop_table("lot")
    op.drop_index(op.f("ix_duty_entry_entry_line_id"), table_name="duty_entry")
    op.drop_index(op.f("ix_duty_entry_declaration_id"), table_name="duty_entry")
    op.drop_table("duty_entry")
    op.drop_index(op.f("ix_discharge_entry_line_id"), table_name="discharge")
    op.drop_table("discharge")
    op.drop_table("declaration_duty")
    op.drop_table("task")
    op.drop_index("ix_shipment_history_read", table_name="shipment_history")
    op.drop_table("shipment_history")
    op.drop_table("release")
    op.drop_index(op.f("ix_guarantee_entry_declaration_id"), table_name="guarantee_entry")
    op.drop_index(op.f("ix_guarantee_entry_account_id"), table_name="guarantee_entry")
    op.drop_table("guarantee_entry")
    op.drop_index(op.f("ix_declaration_line_entry_line_id"), table_name="declaration_line")
    op.drop_table("declaration_line")
    op.drop_index(op.f("ix_customs_message_declaration_id"), table_name="customs_message")
    op.drop_table("customs_message")
    op.drop_index(op.f("ix_sign_in_person_id"), table_name="sign_in")
    op.drop_table("sign_in")
    op.drop_index("ix_shipment_asked", table_name="shipment")
    op.drop_table("shipment")
    op.drop_index("ix_scan_again", table_name="scan")
    op.drop_table("scan")
    op.drop_table("order_line")
    op.drop_table("imported_file")
    op.drop_index(
        "ix_handling_unit_waiting",
        table_name="handling_unit",
        postgresql_where=sa.text("received_at IS NULL"),
    )
    op.drop_index(op.f("ix_handling_unit_consignment_id"), table_name="handling_unit")
    op.drop_table("handling_unit")
    op.drop_index(
        "uq_declaration_order",
        table_name="declaration",
        postgresql_where=sa.text("order_id IS NOT NULL AND state <> 'cancelled'"),
    )
    op.drop_index(
        "uq_declaration_consignment",
        table_name="declaration",
        postgresql_where=sa.text("document_type = '0' AND state <> 'cancelled'"),
    )
    op.drop_index(op.f("ix_declaration_state"), table_name="declaration")
    op.drop_table("declaration")
    op.drop_table("consignment_line")
    op.drop_table("product")
    op.drop_table("person")
    op.drop_table("parcel_number_range")
    op.drop_table("location")
    op.drop_table("guarantee_account")
    op.drop_table("event_seal")
    op.drop_table("device")
    op.drop_table("customer_order")
    op.drop_table("consignment")
    op.drop_index(op.f("ix_api_key_partner_id"), table_name="api_key")
    op.drop_table("api_key")
    op.drop_index(op.f("ix_tariff_line_hs_code"), table_name="tariff_line")
    op.drop_table("tariff_line")
    op.drop_table("premises")
    op.drop_table("policy")
    op.drop_table("partner")
    op.drop_index(op.f("ix_paper_subject"), table_name="paper")
    op.drop_index(op.f("ix_paper_number"), table_name="paper")
    op.drop_table("paper")
    op.drop_table("number_series")
    op.drop_table("kept_answer")
    op.drop_index(
        "ix_job_due",
        table_name="job",
        postgresql_where=sa.text("done_at IS NULL AND stopped_at IS NULL"),
    )
    op.drop_table("job")
    op.drop_table("exchange_rate")
    op.drop_index(op.f("ix_event_subject"), table_name="event")
    op.drop_index(op.f("ix_event_name"), table_name="event")
    op.drop_table("event")
