"""What may be taken for an answer of customs, and what may not."""

import socket
import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from signxml.algorithms import SignatureMethod
from signxml.signer import XMLSigner

from tests.filings import changed, coming_in, going_out, into_bond, key_rings, out_of_bond
from warehouse.core import clock, ids
from warehouse.customs.gateway import (
    Answer,
    AnswerKind,
    BadSignature,
    DepositMessage,
    ExpiredCertificate,
    ForbiddenXml,
    MessageFunction,
    NotXml,
    PermitMessage,
    Reason,
    Receipt,
    UnknownShape,
    Unreadable,
    Unspeakable,
    WrongSender,
    messages,
    signing,
)

CORPUS = sorted((Path(__file__).parent.parent / "corpus" / "xml").glob("*.xml"))
REFUSALS = {"not-xml": NotXml, "forbidden": ForbiddenXml, "bad-signature": BadSignature}
OURS, CUSTOMS = key_rings()
RELEASED = Answer(
    answer_id="a-3",
    message_id=ids.new_id(),
    reference_number="WHSE000000001",
    sequence=3,
    kind=AnswerKind.RELEASED,
    at=datetime(2026, 3, 1, 3, 0, tzinfo=UTC),
    declaration_number="A0010690300001",
)


PERMITTED = replace(
    into_bond().lines[0],
    cif_value_assess=Decimal("31500.00"),
    origin_criteria="WO",
    origin_certificate="E261234567890001",
    permits=(PermitMessage(number="1", issue_date=date(2026, 1, 5), authority_id="EXCISE"),),
    duties=(
        replace(
            into_bond().lines[0].duties[0],
            deposit_amount=Decimal("100.00"),
            deposits=(DepositMessage(reason_code="D01", amount=Decimal("100.00")),),
        ),
    ),
)


@pytest.mark.parametrize(
    "message",
    [
        out_of_bond("A0010690300001", 3),
        into_bond(lines=(PERMITTED,), total_deposit=Decimal("100.00")),
        coming_in("A"),
        coming_in("C"),
        going_out("A0010690300001", 2),
        going_out("A0010690300001", 2, document_type="B"),
        going_out("A0010690300001", 2, document_type="D"),
        changed(into_bond(), "A0010690300001"),
        changed(into_bond(), "A0010690300001", MessageFunction.CANCELLATION),
    ],
    ids=lambda message: f"{message.document_type}-{message.function.name.lower()}",
)
def test_every_field_of_a_declaration_survives_the_journey(message):
    arrived = messages.read_declaration(messages.declaration(message, OURS), CUSTOMS)

    assert arrived == message


def test_what_goes_out_takes_the_export_layout():
    document = etree.fromstring(messages.declaration(going_out("A0010690300001", 2), OURS))

    names = {etree.QName(element).localname for element in document.iter()}
    assert etree.QName(document).localname == "CustomsExportDeclaration"
    assert {
        "Exporter",
        "LoadPort",
        "FOBValue",
        "ExportTariff",
        "Consignee",
        "SellerStatus",
    } <= names
    assert not {"Importer", "DischargePort", "CIFValue", "Consignor", "ArrivalDate"} & names


def test_what_follows_from_a_line_is_written_for_who_wants_to_check_it():
    document = etree.fromstring(messages.declaration(out_of_bond("A0010690300001", 3), OURS))

    detail = document.find(".//{*}Detail")
    assert detail.findtext("{*}UnitPrice/{*}Baht") == "3130.00"
    assert detail.findtext("{*}InvoiceAmount/{*}Foreign") == "300.00"
    assert detail.findtext("{*}InvoiceAmount/{*}Baht") == "9390.00"


def test_an_answer_is_read_as_it_was_said():
    rejected = replace(
        RELEASED,
        kind=AnswerKind.REJECTED,
        declaration_number=None,
        errors=(Reason("D25", "Quantity Greater Than Left In Bond", 1), Reason("C40", "Sum")),
    )

    in_part = replace(RELEASED, kind=AnswerKind.PART_RELEASED, lines=(1, 3))
    paid = replace(RELEASED, kind=AnswerKind.PAID, payment_number="0110-090005/14-06-61")

    for said in (rejected, in_part, paid):
        assert messages.read_answer(messages.answer(said, CUSTOMS), OURS) == said


WRITABLE = st.text(
    st.characters(
        codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"
    ),
    min_size=1,
    max_size=60,
).map(lambda text: unicodedata.normalize("NFC", text))


