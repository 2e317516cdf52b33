"""What was, through the pages: as known then, timelines, differences, news, and advisories made again."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from tests.services.conftest import Clock, publish
from tests.web.conftest import NOW, Page, unrated
from tests.web.desk import Desk, csrf, dismiss, employ
from tests.web.test_roles import CAUTION
from travelrisk.domain.people import Role
from travelrisk.domain.proposals import Content
from travelrisk.intake.document import Document
from travelrisk.screening.engine import ENGINE
from travelrisk.services.desk import why
from travelrisk.services.proposals import drafting, publishing, signing
from travelrisk.services.proposals.signing import Seen
from travelrisk.services.trips import receiving
from travelrisk.store import ratings
from travelrisk.store.database import writing
from travelrisk.store.tables import advisories, trips
from travelrisk.web.app import create_app

MAIL = b"ET707 FRA ADD 12 Dec operated by Ethiopian Airlines\n1.GREEN/ALICE MS\n"
CONDITIONAL = "Recommended with conditions"
LEVELS = ("recommended", "not_recommended", "conditional")


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def desk(tmp_path: Path, clock: Clock) -> Iterator[Desk]:
    """Give three editions: recommended on the 23rd, not recommended on the 25th, conditional on the 27th."""
    app = unrated(tmp_path, clock)
    employ(app, alice=Role.FOCAL_POINT, bob=Role.FOCAL_POINT, dana=Role.AUDITOR, erin=Role.TRAVELLER)
    for number, level in enumerate(LEVELS):
        clock.at = NOW + timedelta(days=2 * number)
        publish(app, tmp_path, level)
        if not number:
            list(receiving.receive(app, Document(MAIL, "trip.txt"), recipient="frank@example.org"))
    clock.at = NOW + timedelta(days=6)
    yield Desk(app, create_app(app))
    app.engine.dispose()


def trip(desk: Desk) -> str:
    """Return the address of the trip."""
    with writing(desk.app.engine) as c:
        return f"/history/trips/{c.scalar(select(trips.c.reference))}"


def levels(page: Page) -> list[str]:
    """Return what stands in the list for the carrier."""
    return [
        " ".join(each.text_content().split())
        for each in page.all("//tr[.//a[contains(@href, '/ETH')]]//*[contains(@class, 'tr-level')]")
    ]


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("", CONDITIONAL),
        ("1", "Recommended"),
        ("2026-11-24", "Recommended"),
        ("2026-11-25", "Not recommended"),
        ("2", "Not recommended"),
        ("2026-11-27", CONDITIONAL),
    ],
)
def test_the_whole_list_is_shown_as_it_was_known(desk: Desk, when: str, said: str) -> None:
    page = desk.visitor("dana").get(f"/history?as_of={when}")
    assert levels(page) == [said]
    assert len(page.all("//tbody/tr")) == 3


def test_before_the_first_edition_nothing_was_known(desk: Desk) -> None:
    page = desk.visitor("dana").get("/history?as_of=2026-11-22")
    assert page.status == 200
    assert "Nothing had been published by 22 Nov 2026." in page.words
    assert not page.all("//tbody")


@pytest.mark.parametrize("when", ["soon", "4", "0", "2026-12-31"])
def test_a_moment_that_never_was_is_asked_again(desk: Desk, when: str) -> None:
    for address in ("/history", "/history/carrier/ETH"):
        page = desk.visitor("dana").get(f"{address}?as_of={when}")
        assert page.status == 422
        (field,) = page.all("//input[@id='as_of']")
        assert (field.get("value"), field.get("aria-invalid")) == (when, "true")
        assert page.all(f"//*[@id='{field.get('aria-describedby')}']")


def test_a_filter_and_a_moment_go_together(desk: Desk) -> None:
    page = desk.visitor("dana").get("/history?as_of=2&kind=airport&q=frankfurt")
    assert len(page.all("//tbody/tr")) == 1
    assert page.all("//tbody//a[@href='/history/airport/FRA?as_of=2']")


def test_a_timeline_says_who_when_why_and_field_by_field(desk: Desk) -> None:
    page = desk.visitor("dana").get("/history/carrier/ETH")
    assert [each.get("id") for each in page.all("//main//ol/li")] == ["edition-3", "edition-2", "edition-1"]
    newest = page.text("//li[@id='edition-3']")
    assert "27 Nov 2026, 18:00 UTC" in newest
    assert "Edition 3, bob, signed by charlie" in newest
    assert "import of ratings.toml" in newest
    cells = [each.text_content().strip() for each in page.all("//li[@id='edition-3']//td")]
    assert cells == ["Not recommended", CONDITIONAL]
    assert "Daylight only." in page.text("//li[@id='edition-1']")
    assert page.all("//a[@href='/history/state/ET']"), "what stands against its State is one step away"


@pytest.mark.parametrize(
    ("language", "who", "reason"),
    [
        ("fr", "bob, avec la signature de charlie", "importation de ratings.toml"),
        ("es", "bob, con la firma de charlie", "importación de ratings.toml"),
    ],
)
def test_who_published_what_and_why_is_told_in_the_language(
    desk: Desk, language: str, who: str, reason: str
) -> None:
    judged = f"{trip(desk).removeprefix('/history/')}?on=2026-11-28"
    for page in ("carrier/ETH", "differences?from=1&to=3", judged):
        words = desk.visitor("dana").get(f"/{language}/history/{page}").words
        assert who in words, page
        assert "signed by" not in words
        assert "import of" not in words
    assert reason in desk.visitor("dana").get(f"/{language}/history/carrier/ETH").words


def test_an_edition_from_the_desk_leads_to_its_change_and_back(desk: Desk) -> None:
    caution = Content("The oversight is in doubt.", (CAUTION,))
    change = drafting.draft(desk.app, "p-alice", caution)
    drafting.propose(desk.app, "p-alice", change.reference)
    with writing(desk.app.engine) as c:
        seen = Seen(change.content_sha256, ratings.current_edition(c))
    signing.sign(desk.app, "p-bob", change.reference, seen)
    publishing.publish(desk.app, "p-bob", change.reference)
    page = desk.visitor("dana").get("/history/state/ET")
    assert page.all(f"//li[@id='edition-4']//a[@href='/changes/{change.reference}']")
    assert "Why: The oversight is in doubt." in page.text("//li[@id='edition-4']")
    assert "Alice, signed by Bob" in page.text("//li[@id='edition-4']")
    shown = desk.visitor("dana").get(f"/changes/{change.reference}")
    assert shown.all("//main//a[@href='/history/state/ET']")


def test_a_timeline_leaves_out_what_was_not_known_yet(desk: Desk) -> None:
    visitor = desk.visitor("dana")
    page = visitor.get("/history/carrier/ETH?as_of=2026-11-26")
    assert [each.get("id") for each in page.all("//main//ol/li")] == ["edition-2", "edition-1"]
    assert "Nothing was on record by then." in visitor.get("/history/carrier/ETH?as_of=2026-11-22").words


def test_what_was_never_rated_is_told_in_neutral_words(desk: Desk) -> None:
    page = desk.visitor("dana").get("/history/carrier/DLH")
    assert page.status == 200
    assert "not rated. That says nothing against it." in page.words


@pytest.mark.parametrize("address", ["/history/carrier/QQQ", "/history/ship/ETH", "/history/airport/eth"])
def test_what_does_not_exist_has_no_timeline(desk: Desk, address: str) -> None:
    assert desk.visitor("dana").get(address).status == 404


def test_a_subject_is_found_by_a_few_words(desk: Desk) -> None:
    visitor = desk.visitor("dana")
    found = visitor.get("/history/find?kind=carrier&text=Ethiopian+Airlines")
    assert found.response.headers["Location"] == "/history/carrier/ETH"
    several = visitor.get("/history/find?kind=airport&text=London")
    assert several.all("//main//a[@href='/history/airport/LHR']")
    assert visitor.get("/history/find?kind=carrier&text=nobody").status == 422
    assert visitor.get("/history/find?kind=nonsense&text=").status == 422
    assert visitor.get("/history/find").status == 200


def test_two_editions_are_compared_with_what_led_from_one_to_the_other(desk: Desk) -> None:
    page = desk.visitor("dana").get("/history/differences?first=1&last=3")
    assert "Records that differ: 1." in page.words
    assert [each.text_content().strip() for each in page.all("//main//td")] == ["Recommended", CONDITIONAL]
    assert len(page.all("//main//ol/li")) == 2
    assert page.all("//a[@href='/history/differences?first=1&last=2']")
    assert "Nothing differs." not in page.words


def test_many_editions_and_many_records_are_cut_into_pages(desk: Desk, tmp_path: Path) -> None:
    for level in ("recommended", "conditional") * 24:
        publish(desk.app, tmp_path, level)
    visitor = desk.visitor("dana")
    page = visitor.get("/history/differences")
    assert len(page.all("//main//ol/li")) == 50
    (after,) = page.all("//a[@rel='next']/@href")
    rest = visitor.get(after)
    assert len(rest.all("//main//ol/li")) == 1
    whole = visitor.get("/history/differences?first=0&last=51")
    assert len(whole.all("//main//ol/li")) == 51
    assert "Records that differ: 3." in whole.words
    news = visitor.get("/history/news")
    assert len(news.all("//main//ol/li")) == 20
    assert "Older editions not shown here: 31." in news.words
    assert news.all("//a[@href='/history/differences?first=0&last=51']")


def test_without_numbers_every_edition_is_listed(desk: Desk) -> None:
    page = desk.visitor("dana").get("/history/differences")
    assert len(page.all("//main//ol/li")) == 3
    assert page.all("//a[@href='/history?as_of=2']")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("first=3&last=1", "first"),
        ("first=2&last=2", "first"),
        ("first=x&last=2", "first"),
        ("first=1", "last"),
        ("first=1&last=9", "last"),
        ("first=1&last=9999999999", "last"),
    ],
)
def test_editions_that_cannot_be_compared_are_asked_again(desk: Desk, query: str, field: str) -> None:
    page = desk.visitor("dana").get(f"/history/differences?{query}")
    assert page.status == 422
    assert page.all(f"//input[@id='{field}' and @aria-invalid='true']")


def test_what_is_new_is_kept_for_each_person_and_only_when_they_say_so(desk: Desk) -> None:
    for _ in range(2):
        page = desk.visitor("dana").get("/history/news")
        assert len(page.all("//main//ol/li")) == 3, "looking is not yet having seen"
    (newest,) = page.all("//input[@name='edition']/@value")
    assert page.text("//main//button").endswith("up to edition 3")
    visitor = desk.visitor("dana")
    token = csrf(visitor.get("/history/news"))
    assert visitor.post("/history/seen", data={"csrf_token": token, "edition": newest}).status == 303
    assert "Nothing was published since you last looked." in visitor.get("/history/news").words
    assert len(desk.visitor("alice").get("/history/news").all("//main//ol/li")) == 3


def test_what_was_published_after_the_page_was_made_is_not_marked(desk: Desk, tmp_path: Path) -> None:
    visitor = desk.visitor("alice")
    token = csrf(visitor.get("/history/news"))
    publish(desk.app, tmp_path, "recommended")
    visitor.post("/history/seen", data={"csrf_token": token, "edition": "3"})
    assert [each.get("id") for each in visitor.get("/history/news").all("//main//ol/li")] == ["edition-4"]


def test_an_older_page_does_not_unsee(desk: Desk) -> None:
    visitor = desk.visitor("alice")
    token = csrf(visitor.get("/history/news"))
    for edition in ("3", "1"):
        assert visitor.post("/history/seen", data={"csrf_token": token, "edition": edition}).status == 303
    assert not visitor.get("/history/news").all("//main//ol/li")


@pytest.mark.parametrize("edition", ["4", "0", "x", ""])
def test_an_edition_that_is_not_there_cannot_be_seen(desk: Desk, edition: str) -> None:
    visitor = desk.visitor("alice")
    token = csrf(visitor.get("/history/news"))
    assert visitor.post("/history/seen", data={"csrf_token": token, "edition": edition}).status == 404


def test_an_old_advisory_is_made_again_and_is_equal(desk: Desk) -> None:
    reference = trip(desk).rpartition("/")[2]
    visitor = desk.visitor("dana")
    asked = visitor.get(f"/history/trips?reference=+{reference.lower()}+&on=2026-11-24")
    assert asked.response.headers["Location"] == f"/history/trips/{reference}?on=2026-11-24"
    page = visitor.get(asked.response.headers["Location"])
    replay = page.text("//div[@id='replay']")
    assert replay.startswith("Made again: equal")
    assert "Cleared" in page.text("//table//td[2]")
    assert "Published after it was judged" not in page.words
    later = visitor.get(f"/history/trips/{reference}?on=2026-11-28")
    assert "Edition 3, bob, signed by charlie" in later.words, "nobody had judged it again"
    (link,) = page.all("//table//th/a/@href")
    assert visitor.get(link).text("//div[@id='replay']") == replay


def test_who_travels_is_not_told(desk: Desk) -> None:
    known = why.why(desk.app, trip(desk).rpartition("/")[2], NOW.date())
    assert [each.surname for each in known.itinerary.travellers] == ["GREEN"]
    page = desk.visitor("dana").get(f"{trip(desk)}?on=2026-11-24")
    assert "FRA-ADD" in page.words
    assert "frank@example.org" not in page.response.get_data(as_text=True)
    assert "GREEN" not in page.words.upper()


def tampered(desk: Desk, was: str, now: str) -> None:
    """Change what is stored, which the database itself refuses as long as its triggers stand."""
    with writing(desk.app.engine) as c:
        c.exec_driver_sql("DROP TRIGGER advisories_no_update")
        c.execute(update(advisories).values(body=func.replace(advisories.c.body, was, now)))


def test_an_advisory_that_was_tampered_with_is_not_equal(desk: Desk) -> None:
    tampered(desk, '"matched":"Ethiopian Airlines (ET)"', '"matched":"Ethiopian Airlines (XX)"')
    page = desk.visitor("dana").get(f"{trip(desk)}?on=2026-11-24")
    assert page.text("//div[@id='replay']").startswith("Made again: not equal")
    assert "something that was stored has been changed" in page.words
    assert "As it is made again now" in page.words


def test_rules_that_changed_since_are_named(desk: Desk) -> None:
    tampered(desk, f'"engine":"{ENGINE}"', '"engine":"of-then"')
    page = desk.visitor("dana").get(f"{trip(desk)}?on=2026-11-24")
    assert "then it was version of-then" in page.text("//div[@id='replay']")


@pytest.mark.parametrize(
    ("day", "says"),
    [("2026-11-22", "had not been judged"), ("2027-01-01", "Write a day"), ("soon", "Write a day")],
)
def test_a_day_without_an_answer_is_told(desk: Desk, day: str, says: str) -> None:
    page = desk.visitor("dana").get(f"{trip(desk)}?on={day}")
    assert page.status == 422
    assert says in page.text("//div[@role='alert']")


def test_a_trip_that_is_not_there_is_told(desk: Desk) -> None:
    visitor = desk.visitor("dana")
    for reference in ("", "TR-AAAAAA"):
        page = visitor.get(f"/history/trips?reference={reference}")
        assert page.status == 422
        assert "Write the reference of a trip that there is" in page.words
    assert visitor.get("/history/trips/TR-AAAAAA").status == 404
    for number in ("99", "x", "9" * 30):
        assert visitor.get(f"{trip(desk)}?advisory={number}").status == 404


def test_an_auditor_reads_everything_and_changes_nothing(desk: Desk) -> None:
    visitor = desk.visitor("dana")
    for address in ("/history", "/history/carrier/ETH", "/history/differences?first=1&last=3", trip(desk)):
        page = visitor.get(address)
        assert page.status == 200
        assert not page.all("//main//form[@method='post']")
        assert not page.all("//a[starts-with(@href, '/changes/new')]")
    for nobody in ("erin", ""):
        assert desk.visitor(nobody).get("/history").status in {404, 303}
    dismiss(desk.app, "dana")
    assert visitor.get("/history").status == 303
