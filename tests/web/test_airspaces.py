"""Airspaces at the desk: found by key or name, warned of for some flights, told without coordinates."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.screening.world import airspace, box, caution
from tests.web.conftest import NOW, Page, evening
from tests.web.desk import Desk, employ
from tests.web.test_focal import act, kept, send
from travelrisk.domain.airspaces import HIGHEST_LEVEL, Airspace, Movement, Scope
from travelrisk.domain.people import Role
from travelrisk.domain.proposals import Content, Status
from travelrisk.domain.ratings import Caution, Evidence, Rating, Record, Subject, SubjectKind
from travelrisk.domain.texts import Texts
from travelrisk.services.proposals import drafting
from travelrisk.store import desk_letters
from travelrisk.store import ratings as store
from travelrisk.store.database import reading, writing
from travelrisk.web.app import create_app
from travelrisk.web.focal.entries import CAUTION as A_CAUTION
from travelrisk.web.focal.entries import entry_of
from travelrisk.web.focal.scoping import scope_from

BASIN = Subject(SubjectKind.AIRSPACE, "ZZ-BASIN")
NEW = "/changes/new?subject=airspace:ZZ-BASIN&what=caution"
FIELDS = {
    "effect": "review",
    "text_en": "Missiles were seen below flight level 260.",
    "scope_ceiling": "259",
    "scope_movement": "any",
    "valid_from": "2026-11-23",
    "source-0-title": "Notice to airmen",
    "source-0-retrieved_on": "2026-11-20",
    "why": "A notice was published.",
}
DRAWN = replace(
    airspace("ZZ-BASIN", box(10, 33, 20, 36), id="zz-basin", state="LY"),
    names=Texts("Zephyr basin", "Bassin du Zéphyr", "Cuenca del Céfiro"),
    source="drawn after a chart",
    approximate=True,
)
SCOPES = st.none() | st.builds(
    Scope,
    floor=st.integers(0, 300),
    ceiling=st.none() | st.integers(300, HIGHEST_LEVEL),
    movement=st.sampled_from(Movement),
    airports=st.lists(st.sampled_from(["BEY", "TIP", "ADD"]), unique=True).map(tuple),
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Give the desk of the demonstration, with one more airspace."""
    app = evening(tmp_path)
    employ(app, alice=Role.FOCAL_POINT, bob=Role.FOCAL_POINT, dana=Role.AUDITOR)
    publish(Desk(app, create_app(app)), DRAWN)
    yield Desk(app, create_app(app))
    app.engine.dispose()


def publish(desk: Desk, *records: Record) -> None:
    with writing(desk.app.engine) as c:
        store.publish(c, opened=records, closed=(), actor="Bob", note="a test", at=NOW)


def noted(scope: Scope | None) -> Caution:
    """Return a caution about the basin that the desk would take."""
    evidence = (Evidence("Notice", retrieved_on=date(2026, 11, 20)),)
    return replace(caution("airspace:ZZ-BASIN", id="basin-note", scope=scope), evidence=evidence)


def open_now(desk: Desk, about: Subject = BASIN) -> list[Record]:
    with reading(desk.app.engine) as c:
        return [each for each in store.records(c, about) if each.closed_in is None]


def scopes(desk: Desk, about: Subject = BASIN) -> list[Scope | None]:
    return [each.scope for each in open_now(desk, about) if isinstance(each, Rating | Caution)]


def published(desk: Desk, change: str) -> None:
    """Take a draft of Alice's to its end."""
    assert act(desk, "alice", change, "propose").status == 303
    assert act(desk, "bob", change, "sign").status == 303
    assert send(desk, "bob", f"{change}/publish").status == 303
    assert kept(desk, change).status is Status.PUBLISHED


def filled(page: Page) -> dict[str, str]:
    """Return what a browser would send of the form on a page, with nothing touched."""
    form: Any = page.all("//form[@method='post' and contains(@class, 'tr-editor')]")[0]
    return {name: value for name, value in form.fields.items() if isinstance(value, str)} | {"do": "save"}


def letter_to_bob(desk: Desk) -> str:
    """Return the text of the newest letter to Bob, on one line."""
    with reading(desk.app.engine) as c:
        message = message_from_bytes(desk_letters.to(c, "p-bob")[-1].body, policy=default)
    (part,) = [each for each in message.walk() if each.get_content_type() == "text/plain"]
    return f"{message['subject']} {' '.join(part.get_content().split())}"


