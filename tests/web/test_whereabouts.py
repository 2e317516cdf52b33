"""The pages of whereabouts: a question, its answer, a file, a message, and what is answered."""

import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.services.test_whereabouts import OUT, book, sent
from tests.web.conftest import Page, Visitor
from tests.web.desk import Desk, csrf, desk_of
from travelrisk.domain.people import Role
from travelrisk.services.application import Application
from travelrisk.store import people
from travelrisk.store.database import writing
from travelrisk.store.trips import Trip

ASK = "/whereabouts?what={}&since=2026-12-16T12:00&hours=24"
QUESTION = {"what": "ADD", "since": "2026-12-16T12:00", "hours": "24"}
WORDS = {
    "subject_en": "Earthquake in Addis Ababa",
    "text_en": "Are you safe?\nStay where you are.",
    "asks": "1",
}


@pytest.fixture
def desk(app: Application, tmp_path: Path) -> Iterator[Desk]:
    """Give a travel unit in Nairobi, one in Geneva, one of no office, and somebody who may not look."""
    unit = Role.TRAVEL_UNIT
    with desk_of(app, tmp_path, heidi=unit, ivan=unit, judy=unit, alice=Role.FOCAL_POINT) as desk:
        for name, office in (("heidi", "Nairobi"), ("ivan", "Geneva"), ("judy", "")):
            with writing(desk.app.engine) as c:
                people.save(c, replace(people.by_id(c, f"p-{name}"), unit=office))
        yield desk


@pytest.fixture
def travellers(desk: Desk) -> dict[str, Trip]:
    """Book people of both offices to Addis Ababa."""
    own = {name: book(desk.app, name) for name in ("Alice", "Bob")}
    return own | {
        "Dana": book(desk.app, "Dana", OUT, contact=""),
        "Charlie": book(desk.app, "Charlie", office="Geneva"),
    }


def test_the_answer_is_a_list_with_problems_first_a_time_line_and_a_map(
    desk: Desk, travellers: dict[str, Trip]
) -> None:
    page = desk.visitor("heidi").get(ASK.format("ADD"))
    assert "People: 3. Bookings: 3." in page.words
    rows = page.all("//tbody/tr")
    assert travellers["Dana"].reference in rows[0].text_content()
    assert "No address: cannot be written to" in rows[0].text_content()
    assert "May be in Addis Ababa (ADD) between 13 Dec 2026, 07:20 (04:20 UTC)" in " ".join(
        rows[0].text_content().split()
    )
    assert "Expected in Addis Ababa (ADD) from 13 Dec 2026, 07:20 (04:20 UTC)" in page.words
    assert len(page.all("//td//*[local-name()='svg']")) == 3
    assert page.all("//*[contains(@class, 'tr-map-people')]")
    assert "style=" not in page.response.get_data(as_text=True)
    assert travellers["Charlie"].reference not in page.words
    assert "contact" not in page.title


@pytest.mark.parametrize("prefix", ["/fr", "/es"])
def test_the_answer_speaks_the_language_of_the_page(
    desk: Desk, travellers: dict[str, Trip], prefix: str
) -> None:
    page = desk.visitor("heidi").get(prefix + ASK.format("Ethiopia"))
    assert travellers["Alice"].reference in page.words
    wanted = {"/fr": "Séjour attendu : Addis-Abeba (ADD)", "/es": "Estancia prevista: Adís Abeba (ADD)"}[
        prefix
    ]
    assert wanted in page.words.replace("\N{NO-BREAK SPACE}", " ")
    assert "Expected" not in page.words


def test_who_has_no_office_is_told_so_and_who_may_not_look_finds_no_page(
    desk: Desk, travellers: dict[str, Trip]
) -> None:
    page = desk.visitor("judy").get(ASK.format("ADD"))
    assert "Ask an administrator" in page.words
    for trip in travellers.values():
        assert trip.reference not in page.words
    assert desk.visitor("alice").get(ASK.format("ADD")).status == 404
    assert "/whereabouts" not in desk.visitor("alice").look("/account").get_data(as_text=True)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("what=Nowhere+at+all", "No flight, airport, city or country is known by that name"),
        ("what=ADD&since=tomorrow", "enter day and time in UTC"),
        ("what=ADD&hours=-1", "choose one of the times"),
        ("what=ADD&hours=99999999999999", "choose one of the times"),
    ],
)
def test_a_question_that_is_none_says_what_to_do(desk: Desk, query: str, words: str) -> None:
    page = desk.visitor("heidi").get(f"/whereabouts?{query}")
    assert page.status == 422
    assert words in page.words


