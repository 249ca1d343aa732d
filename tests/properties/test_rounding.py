"""Whatever the figures, rounding loses nothing and never turns an order round."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from warehouse.core import money
from warehouse.core.money import Rounding
from warehouse.customs import assess, rules
from warehouse.customs.policy import POLICY_CSV, read_policy, shipped_policy
from warehouse.customs.rules import DutyRate, Line
from warehouse.masterdata.vocabulary import RateType

ON = max(row.valid_from for row in read_policy(POLICY_CSV))

amounts = st.decimals(min_value=0, max_value=10**15, places=2)
fine_amounts = st.decimals(min_value=0, max_value=10**12, places=6)
rates = st.decimals(min_value=0, max_value=1000, places=3)
percentages = st.decimals(min_value=0, max_value=100, places=2)
quantities = st.decimals(min_value=Decimal("0.001"), max_value=10**6, places=3)


def a_line(cif: Decimal, duty: Decimal, excise: Decimal | None = None) -> Line:
    rate = DutyRate(RateType.AD_VALOREM, duty)
    return Line(cif, rate, excise=None if excise is None else rules.Excise(excise))


@given(value=amounts, parts=st.lists(quantities, min_size=1, max_size=30))
def test_discharges_in_any_parts_add_up_to_the_frozen_value(
    value: Decimal, parts: list[Decimal]
) -> None:
    entered = sum(parts)
    value_left, quantity_left = value, entered
    taken = []

    for part in parts:
        taken.append(
            rules.discharged_value(
                value, entered, part, value_left=value_left, quantity_left=quantity_left
            )
        )
        value_left, quantity_left = value_left - taken[-1], quantity_left - part

    assert sum(taken) == value
    assert min(taken) >= 0
    assert all(each == money.to_satang(each) for each in taken)


@given(amount=fine_amounts)
def test_rounding_moves_an_amount_by_less_than_its_unit(amount: Decimal) -> None:
    half_up, cut, whole = (
        money.to_satang(amount), money.truncate_to_satang(amount), money.truncate_to_baht(amount)
    )  # fmt: skip

    assert abs(half_up - amount) <= Decimal("0.005")
    assert whole <= cut <= amount
    assert amount - cut < Decimal("0.01")
    assert amount - whole < 1


@given(less=fine_amounts, more=fine_amounts, rounding=st.sampled_from(Rounding))
def test_rounding_keeps_the_order_of_amounts(
    less: Decimal, more: Decimal, rounding: Rounding
) -> None:
    less, more = sorted((less, more))

    assert money.rounded(less, rounding) <= money.rounded(more, rounding)


@given(less=amounts, more=amounts, duty=rates, excise=st.none() | rates)
def test_a_higher_value_never_owes_less(
    less: Decimal, more: Decimal, duty: Decimal, excise: Decimal | None
) -> None:
    less, more = sorted((less, more))

    owed = [
        rules.line_charges(a_line(cif, duty, excise), shipped_policy(), ON).amounts
        for cif in (less, more)
    ]

    assert all(owed[0][duty_type] <= owed[1][duty_type] for duty_type in owed[0])


@given(lines=st.lists(st.tuples(amounts, rates), min_size=1, max_size=20))
def test_what_is_paid_is_the_sum_of_the_lines_less_a_part_of_a_baht(
    lines: list[tuple[Decimal, Decimal]],
) -> None:
    charges = [rules.line_charges(a_line(cif, duty), shipped_policy(), ON) for cif, duty in lines]

    totals = rules.declaration_totals(charges, shipped_policy(), ON)

    for total in totals:
        assert total.exact == sum(each.amounts[total.what] for each in charges)
        assert 0 <= total.exact - total.amount < 1


@given(cif=amounts, higher=amounts, duty=rates, exempt=percentages, deposit=percentages)
def test_what_is_assessed_is_paid_exempted_or_deposited(
    cif: Decimal, higher: Decimal, duty: Decimal, exempt: Decimal, deposit: Decimal
) -> None:
    declared, assessed = (
        rules.exempted(charges, {"0100": exempt})
        for charges in (
            rules.line_charges(a_line(value, duty, duty), shipped_policy(), ON)
            for value in (cif, cif + higher)
        )
    )
    whole = rules.line_charges(a_line(cif + higher, duty, duty), shipped_policy(), ON).amounts

    disputed = rules.disputed(declared, assessed, "D01", shipped_policy(), ON)
    part = money.to_satang(disputed.amounts["0500"] * deposit / 100)
    left = rules.deposited(disputed, {"0500": part}, "D08", shipped_policy(), ON)

    for component in left.components:
        parts = (component.amount, component.exempted, component.deposited)
        assert min(parts) >= 0
        assert sum(parts) == whole[component.what]


@given(fobs=st.lists(quantities, min_size=1, max_size=20), postage=amounts)
def test_articles_share_the_value_of_their_parcel(fobs: list[Decimal], postage: Decimal) -> None:
    articles = [{"fob_baht": str(fob), "duty_pct": "7.5"} for fob in fobs]
    parcel = {"postage_baht": str(postage), "articles": articles}
    inputs = {"import_date": ON.isoformat(), "parcels": [parcel]}
    case = {"id": "case", "kind": "postal_consignment", "inputs": inputs}

    answer = next(assess.answers({"vectors": [case]}, ON))["result"]

    [consignment] = answer["consignments"]
    lines = [Decimal(line["cif_baht"]) for line in consignment["lines"]]
    assert sum(lines) == Decimal(consignment["cif_baht"])
    assert min(lines) >= 0


@given(cif=amounts, duty=rates, excise=st.none() | rates)
def test_no_figure_is_ever_a_float(cif: Decimal, duty: Decimal, excise: Decimal | None) -> None:
    charges = rules.line_charges(a_line(cif, duty, excise), shipped_policy(), ON)

    for component in charges.components:
        figures = (component.base, component.rate, component.exact, component.amount)
        assert {type(figure) for figure in figures} == {Decimal}
        assert component.amount == money.to_satang(component.exact)