def test_a_warning_below_a_level_goes_from_the_editor_to_the_ratings(desk: Desk) -> None:
    sent = send(desk, "alice", NEW, NEW, **FIELDS)
    assert sent.status == 303, sent.words
    change = str(sent.response.headers["Location"])
    for prefix, words in (
        ("", "Flights concerned nothing All flights, at FL259 and below"),
        ("/fr", "Vols concernés rien Tous les vols, au FL259 et au-dessous"),
        ("/es", "Vuelos afectados nada Todos los vuelos, en FL259 y por debajo"),
    ):
        assert words in desk.visitor("bob").get(prefix + change).words
    published(desk, change)
    assert scopes(desk) == [Scope(0, 259)]
    for page in (
        "/ratings/airspace/ZZ-BASIN",
        "/ratings?kind=airspace&level=caution",
        "/history?as_of=3&kind=airspace&level=caution",
    ):
        assert "All flights, at FL259 and below" in desk.visitor("dana").get(page).words
    told = desk.visitor("alice").get("/changes/new?subject=airspace:ZZ-BASIN").words
    assert "All flights, at FL259 and below" in told


@given(SCOPES)
def test_every_scope_comes_into_the_form_and_back_as_it_was(scope: Scope | None) -> None:
    assert scope_from(entry_of(caution("airspace:ZZ-BASIN", scope=scope), A_CAUTION)) == scope


@pytest.mark.parametrize(
    "scope",
    [
        None,
        Scope(),
        Scope(0, 259),
        Scope(260, None, Movement.OVERFLIGHT),
        Scope(1, 2, Movement.LANDING, ("BEY",)),
    ],
    ids=str,
)
def test_a_form_that_is_sent_as_it_came_keeps_the_scope(scope: Scope | None, desk: Desk) -> None:
    publish(desk, noted(scope))
    alice, address = desk.visitor("alice"), f"{NEW}&record=basin-note"
    form = filled(alice.get(address))
    sent = alice.post(address, data=form | {"text_en": "Another text.", "why": "A new text."})
    assert sent.status == 303, sent.words
    change = str(sent.response.headers["Location"])
    form = filled(alice.get(f"{change}/edit"))
    assert alice.post(f"{change}/edit", data=form | {"text_en": "A third text."}).status == 303
    published(desk, change)
    assert scopes(desk) == [scope]
    (record,) = [each for each in open_now(desk) if isinstance(each, Caution)]
    assert record.text.en == "A third text."


@pytest.mark.parametrize(
    ("fields", "field", "told"),
    [
        ({"scope_ceiling": "high"}, "scope_ceiling", "a whole number from 0 to 660"),
        ({"scope_floor": "-1"}, "scope_floor", "a whole number from 0 to 660"),
        ({"scope_floor": "25.5"}, "scope_floor", "a whole number from 0 to 660"),
        ({"scope_ceiling": "661"}, "scope_ceiling", "a whole number from 0 to 660"),
        ({"scope_floor": "260"}, "scope_ceiling", "The highest level lies below the lowest one"),
        ({"scope_movement": ""}, "scope_movement", "Choose which flights are concerned"),
        ({"scope_movement": "hovering"}, "scope_movement", "Choose which flights are concerned"),
        ({"scope_airports": "QQQ"}, "scope_airports", '"QQQ" is no airport that we know'),
        (
            {"scope_airports": "ADD, OLBA"},
            "scope_airports",
            '"OLBA" is not the code of an airport as we use it: enter BEY',
        ),
        ({"scope_airports": "LON"}, "scope_airports", "enter LHR"),
    ],
)
def test_a_scope_that_cannot_be_used_is_told_at_its_field(
    fields: dict[str, str], field: str, told: str, desk: Desk
) -> None:
    page = send(desk, "alice", NEW, NEW, **FIELDS | fields)
    assert page.status == 422
    assert told in page.text(f"//div[@role='alert']//a[@href='#{field}']")
    (control,) = page.all(f"//*[@id='{field}']")
    assert control.get("aria-invalid") == "true"


