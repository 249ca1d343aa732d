"""What is said of a parcel as a whole, in one of its lines or the same in each."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from warehouse.core.i18n import N_
from warehouse.inventory.commands import ExpectedParcel
from warehouse.operations.floor import labels
from warehouse.operations.intake import fields

REASONS: Final[Mapping[str, str]] = {
    "parcel-differs": N_("Line {line} says otherwise of this parcel: {said}."),
    "size-incomplete": N_("Give length, width and height, or none of them."),
    "label-in-use": N_("This label is on another parcel, or is its number."),
}

_LITRE: Final = Decimal("0.001")
_SIDES: Final = ("length_cm", "width_cm", "height_cm")


class OfParcel(BaseModel):
    """What may be told of a parcel besides its goods."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    receptacle: fields.Receptacle | None = None
    """The mail bag it comes in (UPU S9)."""
    parcel_weight_kg: fields.Weight | None = None
    """Gross, as it will stand on the scale."""
    length_cm: fields.Centimetres | None = None
    width_cm: fields.Centimetres | None = None
    height_cm: fields.Centimetres | None = None
    labels: fields.Labels = ()
    """What else is stuck on it and may be scanned."""


TOLD: Final = tuple(OfParcel.model_fields)

Wrong = tuple[int, str, object, str, dict[str, object]]
"""Position, field, value, code and facts of a finding."""


def gathered(
    lines: Iterable[tuple[int, str, OfParcel]], taken: frozenset[str]
) -> tuple[Mapping[str, ExpectedParcel], Sequence[Wrong]]:
    """What *lines* (position, parcel number, what it says) tell of each parcel, and what is wrong.

    *taken*: numbers and labels that stand for something.
    """
    said: dict[str, dict[str, tuple[int, Any]]] = {}
    wrong: list[Wrong] = []
    on: dict[str, str] = {}
    for position, number, line in lines:
        of_parcel = said.setdefault(number, {})
        for name in line.model_fields_set & set(TOLD):
            value = getattr(line, name)
            first, before = of_parcel.setdefault(name, (position, value))
            if before != value:
                facts: dict[str, object] = {"line": first + 1, "said": str(before)}
                wrong.append((position, name, value, "parcel-differs", facts))
        wrong += [
            (position, "labels", label, "label-in-use", {})
            for label in map(scanned, line.labels)
            if label in taken or on.setdefault(label, number) != number
        ]
    wrong += [
        (min(at for at, _ in of_parcel.values()), "length_cm", "", "size-incomplete", {})
        for of_parcel in said.values()
        if 0 < len(of_parcel.keys() & set(_SIDES)) < len(_SIDES)
    ]
    return {} if wrong else {number: _expected(each) for number, each in said.items()}, wrong


def _expected(said: Mapping[str, tuple[int, Any]]) -> ExpectedParcel:
    told = OfParcel.model_construct(**{name: value for name, (_, value) in said.items()})
    return ExpectedParcel(
        receptacle=told.receptacle,
        declared_kg=told.parcel_weight_kg,
        declared_litres=_litres(told),
        labels=tuple(map(scanned, told.labels)),
    )


def scanned(label: str) -> str:
    """What a scanner will make of *label*."""
    return labels.identify(label).value


def _litres(told: OfParcel) -> Decimal | None:
    if told.length_cm is None or told.width_cm is None or told.height_cm is None:
        return None
    cubic_centimetres = told.length_cm * told.width_cm * told.height_cm
    return max((cubic_centimetres / 1000).quantize(_LITRE), _LITRE)
