"""What hostile hands can make of XML and its signatures: nothing of it is taken for an answer.

Each document is read under watch: no file is opened, no address is called, little time and little
memory are spent.
"""

import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from lxml import etree
from signxml.algorithms import SignatureMethod
from signxml.signer import XMLSigner

from tests.filings import key_rings
from warehouse.core import clock, ids
from warehouse.customs.gateway import (
    Answer,
    AnswerKind,
    ExpiredCertificate,
    Unreadable,
    messages,
    signing,
)

OURS, CUSTOMS = key_rings()
STRANGER, _ = key_rings()
GENUINE = Answer(
    answer_id="a-3",
    message_id=ids.new_id(),
    reference_number="WHSE000000001",
    sequence=3,
    kind=AnswerKind.RED,
    at=datetime(2026, 3, 1, 3, 0, tzinfo=UTC),
    declaration_number="A0010690300001",
)
FORGED = replace(GENUINE, answer_id="forged", kind=AnswerKind.RELEASED)
DSIG = "{http://www.w3.org/2000/09/xmldsig#}"
SPACE = "http://ebxml.customs.go.th/XMLSchema/CustomsResponse_8_00"
SECONDS = 0.2
MEGABYTES = 256
WATCHED = ("open", "socket.", "subprocess.", "os.system", "os.exec", "urllib.")

opened: list[str] = []
watching = False


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if watching and event.startswith(WATCHED):
        opened.append(f"{event} {arguments}")


sys.addaudithook(_watch)


@pytest.fixture(scope="module", autouse=True)
def ready() -> None:
    """The verifier has read its own schemas, as it does once."""
    messages.read_answer(messages.answer(GENUINE, CUSTOMS), OURS)


@contextmanager
def watched() -> Iterator[None]:
    """What is read in this block opens nothing, and takes little of time and memory."""
    global watching  # noqa: PLW0603 (a hook cannot be taken off again)
    opened.clear()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began, watching = time.process_time(), True
    try:
        yield
    finally:
        watching = False
    took = time.process_time() - began
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert opened == []
    assert took <= SECONDS, f"{took:.3f} s"
    assert grown <= MEGABYTES, f"{grown:.0f} MB"


def signed(answer: Answer = GENUINE) -> etree._Element:
    return etree.fromstring(messages.answer(answer, CUSTOMS))


def taken_apart() -> tuple[etree._Element, etree._Element]:
    """A genuine answer without its signature, and that."""
    genuine = signed()
    signature = genuine.find(f"{DSIG}Signature")
    genuine.remove(signature)
    return genuine, signature


def forged_around(signature: etree._Element) -> etree._Element:
    forged = signing.parsed(messages.answer(FORGED, STRANGER))
    forged.remove(forged.find(f"{DSIG}Signature"))
    forged.append(signature)
    return forged


def wrapped_in_the_signature() -> bytes:
    genuine, signature = taken_apart()
    etree.SubElement(signature, f"{DSIG}Object").append(genuine)
    return etree.tostring(forged_around(signature))


def wrapped_below_the_root() -> bytes:
    forged = signing.parsed(messages.answer(FORGED, STRANGER))
    forged.remove(forged.find(f"{DSIG}Signature"))
    forged.append(signed())
    return etree.tostring(forged)


def wrapped_as_a_sibling() -> bytes:
    genuine, signature = taken_apart()
    forged = forged_around(signature)
    etree.SubElement(forged, f"{{{SPACE}}}Kept").append(genuine)
    return etree.tostring(forged)


def signed_by_id(status: str) -> bytes:
    """Customs signed a part of the document, named by its id, and not the whole."""
    root = etree.Element(f"{{{SPACE}}}CustomsResponse", nsmap={None: SPACE})
    part = etree.SubElement(root, f"{{{SPACE}}}Part", Id="part")
    etree.SubElement(part, f"{{{SPACE}}}Status").text = status
    signer = XMLSigner(signature_algorithm=SignatureMethod.ECDSA_SHA256)
    document = signer.sign(
        root, key=CUSTOMS.private_key, cert=[CUSTOMS.certificate], reference_uri=["part"]
    )
    return etree.tostring(document)


