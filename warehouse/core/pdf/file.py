"""The file that paper becomes: PDF 1.7, written by the rules of PDF/A-2u (ISO 19005-2).

reportlab's canvas names a font that it does not embed, sets pages in one piece and knows no output
intent; so its objects are used here without it.  A page is deflated as soon as it is full, and a
file of thousands of pages takes no more memory than it takes on disk.
"""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol
from xml.sax.saxutils import escape

from reportlab import rl_config
from reportlab.pdfbase import pdfdoc

rl_config.pdfComments = 0

_PROFILE: Final = Path(__file__).with_name("sRGB.icc")
_BACKGROUND: Final = "background"
_VERSION: Final = (1, 7)
_DRAW_BACKGROUND: Final = f"/{_BACKGROUND} Do".encode()
_PACKET: Final = """\
<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
</rdf:Description>{claim}
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""
_CLAIM: Final = """
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>2</pdfaid:part>
<pdfaid:conformance>U</pdfaid:conformance>
</rdf:Description>"""


class Stream(pdfdoc.PDFObject):  # type: ignore[misc]  # reportlab has no types
    """*content* as an object of its own; reportlab leaves out the line end that closes it."""

    __RefOnly__ = 1

    def __init__(self, content: bytes, entries: Mapping[str, object]) -> None:
        self.content, self.entries = content, entries

    def format(self, document: pdfdoc.PDFDocument) -> bytes:
        """What stands in the file."""
        described = pdfdoc.PDFDictionary({**self.entries, "Length": len(self.content)})
        head: bytes = described.format(document)
        return b"%b\nstream\n%b\nendstream\n" % (head, self.content)


def deflated(content: bytes, **entries: object) -> Stream:
    """*content* as a compressed stream."""
    return Stream(zlib.compress(content), {"Filter": "/FlateDecode", **entries})


class Font(Protocol):
    """What a font in a file is asked."""

    def addObjects(self, document: pdfdoc.PDFDocument) -> None:  # noqa: N802 (reportlab's name)
        """Write it into *document*."""


@dataclass(frozen=True, slots=True)
class Described:
    """What a file says of itself; *archivable*: all its text can be read back as Unicode."""

    title: str
    subject: str
    author: str
    archivable: bool


def write(
    about: Described,
    size: tuple[float, float],
    pages: Sequence[Sequence[Stream]],
    fonts: Iterable[Font],
    background: bytes,
) -> bytes:
    """The file of *pages*, each the streams drawn on it one after the other.

    *size* is in points; *background* is drawn behind every page and stored once.
    """
    document = pdfdoc.PDFDocument(compression=1, invariant=1, pdfVersion=_VERSION, lang="th")
    document.setTitle(about.title)
    document.setSubject(about.subject)
    document.setAuthor(about.author)
    _archive(document, about)
    box = pdfdoc.PDFArray([0, 0, *size])
    resources = pdfdoc.PDFDictionary(
        {"Font": pdfdoc.PDFObjectReference("BasicFonts"), "ProcSet": "[/PDF /Text]"}
    )
    first: list[object] = []
    if background:
        entries = {"Type": "/XObject", "Subtype": "/Form", "BBox": box, "Resources": resources}
        form = document.Reference(deflated(background, **entries))
        resources = resources.copy()
        resources["XObject"] = pdfdoc.PDFDictionary({_BACKGROUND: form})
        first = [document.Reference(Stream(_DRAW_BACKGROUND, {}))]
    shared = document.Reference(resources, "Resources")
    for streams in pages:
        page = pdfdoc.PDFPage()
        page.Override_default_compilation = 1
        page.MediaBox, page.Resources = box, shared
        page.Parent = document.Reference(document.Pages)
        page.Contents = pdfdoc.PDFArray([*first, *map(document.Reference, streams)])
        document.addPage(page)
    document.delayedFonts.extend(fonts)
    content: bytes = document.GetPDFData(None)
    return content


def _archive(document: pdfdoc.PDFDocument, about: Described) -> None:
    """What PDF/A asks of a file: its description as XMP, and what its greys mean."""
    catalog = document.Catalog
    catalog.__NoDefault__ = [*catalog.__NoDefault__, "OutputIntents"]
    packet = _PACKET.format(
        title=escape(about.title),
        subject=escape(about.subject),
        author=escape(about.author),
        claim=_CLAIM if about.archivable else "",
    )
    catalog.Metadata = Stream(packet.encode(), {"Type": "/Metadata", "Subtype": "/XML"})
    intent = {
        "Type": "/OutputIntent",
        "S": "/GTS_PDFA1",
        "OutputConditionIdentifier": pdfdoc.PDFString("sRGB"),
        "Info": pdfdoc.PDFString("sRGB IEC61966-2.1"),
        "DestOutputProfile": document.Reference(deflated(_PROFILE.read_bytes(), N=3)),
    }
    catalog.OutputIntents = pdfdoc.PDFArray([pdfdoc.PDFDictionary(intent)])
