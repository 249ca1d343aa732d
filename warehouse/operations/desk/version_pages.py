"""Every version of a declaration, and any two of them side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from warehouse.access.http import WorkDep, requires
from warehouse.access.vocabulary import Permission
from warehouse.core import pages
from warehouse.customs.changing import comparing, versions
from warehouse.customs.changing.comparing import Change
from warehouse.customs.changing.versions import Version
from warehouse.customs.vocabulary import AMENDMENT_STATE_NAMES, STATE_NAMES
from warehouse.operations import wall

router = APIRouter(include_in_schema=False, dependencies=[requires(Permission.READ_DECLARATIONS)])

Number = Annotated[int | None, Query(ge=1, le=9999)]


@dataclass(frozen=True, slots=True)
class Told:
    """A version, and in *words* what it changed of the one before."""

    version: Version
    words: Sequence[str]


@router.get("/declarations/{number}/versions")
def versions_page(
    number: str, request: Request, work: WorkDep, old: Number = None, new: Number = None
) -> Response:
    """What each version changed; *old* beside *new*, or the last beside the one before."""
    found = wall.declaration(work, number)
    all_of_them = versions.of(work, found)
    right = versions.pick(all_of_them, new or all_of_them[-1].number)
    left = versions.pick(all_of_them, old) if old else all_of_them[max(len(all_of_them) - 2, 0)]
    return pages.page(
        request,
        "operations/versions.html",
        declaration=found,
        told=_told(all_of_them, pages.language_of(request)),
        old=left.number,
        new=right.number,
        sides=_sides(left, right),
        state_names=STATE_NAMES,
        amendment_names=AMENDMENT_STATE_NAMES,
    )


def _told(all_of_them: Sequence[Version], language: str) -> list[Told]:
    before = [None, *all_of_them[:-1]]
    return [
        Told(version, versions.words(earlier, version, language))
        for earlier, version in zip(before, all_of_them, strict=True)
    ]


def _sides(left: Version, right: Version) -> list[Change]:
    """What either says of the whole, and of every line in which they differ."""
    rows = comparing.side_by_side(left.content, right.content)
    shown = {None, *(row.line for row in rows if row.changed)}
    return [row for row in rows if row.line in shown and row.said]
