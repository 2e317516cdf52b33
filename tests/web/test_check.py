"""The check page: one box, an answer that explains itself, and never a silence that looks like a yes."""

from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from tests.web.conftest import CLEARED, DAY_OR_MONTH, REVIEW, Page, Visitor, with_facts
from travelrisk.services.application import Application
from travelrisk.web.app import create_app
from travelrisk.web.traveller.check import FORMS

AGENCY = b"""traveller;flight;operating carrier;from;to;date
GREEN/ALICE;LH 400;LH;FRA;JFK;2026-12-12
BROWN/BOB;ET 707;ET;FRA;ADD;2026-12-12
"""


def _upload(visitor: Visitor, content: bytes, name: str, **more: str) -> Page:
    data: dict[str, Any] = {"file": (BytesIO(content), name), **more}
    return visitor.post("/check", data=data, content_type="multipart/form-data")


def test_the_bare_address_leads_to_the_check_page_in_the_readers_language(visitor: Visitor) -> None:
    def leads_to(path: str, wanted: str) -> str:
        return visitor.client.get(path, headers={"Accept-Language": wanted}).headers["Location"]

    assert leads_to("/", "fr-CH, de;q=0.5") == "/fr/check"
    assert leads_to("/", "es") == "/es/check"
    assert leads_to("/", "zh") == "/check"
    assert leads_to("/fr/", "es") == "/fr/check"
    assert leads_to("/?language=es", "fr") == "/es/check"


def test_the_empty_page_asks_the_database_nothing(app: Application, visitor: Visitor) -> None:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(app.engine, "before_cursor_execute", note)
    try:
        assert visitor.get("/check").status == 200
        assert visitor.get("/healthz").status == 200
    finally:
        event.remove(app.engine, "before_cursor_execute", note)
    assert statements == []


@pytest.mark.parametrize("prefix", ["", "/fr", "/es"])
def test_the_page_names_every_kind_of_file_that_it_offers_to_choose(visitor: Visitor, prefix: str) -> None:
    page = visitor.get(f"{prefix}/check")
    offered = FORMS.split(",")
    assert page.tree.xpath("//input[@type='file']/@accept") == [FORMS]
    assert {".eml", ".msg", ".ics", ".pdf", ".pkpass", ".json", ".xlsx", ".zip", ".png"} <= set(offered)
    hint = page.tree.xpath("//*[@id='hint-file']")[0].text_content().split()
    assert [word for word in hint if word.startswith(".")] == offered


def test_the_empty_page_is_rendered_once_for_each_language(app: Application) -> None:
    visitor = Visitor(create_app(app))
    piece = visitor.client.get("/check", headers={"X-Fragment": "answer"}).get_data()
    assert b"<html" in piece, "a script must not put its piece in everybody's cache"
    first = visitor.client.get("/check").get_data()
    assert visitor.client.get("/check").get_data() == first
    assert visitor.get("/fr/check").tree.get("lang") == "fr"
    assert visitor.get("/check?language=es").tree.get("lang") == "es"
    assert visitor.client.get("/check").get_data() == first


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_answer_says_what_why_who_and_until_when(method: str, visitor: Visitor) -> None:
    page = visitor.ask(REVIEW) if method == "post" else visitor.get("/check", query_string={"q": REVIEW})
    assert page.status == 200
    assert "Review needed" in page.text("//*[@data-tr-headline]")
    assert page.all("//*[contains(@class, 'tr-verdict--review')]//svg")
    for words in (
        "ET 707, Sat 12 Dec 2026",
        "Frankfurt (FRA) - Addis Ababa (ADD)",
        "Operating carrier: Ethiopian Airlines (ET)",
        "Set for the demonstration on 23 Nov 2026",
        "until 31 Oct 2026",
        "Do not buy the ticket yet",
        "focal-point@example.org",
        "Checked 23 Nov 2026, 18:00 UTC. Ratings edition 1. Ask again after 26 Nov 2026, 18:00 UTC.",
        "This is air-safety advice. It is not the TRIP security clearance.",
        "The ratings here are for show.",
    ):
        assert words in page.words, words
    assert page.all("//a[@rel and contains(., 'EASA Information Note')]")
    assert page.text("//textarea") == REVIEW


