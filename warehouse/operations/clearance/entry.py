"""Into bond: a consignment is declared, and customs' answers bind its lots."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from decimal import ROUND_UP, Decimal
from typing import Final
from uuid import UUID

from warehouse.core import money
from warehouse.core.errors import RuleViolation
from warehouse.core.jobs import Facts
from warehouse.core.money import ZERO
from warehouse.core.work import Work
from warehouse.customs import queries as customs
from warehouse.customs.changing import approving
from warehouse.customs.checking import filing_rules
from warehouse.customs.checking.findings import Finding
from warehouse.customs.clearing import effects, obstacles
from warehouse.customs.clearing.effects import Effect
from warehouse.customs.drafting import entries, screening
from warehouse.customs.drafting.entries import EntryDraft, EntryGoods
from warehouse.customs.drafting.exporting import THAILAND
from warehouse.customs.errors import AlreadyDeclared
from warehouse.customs.gateway import Answer, AnswerKind
from warehouse.customs.models import Declaration
from warehouse.customs.vocabulary import DOCUMENT_TYPES, Procedure
from warehouse.inventory import commands as inventory
from warehouse.inventory import queries as stock
from warehouse.inventory.commands import Binding
from warehouse.shipments import queries as shipments
from warehouse.shipments.models import Consignment
from warehouse.shipments.vocabulary import ConsignmentSource

_GRAM: Final = Decimal("0.001")
_PROCEDURES: Final = {
    ConsignmentSource.ABROAD: Procedure.WAREHOUSING,
    ConsignmentSource.FREE_ZONE: Procedure.FROM_FREE_ZONE,
}


def draft_entry(work: Work, facts: Facts) -> None:
    """Declare what is not declared yet of the consignment *subject*, and let it be sent.

    What cannot be drafted (no tariff line, no rate of exchange, no licence …) is kept as a
    refusal that the customs desk sees and tries again once the reference data is mended.  Goods
    of Thai sellers are declared when they leave, and never enter bond.
    """
    consignment = shipments.consignment_by_id(work.session, UUID(facts["subject"]))
    if consignment.source is ConsignmentSource.THAILAND:
        return
    try:
        with work.session.begin_nested():
            declare(work, consignment)
    except RuleViolation as failure:
        kind = DOCUMENT_TYPES[_PROCEDURES[consignment.source]]
        obstacles.refuse_draft(work, consignment.id, kind, consignment.number, failure)
    for declaration in customs.declarations_of_consignment(work.session, consignment.id):
        approving.file_or_wait(work, declaration)


def declare(work: Work, consignment: Consignment) -> Mapping[str, Finding]:
    """Draft what is not declared yet of *consignment*; return the parcels that are left out.

    None are, unless the warehouse splits its parcels over declarations.

    Raises:
        RuleViolation, Conflict: as `entries.draft_entries`.
    """
    draft = _draft(work, consignment)
    kind = DOCUMENT_TYPES[draft.procedure]
    rule = filing_rules.rule_of(work.session, draft.premises_id, kind, work.today)
    wrong: Mapping[str, Finding] = {}
    if rule.most_packages is not None:
        wrong = screening.left_out(work, draft.partner_id, draft.goods, draft.import_date)
    if not wrong.keys() >= {each.parcel for each in draft.goods}:
        with suppress(AlreadyDeclared):
            entries.draft_entries(work, _without(draft, wrong))
    return wrong


def _without(draft: EntryDraft, parcels: Collection[str]) -> EntryDraft:
    """*draft* without *parcels*: what is left weighs its share."""
    if not parcels:
        return draft
    goods = [each for each in draft.goods if each.parcel not in parcels]
    net, whole = (sum((x.net_weight_kg for x in some), ZERO) for some in (goods, draft.goods))
    with money.exact():
        gross = (draft.gross_weight_kg * net / whole).quantize(_GRAM, ROUND_UP)
    packages = len({each.parcel for each in goods})
    return replace(draft, goods=goods, package_amount=packages, gross_weight_kg=gross)


def _draft(work: Work, consignment: Consignment) -> EntryDraft:
    lots = stock.lots_by_line(work.session, consignment.id)
    from_free_zone = consignment.source is ConsignmentSource.FREE_ZONE
    return EntryDraft(
        premises_id=consignment.premises_id,
        partner_id=consignment.partner_id,
        consignment_id=consignment.id,
        import_date=consignment.arrival_date,
        house_bill=consignment.house_bill,
        consignor_name=consignment.consignor_name,
        consignment_country=THAILAND if from_free_zone else consignment.consignment_country,
        procedure=_PROCEDURES[consignment.source],
        zone_licence=consignment.zone_licence,
        invoice_number=consignment.invoice_number,
        invoice_date=consignment.invoice_date,
        currency=consignment.currency,
        package_amount=consignment.package_amount,
        gross_weight_kg=consignment.gross_weight_kg,
        goods=[
            EntryGoods(
                lot_id=lots[line.id],
                parcel=line.parcel_number,
                product_id=line.product_id,
                quantity=line.quantity,
                unit_price=line.unit_price,
                net_weight_kg=line.net_weight_kg,
                retail_price_baht=line.retail_price_baht,
                excise_quantity=line.excise_quantity,
            )
            for line in shipments.consignment_lines(work.session, consignment.id)
        ],
    )


def _number(work: Work, declaration: Declaration, answer: Answer) -> None:
    """Accepted: duty is suspended, and each lot is bound to its line, once and for ever."""
    effects.accept(work, declaration, answer)
    number = declaration.declaration_number
    assert number is not None, "what is accepted has a number"
    line_numbers = {
        line.id: line.line_number for line in customs.lines(work.session, declaration.id)
    }
    inventory.bind(
        work,
        [
            Binding(behind.lot_id, behind.line_id, number, line_numbers[behind.line_id])
            for behind in customs.declared_lots(work.session, declaration.id)
        ],
        accepted_at=answer.at,
    )


EFFECTS: Final[Mapping[AnswerKind, Effect]] = {**effects.STEPS, AnswerKind.NUMBERED: _number}
"""What customs' answers do to an entry; the others are only noted."""
