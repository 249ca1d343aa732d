"""Papers: printed when due from what the books say, and kept as they are."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest

from tests import builders, paper_samples, pictures
from tests.customs_builders import (
    a_consignment,
    a_customs_house,
    accepted,
    an_order,
    declared,
    drafted,
    in_bond,
    on,
    released,
)
from warehouse.core import ids, papers
from warehouse.core.papers import Paper
from warehouse.core.work import Work
from warehouse.customs import queries
from warehouse.customs.models import Amendment, CollectionOrder, Declaration
from warehouse.customs.vocabulary import AmendmentKind, AmendmentState, CollectionState
from warehouse.masterdata.identifiers import printed_declaration_number
from warehouse.operations.printing import label_forms
from warehouse.operations.printing.asking import print_collection_order
from warehouse.operations.printing.papers import (
    DECLARATION,
    RELEASE_NOTE,
    SHIPMENT_LABEL,
    Asked,
    PaperNotMade,
    paper_by_number,
    print_declaration,
    print_label,
    print_release_note,
)
from warehouse.settings import LOCAL_SITE
from warehouse.shipments import queries as shipments


def text_of(paper: Paper) -> str:
    pages = range(pictures.page_count(paper.content))
    return "\n".join(pictures.extracted(paper.content, page) for page in pages)


def printed(work: Work, kind: str, subject: UUID) -> Paper:
    paper = papers.paper_of(work.session, kind, subject)
    assert paper is not None
    return paper


def test_an_order_gets_the_label_of_its_parcel(work: Work) -> None:
    work = on(work, "2026-08-02")
    house = a_customs_house(work)
    in_bond(work, house, [(house.product, 10, "500")])
    order = an_order(work, house, house.product, 3)

    print_label(work, {"subject": str(order.id)})

    shipment = shipments.shipment_of_order(work.session, order.id)
    label = printed(work, SHIPMENT_LABEL, shipment.id)
    codes = pictures.decoded(pictures.rendered(label.content))
    assert set(codes) == {shipment.parcel_number.encode(), shipment.number.encode()}
    assert order.buyer_name in text_of(label)
    assert paper_by_number(work.session, SHIPMENT_LABEL, shipment.number).id == label.id


def test_a_paper_once_made_stays_as_it_was(work: Work) -> None:
    work = on(work, "2026-08-02")
    house = a_customs_house(work)
    in_bond(work, house, [(house.product, 10, "500")])
    order = an_order(work, house, house.product, 3)
    print_label(work, {"subject": str(order.id)})
    shipment = shipments.shipment_of_order(work.session, order.id)
    before = printed(work, SHIPMENT_LABEL, shipment.id).sha256

    order.buyer_name = "อีกคนหนึ่ง"
    print_label(replace(work, at=on(work, "2026-08-09").at), {"subject": str(order.id)})

    assert printed(work, SHIPMENT_LABEL, shipment.id).sha256 == before


def test_a_numbered_entry_is_printed_with_its_lines_and_what_is_suspended(work: Work) -> None:
    work = on(work, "2026-08-02")
    house = a_customs_house(work)
    entry = accepted(work, drafted(work, a_consignment(work, house, [(house.product, 4, "250")])))

    print_declaration(work, {"subject": str(entry.id)})

    paper = printed(work, DECLARATION, entry.id)
    assert paper.number == entry.declaration_number
    link = f"{LOCAL_SITE}/verify/{paper.verify_code}"
    codes = set(pictures.decoded(pictures.rendered(paper.content)))
    assert codes == {paper.number.encode(), link.encode()}
    text = text_of(paper)
    assert printed_declaration_number(paper.number) in text
    assert "2 สิงหาคม 2571" in text  # the storage period ends
    suspended = queries.suspended_baht(work.session, entry.id)
    assert suspended > 0
    assert f"{suspended:,.2f}" in text


def test_a_release_is_printed_with_its_duty_and_the_entry_it_draws_down(work: Work) -> None:
    work = on(work, "2026-08-02")
    house = a_customs_house(work)
    entry = in_bond(work, house, [(house.product, 10, "500")])
    declaration = released(work, declared(work, an_order(work, house, house.product, 3)))

    print_declaration(work, {"subject": str(declaration.id)})

    text = text_of(printed(work, DECLARATION, declaration.id))
    assert declaration.total_tax > 0
    assert f"{declaration.total_tax:,.2f}" in text
    assert f"{numbered(entry)} รายการ / item 1" in text


def numbered(declaration: Declaration) -> str:
    assert declaration.declaration_number is not None
    return printed_declaration_number(declaration.declaration_number)


def test_each_gate_pass_shows_what_was_left_when_it_was_granted(work: Work) -> None:
    work = on(work, "2026-08-02")
    house = a_customs_house(work)
    in_bond(work, house, [(house.product, 10, "500")])
    first = released(work, declared(work, an_order(work, house, house.product, 3)))
    second = released(work, declared(work, an_order(work, house, house.product, 2)))

    for declaration in (second, first):
        print_release_note(work, {"subject": str(declaration.id)})

    notes = []
    for declaration in (first, second):
        assert declaration.order_id is not None
        release = queries.release_of_order(work.session, declaration.order_id)
        assert release is not None
        notes.append(text_of(printed(work, RELEASE_NOTE, release.id)))
    for note, steps in zip(notes, (("10", "3", "7"), ("7", "2", "5")), strict=True):
        assert " ".join(f"{step} {house.product.unit}" for step in steps) in " ".join(note.split())


def test_an_entry_that_customs_lets_in_has_no_gate_pass(work: Work) -> None:
    work = on(work, "2026-08-02")
    house = a_customs_house(work)
    goods = [(house.product, 4, "250")]
    entry = released(work, drafted(work, a_consignment(work, house, goods)))

    print_release_note(work, {"subject": str(entry.id)})

    assert papers.paper_of(work.session, RELEASE_NOTE, entry.id) is None


def test_an_accepted_amendment_prints_the_declaration_that_it_changed(work: Work) -> None:
    work = on(work, "2026-08-02")
    house = a_customs_house(work)
    entry = accepted(work, drafted(work, a_consignment(work, house, [(house.product, 4, "250")])))
    amendment = builders.added(
        work,
        Amendment(
            declaration_id=entry.id,
            version=2,
            kind=AmendmentKind.AMENDMENT,
            message_id=ids.new_id(),
            state=AmendmentState.ACCEPTED,
            reason="a misprint",
            suspended_change=Decimal(0),
            requested_by="liaison",
            requested_at=work.at,
        ),
    )

    print_declaration(work, {"subject": str(amendment.id)})

    assert printed(work, DECLARATION, entry.id).number == entry.declaration_number


def test_a_collection_order_is_printed_twice_as_it_was_assessed(work: Work) -> None:
    work = on(work, "2026-08-02")
    house = builders.a_house(work)
    order = builders.added(work, a_collection_order(work, house))

    print_collection_order(work, {"subject": str(order.id)})

    paper = printed(work, Asked.COLLECTION_ORDER, order.id)
    assert pictures.page_count(paper.content) == 2
    link = f"{LOCAL_SITE}/verify/{paper.verify_code}"
    for page in range(2):
        codes = set(pictures.decoded(pictures.rendered(paper.content, page)))
        assert codes == {link.encode(), order.number.encode(), order.parcel_number.encode()}
        assert "9 สิงหาคม 2569" in pictures.extracted(paper.content, page)  # to dispute until


def a_collection_order(work: Work, house: builders.House) -> CollectionOrder:
    """A bag of 31,300 baht for somebody in Nonthaburi."""
    form = paper_samples.COLLECTION
    assessed = {
        name: getattr(form, name)
        for name in (
            "parcel_number", "recipient_name", "recipient_address", "sender_name",
            "sender_country", "description", "hs_code", "statistical_code", "origin_country",
            "quantity", "weight_kg", "value_baht", "total_tax",
        )
    }  # fmt: skip
    return CollectionOrder(
        **assessed,
        number="COL-2026-000001",
        premises_id=house.premises.id,
        fob_baht=form.value_baht,
        duty_baht=Decimal(6260),
        vat_baht=Decimal("2629.20"),
        explained=[dict(each) for each in form.explained],
        import_date=work.today,
        pay_by=work.today,
        state=CollectionState.ISSUED,
        issued_by=form.assessor,
        issued_at=work.at,
    )


def test_a_paper_that_is_not_made_yet_is_not_found(work: Work) -> None:
    with pytest.raises(PaperNotMade):
        paper_by_number(work.session, RELEASE_NOTE, "REL-2026-999999")


def test_the_labels_of_goods_name_the_parcels_that_came(work: Work) -> None:
    work = on(work, "2026-08-02")
    house = a_customs_house(work)
    consignment = a_consignment(work, house, [(house.product, 4, "250"), (house.product, 1, "9")])

    labels = label_forms.goods_labels_of(work.session, consignment.id)

    lines = shipments.consignment_lines(work.session, consignment.id)
    assert {label.parcel_number for label in labels} == {line.parcel_number for line in lines}
    assert {label.declaration_number for label in labels} == {None}


def test_only_real_places_have_labels(work: Work) -> None:
    house = a_customs_house(work)

    labels = label_forms.location_labels_of(work.session, house.premises.id)

    codes = [label.code for label in labels]
    assert "A1" in codes
    assert codes == sorted(codes)
    assert "ABROAD" not in codes
