"""Exceptions through the pages: asked for from a trip, decided by an approver, and seen by nobody else."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.conftest import Page, evening
from tests.web.desk import Desk, csrf, employ
from travelrisk.domain.people import Role
from travelrisk.domain.proposals import Proposal, Status
from travelrisk.intake.document import Document
from travelrisk.services.desk import lookups as services
from travelrisk.services.exceptions import deciding
from travelrisk.services.ratings import records
from travelrisk.services.trips import receiving
from travelrisk.services.trips.known_routes import import_routes
from travelrisk.web.app import create_app

NEW = "/exceptions/new"
WRITTEN = {
    "need": "The clinic opens on 14 December.",
    "alternatives_tried": "Nobody else flies there that week.",
    "mitigation": "Two travel together.",
    "conditions_en": "Daylight only.",
}
BLANKET = WRITTEN | {
    "kind": "blanket",
    "carrier": "UM",
    "office": "Nairobi",
    "valid_from": "2026-12-01",
    "valid_until": "2026-12-31",
}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Give a service with the ratings of the demonstration, and staff of every kind."""
    app = evening(tmp_path)
    employ(app, alice=Role.TRAVELLER, bob=Role.FOCAL_POINT, charlie=Role.TRAVELLER, dana=Role.AUDITOR)
    employ(app, frank=Role.APPROVER, grace=Role.APPROVER, heidi=Role.TRAVEL_UNIT, ivan=Role.ADMIN)
    yield Desk(app, create_app(app))
    app.engine.dispose()


def trip(desk: Desk, flown: str = "UM 462 FRA JFK 12 Dec operated by Air Zimbabwe") -> tuple[str, str]:
    """Receive a trip and return its reference and token."""
    document = Document(flown.encode(), "trip.txt", "text/plain")
    (received,) = receiving.receive(desk.app, document, recipient="alice@example.org")
    assert received.trip is not None
    return received.trip.reference, received.trip.token


def fields_of(page: Page) -> dict[str, str]:
    """Return what stands in the form on a page, hidden fields included."""
    form = "//main//form[contains(@class, 'tr-editor')]"
    inputs = {each.get("name"): each.get("value") or "" for each in page.all(f"{form}//input")}
    areas = {each.get("name"): each.text or "" for each in page.all(f"{form}//textarea")}
    inputs.pop("csrf_token")
    return inputs | areas | {"kind": page.all(f"{form}//input[@name='kind' and @checked]/@value")[0]}


def asked(desk: Desk, who: str = "heidi", **more: str) -> str:
    """Draft a blanket request and send it, and return the address of its page."""
    drafted = send(desk, who, NEW, NEW, **(BLANKET | more))
    assert drafted.status == 303, drafted.words
    one = str(drafted.response.headers["Location"])
    assert act(desk, who, one, "propose").status == 303
    return one


def send(desk: Desk, who: str, on: str, path: str, **fields: object) -> Page:
    """Open a page as somebody, and send the form on it that goes to *path*, with what it holds hidden."""
    visitor = desk.visitor(who)
    page = visitor.get(on)
    assert page.status == 200, page.words
    form = f"//form[@method='post' and @action='{path}']//input[@type='hidden']"
    hidden = {each.get("name"): each.get("value") for each in page.all(form)}
    return visitor.post(path, data={"csrf_token": csrf(page)} | hidden | fields)


def act(desk: Desk, who: str, one: str, what: str, **fields: object) -> Page:
    return send(desk, who, one, f"{one}/{what}", **fields)


def kept(desk: Desk, one: str) -> Proposal:
    return services.kept(desk.app, one.rpartition("/")[2]).proposal


def test_the_form_is_filled_from_the_trip_that_leads_to_it(desk: Desk) -> None:
    reference, token = trip(desk)
    seen = "LH 400 FRA JFK 13 Dec operated by Lufthansa"
    trip(desk, seen)
    page = desk.visitor("heidi").get(f"/trips/{token}")
    (link,) = page.all("//main//a[starts-with(@href, '/exceptions/new')]/@href")
    form = desk.visitor("heidi").get(link)
    fields = fields_of(form)
    assert (fields["trip"], fields["carrier"], fields["kind"]) == (reference, "AZW", "ad_hoc")
    assert (fields["route"], fields["valid_from"]) == ("FRA-JFK", "2026-12-12")
    assert fields["valid_until"] == "2026-12-13"
    assert "Lufthansa (LH)" in fields["alternatives_tried"]
    assert "not an assessment of availability" in fields["alternatives_tried"]
    assert "Zimbabwe" not in fields["alternatives_tried"]


