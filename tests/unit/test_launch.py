from pathlib import Path

import pytest

from warehouse import launch


def test_a_long_log_is_begun_anew_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launch, "LONGEST_LOG_BYTES", 8)
    log = tmp_path / "web.log"
    with log.open("ab", buffering=0) as writer:
        writer.write(b"nine byte")

        launch.keep_short(log)

        writer.write(b"new")
    assert log.read_bytes() == b"new"
    assert (tmp_path / "web.log.1").read_bytes() == b"nine byte"


def test_a_short_log_is_left_alone(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    log.write_bytes(b"short")

    launch.keep_short(log)
    launch.keep_short(tmp_path / "not-yet.log")

    assert [path.name for path in tmp_path.iterdir()] == ["web.log"]
    assert log.read_bytes() == b"short"
