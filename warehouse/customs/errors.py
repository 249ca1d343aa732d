"""What customs, or our own book of it, refuses."""

from warehouse.core.errors import Conflict, InvalidRequest, NotFound, RuleViolation
from warehouse.core.i18n import N_


class DeclarationNotFound(NotFound):
    """No such declaration among the asker's."""

    code = "declaration-not-found"
    message = N_("There is no declaration {number}.")


class GuaranteeAccountNotFound(NotFound):
    """The premises has no guarantee on our books."""

    code = "guarantee-account-not-found"
    message = N_("No guarantee is entered for {premises}.")


class AlreadyDeclared(Conflict):
    """A declaration for the same goods is under way."""

    code = "already-declared"
    message = N_("{number} already declares this.")


class NothingToDeclare(RuleViolation):
    """There are no goods."""

    code = "nothing-to-declare"
    message = N_("There are no goods to declare.")


class LicenceNotInForce(RuleViolation):
    """Goods may not enter a bonded warehouse without a licence."""

    code = "licence-not-in-force"
    message = N_("Licence {licence} is not in force on {on}. No goods may enter bond under it.")


class GrossBelowNet(RuleViolation):
    """Goods with their packing cannot weigh less than without."""

    code = "gross-below-net"
    message = N_("The gross weight is {gross} kg, and the goods alone weigh {net} kg.")


class NotInBond(RuleViolation):
    """Goods that customs has not accepted into bond cannot be taken out of it."""

    code = "not-in-bond"
    message = N_("Customs has not accepted these goods into bond yet.")


class DischargeTooLarge(RuleViolation):
    """An import line cannot give more than it has left (invariant I-4)."""

    code = "discharge-too-large"
    message = N_("Line {line} of {number} has {available} left, and {wanted} was asked for.")


class GuaranteeShort(RuleViolation):
    """The guarantee does not cover the duty that would be suspended (invariant I-9)."""

    code = "guarantee-short"
    message = N_(
        "The guarantee falls short by {short} baht: {needed} is needed, {in_force} is in force. "
        "Top it up by that much; these fit without: {instead}"
    )


class GuaranteeEnded(RuleViolation):
    """The guarantee is no longer valid."""

    code = "guarantee-ended"
    message = N_("The guarantee ended on {valid_to}. Enter its renewal first.")


class ExposureExceeded(RuleViolation):
    """More duty would be suspended than the limit that was set for a flat guarantee."""

    code = "exposure-exceeded"
    message = N_(
        "{needed} baht would be suspended, {short} more than the limit of {limit}. "
        "Have the limit raised; these fit without: {instead}"
    )


class NotReleased(Conflict):
    """Goods stay in bond until customs lets them go (Customs Act s.51)."""

    code = "not-released"
    message = N_("No release: {waiting}; the customs desk can clear it.")


class NotDeclared(Conflict):
    """Nobody has declared these goods for release."""

    code = "not-declared"
    message = N_("No release: nothing has been declared yet; the customs desk can clear it.")


class ReleaseUsed(Conflict):
    """A release lets goods out once (invariant I-3)."""

    code = "release-used"
    message = N_("Release {number} has been used: the goods have left.")


class NotAuthorised(Conflict):
    """Goods leave bond in other ways, too, only when customs has decided it."""

    code = "not-authorised"
    message = N_("Customs has not permitted this yet. The customs desk records its permit.")


class AuthorityNotApproved(Conflict):
    """A paper of customs counts once a second person has confirmed it (invariant I-19)."""

    code = "authority-not-approved"
    message = N_("Permit {authority} is recorded and waits for the manager's approval.")


class AuthorityExpired(Conflict):
    """A permit ends."""

    code = "authority-expired"
    message = N_("Permit {authority} expired on {at}. The customs desk asks for a new one.")


class AuthorityRevoked(Conflict):
    """Customs took its decision back."""

    code = "authority-revoked"
    message = N_("Release {number} was revoked on {at}. The customs desk can say why.")


class UnknownReference(RuleViolation):
    """An answer speaks of a message that we did not send, or not last."""

    code = "unknown-reference"
    message = N_("We sent no message {message_id} under reference {reference}.")


class NumberNotValid(RuleViolation):
    """Customs names no number, or none of the kind that was filed."""

    code = "number-not-valid"
    message = N_("The answer gives no number for this kind of declaration: {number}")


class NumberTaken(Conflict):
    """Two declarations cannot share a number."""

    code = "number-taken"
    message = N_("Declaration number {number} already belongs to {reference}.")


class TooManyLines(RuleViolation):
    """A declaration has room for 9,999 lines (e-Import manual 2018)."""

    code = "too-many-lines"
    message = N_("{lines} lines do not fit into one declaration: {limit} do.")


