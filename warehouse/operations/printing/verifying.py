"""Whether a paper still holds: derived from the books whenever somebody asks, never stored.

A paper is revoked when what it speaks of was called off, and superseded when a later one of its
kind speaks of the same; otherwise it is as good as on the day it was printed.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlmodel import Session

from warehouse.core import db, papers
from warehouse.core.i18n import N_
from warehouse.core.papers import Paper
from warehouse.customs.models import CollectionOrder, Declaration, Release
from warehouse.customs.vocabulary import CollectionState, DeclarationState
from warehouse.inventory.models import Disposal
from warehouse.inventory.vocabulary import DisposalState
from warehouse.operations.printing.papers import (
    DECLARATION,
    DISPOSAL,
    MANIFEST,
    RELEASE_NOTE,
    SHIPMENT_LABEL,
    Asked,
)
from warehouse.shipments.models import Manifest, Order, Shipment
from warehouse.shipments.vocabulary import ManifestState


class Standing(StrEnum):
    """What the verify page says."""

    GENUINE = "genuine"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


STANDING_NAMES: Final[Mapping[Standing, str]] = {
    Standing.GENUINE: N_("Genuine: we printed this paper, and it holds"),
    Standing.SUPERSEDED: N_("Superseded: we printed this paper, and a newer one since"),
    Standing.REVOKED: N_("Revoked: we printed this paper, but what it says was called off"),
    Standing.UNKNOWN: N_("Unknown: we printed no such paper"),
}

_CALLED_OFF: Final = (DeclarationState.CANCELLED, DeclarationState.REJECTED)


def standing(session: Session, paper: Paper) -> Standing:
    """How *paper* stands now."""
    if _REVOKED[paper.kind](session, paper.subject):
        return Standing.REVOKED
    numbered = paper.kind == Asked.WORKING_COPY and papers.last_version(
        session, DECLARATION, paper.subject
    )
    if numbered or papers.last_version(session, paper.kind, paper.subject) > paper.version:
        return Standing.SUPERSEDED
    return Standing.GENUINE


def premises_of(session: Session, paper: Paper) -> UUID:
    """The warehouse that *paper* speaks of."""
    kept = session.get_one(_SUBJECTS[paper.kind], paper.subject)
    match kept:
        case Release():
            return _premises_of_release(session, kept)
        case Shipment():
            return session.get_one(Order, kept.order_id).premises_id
        case Declaration() | Disposal() | Manifest() | CollectionOrder():
            return kept.premises_id
    raise AssertionError(paper.kind)


def _premises_of_release(session: Session, release: Release) -> UUID:
    if release.order_id is not None:
        return session.get_one(Order, release.order_id).premises_id
    return session.get_one(Disposal, release.disposal_id).premises_id


def _declaration_off(session: Session, subject: UUID) -> bool:
    return session.get_one(Declaration, subject).state in _CALLED_OFF


def _release_off(session: Session, subject: UUID) -> bool:
    release = session.get_one(Release, subject)
    if release.revoked_at is not None or release.declaration_id is None:
        return release.revoked_at is not None
    declaration = session.get_one(Declaration, release.declaration_id)
    return declaration.stopped_at is not None or declaration.state in _CALLED_OFF


def _disposal_off(session: Session, subject: UUID) -> bool:
    return session.get_one(Disposal, subject).state is DisposalState.CANCELLED


def _manifest_off(session: Session, subject: UUID) -> bool:
    return session.get_one(Manifest, subject).state is ManifestState.OPEN


def _collection_off(session: Session, subject: UUID) -> bool:
    return session.get_one(CollectionOrder, subject).state is CollectionState.RETURNED


def _never(_session: Session, _subject: UUID) -> bool:
    return False


_OF_A_DECLARATION: Final = (
    DECLARATION,
    Asked.WORKING_COPY,
    Asked.ENTRY_STATEMENT,
    Asked.WITHDRAWAL_STATEMENT,
    Asked.ASSESSMENT,
    Asked.PETITION,
)
_REVOKED: Final[Mapping[str, Callable[[Session, UUID], bool]]] = {
    **dict.fromkeys(_OF_A_DECLARATION, _declaration_off),
    RELEASE_NOTE: _release_off,
    DISPOSAL: _disposal_off,
    MANIFEST: _manifest_off,
    Asked.COLLECTION_ORDER: _collection_off,
    SHIPMENT_LABEL: _never,
}
_SUBJECTS: Final[Mapping[str, type[db.Table]]] = {
    **dict.fromkeys(_OF_A_DECLARATION, Declaration),
    RELEASE_NOTE: Release,
    DISPOSAL: Disposal,
    MANIFEST: Manifest,
    Asked.COLLECTION_ORDER: CollectionOrder,
    SHIPMENT_LABEL: Shipment,
}