def test_the_form_names_ways_that_are_judged_better_too(desk: Desk, tmp_path: Path) -> None:
    _, token = trip(desk, "UM 462 HRE JNB 12 Dec operated by Air Zimbabwe")
    on = f"/fr{NEW}?trip={token}"
    before = fields_of(desk.visitor("heidi").get(on))["alternatives_tried"]
    assert "Au lieu de" not in before
    table = tmp_path / "routes.csv"
    table.write_text("carrier,from,to\nKQ,HRE,JNB\nUM,HRE,JNB\n", "utf-8")
    import_routes(desk.app, table)
    seen, better = fields_of(desk.visitor("heidi").get(on))["alternatives_tried"].splitlines()
    assert seen == before
    assert better.startswith("Au lieu de HRE-JNB, 12 déc. 2026 (avis défavorable), mieux évalués")
    assert better.endswith("HRE-JNB, Kenya Airways (KQ)\N{NO-BREAK SPACE}: avis favorable.")


def test_a_request_for_a_trip_goes_from_its_page_to_the_decision(desk: Desk) -> None:
    reference, token = trip(desk)
    on = f"{NEW}?trip={token}"
    filled = fields_of(desk.visitor("heidi").get(on))
    drafted = send(desk, "heidi", on, on, **(filled | WRITTEN))
    one = str(drafted.response.headers["Location"])
    assert "Who may decide: Frank, Grace." in desk.visitor("heidi").get(one).words
    assert act(desk, "heidi", one, "propose").status == 303
    queue = desk.visitor("frank").get("/queue")
    assert queue.all(f"//main//table//a[@href='{one}']")
    page = desk.visitor("frank").get(one)
    assert reference in page.text("//main//table[.//caption]")
    assert "Not cleared" in page.words
    assert act(desk, "frank", one, "approve", note="Agreed.").status == 303
    assert kept(desk, one).status is Status.PUBLISHED
    told = desk.visitor("heidi").get(one)
    assert "Frank" in told.text("//main//dl[1]")
    assert "Agreed." in told.words


def test_a_refusal_is_read_by_whoever_asked_and_asked_anew(desk: Desk) -> None:
    one = asked(desk)
    refused = act(desk, "frank", one, "refuse", note=" ")
    assert refused.status == 422
    assert refused.all("//a[@href='#note-refuse']")
    assert act(desk, "frank", one, "refuse", note="Go by train.").status == 303
    page = desk.visitor("heidi").get(one)
    assert "Why it was refused Go by train." in page.words
    form = fields_of(desk.visitor("heidi").get(f"{one}/edit"))
    edited = send(desk, "heidi", f"{one}/edit", f"{one}/edit", **(form | {"need": "There is no train."}))
    assert edited.status == 303
    assert act(desk, "heidi", one, "propose").status == 303
    assert act(desk, "grace", one, "approve").status == 303


def test_nobody_else_sees_it_and_those_of_the_desk_do(desk: Desk) -> None:
    one = asked(desk, "alice")
    for name in ("charlie", "heidi", "ivan"):
        assert desk.visitor(name).get(one).status == 404, name
        assert one not in str(desk.visitor(name).get("/exceptions").response.data)
    for name in ("alice", "bob", "dana", "frank"):
        assert desk.visitor(name).get(one).status == 200, name
        assert desk.visitor(name).get("/exceptions").all(f"//main//a[@href='{one}']"), name
    assert desk.visitor().get(one).response.headers["Location"].startswith("/sign-in?next=")


