"""Files from partners: decoded strictly, bounded, and every damaged cell refused with its place."""

import io
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from pydantic import BaseModel, ValidationError

from warehouse.core import sheets
from warehouse.core.sheets import MisreadError
from warehouse.operations.intake import columns, fields
from warehouse.operations.intake.announcing import Goods, Heading
from warehouse.operations.intake.imports import day_of

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
THAI = "เลขพัสดุ,ผู้ส่ง\nRR1,ที่ทำน้ำปั๊ม\n"


def cells(content: bytes) -> list[tuple[sheets.Cell, ...]]:
    return [row.cells for row in sheets.read(content)]


def why(content: bytes) -> list[tuple[int, str, str]]:
    with pytest.raises(MisreadError) as refused:
        sheets.read(content)
    return [(found.row, found.column, found.code) for found in refused.value.findings]


def workbook(*rows: tuple[object, ...]) -> bytes:
    made = Workbook()
    for row in rows:
        made.active.append(row)
    return saved(made)


def saved(made: Workbook) -> bytes:
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def zipped(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp874", "utf-16"])
def test_thai_reads_the_same_in_every_encoding_that_platforms_send(encoding: str) -> None:
    read = cells(THAI.encode(encoding))

    assert read == [("เลขพัสดุ", "ผู้ส่ง"), ("RR1", "ที่ทำน้ำปั๊ม")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_the_one_between_the_titles(delimiter: str) -> None:
    read = cells(f"sku{delimiter}quantity\n00123{delimiter}2\n".encode())

    assert read == [("sku", "quantity"), ("00123", "2")]


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("sku,ผู้ส่ง\nA,ที่ทำ\n".encode()[:-3], (2, "B")),  # UTF-8 cut within a letter
        ("sku,ผู้ส่ง\nA,".encode() + "น้ำ".encode("cp874"), (2, "B")),  # two encodings in one
        ("sku,name\nA,café\n".encode("latin-1"), (2, "B")),  # a tone mark with nothing below it
        (b"\xef\xbb\xbfsku\nA\xff\n", (2, "A")),
        (b"sku,name\nA,\x81\x8d\n", (2, "B")),
    ],
)
def test_text_that_is_no_known_encoding_is_refused_at_its_place(
    content: bytes, place: tuple[int, str]
) -> None:
    found = why(content)

    assert found == [(*place, "undecodable")]


@given(st.text(alphabet="กขคงจชซดตทนบปผพมยรลวสหอฮะาิีึืุูเแโไ่้๊๋์ ", min_size=1).map(str.strip))
def test_thai_in_windows_874_is_never_read_as_something_else(text: str) -> None:
    content = f"name\nก{text}\n".encode("cp874")

    try:
        read = cells(content)
    except MisreadError:
        return

    assert read[1] == (f"ก{text}".strip(),)


def test_leading_zeros_are_kept_in_both_kinds_of_file() -> None:
    rows = [("sku", "quantity"), ("00123", "2")]

    assert cells(b"sku,quantity\n00123,2\n") == rows
    assert cells(workbook(*rows)) == rows


def test_a_spreadsheets_numbers_and_days_are_read_exactly() -> None:
    read = cells(workbook(("price", "day"), (12.1, date(2026, 8, 31)), (3, "31/08/2569")))

    assert read[1:] == [(Decimal("12.1"), date(2026, 8, 31)), (Decimal("3.0"), "31/08/2569")]


def test_days_of_a_workbook_that_counts_from_1904_are_the_same_days() -> None:
    made = Workbook()
    made.epoch = CALENDAR_MAC_1904
    made.active.append(["day"])
    made.active.append([date(2026, 8, 31)])

    assert cells(saved(made))[1] == (date(2026, 8, 31),)


def test_formulas_are_refused_each_at_its_cell() -> None:
    content = workbook(("sku", "quantity"), ("A", "=1+1"), ('=HYPERLINK("http://x")', 2))

    assert why(content) == [(2, "B", "formula"), (3, "A", "formula")]


def test_a_formula_in_a_csv_is_text_and_no_identifier() -> None:
    (_, row) = cells(b'sku\n"=HYPERLINK(""http://x"")"\n')

    assert row == ('=HYPERLINK("http://x")',)
    assert reasons(Goods, parcel_number="P1", sku=row[0], quantity="1", unit_price="1") == {
        "sku": "not-an-identifier"
    }


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file-empty"),
        (b"\n\n,,\n", "file-empty"),
        (b"a" * (sheets.MOST_BYTES + 1), "file-too-large"),
        (b"sku\n" + b"A\n" * (sheets.MOST_ROWS + 1), "too-many-rows"),
        (b"," * sheets.MOST_COLUMNS + b"x\n", "too-many-columns"),
        (b'sku\n"A\n', "not-csv"),
        (b"sku\nA\0\n", "not-csv"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old-workbook"),
        (b"PK\x03\x04nothing", "not-a-workbook"),
        (zipped(readme=b"no workbook"), "not-a-workbook"),
        (zipped(bomb=b"\0" * 2**24), "unpacks-too-large"),
    ],
)
def test_a_file_that_is_not_taken_says_why(content: bytes, code: str) -> None:
    assert [found[2] for found in why(content)] == [code]


