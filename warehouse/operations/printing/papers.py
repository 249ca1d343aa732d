"""Papers: printed when an event makes them due, or when somebody asks, and kept as they are.

*site* is where the outside reaches this installation: the QR code of a paper leads there.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from warehouse.core import papers
from warehouse.core.errors import NotFound
from warehouse.core.i18n import N_
from warehouse.core.jobs import Facts
from warehouse.core.papers import Paper
from warehouse.core.work import Work
from warehouse.customs import documents
from warehouse.customs import queries as customs
from warehouse.customs.models import Amendment, Release
from warehouse.customs.vocabulary import DocumentType, Procedure
from warehouse.inventory import disposals
from warehouse.inventory.certificates import disposal_paper
from warehouse.operations.printing import (
    bond_forms,
    customs_forms,
    disposal_forms,
    label_forms,
    manifest_forms,
)
from warehouse.settings import LOCAL_SITE
from warehouse.shipments import manifests
from warehouse.shipments import queries as shipments
from warehouse.shipments.documents import manifest_paper, shipment_label
from warehouse.shipments.vocabulary import ManifestState

SHIPMENT_LABEL: Final = "shipment-label"
DECLARATION: Final = "declaration"
RELEASE_NOTE: Final = "release-note"
DISPOSAL: Final = "disposal"
MANIFEST: Final = "manifest"


class Asked(StrEnum):
    """Papers that somebody asks for; each time makes a version that supersedes the one before."""

    WORKING_COPY = "working-copy"
    ENTRY_STATEMENT = "entry-statement"
    WITHDRAWAL_STATEMENT = "withdrawal-statement"
    ASSESSMENT = "assessment"
    PETITION = "petition"
    COLLECTION_ORDER = "collection-order"


NAMES: Final[Mapping[str, str]] = {
    SHIPMENT_LABEL: N_("Shipment label"),
    DECLARATION: N_("Declaration"),
    Asked.WORKING_COPY: N_("Declaration, working copy"),
    Asked.ENTRY_STATEMENT: N_("Bonded entry statement"),
    Asked.WITHDRAWAL_STATEMENT: N_("Bonded withdrawal statement"),
    Asked.ASSESSMENT: N_("Assessment of duty and tax"),
    Asked.PETITION: N_("Petition to customs"),
    Asked.COLLECTION_ORDER: N_("Collection order"),
    RELEASE_NOTE: N_("Release note"),
    DISPOSAL: N_("Certificate or note"),
    MANIFEST: N_("Dispatch list"),
}

_PASSES_NO_GATE: Final = frozenset({Procedure.LOSS, Procedure.REMISSION})


class PaperNotMade(NotFound):
    """That paper does not exist, or not yet."""

    code = "paper-not-made"
    message = N_("{number} has no such paper yet. It is printed as soon as it is due.")


def paper_by_number(session: Session, kind: str, number: str) -> Paper:
    """The newest paper *kind* with the *number* in its title.

    Raises:
        PaperNotMade: there is none.
    """
    found = session.exec(
        select(Paper)
        .where(Paper.kind == kind, Paper.number == number)
        .order_by(col(Paper.version).desc())
    ).first()
    if found is None:
        raise PaperNotMade(number=number)
    return found


def draw(
    work: Work,
    kind: str,
    subject: UUID,
    number: str,
    drawing: Callable[[str], bytes],
    *,
    site: str,
    version: int = 1,
) -> Paper:
    """The paper *kind* of *subject*: kept before, or drawn now with a link to its verification."""
    if earlier := papers.paper_of(work.session, kind, subject, version):
        return earlier
    code = papers.new_code()
    content = drawing(f"{site}/verify/{code}")
    return papers.keep(work, kind, subject, number, content, version=version, verify_code=code)


def print_label(work: Work, facts: Facts) -> None:
    """Print the label of the order that was placed."""
    shipment = shipments.shipment_of_order(work.session, UUID(facts["subject"]))
    if papers.paper_of(work.session, SHIPMENT_LABEL, shipment.id) is None:
        content = shipment_label(label_forms.label_of(work, shipment.order_id))
        papers.keep(work, SHIPMENT_LABEL, shipment.id, shipment.number, content)


def print_declaration(work: Work, facts: Facts, *, site: str = LOCAL_SITE) -> None:
    """Print the declaration that customs has numbered, or whose amendment it accepted."""
    declaration = customs.declaration_by_id(work.session, _declaration_of(work, facts))
    if declaration.document_type is DocumentType.PETITION:
        return
    number = declaration.declaration_number
    assert number is not None, "customs has numbered it"
    draw(
        work,
        DECLARATION,
        declaration.id,
        number,
        lambda link: documents.declaration(
            customs_forms.declaration_form(work.session, declaration), link
        ),
        site=site,
        version=declaration.version,
    )


def _declaration_of(work: Work, facts: Facts) -> UUID:
    """The subject of the event, or the declaration that its subject amended."""
    subject = UUID(facts["subject"])
    amendment = work.session.get(Amendment, subject)
    return amendment.declaration_id if amendment else subject


def print_release_note(work: Work, facts: Facts, *, site: str = LOCAL_SITE) -> None:
    """Print the gate pass of the release, if the declaration that was released has one.

    An entry into bond is released without one: its goods stay.  What is lost passes no gate.
    """
    declaration = customs.declaration_by_id(work.session, UUID(facts["subject"]))
    release = work.session.exec(
        select(Release).where(Release.declaration_id == declaration.id)
    ).first()
    if release and declaration.procedure not in _PASSES_NO_GATE:
        draw(
            work,
            RELEASE_NOTE,
            release.id,
            release.number,
            lambda link: documents.release_note(
                bond_forms.release_form(work.session, release), link
            ),
            site=site,
        )


def print_manifest(work: Work, facts: Facts, *, site: str = LOCAL_SITE) -> None:
    """Print the dispatch list of the vehicle that was closed: a new one each time it is closed."""
    manifest = manifests.lock(work, UUID(facts["subject"]))
    if manifest.state is not ManifestState.OPEN:
        draw(
            work,
            MANIFEST,
            manifest.id,
            manifest.number,
            lambda link: manifest_paper(manifest_forms.manifest_form(work.session, manifest), link),
            site=site,
            version=manifests.times_closed(work.session, manifest.id),
        )


def print_disposal(work: Work, facts: Facts, *, site: str = LOCAL_SITE) -> None:
    """Print what proves where the goods of a disposal went: a certificate, a note."""
    disposal = disposals.lock(work, UUID(facts["subject"]))
    draw(
        work,
        DISPOSAL,
        disposal.id,
        disposal.number,
        lambda link: disposal_paper(disposal_forms.paper_of(work.session, disposal), link),
        site=site,
    )
