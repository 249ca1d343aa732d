"""Papers that somebody asks for: printed as the books stand now, each time as a new version."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final
from uuid import UUID

from sqlmodel import select

from warehouse.core import clock, papers
from warehouse.core.errors import WrongState
from warehouse.core.i18n import N_
from warehouse.core.jobs import Facts
from warehouse.core.papers import Paper, PaperEvent
from warehouse.core.work import Work
from warehouse.customs import documents
from warehouse.customs.errors import CollectionNotFound
from warehouse.customs.models import CollectionOrder, Declaration
from warehouse.customs.vocabulary import INTO_BOND, DocumentType
from warehouse.inventory.models import Disposal
from warehouse.masterdata import queries as masterdata
from warehouse.operations import wall
from warehouse.operations.printing import bond_forms, collection_forms, customs_forms
from warehouse.operations.printing.papers import Asked, draw
from warehouse.operations.printing.parties import house_of, owner_of
from warehouse.settings import LOCAL_SITE

Drawing = Callable[[str], bytes]
"""Draws with a link to where the paper is verified."""


class NoSuchPaper(WrongState):
    """That kind of paper is not made of that declaration."""

    code = "no-such-paper"
    message = N_("A paper of this kind is not made of {number} as it stands.")


def print_asked(work: Work, kind: Asked, number: str, *, site: str) -> Paper:
    """Print the paper *kind* of the declaration, or the collection order, *number*.

    Raises:
        NoPremises: the actor works nowhere.
        DeclarationNotFound: there is no such declaration in the actor's warehouse.
        CollectionNotFound: there is no such order there.
        NoSuchPaper: it is not made of that declaration: of a petition, say, or once it has gone.
    """
    if kind is Asked.COLLECTION_ORDER:
        order = _collection(work, number)
        form = collection_forms.collection_form(work.session, order)
        drawing: Drawing = partial(documents.collection_order, form)
        subject, title = order.id, order.number
    else:
        declaration = wall.own_declaration(work, number)
        drawing = _DRAWN[kind](work, declaration)
        subject = declaration.id
        title = declaration.declaration_number or declaration.reference_number
    version = papers.last_version(work.session, kind, subject) + 1
    return draw(work, kind, subject, title, drawing, site=site, version=version)


def print_collection_order(work: Work, facts: Facts, *, site: str = LOCAL_SITE) -> None:
    """Print the two copies of the collection order that was issued."""
    order = work.session.get_one(CollectionOrder, UUID(facts["subject"]))
    form = collection_forms.collection_form(work.session, order)
    drawing = partial(documents.collection_order, form)
    draw(work, Asked.COLLECTION_ORDER, order.id, order.number, drawing, site=site)


def print_again(work: Work, paper: Paper, reason: str) -> None:
    """*paper* is printed once more, and somebody says why; it stays as it was made."""
    work.emit(PaperEvent.REPRINTED, paper.id, number=paper.number, reason=reason)


def _collection(work: Work, number: str) -> CollectionOrder:
    found = work.session.exec(
        select(CollectionOrder).where(
            CollectionOrder.number == number,
            CollectionOrder.premises_id == work.actor.premises_id,
        )
    ).first()
    if found is None:
        raise CollectionNotFound(number=number)
    return found


def _working_copy(work: Work, declaration: Declaration) -> Drawing:
    _only(declaration, declaration.document_type is not DocumentType.PETITION)
    _only(declaration, declaration.declaration_number is None)
    form = customs_forms.declaration_form(work.session, declaration)
    return partial(documents.declaration, form)


def _assessment(work: Work, declaration: Declaration) -> Drawing:
    _only(declaration, declaration.document_type is not DocumentType.PETITION)
    form = customs_forms.declaration_form(work.session, declaration)
    return partial(documents.assessment, form)


def _entry_statement(work: Work, declaration: Declaration) -> Drawing:
    _only(declaration, declaration.document_type in INTO_BOND)
    form = bond_forms.entry_form(work.session, declaration, work.today)
    return partial(documents.entry_statement, form)


def _withdrawal_statement(work: Work, declaration: Declaration) -> Drawing:
    _only(declaration, declaration.document_type not in INTO_BOND)
    form = bond_forms.withdrawal_form(work.session, declaration, work.today)
    return partial(documents.withdrawal_statement, form)


def _petition(work: Work, declaration: Declaration) -> Drawing:
    _only(declaration, declaration.document_type is DocumentType.PETITION)
    session = work.session
    premises = masterdata.premises_by_id(session, declaration.premises_id)
    owner = masterdata.partner_by_id(session, declaration.partner_id)
    disposal = session.get_one(Disposal, declaration.disposal_id)
    on = disposal.scheduled_for and clock.local_date(disposal.scheduled_for)
    form = documents.PetitionPaper(
        number=declaration.reference_number,
        disposal_number=disposal.number,
        procedure=declaration.procedure,
        made_on=work.today,
        proposed_on=on,
        place=disposal.destination,
        reason=disposal.reason,
        house=house_of(premises),
        owner=owner_of(owner),
        lines=bond_forms.withdrawals_of(session, declaration),
    )
    return partial(documents.petition, form)


def _only(declaration: Declaration, fits: bool) -> None:  # noqa: FBT001 (the condition itself)
    if not fits:
        raise NoSuchPaper(number=declaration.declaration_number or declaration.reference_number)


_DRAWN: Final[Mapping[Asked, Callable[[Work, Declaration], Drawing]]] = {
    Asked.WORKING_COPY: _working_copy,
    Asked.ASSESSMENT: _assessment,
    Asked.ENTRY_STATEMENT: _entry_statement,
    Asked.WITHDRAWAL_STATEMENT: _withdrawal_statement,
    Asked.PETITION: _petition,
}
