"""What the floor hears inside the warehouse: putting away, moving, replenishing, handling."""

from typing import Final

from warehouse.core.i18n import N_
from warehouse.operations.floor.messages import Message, refusal
from warehouse.operations.vocabulary import Tone

# ── What to do next ──────────────────────────────────────────────────────────────────────────────

PUT_AWAY: Final = Message("put-away", N_("Putting away. Scan a parcel."))
SCAN_LOCATION: Final = N_("Scan the bin.")
MOVE: Final = Message("move", N_("Moving. Scan a parcel, a container, or a bin to empty it."))
SCAN_UNIT: Final = N_("Scan a parcel, a container, or a bin to empty it.")
SCAN_TARGET: Final = N_("Scan the bin or container it goes to.")
REPLENISH: Final = Message(
    "replenish", N_("Replenishing. Scan CMD-NEXT for the next bin, or scan a pick bin.")
)
SCAN_PICK_BIN: Final = N_("Scan CMD-NEXT for the next bin, or scan a pick bin.")
HANDLE: Final = Message("handle", N_("Handling. Scan the number of what customs permitted."))
SCAN_PERMITTED: Final = N_("Scan the number of what customs permitted.")
SCAN_PUT_IN: Final = N_("Scan each parcel that goes in, then CMD-DONE.")
SCAN_NEW_LABEL: Final = N_("Scan a new label, or CMD-DONE when nothing is left.")
SCAN_TAKEN_OUT: Final = N_(
    "Scan each piece, or how many; CMD-NEXT for another label, CMD-DONE for all that is left."
)
SCAN_SOURCE: Final = N_("Scan the bin to take from.")
SCAN_GOODS: Final = N_("Scan the goods.")
SCAN_QUANTITY: Final = N_("Scan or type how many you took, or scan the pick bin to take as told.")

# ── What was done ────────────────────────────────────────────────────────────────────────────────

PARCEL_IN_HAND: Final = Message("parcel-in-hand", N_("{parcel} stands at {at}. Scan the new bin."))
DIRECTED: Final = Message("directed", N_("Take {parcel} to {location}."))
NO_BIN: Final = Message(
    "no-bin", N_("No bin may take {parcel} now. Tell the supervisor."), Tone.WARNING
)
STORED: Final = Message("stored", N_("{parcel} is in {location}."))
EMPTYING: Final = Message(
    "emptying", N_("Everything in {location} is in hand. Scan where it goes."), Tone.WARNING
)
NEW_IN_HAND: Final = Message("new-in-hand", N_("{unit} is set up. Scan where it stands."))
MOVED: Final = Message("moved", N_("{unit} is in {location}: {lots} lots went there."))
TAKE_FROM: Final = Message(
    "take-from", N_("Go to {source}: take {quantity} × {sku} for {location}.")
)
AT_SOURCE: Final = Message("at-source", N_("{source} is right. Take {quantity} × {sku}, scan it."))
GOODS_RIGHT: Final = Message(
    "goods-right", N_("{sku} is right. How many did you take? {quantity} are wanted.")
)
BRING: Final = Message("bring", N_("Bring {quantity} × {sku} to {location}."))
REPLENISHED: Final = Message("replenished", N_("{quantity} × {sku} is in {location}."))
PASSED_OVER: Final = Message("passed-over", N_("{location} is left for later."))

NOTHING_TO_TAKE: Final = Message(
    "nothing-to-take", N_("Nothing in store may go to {location} now."), Tone.WARNING
)

PERMITTED: Final = Message("permitted", N_("{number}: {kind}. Scan each parcel that goes in."))
PUT_IN: Final = Message("put-in", N_("{parcel} goes in: {goods}. {parcels} parcels so far."))
ALL_IN: Final = Message("all-in", N_("Scan the new label of the first parcel that comes out."))
LABELLED: Final = Message("labelled", N_("What goes into {parcel}? Left: {goods}."))
TAKEN_OUT: Final = Message("taken-out", N_("{quantity} × {sku} goes into {parcel}. Left: {goods}."))
HANDLED: Final = Message("handled", N_("{number} is done: {parcels} stands in {location}."))

# ── What is asked ────────────────────────────────────────────────────────────────────────────────

OTHER_BIN: Final = Message(
    "other-bin",
    N_("{parcel} belongs in {directed}, not in {location}. Scan {location} again if you mean it."),
    Tone.WARNING,
)
NEW_CONTAINER: Final = Message(
    "new-container", N_("{unit} is new. Scan it again to set it up."), Tone.WARNING
)

# ── Why something is refused ─────────────────────────────────────────────────────────────────────

NOT_RECEIVED: Final = refusal(
    "not-received", N_("Parcel {parcel} has not been received. Receive it first.")
)
NOTHING_LEFT: Final = refusal(
    "nothing-left", N_("Nothing of parcel {parcel} stands at the dock or in a bin.")
)
ALREADY_THERE: Final = refusal("already-there", N_("Parcel {parcel} is in {location} already."))
WRONG_BIN: Final = refusal("wrong-bin", N_("{location} is the wrong bin. Take it to {directed}."))
NOTHING_THERE: Final = refusal("nothing-there", N_("Nothing to move stands in {location}."))
UNKNOWN_UNIT: Final = refusal("unknown-unit", N_("No parcel or container {unit} is known here."))
SCATTERED: Final = refusal(
    "scattered", N_("{unit} stands at {at}. Bring it to one place before it goes into {container}.")
)
CANNOT_NEST_ALL: Final = refusal(
    "cannot-nest-all", N_("A whole bin cannot go into {container}. Scan a place.")
)
NOTHING_TO_REPLENISH: Final = refusal("nothing-to-replenish", N_("No pick bin waits to be filled."))
NOT_TO_REPLENISH: Final = refusal("not-to-replenish", N_("{location} is not waiting to be filled."))
TAKEN_BY_ANOTHER: Final = Message(
    "taken-by-another",
    N_("Somebody else fills {location}. Scan it again to take it over."),
    Tone.WARNING,
)
WRONG_SOURCE: Final = refusal(
    "wrong-source", N_("{location} is the wrong bin. Take {sku} from {source}: it is the oldest.")
)
WRONG_GOODS: Final = refusal(
    "wrong-goods", N_("{scanned} is the wrong goods. Scan parcel {parcel}: take {sku}.")
)
TOO_MANY: Final = refusal("too-many", N_("{most} × {sku} may go to {location}, not {scanned}."))
WRONG_TARGET: Final = refusal("wrong-target", N_("{scanned} is wrong. Bring it to {location}."))
PROMISED: Final = refusal("promised", N_("Some of {parcel} is promised to an order: leave it."))
APART: Final = refusal(
    "apart", N_("{parcel} does not stand in {location}. Bring the parcels to one place first.")
)
NOTHING_PUT_IN: Final = refusal("nothing-put-in", N_("Nothing goes in yet. Scan a parcel first."))
IN_ALREADY: Final = refusal("in-already", N_("{parcel} goes in already."))
LABEL_EXPECTED: Final = refusal("label-expected", N_("{scanned} is no label for a new parcel."))
LABEL_IN_USE: Final = refusal("label-in-use", N_("{scanned} is in use. Take a new label."))
STILL_LEFT: Final = refusal("still-left", N_("{goods} has not come out yet."))
NOT_LEFT: Final = refusal("not-left", N_("{scanned} is not left to come out. Left: {goods}."))
WHICH_GOODS: Final = refusal(
    "which-goods", N_("Scan the goods before their number. Left: {goods}.")
)
