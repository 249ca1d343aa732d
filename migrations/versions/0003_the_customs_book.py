"""The customs book: every kind of declaration, its versions, permits, letters, deadlines, reference.

An older declaration tells its procedure from its document type.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

SEQUENCES = ("col_number",)
LEDGERS = ("deadline_notice", "inspection", "permit_draw")
OLD_CHECKS = (
    (
        "declaration",
        "ck_declaration_declarationstate",
        "state IN ('draft', 'queued', 'sent', 'unknown', 'rejected', 'numbered', 'released', 'cancelled')",
    ),
    ("declaration", "ck_declaration_documenttype", "document_type IN ('0', 'P')"),
    (
        "declaration",
        "ck_declaration_numbered_by_customs",
        "(state NOT IN ('numbered', 'released')) OR (declaration_number IS NOT NULL)",
    ),
    (
        "disposal",
        "ck_disposal_disposalkind",
        "kind IN ('re_export', 'transfer', 'free_zone', 'destruction', 'loss', 'abandonment', 'seizure', 'sampling', 'removal')",
    ),
    (
        "duty_entry",
        "ck_duty_entry_dutyentrykind",
        "kind IN ('suspended', 'rate_change', 'imposed', 'rounding', 'paid')",
    ),
    (
        "duty_entry",
        "ck_duty_entry_from_account",
        "from_account IN ('claim', 'suspense', 'payable', 'paid')",
    ),
    (
        "duty_entry",
        "ck_duty_entry_to_account",
        "to_account IN ('claim', 'suspense', 'payable', 'paid')",
    ),
    (
        "guarantee_entry",
        "ck_guarantee_entry_guaranteeentrykind",
        "kind IN ('reserve', 'debit', 'release', 'free')",
    ),
    (
        "lot",
        "ck_lot_lotorigin",
        "origin IN ('announced', 'found', 'handled', 'transferred', 'returned', 'split')",
    ),
)
NEW_CHECKS = (
    (
        "declaration",
        "ck_declaration_approved_whole",
        "(approved_by IS NULL) = (approved_at IS NULL)",
    ),
    (
        "declaration",
        "ck_declaration_declarationstate",
        "state IN ('draft', 'approved', 'queued', 'sent', 'unknown', 'rejected', 'without_number', 'numbered', 'paid', 'guaranteed', 'exempt', 'green', 'red', 'examined', 'released', 'delivered', 'cancelled')",
    ),
    (
        "declaration",
        "ck_declaration_documenttype",
        "document_type IN ('0', '1', 'A', 'B', 'C', 'D', 'P', 'petition')",
    ),
    ("declaration", "ck_declaration_four_eyes", "(approved_by) <> (drafted_by)"),
    (
        "declaration",
        "ck_declaration_numbered_by_customs",
        "(declaration_number IS NOT NULL) OR ((document_type) = 'petition') OR (state NOT IN ('numbered', 'paid', 'guaranteed', 'exempt', 'green', 'red', 'examined', 'released', 'delivered'))",
    ),
    (
        "disposal",
        "ck_disposal_disposalkind",
        "kind IN ('re_export', 'transfer', 'free_zone', 'destruction', 'loss', 'abandonment', 'seizure', 'sampling', 'removal', 'scrap', 'donation')",
    ),
    (
        "duty_entry",
        "ck_duty_entry_dutyentrykind",
        "kind IN ('suspended', 'rate_change', 'amended', 'imposed', 'rounding', 'paid', 'remitted', 'transferred', 'refunded')",
    ),
    (
        "duty_entry",
        "ck_duty_entry_from_account",
        "from_account IN ('claim', 'suspense', 'payable', 'paid', 'remitted', 'transferred')",
    ),
    (
        "duty_entry",
        "ck_duty_entry_to_account",
        "to_account IN ('claim', 'suspense', 'payable', 'paid', 'remitted', 'transferred')",
    ),
    (
        "guarantee_entry",
        "ck_guarantee_entry_guaranteeentrykind",
        "kind IN ('reserve', 'debit', 'release', 'free', 'top_up', 'end')",
    ),
    (
        "guarantee_entry",
        "ck_guarantee_entry_of_letter",
        "(letter_id IS NOT NULL) = (kind IN ('top_up', 'end'))",
    ),
    (
        "guarantee_entry",
        "ck_guarantee_entry_one_cause",
        "num_nonnulls(declaration_id, letter_id) = 1",
    ),
    (
        "lot",
        "ck_lot_lotorigin",
        "origin IN ('announced', 'found', 'handled', 'transferred', 'returned', 'opening', 'split')",
    ),
)
APPEND_ONLY = """
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""
PROCEDURES = """
    UPDATE declaration SET procedure = CASE
        WHEN document_type = '0' THEN 'warehousing'
        WHEN disposal_id IS NOT NULL THEN 'loss' ELSE 'home_use' END
"""
# -- by hand --
# What was filed changes by amendment only; a lot is free when customs cancels its declaration;
# a rate that declarations were reckoned with is ended, never rewritten.
KEEP_AS_FILED = """
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
KEEP_BINDING = """
    CREATE OR REPLACE FUNCTION keep_binding() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.declaration_line_id IS NULL AND EXISTS (
            SELECT FROM declaration_line AS line JOIN declaration ON declaration.id = declaration_id
             WHERE line.id = OLD.declaration_line_id AND state = 'cancelled'
        ) THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'lot % is bound once, until customs cancels its declaration', OLD.number
            USING ERRCODE = 'restrict_violation';
    END $$
"""
BOUND_ONCE = """
    CREATE TRIGGER bound_once BEFORE UPDATE ON lot FOR EACH ROW
    WHEN (OLD.declaration_line_id IS NOT NULL AND
          (OLD.declaration_line_id, OLD.declaration_number, OLD.line_number, OLD.accepted_at)
          IS DISTINCT FROM
          (NEW.declaration_line_id, NEW.declaration_number, NEW.line_number, NEW.accepted_at))
    EXECUTE FUNCTION {function}()
