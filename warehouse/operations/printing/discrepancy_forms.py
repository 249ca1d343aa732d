"""The discrepancy report, filled from the books: for one case, or for all of a consignment."""

from collections.abc import Sequence

from warehouse.core.money import ZERO
from warehouse.core.work import Work
from warehouse.inventory.discrepancy_report import DiscrepancyReport, ReportLine
from warehouse.inventory.models import Discrepancy
from warehouse.inventory.vocabulary import DiscrepancyState
from warehouse.masterdata import queries as masterdata
from warehouse.operations.bond import differences


def report_of(work: Work, number: str, cases: Sequence[Discrepancy]) -> DiscrepancyReport:
    """The report *number* on *cases*, of which there is at least one."""
    known = [differences.known_of(work, case) for case in cases]
    first = known[0]
    premises = masterdata.premises_by_id(work.session, first.case.premises_id)
    return DiscrepancyReport(
        number=number,
        premises_th=premises.name_th,
        premises_en=premises.name_en,
        licence_number=premises.licence_number,
        owner_th=first.partner.name_th if first.partner else "–",
        owner_en=first.partner.name_en if first.partner else "–",
        consignment=first.consignment.number if first.consignment else "–",
        reference=first.consignment.external_ref if first.consignment else "",
        made_at=work.at,
        lines=[_line(work, each) for each in known],
    )


def _line(work: Work, known: differences.Case) -> ReportLine:
    case, value = known.case, known.value
    ended = case.state is DiscrepancyState.CLOSED
    return ReportLine(
        number=case.number,
        kind=case.kind,
        goods=known.unit.number if known.unit else "–",
        description=f"{known.product.sku}\n{known.product.name_th}" if known.product else "",
        hs_code=value.hs_code if value else "–",
        expected=case.expected,
        found=case.found,
        value=value.amount if value else None,
        currency=(value.currency or "") if value else "",
        duty_baht=value.duty_baht if value else ZERO,
        photos=len(known.photos),
        due_at=case.due_at,
        left_hours=None if ended else int((case.due_at - work.at).total_seconds() // 3600),
    )
