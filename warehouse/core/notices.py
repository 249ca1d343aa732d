"""Notices to people outside the program: by mail and by LINE, each once.

A notice is a job for each channel.  A job may run again after a crash; so a mail keeps its
Message-ID, by which mail programs know a copy, and LINE its retry key, by which LINE itself drops
one (Messaging API, "retrying a failed API request").
"""

import smtplib
from dataclasses import dataclass
from email.message import EmailMessage
from enum import StrEnum
from typing import Final
from uuid import NAMESPACE_URL, uuid5

import httpx2

from warehouse.core.errors import Unavailable
from warehouse.core.jobs import Begin, Facts
from warehouse.core.work import Work

LINE_PUSH: Final = "https://api.line.me/v2/bot/message/push"
LONGEST_LINE_TEXT: Final = 5000
"""Characters of one LINE message."""

_PATIENCE_SECONDS: Final = 10
_NAMESPACE: Final = uuid5(NAMESPACE_URL, "bonded-warehouse/notices")


class Channel(StrEnum):
    """How people are reached; each is also the name of its job, after ``send-``."""

    MAIL = "mail"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class MailBox:
    """The server that takes our mail, and between whom."""

    host: str
    port: int
    sender: str
    recipients: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LineChat:
    """The LINE chat (user, group or room *to*) that our channel may write to."""

    token: str
    to: str
    address: str = LINE_PUSH


def tell(work: Work, key: str, title: str, text: str) -> None:
    """Tell the people on duty *text*, under *title*, once for each *key*."""
    for channel in Channel:
        work.defer(f"send-{channel}", once=f"send-{channel}:{key}", key=key, title=title, text=text)


def send_mail(_begin: Begin, facts: Facts, *, mail_box: MailBox | None) -> None:
    """Mail the notice; without a mail box nobody is reached this way.

    Raises:
        Unavailable: the server does not take it; the job waits.
    """
    if mail_box is None:
        return
    mail = EmailMessage()
    mail["Subject"], mail["From"] = facts["title"], mail_box.sender
    mail["To"] = ", ".join(mail_box.recipients)
    mail["Message-ID"] = f"<{uuid5(_NAMESPACE, facts['key'])}@bonded-warehouse>"
    mail.set_content(facts["text"])
    try:
        with smtplib.SMTP(mail_box.host, mail_box.port, timeout=_PATIENCE_SECONDS) as server:
            server.send_message(mail)
    except (OSError, smtplib.SMTPException) as failure:
        raise Unavailable(system="mail") from failure


def send_line(_begin: Begin, facts: Facts, *, chat: LineChat | None) -> None:
    """Write the notice into the LINE chat; without a chat nobody is reached this way.

    Raises:
        Unavailable: LINE does not take it; the job waits.
    """
    if chat is None:
        return
    text = f"{facts['title']}\n{facts['text']}"[:LONGEST_LINE_TEXT]
    try:
        answer = httpx2.post(
            chat.address,
            json={"to": chat.to, "messages": [{"type": "text", "text": text}]},
            headers={
                "Authorization": f"Bearer {chat.token}",
                "X-Line-Retry-Key": str(uuid5(_NAMESPACE, facts["key"])),
            },
            timeout=_PATIENCE_SECONDS,
        )
    except httpx2.HTTPError as failure:
        raise Unavailable(system="line") from failure
    if answer.is_error and answer.status_code != httpx2.codes.CONFLICT:  # 409: it has it already
        raise Unavailable(system="line")
