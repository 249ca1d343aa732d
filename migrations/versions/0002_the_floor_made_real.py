"""The floor made real: trees of places, holds, discrepancies, counts, waves, other ways out.

The dialogue keeps what is in hand as one JSON object; bonded goods leave only under a release.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

SEQUENCES = (
    "dis_number",
    "cnt_number",
    "dsp_number",
    "hdl_number",
    "wav_number",
    "man_number",
    "rtn_number",
)
LEDGERS = ("handling", "arrival", "count_line", "photo")
OLD_CHECKS = (
    ("consignment", "ck_consignment_consignmentstate"),
    ("location", "ck_location_locationkind"),
    ("movement", "ck_movement_movementkind"),
    ("scan", "ck_scan_step"),
    ("scan", "ck_scan_taskkind"),
    ("shipment", "ck_shipment_custody"),
    ("shipment_history", "ck_shipment_history_axis"),
    ("task", "ck_task_step"),
    ("task", "ck_task_taskkind"),
)
NEW_CHECKS = (
    (
        "consignment",
        "ck_consignment_consignmentstate",
        "state IN ('announced', 'arrived', 'receiving', 'received', 'closed', 'closed_with_discrepancy')",
    ),
    (
        "handling_unit",
        "ck_handling_unit_measured",
        "((weight_kg > (0)::numeric) AND (litres > (0)::numeric))",
    ),
    ("handling_unit", "ck_handling_unit_not_in_itself", "(parent_id <> id)"),
    (
        "handling_unit",
        "ck_handling_unit_owned",
        "(((kind)::text <> 'parcel'::text) OR (partner_id IS NOT NULL) OR (NOT announced))",
    ),
    (
        "handling_unit",
        "ck_handling_unit_unitkind",
        "kind IN ('parcel', 'receptacle', 'pallet', 'cage', 'tote', 'carton')",
    ),
    (
        "location",
        "ck_location_locationkind",
        "kind IN ('zone', 'receive', 'inspection', 'store', 'pick', 'stage', 'hold', 'abroad', 'home_use', 'exported', 'in_transit_bond', 'other_bonded', 'free_zone', 'destroyed', 'lost', 'abandoned', 'seized', 'sampled', 'removed', 'handled', 'variance')",
    ),
    ("location", "ck_location_not_in_itself", "(parent_id <> id)"),
    ("location", "ck_location_regime", "regime IN ('bonded', 'duty_paid', 'export', 'domestic')"),
    ("location", "ck_location_regime_of_real", "(virtual = (regime IS NULL))"),
    ("location", "ck_location_velocity", "velocity IN ('a', 'b', 'c')"),
    (
        "lot",
        "ck_lot_announced",
        "(((origin)::text = 'announced'::text) = (consignment_line_id IS NOT NULL))",
    ),
    (
        "lot",
        "ck_lot_lotorigin",
        "origin IN ('announced', 'found', 'handled', 'transferred', 'returned', 'split')",
    ),
    ("lot", "ck_lot_regime", "regime IN ('bonded', 'duty_paid', 'export', 'domestic')"),
    ("lot", "ck_lot_serial_is_one", "((serial IS NULL) OR (quantity = (1)::numeric))"),
    (
        "movement",
        "ck_movement_explained",
        "(kind IN ('variance', 'found') <= (discrepancy_id IS NOT NULL))",
    ),
    (
        "movement",
        "ck_movement_movementkind",
        "kind IN ('receipt', 'move', 'pick', 'issue', 'reversal', 'variance', 'found', 'handle', 'return')",
    ),
    (
        "movement",
        "ck_movement_permitted",
        "(((kind)::text = 'handle'::text) = (handling_id IS NOT NULL))",
    ),
    (
        "movement",
        "ck_movement_reversal",
        "(((kind)::text = 'reversal'::text) = (reverses_id IS NOT NULL))",
    ),
    (
        "release",
        "ck_release_decided",
        "((declaration_id IS NOT NULL) OR (((authority)::text <> ''::text) AND (officer_id IS NOT NULL)))",
    ),
    ("release", "ck_release_four_eyes", "((approved_by)::text <> (recorded_by)::text)"),
    ("release", "ck_release_one_purpose", "(num_nonnulls(order_id, disposal_id) = 1)"),
    ("release", "ck_release_revoked_whole", "((revoked_at IS NULL) = (revoked_by IS NULL))"),
    (
        "reservation",
        "ck_reservation_one_cause",
        "(num_nonnulls(order_line_id, disposal_line_id) = 1)",
    ),
    (
        "scan",
        "ck_scan_step",
        "step IN ('choose_task', 'scan_consignment', 'scan_vehicle', 'scan_seal', 'scan_parcel', 'scan_unit', 'scan_content', 'scan_location', 'scan_order', 'scan_tote', 'scan_bin', 'scan_goods', 'scan_item', 'scan_carton', 'weigh', 'scan_label', 'scan_stage', 'scan_manifest', 'scan_disposal', 'scan_target')",
    ),
    (
        "scan",
        "ck_scan_taskkind",
        "kind IN ('arrive', 'receive', 'put_away', 'move', 'replenish', 'count', 'handle', 'pick', 'pack', 'stage', 'load', 'exit', 'return', 'dispose', 'transfer_in', 'put_back', 'why')",
    ),
    (
        "shipment",
        "ck_shipment_custody",
        "custody IN ('pre_advised', 'stored', 'picked', 'packed', 'loaded', 'dispatched', 'returned', 'cancelled')",
    ),
    ("shipment_history", "ck_shipment_history_axis", "axis IN ('custody', 'customs', 'hold')"),
    (
        "task",
        "ck_task_step",
        "step IN ('choose_task', 'scan_consignment', 'scan_vehicle', 'scan_seal', 'scan_parcel', 'scan_unit', 'scan_content', 'scan_location', 'scan_order', 'scan_tote', 'scan_bin', 'scan_goods', 'scan_item', 'scan_carton', 'weigh', 'scan_label', 'scan_stage', 'scan_manifest', 'scan_disposal', 'scan_target')",
    ),
    (
        "task",
        "ck_task_taskkind",
        "kind IN ('arrive', 'receive', 'put_away', 'move', 'replenish', 'count', 'handle', 'pick', 'pack', 'stage', 'load', 'exit', 'return', 'dispose', 'transfer_in', 'put_back', 'why')",
    ),
)
BACK_CHECKS = (
    (
        "consignment",
        "ck_consignment_consignmentstate",
        "state IN ('announced', 'receiving', 'received')",
    ),
    (
        "location",
        "ck_location_locationkind",
        "kind IN ('receive', 'store', 'stage', 'hold', 'abroad', 'home_use', 'exported', 'in_transit_bond', 'other_bonded', 'free_zone', 'destroyed', 'lost', 'abandoned')",
    ),
    ("movement", "ck_movement_movementkind", "kind IN ('receipt', 'move', 'pick', 'issue')"),
    (
        "scan",
        "ck_scan_step",
        "step IN ('choose_task', 'scan_parcel', 'scan_location', 'scan_order', 'scan_bin', 'scan_goods')",
    ),
    ("scan", "ck_scan_taskkind", "kind IN ('receive', 'put_away', 'pick', 'pack', 'exit')"),
    (
        "shipment",
        "ck_shipment_custody",
        "custody IN ('pre_advised', 'stored', 'picked', 'packed', 'dispatched')",
    ),
    ("shipment_history", "ck_shipment_history_axis", "axis IN ('custody', 'customs')"),
    (
        "task",
        "ck_task_step",
        "step IN ('choose_task', 'scan_parcel', 'scan_location', 'scan_order', 'scan_bin', 'scan_goods')",
    ),
    ("task", "ck_task_taskkind", "kind IN ('receive', 'put_away', 'pick', 'pack', 'exit')"),
)
APPEND_ONLY = """
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""
FIXED = """
    CREATE TRIGGER fixed BEFORE UPDATE OR DELETE ON owner_method FOR EACH ROW
    EXECUTE FUNCTION refuse_change()
"""
CLOSED_ONCE = """
    CREATE TRIGGER closed_once BEFORE UPDATE ON hold FOR EACH ROW
    WHEN (OLD.closed_at IS NOT NULL OR OLD.kind <> NEW.kind OR OLD.opened_at <> NEW.opened_at)
    EXECUTE FUNCTION refuse_change()
"""
LAWFUL = """
    CREATE TRIGGER lawful BEFORE INSERT ON movement FOR EACH ROW
    WHEN (NEW.under_bond AND NEW.release_line_id IS NULL AND NEW.kind NOT IN ('issue', 'reversal'))
    EXECUTE FUNCTION refuse_unreleased()
"""
REFUSE_UNRELEASED = """
    CREATE OR REPLACE FUNCTION refuse_unreleased() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (
            SELECT FROM location WHERE id = NEW.to_location_id AND kind IN (
                'home_use', 'exported', 'in_transit_bond', 'other_bonded', 'free_zone',
                'destroyed', 'lost', 'abandoned', 'seized', 'sampled', 'removed'))
        THEN
            RAISE EXCEPTION 'bonded goods leave only under a release'
                USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END $$
"""
HOLDS_ON = """
    CREATE OR REPLACE FUNCTION holds_on(held_lot uuid, place uuid)
    RETURNS SETOF hold LANGUAGE sql STABLE AS $$
        SELECT hold.* FROM hold
         WHERE hold.closed_at IS NULL
           AND hold.premises_id = (SELECT premises_id FROM lot WHERE id = held_lot)
           AND (hold.lot_id = held_lot
                OR hold.product_id = (SELECT product_id FROM lot WHERE id = held_lot)
                OR hold.partner_id = (SELECT partner_id FROM lot WHERE id = held_lot)
                OR hold.consignment_id = (
                    SELECT unit.consignment_id FROM handling_unit AS unit
                      JOIN lot ON lot.handling_unit_id = unit.id WHERE lot.id = held_lot)
                OR hold.handling_unit_id IN (
                    WITH RECURSIVE around AS (
                        SELECT unit.id, unit.parent_id FROM handling_unit AS unit
                          JOIN lot ON lot.handling_unit_id = unit.id WHERE lot.id = held_lot
                        UNION ALL
                        SELECT unit.id, unit.parent_id FROM handling_unit AS unit
                          JOIN around ON around.parent_id = unit.id)
                    SELECT id FROM around)
                OR hold.location_id IN (
                    WITH RECURSIVE around AS (
                        SELECT id, parent_id FROM location WHERE id = place
                        UNION ALL
                        SELECT location.id, location.parent_id FROM location
                          JOIN around ON around.parent_id = location.id)
                    SELECT id FROM around))
    $$
"""

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    for sequence in SEQUENCES:
        op.execute(f"CREATE SEQUENCE {sequence}")
    _change_tables()
    op.execute("ALTER TABLE lot DROP COLUMN under_bond")
    op.execute(
        "ALTER TABLE lot ADD under_bond boolean GENERATED ALWAYS AS (regime = 'bonded') STORED"
    )
    op.execute("UPDATE location SET regime = 'bonded' WHERE NOT virtual")
    for table, name in OLD_CHECKS:
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for table, name, rule in NEW_CHECKS:
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({rule})")
    for ledger in LEDGERS:
        op.execute(APPEND_ONLY.format(table=ledger))
    for statement in (FIXED, CLOSED_ONCE, REFUSE_UNRELEASED, LAWFUL, HOLDS_ON):
        op.execute(statement)


