"""The customs desk as a whole: no barrier in Thai and English, nothing wider than a phone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from decimal import Decimal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy import Engine
from sqlmodel import select

from tests import people
from tests.browser.conftest import Arrange
from tests.browser.test_desk_pages import tab_to
from tests.builders import House, as_actor, lots_in
from tests.customs_builders import (
    a_consignment,
    a_customs_house,
    accepted,
    an_answer,
    drafted,
    in_bond,
    let_go,
    sent,
    tell,
)
from tests.desk import Desk, a_desk, a_refused_consignment
from tests.leaving import somebody
from tests.pictures import a_photo
from tests.scenarios.test_opening_balance import BAG, a_file
from warehouse import wiring
from warehouse.access.models import Person
from warehouse.access.vocabulary import Role
from warehouse.core import ids, jobs
from warehouse.core.papers import Paper
from warehouse.core.work import Work
from warehouse.customs import queries
from warehouse.customs.changing import amending, redrafting
from warehouse.customs.changing.editing import Correction
from warehouse.customs.checking import filing_rules, permits
from warehouse.customs.checking.filing_rules import Rule, RuleDraft, Window
from warehouse.customs.checking.permits import PermitDraft
from warehouse.customs.clearing import deadlines
from warehouse.customs.gateway import AnswerKind, Reason
from warehouse.customs.models import Declaration
from warehouse.customs.money import collecting, letters
from warehouse.customs.money.collecting import Assessed
from warehouse.customs.money.letters import LetterDraft
from warehouse.customs.money.payments import PaymentDraft
from warehouse.customs.posting import outages
from warehouse.customs.vocabulary import (
    Approval,
    DocumentType,
    HandDecisionKind,
    PaymentKind,
    RunKind,
)
from warehouse.inventory import disposals
from warehouse.inventory.disposals import DisposalDraft, Wanted
from warehouse.inventory.models import HandlingUnit
from warehouse.inventory.vocabulary import DisposalKind
from warehouse.masterdata.vocabulary import TradeDirection
from warehouse.operations.bond import disposing, inspecting
from warehouse.operations.bond.inspecting import Result
from warehouse.operations.clearance import answers, matching, nightly, on_paper
from warehouse.operations.clearance.on_paper import Seen
from warehouse.operations.intake import opening_balance
from warehouse.operations.printing import batches
from warehouse.operations.vocabulary import BatchForm
from warehouse.settings import Settings

# Everything opened: in which language it is, how many headings it has, whether it is too wide.
OPENED = """() => {
  document.querySelectorAll("details").forEach((each) => { each.open = true; });
  const root = document.documentElement;
  return [root.lang, document.querySelectorAll("h1").length, root.scrollWidth > innerWidth];
}"""


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the customs desk: what its pages are called by."""

    desk: Desk
    draft: str
    amended: str
    red: str
    examined: str
    gone: str
    run: str
    verify_code: str
    on_paper: str
    queued: str

    def pages(self, role: Role) -> Sequence[str]:
        """What is looked at as *role*."""
        of: Mapping[Role, Sequence[str]] = {
            Role.LIAISON: (
                "/worklist", "/find?number=INV-1", "/find?number=nowhere", "/declarations",
                f"/declarations/{self.draft}", f"/declarations/{self.draft}/editor",
                f"/declarations/{self.amended}", f"/declarations/{self.amended}/versions",
                f"/declarations/{self.gone}", "/inspections", f"/inspections/{self.red}",
                f"/inspections/{self.examined}", "/by-hand", f"/by-hand/{self.on_paper}",
                f"/by-hand/{self.queued}", "/certificates", "/exits", "/deadlines?within=1200",
                "/collections", "/permits", "/filing-rules", "/runs", f"/runs/{self.run}",
                "/batches", "/guarantee", "/guarantee/letters", "/payments", "/what-if",
                "/reference", "/reference/tariff?code=6109", "/opening", "/alarm", "/verify",
                f"/verify/{self.verify_code}",
            ),
            Role.MANAGER: (
                f"/declarations/{self.draft}", f"/declarations/{self.amended}", "/permits",
                "/filing-rules", "/guarantee/letters", "/opening", f"/by-hand/{self.on_paper}",
            ),
            Role.OFFICER: (
                "/worklist", f"/declarations/{self.gone}", f"/inspections/{self.red}",
                "/certificates",
            ),
        }  # fmt: skip
        return of[role]


