"""What holds of every number, not only of the published ones."""

import json
import string

from hypothesis import given
from hypothesis import strategies as st

from warehouse.masterdata import identifiers
from warehouse.masterdata.identifiers import Indicator
from warehouse.operations.floor import keyboard, labels

ASSIGNED = [
    first + second
    for first in string.ascii_uppercase
    for second in string.ascii_uppercase
    if identifiers.s10_indicator(first + second) is Indicator.ASSIGNED
]
PRINTABLE = {chr(code) for code in range(0x21, 0x7F)}

serials = st.integers(0, 99_999_999)
services = st.sampled_from(ASSIGNED)
countries = st.sampled_from(sorted(identifiers.COUNTRIES))
payloads = st.sampled_from([7, 11, 12, 13, 17]).flatmap(
    lambda length: st.text("0123456789", min_size=length, max_size=length)
)


def thai(keys: str) -> str:
    return "".join(keyboard.KEDMANEE.get(key, key) for key in keys)


@given(payload=payloads, data=st.data())
def test_every_wrong_digit_of_a_gs1_key_is_caught(payload: str, data: st.DataObject) -> None:
    key = f"{payload}{identifiers.gs1_check_digit(payload)}"
    place = data.draw(st.integers(0, len(key) - 1))
    digit = data.draw(st.sampled_from(sorted(set("0123456789") - {key[place]})))

    wrong = key[:place] + digit + key[place + 1 :]

    assert identifiers.gs1_check_ok(key)
    assert not identifiers.gs1_check_ok(wrong)


@given(services, serials, countries)
def test_what_is_made_is_read_back(service: str, serial: int, country: str) -> None:
    made = identifiers.make_s10(service, serial, country)

    item = identifiers.parse_s10(made)

    assert item is not None
    assert (item.service, int(item.serial), item.country) == (service, serial, country)
    assert item.check == item.expected_check
    assert labels.identify(item.printed).value == made


@given(services, serials, countries)
def test_an_item_number_survives_a_thai_layout(service: str, serial: int, country: str) -> None:
    made = identifiers.make_s10(service, serial, country)

    label = labels.identify(thai(made))

    assert (label.kind, label.value, label.repaired) == (labels.Kind.S10, made, True)


def test_the_thai_layout_is_a_bijection_of_all_printable_keys() -> None:
    assert set(keyboard.KEDMANEE) == PRINTABLE
    assert len(set(keyboard.KEDMANEE.values())) == len(PRINTABLE) == 94


@given(st.text(sorted(PRINTABLE)))
def test_typing_is_undone_exactly(keys: str) -> None:
    assert keyboard.undo(thai(keys)) == keys


@given(st.text() | st.text("0123456789 -\x1d(){}<>GSLOCMDRTH]C1ก๑ๅ/\u0e38\r\n"))
def test_no_scan_is_refused_and_none_is_changed(scan: str) -> None:
    answer = labels.identify_json(scan)

    assert answer["raw"] == scan
    assert json.loads(json.dumps(answer)) == answer


@given(st.text("0123456789 -\x1d()GSLOCMDRTH]C1/", max_size=40))
def test_the_normal_form_names_the_same_thing(scan: str) -> None:
    label = labels.identify(scan)

    again = labels.identify(label.value)

    if label.kind is not labels.Kind.UNKNOWN:
        assert (again.kind, again.value, again.fields) == (label.kind, label.value, label.fields)
