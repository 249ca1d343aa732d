"""Ways out that no order asks for, as customs sees them: declared in one step, ended when gone.

What is re-exported, transferred, scrapped or donated is declared; destruction, abandonment and
seizure are petitions, which somebody records on paper.  Duty ends when the goods are known to be
where they were to go: see `remitting`.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from warehouse.core.errors import RuleViolation
from warehouse.core.jobs import Facts
from warehouse.core.work import Work
from warehouse.customs import queries as customs
from warehouse.customs.changing import approving
from warehouse.customs.clearing import effects, obstacles, remitting
from warehouse.customs.clearing.effects import Effect
from warehouse.customs.drafting import exporting, home_use, transfers, withdrawing
from warehouse.customs.drafting.exporting import THAILAND
from warehouse.customs.drafting.withdrawing import BondedGoods, Withdrawal
from warehouse.customs.errors import GuaranteeAccountNotFound, MixedRegimes
from warehouse.customs.gateway import Answer, AnswerKind
from warehouse.customs.models import Declaration
from warehouse.customs.money import guarantee
from warehouse.customs.vocabulary import (
    DOCUMENT_TYPES,
    DeclarationState,
    DocumentType,
    Procedure,
)
from warehouse.inventory import disposals
from warehouse.inventory.models import Disposal, Lot
from warehouse.inventory.vocabulary import DisposalKind, DisposalState, Regime
from warehouse.masterdata import queries as masterdata
from warehouse.operations.clearance import export, transfer

PROCEDURES: Final[Mapping[DisposalKind, Procedure]] = {
    DisposalKind.RE_EXPORT: Procedure.RE_EXPORT,
    DisposalKind.TRANSFER: Procedure.TRANSFER_OUT,
    DisposalKind.FREE_ZONE: Procedure.TO_FREE_ZONE,
    DisposalKind.SCRAP: Procedure.SCRAP,
    DisposalKind.DONATION: Procedure.DONATION,
    DisposalKind.DESTRUCTION: Procedure.DESTRUCTION,
    DisposalKind.ABANDONMENT: Procedure.ABANDONMENT,
    DisposalKind.SEIZURE: Procedure.SEIZURE,
}
"""What each way out asks customs for.  A loss has a story of its own; samples come back."""

_ON_PAPER: Final = frozenset(
    kind
    for kind, procedure in PROCEDURES.items()
    if DOCUMENT_TYPES[procedure] is DocumentType.PETITION
)


def declare(work: Work, facts: Facts) -> None:
    """Declare the disposal *subject*, and let the declaration be sent; a petition waits for paper.

    What cannot be drafted is kept as a refusal that the customs desk sees.
    """
    disposal = work.session.get_one(Disposal, UUID(facts["subject"]))
    if disposal.kind not in PROCEDURES:
        return
    declaration = customs.declaration_of(work.session, disposal_id=disposal.id)
    if declaration is None:
        try:
            with work.session.begin_nested():
                declaration = draft(work, disposal)
        except (RuleViolation, GuaranteeAccountNotFound) as failure:
            kind = DOCUMENT_TYPES[PROCEDURES[disposal.kind]]
            obstacles.refuse_draft(work, disposal.id, kind, disposal.number, failure)
            return
    if declaration is not None and declaration.document_type is not DocumentType.PETITION:
        approving.file_or_wait(work, declaration)


def draft(work: Work, disposal: Disposal) -> Declaration | None:
    """The declaration of *disposal*; none if it was given up, or needs none: nothing is in bond.

    Raises:
        MixedRegimes: some of the goods to be exported are in bond, and some are not.
        DestinationMissing, DestinationEmbargoed, ExportProhibited: they may not be exported.
        LicenceNotInForce, GoodsNotLicensed: the receiver may not take them in.
        GuaranteeAccountNotFound, DischargeTooLarge, NotInBond, TariffLineMissing, NoPolicy: see
            `withdrawing.draft` and `home_use.assess`.
    """
    guarantee.lock_account(work, disposal.premises_id)
    if disposals.lock(work, disposal.id).state is not DisposalState.REQUESTED:
        return None
    withdrawal = withdrawal_of(work.session, disposal)
    bonded = len(withdrawal.goods) == len(disposals.lines(work.session, disposal.id))
    if withdrawal.procedure is Procedure.RE_EXPORT and not bonded:
        if withdrawal.goods:
            raise MixedRegimes(number=disposal.number)
        return exporting.draft_export(work, export.of_disposal(work, disposal, withdrawal))
    return _DRAFTS[withdrawal.procedure](work, withdrawal) if withdrawal.goods else None


_DRAFTS: Final[Mapping[Procedure, Callable[[Work, Withdrawal], Declaration]]] = {
    Procedure.RE_EXPORT: exporting.draft_re_export,
    Procedure.TRANSFER_OUT: transfers.draft_transfer_out,
    Procedure.TO_FREE_ZONE: transfers.draft_transfer_out,
    Procedure.SCRAP: home_use.draft_home_use,
    Procedure.DAMAGE: home_use.draft_home_use,
    Procedure.DONATION: home_use.draft_home_use,
    Procedure.DESTRUCTION: withdrawing.draft,
    Procedure.ABANDONMENT: withdrawing.draft,
    Procedure.SEIZURE: withdrawing.draft,
}


def withdrawal_of(session: Session, disposal: Disposal) -> Withdrawal:
    """What of *disposal* is in bond, as it is to be declared."""
    partner = masterdata.partner_by_id(session, disposal.partner_id)
    lots = {
        lot.id: lot
        for lot in session.exec(
            select(Lot).where(
                col(Lot.id).in_([each.lot_id for each in disposals.lines(session, disposal.id)]),
                Lot.regime == Regime.BONDED,
            )
        )
    }
    withdrawal = Withdrawal(
        procedure=PROCEDURES[disposal.kind],
        premises_id=disposal.premises_id,
        partner_id=disposal.partner_id,
        number=disposal.number,
        party_name=disposal.destination or partner.name_en,
        goods=[
            BondedGoods(line.lot_id, lots[line.lot_id].declaration_line_id, line.quantity)
            for line in disposals.lines(session, disposal.id)
            if line.lot_id in lots
        ],
        disposal_id=disposal.id,
    )
    match disposal.kind:
        case DisposalKind.RE_EXPORT:
            return replace(withdrawal, country=disposal.country or partner.country)
        case DisposalKind.TRANSFER:
            assert disposal.to_premises_id is not None, "a transfer goes somewhere"
            there = masterdata.premises_by_id(session, disposal.to_premises_id)
            return replace(
                withdrawal,
                party_name=there.operator_name_en,
                country=THAILAND,
                to_premises_id=there.id,
            )
        case DisposalKind.FREE_ZONE:
            return replace(withdrawal, country=THAILAND, zone_licence=disposal.destination[:17])
        case DisposalKind.SCRAP if disposal.cause is not None:
            return replace(withdrawal, procedure=Procedure.DAMAGE)
        case _:
            return withdrawal


def by_declaration(session: Session, disposal: Disposal) -> bool:
    """Whether customs lets *disposal* go by releasing a declaration, not by a paper of its own."""
    if disposal.kind not in PROCEDURES or disposal.kind in _ON_PAPER:
        return False
    exported = disposal.kind is DisposalKind.RE_EXPORT
    return exported or bool(withdrawal_of(session, disposal).goods)


def settle(work: Work, facts: Facts) -> None:
    """The disposal *subject* is over: end the duty of what went, if nobody else confirms it.

    Another bonded warehouse received it, or an officer saw it go.  A border confirms what goes
    abroad; in a sandbox there is none.
    """
    disposal = work.session.get_one(Disposal, UUID(facts["subject"]))
    declaration = customs.declaration_of(work.session, disposal_id=disposal.id)
    if declaration is None or declaration.state is not DeclarationState.RELEASED:
        return
    match declaration.document_type:
        case DocumentType.TRANSFER_OUT:
            went = _went(work.session, declaration, "arrived")
            remitting.remit(work, declaration, work.at, went)
            if went:
                transfer.declare_later(work, declaration)
        case DocumentType.PETITION:
            went = _went(work.session, declaration, "gone")
            remitting.remit(work, declaration, work.at, went)
        case DocumentType.EXPORT | DocumentType.TO_FREE_ZONE:
            if masterdata.premises_by_id(work.session, disposal.premises_id).training:
                remitting.confirm_exit(work, declaration, work.at)


def _went(session: Session, declaration: Declaration, column: str) -> Mapping[UUID, Decimal]:
    """How much of each line of *declaration* is *gone*, or has *arrived*."""
    assert declaration.disposal_id is not None, "this is a disposal"
    by_lot = {
        line.lot_id: getattr(line, column)
        for line in disposals.lines(session, declaration.disposal_id)
    }
    went: dict[UUID, Decimal] = defaultdict(Decimal)
    for behind in customs.declared_lots(session, declaration.id):
        if by_lot[behind.lot_id]:
            went[behind.line_id] += by_lot[behind.lot_id]
    return went


def _let_go(work: Work, declaration: Declaration, answer: Answer) -> None:
    """Customs lets the goods go: the floor may gather them."""
    effects.release(work, declaration, answer)
    assert declaration.disposal_id is not None, "this is a disposal"
    disposals.authorised(work, declaration.disposal_id)


EFFECTS: Final[Mapping[AnswerKind, Effect]] = {
    **effects.STEPS,
    AnswerKind.RELEASED: _let_go,
}
"""What customs' answers do to the declaration of a disposal; the others are only noted."""
