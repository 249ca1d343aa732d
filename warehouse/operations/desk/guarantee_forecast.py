"""What will come into bond and what will leave it, as far as it is announced or planned."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from warehouse.core import clock
from warehouse.core.errors import RuleViolation
from warehouse.core.jobs import Facts
from warehouse.core.money import ZERO, to_satang
from warehouse.core.work import Event, Work
from warehouse.customs import queries as customs
from warehouse.customs import rules
from warehouse.customs.drafting import entries
from warehouse.customs.models import Declaration, DeclarationLine, GuaranteeAccount
from warehouse.customs.money import forecast, guarantee, letters, suspending
from warehouse.customs.money.forecast import Change, Forecast
from warehouse.customs.vocabulary import INTO_BOND, CustomsEvent
from warehouse.masterdata import queries as masterdata
from warehouse.masterdata.models import Product
from warehouse.shipments import queries as shipments
from warehouse.shipments.models import Consignment, ConsignmentLine
from warehouse.shipments.vocabulary import ConsignmentSource

_INTO_BOND: Final = sorted(kind.value for kind in INTO_BOND)
CHECKED_AHEAD: Final = (1, 7)
"""How many days ahead a forecast is kept, to be compared with what came of it."""
UNTIL_RELEASE: Final = timedelta(days=1)
"""How long customs takes to let an order's goods go, as far as plans are made."""

# Entries that wait to be filed, and what each will suspend from its import day on.
WAITING: Final = """
SELECT declaration.import_date, coalesce(consignment.number, reference_number),
       sum(duty.amount - duty.amount_paid)
  FROM declaration
  LEFT JOIN consignment ON consignment.id = consignment_id
  JOIN declaration_line AS line ON line.declaration_id = declaration.id
  JOIN declaration_duty AS duty ON duty.line_id = line.id
 WHERE declaration.premises_id = :premises_id AND declaration.state IN ('draft', 'approved')
   AND document_type = ANY(:into_bond)
 GROUP BY declaration.id, consignment.number
"""

# Releases that customs has not given yet, and the share of what is suspended that each frees.
GOING: Final = """
SELECT reference_number,
       sum((duty.amount - duty.amount_paid - duty.discharged_amount) * line.quantity
           / (entry_line.quantity - entry_line.discharged_quantity))
  FROM declaration
  JOIN declaration_line AS line ON line.declaration_id = declaration.id
  JOIN declaration_line AS entry_line ON entry_line.id = line.entry_line_id
  JOIN declaration_duty AS duty ON duty.line_id = entry_line.id
 WHERE declaration.premises_id = :premises_id AND document_type = 'P'
   AND declaration.state NOT IN ('rejected', 'released', 'delivered', 'cancelled')
   AND entry_line.quantity > entry_line.discharged_quantity
 GROUP BY declaration.id
"""


@dataclass(frozen=True, slots=True)
class Outlook:
    """A forecast, and the consignments whose duty cannot be reckoned yet."""

    forecast: Forecast
    unknown: Sequence[str]


def outlook(session: Session, account: GuaranteeAccount, today: date) -> Outlook:
    """The guarantee of *account* in the next thirty days."""
    undeclared, unknown = _undeclared(session, account.premises_id)
    changes = [
        *_waiting(session, account.premises_id),
        *undeclared,
        *_going(session, account.premises_id, today + UNTIL_RELEASE),
    ]
    behind = letters.history(session, account.id)
    return Outlook(forecast.forecast(account, behind, changes, today), unknown)


class Foreseen(NamedTuple):
    """What was foreseen for today some days ago, in baht; what is suspended, and how far off."""

    days_ago: int
    baht: Decimal
    exposure: Decimal

    @property
    def error(self) -> Decimal:
        """How much more, or less, was foreseen."""
        return abs(self.baht - self.exposure)


def foresee(work: Work, facts: Facts) -> None:  # noqa: ARG001
    """Every morning: put on record what is foreseen for tomorrow and for a week from now."""
    for account in work.session.exec(select(GuaranteeAccount)).all():
        days = outlook(work.session, account, work.today).forecast.days
        said = {f"{days[ahead].on}": f"{days[ahead].exposure:.2f}" for ahead in CHECKED_AHEAD}
        work.emit(CustomsEvent.GUARANTEE_FORESEEN, account.id, **said)


