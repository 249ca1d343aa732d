"""Papers: printed once, when an event makes them due, and kept as they are."""

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
from warehouse.customs.models import Release
from warehouse.inventory import disposals
from warehouse.inventory.certificates import disposal_paper
from warehouse.operations.printing import (
    customs_forms,
    disposal_forms,
    label_forms,
    manifest_forms,
)
from warehouse.shipments import manifests
from warehouse.shipments import queries as shipments
from warehouse.shipments.documents import manifest_paper, shipment_label
from warehouse.shipments.vocabulary import ManifestState

SHIPMENT_LABEL: Final = "shipment-label"
DECLARATION: Final = "declaration"
RELEASE_NOTE: Final = "release-note"
DISPOSAL: Final = "disposal"
MANIFEST: Final = "manifest"


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


def print_label(work: Work, facts: Facts) -> None:
    """Print the label of the order that was placed."""
    shipment = shipments.shipment_of_order(work.session, UUID(facts["subject"]))
    if papers.paper_of(work.session, SHIPMENT_LABEL, shipment.id) is None:
        content = shipment_label(label_forms.label_of(work, shipment.order_id))
        papers.keep(work, SHIPMENT_LABEL, shipment.id, shipment.number, content)


def print_declaration(work: Work, facts: Facts) -> None:
    """Print the working copy of the declaration that customs has numbered."""
    declaration = customs.declaration_by_id(work.session, UUID(facts["subject"]))
    assert declaration.declaration_number is not None, "customs has numbered it"
    if papers.paper_of(work.session, DECLARATION, declaration.id) is None:
        content = documents.declaration(customs_forms.declaration_form(work.session, declaration))
        number = declaration.declaration_number
        papers.keep(work, DECLARATION, declaration.id, number, content)


def print_release_note(work: Work, facts: Facts) -> None:
    """Print the gate pass of the release, if the declaration that was released has one.

    An entry into bond is released without one: its goods stay.  What is lost passes no gate.
    """
    release = work.session.exec(
        select(Release).where(
            Release.declaration_id == UUID(facts["subject"]), col(Release.order_id).is_not(None)
        )
    ).first()
    if release and papers.paper_of(work.session, RELEASE_NOTE, release.id) is None:
        content = documents.release_note(customs_forms.release_form(work.session, release))
        papers.keep(work, RELEASE_NOTE, release.id, release.number, content)


def print_manifest(work: Work, facts: Facts) -> None:
    """Print the dispatch list of the vehicle that was closed: a new one each time it is closed."""
    manifest = manifests.lock(work, UUID(facts["subject"]))
    if manifest.state is not ManifestState.OPEN:
        content = manifest_paper(manifest_forms.manifest_form(work.session, manifest))
        version = manifests.times_closed(work.session, manifest.id)
        papers.keep(work, MANIFEST, manifest.id, manifest.number, content, version=version)


def print_disposal(work: Work, facts: Facts) -> None:
    """Print what proves where the goods of a disposal went: a certificate, a note."""
    disposal = disposals.lock(work, UUID(facts["subject"]))
    if papers.paper_of(work.session, DISPOSAL, disposal.id) is None:
        content = disposal_paper(disposal_forms.paper_of(work.session, disposal))
        papers.keep(work, DISPOSAL, disposal.id, disposal.number, content)