def test_several_places_of_one_name_can_be_chosen(desk: Desk) -> None:
    heidi = desk.visitor("heidi")
    page = heidi.get("/whereabouts?what=London&hours=24&since=")
    (link,) = page.all("//a[contains(., 'Canada')]/@href")
    assert heidi.get(link).status == 200


def post(visitor: Visitor, path: str, on: str, **fields: str) -> Page:
    return visitor.post(path, data={"csrf_token": csrf(visitor.get(on)), **fields})


@pytest.mark.threat(27)
def test_a_file_needs_a_reason_and_holds_no_formula(desk: Desk) -> None:
    book(desk.app, "=cmd()")
    heidi, on = desk.visitor("heidi"), ASK.format("ADD")
    refused = post(heidi, "/whereabouts/export", on, **QUESTION, form="csv")
    assert (refused.status, "Choose what the file is for." in refused.words) == (422, True)
    given = post(heidi, "/whereabouts/export", on, **QUESTION, form="csv", reason="drill")
    text = given.response.get_data(as_text=True)
    assert given.response.headers["Content-Disposition"].endswith('whereabouts-2026-12-16-1200.csv"')
    assert ",'=cmd() Doe,1," in text
    wanted = {"csrf_token": csrf(heidi.get(on)), **QUESTION, "form": "xlsx", "reason": "emergency"}
    workbook = heidi.client.post("/whereabouts/export", data=wanted)
    sheet = load_workbook(BytesIO(workbook.get_data())).worksheets[0]
    assert (sheet["B2"].value, sheet["B2"].data_type) == ("'=cmd() Doe", "s")


def shown(visitor: Visitor) -> Page:
    """Write the words, and look at what everybody would get."""
    on = "/whereabouts/message?what=ADD&since=2026-12-16T12:00&hours=24"
    return post(visitor, "/whereabouts/message/preview", on, **QUESTION, **WORDS)


def hidden(page: Page, address: str) -> dict[str, str]:
    found = page.all(f"//form[@action='{address}']//input[@type='hidden']")
    return {each.get("name"): each.get("value") for each in found}


def test_a_message_is_seen_confirmed_once_answered_and_counted(
    desk: Desk, travellers: dict[str, Trip]
) -> None:
    heidi = desk.visitor("heidi")
    page = shown(heidi)
    assert "People who will get this: 2. Bookings: 2." in page.words
    assert "Letters in English: 2." in page.words
    assert "Bookings without an address: 1." in page.words
    assert [each.get("lang") for each in page.all("//pre")] == ["fr"], "who is written to reads French"
    assert sent(desk.app) == {}
    form = hidden(page, "/whereabouts/message/send")
    confirmed = heidi.post("/whereabouts/message/send", data=form)
    assert confirmed.status == 303
    assert heidi.post("/whereabouts/message/send", data=form).status == 303
    letters = sent(desk.app)
    assert {to: len(each) for to, each in letters.items()} == {"alice@example.org": 1, "bob@example.org": 1}
    (token,) = set(re.findall(r"/safe/([\w-]{22})", letters["alice@example.org"][0]))
    anybody = desk.visitor()
    assert "Are you safe?" in anybody.get(f"/safe/{token}").words
    message = str(confirmed.response.headers["Location"])
    assert "Have not answered: 2." in heidi.get(message).words
    assert anybody.post(f"/safe/{token}", data={"answer": "safe"}).status == 303
    assert "You answered: I am safe" in anybody.get(f"/safe/{token}").words
    assert "Vous avez répondu" in anybody.get(f"/fr/safe/{token}").words
    page = heidi.get(message)
    for words in ("Say that they are safe: 1.", "Have not answered: 1.", "No letter reached them: 1."):
        assert words in page.words
    assert travellers["Dana"].reference in page.all("//tbody/tr")[0].text_content(), "a task comes first"
    fragment = heidi.get(message, headers={"X-Fragment": "counts"})
    assert "Say that they are safe: 1." in fragment.words
    assert travellers["Alice"].reference not in fragment.words
    story = anybody.get(f"/trips/{travellers['Alice'].token}").words
    assert "Answered: I am safe" in story


