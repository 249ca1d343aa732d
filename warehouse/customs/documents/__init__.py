"""Papers of the customs desk: everything printed comes in as one frozen value, bytes go out."""

from warehouse.customs.documents.assessment import assessment
from warehouse.customs.documents.collection import CollectionPaper, collection_order
from warehouse.customs.documents.declaration import declaration
from warehouse.customs.documents.declared import (
    DeclarationPaper,
    Deposit,
    Duty,
    PaperLine,
    Party,
    Permit,
    Total,
)
from warehouse.customs.documents.form import EntryLine, House, Owner
from warehouse.customs.documents.petition import PetitionPaper, petition
from warehouse.customs.documents.release_note import ReleaseNote, release_note
from warehouse.customs.documents.statement import (
    EntryStatement,
    Left,
    StoredLine,
    Withdrawal,
    WithdrawalStatement,
    entry_statement,
    withdrawal_statement,
)

__all__ = [
    "CollectionPaper",
    "DeclarationPaper",
    "Deposit",
    "Duty",
    "EntryLine",
    "EntryStatement",
    "House",
    "Left",
    "Owner",
    "PaperLine",
    "Party",
    "Permit",
    "PetitionPaper",
    "ReleaseNote",
    "StoredLine",
    "Total",
    "Withdrawal",
    "WithdrawalStatement",
    "assessment",
    "collection_order",
    "declaration",
    "entry_statement",
    "petition",
    "release_note",
    "withdrawal_statement",
]