def test_asking_again_is_proposed_only_where_it_helps(visitor: Visitor) -> None:
    wanted = {"": "Ask again after", "/fr": "À revérifier après", "/es": "Vuelva a comprobar después"}
    for prefix, words in wanted.items():
        assert words in visitor.ask(CLEARED, f"{prefix}/check").words
        assert words in visitor.ask(REVIEW, f"{prefix}/check").words
        refused = visitor.ask("UM 462 HRE JNB 12 Dec", f"{prefix}/check")
        assert refused.all("//*[contains(@class, 'tr-verdict--not-cleared')]")
        assert words not in refused.words


@pytest.mark.parametrize(
    ("prefix", "why"),
    [
        ("", "Why: ticket.pdf is damaged: send it again, or paste the flights"),
        ("/fr", "Pourquoi : ticket.pdf est endommagé : renvoyez-le, ou collez les vols"),
        ("/es", "Por qué: ticket.pdf está dañado: envíelo de nuevo, o pegue los vuelos"),
    ],
)
def test_why_a_file_cannot_be_read_is_said_in_the_language(prefix: str, why: str, visitor: Visitor) -> None:
    page = visitor.post(f"{prefix}/check", data={"file": (BytesIO(b"%PDF-1.7"), "ticket.pdf")})
    assert page.status == 422
    assert why in page.words.replace("\N{NO-BREAK SPACE}", " ")
    assert page.all("//*[@class='tr-errors']//*[@lang]") == []


def test_cities_have_the_names_of_the_language(visitor: Visitor) -> None:
    assert "Frankfurt (FRA) - Addis Ababa (ADD)" in visitor.ask(REVIEW).words
    assert "Francfort (FRA) - Addis-Abeba (ADD)" in visitor.ask(REVIEW, "/fr/check").words
    assert "Fráncfort (FRA) - Adís Abeba (ADD)" in visitor.ask(REVIEW, "/es/check").words


def test_what_was_found_in_order_is_told_quietly(visitor: Visitor) -> None:
    page = visitor.ask(CLEARED)
    assert page.text("//*[@data-tr-headline]") == "Cleared"
    assert "You may book" in page.words
    folded = page.text("//details[contains(@class, 'tr-checks')]")
    assert "Operating carrier Lufthansa (LH): recommended." in folded
    assert "Ask: " not in page.words


@pytest.mark.parametrize(
    ("prefix", "said"),
    [
        (
            "/fr",
            "Examen nécessaire|sam. 12 déc. 2026|Transporteur effectif|Vérifié le 23 nov. 2026, 18:00 UTC",
        ),
        (
            "/es",
            "Revisión necesaria|sáb 12 dic 2026|Transportista operador|Comprobado el 23 nov 2026, 18:00 UTC",
        ),
    ],
)
def test_the_answer_speaks_the_language_of_its_address(prefix: str, said: str, visitor: Visitor) -> None:
    page = visitor.ask(REVIEW, f"{prefix}/check")
    assert page.tree.get("lang") == prefix[1:]
    words = page.words.replace("\N{NO-BREAK SPACE}", " ")
    assert [part for part in said.split("|") if part not in words] == []


def test_nothing_is_stored(app: Application, visitor: Visitor) -> None:
    written: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.split(maxsplit=1)[0].upper() in {"INSERT", "UPDATE", "DELETE"}:
            written.append(statement)

    event.listen(app.engine, "before_cursor_execute", note)
    try:
        visitor.ask(REVIEW)
        _upload(visitor, REVIEW.encode(), "trip.txt")
    finally:
        event.remove(app.engine, "before_cursor_execute", note)
    assert written == []


@pytest.mark.parametrize("text", ["", "   \n ", "hello", "good morning, I fly soon"])
@pytest.mark.parametrize("prefix", ["", "/fr", "/es"])
def test_what_is_not_understood_is_said_and_never_cleared(text: str, prefix: str, visitor: Visitor) -> None:
    page = visitor.ask(text, f"{prefix}/check")
    assert page.status == 422
    assert page.title.startswith(
        {"": "Error: ", "/fr": "Erreur\N{NO-BREAK SPACE}: ", "/es": "Error: "}[prefix]
    )
    (summary,) = page.all("//main/*[1]")
    assert summary.get("role") == "alert"
    assert summary.get("tabindex") == "-1"
    (link,) = summary.xpath(".//a")
    assert link.get("href") == "#text"
    assert page.all("//*[@data-tr-headline]") == []
    assert "tr-verdict--" not in page.response.get_data(as_text=True)


