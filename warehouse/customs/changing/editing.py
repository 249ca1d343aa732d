"""Correct what a declaration says, field by field, before customs hears of it.

Whoever corrects it has drafted it from then on, so somebody else has to approve it (I-19).  An
accepted amendment is written in the same way; see `amending`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple
from uuid import UUID

from sqlmodel import Session, col, func, select

from warehouse.core import money
from warehouse.core.errors import RuleViolation, WrongState
from warehouse.core.i18n import N_
from warehouse.core.money import ZERO
from warehouse.core.work import Work
from warehouse.customs import commands, queries, rules
from warehouse.customs.changing import approving, fields
from warehouse.customs.changing.fields import CONTROL, LINE, PERMITS, Field, NotTaken, PermitNamed
from warehouse.customs.checking import validating
from warehouse.customs.checking.findings import Finding
from warehouse.customs.drafting import home_use, writing
from warehouse.customs.errors import EditedMeanwhile, FieldsRefused, GrossBelowNet, NoSuchField
from warehouse.customs.models import (
    Declaration,
    DeclarationDuty,
    DeclarationLine,
    DeclarationPermit,
    DeclaredLot,
    Permit,
)
from warehouse.customs.money import suspending
from warehouse.customs.money.charging import Duty
from warehouse.customs.vocabulary import INTO_BOND, CustomsEvent, DeclarationState, DocumentType

_FIGURES: Final = (
    "base_baht", "value_rate_pct", "specific_rate_baht", "amount", "exemption_pct", "amount_paid",
    "deposit_baht",
)  # fmt: skip


class Correction(NamedTuple):
    """What *field* is to say, as a person writes it; *line* is empty for the whole."""

    line: str
    field: str
    new: str


Changes = list[dict[str, str]]
"""What was changed: ``line`` (empty: the whole), ``field``, ``old``, ``new``."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A declaration with all that its fields stand in."""

    declaration: Declaration
    rows: Mapping[str, DeclarationLine]
    permits: Mapping[UUID, Sequence[DeclarationPermit]]

    def says(self, line: str, field: Field) -> str:
        """What *field* of *line* says now."""
        if field.name == PERMITS:
            return fields.written(named(self.permits[self.rows[line].id]))
        return fields.written(getattr(self.rows[line] if line else self.declaration, field.name))


def save(
    work: Work, declaration: Declaration, corrections: Iterable[Correction], *, revision: int
) -> Changes:
    """Let *declaration*, seen as of *revision*, say what *corrections* want; its approval ends.

    Raises:
        WrongState: customs has it, or may have it.
        EditedMeanwhile: somebody else has changed it since; what would differ is said.
        FieldsRefused: some of it cannot be said so; nothing is saved.
        NoSuchField: there is no such line, or field.
    """
    commands.lock(work, declaration.id)
    if declaration.state not in approving.NOT_FILED:
        raise WrongState(state=declaration.state.value, target=DeclarationState.DRAFT.value)
    corrections = list(corrections)
    if declaration.revision != revision:
        raise EditedMeanwhile(
            number=declaration.reference_number,
            person=declaration.drafted_by,
            changes=differing(work.session, declaration, corrections),
        )
    changes = apply(work, declaration, corrections)
    if changes:
        approving.reopen(work, declaration)
        declaration.drafted_by = work.actor.name
        declaration.revision += 1
        validating.validate(work, declaration)
        work.emit(
            CustomsEvent.DECLARATION_EDITED,
            declaration.id,
            number=declaration.reference_number,
            fields=", ".join(f"{each['line']} {each['field']}".strip() for each in changes),
        )
    return changes


def differing(
    session: Session, declaration: Declaration, corrections: Iterable[Correction]
) -> Changes:
    """What *corrections* would change of what *declaration* says now.

    Raises:
        NoSuchField: there is no such line, or field.
    """
    sheet = _sheet(session, declaration)
    found = []
    for line, name, new in corrections:
        old = sheet.says(line, _field(sheet, line, name))
        if new.split() != old.split():
            found.append({"line": line, "field": name, "old": old, "new": new})
    return found


def content(
    session: Session, declaration: Declaration, rows: Sequence[DeclarationLine]
) -> Mapping[str, Mapping[str, str]]:
    """What the fields of *declaration* (under no line) and of its lines *rows* say now."""
    sheet = _of(session, declaration, rows)
    return {
        line: {name: sheet.says(line, field) for name, field in (LINE if line else CONTROL).items()}
        for line in ("", *sheet.rows)
    }


