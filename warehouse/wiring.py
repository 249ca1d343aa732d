"""Tables, subscribers, jobs, schedules: the nervous system on a page."""

from functools import cache, partial
from typing import Final

from warehouse.access import models as access
from warehouse.core import notices, numbers, papers, seals, work
from warehouse.core.errors import Unavailable
from warehouse.core.jobs import Begin, Facts, Jobs, Schedule
from warehouse.core.notices import LineChat, MailBox
from warehouse.core.work import Subscribers, Work
from warehouse.customs import jobs as customs_jobs
from warehouse.customs import models as customs
from warehouse.customs.gateway.http import HttpGateway, open_client
from warehouse.customs.gateway.signing import load_filers, load_keys
from warehouse.customs.money import collecting, letters
from warehouse.customs.posting import inbox
from warehouse.customs.vocabulary import CustomsEvent
from warehouse.inventory import jobs as inventory_jobs
from warehouse.inventory import models as inventory
from warehouse.inventory import velocity
from warehouse.inventory.vocabulary import StockEvent
from warehouse.masterdata import models as masterdata
from warehouse.operations import models as operations
from warehouse.operations.bond import (
    alarm,
    count_planning,
    counting,
    disposing,
    inspecting,
    overdue,
    returning,
    stopping,
)
from warehouse.operations.clearance import (
    amending,
    answers,
    delivering,
    disposal,
    entry,
    exits,
    loss,
    matching,
    nightly,
    refiling,
    rehearsal,
    release,
    transfer,
)
from warehouse.operations.desk import guarantee_forecast
from warehouse.operations.floor import replenishing
from warehouse.operations.planning import waves
from warehouse.operations.printing import asking, batches, dispatch_labels
from warehouse.operations.printing import papers as printing
from warehouse.settings import Settings
from warehouse.shipments import models as shipments
from warehouse.shipments.vocabulary import ShipmentEvent

TABLES: Final = (
    access, customs, inventory, masterdata, numbers, operations, papers, seals, shipments, work,
)  # fmt: skip
"""Every module with tables: importing them is what lets a foreign key name any of them."""

SUBSCRIBERS: Final[Subscribers] = {
    ShipmentEvent.CONSIGNMENT_ANNOUNCED: ("draft-entry",),
    ShipmentEvent.ORDER_PLACED: ("declare-release", "print-label"),
    ShipmentEvent.MANIFEST_CLOSED: ("print-manifest",),
    ShipmentEvent.SHIPMENT_DISPATCHED: ("note-delivery",),
    CustomsEvent.DECLARATION_QUEUED: ("send-declaration",),
    CustomsEvent.AMENDMENT_QUEUED: ("send-amendment",),
    CustomsEvent.GATEWAY_UP: ("resume-filings",),
    CustomsEvent.DECLARATION_TAKEN_IN: ("note-submission", "fetch-answers"),
    CustomsEvent.DECLARATION_REJECTED: ("redraft-refused",),
    CustomsEvent.DECLARATION_NUMBERED: ("print-declaration",),
    CustomsEvent.AMENDMENT_ACCEPTED: ("print-declaration", "try-refused"),
    CustomsEvent.COLLECTION_ISSUED: ("print-collection-order",),
    CustomsEvent.AMENDMENT_REFUSED: ("try-refused",),
    CustomsEvent.DECLARATION_STOPPED: ("hold-stopped",),
    CustomsEvent.DECLARATION_RESUMED: ("end-stop",),
    CustomsEvent.DECLARATION_LANED: ("stage-inspection",),
    CustomsEvent.DECLARATION_RELEASED: ("end-inspection", "print-release-note"),
    StockEvent.DISCREPANCY_CLOSED: ("settle-count",),
    StockEvent.DISPOSAL_REQUESTED: ("declare-disposal",),
    StockEvent.DISPOSAL_MOVED: ("print-disposal",),
    StockEvent.DISPOSAL_DONE: ("settle-disposal",),
}
"""Which jobs follow from which event."""

SCHEDULES: Final = (
    Schedule("seal-events", cron="* * * * *", period="%Y-%m-%dT%H:%M"),
    Schedule("prove", cron="5 * * * *", period="%Y-%m-%dT%H"),
    Schedule("fetch-answers", cron="* * * * *", period="%Y-%m-%dT%H:%M"),
    Schedule("watch-answers", cron="*/5 * * * *", period="%Y-%m-%dT%H:%M"),
    Schedule("plan-waves", cron="* * * * *", period="%Y-%m-%dT%H:%M"),
    Schedule("plan-replenishment", cron="* * * * *", period="%Y-%m-%dT%H:%M"),
    Schedule("classify-products", cron="30 2 * * *", period="%Y-%m-%d"),
    Schedule("plan-counts", cron="5 * * * *", period="%Y-%m-%dT%H"),
    Schedule("watch-discrepancies", cron="*/10 * * * *", period="%Y-%m-%dT%H:%M"),
    Schedule("lose-overdue", cron="20 * * * *", period="%Y-%m-%dT%H"),
    Schedule("free-cancelled", cron="40 * * * *", period="%Y-%m-%dT%H"),
    Schedule("try-refused", cron="30 5 * * *", period="%Y-%m-%d"),
    Schedule("turn-letters", cron="2 0 * * *", period="%Y-%m-%d"),
    Schedule("foresee-guarantee", cron="10 5 * * *", period="%Y-%m-%d"),
    Schedule("match-payments", cron="*/10 * * * *", period="%Y-%m-%dT%H:%M"),
    Schedule("expire-permits", cron="5 0 * * *", period="%Y-%m-%d"),
    Schedule("watch-exits", cron="12 0 * * *", period="%Y-%m-%d"),
    Schedule("watch-removals", cron="10 0 * * *", period="%Y-%m-%d"),
    Schedule("default-returns", cron="15 0 * * *", period="%Y-%m-%d"),
    Schedule("return-unpaid", cron="25 0 * * *", period="%Y-%m-%d"),
    Schedule("start-runs", cron="*/15 * * * *", period="%Y-%m-%dT%H:%M"),
    Schedule("watch-filings", cron="*/15 * * * *", period="%Y-%m-%dT%H:%M"),
    Schedule("watch-deadlines", cron="30 0 * * *", period="%Y-%m-%d"),
)
"""What the clock asks for.  Each period has one job, however many workers run."""


