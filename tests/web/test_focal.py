"""A change from draft to published through the pages: who may do what, what is said, and what is refused."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.web.conftest import NOW, Page, evening
from tests.web.desk import Desk, csrf, employ
from travelrisk.domain.people import Role
from travelrisk.domain.proposals import Content, Proposal, Status
from travelrisk.intake.document import Document
from travelrisk.services.desk import lookups as services
from travelrisk.services.proposals import drafting
from travelrisk.services.trips import receiving
from travelrisk.store import ratings as store
from travelrisk.store import trips
from travelrisk.store.database import reading, writing
from travelrisk.web.app import create_app

STATE = "/changes/new?subject=state:ET&what=caution"
CAUTION = {
    "effect": "review",
    "text_en": "The authority's oversight is under review.",
    "valid_from": "2026-11-23",
    "valid_until": "2027-06-30",
    "exceptions": "ETH",
    "source-0-title": "Notice of the authority",
    "source-0-retrieved_on": "2026-11-20",
    "why": "The oversight is in doubt.",
}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Give a service with the ratings of the demonstration, three focal points and an auditor."""
    app = evening(tmp_path)
    focal = dict.fromkeys(("alice", "bob", "charlie"), Role.FOCAL_POINT)
    employ(app, **focal, dana=Role.AUDITOR, erin=Role.TRAVELLER)
    yield Desk(app, create_app(app))
    app.engine.dispose()


def send(desk: Desk, who: str, on: str, path: str = "", **fields: object) -> Page:
    """Open a page as somebody, and send the form on it that goes to *path*, with what it holds hidden."""
    visitor = desk.visitor(who)
    page = visitor.get(on)
    form = f"//form[@method='post' and @action='{path or on}']//input[@type='hidden']"
    hidden = {each.get("name"): each.get("value") for each in page.all(form)}
    assert page.status == 200, page.words
    return visitor.post(path or on, data={"csrf_token": csrf(page)} | hidden | fields)


def drafted(desk: Desk, who: str = "alice", **fields: object) -> str:
    """Draft the caution and return the address of its page."""
    sent = send(desk, who, STATE, STATE, **(CAUTION | fields))
    assert sent.status == 303, sent.words
    return str(sent.response.headers["Location"])


def act(desk: Desk, who: str, change: str, what: str, **fields: object) -> Page:
    return send(desk, who, change, f"{change}/{what}", **fields)


def kept(desk: Desk, change: str) -> Proposal:
    return services.kept(desk.app, change.rpartition("/")[2]).proposal


def test_a_caution_on_a_state_goes_from_draft_to_published(desk: Desk) -> None:
    change = drafted(desk)
    page = desk.visitor("alice").get(change)
    assert "Ethiopia (ET)" in page.text("//h1")
    assert "You cannot sign your own." in page.words
    assert "Review needed" in page.words
    assert act(desk, "alice", change, "propose").status == 303
    assert "Ethiopia" in desk.visitor("bob").get("/queue").text("//main//table")
    assert act(desk, "bob", change, "sign", note="I read the notice.").status == 303
    signed = desk.visitor("bob").get(change)
    assert "Signed by Bob." in signed.words
    assert send(desk, "bob", f"{change}/publish").status == 303
    published = desk.visitor("dana").get(change)
    assert "I read the notice." in published.words
    assert published.all("//a[@href='/ratings/state/ET']")
    assert kept(desk, change).status is Status.PUBLISHED


def test_a_journey_in_the_effect_leads_to_how_it_was_judged(desk: Desk) -> None:
    document = Document(b"ET 707 FRA ADD 12 Dec", "trip.txt", "text/plain")
    (received,) = receiving.receive(desk.app, document, recipient="tara@example.org")
    assert received.trip is not None
    change = drafted(desk, exceptions="", effect="not_cleared")
    page = desk.visitor("bob").get(change)
    address = f"/history/trips/{received.trip.reference}"
    assert page.text(f"//main//table//a[@href='{address}']") == received.trip.reference
    assert desk.visitor("bob").get(address).status == 200


