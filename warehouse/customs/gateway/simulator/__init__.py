"""Customs, played: a program of its own.

It checks signatures and sums, keeps its own books of what stands in bond, issues declaration
numbers, answers over time, remembers through kill -9, and fails when a fault plan says so.  The
product speaks to it as to customs and never imports it.
"""

import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import timedelta
from http import HTTPStatus
from itertools import islice
from pathlib import Path
from secrets import compare_digest
from typing import Annotated, Final
from uuid import UUID

from fastapi import Body, Depends, FastAPI, Header, HTTPException, Query, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader
from pydantic import BaseModel, Field

from warehouse.core import clock
from warehouse.customs.gateway import Reason, Receipt, Unreadable, messages
from warehouse.customs.gateway.signing import Keys
from warehouse.customs.gateway.simulator.faults import Fault, FaultPlan, Weather
from warehouse.customs.gateway.simulator.filings import Filing
from warehouse.customs.gateway.simulator.office import Office

__all__ = ["Fault", "FaultPlan", "create_simulator"]

_PAGE: Final = Environment(loader=PackageLoader(__name__, "."), autoescape=True)
_SHOWN: Final = 200


class Forecast(BaseModel):
    """A fault plan as ordered at run time."""

    seed: int = 0
    weights: dict[Fault, Annotated[int, Field(ge=0)]] = {}
    delay_seconds: Annotated[float, Field(ge=0, le=600)] = 15
    outage_seconds: Annotated[float, Field(ge=0)] = 0

    def plan(self) -> FaultPlan:
        """The plan, its outage beginning now."""
        return FaultPlan(
            seed=self.seed,
            weights=self.weights,
            delay=timedelta(seconds=self.delay_seconds),
            outage_until=clock.now() + timedelta(seconds=self.outage_seconds),
        )


class Heard(BaseModel):
    """What customs holds of one declaration."""

    message_id: UUID
    reference_number: str
    document_type: str
    importer: str
    lines: int
    accepted: bool
    function: str
    declaration_number: str | None
    payment_number: str | None
    said: list[str]
    errors: list[str]


def create_simulator(
    *,
    keys: Keys,
    filers: Mapping[str, Keys] | None = None,
    state: Path | None = None,
    plan: FaultPlan | None = None,
    pace_seconds: float = 1.0,
    faults_token: str | None = None,
) -> FastAPI:
    """Customs' endpoint, to be served on an address of its own.

    *keys* are customs' own, with the warehouse's certificate pinned; *filers* the same for who
    files with a certificate of its own, by profile.  *state* is the journal's
    file; None forgets.  *pace_seconds* lie between customs' decisions.  Whoever knows
    *faults_token* may order faults at run time; without one nobody may.
    """
    weather = Weather(plan or FaultPlan())
    pace = timedelta(seconds=pace_seconds)
    office = Office(keys, weather, pace, journal=state, filers=filers or {})
    app = FastAPI(title="Customs simulator", docs_url=None, redoc_url=None)
    _take_declarations(app, office)
    _give_answers(app, office)
    _show(app, office)
    _order_faults(app, weather, faults_token)
    return app


def _take_declarations(app: FastAPI, office: Office) -> None:
    @app.put("/declarations/{message_id}")
    def file(
        message_id: UUID,
        raw: Annotated[bytes, Body(media_type="application/xml")],
        fault: Annotated[Fault, Depends(_meets(office.weather))],
    ) -> Response:
        """Take a declaration in, or refuse it with reasons."""
        try:
            message = office.read(raw)
        except Unreadable as failure:
            reasons = (Reason(failure.code, str(failure)),)
            return _told(office, _refused(message_id, reasons), HTTPStatus.BAD_REQUEST, fault)
        if message.message_id != message_id:
            reasons = (Reason("H01", "Message Id Not Equal Address"),)
            return _told(office, _refused(message_id, reasons), HTTPStatus.BAD_REQUEST, fault)
        receipt = office.file(raw, message, refused=fault is Fault.REFUSED)
        accepted = HTTPStatus.OK if receipt.accepted else HTTPStatus.UNPROCESSABLE_ENTITY
        return _told(office, receipt, accepted, fault)

    @app.get("/declarations/{message_id}")
    def look_up(
        message_id: UUID, fault: Annotated[Fault, Depends(_meets(office.weather))]
    ) -> Response:
        """The receipt that was given, or 404 for what never came."""
        filing = office.filings.get(message_id)
        if filing is None:
            return Response(status_code=HTTPStatus.NOT_FOUND)
        return _told(office, filing.receipt, HTTPStatus.OK, fault)


