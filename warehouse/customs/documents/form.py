"""What papers for customs share besides `core.pdf.form`: lines of declarations, commodity codes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EntryLine:
    """The line of an import declaration that a line out of bond draws down."""

    declaration_number: str
    line_number: int


def hs(code: str) -> str:
    """``4202.22.00`` for the eight digits of a commodity."""
    return f"{code[:4]}.{code[4:6]}.{code[6:]}"