def test_where_too_few_people_may_sign_the_page_says_so(desk: Desk) -> None:
    change = drafted(desk)
    assert "too few people" not in desk.visitor("alice").get(change).words
    demand = replace(desk.app.policy.policy.signoffs, tightening=3, loosening=4)
    policy = replace(desk.app.policy.policy, signoffs=demand)
    strict = replace(desk.app, policy=replace(desk.app.policy, policy=policy))
    page = Desk(strict, create_app(strict)).visitor("alice").get(change)
    assert "It can be signed by Bob, Charlie. These are too few people: ask an administrator" in page.words


def test_the_author_never_signs(desk: Desk) -> None:
    change = drafted(desk)
    act(desk, "alice", change, "propose")
    page = desk.visitor("alice").get(change)
    assert not page.all(f"//form[@action='{change}/sign']")
    proposal = kept(desk, change)
    forged = {"version": proposal.version, "content": proposal.content_sha256, "edition": 1}
    refused = send(desk, "alice", change, f"{change}/sign", **forged)
    assert refused.status == 403
    assert "You cannot sign your own: a second person must look at it" in refused.words
    assert kept(desk, change).signatures == ()


def test_no_cell_of_the_queue_is_empty(desk: Desk) -> None:
    of_no_single_subject = Content("It no longer flies.", (), ("demo-carrier-ual",))
    proposal = drafting.draft(desk.app, "p-alice", of_no_single_subject)
    drafting.propose(desk.app, "p-alice", proposal.reference)
    page = desk.visitor("bob").get("/queue")
    assert proposal.reference in page.words
    assert all("".join(each.itertext()).strip() for each in page.all("//main//table//tbody//td"))


def test_an_auditor_sees_and_does_nothing(desk: Desk) -> None:
    change = drafted(desk)
    act(desk, "alice", change, "propose")
    visitor = desk.visitor("dana")
    page = visitor.get(change)
    assert page.status == 200
    assert not page.all("//main//form")
    token = csrf(desk.visitor("dana").get("/account"))
    for what in ("sign", "return", "countersign", "propose", "withdraw", "publish"):
        assert visitor.post(f"{change}/{what}", data={"csrf_token": token}).status in {400, 403, 404, 409}
    assert kept(desk, change).status is Status.PROPOSED


def test_a_stranger_and_a_traveller_find_nothing(desk: Desk) -> None:
    change = drafted(desk)
    for address in ("/queue", "/changes", change, f"{change}/edit"):
        assert desk.visitor().get(address).response.headers["Location"].startswith("/sign-in?next=")
        assert desk.visitor("erin").get(address).status == 404
    assert not desk.visitor("erin").get("/account").all("//a[@href='/queue']")
    assert desk.visitor("dana").get("/account").all("//a[@href='/queue']")


@pytest.mark.threat(8)
@pytest.mark.parametrize("what", ["propose", "withdraw", "sign", "return", "publish", "edit"])
def test_no_form_is_taken_without_its_token(what: str, desk: Desk) -> None:
    change = drafted(desk)
    who = "bob" if what in {"sign", "return"} else "alice"
    assert desk.visitor(who).post(f"{change}/{what}", data={"version": 1}).status == 400
    assert kept(desk, change).status is Status.DRAFT


def test_a_lost_update_shows_both_versions_and_keeps_nothing(desk: Desk) -> None:
    change = drafted(desk)
    stale = desk.visitor("alice")
    form = stale.get(f"{change}/edit")
    hidden = {each.get("name"): each.get("value") for each in form.all("//main//input[@type='hidden']")}
    assert send(desk, "alice", f"{change}/edit", **CAUTION | {"text_en": "Saved first."}).status == 303
    refused = stale.post(f"{change}/edit", data=hidden | CAUTION | {"text_en": "Saved later."})
    assert refused.status == 409
    assert "Saved first." in refused.words
    assert "Saved later." in refused.text("//main//table")
    assert kept(desk, change).version == 2
    again = {each.get("name"): each.get("value") for each in refused.all("//form//input[@type='hidden']")}
    taken = stale.post(f"{change}/edit", data=again | CAUTION | {"text_en": "Saved later."})
    assert taken.status == 303


