"""Files of reference data: what is told of them, and that two people take them in."""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.builders import a_house
from tests.customs_builders import on
from warehouse.core.work import Actor, Work
from warehouse.masterdata import commands, queries, uploads
from warehouse.masterdata.errors import (
    NotFromTraining,
    TableNotFound,
    UploadDecided,
    UploadHasProblems,
    UploadNeedsSecondPerson,
)
from warehouse.masterdata.models import ReferenceUpload
from warehouse.masterdata.official import TABLES
from warehouse.masterdata.vocabulary import CodeList, RateType, UploadState

DOCUMENT = Path(__file__).parents[2] / "docs" / "reference-data.md"
RATES = "สกุลเงิน,Per,Import rate,Export rate,Start date,Finish date"
AREAS = (
    "รหัส,ชื่อไทย,Name,export release,export_load,Import release,Import discharge,"
    "Start date,Finish date"
)
MAY, JUNE = date(2030, 5, 31), date(2030, 6, 1)

Sheet = Sequence[Sequence[object]]


def colleague(work: Work) -> Work:
    """The same transaction, in the hands of another person."""
    return replace(work, actor=Actor(name="colleague", role="liaison"))


def a_csv(*rows: str, encoding: str = "utf-8-sig") -> bytes:
    return "\r\n".join(rows).encode(encoding)


def a_workbook(sheets: Mapping[str, Sheet]) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def taken_in(work: Work, table: str, content: bytes, since: date | None = None) -> ReferenceUpload:
    upload = uploads.preview(work, table, "file", content, since)
    assert upload.problems == []
    return uploads.take_in(colleague(work), upload.id)


def test_a_new_rate_ends_the_open_one_the_day_before(work: Work) -> None:
    taken_in(work, "exchange-rates", a_csv(RATES, "XTS,100,30,29,20300101,99999999"))

    upload = taken_in(
        work,
        "exchange-rates",
        a_csv(RATES, "XTS,100,30,29,2030-01-01,", "XTS,100,31.5,30.5,2030-06-01,"),
    )

    assert (upload.added, upload.ended, upload.same) == (1, 1, 0)
    assert (upload.state, upload.decided_by) == (UploadState.TAKEN_IN, "colleague")
    rates = [queries.exchange_rate(work.session, "XTS", day).import_rate for day in (MAY, JUNE)]
    assert rates == [Decimal(30), Decimal("31.5")]


def test_every_row_that_cannot_be_taken_is_named_in_two_languages(work: Work) -> None:
    commands.load(work, "exchange-rates")

    upload = uploads.preview(
        work,
        "exchange-rates",
        "rates.csv",
        a_csv(
            RATES,
            "XTS,1,30,29,2030-01-01,2030-06-30",
            "XTS,1,31,30,2030-06-01,2030-12-31",
            "USD,1,35,34,2026-07-01,2026-12-31",
            "EUR,1,many,38,2030-01-01,",
            "JPY,100,22,21,01/01/2573,",
            "CHF,1,40,39,2030-02-01,2030-01-31",
        ),
    )

    assert [problem["row"] for problem in upload.problems] == ["3", "4", "5", "6", "7"]
    assert [problem["column"] for problem in upload.problems[2:]] == [
        "Import rate",
        "Start date",
        "Finish date",
    ]
    assert all(problem["th"] and problem["en"] for problem in upload.problems)
    with pytest.raises(UploadHasProblems):
        uploads.take_in(colleague(work), upload.id)


def test_whoever_brought_a_file_does_not_decide_on_it(work: Work) -> None:
    content = a_csv(RATES, "XTS,1,30,29,2030-01-01,")
    upload = uploads.preview(work, "exchange-rates", "rates.csv", content)

    for decide in (uploads.take_in, uploads.refuse):
        with pytest.raises(UploadNeedsSecondPerson):
            decide(work, upload.id)

    uploads.refuse(colleague(work), upload.id)
    with pytest.raises(UploadDecided):
        uploads.take_in(colleague(work), upload.id)
    assert not queries.exchange_rates(work.session, ["XTS"], MAY)


