"""What was filed stays as it was filed, and who lets a draft be filed (I-17, I-19)."""

from datetime import date, time

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.customs_builders import (
    a_consignment,
    a_customs_house,
    accepted,
    drafted,
    on,
)
from warehouse.core.work import Work
from warehouse.customs.changing import approving
from warehouse.customs.models import Declaration, FilingRule
from warehouse.customs.vocabulary import Approval, DeclarationState, DocumentType


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE declaration SET gross_weight_kg = gross_weight_kg + 1 WHERE id = :id",
        "UPDATE declaration SET drafted_by = 'nobody' WHERE id = :id",
        "UPDATE declaration_line SET hs_code = '61102000' WHERE declaration_id = :id",
        "UPDATE declaration_line SET quantity = quantity + 1 WHERE declaration_id = :id",
        "DELETE FROM declaration_line WHERE declaration_id = :id",
        (
            "UPDATE declaration_duty SET amount = amount + 1 WHERE line_id IN"
            " (SELECT id FROM declaration_line WHERE declaration_id = :id)"
        ),
    ],
)
def test_the_database_refuses_to_change_what_was_filed(work: Work, statement: str) -> None:
    declaration = filed(work)

    with pytest.raises(DBAPIError) as refused, work.session.begin_nested():
        work.session.execute(text(statement), {"id": declaration.id})

    assert isinstance(refused.value.orig, psycopg.errors.RestrictViolation)


def test_another_declaration_s_amendment_opens_nothing(work: Work) -> None:
    declaration, other = filed(work), filed(work)
    announce = text("SELECT set_config('warehouse.amending', :id, true)")
    change = text("UPDATE declaration SET house_bill = 'OTHER' WHERE id = :id")

    work.session.execute(announce, {"id": str(other.id)})

    with pytest.raises(DBAPIError), work.session.begin_nested():
        work.session.execute(change, {"id": declaration.id})
    work.session.execute(change, {"id": other.id})


def test_a_standing_instruction_waits_for_its_filing_window(work: Work) -> None:
    house = a_customs_house(work)
    morning, evening = on(work, "2026-08-03"), on(work, "2026-08-03").at.replace(hour=13)
    a_rule(work, house.premises.id, window_opens=time(20), window_closes=time(22))

    draft = drafted(morning, a_consignment(morning, house, [(house.product, 2, "100")]))
    assert draft is not None
    early = draft.state
    approving.file_or_wait(type(work)(work.session, work.actor, evening, work.subscribers), draft)

    assert early is DeclarationState.APPROVED
    assert draft.state is DeclarationState.QUEUED
    assert draft.approved_by is None, "nobody but the standing instruction"


def test_where_a_second_person_is_wanted_a_draft_waits_for_one(work: Work) -> None:
    house = a_customs_house(work)
    a_rule(work, house.premises.id, approval=Approval.SECOND_PERSON)

    draft = drafted(work, a_consignment(work, house, [(house.product, 2, "100")]))
    assert draft is not None
    waiting = draft.state
    approving.approve(work, draft)

    assert waiting is DeclarationState.DRAFT
    assert (draft.state, draft.approved_by) == (DeclarationState.QUEUED, work.actor.name)


def filed(work: Work) -> Declaration:
    """An entry that customs has accepted."""
    house = a_customs_house(work)
    consignment = a_consignment(work, house, [(house.product, 2, "100")])
    return accepted(work, drafted(work, consignment))


def a_rule(work: Work, premises_id: object, **changes: object) -> None:
    values: dict[str, object] = {
        "premises_id": premises_id,
        "document_type": DocumentType.IMPORT,
        "approval": Approval.STANDING,
        "merge_by": ["sku"],
        "valid_from": date(2026, 1, 1),
        "source": "test",
        "recorded_by": "a",
        "approved_by": "b",
    }
    work.session.add(FilingRule(**values | changes))
    work.session.flush()
