"""The page that a paper's QR code leads to: anybody may ask whether the paper holds.

It names the paper, never a person or goods.  A code is drawn by lot, one look-up answers, and a
file that is sent in is hashed and forgotten.
"""

import hashlib
from typing import Annotated, BinaryIO, Final

from fastapi import APIRouter, File, Path, Request, Response, UploadFile

from warehouse.access.http import VisitorWorkDep, public
from warehouse.core import pages, papers
from warehouse.core.i18n import N_
from warehouse.core.papers import Paper
from warehouse.core.pdf.form import both
from warehouse.core.work import Work
from warehouse.operations.printing import verifying
from warehouse.operations.printing.papers import NAMES
from warehouse.operations.printing.verifying import STANDING_NAMES, Standing

router = APIRouter(include_in_schema=False, dependencies=[public])

Code = Annotated[str, Path(pattern="^[A-Z2-7]{16}$")]
Sent = Annotated[UploadFile, File()]

_SAME: Final = N_("The file is the paper we printed, byte for byte.")
_CHANGED: Final = N_("The file is NOT the paper we printed: it was changed.")
_FOREIGN: Final = N_("The file is NOT a paper we printed, or it was changed.")
_CHUNK: Final = 2**20


@router.get("/verify")
def verify_form(request: Request, _work: VisitorWorkDep) -> Response:
    """Where a file is brought without its code."""
    return pages.page(request, "operations/verify.html", asked=False, verdict="")


@router.post("/verify")
def verify_file(request: Request, work: VisitorWorkDep, paper: Sent) -> Response:
    """Whether a file is a paper of ours at all."""
    digest = _hashed(paper.file)
    found = papers.by_hash(work.session, digest)
    return _answer(request, work, found, digest, _SAME if found else _FOREIGN)


@router.get("/verify/{code}")
def verify(code: Code, request: Request, work: VisitorWorkDep) -> Response:
    """How the paper with that code stands."""
    return _answer(request, work, papers.by_code(work.session, code))


@router.post("/verify/{code}")
def verify_copy(code: Code, request: Request, work: VisitorWorkDep, paper: Sent) -> Response:
    """Whether a file is the paper with that code, byte for byte."""
    found = papers.by_code(work.session, code)
    digest = _hashed(paper.file)
    same = found is not None and found.sha256 == digest
    return _answer(request, work, found, digest, _SAME if same else _CHANGED)


def _answer(
    request: Request, work: Work, paper: Paper | None, digest: str = "", verdict: str = ""
) -> Response:
    return pages.page(
        request,
        "operations/verify.html",
        status=200 if paper else 404,
        asked=True,
        paper=paper,
        standing=verifying.standing(work.session, paper) if paper else Standing.UNKNOWN,
        standing_names=STANDING_NAMES,
        names=NAMES,
        digest=digest,
        verdict=verdict,
        same=verdict == _SAME,
        both=both,
    )


def _hashed(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()