"""
FILED = {
    "declaration": """
        reference_number, document_type, procedure, premises_id, partner_id,
        consignment_id, order_id, disposal_id, paired_id, part, version, import_date,
        rates_on, currency, exchange_rate, exchange_per_units, house_bill, consignor_name,
        consignment_country, invoice_number, invoice_date, package_amount, gross_weight_kg,
        net_weight_kg, cif_foreign, cif_baht, total_tax, total_deposit, drafted_by,
        drafted_at, approved_by, approved_at
    """,
    "declaration_line": """
        declaration_id, line_number, entry_line_id, product_id, sku, hs_code,
        statistical_code, privilege_code, description_th, description_en, brand,
        origin_country, net_weight_kg, quantity, unit, unit_price_foreign, cif_foreign,
        cif_baht, cif_assessed_baht, nature_of_transaction, product_year, origin_criteria,
        origin_certificate, explained
    """,
    "declaration_duty": """
        line_id, duty_type, base_baht, value_rate_pct, specific_rate_baht, amount,
        exemption_pct, amount_paid, deposit_baht
    """,
}
KEEP_DATED = """
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
RATES = ("tariff_line", "exchange_rate", "preferential_rate", "trade_measure", "excise_rate")
BY_HAND = (
    KEEP_DATED,
    *(
        f"CREATE TRIGGER ended_only BEFORE UPDATE OR DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION keep_dated()"
        for table in RATES
    ),
    KEEP_AS_FILED,
    *(
        f"CREATE TRIGGER filed_once BEFORE DELETE OR UPDATE OF {columns} ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION keep_as_filed()"
        for table, columns in FILED.items()
    ),
    KEEP_BINDING,
    "DROP TRIGGER bound_once ON lot",
    BOUND_ONCE.format(function="keep_binding"),
)
BY_HAND_BACK = (
    *(f"DROP TRIGGER ended_only ON {table}" for table in RATES),
    "DROP FUNCTION keep_dated",
    "DROP TRIGGER bound_once ON lot",
    BOUND_ONCE.format(function="refuse_change"),
    "DROP FUNCTION keep_binding",
    *(f"DROP TRIGGER filed_once ON {table}" for table in FILED),
    "DROP FUNCTION keep_as_filed",
)
# -- end --

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    for sequence in SEQUENCES:
        op.execute(f"CREATE SEQUENCE {sequence}")
    _change_tables()
    op.execute(PROCEDURES)
    op.execute("ALTER TABLE declaration ALTER procedure DROP DEFAULT")
    for table, name, _ in OLD_CHECKS:
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for table, name, rule in NEW_CHECKS:
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({rule})")
    for ledger in LEDGERS:
        op.execute(APPEND_ONLY.format(table=ledger))
    for statement in BY_HAND:
        op.execute(statement)


