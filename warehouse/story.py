"""`warehouse demo`: one consignment all the way through, over the public API and the scan endpoint.

Nothing here touches the database: what it does, any partner, clerk, liaison and officer can do.
Every number it makes up carries the moment it began, so that it can be played again and again.
"""

import csv
import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import quote

import httpx2
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from warehouse.core import clock, ids
from warehouse.launch import LaunchError

PATIENCE_SECONDS: Final = 60.0

Buyer = tuple[str, Sequence[tuple[str, str]], bool, str]
BUYERS: Final[Sequence[Buyer]] = (
    ("นางสาวปิยะดา น้ำทิพย์", (("BAG-1", "2"), ("TEE-BLK-M", "3")), False, "1.86KG"),
    ("นายกรุง ผู้นำเข้า", (("SHOE-42", "1"),), True, "820G"),
)
"""Who orders what, whether the partner numbers the parcel itself, and what the parcel weighs."""

Found = TypeVar("Found")


class StoryError(LaunchError):
    """The story could not go on; the message says where it stopped and why."""


@dataclass(frozen=True, slots=True)
class Teller:
    """Says what happened, when, and where to look."""

    out: Console
    url: str
    began: float

    def chapter(self, title: str) -> None:
        """Begin a part of the story."""
        self.out.print(f"\n[bold]{title}[/bold]")

    def tell(self, said: str, link: str = "") -> None:
        """One line of the timeline."""
        elapsed = time.monotonic() - self.began
        where = f"  [dim]{self.url}{link}[/dim]" if link else ""
        self.out.print(f"  [dim]{elapsed:6.1f} s[/dim]  {said}{where}", soft_wrap=True)


@dataclass(frozen=True, slots=True)
class Api:
    """The warehouse as one of its users reaches it."""

    client: httpx2.Client

    def get(self, path: str) -> Any:  # noqa: ANN401 (JSON)
        """The JSON at *path*."""
        return _answer(_patiently(lambda: self.client.get(path)))

    def post(self, path: str, body: object, key: str | None = None) -> Any:  # noqa: ANN401 (JSON)
        """Send *body*; the same *key* again is the same request."""
        headers = {"Idempotency-Key": key} if key else {}
        return _answer(_patiently(lambda: self.client.post(path, json=body, headers=headers)))

    def upload(self, path: str, name: str, content: bytes, key: str) -> Any:  # noqa: ANN401 (JSON)
        """Send the CSV file *name*; the same *key* again is the same request."""
        files = {"file": (name, content, "text/csv")}
        headers = {"Idempotency-Key": key}
        return _answer(_patiently(lambda: self.client.post(path, files=files, headers=headers)))

    def submit(self, path: str, **fields: str) -> str:
        """Send a form; the page that it leads to, empty if what it asks for was done already."""
        response = _patiently(lambda: self.client.post(path, data=fields))
        if response.status_code == httpx2.codes.CONFLICT:
            return ""
        if not response.is_redirect:
            raise StoryError(f"{path}: {response.status_code}")
        return str(response.headers["location"])

    def paper(self, path: str) -> bytes:
        """The PDF at *path*, once it has been made."""

        def made() -> bytes | None:
            response = _patiently(lambda: self.client.get(path))
            return response.content if response.is_success else None

        return _await(made, f"{path} is not printed")


@dataclass(slots=True)
class Scanner:
    """A clerk's scanner: each scan has an id of its own, kept until it is answered."""

    api: Api
    told: Teller
    sequence: int = 0
    refused: list[str] = field(default_factory=list)

    def scan(self, barcode: str, *, refused: bool = False) -> Mapping[str, Any]:
        """Scan *barcode*; *refused* says that this time it must be."""
        self.sequence += 1
        scan = {
            "scan_id": str(ids.new_id()),
            "barcode": barcode,
            "device": "SCANNER-1",
            "sequence": self.sequence,
        }
        answer: Mapping[str, Any] = self.api.post("/api/v1/scans", scan)
        sign = {"good": "[green]✔[/green]", "warning": "[yellow]![/yellow]"}.get(
            answer["tone"], "[red]✘[/red]"
        )
        message = answer["message"]
        self.told.tell(
            f"{sign} [cyan]{barcode}[/cyan]  {message['th']}  [dim]{message['en']}[/dim]"
        )
        if (answer["tone"] == "refused") is not refused:
            raise StoryError(f"The scan of {barcode} was answered: {message['en']}")
        return answer