def test_the_field_points_to_its_hint_and_its_error(visitor: Visitor) -> None:
    (box,) = visitor.get("/check").all("//textarea")
    assert box.get("aria-describedby") == "hint-text"
    assert box.get("aria-invalid") is None
    page = visitor.ask("hello")
    (box,) = page.all("//textarea")
    assert box.get("aria-invalid") == "true"
    for part in box.get("aria-describedby").split():
        assert len(page.all(f"//*[@id='{part}']")) == 1
    assert page.all("//label[@for='text']")
    assert box.text.strip() == "hello"


def test_unread_lines_are_shown_where_nothing_else_was_found(visitor: Visitor) -> None:
    page = visitor.ask("Flight ZZ 318 in between: see separate ticket")
    assert "ZZ 318" in page.words
    assert page.all("//*[contains(@class, 'tr-unread')]")
    assert "Cleared" not in page.words


@pytest.mark.threat(40)
def test_what_somebody_typed_is_never_markup(visitor: Visitor) -> None:
    page = visitor.ask('ET707 FRA ADD 12 Dec "><script>alert(1)</script>')
    assert page.all("//script[not(@src)]") == []
    page = visitor.get("/check", query_string={"q": "</textarea><img src=x onerror=alert(1)>"})
    assert page.all("//img") == []


def test_invisible_characters_do_not_reach_the_answer(visitor: Visitor) -> None:
    page = visitor.ask("LH 400 FRA JFK 12 Dec\nFlight ZZ 318 \u202edeRaelC\u202c on 13 Dec")
    answer = page.text("//*[@id='reply']")
    assert "\u202e" not in answer


def test_an_open_question_is_answered_with_one_press(visitor: Visitor) -> None:
    page = visitor.ask(DAY_OR_MONTH)
    forms = page.all("//*[contains(@class, 'tr-choices')]//form")
    offered = {form.xpath("string(.//button)"): form.xpath("string(.//input/@value)") for form in forms}
    assert offered["Fri 11 Dec 2026"] == "SN 465 BRU KGL 2026-12-11"
    assert {form.get("action") for form in forms} == {"/check#answer"}
    answered = visitor.ask(offered["Fri 11 Dec 2026"])
    assert answered.all("//*[contains(@class, 'tr-choices')]") == []
    assert "SN 465, Fri 11 Dec 2026" in answered.words


def test_a_choice_is_sent_beside_what_was_typed_where_its_place_is_not_plain(visitor: Visitor) -> None:
    typed = "SN 465 BRU KGL 12/11, back SN 466 KGL BRU 12/11"
    page = visitor.ask(typed)
    forms = page.all("//*[contains(@class, 'tr-choices')]//form")
    assert forms
    assert {each.xpath("string(.//input[@name='text']/@value)") for each in forms} == {typed}
    answers = [each.xpath("string(.//input[@name='answer']/@value)") for each in forms]
    assert len(set(answers)) == len(answers), "each says which of the two flights it is about"


def test_only_a_question_without_people_can_be_linked(visitor: Visitor) -> None:
    def links(page: Page) -> list[str]:
        return [str(each) for each in page.all("//a[contains(@href, '?q=')]/@href")]

    assert links(visitor.ask(CLEARED)) == ["/check?q=LH+400+FRA+JFK+12+Dec#answer"]
    assert visitor.client.get("/check?q=LH+400+FRA+JFK+12+Dec").status_code == 200
    assert links(visitor.ask(CLEARED + "\nalice@example.org")) == []
    assert links(_upload(visitor, CLEARED.encode(), "trip.txt")) == []


def test_the_languages_keep_the_question(visitor: Visitor) -> None:
    linked = visitor.get("/check", query_string={"q": REVIEW})
    assert linked.all("//a[@hreflang='fr']/@href") == ["/fr/check?q=ET707+FRA+ADD+12+Dec"]
    sent = visitor.ask(REVIEW)
    (button,) = sent.all("//li[@lang='fr']/button")
    assert button.get("form") == "check"
    assert button.get("formaction") == "/fr/check#answer"


