"""Every ledger added up again.  Any difference is an alarm, never a repair.

Each proof is one statement that returns what does not add up: no rows, and the proof holds.  The
numbers I-1, I-4, I-7 … are those of the invariants in docs/architecture.md.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from warehouse.core import seals
from warehouse.core.i18n import N_
from warehouse.customs.vocabulary import INTO_BOND
from warehouse.inventory.vocabulary import OPEN_TO_RELEASE, OUT_OF_BOND


@dataclass(frozen=True, slots=True)
class Proof:
    """What was proved, over how many rows, and what did not add up (nothing, if it holds)."""

    name: str
    counted: int
    differences: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether everything added up."""
        return not self.differences


class Astray(NamedTuple):
    """A lot whose balances are not the sum of its movements."""

    lot_id: UUID
    premises_id: UUID
    lot: str
    difference: str


@dataclass(frozen=True, slots=True)
class _Check:
    name: str
    count: str
    differences: str


_OUT_OF_BOND: Final = ", ".join(f"'{kind.value}'" for kind in sorted(OUT_OF_BOND))
_OPEN_TO_RELEASE: Final = ", ".join(f"'{kind.value}'" for kind in sorted(OPEN_TO_RELEASE))

_INTO_BOND: Final = ", ".join(f"'{kind.value}'" for kind in sorted(INTO_BOND))

_MISPLACED: Final = """
    WITH moved AS (
        SELECT lot_id, location_id, sum(quantity) AS quantity FROM (
            SELECT lot_id, to_location_id AS location_id, quantity FROM movement
            UNION ALL
            SELECT lot_id, from_location_id, -quantity FROM movement
        ) AS ends GROUP BY lot_id, location_id
    )
    SELECT {columns}
      FROM moved FULL JOIN balance USING (lot_id, location_id)
      JOIN lot ON lot.id = lot_id JOIN location ON location.id = location_id
     WHERE NOT location.virtual
       AND coalesce(balance.quantity, 0) <> coalesce(moved.quantity, 0)
"""
_DIFFERENCE: Final = """
    format('lot %s at %s: balance %s, movements %s', lot.number, location.code,
           coalesce(balance.quantity, 0), coalesce(moved.quantity, 0))
"""
_ASTRAY: Final = _MISPLACED.format(columns=f"lot.id, lot.premises_id, lot.number, {_DIFFERENCE}")

