"""What the licence of a bonded warehouse lets in: on which days, and which goods (I-27)."""

from collections.abc import Iterable
from datetime import date

from warehouse.customs.errors import GoodsNotLicensed, LicenceNotInForce
from warehouse.customs.models import DeclarationLine
from warehouse.masterdata.models import Premises


def check(premises: Premises, on: date) -> None:
    """Refuse goods that come to *premises* on a day without a licence.

    Raises:
        LicenceNotInForce: it has none on that day.
    """
    ended = premises.licence_to is not None and premises.licence_to < on
    if ended or on < premises.licence_from:
        raise LicenceNotInForce(licence=premises.licence_number, on=on)


def check_goods(premises: Premises, rows: Iterable[DeclarationLine]) -> None:
    """Refuse goods that the licence of *premises* is not for.

    Raises:
        GoodsNotLicensed: some of *rows* are not.
    """
    covered = tuple(premises.licensed_goods)
    for row in rows:
        if covered and not row.hs_code.startswith(covered):
            raise GoodsNotLicensed(
                licence=premises.licence_number,
                premises=premises.code,
                sku=row.sku,
                hs_code=row.hs_code,
            )
