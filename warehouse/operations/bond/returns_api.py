"""What partners say of parcels that came back."""

from fastapi import APIRouter, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict

from warehouse.access.http import OnceDep, WorkDep, requires
from warehouse.access.vocabulary import Permission
from warehouse.core.http import problems
from warehouse.core.numbers import Number
from warehouse.operations.bond import returning
from warehouse.operations.bond.errors import ChoiceMade, ReturnNotFound
from warehouse.shipments import queries as shipments
from warehouse.shipments.errors import ShipmentNotFound
from warehouse.shipments.vocabulary import ReturnChoice

router = APIRouter(prefix="/api/v1", tags=["partners"])


class ChoiceWanted(BaseModel):
    """What is to be done with a parcel that came back."""

    model_config = ConfigDict(extra="forbid")

    choice: ReturnChoice


class ReturnRead(BaseModel):
    """A parcel that came back, and what becomes of it."""

    number: str
    shipment: str
    choice: ReturnChoice
    chosen_at: AwareDatetime


@router.post(
    "/shipments/{number}/return-choice",
    status_code=201,
    dependencies=[requires(Permission.CHOOSE_RETURNS)],
    responses={
        201: {"model": ReturnRead},
        **problems(ShipmentNotFound, ReturnNotFound, ChoiceMade),
    },
)
def choose(number: Number, body: ChoiceWanted, work: WorkDep, once: OnceDep) -> Response:
    """Choose what becomes of the parcel of the partner's own shipment *number*, once."""
    shipment = shipments.shipment_by_number(work.session, number, partner_id=work.actor.partner_id)

    def act() -> tuple[int, ReturnRead]:
        returned = returning.choose(work, shipment, body.choice)
        assert returned.chosen_at is not None, "it was chosen just now"
        return 201, ReturnRead(
            number=returned.number,
            shipment=shipment.number,
            choice=body.choice,
            chosen_at=returned.chosen_at,
        )

    return once(body, act)
