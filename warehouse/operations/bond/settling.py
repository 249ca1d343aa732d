"""Cases of what came in: what an extra parcel holds, and how a case ends.

A case ends with the duty at stake known, and with its goods accounted for.
"""

import re
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlmodel import Session

from warehouse.core.errors import RuleViolation
from warehouse.core.i18n import N_
from warehouse.core.work import Work
from warehouse.inventory import blind, discrepancies, receipts
from warehouse.inventory.blind import Named
from warehouse.inventory.models import Discrepancy
from warehouse.inventory.vocabulary import Cause, DiscrepancyKind, Outcome
from warehouse.masterdata import queries as masterdata
from warehouse.operations.clearance import loss

_GOODS: Final = re.compile(r"(\S.*?)\s+([0-9]{1,6}(?:\.[0-9]{1,3})?)")


class GoodsUnreadable(RuleViolation):
    """What is in a parcel is said line by line."""

    code = "goods-unreadable"
    message = N_("Write a SKU and how many in each line, such as BAG-1 4. This is not: {line}")


def identify(work: Work, discrepancy_id: UUID, partner_code: str, goods: str) -> None:
    """Say whose an extra parcel is, and what is in it: a SKU and how many in each line of *goods*.

    Raises:
        DiscrepancyNotFound, PartnerNotFound, ProductNotFound: there is none.
        GoodsUnreadable: a line is not a SKU and a quantity.
        AlreadyIdentified: it was said before.
    """
    partner = masterdata.partner_by_code(work.session, partner_code)
    named = []
    for line in goods.splitlines() or [""]:
        read = _GOODS.fullmatch(line.strip())
        if read is None or not Decimal(read[2]):
            raise GoodsUnreadable(line=line.strip())
        product = masterdata.product_by_sku(work.session, partner.id, read[1])
        named.append(Named(product.id, product.unit, Decimal(read[2])))
    blind.identify(work, discrepancy_id, partner.id, named)


def close(
    work: Work,
    discrepancy_id: UUID,
    *,
    outcome: Outcome,
    cause: Cause,
    note: str,
    authority: str,
    officer: str,
) -> Discrepancy:
    """End the case; what customs agrees never came does not stand at VARIANCE any longer.

    Raises:
        DiscrepancyNotFound: there is none in the actor's premises.
        SecondPersonNeeded, PhotoMissing, AuthorityMissing, UnknownOfficer, AboveApprovalLimit,
        StillMissing, WrongState: see `discrepancies.close`.
    """
    case = discrepancies.held(work, discrepancy_id)
    if case.kind is DiscrepancyKind.SHORT and outcome is Outcome.APPROVED_BY_CUSTOMS:
        receipts.never_came(work, case)
    return discrepancies.close(
        work,
        discrepancy_id,
        outcome=outcome,
        cause=cause,
        at_stake=at_stake(work.session, case),
        note=note,
        authority=authority,
        officer=officer,
    )


def at_stake(session: Session, case: Discrepancy) -> Decimal:
    """Duty and tax in baht on what differs; none where it is no matter of quantity."""
    if case.lot_id is None or not case.quantity:
        return Decimal(0)
    return loss.at_stake(session, case)
