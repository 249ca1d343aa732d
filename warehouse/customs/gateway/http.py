"""Customs over HTTP: signed XML out, signed XML back."""

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import httpx2
from pydantic import BaseModel, TypeAdapter

from warehouse.core import clock
from warehouse.core.errors import Unavailable
from warehouse.customs.gateway import (
    DeclarationMessage,
    RawAnswer,
    Reason,
    Receipt,
    Unreadable,
    messages,
)
from warehouse.customs.gateway.signing import Keys, keys_of

LONGEST_WAIT_SECONDS: Final = 10
MOST_ANSWERS: Final = 100

_CUSTOMS: Final = "customs"
_XML: Final = {"Content-Type": "application/xml"}
_NOT_NOW: Final = frozenset({408, 425, 429})
"""Client errors that ask to come again: no answer to what was asked."""


class _Letter(BaseModel):
    id: str
    content: str


_LETTERS: Final = TypeAdapter(list[_Letter])


@dataclass(frozen=True, slots=True)
class HttpGateway:
    """Customs' endpoint: one address a message, so that sending it twice counts once.

    What is filed is signed with the keys of its filer; what customs says is held against the
    certificate that *keys* pin.
    """

    client: httpx2.Client
    keys: Keys
    filers: Mapping[str, Keys] = field(default_factory=dict)
    """Own keys of filers, by profile."""

    def compose(self, message: DeclarationMessage) -> bytes:
        """*message* as signed XML; see `Gateway.compose`."""
        keys = keys_of(message.reference_number, self.filers, self.keys)
        return messages.declaration(message, keys)

    def submit(self, message_id: UUID, document: bytes) -> Receipt:
        """File *document*; see `Gateway.submit`."""
        response = self._call("PUT", f"/declarations/{message_id}", content=document, headers=_XML)
        return self._receipt(response, message_id)

    def query(self, message_id: UUID) -> Receipt | None:
        """What customs said to *message_id*; see `Gateway.query`."""
        response = self._call("GET", f"/declarations/{message_id}")
        if response.status_code == httpx2.codes.NOT_FOUND:
            return None
        return self._receipt(response, message_id)

    def fetch_answers(self, after: str | None) -> list[RawAnswer]:
        """The next answers behind *after*, unread; see `Gateway.fetch_answers`."""
        place = {"after": after} if after is not None else {}
        response = self._call("GET", "/answers", params={**place, "limit": str(MOST_ANSWERS)})
        try:
            response.raise_for_status()
            return [
                RawAnswer(letter.id, b64decode(letter.content, validate=True))
                for letter in _LETTERS.validate_json(response.content)
            ]
        except (httpx2.HTTPStatusError, ValueError) as failure:
            raise Unavailable(system=_CUSTOMS) from failure

    def _call(
        self,
        method: str,
        path: str,
        *,
        content: bytes | None = None,
        headers: dict[str, str] | None = None,
        params: dict[str, str] | None = None,
    ) -> httpx2.Response:
        try:
            response = self.client.request(
                method,
                path,
                content=content,
                headers=headers,
                params=params,
            )
        except httpx2.HTTPError as failure:
            raise Unavailable(system=_CUSTOMS) from failure
        if response.is_server_error or response.status_code in _NOT_NOW:
            raise Unavailable(system=_CUSTOMS)
        return response

    def _receipt(self, response: httpx2.Response, message_id: UUID) -> Receipt:
        """The receipt in *response*.

        A client error refuses whether or not its words are signed: nothing was taken in.  Of any
        other response only what customs signed about this very message counts.
        """
        try:
            receipt = messages.read_receipt(response.content, self.keys)
        except Unreadable as failure:
            if response.is_client_error:
                return _refusal(response, message_id)
            raise Unavailable(system=_CUSTOMS) from failure
        if receipt.message_id != message_id:
            raise Unavailable(system=_CUSTOMS)
        return receipt


def open_client(url: str) -> httpx2.Client:
    """A client for customs at *url*; close it when done."""
    return httpx2.Client(base_url=url, timeout=LONGEST_WAIT_SECONDS)


def _refusal(response: httpx2.Response, message_id: UUID) -> Receipt:
    reason = Reason(f"HTTP-{response.status_code}", response.reason_phrase)
    return Receipt(message_id, accepted=False, at=clock.now(), reasons=(reason,))
