"""What the floor hears where goods go out: picking, packing, staging, loading, the exit gate."""

from typing import Final

from warehouse.core.i18n import N_
from warehouse.operations.floor.messages import Message, refusal
from warehouse.operations.vocabulary import Tone

# ── What to do next ──────────────────────────────────────────────────────────────────────────────

PICK: Final = Message("pick", N_("Picking. Scan a pick list."))
PACK: Final = Message("pack", N_("Packing. Scan a tote or a parcel label."))
STAGE: Final = Message("stage", N_("Staging. Scan a packed parcel."))
LOAD: Final = Message("load", N_("Loading. Scan a manifest."))
PUT_BACK: Final = Message(
    "put-back", N_("Putting back. Scan a cancelled parcel, or ask for the next.")
)
SCAN_ORDER: Final = N_("Scan a pick list, or ask for the next task.")
SCAN_BIN: Final = N_("Scan the bin to pick from.")
SCAN_GOODS: Final = N_("Scan the goods.")
SCAN_TOTE: Final = N_("Scan a tote, or one more pick list.")
PUT_IN_TOTE: Final = N_("Scan the tote that the goods go into.")
SCAN_TO_PACK: Final = N_("Scan a tote or a parcel label.")
SCAN_ITEM: Final = N_("Scan every item, or one and then how many.")
SCAN_CARTON: Final = N_("Scan the carton, or the weight if there is none.")
WEIGH: Final = N_("Weigh the parcel.")
SCAN_LANE: Final = N_("Scan the lane.")
SCAN_MANIFEST: Final = N_("Scan a manifest.")
SCAN_TO_LOAD: Final = N_("Scan a parcel, or finish the manifest.")
SCAN_SEAL: Final = N_("Scan the seal of the vehicle.")
SCAN_TO_PUT_BACK: Final = N_("Scan a cancelled parcel, or ask for the next.")
SCAN_STORE: Final = N_("Scan the bin that the goods go back to.")

# ── What was done: picking ───────────────────────────────────────────────────────────────────────

PICK_NEXT: Final = Message(
    "pick-next", N_("Go to {location}: {quantity} × {sku} from parcel {parcel}.")
)
TAKE: Final = Message(
    "take", N_("{location} is right. Take {quantity} × {sku} from parcel {parcel} and scan it.")
)
COUNTED: Final = Message("counted", N_("{counted} of {quantity} × {sku}."))
MOVED: Final = Message(
    "moved",
    N_("The goods were carried elsewhere. Go to {location}: {quantity} × {sku} from {parcel}."),
    Tone.WARNING,
)
PICKED: Final = Message("picked", N_("{shipment} is picked. Bring it to {location}."))
IN_ZONE: Final = Message("in-zone", N_("Picking in {location} only."))
ZONE_PICKED: Final = Message(
    "zone-picked", N_("Nothing more for {shipment} here. The rest is picked in another zone.")
)
REST_WAITS: Final = Message(
    "rest-waits",
    N_("The rest of {shipment} cannot be picked now. Bring what you have to {location}."),
    Tone.WARNING,
)
GIVE_TOTE: Final = Message("give-tote", N_("Scan a tote for {shipment}, or one more pick list."))
INTO_TOTE: Final = Message("into-tote", N_("Put {quantity} × {sku} into tote {tote}."))
SHORT: Final = Message(
    "short",
    N_("{missing} × {goods} are missing in {bin}. {waiting} waits until they are counted."),
    Tone.WARNING,
)
SHORT_ELSEWHERE: Final = Message(
    "short-elsewhere",
    N_("{missing} × {goods} are missing in {bin}: it will be counted. Go on at {location}."),
    Tone.WARNING,
)

# ── What was done: from the packing table to the gate ────────────────────────────────────────────

TO_PACK: Final = Message("to-pack", N_("{shipment}: scan {left} items."))
PACK_COUNTED: Final = Message("pack-counted", N_("{counted} of {quantity} × {sku}. {left} left."))
ALL_ITEMS: Final = Message("all-items", N_("All items of {shipment} are scanned. Scan the carton."))
IN_CARTON: Final = Message("in-carton", N_("Carton {carton}. Weigh the parcel."))
PACKED: Final = Message("packed", N_("{parcel} is packed."))
TO_STAGE: Final = Message("to-stage", N_("Bring {parcel} to lane {location}."))
STAGED: Final = Message("staged", N_("{parcel} stands in lane {location}."))
LOADING: Final = Message("loading", N_("{manifest}, {vehicle}: scan the parcels of {route}."))
LOADED: Final = Message("loaded", N_("{parcel} is loaded. {left} are left in the lane."))
ALL_LOADED: Final = Message("all-loaded", N_("All {count} parcels are loaded. Scan the seal."))
MANIFEST_CLOSED: Final = Message(
    "manifest-closed", N_("{manifest} is closed under seal {seal}. Scan it at the gate.")
)
TO_PUT_BACK: Final = Message(
    "to-put-back", N_("{parcel} is cancelled: bring {goods} back to a bin.")
)
GOODS_BACK: Final = Message("goods-back", N_("The goods of {parcel} are back in {location}."))

# ── What is asked ────────────────────────────────────────────────────────────────────────────────

