"""Make docs/screenshots/paper-*.png, every paper page by page: `python scripts/paper_pictures.py`.

They are drawn of the samples that the tests look at; no warehouse is started.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

import pypdfium2
from PIL import Image

ROOT: Final = Path(__file__).parents[1]
PICTURES: Final = ROOT / "docs" / "screenshots"
COLOURS: Final = 16
"""Of a paper: black on white, and the greys between."""
DPI: Final = 110
PAGES: Final = 2
"""Of a long paper; the rest is more of the same."""

sys.path.insert(0, str(ROOT))
from tests import paper_samples as samples  # noqa: E402 (what the tests look at)
from warehouse.customs import documents  # noqa: E402
from warehouse.inventory.certificates import disposal_paper  # noqa: E402

PAPERS: Final[Mapping[str, Callable[[], bytes]]] = {
    "declaration-import": lambda: documents.declaration(samples.INTO_BOND, samples.LINK),
    "declaration-home-use": lambda: documents.declaration(samples.DISPUTED, samples.LINK),
    "declaration-export": lambda: documents.declaration(samples.ABROAD, samples.LINK),
    "declaration-working-copy": lambda: documents.declaration(samples.DRAFT, samples.LINK),
    "declaration-many-lines": lambda: documents.declaration(samples.SIXTY_LINES, samples.LINK),
    "entry-statement": lambda: documents.entry_statement(samples.ENTRY_STATEMENT, samples.LINK),
    "withdrawal-statement": lambda: documents.withdrawal_statement(
        samples.WITHDRAWAL_STATEMENT, samples.LINK
    ),
    "assessment": lambda: documents.assessment(samples.DISPUTED, samples.LINK),
    "release-note": lambda: documents.release_note(samples.NOTE, samples.LINK),
    "destruction-certificate": lambda: disposal_paper(samples.CERTIFICATE, samples.LINK),
    "transfer-note": lambda: disposal_paper(samples.TRANSFER_NOTE, samples.LINK),
    "petition": lambda: documents.petition(samples.PETITION, samples.LINK),
    "collection-order": lambda: documents.collection_order(samples.COLLECTION, samples.LINK),
}


def main() -> None:
    """Draw them, and keep the pictures."""
    for name, make in PAPERS.items():
        for number, picture in enumerate(pages(make()), start=1):
            few = picture.convert("L").quantize(COLOURS, dither=Image.Dither.NONE)
            few.save(PICTURES / f"paper-{name}-{number}.png", optimize=True)


def pages(content: bytes) -> Iterator[Image.Image]:
    """The first pages of a PDF as pictures."""
    document = pypdfium2.PdfDocument(content)
    for number in range(min(PAGES, len(document))):
        yield document[number].render(scale=DPI / 72).to_pil()


if __name__ == "__main__":
    main()
