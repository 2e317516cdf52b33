"""The ratings list and the history of one subject: filtered, paged, honest about what is past."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event
from werkzeug.datastructures import MultiDict

from tests.web.conftest import Visitor
from travelrisk.services.application import Application
from travelrisk.web.ratings.listing import KINDS, SAYS, STATES, Filter, filter_of, page_of


def _names(visitor: Visitor, query: str = "") -> list[str]:
    return [each.text_content().strip() for each in visitor.get(f"/ratings{query}").all("//tbody//th//a")]


def test_the_list_begins_with_the_carriers_and_says_why_beside_the_word(visitor: Visitor) -> None:
    page = visitor.get("/ratings")
    assert _names(visitor)[:2] == ["Air Canada (AC)", "Air France (AF)"]
    assert "Demonstration only, not an assessment." in page.text("//tbody/tr[1]")
    assert "31 Dec 2030" in page.text("//tbody/tr[1]")
    assert page.all("//table/caption")
    assert page.all("//thead//th[@scope='col']")


def test_what_is_past_is_shown_as_past(visitor: Visitor) -> None:
    page = visitor.get("/ratings?state=expired")
    rows = page.all("//tbody/tr")
    assert rows
    assert all("Expired, needs review" in row.text_content() for row in rows)
    assert all("tr-past" in row.get("class") for row in rows)


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("?q=zimbabwe&kind=carrier", ["Air Zimbabwe (UM)"]),
        ("?q=AZW", ["Air Zimbabwe (UM)"]),
        ("?q=ethiopian&level=recommended", ["Ethiopian Airlines (ET)"]),
        ("?q=no+such+thing", []),
    ],
)
def test_it_is_filtered_by_what_stands_in_the_address(
    query: str, wanted: list[str], visitor: Visitor
) -> None:
    assert _names(visitor, query) == wanted


def test_an_empty_list_says_what_that_means(visitor: Visitor) -> None:
    page = visitor.get("/ratings?q=nothing+like+it")
    assert page.status == 200
    assert "says nothing against it" in page.words


def test_the_pages_hold_everything_once(visitor: Visitor) -> None:
    seen: list[str] = []
    address = "/ratings?kind=country"
    while address:
        page = visitor.get(address)
        seen += [str(each) for each in page.all("//tbody//th//a/@href")]
        following = page.all("//a[@rel='next']/@href")
        address = str(following[0]) if following else ""
        assert not address or "kind=country" in address
    found = int(visitor.get("/ratings?kind=country").text("//p[@role='status']").rpartition(" ")[2])
    assert len(seen) == found


@pytest.mark.parametrize(
    "query", ["?page=0", "?page=-5", "?page=99999", "?page=x", "?kind=evil&level=evil&state=evil"]
)
def test_strange_arguments_give_the_nearest_page(query: str, visitor: Visitor) -> None:
    page = visitor.get(f"/ratings{query}")
    assert page.status == 200
    assert page.all("//tbody/tr")
    assert "evil" not in page.words


@given(st.dictionaries(st.sampled_from(["q", "kind", "level", "state"]), st.text(max_size=120)))
def test_any_address_is_a_filter_that_survives_its_own_address(arguments: dict[str, str]) -> None:
    wanted = filter_of(MultiDict(arguments))
    assert wanted.kind in {"", *KINDS}
    assert wanted.says in {"", *SAYS}
    assert wanted.state in {"", *STATES}
    again = {name: str(word) for name, word in wanted.fields(1).items()}
    assert filter_of(MultiDict(again)) == wanted


def test_a_page_beyond_the_end_is_the_last_one() -> None:
    assert page_of((), 7).number == 1
    assert Filter().fields(1) == {}
    assert Filter().fields(3) == {"page": 3}


@pytest.mark.parametrize("query", ["?q=zimbabwe", "", "?page=3"])
def test_the_number_of_statements_does_not_grow_with_the_list(
    query: str, app: Application, visitor: Visitor
) -> None:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(app.engine, "before_cursor_execute", note)
    try:
        visitor.get(f"/ratings{query}")
    finally:
        event.remove(app.engine, "before_cursor_execute", note)
    asked = [each for each in statements if each.startswith("SELECT") and "FROM data_keys" not in each]
    assert len(asked) == 1, "besides the look at whether the database has been encrypted meanwhile"


def test_the_history_of_a_carrier_shows_who_when_and_on_what(visitor: Visitor) -> None:
    page = visitor.get("/ratings/carrier/AZW")
    assert page.text("//h1") == "Air Zimbabwe (UM)"
    assert "Not recommended" in page.words
    assert "for the demonstration, on 23 Nov 2026" in page.words
    assert "Retrieved 3 Jun 2025." in page.words
    assert "since edition 1" in page.words
    assert page.all("//a[contains(@href, 'data.europa.eu')]")


def test_cautions_on_its_state_stand_with_the_carrier(visitor: Visitor) -> None:
    page = visitor.get("/ratings/carrier/PRF")
    assert page.text("//h1") == "Precision Air (PW)"
    assert "Not rated" in page.words
    assert "On the State of the operator" in page.words
    assert "Caution" in page.words


def test_what_was_never_rated_is_neutral(visitor: Visitor) -> None:
    page = visitor.get("/ratings/carrier/ANZ")
    assert page.status == 200
    assert "Not rated We have not assessed it; this says nothing against it." in page.words
    assert page.all("//*[contains(@class, 'tr-rating--not-rated')]")
    assert page.all("//main//svg") == []


@pytest.mark.parametrize(
    "path",
    ["carrier/QQQ", "evil/ETH", "carrier/ET", "airport/fra", "route/FRA-JFK-X", "country/XX", "carrier/%00"],
)
def test_what_nobody_knows_is_not_there(path: str, visitor: Visitor) -> None:
    assert visitor.get(f"/ratings/{path}").status == 404


@pytest.mark.parametrize("kind", KINDS)
def test_every_row_leads_to_its_history(kind: str, visitor: Visitor) -> None:
    for link in visitor.get(f"/ratings?kind={kind}").all("//tbody//th//a/@href")[:5]:
        assert visitor.get(str(link)).status == 200


@pytest.mark.parametrize(("prefix", "name"), [("/fr", "Éthiopie (ET)"), ("/es", "Etiopía (ET)")])
def test_countries_have_their_names_in_the_readers_language(prefix: str, name: str, visitor: Visitor) -> None:
    page = visitor.get(f"{prefix}/ratings/country/ET")
    assert page.text("//h1") == name