def play(data: Path, url: str | None, out: Console) -> None:
    """Play the story on the warehouse at *url*, or on the one that runs on *data*.

    Raises:
        StoryError: it could not go on.
    """
    known = _known(data)
    address = url or known.get("url")
    if address is None:
        raise StoryError("The warehouse is not up yet: wait until it says so.")
    _refuse_silence(address)
    told = Teller(out, address, time.monotonic())
    # The first of each role: those after them work in another warehouse.
    people = {person["role"]: person for person in reversed(known["people"])}
    with ExitStack() as opened:

        def client(role: str) -> Api:
            made = opened.enter_context(httpx2.Client(base_url=address, timeout=30))
            if role == "partner":
                made.headers["Authorization"] = f"Bearer {known['api_key']}"
            else:
                _sign_in(made, people[role])
            return Api(made)

        story = _Story(
            told,
            premises=str(known["premises"]),
            partner=client("partner"),
            floor=client("clerk"),
            gate=client("supervisor"),
            desk=client("liaison"),
            second=client("manager"),
            room=client("officer"),
        )
        chapters = story.chapters()
        shown = opened.enter_context(_progress(out))
        bar = shown.add_task("", total=len(chapters))
        for title, chapter in chapters:
            shown.update(bar, description=title)
            told.chapter(title)
            chapter()
            shown.advance(bar)


