"""All that the checks look at, read at once: however many lines, the number of queries is fixed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from warehouse.core.work import Event, Work
from warehouse.customs import queries
from warehouse.customs.checking import filing, filing_rules, permits
from warehouse.customs.checking.filing_rules import Rule
from warehouse.customs.gateway import DeclarationMessage, LineMessage
from warehouse.customs.models import (
    Declaration,
    DeclarationLine,
    DeclarationPermit,
    Permit,
)
from warehouse.customs.rules import Policy
from warehouse.customs.vocabulary import INTO_BOND, CustomsEvent
from warehouse.masterdata import queries as masterdata
from warehouse.masterdata.models import (
    Code,
    ExchangeRate,
    ExciseRate,
    Partner,
    PreferentialRate,
    Premises,
    Restriction,
    TariffLine,
)
from warehouse.masterdata.queries import Commodity
from warehouse.masterdata.vocabulary import CodeList, TradeDirection

Claim = tuple[str, str, str]
"""A privilege, an HS code and a statistical code."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A permit that a line names, and our book of it, if we keep one."""

    named: DeclarationPermit
    permit: Permit | None


@dataclass(frozen=True, slots=True)
class Subject:
    """A declaration with its message to customs, and what our books and tables say about it."""

    work: Work
    declaration: Declaration
    message: DeclarationMessage
    rows: Sequence[DeclarationLine]
    premises: Premises
    partner: Partner
    entries: Mapping[UUID, tuple[DeclarationLine, Declaration]]
    """The import lines that the rows draw down, by their ids, with their declarations."""
    attached: Mapping[UUID, Sequence[Attached]]
    """The permits of each row, and of the import line that it draws down."""
    codes: Mapping[tuple[CodeList, str], Code]
    """What the code tables say of the codes that it uses."""
    tables: frozenset[CodeList]
    """The code tables that are loaded."""
    tariff: Mapping[Commodity, TariffLine]
    preferences: Mapping[Claim, PreferentialRate]
    excise: Mapping[Commodity, ExciseRate]
    rates: Mapping[str, ExchangeRate]
    restrictions: Mapping[Commodity, Sequence[Restriction]]
    cleared: frozenset[str]
    """Commodities of which a liaison says that no permit is needed, as ``hs_code/stat``."""
    policy: Policy
    rule: Rule

    @property
    def today(self) -> date:
        """The day of the check."""
        return self.work.today

    def knows(self, table: CodeList, code: str) -> bool:
        """Whether *code* stands in *table*, or nobody can say because *table* is not loaded."""
        return table not in self.tables or (table, code) in self.codes

    @property
    def direction(self) -> TradeDirection | None:
        """Which way its goods cross the border; None: they do not."""
        return permits.CROSSES.get(self.declaration.document_type)

    @property
    def enters(self) -> bool:
        """Whether its goods are to stand in bond."""
        return self.declaration.document_type in INTO_BOND


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a subject, as our book and as the message to customs have it."""

    of: Subject
    row: DeclarationLine
    message: LineMessage

    @property
    def commodity(self) -> Commodity:
        """Its HS code and statistical code."""
        return self.row.hs_code, self.row.statistical_code

    @property
    def named(self) -> dict[str, object]:
        """Its commodity, as sentences tell it."""
        return {"hs_code": self.row.hs_code, "statistical_code": self.row.statistical_code}

    @property
    def entry(self) -> tuple[DeclarationLine, Declaration] | None:
        """The import line that it draws down, and that line's declaration."""
        return self.of.entries.get(self.row.entry_line_id) if self.row.entry_line_id else None

    @property
    def permits(self) -> Sequence[Attached]:
        """Its own permits; without any, those of the import line that it draws down."""
        own = self.of.attached.get(self.row.id, ())
        entry_line = self.row.entry_line_id
        return own or (self.of.attached.get(entry_line, ()) if entry_line else ())


