"""Make the pictures in docs/screenshots from the running program: `python scripts/screenshots.py`.

Starts a warehouse of its own in a folder that is thrown away, plays the demonstration and a day on
the floor, and looks at the pages as the people in it do.  Needs Chromium.  With `floor` or `desk`
behind it, it makes only the pictures of that part.
"""

import io
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
import paper_pictures
import pypdfium2
from desk_pictures import CustomsDesk, Keep
from floor_pictures import Floor, Picture, scan, scans
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT: Final = Path(__file__).parents[1]
PICTURES: Final = ROOT / "docs" / "screenshots"
WAREHOUSE: Final = Path(sys.executable).with_name("warehouse")
PARTS: Final = ("desk", "floor")
HANDHELD: Final = (360, 740)
DESKTOP: Final = (1280, 800)
COLOURS: Final = 128
"""Of a picture; a page has few, and the file is a third."""
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
    parts = sys.argv[1:] or PARTS
    for part in PARTS:
        (PICTURES / part).mkdir(parents=True, exist_ok=True)
    paper_pictures.main()
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory() as data, warehouse(Path(data)) as known:
        subprocess.run([WAREHOUSE, "demo", "--data", data], check=True, stdout=subprocess.DEVNULL)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=found, args=as_root)
            if "desk" in parts:
                at_the_desk(browser, known)
                of_customs(browser, known)
            if "floor" in parts:
                floor = a_day(browser, known)
                floor.play()
                at_the_scanner(browser, known)
                of_the_supervisor(floor)
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


def a_day(browser: Browser, known: Known) -> Floor:
    """A day on the floor, with everybody signed in who works on it."""

    def person(username: str) -> Page:
        page = opened(browser, known)
        sign_in(page, known, username)
        return page

    def partner(path: str, body: object) -> Any:  # noqa: ANN401 (JSON)
        headers = {
            "Authorization": f"Bearer {known['api_key']}",
            "Idempotency-Key": f"{path}{time.monotonic_ns()}",
        }
        answer = httpx2.post(f"{known['url']}{path}", json=body, headers=headers)
        assert answer.is_success, answer.text
        return answer.json()

    return Floor(
        clerk=person("somchai"),
        colleague=person("suda"),
        supervisor=person("malee"),
        liaison=person("ratree"),
        manager=person("wichai"),
        elsewhere=person("kham"),
        partner=partner,
        premises=str(known["premises"]),
        picture=of_the_floor(),
    )


def of_the_floor() -> Picture:
    """Keeps a state of a task; the first of each task on a desk too."""
    seen = set()

    def picture(page: Page, name: str) -> None:
        task = page.locator("[data-task][aria-pressed=true]").get_attribute("data-task")
        of_a_scan(page, f"floor/{name}", wide=task not in seen)
        seen.add(task)

    return picture


def of_a_scan(page: Page, name: str, *, wide: bool = True) -> None:
    """Keep the scan page in both languages on a handheld, *wide* on a desk too."""
    for size in (HANDHELD, DESKTOP) if wide else (HANDHELD,):
        for language in ("en", "th"):
            speak(page, language)
            keep(page, f"{name}-{language}{'-desktop' if size is DESKTOP else ''}", size)
    resize(page, HANDHELD)


def at_the_scanner(browser: Browser, known: Known) -> None:
    """The page before a task, in Chinese, without a network, and in the training warehouse."""
    page = opened(browser, known)
    keep(page, "sign-in", DESKTOP)
    sign_in(page, known, "suda")
    page.goto("/scan")
    scans(page, "CMD-CANCEL", "CMD-CANCEL")
    keep(page, "scan-tasks-th", HANDHELD)
    speak(page, "zh")
    scans(page, "CMD-RECEIVE")
    keep(page, "scan-zh", HANDHELD)
    speak(page, "th")
    without_network(page)
    trainee = opened(browser, known)
    sign_in(trainee, known, "trainee")
    trainee.goto("/scan")
    scans(trainee, "CMD-RECEIVE")
    scan(trainee, "EE999999999TH")
    of_a_scan(trainee, "training")


def of_the_supervisor(floor: Floor) -> None:
    """The board and the lists behind it, in both languages."""
    page = floor.supervisor
    channel = {"code": "EXPRESS", "name_th": "ด่วนกรุงเทพฯ", "name_en": "Bangkok express"}
    floor.sent(page, "/channels", channel | {"cut_off": "16:00", "most": "200"})
    for name in (
        "board", "waves", "holds", "discrepancies", "counts", "manifests", "locations",
        "disposals", "returns", "consignments", "shipments", "handlings",
    ):  # fmt: skip
        page.goto(f"/{name}")
        of_a_page(page, name)
    for name in ("discrepancies", "counts", "manifests", "disposals", "consignments"):
        page.goto(f"/{name}")
        page.locator("main tbody a").first.click()
        of_a_page(page, f"{name}-one")
    page.goto("/locations/A-01-01")
    of_a_page(page, "locations-one")
    page.goto(f"/why?code={floor.parcel(3)}")
    of_a_page(page, "why")
    page.goto("/board")
    keep(page, "board-th-handheld", HANDHELD, whole=True)


