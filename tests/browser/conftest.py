"""A clerk at a real browser, the real program, and a real database of the test's own."""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect, sync_playwright
from sqlalchemy import Engine
from sqlmodel import Session, select

from tests import people
from tests.builders import House, a_house
from tests.conftest import TESTER
from warehouse import wiring
from warehouse.access.models import Person
from warehouse.app import create_app
from warehouse.core.work import Work, begin
from warehouse.operations.models import Scan
from warehouse.settings import Settings

HANDHELD = {"width": 360, "height": 740}
Arrange = Callable[[], AbstractContextManager[Work]]


@pytest.fixture
def arrange(database: Engine) -> Arrange:
    """Opens a unit of work that commits at its end: what a test needs to be there."""
    return lambda: begin(database, TESTER, wiring.SUBSCRIBERS)


@pytest.fixture
def house(arrange: Arrange) -> House:
    """A warehouse where nothing has happened yet."""
    with arrange() as work:
        return a_house(work)


@pytest.fixture
def somchai(arrange: Arrange, house: House) -> Person:
    """A clerk of the house."""
    with arrange() as work:
        return people.a_person(work, premises_id=house.premises.id)


@pytest.fixture
def url(database: Engine) -> Iterator[str]:
    """Where the web program answers."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(create_app(Settings(), database), log_config=None, access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the web program does not start"
        time.sleep(0.01)
    yield "http://{}:{}".format(*listening.getsockname())
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """One Chromium for the tests of a file: while it is there, this thread has its event loop."""
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=as_root)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, url: str) -> Iterator[Page]:
    """A page of a handheld; a script error, or what the CSP stops, fails the test."""
    # Playwright's routes do not see what passes a service worker.
    context = browser.new_context(base_url=url, viewport=HANDHELD, service_workers="block")
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: "Content Security" in said.text and faults.append(said.text))
    yield page
    context.close()
    assert faults == []


@dataclass
class Clerk:
    """Somebody with a wedge scanner: whatever is scanned is typed fast and ends with Enter."""

    page: Page
    engine: Engine

    def open(self) -> None:
        """Open the scan page and wait until it takes scans."""
        self.page.goto("/scan")
        self.ready()

    def ready(self) -> None:
        """Wait until the page takes scans and knows the task."""
        expect(self.page.locator("#field")).to_be_editable()
        expect(self.page.locator("#prompt")).not_to_have_text("Starting …")
        expect(self.page.locator("#prompt")).not_to_have_text("กำลังเริ่ม …")

    def pull(self, barcode: str) -> None:
        """Pull the trigger, and do not wait."""
        self.page.keyboard.type(barcode)
        self.page.keyboard.press("Enter")

    def scan(self, barcode: str) -> str:
        """Scan *barcode*; the sentence that answers it."""
        self.pull(barcode)
        return self.answer_to(barcode)

    def strike(self, command: str) -> None:
        """Press the key of a *command*'s button, and do not wait."""
        button = self.page.locator(f"[data-command='{command}']")
        self.page.keyboard.press(str(button.get_attribute("aria-keyshortcuts")))

    def press(self, command: str) -> str:
        """Press the key of a *command*'s button; the sentence that answers it."""
        self.strike(command)
        return self.answer_to(command)

    def answer_to(self, barcode: str) -> str:
        """The sentence on the page once *barcode* is answered."""
        expect(self.page.locator("#code")).to_have_text(barcode)
        expect(self.page.locator("#answer")).not_to_have_attribute("data-tone", "waiting")
        return self.page.locator("#message").inner_text()

    def tone(self) -> str | None:
        """How the last answer looks."""
        return self.page.locator("#answer").get_attribute("data-tone")

    def dock(self) -> list[tuple[str, str | None]]:
        """Code and look of each line for the dock, newest first."""
        lines = self.page.locator("#dock li").all()
        return [(line.inner_text().strip(), line.get_attribute("data-tone")) for line in lines]

    def waits(self, scans: int) -> None:
        """Wait until the page says that so many *scans* wait."""
        expect(self.page.locator("[data-count]")).to_have_text(str(scans))
        expect(self.page.locator("#count")).to_be_visible(visible=scans > 0)

    def recorded(self) -> list[str]:
        """What the server has taken, in its order."""
        with Session(self.engine) as session:
            return list(session.exec(select(Scan.barcode).order_by(Scan.sequence)))


@pytest.fixture
def clerk(page: Page, url: str, database: Engine, arrange: Arrange, somchai: Person) -> Clerk:
    """The clerk of the house, signed in, at the scan page."""
    with arrange() as work:
        token = people.a_session(work, somchai, csrf_token="seen by the page")
    page.context.add_cookies([{"name": "session", "value": token, "url": url}])
    clerk = Clerk(page, database)
    clerk.open()
    return clerk
