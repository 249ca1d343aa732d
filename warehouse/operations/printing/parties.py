"""Who prints a paper, and whose goods it is about."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from warehouse.customs import documents
from warehouse.customs.models import Release, ReleaseLine
from warehouse.inventory.models import HandlingUnit, Lot
from warehouse.masterdata.models import Partner, Premises


def house_of(premises: Premises) -> documents.House:
    """*premises* as they stand on paper."""
    return documents.House(
        operator_th=premises.operator_name_th,
        operator_en=premises.operator_name_en,
        tax_id=f"{premises.operator_tax_id}-{premises.operator_branch}",
        address=" ".join(
            (premises.street, premises.district, premises.province, premises.postcode)
        ),
        name_th=premises.name_th,
        name_en=premises.name_en,
        licence_number=premises.licence_number,
        tax_incentive_id=premises.tax_incentive_id,
    )


def owner_of(partner: Partner) -> documents.Owner:
    """*partner* as it stands on paper."""
    return documents.Owner(partner.name_th, partner.name_en, partner.tax_id)


def parcels_of(session: Session, release: Release) -> Sequence[str]:
    """The numbers of the parcels whose lots *release* covers."""
    return session.exec(
        select(HandlingUnit.number)
        .join(Lot, col(Lot.handling_unit_id) == col(HandlingUnit.id))
        .join(ReleaseLine, col(ReleaseLine.lot_id) == col(Lot.id))
        .where(ReleaseLine.release_id == release.id)
        .order_by(col(HandlingUnit.number))
        .distinct()
    ).all()
