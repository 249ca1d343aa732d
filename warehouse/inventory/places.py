"""Places in the hall, and the virtual ones at the far ends of movements."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from warehouse.core.work import Work
from warehouse.inventory.models import Location
from warehouse.inventory.vocabulary import VIRTUAL, LocationKind, Regime

FAR_ENDS: Final[Mapping[LocationKind, tuple[str, str]]] = {
    LocationKind.ABROAD: ("ต่างประเทศ", "Abroad"),
    LocationKind.HOME_USE: ("ใช้ในประเทศ", "Home use"),
    LocationKind.EXPORTED: ("ส่งออกแล้ว", "Exported"),
    LocationKind.IN_TRANSIT_BOND: ("ระหว่างทางใต้ทัณฑ์บน", "In transit under bond"),
    LocationKind.OTHER_BONDED: ("คลังทัณฑ์บนอื่น", "Another bonded warehouse"),
    LocationKind.FREE_ZONE: ("เขตปลอดอากร", "Free zone"),
    LocationKind.DESTROYED: ("ทำลายแล้ว", "Destroyed"),
    LocationKind.LOST: ("สูญหาย", "Lost"),
    LocationKind.ABANDONED: ("สละให้แผ่นดิน", "Abandoned to the State"),
    LocationKind.SEIZED: ("ถูกยึด", "Seized"),
    LocationKind.SAMPLED: ("เก็บเป็นตัวอย่าง", "Sampled"),
    LocationKind.REMOVED: ("นำออกชั่วคราว", "Temporarily removed"),
    LocationKind.HANDLED: ("อยู่ระหว่างจัดแบ่งบรรจุ", "In usual handling"),
    LocationKind.VARIANCE: ("ผลต่างที่ยังไม่ยุติ", "Open difference"),
}
"""Thai and English names of the virtual places."""


def add(
    work: Work,
    premises_id: UUID,
    code: str,
    name_th: str,
    name_en: str,
    kind: LocationKind,
    *,
    parent: Location | None = None,
    regime: Regime = Regime.BONDED,
) -> Location:
    """Set up the place *code*; a virtual one takes goods of any regime."""
    virtual = kind in VIRTUAL
    location = Location(
        premises_id=premises_id,
        code=code,
        name_th=name_th,
        name_en=name_en,
        kind=kind,
        virtual=virtual,
        parent_id=parent.id if parent else None,
        regime=None if virtual else regime,
    )
    work.session.add(location)
    work.session.flush()
    return location


def add_far_ends(work: Work, premises_id: UUID) -> list[Location]:
    """Set up every virtual place that premises need before anything can move."""
    return [
        add(work, premises_id, kind.name.replace("_", "-"), name_th, name_en, kind)
        for kind, (name_th, name_en) in FAR_ENDS.items()
    ]
