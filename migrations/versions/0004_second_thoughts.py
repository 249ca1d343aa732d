"""Second thoughts: what was recorded wrongly is withdrawn; goods know what excise asks of them."""

import sqlalchemy as sa
from alembic import op

RECORDED = {
    "permit": ("approved_at", "authority_id, number"),
    "guarantee_letter": ("approved_at", "number"),
    "filing_rule": ("approved_by", None),
}
"""What two people record: the column that says it counts, and what makes it one of its kind."""

EXCISE = ("product", "consignment_line", "declaration_line")

FILED_ONCE = """
    CREATE TRIGGER filed_once BEFORE DELETE OR UPDATE OF {columns} ON declaration_line
    FOR EACH ROW EXECUTE FUNCTION keep_as_filed()
"""
WITHDREW = """
    UPDATE hand_decision SET withdrawn_by = event.actor FROM event
     WHERE hand_decision.withdrawn_at = event.at AND hand_decision.declaration_id = event.subject
       AND event.name = 'customs.hand_decision.withdrawn'
"""

COLUMNS_BEFORE = (
    "declaration_id", "line_number", "entry_line_id", "product_id", "sku", "hs_code",
    "statistical_code", "privilege_code", "description_th", "description_en", "brand",
    "origin_country", "net_weight_kg", "quantity", "unit", "unit_price_foreign", "cif_foreign",
    "cif_baht", "cif_assessed_baht", "nature_of_transaction", "product_year", "origin_criteria",
    "origin_certificate", "explained",
)  # fmt: skip
COLUMNS = (*COLUMNS_BEFORE, "retail_price_baht", "excise_quantity")

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    for table, (counts, unique) in RECORDED.items():
        op.add_column(table, sa.Column("withdrawn_by", sa.String(80), nullable=True))
        op.add_column(table, sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
        op.execute(
            f"ALTER TABLE {table}"
            f" ADD CONSTRAINT ck_{table}_withdrawn_whole"
            " CHECK ((withdrawn_by IS NULL) = (withdrawn_at IS NULL)),"
            f" ADD CONSTRAINT ck_{table}_one_end"
            f" CHECK ({counts} IS NULL OR withdrawn_at IS NULL)"
        )
        if unique is not None:
            name = f"uq_{table}_{unique.replace(', ', '_')}"
            op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
            op.execute(
                f"CREATE UNIQUE INDEX {name} ON {table} ({unique}) WHERE withdrawn_at IS NULL"
            )
    op.add_column("hand_decision", sa.Column("withdrawn_by", sa.String(80), nullable=True))
    op.execute(WITHDREW)
    op.execute(
        "ALTER TABLE hand_decision ADD CONSTRAINT ck_hand_decision_withdrawn_whole"
        " CHECK ((withdrawn_by IS NULL) = (withdrawn_at IS NULL))"
    )
    for table in EXCISE:
        op.add_column(table, sa.Column("retail_price_baht", sa.Numeric(19, 4), nullable=True))
        op.add_column(table, sa.Column("excise_quantity", sa.Numeric(18, 3), nullable=True))
        op.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT ck_{table}_excise"
            " CHECK (retail_price_baht > 0 AND excise_quantity > 0)"
        )
    op.execute("DROP TRIGGER filed_once ON declaration_line")
    op.execute(FILED_ONCE.format(columns=", ".join(COLUMNS)))


def downgrade() -> None:
    op.execute("DROP TRIGGER filed_once ON declaration_line")
    op.execute(FILED_ONCE.format(columns=", ".join(COLUMNS_BEFORE)))
    for table in EXCISE:
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT ck_{table}_excise")
        op.drop_column(table, "excise_quantity")
        op.drop_column(table, "retail_price_baht")
    op.execute("ALTER TABLE hand_decision DROP CONSTRAINT ck_hand_decision_withdrawn_whole")
    op.drop_column("hand_decision", "withdrawn_by")
    for table, (_, unique) in RECORDED.items():
        op.execute(f"DELETE FROM {table} WHERE withdrawn_at IS NOT NULL")
        if unique is not None:
            name = f"uq_{table}_{unique.replace(', ', '_')}"
            op.execute(f"DROP INDEX {name}")
            op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE ({unique})")
        op.execute(
            f"ALTER TABLE {table} DROP CONSTRAINT ck_{table}_one_end,"
            f" DROP CONSTRAINT ck_{table}_withdrawn_whole"
        )
        op.drop_column(table, "withdrawn_at")
        op.drop_column(table, "withdrawn_by")