def test_nobody_changes_reference_data_from_the_training_warehouse(work: Work) -> None:
    premises = a_house(work).premises
    premises.training = True
    trainee = replace(work, actor=replace(work.actor, premises_id=premises.id))

    with pytest.raises(NotFromTraining):
        uploads.preview(trainee, "exchange-rates", "rates.csv", a_csv(RATES))


def test_the_same_file_waits_once(work: Work) -> None:
    content = a_csv(RATES, "XTS,1,30,29,2030-01-01,")

    first = uploads.preview(work, "exchange-rates", "rates.csv", content)
    again = uploads.preview(work, "exchange-rates", "copy.csv", content)

    assert again.id == first.id
    with pytest.raises(TableNotFound):
        uploads.preview(work, "people", "rates.csv", content)


def test_what_was_right_at_the_preview_is_looked_at_again(work: Work) -> None:
    upload = uploads.preview(
        work, "exchange-rates", "a.csv", a_csv(RATES, "XTS,1,30,29,2030-01-01,2030-12-31")
    )
    taken_in(work, "exchange-rates", a_csv(RATES, "XTS,1,31,30,2030-06-01,"))

    with pytest.raises(UploadHasProblems):
        uploads.take_in(colleague(work), upload.id)


def test_a_file_may_speak_from_a_day_on(work: Work) -> None:
    commands.load(work, "tariff")
    heading = "HS8,Stat,Thai,English,Unit,Type,Value rate,Specific rate,Start date,Finish date"
    rows = (
        "8517.13.00,000,โทรศัพท์,Telephones,C62,P,7,0,20220101,20231231",
        "8517.13.00,000,โทรศัพท์,Telephones,C62,P,5,0,20240101,99999999",
    )

    upload = taken_in(work, "tariff", a_csv(heading, *rows), since=JUNE)

    assert (upload.added, upload.ended) == (1, 1)
    rates = [
        queries.tariff_line(work.session, "85171300", "000", day).value_rate_pct
        for day in (date(2022, 1, 1), MAY, JUNE)
    ]
    assert rates == [0, 0, 5]


def test_a_table_with_a_file_in_it_is_left_alone_by_the_next_release(work: Work) -> None:
    row = "USD,1,99,98,2025-01-01,2025-03-31"
    taken_in(work, "exchange-rates", a_csv(RATES, row))

    changed = commands.load_reference(work)

    assert changed > 2_000
    assert list(queries.exchange_rates(work.session, ["USD", "EUR"], date(2025, 2, 1))) == ["USD"]


def test_the_sheets_of_customs_are_joined_by_code_and_day(work: Work) -> None:
    span = ("20300101", "99999999")
    content = a_workbook(
        {
            "REFTRC": [
                ("Tariff code", "Thai", "English", "Start date", "Finish date"),
                ("01019990", "ทดสอบ", "Test", *span),
            ],
            "REFTRS": [
                ("Tariff code", "Stat", "Unit", "Start date", "Finish date"),
                (1019990, 1, "KGM", *span),
                (1019990, "002", "C62", *span),
            ],
            "REFDRT": [
                ("Tariff code", "Privilege", "Type", "Value rate", "Specific rate",
                 "Start date", "Finish date"),
                ("01019990", "000", "B", 30, 4.5, "20300101", "20300531"),
                ("01019990", "000", "P", 20, 0, "20300601", "99999999"),
                ("01019990", "ATG", "P", 0, 0, *span),
            ],
        }
    )  # fmt: skip

    taken_in(work, "tariff", content)
    taken_in(work, "preferential-rates", content)

    asked = [("01019990", "001"), ("01019990", "002")]
    before = queries.tariff_lines(work.session, asked, MAY)
    after = queries.tariff_lines(work.session, asked, JUNE)
    assert [line.rate_type for line in before.values()] == [RateType.BOTH] * 2
    assert {line.specific_rate_baht for line in before.values()} == {Decimal("4.5")}
    assert [(key, line.unit, line.value_rate_pct) for key, line in sorted(after.items())] == [
        (asked[0], "KGM", Decimal(20)),
        (asked[1], "C62", Decimal(20)),
    ]
    preferred = queries.preferential_rate(work.session, "ATG", *asked[0], JUNE)
    assert preferred is not None
    assert preferred.value_rate_pct == 0


