"""The benchmark runs from end to end; how fast is not asked."""

import math

from benchmarks.__main__ import Name, Size, measured, table

TINY = Size(
    filings=2,
    scan_turns=2,
    waiting_scans=3,
    floor_turns=1,
    hot_turns=1,
    growth_parcels=2,
    movements=(200, 400),
    status_turns=2,
    shipments=3,
    import_lines=20,
    labels=2,
    declarations=1,
    declared_lines=20,
    assessed_lines=20,
)


# Forty scanners on a machine that may be busy: these are run by hand.
BY_HAND = {Name.FLOOR, Name.HOTSPOT, Name.GROWTH}


def test_everything_else_is_measured_next_to_its_limit() -> None:
    told: list[str] = []

    found = list(measured([name for name in Name if name not in BY_HAND], 1, TINY, told.append))

    compared = {each.contest: each.limit_name for each in reversed(found)}
    assert compared == {
        "Scan over HTTP": "pgbench",
        "Replay of 3 scans": "scan by scan",
        "Shipment status": "bare route, 1 web",
        "Consignment of 20 lines": "COPY",
        "2 labels": "bare canvas",
        "1 declarations of 12 lines": None,
        "2 filings": "on the line alone",
        "20 lines assessed": None,
        "Declaration of 20 lines": None,
    }
    assert all(each.ours.median > 0 and math.isfinite(each.ours.median) for each in found)
    assert "scan: pgbench" in told
    assert table(found).row_count == len(found)
