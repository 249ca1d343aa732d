"""What stands on the paper of a disposal, read from every book."""

from collections.abc import Mapping
from typing import Final

from sqlmodel import Session, col, select

from warehouse.access.models import Person
from warehouse.customs import queries as customs
from warehouse.customs.clearing import authorising
from warehouse.customs.models import Release
from warehouse.inventory.certificates import DisposalPaper, DisposedLine
from warehouse.inventory.models import Disposal, DisposalLine, HandlingUnit, Lot
from warehouse.inventory.vocabulary import DisposalKind
from warehouse.masterdata import queries as masterdata
from warehouse.masterdata.identifiers import printed_declaration_number
from warehouse.masterdata.models import Product

_TITLES: Final[Mapping[DisposalKind, tuple[str, str]]] = {
    DisposalKind.RE_EXPORT: ("ใบส่งของกลับออกไป", "Re-export note"),
    DisposalKind.TRANSFER: ("ใบโอนย้ายของไปคลังสินค้าทัณฑ์บนอื่น", "Transfer note"),
    DisposalKind.FREE_ZONE: ("ใบโอนย้ายของเข้าเขตปลอดอากร", "Free zone transfer note"),
    DisposalKind.DESTRUCTION: ("หนังสือรับรองการทำลายของ", "Certificate of destruction"),
    DisposalKind.LOSS: ("บันทึกของสูญหาย", "Record of loss"),
    DisposalKind.ABANDONMENT: ("บันทึกการยกของให้เป็นของแผ่นดิน", "Record of abandonment"),
    DisposalKind.SEIZURE: ("บันทึกการยึดของ", "Record of seizure"),
    DisposalKind.SAMPLING: ("ใบชักตัวอย่างของ", "Sampling note"),
    DisposalKind.SCRAP: ("ใบนำของออกเป็นเศษของ", "Scrap note"),
    DisposalKind.DONATION: ("ใบนำของออกเพื่อบริจาค", "Donation note"),
    DisposalKind.REMOVAL: ("ใบนำของออกชั่วคราว", "Temporary removal note"),
}


def paper_of(session: Session, disposal: Disposal) -> DisposalPaper:
    """What is printed of *disposal*, which was carried out."""
    assert disposal.carried_out_at is not None, "papers speak of what has happened"
    release = authorising.of_disposal(session, disposal.id)
    assert release is not None, "nothing leaves without a decision"
    officer_id = disposal.witness_id or release.officer_id
    officer = session.get(Person, officer_id) if officer_id else None
    premises = masterdata.premises_by_id(session, disposal.premises_id)
    owner = masterdata.partner_by_id(session, disposal.partner_id)
    title_th, title_en = _TITLES[disposal.kind]
    there = disposal.to_premises_id and masterdata.premises_by_id(session, disposal.to_premises_id)
    return DisposalPaper(
        title_th=title_th,
        title_en=title_en,
        number=disposal.number,
        carried_out_at=disposal.carried_out_at,
        authority=_authority(session, release),
        officer=officer.name_th if officer else "",
        reason=disposal.reason,
        destination=f"{there.name_th}\n{there.name_en}" if there else disposal.destination,
        seal=disposal.seal,
        operator_th=premises.operator_name_th,
        operator_en=premises.operator_name_en,
        premises_th=premises.name_th,
        premises_en=premises.name_en,
        licence_number=premises.licence_number,
        owner_th=owner.name_th,
        owner_en=owner.name_en,
        lines=_lines(session, disposal),
    )


def _authority(session: Session, release: Release) -> str:
    """The number under which customs let the goods go: of its paper, or of the declaration."""
    if release.declaration_id is None or release.authority:
        return release.authority
    declaration = customs.declaration_by_id(session, release.declaration_id)
    number = declaration.declaration_number
    return printed_declaration_number(number) if number else declaration.reference_number


def _lines(session: Session, disposal: Disposal) -> tuple[DisposedLine, ...]:
    rows = session.exec(
        select(DisposalLine, Lot, Product, HandlingUnit.number)
        .join(Lot, col(Lot.id) == col(DisposalLine.lot_id))
        .join(Product, col(Product.id) == col(Lot.product_id))
        .join(HandlingUnit, col(HandlingUnit.id) == col(Lot.handling_unit_id))
        .where(DisposalLine.disposal_id == disposal.id)
        .order_by(col(Lot.number))
    )
    return tuple(
        DisposedLine(
            parcel=parcel,
            lot=lot.number,
            declaration_number=lot.declaration_number,
            line_number=lot.line_number,
            description_th=product.name_th,
            description_en=product.name_en,
            quantity=line.quantity,
            unit=lot.unit,
        )
        for line, lot, product, parcel in rows
    )