def test_strange_arguments_do_not_bend_the_links(visitor: Visitor) -> None:
    page = visitor.get("/check?_external=1&_scheme=javascript&_anchor=x&q=" + CLEARED.replace(" ", "+"))
    assert page.status == 200
    hrefs = [str(each) for each in page.all("//a[@hreflang]/@href")]
    assert all(each.startswith(("/fr/check?", "/es/check?")) for each in hrefs)


def test_a_file_goes_before_the_box_and_the_page_says_so(visitor: Visitor) -> None:
    page = _upload(visitor, CLEARED.encode(), "../trips/trip.txt", text=REVIEW)
    assert page.status == 200
    assert "File: trip.txt. The file was checked, not the text in the box." in page.words
    assert page.text("//*[@data-tr-headline]") == "Cleared"


@pytest.mark.parametrize(("content", "name"), [(b"", "empty.txt"), (b"\x00\x01\x02" * 500, "odd.bin")])
def test_a_file_that_cannot_be_read_says_why(content: bytes, name: str, visitor: Visitor) -> None:
    page = _upload(visitor, content, name)
    assert page.status == 422
    (link,) = page.all("//*[@role='alert']//a")
    assert link.get("href") == "#file"
    assert page.all("//details[@open]//input[@type='file']")


def test_several_itineraries_begin_with_an_overview_the_gravest_first(visitor: Visitor) -> None:
    page = _upload(visitor, AGENCY, "agency.csv")
    assert page.status == 200
    assert page.text("//*[@data-tr-headline]") == "Itineraries: 2"
    rows = [" ".join(row.text_content().split()) for row in page.all("//table//tbody/tr")]
    assert len(rows) == 2
    assert "Review needed" in rows[0]
    assert "Cleared" in rows[1]
    assert "ET 707" in rows[0]
    for link in page.all("//table//a/@href"):
        assert len(page.all(f"//*[@id='{str(link)[1:]}']")) == 1


def test_a_row_nobody_understood_stands_before_any_verdict(visitor: Visitor) -> None:
    good_row = AGENCY.splitlines(keepends=True)[1]
    page = _upload(visitor, AGENCY.splitlines(keepends=True)[0] + good_row + b"BROWN/BOB;;;;;soon\n", "a.csv")
    assert page.text("//*[@data-tr-headline]") == "Itineraries: 1"
    words = page.text("//*[@id='reply']")
    assert "Nothing below says anything about them." in words
    assert words.index("BROWN/BOB") < words.index("You may book")
    assert "Not understood: row 3" in page.text("//pre")


def test_the_answer_can_be_taken_along_as_text(visitor: Visitor) -> None:
    page = visitor.ask(REVIEW)
    (block,) = page.all("//pre")
    assert block.text.startswith("REVIEW NEEDED: ET 707 FRA-ADD, 12 Dec 2026")
    assert "https://" in block.text
    assert "<" not in block.text
    assert "Demonstration." in block.text


def test_a_script_gets_the_answer_alone(visitor: Visitor) -> None:
    response = visitor.client.post("/check", data={"text": REVIEW}, headers={"X-Fragment": "answer"})
    body = response.get_data(as_text=True)
    assert response.status_code == 200
    assert "<html" not in body
    assert "Review needed" in body
    nothing = visitor.client.post("/check", data={"text": "hello"}, headers={"X-Fragment": "answer"})
    assert nothing.status_code == 422
    assert "Nothing was checked" in nothing.get_data(as_text=True)


def test_without_ratings_nothing_is_cleared_and_the_page_says_so(empty_app: Application) -> None:
    page = Visitor(create_app(empty_app)).ask(CLEARED)
    assert page.status == 200
    assert page.text("//*[@data-tr-headline]") == "Review needed"
    assert "There are no ratings yet." in page.words


def test_the_banner_is_there_in_the_demonstration_and_only_there(app: Application, pages: Flask) -> None:
    addresses = ["/check", "/fr/check", "/health", "/nope", "/ratings", "/inbox"]
    visitor = Visitor(pages)
    assert all(visitor.get(each).all("//*[@class='tr-demo']") for each in addresses)
    real = Visitor(create_app(with_facts(app, demo=False)))
    assert not any(real.get(each).all("//*[@class='tr-demo']") for each in addresses)