@pytest.mark.usefixtures("travellers")
def test_what_is_shown_before_it_is_sent_is_what_readers_get(desk: Desk) -> None:
    book(desk.app, "Erin", language="es")
    book(desk.app, "Frank", language="en", contact="")
    page = shown(desk.visitor("heidi"))
    assert [each.get("lang") for each in page.all("//pre")] == ["fr", "es"], "nobody can write to Frank"


def test_help_and_those_reached_by_telephone(desk: Desk, travellers: dict[str, Trip]) -> None:
    heidi = desk.visitor("heidi")
    form = hidden(shown(heidi), "/whereabouts/message/send")
    message = str(heidi.post("/whereabouts/message/send", data=form).response.headers["Location"])
    (token,) = set(re.findall(r"/safe/([\w-]{22})", sent(desk.app)["bob@example.org"][0]))
    anybody = desk.visitor()
    assert anybody.post(f"/safe/{token}", data={"answer": "perhaps"}).status == 422
    note = "<b>Room</b> 12"
    assert anybody.post(f"/safe/{token}", data={"answer": "help", "note": note}).status == 303
    page = heidi.get(message)
    first = page.all("//tbody/tr")[0].text_content()
    assert "Needs help" in first
    assert note in first
    reference = travellers["Bob"].reference
    done = post(heidi, f"{message}/reached/{reference}", message, note="With a colleague.")
    assert done.status == 303
    assert "Reached by your unit: 1." in heidi.get(message).words
    again = post(heidi, f"{message}/again", message)
    assert again.status == 303
    letters = sent(desk.app)
    assert "heidi@staff.example.org" in letters
    assert "alice@example.org" in letters
    assert "bob@example.org" not in letters


def test_another_office_finds_no_message_of_ours(desk: Desk, travellers: dict[str, Trip]) -> None:
    heidi, ivan = desk.visitor("heidi"), desk.visitor("ivan")
    form = hidden(shown(heidi), "/whereabouts/message/send")
    message = str(heidi.post("/whereabouts/message/send", data=form).response.headers["Location"])
    assert ivan.get(message).status == 404
    assert "Earthquake" not in ivan.get("/whereabouts/messages").words
    for path in (f"{message}/again", f"{message}/reached/{travellers['Alice'].reference}"):
        assert post(ivan, path, ASK.format("ADD")).status == 404
    assert "Earthquake" in heidi.get("/whereabouts/messages").words


@pytest.mark.usefixtures("travellers")
def test_others_than_were_seen_are_shown_and_nothing_is_sent(desk: Desk) -> None:
    heidi = desk.visitor("heidi")
    form = hidden(shown(heidi), "/whereabouts/message/send")
    book(desk.app, "Erin")
    page = heidi.post("/whereabouts/message/send", data=form)
    assert (page.status, "People who will get this: 3. Bookings: 3." in page.words) == (409, True)
    assert sent(desk.app) == {}
    form = hidden(page, "/whereabouts/message/send")
    assert heidi.post("/whereabouts/message/send", data=form).status == 303
    assert len(sent(desk.app)) == 3


@pytest.mark.usefixtures("travellers")
def test_words_that_are_not_whole_are_kept_and_asked_for(desk: Desk) -> None:
    on = "/whereabouts/message?what=ADD&since=2026-12-16T12:00&hours=24"
    page = post(desk.visitor("heidi"), "/whereabouts/message/preview", on, **QUESTION, subject_fr="Séisme")
    assert page.status == 422
    assert page.all("//a[@href='#text_fr']")
    assert page.all("//input[@id='subject_fr' and @value='Séisme']")