class FilingRuleNotFound(NotFound):
    """No such filing rule in the asker's warehouse."""

    code = "filing-rule-not-found"
    message = N_("There is no such filing rule.")


class FilingRuleApproved(Conflict):
    """What is approved is not withdrawn: a later rule takes its place."""

    code = "filing-rule-approved"
    message = N_("{person} approved this rule. Propose another one, from a later day.")


class FilingRuleNotLater(Conflict):
    """A rule takes the place of an earlier one, from a later day on."""

    code = "filing-rule-not-later"
    message = N_("A rule that holds from {since} is approved already. Choose a later day.")


class ExtensionBeyond(RuleViolation):
    """Storage may be extended by one year in all (Customs Tax Incentives Clinic guide)."""

    code = "extension-beyond"
    message = N_("Storage may be extended to {latest} at most; {asked} was asked for.")


class ExtensionShort(RuleViolation):
    """An extension ends later than what it extends."""

    code = "extension-short"
    message = N_("The goods may stay until {ends_on} already. Ask for a later day.")


class ExtensionAsked(Conflict):
    """There is one extension."""

    code = "extension-asked"
    message = N_("{person} asked customs for more time on {at}; there is one extension.")


class ExtensionNotFound(NotFound):
    """Nobody asked for more time."""

    code = "extension-not-found"
    message = N_("Nobody has asked customs for more time for {number}.")


class ExtensionDecided(Conflict):
    """Customs answers once."""

    code = "extension-decided"
    message = N_("Customs answered on {at}, in document {document}.")


class PaperMissing(InvalidRequest):
    """What customs decides on paper has a number."""

    code = "paper-missing"
    message = N_("Give the number of customs' document.")


class FindingsOpen(RuleViolation):
    """What our own checks find wrong is corrected before customs sees it."""

    code = "findings-open"
    message = N_("{number} still has {findings} errors. Correct them first, then approve it.")


class LetterNotFound(NotFound):
    """No such letter of a bank stands behind this warehouse."""

    code = "letter-not-found"
    message = N_("No letter {number} stands behind this warehouse.")


class LetterNumberTaken(Conflict):
    """The bank gives each letter a number of its own."""

    code = "letter-number-taken"
    message = N_("Letter {number} was recorded on {at}. A new letter has a number of its own.")


class LetterApproved(Conflict):
    """A letter is approved once."""

    code = "letter-approved"
    message = N_("{person} approved letter {number} on {at}.")


class LetterOver(RuleViolation):
    """A letter whose time is over covers nothing."""

    code = "letter-over"
    message = N_("Letter {number} ended on {valid_to}. It covers nothing any more.")


class LetterTooSmall(RuleViolation):
    """The guarantee rule holds at every moment (invariant I-9)."""

    code = "letter-too-small"
    message = N_(
        "With letter {number} {in_force} baht would be in force, and the rule asks for {needed} "
        "now: {short} are missing."
    )


class GoesOnPaper(RuleViolation):
    """There is no message for a petition (e-Tax Incentives manual)."""

    code = "goes-on-paper"
    message = N_("{number} is a petition: it goes on paper, and customs' answer is recorded.")


class DecidedOnPaper(Conflict):
    """Customs decides on goods once: by a declaration, or on paper."""

    code = "decided-on-paper"
    message = N_("Customs decided on {number} on paper, in {authority}. Nothing more is filed.")


class DestinationMissing(RuleViolation):
    """What leaves the country goes to another one."""

    code = "destination-missing"
    message = N_("Say to which country the goods of {number} go.")


class DestinationEmbargoed(RuleViolation):
    """Nothing may be exported there."""

    code = "destination-embargoed"
    message = N_("Nothing may be exported to {country}: {source}.")


class ExportProhibited(RuleViolation):
    """The law forbids to export these goods at all."""

    code = "export-prohibited"
    message = N_("{sku}, tariff code {hs_code}, may not be exported: {source}.")


class GoodsNotLicensed(RuleViolation):
    """A licence may be for some kinds of goods only (invariant I-27)."""

    code = "goods-not-licensed"
    message = N_("Licence {licence} of {premises} does not cover {sku}, tariff code {hs_code}.")


class MixedRegimes(RuleViolation):
    """Bonded goods and others are exported in declarations of their own."""

    code = "mixed-regimes"
    message = N_("{number} mixes bonded goods with others. Ask for each of them apart.")


class NotGoneYet(Conflict):
    """What still stands here cannot have left the country."""

    code = "not-gone-yet"
    message = N_("The goods of {number} have not left the warehouse yet.")