def test_who_signs_what_was_edited_meanwhile_signs_nothing(desk: Desk) -> None:
    change = drafted(desk)
    act(desk, "alice", change, "propose")
    visitor = desk.visitor("bob")
    page = visitor.get(change)
    form = f"//form[@action='{change}/sign']//input[@type='hidden']"
    looked_at = {each.get("name"): each.get("value") for each in page.all(form)}
    send(desk, "alice", f"{change}/edit", **CAUTION | {"exceptions": ""})
    act(desk, "alice", change, "propose")
    refused = visitor.post(f"{change}/sign", data=looked_at)
    assert refused.status == 409
    assert "Nothing was done: look again" in refused.words
    assert kept(desk, change).signatures == ()


def test_a_proposal_is_returned_with_a_reason_only(desk: Desk) -> None:
    change = drafted(desk)
    act(desk, "alice", change, "propose")
    refused = act(desk, "bob", change, "return", note=" ")
    assert refused.status == 422
    assert refused.all("//a[@href='#note-return']")
    assert act(desk, "bob", change, "return", note="Name the notice.").status == 303
    assert "Name the notice." in desk.visitor("alice").get(change).words
    assert "Returned, with what should be different." in desk.visitor("alice").get("/queue").words


def test_signatures_lapse_when_another_edition_is_published_and_the_page_says_so(desk: Desk) -> None:
    first, second = drafted(desk), drafted(desk, text_en="Another one.")
    for change in (first, second):
        act(desk, "alice", change, "propose")
        act(desk, "bob", change, "sign")
    send(desk, "bob", f"{first}/publish")
    page = desk.visitor("charlie").get(second)
    assert page.text("//dl[1]//strong") == "Signatures have lapsed: to be signed again"
    row = desk.visitor("charlie").get("/changes").text(f"//tbody/tr[.//a[@href='{second}']]")
    assert "Signatures have lapsed" in row
    assert not page.all(f"//a[@href='{second}/publish']")
    assert "cannot be published now" in desk.visitor("charlie").get(f"{second}/publish").words
    assert act(desk, "charlie", second, "sign").status == 303
    assert send(desk, "charlie", f"{second}/publish").status == 303


def test_how_many_get_a_letter_and_which_is_seen_before_it_is_published(desk: Desk) -> None:
    for number, name in enumerate(("tara", "Tara", "theo"), 10):
        document = Document(f"ET 707 FRA ADD {number} Dec".encode(), "trip.txt", "text/plain")
        list(receiving.receive(desk.app, document, recipient=f"{name}@example.org"))
    change = drafted(desk, urgent="1", effect="not_cleared", exceptions="")
    asked = desk.visitor("alice").get(f"{change}/publish-at-once")
    assert "People who will get a letter: 2." in asked.words, asked.words
    letters = {each.get("lang"): each.text_content() for each in asked.all("//details//pre")}
    assert list(letters) == ["en", "fr", "es"]
    for text, word in zip(
        letters.values(), ("not cleared", "avis défavorable", "sin visto bueno"), strict=True
    ):
        assert word in text
    page = asked.response.get_data(as_text=True)
    with reading(desk.app.engine) as c:
        tokens = [trips.by_id(c, number).token for number in (1, 2, 3)]
    assert not [each for each in tokens if each in page], "a preview opens nobody's trip"
    assert send(desk, "alice", f"{change}/publish-at-once").status == 303
    assert not desk.visitor("dana").get(f"{change}/publish-at-once").all("//details//pre")


