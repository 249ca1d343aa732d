"""Every version of a declaration: as first filed, filed again after a refusal, and as amended."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Final

from sqlmodel import Session, col, select

from warehouse.core.errors import NotFound
from warehouse.core.i18n import N_
from warehouse.core.work import Work
from warehouse.customs.changing import amending, comparing
from warehouse.customs.checking import filing
from warehouse.customs.gateway import DeclarationMessage, messages
from warehouse.customs.models import Amendment, CustomsMessage, Declaration
from warehouse.customs.vocabulary import AmendmentKind, AmendmentState, Direction

_SHOWN: Final = (*amending.OPEN, AmendmentState.ACCEPTED)


class VersionNotFound(NotFound):
    """The declaration has no such version."""

    code = "version-not-found"
    message = N_("{number} has no version {version}.")


@dataclass(frozen=True, slots=True)
class Version:
    """What version *number* says; *sha256* is that of its message, empty while it is not sent.

    *amendment* asks customs for it, unless it was filed as a declaration of its own.
    """

    number: int
    declaration: Declaration
    amendment: Amendment | None
    content: DeclarationMessage
    sha256: str

    @property
    def by(self) -> str:
        """Who drafted it."""
        return self.amendment.requested_by if self.amendment else self.declaration.drafted_by

    @property
    def at(self) -> datetime:
        """When it was drafted."""
        return self.amendment.requested_at if self.amendment else self.declaration.drafted_at


def of(work: Work, declaration: Declaration) -> list[Version]:
    """The versions of what *declaration* declares, in order; refused amendments made none."""
    filed = _filings(work.session, declaration)
    asked = {each.id: amending.of(work.session, each.id) for each in filed}
    kept = _kept(work.session, [*filed, *chain.from_iterable(asked.values())])
    return [version for each in filed for version in _versions(work, each, asked[each.id], kept)]


def words(earlier: Version | None, version: Version, language: str) -> list[str]:
    """What *version* changed of the *earlier* one, as sentences; nothing if it is the first."""
    if earlier is None:
        return []
    return comparing.in_words(comparing.difference(earlier.content, version.content), language)


def pick(versions: Sequence[Version], number: int) -> Version:
    """Version *number* among *versions*.

    Raises:
        VersionNotFound: there is none.
    """
    for version in versions:
        if version.number == number:
            return version
    raise VersionNotFound(number=versions[0].declaration.reference_number, version=number)


def _versions(
    work: Work,
    declaration: Declaration,
    asked: Sequence[Amendment],
    kept: Mapping[str, CustomsMessage],
) -> Iterator[Version]:
    made = [each for each in asked if each.kind is AmendmentKind.AMENDMENT and each.state in _SHOWN]
    accepted = sum(each.state is AmendmentState.ACCEPTED for each in made)
    first = kept.get(str(declaration.message_id))
    yield Version(
        declaration.version - accepted,
        declaration,
        None,
        messages.kept(first.raw) if first else filing.message(work.session, declaration),
        first.sha256 if first else "",
    )
    for amendment in made:
        sent = kept.get(str(amendment.message_id))
        yield Version(
            amendment.version,
            declaration,
            amendment,
            messages.kept(sent.raw) if sent else amending.message(work, amendment),
            sent.sha256 if sent else "",
        )


def _filings(session: Session, declaration: Declaration) -> Sequence[Declaration]:
    """Every declaration of the same goods for the same end, cancelled ones too, in order."""
    about = {
        column: key
        for column in ("consignment_id", "order_id", "disposal_id", "paired_id")
        if (key := getattr(declaration, column)) is not None
    }
    return session.exec(
        select(Declaration)
        .where(
            Declaration.document_type == declaration.document_type,
            Declaration.part == declaration.part,
            *(getattr(Declaration, column) == key for column, key in about.items()),
        )
        .order_by(col(Declaration.version))
    ).all()


def _kept(
    session: Session, asked: Iterable[Declaration | Amendment]
) -> Mapping[str, CustomsMessage]:
    """What went to customs, under the message id of each of *asked*."""
    found = session.exec(
        select(CustomsMessage).where(
            CustomsMessage.direction == Direction.OUT,
            col(CustomsMessage.transport_id).in_([str(each.message_id) for each in asked]),
        )
    )
    return {message.transport_id: message for message in found}
