"""The pages of the customs desk, looked at after the demonstration was played."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from playwright.sync_api import FilePayload, Page

PAGES: Final = (
    "worklist", "declarations", "certificates", "collections", "permits", "filing-rules", "runs",
    "batches", "guarantee", "guarantee/letters", "payments", "reference",
    "reference/tariff?code=6109", "opening", "verify",
)  # fmt: skip
ON_THE_PHONE: Final = frozenset({"worklist", "payments", "declaration-draft", "editor"})
OLDER: Final = """\
declaration_number,line_number,import_date,accepted_on,owner,sku,hs_code,statistical_code,\
origin_country,quantity,unit,net_weight_kg,currency,exchange_rate,per_units,cif_foreign,cif_baht,\
parcel_number,location
A010-0690100001,1,2026-01-09,2026-01-10,ALB,BAG-1,42022200,000,CN,40,C62,26,USD,32.5,1,1230.77,\
40000.00,OLD-1,A-02-01
"""
"""What is left of an older warehouse, as `/opening` takes it."""


Keep = Callable[[Page, str], None]
"""Keeps what a page shows, under a name."""


@dataclass(frozen=True, slots=True)
class CustomsDesk:
    """The liaison, signed in; a page is kept in both languages, as it is, or on a phone."""

    liaison: Page
    in_both: Keep
    as_it_is: Keep
    on_a_phone: Keep

    def look(self) -> None:
        """At every page, the ones that ask for a number last."""
        self._bring_an_older_balance()
        for path in PAGES:
            self._see(f"/{path}", re.sub(r"\W", "-", path.partition("?")[0]))
        self._see("/deadlines?within=1200", "deadlines")
        self._see("/find?number=SG-2569-118", "find")
        self._look_at_declarations()
        self._follow("/runs", "main tbody a", "run")
        self._what_if()

    def _look_at_declarations(self) -> None:
        self._follow("/worklist", "a[href^='/declarations/']", "declaration-draft")
        draft = self.liaison.url
        self._see(f"{draft}/editor", "editor")
        self._follow("/disposals", "main tbody a", "re-export")
        self._follow(self.liaison.url, "main a[href^='/declarations/']", "declaration-export")
        self._see(f"{self.liaison.url}/versions", "versions")

    def _bring_an_older_balance(self) -> None:
        page = self.liaison
        page.goto("/opening")
        file = FilePayload(name="old.csv", mimeType="text/csv", buffer=OLDER.encode())
        page.locator("#file").set_input_files(file)
        page.locator("main form button").first.click()
        page.locator("main section.card table").wait_for()

    def _what_if(self) -> None:
        page = self.liaison
        page.goto("/what-if")
        page.locator("#chapters").fill("42 30\n61 20")
        page.locator("button[value=page]").click()
        page.wait_for_load_state()
        self.as_it_is(page, "what-if-th")

    def _follow(self, path: str, link: str, name: str) -> None:
        self.liaison.goto(path)
        address = self.liaison.locator(link).first.get_attribute("href")
        self._see(str(address), name)

    def _see(self, path: str, name: str) -> None:
        self.liaison.goto(path)
        self.in_both(self.liaison, name)
        if name in ON_THE_PHONE:
            self.on_a_phone(self.liaison, f"{name}-th-handheld")