def _change_tables() -> None:
    op.create_table(
        "floor_policy",
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
            name="ex_floor_policy_overlap",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_floor_policy")),
    )
    op.create_table(
        "carton_type",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("premises_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("tare_kg", sa.Numeric(precision=18, scale=3), nullable=False),
        sa.Column("most_kg", sa.Numeric(precision=18, scale=3), nullable=False),
        sa.CheckConstraint("tare_kg >= 0 AND most_kg > 0", name=op.f("ck_carton_type_measured")),
        sa.ForeignKeyConstraint(
            ["premises_id"], ["premises.id"], name=op.f("fk_carton_type_premises_id_premises")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carton_type")),
        sa.UniqueConstraint("premises_id", "code", name=op.f("uq_carton_type_premises_id_code")),
    )
    op.create_table(
        "count_rule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("premises_id", sa.Uuid(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "period",
                "value",
                "accuracy",
                "zero",
                "requested",
                name="countreason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("least", sa.Numeric(precision=18, scale=3), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["premises_id"], ["premises.id"], name=op.f("fk_count_rule_premises_id_premises")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_count_rule")),
    )
    op.create_index(op.f("ix_count_rule_premises_id"), "count_rule", ["premises_id"], unique=False)
    op.create_table(
        "owner_method",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("premises_id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "fifo",
                "specific",
                name="stockmethod",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_owner_method_partner_id_partner")
        ),
        sa.ForeignKeyConstraint(
            ["premises_id"], ["premises.id"], name=op.f("fk_owner_method_premises_id_premises")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_owner_method")),
        sa.UniqueConstraint(
            "premises_id", "partner_id", name=op.f("uq_owner_method_premises_id_partner_id")
        ),
    )
    op.create_table(
        "arrival",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consignment_id", sa.Uuid(), nullable=False),
        sa.Column("vehicle", sa.String(30), nullable=False),
        sa.Column("seals", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("intact", sa.Boolean(), nullable=False),
        sa.Column("scan_id", sa.Uuid(), nullable=True),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["consignment_id"],
            ["consignment.id"],
            name=op.f("fk_arrival_consignment_id_consignment"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrival")),
        sa.UniqueConstraint("consignment_id", name=op.f("uq_arrival_consignment_id")),
    )
    op.create_table(
        "count",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("premises_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "period",
                "value",
                "accuracy",
                "zero",
                "requested",
                name="countreason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "counting",
                "counted",
                "investigating",
                "closed",
                "cancelled",
                name="countstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_sequence", sa.BigInteger(), nullable=True),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accurate", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_count_location_id_location")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_count_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["premises_id"], ["premises.id"], name=op.f("fk_count_premises_id_premises")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_count")),
        sa.UniqueConstraint("number", name=op.f("uq_count_number")),
    )
    op.create_index(op.f("ix_count_location_id"), "count", ["location_id"], unique=False)
    op.create_index(op.f("ix_count_state"), "count", ["state"], unique=False)
    op.create_index(
        "uq_count_open",
        "count",
        ["location_id"],
        unique=True,
        postgresql_where=sa.text("state NOT IN ('closed', 'cancelled')"),
    )
    op.create_table(
        "disposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("premises_id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "re_export",
                "transfer",
                "free_zone",
                "destruction",
                "loss",
                "abandonment",
                "seizure",
                "sampling",
                "removal",
                name="disposalkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "requested",
                "authorised",
                "under_way",
                "done",
                "cancelled",
                "expired",
                name="disposalstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("to_premises_id", sa.Uuid(), nullable=True),
        sa.Column("destination", sa.String(120), nullable=False),
        sa.Column("due_back_on", sa.Date(), nullable=True),
        sa.Column("seal", sa.String(40), nullable=False),
        sa.Column("seal_found", sa.String(40), nullable=False),
        sa.Column("witness_id", sa.Uuid(), nullable=True),
        sa.Column("requested_by", sa.String(80), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scheduled_for", sa.DateTime(timezone=True), nullable=True),
        sa.Column("carried_out_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(kind = 'transfer') >= (to_premises_id IS NOT NULL)", name=op.f("ck_disposal_transfer")
        ),
        sa.CheckConstraint(
            "kind <> 'destruction' OR state <> 'done' OR witness_id IS NOT NULL",
            name=op.f("ck_disposal_witnessed"),
        ),
        sa.CheckConstraint(
            "kind NOT IN ('sampling', 'removal') OR due_back_on IS NOT NULL",
            name=op.f("ck_disposal_comes_back"),
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_disposal_partner_id_partner")
        ),
        sa.ForeignKeyConstraint(
            ["premises_id"], ["premises.id"], name=op.f("fk_disposal_premises_id_premises")
        ),
        sa.ForeignKeyConstraint(
            ["to_premises_id"], ["premises.id"], name=op.f("fk_disposal_to_premises_id_premises")
        ),
        sa.ForeignKeyConstraint(
            ["witness_id"], ["person.id"], name=op.f("fk_disposal_witness_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disposal")),
        sa.UniqueConstraint("number", name=op.f("uq_disposal_number")),
    )
    op.create_index(op.f("ix_disposal_premises_id"), "disposal", ["premises_id"], unique=False)
    op.create_index(op.f("ix_disposal_state"), "disposal", ["state"], unique=False)
    op.create_table(
        "handling",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("premises_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "repack",
                "relabel",
                "kit",
                "split",
                name="handlingkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("permission", sa.String(60), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("note", sa.String(300), nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["person.id"], name=op.f("fk_handling_officer_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["premises_id"], ["premises.id"], name=op.f("fk_handling_premises_id_premises")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handling")),
        sa.UniqueConstraint("number", name=op.f("uq_handling_number")),
    )
    op.create_table(
        "location_lock",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("opened_by", sa.String(80), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.String(80), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_by IS NULL)", name=op.f("ck_location_lock_closed_whole")
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_location_lock_location_id_location")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_location_lock")),
    )
    op.create_index(
        "uq_location_lock_open",
        "location_lock",
        ["location_id"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "product_velocity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("premises_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column(
            "velocity",
            sa.Enum(
                "a", "b", "c", name="velocity", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("picks", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["premises_id"], ["premises.id"], name=op.f("fk_product_velocity_premises_id_premises")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_product_velocity_product_id_product")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_velocity")),
        sa.UniqueConstraint(
            "premises_id", "product_id", name=op.f("uq_product_velocity_premises_id_product_id")
        ),
    )
    op.create_table(
        "putaway_rule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("premises_id", sa.Uuid(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("zone_id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=True),
        sa.Column("product_id", sa.Uuid(), nullable=True),
        sa.Column(
            "regime",
            sa.Enum(
                "bonded",
                "duty_paid",
                "export",
                "domestic",
                name="regime",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "velocity",
            sa.Enum(
                "a", "b", "c", name="velocity", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_putaway_rule_partner_id_partner")
        ),
        sa.ForeignKeyConstraint(
            ["premises_id"], ["premises.id"], name=op.f("fk_putaway_rule_premises_id_premises")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_putaway_rule_product_id_product")
        ),
        sa.ForeignKeyConstraint(
            ["zone_id"], ["location.id"], name=op.f("fk_putaway_rule_zone_id_location")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_putaway_rule")),
    )
    op.create_index(
        op.f("ix_putaway_rule_premises_id"), "putaway_rule", ["premises_id"], unique=False
    )
    op.create_table(
        "replenishment_rule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("least", sa.Numeric(precision=18, scale=3), nullable=False),
        sa.Column("most", sa.Numeric(precision=18, scale=3), nullable=False),
        sa.CheckConstraint(
            "least >= 0 AND most > least", name=op.f("ck_replenishment_rule_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["location_id"],
            ["location.id"],
            name=op.f("fk_replenishment_rule_location_id_location"),
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_replenishment_rule_product_id_product")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replenishment_rule")),
        sa.UniqueConstraint(
            "location_id", "product_id", name=op.f("uq_replenishment_rule_location_id_product_id")
        ),
    )
    op.create_table(
        "route",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("premises_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("name_th", sa.String(80), nullable=False),
        sa.Column("name_en", sa.String(80), nullable=False),
        sa.Column("postcode_from", sa.String(5), nullable=False),
        sa.Column("postcode_to", sa.String(5), nullable=False),
        sa.Column("stage_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("postcode_from <= postcode_to", name=op.f("ck_route_in_order")),
        sa.ForeignKeyConstraint(
            ["premises_id"], ["premises.id"], name=op.f("fk_route_premises_id_premises")
        ),
        sa.ForeignKeyConstraint(
            ["stage_id"], ["location.id"], name=op.f("fk_route_stage_id_location")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_route")),
        sa.UniqueConstraint("premises_id", "code", name=op.f("uq_route_premises_id_code")),
    )
    op.create_table(
        "count_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("count_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=True),
        sa.Column("handling_unit_id", sa.Uuid(), nullable=True),
        sa.Column("code", sa.String(200), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=18, scale=3), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("scan_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_count_line_not_negative")),
        sa.ForeignKeyConstraint(
            ["count_id"], ["count.id"], name=op.f("fk_count_line_count_id_count")
        ),
        sa.ForeignKeyConstraint(
            ["handling_unit_id"],
            ["handling_unit.id"],
            name=op.f("fk_count_line_handling_unit_id_handling_unit"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_count_line_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_count_line_product_id_product")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_count_line")),
        sa.UniqueConstraint("position", name=op.f("uq_count_line_position")),
    )
    op.create_index(op.f("ix_count_line_count_id"), "count_line", ["count_id"], unique=False)
    op.create_table(
        "manifest",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("premises_id", sa.Uuid(), nullable=False),
        sa.Column("route_id", sa.Uuid(), nullable=False),
        sa.Column("vehicle", sa.String(30), nullable=False),
        sa.Column("driver", sa.String(80), nullable=False),
        sa.Column("seal", sa.String(40), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "closed",
                "dispatched",
                name="manifeststate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dispatched_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state <> 'dispatched' OR dispatched_at IS NOT NULL",
            name=op.f("ck_manifest_dispatched"),
        ),
        sa.CheckConstraint(
            "state = 'open' OR closed_at IS NOT NULL", name=op.f("ck_manifest_closed")
        ),
        sa.ForeignKeyConstraint(
            ["premises_id"], ["premises.id"], name=op.f("fk_manifest_premises_id_premises")
        ),
        sa.ForeignKeyConstraint(
            ["route_id"], ["route.id"], name=op.f("fk_manifest_route_id_route")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_manifest")),
        sa.UniqueConstraint("number", name=op.f("uq_manifest_number")),
    )
    op.create_index(op.f("ix_manifest_premises_id"), "manifest", ["premises_id"], unique=False)
    op.create_table(
        "release_channel",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("premises_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("name_th", sa.String(80), nullable=False),
        sa.Column("name_en", sa.String(80), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=True),
        sa.Column("route_id", sa.Uuid(), nullable=True),
        sa.Column("cut_off", sa.String(5), nullable=False),
        sa.Column("most_in_progress", sa.Integer(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "cut_off ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'",
            name=op.f("ck_release_channel_time_of_day"),
        ),
        sa.CheckConstraint("most_in_progress > 0", name=op.f("ck_release_channel_positive")),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_release_channel_partner_id_partner")
        ),
        sa.ForeignKeyConstraint(
            ["premises_id"], ["premises.id"], name=op.f("fk_release_channel_premises_id_premises")
        ),
        sa.ForeignKeyConstraint(
            ["route_id"], ["route.id"], name=op.f("fk_release_channel_route_id_route")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_channel")),
        sa.UniqueConstraint(
            "premises_id", "code", name=op.f("uq_release_channel_premises_id_code")
        ),
    )
    op.create_table(
        "unit_alias",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("premises_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(60), nullable=False),
        sa.Column("handling_unit_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["handling_unit_id"],
            ["handling_unit.id"],
            name=op.f("fk_unit_alias_handling_unit_id_handling_unit"),
        ),
        sa.ForeignKeyConstraint(
            ["premises_id"], ["premises.id"], name=op.f("fk_unit_alias_premises_id_premises")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_alias")),
        sa.UniqueConstraint("premises_id", "code", name=op.f("uq_unit_alias_premises_id_code")),
    )
    op.create_index(
        op.f("ix_unit_alias_handling_unit_id"), "unit_alias", ["handling_unit_id"], unique=False
    )
    op.create_table(
        "manifest_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("manifest_id", sa.Uuid(), nullable=False),
        sa.Column("shipment_id", sa.Uuid(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("scan_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["manifest_id"], ["manifest.id"], name=op.f("fk_manifest_line_manifest_id_manifest")
        ),
        sa.ForeignKeyConstraint(
            ["shipment_id"], ["shipment.id"], name=op.f("fk_manifest_line_shipment_id_shipment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_manifest_line")),
        sa.UniqueConstraint("shipment_id", name=op.f("uq_manifest_line_shipment_id")),
    )
    op.create_index(
        op.f("ix_manifest_line_manifest_id"), "manifest_line", ["manifest_id"], unique=False
    )
    op.create_table(
        "shipment_return",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("shipment_id", sa.Uuid(), nullable=False),
        sa.Column("premises_id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("weight_kg", sa.Numeric(precision=18, scale=3), nullable=True),
        sa.Column(
            "choice",
            sa.Enum(
                "restock",
                "re_export",
                "destroy",
                name="returnchoice",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("defaulted", sa.Boolean(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_shipment_return_partner_id_partner")
        ),
        sa.ForeignKeyConstraint(
            ["premises_id"], ["premises.id"], name=op.f("fk_shipment_return_premises_id_premises")
        ),
        sa.ForeignKeyConstraint(
            ["shipment_id"], ["shipment.id"], name=op.f("fk_shipment_return_shipment_id_shipment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipment_return")),
        sa.UniqueConstraint("number", name=op.f("uq_shipment_return_number")),
        sa.UniqueConstraint("shipment_id", name=op.f("uq_shipment_return_shipment_id")),
    )
    op.create_index(
        op.f("ix_shipment_return_premises_id"), "shipment_return", ["premises_id"], unique=False
    )
    op.create_table(
        "wave",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("premises_id", sa.Uuid(), nullable=False),
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column("cut_off_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "released",
                "done",
                "cancelled",
                name="wavestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["release_channel.id"], name=op.f("fk_wave_channel_id_release_channel")
        ),
        sa.ForeignKeyConstraint(
            ["premises_id"], ["premises.id"], name=op.f("fk_wave_premises_id_premises")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wave")),
        sa.UniqueConstraint("channel_id", "cut_off_at", name=op.f("uq_wave_channel_id_cut_off_at")),
        sa.UniqueConstraint("number", name=op.f("uq_wave_number")),
    )
    op.create_index(op.f("ix_wave_premises_id"), "wave", ["premises_id"], unique=False)
    op.create_table(
        "discrepancy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("premises_id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "short",
                "over",
                "unannounced",
                "damaged",
                "measure",
                "seal",
                "count_short",
                "count_over",
                "transit_short",
                "overdue",
                "return",
                name="discrepancykind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "investigating",
                "reported",
                "closed",
                name="discrepancystate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("consignment_id", sa.Uuid(), nullable=True),
        sa.Column("handling_unit_id", sa.Uuid(), nullable=True),
        sa.Column("lot_id", sa.Uuid(), nullable=True),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("count_id", sa.Uuid(), nullable=True),
        sa.Column("disposal_id", sa.Uuid(), nullable=True),
        sa.Column("shipment_id", sa.Uuid(), nullable=True),
        sa.Column("quantity", sa.Numeric(precision=18, scale=3), nullable=False),
        sa.Column("expected", sa.String(200), nullable=False),
        sa.Column("found", sa.String(200), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
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
        sa.Column(
            "outcome",
            sa.Enum(
                "found",
                "declared_and_paid",
                "remitted",
                "approved_by_customs",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("authority", sa.String(60), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=True),
        sa.Column("opened_by", sa.String(80), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.String(80), nullable=True),
        sa.Column("closed_by", sa.String(80), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state <> 'closed' OR outcome IS NOT NULL", name=op.f("ck_discrepancy_ends_somehow")
        ),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_by IS NULL)", name=op.f("ck_discrepancy_closed_whole")
        ),
        sa.CheckConstraint(
            "closed_by <> opened_by AND approved_by <> opened_by AND closed_by <> approved_by",
            name=op.f("ck_discrepancy_four_eyes"),
        ),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_discrepancy_not_negative")),
        sa.ForeignKeyConstraint(
            ["consignment_id"],
            ["consignment.id"],
            name=op.f("fk_discrepancy_consignment_id_consignment"),
        ),
        sa.ForeignKeyConstraint(
            ["count_id"], ["count.id"], name=op.f("fk_discrepancy_count_id_count")
        ),
        sa.ForeignKeyConstraint(
            ["disposal_id"], ["disposal.id"], name=op.f("fk_discrepancy_disposal_id_disposal")
        ),
        sa.ForeignKeyConstraint(
            ["handling_unit_id"],
            ["handling_unit.id"],
            name=op.f("fk_discrepancy_handling_unit_id_handling_unit"),
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_discrepancy_location_id_location")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_discrepancy_lot_id_lot")),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["person.id"], name=op.f("fk_discrepancy_officer_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_discrepancy_partner_id_partner")
        ),
        sa.ForeignKeyConstraint(
            ["premises_id"], ["premises.id"], name=op.f("fk_discrepancy_premises_id_premises")
        ),
        sa.ForeignKeyConstraint(
            ["shipment_id"], ["shipment.id"], name=op.f("fk_discrepancy_shipment_id_shipment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discrepancy")),
        sa.UniqueConstraint("number", name=op.f("uq_discrepancy_number")),
    )
    op.create_index(
        op.f("ix_discrepancy_consignment_id"), "discrepancy", ["consignment_id"], unique=False
    )
    op.create_index(op.f("ix_discrepancy_count_id"), "discrepancy", ["count_id"], unique=False)
    op.create_index(
        op.f("ix_discrepancy_handling_unit_id"), "discrepancy", ["handling_unit_id"], unique=False
    )
    op.create_index(op.f("ix_discrepancy_lot_id"), "discrepancy", ["lot_id"], unique=False)
    op.create_index(
        "ix_discrepancy_open",
        "discrepancy",
        ["premises_id"],
        unique=False,
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.create_table(
        "disposal_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("disposal_id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=18, scale=3), nullable=False),
        sa.Column("gone", sa.Numeric(precision=18, scale=3), nullable=False),
        sa.Column("arrived", sa.Numeric(precision=18, scale=3), nullable=False),
        sa.CheckConstraint(
            "0 <= arrived AND arrived <= gone AND gone <= quantity",
            name=op.f("ck_disposal_line_in_order"),
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_disposal_line_positive")),
        sa.ForeignKeyConstraint(
            ["disposal_id"], ["disposal.id"], name=op.f("fk_disposal_line_disposal_id_disposal")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_disposal_line_lot_id_lot")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disposal_line")),
        sa.UniqueConstraint(
            "disposal_id", "lot_id", name=op.f("uq_disposal_line_disposal_id_lot_id")
        ),
    )
    op.create_index(op.f("ix_disposal_line_lot_id"), "disposal_line", ["lot_id"], unique=False)
    op.create_table(
        "assignment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("premises_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "put_away",
                "replenish",
                "relocate",
                "count",
                "pick",
                "put_back",
                "inspect",
                "dispose",
                "conflict",
                name="assignmentkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "taken",
                "done",
                "cancelled",
                name="assignmentstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Uuid(), nullable=True),
        sa.Column("shipment_id", sa.Uuid(), nullable=True),
        sa.Column("handling_unit_id", sa.Uuid(), nullable=True),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("product_id", sa.Uuid(), nullable=True),
        sa.Column("count_id", sa.Uuid(), nullable=True),
        sa.Column("disposal_id", sa.Uuid(), nullable=True),
        sa.Column("discrepancy_id", sa.Uuid(), nullable=True),
        sa.Column("scan_id", sa.Uuid(), nullable=True),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state <> 'taken' OR person_id IS NOT NULL", name=op.f("ck_assignment_taken_by")
        ),
        sa.ForeignKeyConstraint(
            ["count_id"], ["count.id"], name=op.f("fk_assignment_count_id_count")
        ),
        sa.ForeignKeyConstraint(
            ["discrepancy_id"],
            ["discrepancy.id"],
            name=op.f("fk_assignment_discrepancy_id_discrepancy"),
        ),
        sa.ForeignKeyConstraint(
            ["disposal_id"], ["disposal.id"], name=op.f("fk_assignment_disposal_id_disposal")
        ),
        sa.ForeignKeyConstraint(
            ["handling_unit_id"],
            ["handling_unit.id"],
            name=op.f("fk_assignment_handling_unit_id_handling_unit"),
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_assignment_location_id_location")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_assignment_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["premises_id"], ["premises.id"], name=op.f("fk_assignment_premises_id_premises")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_assignment_product_id_product")
        ),
        sa.ForeignKeyConstraint(["scan_id"], ["scan.id"], name=op.f("fk_assignment_scan_id_scan")),
        sa.ForeignKeyConstraint(
            ["shipment_id"], ["shipment.id"], name=op.f("fk_assignment_shipment_id_shipment")
        ),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_assignment_wave_id_wave")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint("scan_id", name=op.f("uq_assignment_scan_id")),
    )
    op.create_index(
        "ix_assignment_open",
        "assignment",
        ["premises_id", "kind"],
        unique=False,
        postgresql_where=sa.text("state IN ('open', 'taken')"),
    )
    op.create_index(op.f("ix_assignment_person_id"), "assignment", ["person_id"], unique=False)
    op.create_index(op.f("ix_assignment_wave_id"), "assignment", ["wave_id"], unique=False)
    op.create_index(
        "uq_assignment_shipment",
        "assignment",
        ["kind", "shipment_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('open', 'taken') AND shipment_id IS NOT NULL"),
    )
    op.create_table(
        "hold",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("premises_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "customs",
                "inspection",
                "permit",
                "damage",
                "count",
                "overdue",
                "partner",
                "payment",
                name="holdkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("note", sa.String(300), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=True),
        sa.Column("product_id", sa.Uuid(), nullable=True),
        sa.Column("consignment_id", sa.Uuid(), nullable=True),
        sa.Column("handling_unit_id", sa.Uuid(), nullable=True),
        sa.Column("lot_id", sa.Uuid(), nullable=True),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("shipment_id", sa.Uuid(), nullable=True),
        sa.Column("discrepancy_id", sa.Uuid(), nullable=True),
        sa.Column("officer_id", sa.Uuid(), nullable=True),
        sa.Column("opened_by", sa.String(80), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.String(80), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closing_note", sa.String(300), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_hold_reasoned")),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_by IS NULL)", name=op.f("ck_hold_closed_whole")
        ),
        sa.CheckConstraint(
            "num_nonnulls(partner_id, product_id, consignment_id, handling_unit_id, lot_id, location_id, shipment_id) = 1",
            name=op.f("ck_hold_on_one_thing"),
        ),
        sa.ForeignKeyConstraint(
            ["consignment_id"], ["consignment.id"], name=op.f("fk_hold_consignment_id_consignment")
        ),
        sa.ForeignKeyConstraint(
            ["discrepancy_id"], ["discrepancy.id"], name=op.f("fk_hold_discrepancy_id_discrepancy")
        ),
        sa.ForeignKeyConstraint(
            ["handling_unit_id"],
            ["handling_unit.id"],
            name=op.f("fk_hold_handling_unit_id_handling_unit"),
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_hold_location_id_location")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_hold_lot_id_lot")),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["person.id"], name=op.f("fk_hold_officer_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_hold_partner_id_partner")
        ),
        sa.ForeignKeyConstraint(
            ["premises_id"], ["premises.id"], name=op.f("fk_hold_premises_id_premises")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_hold_product_id_product")
        ),
        sa.ForeignKeyConstraint(
            ["shipment_id"], ["shipment.id"], name=op.f("fk_hold_shipment_id_shipment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
    )
    op.create_index(op.f("ix_hold_consignment_id"), "hold", ["consignment_id"], unique=False)
    op.create_index(op.f("ix_hold_discrepancy_id"), "hold", ["discrepancy_id"], unique=False)
    op.create_index(op.f("ix_hold_handling_unit_id"), "hold", ["handling_unit_id"], unique=False)
    op.create_index(op.f("ix_hold_lot_id"), "hold", ["lot_id"], unique=False)
    op.create_index(
        "ix_hold_open",
        "hold",
        ["premises_id"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "photo",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("discrepancy_id", sa.Uuid(), nullable=False),
        sa.Column("media_type", sa.String(20), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("taken_by", sa.String(80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["discrepancy_id"], ["discrepancy.id"], name=op.f("fk_photo_discrepancy_id_discrepancy")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo")),
        sa.UniqueConstraint(
            "discrepancy_id", "sha256", name=op.f("uq_photo_discrepancy_id_sha256")
        ),
    )
    op.create_index(op.f("ix_photo_discrepancy_id"), "photo", ["discrepancy_id"], unique=False)
    op.add_column(
        "consignment", sa.Column("vehicle", sa.String(30), server_default="", nullable=False)
    )
    op.add_column(
        "consignment",
        sa.Column(
            "seals",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
    )
    op.add_column("consignment", sa.Column("despatch", sa.String(20), nullable=True))
    op.add_column(
        "customer_order", sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("declaration", sa.Column("disposal_id", sa.Uuid(), nullable=True))
    op.create_index(
        "uq_declaration_disposal",
        "declaration",
        ["disposal_id"],
        unique=True,
        postgresql_where=sa.text("disposal_id IS NOT NULL AND state <> 'cancelled'"),
    )
    op.create_foreign_key(
        op.f("fk_declaration_disposal_id_disposal"),
        "declaration",
        "disposal",
        ["disposal_id"],
        ["id"],
    )
    op.add_column(
        "handling_unit", sa.Column("kind", sa.String(40), server_default="parcel", nullable=False)
    )
    op.add_column("handling_unit", sa.Column("parent_id", sa.Uuid(), nullable=True))
    op.add_column("handling_unit", sa.Column("location_id", sa.Uuid(), nullable=True))
    op.add_column(
        "handling_unit",
        sa.Column("announced", sa.Boolean(), server_default=sa.text("true"), nullable=False),
    )
    op.add_column(
        "handling_unit", sa.Column("declared_kg", sa.Numeric(precision=18, scale=3), nullable=True)
    )
    op.add_column(
        "handling_unit",
        sa.Column("declared_litres", sa.Numeric(precision=18, scale=3), nullable=True),
    )
    op.add_column(
        "handling_unit", sa.Column("weight_kg", sa.Numeric(precision=18, scale=3), nullable=True)
    )
    op.add_column(
        "handling_unit", sa.Column("litres", sa.Numeric(precision=18, scale=3), nullable=True)
    )
    op.alter_column("handling_unit", "partner_id", existing_type=sa.UUID(), nullable=True)
    op.alter_column("handling_unit", "consignment_id", existing_type=sa.UUID(), nullable=True)
    op.create_index(
        op.f("ix_handling_unit_parent_id"), "handling_unit", ["parent_id"], unique=False
    )
    op.create_foreign_key(
        op.f("fk_handling_unit_location_id_location"),
        "handling_unit",
        "location",
        ["location_id"],
        ["id"],
    )
    op.create_foreign_key(
        op.f("fk_handling_unit_parent_id_handling_unit"),
        "handling_unit",
        "handling_unit",
        ["parent_id"],
        ["id"],
    )
    op.add_column("location", sa.Column("parent_id", sa.Uuid(), nullable=True))
    op.add_column("location", sa.Column("regime", sa.String(40), nullable=True))
    op.add_column(
        "location",
        sa.Column("mixes_owners", sa.Boolean(), server_default=sa.text("true"), nullable=False),
    )
    op.add_column(
        "location",
        sa.Column("mixes_layers", sa.Boolean(), server_default=sa.text("true"), nullable=False),
    )
    op.add_column("location", sa.Column("velocity", sa.String(40), nullable=True))
    op.add_column(
        "location", sa.Column("most_kg", sa.Numeric(precision=18, scale=3), nullable=True)
    )
    op.add_column(
        "location", sa.Column("most_litres", sa.Numeric(precision=18, scale=3), nullable=True)
    )
    op.add_column("location", sa.Column("most_parcels", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_location_parent_id"), "location", ["parent_id"], unique=False)
    op.create_foreign_key(
        op.f("fk_location_parent_id_location"), "location", "location", ["parent_id"], ["id"]
    )
    op.add_column(
        "lot", sa.Column("origin", sa.String(40), server_default="announced", nullable=False)
    )
    op.add_column("lot", sa.Column("parent_lot_id", sa.Uuid(), nullable=True))
    op.add_column(
        "lot", sa.Column("regime", sa.String(40), server_default="bonded", nullable=False)
    )
    op.add_column("lot", sa.Column("batch", sa.String(20), nullable=True))
    op.add_column("lot", sa.Column("expires_on", sa.Date(), nullable=True))
    op.add_column("lot", sa.Column("serial", sa.String(20), nullable=True))
    op.alter_column("lot", "consignment_line_id", existing_type=sa.UUID(), nullable=True)
    op.create_index(op.f("ix_lot_parent_lot_id"), "lot", ["parent_lot_id"], unique=False)
    op.create_foreign_key(op.f("fk_lot_parent_lot_id_lot"), "lot", "lot", ["parent_lot_id"], ["id"])
    op.add_column("movement", sa.Column("reverses_id", sa.Uuid(), nullable=True))
    op.add_column("movement", sa.Column("discrepancy_id", sa.Uuid(), nullable=True))
    op.add_column("movement", sa.Column("handling_id", sa.Uuid(), nullable=True))
    op.create_index(
        "ix_movement_discrepancy_id",
        "movement",
        ["discrepancy_id"],
        unique=False,
        postgresql_where=sa.text("discrepancy_id IS NOT NULL"),
    )
    op.create_index(
        "ix_movement_handling_id",
        "movement",
        ["handling_id"],
        unique=False,
        postgresql_where=sa.text("handling_id IS NOT NULL"),
    )
    op.create_index(
        "uq_movement_reverses_id",
        "movement",
        ["reverses_id"],
        unique=True,
        postgresql_where=sa.text("reverses_id IS NOT NULL"),
    )
    op.create_foreign_key(
        op.f("fk_movement_discrepancy_id_discrepancy"),
        "movement",
        "discrepancy",
        ["discrepancy_id"],
        ["id"],
    )
    op.create_foreign_key(
        op.f("fk_movement_reverses_id_movement"), "movement", "movement", ["reverses_id"], ["id"]
    )
    op.create_foreign_key(
        op.f("fk_movement_handling_id_handling"), "movement", "handling", ["handling_id"], ["id"]
    )
    op.add_column("order_line", sa.Column("parcel_number", sa.String(35), nullable=True))
    op.add_column(
        "premises",
        sa.Column("training", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.add_column("product", sa.Column("litres", sa.Numeric(precision=18, scale=3), nullable=True))
    op.add_column(
        "product",
        sa.Column("has_batch", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.add_column(
        "product",
        sa.Column("has_expiry", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.add_column(
        "product",
        sa.Column("has_serial", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.add_column("release", sa.Column("disposal_id", sa.Uuid(), nullable=True))
    op.add_column(
        "release", sa.Column("authority", sa.String(60), server_default="", nullable=False)
    )
    op.add_column("release", sa.Column("officer_id", sa.Uuid(), nullable=True))
    op.add_column("release", sa.Column("recorded_by", sa.String(80), nullable=True))
    op.add_column("release", sa.Column("approved_by", sa.String(80), nullable=True))
    op.add_column("release", sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("release", sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("release", sa.Column("revoked_by", sa.String(80), nullable=True))
    op.alter_column("release", "declaration_id", existing_type=sa.UUID(), nullable=True)
    op.alter_column("release", "order_id", existing_type=sa.UUID(), nullable=True)
    op.create_unique_constraint(op.f("uq_release_disposal_id"), "release", ["disposal_id"])
    op.create_foreign_key(
        op.f("fk_release_officer_id_person"), "release", "person", ["officer_id"], ["id"]
    )
    op.create_foreign_key(
        op.f("fk_release_disposal_id_disposal"), "release", "disposal", ["disposal_id"], ["id"]
    )
    op.alter_column("release_line", "declaration_line_id", existing_type=sa.UUID(), nullable=True)
    op.add_column("reservation", sa.Column("disposal_line_id", sa.Uuid(), nullable=True))
    op.add_column("reservation", sa.Column("container_id", sa.Uuid(), nullable=True))
    op.add_column("reservation", sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
    op.alter_column("reservation", "order_line_id", existing_type=sa.UUID(), nullable=True)
    op.create_index(
        op.f("ix_reservation_container_id"), "reservation", ["container_id"], unique=False
    )
    op.create_index(
        op.f("ix_reservation_disposal_line_id"), "reservation", ["disposal_line_id"], unique=False
    )
    op.create_foreign_key(
        op.f("fk_reservation_disposal_line_id_disposal_line"),
        "reservation",
        "disposal_line",
        ["disposal_line_id"],
        ["id"],
    )
    op.create_foreign_key(
        op.f("fk_reservation_container_id_handling_unit"),
        "reservation",
        "handling_unit",
        ["container_id"],
        ["id"],
    )
    op.add_column(
        "scan",
        sa.Column(
            "hand_before",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
    )
    op.add_column(
        "scan", sa.Column("waited", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.add_column("scan", sa.Column("skew_seconds", sa.Integer(), nullable=True))
    op.add_column("scan", sa.Column("undoes_id", sa.Uuid(), nullable=True))
    op.create_unique_constraint(op.f("uq_scan_undoes_id"), "scan", ["undoes_id"])
    op.create_foreign_key(op.f("fk_scan_undoes_id_scan"), "scan", "scan", ["undoes_id"], ["id"])
    op.drop_index("ix_scan_again", table_name="scan")
    op.create_index("ix_scan_again", "scan", ["person_id", "value", "sequence"])
    op.create_index("ix_scan_last", "scan", ["person_id", "sequence"])
    op.add_column("shipment", sa.Column("route_id", sa.Uuid(), nullable=True))
    op.add_column(
        "shipment", sa.Column("weight_kg", sa.Numeric(precision=18, scale=3), nullable=True)
    )
    op.add_column("shipment", sa.Column("carton", sa.String(20), server_default="", nullable=False))
    op.add_column("shipment", sa.Column("held", sa.String(40), server_default="", nullable=False))
    op.create_foreign_key(
        op.f("fk_shipment_route_id_route"), "shipment", "route", ["route_id"], ["id"]
    )
    op.add_column(
        "task",
        sa.Column(
            "hand",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
    )
    op.drop_constraint(op.f("fk_task_shipment_id_shipment"), "task", type_="foreignkey")
    op.drop_constraint(op.f("fk_task_location_id_location"), "task", type_="foreignkey")
    op.drop_constraint(op.f("fk_task_handling_unit_id_handling_unit"), "task", type_="foreignkey")
    op.drop_column("task", "location_id")
    op.drop_column("task", "handling_unit_id")
    op.drop_column("task", "shipment_id")


def downgrade() -> None:
    op.execute("DROP FUNCTION holds_on(uuid, uuid)")
    op.execute("DROP TRIGGER lawful ON movement")
    op.execute("DROP FUNCTION refuse_unreleased()")
    for table, name, _rule in NEW_CHECKS:
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for table, name, rule in BACK_CHECKS:
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({rule})")
    op.execute("ALTER TABLE lot DROP COLUMN under_bond")
    op.execute("ALTER TABLE lot ADD under_bond boolean NOT NULL DEFAULT true")
    op.execute("ALTER TABLE lot ALTER under_bond DROP DEFAULT")
    _change_tables_back()
    for sequence in SEQUENCES:
        op.execute(f"DROP SEQUENCE {sequence}")


def _change_tables_back() -> None:
    op.add_column("task", sa.Column("shipment_id", sa.UUID(), autoincrement=False, nullable=True))
    op.add_column(
        "task", sa.Column("handling_unit_id", sa.UUID(), autoincrement=False, nullable=True)
    )
    op.add_column("task", sa.Column("location_id", sa.UUID(), autoincrement=False, nullable=True))
    op.create_foreign_key(
        op.f("fk_task_handling_unit_id_handling_unit"),
        "task",
        "handling_unit",
        ["handling_unit_id"],
        ["id"],
    )
    op.create_foreign_key(
        op.f("fk_task_location_id_location"), "task", "location", ["location_id"], ["id"]
    )
    op.create_foreign_key(
        op.f("fk_task_shipment_id_shipment"), "task", "shipment", ["shipment_id"], ["id"]
    )
    op.drop_column("task", "hand")
    op.drop_constraint(op.f("fk_shipment_route_id_route"), "shipment", type_="foreignkey")
    op.drop_column("shipment", "held")
    op.drop_column("shipment", "carton")
    op.drop_column("shipment", "weight_kg")
    op.drop_column("shipment", "route_id")
    op.drop_index("ix_scan_last", table_name="scan")
    op.drop_index("ix_scan_again", table_name="scan")
    op.create_index("ix_scan_again", "scan", ["person_id", "value"])
    op.drop_constraint(op.f("fk_scan_undoes_id_scan"), "scan", type_="foreignkey")
    op.drop_constraint(op.f("uq_scan_undoes_id"), "scan", type_="unique")
    op.drop_column("scan", "undoes_id")
    op.drop_column("scan", "skew_seconds")
    op.drop_column("scan", "waited")
    op.drop_column("scan", "hand_before")
    op.drop_constraint(
        op.f("fk_reservation_container_id_handling_unit"), "reservation", type_="foreignkey"
    )
    op.drop_constraint(
        op.f("fk_reservation_disposal_line_id_disposal_line"), "reservation", type_="foreignkey"
    )
    op.drop_index(op.f("ix_reservation_disposal_line_id"), table_name="reservation")
    op.drop_index(op.f("ix_reservation_container_id"), table_name="reservation")
    op.alter_column("reservation", "order_line_id", existing_type=sa.UUID(), nullable=False)
    op.drop_column("reservation", "expires_at")
    op.drop_column("reservation", "container_id")
    op.drop_column("reservation", "disposal_line_id")
    op.alter_column("release_line", "declaration_line_id", existing_type=sa.UUID(), nullable=False)
    op.drop_constraint(op.f("fk_release_disposal_id_disposal"), "release", type_="foreignkey")
    op.drop_constraint(op.f("fk_release_officer_id_person"), "release", type_="foreignkey")
    op.drop_constraint(op.f("uq_release_disposal_id"), "release", type_="unique")
    op.alter_column("release", "order_id", existing_type=sa.UUID(), nullable=False)
    op.alter_column("release", "declaration_id", existing_type=sa.UUID(), nullable=False)
    op.drop_column("release", "revoked_by")
    op.drop_column("release", "revoked_at")
    op.drop_column("release", "valid_until")
    op.drop_column("release", "approved_by")
    op.drop_column("release", "recorded_by")
    op.drop_column("release", "officer_id")
    op.drop_column("release", "authority")
    op.drop_column("release", "disposal_id")
    op.drop_column("product", "has_serial")
    op.drop_column("product", "has_expiry")
    op.drop_column("product", "has_batch")
    op.drop_column("product", "litres")
    op.drop_column("premises", "training")
    op.drop_column("order_line", "parcel_number")
    op.drop_constraint(op.f("fk_movement_handling_id_handling"), "movement", type_="foreignkey")
    op.drop_constraint(op.f("fk_movement_reverses_id_movement"), "movement", type_="foreignkey")
    op.drop_constraint(
        op.f("fk_movement_discrepancy_id_discrepancy"), "movement", type_="foreignkey"
    )
    op.drop_index(
        "uq_movement_reverses_id",
        table_name="movement",
        postgresql_where=sa.text("reverses_id IS NOT NULL"),
    )
    op.drop_index(
        "ix_movement_handling_id",
        table_name="movement",
        postgresql_where=sa.text("handling_id IS NOT NULL"),
    )
    op.drop_index(
        "ix_movement_discrepancy_id",
        table_name="movement",
        postgresql_where=sa.text("discrepancy_id IS NOT NULL"),
    )
    op.drop_column("movement", "handling_id")
    op.drop_column("movement", "discrepancy_id")
    op.drop_column("movement", "reverses_id")
    op.drop_constraint(op.f("fk_lot_parent_lot_id_lot"), "lot", type_="foreignkey")
    op.drop_index(op.f("ix_lot_parent_lot_id"), table_name="lot")
    op.alter_column("lot", "consignment_line_id", existing_type=sa.UUID(), nullable=False)
    op.drop_column("lot", "serial")
    op.drop_column("lot", "expires_on")
    op.drop_column("lot", "batch")
    op.drop_column("lot", "regime")
    op.drop_column("lot", "parent_lot_id")
    op.drop_column("lot", "origin")
    op.drop_constraint(op.f("fk_location_parent_id_location"), "location", type_="foreignkey")
    op.drop_index(op.f("ix_location_parent_id"), table_name="location")
    op.drop_column("location", "most_parcels")
    op.drop_column("location", "most_litres")
    op.drop_column("location", "most_kg")
    op.drop_column("location", "velocity")
    op.drop_column("location", "mixes_layers")
    op.drop_column("location", "mixes_owners")
    op.drop_column("location", "regime")
    op.drop_column("location", "parent_id")
    op.drop_constraint(
        op.f("fk_handling_unit_parent_id_handling_unit"), "handling_unit", type_="foreignkey"
    )
    op.drop_constraint(
        op.f("fk_handling_unit_location_id_location"), "handling_unit", type_="foreignkey"
    )
    op.drop_index(op.f("ix_handling_unit_parent_id"), table_name="handling_unit")
    op.alter_column("handling_unit", "consignment_id", existing_type=sa.UUID(), nullable=False)
    op.alter_column("handling_unit", "partner_id", existing_type=sa.UUID(), nullable=False)
    op.drop_column("handling_unit", "litres")
    op.drop_column("handling_unit", "weight_kg")
    op.drop_column("handling_unit", "declared_litres")
    op.drop_column("handling_unit", "declared_kg")
    op.drop_column("handling_unit", "announced")
    op.drop_column("handling_unit", "location_id")
    op.drop_column("handling_unit", "parent_id")
    op.drop_column("handling_unit", "kind")
    op.drop_constraint(
        op.f("fk_declaration_disposal_id_disposal"), "declaration", type_="foreignkey"
    )
    op.drop_index(
        "uq_declaration_disposal",
        table_name="declaration",
        postgresql_where=sa.text("disposal_id IS NOT NULL AND state <> 'cancelled'"),
    )
    op.drop_column("declaration", "disposal_id")
    op.drop_column("customer_order", "cancelled_at")
    op.drop_column("consignment", "despatch")
    op.drop_column("consignment", "seals")
    op.drop_column("consignment", "vehicle")
    op.drop_index(op.f("ix_photo_discrepancy_id"), table_name="photo")
    op.drop_table("photo")
    op.drop_index("ix_hold_open", table_name="hold", postgresql_where=sa.text("closed_at IS NULL"))
    op.drop_index(op.f("ix_hold_lot_id"), table_name="hold")
    op.drop_index(op.f("ix_hold_handling_unit_id"), table_name="hold")
    op.drop_index(op.f("ix_hold_discrepancy_id"), table_name="hold")
    op.drop_index(op.f("ix_hold_consignment_id"), table_name="hold")
    op.drop_table("hold")
    op.drop_index(
        "uq_assignment_shipment",
        table_name="assignment",
        postgresql_where=sa.text("state IN ('open', 'taken') AND shipment_id IS NOT NULL"),
    )
    op.drop_index(op.f("ix_assignment_wave_id"), table_name="assignment")
    op.drop_index(op.f("ix_assignment_person_id"), table_name="assignment")
    op.drop_index(
        "ix_assignment_open",
        table_name="assignment",
        postgresql_where=sa.text("state IN ('open', 'taken')"),
    )
    op.drop_table("assignment")
    op.drop_index(op.f("ix_disposal_line_lot_id"), table_name="disposal_line")
    op.drop_table("disposal_line")
    op.drop_index(
        "ix_discrepancy_open",
        table_name="discrepancy",
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.drop_index(op.f("ix_discrepancy_lot_id"), table_name="discrepancy")
    op.drop_index(op.f("ix_discrepancy_handling_unit_id"), table_name="discrepancy")
    op.drop_index(op.f("ix_discrepancy_count_id"), table_name="discrepancy")
    op.drop_index(op.f("ix_discrepancy_consignment_id"), table_name="discrepancy")
    op.drop_table("discrepancy")
    op.drop_index(op.f("ix_wave_premises_id"), table_name="wave")
    op.drop_table("wave")
    op.drop_index(op.f("ix_shipment_return_premises_id"), table_name="shipment_return")
    op.drop_table("shipment_return")
    op.drop_index(op.f("ix_manifest_line_manifest_id"), table_name="manifest_line")
    op.drop_table("manifest_line")
    op.drop_index(op.f("ix_unit_alias_handling_unit_id"), table_name="unit_alias")
    op.drop_table("unit_alias")
    op.drop_table("release_channel")
    op.drop_index(op.f("ix_manifest_premises_id"), table_name="manifest")
    op.drop_table("manifest")
    op.drop_index(op.f("ix_count_line_count_id"), table_name="count_line")
    op.drop_table("count_line")
    op.drop_table("route")
    op.drop_table("replenishment_rule")
    op.drop_index(op.f("ix_putaway_rule_premises_id"), table_name="putaway_rule")
    op.drop_table("putaway_rule")
    op.drop_table("product_velocity")
    op.drop_index(
        "uq_location_lock_open",
        table_name="location_lock",
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.drop_table("location_lock")
    op.drop_table("handling")
    op.drop_index(op.f("ix_disposal_state"), table_name="disposal")
    op.drop_index(op.f("ix_disposal_premises_id"), table_name="disposal")
    op.drop_table("disposal")
    op.drop_index(
        "uq_count_open",
        table_name="count",
        postgresql_where=sa.text("state NOT IN ('closed', 'cancelled')"),
    )
    op.drop_index(op.f("ix_count_state"), table_name="count")
    op.drop_index(op.f("ix_count_location_id"), table_name="count")
    op.drop_table("count")
    op.drop_table("arrival")
    op.drop_table("owner_method")
    op.drop_index(op.f("ix_count_rule_premises_id"), table_name="count_rule")
    op.drop_table("count_rule")
    op.drop_table("carton_type")
    op.drop_table("floor_policy")
