"""A load generator that costs little: keep-alive connections, one request on the way in each.

Requests are bytes made beforehand; answers are read by their Content-Length and checked.
"""

import asyncio
import re
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, cast

import uvloop

from benchmarks.measure import BenchmarkError

PATIENCE_SECONDS: Final = 120
_END_OF_HEAD: Final = b"\r\n\r\n"
_LENGTH: Final = re.compile(rb"content-length: ?([0-9]+)", re.IGNORECASE)
_GOOD: Final = (b"HTTP/1.1 200 ", b"HTTP/1.1 201 ")


class Request(NamedTuple):
    """What is sent, and what stands in the body of the right answer."""

    sent: bytes
    expected: bytes


Talk = Generator[Request, bytes, None]
"""Requests, each made when the one before was answered: the body of that answer is sent to it."""


@dataclass(frozen=True, slots=True)
class Client:
    """One connection to *port* on this machine, and what it sends, one after the other."""

    port: int
    requests: Sequence[Request] | Talk


@dataclass(frozen=True, slots=True)
class Timing:
    """How many requests were answered in a second, and what each took, client by client."""

    per_second: float
    seconds: Sequence[Sequence[float]]

    def ms(self, percent: int) -> float:
        """The milliseconds within which *percent* of all requests were answered."""
        every = sorted(each for client in self.seconds for each in client)
        return every[(len(every) - 1) * percent // 100] * 1000


def get(path: str, expected: str, **headers: str) -> Request:
    """A GET whose answer contains *expected*."""
    return _request("GET", path, b"", expected, headers)


def post(path: str, body: str, expected: str, **headers: str) -> Request:
    """A POST of the JSON *body* whose answer contains *expected*."""
    typed = {"content-type": "application/json", **headers}
    return _request("POST", path, body.encode(), expected, typed)


def _request(
    method: str, path: str, body: bytes, expected: str, headers: dict[str, str]
) -> Request:
    lines = [f"{method} {path} HTTP/1.1", "host: 127.0.0.1"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if body:
        lines.append(f"content-length: {len(body)}")
    head = "\r\n".join(lines).encode()
    return Request(head + _END_OF_HEAD + body, expected.encode())


def run(clients: Sequence[Client]) -> float:
    """Let all *clients* send everything at once; return the requests answered in a second.

    Raises:
        BenchmarkError: an answer was wrong, or did not come.
    """
    return timed(clients).per_second


def timed(clients: Sequence[Client]) -> Timing:
    """As `run`, and what each request took.

    Raises:
        BenchmarkError: an answer was wrong, or did not come.
    """
    return uvloop.run(_run(clients))


async def _run(clients: Sequence[Client]) -> Timing:
    loop = asyncio.get_running_loop()
    lines = []
    for client in clients:
        _, line = await loop.create_connection(
            lambda client=client: _Line(_talk(client.requests), loop),  # type: ignore[misc]
            "127.0.0.1",
            client.port,
        )
        lines.append(line)
    began = time.perf_counter()
    for line in lines:
        line.send()
    done = asyncio.gather(*(line.done for line in lines))
    try:
        await asyncio.wait_for(done, PATIENCE_SECONDS)
    except TimeoutError as failure:
        raise BenchmarkError(f"No answer within {PATIENCE_SECONDS} s.") from failure
    took = time.perf_counter() - began
    if wrong := [answer for line in lines for answer in line.wrong]:
        raise BenchmarkError(f"{len(wrong)} wrong answers, the first: {wrong[0][:600]!r}")
    seconds = [line.seconds for line in lines]
    return Timing(sum(map(len, seconds)) / took, seconds)


def _talk(requests: Sequence[Request] | Talk) -> Talk:
    return requests if isinstance(requests, Generator) else _one_by_one(requests)


def _one_by_one(requests: Sequence[Request]) -> Talk:
    yield from (each for each in requests)  # which takes the answers, and needs none


class _Line(asyncio.Protocol):
    """One connection at work."""

    def __init__(self, talk: Talk, loop: asyncio.AbstractEventLoop) -> None:
        self.talk = talk
        self.done: asyncio.Future[None] = loop.create_future()
        self.wrong: list[bytes] = []
        self.seconds: list[float] = []
        self.received = b""
        self.expected = b""
        self.sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop's own, without the name

    def send(self, answer: bytes | None = None) -> None:
        """Send what follows on *answer*, or the first request; hang up after the last."""
        try:
            sent, self.expected = next(self.talk) if answer is None else self.talk.send(answer)
        except StopIteration:
            self.done.set_result(None)
            self.transport.close()
        except BenchmarkError as failure:
            self.done.set_exception(failure)
            self.transport.close()
        else:
            self.sent_at = time.perf_counter()
            self.transport.write(sent)

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, found, body = self.received.partition(_END_OF_HEAD)
        length = _LENGTH.search(head)
        if not found or length is None or len(body) < int(length[1]):
            return
        self.seconds.append(time.perf_counter() - self.sent_at)
        if not head.startswith(_GOOD) or self.expected not in body:
            self.wrong.append(head.partition(b"\r\n")[0] + b" " + body)
            self.talk.close()
        self.received = b""
        self.send(body)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            reason = BenchmarkError(f"The server hung up ({exc}); it had sent {self.received!r}")
            self.done.set_exception(reason)