def test_whoever_asks_for_an_office_does_not_read_who_of_it_goes_where(desk: Desk) -> None:
    document = Document(b"UM 462 FRA JFK 12 Dec operated by Air Zimbabwe", "trip.txt", "text/plain")
    (received,) = receiving.receive(desk.app, document, recipient="zoe@example.org", office="Nairobi")
    assert received.trip is not None
    one = asked(desk, "charlie")
    for name, sees in (("charlie", False), ("bob", True), ("frank", True)):
        page = desk.visitor(name).get(one)
        assert bool(page.all("//main//table")) is sees, name
        assert (received.trip.reference in page.words) is sees, name


@pytest.mark.parametrize("what", ["propose", "withdraw", "approve", "refuse", "end"])
@pytest.mark.parametrize("who", ["charlie", "dana", "heidi"])
def test_who_may_not_do_it_does_nothing_to_it(desk: Desk, who: str, what: str) -> None:
    one = asked(desk, "alice")
    before = kept(desk, one)
    visitor = desk.visitor(who)
    token = csrf(visitor.get("/account"))
    seen = {"version": before.version, "content": before.content_sha256, "edition": 1, "note": "x"}
    assert visitor.post(f"{one}/{what}", data={"csrf_token": token} | seen).status in {403, 404, 409}
    assert kept(desk, one) == before


def test_an_approver_never_decides_on_their_own(desk: Desk) -> None:
    one = asked(desk, "frank")
    page = desk.visitor("frank").get(one)
    assert not page.all(f"//form[@action='{one}/approve']")
    forged = {"version": kept(desk, one).version, "content": kept(desk, one).content_sha256, "edition": 1}
    visitor = desk.visitor("frank")
    refused = visitor.post(f"{one}/approve", data={"csrf_token": csrf(visitor.get(one))} | forged)
    assert refused.status == 403
    assert kept(desk, one).signatures == ()


def test_who_approves_what_was_rewritten_meanwhile_decides_nothing(desk: Desk) -> None:
    one = asked(desk)
    visitor = desk.visitor("frank")
    form = f"//form[@action='{one}/approve']//input[@type='hidden']"
    looked_at = {each.get("name"): each.get("value") for each in visitor.get(one).all(form)}
    fields = fields_of(desk.visitor("heidi").get(f"{one}/edit"))
    send(desk, "heidi", f"{one}/edit", f"{one}/edit", **(fields | {"office": "Amman"}))
    act(desk, "heidi", one, "propose")
    refused = visitor.post(f"{one}/approve", data=looked_at)
    assert refused.status == 409
    assert "Nothing was done: look again" in refused.words
    assert kept(desk, one).signatures == ()


def test_every_fault_is_tied_to_its_field_and_what_was_typed_stays(desk: Desk) -> None:
    wrong = {"carrier": "Nobody", "valid_until": "2026-11-30", "office": "", "need": ""}
    page = send(desk, "heidi", NEW, NEW, **(BLANKET | wrong))
    assert page.status == 422
    links = page.all("//div[contains(@class, 'tr-errors')]//a/@href")
    assert links == ["#carrier", "#office", "#valid_until", "#need"]
    assert fields_of(page)["mitigation"] == WRITTEN["mitigation"]
    assert page.all("//*[@id='carrier']/@aria-describedby")[0].startswith("error-1")


def test_a_lost_update_is_told_and_keeps_nothing(desk: Desk) -> None:
    one = asked(desk)
    visitor = desk.visitor("heidi")
    form = visitor.get(f"{one}/edit")
    stale = fields_of(form) | {"csrf_token": csrf(form)}
    send(desk, "heidi", f"{one}/edit", f"{one}/edit", **(fields_of(form) | {"need": "First."}))
    refused = visitor.post(f"{one}/edit", data=stale | {"need": "Second."})
    assert refused.status == 409
    assert fields_of(refused)["need"] == "Second."
    assert kept(desk, one).content.reason == "First."


