"""The scan page: where a clerk with gloves receives, puts away, picks, packs and lets out."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from fastapi import APIRouter, Request, Response

from warehouse.access.http import WorkDep, device_of, requires
from warehouse.access.vocabulary import Permission
from warehouse.core import pages
from warehouse.core.i18n import N_
from warehouse.core.pages import Door
from warehouse.operations.floor.flows import FLOWS
from warehouse.operations.vocabulary import CANCEL, TaskKind

DOOR: Final = Door(
    "/scan", N_("Scan"), N_("Receive, put away, pick, pack, let out"), Permission.SCAN
)


class Button(NamedTuple):
    """A command on the screen, for a finger or a *key*; *task* is what it begins, if anything."""

    barcode: str
    key: str
    label: str
    task: TaskKind | None = None


_LABELS: Final[Mapping[TaskKind, str]] = {
    TaskKind.RECEIVE: N_("Receive"),
    TaskKind.PUT_AWAY: N_("Put away"),
    TaskKind.PICK: N_("Pick"),
    TaskKind.PACK: N_("Pack"),
    TaskKind.EXIT: N_("Exit gate"),
}
# Browsers reload on F5; a clerk who wants that must get it.
_KEYS: Final = ("F1", "F2", "F3", "F4", "F6")
BUTTONS: Final[Sequence[Button]] = (
    *(
        Button(flow.command, key, _LABELS[flow.kind], flow.kind)
        for key, flow in zip(_KEYS, FLOWS, strict=True)
    ),
    Button(CANCEL, "Escape", N_("Cancel")),
)

router = APIRouter(include_in_schema=False)


@router.get("/scan", dependencies=[requires(Permission.SCAN)])
def scan_page(request: Request, work: WorkDep) -> Response:
    """One field, one queue, one answer for each scan."""
    device = device_of(request, work)
    return pages.page(
        request, "operations/scan.html", device=device.code if device else "", buttons=BUTTONS
    )