@pytest.fixture
def day(arrange: Arrange, database: Engine) -> Day:
    """Half of everything is done, the other half waits for somebody."""
    with arrange() as work:
        desk = a_desk(work)
        house = desk.house
        liaison = somebody(work, house, Role.LIAISON)
        take_money(liaison, desk)
        ask(liaison, house)
        propose(liaison, somebody(work, house, Role.MANAGER), house)
        code = select(Paper.verify_code).where(Paper.subject == desk.entry.id)
        decided, queued = in_an_outage(liaison, somebody(work, house, Role.MANAGER), house)
        made = Day(
            desk,
            draft=a_refused_draft(work, house),
            amended=an_amended_entry(liaison, house),
            red=a_red_entry(work, house).reference_number,
            examined=an_examined_entry(liaison, house),
            gone=a_re_export(liaison, house),
            run=str(nightly.start(liaison, house.premises.id, RunKind.REHEARSAL).id),
            verify_code=str(work.session.exec(code).one()),
            on_paper=decided.reference_number,
            queued=queued.reference_number,
        )
        batches.ask(liaison, house.premises.id, work.today, BatchForm.ZIP)
    jobs.drain(database, wiring.jobs(Settings()))
    return made


def a_refused_draft(work: Work, house: House) -> str:
    """Customs refused it, and it is drafted again; a consignment cannot be drafted at all."""
    a_refused_consignment(work, house)
    goods = [(house.product, 4, "500"), (house.product, 1, "700")]
    declaration = sent(work, drafted(work, a_consignment(work, house, goods)))
    said = an_answer(work, declaration, AnswerKind.REJECTED)
    said = replace(said, errors=(Reason("D04", "Tariff Code Not Valid", 2),))
    answers.effects_of(declaration)[said.kind](work, declaration, said)
    return redrafting.redraft(work, declaration).reference_number


def an_amended_entry(work: Work, house: House) -> str:
    """A change is asked for, and waits for a second person."""
    entry = accepted(work, drafted(work, a_consignment(work, house, [(house.product, 2, "90")])))
    amending.draft(work, entry, [Correction("1", "brand", "ACME")], "The brand was missing")
    return entry.reference_number


def a_red_entry(work: Work, house: House) -> Declaration:
    """Customs wants to look at it."""
    entry = in_bond(work, house, [(house.product, 5, "300")])
    for kind in (AnswerKind.EXEMPT, AnswerKind.RED):
        tell(work, entry, kind)
    return entry


def an_examined_entry(work: Work, house: House) -> str:
    """An officer found one piece less."""
    entry = a_red_entry(work, house)
    officer = somebody(work, house, Role.OFFICER).actor.name
    found = Result(officer, {1: Decimal(4)}, a_photo(), "TH-0001", "TH-0002", "one is missing")
    inspecting.record(work, entry, found)
    return entry.reference_number


def a_re_export(work: Work, house: House) -> str:
    """Three of five pieces have left for Laos, and nobody has seen them at the border yet."""
    entry = in_bond(work, house, [(house.product, 5, "300")])
    parcel = work.session.exec(
        select(HandlingUnit.number).where(HandlingUnit.consignment_id == entry.consignment_id)
    ).one()
    (lot,) = lots_in(work, house, parcel)
    draft = DisposalDraft(
        DisposalKind.RE_EXPORT,
        house.premises.id,
        "ขายต่อไปเวียงจันทน์",
        [Wanted(lot.id, Decimal(3))],
        destination="VIENTIANE TRADING",
        country="LA",
    )
    disposal = disposing.request(work, draft)
    declaration = let_go(work, disposal)
    disposals.gather(work, disposal, parcel, scan_id=ids.new_id())
    disposing.let_go(work, disposal, seal="SEAL-1")
    return declaration.reference_number


