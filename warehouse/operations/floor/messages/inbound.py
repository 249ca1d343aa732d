"""What the floor hears where goods come in: arriving, receiving, opening, closing."""

from typing import Final

from warehouse.core.i18n import N_
from warehouse.operations.floor.messages import Message, refusal
from warehouse.operations.vocabulary import Tone


def warning(code: str, sentence: str) -> Message:
    """Done, or to be confirmed; and worth a second look."""
    return Message(code, sentence, Tone.WARNING)


# ── What to do next ──────────────────────────────────────────────────────────────────────────────

ARRIVE: Final = Message("arrive", N_("Arrival. Scan the consignment."))
RECEIVE: Final = Message("receive", N_("Receiving. Scan a parcel."))
SCAN_CONSIGNMENT: Final = N_("Scan the consignment or its despatch.")
SCAN_VEHICLE: Final = N_("Scan or type the plate of the vehicle.")
SCAN_SEAL: Final = N_("Scan a seal. CMD-DONE when there are no more.")
SCAN_CONTENT: Final = N_("Scan what is in the parcel. CMD-DONE when that is all.")

# ── Arriving ─────────────────────────────────────────────────────────────────────────────────────

CONSIGNMENT_IN_HAND: Final = Message(
    "consignment-in-hand", N_("{consignment} ({reference}): {announced} seals are announced.")
)
VEHICLE_NOTED: Final = Message(
    "vehicle-noted", N_("Vehicle {vehicle}. Scan its seals: {announced} are announced.")
)
SEAL_NOTED: Final = Message("seal-noted", N_("Seal {seal} is right: {found} of {announced}."))
STRANGE_SEAL: Final = warning(
    "strange-seal",
    N_("Seal {seal} was not announced. Compare it; CMD-UNDO takes a misread one back."),
)
ARRIVED: Final = Message("arrived", N_("{consignment} has arrived: {found} of {announced} seals."))
ARRIVED_UNLICENSED: Final = warning(
    "arrived-unlicensed",
    N_(
        "{consignment} has arrived. Its entry is blocked: licence {licence} has ended. Tell the"
        " customs desk."
    ),
)
ARRIVED_UNSEALED: Final = warning(
    "arrived-unsealed",
    N_(
        "{consignment} has arrived with differing seals: {discrepancy}. Take a photo. Its parcels"
        " go to inspection."
    ),
)
OTHER_VEHICLE: Final = warning(
    "other-vehicle",
    N_("{announced} was announced, and this is {vehicle}. Scan it again if that is right."),
)
SEALS_DIFFER: Final = warning(
    "seals-differ",
    N_(
        "{found} of {announced} seals. Missing: {absent}. Not announced: {strange}. Scan CMD-DONE"
        " again to record that."
    ),
)
CONSIGNMENT_EXPECTED: Final = refusal(
    "consignment-expected", N_("{scanned} is a place. Scan the consignment.")
)
UNKNOWN_CONSIGNMENT: Final = refusal(
    "unknown-consignment", N_("No consignment {scanned} is announced here.")
)
SEVERAL_CONSIGNMENTS: Final = refusal(
    "several-consignments",
    N_("{scanned} may be {consignments}. Scan the number that begins with CON."),
)
ALREADY_ARRIVED: Final = refusal(
    "already-arrived", N_("{consignment} already arrived: {at}, recorded by {person}.")
)
VEHICLE_EXPECTED: Final = refusal(
    "vehicle-expected", N_("{scanned} is no plate. Scan or type that of the vehicle.")
)
SEAL_EXPECTED: Final = refusal("seal-expected", N_("{scanned} is no seal. Scan the next seal."))

# ── Receiving parcels ────────────────────────────────────────────────────────────────────────────

RECEIVED: Final = Message("received", N_("Received {parcel}: {goods}."))
RECEIVED_FOR_INSPECTION: Final = warning(
    "received-for-inspection", N_("Received {parcel}: {goods}. Bring it to {location}.")
)
RECEIVED_UNCHECKED: Final = warning(
    "received-unchecked",
    N_("Received {parcel}: {goods}. You confirmed its number, whose check digit is wrong."),
)
RECEIVED_BLIND: Final = Message(
    "received-blind", N_("Received {parcel}. Open it and scan everything that is in it.")
)
RECEPTACLE_RECEIVED: Final = Message(
    "receptacle-received",
    N_("Received mail bag {receptacle}: {inside} parcels inside, {waiting} still to scan."),
)
FOUND_AGAIN: Final = warning(
    "found-again", N_("{parcel} was missing and is here: {goods}. Bring it to {location}.")
)
TAKEN_UNANNOUNCED: Final = warning(
    "taken-unannounced",
    N_("{parcel} is taken in unannounced: {discrepancy}. Bring it to {location}."),
)
CONSIGNMENT_CHOSEN: Final = Message(
    "consignment-chosen", N_("{consignment} ({reference}): {received} of {parcels} received.")
)
DOUBTFUL: Final = warning(
    "doubtful-number",
    N_(
        "The check digit of {parcel} is wrong, though it is announced. Near it: {near}. Compare"
        " the label, and scan it again if that is its number."
    ),
)
UNANNOUNCED: Final = warning(
    "unannounced",
    N_("{parcel} is not announced with {consignment}. Scan it again to take it in for inspection."),
)
ALREADY_RECEIVED: Final = warning(
    "already-received", N_("Parcel {parcel} was already received: {at}. It counts once.")
)
MISREAD: Final = refusal(
    "misread",
    N_("The check digit of {parcel} is wrong, and it is not announced here. Near it: {near}."),
)
OTHER_PREMISES: Final = refusal(
    "other-premises", N_("Parcel {parcel} is announced for another warehouse. Put it aside.")
)
NOT_A_PARCEL: Final = refusal(
    "not-a-parcel", N_("{scanned} is a container of this house. Scan a parcel.")
)
OURS: Final = refusal(
    "outgoing", N_("{parcel} is a parcel that we sent out. Take it in as a return.")
)

