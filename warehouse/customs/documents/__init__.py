"""Papers of the customs desk: everything printed comes in as one frozen value, bytes go out."""

from warehouse.customs.documents.declaration import (
    DeclarationPaper,
    Duty,
    PaperLine,
    Total,
    declaration,
)
from warehouse.customs.documents.form import EntryLine
from warehouse.customs.documents.release_note import ReleaseNote, Withdrawal, release_note

__all__ = [
    "DeclarationPaper",
    "Duty",
    "EntryLine",
    "PaperLine",
    "ReleaseNote",
    "Total",
    "Withdrawal",
    "declaration",
    "release_note",
]
