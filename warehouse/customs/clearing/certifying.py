"""The officer certifies what is stored, and that is the basis of duty (Customs Act s.124).

An entry is done with (DELIVERED) when customs has released it and an officer has certified, line by
line, how much of it stands in the warehouse.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session, col, select

from warehouse.core.work import Work
from warehouse.customs import commands, queries
from warehouse.customs.errors import AlreadyCertified, MoreThanDeclared, NotInBond
from warehouse.customs.models import Declaration
from warehouse.customs.vocabulary import (
    INTO_BOND,
    CustomsEvent,
    DeclarationState,
)


def certify(
    work: Work, declaration: Declaration, officer_id: UUID, stored: Mapping[int, Decimal]
) -> None:
    """Record what an officer certified of an entry: how much of each line is *stored*.

    What is less than declared is a difference that has its own case (s.125); nothing is adjusted.

    Raises:
        NotInBond: it takes nothing into bond, or customs has not released it.
        AlreadyCertified: an officer has certified it.
        MoreThanDeclared: more is stored of a line than it declares.
    """
    commands.lock(work, declaration.id)
    if declaration.document_type not in INTO_BOND:
        raise NotInBond
    if declaration.state is DeclarationState.DELIVERED:
        raise AlreadyCertified(number=declaration.reference_number, at=declaration.delivered_at)
    if declaration.state is not DeclarationState.RELEASED:
        raise NotInBond
    for line in queries.lines(work.session, declaration.id):
        quantity = stored.get(line.line_number, line.quantity)
        if quantity > line.quantity:
            raise MoreThanDeclared(line=line.line_number, declared=line.quantity, found=quantity)
        line.certified_quantity = quantity
    declaration.certified_by = officer_id
    commands.deliver(work, declaration)
    work.emit(
        CustomsEvent.DECLARATION_CERTIFIED, declaration.id, number=declaration.reference_number
    )


def to_certify(session: Session, premises_id: UUID, *, most: int) -> Sequence[Declaration]:
    """The released entries of a premises that no officer has certified, the oldest first."""
    return session.exec(
        select(Declaration)
        .where(
            Declaration.premises_id == premises_id,
            Declaration.state == DeclarationState.RELEASED,
            col(Declaration.document_type).in_(INTO_BOND),
        )
        .order_by(col(Declaration.released_at), col(Declaration.reference_number))
        .limit(most)
    ).all()
