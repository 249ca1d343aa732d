"""Which goods of a consignment share a line, and which parcels share a declaration.

Only equal lines merge: tariff and statistical code, descriptions, unit price, currency, origin,
year, excise, privilege and nature all agree (e-Import manual 2018); and so does everything else
that a line says.  A warehouse may ask for more (`MERGE_BY`), and for a limit of lines and of
packages: what does not fit goes into the next declaration, parcel by whole parcel.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Protocol, TypeVar

from warehouse.customs.checking.filing_rules import Rule
from warehouse.customs.errors import NothingToDeclare, TooManyLines

MERGE_BY: Final = ("sku", "parcel")
"""What a filing rule may ask to agree beside `Face`."""


@dataclass(frozen=True, slots=True)
class Face:
    """What a line says of its goods besides how much of them there is.

    *excise_of_one* is what excise counts in one of them, None: as *unit* does.
    """

    hs_code: str
    statistical_code: str
    description_th: str
    description_en: str
    brand: str
    unit: str
    unit_price: Decimal
    currency: str
    origin_country: str
    privilege_code: str
    origin_criteria: str
    origin_certificate: str
    product_year: str
    nature_of_transaction: str
    retail_price_baht: Decimal | None = None
    excise_of_one: Decimal | None = None


class Piece(Protocol):
    """Goods of one kind in one parcel."""

    @property
    def face(self) -> Face:
        """What their line will say."""
        ...

    @property
    def sku(self) -> str:
        """What their owner calls them."""
        ...

    @property
    def parcel(self) -> str:
        """The parcel that they are in."""
        ...


P = TypeVar("P", bound=Piece)
_Key = tuple[object, ...]
Part = list[list[P]]
"""The lines of one declaration, and the goods of each."""


def parts(goods: Sequence[P], rule: Rule) -> list[Part[P]]:
    """*goods* by declaration, then by line, both in the order in which the goods are given.

    Raises:
        NothingToDeclare: there are no goods.
        TooManyLines: one parcel alone needs more lines than a declaration may have.
    """
    parcels: dict[str, list[P]] = {}
    for piece in goods:
        parcels.setdefault(piece.parcel, []).append(piece)
    if not parcels:
        raise NothingToDeclare
    found: list[dict[_Key, list[P]]] = []
    packages = 0
    for pieces in parcels.values():
        keys = {_key(piece, rule) for piece in pieces}
        if len(keys) > rule.most_lines:
            raise TooManyLines(lines=len(keys), limit=rule.most_lines)
        full = rule.most_packages is not None and packages >= rule.most_packages
        if not found or full or _grown(found[-1], keys) > rule.most_lines:
            found.append({})
            packages = 0
        for piece in pieces:
            found[-1].setdefault(_key(piece, rule), []).append(piece)
        packages += 1
    return [list(lines.values()) for lines in found]


def _grown(part: Mapping[_Key, object], keys: Iterable[_Key]) -> int:
    """How many lines *part* has with *keys* in it."""
    return len(part) + sum(key not in part for key in keys)


def _key(piece: Piece, rule: Rule) -> _Key:
    return (piece.face, *(getattr(piece, name) for name in rule.merge_by))