TAKE_OVER: Final = Message(
    "take-over",
    N_("{person} is picking {shipment} since {since}. Scan again to take it over."),
    Tone.WARNING,
)
WEIGHT_OFF_ANYWAY: Final = Message(
    "weight-off-anyway",
    N_("{found} kg, and {expected} kg are expected. If you have looked again, scan once more."),
    Tone.WARNING,
)

# ── Why something is refused: picking ────────────────────────────────────────────────────────────

ORDER_EXPECTED: Final = refusal("order-expected", N_("{scanned} is a place. Scan a pick list."))
GOODS_EXPECTED: Final = refusal("goods-expected", N_("{scanned} is a place. Scan the goods."))
UNKNOWN_SHIPMENT: Final = refusal("unknown-shipment", N_("No shipment {scanned} is known here."))
NOT_TO_PICK: Final = refusal(
    "not-to-pick", N_("Nothing is left to pick for {shipment}. Its state: {custody}.")
)
NOTHING_WAITS: Final = refusal("nothing-waits", N_("Nothing waits to be picked."))
NOT_YOURS: Final = refusal("not-yours", N_("{person} took {shipment} over. Choose your next task."))
NOT_A_ZONE: Final = refusal("not-a-zone", N_("{location} is no zone. Scan a pick list or a zone."))
WRONG_BIN: Final = refusal(
    "wrong-bin",
    N_("{scanned} is the wrong bin. Go to {location}: {quantity} × {sku} from parcel {parcel}."),
)
WRONG_GOODS: Final = refusal(
    "wrong-goods",
    N_("{scanned} is the wrong goods. Take {quantity} × {sku} from parcel {parcel}."),
)
OLDER_FIRST: Final = refusal(
    "older-first",
    N_("First in, first out: take {quantity} × {sku} from parcel {parcel} in {location}."),
)
NAME_PARCEL: Final = refusal(
    "name-parcel",
    N_("Several parcels with {sku} stand in {location}. Scan the label of parcel {parcel}."),
)
ITEM_FIRST: Final = refusal("item-first", N_("Scan an item first, then how many."))
TOO_MANY: Final = refusal("too-many", N_("{counted} × {sku} is too many: {quantity} are wanted."))
OTHER_WAVE: Final = refusal("other-wave", N_("{shipment} is in another wave. Pick it by itself."))
ALREADY_IN_HAND: Final = refusal("already-in-hand", N_("{shipment} is in your hands already."))
TOO_MANY_ORDERS: Final = refusal(
    "too-many-orders", N_("{most} pick lists at a time are the most. Scan a tote.")
)
NOT_A_TOTE: Final = refusal("not-a-tote", N_("{scanned} is no tote of ours. Scan a tote."))
TOTE_IN_USE: Final = refusal("tote-in-use", N_("Tote {tote} holds {shipment}. Take an empty one."))
WRONG_TOTE: Final = refusal(
    "wrong-tote", N_("{scanned} is the wrong place. Put the goods into tote {tote}.")
)

# ── Why something is refused: from the packing table to the gate ─────────────────────────────────

NOT_TO_PACK: Final = refusal(
    "not-to-pack", N_("{parcel} cannot be packed now. Its state: {custody}.")
)
TOTE_EMPTY: Final = refusal("tote-empty", N_("Tote {tote} is empty."))
NOT_IN_SHIPMENT: Final = refusal("not-in-shipment", N_("{scanned} does not belong to {shipment}."))
ONE_TOO_MANY: Final = refusal(
    "one-too-many", N_("{counted} × {sku} is too many: {shipment} has {quantity}.")
)
UNKNOWN_CARTON: Final = refusal("unknown-carton", N_("There is no carton {scanned} here."))
WEIGHT_EXPECTED: Final = refusal("weight-expected", N_("{scanned} is no weight. Weigh the parcel."))
TOO_HEAVY: Final = refusal(
    "too-heavy", N_("{found} kg is too heavy for carton {carton}: {most} kg at most.")
)
WEIGHT_OFF: Final = refusal(
    "weight-off",
    N_("The parcel weighs {found} kg, and {expected} kg are expected. Look into it again."),
)
NOT_TO_STAGE: Final = refusal(
    "not-to-stage", N_("{parcel} cannot be staged: it is not packed. Its state: {custody}.")
)
NO_ROUTE: Final = refusal(
    "no-route", N_("Postcode {postcode} is on no route. The supervisor can add it.")
)
WRONG_LANE: Final = refusal(
    "wrong-lane", N_("{scanned} is the wrong lane. {parcel} goes with {route}: lane {location}.")
)
MANIFEST_NOT_OPEN: Final = refusal(
    "manifest-not-open", N_("{manifest} is closed: nothing more goes on it.")
)
WRONG_ROUTE: Final = refusal(
    "wrong-route", N_("{parcel} goes with {route}, and {manifest} does not.")
)
NOT_TO_LOAD: Final = refusal(
    "not-to-load", N_("{parcel} cannot be loaded: it is not packed. Its state: {custody}.")
)
SEAL_EXPECTED: Final = refusal("seal-expected", N_("{scanned} is no seal. Scan the seal."))
NOTHING_TO_PUT_BACK: Final = refusal("nothing-to-put-back", N_("Nothing waits to be put back."))
NOT_A_STORE: Final = refusal(
    "not-a-store", N_("{location} is not a place to store goods. Scan a bin.")
)
NOT_TO_PUT_BACK: Final = refusal(
    "not-to-put-back", N_("Nothing of {parcel} is to be put back. Its state: {custody}.")
)
