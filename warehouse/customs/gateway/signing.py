"""XML signatures: who we are, whom we trust, and reading nothing that they did not sign."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod
from signxml.exceptions import InvalidCertificate, SignXMLException
from signxml.signer import XMLSigner
from signxml.verifier import SignatureConfiguration, VerifyResult, XMLVerifier

from warehouse.core import clock
from warehouse.customs.gateway import (
    BadSignature,
    ExpiredCertificate,
    ForbiddenXml,
    NotXml,
    WrongSender,
)

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

LARGEST_MESSAGE: Final = 10 * 1024 * 1024
"""Bytes of the largest answer."""
LARGEST_DECLARATION: Final = 64 * 1024 * 1024
"""Bytes; 9,999 lines with their duties take about 16 million."""
DEEPEST_MESSAGE: Final = 100
BYTES_A_TAG: Final = 32
"""A message with more tags than its largest size has room for at this rate is a bomb."""
PROFILE_LENGTH: Final = 4
"""Characters of a reference number that name the filer."""

_SIGNATURE: Final = "http://www.w3.org/2000/09/xmldsig#"
_C14N: Final = CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0
_too_deep: Final[Callable[[etree._Element], bool]] = etree.XPath(
    f"boolean({'/*' * (DEEPEST_MESSAGE + 1)})"
)


@dataclass(frozen=True, slots=True)
class Keys:
    """Our key and certificate, and the one certificate that we take for the other side's."""

    private_key: PrivateKey
    certificate: x509.Certificate
    peer: x509.Certificate


def sign(document: etree._Element, keys: Keys) -> bytes:
    """*document* with our signature enveloped in its root, as UTF-8."""
    signer = XMLSigner(
        signature_algorithm=_method_for(keys.private_key),
        digest_algorithm=DigestAlgorithm.SHA256,
        c14n_algorithm=_C14N,
    )
    signed = signer.sign(document, key=keys.private_key, cert=[keys.certificate])
    return bytes(etree.tostring(signed, encoding="UTF-8", xml_declaration=True))


def verified(raw: bytes, keys: Keys, *, largest: int = LARGEST_MESSAGE) -> etree._Element:
    """What the peer signed in *raw*, of at most *largest* bytes, and nothing else of it.

    The signature must cover the whole document with the pinned certificate's key, by ECDSA or RSA
    with SHA-256: no shared secret, no key that the document brings along, no part for the whole.

    Raises:
        NotXml: *raw* is not well-formed UTF-8 XML.
        ForbiddenXml: it holds a document type or entities, or is too large or too deep.
        BadSignature: there is no signature, or it does not match.
        WrongSender: another certificate than the pinned one signed it.
        ExpiredCertificate: the pinned certificate is not valid now.
    """
    root = parsed(raw, largest=largest)
    try:
        result = XMLVerifier().verify(
            raw, x509_cert=keys.peer, parser=_parser(), expect_config=_expected(keys.peer)
        )
    except InvalidCertificate as failure:
        raise ExpiredCertificate from failure
    except (SignXMLException, etree.LxmlError, ValueError) as failure:
        raise (WrongSender if _signed_by_another(root, keys.peer) else BadSignature) from failure
    assert isinstance(result, VerifyResult), "one reference, one result"
    reference = result.signature_xml.find(f".//{{{_SIGNATURE}}}Reference")
    if reference.get("URI") != "" or result.signed_xml is None:
        raise BadSignature
    return result.signed_xml


def parsed(raw: bytes, *, largest: int = LARGEST_MESSAGE) -> etree._Element:
    """The root of *raw*, which is not to be trusted: nothing is expanded, opened or fetched.

    Raises:
        NotXml: *raw* is not well-formed UTF-8 XML.
        ForbiddenXml: it holds a document type or entities, or is too large or too deep.
    """
    if len(raw) > largest or raw.count(b"<") > largest // BYTES_A_TAG:
        raise ForbiddenXml
    if b"<!DOCTYPE" in raw or b"<!ENTITY" in raw:
        raise ForbiddenXml
    try:
        raw.decode("utf-8")
        root = etree.fromstring(raw, parser=_parser())
    except (UnicodeDecodeError, etree.XMLSyntaxError) as failure:
        raise NotXml from failure
    if root.getroottree().docinfo.encoding not in {"UTF-8", "utf-8"}:
        raise NotXml
    if _too_deep(root):
        raise ForbiddenXml
    return root