def test_a_form_that_never_asked_which_flights_drops_no_scope(desk: Desk) -> None:
    publish(desk, noted(Scope(0, 259)))
    alice, address = desk.visitor("alice"), f"{NEW}&record=basin-note"
    form = {
        name: value for name, value in filled(alice.get(address)).items() if not name.startswith("scope_")
    }
    assert alice.post(address, data=form | FIELDS | {"scope_movement": ""}).status == 422
    assert scopes(desk) == [Scope(0, 259)]


def test_a_level_may_be_written_as_pilots_do(desk: Desk) -> None:
    sent = send(desk, "alice", NEW, NEW, **FIELDS | {"scope_floor": "fl100", "scope_ceiling": "FL 259"})
    published(desk, str(sent.response.headers["Location"]))
    assert scopes(desk) == [Scope(100, 259)]


def test_nobody_is_asked_for_levels_but_of_an_airspace(desk: Desk) -> None:
    alice = desk.visitor("alice")
    for address in (
        "state:ET&what=caution",
        "carrier:ETH&what=rating",
        "airspace:ZZ-BASIN&what=end&record=zz-basin",
    ):
        assert not alice.get(f"/changes/new?subject={address}").all("//*[starts-with(@id, 'scope_')]")
    on = "/changes/new?subject=state:ET&what=caution"
    change = str(send(desk, "alice", on, on, **FIELDS).response.headers["Location"])
    published(desk, change)
    assert scopes(desk, Subject(SubjectKind.STATE, "ET")) == [None], "a stray field is nobody's scope"


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("ZZ-BASIN", "ZZ-BASIN"),
        ("zz-basin", "ZZ-BASIN"),
        ("zephyr basin", "ZZ-BASIN"),
        ("zephyr bassin", "ZZ-BASIN"),
        ("cuenca del cefiro", "ZZ-BASIN"),
        ("ET-NORTH", "ET-NORTH"),
        ("LY", "LY"),
    ],
)
def test_an_airspace_is_found_by_its_key_or_by_words_of_its_name(said: str, found: str, desk: Desk) -> None:
    for address, lead in (
        ("/changes/new", f"/changes/new?subject=airspace:{found}"),
        ("/history/find", f"/history/airspace/{found}"),
    ):
        asked = desk.visitor("alice").get(address, query_string={"kind": "airspace", "text": said})
        assert asked.response.headers["Location"] == lead


def test_several_are_asked_for_and_none_is_said_in_words(desk: Desk) -> None:
    several = desk.visitor("alice").get("/fr/changes/new?kind=airspace&text=Éthiopie")
    assert several.all("//input[@name='subject']/@value") == ["airspace:ET", "airspace:ET-NORTH"]
    none = desk.visitor("alice").get("/changes/new?kind=airspace&text=Atlantis")
    assert none.status == 422
    assert "No airspace that is drawn here has this name or key" in none.words
    assert desk.visitor("alice").get("/changes/new?kind=airspace&text=").status == 422


def test_an_outline_is_on_record_and_no_rating(desk: Desk) -> None:
    page = desk.visitor("dana").get("/fr/ratings/airspace/ZZ-BASIN")
    assert "Bassin du Zéphyr (ZZ-BASIN)" in page.text("//h1")
    for words in ("Contour", "Contour approximatif", "Sourcedrawn after a chart", "Non évalué"):
        assert words in page.words
    assert "MULTIPOLYGON" not in page.words
    for address in ("/ratings?kind=airspace&q=zephyr", "/history?as_of=2&kind=airspace&q=zephyr"):
        assert "Found: 0" in desk.visitor("dana").get(address).words, "a list of ratings lists no outlines"
    publish(desk, noted(Scope(0, 259)))
    for address in ("/es/ratings?kind=airspace&q=cefiro", "/es/history?as_of=3&kind=airspace&q=cefiro"):
        assert "Cuenca del Céfiro (ZZ-BASIN)" in desk.visitor("dana").get(address).words
    choice = desk.visitor("alice").get("/changes/new?subject=airspace:ZZ-BASIN").words
    for words in ("Outline", "zz-basin", "Source: drawn after a chart", "Approximate outline"):
        assert words in choice


def proposed(desk: Desk, *wanted: Record) -> str:
    made = drafting.draft(desk.app, "p-alice", Content("Drawn anew after a better chart.", wanted))
    drafting.propose(desk.app, "p-alice", made.reference)
    return f"/changes/{made.reference}"


