"""Signing in for programs: a handheld's own application, and the demonstration."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from warehouse.access import commands
from warehouse.access.errors import NotRecognised
from warehouse.access.http import VisitorWorkDep, begin_session, device_of, public
from warehouse.access.vocabulary import Role
from warehouse.core.http import problem, problems

router = APIRouter(prefix="/api/v1", tags=["access"])

Text = Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]


class SignInWanted(BaseModel):
    """Name and password at a desk; badge and PIN at a device that sends its token."""

    model_config = ConfigDict(extra="forbid")

    username: Text = ""
    password: Text = ""
    badge: Text = ""
    pin: Text = ""


class SignInRead(BaseModel):
    """Who signed in, and the token that every change must carry as ``X-CSRF-Token``."""

    username: str
    role: Role
    csrf_token: str


@router.post(
    "/sign-ins",
    status_code=201,
    dependencies=[public],
    responses={201: {"model": SignInRead}, **problems(NotRecognised)},
)
def sign_in(body: SignInWanted, request: Request, work: VisitorWorkDep) -> Response:
    """Begin a sign-in; the answer sets its cookie.  A device sends ``X-Device-Token``."""
    device = device_of(request, work)
    if body.badge and device is not None:
        opened = commands.sign_in_at_device(work, device, body.badge, body.pin)
    else:
        opened = commands.sign_in(work, body.username, body.password)
    if opened is None:
        return problem(request, NotRecognised())  # returned, not raised: the failure is counted
    read = SignInRead(
        username=opened.person.username,
        role=opened.person.role,
        csrf_token=opened.sign_in.csrf_token,
    )
    answer = Response(read.model_dump_json(), status_code=201, media_type="application/json")
    return begin_session(request, work, opened, answer)
