"""Roles, and what each may do."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from warehouse.core.i18n import N_


class Role(StrEnum):
    """What a person, device or system is trusted with."""

    CLERK = "clerk"
    SUPERVISOR = "supervisor"
    LIAISON = "liaison"
    MANAGER = "manager"
    OFFICER = "officer"
    ADMINISTRATOR = "administrator"
    PARTNER = "partner"


ROLE_NAMES: Final[Mapping[Role, str]] = {
    Role.CLERK: N_("Warehouse clerk"),
    Role.SUPERVISOR: N_("Supervisor"),
    Role.LIAISON: N_("Customs liaison"),
    Role.MANAGER: N_("Warehouse manager"),
    Role.OFFICER: N_("Customs officer"),
    Role.ADMINISTRATOR: N_("Administrator"),
    Role.PARTNER: N_("Partner"),
}


class Permission(StrEnum):
    """What a route needs."""

    SCAN = "scan"
    READ_STOCK = "read-stock"
    READ_SHIPMENTS = "read-shipments"
    READ_DECLARATIONS = "read-declarations"
    FILE_DECLARATIONS = "file-declarations"
    APPROVE_DECLARATIONS = "approve-declarations"
    PRINT_LABELS = "print-labels"
    ANNOUNCE = "announce"
    ORDER = "order"
    IMPORT_FILES = "import-files"
    READ_OWN_SHIPMENTS = "read-own-shipments"
    READ_EVENTS = "read-events"
    RUN_JOBS = "run-jobs"
    MANAGE_ACCESS = "manage-access"
    PLACE_HOLDS = "place-holds"
    LIFT_FLOOR_HOLDS = "lift-floor-holds"
    LIFT_CUSTOMS_HOLDS = "lift-customs-holds"
    MANAGE_FLOOR = "manage-floor"
    REPORT_DISCREPANCIES = "report-discrepancies"
    CLOSE_DISCREPANCIES = "close-discrepancies"
    REQUEST_DISPOSALS = "request-disposals"
    AUTHORISE_DISPOSALS = "authorise-disposals"
    CHOOSE_RETURNS = "choose-returns"
    MANAGE_PERMITS = "manage-permits"
    SET_FILING_RULES = "set-filing-rules"
    MANAGE_GUARANTEE = "manage-guarantee"
    CAPTURE_PAYMENTS = "capture-payments"
    NAME_CAUSES = "name-causes"
    READ_REFERENCE = "read-reference"
    MANAGE_REFERENCE = "manage-reference"


# The administrator holds no stock or declaration right; the officer only reads.
PERMISSIONS: Final[Mapping[Role, frozenset[Permission]]] = {
    Role.CLERK: frozenset({
        Permission.SCAN, Permission.READ_STOCK, Permission.READ_SHIPMENTS,
        Permission.PRINT_LABELS, Permission.PLACE_HOLDS,
    }),
    Role.SUPERVISOR: frozenset({
        Permission.SCAN, Permission.READ_STOCK, Permission.READ_SHIPMENTS,
        Permission.PRINT_LABELS, Permission.IMPORT_FILES, Permission.RUN_JOBS,
        Permission.PLACE_HOLDS, Permission.LIFT_FLOOR_HOLDS, Permission.MANAGE_FLOOR,
        Permission.REPORT_DISCREPANCIES, Permission.REQUEST_DISPOSALS,
    }),
    Role.LIAISON: frozenset({
        Permission.READ_STOCK, Permission.READ_SHIPMENTS, Permission.READ_DECLARATIONS,
        Permission.FILE_DECLARATIONS, Permission.APPROVE_DECLARATIONS, Permission.IMPORT_FILES,
        Permission.READ_EVENTS,
        Permission.RUN_JOBS, Permission.PLACE_HOLDS, Permission.LIFT_CUSTOMS_HOLDS,
        Permission.REPORT_DISCREPANCIES, Permission.REQUEST_DISPOSALS,
        Permission.AUTHORISE_DISPOSALS, Permission.MANAGE_GUARANTEE, Permission.CAPTURE_PAYMENTS,
        Permission.READ_REFERENCE, Permission.MANAGE_REFERENCE,
        Permission.MANAGE_PERMITS, Permission.SET_FILING_RULES,
    }),
    Role.MANAGER: frozenset({
        Permission.READ_STOCK, Permission.READ_SHIPMENTS, Permission.READ_DECLARATIONS,
        Permission.APPROVE_DECLARATIONS,
        Permission.READ_EVENTS, Permission.PLACE_HOLDS, Permission.CLOSE_DISCREPANCIES,
        Permission.AUTHORISE_DISPOSALS, Permission.MANAGE_FLOOR, Permission.MANAGE_GUARANTEE,
        Permission.CAPTURE_PAYMENTS, Permission.NAME_CAUSES,
        Permission.READ_REFERENCE, Permission.MANAGE_REFERENCE,
        Permission.MANAGE_PERMITS, Permission.SET_FILING_RULES,
    }),
    Role.OFFICER: frozenset({
        Permission.READ_STOCK, Permission.READ_SHIPMENTS, Permission.READ_DECLARATIONS,
        Permission.READ_EVENTS,
        Permission.READ_REFERENCE,
    }),
    Role.ADMINISTRATOR: frozenset({
        Permission.MANAGE_ACCESS, Permission.RUN_JOBS,
        Permission.READ_REFERENCE, Permission.MANAGE_REFERENCE,
    }),
    Role.PARTNER: frozenset({
        Permission.ANNOUNCE, Permission.ORDER, Permission.READ_OWN_SHIPMENTS,
        Permission.CHOOSE_RETURNS,
    }),
}  # fmt: skip


class AccessEvent(StrEnum):
    """What is recorded of people, devices, keys and signing in."""

    PERSON_ADDED = "access.person.added"
    SIGNED_IN = "access.person.signed_in"
    SIGNED_OUT = "access.person.signed_out"
    DEVICE_ENROLLED = "access.device.enrolled"
    KEY_ISSUED = "access.api_key.issued"
    KEY_REVOKED = "access.api_key.revoked"
