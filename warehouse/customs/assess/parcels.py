"""Cases of parcels: mixed postal and express consignments, and postal export."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from warehouse.core.i18n import N_
from warehouse.core.money import ZERO, figures
from warehouse.customs import rules
from warehouse.customs.assess import facts
from warehouse.customs.assess.answers import Answer, Desk, Kind, kind, shown, totals_of
from warehouse.customs.assess.inputs import InputRefused, Inputs, OneOfBoth
from warehouse.customs.rules import Article, Cleared, Parcel, Policy, PostalExport
from warehouse.customs.rules.parcels import DOCUMENT, SAMPLE, Obstacle

_ARTICLE: Final = (facts.GOODS | facts.RATES | {
    "cif_baht", "fob_baht", "restricted", "sample", "examination", "description",
}) - {"exemption_pct"}  # fmt: skip
_PARCEL: Final = frozenset(
    {
        "number", "sender", "recipient", "arrived_on", "articles", "postage_baht",
        "insurance_baht",
    }
)  # fmt: skip
_WAYBILL_ARTICLE: Final = (_ARTICLE - {"examination"}) | {"document"}
_WAYBILL: Final = (_PARCEL - {"postage_baht"}) | {"freight_baht"}

_OBSTACLES: Final = {
    "prohibited": Obstacle.PROHIBITED,
    "dutiable": Obstacle.DUTIABLE,
    "drawback": Obstacle.DRAWBACK,
    "compensation": Obstacle.COMPENSATION,
    "reimport_certificate": Obstacle.REIMPORT,
    "vat_zero_evidence": Obstacle.VAT_EVIDENCE,
    "bonded": Obstacle.BONDED,
}


class DoubledParcel(InputRefused):
    """One parcel would be counted twice."""

    code = "doubled-parcel"
    message = N_("{field} is {number}, as that of an earlier one is.")


def _postal_consignment(inputs: Inputs, desk: Desk) -> Answer:
    """Parcels of the post: those that one sender sends one recipient together count as one."""
    parcels = list(_parcels(inputs, desk, "parcels", _PARCEL, _ARTICLE, "postage_baht"))
    cleared = [rules.clear_postal(each, desk.policy) for each in rules.together(parcels)]
    return _cleared(cleared, desk.policy)


def _express_consignment(inputs: Inputs, desk: Desk) -> Answer:
    """Parcels of an express carrier: each house air waybill by itself."""
    known = _WAYBILL_ARTICLE
    parcels = _parcels(inputs, desk, "waybills", _WAYBILL, known, "freight_baht")
    cleared = [rules.clear_express(rules.Consignment([each]), desk.policy) for each in parcels]
    return _cleared(cleared, desk.policy)


def _cleared(cleared: list[Cleared], policy: Policy) -> Answer:
    results, components, whole = [], [], ZERO
    for each in cleared:
        on = each.consignment.arrived_on
        totals = rules.declaration_totals(each.charges, policy, on)
        total_tax = sum((total.amount for total in totals), ZERO)
        whole += total_tax
        results.append(
            {
                "parcels": [parcel.number for parcel in each.consignment.parcels],
                "sender": each.consignment.parcels[0].sender,
                "recipient": each.consignment.parcels[0].recipient,
                "fob_baht": figures(each.consignment.fob_baht),
                "cif_baht": figures(each.consignment.cif_baht),
                "group": each.group,
                "handling": each.handling,
                "lines": [
                    {"cif_baht": figures(line.cif_baht), **shown(line.amounts)}
                    for line in each.charges
                ],
                **totals_of(totals),
            }
        )
        components += [*(part for line in each.charges for part in line.components), *totals]
    return Answer.of({"consignments": results, "total_tax": figures(whole)}, components)


def _parcels(
    inputs: Inputs,
    desk: Desk,
    name: str,
    known: frozenset[str],
    known_of_article: frozenset[str],
    freight: str,
) -> Iterator[Parcel]:
    on = inputs.day_or("import_date", desk.on)
    numbers: set[str] = set()
    for position, parcel in enumerate(inputs.objects(name, known), start=1):
        number = parcel.text("number") if parcel.has("number") else str(position)
        if number in numbers:
            raise DoubledParcel(field=f"{parcel.within}number", number=number)
        numbers.add(number)
        arrived_on = parcel.day_or("arrived_on", on)
        articles = parcel.objects("articles", known_of_article)
        values = _values(parcel, articles, freight, desk.policy, arrived_on)
        yield Parcel(
            number=number,
            sender=parcel.text("sender") if parcel.has("sender") else "",
            recipient=parcel.text("recipient") if parcel.has("recipient") else "",
            arrived_on=arrived_on,
            articles=[
                _article(article, fob_baht, cif_baht)
                for article, (fob_baht, cif_baht) in zip(articles, values, strict=True)
            ],
        )


def _article(inputs: Inputs, fob_baht: Decimal, cif_baht: Decimal) -> Article:
    exempt = SAMPLE if inputs.flag("sample") else ""
    if inputs.has("document") and inputs.flag("document"):
        exempt = DOCUMENT
    return Article(
        line=facts.counted(facts.line_of(inputs, cif_baht), within=inputs.within),
        fob_baht=fob_baht,
        restricted=inputs.flag("restricted"),
        examined=inputs.has("examination") and inputs.flag("examination"),
        exempt=exempt,
    )


def _values(
    parcel: Inputs, articles: list[Inputs], freight: str, policy: Policy, on: date
) -> list[tuple[Decimal, Decimal]]:
    """FOB and CIF of each article: its own CIF, or its share of the parcel's by FOB value."""
    if not parcel.has(freight):
        if parcel.has("insurance_baht"):
            parcel.given(freight)
        return [_own_values(each) for each in articles]
    if any(each.has("cif_baht") for each in articles):
        raise OneOfBoth(first=f"{parcel.within}{freight}", second="articles.cif_baht")
    fobs = [each.positive("fob_baht") for each in articles]
    whole = sum(fobs, ZERO)
    price = rules.Price(
        amount=whole,
        terms=rules.Terms.FOB,
        freight=parcel.baht(freight),
        insurance=parcel.maybe(parcel.baht, "insurance_baht"),
    )
    left = rules.cif_build_up(price, policy, on).cif_baht
    values, cif_baht, fob_left = [], left, whole
    for fob in fobs:
        cif = rules.discharged_value(cif_baht, whole, fob, value_left=left, quantity_left=fob_left)
        values.append((fob, cif))
        left, fob_left = left - cif, fob_left - fob
    return values