class NoExitToConfirm(Conflict):
    """Only what goes abroad, or to a free zone, is confirmed by a border."""

    code = "no-exit-to-confirm"
    message = N_("{number} does not wait for the confirmation of an exit.")


class NoInspection(Conflict):
    """Customs inspects what it ordered to be inspected, once."""

    code = "no-inspection"
    message = N_("{number} does not wait for an inspection.")


class MoreThanDeclared(RuleViolation):
    """What an inspection finds too many is declared before it counts."""

    code = "more-than-declared"
    message = N_("Line {line} declares {declared}; {found} were found. Declare the rest first.")


class PaymentNotFound(NotFound):
    """No such payment is captured here."""

    code = "payment-not-found"
    message = N_("No payment {key} is captured here, or it is matched to nothing.")


class PaymentCaptured(Conflict):
    """Each receipt, and each proof, is captured once."""

    code = "payment-captured"
    message = N_("Payment {number} was captured on {at}.")


class PaymentMatched(Conflict):
    """A payment pays one thing."""

    code = "payment-matched"
    message = N_("Payment {number} was matched on {at}. Undo that first.")


class PaymentDiffers(RuleViolation):
    """A payment pays what is of its sum, to the satang."""

    code = "payment-differs"
    message = N_("Payment {number} is of {amount} baht; {names} comes to {owed}.")


class PaidAlready(Conflict):
    """One payment pays for one thing."""

    code = "paid-already"
    message = N_("Payment {number} pays {names} already.")


class PaymentReliedOn(Conflict):
    """Customs was told of goods because they were paid for."""

    code = "payment-relied-on"
    message = N_("{declaration} was filed because payment {number} is here. It stays matched.")


class OrderNotPriced(RuleViolation):
    """An order without a sum in baht cannot be compared with a payment."""

    code = "order-not-priced"
    message = N_("Order {number} names no sum in baht. Ask the partner for it.")


class OrderNotPaid(RuleViolation):
    """Order, payment and waybill agree before goods are declared for home use."""

    code = "order-not-paid"
    message = N_(
        "{number} waits: no payment of the sum of its order is captured. "
        "The platform's proof of payment is needed."
    )


class NotAQuantity(InvalidRequest):
    """A quantity is a number, not less than nothing."""

    code = "not-a-quantity"
    message = N_("“{text}” is no quantity: write digits, such as 9 or 2.5.")


class FieldsRefused(RuleViolation):
    """What was written into some fields cannot be declared; *findings* says why, field by field."""

    code = "fields-refused"
    message = N_("{amount} fields cannot be saved as they are. Nothing was changed.")

    def __init__(self, findings: list[dict[str, str]]) -> None:
        super().__init__(amount=len(findings), findings=findings)
        self.findings = findings


class NoSuchField(NotFound):
    """A declaration has no such line, or its fields no such name."""

    code = "no-such-field"
    message = N_("There is no field {field} in line {line} that can be corrected.")


class EditedMeanwhile(Conflict):
    """Two people correct one draft: the second sees what the first has written."""

    code = "edited-meanwhile"
    message = N_("{person} has changed {number} since you opened it. Compare, then save again.")


class NothingChanged(RuleViolation):
    """An amendment says something else than what it amends."""

    code = "nothing-changed"
    message = N_("This says what {number} says already.")


class AmendmentNotFound(NotFound):
    """No such amendment."""

    code = "amendment-not-found"


class NothingAsked(Conflict):
    """No change of the declaration waits for anybody."""

    code = "nothing-asked"
    message = N_("No amendment of {number} is open.")


class AmendmentOpen(Conflict):
    """One thing at a time is asked of customs about a declaration; *changes* says what."""

    code = "amendment-open"
    message = N_("{person} asks customs to change {number} already. See what differs, then decide.")


class AlreadyLetGo(Conflict):
    """Once customs has let the goods go a declaration is put right in writing."""

    code = "already-let-go"
    message = N_("Customs has let the goods of {number} go. Open a post-clearance case instead.")


class AlreadyPaid(Conflict):
    """Cancellation is electronic before payment only (e-Import manual 2018 p.149)."""

    code = "already-paid"
    message = N_("{number} is paid and cannot be cancelled any more. Amend it instead.")


class LineDrawnDown(Conflict):
    """What left bond, or is about to, was declared as the line says."""

    code = "line-drawn-down"
    message = N_("{number} draws on line {line}. The line cannot be changed while it does.")


class CaseOpen(Conflict):
    """One post-clearance case at a time is open for a declaration."""

    code = "case-open"
    message = N_("{person} has opened a post-clearance case for {number} already.")


class CaseNotFound(NotFound):
    """No post-clearance case is open for the declaration."""

    code = "case-not-found"
    message = N_("No post-clearance case is open for {number}.")


