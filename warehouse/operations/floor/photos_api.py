"""Photos that prove a discrepancy: taken at the dock, looked at by the desk and by customs."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Response
from pydantic import BaseModel

from warehouse.access.http import WorkDep, requires
from warehouse.access.vocabulary import Permission
from warehouse.core.errors import WrongState
from warehouse.core.http import problems
from warehouse.inventory import discrepancies
from warehouse.inventory.errors import (
    DiscrepancyNotFound,
    NotAPicture,
    PhotoNotFound,
    TooManyPhotos,
)

router = APIRouter(prefix="/api/v1", tags=["discrepancies"])


class PhotoRead(BaseModel):
    """A photo as it was kept."""

    id: UUID
    media_type: str
    sha256: str


class _Picture(Response):
    """For the description of the API."""

    media_type = "image/*"


@router.post(
    "/discrepancies/{discrepancy_id}/photos",
    status_code=201,
    dependencies=[requires(Permission.SCAN)],
    responses=problems(DiscrepancyNotFound, NotAPicture, TooManyPhotos, WrongState),
)
def add_photo(
    discrepancy_id: UUID,
    work: WorkDep,
    picture: Annotated[
        bytes,
        Body(media_type="image/*", description="A JPEG, PNG or WebP picture of at most 5 MB"),
    ],
) -> PhotoRead:
    """Keep a photo of a discrepancy; the same picture sent again is the same photo."""
    photo = discrepancies.add_photo(work, discrepancy_id, picture)
    return PhotoRead(id=photo.id, media_type=photo.media_type, sha256=photo.sha256)


@router.get(
    "/discrepancies/{discrepancy_id}/photos/{photo_id}",
    dependencies=[requires(Permission.READ_STOCK)],
    response_class=_Picture,
    responses=problems(PhotoNotFound),
)
def photo(discrepancy_id: UUID, photo_id: UUID, work: WorkDep) -> Response:
    """A photo, as it was taken."""
    found = discrepancies.photo(work, discrepancy_id, photo_id)
    return Response(
        found.content,
        media_type=found.media_type,
        headers={"etag": f'"{found.sha256}"', "cache-control": "private, immutable"},
    )
