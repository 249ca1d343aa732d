"""Sentences, days and numbers for readers of Thai and of English."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from warehouse.core import i18n


def test_a_sentence_is_read_from_the_catalogue_and_filled_with_facts() -> None:
    sentence = "A PIN has at least {digits} digits."

    assert i18n.translate(sentence, "th", digits=6) == "รหัสลับต้องเป็นตัวเลขอย่างน้อย 6 หลัก"
    assert i18n.translate(sentence, "en", digits=6) == "A PIN has at least 6 digits."


@pytest.mark.parametrize(
    ("fact", "thai", "english"),
    [
        (date(2026, 1, 2), "2 มกราคม 2569", "2 January 2026"),
        (date(2024, 2, 29), "29 กุมภาพันธ์ 2567", "29 February 2024"),
        (datetime(2025, 12, 31, 17, 0, tzinfo=UTC), "1 มกราคม 2569 00:00", "1 January 2026 00:00"),
        (Decimal("1250.500"), "1,250.5", "1,250.5"),
        (Decimal("1000"), "1,000", "1,000"),
        ("Supervisor", "หัวหน้างาน", "Supervisor"),
        (["Supervisor", "Administrator"], "หัวหน้างาน, ผู้ดูแลระบบ", "Supervisor, Administrator"),
        ("LOT-2026-000456", "LOT-2026-000456", "LOT-2026-000456"),
    ],
)
def test_a_fact_is_shown_as_its_reader_writes_it(fact: object, thai: str, english: str) -> None:
    assert (i18n.shown(fact, "th"), i18n.shown(fact, "en")) == (thai, english)


def test_chinese_is_read_where_it_is_known_and_english_elsewhere() -> None:
    assert i18n.translate("Scan the bin.", "zh") == "请扫描库位。"
    assert i18n.translate("A PIN has at least {digits} digits.", "zh", digits=6).startswith("A PIN")
    assert i18n.shown(date(2026, 1, 2), "zh") == "2026年1月2日"


def test_baht_have_their_satang() -> None:
    assert i18n.baht(Decimal("1234567.5")) == "1,234,567.50"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "th"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("EN", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("fr,de", "th"),
        ("fr, en;q=0.5, th;q=0.4", "en"),
        ("en;q=0.5, th;q=0.9", "th"),
        ("en;q=0", "th"),
        ("th;q=0, en;q=0.1", "en"),
        ("en;q=nonsense", "en"),
        (";;,,;q=1", "th"),
    ],
)
def test_the_browser_s_wish_is_heard_and_thai_is_the_default(header: str, language: str) -> None:
    assert i18n.preferred(header) == language