# ── Weight, size, damage ─────────────────────────────────────────────────────────────────────────

MEASURED: Final = Message("measured", N_("{parcel}: {found}, declared {declared}."))
MEASURED_ALONE: Final = Message("measured-alone", N_("{parcel}: {found}. Nothing was declared."))
MEASURED_OFF: Final = warning(
    "measured-off",
    N_("{parcel}: {found}, declared {declared}. It is held for inspection: {discrepancy}."),
)
DAMAGED: Final = warning("damaged", N_("{parcel} is damaged: {discrepancy}. Take a photo."))
NO_PARCEL: Final = refusal("no-parcel", N_("Scan the parcel first, then {scanned}."))
NO_MEASURE: Final = refusal("no-measure", N_("{scanned} is nothing. Measure again."))

# ── Opening a parcel ─────────────────────────────────────────────────────────────────────────────

OPENED: Final = Message("opened", N_("{parcel} is open: {goods}. Scan everything that is in it."))
OPENED_BLIND: Final = Message(
    "opened-blind", N_("{parcel} is open. Scan everything that is in it.")
)
COUNTED: Final = Message("counted", N_("{sku}: {counted}."))
TELL_BATCH: Final = Message("tell-batch", N_("{sku}: scan or type its batch."))
TELL_EXPIRY: Final = Message(
    "tell-expiry", N_("{sku}: scan or type its expiry day, such as 2027-06-30.")
)
TELL_SERIAL: Final = Message("tell-serial", N_("{sku}: scan its serial number."))
CONTENT_RIGHT: Final = Message("content-right", N_("{parcel} holds what it should."))
CONTENT_BOOKED: Final = warning(
    "content-booked", N_("{parcel} differs, and that is recorded: {discrepancies}.")
)
CONTENT_DIFFERS: Final = warning(
    "content-differs",
    N_("{parcel} differs: {differences}. Count again, or scan CMD-DONE again to record that."),
)
CONTENT_DIFFERS_BLIND: Final = warning(
    "content-differs-blind",
    N_("{parcel} differs. Count again, or scan CMD-DONE again to record that."),
)
UNKNOWN_GOODS: Final = refusal(
    "unknown-goods",
    N_("{scanned} is no product of this owner. Put it aside and tell the supervisor."),
)
NOTHING_COUNTED: Final = refusal("nothing-counted", N_("Scan a product first, then how many."))
SERIAL_ALONE: Final = refusal(
    "serial-alone", N_("Each piece of {sku} has a serial number: scan them one by one.")
)
SERIAL_TWICE: Final = refusal(
    "serial-twice", N_("Serial number {serial} of {sku} was counted before.")
)
NOT_A_BATCH: Final = refusal("not-a-batch", N_("{scanned} has more than 20 characters."))
NOT_A_DAY: Final = refusal("not-a-day", N_("{scanned} is no day. Write it as 2027-06-30."))

# ── Closing a receipt ────────────────────────────────────────────────────────────────────────────

CLOSED: Final = Message("receipt-closed-whole", N_("{consignment}: all received and closed."))
CLOSED_DIFFERENT: Final = warning(
    "receipt-closed-different",
    N_("{consignment} is closed with {cases} discrepancies. {missing} parcels are missing."),
)
SOME_MISSING: Final = warning(
    "some-missing",
    N_(
        "{missing} parcels of {consignment} have not come: {parcels}. Scan CMD-DONE again to close"
        " without them."
    ),
)
NO_RECEIPT: Final = refusal(
    "no-receipt", N_("Scan a parcel or the consignment first, then {scanned}.")
)
PHOTO_FIRST: Final = refusal(
    "photo-first", N_("{consignment} cannot be closed: {discrepancy} has no photo yet.")
)
COUNT_FIRST: Final = refusal(
    "count-first",
    N_("{consignment} cannot be closed: nobody has counted what is in {parcel}."),
)