_CHECKS: Final = (
    _Check(
        N_("Every balance is the sum of its movements"),
        "SELECT count(*) FROM balance",
        _MISPLACED.format(columns=_DIFFERENCE),
    ),
    _Check(
        N_("What is reserved is the sum of its reservations"),
        "SELECT count(*) FROM reservation WHERE state IN ('held', 'picked')",
        """
        WITH promised AS (
            SELECT lot_id, location_id, sum(quantity) AS quantity FROM reservation
             WHERE state IN ('held', 'picked') GROUP BY lot_id, location_id
        )
        SELECT format('lot %s at %s: reserved %s, reservations %s', lot.number, location.code,
                      coalesce(balance.reserved, 0), coalesce(promised.quantity, 0))
          FROM promised FULL JOIN balance USING (lot_id, location_id)
          JOIN lot ON lot.id = lot_id JOIN location ON location.id = location_id
         WHERE coalesce(balance.reserved, 0) <> coalesce(promised.quantity, 0)
        """,
    ),
    _Check(
        N_("Each import line: declared = not yet arrived + on hand + gone out"),
        "SELECT count(*) FROM declared_lot JOIN declaration_line ON declaration_line.id = line_id"
        " WHERE entry_line_id IS NULL",
        # What goods are split and repacked into stands behind the line of what went in.
        f"""
        WITH line AS (
            SELECT declaration_line.id, declaration_number, line_number,
                   declaration_line.quantity AS declared
              FROM declaration_line JOIN declaration ON declaration.id = declaration_id
             WHERE document_type IN ({_INTO_BOND}) AND declaration_number IS NOT NULL
               AND state <> 'cancelled'
        ), flow AS (
            SELECT lot.declaration_line_id AS id, location.kind, sum(flows.quantity) AS quantity
              FROM (SELECT lot_id, to_location_id AS place, quantity FROM movement
                    UNION ALL
                    SELECT lot_id, from_location_id, -quantity FROM movement) AS flows
              JOIN lot ON lot.id = flows.lot_id JOIN location ON location.id = flows.place
             WHERE location.virtual GROUP BY 1, 2
        ), moved AS (
            SELECT id, -sum(quantity) FILTER (WHERE kind = 'abroad') AS came,
                   sum(quantity) FILTER (WHERE kind = 'handled') AS handled,
                   sum(quantity) FILTER (WHERE kind NOT IN ('abroad', 'handled')) AS went
              FROM flow GROUP BY id
        ), here AS (
            SELECT lot.declaration_line_id AS id, sum(balance.quantity) AS quantity
              FROM balance JOIN lot ON lot.id = lot_id GROUP BY 1
        ), bound AS (
            SELECT declaration_line_id AS id, sum(quantity) AS quantity
              FROM lot WHERE origin <> 'handled' GROUP BY 1
        )
        SELECT format('%s line %s: declared %s, bound %s, came %s, on hand %s, handled %s, went %s',
                      declaration_number, line_number, declared, bound.quantity, came,
                      here.quantity, handled, went)
          FROM line LEFT JOIN bound USING (id) LEFT JOIN moved USING (id) LEFT JOIN here USING (id)
         WHERE declared <> coalesce(bound.quantity, 0)
            OR coalesce(came, 0) > declared OR coalesce(handled, 0) <> 0
            OR coalesce(came, 0) <> coalesce(here.quantity, 0) + coalesce(went, 0)
        """,  # noqa: S608 (kinds of ours)
    ),
    _Check(
        N_("Nothing left bond without a release, and no release was exceeded"),
        "SELECT count(*) FROM movement WHERE kind = 'issue'",
        # Goods that leave transit go on under the release that they left under.
        f"""
        WITH used AS (
            SELECT release_line_id AS id, sum(quantity) AS quantity
              FROM movement JOIN location ON location.id = from_location_id
             WHERE release_line_id IS NOT NULL AND location.kind <> 'in_transit_bond' GROUP BY 1
        )
        SELECT format('release line %s: allowed %s, noted %s, moved %s', release_line.id,
                      release_line.quantity, used_quantity, used.quantity)
          FROM release_line LEFT JOIN used USING (id)
         WHERE used_quantity <> coalesce(used.quantity, 0)
            OR coalesce(used.quantity, 0) > release_line.quantity
        UNION ALL
        SELECT format('movement %s of bonded goods names no release', movement.id)
          FROM movement JOIN location ON location.id = to_location_id
         WHERE location.kind IN ({_OUT_OF_BOND}) AND under_bond AND release_line_id IS NULL
           AND movement.kind <> 'reversal'
        """,  # noqa: S608 (kinds of ours)
    ),
    _Check(
        N_("No order's goods left while a hold was on their lot, their parcel or their shipment"),
        "SELECT count(*) FROM hold",
        f"""
        SELECT format('movement %s of lot %s left under hold %s', movement.id, lot.number, hold.id)
          FROM movement JOIN lot ON lot.id = movement.lot_id
          JOIN location ON location.id = from_location_id AND NOT location.virtual
          JOIN reservation ON reservation.id = reservation_id AND order_line_id IS NOT NULL
          JOIN order_line ON order_line.id = order_line_id
          JOIN shipment ON shipment.order_id = order_line.order_id
          JOIN hold ON hold.lot_id = lot.id OR hold.handling_unit_id = lot.handling_unit_id
                    OR hold.shipment_id = shipment.id
         WHERE movement.kind = 'issue' AND hold.kind NOT IN ({_OPEN_TO_RELEASE})
           AND hold.opened_at < movement.at
           AND (hold.closed_at IS NULL OR hold.closed_at > movement.at)
        """,  # noqa: S608 (kinds of ours)
    ),
    _Check(
        N_("What is missing has an open case, and a closed case has nothing missing"),
        "SELECT count(*) FROM discrepancy",
        """
        WITH flow AS (
            SELECT discrepancy_id AS id,
                   sum(CASE WHEN target.kind = 'variance' THEN quantity ELSE -quantity END) AS open
              FROM movement JOIN location AS target ON target.id = to_location_id
              JOIN location AS source ON source.id = from_location_id
             WHERE 'variance' IN (target.kind, source.kind) AND lot_id NOT IN (
                   SELECT id FROM lot WHERE origin = 'found')
             GROUP BY 1
        )
        SELECT format('%s (%s): %s still missing', discrepancy.number, state, open)
          FROM flow LEFT JOIN discrepancy USING (id)
         WHERE discrepancy.id IS NULL OR open < 0 OR (state = 'closed' AND open <> 0)
        """,
    ),
    _Check(
        N_("Nothing stands where goods of its status, or of its owner, may not stand"),
        "SELECT count(*) FROM balance WHERE quantity > 0",
        """
        WITH standing AS (
            SELECT location.id, location.code, location.regime, mixes_owners, lot.number,
                   lot.regime AS status, lot.partner_id
              FROM balance JOIN lot ON lot.id = lot_id JOIN location ON location.id = location_id
             WHERE balance.quantity > 0
        )
        SELECT format('lot %s (%s) stands in %s (%s)', number, status, code, regime)
          FROM standing WHERE regime <> status
        UNION ALL
        SELECT format('%s holds goods of %s owners', code, count(DISTINCT partner_id))
          FROM standing WHERE NOT mixes_owners
         GROUP BY id, code HAVING count(DISTINCT partner_id) > 1
        """,
    ),
    _Check(
        N_("What goes into repacking comes out of it"),
        "SELECT count(*) FROM handling",
        """
        SELECT format('%s, import line %s: %s in, %s out', handling.number,
                      lot.declaration_line_id,
                      sum(moved.quantity) FILTER (WHERE target.kind = 'handled'),
                      sum(moved.quantity) FILTER (WHERE target.kind <> 'handled'))
          FROM (SELECT handling_id, lot_id, to_location_id, quantity
                  FROM movement WHERE handling_id IS NOT NULL) AS moved
          JOIN handling ON handling.id = handling_id JOIN lot ON lot.id = lot_id
          JOIN location AS target ON target.id = to_location_id
         GROUP BY handling.number, lot.declaration_line_id
        HAVING sum(CASE target.kind WHEN 'handled' THEN moved.quantity
                                    ELSE -moved.quantity END) <> 0
        """,
    ),
    _Check(
        N_("Units lie in one another without a circle"),
        "SELECT count(*) FROM handling_unit WHERE parent_id IS NOT NULL",
        """
        WITH RECURSIVE around AS (
            SELECT id, parent_id, 1 AS depth FROM handling_unit WHERE parent_id IS NOT NULL
            UNION ALL
            SELECT around.id, unit.parent_id, depth + 1
              FROM around JOIN handling_unit AS unit ON unit.id = around.parent_id
             WHERE unit.parent_id IS NOT NULL AND depth < 20
        )
        SELECT format('unit %s is %s deep', number, max(depth))
          FROM around JOIN handling_unit USING (id) GROUP BY number HAVING max(depth) > 5
        """,
    ),
    _Check(
        N_("What arrived of a transfer stands in the other book, in the same quantity"),
        "SELECT count(*) FROM disposal WHERE kind = 'transfer'",
        """
        WITH there AS (
            SELECT parent_lot_id AS lot_id, sum(quantity) AS quantity
              FROM lot WHERE origin = 'transferred' GROUP BY 1
        )
        SELECT format('%s: %s arrived of lot %s, %s stands there', disposal.number, arrived,
                      lot.number, there.quantity)
          FROM disposal_line JOIN disposal ON disposal.id = disposal_id AND kind = 'transfer'
          JOIN lot ON lot.id = lot_id LEFT JOIN there USING (lot_id)
         WHERE arrived <> coalesce(there.quantity, 0)
        """,
    ),
    _Check(
        N_("Each import line is discharged by its disposal lines, and by no more than it has"),
        "SELECT count(*) FROM discharge",
        f"""
        WITH written AS (
            SELECT entry_line_id AS id, sum(quantity) AS quantity, sum(cif_baht) AS cif_baht
              FROM discharge GROUP BY 1
        )
        SELECT format('import line %s: noted %s / %s baht, discharged %s / %s baht',
                      declaration_line.id, discharged_quantity, discharged_cif_baht,
                      written.quantity, written.cif_baht)
          FROM declaration_line LEFT JOIN written USING (id)
          JOIN declaration ON declaration.id = declaration_id
         WHERE document_type IN ({_INTO_BOND})
           AND (discharged_quantity <> coalesce(written.quantity, 0)
                OR discharged_cif_baht <> coalesce(written.cif_baht, 0)
                OR (discharged_quantity = declaration_line.quantity
                    AND discharged_cif_baht <> declaration_line.cif_baht))
        """,  # noqa: S608 (kinds of ours)
    ),
    _Check(
        N_("What stands in bond for customs stands here, or is on its way by name"),
        "SELECT count(*) FROM lot WHERE declaration_line_id IS NOT NULL",
        # Per import line: what left and is not written off is on its way out (released, gone, not
        # confirmed yet) or out for a time; what is written off and has not left is released, and
        # waits for the gate.
        f"""
        WITH line AS (
            SELECT declaration_line.id, declaration_number, line_number, discharged_quantity
              FROM declaration_line JOIN declaration ON declaration.id = declaration_id
             WHERE document_type IN ({_INTO_BOND}) AND declaration_number IS NOT NULL
        ), onward AS (
            SELECT lot_id, from_location_id, to_location_id, quantity FROM movement
             WHERE kind <> 'receipt' AND NOT EXISTS (
                   SELECT FROM movement AS came
                    WHERE came.id = movement.reverses_id AND came.kind = 'receipt')
        ), gone AS (
            SELECT lot.declaration_line_id AS id,
                   sum(flows.quantity) FILTER (WHERE kind IN ({_OUT_OF_BOND})) AS quantity,
                   sum(flows.quantity) FILTER (WHERE kind IN ('sampled', 'removed')) AS for_a_time
              FROM (SELECT lot_id, to_location_id AS place, quantity FROM onward
                    UNION ALL
                    SELECT lot_id, from_location_id, -quantity FROM onward) AS flows
              JOIN lot ON lot.id = flows.lot_id AND lot.under_bond
              JOIN location ON location.id = flows.place
             GROUP BY 1
        ), released AS (
            SELECT lot.declaration_line_id AS id,
                   sum(used_quantity - coalesce(short.quantity, 0))
                       FILTER (WHERE NOT written) AS unconfirmed,
                   sum(release_line.quantity - used_quantity) FILTER (WHERE written) AS waiting
              FROM release_line JOIN lot ON lot.id = release_line.lot_id
              JOIN release ON release.id = release_id
              JOIN declaration ON declaration.id = release.declaration_id
              CROSS JOIN LATERAL (
                  SELECT document_type = 'P' OR state = 'delivered' AS written) AS discharge
              LEFT JOIN LATERAL (
                  SELECT sum(quantity) AS quantity FROM discrepancy
                   WHERE kind = 'transit_short' AND discrepancy.lot_id = release_line.lot_id
                     AND discrepancy.disposal_id = release.disposal_id) AS short ON true
             GROUP BY 1
        )
        SELECT format('%s line %s: %s written off, %s gone, of it %s for a time and %s not'
                      ' confirmed, %s released and still here', declaration_number, line_number,
                      discharged_quantity, quantity, for_a_time, unconfirmed, waiting)
          FROM line LEFT JOIN gone USING (id) LEFT JOIN released USING (id)
         WHERE coalesce(quantity, 0) - discharged_quantity
            <> coalesce(for_a_time, 0) + coalesce(unconfirmed, 0) - coalesce(waiting, 0)
        """,  # noqa: S608 (kinds of ours)
    ),
    _Check(
        N_("What an import line keeps in suspense is the duty on what it has left"),
        "SELECT count(*) FROM declaration_duty WHERE exemption_pct > 0",
        f"""
        WITH suspense AS (
            SELECT entry_line_id AS id,
                   sum(CASE WHEN to_account = 'suspense' THEN amount ELSE 0 END)
                   - sum(CASE WHEN from_account = 'suspense' THEN amount ELSE 0 END) AS baht
              FROM duty_entry WHERE entry_line_id IS NOT NULL GROUP BY 1
        ), owed AS (
            SELECT line_id AS id, sum(amount - amount_paid - discharged_amount) AS baht
              FROM declaration_duty GROUP BY 1
        )
        SELECT format('%s line %s: %s baht in suspense, %s on what is left', declaration_number,
                      line_number, coalesce(suspense.baht, 0), coalesce(owed.baht, 0))
          FROM declaration_line JOIN declaration ON declaration.id = declaration_id
          LEFT JOIN suspense ON suspense.id = declaration_line.id
          LEFT JOIN owed ON owed.id = declaration_line.id
         WHERE document_type IN ({_INTO_BOND}) AND declaration_number IS NOT NULL
           AND coalesce(suspense.baht, 0)
               <> CASE WHEN state = 'cancelled' THEN 0 ELSE coalesce(owed.baht, 0) END
        """,  # noqa: S608 (kinds of ours)
    ),
    _Check(
        N_("Each lot stands behind one import line, of its owner's goods, in its quantity"),
        "SELECT count(*) FROM lot WHERE declaration_line_id IS NOT NULL",
        """
        SELECT format('lot %s: %s bound, %s declared', lot.number, lot.quantity,
                      declared_lot.quantity)
          FROM lot LEFT JOIN declared_lot
            ON declared_lot.lot_id = lot.id AND declared_lot.line_id = lot.declaration_line_id
          LEFT JOIN declaration_line ON declaration_line.id = lot.declaration_line_id
          LEFT JOIN product ON product.id = declaration_line.product_id
         WHERE lot.declaration_line_id IS NOT NULL AND lot.origin <> 'handled'
           AND (declared_lot.quantity IS DISTINCT FROM lot.quantity
                OR declaration_line.unit IS DISTINCT FROM lot.unit
                OR product.partner_id IS DISTINCT FROM lot.partner_id)
        """,
    ),
    _Check(
        N_("The guarantee account is the sum of its entries"),
        "SELECT count(*) FROM guarantee_entry",
        """
        WITH entered AS (
            SELECT account_id AS id,
                   sum(CASE kind WHEN 'reserve' THEN amount WHEN 'debit' THEN -amount
                                 WHEN 'free' THEN -amount ELSE 0 END) AS reserved,
                   sum(CASE kind WHEN 'debit' THEN amount WHEN 'release' THEN -amount
                                 ELSE 0 END) AS debited
              FROM guarantee_entry GROUP BY 1
        )
        SELECT format('account %s: reserved %s, entries %s; debited %s, entries %s',
                      guarantee_account.id, reserved_baht, reserved, debited_baht, debited)
          FROM guarantee_account LEFT JOIN entered USING (id)
         WHERE reserved_baht <> coalesce(reserved, 0) OR debited_baht <> coalesce(debited, 0)
        """,
    ),
    _Check(
        N_("What is drawn from a permit is what lines drew and did not give back"),
        "SELECT count(*) FROM permit",
        """
        WITH drawn AS (
            SELECT permit_id AS id,
                   sum(CASE kind WHEN 'drawn' THEN quantity ELSE -quantity END) AS quantity
              FROM permit_draw GROUP BY 1
        )
        SELECT format('permit %s: %s drawn, %s by lines, %s allowed', number, drawn_quantity,
                      coalesce(drawn.quantity, 0), permit.quantity)
          FROM permit LEFT JOIN drawn USING (id)
         WHERE drawn_quantity <> coalesce(drawn.quantity, 0) OR drawn_quantity > permit.quantity
        """,
    ),
    _Check(
        N_("Guarantee in force = the letters that have begun and not ended, and their entries"),
        "SELECT count(*) FROM guarantee_letter",
        """
        WITH letters AS (
            SELECT account_id AS id, sum(amount) AS baht FROM guarantee_letter
             WHERE began_at IS NOT NULL AND ended_at IS NULL AND approved_at IS NOT NULL GROUP BY 1
        ), entered AS (
            SELECT account_id AS id,
                   sum(CASE kind WHEN 'top_up' THEN amount WHEN 'end' THEN -amount
                                 ELSE 0 END) AS baht
              FROM guarantee_entry GROUP BY 1
        )
        SELECT format('account %s: in force %s, letters %s, entries %s', guarantee_account.id,
                      in_force_baht, letters.baht, entered.baht)
          FROM guarantee_account LEFT JOIN letters USING (id) LEFT JOIN entered USING (id)
         WHERE in_force_baht <> coalesce(letters.baht, 0)
            OR in_force_baht <> coalesce(entered.baht, 0)
        """,
    ),
    _Check(
        N_("Guarantee debited = duty and tax in suspense"),
        "SELECT count(*) FROM duty_entry",
        """
        WITH suspense AS (
            SELECT declaration.premises_id,
                   sum(CASE WHEN to_account = 'suspense' THEN amount ELSE 0 END)
                   - sum(CASE WHEN from_account = 'suspense' THEN amount ELSE 0 END) AS baht
              FROM duty_entry
              JOIN declaration ON declaration.id = declaration_id
             GROUP BY 1
        )
        SELECT format('premises %s: debited %s, in suspense %s', premises.code, debited_baht, baht)
          FROM guarantee_account JOIN premises ON premises.id = premises_id
          LEFT JOIN suspense USING (premises_id)
         WHERE debited_baht <> coalesce(baht, 0)
        """,
    ),
    _Check(
        N_("What is paid on a release = its lines and its rounding"),
        "SELECT count(*) FROM declaration"
        " WHERE document_type = 'P' AND state IN ('released', 'delivered')",
        """
        WITH entered AS (
            SELECT declaration_id AS id,
                   sum(CASE WHEN to_account = 'paid' THEN amount ELSE 0 END) AS paid,
                   sum(CASE WHEN to_account = 'payable' THEN amount ELSE 0 END)
                   - sum(CASE WHEN from_account = 'payable' THEN amount ELSE 0 END) AS payable
              FROM duty_entry GROUP BY 1
        )
        SELECT format('%s: total tax %s, paid %s, still payable %s', declaration_number,
                      total_tax, paid, payable)
          FROM declaration LEFT JOIN entered USING (id)
         WHERE document_type = 'P' AND state IN ('released', 'delivered')
           AND (total_tax <> coalesce(paid, 0) OR coalesce(payable, 0) <> 0)
        """,
    ),
    _Check(
        N_("Every shipment stands where its history ends"),
        "SELECT count(*) FROM shipment",
        """
        SELECT format('%s: %s / %s / %s', number, custody, customs, held) FROM shipment
         WHERE custody IS DISTINCT FROM (
                   SELECT status FROM shipment_history WHERE shipment_id = shipment.id
                      AND axis = 'custody' ORDER BY sequence DESC LIMIT 1)
            OR nullif(customs, 'none') IS DISTINCT FROM (
                   SELECT status FROM shipment_history WHERE shipment_id = shipment.id
                      AND axis = 'customs' ORDER BY sequence DESC LIMIT 1)
            OR held IS DISTINCT FROM coalesce((
                   SELECT nullif(status, 'lifted') FROM shipment_history
                    WHERE shipment_id = shipment.id AND axis = 'hold'
                    ORDER BY sequence DESC LIMIT 1), '')
            OR (custody IN ('dispatched', 'returned')) <> EXISTS (
                   SELECT FROM reservation JOIN order_line ON order_line.id = order_line_id
                    WHERE order_line.order_id = shipment.order_id AND state = 'issued')
        """,
    ),
    _Check(
        N_("What is picked, loaded or cancelled stands where it should, with its work"),
        "SELECT count(*) FROM shipment",
        """
        SELECT format('reservation %s is picked and stands at %s', reservation.id, location.code)
          FROM reservation JOIN location ON location.id = location_id
         WHERE state = 'picked' AND order_line_id IS NOT NULL
           AND location.kind NOT IN ('stage', 'hold')
        UNION ALL
        SELECT format('%s on %s is %s', shipment.number, manifest.number, custody)
          FROM manifest_line JOIN manifest ON manifest.id = manifest_id
          JOIN shipment ON shipment.id = shipment_id
         WHERE (manifest.state = 'dispatched') <> (custody IN ('dispatched', 'returned'))
        UNION ALL
        SELECT format('%s is loaded and on no manifest', number) FROM shipment
         WHERE custody = 'loaded'
           AND NOT EXISTS (SELECT FROM manifest_line WHERE shipment_id = shipment.id)
        UNION ALL
        SELECT format('%s is %s and still to be picked', number, custody)
          FROM assignment JOIN shipment ON shipment.id = shipment_id
         WHERE assignment.kind = 'pick' AND assignment.state IN ('open', 'taken')
           AND custody <> 'stored'
        UNION ALL
        SELECT format('%s is cancelled, and nobody is to put its goods back', number) FROM shipment
         WHERE custody = 'cancelled'
           AND EXISTS (SELECT FROM reservation JOIN order_line ON order_line.id = order_line_id
                        WHERE order_line.order_id = shipment.order_id AND state = 'picked')
           AND NOT EXISTS (SELECT FROM assignment
                            WHERE shipment_id = shipment.id AND kind = 'put_back'
                              AND state IN ('open', 'taken'))
        """,
    ),
    _Check(
        N_("Every accepted scan of a movement left its movement, and no movement lacks its scan"),
        "SELECT count(*) FROM movement WHERE scan_id IS NOT NULL",
        """
        SELECT format('movement %s names scan %s, which was not accepted', movement.id, scan_id)
          FROM movement LEFT JOIN scan ON scan.id = scan_id
         WHERE scan_id IS NOT NULL AND (scan.id IS NULL OR scan.tone = 'refused')
        """,
    ),
)


def prove(
    session: Session, progress: Callable[[str], None] = lambda _name: None
) -> Sequence[Proof]:
    """Run every proof against one snapshot; *progress* hears the name of each as it begins."""
    session.execute(sa.text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
    session.execute(sa.text("SET LOCAL statement_timeout = 0"))
    proofs = []
    for check in _CHECKS:
        progress(check.name)
        counted = session.execute(sa.text(check.count)).scalar_one()
        differences = tuple(session.execute(sa.text(check.differences)).scalars())
        proofs.append(Proof(check.name, counted, differences))
    progress(_CHAIN)
    sealed, broken = seals.verify(session)
    return [*proofs, Proof(_CHAIN, sealed, tuple(broken))]


def astray(session: Session) -> Sequence[Astray]:
    """The lots that stand where no movement brought them, or do not stand where one did."""
    return [Astray(*row) for row in session.execute(sa.text(_ASTRAY))]


_CHAIN: Final = N_("The chain of events is whole")
