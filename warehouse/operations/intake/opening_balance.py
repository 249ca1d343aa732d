"""Take over an older warehouse in one evening: look at its balance, tie it out, sign it off.

One person brings the file; until another signs it off nothing is in the book, and refusing it
leaves nothing behind.  Signing off writes everything in one transaction, and only if the book then
says what the file says, by line, owner and chapter of the tariff.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from warehouse.access.errors import SecondPersonNeeded
from warehouse.core import clock, db
from warehouse.core.money import ZERO, figures
from warehouse.core.work import Work
from warehouse.customs import queries as customs
from warehouse.customs.clearing import opening as entries
from warehouse.customs.clearing.opening import OpeningEntry, OpeningLine
from warehouse.customs.models import Declaration
from warehouse.inventory import commands as inventory
from warehouse.inventory import opening as stock
from warehouse.inventory.commands import Binding
from warehouse.inventory.opening import OpeningGoods
from warehouse.masterdata import queries as masterdata
from warehouse.masterdata.uploads import told
from warehouse.masterdata.vocabulary import UploadState
from warehouse.operations.errors import (
    OpeningDecided,
    OpeningHasProblems,
    OpeningNotFound,
    OpeningNotTied,
)
from warehouse.operations.intake import opening_file
from warehouse.operations.intake.opening_file import OpeningRow
from warehouse.operations.models import OpeningBalance
from warehouse.operations.vocabulary import FloorEvent

MOST_PROBLEMS: Final = 500

_Totals = Mapping[tuple[str, str], tuple[Decimal, Decimal]]

# What the book says of the lines of these declarations, in the shape of `totals_of`.
IN_THE_BOOK: Final = """
SELECT partner.code, line.hs_code, declaration_number || '/' || line_number,
       coalesce(here.quantity, 0), line.quantity, line.cif_baht
  FROM declaration JOIN declaration_line AS line ON line.declaration_id = declaration.id
  JOIN partner ON partner.id = declaration.partner_id
  LEFT JOIN LATERAL (
       SELECT sum(balance.quantity) AS quantity FROM lot JOIN balance ON balance.lot_id = lot.id
        WHERE lot.declaration_line_id = line.id) AS here ON true
 WHERE declaration_number = ANY(%(numbers)s)
