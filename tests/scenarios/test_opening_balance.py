"""An older warehouse is taken over in one evening: tied out by line, owner and chapter."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import select

from tests.scenarios.world import World
from warehouse.access.vocabulary import Role
from warehouse.customs.models import Declaration, DeclarationLine, DutyEntry, GuaranteeEntry
from warehouse.customs.vocabulary import DeclarationState
from warehouse.inventory.models import Lot, Movement
from warehouse.operations.intake.opening_file import COLUMNS
from warehouse.operations.models import OpeningBalance

BAG: Mapping[str, str] = {
    "declaration_number": "A010-0690100001",
    "line_number": "2",
    "import_date": "2026-01-09",
    "accepted_on": "2026-01-10",
    "owner": "ALB",
    "sku": "BAG-1",
    "hs_code": "42022200",
    "statistical_code": "000",
    "origin_country": "CN",
    "quantity": "40",
    "unit": "C62",
    "net_weight_kg": "26",
    "currency": "USD",
    "exchange_rate": "32.5",
    "per_units": "1",
    "cif_foreign": "1230.77",
    "cif_baht": "40000.00",
    "parcel_number": "OLD-1",
    "location": "A-01",
}
MORE = BAG | {
    "quantity": "20",
    "net_weight_kg": "13",
    "cif_foreign": "615.38",
    "cif_baht": "20000",
    "parcel_number": "OLD-2",
    "location": "A-02",
}
SHIRTS = BAG | {
    "declaration_number": "A001-0690200001",
    "line_number": "1",
    "import_date": "2026-01-31",
    "accepted_on": "2026-02-01",
    "sku": "TEE-1",
    "hs_code": "61091010",
    "quantity": "10",
    "net_weight_kg": "1.8",
    "cif_foreign": "307.69",
    "cif_baht": "10000",
    "parcel_number": "OLD-3",
}


def a_file(*rows: Mapping[str, str]) -> bytes:
    told = (",".join(row.get(column, "") for column in COLUMNS) for row in rows)
    lines = [",".join(COLUMNS), *told]
    return "\n".join(lines).encode("utf-8-sig")


def bring(world: World, content: bytes, name: str = "ratree") -> OpeningBalance:
    liaison = world.colleague(Role.LIAISON, name)
    liaison.sign_in()
    answer = liaison.client.post(
        "/opening",
        data={"csrf_token": "token"},
        files={"file": ("old.csv", content, "text/csv")},
    )
    assert answer.status_code == 303, answer.text
    return world.rows(select(OpeningBalance))[-1]


def decide(world: World, balance: OpeningBalance, act: str, name: str = "wichai") -> Any:
    role = Role.LIAISON if name == "ratree" else Role.MANAGER
    return world.colleague(role, name).submit(f"/opening/{balance.id}/{act}")


def test_what_is_signed_off_stands_in_both_books_and_can_be_ordered(world: World) -> None:
    told = {"retail_price_baht": "990.00"}
    rows = (BAG | told | {"excise_quantity": "4"}, MORE | told | {"excise_quantity": "2.001"})
    balance = bring(world, a_file(*rows, SHIRTS))

    page = world.colleague(Role.MANAGER, "wichai").get("/opening").text
    signed = decide(world, balance, "signing")
    world.order("BAG-1", 50)

    assert "60,000.00" in page
    assert signed.status_code == 303, signed.text
    entries = {each.declaration_number: each for each in world.rows(select(Declaration))}
    bags = entries["A0100690100001"]
    assert bags.state is DeclarationState.RELEASED
    assert bags.storage_ends_on is not None
    assert bags.storage_ends_on.isoformat() == "2028-01-09"
    assert bags.cif_baht == 60000
    [line] = [
        each for each in world.rows(select(DeclarationLine)) if each.declaration_id == bags.id
    ]
    assert (line.retail_price_baht, line.excise_quantity) == (990, Decimal("6.001"))
    # 20 % of 60,000 = 12,000, VAT 5,040; 30 % of 10,000 = 3,000, VAT 910
    assert sum(entry.amount for entry in world.rows(select(DutyEntry))) == 20950
    assert {lot.declaration_number for lot in world.rows(select(Lot))} == set(entries)
    world.prove()


def test_until_it_is_signed_off_and_after_a_refusal_nothing_is_in_the_book(world: World) -> None:
    balance = bring(world, a_file(BAG))

    refused = decide(world, balance, "refusal")
    again = decide(world, balance, "signing")

    assert (refused.status_code, again.status_code) == (303, 409)
    for table in (Declaration, Lot, Movement, DutyEntry):
        assert world.rows(select(table)) == []
    world.prove()


def test_whoever_brought_it_does_not_sign_it_off(world: World) -> None:
    balance = bring(world, a_file(BAG))

    answer = decide(world, balance, "signing", name="ratree")

    assert answer.status_code == 409
    assert world.rows(select(Declaration)) == []


@pytest.mark.parametrize(
    ("changes", "column", "words"),
    [
        ({"declaration_number": "A010-P690100001"}, "declaration_number", "entry into bond"),
        ({"sku": "BAG-9"}, "sku", "no product"),
        ({"location": "D-01"}, "location", "Bonded goods cannot stand there"),
        ({"quantity": "0"}, "quantity", "more than nothing"),
        ({"hs_code": "99999999"}, "hs_code", "tariff"),
        ({"import_date": "2569-01-09"}, "import_date", "Gregorian"),
        ({"accepted_on": "2027-01-01"}, "accepted_on", "not come"),
        ({"exchange_rate": "33"}, "exchange_rate", "agree"),
        ({"retail_price_baht": "0"}, "retail_price_baht", "more than nothing"),
        ({"retail_price_baht": "900"}, "retail_price_baht", "agree"),
        ({"excise_quantity": "0.5"}, "excise_quantity", "agree"),
    ],
)
def test_a_wrong_cell_is_named_by_row_and_column_and_nothing_is_signed_off(
    world: World, changes: Mapping[str, str], column: str, words: str
) -> None:
    balance = bring(world, a_file(BAG, MORE | changes))

    answer = decide(world, balance, "signing")

    assert [(each["row"], each["column"]) for each in balance.problems] == [("3", column)]
    assert words in balance.problems[0]["en"]
    assert answer.status_code == 422
    assert world.rows(select(Declaration)) == []


def test_more_than_the_guarantee_covers_is_not_taken_over(world: World) -> None:
    rich = BAG | {"cif_baht": "90000000.00", "cif_foreign": "2769230.77"}
    balance = bring(world, a_file(rich))

    answer = decide(world, balance, "signing")

    assert answer.status_code == 422
    assert world.rows(select(GuaranteeEntry).where(GuaranteeEntry.amount > Decimal(10**7))) == []
    assert world.rows(select(Lot)) == []
    world.prove()