def test_a_sheet_that_is_not_there_is_named(work: Work) -> None:
    content = a_workbook({"RFICU": [("Currency", "Start date"), ("XTS", "20300101")]})

    upload = uploads.preview(work, "exchange-rates", "rates.xlsx", content)

    assert "REFECU" in upload.problems[0]["en"]
    assert [problem["column"] for problem in upload.problems[1:]] == [
        "RFICU per_units",
        "RFICU import_rate",
    ]


@pytest.mark.parametrize("titles", ["Currency,Rate,Start date", "Currency,Rate,Rate,Start date"])
def test_which_column_is_meant_is_never_guessed(work: Work, titles: str) -> None:
    upload = uploads.preview(work, "exchange-rates", "rates.csv", a_csv(titles))

    assert "export_rate" in [problem["column"] for problem in upload.problems]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "tis-620", "utf-16"])
def test_thai_is_read_in_every_encoding_it_comes_in(work: Work, encoding: str) -> None:
    row = "9901,ที่ทำการไปรษณีย์,Post office,N,N,Y,Y,20300101,"

    taken_in(work, "area", a_csv(AREAS, row, row, encoding=encoding))

    area = queries.code(work.session, CodeList.AREA, "9901", JUNE)
    assert area is not None
    assert area.name_th == "ที่ทำการไปรษณีย์"
    assert area.facts["import_release"] == "Y"


def test_bytes_that_are_no_text_are_refused_with_a_way_out(work: Work) -> None:
    upload = uploads.preview(work, "area", "areas.csv", b"code\n\xff\xfc\x81")

    assert "CSV UTF-8" in upload.problems[0]["en"]


def test_a_formula_is_text_or_refused_and_never_reckoned(work: Work) -> None:
    formula = '=HYPERLINK("http://example.org","x")'
    book = a_workbook({"x": [AREAS.split(","), ("9901", formula, "A", *"NNYY", "20300101", "")]})

    refused = uploads.preview(work, "area", "areas.xlsx", book)
    taken_in(work, "area", a_csv(AREAS, "9901,=1+1,A,N,N,Y,Y,20300101,"))

    assert [problem["row"] for problem in refused.problems] == ["2"]
    area = queries.code(work.session, CodeList.AREA, "9901", JUNE)
    assert area is not None
    assert area.name_th == "=1+1"


def test_a_holiday_comes_in_a_file_too(work: Work) -> None:
    commands.load(work, "holidays")
    content = a_csv("Date,Thai,English", "2026-01-01,วันขึ้นปีใหม่,New Year's Day", "20300707,ก,Own")

    upload = taken_in(on(work, "2026-08-02"), "holidays", content)

    assert (upload.added, upload.same) == (1, 1)
    assert date(2030, 7, 7) in queries.holidays(work.session, JUNE, date(2030, 12, 31))


def test_the_document_names_every_column_and_its_example_can_be_taken_in(work: Work) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([a-z-]+)` (.*)$", text, re.MULTILINE))
    examples = re.findall(r"```csv ([a-z-]+)\n(.*?)```", text, re.DOTALL)

    told = {name: tuple(re.findall(r"`([a-z_]+)`", row)) for name, row in rows.items()}
    taken = [taken_in(work, name, content.encode()) for name, content in examples]

    assert told == {table.name: table.columns for table in TABLES.values()}
    assert [upload.added for upload in taken] == [1]
