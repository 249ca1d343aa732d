"""What every draft has: its number, what its lines come to, and how it is written.

A declaration may have 9,999 lines.  They, their duties and the lots behind them are streamed into
the database; the session holds none of them, and reads those that are asked for later.
"""

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import Final, NamedTuple
from uuid import UUID

from warehouse.core import ids, numbers
from warehouse.core.money import ZERO
from warehouse.core.work import Work
from warehouse.customs.errors import GrossBelowNet
from warehouse.customs.models import Declaration, DeclarationLine
from warehouse.customs.money.charging import Duty
from warehouse.masterdata.models import Premises

_EXPLAINED: Final = "explained"
_PLAIN: Final = tuple(name for name in DeclarationLine.model_fields if name != _EXPLAINED)
_plain_of: Final = attrgetter(*_PLAIN)


class Behind(NamedTuple):
    """So much of a lot stands behind a line."""

    line_id: UUID
    lot_id: UUID
    quantity: Decimal


def reference(work: Work, premises: Premises) -> str:
    """A new reference number: 4 characters of the profile and 9 running digits, 13 in all."""
    return f"{premises.reference_profile}{numbers.running(work, 'REF'):09}"


def add_up(declaration: Declaration, rows: Sequence[DeclarationLine]) -> None:
    """Let *declaration* say what its lines *rows* come to.

    Raises:
        GrossBelowNet: it weighs less than they do.
    """
    declaration.cif_foreign = sum((row.cif_foreign for row in rows), ZERO)
    declaration.cif_baht = sum((row.cif_baht for row in rows), ZERO)
    declaration.net_weight_kg = sum((row.net_weight_kg for row in rows), ZERO)
    if declaration.gross_weight_kg < declaration.net_weight_kg:
        raise GrossBelowNet(gross=declaration.gross_weight_kg, net=declaration.net_weight_kg)


def write(
    work: Work,
    declaration: Declaration,
    rows: Iterable[DeclarationLine],
    lots: Iterable[Behind],
    duties: Iterable[Duty] = (),
) -> None:
    """Write *declaration* with its lines *rows*, the *lots* behind them, and their *duties*."""
    work.session.add(declaration)
    lines = ((*_plain_of(row), json.dumps(row.explained)) for row in rows)
    work.copy("declaration_line", (*_PLAIN, _EXPLAINED), lines)
    write_duties(work, duties)
    work.copy("declared_lot", ("id", *Behind._fields), ((ids.new_id(), *each) for each in lots))


def write_duties(work: Work, duties: Iterable[Duty]) -> None:
    """Write *duties* of lines that are written."""
    rows = ((ids.new_id(), *duty) for duty in duties)
    work.copy("declaration_duty", ("id", *Duty._fields), rows)