def of_a_page(page: Page, name: str) -> None:
    """Keep a page of the desk in both languages; leave it in Thai."""
    for language in ("en", "th"):
        speak(page, language)
        keep(page, f"{name}-{language}", DESKTOP, whole=True)


def at_the_desk(browser: Browser, known: Known) -> None:
    """Look at a parcel that left, its declaration, and as the customs officer at what is left."""
    page = opened(browser, known)
    sign_in(page, known, "malee")
    page.goto("/shipments")
    page.locator("main tbody a").last.click()
    keep(page, "shipment-th", DESKTOP, whole=True)
    label = page.locator("a[href^='/papers/shipment-label/']").get_attribute("href")
    paper(page, str(label), "label")
    page = opened(browser, known)
    sign_in(page, known, "ratree")
    page.goto("/declarations")
    keep(page, "declarations-th", DESKTOP)
    released = page.locator("main tbody tr", has=page.locator(".state.released"))
    released.last.locator("a").first.click()
    page.locator("details").first.locator("summary").click()
    keep(page, "declaration-th", DESKTOP, whole=True)
    declaration = page.locator("a[href^='/papers/declaration/']").first.get_attribute("href")
    paper(page, str(declaration), "declaration-paper")
    address = page.url
    officer = opened(browser, known)
    sign_in(officer, known, "officer")
    officer.goto(address)
    of_conservation = officer.locator("article.line").first.screenshot()
    store(Image.open(io.BytesIO(of_conservation)), "conservation-th")


def of_customs(browser: Browser, known: Known) -> None:
    """The customs desk, as its liaison sees it."""

    def in_both(page: Page, name: str) -> None:
        of_a_page(page, f"desk/{name}")

    def under(size: tuple[int, int]) -> Keep:
        return lambda page, name: keep(page, f"desk/{name}", size, whole=True)

    page = opened(browser, known)
    sign_in(page, known, "ratree")
    CustomsDesk(page, in_both, under(DESKTOP), under(HANDHELD)).look()


def opened(browser: Browser, known: Known) -> Page:
    """A page of somebody new, who reads Thai."""
    context = browser.new_context(base_url=known["url"], locale="th-TH")
    page = context.new_page()
    page.goto("/sign-in")
    return page


def sign_in(page: Page, known: Known, username: str) -> None:
    """Sign in as *username* of the demonstration."""
    person = next(each for each in known["people"] if each["username"] == username)
    page.locator("#username").fill(person["username"])
    page.locator("#password").fill(person["password"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/")


def without_network(page: Page) -> None:
    """Scan while the network is gone, and look again when it is back."""
    page.context.set_offline(True)
    for code in ("LOC-A-01-01", "LOC-A-01-02", "LOC-A-01-03", "LOC-A-01-04"):
        page.keyboard.type(f"{code}\n")
    page.locator("[data-count]", has_text="4").wait_for()
    keep(page, "scan-waiting-th", HANDHELD)
    page.context.set_offline(False)
    page.locator("#count").wait_for(state="hidden")
    keep(page, "scan-replayed-th", HANDHELD, whole=True)


def speak(page: Page, language: str) -> None:
    """Show the page in *language*."""
    if page.locator(f"html[lang={language}]").count() == 0:
        page.locator(f"button[lang={language}]").click()
        page.locator(f"html[lang={language}]").wait_for()


def keep(page: Page, name: str, size: tuple[int, int], *, whole: bool = False) -> None:
    """Keep what is seen in a window of *size*, or of the height of the *whole* page."""
    resize(page, size)
    if whole:
        tall = page.evaluate("document.documentElement.scrollHeight")
        resize(page, (size[0], max(size[1], tall)))
    page.evaluate("document.fonts.ready")
    seen = page.screenshot(animations="disabled")
    store(Image.open(io.BytesIO(seen)), name)


def resize(page: Page, size: tuple[int, int]) -> None:
    """Show the page in a window of *size*."""
    page.set_viewport_size({"width": size[0], "height": size[1]})


def paper(page: Page, path: str, name: str) -> None:
    """Keep the first sheet of the PDF at *path*."""
    document = pypdfium2.PdfDocument(page.request.get(path).body())
    store(document[0].render(scale=PAPER_DPI / 72).to_pil(), name)
    document.close()


def store(picture: Image.Image, name: str) -> None:
    """Keep *picture* as a small PNG."""
    few = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(PICTURES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
