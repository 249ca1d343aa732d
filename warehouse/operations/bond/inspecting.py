"""The red order: customs inspects goods, here, and says what it found.

What is to be inspected is held and carried aside.  What the officer did not find is a difference
with a clock (Customs Act s.125); the rest goes on as soon as customs releases the declaration.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlmodel import Session, select

from warehouse.access import queries as people
from warehouse.core import pictures
from warehouse.core.jobs import Facts
from warehouse.core.money import ZERO
from warehouse.core.work import Work
from warehouse.customs import commands
from warehouse.customs import queries as customs
from warehouse.customs.errors import MoreThanDeclared, NoInspection
from warehouse.customs.models import Declaration, DeclarationLine, Inspection
from warehouse.customs.vocabulary import LET_GO, DeclarationState
from warehouse.inventory import discrepancies
from warehouse.inventory.counting_rules import Stock
from warehouse.inventory.errors import NotAPicture
from warehouse.inventory.holds import Level, Target
from warehouse.inventory.models import Lot
from warehouse.inventory.vocabulary import DiscrepancyKind
from warehouse.masterdata.reasons import Reason
from warehouse.operations.bond import counting, holding

# What stands here of the goods behind a declaration, or behind one of its lines.
STANDING: Final = """
SELECT behind.line_id, balance.lot_id, balance.location_id, balance.quantity, balance.reserved
  FROM declared_lot AS behind
  JOIN declaration_line AS line ON line.id = behind.line_id
  JOIN balance ON balance.lot_id = behind.lot_id AND balance.quantity > 0
  JOIN location ON location.id = balance.location_id AND NOT location.virtual
 WHERE line.declaration_id = %(declaration_id)s
 ORDER BY line.line_number, balance.lot_id, balance.location_id
"""

HELD: Final = """
SELECT DISTINCT hold.id FROM hold
  JOIN declared_lot AS behind ON behind.lot_id = hold.lot_id
  JOIN declaration_line AS line ON line.id = behind.line_id
 WHERE line.declaration_id = %(declaration_id)s AND hold.closed_at IS NULL
   AND hold.reason = %(reason)s AND hold.note = %(note)s
 ORDER BY hold.id
"""


@dataclass(frozen=True, slots=True)
class Result:
    """What the *officer* (user name or badge) found: quantities by line number, seals, a photo."""

    officer: str
    found: Mapping[int, Decimal]
    photo: bytes
    seal_removed: str = ""
    seal_applied: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Place:
    """So much of a lot at one place."""

    line_id: UUID
    lot_id: UUID
    location_id: UUID
    quantity: Decimal
    promised: Decimal


def stage(work: Work, facts: Facts) -> None:
    """Customs chose a lane for the declaration *subject*: what it will inspect is carried aside."""
    declaration = customs.declaration_by_id(work.session, UUID(facts["subject"]))
    if declaration.state is not DeclarationState.RED:
        return
    for lot_id in sorted({place.lot_id for place in _standing(work, declaration.id)}):
        holding.place(
            work,
            Reason.CUSTOMS_INSPECTION.value,
            Target(Level.LOT, lot_id),
            note=declaration.reference_number,
            premises_id=declaration.premises_id,
        )


def let_go_on(work: Work, facts: Facts) -> None:
    """Customs released the declaration *subject*: what was held for its inspection goes on."""
    declaration = customs.declaration_by_id(work.session, UUID(facts["subject"]))
    if declaration.state not in LET_GO:
        return
    held = work.sql(
        HELD,
        declaration_id=declaration.id,
        reason=Reason.CUSTOMS_INSPECTION.value,
        note=declaration.reference_number,
    ).fetchall()
    for (hold_id,) in held:
        holding.end(work, hold_id, declaration.declaration_number or declaration.reference_number)


def record(work: Work, declaration: Declaration, result: Result) -> Inspection:
    """Record what customs found in the goods of *declaration*; what is short becomes a case.

    Raises:
        NoInspection: none was ordered, or its result is here already.
        UnknownOfficer: nobody of that name is an officer here.
        NotAPicture: the photo is no JPEG, PNG or WebP picture.
        MoreThanDeclared: more was found of a line than it declares.
    """
    commands.lock(work, declaration.id)
    waits = declaration.state in (DeclarationState.RED, DeclarationState.EXAMINED)
    if not waits or of_declaration(work.session, declaration.id) is not None:
        raise NoInspection(number=declaration.reference_number)
    officer = people.officer(work.session, result.officer)
    media_type = pictures.media_type(result.photo)
    if media_type is None:
        raise NotAPicture(most=pictures.MOST_BYTES // 1024 // 1024)
    lines = customs.lines(work.session, declaration.id)
    places = _standing(work, declaration.id)
    for line in lines:
        found = result.found.get(line.line_number, line.quantity)
        if found > line.quantity:
            raise MoreThanDeclared(line=line.line_number, declared=line.quantity, found=found)
        _open_cases(work, declaration, line, line.quantity - found, places)
    inspection = Inspection(
        declaration_id=declaration.id,
        officer_id=officer.id,
        found={str(number): f"{quantity:f}" for number, quantity in result.found.items()},
        seal_removed=result.seal_removed,
        seal_applied=result.seal_applied,
        note=result.note,
        photo=result.photo,
        photo_type=media_type,
        recorded_by=work.actor.name,
        at=work.at,
    )
    work.session.add(inspection)
    commands.examine(work, declaration, work.at)
    return inspection


def of_declaration(session: Session, declaration_id: UUID) -> Inspection | None:
    """The result of an inspection, if it is here."""
    return session.exec(
        select(Inspection).where(Inspection.declaration_id == declaration_id)
    ).first()


def _open_cases(
    work: Work,
    declaration: Declaration,
    line: DeclarationLine,
    short: Decimal,
    places: Sequence[_Place],
) -> None:
    """A case for each place that *short* of *line* is taken from, what is promised last."""
    of_line = sorted(
        (place for place in places if place.line_id == line.id),
        key=lambda place: (place.promised > 0, place.lot_id),
    )
    for place in of_line:
        if short <= ZERO:
            return
        missing = min(short, place.quantity)
        lot = work.session.get_one(Lot, place.lot_id)
        case = discrepancies.open_case(
            work,
            DiscrepancyKind.COUNT_SHORT,
            premises_id=declaration.premises_id,
            partner_id=lot.partner_id,
            handling_unit_id=lot.handling_unit_id,
            lot_id=lot.id,
            location_id=place.location_id,
            quantity=missing,
            expected=f"{place.quantity.normalize():f}",
            found=f"{(place.quantity - missing).normalize():f}",
            note=declaration.reference_number,
        )
        broken = max(place.promised - (place.quantity - missing), ZERO)
        counting.set_apart(work, case, Stock(lot.id, missing, broken))
        short -= missing


def _standing(work: Work, declaration_id: UUID) -> list[_Place]:
    return [_Place(*row) for row in work.sql(STANDING, declaration_id=declaration_id)]