def take_money(work: Work, desk: Desk) -> None:
    """A letter that waits, a payment that matches and one that does not, a parcel to pay for."""
    premises_id = desk.house.premises.id
    draft = LetterDraft("LG/2569-1", "ธนาคารกรุงไทย", Decimal(7_000_000), date(2026, 1, 1))
    letters.record(work, premises_id, draft)
    owed, reference = desk.release.total_tax, desk.release.reference_number
    for number, amount in (("R-1", owed), ("R-2", owed + 1)):
        paid = PaymentDraft(PaymentKind.DUTY, number, amount, work.at, reference)
        matching.capture(work, premises_id, paid)
    collecting.issue(
        work,
        Assessed(
            premises_id=premises_id,
            parcel_number="RR123456785CN",
            recipient_name="สมชาย ใจดี",
            recipient_address="99 ถนนแจ้งวัฒนะ กรุงเทพฯ",
            sender_name="SHENZHEN GOODS",
            sender_country="CN",
            description="เสื้อยืด",
            hs_code="61091010",
            statistical_code="000",
            origin_country="CN",
            quantity=Decimal(1),
            weight_kg=Decimal("0.650"),
            fob_baht=Decimal(30_000),
            value_baht=Decimal(31_300),
            import_date=work.today,
        ),
    )


def ask(work: Work, house: House) -> None:
    """More time for an entry, and an older warehouse's balance."""
    entry = in_bond(work, house, [(house.product, 1, "100")])
    assert entry.storage_ends_on is not None
    until = entry.storage_ends_on.replace(year=entry.storage_ends_on.year + 1)
    deadlines.ask_for_more(work, entry, until, "ฤดูกาลขายเลื่อน")
    row = {"owner": house.partner.code, "sku": house.product.sku, "location": "A1"}
    opening_balance.stage(
        work, house.premises.id, "old.csv", a_file(BAG | row, BAG | {"sku": "NONE"})
    )


def propose(work: Work, second: Work, house: House) -> None:
    """A rule and a permit that hold, and one each that waits for a second person."""
    for day in (work.today, work.today.replace(year=work.today.year + 1)):
        window = Window(time(22), time(4))
        rule = Rule(Approval.SECOND_PERSON, ("sku", "parcel"), most_packages=200, window=window)
        draft = RuleDraft(DocumentType.TRANSFER_OUT, rule, day, "บันทึกที่ 4/2569")
        proposed = filing_rules.record(work, house.premises.id, draft)
        allowed = permits.record(
            work,
            PermitDraft(
                house.partner.id, f"FDA-{day.year}", "AVX0001", TradeDirection.IMPORT, "33049930",
                "000", day, day, None, Decimal(500), "C62",
            ),
        )  # fmt: skip
        if day == work.today:
            filing_rules.approve(second, house.premises.id, proposed.id)
            permits.approve(second, allowed.id)


def in_an_outage(work: Work, second: Work, house: House) -> tuple[Declaration, Declaration]:
    """A number counts, and a release waits for a second person; of another one nothing is known."""
    for _ in range(outages.FAILURES_OF_AN_OUTAGE):
        outages.note_silence(work)
    decided, queued = (
        drafted(work, a_consignment(work, house, [(house.product, 1, "100")])) for _ in range(2)
    )
    assert decided is not None
    assert queued is not None
    officer = somebody(work, house, Role.OFFICER).actor.name
    accepted = Seen(HandDecisionKind.NUMBERED, officer, work.at, a_photo(), "81100691100001")
    on_paper.confirm(second, on_paper.record(work, decided, accepted))
    on_paper.record(work, decided, Seen(HandDecisionKind.RELEASED, officer, work.at, a_photo()))
    return decided, queued


