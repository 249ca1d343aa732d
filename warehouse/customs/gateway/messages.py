"""Messages to and from customs as signed XML.

Element names follow published samples of the import and export declaration 4.00 and the response
8.00; no official schema is available, so this adapter is **not certified**.  What it carries are
the manuals' fields, and everything above it knows those alone.
"""

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from lxml import etree

from warehouse.core import clock
from warehouse.customs.gateway import (
    Answer,
    AnswerKind,
    AuthorisedPerson,
    Company,
    DeclarationMessage,
    DepositMessage,
    DutyMessage,
    InvoiceMessage,
    LineMessage,
    MessageFunction,
    PermitMessage,
    Reason,
    Receipt,
    TradingPartner,
    UnknownShape,
    Unspeakable,
    layout,
)
from warehouse.customs.gateway.fields import child, children, find, read, write
from warehouse.customs.gateway.layout import Layout
from warehouse.customs.gateway.signing import LARGEST_DECLARATION, Keys, parsed, sign, verified

_Vocabulary = TypeVar("_Vocabulary", UUID, AnswerKind, MessageFunction)


def declaration(message: DeclarationMessage, keys: Keys) -> bytes:
    """*message*, signed, stamped with this instant.

    Raises:
        Unspeakable: a value does not fit its field, or a line names an invoice that is not there.
    """
    _check_invoices(message)
    laid_out = layout.of(message.document_type)
    root = etree.Element(
        f"{{{laid_out.namespace}}}{laid_out.root}", nsmap={None: laid_out.namespace}
    )
    write(child(root, "MessageHeader"), layout.HEADER, message)
    control = child(root, "DocumentControl")
    write(control, laid_out.control, message)
    write(control, laid_out.trader, message.importer)
    write(control, layout.PERSON, message.authorised_person)
    if message.owner is not None:
        write(control, layout.OWNER, message.owner)
    for weight in ("TotalNetWeight", "TotalGrossWeight"):
        child(control, f"{weight}/UnitCode").text = layout.KGM
    sent = clock.now().astimezone(clock.BANGKOK)
    child(control, "DateTransmit").text = f"{sent:%Y%m%d}"
    child(control, "TimeTransmit").text = f"{sent:%H%M%S}"
    shipment = child(root, "GoodsShipment")
    for invoice in message.invoices:
        _write_invoice(child(shipment, "Invoice"), laid_out, invoice, message.lines)
    return sign(root, keys)


def receipt(said: Receipt, keys: Keys) -> bytes:
    """What customs says on the spot, signed."""
    root = etree.Element(layout.RECEIPT_ROOT, nsmap={None: layout.RESPONSE})
    write(root, layout.RECEIPT, said)
    for reason in said.reasons:
        write(child(root, "Error"), layout.REASON, reason)
    return sign(root, keys)


def answer(said: Answer, keys: Keys) -> bytes:
    """What customs says later, signed."""
    root = etree.Element(layout.ANSWER_ROOT, nsmap={None: layout.RESPONSE})
    write(root, layout.ANSWER, said)
    for item_number in said.lines:
        child(child(root, "ReleasedLine"), "ItemNumber").text = str(item_number)
    for reason in said.errors:
        write(child(root, "Error"), layout.REASON, reason)
    return sign(root, keys)


def read_declaration(raw: bytes, keys: Keys) -> DeclarationMessage:
    """The declaration in *raw*: the other side's way of `declaration`.

    Raises:
        Unreadable: as `read_answer`.
    """
    return declared(verified(raw, keys, largest=LARGEST_DECLARATION))


def kept(raw: bytes) -> DeclarationMessage:
    """The declaration in *raw*, which was ours, or verified, when it was kept.

    Raises:
        Unreadable: it is none.
    """
    return declared(parsed(raw, largest=LARGEST_DECLARATION))


def declared(root: etree._Element) -> DeclarationMessage:
    """The declaration that *root* holds, for who trusts it already.

    Raises:
        UnknownShape: it is none.
    """
    laid_out = layout.LAYOUTS.get(str(root.tag))
    if laid_out is None:
        raise UnknownShape(field=layout.IMPORT.root)
    control = _required(root, "DocumentControl")
    header = dict(_with_id(read(_required(root, "MessageHeader"), layout.HEADER)))
    header["function"] = _member(MessageFunction, header["function"], "Function")
    invoices = list(children(root, "GoodsShipment/Invoice"))
    owner = find(control, "TradingPartner") is not None
    return DeclarationMessage(
        **header,
        **read(control, laid_out.control),
        importer=Company(**read(control, laid_out.trader)),
        authorised_person=AuthorisedPerson(**read(control, layout.PERSON)),
        owner=TradingPartner(**read(control, layout.OWNER)) if owner else None,
        invoices=tuple(InvoiceMessage(**read(each, laid_out.invoice)) for each in invoices),
        lines=tuple(
            sorted(
                (line for invoice in invoices for line in _lines(invoice, laid_out)),
                key=lambda line: line.item_number,
            )
        ),
    )


