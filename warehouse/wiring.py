"""Tables, subscribers, jobs, schedules: the nervous system on a page."""

from typing import Final

from warehouse.access import models as access
from warehouse.core import numbers, papers, seals, work
from warehouse.customs import models as customs
from warehouse.inventory import models as inventory
from warehouse.masterdata import models as masterdata
from warehouse.operations import models as operations
from warehouse.shipments import models as shipments

TABLES: Final = (
    access, customs, inventory, masterdata, numbers, operations, papers, seals, shipments, work,
)  # fmt: skip
"""Every module with tables: importing them is what lets a foreign key name any of them."""
