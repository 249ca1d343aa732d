"""UUIDv7 keys."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A new key.  It sorts by time but is not an order: ledgers are read by their *sequence*."""
    return uuid7()