def apply(work: Work, declaration: Declaration, corrections: Iterable[Correction]) -> Changes:
    """Write *corrections* into *declaration*, locked, and reckon anew what they touch.

    Raises:
        FieldsRefused: some of it cannot be said so.
        NoSuchField: there is no such line, or field.
    """
    sheet = _sheet(work.session, declaration)
    changes, wrong = [], []
    for line, name, new in corrections:
        field = _field(sheet, line, name)
        old = sheet.says(line, field)
        if new.split() == old.split():
            continue
        try:
            value = field.read(new)
            if fields.written(value) == old:
                continue
            if line:
                _check(work.session, sheet, sheet.rows[line], field, value)
        except NotTaken as why:
            wrong.append(fields.finding(field, line, why))
        else:
            _write(work.session, sheet, line, field, value)
            changes.append({"line": line, "field": name, "old": old, "new": fields.written(value)})
    work.session.flush()
    wrong += _reckon(work, sheet, changes) if not wrong else []
    if wrong:
        raise FieldsRefused(wrong)
    return changes


def named(permits: Iterable[DeclarationPermit]) -> tuple[PermitNamed, ...]:
    """*permits* as their line names them."""
    return tuple(
        PermitNamed(each.number, each.issue_date, each.authority_id)
        for each in sorted(permits, key=lambda each: each.number)
    )


def permits_of(
    session: Session, line_ids: Iterable[UUID]
) -> Mapping[UUID, Sequence[DeclarationPermit]]:
    """The permits that each line names."""
    found: dict[UUID, list[DeclarationPermit]] = {line_id: [] for line_id in line_ids}
    for each in session.exec(
        select(DeclarationPermit).where(col(DeclarationPermit.line_id).in_(list(found)))
    ):
        found[each.line_id].append(each)
    return found


def _sheet(session: Session, declaration: Declaration) -> _Sheet:
    return _of(session, declaration, queries.lines(session, declaration.id))


def _of(session: Session, declaration: Declaration, rows: Sequence[DeclarationLine]) -> _Sheet:
    by_number = {str(row.line_number): row for row in rows}
    return _Sheet(declaration, by_number, permits_of(session, (row.id for row in rows)))


def _field(sheet: _Sheet, line: str, name: str) -> Field:
    field = (LINE if line else CONTROL).get(name)
    if field is None or (line and line not in sheet.rows):
        raise NoSuchField(field=name, line=line or "-")
    return field


def _check(
    session: Session, sheet: _Sheet, row: DeclarationLine, field: Field, value: object
) -> None:
    """Raise NotTaken where what the goods are decides, and not the person."""
    if _said_later(session, sheet.declaration, row, field):
        return
    if row.entry_line_id is not None and field.follows_goods:
        _refuse_departure(session, row.entry_line_id, field)
    if field.follows_goods and not _reckoned_here(sheet.declaration):
        raise NotTaken(N_("This follows from the goods. Correct them, then file it again."))
    if field.name == PERMITS and sheet.declaration.state not in approving.NOT_FILED:
        raise NotTaken(
            N_("Permits are drawn on when it is filed. Write to customs and the agency.")
        )
    if field.name == "quantity":
        behind = session.exec(
            select(func.coalesce(func.sum(DeclaredLot.quantity), ZERO)).where(
                DeclaredLot.line_id == row.id
            )
        ).one()
        if value != behind:
            raise NotTaken(
                N_("{quantity} stand behind this line, and so many are declared."), quantity=behind
            )


def _said_later(
    session: Session, declaration: Declaration, row: DeclarationLine, field: Field
) -> bool:
    """Whether *declaration*, for home use and not filed, says what its import line left open."""
    if row.entry_line_id is None or not field.said_later or not _assessed_here(declaration):
        return False
    return getattr(session.get_one(DeclarationLine, row.entry_line_id), field.name) is None


def _assessed_here(declaration: Declaration) -> bool:
    for_home_use = declaration.document_type is DocumentType.HOME_USE
    return for_home_use and declaration.state in approving.NOT_FILED