def test_a_bomb_is_found_though_its_headers_lie_about_its_size() -> None:
    honest = zipped(**{"xl/worksheets/sheet1.xml": b"\0" * 2**24})
    lying = honest.replace((2**24).to_bytes(4, "little"), (10).to_bytes(4, "little"))

    assert lying != honest
    assert [found[2] for found in why(lying)] == ["unpacks-too-large"]


def test_two_cells_far_apart_do_not_ask_for_all_of_memory() -> None:
    made = Workbook()
    made.active["A1"], made.active["XFD1048576"] = "sku", "x"

    assert [found[2] for found in why(saved(made))] == ["too-many-columns"]


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("เลขพัสดุ", "parcel_number"),
        ("Tracking Number", "parcel_number"),
        (" SKU* ", "sku"),
        ("unit_price", "unit_price"),
        ("ราคาต่อหน่วย", "unit_price"),
        ("QTY", "quantity"),
        ("วันที่มาถึง", "arrival_date"),
        ("colour", None),
    ],
)
def test_titles_are_known_in_thai_and_in_english(title: str, field: str | None) -> None:
    assert columns.field_of(title) == field


def test_no_title_stands_for_two_fields() -> None:
    titles = [title for each in columns.TITLES.values() for title in each]

    assert len(titles) == len(set(titles))
    assert set(columns.TITLES) == set(Heading.model_fields) | set(Goods.model_fields)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-08-31", date(2026, 8, 31)),
        ("2569-08-31", date(2026, 8, 31)),
        ("31/08/2569", date(2026, 8, 31)),
        ("1-9-2026", date(2026, 9, 1)),
        (date(2026, 8, 31), date(2026, 8, 31)),
        ("31/02/2026", "31/02/2026"),
        ("31/08/69", "31/08/69"),
        ("๓๑/๐๘/๒๕๖๙", "๓๑/๐๘/๒๕๖๙"),
        ("soon", "soon"),
    ],
)
def test_a_files_days_are_read_in_both_eras_or_left_to_be_refused(
    written: sheets.Cell, meant: sheets.Cell
) -> None:
    assert day_of(written) == meant


GOOD = {"parcel_number": "RR1", "sku": "00123", "quantity": "2", "unit_price": "0"}


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("quantity", "0", "not-positive"),
        ("quantity", "-1", "not-positive"),
        ("quantity", "1000001", "too-large"),
        ("quantity", "9" * 400, "not-a-number"),
        ("quantity", "1.2345", "too-precise"),
        ("quantity", "1,250", "not-a-number"),
        ("quantity", "1e3", "not-a-number"),
        ("quantity", "๑๒๓", "not-a-number"),
        ("quantity", "NaN", "not-a-number"),
        ("quantity", 1.5, "not-a-number"),
        ("quantity", True, "not-a-number"),
        ("quantity", None, "not-a-number"),
        ("unit_price", "-0.01", "negative"),
        ("unit_price", "1.1234567", "too-precise"),
        ("sku", Decimal(123), "not-text"),
        ("sku", "๑๒๓", "not-an-identifier"),
        ("sku", "A\0B", "control-character"),
        ("sku", "=1+1", "not-an-identifier"),
        ("parcel_number", "", "required"),
        ("parcel_number", "A" * 36, "too-long"),
        ("parcel_number", "A\u202eB", "control-character"),
        ("colour", "red", "unexpected"),
    ],
)
def test_a_value_that_is_not_as_it_should_be_says_why(
    name: str, value: object, reason: str
) -> None:
    found = reasons(Goods, **{**GOOD, name: value})

    assert found == {name: reason}


def test_exact_numbers_are_taken_as_they_are() -> None:
    goods = Goods.model_validate({**GOOD, "quantity": 3, "unit_price": "12.500000"})

    assert (goods.sku, goods.quantity, goods.unit_price) == ("00123", 3, Decimal("12.5"))


def test_thai_is_kept_in_composed_form_with_its_sara_am() -> None:
    class Named(BaseModel):
        name: fields.Name

    assert Named(name="  น้ำ cafe\u0301 ").name == "น้ำ caf\u00e9"


def reasons(shape: type[BaseModel], **values: object) -> dict[str, str]:
    with pytest.raises(ValidationError) as refused:
        shape.model_validate(values)
    return {str(error["loc"][0]): _code(error["type"]) for error in refused.value.errors()}


def _code(kind: str) -> str:
    return {"extra_forbidden": "unexpected", "missing": "required"}.get(kind, kind)


@pytest.mark.parametrize("name", ["consignment.csv", "consignment-thai.csv", "consignment.xlsx"])
def test_the_examples_for_partners_can_be_read(name: str) -> None:
    titles, *rows = cells((EXAMPLES / name).read_bytes())

    assert None not in {columns.field_of(str(title)) for title in titles}
    assert [len(row) for row in rows] == [len(titles)] * 3


def test_the_example_workbook_holds_its_numbers_as_text() -> None:
    sheet = load_workbook(EXAMPLES / "consignment.xlsx").active

    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row} <= {"s", "n"}
    assert sheet["M2"].value == "BAG-1"