def _give_answers(app: FastAPI, office: Office) -> None:
    @app.get("/answers")
    def answers(
        fault: Annotated[Fault, Depends(_meets(office.weather))],
        after: Annotated[int, Query(ge=0)] = 0,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> list[dict[str, str]]:
        """The letters behind place *after*, oldest first."""
        found = office.letters(after, limit)
        if fault is Fault.ANSWER_LOST:
            raise HTTPException(HTTPStatus.GATEWAY_TIMEOUT)
        return [
            {"id": letter.transport_id, "content": b64encode(letter.content).decode()}
            for letter in found
        ]


def _show(app: FastAPI, office: Office) -> None:
    @app.get("/filings")
    def filings(limit: Annotated[int, Query(ge=1, le=100_000)] = _SHOWN) -> list[Heard]:
        """What was received, newest first."""
        newest = islice(reversed(office.filings.values()), limit)
        return [_heard(filing) for filing in newest]

    @app.get("/", response_class=HTMLResponse)
    def page() -> str:
        """The same for people."""
        return _PAGE.get_template("received.html").render(filings=filings())


def _order_faults(app: FastAPI, weather: Weather, token: str | None) -> None:
    @app.post("/faults", status_code=HTTPStatus.NO_CONTENT)
    def order(forecast: Forecast, authorization: Annotated[str, Header()] = "") -> None:
        """Let faults begin, or, with an empty order, end."""
        if token is None or not compare_digest(authorization.encode(), f"Bearer {token}".encode()):
            raise HTTPException(HTTPStatus.FORBIDDEN)
        weather.change(forecast.plan())


def _meets(weather: Weather) -> Callable[[], Fault]:
    def meet() -> Fault:
        fault = weather.call(clock.now())
        if fault is Fault.BUSY:
            raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE)
        if fault is Fault.REQUEST_LOST:
            raise HTTPException(HTTPStatus.GATEWAY_TIMEOUT)
        if fault is Fault.DELAYED:
            time.sleep(weather.plan.delay.total_seconds())
        return fault

    return meet


def _told(office: Office, receipt: Receipt, status: HTTPStatus, fault: Fault) -> Response:
    if fault is Fault.ANSWER_LOST:
        return Response(status_code=HTTPStatus.GATEWAY_TIMEOUT)
    return Response(
        messages.receipt(receipt, office.keys), status_code=status, media_type="application/xml"
    )


def _refused(message_id: UUID, reasons: tuple[Reason, ...]) -> Receipt:
    return Receipt(message_id, accepted=False, at=clock.now(), reasons=reasons)


def _heard(filing: Filing) -> Heard:
    said = filing.said_by(clock.now())
    errors = [*filing.receipt.reasons, *(error for answer in said for error in answer.errors)]
    return Heard(
        message_id=filing.message.message_id,
        reference_number=filing.message.reference_number,
        document_type=filing.message.document_type,
        importer=filing.message.importer.name,
        lines=len(filing.message.lines),
        accepted=filing.receipt.accepted,
        function=filing.message.function.name.lower(),
        declaration_number=next((a.declaration_number for a in said if a.declaration_number), None),
        payment_number=next((a.payment_number for a in said if a.payment_number), None),
        said=[answer.kind.value for answer in said],
        errors=[f"{error.code} {error.text}" for error in errors],
    )