def _own_values(article: Inputs) -> tuple[Decimal, Decimal]:
    """Where only CIF is given it stands in for FOB, which is no more than that."""
    cif_baht = article.baht("cif_baht")
    fob_baht = article.maybe(article.baht, "fob_baht")
    return cif_baht if fob_baht is None else fob_baht, cif_baht


def _postal_export(inputs: Inputs, desk: Desk) -> Answer:
    """Whether the post may take goods abroad without a declaration."""
    on = inputs.day_or("export_date", desk.on)
    stands = {obstacle for name, obstacle in _OBSTACLES.items() if inputs.flag(name)}
    if inputs.flag("licence_needed") and not inputs.flag("licence_held"):
        stands.add(Obstacle.UNLICENSED)
    sent = PostalExport(
        inputs.baht("value_baht"), jewellery=inputs.flag("jewellery"), stands=frozenset(stands)
    )
    limit = rules.export_limit(sent, desk.policy, on)
    obstacles = rules.export_obstacles(sent, desk.policy, on)
    result: dict[str, object] = {
        "allowed": not {Obstacle.PROHIBITED, Obstacle.UNLICENSED} & stands,
        "declaration_needed": bool(obstacles),
        "document_type": "1" if obstacles else "",
        "limit_baht": figures(limit.number),
        "reasons": list(obstacles),
    }
    explained = {
        "what": "POSTAL_EXPORT",
        "title": N_("Postal export without a declaration"),
        "base": figures(sent.value_baht),
        "rule": f"no more than {limit.value} baht, and nothing else that needs one",
        "source": limit.source,
    }
    return Answer(result, [explained])


KINDS: Final[dict[str, Kind]] = {
    "postal_consignment": kind(_postal_consignment, "parcels", "import_date"),
    "express_consignment": kind(_express_consignment, "waybills", "import_date"),
    "postal_export": kind(
        _postal_export,
        "value_baht", "jewellery", "licence_needed", "licence_held", *_OBSTACLES, "export_date",
    ),
}  # fmt: skip