def test_an_urgent_tightening_is_published_at_once_and_countersigned(desk: Desk) -> None:
    change = drafted(desk, urgent="1")
    asked = desk.visitor("alice").get(f"{change}/publish-at-once")
    assert len(asked.all("//main//form//button")) == 1
    assert asked.all(f"//main//a[@href='{change}']")
    assert send(desk, "alice", f"{change}/publish-at-once").status == 303
    assert "Published at once" in desk.visitor("bob").get("/queue").words
    auditor = desk.visitor("dana")
    told = [change, "/history/differences", "/history/state/ET", "/history/news"]
    for page in told:
        assert "must countersign it by 24 Nov 2026, 18:00 UTC" in auditor.get(page).words
    assert act(desk, "bob", change, "countersign").status == 303
    assert not kept(desk, change).is_open_for_countersigning
    for page in told:
        assert "countersigned by Bob on 23 Nov 2026, 18:00 UTC" in auditor.get(page).words
        assert "must countersign" not in auditor.get(page).words
    assert "Signed by" not in auditor.get(change).words


def test_an_author_withdraws(desk: Desk) -> None:
    change = drafted(desk)
    assert act(desk, "alice", change, "withdraw").status == 303
    page = desk.visitor("alice").get(change)
    assert "Withdrawn" in page.words
    assert page.all("//main//form") == []


def test_the_end_of_a_record_is_called_by_its_subject_wherever_it_waits(desk: Desk) -> None:
    on = "/changes/new?subject=airspace:ET-NORTH&what=end&record=easa-note-et"
    sent = send(desk, "alice", on, on, why="Replaced by a newer note.")
    address = str(sent.response.headers["Location"])
    shown = desk.visitor("alice").get(address)
    assert shown.all("//h1/bdi/text()") == ["Ethiopia north of 8.5°N (ET-NORTH)"]
    send(desk, "alice", address, f"{address}/propose")
    for page in ("/changes", "/queue?kind=sign"):
        line = " ".join(desk.visitor("bob").get(page).all("//tbody/tr[1]//text()"))
        assert "(ET-NORTH)" in line
        assert "Replaced by a newer note." in line


def test_a_change_says_whether_a_country_or_the_carriers_of_its_authority_are_meant(desk: Desk) -> None:
    shown = desk.visitor("alice").get(drafted(desk))
    assert shown.all("//h1/bdi/text()") == ["Ethiopia (ET), State of the operator"]
    assert desk.visitor("alice").get("/fr" + STATE).all("//h1/bdi/text()") == [
        "Éthiopie (ET), État de l'exploitant"
    ]


def test_a_refused_form_of_the_desk_says_that_nothing_was_done(desk: Desk) -> None:
    sent = send(desk, "alice", STATE, STATE, **(CAUTION | {"why": ""}))
    assert sent.all("//h2[@id='errors-title']/text()") == ["This could not be done"]


def test_french_ties_the_colon_of_a_heading_to_its_word(desk: Desk) -> None:
    heading = "".join(desk.visitor("alice").get("/fr" + STATE).all("//h1//text()"))
    assert heading.startswith("Mise en garde\N{NO-BREAK SPACE}: Éthiopie")


def test_a_draft_says_that_its_record_has_ended_only_where_it_had_one(desk: Desk) -> None:
    gone, alice = "has ended since", desk.visitor("alice")
    assert gone not in alice.get(f"{drafted(desk)}/edit").words, "a new one never was on record"
    on = "/changes/new?subject=airspace:ET-NORTH&what=caution&record=easa-note-et"
    sent = send(desk, "alice", on, on, **CAUTION, scope_movement="any")
    change = str(sent.response.headers["Location"])
    assert gone not in alice.get(f"{change}/edit").words
    with writing(desk.app.engine) as c:
        store.publish(c, opened=(), closed=["easa-note-et"], actor="Bob", note="a test", at=NOW)
    assert gone in alice.get(f"{change}/edit").words
