"""The real adapter against customs as the simulator plays it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from http import HTTPStatus
from pathlib import Path

import httpx2
import pytest
from fastapi.testclient import TestClient

from tests.filings import (
    again,
    changed,
    coming_in,
    going_out,
    into_bond,
    key_rings,
    out_of_bond,
)
from warehouse.core import clock, ids
from warehouse.core.errors import Unavailable
from warehouse.customs.gateway import (
    Answer,
    AnswerKind,
    BadSignature,
    DeclarationMessage,
    DepositMessage,
    MessageFunction,
    NotXml,
    PermitMessage,
    Receipt,
    Unreadable,
    WrongSender,
    messages,
)
from warehouse.customs.gateway.http import HttpGateway
from warehouse.customs.gateway.signing import Keys
from warehouse.customs.gateway.simulator import Fault, FaultPlan, create_simulator

OURS, CUSTOMS = key_rings()
TOKEN = "rehearse"

Connect = Callable[..., HttpGateway]


@pytest.fixture
def connect() -> Connect:
    def connected(
        weights: dict[Fault, int] | None = None,
        *,
        pace_seconds: float = 0,
        state: Path | None = None,
        keys=OURS,
    ) -> HttpGateway:
        app = create_simulator(
            keys=CUSTOMS,
            state=state,
            plan=FaultPlan(seed=7, weights=weights or {}),
            pace_seconds=pace_seconds,
            faults_token=TOKEN,
        )
        return HttpGateway(TestClient(app), keys)

    return connected


def lodge(gateway: HttpGateway, message: DeclarationMessage) -> Receipt:
    return gateway.submit(message.message_id, gateway.compose(message))


def answers_of(gateway: HttpGateway) -> list[Answer]:
    return [messages.read_answer(raw.content, OURS) for raw in gateway.fetch_answers(None)]


def kinds_of(gateway: HttpGateway) -> list[AnswerKind]:
    return [answer.kind for answer in answers_of(gateway)]


def number_of(gateway: HttpGateway, message: DeclarationMessage) -> str:
    lodge(gateway, message)
    found = [a for a in answers_of(gateway) if a.message_id == message.message_id]
    assert found[0].declaration_number is not None
    return found[0].declaration_number


def test_goods_enter_bond_and_their_declaration_gets_a_number(connect, monkeypatch):
    bangkok = clock.datetime(2026, 1, 21, 23, 30, tzinfo=clock.UTC)
    monkeypatch.setattr(clock, "now", lambda: bangkok)
    gateway = connect()

    receipt = lodge(gateway, into_bond())

    assert receipt.accepted
    assert kinds_of(gateway) == ["numbered", "exempt", "green", "released"]
    assert {answer.declaration_number for answer in answers_of(gateway)} == {"A0220690100001"}
    assert [answer.sequence for answer in answers_of(gateway)] == [1, 2, 3, 4]


def test_goods_leave_bond_line_by_line_until_none_are_left(connect):
    gateway = connect()
    number = number_of(gateway, into_bond())

    lodge(gateway, out_of_bond(number, 6, "WHSE000000002"))
    lodge(gateway, out_of_bond(number, 5, "WHSE000000003"))
    lodge(gateway, out_of_bond(number, 4, "WHSE000000004"))

    said = {}
    for answer in answers_of(gateway):
        said.setdefault(answer.reference_number, []).append(answer)
    assert [a.kind for a in said["WHSE000000002"]] == ["numbered", "paid", "green", "released"]
    assert [a.kind for a in said["WHSE000000003"]] == ["rejected"]
    assert said["WHSE000000003"][0].errors[0].text == "Quantity Greater Than Left In Bond"
    assert said["WHSE000000003"][0].declaration_number is None
    assert [a.kind for a in said["WHSE000000004"]] == ["numbered", "paid", "green", "released"]


@pytest.mark.parametrize(
    "change",
    [
        {"reference_declaration_number": "A0010690399999"},
        {"reference_declaration_line_number": 2},
        {"tariff_code": "61091010"},
        {"statistical_code": "001"},
        {"thai_description": "เสื้อยืด"},
        {"english_description": "T-SHIRT"},
        {"quantity_unit_code": "PR"},
    ],
)
def test_what_leaves_bond_must_be_what_entered_it(connect, change):
    gateway = connect()
    number = number_of(gateway, into_bond())
    message = out_of_bond(number, 1)
    message = replace(message, lines=(replace(message.lines[0], **change),))

    receipt = lodge(gateway, message)

    assert receipt.accepted
    assert answers_of(gateway)[-1].kind == AnswerKind.REJECTED


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"cif_value_baht": Decimal("31300.01")}, "C40"),
        ({"cif_value_foreign": Decimal("1000.51")}, "C39"),
        ({"total_net_weight_kg": Decimal("4.001")}, "C33"),
        ({"total_gross_weight_kg": Decimal("3.999")}, "C35"),
        ({"total_tax": Decimal("1.00"), "payment_method": "A"}, "C48"),
        ({"payment_method": "A"}, "C47"),
        ({"importer": replace(into_bond().importer, tax_number="0994000165670")}, "C03"),
        ({"importer": replace(into_bond().importer, tax_number="๐994000165676")}, "C03"),
        ({"document_type": "7"}, "C02"),
        ({"vessel_name": "TG 600"}, "C20"),
        ({"discharge_port": "1190"}, "C27"),
        ({"lines": (replace(into_bond().lines[0], tariff_code="4202220"),)}, "D04"),
        ({"lines": (replace(into_bond().lines[0], in_bond=False),)}, "D45"),
        ({"lines": (replace(into_bond().lines[0], item_number=2),)}, "D01"),
        ({"lines": (replace(into_bond().lines[0], quantity=Decimal("0.000")),)}, "D25"),
        ({"lines": (replace(into_bond().lines[0], import_tax_incentives_id=""),)}, "D59"),
    ],
)
def test_a_declaration_at_odds_with_the_manual_is_refused_with_the_reason(connect, change, code):
    gateway = connect()

    receipt = lodge(gateway, into_bond(**change))

    assert not receipt.accepted
    assert [reason.code for reason in receipt.reasons] == [code]
    assert gateway.fetch_answers(None) == []


def test_several_lines_may_miss_the_control_value_by_twenty_baht(connect):
    line = into_bond().lines[0]
    halves = tuple(
        replace(
            line,
            item_number=item,
            net_weight_kg=Decimal("2.000"),
            cif_value_foreign=Decimal("500.00"),
            cif_value_baht=baht,
        )
        for item, baht in ((1, Decimal("15650.00")), (2, Decimal("15640.00")))
    )

    receipt = lodge(connect(), into_bond(lines=halves))
    beyond = lodge(connect(), into_bond(lines=halves, cif_value_baht=Decimal("31310.01")))

    assert receipt.accepted
    assert [reason.code for reason in beyond.reasons] == ["C40"]


def test_the_total_of_each_tax_is_cut_to_whole_baht(connect):
    gateway = connect()
    number = number_of(gateway, into_bond())
    message = out_of_bond(number, 3)

    refused = lodge(gateway, again(replace(message, total_tax=Decimal("2666.76"))))
    taken = lodge(gateway, message)

    assert [reason.code for reason in refused.reasons] == ["C48"]
    assert taken.accepted
    assert message.total_tax == Decimal(2666)


def test_the_same_message_again_hears_the_same_and_gets_no_second_number(connect):
    gateway = connect()
    message = into_bond()

    receipts = [lodge(gateway, message) for _ in range(3)]

    assert len(set(receipts)) == 1
    assert kinds_of(gateway).count(AnswerKind.NUMBERED) == 1


def test_other_words_under_a_used_message_id_are_refused(connect):
    gateway = connect()
    message = into_bond()
    lodge(gateway, message)

    receipt = lodge(gateway, replace(message, house_bill_of_lading="EE123456794CN"))

    assert [reason.code for reason in receipt.reasons] == ["H01"]
    assert gateway.query(message.message_id).accepted


def test_a_reference_that_has_a_number_takes_no_second_declaration(connect):
    gateway = connect()
    message = into_bond()
    lodge(gateway, message)

    receipt = lodge(gateway, again(message))

    assert [reason.code for reason in receipt.reasons] == ["C01"]


def test_what_was_refused_may_be_filed_again_under_a_new_message_id(connect):
    gateway = connect()
    wrong = into_bond(total_gross_weight_kg=Decimal("1.000"))

    refused = lodge(gateway, wrong)
    taken = lodge(gateway, again(replace(wrong, total_gross_weight_kg=Decimal("4.500"))))

    assert (refused.accepted, taken.accepted) == (False, True)


def test_numbers_are_never_issued_twice(connect):
    gateway = connect()

    numbers = {number_of(gateway, into_bond(f"WHSE{n:09}")) for n in range(1, 21)}

    assert len(numbers) == 20


def test_customs_knows_nothing_of_what_was_never_sent(connect):
    assert connect().query(ids.new_id()) is None


def test_answers_come_one_by_one_as_time_passes(connect, monkeypatch):
    start = clock.now()
    gateway = connect(pace_seconds=60)
    lodge(gateway, into_bond())

    heard = []
    for minutes in range(6):
        passed = start + timedelta(minutes=minutes, seconds=5)
        monkeypatch.setattr(clock, "now", lambda at=passed: at)
        heard.append(len(gateway.fetch_answers(None)))

    assert heard == [0, 1, 2, 3, 4, 4]


def test_letters_are_read_page_by_page_from_where_one_stopped(connect):
    gateway = connect()
    for n in range(1, 31):
        lodge(gateway, into_bond(f"WHSE{n:09}"))

    first = gateway.fetch_answers(None)
    second = gateway.fetch_answers(first[-1].transport_id)

    assert (len(first), len(second)) == (100, 20)
    assert len({letter.transport_id for letter in first + second}) == 120
    assert gateway.fetch_answers(second[-1].transport_id) == []


def test_customs_remembers_through_a_crash_in_the_middle_of_a_line(connect, tmp_path):
    journal = tmp_path / "customs.jsonl"
    before = connect(state=journal)
    message = into_bond()
    number = number_of(before, message)
    lodge(before, out_of_bond(number, 6))
    letters = before.fetch_answers(None)
    with journal.open("ab") as torn:
        torn.write(b'{"filed": "<?xml ver')

    after = connect(state=journal)

    assert after.fetch_answers(None) == letters
    assert after.query(message.message_id).accepted
    lodge(after, out_of_bond(number, 5, "WHSE000000003"))
    assert answers_of(after)[-1].kind == AnswerKind.REJECTED
    assert number_of(after, into_bond("WHSE000000004")) not in {number, ""}
    assert len(connect(state=journal).fetch_answers(None)) == len(after.fetch_answers(None))


def test_customs_takes_nothing_from_a_stranger(connect):
    stranger, _ = key_rings()
    gateway = connect(keys=replace(stranger, peer=CUSTOMS.certificate))
    message = into_bond()

    receipt = lodge(gateway, message)

    assert [reason.code for reason in receipt.reasons] == [WrongSender.code]
    assert gateway.query(message.message_id) is None


@pytest.mark.parametrize("fault", [Fault.BUSY, Fault.REQUEST_LOST])
def test_a_request_that_never_came_may_be_sent_again(connect, fault):
    gateway = connect({fault: 1})
    message = into_bond()

    with pytest.raises(Unavailable):
        lodge(gateway, message)
    end_faults(gateway)

    assert gateway.query(message.message_id) is None
    assert lodge(gateway, message).accepted


def test_an_answer_that_is_lost_leaves_one_declaration_behind(connect):
    gateway = connect({Fault.ANSWER_LOST: 1})
    message = into_bond()

    with pytest.raises(Unavailable):
        lodge(gateway, message)
    end_faults(gateway)

    assert gateway.query(message.message_id).accepted
    assert lodge(gateway, message).accepted
    assert kinds_of(gateway).count(AnswerKind.NUMBERED) == 1


def test_a_third_of_the_answers_lost_doubles_nothing(connect):
    gateway = connect({Fault.ANSWER_LOST: 3, Fault.NONE: 7})
    filed = [into_bond(f"WHSE{n:09}") for n in range(1, 41)]

    for message in filed:
        for _ in range(20):
            try:
                lodge(gateway, message)
                break
            except Unavailable:
                continue
    end_faults(gateway)

    letters = gateway.fetch_answers(None) + gateway.fetch_answers("100")
    numbered = [
        answer.declaration_number
        for answer in (messages.read_answer(letter.content, OURS) for letter in letters)
        if answer.kind == AnswerKind.NUMBERED
    ]
    assert len(numbered) == len(set(numbered)) == len(filed)


def test_a_delay_is_waited_for(connect):
    gateway = connect()
    order_faults(gateway, weights={"delayed": 1}, delay_seconds=0.3)
    began = clock.now()

    receipt = lodge(gateway, into_bond())

    assert receipt.accepted
    assert clock.now() - began >= timedelta(seconds=0.3)


def test_a_refusal_by_plan_is_a_receipt_that_stays(connect):
    gateway = connect({Fault.REFUSED: 1})
    message = into_bond()

    receipt = lodge(gateway, message)
    end_faults(gateway)

    assert [reason.code for reason in receipt.reasons] == ["SIM"]
    assert lodge(gateway, message) == receipt == gateway.query(message.message_id)


def test_an_inspected_consignment_meets_the_red_line(connect):
    gateway = connect({Fault.INSPECTED: 1})

    lodge(gateway, into_bond())

    assert kinds_of(gateway) == ["numbered", "exempt", "red", "examined", "released"]


def test_copies_of_an_answer_share_its_id(connect):
    gateway = connect({Fault.DUPLICATED: 1})

    lodge(gateway, into_bond())

    letters = gateway.fetch_answers(None)
    assert len({letter.transport_id for letter in letters}) == len(letters)
    assert 8 <= len(letters) <= 20
    assert len({answer.answer_id for answer in answers_of(gateway)}) == 4


def test_reordered_answers_all_arrive_and_say_their_place(connect):
    gateway = connect({Fault.REORDERED: 1, Fault.NONE: 1})
    lodge(gateway, into_bond())

    for _ in range(3):
        sequences = [answer.sequence for answer in answers_of(gateway)]

    assert sorted(sequences) == [1, 2, 3, 4]
    assert sequences != [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("fault", "refusals"),
    [
        (Fault.CORRUPTED, (BadSignature, NotXml)),
        (Fault.WRONG_CHARSET, (NotXml,)),
        (Fault.WRONG_SIGNATURE, (WrongSender,)),
    ],
)
def test_a_spoilt_letter_is_refused_and_the_good_one_follows(connect, fault, refusals):
    gateway = connect({fault: 1})
    lodge(gateway, into_bond())

    letters = [letter.content for letter in gateway.fetch_answers(None)]

    for spoilt in letters[::2]:
        with pytest.raises(refusals):
            messages.read_answer(spoilt, OURS)
    assert [messages.read_answer(good, OURS).sequence for good in letters[1::2]] == [1, 2, 3, 4]


def test_an_answer_for_nobodys_reference_is_genuine_and_names_a_message_we_never_sent(connect):
    gateway = connect({Fault.WRONG_REFERENCE: 1})
    message = into_bond()
    lodge(gateway, message)

    strays = answers_of(gateway)[::2]

    assert {answer.reference_number for answer in strays} == {"9" * 13}
    assert message.message_id not in {answer.message_id for answer in strays}


def test_an_outage_ends_by_itself_and_loses_nothing(connect, monkeypatch):
    gateway = connect()
    message = into_bond()
    lodge(gateway, message)
    order_faults(gateway, outage_seconds=3600)
    with pytest.raises(Unavailable):
        gateway.fetch_answers(None)
    with pytest.raises(Unavailable):
        gateway.query(message.message_id)

    later = clock.now() + timedelta(hours=1, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)

    assert kinds_of(gateway) == ["numbered", "exempt", "green", "released"]


def test_the_same_seed_gives_the_same_bad_day(connect):
    days = []
    for _ in range(2):
        gateway = connect({Fault.BUSY: 1, Fault.ANSWER_LOST: 1, Fault.NONE: 2})
        days.append([outcome(gateway, n) for n in range(20)])

    assert days[0] == days[1]
    assert {"accepted", "unavailable"} == set(days[0])


def test_only_who_knows_the_token_orders_faults(connect):
    gateway = connect()
    silent = TestClient(create_simulator(keys=CUSTOMS))
    order = {"weights": {"busy": 1}}

    unknown = gateway.client.post("/faults", json=order)
    wrong = gateway.client.post(
        "/faults", json=order, headers={"Authorization": "Bearer รหัส".encode()}
    )
    closed = silent.post("/faults", json=order, headers={"Authorization": "Bearer None"})

    assert {unknown.status_code, wrong.status_code, closed.status_code} == {HTTPStatus.FORBIDDEN}
    assert lodge(gateway, into_bond()).accepted


def test_the_page_shows_what_came_and_escapes_it(connect):
    gateway = connect()
    importer = replace(into_bond().importer, name="<script>alert(1)</script>")
    lodge(gateway, into_bond(importer=importer))

    page = gateway.client.get("/").text
    listed = gateway.client.get("/filings").json()

    assert "&lt;script&gt;" in page
    assert "<script>" not in page
    assert listed[0]["said"] == ["numbered", "exempt", "green", "released"]


@pytest.mark.parametrize("status", [400, 403, 404, 413, 422])
def test_a_client_error_in_any_words_is_a_refusal(status):
    receipt = lodge(answering(status, b"<html>no</html>"), into_bond())

    assert not receipt.accepted
    assert receipt.reasons[0].code == f"HTTP-{status}"


@pytest.mark.parametrize("status", [200, 302, 408, 429, 500, 502, 503, 504])
def test_whatever_is_no_answer_of_customs_leaves_the_outcome_unknown(status):
    with pytest.raises(Unavailable):
        lodge(answering(status, b"<html>hm</html>"), into_bond())


def test_a_receipt_for_another_message_is_no_answer_to_this_one():
    stray = messages.receipt(messages.Receipt(ids.new_id(), True, clock.now()), CUSTOMS)

    with pytest.raises(Unavailable):
        lodge(answering(200, stray), into_bond())


@pytest.mark.parametrize("content", [b"", b"{}", b'[{"id": 1}]', b'[{"id": "1", "content": "%"}]'])
def test_a_mailbox_that_talks_nonsense_is_unavailable(content):
    with pytest.raises(Unavailable):
        answering(200, content).fetch_answers(None)


def test_a_broken_line_is_unavailable():
    def broken(request):
        raise httpx2.ConnectError("refused", request=request)

    gateway = HttpGateway(
        httpx2.Client(transport=httpx2.MockTransport(broken), base_url="http://customs"), OURS
    )

    with pytest.raises(Unavailable):
        lodge(gateway, into_bond())


def answering(status: int, content: bytes) -> HttpGateway:
    transport = httpx2.MockTransport(lambda _: httpx2.Response(status, content=content))
    return HttpGateway(httpx2.Client(transport=transport, base_url="http://customs"), OURS)


def order_faults(gateway: HttpGateway, **order: object) -> None:
    answer = gateway.client.post(
        "/faults", json=order, headers={"Authorization": f"Bearer {TOKEN}"}
    )
    assert answer.status_code == HTTPStatus.NO_CONTENT


def end_faults(gateway: HttpGateway) -> None:
    order_faults(gateway)


def outcome(gateway: HttpGateway, n: int) -> str:
    try:
        receipt = lodge(gateway, into_bond(f"WHSE{n:09}"))
    except (Unavailable, Unreadable):
        return "unavailable"
    return "accepted" if receipt.accepted else "refused"


# ── Every kind, changes, and what customs says beyond yes and no ─────────────────────────────────


@pytest.mark.parametrize("document_type", ["A", "C"])
def test_goods_come_in_from_other_places_and_leave_again(connect, document_type):
    gateway = connect()
    number = number_of(gateway, coming_in(document_type))

    receipt = lodge(gateway, out_of_bond(number, 4))

    assert receipt.accepted
    assert kinds_of(gateway)[-4:] == ["numbered", "paid", "green", "released"]


@pytest.mark.parametrize(
    ("document_type", "last"), [("1", "exit-confirmed"), ("B", "released"), ("D", "exit-confirmed")]
)
def test_goods_leave_for_abroad_and_for_other_places(connect, document_type, last):
    gateway = connect()
    number = number_of(gateway, into_bond())

    receipt = lodge(gateway, going_out(number, 6, document_type=document_type))
    too_much = going_out(number, 5, "WHSE000000009", document_type)
    lodge(gateway, too_much)

    assert receipt.accepted
    said = [answer for answer in answers_of(gateway) if answer.message_id != too_much.message_id]
    assert said[-1].kind == last
    assert answers_of(gateway)[-1].kind == AnswerKind.REJECTED


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (going_out("A0010690300001", 1, house_bill_of_lading="EE123456785TH"), "C23"),
        (going_out("A0010690300001", 1, document_type="B", destination_country_code="LA"), "C29"),
        (going_out("A0010690300001", 1, export_tax_incentives_id=""), "C62"),
        (going_out("A0010690300001", 1, departure_date=date(2100, 1, 1)), "C21"),
        (coming_in("A", departure_date=None), "C53"),
        (coming_in("C", invoices=into_bond().invoices), "I15"),
        (into_bond(invoices=(replace(into_bond().invoices[0], total_amount=Decimal(1)),)), "I18"),
        (into_bond(total_deposit=Decimal(100), guarantee_method="A", guarantee_type="C"), "C49"),
        (into_bond(guarantee_type="E"), "C57"),
    ],
)
def test_each_kind_is_held_against_its_own_rules(connect, message, code):
    receipt = lodge(connect(), message)

    assert not receipt.accepted
    assert [reason.code for reason in receipt.reasons] == [code]


def test_a_deposit_is_guaranteed_and_its_permit_is_read(connect):
    gateway = connect()

    receipt = lodge(gateway, with_deposit_and_permit())

    assert receipt.accepted
    settled = answers_of(gateway)[1]
    assert settled.kind == AnswerKind.GUARANTEED
    assert settled.payment_number is not None
    assert settled.payment_number.startswith("8110-000001/")


def test_an_amended_declaration_is_what_leaves_bond_afterwards(connect):
    gateway = connect()
    message = into_bond()
    number = number_of(gateway, message)
    line = replace(message.lines[0], english_description="LEATHER HANDBAG")
    amended = changed(message, number, lines=(line,))

    taken = lodge(gateway, amended)
    as_it_was = lodge(gateway, out_of_bond(number, 1))
    as_it_is = lodge(
        gateway,
        out_of_bond(
            number,
            1,
            "WHSE000000005",
            {
                "english_description": "LEATHER HANDBAG",
            },
        ),
    )

    by_message = {answer.message_id: answer for answer in answers_of(gateway)}
    assert taken.accepted
    assert by_message[amended.message_id].kind == AnswerKind.AMENDED
    assert as_it_was.accepted
    assert as_it_is.accepted
    assert [a.kind for a in answers_of(gateway)][5:] == [
        "rejected", "numbered", "paid", "green", "released",
    ]  # fmt: skip


def test_an_amendment_below_what_has_left_bond_is_refused(connect):
    gateway = connect()
    message = into_bond()
    number = number_of(gateway, message)
    number_of(gateway, out_of_bond(number, 6))
    line = replace(message.lines[0], quantity=Decimal(5))

    lodge(gateway, changed(message, number, lines=(line,)))

    last = answers_of(gateway)[-1]
    assert last.kind == AnswerKind.AMENDMENT_REFUSED
    assert [error.code for error in last.errors] == ["D25"]


def test_a_declaration_is_cancelled_before_payment_only_and_then_says_no_more(connect, monkeypatch):
    start = clock.now()
    gateway = connect(pace_seconds=60)
    early, late = into_bond(), into_bond("WHSE000000002")
    for message in (early, late):
        lodge(gateway, message)
    at(monkeypatch, start + timedelta(seconds=70))
    lodge(gateway, changed(early, "A0" + number_day(start) + "00001", MessageFunction.CANCELLATION))
    at(monkeypatch, start + timedelta(seconds=130))
    lodge(gateway, changed(late, "A0" + number_day(start) + "00002", MessageFunction.CANCELLATION))
    at(monkeypatch, start + timedelta(minutes=10))

    said = {}
    for answer in answers_of(gateway):
        said.setdefault(answer.reference_number, []).append(answer.kind)

    assert said[early.reference_number] == ["numbered", "cancelled"]
    assert said[late.reference_number] == [
        "numbered", "exempt", "green", "cancellation-refused", "released",
    ]  # fmt: skip


def test_a_number_given_by_hand_is_kept_when_the_declaration_comes(connect):
    gateway = connect()

    number = number_of(gateway, into_bond(declaration_number="81100690300001"))
    receipt = lodge(gateway, out_of_bond(number, 1))

    assert number == "81100690300001"
    assert receipt.accepted
    assert answers_of(gateway)[-1].kind == AnswerKind.RELEASED


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault.UNMATCHED,
         ["accepted-without-number", "numbered", "exempt", "green", "released"]),
        (Fault.IN_PARTS, ["numbered", "exempt", "green", "part-released", "released"]),
        (Fault.STOPPED, ["numbered", "exempt", "green", "part-released", "stopped"]),
    ],
)  # fmt: skip
def test_a_consignment_may_fare_otherwise(connect, fault, said):
    gateway = connect({fault: 1})
    halves = two_lines()

    lodge(gateway, halves)

    heard = answers_of(gateway)
    assert [answer.kind for answer in heard] == said
    assert [answer.lines for answer in heard if answer.lines] == [
        (1,) for kind in said if kind == "part-released"
    ]


def test_each_filer_signs_with_its_own_certificate():
    ours, theirs = filers()
    app = create_simulator(keys=CUSTOMS, filers=theirs)
    own = HttpGateway(TestClient(app), OURS, ours)
    default_only = HttpGateway(TestClient(app), OURS)

    as_itself = lodge(own, into_bond("BKK1000000001"))
    as_another = lodge(default_only, into_bond("BKK1000000002"))
    without_own = lodge(own, into_bond("WHSE000000003"))

    assert (as_itself.accepted, without_own.accepted) == (True, True)
    assert [reason.code for reason in as_another.reasons] == [WrongSender.code]


def filers() -> tuple[dict[str, Keys], dict[str, Keys]]:
    """The rings of both sides when filer BKK1 has a certificate of its own."""
    stranger, _ = key_rings()
    return (
        {"BKK1": replace(stranger, peer=CUSTOMS.certificate)},
        {"BKK1": replace(CUSTOMS, peer=stranger.certificate)},
    )


def two_lines() -> DeclarationMessage:
    line = into_bond().lines[0]
    halves = tuple(
        replace(
            line,
            item_number=item,
            net_weight_kg=Decimal("2.000"),
            cif_value_foreign=Decimal("500.00"),
            cif_value_baht=Decimal("15650.00"),
        )
        for item in (1, 2)
    )
    return into_bond(lines=halves)


def with_deposit_and_permit() -> DeclarationMessage:
    """The tariff is in dispute: what it might cost more is left as a deposit."""
    line = into_bond().lines[0]
    duty = replace(
        line.duties[0],
        exemption_rate=Decimal(0),
        deposit_amount=Decimal("6260.00"),
        deposits=(DepositMessage(reason_code="D02", amount=Decimal("6260.00")),),
    )
    permit = PermitMessage(
        number="FDA-1", issue_date=date(2026, 1, 5), authority_id="0994000165676"
    )
    return into_bond(
        lines=(replace(line, duties=(duty, line.duties[1]), permits=(permit,)),),
        total_deposit=Decimal("6260.00"),
        guarantee_method="A",
        guarantee_type="C",
    )


def number_day(start: datetime) -> str:
    """Day, type, Buddhist year and month of an entry numbered a minute after *start*."""
    day = clock.local_date(start + timedelta(seconds=60))
    return f"{day.day:02}0{(day.year + 543) % 100:02}{day.month:02}"


def at(monkeypatch: pytest.MonkeyPatch, instant: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: instant)
