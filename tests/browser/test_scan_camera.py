"""A camera as the scanner: a fed video, a picture, a browser with a detector of its own."""

import hashlib
import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.conftest import Arrange, Clerk
from tests.builders import House, a_parcel
from warehouse import core
from warehouse.core import barcodes

VENDOR = Path(core.__file__).parent / "static" / "vendor"
EMPTY = Image.new("L", (640, 480), 255)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the camera sees: read anew each time it is switched on."""
    return tmp_path_factory.mktemp("film") / "film.mjpeg"


@pytest.fixture(scope="module")
def browser(chromium: str, film: Path) -> Iterator[Browser]:
    """A Chromium that looks at *film* and asks nobody whether it may."""
    arguments = [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
        *(["--no-sandbox"] if os.geteuid() == 0 else []),
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield browser
        browser.close()


def label(text: str) -> Image.Image:
    """A code of *text* as the label carries it, in the middle of a white sheet."""
    sheet = EMPTY.copy()
    code = Image.open(BytesIO(barcodes.png(text)))
    code.thumbnail((560, 300))
    sheet.paste(code, ((640 - code.width) // 2, (480 - code.height) // 2))
    return sheet


def jpeg(picture: Image.Image) -> bytes:
    file = BytesIO()
    picture.convert("RGB").save(file, "JPEG", quality=95)
    return file.getvalue()


def test_a_code_before_the_camera_is_scanned_once(
    clerk: Clerk, film: Path, arrange: Arrange, house: House
) -> None:
    with arrange() as work:
        parcel = a_parcel(work, house, 1)
    film.write_bytes(jpeg(label(parcel)) * 3)
    clerk.press("CMD-RECEIVE")
    camera = clerk.page.locator("[data-tool=camera]")

    camera.click()
    clerk.answer_to(parcel)
    shown = clerk.page.locator("#camera video").is_visible()
    clerk.page.wait_for_timeout(1_000)  # it stays before the camera
    camera.click()

    assert shown
    assert clerk.tone() == "good"
    assert clerk.recorded() == ["CMD-RECEIVE", parcel]
    expect(clerk.page.locator("#camera")).to_be_hidden()
    assert clerk.page.evaluate("document.activeElement.id") == "field"


def test_nothing_before_the_camera_is_nothing_scanned(clerk: Clerk, film: Path) -> None:
    film.write_bytes(jpeg(EMPTY) * 3)

    with clerk.page.expect_response("**/zxing_reader.wasm"):
        clerk.page.locator("[data-tool=camera]").click()
    clerk.page.wait_for_timeout(1_000)

    assert clerk.recorded() == []


def test_where_there_is_no_camera_a_picture_is_taken(
    clerk: Clerk, arrange: Arrange, house: House
) -> None:
    page = clerk.page
    with arrange() as work:
        parcel = a_parcel(work, house, 1)
    clerk.press("CMD-RECEIVE")
    page.evaluate("() => { navigator.mediaDevices.getUserMedia = () => Promise.reject() }")
    page.locator("[data-tool=camera]").click()
    expect(page.locator("#no-camera")).to_be_visible()

    page.locator("#picture").set_input_files(
        {"name": "label.jpg", "mimeType": "image/jpeg", "buffer": jpeg(label(parcel))}
    )
    clerk.answer_to(parcel)
    page.locator("#picture").set_input_files(
        {"name": "wall.jpg", "mimeType": "image/jpeg", "buffer": jpeg(EMPTY)}
    )

    no_code = page.locator("[data-sentence=no-code]").text_content()
    expect(page.locator("#message")).to_have_text(str(no_code))
    assert clerk.recorded() == ["CMD-RECEIVE", parcel]


def test_a_detector_of_the_browsers_own_is_used_where_it_reads_every_code(
    clerk: Clerk, film: Path
) -> None:
    page = clerk.page
    film.write_bytes(jpeg(EMPTY) * 3)
    page.evaluate("""() => {
      globalThis.BarcodeDetector = class {
        static getSupportedFormats = async () => ["code_128", "code_39", "data_matrix", "ean_13",
                                                  "ean_8", "itf", "pdf417", "qr_code", "upc_a"];
        detect = async () => [{ rawValue: "LOC-A1", boundingBox: new DOMRect(0, 0, 9, 9) }];
      };
    }""")
    fetched: list[str] = []
    page.on("request", lambda each: fetched.append(each.url))

    page.locator("[data-tool=camera]").click()
    clerk.answer_to("LOC-A1")

    assert [each for each in fetched if "vendor" in each] == []


def test_only_the_scan_page_may_run_webassembly(clerk: Clerk) -> None:
    policies = {
        path: clerk.page.request.get(path).headers["content-security-policy"]
        for path in ("/scan", "/stock", "/static/scan.js")
    }

    assert "script-src 'self' 'wasm-unsafe-eval';" in policies["/scan"]
    assert policies["/scan"].replace(" 'wasm-unsafe-eval'", "") == policies["/stock"]
    assert policies["/static/scan.js"] == policies["/stock"]


def test_the_code_of_others_is_what_was_fetched() -> None:
    sums = dict(
        reversed(line.split()) for line in (VENDOR / "SHA256SUMS.txt").read_text().splitlines()
    )

    found = {name: hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() for name in sums}

    assert found == sums
    others = {each.name for each in VENDOR.iterdir()} - {"README.txt", "SHA256SUMS.txt"}
    assert others == set(sums)
