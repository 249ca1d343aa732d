"""What Prometheus is told.  Base units; no ids and no names as labels."""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

REGISTRY: Final = CollectorRegistry()

REQUESTS: Final = Counter(
    "wh_http_requests", "Requests answered.", ("route", "method", "status"), registry=REGISTRY
)
DURATION: Final = Histogram(
    "wh_http_request_duration_seconds", "Time to answer.", ("route",), registry=REGISTRY
)
AUTH_FAILURES: Final = Counter(
    "wh_auth_failures", "Sign-ins and keys not accepted.", ("reason",), registry=REGISTRY
)
DENIED: Final = Counter(
    "wh_authz_denied", "Requests whose role may not.", ("route", "role"), registry=REGISTRY
)
IDEMPOTENCY_REPLAYS: Final = Counter(
    "wh_idempotency_replays", "Kept answers sent again.", registry=REGISTRY
)
IDEMPOTENCY_CONFLICTS: Final = Counter(
    "wh_idempotency_conflicts", "Keys reused or in flight.", ("code",), registry=REGISTRY
)
LOCK_TIMEOUTS: Final = Counter(
    "wh_lock_timeout", "Requests that waited too long for a row.", registry=REGISTRY
)


def exposition() -> bytes:
    """Every metric in Prometheus's text format."""
    return generate_latest(REGISTRY)
