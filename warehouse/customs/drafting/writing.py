"""What every draft has: its number, and what its lines come to."""

from collections.abc import Sequence

from warehouse.core import numbers
from warehouse.core.money import ZERO
from warehouse.core.work import Work
from warehouse.customs.errors import GrossBelowNet
from warehouse.customs.models import Declaration, DeclarationLine
from warehouse.masterdata.models import Premises


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
