"""A day on the floor, played at the scan page while pictures of it are taken."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from playwright.sync_api import Page, Response

PATIENCE_SECONDS: Final = 90
Picture = Callable[[Page, str], None]
Answer = Mapping[str, Any]


@dataclass
class Floor:
    """The people of one day, signed in; *picture* keeps what a page shows, under a name.

    What the day calls by a number carries *run*, so that it can be played again.
    """

    clerk: Page
    colleague: Page
    supervisor: Page
    liaison: Page
    manager: Page
    elsewhere: Page
    partner: Callable[[str, object], Any]
    premises: str
    picture: Picture
    run: str = field(default_factory=lambda: time.strftime("%d%H%M%S"))

    def parcel(self, number: int) -> str:
        """A partner's own parcel number."""
        return f"LP{self.run}{number:02}"

    def play(self) -> None:
        """From the truck to the gate, and all that happens beside."""
        consignment = self.announced()
        self._arrive(consignment)
        self._receive()
        self._store()
        self._carry()
        self._handle()
        shipments = [self.ordered(position) for position in range(1, 6)]
        self._count()
        self._pick(shipments)
        self._pack(shipments)
        self._stage_and_load(shipments)
        self._leave(shipments)
        self._go_other_ways()
        self._come_back(shipments)
        self._replenish()

    # ── What is there before ─────────────────────────────────────────────────────────────────────

    def announced(self) -> str:
        """The number of a consignment that customs has accepted into bond."""
        goods = (
            ("BAG-1", "10"), ("TEE-BLK-M", "24"), ("SHOE-42", "5"), ("WATCH-7", "8"),
            ("BOX-05L", "12"), ("EAR-01", "10"), ("BAG-1", "6"), ("WATCH-7", "4"),
        )  # fmt: skip
        today = date.today().isoformat()  # noqa: DTZ011 (the day of whoever sends it)
        lines = [
            {"parcel_number": self.parcel(at), "sku": sku, "quantity": quantity, "unit_price": "9"}
            for at, (sku, quantity) in enumerate(goods, start=1)
        ]
        lines[3]["parcel_weight_kg"] = "0.900"
        lines.append(lines[1] | {"sku": "EAR-01", "quantity": "6"})
        body = {
            "external_ref": f"ALB-{self.run}",
            "premises": self.premises,
            "arrival_date": today,
            "house_bill": self.parcel(0),
            "consignor_name": "HANGZHOU BRIGHT TRADING CO LTD",
            "consignment_country": "CN",
            "invoice_number": f"INV-{self.run}",
            "invoice_date": today,
            "currency": "USD",
            "gross_weight_kg": "60.000",
            "vehicle": "70-1234",
            "seals": ["TH0012", "TH0013"],
            "lines": lines,
        }
        number = str(self.partner("/api/v1/consignments", body)["number"])
        self.declared(f"consignment={number}", "numbered", "released")
        return number

    def ordered(self, position: int) -> Mapping[str, Any]:
        """An order of the partner's, as it was placed."""
        wanted = (("BAG-1", "2"), ("TEE-BLK-M", "3")) if position == 1 else (("TEE-BLK-M", "1"),)
        body = {
            "external_ref": f"SO-{self.run}-{position}",
            "premises": self.premises,
            "buyer": {
                "name": "นางสาวปิยะดา น้ำทิพย์",
                "phone": "0812345678",
                "address": "99/1 ซอยลาดพร้าว 15 แขวงจอมพล เขตจตุจักร",
                "province": "กรุงเทพมหานคร",
                "postcode": "10900",
            },
            "lines": [{"sku": sku, "quantity": quantity} for sku, quantity in wanted],
        }
        placed: Mapping[str, Any] = self.partner("/api/v1/orders", body)
        return placed

    def declared(self, wanted: str, *states: str) -> None:
        """Wait until the declaration of *wanted* is in one of *states*."""

        def there() -> bool:
            found = self.liaison.request.get(f"/api/v1/declarations?{wanted}").json()
            return any(each["state"] in states for each in found["declarations"])

        wait_for(there)

    # ── In ───────────────────────────────────────────────────────────────────────────────────────

    def _arrive(self, consignment: str) -> None:
        scans(self.clerk, "CMD-ARRIVE", consignment, "70-1234", "TH0012", "CMD-DONE")
        self.picture(self.clerk, "arrive-seals")
        scans(self.clerk, "TH0013", "CMD-DONE")
        self.picture(self.clerk, "arrive-arrived")

    def _receive(self) -> None:
        scans(self.clerk, "CMD-RECEIVE", self.parcel(1), self.parcel(2))
        self.picture(self.clerk, "receive-parcel")
        scans(self.clerk, "CMD-OPEN", "TEE-BLK-M", "24", "EAR-01", "5", "CMD-DONE")
        self.picture(self.clerk, "receive-differs")
        scans(self.clerk, "EAR-01", "CMD-DONE", self.parcel(3), "CMD-DAMAGED")
        self.picture(self.clerk, "receive-damaged")
        scans(self.clerk, self.parcel(4), "2.5KG")
        self.picture(self.clerk, "receive-weight")
        scans(self.clerk, *(self.parcel(number) for number in (5, 6, 7)))

    # ── Inside ───────────────────────────────────────────────────────────────────────────────────

    def _store(self) -> None:
        directed = scans(self.clerk, "CMD-PUTAWAY", self.parcel(1))["data"]["location"]
        self.picture(self.clerk, "put-away-directed")
        scans(self.clerk, "LOC-B-04-03")
        self.picture(self.clerk, "put-away-other-bin")
        scans(self.clerk, f"LOC-{directed}")
        for number, place in ((2, "LOC-A-02-01"), (5, "LOC-B-01-01"), (6, "LOC-B-02-01")):
            scans(self.clerk, self.parcel(number), place, place)
        scans(self.clerk, self.parcel(7), "LOC-B-03-01", "LOC-B-03-01")

    def _carry(self) -> None:
        for tote in self.totes:
            scans(self.clerk, "CMD-MOVE", tote, tote, "LOC-A-04-01")
        scans(self.clerk, "CMD-MOVE", f"CAGE-{self.run}")
        self.picture(self.clerk, "move-new-cage")
        scans(self.clerk, f"CAGE-{self.run}", "LOC-A-03-01", self.parcel(6))
        self.picture(self.clerk, "move-in-hand")
        scans(self.clerk, f"CAGE-{self.run}")
        self.picture(self.clerk, "move-moved")

    @property
    def totes(self) -> Sequence[str]:
        """Two totes for the picker's trolley."""
        return [f"TOTE-{self.run}-{number}" for number in (1, 2)]

    def _handle(self) -> None:
        fields = {"kind": "split", "permission": "กค 0517/2569", "officer": "officer"}
        page = self.sent(self.supervisor, "/handlings", fields | {"note": "แบ่งกล่องย่อย"})
        number = page.locator("main tbody tr th").first.inner_text().split()[0]
        scans(self.clerk, "CMD-HANDLE", number, self.parcel(5), "CMD-DONE", f"RP{self.run}1")
        self.picture(self.clerk, "handle-labelled")
        scans(self.clerk, "BOX-05L", "4")
        self.picture(self.clerk, "handle-taken-out")
        scans(self.clerk, "CMD-NEXT", f"RP{self.run}2", "CMD-DONE")

    def _count(self) -> None:
        for page, name in ((self.clerk, "count"), (self.colleague, "recount")):
            scans(page, "CMD-COUNT", "LOC-B-03-01", "BAG-1", "5", "8850009999999")
            if name == "count":
                self.picture(page, "count-tally")
            scans(page, "CMD-DONE")
            self.picture(page, f"{name}-ended")

    def _replenish(self) -> None:
        """Pick bins are asked for by the clock, each minute."""

        def asked() -> bool:
            return scan(self.clerk, "CMD-NEXT")["tone"] != "refused"

        scans(self.clerk, "CMD-REPLENISH")
        wait_for(asked, every=5)
        self.picture(self.clerk, "replenish-take-from")
        told = self.told()
        scans(self.clerk, f"LOC-{told['source']}", told["parcel"])
        self.picture(self.clerk, "replenish-how-many")
        scans(self.clerk, f"LOC-{told['location']}")

    # ── Out ──────────────────────────────────────────────────────────────────────────────────────

    def _pick(self, shipments: Sequence[Mapping[str, Any]]) -> None:
        first, second, *others = (each["shipment"] for each in shipments)
        answer = scans(self.clerk, "CMD-PICK", first)
        self.picture(self.clerk, "pick-go-to")
        scan(self.clerk, "LOC-B-03-01")
        self.picture(self.clerk, "pick-oldest-first")
        scans(self.clerk, second)
        self.picture(self.clerk, "pick-tote")
        answer = scans(self.clerk, *self.totes)
        while answer["state"] == "scan_bin":
            told = answer["data"]
            scans(self.clerk, f"LOC-{told['location']}")
            if told["sku"] == "BAG-1":
                self.picture(self.clerk, "pick-take")
            into = scans(self.clerk, told["parcel"])
            if told["sku"] == "BAG-1":
                self.picture(self.clerk, "pick-into-tote")
            answer = scans(self.clerk, into["data"]["tote"])
        scans(self.colleague, "CMD-PICK", others[0])
        scan(self.clerk, "CMD-PICK")
        scan(self.clerk, others[0])
        self.picture(self.clerk, "pick-take-over")

    def _pack(self, shipments: Sequence[Mapping[str, Any]]) -> None:
        scans(self.clerk, "CMD-PACK", self.totes[0], "BAG-1", "BAG-1", "TEE-BLK-M")
        self.picture(self.clerk, "pack-items")
        scans(self.clerk, "3", "BOX-M")
        scan(self.clerk, "3.4KG")
        self.picture(self.clerk, "pack-weight")
        scans(self.clerk, "1.99KG", shipments[1]["parcel_number"], "TEE-BLK-M", "180G")

    def _stage_and_load(self, shipments: Sequence[Mapping[str, Any]]) -> None:
        first, second = (each["parcel_number"] for each in shipments[:2])
        scans(self.clerk, "CMD-STAGE", first)
        self.picture(self.clerk, "stage-lane")
        scan(self.clerk, "LOC-STAGE-UP")
        self.picture(self.clerk, "stage-wrong-lane")
        scans(self.clerk, "LOC-STAGE-BKK", second, "LOC-STAGE-BKK")
        route = {"route": "BKK", "vehicle": "70-5678", "driver": "นายสมศักดิ์ ใจดี"}
        page = self.sent(self.supervisor, "/manifests", route)
        self.manifest = page.url.rsplit("/", 1)[1]
        scans(self.clerk, "CMD-LOAD", self.manifest, first)
        self.picture(self.clerk, "load-loaded")
        scan(self.clerk, "CMD-DONE")
        self.picture(self.clerk, "load-not-all")
        scans(self.clerk, second, "CMD-DONE", "TH0099")

    def _leave(self, shipments: Sequence[Mapping[str, Any]]) -> None:
        for each in shipments[:2]:
            self.declared(f"order={each['number']}", "released")
        scans(self.clerk, "CMD-EXIT")
        scan(self.clerk, shipments[3]["parcel_number"])
        self.picture(self.clerk, "exit-refused")
        scans(self.clerk, self.manifest)
        self.picture(self.clerk, "exit-manifest")
        scans(self.clerk, "CMD-WHY")
        scan(self.clerk, self.parcel(3))
        self.picture(self.clerk, "why-held")
        self.give_back(shipments[4])

    def give_back(self, placed: Mapping[str, Any]) -> None:
        """Goods of a cancelled order go back to the store."""
        answer = scans(self.clerk, "CMD-PICK", placed["shipment"])
        scans(self.clerk, f"LOC-{answer['data']['location']}", answer["data"]["parcel"])
        self.partner(f"/api/v1/orders/{placed['number']}/cancellation", {})
        scans(self.clerk, "CMD-PUTBACK", placed["parcel_number"])
        self.picture(self.clerk, "put-back-goods")
        scans(self.clerk, "LOC-A-02-01")

    # ── Other ways, and back ─────────────────────────────────────────────────────────────────────

    def _go_other_ways(self) -> None:
        destroyed = self.permitted("destruction", f"RP{self.run}2")
        scans(self.clerk, "CMD-DISPOSE", destroyed)
        self.picture(self.clerk, "dispose-gather")
        scans(self.clerk, f"RP{self.run}2", "CMD-DONE")
        self.picture(self.clerk, "dispose-witness")
        sent = self.permitted("transfer", self.parcel(6), to="BW-CNX-02")
        scans(self.clerk, "CMD-DISPOSE", sent, self.parcel(6), "CMD-DONE", "TH0200")
        scans(self.elsewhere, "CMD-TRANSFER-IN", sent)
        self.picture(self.elsewhere, "transfer-in-seal")
        scans(self.elsewhere, "TH0200", self.parcel(6))
        self.picture(self.elsewhere, "transfer-in-parcel")
        scans(self.elsewhere, "CMD-DONE")

    def permitted(self, kind: str, parcel: str, to: str = "") -> str:
        """The number of another way out that customs has permitted, for all of *parcel*.

        A transfer is declared, and customs answers; the others are recorded on paper.
        """
        wanted = {"kind": kind, "goods": parcel, "reason": "ตามคำขอของเจ้าของสินค้า", "to": to}
        number = self.sent(self.supervisor, "/disposals", wanted).url.rsplit("/", 1)[1]
        if to:
            wait_for(lambda: self.is_permitted(number))
            return number
        paper = {"authority": f"กค 0518/{self.run}", "officer": "officer", "days": "30"}
        self.sent(self.liaison, f"/disposals/{number}/permit", paper)
        self.sent(self.manager, f"/disposals/{number}/approval", {})
        return number

    def is_permitted(self, number: str) -> bool:
        """Whether the floor may gather the goods of a way out."""
        self.liaison.goto(f"/disposals/{number}")
        return self.liaison.locator(".headline .state.authorised").count() > 0

    def _come_back(self, shipments: Sequence[Mapping[str, Any]]) -> None:
        scans(self.clerk, "CMD-RETURN", shipments[0]["parcel_number"])
        self.picture(self.clerk, "return-weigh")
        scans(self.clerk, "1.99KG")
        self.picture(self.clerk, "return-back")

    # ── Means ────────────────────────────────────────────────────────────────────────────────────

    def sent(self, page: Page, path: str, fields: Mapping[str, str]) -> Page:
        """The page that *page* shows after a form with *fields* was sent to *path*."""
        page.goto("/")
        token = page.locator("meta[name=csrf-token]").get_attribute("content")
        answer = page.request.post(path, form={**fields, "csrf_token": str(token)})
        assert answer.ok, f"{path}: {answer.status} {answer.text()[:2000]}"
        page.goto(answer.url)
        return page

    def told(self) -> Mapping[str, str]:
        """What the page of the clerk shows of the goods to take."""
        facts = self.clerk.locator("#goods [data-fact]").all()
        return {str(each.get_attribute("data-fact")): str(each.text_content()) for each in facts}


def scans(page: Page, *codes: str) -> Answer:
    """Scan *codes*, none of which is refused; the answer to the last."""
    answer: Answer = {}
    for code in codes:
        answer = scan(page, code)
        assert answer["tone"] != "refused", f"{code}: {answer['message']['en']}"
    return answer


def scan(page: Page, code: str) -> Answer:
    """Scan *code*; its answer, once the page shows it."""

    def answered(response: Response) -> bool:
        return "/api/v1/scans" in response.url

    if not page.url.endswith("/scan"):
        page.goto("/scan")
    page.locator("#field:not([readonly])").wait_for()
    with page.expect_response(answered) as heard:
        page.keyboard.type(code)
        page.keyboard.press("Enter")
    answer: Answer = json.loads(heard.value.text())
    page.locator("#answer:not([data-tone=waiting])").wait_for()
    return answer["answers"][0] if "answers" in answer else answer


def wait_for(there: Callable[[], bool], every: float = 0.3) -> None:
    """Wait until it is *there*."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not there():
        assert time.monotonic() < deadline, "what the day waits for does not come"
        time.sleep(every)