class PermitNotFound(NotFound):
    """No such permit among the asker's."""

    code = "permit-not-found"
    message = N_("There is no such permit.")


class PermitKnown(Conflict):
    """An agency gives a number once."""

    code = "permit-known"
    message = N_("Permit {number} of this agency is recorded already.")


class PermitApproved(Conflict):
    """What is approved is not withdrawn: declarations may rest on it."""

    code = "permit-approved"
    message = N_("{person} approved permit {number} on {at}.")


class PermitNotApproved(RuleViolation):
    """A permit counts once a second person has confirmed it (invariant I-19)."""

    code = "permit-not-approved"
    message = N_("Permit {number} waits for a second person's approval.")


class PermitExpired(RuleViolation):
    """A permit must be in date when goods come in and when they leave (invariant I-13)."""

    code = "permit-expired"
    message = N_("Permit {number} does not hold today; it ended on {on}. Record a new one first.")


class PermitShort(RuleViolation):
    """No more is drawn from a permit than it allows (invariant I-13)."""

    code = "permit-short"
    message = N_(
        "Permit {number} covers {left} of the {wanted} {unit} that line {line} needs. Record"
        " another permit, or split the line."
    )


class GoesByDeclaration(RuleViolation):
    """Only petitions are decided on paper; for the rest customs releases a declaration."""

    code = "goes-by-declaration"
    message = N_("{number} goes by a declaration: customs releases it, and no paper is recorded.")


class CustomsAnswers(Conflict):
    """By hand only while customs' gateway is away."""

    code = "customs-answers"
    message = N_("The gateway of customs answers. File electronically.")


class HandNumberNotValid(NumberNotValid):
    """An officer gives a number of the outage form (e-Import manual 2018, p.153)."""

    code = "hand-number-not-valid"
    message = N_(
        "“{number}” is no number that customs gives by hand to a declaration of type {type}: its"
        " office, the type, year, month and running number, such as {example}."
    )


class HandTimeImplausible(RuleViolation):
    """Customs decides after it was asked, and before somebody says so."""

    code = "hand-time-implausible"
    message = N_("Customs decided on {number} between {first} and now, not on {at}.")


class HandDecisionTaken(Conflict):
    """The same decision is recorded already."""

    code = "hand-decision-taken"
    message = N_("A paper of customs is already recorded for {number}.")


class HandDecisionNotFound(NotFound):
    """No such paper waits for a second person."""

    code = "hand-decision-not-found"
    message = N_("No paper of customs {number} waits for a second person.")


class CollectionNotFound(NotFound):
    """No such collection order here."""

    code = "collection-not-found"
    message = N_("There is no collection order {number}.")


class CollectionExists(Conflict):
    """A parcel is assessed once."""

    code = "collection-exists"
    message = N_("Parcel {parcel} has collection order {number} already.")


class NotForCollection(RuleViolation):
    """The post collects for group 2 alone (Postal Customs Service guide)."""

    code = "not-for-collection"
    message = N_("The parcel belongs to postal group {group}. {handling}.")


class RestrictionUnknown(RuleViolation):
    """Unknown is not none: somebody has to look it up."""

    code = "restriction-unknown"
    message = N_(
        "Nobody has entered whether tariff code {hs_code} needs leave. Enter it in the reference"
        " data."
    )


class DisputeTooLate(RuleViolation):
    """An assessment can be disputed for some days (Notification 128/2567)."""

    code = "dispute-too-late"
    message = N_("{number} could be disputed until {last}.")


class ReasonMissing(InvalidRequest):
    """Customs is told why something is to be changed."""

    code = "reason-missing"
    message = N_("Say why it is to be changed.")


class AlreadyCertified(Conflict):
    """What is stored is certified once (Customs Act s.124)."""

    code = "already-certified"
    message = N_("What is stored of {number} was certified on {at}.")


class NoSuchLine(RuleViolation):
    """Customs names lines that a declaration does not have."""

    code = "no-such-line"
    message = N_("{number} does not have all of the lines {lines}.")


class NothingToStop(Conflict):
    """Customs stops only what it has accepted."""

    code = "nothing-to-stop"
    message = N_("{number} has not been accepted, so there is nothing to stop.")


class RunGoing(Conflict):
    """A run of filings does not begin twice."""

    code = "run-going"
    message = N_("This run is already running, since {since}. Its results appear here.")


class RunNotFound(NotFound):
    """No such run in the asker's warehouse."""

    code = "run-not-found"
    message = N_("There is no such run.")


class EntryBeingAmended(RuleViolation):
    """What leaves bond repeats what its entry says, so customs settles that first."""

    code = "entry-being-amended"
    message = N_("Customs is asked to change {number}. What it covers waits for the answer.")