def one_id_twice() -> bytes:
    document = etree.fromstring(signed_by_id("red"))
    twin = etree.SubElement(document, f"{{{SPACE}}}Part", Id="part")
    etree.SubElement(twin, f"{{{SPACE}}}Status").text = "released"
    return etree.tostring(document)


def two_signatures() -> bytes:
    document = signed()
    document.append(signed(FORGED).find(f"{DSIG}Signature"))
    return etree.tostring(document)


def transformed(algorithm: str, inner: str = "") -> bytes:
    """The signature is to cover only what a transform of the sender's choice leaves over."""
    document = signed()
    transforms = document.find(f".//{DSIG}Transforms")
    transform = etree.SubElement(transforms, f"{DSIG}Transform", Algorithm=algorithm)
    if inner:
        transform.append(etree.fromstring(inner))
    return etree.tostring(document)


def key_elsewhere() -> bytes:
    document = signed(FORGED)
    info = document.find(f".//{DSIG}KeyInfo")
    for each in list(info):
        info.remove(each)
    etree.SubElement(info, f"{DSIG}RetrievalMethod", URI="http://127.0.0.1:9/key.pem")
    document.find(f".//{DSIG}SignatureValue").text = "AAAA"
    return etree.tostring(document)


def reference_elsewhere(uri: str) -> bytes:
    document = signed()
    document.find(f".//{DSIG}Reference").set("URI", uri)
    return etree.tostring(document)


def of_a_stranger_with_both_certificates() -> bytes:
    document = etree.fromstring(messages.answer(FORGED, STRANGER))
    data = document.find(f".//{DSIG}X509Data")
    theirs = signed().find(f".//{DSIG}X509Certificate")
    data.insert(0, theirs)
    return etree.tostring(document)


def in_another_namespace() -> bytes:
    return messages.answer(GENUINE, CUSTOMS).replace(SPACE.encode(), b"http://customs.example/8")


def told_twice() -> bytes:
    answer = messages.answer(GENUINE, CUSTOMS)
    return answer.replace(b"<Status>", b"<Status>released</Status><Status>", 1)


def with_an_instruction() -> bytes:
    answer = messages.answer(GENUINE, CUSTOMS)
    return answer.replace(b"<Status>", b"<?released yes?><Status>", 1)


def many_attributes() -> bytes:
    attributes = " ".join(f'a{n}="x"' for n in range(100_000))
    return f"<CustomsResponse xmlns='{SPACE}' {attributes}/>".encode()


def many_namespaces() -> bytes:
    spaces = " ".join(f'xmlns:n{n}="urn:{n}"' for n in range(50_000))
    return f"<CustomsResponse xmlns='{SPACE}' {spaces}/>".encode()


