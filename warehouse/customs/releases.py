"""How far customs is with letting an order's goods go, and what still stands in the way."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from warehouse.core.errors import WarehouseError
from warehouse.core.i18n import N_
from warehouse.core.work import Work
from warehouse.customs.errors import (
    AuthorityExpired,
    AuthorityRevoked,
    NotDeclared,
    NotReleased,
    ReleaseUsed,
)
from warehouse.customs.vocabulary import DeclarationState

WAITING_FOR: Final[Mapping[DeclarationState, str]] = {
    DeclarationState.DRAFT: N_("the declaration is a draft"),
    DeclarationState.APPROVED: N_("approved, to be sent in its filing window"),
    DeclarationState.QUEUED: N_("waiting to be sent to customs"),
    DeclarationState.SENT: N_("sent, waiting for customs"),
    DeclarationState.UNKNOWN: N_("sent, no answer of customs yet"),
    DeclarationState.REJECTED: N_("customs refused the declaration"),
    DeclarationState.WITHOUT_NUMBER: N_("customs could not match the manifest"),
    DeclarationState.NUMBERED: N_("waiting for payment"),
    DeclarationState.PAID: N_("paid, waiting for customs' order"),
    DeclarationState.GUARANTEED: N_("guaranteed, waiting for customs' order"),
    DeclarationState.EXEMPT: N_("nothing to pay, waiting for customs' order"),
    DeclarationState.GREEN: N_("green, waiting for customs to release it"),
    DeclarationState.RED: N_("customs will inspect the goods"),
    DeclarationState.EXAMINED: N_("inspected, waiting for customs to release it"),
    DeclarationState.RELEASED: N_("released, the release note is being written"),
    DeclarationState.DELIVERED: N_("delivered"),
}
"""What a release waits for, by the state of its declaration."""

INSPECTION: Final = N_("customs will inspect the goods")


class Standing(NamedTuple):
    """Where the release of an order stands."""

    declaration: DeclarationState | None
    number: str | None
    granted_at: datetime | None
    valid_until: datetime | None
    revoked_at: datetime | None
    used: bool


STANDING: Final = """
SELECT declaration.state, release.number, release.granted_at, release.valid_until,
       release.revoked_at,
       EXISTS (SELECT FROM release_line WHERE release_id = release.id AND used_quantity > 0)
  FROM (SELECT %(order_id)s::uuid AS id) AS wanted
  LEFT JOIN declaration ON declaration.order_id = wanted.id AND declaration.state <> 'cancelled'
  LEFT JOIN release ON release.order_id = wanted.id
"""


def standing(work: Work, order_id: UUID) -> Standing:
    """Where the release of an order stands now."""
    state, *rest = work.sql(STANDING, order_id=order_id).fetchall()[0]
    return Standing(state and DeclarationState(state), *rest)


def obstacle(release: Standing, at: datetime, *, inspected: bool = False) -> WarehouseError | None:
    """Why goods may not leave under *release* at *at* (Customs Act s.51); None if they may.

    *inspected*: customs gave the red order.
    """
    if release.number is None:
        if release.declaration is None:
            return NotDeclared()
        waits = INSPECTION if inspected else WAITING_FOR[release.declaration]
        return NotReleased(waiting=waits)
    if release.revoked_at is not None:
        return AuthorityRevoked(number=release.number, at=release.revoked_at)
    if release.valid_until is not None and release.valid_until < at:
        return AuthorityExpired(authority=release.number, at=release.valid_until)
    return ReleaseUsed(number=release.number) if release.used else None
