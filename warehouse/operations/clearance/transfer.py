"""What arrived of a transfer enters the receiver's book: type A, the answer to the sender's B."""

from typing import Final
from uuid import UUID

from warehouse.core.errors import RuleViolation
from warehouse.core.jobs import Facts
from warehouse.core.work import Work
from warehouse.customs import queries as customs
from warehouse.customs.changing import approving
from warehouse.customs.clearing import obstacles
from warehouse.customs.drafting import transfers
from warehouse.customs.drafting.transfers import ArrivedGoods
from warehouse.customs.errors import GuaranteeAccountNotFound
from warehouse.customs.models import Declaration
from warehouse.customs.vocabulary import DocumentType

JOB: Final = "declare-transfer-in"

# What arrived of a type B, by its line and the lot that stands at the receiver: each scan took
# goods off the sender's transit and put the same goods into a lot of the receiver's.  A lot that
# was opened meanwhile is several.
ARRIVED: Final = """
SELECT release_line.declaration_line_id, here.id, here.quantity
  FROM release JOIN release_line ON release_line.release_id = release.id
  JOIN movement AS went ON went.release_line_id = release_line.id AND went.kind = 'issue'
  JOIN location AS transit ON transit.id = went.from_location_id
   AND transit.kind = 'in_transit_bond'
  JOIN movement AS came ON came.scan_id = went.scan_id AND came.kind = 'receipt'
  JOIN lot AS taken ON taken.id = came.lot_id AND taken.parent_lot_id = went.lot_id
  JOIN lot AS here ON here.id = taken.id
    OR here.parent_lot_id = taken.id AND here.origin = 'split'
 WHERE release.declaration_id = %(declaration_id)s
 ORDER BY here.number
"""


def declare_later(work: Work, sent: Declaration) -> None:
    """Have what arrived of *sent*, a type B, declared by a job of its own.

    It takes the guarantee of another warehouse.
    """
    work.defer(JOB, once=f"{JOB}:{sent.id}", subject=str(sent.id))


def declare(work: Work, facts: Facts) -> None:
    """Declare what arrived of the type B *subject*, and let the declaration be sent.

    What cannot be drafted is kept as a refusal that the receiver's customs desk sees.
    """
    sent = customs.declaration_by_id(work.session, UUID(facts["subject"]))
    declaration = customs.declaration_of(work.session, paired_id=sent.id)
    if declaration is None:
        assert sent.to_premises_id is not None, "a transfer goes somewhere"
        goods = [ArrivedGoods(*row) for row in work.sql(ARRIVED, declaration_id=sent.id)]
        try:
            with work.session.begin_nested():
                declaration = transfers.draft_transfer_in(work, sent, sent.to_premises_id, goods)
        except (RuleViolation, GuaranteeAccountNotFound) as failure:
            number = sent.declaration_number or sent.reference_number
            obstacles.refuse_draft(work, sent.id, DocumentType.TRANSFER_IN, number, failure)
            return
    approving.file_or_wait(work, declaration)