HOSTILE: dict[str, Callable[[], bytes]] = {
    "the genuine one inside the signature": wrapped_in_the_signature,
    "the genuine one below the root": wrapped_below_the_root,
    "the genuine one beside the forged": wrapped_as_a_sibling,
    "a part signed by its id": lambda: signed_by_id("released"),
    "a second part of a signed id": one_id_twice,
    "two signatures": two_signatures,
    "a transform by XSLT": lambda: transformed("http://www.w3.org/TR/1999/REC-xslt-19991116"),
    "a transform by XPath": lambda: transformed(
        "http://www.w3.org/TR/1999/REC-xpath-19991116",
        f'<XPath xmlns="{DSIG[1:-1]}">ancestor::nothing</XPath>',
    ),
    "a key to be fetched": key_elsewhere,
    "a reference to a file": lambda: reference_elsewhere("file:///etc/passwd"),
    "a reference to an address": lambda: reference_elsewhere("http://127.0.0.1:9/answer.xml"),
    "a reference to nothing": lambda: reference_elsewhere("#nothing"),
    "a stranger's with customs' certificate first": of_a_stranger_with_both_certificates,
    "another namespace": in_another_namespace,
    "a status before the status": told_twice,
    "an instruction added": with_an_instruction,
    "a zero byte": lambda: messages.answer(GENUINE, CUSTOMS).replace(b"red", b"re\x00d"),
    "a character that XML has not": lambda: b"<a>&#xFFFE;</a>",
    "cut in the middle": lambda: messages.answer(GENUINE, CUSTOMS)[:-200],
    "Thai of code page 874 called UTF-8": lambda: (
        '<?xml version="1.0" encoding="UTF-8"?><a>ปล่อย</a>'.encode("cp874")
    ),
    "UTF-16 with its mark": lambda: messages.answer(GENUINE, CUSTOMS).decode().encode("utf-16"),
    "UTF-32": lambda: messages.answer(GENUINE, CUSTOMS).decode().encode("utf-32"),
    "UTF-7 by its name": lambda: b'<?xml version="1.0" encoding="UTF-7"?><a/>',
    "ten megabytes and a byte": lambda: b"<a>" + b"x" * signing.LARGEST_MESSAGE + b"</a>",
    "ten megabytes of text": lambda: b"<a>" + b"x" * (signing.LARGEST_MESSAGE - 7) + b"</a>",
    "ten megabytes of elements": lambda: b"<a>" + b"<b/>" * 2_600_000 + b"</a>",
    "a hundred thousand levels": lambda: b"<a>" * 100_000 + b"</a>" * 100_000,
    "as many elements as an answer may have": lambda: b"<a>" + b"<b/>" * 300_000 + b"</a>",
    "a hundred thousand attributes": many_attributes,
    "fifty thousand namespaces": many_namespaces,
    "a document type in small letters": lambda: b"<!doctype a><a/>",
    "a document type after a comment": lambda: b"<!-- --><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_document_is_refused_at_little_cost_and_opens_nothing(name: str) -> None:
    document = HOSTILE[name]()

    with watched(), pytest.raises(Unreadable):
        messages.read_answer(document, OURS)


CORPUS = sorted((Path(__file__).parent.parent / "corpus" / "xml").glob("*.xml"))


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name)
def test_the_corpus_is_refused_at_little_cost_and_opens_nothing(path: Path) -> None:
    document = path.read_bytes()

    with watched(), pytest.raises(Unreadable):
        messages.read_answer(document, OURS)


@pytest.mark.parametrize(
    "harmless",
    [
        lambda genuine: b"\xef\xbb\xbf" + genuine,
        lambda genuine: genuine.replace(b"A0010690300001", b"A00<!-- 9 -->10690300001"),
        lambda genuine: genuine.replace(b">red<", b"><!-- released -->red<"),
        lambda genuine: genuine.replace(b"<CustomsResponse ", b'<CustomsResponse xmlns:x="urn:x" '),
    ],
    ids=["a byte order mark", "a comment in a number", "a comment in a status", "a namespace more"],
)
def test_what_a_signature_does_not_cover_changes_nothing_of_what_is_read(
    harmless: Callable[[bytes], bytes],
) -> None:
    document = harmless(messages.answer(GENUINE, CUSTOMS))

    with watched():
        try:
            read = messages.read_answer(document, OURS)
        except Unreadable:
            return

    assert read == GENUINE


def test_a_certificate_that_is_not_valid_yet_vouches_for_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer = messages.answer(GENUINE, CUSTOMS)
    earlier = clock.now() - timedelta(days=366)
    monkeypatch.setattr(clock, "now", lambda: earlier)

    with pytest.raises(ExpiredCertificate):
        messages.read_answer(answer, OURS)
