"""Notices leave by mail and LINE, each once, and wait while nobody takes them."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from warehouse.core import notices
from warehouse.core.errors import Unavailable
from warehouse.core.jobs import SYSTEM
from warehouse.core.notices import LineChat, MailBox
from warehouse.core.work import Job, Work, begin

FACTS = {"key": "deadlines:BW:2026", "title": "กำหนดเวลา", "text": "A003: เหลือ 30 วัน"}
NOBODY = partial(pytest.fail, "a notice needs no transaction")


@contextmanager
def serving(server: Any) -> Iterator[int]:
    """*server* on a port of its own, in a thread."""
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


class MailServer(StreamRequestHandler):
    """As much of SMTP as a client needs that sends one mail."""

    taken: list[str]

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        mail: list[str] | None = None
        for line in iter(self.rfile.readline, b""):
            text = line.decode().rstrip("\r\n")
            if mail is not None:
                if text != ".":
                    mail.append(text)
                    continue
                self.taken.append("\n".join(mail))
                mail = None
            if text.upper() == "DATA":
                mail = []
                self.wfile.write(b"354 go on\r\n")
            elif text.upper() == "QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                self.wfile.write(b"250 fine\r\n")


def a_mail_server() -> tuple[AbstractContextManager[int], list[str]]:
    taken: list[str] = []
    handler = type("Handler", (MailServer,), {"taken": taken})
    return serving(ThreadingTCPServer(("127.0.0.1", 0), handler)), taken


def a_line_server(status: int) -> tuple[AbstractContextManager[int], list[tuple[Any, Any]]]:
    heard: list[tuple[Any, Any]] = []

    class Line(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            heard.append((self.headers, json.loads(self.rfile.read(length))))
            self.send_response(status)
            self.end_headers()

        log_message: Callable[..., None] = staticmethod(lambda *_: None)

    return serving(ThreadingHTTPServer(("127.0.0.1", 0), Line)), heard


def test_a_mail_sent_again_is_the_same_mail() -> None:
    server, taken = a_mail_server()

    with server as port:
        box = MailBox("127.0.0.1", port, "bond@example.com", ("duty@example.com",))
        notices.send_mail(NOBODY, FACTS, mail_box=box)
        notices.send_mail(NOBODY, FACTS, mail_box=box)

    ids = [line for mail in taken for line in mail.splitlines() if line.startswith("Message-ID")]
    assert len(ids) == 2
    assert len(set(ids)) == 1


@pytest.mark.parametrize("status", [200, 409])
def test_line_gets_the_text_under_one_retry_key(status: int) -> None:
    server, heard = a_line_server(status)

    with server as port:
        chat = LineChat("secret", "U123", f"http://127.0.0.1:{port}/push")
        notices.send_line(NOBODY, FACTS, chat=chat)
        notices.send_line(NOBODY, FACTS, chat=chat)

    assert {headers["x-line-retry-key"] for headers, _ in heard} == {
        heard[0][0]["x-line-retry-key"]
    }
    assert heard[0][1]["to"] == "U123"
    assert heard[0][1]["messages"][0]["text"] == "กำหนดเวลา\nA003: เหลือ 30 วัน"


def test_a_notice_waits_while_nobody_takes_it() -> None:
    server, _ = a_line_server(500)

    with server as port, pytest.raises(Unavailable):
        notices.send_line(NOBODY, FACTS, chat=LineChat("secret", "U1", f"http://127.0.0.1:{port}"))
    with pytest.raises(Unavailable):
        notices.send_mail(NOBODY, FACTS, mail_box=MailBox("127.0.0.1", 9, "a@b.c", ("d@e.f",)))


def test_one_key_is_told_once(shared_engine: Engine) -> None:
    with begin(shared_engine, SYSTEM, {}) as work:
        notices.tell(work, "once", "title", "text")
        notices.tell(work, "once", "title", "text")

        assert _queued(work) == ["send-line", "send-mail"]


def _queued(work: Work) -> list[str]:
    return sorted(
        job.name for job in work.session.exec(select(Job)) if job.facts.get("key") == "once"
    )