def subject(work: Work, declaration: Declaration) -> Subject:
    """*declaration* with everything that the checks want to know of it today."""
    session = work.session
    rows = queries.lines(session, declaration.id)
    commodities = {(row.hs_code, row.statistical_code) for row in rows}
    drawn = {row.entry_line_id for row in rows if row.entry_line_id}
    claims = {(row.privilege_code, row.hs_code, row.statistical_code) for row in rows}
    direction = permits.CROSSES.get(declaration.document_type)
    message = filing.message(session, declaration)
    attached = _attached(session, {row.id for row in rows} | drawn)
    agencies = {each.named.authority_id for of_line in attached.values() for each in of_line}
    return Subject(
        work=work,
        declaration=declaration,
        message=message,
        rows=rows,
        premises=masterdata.premises_by_id(session, declaration.premises_id),
        partner=masterdata.partner_by_id(session, declaration.partner_id),
        entries=_entries(session, drawn),
        attached=attached,
        codes=_codes(session, _used(message) | agencies, work.today),
        tables=frozenset(map(CodeList, session.exec(select(Code.code_list).distinct()))),
        tariff=masterdata.tariff_lines(session, commodities, declaration.rates_on),
        preferences=masterdata.preferential_rates(session, claims, declaration.rates_on),
        excise=masterdata.excise_rates(session, commodities, declaration.rates_on),
        rates=masterdata.exchange_rates(session, {declaration.currency}, declaration.import_date),
        restrictions=(
            masterdata.restrictions_on(session, commodities, direction, work.today)
            if direction
            else {}
        ),
        cleared=cleared(session, declaration.id),
        policy=queries.policy(session),
        rule=filing_rules.rule_of(
            session, declaration.premises_id, declaration.document_type, work.today
        ),
    )


def cleared(session: Session, declaration_id: UUID) -> frozenset[str]:
    """Commodities of a declaration that somebody asked the agencies about: no permit is needed."""
    events = session.exec(
        select(Event).where(
            Event.subject == declaration_id, Event.name == CustomsEvent.RESTRICTION_CLEARED.value
        )
    )
    return frozenset(event.facts["commodity"] for event in events)


def _used(message: DeclarationMessage) -> set[str]:
    """Every code of a table that *message* uses."""
    lines = message.lines
    return {
        message.release_port,
        message.discharge_port,
        message.consignment_country_code,
        message.destination_country_code,
        message.purchase_country_code,
        message.total_package_unit_code,
        message.currency_code,
        *(line.origin_country_code for line in lines),
        *(line.quantity_unit_code for line in lines),
        *(line.currency_code for line in lines),
        *(line.privilege_code for line in lines),
    }


def _codes(session: Session, used: Iterable[str], on: date) -> Mapping[tuple[CodeList, str], Code]:
    found = session.exec(
        select(Code).where(col(Code.code).in_(list(used)), masterdata.holds(Code, on))
    )
    return {(code.code_list, code.code): code for code in found}


def _entries(
    session: Session, line_ids: Iterable[UUID]
) -> Mapping[UUID, tuple[DeclarationLine, Declaration]]:
    found = session.exec(
        select(DeclarationLine, Declaration)
        .join(Declaration, col(Declaration.id) == col(DeclarationLine.declaration_id))
        .where(col(DeclarationLine.id).in_(list(line_ids)))
    )
    return {line.id: (line, declaration) for line, declaration in found}


def _attached(session: Session, line_ids: Iterable[UUID]) -> Mapping[UUID, list[Attached]]:
    found: dict[UUID, list[Attached]] = {}
    rows = session.exec(
        select(DeclarationPermit, Permit)
        .join(Permit, col(Permit.id) == col(DeclarationPermit.permit_id), isouter=True)
        .where(col(DeclarationPermit.line_id).in_(list(line_ids)))
        .order_by(col(DeclarationPermit.number))
    )
    for named, permit in rows:
        found.setdefault(named.line_id, []).append(Attached(named, permit))
    return found
