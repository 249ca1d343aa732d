"""Make the pictures in docs/screenshots from the running program: `python scripts/screenshots.py`.

Starts a warehouse of its own in a folder that is thrown away, plays the demonstration on it, and
looks at the pages as the people in it do.  Needs Chromium.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx2
import pypdfium2
from playwright.sync_api import Browser, Page, sync_playwright

ROOT: Final = Path(__file__).parents[1]
PICTURES: Final = ROOT / "docs" / "screenshots"
WAREHOUSE: Final = Path(sys.executable).with_name("warehouse")
HANDHELD: Final = (360, 740)
DESKTOP: Final = (1280, 800)
PAPER_DPI: Final = 110
LONGEST_START_SECONDS: Final = 120

sys.path.insert(0, str(ROOT))
from tests import chromium  # noqa: E402 (the one place that knows where browsers are)
from warehouse.launch import free_port  # noqa: E402

Known = Mapping[str, Any]


def main() -> None:
    """Play, look, and keep the pictures."""
    found = chromium.find()
    if found is None:
        sys.exit(chromium.HOW)
    PICTURES.mkdir(parents=True, exist_ok=True)
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory() as data, warehouse(Path(data)) as known:
        subprocess.run([WAREHOUSE, "demo", "--data", data], check=True, stdout=subprocess.DEVNULL)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=found, args=as_root)
            shipment = a_new_order(known)
            at_the_scanner(browser, known, shipment)
            at_the_desk(browser, known)
            browser.close()


@contextmanager
def warehouse(data: Path) -> Iterator[Known]:
    """A warehouse in *data* while the block runs: its address, and how to sign in."""
    port = free_port("127.0.0.1")
    command = [WAREHOUSE, "up", "--data", data, "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        yield known_once_ready(data, process)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


def known_once_ready(data: Path, process: subprocess.Popen[bytes]) -> Known:
    """What the launcher writes down for the demonstration, once it says where it listens."""
    deadline = time.monotonic() + LONGEST_START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        file = data / "demo.json"
        if file.exists() and "url" in (known := json.loads(file.read_text("utf-8"))):
            return dict(known)
        time.sleep(0.2)
    sys.exit("The warehouse did not start.")


def a_new_order(known: Known) -> str:
    """The number of a shipment that is still to be picked."""
    headers = {
        "Authorization": f"Bearer {known['api_key']}",
        "Idempotency-Key": "screenshots",
    }
    buyer = {
        "name": "นางสาวปิยะดา น้ำทิพย์",
        "phone": "0812345678",
        "address": "99/1 ซอยลาดพร้าว 15 แขวงจอมพล เขตจตุจักร",
        "province": "กรุงเทพมหานคร",
        "postcode": "10900",
    }
    order = {
        "external_ref": "SO-SCREENSHOTS",
        "premises": known["premises"],
        "buyer": buyer,
        "lines": [{"sku": "BAG-1", "quantity": "2"}],
    }
    placed = httpx2.post(f"{known['url']}/api/v1/orders", json=order, headers=headers)
    placed.raise_for_status()
    return str(placed.json()["shipment"])


def at_the_scanner(browser: Browser, known: Known, shipment: str) -> None:
    """Sign in as the clerk; pick, first right and then wrong."""
    page = opened(browser, known)
    keep(page, "sign-in", DESKTOP)
    sign_in(page, known, "clerk")
    page.goto("/scan")
    page.locator("#field:not([readonly])").wait_for()
    keep(page, "scan-tasks-th-handheld", HANDHELD)
    page.locator("[data-command=CMD-PICK]").click()
    scan(page, shipment)
    in_every_language(page, "scan")
    scan(page, "LOC-B-04-03")
    keep(page, "scan-refused-th-handheld", HANDHELD)
    without_network(page)
    page.goto("/shipments")
    page.locator("main tbody a").last.click()
    keep(page, "shipment-th", DESKTOP, whole=True)
    label = page.locator("a[href^='/papers/shipment-label/']").get_attribute("href")
    paper(page, str(label), "label")


def at_the_desk(browser: Browser, known: Known) -> None:
    """Look at declarations as the liaison, and at conservation as the customs officer."""
    page = opened(browser, known)
    sign_in(page, known, "liaison")
    page.goto("/declarations")
    keep(page, "declarations-th", DESKTOP)
    page.locator("main tbody a").last.click()
    page.locator("details").first.locator("summary").click()
    keep(page, "declaration-th", DESKTOP, whole=True)
    declaration = page.locator("a[href^='/papers/declaration/']").first.get_attribute("href")
    paper(page, str(declaration), "declaration-paper")
    address = page.url
    officer = opened(browser, known)
    sign_in(officer, known, "officer")
    officer.goto(address)
    officer.locator("article.line").first.screenshot(path=PICTURES / "conservation-th.png")


def opened(browser: Browser, known: Known) -> Page:
    """A page of somebody new, who reads Thai."""
    context = browser.new_context(base_url=known["url"], locale="th-TH")
    page = context.new_page()
    page.goto("/sign-in")
    return page


def sign_in(page: Page, known: Known, role: str) -> None:
    """Sign in as whoever has *role* in the demonstration."""
    person = next(each for each in known["people"] if each["role"] == role)
    page.locator("#username").fill(person["username"])
    page.locator("#password").fill(person["password"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/")


def scan(page: Page, code: str) -> None:
    """Scan *code*, and wait for its answer."""
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    page.locator("#code", has_text=code).wait_for()
    page.locator("#answer:not([data-tone=waiting])").wait_for()


def without_network(page: Page) -> None:
    """Scan while the network is gone, and look again when it is back."""
    page.context.set_offline(True)
    for code in ("LOC-A-01-01", "LOC-A-01-02", "LOC-A-01-03", "LOC-A-01-04"):
        page.keyboard.type(f"{code}\n")
    page.locator("[data-count]", has_text="4").wait_for()
    keep(page, "scan-waiting-th-handheld", HANDHELD)
    page.context.set_offline(False)
    page.locator("#count").wait_for(state="hidden")
    keep(page, "scan-replayed-th-handheld", HANDHELD, whole=True)


def in_every_language(page: Page, name: str) -> None:
    """Keep the page on a handheld and on a desk; leave it in Thai."""
    for language in ("en", "zh", "th"):
        page.locator(f"button[lang={language}]").click()
        page.locator(f"html[lang={language}]").wait_for()
        keep(page, f"{name}-{language}-handheld", HANDHELD)
        keep(page, f"{name}-{language}-desktop", DESKTOP)


def keep(page: Page, name: str, size: tuple[int, int], *, whole: bool = False) -> None:
    """Keep what is seen in a window of *size*, or the *whole* page."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.evaluate("document.fonts.ready")
    page.screenshot(path=PICTURES / f"{name}.png", full_page=whole, animations="disabled")


def paper(page: Page, path: str, name: str) -> None:
    """Keep the first sheet of the PDF at *path*."""
    document = pypdfium2.PdfDocument(page.request.get(path).body())
    document[0].render(scale=PAPER_DPI / 72).to_pil().save(PICTURES / f"{name}.png")
    document.close()


if __name__ == "__main__":
    main()
