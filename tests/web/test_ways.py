"""Other ways below an answer: only better ones, with what is on record, and never advice to buy."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.conftest import Visitor, evening, inbox_with
from travelrisk.intake.document import Document
from travelrisk.services.application import Application
from travelrisk.services.trips import cancelling, receiving
from travelrisk.services.trips.known_routes import import_routes
from travelrisk.web.app import create_app

ROUND = "TK 1762 HEL IST 12 Jan 2027, operated by Turkish Airlines"
NO_OTHER = "LH 590 FRA NBO 12 Dec"
TABLE = 'carrier,from,to,source\nLH,HEL,MUC,for show\nLH,MUC,IST,"for <b>show</b>"\n'
WAYS = "//section[@class='tr-ways']"


@pytest.fixture(scope="module")
def knowing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """Give a service that knows two routes over Munich."""
    folder: Path = tmp_path_factory.mktemp("ways")
    app = evening(folder)
    (folder / "routes.csv").write_text(TABLE, "utf-8")
    import_routes(app, folder / "routes.csv")
    yield app
    app.engine.dispose()


@pytest.fixture(scope="module")
def trip(knowing: Application) -> str:
    """Give the token of a trip through an airspace on record."""
    document = Document(ROUND.encode(), "trip.txt", "text/plain")
    (received,) = receiving.receive(knowing, document, recipient="alice@example.org")
    assert received.trip is not None
    return received.trip.token


@pytest.fixture
def reader(knowing: Application) -> Visitor:
    return Visitor(create_app(knowing, inbox_with()))


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        (
            "/check",
            (
                "Other ways, with what is on record about them",
                "Not a recommendation to buy; ask your travel unit.",
                "Instead of HEL-IST, 12 Jan 2027 (cleared with conditions)",
                "HEL-MUC-IST Cleared Lufthansa (LH)",
                "+990 km, about +3.5 h; connections: +1.",
                "the table “for <b>show</b>”",
            ),
        ),
        (
            "/fr/check",
            (
                "Autres trajets, avec ce qui est enregistré à leur sujet",
                "Ceci n'est pas un conseil d'achat",
                "Au lieu de HEL-IST, 12 janv. 2027 (avis favorable sous conditions)",
                "correspondances : +1.",
            ),
        ),
        (
            "/es/check",
            (
                "Otros caminos, con lo que consta sobre ellos",
                "No es una recomendación de compra; consulte a su unidad de viajes.",
                "En lugar de HEL-IST, 12 ene 2027 (visto bueno con condiciones)",
                "+990 km, unas +3,5 h; conexiones: +1.",
            ),
        ),
    ],
)
def test_a_better_way_is_shown_below_what_lies_on_the_way(
    path: str, parts: tuple[str, ...], reader: Visitor
) -> None:
    page = reader.ask(ROUND, path)
    told = page.text(WAYS).replace("\N{NO-BREAK SPACE}", " ")
    for part in parts:
        assert part in told, part
    assert page.all("//section[@class='tr-route']/following-sibling::section[@class='tr-ways']")
    assert not page.all(f"{WAYS}//b"), "what a table says is text"
    assert not page.all(f"{WAYS}//a"), "nothing leads to a shop"


def test_the_verdict_of_the_booking_stays_what_it_is(reader: Visitor, visitor: Visitor) -> None:
    word = "//*[contains(@class, 'tr-verdict-word')]"
    assert reader.ask(ROUND).text(word) == visitor.ask(ROUND).text(word) == "Cleared with conditions"


@pytest.mark.parametrize("question", [NO_OTHER, "UM 462 HRE JNB 12 Dec", "TK 1762 HEL IST"])
def test_where_no_way_is_better_nothing_is_said(question: str, reader: Visitor) -> None:
    page = reader.ask(question)
    assert page.status == 200
    assert not page.all(WAYS)


def test_nothing_is_offered_to_whoever_is_cleared(reader: Visitor) -> None:
    page = reader.ask("LH 1772 MUC IST 12 Jan 2027, operated by Lufthansa")
    assert page.text("//*[contains(@class, 'tr-verdict-word')]") == "Cleared"
    assert not page.all(WAYS)


def test_the_page_of_a_trip_shows_it_until_the_trip_is_off(
    knowing: Application, trip: str, reader: Visitor
) -> None:
    page = reader.get(f"/fr/trips/{trip}")
    assert "HEL-MUC-IST" in page.text(WAYS)
    assert page.all("//section[@class='tr-route']/following-sibling::section[@class='tr-ways']")
    cancelling.cancel(knowing, trip)
    assert not reader.get(f"/trips/{trip}").all(WAYS)
    cancelling.take_back(knowing, trip)
    assert reader.get(f"/trips/{trip}").all(WAYS)


def test_a_fragment_shows_it_too(reader: Visitor) -> None:
    page = reader.post("/check", data={"text": ROUND}, headers={"X-Fragment": "answer"})
    assert "HEL-MUC-IST" in page.words
