"""The file of an opening balance: a row for each parcel of an import line that is left in bond."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from sqlmodel import Session, col, select

from warehouse.core import sheets
from warehouse.core.i18n import N_
from warehouse.core.money import ZERO
from warehouse.core.sheets import CellFinding, MisreadError
from warehouse.customs.clearing import opening
from warehouse.customs.drafting import entries
from warehouse.customs.models import Declaration
from warehouse.inventory.models import Location
from warehouse.inventory.vocabulary import LocationKind, Regime
from warehouse.masterdata import identifiers, tables
from warehouse.masterdata import queries as masterdata
from warehouse.masterdata.cells import Cells
from warehouse.masterdata.errors import PartnerNotFound, TariffLineMissing
from warehouse.masterdata.models import Partner, Premises, Product

MOST_ROWS: Final = 100_000
COLUMNS: Final = (
    "declaration_number", "line_number", "import_date", "accepted_on", "owner", "sku", "hs_code",
    "statistical_code", "origin_country", "quantity", "unit", "net_weight_kg", "currency",
    "exchange_rate", "per_units", "cif_foreign", "cif_baht", "retail_price_baht",
    "excise_quantity", "parcel_number", "location",
)  # fmt: skip

REASONS: Final[Mapping[str, str]] = {
    "not-an-entry": N_("This is no number of an entry into bond. Write it as customs gave it."),
    "known-entry": N_("This declaration is in the book already. Take its rows out."),
    "not-a-line": N_("A line number is a whole number from 1 to 9999."),
    "unknown-owner": N_("There is no partner of that code. Add the partner first."),
    "unknown-sku": N_("The owner has no product of that code. Add the product first."),
    "other-unit": N_("The product is counted in {unit}. Give the quantity in that."),
    "no-bin": N_("Bonded goods cannot stand there. Name a bin of the bonded zone."),
    "not-more-than-zero": N_("This must be more than nothing."),
    "tomorrow": N_("This day has not come yet."),
    "not-in-tariff": N_("The tariff does not name this code today. Look it up again."),
    "not-alike": N_("Other rows of this declaration say {other} here. They must agree."),
    "parcel-twice": N_("This parcel holds goods of another owner in row {row}."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class OpeningRow:
    """So much of an import line, in one parcel at one place.

    *retail_price_baht*, of one, and *excise_quantity*, of the row, are the product's unless told.
    """

    row: int
    declaration_number: str
    line_number: int
    import_date: date
    accepted_on: date
    owner: Partner
    product: Product
    hs_code: str
    statistical_code: str
    origin_country: str
    quantity: Decimal
    net_weight_kg: Decimal
    currency: str
    exchange_rate: Decimal
    per_units: int
    cif_foreign: Decimal
    cif_baht: Decimal
    retail_price_baht: Decimal | None
    excise_quantity: Decimal | None
    parcel_number: str
    location: Location


@dataclass(frozen=True, slots=True)
class Read:
    """What a file says, and what in it cannot be taken over."""

    rows: Sequence[OpeningRow]
    problems: Sequence[CellFinding]


def read(session: Session, premises: Premises, content: bytes, today: date) -> Read:
    """The rows of *content* (CSV or XLSX), checked against what is in the book *today*."""
    try:
        given = sheets.read(content, most_rows=MOST_ROWS)
    except MisreadError as misread:
        return Read((), misread.findings)
    records, problems = tables.records(COLUMNS, given, "")
    reader = _Reader(session, premises, today)
    rows = []
    for record in records:
        try:
            rows.append(reader.row(record))
        except MisreadError as refused:
            problems += refused.findings
    return Read(rows, sorted([*problems, *_not_alike(rows)], key=lambda each: each.row))


class _Reader:
    """Reads rows, and remembers what it looked up."""

    def __init__(self, session: Session, premises: Premises, today: date) -> None:
        self.session, self.today = session, today
        self.places = {
            place.code: place
            for place in session.exec(
                select(Location).where(
                    Location.premises_id == premises.id,
                    Location.regime == Regime.BONDED,
                    Location.kind != LocationKind.ZONE,
                )
            )
        }
        self.known = set(
            session.exec(
                select(Declaration.declaration_number).where(
                    col(Declaration.declaration_number).is_not(None)
                )
            )
        )
        self.owners: dict[str, Partner] = {}
        self.products: dict[tuple[str, str], Product] = {}

    def row(self, cells: Cells) -> OpeningRow:
        """One row; MisreadError if it cannot be taken over."""
        owner = self._owner(cells)
        product = self._product(cells, owner)
        quantity = _more_than_zero(cells, "quantity", 3)
        imported, accepted = self._day(cells, "import_date"), self._day(cells, "accepted_on")
        hs_code = cells.digits("hs_code", 8, lost=1)
        statistical_code = cells.digits("statistical_code", 3, lost=2)
        try:
            masterdata.tariff_line(self.session, hs_code, statistical_code, self.today)
        except TariffLineMissing:
            raise _refused(cells, "hs_code", "not-in-tariff") from None
        return OpeningRow(
            row=cells.number,
            declaration_number=self._number(cells),
            line_number=_line_number(cells),
            import_date=imported,
            accepted_on=accepted,
            owner=owner,
            product=product,
            hs_code=hs_code,
            statistical_code=statistical_code,
            origin_country=cells.letters("origin_country", 2),
            quantity=quantity,
            net_weight_kg=_more_than_zero(cells, "net_weight_kg", 3),
            currency=cells.letters("currency", 3),
            exchange_rate=_more_than_zero(cells, "exchange_rate", 6),
            per_units=int(cells.number_of("per_units", 0, default="1")) or 1,
            cif_foreign=_more_than_zero(cells, "cif_foreign", 2),
            cif_baht=_more_than_zero(cells, "cif_baht", 2),
            retail_price_baht=_told(cells, "retail_price_baht", 2) or product.retail_price_baht,
            excise_quantity=(
                _told(cells, "excise_quantity", 3)
                or entries.excise_quantity(product.excise_quantity, quantity)
            ),
            parcel_number=cells.text("parcel_number", 35).upper(),
            location=self._place(cells),
        )

    def _number(self, cells: Cells) -> str:
        written = cells.text("declaration_number", 20).upper()
        number = identifiers.stored_declaration_number(written) or written
        if opening.document_type(number) is None:
            raise _refused(cells, "declaration_number", "not-an-entry")
        if number in self.known:
            raise _refused(cells, "declaration_number", "known-entry")
        return number

    def _owner(self, cells: Cells) -> Partner:
        code = cells.text("owner", 20)
        if code not in self.owners:
            try:
                self.owners[code] = masterdata.partner_by_code(self.session, code)
            except PartnerNotFound:
                raise _refused(cells, "owner", "unknown-owner") from None
        return self.owners[code]

    def _product(self, cells: Cells, owner: Partner) -> Product:
        sku = cells.text("sku", 35)
        key = (owner.code, sku)
        if key not in self.products:
            found = masterdata.products_by_sku(self.session, owner.id, [sku]).get(sku)
            if found is None:
                raise _refused(cells, "sku", "unknown-sku")
            self.products[key] = found
        product = self.products[key]
        if cells.letters("unit", 3) != product.unit:
            raise _refused(cells, "unit", "other-unit", unit=product.unit)
        return product

    def _place(self, cells: Cells) -> Location:
        found = self.places.get(cells.text("location", 30))
        if found is None:
            raise _refused(cells, "location", "no-bin")
        return found

    def _day(self, cells: Cells, field: str) -> date:
        day = cells.day(field)
        if day is None:
            raise cells.refused(field, "empty")
        if day > self.today:
            raise _refused(cells, field, "tomorrow")
        return day


_OF_DECLARATION: Final[Mapping[str, Callable[[OpeningRow], object]]] = {
    "owner": lambda row: row.owner.code,
    "import_date": lambda row: row.import_date,
    "accepted_on": lambda row: row.accepted_on,
    "currency": lambda row: row.currency,
    "exchange_rate": lambda row: row.exchange_rate,
    "per_units": lambda row: row.per_units,
}
_OF_LINE: Final[Mapping[str, Callable[[OpeningRow], object]]] = {
    "sku": lambda row: row.product.sku,
    "hs_code": lambda row: row.hs_code,
    "statistical_code": lambda row: row.statistical_code,
    "origin_country": lambda row: row.origin_country,
    "retail_price_baht": lambda row: row.retail_price_baht,
    "excise_quantity": lambda row: "–" if row.excise_quantity is None else ">0",
}


def _not_alike(rows: Iterable[OpeningRow]) -> Iterable[CellFinding]:
    """Where rows of one declaration, line or parcel contradict one another."""
    groups: dict[tuple[object, ...], list[OpeningRow]] = defaultdict(list)
    parcels: dict[str, OpeningRow] = {}
    for row in rows:
        groups[(row.declaration_number,)].append(row)
        groups[(row.declaration_number, row.line_number)].append(row)
        first = parcels.setdefault(row.parcel_number, row)
        if first.owner.id != row.owner.id:
            yield _finding(row.row, "parcel_number", row.parcel_number, "parcel-twice", first.row)
    for key, alike in groups.items():
        fields = _OF_DECLARATION if len(key) == 1 else _OF_LINE
        for row in alike[1:]:
            for field, value in fields.items():
                if value(row) != value(alike[0]):
                    yield CellFinding(
                        row.row, field, str(value(row)), "not-alike", REASONS["not-alike"],
                        {"other": str(value(alike[0]))},
                    )  # fmt: skip


def _line_number(cells: Cells) -> int:
    text = cells.text("line_number", 6)
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= 9999):
        raise _refused(cells, "line_number", "not-a-line")
    return int(text)


def _more_than_zero(cells: Cells, field: str, places: int) -> Decimal:
    number = cells.number_of(field, places)
    if number <= ZERO:
        raise _refused(cells, field, "not-more-than-zero")
    return number


def _told(cells: Cells, field: str, places: int) -> Decimal | None:
    return _more_than_zero(cells, field, places) if cells.get(field) else None


def _refused(cells: Cells, field: str, reason: str, **facts: object) -> MisreadError:
    title = cells.titles.get(field, field)
    value = cells.get(field)[:80]
    return MisreadError(CellFinding(cells.number, title, value, reason, REASONS[reason], facts))


def _finding(row: int, column: str, value: str, reason: str, other: int) -> CellFinding:
    return CellFinding(row, column, value, reason, REASONS[reason], {"row": other})