@given(WRITABLE, st.decimals(0, 10**13, places=2), st.decimals(0, 99999, places=3))
def test_whatever_can_be_written_comes_back_equal(text, baht, weight):
    line = replace(into_bond().lines[0], thai_description=text, net_weight_kg=weight)
    message = into_bond(lines=(line,), cif_value_baht=baht)

    arrived = messages.read_declaration(messages.declaration(message, OURS), CUSTOMS)

    assert arrived == message


@given(st.text(max_size=20), st.sampled_from("\x00\x01\x08\x0b\x1f\ud800\udfff\ufffe\uffff"))
def test_what_xml_cannot_hold_is_never_written(text, character):
    line = replace(into_bond().lines[0], thai_description=text + character)

    with pytest.raises(Unspeakable) as refusal:
        messages.declaration(into_bond(lines=(line,)), OURS)

    assert refusal.value.facts["field"] == "ThaiDescription"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("cif_value_baht", Decimal("0.001")),
        ("cif_value_baht", Decimal("-1")),
        ("cif_value_baht", Decimal("NaN")),
        ("cif_value_baht", Decimal(10) ** 15),
        ("total_package_amount", -1),
        ("reference_number", "SHORT"),
        ("house_bill_of_lading", ""),
        ("vessel_name", "BY\x00MAIL"),
        ("vessel_name", "BY\ud800MAIL"),
        ("vessel_name", "V" * 36),
    ],
)
def test_a_value_that_does_not_fit_its_field_is_refused_before_it_is_sent(field, value):
    message = into_bond(**{field: value})

    with pytest.raises(Unspeakable):
        messages.declaration(message, OURS)


def test_a_line_of_an_invoice_that_is_not_there_is_refused():
    message = into_bond(invoices=())

    with pytest.raises(Unspeakable):
        messages.declaration(message, OURS)


def test_rates_and_unit_prices_are_rounded_to_the_decimals_of_their_field():
    won = into_bond(exchange_rate=Decimal("0.0245678"))

    arrived = messages.read_declaration(messages.declaration(won, OURS), CUSTOMS)

    assert arrived.exchange_rate == Decimal("0.02457")


def test_days_are_gregorian_and_eight_digits():
    document = messages.declaration(into_bond(arrival_date=date(2026, 2, 5)), OURS)

    assert b"<ArrivalDate>20260205</ArrivalDate>" in document


@pytest.mark.parametrize("document", CORPUS, ids=lambda path: path.name)
def test_a_hostile_document_is_refused_for_what_it_is(document):
    expected = REFUSALS[document.suffixes[-2].removeprefix(".")]

    with pytest.raises(expected) as refusal:
        messages.read_answer(document.read_bytes(), OURS)

    assert "root:" not in f"{refusal.value} {refusal.value.__cause__}"


def test_nothing_outside_the_document_is_asked_for():
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/"
        for document in CORPUS:
            content = document.read_bytes().replace(b"http://127.0.0.1:9/", address.encode())
            with pytest.raises(Unreadable):
                messages.read_answer(content, OURS)

        with pytest.raises(BlockingIOError):
            server.accept()


def test_a_document_larger_than_any_message_is_refused():
    huge = b"<a>" + b" " * signing.LARGEST_MESSAGE + b"</a>"

    with pytest.raises(ForbiddenXml):
        messages.read_answer(huge, OURS)


def test_an_answer_signed_by_a_stranger_is_refused():
    stranger, _ = key_rings()

    with pytest.raises(WrongSender):
        messages.read_answer(messages.answer(RELEASED, stranger), OURS)


def test_a_stranger_who_shows_the_certificate_of_customs_is_refused():
    stranger, _ = key_rings()
    disguised = replace(stranger, certificate=CUSTOMS.certificate)

    with pytest.raises(BadSignature):
        messages.read_answer(messages.answer(RELEASED, disguised), OURS)


def test_our_own_message_sent_back_to_us_is_refused():
    with pytest.raises(WrongSender):
        messages.read_answer(messages.answer(RELEASED, OURS), OURS)


def test_a_secret_made_of_the_public_certificate_signs_nothing():
    certificate = CUSTOMS.certificate.public_bytes(serialization.Encoding.PEM)
    unsigned = signing.verified(messages.answer(RELEASED, CUSTOMS), OURS)
    signer = XMLSigner(signature_algorithm=SignatureMethod.HMAC_SHA256)
    forged = etree.tostring(signer.sign(unsigned, key=certificate))

    with pytest.raises(BadSignature):
        messages.read_answer(forged, OURS)


def test_a_change_of_one_letter_is_noticed():
    changed = messages.answer(RELEASED, CUSTOMS).replace(b"A0010690300001", b"A0010690300002")

    with pytest.raises(BadSignature):
        messages.read_answer(changed, OURS)