def self_signed(name: str, *, years: int = 10) -> tuple[PrivateKey, x509.Certificate]:
    """A new P-256 key, and a certificate for it that nobody vouches for.

    It is valid from a year ago, so that earlier days can be rehearsed, for *years* from now.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = clock.now()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=365))
        .not_valid_after(now + timedelta(days=365 * years))
        .sign(key, hashes.SHA256())
    )
    return key, certificate


def make_pair(folder: Path, name: str) -> None:
    """Write a self-signed pair into *folder*: *name*.key, which only we may read, and *name*.crt.

    For rehearsals and demonstrations; what is filed in earnest is signed with a certificate from
    an authority that customs accepts.
    """
    key, certificate = self_signed(name)
    folder.mkdir(parents=True, exist_ok=True)
    key_file = folder / f"{name}.key"
    key_file.unlink(missing_ok=True)
    key_file.touch(mode=0o600)
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    (folder / f"{name}.crt").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def load_keys(key: Path, certificate: Path, peer: Path) -> Keys:
    """Our PEM *key* and *certificate*, and the PEM certificate pinned as the *peer*'s."""
    private_key = serialization.load_pem_private_key(key.read_bytes(), password=None)
    assert isinstance(private_key, PrivateKey), "customs takes ECDSA and RSA keys"
    return Keys(
        private_key=private_key,
        certificate=x509.load_pem_x509_certificate(certificate.read_bytes()),
        peer=x509.load_pem_x509_certificate(peer.read_bytes()),
    )


def load_filers(folder: Path) -> dict[str, Keys]:
    """The keys of each filer that has its own, in a folder below *folder* named as its profile.

    The profile is what its reference numbers begin with.
    """
    return {
        own.parent.name: load_keys(own.with_name("operator.key"), own, folder / "customs.crt")
        for own in folder.glob("*/operator.crt")
    }


def load_filers_for_customs(folder: Path) -> dict[str, Keys]:
    """The same from the other side: customs' own key, with each filer's certificate pinned."""
    return {
        theirs.parent.name: load_keys(folder / "customs.key", folder / "customs.crt", theirs)
        for theirs in folder.glob("*/operator.crt")
    }


def keys_of(reference_number: str, filers: Mapping[str, Keys], default: Keys) -> Keys:
    """The keys for what is filed under *reference_number*: the filer's own, or *default*."""
    return filers.get(reference_number[:PROFILE_LENGTH], default)


def _method_for(key: object) -> SignatureMethod:
    elliptic = isinstance(key, ec.EllipticCurvePrivateKey | ec.EllipticCurvePublicKey)
    return SignatureMethod.ECDSA_SHA256 if elliptic else SignatureMethod.RSA_SHA256


def _expected(peer: x509.Certificate) -> SignatureConfiguration:
    return SignatureConfiguration(
        location="./",
        expect_references=1,
        signature_methods=frozenset({_method_for(peer.public_key())}),
        digest_algorithms=frozenset({DigestAlgorithm.SHA256}),
        verification_time=clock.now(),
    )


def _parser() -> etree.XMLParser:
    """A parser that opens nothing and expands nothing; made anew, for parsers keep state."""
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=False,
        remove_pis=False,
    )


def _signed_by_another(root: etree._Element, peer: x509.Certificate) -> bool:
    """Whether the document says itself that another certificate signed it."""
    brought = root.findtext(f"{{{_SIGNATURE}}}Signature//{{{_SIGNATURE}}}X509Certificate") or ""
    pinned = peer.public_bytes(serialization.Encoding.PEM).decode().splitlines()[1:-1]
    return bool(brought.strip()) and "".join(brought.split()) != "".join(pinned)
