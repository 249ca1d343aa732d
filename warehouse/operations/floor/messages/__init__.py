"""Every sentence the floor hears: what was done, what to scan next, why something is refused.

Here stand what the engine says and what several rooms say; each room's own are in the file of its
name.  A prompt is a bare sentence: it has no code, because programs go by the step.
"""

from dataclasses import dataclass
from typing import Final

from warehouse.core.i18n import N_
from warehouse.operations.vocabulary import Tone


@dataclass(frozen=True, slots=True)
class Message:
    """A stable *code* for programs, and the gettext key of a *sentence* with facts in braces."""

    code: str
    sentence: str
    tone: Tone = Tone.GOOD


def refusal(code: str, sentence: str) -> Message:
    """Why something is refused."""
    return Message(code, sentence, Tone.REFUSED)


# ── What the engine says ─────────────────────────────────────────────────────────────────────────

CHOOSE_TASK: Final = Message("choose-task", N_("Choose a task."))
NOTHING_READ: Final = refusal("nothing-read", N_("Nothing was read. Scan again."))
NO_TASK: Final = refusal("no-task", N_("Choose a task first, then scan {scanned}."))
UNKNOWN_COMMAND: Final = refusal("unknown-command", N_("There is no command {scanned}."))
NOT_OFFLINE: Final = refusal(
    "not-offline",
    N_("{scanned} was scanned without a network. This is done only with one: scan it again."),
)
UNDONE: Final = Message("undone", N_("{scanned} is undone."))
NOTHING_TO_UNDO: Final = refusal("nothing-to-undo", N_("There is nothing to undo."))
TOO_LATE_TO_UNDO: Final = refusal(
    "too-late-to-undo",
    N_("{scanned} is more than {seconds} seconds ago. Tell the supervisor what went wrong."),
)
NOT_UNDOABLE: Final = refusal(
    "not-undoable", N_("{scanned} cannot be undone. Tell the supervisor what went wrong.")
)

# ── What several rooms say ───────────────────────────────────────────────────────────────────────

SCAN_PARCEL: Final = N_("Scan a parcel.")
PARCEL_EXPECTED: Final = refusal("parcel-expected", N_("{scanned} is a place. Scan a parcel."))
PLACE_EXPECTED: Final = refusal("place-expected", N_("{scanned} is not a place. Scan a bin."))
UNKNOWN_PARCEL: Final = refusal(
    "unknown-parcel",
    N_("No parcel {parcel} is announced here. Put it aside and tell the supervisor."),
)
