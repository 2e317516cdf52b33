"""The EU Air Safety List beside the ratings of the demonstration: only what nobody has rated is proposed."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests import sources
from tests.services.conftest import Clock, in_each_way
from tests.sources import Server
from tests.unit.feeds.answers import CASES, workbook
from travelrisk import resources
from travelrisk.domain.facts import News
from travelrisk.domain.ratings import Caution, Rating
from travelrisk.services.application import Application, Sources
from travelrisk.services.feeds.refreshing import refresh
from travelrisk.services.ratings.records import import_records
from travelrisk.store import proposals
from travelrisk.store.database import reading

NAME = "eu_air_safety_list"
SHEETS = json.loads(
    (CASES / NAME / "single-carriers-and-restricted-aircraft" / "list.json").read_text("utf-8")
)
STATE = "All air carriers certified by the authorities with responsibility for regulatory oversight of"
ANGOLA = [
    f"{STATE} Angola, with the exception of TAAG Angola Airlines and Heli Malongo, including",
    "-",
    "-",
    "Angola",
]
NEPAL = [f"{STATE} Nepal, including", "-", "-", "Republic of Nepal"]
BUDDHA = ["Buddha Air", "AOC 900", "BHA", "Republic of Nepal"]
NEW = ["Air Algerie Express", "AOC 901", "-", "Algeria"]
LISTED = ["Kenya Airways", "AOC 902", "KQA", "Kenya"]


def put(source: Server, *rows: list[str]) -> None:
    """Let the list have these rows in Annex A, after those of its saved form."""
    sheets = SHEETS | {"Annex A": [*SHEETS["Annex A"], *rows]}
    source.answers["/list"] = sources.content(workbook(sheets))


@pytest.fixture
def source() -> Iterator[Server]:
    with sources.serving() as server:
        put(server, ANGOLA, NEPAL, BUDDHA)
        yield server


@pytest.fixture
def fed(desk: Application, source: Server, tmp_path: Path) -> Application:
    """Give a service with the ratings of the demonstration that reads a list of our own."""
    demonstration = resources.data("ratings", "demonstration.toml")
    import_records(desk, demonstration, by="bob", signed_by="charlie")
    text = (
        resources.data("feeds", f"{NAME}.toml")
        .read_text(encoding="utf-8")
        .replace("floor = 100", "floor = 2")
    )
    head, _, rest = text.partition("[urls]")
    urls = f'[urls]\nlist = "{source.url("/list")}"\n'
    (tmp_path / f"{NAME}.toml").write_text(head + urls + rest[rest.index("\n#") :], encoding="utf-8")
    used = Sources((NAME,), "ops@example.org", tmp_path, frozenset({source.place}))
    return replace(desk, facts=replace(desk.facts, sources=used))


def test_what_is_rated_already_is_not_proposed(fed: Application) -> None:
    done = refresh(fed, NAME)
    assert done.done.told == ""
    assert [each.level for each in done.done.differences] == [
        *("Annex A", "Annex A", "Annex A, State", "Annex A, State", "Annex A, with its State", "Annex B"),
    ]
    assert done.proposed.references == ()


def test_what_is_new_in_the_list_is_proposed_with_its_evidence(
    fed: Application, clock: Clock, source: Server
) -> None:
    refresh(fed, NAME)
    clock.pass_by(hours=24)
    put(source, ANGOLA, NEPAL, BUDDHA, NEW, LISTED)
    done = refresh(fed, NAME)
    assert [(each.news, each.title) for each in done.done.differences] == [
        (News.NEW, "Air Algerie Express"),
        (News.NEW, "Kenya Airways"),
    ]
    assert [each.where for each in done.done.problems] == ["Air Algerie Express"]
    (reference,) = done.proposed.references
    with reading(fed.engine) as c:
        (wanted,) = proposals.by_reference(c, reference).content.wanted
    assert isinstance(wanted, Rating)
    assert (wanted.id, wanted.level.value, wanted.aoc) == ("demo-carrier-kqa", "not_recommended", "AOC 902")
    assert (wanted.evidence[0].kind, wanted.evidence[0].value) == (NAME, "annex_a")


def test_an_exception_that_ends_is_proposed(fed: Application, clock: Clock, source: Server) -> None:
    refresh(fed, NAME)
    clock.pass_by(hours=24)
    put(source, [f"{STATE} Angola, including", "-", "-", "Angola"], NEPAL, BUDDHA)
    done = refresh(fed, NAME)
    assert [each.news for each in done.done.differences] == [News.CHANGED]
    (reference,) = done.proposed.references
    with reading(fed.engine) as c:
        (wanted,) = proposals.by_reference(c, reference).content.wanted
    assert isinstance(wanted, Caution)
    assert (str(wanted.subject), wanted.exceptions) == ("state:AO", ())


@in_each_way(
    "answering fault",
    {
        "no workbook": (sources.content(b"PK\x03\x04 no workbook"), "other_format"),
        "html": (sources.content("<html>Maintenance</html>"), "other_format"),
        "a sheet is missing": (sources.content(workbook({"Annex A": SHEETS["Annex A"]})), "changed"),
        "header": (
            sources.content(workbook(SHEETS | {"Annex A": [["Air carrier", "Country"], ["X", "Y"]]})),
            "changed",
        ),
        "half a list": (
            sources.content(workbook(SHEETS | {"Annex A": SHEETS["Annex A"][:5]})),
            "below_floor",
        ),
        "cut": (sources.cut(workbook(SHEETS)), "incomplete"),
    },
)
def test_no_defect_of_the_workbook_replaces_what_was_known(
    fed: Application, source: Server, answering: sources.Answering, fault: str
) -> None:
    refresh(fed, NAME)
    source.answers["/list"] = answering
    failed = refresh(fed, NAME)
    assert failed.done.fault == fault
    source.answers["/list"] = sources.content(workbook(SHEETS))
    assert refresh(fed, NAME).done.differences != ()