def test_one_in_force_is_ended_with_a_reason(desk: Desk) -> None:
    one = asked(desk)
    act(desk, "frank", one, "approve")
    assert act(desk, "bob", one, "end").status == 422
    assert act(desk, "bob", one, "end", note="Another.", record="exc-other").status == 409
    assert act(desk, "bob", one, "end", note="It is over.").status == 303
    page = desk.visitor("heidi").get(one)
    assert "Ended" in page.text("//main//dl[1]")
    assert "Why it ended It is over." in page.words
    assert page.text("//ol[@class='tr-timeline']/li[1]").endswith("Bob ended it before its last day")
    news = desk.visitor("bob").get("/history/news")
    (change,) = news.all("//li[@id='edition-3']//h2/a/@href")
    employ(desk.app, judy=Role.FOCAL_POINT)
    assert act(desk, "judy", change, "countersign").status == 303
    life = [" ".join(each.text_content().split()) for each in desk.visitor("heidi").get(one).all("//ol/li")]
    assert [each.partition("UTC")[2] for each in life[:2]] == [
        *("Judy countersigned", "Bob ended it before its last day"),
    ]
    told = news.words
    assert "Carrier Air Zimbabwe (AZW, UM), Zimbabwe nothing" in told
    assert "Kind All trips of one office (blanket authorisation) nothing" in told
    assert not desk.visitor("bob").get(one).all(f"//form[@action='{one}/end']")


def test_the_list_says_how_they_stand_and_shows_one_kind_alone(desk: Desk) -> None:
    waiting, granted = asked(desk), asked(desk, "alice")
    act(desk, "frank", granted, "approve")
    page = desk.visitor("bob").get("/exceptions")
    assert page.text("//nav[contains(@class, 'tr-kinds')]").split() == [
        *("All", "2", "Waiting", "for", "a", "decision", "1", "Not", "yet", "in", "force", "1"),
    ]
    alone = desk.visitor("bob").get("/exceptions?state=requested").all("//main//tbody//a/@href")
    assert alone == [waiting]


def test_an_answer_names_the_record_and_the_record_leads_to_its_page(desk: Desk) -> None:
    one = asked(desk)
    act(desk, "frank", one, "approve")
    name = kept(desk, one).content.wanted[0].id
    assert desk.visitor("heidi").get(f"/exceptions/{name}").status == 200
    assert desk.visitor("charlie").get(f"/exceptions/{name}").status == 404


def test_the_page_of_changes_leads_to_that_of_the_exception(desk: Desk) -> None:
    one = asked(desk)
    change = desk.visitor("bob").get(f"/changes/{one.rpartition('/')[2]}")
    assert (change.status, change.response.headers["Location"]) == (303, one)


def test_an_answer_before_booking_leads_to_the_form_as_well(desk: Desk) -> None:
    page = desk.visitor().ask("UM 462 FRA JFK 12 Dec operated by Air Zimbabwe")
    (link,) = page.all("//a[starts-with(@href, '/exceptions/new')]/@href")
    fields = fields_of(desk.visitor("heidi").get(link))
    assert (fields["carrier"], fields["route"], fields["trip"]) == ("AZW", "FRA-JFK", "")
    assert not desk.visitor().ask("LH 400 FRA JFK 12 Dec").all("//a[starts-with(@href, '/exceptions/')]")


def test_a_stranger_s_token_opens_no_form(desk: Desk) -> None:
    assert desk.visitor("heidi").get(f"{NEW}?trip=guessed").status == 404


def test_what_came_out_of_a_file_has_a_page_too(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "exceptions.toml"
    file.write_text(
        '[[authorisations]]\nid = "exc-ira"\ncarrier = "IRA"\nkind = "blanket"\noffice = "Amman"\n'
        'valid_from = 2026-11-23\nvalid_until = 2026-12-31\nneed = "x"\nalternatives_tried = "x"\n'
        'mitigation = "x"\nconditions = { en = "x" }\napproved_by = "Frank"\nset_by = "bob"\n'
        "set_on = 2026-11-23\n",
        encoding="utf-8",
    )
    records.import_records(desk.app, file, by="bob", approver="p-frank")
    page = desk.visitor("dana").get("/exceptions/exc-ira")
    assert "Ends within 30 days" not in page.text("//main//dl[1]")
    assert "In force" in page.text("//main//dl[1]")
    assert desk.visitor("alice").get("/exceptions/exc-ira").status == 404
    deciding.end(desk.app, "p-frank", "exc-ira", note="It is over.")
    assert "Ended" in desk.visitor("dana").get("/exceptions/exc-ira").text("//main//dl[1]")