def _refuse_departure(session: Session, entry_line_id: UUID, field: Field) -> None:
    """What leaves bond is declared as it came in (e-Import manual 2018, type P)."""
    came_in = session.get_one(DeclarationLine, entry_line_id)
    entry = queries.declaration_by_id(session, came_in.declaration_id)
    raise NotTaken(
        N_("Line {line} of {number} says {value}; what leaves bond is declared as it came in."),
        line=came_in.line_number,
        number=entry.declaration_number or entry.reference_number,
        value=fields.written(getattr(came_in, field.name)),
    )


def _reckoned_here(declaration: Declaration) -> bool:
    """Whether value and duty follow from its own lines, and not from those they came in under."""
    return declaration.document_type in INTO_BOND and declaration.paired_id is None


def _write(session: Session, sheet: _Sheet, line: str, field: Field, value: object) -> None:
    if field.name != PERMITS:
        setattr(sheet.rows[line] if line else sheet.declaration, field.name, value)
        return
    assert isinstance(value, tuple), "permits are read as a tuple"
    line_id = sheet.rows[line].id
    for earlier in sheet.permits[line_id]:
        session.delete(earlier)
    session.flush()
    session.add_all(
        DeclarationPermit(
            line_id=line_id,
            permit_id=_permit_id(session, sheet.declaration, each),
            number=each.number,
            issue_date=each.issue_date,
            authority_id=each.authority_id,
        )
        for each in value
    )


def _permit_id(session: Session, declaration: Declaration, named: PermitNamed) -> UUID | None:
    return session.exec(
        select(Permit.id).where(
            Permit.number == named.number,
            Permit.authority_id == named.authority_id,
            Permit.partner_id == declaration.partner_id,
            col(Permit.withdrawn_at).is_(None),
        )
    ).first()


def _reckon(work: Work, sheet: _Sheet, changes: Changes) -> list[Finding]:
    """Value and charge the lines that *changes* revalue, and add all up; return what is wrong."""
    touched = {each["line"] for each in changes if each["line"] and LINE[each["field"]].revalues}
    wrong = []
    if _reckoned_here(sheet.declaration):
        for line in sorted(touched, key=int):
            try:
                _charge(work, sheet.declaration, sheet.rows[line])
            except RuleViolation as failure:
                wrong.append(fields.finding(LINE["hs_code"], line, _why(failure)))
    elif touched and _assessed_here(sheet.declaration):
        try:
            home_use.assess(work, sheet.declaration, sheet.declaration.rates_on)
        except RuleViolation as failure:
            wrong.append(
                fields.finding(LINE["excise_quantity"], min(touched, key=int), _why(failure))
            )
    try:
        _add_up(sheet)
    except GrossBelowNet as failure:
        wrong.append(fields.finding(CONTROL["gross_weight_kg"], "", _why(failure)))
    return wrong


def _why(failure: RuleViolation) -> NotTaken:
    return NotTaken(failure.message, **failure.facts)


def _charge(work: Work, declaration: Declaration, row: DeclarationLine) -> None:
    row.cif_foreign = money.to_satang(row.unit_price_foreign * row.quantity)
    quote = rules.Quote(
        declaration.currency, declaration.exchange_rate, Decimal(declaration.exchange_per_units)
    )
    policy = queries.policy(work.session)
    [now] = suspending.reckon(work.session, [row], quote, policy, declaration.rates_on)
    _replace(work.session, queries.duties(work.session, [row.id])[row.id], now)


def _replace(session: Session, before: Sequence[DeclarationDuty], now: Sequence[Duty]) -> None:
    """Let the rows *before* say what *now* does: what was discharged of each stays."""
    old = {duty.duty_type: duty for duty in before}
    for duty in now:
        if kept := old.pop(duty.duty_type, None):
            for name in _FIGURES:
                setattr(kept, name, getattr(duty, name))
        else:
            session.add(DeclarationDuty(**duty._asdict()))
    for gone in old.values():
        session.delete(gone)
    session.flush()


def _add_up(sheet: _Sheet) -> None:
    rows = list(sheet.rows.values())
    if _reckoned_here(sheet.declaration):
        writing.add_up(sheet.declaration, rows)
        return
    declaration = sheet.declaration
    declaration.net_weight_kg = sum((row.net_weight_kg for row in rows), ZERO)
    if declaration.gross_weight_kg < declaration.net_weight_kg:
        raise GrossBelowNet(gross=declaration.gross_weight_kg, net=declaration.net_weight_kg)