def read_receipt(raw: bytes, keys: Keys) -> Receipt:
    """The receipt in *raw*.

    Raises:
        Unreadable: as `read_answer`.
    """
    root = _signed(raw, keys, layout.RECEIPT_ROOT)
    return Receipt(**_with_id(read(root, layout.RECEIPT)), reasons=_reasons(root))


def read_answer(raw: bytes, keys: Keys) -> Answer:
    """The answer in *raw*, of which only what customs signed is read.

    Raises:
        NotXml: *raw* is not well-formed UTF-8 XML.
        ForbiddenXml: it holds a document type or entities, or is too large or too deep.
        BadSignature: it is not signed, or was changed afterwards.
        WrongSender: somebody else signed it.
        ExpiredCertificate: customs' certificate is not valid now.
        UnknownShape: customs signed it, and it is no answer that we know.
    """
    root = _signed(raw, keys, layout.ANSWER_ROOT)
    values = dict(_with_id(read(root, layout.ANSWER)))
    values["kind"] = _member(AnswerKind, values["kind"], "Status")
    released = children(root, "ReleasedLine")
    lines = tuple(read(each, layout.RELEASED_LINE)["item_number"] for each in released)
    return Answer(**values, lines=lines, errors=_reasons(root))


def _check_invoices(message: DeclarationMessage) -> None:
    known = {invoice.invoice_number for invoice in message.invoices}
    for line in message.lines:
        if line.invoice_number not in known:
            raise Unspeakable(field="InvoiceNumber", value=line.invoice_number)


def _write_invoice(
    element: etree._Element,
    laid_out: Layout,
    invoice: InvoiceMessage,
    lines: tuple[LineMessage, ...],
) -> None:
    write(element, laid_out.invoice, invoice)
    for line in lines:
        if line.invoice_number == invoice.invoice_number:
            _write_line(child(element, "Detail"), laid_out, line)


def _write_line(detail: etree._Element, laid_out: Layout, line: LineMessage) -> None:
    write(detail, laid_out.line, line)
    write(detail, laid_out.derived, line)
    child(detail, "NetWeight/UnitCode").text = layout.KGM
    for duty in line.duties:
        owed = child(detail, "Duty")
        write(owed, layout.DUTY, duty)
        for deposit in duty.deposits:
            write(child(owed, "Deposit"), layout.DEPOSIT, deposit)
    for permit in line.permits:
        write(child(detail, "Permit"), layout.PERMIT, permit)


def _lines(invoice: etree._Element, laid_out: Layout) -> list[LineMessage]:
    number = read(invoice, laid_out.invoice)["invoice_number"]
    return [
        LineMessage(
            **read(detail, laid_out.line),
            invoice_number=number,
            duties=tuple(_duty(duty) for duty in children(detail, "Duty")),
            permits=tuple(
                PermitMessage(**read(permit, layout.PERMIT))
                for permit in children(detail, "Permit")
            ),
        )
        for detail in children(invoice, "Detail")
    ]


def _duty(duty: etree._Element) -> DutyMessage:
    deposits = children(duty, "Deposit")
    return DutyMessage(
        **read(duty, layout.DUTY),
        deposits=tuple(DepositMessage(**read(each, layout.DEPOSIT)) for each in deposits),
    )


def _reasons(root: etree._Element) -> tuple[Reason, ...]:
    return tuple(Reason(**read(error, layout.REASON)) for error in children(root, "Error"))


def _signed(raw: bytes, keys: Keys, root_name: str) -> etree._Element:
    root = verified(raw, keys)
    if root.tag != root_name:
        raise UnknownShape(field=etree.QName(root_name).localname)
    return root


def _required(root: etree._Element, name: str) -> etree._Element:
    element = find(root, name)
    if element is None:
        raise UnknownShape(field=name)
    return element


def _with_id(values: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**values, "message_id": _member(UUID, values["message_id"], "MessageId")}


def _member(kind: type[_Vocabulary], text: str, field: str) -> _Vocabulary:
    try:
        return kind(text)
    except ValueError as failure:
        raise UnknownShape(field=field) from failure