def test_a_genuine_answer_wrapped_in_a_forged_one_lends_it_nothing():
    genuine = etree.fromstring(messages.answer(RELEASED, CUSTOMS))
    signature = genuine.find("{http://www.w3.org/2000/09/xmldsig#}Signature")
    genuine.remove(signature)
    forged = etree.fromstring(etree.tostring(genuine))
    forged.find("{*}Status").text = "rejected"
    forged.append(signature)
    etree.SubElement(signature, "{http://www.w3.org/2000/09/xmldsig#}Object").append(genuine)

    with pytest.raises(BadSignature):
        messages.read_answer(etree.tostring(forged), OURS)


def test_a_signature_over_a_part_does_not_stand_for_the_whole():
    forged = etree.fromstring(messages.answer(replace(RELEASED, answer_id="forged"), CUSTOMS))
    forged.remove(forged.find("{http://www.w3.org/2000/09/xmldsig#}Signature"))
    part = etree.SubElement(forged, "part", Id="part")
    part.append(signing.verified(messages.answer(RELEASED, CUSTOMS), OURS))
    signer = XMLSigner(signature_algorithm=SignatureMethod.ECDSA_SHA256)
    document = signer.sign(
        forged, key=CUSTOMS.private_key, cert=[CUSTOMS.certificate], reference_uri="part"
    )

    with pytest.raises(BadSignature):
        messages.read_answer(etree.tostring(document), OURS)


def test_what_is_added_after_signing_is_not_read():
    answer = messages.answer(RELEASED, CUSTOMS)
    end = b"</CustomsResponse>"

    with pytest.raises(BadSignature):
        messages.read_answer(answer.replace(end, b"<Status>green</Status>" + end), OURS)


def test_a_certificate_that_has_run_out_vouches_for_nothing(monkeypatch):
    answer = messages.answer(RELEASED, CUSTOMS)
    later = clock.now() + timedelta(days=365 * 11)
    monkeypatch.setattr(clock, "now", lambda: later)

    with pytest.raises(ExpiredCertificate):
        messages.read_answer(answer, OURS)


def test_a_signed_receipt_is_no_answer():
    receipt = Receipt(ids.new_id(), accepted=True, at=RELEASED.at)

    with pytest.raises(UnknownShape):
        messages.read_answer(messages.receipt(receipt, CUSTOMS), OURS)


@pytest.mark.parametrize(
    ("genuine", "odd"),
    [
        (b"released", b"perhaps"),
        (b">3<", b">three<"),
        (str(RELEASED.message_id).encode(), b"x" * 36),
    ],
    ids=["kind", "sequence", "message"],
)
def test_a_signed_answer_that_makes_no_sense_is_refused(genuine, odd):
    unsigned = signing.verified(messages.answer(RELEASED, CUSTOMS), OURS)
    nonsense = etree.fromstring(etree.tostring(unsigned).replace(genuine, odd))

    with pytest.raises(UnknownShape):
        messages.read_answer(signing.sign(nonsense, CUSTOMS), OURS)


def test_five_hundred_spoilt_answers_are_all_refused():
    answer = messages.answer(RELEASED, CUSTOMS)
    first = answer.index(b"<AnswerId>")
    chance = Random(28)

    for _ in range(500):
        at = chance.randrange(first, answer.index(b"<ds:KeyInfo"))
        spoilt = answer[:at] + bytes([answer[at] ^ (1 << chance.randrange(8))]) + answer[at + 1 :]
        with pytest.raises(Unreadable):
            messages.read_answer(spoilt, OURS)


def test_a_pair_on_disk_signs_and_only_its_owner_may_read_the_key(tmp_path):
    signing.make_pair(tmp_path, "customs")
    customs = signing.load_keys(*(tmp_path / f"customs.{end}" for end in ("key", "crt", "crt")))

    arrived = messages.read_answer(messages.answer(RELEASED, customs), customs)

    assert arrived == RELEASED
    assert (tmp_path / "customs.key").stat().st_mode & 0o777 == 0o600


def test_a_certificate_over_an_rsa_key_serves_as_well():
    key = rsa.generate_private_key(65537, 2048)
    issued = (
        x509.CertificateBuilder()
        .subject_name(CUSTOMS.certificate.subject)
        .issuer_name(CUSTOMS.certificate.subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(CUSTOMS.certificate.not_valid_before_utc)
        .not_valid_after(CUSTOMS.certificate.not_valid_after_utc)
        .sign(key, hashes.SHA256())
    )
    customs = signing.Keys(key, issued, peer=issued)

    arrived = messages.read_answer(messages.answer(RELEASED, customs), customs)

    assert arrived == RELEASED