def test_an_outline_that_changed_is_told_as_such(desk: Desk) -> None:
    change = proposed(desk, replace(DRAWN, outline=box(10, 33, 15, 36)))
    for prefix, label, told in (
        ("", "Outline", "The outline changed: about 152,833 km²"),
        ("/fr", "Contour", "Le contour a changé\N{NO-BREAK SPACE}: environ 152\N{NO-BREAK SPACE}833 km²"),
        ("/es", "Contorno", "El contorno cambió: unos 152\N{NO-BREAK SPACE}833 km²"),
    ):
        page = desk.visitor("bob").get(prefix + change)
        (row,) = page.all("//table[contains(@class, 'tr-sides')]/tbody/tr")
        cells = [each.text_content().strip() for each in row]
        assert cells[0] == label
        assert "km²" in cells[1]
        assert told in cells[2]
        assert "MULTIPOLYGON" not in page.words
    told = letter_to_bob(desk)
    assert "approximate outline. Source: drawn after a chart (the outline changed)" in told
    assert "MULTIPOLYGON" not in told


def test_what_was_drawn_better_is_approximate_no_more(desk: Desk) -> None:
    change = proposed(desk, replace(DRAWN, approximate=False))
    assert "Approximate yes no" in desk.visitor("bob").get(change).words


def test_a_new_airspace_is_called_by_its_name_before_it_is_on_record(desk: Desk) -> None:
    new = replace(DRAWN, id="zz-bay", key="ZZ-BAY", names=Texts("The bay", "La baie", "La bahía"))
    change = proposed(desk, new)
    for page in (change, "/changes"):
        assert "La baie (ZZ-BAY)" in desk.visitor("bob").get("/fr" + page).words
    shown = desk.visitor("bob").get("/fr" + change).words
    for words in (
        "Clé rien ZZ-BAY",
        "Type rien Région d'information de vol (FIR)",
        "État rien Libye (LY)",
        "Approximatif rien oui",
        "Source rien drawn after a chart",
    ):
        assert words in shown
    assert not desk.visitor("alice").get(f"{change}/edit").all("//form[contains(@class, 'tr-editor')]")
    assert "The bay (ZZ-BAY)" in letter_to_bob(desk)


def test_a_letter_to_signers_says_which_flights(desk: Desk) -> None:
    proposed(desk, noted(Scope(0, 259, Movement.LANDING, ("TIP",))))
    told = letter_to_bob(desk)
    assert "caution: review needed (flights that take off or land there, at FL259 and below" in told
    assert "except to or from TIP)" in told


def test_an_outline_ends_at_the_desk_but_not_under_what_is_on_record(desk: Desk) -> None:
    on = "/changes/new?subject=airspace:ZZ-BASIN&what=end&record=zz-basin"
    publish(desk, noted(Scope(0, 259)))
    refused = send(desk, "alice", "/fr" + on, "/fr" + on, why="Nobody needs it.")
    assert refused.status == 422
    assert "basin-note porterait sur l'espace aérien ZZ-BASIN, qui n'a pas de contour" in refused.words
    with writing(desk.app.engine) as c:
        store.publish(c, opened=(), closed=["basin-note"], actor="Bob", note="a test", at=NOW)
    sent = send(desk, "alice", on, on, why="Nobody needs it.")
    published(desk, str(sent.response.headers["Location"]))
    assert not [each for each in open_now(desk) if isinstance(each, Airspace)]
    assert "Outline" in desk.visitor("dana").get("/history/airspace/ZZ-BASIN").words


def test_the_map_lists_what_it_shows_by_the_gravest_verdict(desk: Desk) -> None:
    publish(desk, noted(Scope(0, 259)))
    page = desk.visitor("dana").get("/fr/world")
    assert page.all("//main//*[@class='tr-map']")
    (group,) = page.all("//main//h2[normalize-space(span)='Examen nécessaire']/following-sibling::ul[1]")
    links = {str(each.get("href")): each.text_content() for each in group.findall(".//a")}
    assert links["/fr/history/airspace/ZZ-BASIN"] == "Bassin du Zéphyr (ZZ-BASIN)"
    assert not desk.visitor("dana").get("/world?lite=1").all("//main//*[@class='tr-map']")