def sign_in(page: Page, arrange: Arrange, person: Person, language: str = "en") -> None:
    with arrange() as work:
        work.session.get_one(Person, person.id).language = language
        token = people.a_session(work, person, csrf_token="token")
    page.goto("/livez")
    page.context.add_cookies([{"name": "session", "value": token, "url": page.url}])


def test_no_page_of_the_customs_desk_has_a_barrier_or_is_wider_than_a_phone(
    page: Page, arrange: Arrange, day: Day
) -> None:
    found = {}

    for role in (Role.LIAISON, Role.MANAGER, Role.OFFICER):
        with arrange() as work:
            person = people.a_person(work, role, premises_id=day.desk.house.premises.id)
        for language in ("th", "en"):
            sign_in(page, arrange, person, language)
            for path in day.pages(role):
                page.goto(path)
                seen = page.evaluate(OPENED)
                # The markup is the same in every language: once is enough for what takes longest.
                barriers = Axe().run(page).response["violations"] if language == "th" else []
                found[role, path, language] = (*seen, *(each["id"] for each in barriers))

    assert {key: seen for key, seen in found.items() if seen != (key[2], 1, False)} == {}


def test_a_draft_is_corrected_and_approved_by_two_people_by_keyboard_alone(
    page: Page, arrange: Arrange
) -> None:
    with arrange() as work:
        house = a_customs_house(work)
        rule = RuleDraft(DocumentType.IMPORT, Rule(Approval.SECOND_PERSON), work.today, "5/2569")
        proposed = filing_rules.record(work, house.premises.id, rule)
        filing_rules.approve(as_actor(work, house.clerk), house.premises.id, proposed.id)
        draft = drafted(work, a_consignment(work, house, [(house.product, 2, "500")]))
        assert draft is not None
        liaison, manager = (
            people.a_person(work, role, premises_id=house.premises.id)
            for role in (Role.LIAISON, Role.MANAGER)
        )
    sign_in(page, arrange, liaison)
    page.goto("/worklist")

    follow(page, draft.reference_number)
    follow(page, "Correct it")
    page.locator("#field-1-brand").press("Control+A")
    page.keyboard.type("ACME\n")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Declaration")
    expect(page.get_by_role("main")).to_contain_text("Corrected")
    sign_in(page, arrange, manager)
    page.goto("/worklist")
    follow(page, draft.reference_number)
    follow(page, "Approve and file")

    expect(page.locator(".headline .state")).to_have_text("Waiting to be sent")
    with arrange() as work:
        filed = work.session.get_one(Declaration, draft.id)
        (line,) = queries.lines(work.session, draft.id)
    assert (filed.drafted_by, filed.approved_by) == (liaison.username, manager.username)
    assert line.brand == "ACME"


def test_a_paper_is_compared_and_confirmed_by_keyboard_alone(page: Page, arrange: Arrange) -> None:
    with arrange() as work:
        house = a_customs_house(work)
        liaison, second = (somebody(work, house, role) for role in (Role.LIAISON, Role.MANAGER))
        decided, _ = in_an_outage(liaison, second, house)
        manager = work.session.get_one(Person, second.actor.id)
    sign_in(page, arrange, manager)
    page.goto("/worklist")

    follow(page, decided.reference_number)
    expect(page.get_by_role("img", name="The picture of the paper")).to_be_visible()
    follow(page, "It says the same as the picture: confirm")

    expect(page.get_by_role("main")).to_contain_text("Released")
    with arrange() as work:
        assert work.session.get_one(Declaration, decided.id).released_at is not None


def follow(page: Page, text: str) -> None:
    """Go to what says *text* by Tab, and press Enter there."""
    tab_to(page, text)
    with page.expect_navigation():
        page.keyboard.press("Enter")
