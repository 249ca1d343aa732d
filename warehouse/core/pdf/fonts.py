"""Sarabun, shaped by HarfBuzz and embedded glyph by glyph.

Thai needs shaping: without it the marks of ที่, ปั๊ม and น้ำ collide.  reportlab's own fonts do not fit:
they take the script of a line from its first letters, so that น้ำ after an English word comes out
wrong, and they name shaped glyphs in the order a process met them, so that equal papers differ.
Here a glyph keeps the number it has in the font (Identity-H), the shape of a text is computed once
whatever its size, and each run carries its own text (ActualText), so that it extracts exactly.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Final

import uharfbuzz as hb
from reportlab.pdfbase import pdfdoc

from warehouse.core.pdf.file import deflated

_FONTS: Final = Path(__file__).parent.parent / "fonts"
_SYMBOLIC: Final = 4  # font descriptor flag: its own encoding
_STEM_REGULAR: Final = 80
_STEM_BOLD: Final = 140
_DROPPED: Final = ("cmap", "DSIG", "GDEF", "GPOS", "GSUB", "name", "OS/2", "post")
_NAMED_FOR_LETTERS: Final = re.compile(r"uni((?:[0-9A-F]{4})+)")
_THAI_LETTERS: Final = {
    unicodedata.name(letter).removeprefix("THAI CHARACTER ").replace(" ", "").lower(): letter
    for letter in map(chr, range(0x0E01, 0x0E2F))
}
_CMAP: Final = """\
/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CMapName /Adobe-Identity-UCS def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
{blocks}
endcmap CMapName currentdict /CMap defineresource pop end end"""
_CMAP_BLOCK: Final = 100  # entries in one bfchar block, ISO 32000-1, 9.7.5


@dataclass(frozen=True, slots=True)
class Run:
    """One shaped piece of a line."""

    actual: str  # its text in hexadecimal UTF-16BE
    width: int  # in thousandths of the type size
    glyphs: frozenset[int]
    shows: tuple[tuple[int, str], ...]  # how high it is raised, in thousandths, and what TJ shows


class Typeface:
    """One Sarabun: its shaper, its metrics and its outlines."""

    def __init__(self, name: str, stem: int) -> None:
        self.name = name
        self.stem = stem
        self.face = hb.Face(hb.Blob.from_file_path(_FONTS / f"{name}.ttf"))
        self.font = hb.Font(self.face)
        self.extents = self.font.get_font_extents("ltr")
        glyphs = range(self.face.glyph_count)
        self.widths: list[int] = [self.font.get_glyph_h_advance(glyph) for glyph in glyphs]
        self._codes = [f"{glyph:04x}" for glyph in glyphs]

    def shape(self, text: str) -> Run:
        """*text*, on one line, as glyphs in their places."""
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.direction, buffer.script, buffer.language = "ltr", "Thai", "th"
        hb.shape(self.font, buffer)
        glyphs = [info.codepoint for info in buffer.glyph_infos]
        places = buffer.glyph_positions or ()  # None where there is no text
        return Run(
            actual=text.encode("utf-16-be").hex(),
            width=sum(place.x_advance for place in places),
            glyphs=frozenset(glyphs),
            shows=tuple(self._shows(glyphs, places)),
        )

    def _shows(
        self, glyphs: Sequence[int], places: Iterable[hb.GlyphPosition]
    ) -> Iterator[tuple[int, str]]:
        """What TJ shows, one piece for each height; numbers in it move the pen to the left."""
        height, owed, shown = 0, 0, "<"
        for glyph, place in zip(glyphs, places, strict=True):
            right, up = place.x_offset, place.y_offset
            if up != height:
                yield height, f"{shown}>"
                height, shown = up, "<"
            if owed != right:
                shown += f">{owed - right}<"
            shown += self._codes[glyph]
            owed = right + self.widths[glyph] - place.x_advance
        yield height, f"{shown}>"

    @cached_property
    def letters(self) -> dict[int, str]:
        """The text of every Thai or Latin glyph, for readers that do not know ActualText.

        A glyph is named for its letters: ``uni0E48.small`` is a small ่, ``uni0E4D0E49`` is ํ้,
        ``yoYingthai.less`` is a ญ without its foot.
        """
        letters = {
            self.font.get_nominal_glyph(point): chr(point)
            for point in sorted(self.face.unicodes, reverse=True)
        }
        for glyph in set(range(self.face.glyph_count)) - set(letters):
            name = self.font.glyph_to_string(glyph)
            spelled = name.partition(".")[0].removesuffix("thai").lower()
            if coded := _NAMED_FOR_LETTERS.match(name):
                letters[glyph] = bytes.fromhex(coded[1]).decode("utf-16-be")
            elif spelled in _THAI_LETTERS:
                letters[glyph] = _THAI_LETTERS[spelled]
        return letters

    def subset(self, glyphs: Iterable[int]) -> bytes:
        """A TrueType file with the outlines of *glyphs* alone, under their own numbers."""
        wanted = hb.SubsetInput()
        wanted.flags = (
            hb.SubsetFlags.RETAIN_GIDS
            | hb.SubsetFlags.NO_LAYOUT_CLOSURE
            | hb.SubsetFlags.NOTDEF_OUTLINE
        )
        wanted.sets(hb.SubsetInputSets.GLYPH_INDEX).update(glyphs)
        dropped = wanted.sets(hb.SubsetInputSets.DROP_TABLE_TAG)
        dropped.update(int.from_bytes(tag.encode().ljust(4)) for tag in _DROPPED)
        outlines: bytes = hb.subset(self.face, wanted).blob.data
        return outlines


class Embedded:
    """A typeface in one document: gathers the glyphs that are used, and is written with them."""

    def __init__(self, typeface: Typeface, resource: str) -> None:
        self.typeface = typeface
        self.resource = resource  # what content streams call it
        self.used: set[int] = set()

    @property
    def spoken(self) -> bool:
        """Whether every glyph that is used stands for letters; a letter it lacks does not."""
        return self.used <= self.typeface.letters.keys()

    def addObjects(self, document: pdfdoc.PDFDocument) -> None:  # noqa: N802 (reportlab's name)
        """Write the font into *document*: reportlab calls this once, when all text is known."""
        glyphs = sorted(self.used)
        name = pdfdoc.PDFName(f"AAAAAA+{self.typeface.name}")
        descendant = {
            "Type": "/Font",
            "Subtype": "/CIDFontType2",
            "BaseFont": name,
            "CIDSystemInfo": "<</Registry (Adobe) /Ordering (Identity) /Supplement 0>>",
            "CIDToGIDMap": "/Identity",
            "FontDescriptor": document.Reference(self._descriptor(document, name, glyphs)),
            "W": pdfdoc.PDFArray(
                [part for g in glyphs for part in (g, f"[{self.typeface.widths[g]}]")]
            ),
        }
        font = {
            "Type": "/Font",
            "Subtype": "/Type0",
            "BaseFont": name,
            "Encoding": "/Identity-H",
            "DescendantFonts": pdfdoc.PDFArray(
                [document.Reference(pdfdoc.PDFDictionary(descendant))]
            ),
            "ToUnicode": document.Reference(deflated(self._to_unicode(glyphs).encode())),
        }
        fonts = document.idToObject["BasicFonts"].dict
        fonts[self.resource] = document.Reference(pdfdoc.PDFDictionary(font))

    def _descriptor(
        self, document: pdfdoc.PDFDocument, name: pdfdoc.PDFName, glyphs: list[int]
    ) -> pdfdoc.PDFDictionary:
        outlines = self.typeface.subset(glyphs)
        extents = self.typeface.extents
        return pdfdoc.PDFDictionary(
            {
                "Type": "/FontDescriptor",
                "FontName": name,
                "Flags": _SYMBOLIC,
                "FontBBox": f"[-500 {extents.descender} 1500 {extents.ascender}]",
                "Ascent": extents.ascender,
                "Descent": extents.descender,
                "CapHeight": 700,
                "ItalicAngle": 0,
                "StemV": self.typeface.stem,
                "FontFile2": document.Reference(deflated(outlines, Length1=len(outlines))),
            }
        )

    def _to_unicode(self, glyphs: list[int]) -> str:
        """The table from glyphs to text, for readers that do not know ActualText."""
        letters = self.typeface.letters
        entries = [
            f"<{glyph:04x}> <{letters[glyph].encode('utf-16-be').hex()}>"
            for glyph in glyphs
            if glyph in letters
        ]
        blocks = (entries[at : at + _CMAP_BLOCK] for at in range(0, len(entries), _CMAP_BLOCK))
        return _CMAP.format(
            blocks="\n".join(
                f"{len(block)} beginbfchar\n{chr(10).join(block)}\nendbfchar" for block in blocks
            )
        )


@cache
def typeface(*, bold: bool) -> Typeface:
    """Sarabun, regular or bold."""
    if bold:
        return Typeface("Sarabun-Bold", _STEM_BOLD)
    return Typeface("Sarabun-Regular", _STEM_REGULAR)


@lru_cache(maxsize=8192)
def shaped(text: str, *, bold: bool) -> Run:
    """The run of *text*, remembered."""
    return typeface(bold=bold).shape(text)