def foreseen(session: Session, account: GuaranteeAccount, today: date) -> list[Foreseen]:
    """How well today was foreseen, the latest first."""
    said = col(Event.facts)[today.isoformat()].astext
    rows = session.exec(
        select(Event.at, said)
        .where(
            Event.name == CustomsEvent.GUARANTEE_FORESEEN,
            Event.subject == account.id,
            said.is_not(None),
        )
        .order_by(col(Event.sequence).desc())
    )
    return [
        Foreseen((today - clock.local_date(at)).days, Decimal(baht), guarantee.exposure(account))
        for at, baht in rows
    ]


def _waiting(session: Session, premises_id: UUID) -> list[Change]:
    found = session.execute(text(WAITING), {"premises_id": premises_id, "into_bond": _INTO_BOND})
    return [Change(on, number, baht) for on, number, baht in found]


def _going(session: Session, premises_id: UUID, on: date) -> list[Change]:
    found = session.execute(text(GOING), {"premises_id": premises_id})
    return [Change(on, number, -to_satang(baht)) for number, baht in found]


def _undeclared(session: Session, premises_id: UUID) -> tuple[list[Change], list[str]]:
    """Announced consignments that nothing is drafted of: what they will suspend, and the rest."""
    known, unknown = [], []
    policy = customs.policy(session)
    for consignment in _announced(session, premises_id):
        try:
            baht = sum(_suspended(session, consignment, policy), ZERO)
        except RuleViolation:
            unknown.append(consignment.number)
        else:
            known.append(Change(consignment.arrival_date, consignment.number, baht))
    return known, unknown


def _announced(session: Session, premises_id: UUID) -> Sequence[Consignment]:
    declared = select(Declaration.id).where(Declaration.consignment_id == Consignment.id)
    return session.exec(
        select(Consignment)
        .where(
            Consignment.premises_id == premises_id,
            Consignment.source != ConsignmentSource.THAILAND,
            ~declared.exists(),
        )
        .order_by(col(Consignment.arrival_date), col(Consignment.number))
    ).all()


def _suspended(
    session: Session, consignment: Consignment, policy: rules.Policy
) -> Iterator[Decimal]:
    """What each line of *consignment* will leave unpaid, reckoned as its declaration will be."""
    on = consignment.arrival_date
    rate = masterdata.exchange_rate(session, consignment.currency, on)
    quote = rules.Quote(rate.currency, rate.import_rate, Decimal(rate.per_units))
    lines = shipments.consignment_lines(session, consignment.id)
    products = masterdata.products_by_id(session, {line.product_id for line in lines})
    rows = [_row(consignment, line, products[line.product_id]) for line in lines]
    for duty in chain.from_iterable(suspending.reckon(session, rows, quote, policy, on)):
        yield duty.amount - duty.amount_paid


def _row(consignment: Consignment, line: ConsignmentLine, product: Product) -> DeclarationLine:
    """The line as it would be declared; it is never written."""
    return DeclarationLine(
        declaration_id=consignment.id,
        line_number=line.line_number,
        product_id=product.id,
        sku=product.sku,
        hs_code=product.hs_code,
        statistical_code=product.statistical_code,
        privilege_code=entries.NORMAL_PRIVILEGE,
        description_th=product.name_th,
        description_en=product.name_en,
        brand=product.brand,
        origin_country=product.origin_country,
        net_weight_kg=line.net_weight_kg,
        quantity=line.quantity,
        unit=product.unit,
        unit_price_foreign=line.unit_price,
        cif_foreign=to_satang(line.unit_price * line.quantity),
        cif_baht=ZERO,
        retail_price_baht=line.retail_price_baht or product.retail_price_baht,
        excise_quantity=entries.excise_quantity(
            entries.excise_of_one(product, line.quantity, line.excise_quantity), line.quantity
        ),
        discharged_quantity=ZERO,
        discharged_cif_baht=ZERO,
    )
