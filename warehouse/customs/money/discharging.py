"""A release writes goods off their import lines: quantity, value, duty, guarantee, gate."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import col, select

from warehouse.core import db, money, numbers
from warehouse.core.money import ZERO
from warehouse.core.work import Work
from warehouse.customs import queries, rules
from warehouse.customs.models import (
    Declaration,
    DeclarationDuty,
    DeclarationLine,
    Discharge,
    GuaranteeAccount,
    Release,
    ReleaseLine,
)
from warehouse.customs.money import duty_ledger, guarantee
from warehouse.customs.vocabulary import DutyEntryKind


@dataclass(frozen=True, slots=True)
class WrittenOff:
    """What a line took off its import line; *shares*: of each amount suspended there."""

    line: DeclarationLine
    entry_line: DeclarationLine
    shares: Mapping[str, Decimal]


def discharge(work: Work, account: GuaranteeAccount, declaration: Declaration) -> None:
    """Write what *declaration*, for home use, takes off its import lines, and let it be paid.

    What a part release took off is off already.  What is paid is the sum of all lines and the
    rounding of the totals.
    """
    lines = queries.lines(work.session, declaration.id)
    taken = set(
        work.session.exec(
            select(Discharge.disposal_line_id).where(
                col(Discharge.disposal_line_id).in_([line.id for line in lines])
            )
        )
    )
    impose(work, account, declaration, [line for line in lines if line.id not in taken])
    imposed = queries.duties(work.session, (line.id for line in lines))
    _pay(work, declaration, [duty for duties in imposed.values() for duty in duties])


def impose(
    work: Work,
    account: GuaranteeAccount,
    declaration: Declaration,
    lines: Sequence[DeclarationLine],
) -> None:
    """Take *lines* of *declaration* off their import lines: what was suspended is imposed now."""
    imposed = queries.duties(work.session, (line.id for line in lines))
    for each in write_off(work, account, lines, {line.id: line.quantity for line in lines}):
        _impose(work, declaration, each, imposed[each.line.id])


def write_off(
    work: Work,
    account: GuaranteeAccount,
    lines: Sequence[DeclarationLine],
    went: Mapping[UUID, Decimal],
) -> list[WrittenOff]:
    """Take as much of each of *lines* off its import line as *went*, by the line's id.

    The suspended share of each duty, the last discharge taking the remainder, leaves suspense
    whole: the caller says for where.  The guarantee gets that share back.
    """
    going = [line for line in lines if went.get(line.id)]
    wanted = [line.entry_line_id for line in going if line.entry_line_id is not None]
    entry_lines = db.lock(work.session, DeclarationLine, wanted)
    suspended = queries.duties(work.session, wanted)
    given_back: dict[UUID, Decimal] = defaultdict(Decimal)
    written = []
    for line in going:
        assert line.entry_line_id is not None, "what leaves bond draws down an import line"
        entry_line = entry_lines[line.entry_line_id]
        shares = _shares(entry_line, went[line.id], suspended[entry_line.id])
        _note(work, entry_line, line, went[line.id])
        given_back[entry_line.declaration_id] += sum(shares.values(), ZERO)
        written.append(WrittenOff(line, entry_line, shares))
    for entry_id, amount in given_back.items():
        guarantee.release(work, account, entry_id, amount)
    return written


def share_of(line: DeclarationLine, total: Decimal, quantity: Decimal) -> Decimal:
    """What *quantity* of *line* has of *total*, a value of the whole line."""
    return money.share(total, quantity, line.quantity, total_left=total, whole_left=line.quantity)


def grant(
    work: Work,
    declaration: Declaration,
    at: datetime,
    lines: Collection[UUID] | None = None,
) -> Release:
    """The release that the gate, or a write-off, asks for, over every lot of *declaration*.

    *lines*: over the lots of these alone; the others are added when customs lets them go as well.
    """
    release = _release(work, declaration, at)
    covered = set(
        work.session.exec(
            select(ReleaseLine.declaration_line_id).where(ReleaseLine.release_id == release.id)
        )
    )
    work.session.add_all(
        ReleaseLine(
            release_id=release.id,
            declaration_line_id=behind.line_id,
            lot_id=behind.lot_id,
            quantity=behind.quantity,
            used_quantity=ZERO,
        )
        for behind in queries.declared_lots(work.session, declaration.id)
        if behind.line_id not in covered and (lines is None or behind.line_id in lines)
    )
    return release


def _release(work: Work, declaration: Declaration, at: datetime) -> Release:
    """The release of *declaration*, in force: a new one, or that of an earlier part."""
    earlier = work.session.exec(
        select(Release).where(Release.declaration_id == declaration.id)
    ).first()
    if earlier is not None:
        earlier.revoked_at = earlier.revoked_by = None
        return earlier
    release = Release(
        number=numbers.next_gapless(work, "REL"),
        declaration_id=declaration.id,
        order_id=declaration.order_id,
        disposal_id=declaration.disposal_id,
        granted_at=at,
    )
    work.session.add(release)
    work.session.flush()
    return release


def _shares(
    entry_line: DeclarationLine, quantity: Decimal, suspended: Sequence[DeclarationDuty]
) -> Mapping[str, Decimal]:
    """What *quantity* takes of each amount that is suspended on *entry_line*, noted there."""
    shares = {}
    for duty in suspended:
        total = duty.amount - duty.amount_paid
        share = money.share(
            total,
            quantity,
            entry_line.quantity,
            total_left=total - duty.discharged_amount,
            whole_left=entry_line.quantity - entry_line.discharged_quantity,
        )
        duty.discharged_amount += share
        shares[duty.duty_type] = share
    return shares


def _impose(
    work: Work, declaration: Declaration, each: WrittenOff, imposed: Sequence[DeclarationDuty]
) -> None:
    now = {duty.duty_type: duty.amount for duty in imposed}
    for duty_type in sorted(each.shares.keys() | now.keys()):
        amount = now.get(duty_type, ZERO)
        change = amount - each.shares.get(duty_type, ZERO)
        for kind, baht in ((DutyEntryKind.RATE_CHANGE, change), (DutyEntryKind.IMPOSED, amount)):
            duty_ledger.post(
                work, kind, declaration.id, duty_type, baht, entry_line_id=each.entry_line.id
            )


def _note(
    work: Work, entry_line: DeclarationLine, line: DeclarationLine, quantity: Decimal
) -> None:
    value = share_of(line, line.cif_baht, quantity)
    entry_line.discharged_quantity += quantity
    entry_line.discharged_cif_baht += value
    work.session.add(
        Discharge(
            entry_line_id=entry_line.id,
            disposal_line_id=line.id,
            quantity=quantity,
            cif_baht=value,
            at=work.at,
        )
    )


def _pay(work: Work, declaration: Declaration, imposed: Sequence[DeclarationDuty]) -> None:
    policy = queries.policy(work.session)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for duty in imposed:
        sums[duty.duty_type] += duty.amount_paid
    for duty_type, total in sorted(sums.items()):
        paid = rules.rounded_total(duty_type, total, policy, declaration.rates_on).amount
        for kind, baht in ((DutyEntryKind.ROUNDING, paid - total), (DutyEntryKind.PAID, paid)):
            duty_ledger.post(work, kind, declaration.id, duty_type, baht)
