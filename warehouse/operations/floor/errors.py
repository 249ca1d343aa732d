"""What can be wrong with a scan."""

from warehouse.core.errors import Conflict, RuleViolation
from warehouse.core.i18n import N_, translate
from warehouse.operations.floor.messages import Message


class Refused(Conflict):
    """The floor cannot do what was scanned: *reason* says why, filled from the facts."""

    def __init__(self, reason: Message, **facts: object) -> None:
        super().__init__(**facts)
        self.reason = reason

    def text(self, language: str) -> str:
        """The reason, in *language*."""
        return translate(self.reason.sentence, language, **self.facts)


class Ask(Refused):
    """The floor may do what was scanned, once the same code is scanned again: *reason* asks."""


class ScanChanged(RuleViolation):
    """A device names each scan once."""

    code = "scan-changed"
    message = N_("Scan {scan_id} was sent before with other content. Scan again.")
