"""What the floor hears while it counts: nothing of what the book expects."""

from typing import Final

from warehouse.core.i18n import N_
from warehouse.operations.floor.messages import Message, refusal
from warehouse.operations.vocabulary import Tone

# ── What to do next ──────────────────────────────────────────────────────────────────────────────

COUNT: Final = Message(
    "count", N_("Counting. Scan a bin, or CMD-NEXT for the next one that is planned.")
)
SCAN_BIN: Final = N_("Scan the bin to count.")
SCAN_ITEM: Final = N_("Scan what is in the bin. CMD-DONE ends, CMD-EMPTY says that it is empty.")
GO_TO: Final = Message("go-to", N_("Go to {location}, count it, and scan it first."))

# ── What was done ────────────────────────────────────────────────────────────────────────────────

BEGUN: Final = Message("count-begun", N_("Counting {location}. Scan everything that is in it."))
GOING_ON: Final = Message("count-going-on", N_("Going on with {location}. Counted: {tally}."))
COUNTED: Final = Message("counted", N_("{label}: {quantity}."))
NOT_IN_BOOK: Final = Message(
    "not-in-book", N_("{label} is not in the book. It is noted: put it aside."), Tone.WARNING
)
COUNTED_ALREADY: Final = Message(
    "counted-already", N_("{label} was counted already. It counts once."), Tone.WARNING
)
MOVED_MEANWHILE: Final = Message(
    "moved-meanwhile",
    N_("{label} was carried while you counted it. Count all of it in this bin again, from one."),
    Tone.WARNING,
)
AGREES: Final = Message("count-agrees", N_("{location} is counted, and agrees."))
COUNT_AGAIN: Final = Message(
    "count-again",
    N_("{location} is counted. Another person counts it once more."),
    Tone.WARNING,
)
DIFFERS: Final = Message(
    "count-differs",
    N_("{location} is counted, and differs: {cases}. Leave it as it is, the supervisor comes."),
    Tone.WARNING,
)

# ── What is asked ────────────────────────────────────────────────────────────────────────────────

TAKE_OVER: Final = Message(
    "take-over-count",
    N_("{person} is counting {location}. Take over? Scan it again."),
    Tone.WARNING,
)

# ── Why something is refused ─────────────────────────────────────────────────────────────────────

NOTHING_PLANNED: Final = refusal(
    "nothing-planned", N_("No count is waiting for you. Scan a bin to count it all the same.")
)
NOT_COUNTABLE: Final = refusal("not-countable", N_("{location} holds no goods that are counted."))
UNDER_INVESTIGATION: Final = refusal(
    "under-investigation", N_("{location} differs, and a case is open. The supervisor decides.")
)
TAKEN_OVER: Final = refusal(
    "taken-over", N_("{person} goes on with the count of {location}. Choose another bin.")
)
COUNT_FIRST: Final = refusal(
    "count-first", N_("You are counting {location}. End it with CMD-DONE, then scan {scanned}.")
)
NOTHING_COUNTED: Final = refusal(
    "nothing-counted", N_("Nothing is counted in {location}. If it is empty, scan CMD-EMPTY.")
)
NOT_EMPTY: Final = refusal(
    "not-empty", N_("{location} is not empty: {tally} is counted. End with CMD-DONE.")
)
NUMBER_OF_WHAT: Final = refusal(
    "number-of-what", N_("Scan the goods first, then how many: {scanned}.")
)
SEVERAL_OWNERS: Final = refusal(
    "several-owners", N_("{scanned} is of several owners. Scan the label of the parcel.")
)