def jobs(settings: Settings) -> Jobs:
    """Every job, with what it needs to reach customs."""

    def send_declaration(begin: Begin, facts: Facts) -> None:
        if not rehearsal.play(begin, facts):
            customs_jobs.send_declaration(begin, facts, gateway=_gateway(settings))

    def send_amendment(begin: Begin, facts: Facts) -> None:
        customs_jobs.send_amendment(begin, facts, gateway=_gateway(settings))

    def file_afterwards(begin: Begin, facts: Facts) -> None:
        customs_jobs.file_afterwards(begin, facts, gateway=_gateway(settings))

    def fetch_answers(begin: Begin, facts: Facts) -> None:
        if settings.customs_url:  # else nothing was ever sent, and nothing waits
            customs_jobs.fetch_answers(begin, facts, gateway=_gateway(settings))

    def apply_answer(work: Work, facts: Facts) -> None:
        answers.apply_answer(work, facts, keys=_gateway(settings).keys)

    site = settings.site
    return Jobs(
        handlers={
            "draft-entry": entry.draft_entry,
            "declare-release": release.declare_release,
            "watch-answers": inbox.watch,
            "resume-filings": customs_jobs.resume_filings,
            "note-submission": release.note_submission,
            "note-delivery": delivering.note_delivery,
            "redraft-refused": refiling.redraft_refused,
            "free-cancelled": amending.free_cancelled,
            "apply-answer": apply_answer,
            "print-label": printing.print_label,
            "print-manifest": partial(printing.print_manifest, site=site),
            "print-declaration": partial(printing.print_declaration, site=site),
            "print-collection-order": partial(asking.print_collection_order, site=site),
            "print-release-note": partial(printing.print_release_note, site=site),
            "print-disposal": partial(printing.print_disposal, site=site),
            "try-refused": refiling.try_refused,
            "start-runs": nightly.start_due,
            nightly.FILE_NEXT: nightly.file_next,
            nightly.PRINT_LABELS: dispatch_labels.print_tomorrows,
            "watch-filings": nightly.watch,
            "plan-waves": waves.plan_waves,
            "turn-letters": letters.turn_letters,
            "foresee-guarantee": guarantee_forecast.foresee,
            "match-payments": matching.match_payments,
            "expire-permits": disposing.expire_permits,
            "watch-removals": disposing.watch_removals,
            "default-returns": returning.default_returns,
            "classify-products": velocity.classify_products,
            "plan-replenishment": replenishing.plan_replenishment,
            "plan-counts": count_planning.plan_counts,
            "settle-count": counting.settle,
            "promise-again": counting.promise_again,
            "return-unpaid": collecting.return_unpaid,
            "hold-stopped": stopping.hold,
            "end-stop": stopping.let_go_on,
            "stage-inspection": inspecting.stage,
            "end-inspection": inspecting.let_go_on,
            "watch-discrepancies": inventory_jobs.watch_discrepancies,
            "lose-overdue": loss.lose_overdue,
            "declare-loss": loss.declare_loss,
            "declare-disposal": disposal.declare,
            "settle-disposal": disposal.settle,
            "watch-exits": exits.watch,
            transfer.JOB: transfer.declare,
            "seal-events": seals.seal_events,
        },
        callers={
            "send-declaration": send_declaration,
            "send-amendment": send_amendment,
            "file-afterwards": file_afterwards,
            "fetch-answers": fetch_answers,
            batches.JOB: batches.make,
            "prove": alarm.prove_and_tell,
            "watch-deadlines": overdue.watch_deadlines,
            "send-mail": partial(notices.send_mail, mail_box=_mail_box(settings)),
            "send-line": partial(notices.send_line, chat=_chat(settings)),
        },
        subscribers=SUBSCRIBERS,
    )


def _mail_box(settings: Settings) -> MailBox | None:
    if not settings.mail_server:
        return None
    host, _, port = settings.mail_server.partition(":")
    recipients = tuple(each.strip() for each in settings.mail_to.split(","))
    return MailBox(host, int(port or 25), settings.mail_from, recipients)


def _chat(settings: Settings) -> LineChat | None:
    return LineChat(settings.line_token, settings.line_to) if settings.line_token else None


@cache
def _gateway(settings: Settings) -> HttpGateway:
    """The way to customs, opened once.

    Raises:
        Unavailable: none is configured; the job that asks waits.
    """
    if not settings.customs_url or settings.customs_keys is None:
        raise Unavailable(system="customs")
    folder = settings.customs_keys
    keys = load_keys(folder / "operator.key", folder / "operator.crt", folder / "customs.crt")
    return HttpGateway(open_client(settings.customs_url), keys, load_filers(folder))
