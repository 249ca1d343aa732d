"""Logs: one JSON line for each event, and only the fields listed here.

No bodies, names, telephone numbers, addresses or tokens: a field that is not on the list is
dropped, and of an exception only its type and its place in the code are kept, since its message
may quote what somebody sent.
"""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any, Final

import structlog

FIELDS: Final = frozenset({
    "ts", "level", "event", "logger", "trace_id", "request_id", "actor_id", "role", "tenant_id",
    "route", "method", "status", "outcome", "duration_ms", "parcel_ref", "sqlstate", "job",
    "attempts", "schedule", "port", "revision", "error", "places",
})  # fmt: skip

_HERE: Final = Path(__file__).parents[2]

Line = MutableMapping[str, Any]

log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger()


def configure(level: int = logging.INFO) -> None:
    """Send our lines, and those of the libraries, to standard error as JSON."""
    first: list[structlog.typing.Processor] = [
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="ts"),
        structlog.processors.add_log_level,
    ]
    last: list[structlog.typing.Processor] = [
        _place_only,
        _listed_only,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
    structlog.configure(
        processors=[*first, *last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *first],
        )
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)


def _place_only(logger: object, method: str, line: Line) -> Line:  # noqa: ARG001
    """Of an exception keep its type, its SQLSTATE and its place in our code."""
    failure = line.pop("exc_info", None)
    if failure is True:
        failure = sys.exc_info()
    if isinstance(failure, tuple):
        failure = failure[1]
    if isinstance(failure, BaseException):
        frames = traceback.extract_tb(failure.__traceback__)
        line["error"] = type(failure).__name__
        line["places"] = [
            f"{Path(frame.filename).relative_to(_HERE)}:{frame.lineno} {frame.name}"
            for frame in frames
            if Path(frame.filename).is_relative_to(_HERE / "warehouse")
        ]
    return line


def _listed_only(logger: object, method: str, line: Line) -> Line:  # noqa: ARG001
    return {name: value for name, value in line.items() if name in FIELDS}
