"""Pages of what is held: place a hold, lift it, take other goods; and why something stays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import col, select

from warehouse.access.http import WorkDep, requires
from warehouse.access.vocabulary import ROLE_NAMES, Permission, Role
from warehouse.core import pages
from warehouse.core.i18n import N_, translate
from warehouse.core.pages import Door
from warehouse.core.work import Work
from warehouse.inventory import holds
from warehouse.inventory.holds import Level
from warehouse.inventory.vocabulary import HOLD_NAMES, HoldKind
from warehouse.masterdata.reasons import REASON_NAMES, Reason
from warehouse.operations import wall
from warehouse.operations.bond import holding
from warehouse.operations.floor import labels, why
from warehouse.operations.floor.errors import Refused
from warehouse.shipments.models import Shipment
from warehouse.shipments.vocabulary import CUSTODY_NAMES, Custody

router = APIRouter(include_in_schema=False)

DOORS: Final = (
    Door(
        "/holds",
        N_("Holds"),
        N_("What may not leave, why, and who can lift it"),
        Permission.PLACE_HOLDS,
    ),
    Door(
        "/why",
        N_("Why can't this leave?"),
        N_("The one thing that keeps a parcel or a shipment here"),
        Permission.READ_SHIPMENTS,
    ),
)

LEVEL_NAMES: Final = {
    Level.PARTNER: N_("Partner"),
    Level.PRODUCT: N_("Article"),
    Level.CONSIGNMENT: N_("Consignment"),
    Level.UNIT: N_("Parcel"),
    Level.LOT: N_("Lot"),
    Level.LOCATION: N_("Place"),
    Level.SHIPMENT: N_("Shipment"),
}

Text = Annotated[str, Form(max_length=300)]
Numbers = Annotated[str, Form(max_length=4000)]
Wanted = Annotated[str, Query(max_length=60)]

_PAGE: Final = 50

# The open holds of the premises, newest first, each with the name of the one thing it is on.
OPEN: Final = """
SELECT hold.id, hold.kind, hold.reason, hold.note, named.level, named.name, hold.opened_by,
       hold.opened_at, officer.name_th, officer.name_en
  FROM hold LEFT JOIN person AS officer ON officer.id = hold.officer_id
 CROSS JOIN LATERAL (
    SELECT 'partner' AS level, code AS name FROM partner WHERE id = hold.partner_id
    UNION ALL SELECT 'product', sku FROM product WHERE id = hold.product_id
    UNION ALL SELECT 'consignment', number FROM consignment WHERE id = hold.consignment_id
    UNION ALL SELECT 'handling_unit', number FROM handling_unit WHERE id = hold.handling_unit_id
    UNION ALL SELECT 'lot', number FROM lot WHERE id = hold.lot_id
    UNION ALL SELECT 'location', code FROM location WHERE id = hold.location_id
    UNION ALL SELECT 'shipment', number FROM shipment WHERE id = hold.shipment_id
 ) AS named
 WHERE hold.premises_id = %(premises_id)s AND hold.closed_at IS NULL
   AND (%(kind)s::text = '' OR hold.kind = %(kind)s)
   AND (%(wanted)s::text = '' OR named.name = %(wanted)s)
   AND (%(before)s::uuid IS NULL OR hold.id < %(before)s)
 ORDER BY hold.id DESC LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class OpenHold:
    """A hold as the list shows it."""

    id: UUID
    kind: HoldKind
    reason: Reason
    note: str
    level: Level
    name: str
    opened_by: str
    opened_at: datetime
    officer_th: str | None
    officer_en: str | None

    @property
    def lifters(self) -> list[Role]:
        """The roles that may lift it."""
        return holds.lifters(self.kind)


@router.get("/holds", dependencies=[requires(Permission.PLACE_HOLDS)])
def hold_list(
    request: Request,
    work: WorkDep,
    kind: Wanted = "",
    wanted: Wanted = "",
    before: UUID | None = None,
) -> Response:
    """The open holds here, the shipments that they stop, and a form for another."""
    found = _open(work, kind, wanted.strip().upper(), before)
    return pages.page(
        request,
        "operations/holds.html",
        permissions=request.state.permissions,
        holds=found,
        stopped=_stopped(work),
        kind=kind,
        wanted=wanted,
        first=before is None,
        next=found[-1].id if len(found) == _PAGE else None,
        kind_names=HOLD_NAMES,
        reason_names=REASON_NAMES,
        level_names=LEVEL_NAMES,
        role_names=ROLE_NAMES,
        custody_names=CUSTODY_NAMES,
        reallocatable=Custody.ALLOCATED,
    )


@router.post("/holds", dependencies=[requires(Permission.PLACE_HOLDS)])
def place_holds(
    work: WorkDep, numbers: Numbers = "", reason: Text = "", officer: Text = "", note: Text = ""
) -> Response:
    """Hold each of *numbers*, one a line, all or none."""
    holds.refuse_unreasoned(reason)
    for thing in [holding.find(work, number) for number in numbers.split() or [numbers]]:
        holding.place(work, reason, thing.target, note=note, officer=officer)
    return RedirectResponse("/holds", status_code=303)


@router.post("/holds/{hold_id}/lifting", dependencies=[requires(Permission.PLACE_HOLDS)])
def lift_hold(hold_id: UUID, work: WorkDep, note: Text = "") -> Response:
    """Lift a hold, if the role may."""
    holding.lift(work, hold_id, note)
    return RedirectResponse("/holds", status_code=303)


@router.post("/shipments/{number}/reallocation", dependencies=[requires(Permission.MANAGE_FLOOR)])
def reallocate(number: str, work: WorkDep) -> Response:
    """Promise other goods to a shipment in place of those that are held."""
    holding.reallocate(work, number)
    return RedirectResponse(f"/shipments/{number}", status_code=303)


@router.get("/why", dependencies=[requires(Permission.READ_SHIPMENTS)])
def why_page(request: Request, work: WorkDep, code: Wanted = "") -> Response:
    """What keeps the thing called *code* from leaving."""
    sentence, tone = _answer(work, code, pages.language_of(request)) if code.strip() else ("", "")
    return pages.page(request, "operations/why.html", code=code, sentence=sentence, tone=tone)


def _answer(work: Work, code: str, language: str) -> tuple[str, str]:
    label = labels.identify(code)
    try:
        verdict = why.explain(work, wall.here(work), label, label.value)
    except Refused as unknown:
        return unknown.text(language), "unknown"
    sentence = translate(verdict.message.sentence, language, **verdict.facts)
    return sentence, verdict.message.tone.value


def _open(work: Work, kind: str, wanted: str, before: UUID | None) -> list[OpenHold]:
    rows = work.sql(
        OPEN,
        premises_id=wall.here(work),
        kind=kind,
        wanted=wanted,
        before=before,
        limit=_PAGE,
    )
    return [
        OpenHold(key, HoldKind(each), Reason(reason), note, Level(level), *rest)
        for key, each, reason, note, level, *rest in rows
    ]


def _stopped(work: Work) -> Sequence[Shipment]:
    """Shipments that a hold stops, by number."""
    return work.session.exec(
        select(Shipment)
        .where(Shipment.premises_id == wall.here(work), Shipment.held != "")
        .order_by(col(Shipment.number))
        .limit(_PAGE)
    ).all()