@dataclass(slots=True)
class _Story:
    told: Teller
    premises: str
    partner: Api
    floor: Api
    gate: Api
    desk: Api
    second: Api
    room: Api
    run: str = field(default_factory=lambda: clock.now().strftime("%y%m%d%H%M%S%f")[:-4])
    consignments: list[str] = field(default_factory=list)
    orders: list[Mapping[str, Any]] = field(default_factory=list)

    def chapters(self) -> Sequence[tuple[str, Callable[[], None]]]:
        """What happens, in order."""
        return (
            ("Alibaba announces two consignments", self.announce),
            ("Customs enters them into bond", self.enter),
            ("The parcels arrive", self.receive),
            ("Two buyers order", self.order),
            ("Picked and packed while customs decides", self.pick_and_pack),
            ("Customs releases", self.release),
            ("Through the gate, once", self.leave),
            ("The customs desk", self.re_export),
            ("Everyone looks", self.look),
        )

    def announce(self) -> None:
        today = clock.local_date(clock.now())
        header = {
            "external_ref": f"ALB-{self.run}-1",
            "premises": self.premises,
            "arrival_date": today.isoformat(),
            "house_bill": self.parcel(0),
            "consignor_name": "HANGZHOU BRIGHT TRADING CO LTD",
            "consignment_country": "CN",
            "invoice_number": f"INV-{self.run}",
            "invoice_date": (today - timedelta(days=9)).isoformat(),
            "currency": "USD",
            "gross_weight_kg": "28.400",
        }
        lines = [
            {
                "parcel_number": self.parcel(1),
                "sku": "BAG-1",
                "quantity": "10",
                "unit_price": "12.50",
            },
            {
                "parcel_number": self.parcel(2),
                "sku": "TEE-BLK-M",
                "quantity": "24",
                "unit_price": "3.20",
            },
            {
                "parcel_number": self.parcel(2),
                "sku": "EAR-01",
                "quantity": "6",
                "unit_price": "9.90",
            },
        ]
        key = f"consignment-{self.run}"
        body = {**header, "lines": lines}
        first = self.partner.post("/api/v1/consignments", body, key)
        again = self.partner.post("/api/v1/consignments", body, key)
        if again != first:
            raise StoryError(f"The same request was answered {first}, and then {again}.")
        self.consignments.append(first["number"])
        self.told.tell(
            f"API: {first['number']}, sent twice, taken once", f"/consignments/{first['number']}"
        )
        self.announce_by_file(header)

    def announce_by_file(self, header: Mapping[str, str]) -> None:
        """A platform's export: Thai headings, Windows-874, leading zeros."""
        common = {
            **header,
            "external_ref": f"ALB-{self.run}-2",
            "invoice_number": f"INV-{self.run}-2",
            "house_bill": self.parcel(9),
        }
        lines = (
            {"เลขพัสดุ": self.parcel(3), "รหัสสินค้า": "SHOE-42", "จำนวน": "5", "ราคาต่อหน่วย": "18.00"},
            {"เลขพัสดุ": self.parcel(4), "รหัสสินค้า": "BOX-05L", "จำนวน": "0012", "ราคาต่อหน่วย": "2.75"},
        )
        text = StringIO(newline="")
        writer = csv.DictWriter(text, [*common, *lines[0]])
        writer.writeheader()
        writer.writerows({**common, **line} for line in lines)
        content = text.getvalue().encode("cp874")
        taken = self.partner.upload(
            "/api/v1/consignments:import", "ส่งออก.csv", content, f"file-{self.run}"
        )
        self.consignments.append(taken["number"])
        self.told.tell(f"File: {taken['number']} (Windows-874)", f"/consignments/{taken['number']}")

    def enter(self) -> None:
        for number in self.consignments:
            declaration = self.declared(
                f"/api/v1/declarations?consignment={number}", "numbered", "released"
            )
            self.told.tell(
                f"{number} → declaration {declaration['declaration_number']}, suspended"
                f" {declaration['suspended_baht']} baht, to leave bond by"
                f" {declaration['storage_ends_on']}",
                f"/declarations/{declaration['reference_number']}",
            )

    def receive(self) -> None:
        scanner = Scanner(self.floor, self.told)
        scanner.scan("CMD-RECEIVE")
        for parcel in range(1, 5):
            scanner.scan(self.parcel(parcel))
        scanner.scan("LOC-A-01-01", refused=True)
        scanner.scan("EE999999999TH", refused=True)
        scanner.scan("CMD-PUTAWAY")
        for parcel in range(1, 5):
            directed = scanner.scan(self.parcel(parcel))["data"]
            scanner.scan(f"LOC-{directed['location']}")

    def order(self) -> None:
        for position, (buyer, lines, numbers_own, _) in enumerate(BUYERS, start=1):
            body = {
                "external_ref": f"SO-{self.run}-{position}",
                "premises": self.premises,
                "buyer": {
                    "name": buyer,
                    "phone": "0812345678",
                    "address": "99/1 ซอยลาดพร้าว 15 ถนนลาดพร้าว แขวงจอมพล เขตจตุจักร",
                    "province": "กรุงเทพมหานคร",
                    "postcode": "10900",
                },
                "lines": [{"sku": sku, "quantity": quantity} for sku, quantity in lines],
                "parcel_number": f"LZD{self.run}" if numbers_own else None,
            }
            placed = self.partner.post("/api/v1/orders", body, f"order-{self.run}-{position}")
            self.orders.append(placed)
            self.told.tell(
                f"{placed['number']} → shipment {placed['shipment']},"
                f" parcel {placed['parcel_number']}",
                f"/shipments/{placed['shipment']}",
            )

    def pick_and_pack(self) -> None:
        scanner = Scanner(self.floor, self.told)
        scanner.scan("CMD-EXIT")
        scanner.scan(self.orders[0]["parcel_number"], refused=True)
        for placed, (_, lines, _, weight) in zip(self.orders, BUYERS, strict=True):
            scanner.scan("CMD-PICK")
            answer = scanner.scan(placed["shipment"])
            while answer["state"] == "scan_bin":
                wanted = answer["data"]
                scanner.scan(f"LOC-{wanted['location']}")
                answer = scanner.scan(wanted["parcel"])
            scanner.scan("CMD-PACK")
            scanner.scan(placed["parcel_number"])
            for item in (sku for sku, quantity in lines for _ in range(int(quantity))):
                scanner.scan(item)
            scanner.scan(weight)

    def release(self) -> None:
        for placed in self.orders:
            declaration = self.declared(
                f"/api/v1/declarations?order={placed['number']}", "released"
            )
            self.told.tell(
                f"{placed['number']} → declaration {declaration['declaration_number']},"
                f" paid {declaration['total_tax']} baht",
                f"/declarations/{declaration['reference_number']}",
            )

    def leave(self) -> None:
        scanner = Scanner(self.floor, self.told)
        scanner.scan("CMD-EXIT")
        for placed in self.orders:
            scanner.scan(placed["parcel_number"])
        again = Scanner(self.gate, self.told)
        again.scan("CMD-EXIT")
        again.scan(self.orders[0]["parcel_number"], refused=True)

    def re_export(self) -> None:
        """A parcel goes on to Laos: its duty ends when its exit is proved."""
        asked = self.desk.submit(
            "/disposals",
            kind="re_export",
            goods=self.parcel(4),
            reason="ขายต่อไปเวียงจันทน์",
            destination="VIENTIANE TRADING",
            country="LA",
        )
        self.told.tell(f"Liaison: parcel {self.parcel(4)} is to go abroad", asked)
        page = self.shown(asked, r'href="(/declarations/[0-9A-Z]+)"')
        self.second.submit(f"{page}/approval")
        self.told.tell("Manager: approved, as a second person", page)
        declaration = self.stands(page, "released", "delivered")
        self.told.tell(f"Customs: {declaration['declaration_number']} may go", page)
        scanner = Scanner(self.floor, self.told)
        for code in ("CMD-DISPOSE", asked.rsplit("/", 1)[1], self.parcel(4), "CMD-DONE"):
            scanner.scan(code)
        scanner.scan(f"SEAL-{self.run}")
        today = clock.local_date(clock.now()).isoformat()
        exit_of = f"/exits/{declaration['reference_number']}/confirmation"
        self.desk.submit(exit_of, document=f"ขน {self.run}", on=today)
        (line,) = self.stands(page, "delivered")["statement"]
        self.told.tell(
            f"Liaison: seen at the border, duty remitted; {line['entry_number']} line"
            f" {line['line_number']}: {line['before']} before, {line['withdrawn']} withdrawn,"
            f" {line['after']} after",
            page,
        )
        self.settle(today)

    def settle(self, today: str) -> None:
        """What was paid is matched, tomorrow rehearsed, and the day's papers go into one file."""
        path = f"/api/v1/declarations?order={self.orders[0]['number']}"
        paid = self.declared(path, "released", "delivered")
        receipt = self.shown("/payments", rf"{paid['reference_number']}.*?([0-9]+-[0-9]+/[0-9-]+)")
        self.desk.submit(
            "/payments",
            kind="duty",
            number=receipt,
            amount=paid["total_tax"],
            paid_at=paid["released_at"],
            names=paid["reference_number"],
        )
        self.told.tell(f"Liaison: receipt {receipt} of {paid['total_tax']} baht", "/payments")
        self.desk.submit("/runs", kind="rehearsal")
        self.told.tell("Liaison: rehearses tomorrow's filings", "/runs")
        self.desk.paper(f"/papers/declaration/{paid['reference_number']}.pdf")
        self.desk.submit("/batches", day=today, form="zip")
        self.told.tell("Liaison: the day's declarations in one file", "/batches")

    def look(self) -> None:
        for placed in self.orders:
            status = self.partner.get(f"/api/v1/shipments/{placed['shipment']}")
            path = f"/api/v1/shipments/{placed['shipment']}/label"
            label = self.partner.paper(path)
            self.told.tell(
                f"Partner: {status['number']} is {status['status']},"
                f" {len(status['history'])} steps; label of {len(label):,} bytes",
                path,
            )
            declaration = self.declared(
                f"/api/v1/declarations?order={placed['number']}", "released", "delivered"
            )
            path = f"/papers/declaration/{declaration['reference_number']}.pdf"
            paper = self.desk.paper(path)
            self.told.tell(f"Liaison: declaration PDF of {len(paper):,} bytes", path)
        for number in self.consignments:
            entry = self.declared(
                f"/api/v1/declarations?consignment={number}", "numbered", "released"
            )
            for line in self.room.get(f"/api/v1/declarations/{entry['reference_number']}")["lines"]:
                kept = line["conservation"]
                tick = "[green]✔[/green]" if kept["holds"] else "[red]✘[/red]"
                self.told.tell(
                    f"Officer: {entry['declaration_number']} line {line['line_number']}: declared"
                    f" {kept['declared']} = to come {kept['to_come']} + on hand {kept['on_hand']}"
                    f" + released {kept['gone']} {tick}",
                    f"/declarations/{entry['reference_number']}",
                )

    def parcel(self, number: int) -> str:
        """A partner's own parcel number, of this play."""
        return f"LP{self.run}{number:02}"

    def shown(self, path: str, pattern: str) -> str:
        """What *pattern* finds on the liaison's page at *path*, once it is there."""

        def there() -> str | None:
            page = _patiently(lambda: self.desk.client.get(path)).text
            found = re.search(pattern, page, re.DOTALL)
            return found[1] if found else None

        return _await(there, f"{path} does not show what is waited for")

    def stands(self, page: str, *states: str) -> Mapping[str, Any]:
        """The declaration at *page*, once it is in one of *states*."""

        def there() -> Mapping[str, Any] | None:
            found: Mapping[str, Any] = self.desk.get(f"/api/v1{page}")
            return found if found["state"] in states else None

        return _await(there, f"{page} is not {' or '.join(states)}")

    def declared(self, path: str, *states: str) -> Mapping[str, Any]:
        """The declaration at *path*, once it is in one of *states*."""

        def there() -> Mapping[str, Any] | None:
            found: Sequence[Mapping[str, Any]] = self.desk.get(path)["declarations"]
            return next((each for each in found if each["state"] in states), None)

        return _await(there, f"{quote(path)} is not {' or '.join(states)}")


