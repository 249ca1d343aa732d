"""The scan page: where a clerk with gloves does every task, with a network or without."""

import hashlib
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from fastapi import APIRouter, Request, Response

from warehouse import core
from warehouse.access.http import WorkDep, device_of, public, requires
from warehouse.access.vocabulary import Permission
from warehouse.core import pages
from warehouse.core.envelope import SECURITY_HEADERS
from warehouse.core.i18n import N_
from warehouse.core.pages import Door
from warehouse.operations.floor.counting import EMPTY
from warehouse.operations.floor.flow import Flow
from warehouse.operations.floor.flows import FLOWS
from warehouse.operations.floor.picking import SHORT
from warehouse.operations.floor.receiving import DAMAGED, OPEN
from warehouse.operations.vocabulary import CANCEL, DONE, NEXT, TASK_NAMES, UNDO, Step, TaskKind

DOOR: Final = Door(
    "/scan", N_("Scan"), N_("Receive, put away, count, pick, pack, let out"), Permission.SCAN
)


class TaskButton(NamedTuple):
    """A task on the screen, for a finger or a *key*.

    At its *first* step nothing is in hand.  Without a network a task that is not *offline* is
    refused on the device.
    """

    barcode: str
    key: str
    label: str
    task: TaskKind
    first: Step
    offline: bool

    @property
    def key_cap(self) -> str:
        """What is written on the key."""
        return self.key.replace("Shift+", "⇧ ")


class CommandButton(NamedTuple):
    """A command beside the field; one that is *asked* is shown where the step knows it."""

    barcode: str
    key: str
    key_cap: str
    label: str
    asked: bool = False


# Browsers reload on F5; a clerk who wants that must get it.
_KEYS: Final = ("F1", "F2", "F3", "F4", "F6", "F7", "F8", "F9")


def _task_button(key: str, flow: Flow) -> TaskButton:
    first = next(iter(flow.steps))
    return TaskButton(flow.command, key, TASK_NAMES[flow.kind], flow.kind, first, flow.offline)


TASKS: Final[Sequence[TaskButton]] = [
    _task_button(key, flow)
    for key, flow in zip((*_KEYS, *(f"Shift+{key}" for key in _KEYS), "F10"), FLOWS, strict=True)
]
COMMANDS: Final = (
    CommandButton(CANCEL, "Escape", "Esc", N_("Cancel")),
    CommandButton(UNDO, "Control+Z", "Ctrl Z", N_("Undo")),
    CommandButton(NEXT, "PageDown", "PgDn", N_("Skip"), asked=True),
    CommandButton(DONE, "Control+Enter", "Ctrl ⏎", N_("Finish"), asked=True),
    CommandButton(OPEN, "Control+O", "Ctrl O", N_("Open it"), asked=True),
    CommandButton(DAMAGED, "Control+D", "Ctrl D", N_("Damaged"), asked=True),
    CommandButton(SHORT, "Control+S", "Ctrl S", N_("Not there"), asked=True),
    CommandButton(EMPTY, "Control+E", "Ctrl E", N_("Bin is empty"), asked=True),
)

# The camera's codes are read by WebAssembly where the browser cannot; only this page may run it.
_CONTENT_SECURITY_POLICY: Final = "content-security-policy"
_MAY_RUN_WASM: Final = {
    _CONTENT_SECURITY_POLICY: SECURITY_HEADERS[_CONTENT_SECURITY_POLICY].replace(
        "script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'"
    )
}

_CORE: Final = Path(core.__file__).parent
_WORKER: Final = _CORE / "static" / "scan-worker.js"
_SHELL: Final = (
    "static/scan*", "static/style.css", "static/icon*", "static/vendor/*.js",
    "static/vendor/*.wasm", "fonts/*.ttf",
)  # fmt: skip

router = APIRouter(include_in_schema=False)


@router.get("/scan", dependencies=[requires(Permission.SCAN)])
def scan_page(request: Request, work: WorkDep) -> Response:
    """One field, one queue, one answer for each scan."""
    device = device_of(request, work)
    return pages.page(
        request,
        "operations/scan.html",
        headers=_MAY_RUN_WASM,
        device=device.code if device else "",
        tasks=TASKS,
        commands=COMMANDS,
    )


@router.get("/scan-worker.js", dependencies=[public])
def scan_worker() -> Response:
    """The service worker, from where a browser lets it serve `/scan`; new files, new worker."""
    headers = {"cache-control": "no-cache"}
    return Response(_worker(), media_type="text/javascript", headers=headers)


@cache
def _worker() -> str:
    files = sorted(file for pattern in _SHELL for file in _CORE.glob(pattern))
    contents = b"".join(file.read_bytes() for file in files)
    shell = {
        "version": hashlib.sha256(contents).hexdigest()[:16],
        "files": [f"/{file.relative_to(_CORE).as_posix()}" for file in files if file != _WORKER],
    }
    return f"const SHELL = {json.dumps(shell)};\n{_WORKER.read_text('utf-8')}"
