"""What a log line holds, and what it never holds."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from warehouse.core import logs

CANARY = "whk_canary_somchai"


@pytest.fixture
def unconfigured() -> Iterator[None]:
    """Leave logging as it was found."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_only_listed_fields_are_written(
    capsys: pytest.CaptureFixture[str], unconfigured: None
) -> None:
    logs.configure()

    structlog.get_logger().info("request", route="/", status=200, body=CANARY, recipient=CANARY)

    (line,) = lines(capsys)
    assert set(line) == {"ts", "level", "event", "route", "status"}


def test_of_an_exception_only_its_type_and_place_are_written(
    capsys: pytest.CaptureFixture[str], unconfigured: None
) -> None:
    logs.configure()

    try:
        json.loads(f"{{{CANARY}")
    except ValueError:
        structlog.get_logger().exception("fault")
        logging.getLogger("library").exception("fault")

    ours, theirs = lines(capsys)
    assert ours["error"] == theirs["error"] == "JSONDecodeError"
    assert theirs["logger"] == "library"
    assert CANARY not in json.dumps([ours, theirs])