def _change_tables() -> None:
    op.create_table(
        "code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "code_list",
            sa.Enum(
                "area",
                "authority",
                "country",
                "currency",
                "package",
                "privilege",
                "unit",
                name="codelist",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("name_th", sa.String(200), nullable=False),
        sa.Column("name_en", sa.String(200), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source", sa.String(200), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("code_list"), "="),
            (sa.column("code"), "="),
            (sa.text("daterange(valid_from, valid_to, '[]')"), "&&"),
            using="gist",
            name="ex_code_overlap",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code")),
    )
    op.create_table(
        "excise_rate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hs_code", sa.String(8), nullable=False),
        sa.Column("statistical_code", sa.String(3), nullable=False),
        sa.Column("excise_code", sa.String(12), nullable=False),
        sa.Column("by_retail_price", sa.Boolean(), nullable=False),
        sa.Column("value_rate_pct", sa.Numeric(precision=19, scale=6), nullable=False),
        sa.Column("specific_rate_baht", sa.Numeric(precision=19, scale=6), nullable=False),
        sa.Column("unit", sa.String(3), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source", sa.String(200), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("hs_code"), "="),
            (sa.column("statistical_code"), "="),
            (sa.text("daterange(valid_from, valid_to, '[]')"), "&&"),
            using="gist",
            name="ex_excise_rate_overlap",
        ),
        sa.CheckConstraint("hs_code ~ '^[0-9]{8}$'", name=op.f("ck_excise_rate_hs_code")),
        sa.CheckConstraint(
            "value_rate_pct >= 0 AND specific_rate_baht >= 0", name=op.f("ck_excise_rate_rates")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_excise_rate")),
    )
    op.create_index(op.f("ix_excise_rate_hs_code"), "excise_rate", ["hs_code"], unique=False)
    op.create_table(
        "holiday",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name_th", sa.String(120), nullable=False),
        sa.Column("name_en", sa.String(120), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holiday")),
        sa.UniqueConstraint("day", name=op.f("uq_holiday_day")),
    )
    op.create_table(
        "outage",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outage")),
    )
    op.create_index(
        "uq_outage_open",
        "outage",
        [sa.literal_column("(until IS NULL)")],
        unique=True,
        postgresql_where=sa.text("until IS NULL"),
    )
    op.create_table(
        "preferential_rate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("privilege_code", sa.String(3), nullable=False),
        sa.Column("hs_code", sa.String(8), nullable=False),
        sa.Column("statistical_code", sa.String(3), nullable=False),
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
        sa.Column("unit", sa.String(3), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source", sa.String(200), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("privilege_code"), "="),
            (sa.column("hs_code"), "="),
            (sa.column("statistical_code"), "="),
            (sa.text("daterange(valid_from, valid_to, '[]')"), "&&"),
            using="gist",
            name="ex_preferential_rate_overlap",
        ),
        sa.CheckConstraint("hs_code ~ '^[0-9]{8}$'", name=op.f("ck_preferential_rate_hs_code")),
        sa.CheckConstraint(
            "value_rate_pct >= 0 AND specific_rate_baht >= 0",
            name=op.f("ck_preferential_rate_rates"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preferential_rate")),
    )
    op.create_index(
        op.f("ix_preferential_rate_hs_code"), "preferential_rate", ["hs_code"], unique=False
    )
    op.create_table(
        "proof_alarm",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_good_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("differences", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("lots", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("cause", sa.String(500), nullable=False),
        sa.Column("named_by", sa.String(80), nullable=True),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(named_at IS NULL) = (cause = '')", name=op.f("ck_proof_alarm_named_why")
        ),
        sa.CheckConstraint(
            "(named_at IS NULL) = (named_by IS NULL)", name=op.f("ck_proof_alarm_named_whole")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proof_alarm")),
    )
    op.create_index(
        "uq_proof_alarm_open",
        "proof_alarm",
        [sa.literal_column("(named_at IS NULL)")],
        unique=True,
        postgresql_where=sa.text("named_at IS NULL"),
    )
    op.create_table(
        "reference_upload",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("table_name", sa.String(40), nullable=False),
        sa.Column("filename", sa.String(200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "taken_in",
                "refused",
                name="uploadstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("ended", sa.Integer(), nullable=False),
        sa.Column("same", sa.Integer(), nullable=False),
        sa.Column("problems", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("uploaded_by", sa.String(80), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(80), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("decided_by <> uploaded_by", name=op.f("ck_reference_upload_four_eyes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reference_upload")),
    )
    op.create_table(
        "restriction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hs_code", sa.String(8), nullable=False),
        sa.Column("statistical_code", sa.String(3), nullable=False),
        sa.Column(
            "direction",
            sa.Enum(
                "import",
                "export",
                name="tradedirection",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "none",
                "permit",
                "prohibited",
                name="restrictionkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("authority_id", sa.String(17), nullable=False),
        sa.Column("permit_th", sa.String(200), nullable=False),
        sa.Column("permit_en", sa.String(200), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source", sa.String(200), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("hs_code"), "="),
            (sa.column("statistical_code"), "="),
            (sa.column("direction"), "="),
            (sa.column("authority_id"), "="),
            (sa.text("daterange(valid_from, valid_to, '[]')"), "&&"),
            using="gist",
            name="ex_restriction_overlap",
        ),
        sa.CheckConstraint(
            "(kind = 'permit') = (authority_id <> '')", name=op.f("ck_restriction_of_authority")
        ),
        sa.CheckConstraint("hs_code ~ '^[0-9]{8}$'", name=op.f("ck_restriction_hs_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restriction")),
    )
    op.create_index(op.f("ix_restriction_hs_code"), "restriction", ["hs_code"], unique=False)
    op.create_table(
        "trade_measure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "0105",
                "0110",
                "0111",
                "0114",
                "0603",
                name="measurekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("hs_code", sa.String(8), nullable=False),
        sa.Column("statistical_code", sa.String(3), nullable=False),
        sa.Column("origin_country", sa.String(2), nullable=False),
        sa.Column("value_rate_pct", sa.Numeric(precision=19, scale=6), nullable=False),
        sa.Column("specific_rate_baht", sa.Numeric(precision=19, scale=6), nullable=False),
        sa.Column("unit", sa.String(3), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source", sa.String(200), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("kind"), "="),
            (sa.column("hs_code"), "="),
            (sa.column("statistical_code"), "="),
            (sa.column("origin_country"), "="),
            (sa.text("daterange(valid_from, valid_to, '[]')"), "&&"),
            using="gist",
            name="ex_trade_measure_overlap",
        ),
        sa.CheckConstraint("hs_code ~ '^[0-9]{8}$'", name=op.f("ck_trade_measure_hs_code")),
        sa.CheckConstraint(
            "value_rate_pct >= 0 AND specific_rate_baht >= 0", name=op.f("ck_trade_measure_rates")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trade_measure")),
    )
    op.create_index(op.f("ix_trade_measure_hs_code"), "trade_measure", ["hs_code"], unique=False)
    op.create_table(
        "collection_order",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("premises_id", sa.Uuid(), nullable=False),
        sa.Column("parcel_number", sa.String(35), nullable=False),
        sa.Column("recipient_name", sa.String(120), nullable=False),
        sa.Column("recipient_address", sa.String(300), nullable=False),
        sa.Column("sender_name", sa.String(120), nullable=False),
        sa.Column("sender_country", sa.String(2), nullable=False),
        sa.Column("description", sa.String(512), nullable=False),
        sa.Column("hs_code", sa.String(8), nullable=False),
        sa.Column("statistical_code", sa.String(3), nullable=False),
        sa.Column("origin_country", sa.String(2), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=18, scale=3), nullable=False),
        sa.Column("weight_kg", sa.Numeric(precision=18, scale=3), nullable=False),
        sa.Column("fob_baht", sa.Numeric(precision=19, scale=4), nullable=False),
        sa.Column("value_baht", sa.Numeric(precision=19, scale=4), nullable=False),
        sa.Column("explained", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("duty_baht", sa.Numeric(precision=19, scale=4), nullable=False),
        sa.Column("vat_baht", sa.Numeric(precision=19, scale=4), nullable=False),
        sa.Column("total_tax", sa.Numeric(precision=19, scale=4), nullable=False),
        sa.Column("import_date", sa.Date(), nullable=False),
        sa.Column("pay_by", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "issued",
                "disputed",
                "paid",
                "returned",
                name="collectionstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("dispute", sa.String(500), nullable=False),
        sa.Column("issued_by", sa.String(80), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payment_number", sa.String(40), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "quantity > 0 AND value_baht > 0 AND total_tax >= 0",
            name=op.f("ck_collection_order_measured"),
        ),
        sa.ForeignKeyConstraint(
            ["premises_id"], ["premises.id"], name=op.f("fk_collection_order_premises_id_premises")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection_order")),
        sa.UniqueConstraint("number", name=op.f("uq_collection_order_number")),
        sa.UniqueConstraint("parcel_number", name=op.f("uq_collection_order_parcel_number")),
    )
    op.create_index(
        op.f("ix_collection_order_premises_id"), "collection_order", ["premises_id"], unique=False
    )
    op.create_table(
        "filing_rule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("premises_id", sa.Uuid(), nullable=False),
        sa.Column(
            "document_type",
            sa.Enum(
                "0",
                "1",
                "A",
                "B",
                "C",
                "D",
                "P",
                "petition",
                name="documenttype",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "approval",
            sa.Enum(
                "standing",
                "second_person",
                name="approval",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("merge_by", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("most_lines", sa.Integer(), nullable=False),
        sa.Column("most_packages", sa.Integer(), nullable=True),
        sa.Column("window_opens", sa.Time(), nullable=True),
        sa.Column("window_closes", sa.Time(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("recorded_by", sa.String(80), nullable=False),
        sa.Column("approved_by", sa.String(80), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("premises_id"), "="),
            (sa.column("document_type"), "="),
            (sa.text("daterange(valid_from, valid_to, '[]')"), "&&"),
            where=sa.text("approved_by IS NOT NULL"),
            using="gist",
            name="ex_filing_rule_overlap",
        ),
        sa.CheckConstraint(
            "(window_opens IS NULL) = (window_closes IS NULL)", name=op.f("ck_filing_rule_window")
        ),
        sa.CheckConstraint("approved_by <> recorded_by", name=op.f("ck_filing_rule_four_eyes")),
        sa.CheckConstraint("most_lines BETWEEN 1 AND 9999", name=op.f("ck_filing_rule_most_lines")),
        sa.CheckConstraint(
            "most_packages IS NULL OR most_packages > 0", name=op.f("ck_filing_rule_most_packages")
        ),
        sa.ForeignKeyConstraint(
            ["premises_id"], ["premises.id"], name=op.f("fk_filing_rule_premises_id_premises")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filing_rule")),
    )
    op.create_table(
        "filing_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("premises_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "rehearsal",
                "filing",
                name="runkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("business_day", sa.Date(), nullable=False),
        sa.Column("started_by", sa.String(80), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["premises_id"], ["premises.id"], name=op.f("fk_filing_run_premises_id_premises")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filing_run")),
        sa.UniqueConstraint(
            "premises_id",
            "kind",
            "business_day",
            name=op.f("uq_filing_run_premises_id_kind_business_day"),
        ),
    )
    op.create_table(
        "opening_balance",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("premises_id", sa.Uuid(), nullable=False),
        sa.Column("filename", sa.String(200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "taken_in",
                "refused",
                name="uploadstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("totals", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("problems", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("uploaded_by", sa.String(80), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(80), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("decided_by <> uploaded_by", name=op.f("ck_opening_balance_four_eyes")),
        sa.ForeignKeyConstraint(
            ["premises_id"], ["premises.id"], name=op.f("fk_opening_balance_premises_id_premises")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_balance")),
    )
    op.create_index(
        op.f("ix_opening_balance_premises_id"), "opening_balance", ["premises_id"], unique=False
    )
    op.create_table(
        "paper_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("premises_id", sa.Uuid(), nullable=False),
        sa.Column("business_day", sa.Date(), nullable=False),
        sa.Column(
            "form",
            sa.Enum(
                "zip",
                "merged",
                name="batchform",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "done",
                "failed",
                name="batchstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("sha256", sa.String(64), nullable=True),
        sa.Column("requested_by", sa.String(80), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("done >= 0 AND done <= total", name=op.f("ck_paper_batch_progress")),
        sa.ForeignKeyConstraint(
            ["premises_id"], ["premises.id"], name=op.f("fk_paper_batch_premises_id_premises")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_batch")),
    )
    op.create_index(
        op.f("ix_paper_batch_premises_id"), "paper_batch", ["premises_id"], unique=False
    )
    op.create_table(
        "permit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(35), nullable=False),
        sa.Column("authority_id", sa.String(17), nullable=False),
        sa.Column(
            "direction",
            sa.Enum(
                "import",
                "export",
                name="tradedirection",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("hs_code", sa.String(8), nullable=False),
        sa.Column("statistical_code", sa.String(3), nullable=False),
        sa.Column("issue_date", sa.Date(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("quantity", sa.Numeric(precision=18, scale=3), nullable=True),
        sa.Column("unit", sa.String(3), nullable=False),
        sa.Column("drawn_quantity", sa.Numeric(precision=18, scale=3), nullable=False),
        sa.Column("recorded_by", sa.String(80), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.String(80), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("approved_by <> recorded_by", name=op.f("ck_permit_four_eyes")),
        sa.CheckConstraint("drawn_quantity >= 0", name=op.f("ck_permit_not_negative")),
        sa.CheckConstraint(
            "quantity IS NULL OR drawn_quantity <= quantity", name=op.f("ck_permit_not_overdrawn")
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_permit_period")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_permit_partner_id_partner")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_permit")),
        sa.UniqueConstraint("authority_id", "number", name=op.f("uq_permit_authority_id_number")),
    )
    op.create_index(op.f("ix_permit_partner_id"), "permit", ["partner_id"], unique=False)
    op.create_table(
        "filing_result",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "filed",
                "skipped",
                "failed",
                name="filingoutcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("packages", sa.Integer(), nullable=False),
        sa.Column("reasons", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["filing_run.id"], name=op.f("fk_filing_result_run_id_filing_run")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filing_result")),
        sa.UniqueConstraint("run_id", "subject", name=op.f("uq_filing_result_run_id_subject")),
    )
    op.create_index(op.f("ix_filing_result_run_id"), "filing_result", ["run_id"], unique=False)
    op.create_table(
        "guarantee_letter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("bank", sa.String(120), nullable=False),
        sa.Column("amount", sa.Numeric(precision=19, scale=4), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_by", sa.String(80), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.String(80), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("warned_days", sa.Integer(), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_guarantee_letter_positive")),
        sa.CheckConstraint(
            "approved_by <> recorded_by", name=op.f("ck_guarantee_letter_four_eyes")
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_guarantee_letter_period")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["guarantee_account.id"],
            name=op.f("fk_guarantee_letter_account_id_guarantee_account"),
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"],
            ["guarantee_letter.id"],
            name=op.f("fk_guarantee_letter_replaces_id_guarantee_letter"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guarantee_letter")),
        sa.UniqueConstraint("number", name=op.f("uq_guarantee_letter_number")),
    )
    op.create_index(
        op.f("ix_guarantee_letter_account_id"), "guarantee_letter", ["account_id"], unique=False
    )
    op.create_table(
        "amendment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "amendment",
                "cancellation",
                name="amendmentkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "queued",
                "sent",
                "unknown",
                "accepted",
                "refused",
                "withdrawn",
                name="amendmentstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("changes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("suspended_change", sa.Numeric(precision=19, scale=4), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("refusals", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("requested_by", sa.String(80), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.String(80), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("approved_by <> requested_by", name=op.f("ck_amendment_four_eyes")),
        sa.CheckConstraint("version > 1", name=op.f("ck_amendment_later")),
        sa.ForeignKeyConstraint(
            ["declaration_id"],
            ["declaration.id"],
            name=op.f("fk_amendment_declaration_id_declaration"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendment")),
        sa.UniqueConstraint("message_id", name=op.f("uq_amendment_message_id")),
    )
    op.create_index(
        op.f("ix_amendment_declaration_id"), "amendment", ["declaration_id"], unique=False
    )
    op.create_index(
        "uq_amendment_open",
        "amendment",
        ["declaration_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('draft', 'queued', 'sent', 'unknown')"),
    )
    op.create_table(
        "deadline_extension",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "requested",
                "granted",
                "refused",
                name="extensionstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("requested_by", sa.String(80), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document_number", sa.String(60), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=True),
        sa.Column("decided_by", sa.String(80), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["declaration_id"],
            ["declaration.id"],
            name=op.f("fk_deadline_extension_declaration_id_declaration"),
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["person.id"], name=op.f("fk_deadline_extension_officer_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_extension")),
    )
    op.create_index(
        op.f("ix_deadline_extension_declaration_id"),
        "deadline_extension",
        ["declaration_id"],
        unique=False,
    )
    op.create_index(
        "uq_deadline_extension_granted",
        "deadline_extension",
        ["declaration_id"],
        unique=True,
        postgresql_where=sa.text("state <> 'refused'"),
    )
    op.create_table(
        "deadline_notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("days_left", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["declaration_id"],
            ["declaration.id"],
            name=op.f("fk_deadline_notice_declaration_id_declaration"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_notice")),
        sa.UniqueConstraint(
            "declaration_id",
            "ends_on",
            "days_left",
            name=op.f("uq_deadline_notice_declaration_id_ends_on_days_left"),
        ),
    )
    op.create_table(
        "hand_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "numbered",
                "released",
                name="handdecisionkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.String(14), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("document_type", sa.String(40), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("recorded_by", sa.String(80), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.String(80), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(kind = 'numbered') = (number <> '')", name=op.f("ck_hand_decision_number")
        ),
        sa.CheckConstraint(
            "(approved_by IS NULL) = (approved_at IS NULL)",
            name=op.f("ck_hand_decision_approved_whole"),
        ),
        sa.CheckConstraint(
            "approved_at IS NULL OR withdrawn_at IS NULL", name=op.f("ck_hand_decision_one_end")
        ),
        sa.CheckConstraint("approved_by <> recorded_by", name=op.f("ck_hand_decision_four_eyes")),
        sa.ForeignKeyConstraint(
            ["declaration_id"],
            ["declaration.id"],
            name=op.f("fk_hand_decision_declaration_id_declaration"),
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["person.id"], name=op.f("fk_hand_decision_officer_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_decision")),
    )
    op.create_index(
        op.f("ix_hand_decision_declaration_id"), "hand_decision", ["declaration_id"], unique=False
    )
    op.create_index(
        "uq_hand_decision",
        "hand_decision",
        ["declaration_id", "kind"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "inspection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("found", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("seal_removed", sa.String(40), nullable=False),
        sa.Column("seal_applied", sa.String(40), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("photo", sa.LargeBinary(), nullable=False),
        sa.Column("photo_type", sa.String(20), nullable=False),
        sa.Column("recorded_by", sa.String(80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["declaration_id"],
            ["declaration.id"],
            name=op.f("fk_inspection_declaration_id_declaration"),
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["person.id"], name=op.f("fk_inspection_officer_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection")),
        sa.UniqueConstraint("declaration_id", name=op.f("uq_inspection_declaration_id")),
    )
    op.create_table(
        "payment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "duty",
                "order",
                name="paymentkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("premises_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("amount", sa.Numeric(precision=19, scale=4), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("names", sa.String(40), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=True),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("captured_by", sa.String(80), nullable=False),
        sa.Column("captured_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("matched_by", sa.String(80), nullable=True),
        sa.Column("matched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(300), nullable=False),
        sa.CheckConstraint(
            "(matched_at IS NULL) = (matched_by IS NULL)", name=op.f("ck_payment_matched_whole")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payment_positive")),
        sa.CheckConstraint(
            "num_nonnulls(declaration_id, order_id) = (matched_at IS NOT NULL)::int",
            name=op.f("ck_payment_matched_to_one"),
        ),
        sa.ForeignKeyConstraint(
            ["declaration_id"],
            ["declaration.id"],
            name=op.f("fk_payment_declaration_id_declaration"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["customer_order.id"], name=op.f("fk_payment_order_id_customer_order")
        ),
        sa.ForeignKeyConstraint(
            ["premises_id"], ["premises.id"], name=op.f("fk_payment_premises_id_premises")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("kind", "number", name=op.f("uq_payment_kind_number")),
    )
    op.create_index(op.f("ix_payment_premises_id"), "payment", ["premises_id"], unique=False)
    op.create_index(
        "uq_payment_declaration",
        "payment",
        ["declaration_id"],
        unique=True,
        postgresql_where=sa.text("declaration_id IS NOT NULL"),
    )
    op.create_index(
        "uq_payment_order",
        "payment",
        ["order_id"],
        unique=True,
        postgresql_where=sa.text("order_id IS NOT NULL"),
    )
    op.create_table(
        "post_clearance_case",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("changes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("opened_by", sa.String(80), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(300), nullable=False),
        sa.Column("closed_by", sa.String(80), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (outcome = '')",
            name=op.f("ck_post_clearance_case_closed_with_outcome"),
        ),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_by IS NULL)",
            name=op.f("ck_post_clearance_case_closed_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["declaration_id"],
            ["declaration.id"],
            name=op.f("fk_post_clearance_case_declaration_id_declaration"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_clearance_case")),
    )
    op.create_index(
        op.f("ix_post_clearance_case_declaration_id"),
        "post_clearance_case",
        ["declaration_id"],
        unique=False,
    )
    op.create_index(
        "uq_post_clearance_case_open",
        "post_clearance_case",
        ["declaration_id"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "declaration_permit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("permit_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.String(35), nullable=False),
        sa.Column("issue_date", sa.Date(), nullable=False),
        sa.Column("authority_id", sa.String(17), nullable=False),
        sa.ForeignKeyConstraint(
            ["line_id"],
            ["declaration_line.id"],
            name=op.f("fk_declaration_permit_line_id_declaration_line"),
        ),
        sa.ForeignKeyConstraint(
            ["permit_id"], ["permit.id"], name=op.f("fk_declaration_permit_permit_id_permit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration_permit")),
        sa.UniqueConstraint(
            "line_id",
            "number",
            "authority_id",
            name=op.f("uq_declaration_permit_line_id_number_authority_id"),
        ),
    )
    op.create_index(
        op.f("ix_declaration_permit_permit_id"), "declaration_permit", ["permit_id"], unique=False
    )
    op.create_table(
        "permit_draw",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("permit_id", sa.Uuid(), nullable=False),
        sa.Column("declaration_line_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "drawn",
                "given_back",
                name="permitdrawkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("quantity", sa.Numeric(precision=18, scale=3), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_permit_draw_positive")),
        sa.ForeignKeyConstraint(
            ["declaration_line_id"],
            ["declaration_line.id"],
            name=op.f("fk_permit_draw_declaration_line_id_declaration_line"),
        ),
        sa.ForeignKeyConstraint(
            ["permit_id"], ["permit.id"], name=op.f("fk_permit_draw_permit_id_permit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_permit_draw")),
        sa.UniqueConstraint(
            "permit_id",
            "declaration_line_id",
            "kind",
            name=op.f("uq_permit_draw_permit_id_declaration_line_id_kind"),
        ),
        sa.UniqueConstraint("sequence", name=op.f("uq_permit_draw_sequence")),
    )
    op.create_index(
        op.f("ix_permit_draw_declaration_line_id"),
        "permit_draw",
        ["declaration_line_id"],
        unique=False,
    )
    op.create_index(op.f("ix_permit_draw_permit_id"), "permit_draw", ["permit_id"], unique=False)
    op.create_table(
        "declaration_deposit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("duty_id", sa.Uuid(), nullable=False),
        sa.Column("reason_code", sa.String(3), nullable=False),
        sa.Column("amount", sa.Numeric(precision=19, scale=4), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_declaration_deposit_positive")),
        sa.ForeignKeyConstraint(
            ["duty_id"],
            ["declaration_duty.id"],
            name=op.f("fk_declaration_deposit_duty_id_declaration_duty"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration_deposit")),
        sa.UniqueConstraint(
            "duty_id", "reason_code", name=op.f("uq_declaration_deposit_duty_id_reason_code")
        ),
    )
    op.add_column(
        "consignment",
        sa.Column(
            "source",
            sa.Enum(
                "abroad",
                "free_zone",
                "thailand",
                name="consignmentsource",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            server_default="abroad",
            nullable=False,
        ),
    )
    op.add_column(
        "consignment", sa.Column("zone_licence", sa.String(17), server_default="", nullable=False)
    )
    op.add_column(
        "customer_order", sa.Column("country", sa.String(2), server_default="TH", nullable=False)
    )
    op.add_column(
        "customer_order", sa.Column("amount", sa.Numeric(precision=19, scale=4), nullable=True)
    )
    op.add_column(
        "customer_order", sa.Column("currency", sa.String(3), server_default="", nullable=False)
    )
    op.add_column(
        "declaration",
        sa.Column(
            "procedure",
            sa.Enum(
                "warehousing",
                "transfer_in",
                "from_free_zone",
                "home_use",
                "loss",
                "damage",
                "scrap",
                "donation",
                "re_export",
                "export",
                "transfer_out",
                "to_free_zone",
                "destruction",
                "abandonment",
                "seizure",
                "remission",
                name="procedure",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            server_default="warehousing",
            nullable=False,
        ),
    )
    op.add_column("declaration", sa.Column("paired_id", sa.Uuid(), nullable=True))
    op.add_column("declaration", sa.Column("to_premises_id", sa.Uuid(), nullable=True))
    op.add_column(
        "declaration", sa.Column("zone_licence", sa.String(17), server_default="", nullable=False)
    )
    op.add_column(
        "declaration", sa.Column("part", sa.Integer(), server_default=sa.text("1"), nullable=False)
    )
    op.add_column(
        "declaration",
        sa.Column("revision", sa.Integer(), server_default=sa.text("1"), nullable=False),
    )
    op.add_column(
        "declaration",
        sa.Column(
            "total_deposit",
            sa.Numeric(precision=19, scale=4),
            server_default=sa.text("0"),
            nullable=False,
        ),
    )
    op.add_column(
        "declaration",
        sa.Column(
            "findings",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
    )
    op.add_column(
        "declaration",
        sa.Column("drafted_by", sa.String(80), server_default="system", nullable=False),
    )
    op.add_column("declaration", sa.Column("approved_by", sa.String(80), nullable=True))
    op.add_column(
        "declaration", sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "declaration",
        sa.Column("issued_by_hand", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.add_column("declaration", sa.Column("payment_number", sa.String(30), nullable=True))
    op.add_column("declaration", sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "declaration", sa.Column("examined_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "declaration", sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "declaration", sa.Column("exit_document", sa.String(60), server_default="", nullable=False)
    )
    op.add_column("declaration", sa.Column("certified_by", sa.Uuid(), nullable=True))
    op.add_column("declaration", sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "declaration", sa.Column("stop_reason", sa.String(300), server_default="", nullable=False)
    )
    op.drop_index(
        op.f("uq_declaration_consignment"),
        table_name="declaration",
        postgresql_where="(((document_type)::text = '0'::text) AND ((state)::text <> 'cancelled'::text))",
    )
    op.create_index(
        "uq_declaration_consignment",
        "declaration",
        ["consignment_id", "part"],
        unique=True,
        postgresql_where=sa.text("consignment_id IS NOT NULL AND state <> 'cancelled'"),
    )
    op.create_index(
        "uq_declaration_paired",
        "declaration",
        ["paired_id"],
        unique=True,
        postgresql_where=sa.text("paired_id IS NOT NULL AND state <> 'cancelled'"),
    )
    op.create_foreign_key(
        op.f("fk_declaration_paired_id_declaration"),
        "declaration",
        "declaration",
        ["paired_id"],
        ["id"],
    )
    op.create_foreign_key(
        op.f("fk_declaration_to_premises_id_premises"),
        "declaration",
        "premises",
        ["to_premises_id"],
        ["id"],
    )
    op.create_foreign_key(
        op.f("fk_declaration_certified_by_person"),
        "declaration",
        "person",
        ["certified_by"],
        ["id"],
    )
    op.add_column(
        "declaration_duty",
        sa.Column(
            "deposit_baht",
            sa.Numeric(precision=19, scale=4),
            server_default=sa.text("0"),
            nullable=False,
        ),
    )
    op.add_column(
        "declaration_line",
        sa.Column("cif_assessed_baht", sa.Numeric(precision=19, scale=4), nullable=True),
    )
    op.add_column(
        "declaration_line",
        sa.Column("certified_quantity", sa.Numeric(precision=18, scale=3), nullable=True),
    )
    op.add_column(
        "declaration_line",
        sa.Column("nature_of_transaction", sa.String(2), server_default="11", nullable=False),
    )
    op.add_column(
        "declaration_line",
        sa.Column("product_year", sa.String(4), server_default="0", nullable=False),
    )
    op.add_column(
        "declaration_line",
        sa.Column("origin_criteria", sa.String(35), server_default="", nullable=False),
    )
    op.add_column(
        "declaration_line",
        sa.Column("origin_certificate", sa.String(35), server_default="", nullable=False),
    )
    op.add_column("disposal", sa.Column("country", sa.String(2), server_default="", nullable=False))
    op.add_column(
        "disposal",
        sa.Column(
            "cause",
            sa.Enum(
                "misplaced",
                "inbound_not_recorded",
                "outbound_not_recorded",
                "wrong_label",
                "counted_wrong",
                "partner_error",
                "carrier_loss",
                "damaged_here",
                "damaged_in_transit",
                "theft",
                "unknown",
                name="cause",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
    )
    op.add_column(
        "guarantee_account",
        sa.Column("warned_pct", sa.Integer(), server_default=sa.text("0"), nullable=False),
    )
    op.drop_column("guarantee_account", "valid_to")
    op.add_column("guarantee_entry", sa.Column("letter_id", sa.Uuid(), nullable=True))
    op.alter_column("guarantee_entry", "declaration_id", existing_type=sa.UUID(), nullable=True)
    op.create_index(
        op.f("ix_guarantee_entry_letter_id"), "guarantee_entry", ["letter_id"], unique=False
    )
    op.create_foreign_key(
        op.f("fk_guarantee_entry_letter_id_guarantee_letter"),
        "guarantee_entry",
        "guarantee_letter",
        ["letter_id"],
        ["id"],
    )
    op.add_column("paper", sa.Column("verify_code", sa.String(16), nullable=True))
    op.create_unique_constraint(op.f("uq_paper_verify_code"), "paper", ["verify_code"])
    op.add_column(
        "premises",
        sa.Column(
            "licensed_goods",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
    )


def downgrade() -> None:
    for statement in BY_HAND_BACK:
        op.execute(statement)
    for table, name, _ in NEW_CHECKS:
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    _change_tables_back()
    for table, name, rule in OLD_CHECKS:
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({rule})")
    for sequence in SEQUENCES:
        op.execute(f"DROP SEQUENCE {sequence}")


def _change_tables_back() -> None:
    op.drop_column("premises", "licensed_goods")
    op.drop_constraint(op.f("uq_paper_verify_code"), "paper", type_="unique")
    op.drop_column("paper", "verify_code")
    op.drop_constraint(
        op.f("fk_guarantee_entry_letter_id_guarantee_letter"), "guarantee_entry", type_="foreignkey"
    )
    op.drop_index(op.f("ix_guarantee_entry_letter_id"), table_name="guarantee_entry")
    op.alter_column("guarantee_entry", "declaration_id", existing_type=sa.UUID(), nullable=False)
    op.drop_column("guarantee_entry", "letter_id")
    op.add_column(
        "guarantee_account", sa.Column("valid_to", sa.DATE(), autoincrement=False, nullable=True)
    )
    op.drop_column("guarantee_account", "warned_pct")
    op.drop_column("disposal", "cause")
    op.drop_column("disposal", "country")
    op.drop_column("declaration_line", "origin_certificate")
    op.drop_column("declaration_line", "origin_criteria")
    op.drop_column("declaration_line", "product_year")
    op.drop_column("declaration_line", "nature_of_transaction")
    op.drop_column("declaration_line", "certified_quantity")
    op.drop_column("declaration_line", "cif_assessed_baht")
    op.drop_column("declaration_duty", "deposit_baht")
    op.drop_constraint(
        op.f("fk_declaration_certified_by_person"), "declaration", type_="foreignkey"
    )
    op.drop_constraint(
        op.f("fk_declaration_to_premises_id_premises"), "declaration", type_="foreignkey"
    )
    op.drop_constraint(
        op.f("fk_declaration_paired_id_declaration"), "declaration", type_="foreignkey"
    )
    op.drop_index(
        "uq_declaration_paired",
        table_name="declaration",
        postgresql_where=sa.text("paired_id IS NOT NULL AND state <> 'cancelled'"),
    )
    op.drop_index(
        "uq_declaration_consignment",
        table_name="declaration",
        postgresql_where=sa.text("consignment_id IS NOT NULL AND state <> 'cancelled'"),
    )
    op.create_index(
        op.f("uq_declaration_consignment"),
        "declaration",
        ["consignment_id"],
        unique=True,
        postgresql_where="(((document_type)::text = '0'::text) AND ((state)::text <> 'cancelled'::text))",
    )
    op.drop_column("declaration", "stop_reason")
    op.drop_column("declaration", "stopped_at")
    op.drop_column("declaration", "certified_by")
    op.drop_column("declaration", "exit_document")
    op.drop_column("declaration", "delivered_at")
    op.drop_column("declaration", "examined_at")
    op.drop_column("declaration", "settled_at")
    op.drop_column("declaration", "payment_number")
    op.drop_column("declaration", "issued_by_hand")
    op.drop_column("declaration", "approved_at")
    op.drop_column("declaration", "approved_by")
    op.drop_column("declaration", "drafted_by")
    op.drop_column("declaration", "findings")
    op.drop_column("declaration", "total_deposit")
    op.drop_column("declaration", "revision")
    op.drop_column("declaration", "part")
    op.drop_column("declaration", "zone_licence")
    op.drop_column("declaration", "to_premises_id")
    op.drop_column("declaration", "paired_id")
    op.drop_column("declaration", "procedure")
    op.drop_column("customer_order", "currency")
    op.drop_column("customer_order", "amount")
    op.drop_column("customer_order", "country")
    op.drop_column("consignment", "zone_licence")
    op.drop_column("consignment", "source")
    op.drop_table("declaration_deposit")
    op.drop_index(op.f("ix_permit_draw_permit_id"), table_name="permit_draw")
    op.drop_index(op.f("ix_permit_draw_declaration_line_id"), table_name="permit_draw")
    op.drop_table("permit_draw")
    op.drop_index(op.f("ix_declaration_permit_permit_id"), table_name="declaration_permit")
    op.drop_table("declaration_permit")
    op.drop_index(
        "uq_post_clearance_case_open",
        table_name="post_clearance_case",
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.drop_index(op.f("ix_post_clearance_case_declaration_id"), table_name="post_clearance_case")
    op.drop_table("post_clearance_case")
    op.drop_index(
        "uq_payment_order", table_name="payment", postgresql_where=sa.text("order_id IS NOT NULL")
    )
    op.drop_index(
        "uq_payment_declaration",
        table_name="payment",
        postgresql_where=sa.text("declaration_id IS NOT NULL"),
    )
    op.drop_index(op.f("ix_payment_premises_id"), table_name="payment")
    op.drop_table("payment")
    op.drop_table("inspection")
    op.drop_index(
        "uq_hand_decision",
        table_name="hand_decision",
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.drop_index(op.f("ix_hand_decision_declaration_id"), table_name="hand_decision")
    op.drop_table("hand_decision")
    op.drop_table("deadline_notice")
    op.drop_index(
        "uq_deadline_extension_granted",
        table_name="deadline_extension",
        postgresql_where=sa.text("state <> 'refused'"),
    )
    op.drop_index(op.f("ix_deadline_extension_declaration_id"), table_name="deadline_extension")
    op.drop_table("deadline_extension")
    op.drop_index(
        "uq_amendment_open",
        table_name="amendment",
        postgresql_where=sa.text("state IN ('draft', 'queued', 'sent', 'unknown')"),
    )
    op.drop_index(op.f("ix_amendment_declaration_id"), table_name="amendment")
    op.drop_table("amendment")
    op.drop_index(op.f("ix_guarantee_letter_account_id"), table_name="guarantee_letter")
    op.drop_table("guarantee_letter")
    op.drop_index(op.f("ix_filing_result_run_id"), table_name="filing_result")
    op.drop_table("filing_result")
    op.drop_index(op.f("ix_permit_partner_id"), table_name="permit")
    op.drop_table("permit")
    op.drop_index(op.f("ix_paper_batch_premises_id"), table_name="paper_batch")
    op.drop_table("paper_batch")
    op.drop_index(op.f("ix_opening_balance_premises_id"), table_name="opening_balance")
    op.drop_table("opening_balance")
    op.drop_table("filing_run")
    op.drop_table("filing_rule")
    op.drop_index(op.f("ix_collection_order_premises_id"), table_name="collection_order")
    op.drop_table("collection_order")
    op.drop_index(op.f("ix_trade_measure_hs_code"), table_name="trade_measure")
    op.drop_table("trade_measure")
    op.drop_index(op.f("ix_restriction_hs_code"), table_name="restriction")
    op.drop_table("restriction")
    op.drop_table("reference_upload")
    op.drop_index(
        "uq_proof_alarm_open",
        table_name="proof_alarm",
        postgresql_where=sa.text("named_at IS NULL"),
    )
    op.drop_table("proof_alarm")
    op.drop_index(op.f("ix_preferential_rate_hs_code"), table_name="preferential_rate")
    op.drop_table("preferential_rate")
    op.drop_index("uq_outage_open", table_name="outage", postgresql_where=sa.text("until IS NULL"))
    op.drop_table("outage")
    op.drop_table("holiday")
    op.drop_index(op.f("ix_excise_rate_hs_code"), table_name="excise_rate")
    op.drop_table("excise_rate")
    op.drop_table("code")