def _known(data: Path) -> Mapping[str, Any]:
    try:
        known: Mapping[str, Any] = json.loads((data / "demo.json").read_text("utf-8"))
    except (OSError, ValueError) as failure:
        raise StoryError(
            f"{data / 'demo.json'} cannot be read: start the warehouse with its demo data first"
            " (./scripts/run)."
        ) from failure
    return known


def _refuse_silence(address: str) -> None:
    """What stands still in the middle of the story is waited for; what was never up is not."""
    try:
        httpx2.get(f"{address}/livez", timeout=30)
    except (httpx2.HTTPError, httpx2.InvalidURL) as failure:
        raise StoryError(
            f"Nothing answers at {address}: start the warehouse first (./scripts/run)."
        ) from failure


def _progress(out: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, console=out, transient=True, disable=not out.is_terminal)


def _sign_in(client: httpx2.Client, person: Mapping[str, str]) -> None:
    """Sign in, and send with every change the token that it asks for."""
    given = {"username": person["username"], "password": person["password"]}
    opened = _answer(_patiently(lambda: client.post("/api/v1/sign-ins", json=given)))
    client.headers["X-CSRF-Token"] = opened["csrf_token"]


def _patiently(send: Callable[[], httpx2.Response]) -> httpx2.Response:
    """Send again while the warehouse is away: every request here may be sent twice."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            response = send()
        except httpx2.TransportError as failure:
            if time.monotonic() > deadline:
                raise StoryError(f"The warehouse does not answer: {failure}") from failure
        else:
            if response.status_code != httpx2.codes.SERVICE_UNAVAILABLE:
                return response
            if time.monotonic() > deadline:
                return response
        time.sleep(0.5)


def _answer(response: httpx2.Response) -> Any:  # noqa: ANN401 (JSON)
    if response.is_error:
        raise StoryError(
            f"{response.request.url.path}: {response.status_code} {response.text[:300]}"
        )
    return response.json()


def _await(look: Callable[[], Found | None], otherwise: str) -> Found:
    """What *look* finds, as soon as it finds it."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if (found := look()) is not None:
            return found
        time.sleep(0.2)
    raise StoryError(f"After {PATIENCE_SECONDS:.0f} s {otherwise}.")
