"""Tables, subscribers, jobs, schedules: the nervous system on a page."""

from typing import Final

from warehouse.access import models as access
from warehouse.core import numbers, papers, seals, work
from warehouse.core.jobs import Schedule
from warehouse.core.work import Subscribers
from warehouse.customs import models as customs
from warehouse.customs.vocabulary import CustomsEvent
from warehouse.inventory import models as inventory
from warehouse.masterdata import models as masterdata
from warehouse.operations import models as operations
from warehouse.shipments import models as shipments
from warehouse.shipments.vocabulary import ShipmentEvent

TABLES: Final = (
    access, customs, inventory, masterdata, numbers, operations, papers, seals, shipments, work,
)  # fmt: skip
"""Every module with tables: importing them is what lets a foreign key name any of them."""

SUBSCRIBERS: Final[Subscribers] = {
    ShipmentEvent.CONSIGNMENT_ANNOUNCED: ("draft-entry",),
    ShipmentEvent.ORDER_PLACED: ("declare-release", "print-label"),
    CustomsEvent.DECLARATION_QUEUED: ("send-declaration",),
    CustomsEvent.DECLARATION_SENT: ("fetch-answers",),
    CustomsEvent.DECLARATION_UNANSWERED: ("send-declaration",),
    CustomsEvent.DECLARATION_NUMBERED: ("print-declaration",),
    CustomsEvent.DECLARATION_RELEASED: ("print-release-note",),
}
"""Which jobs follow from which event."""

SCHEDULES: Final = (
    Schedule("seal-events", cron="* * * * *", period="%Y-%m-%dT%H:%M"),
    Schedule("fetch-answers", cron="* * * * *", period="%Y-%m-%dT%H:%M"),
    Schedule("warn-of-deadlines", cron="0 6 * * *", period="%Y-%m-%d"),
)
"""What the clock asks for.  Each period has one job, however many workers run."""
