"""Full duty and tax on goods that leave bond for the country, or are lost in it: type P.

The value is frozen; only the duty *rate* is that of today (Customs Act s.14(1)).  For lost goods
the officer sets the day of the rate (s.14(2), to be confirmed).
"""

from datetime import date
from itertools import chain

from warehouse.core import db
from warehouse.core.errors import WrongState
from warehouse.core.money import ZERO
from warehouse.core.work import Work
from warehouse.customs import queries, rules
from warehouse.customs.drafting import withdrawing, writing
from warehouse.customs.drafting.withdrawing import Withdrawal
from warehouse.customs.models import Declaration
from warehouse.customs.money import charging, guarantee
from warehouse.customs.vocabulary import DeclarationState


def draft_home_use(work: Work, withdrawal: Withdrawal) -> Declaration:
    """Draft the declaration that pays duty and tax on the goods of *withdrawal*.

    Raises:
        GuaranteeAccountNotFound, AlreadyDeclared, NothingToDeclare, NotInBond, DischargeTooLarge:
            see `withdrawing.draft`.
        TariffLineMissing: the tariff does not name some of them today.
        NoPolicy: a rule is not known today.
    """
    declaration = withdrawing.draft(work, withdrawal)
    assess(work, declaration, declaration.rates_on)
    return declaration


def set_rate_day(work: Work, declaration: Declaration, on: date) -> None:
    """Reckon *declaration*, of lost goods and not filed yet, at the rates of the day *on*.

    The officer says which day (Customs Act s.14(2), to be confirmed).

    Raises:
        WrongState: it is filed.
        TariffLineMissing: the tariff does not name some of the goods on that day.
        NoPolicy: a rule is not known on that day.
    """
    guarantee.lock_account(work, declaration.premises_id)
    db.lock(work.session, Declaration, [declaration.id])
    if declaration.state is not DeclarationState.DRAFT:
        raise WrongState(state=declaration.state.value, target=DeclarationState.DRAFT.value)
    assess(work, declaration, on)


def assess(work: Work, declaration: Declaration, on: date) -> None:
    """Reckon full duty and tax at the rates of *on*, in place of what another day reckoned.

    Each type's total is rounded by the rounding table.

    Raises:
        TariffLineMissing: the tariff does not name some of the goods on that day.
        NoPolicy: a rule is not known on that day.
    """
    rows = queries.lines(work.session, declaration.id)
    for earlier in chain.from_iterable(
        queries.duties(work.session, (row.id for row in rows)).values()
    ):
        work.session.delete(earlier)
    work.session.flush()
    policy = queries.policy(work.session)
    charged = charging.charges_of(work.session, rows, policy, on)
    for row, charges in zip(rows, charged, strict=True):
        row.explained = [rules.receipt(component) for component in charges.components]
    writing.write_duties(
        work,
        (
            charging.duty(row.id, component, paid=component.amount)
            for row, charges in zip(rows, charged, strict=True)
            for component in charges.components
        ),
    )
    totals = rules.declaration_totals(charged, policy, on)
    declaration.total_tax = sum((total.amount for total in totals), ZERO)
    declaration.rates_on = on