"""


def stage(work: Work, premises_id: UUID, filename: str, content: bytes) -> OpeningBalance:
    """Look at the file *content*, and keep it with its totals for a second person."""
    premises = masterdata.premises_by_id(work.session, premises_id)
    read = opening_file.read(work.session, premises, content, work.today)
    balance = OpeningBalance(
        premises_id=premises_id,
        filename=filename[:200],
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        state=UploadState.WAITING,
        totals=_shown(totals_of(read.rows)),
        problems=[told(problem) for problem in read.problems[:MOST_PROBLEMS]],
        uploaded_by=work.actor.name,
        uploaded_at=work.at,
    )
    work.session.add(balance)
    work.emit(FloorEvent.OPENING_STAGED, balance.id, filename=balance.filename)
    return balance


def sign_off(work: Work, balance_id: UUID) -> OpeningBalance:
    """Write the balance into both books, all or nothing.

    Raises:
        OpeningNotFound, OpeningDecided: there is none that waits here.
        SecondPersonNeeded: the same person brought it.
        OpeningHasProblems: a row cannot be taken over, now or then.
        OpeningNotTied: the book would say something else than the file.
        GuaranteeShort, GuaranteeEnded, ExposureExceeded: the guarantee does not cover it.
        DuplicateParcel: a parcel of that number is here.
    """
    balance = _decide(work, balance_id, UploadState.TAKEN_IN)
    premises = masterdata.premises_by_id(work.session, balance.premises_id)
    read = opening_file.read(work.session, premises, balance.content, work.today)
    if read.problems or not read.rows:
        raise OpeningHasProblems(filename=balance.filename, count=len(read.problems))
    rows = sorted(read.rows, key=lambda row: (row.declaration_number, row.line_number, row.row))
    lots = dict(zip((row.row for row in rows), _open_stock(work, premises.id, rows), strict=True))
    for number, of_entry in groupby(rows, key=lambda row: row.declaration_number):
        _open_entry(work, premises.id, number, list(of_entry), lots, balance.uploaded_by)
    _tie_out(work, rows)
    work.emit(FloorEvent.OPENING_SIGNED_OFF, balance.id, filename=balance.filename)
    return balance


def refuse(work: Work, balance_id: UUID) -> OpeningBalance:
    """Leave it: nothing of it was written.

    Raises:
        OpeningNotFound, OpeningDecided: there is none that waits here.
        SecondPersonNeeded: the same person brought it.
    """
    balance = _decide(work, balance_id, UploadState.REFUSED)
    work.emit(FloorEvent.OPENING_REFUSED, balance.id, filename=balance.filename)
    return balance


def of_premises(session: Session, premises_id: UUID) -> Sequence[OpeningBalance]:
    """The balances of a premises, the newest first."""
    return session.exec(
        select(OpeningBalance)
        .where(OpeningBalance.premises_id == premises_id)
        .order_by(col(OpeningBalance.uploaded_at).desc())
    ).all()


def totals_of(rows: Iterable[OpeningRow]) -> _Totals:
    """Quantity and CIF in baht, by owner, by chapter, and by line."""
    return _totals(
        (
            row.owner.code,
            row.hs_code,
            f"{row.declaration_number}/{row.line_number}",
            row.quantity,
            row.cif_baht,
        )
        for row in rows
    )


def _totals(lines: Iterable[tuple[str, str, str, Decimal, Decimal]]) -> _Totals:
    found: dict[tuple[str, str], tuple[Decimal, Decimal]] = defaultdict(lambda: (ZERO, ZERO))
    for owner, hs_code, line, quantity, cif_baht in lines:
        for key in (("owner", owner), ("chapter", hs_code[:2]), ("line", line)):
            amount, value = found[key]
            found[key] = (amount + quantity, value + cif_baht)
    return dict(found)


def _shown(totals: _Totals) -> list[dict[str, str]]:
    return [
        {"by": by, "name": name, "quantity": figures(quantity), "cif_baht": figures(cif_baht)}
        for (by, name), (quantity, cif_baht) in sorted(totals.items())
    ]


def _tie_out(work: Work, rows: Sequence[OpeningRow]) -> None:
    """Hold what both books say now against the file."""
    numbers = sorted({row.declaration_number for row in rows})
    found = work.sql(IN_THE_BOOK, numbers=numbers).fetchall()
    wanted = totals_of(rows)
    for which in (3, 4):  # on hand, and declared
        booked = _totals((each[0], each[1], each[2], each[which], each[5]) for each in found)
        for by, name in wanted.keys() | booked.keys():
            if wanted.get((by, name)) != booked.get((by, name)):
                raise OpeningNotTied(name=name)


def _open_stock(work: Work, premises_id: UUID, rows: Sequence[OpeningRow]) -> list[UUID]:
    return stock.open_stock(
        work,
        premises_id,
        [
            OpeningGoods(
                row.owner.id,
                row.product.id,
                row.parcel_number,
                row.quantity,
                row.product.unit,
                row.location.id,
            )
            for row in rows
        ],
    )


def _open_entry(
    work: Work,
    premises_id: UUID,
    number: str,
    rows: Sequence[OpeningRow],
    lots: Mapping[int, UUID],
    looked_at_by: str,
) -> None:
    first = rows[0]
    declaration = entries.open_entry(
        work,
        OpeningEntry(
            premises_id=premises_id,
            partner_id=first.owner.id,
            declaration_number=number,
            import_date=first.import_date,
            accepted_at=clock.midnight(first.accepted_on),
            currency=first.currency,
            exchange_rate=first.exchange_rate,
            per_units=first.per_units,
            lines=[
                _line(list(of_line), lots)
                for _, of_line in groupby(rows, key=lambda row: row.line_number)
            ],
            looked_at_by=looked_at_by,
        ),
    )
    _bind(work, declaration, first.accepted_on)


def _line(rows: Sequence[OpeningRow], lots: Mapping[int, UUID]) -> OpeningLine:
    first = rows[0]
    return OpeningLine(
        line_number=first.line_number,
        product=first.product,
        hs_code=first.hs_code,
        statistical_code=first.statistical_code,
        origin_country=first.origin_country,
        net_weight_kg=sum((row.net_weight_kg for row in rows), ZERO),
        cif_foreign=sum((row.cif_foreign for row in rows), ZERO),
        cif_baht=sum((row.cif_baht for row in rows), ZERO),
        lots=[(lots[row.row], row.quantity) for row in rows],
        retail_price_baht=first.retail_price_baht,
        excise_quantity=sum((row.excise_quantity or ZERO for row in rows), ZERO) or None,
    )


def _bind(work: Work, declaration: Declaration, accepted_on: date) -> None:
    number = declaration.declaration_number
    assert number is not None, "it was opened under its number"
    lines = {line.id: line.line_number for line in customs.lines(work.session, declaration.id)}
    inventory.bind(
        work,
        [
            Binding(behind.lot_id, behind.line_id, number, lines[behind.line_id])
            for behind in customs.declared_lots(work.session, declaration.id)
        ],
        accepted_at=clock.midnight(accepted_on),
    )


def _decide(work: Work, balance_id: UUID, state: UploadState) -> OpeningBalance:
    locked = db.lock(work.session, OpeningBalance, [balance_id], missing=OpeningNotFound)
    balance = locked[balance_id]
    if balance.premises_id != work.actor.premises_id:
        raise OpeningNotFound(key=str(balance_id))
    if balance.decided_by is not None:
        raise OpeningDecided(filename=balance.filename, person=balance.decided_by)
    if balance.uploaded_by == work.actor.name:
        raise SecondPersonNeeded(person=balance.uploaded_by)
    balance.state, balance.decided_by, balance.decided_at = state, work.actor.name, work.at
    return balance
