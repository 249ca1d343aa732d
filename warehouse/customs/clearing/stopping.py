"""Customs lets goods go in parts, or stops them after it let them go.

The permission stands per line.  What has left is a fact and stays one; what has not left may not
leave from the moment the stop is known (Customs Act s.51).
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlmodel import select

from warehouse.core.work import Work
from warehouse.customs import commands, queries
from warehouse.customs.clearing import authorising
from warehouse.customs.errors import NoSuchLine, NothingToStop
from warehouse.customs.models import Declaration, Release
from warehouse.customs.money import discharging, guarantee
from warehouse.customs.vocabulary import (
    AT_CUSTOMS,
    DECLARATION,
    INTO_BOND,
    LET_GO,
    CustomsEvent,
    DeclarationState,
    DocumentType,
)

LONGEST_REASON: Final = 300


def release_part(
    work: Work, declaration: Declaration, line_numbers: Collection[int], at: datetime
) -> None:
    """Customs lets the goods of some lines of *declaration* go at *at*; the rest waits.

    For home use the duty of those lines is imposed now; all is paid at the end.

    Raises:
        WrongState: it could not be released yet, or is released.
        NoSuchLine: it has no such line.
    """
    account = guarantee.lock_account(work, declaration.premises_id)
    commands.lock(work, declaration.id)
    DECLARATION.step(declaration.state, DeclarationState.RELEASED)
    named = [
        line
        for line in queries.lines(work.session, declaration.id)
        if line.line_number in line_numbers
    ]
    if not named or len(named) < len(set(line_numbers)):
        raise NoSuchLine(number=declaration.reference_number, lines=sorted(line_numbers))
    if declaration.document_type is DocumentType.HOME_USE:
        discharging.impose(work, account, declaration, named)
    if declaration.document_type not in INTO_BOND:
        discharging.grant(work, declaration, at, {line.id for line in named})
    numbers = ", ".join(str(line.line_number) for line in named)
    _emit(work, CustomsEvent.DECLARATION_PART_RELEASED, declaration, lines=numbers)


def stop(work: Work, declaration: Declaration, reason: str, at: datetime) -> None:
    """Customs stops *declaration* at *at*: nothing more of it leaves.

    Raises:
        NothingToStop: customs has not accepted it.
    """
    commands.lock(work, declaration.id)
    if declaration.state not in AT_CUSTOMS | LET_GO:
        raise NothingToStop(number=declaration.reference_number)
    declaration.stopped_at, declaration.stop_reason = at, reason[:LONGEST_REASON]
    release = work.session.exec(
        select(Release).where(Release.declaration_id == declaration.id)
    ).first()
    if release is not None:
        authorising.revoke(work, release.id)
    _emit(work, CustomsEvent.DECLARATION_STOPPED, declaration, reason=declaration.stop_reason)


def resume(work: Work, declaration: Declaration) -> None:
    """Customs lets what it had stopped go on."""
    commands.lock(work, declaration.id)
    declaration.stopped_at, declaration.stop_reason = None, ""
    release = work.session.exec(
        select(Release).where(Release.declaration_id == declaration.id)
    ).first()
    if release is not None:
        release.revoked_at = release.revoked_by = None
    _emit(work, CustomsEvent.DECLARATION_RESUMED, declaration)


def _emit(work: Work, event: CustomsEvent, declaration: Declaration, **facts: str) -> None:
    work.emit(event, declaration.id, number=declaration.reference_number, **facts)
