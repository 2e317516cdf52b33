"""The demonstration: dated facts just as their sources gave them, and nothing else adverse about anybody."""

import csv
import json
import re
import tomllib
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.contracts.test_vocabulary import ANYWHERE, TO_PEOPLE
from tests.contracts.tree import ROOT
from travelrisk.domain.ratings import Level, SubjectKind
from travelrisk.domain.texts import LANGUAGES
from travelrisk.domain.verdicts import Verdict

Row = dict[str, Any]

DATA = ROOT / "data"
DEMO = DATA / "demo"
KNOWN_ON = date(2026, 11, 23)
SHOW = {
    "en": "Demonstration only, not an assessment.",
    "fr": "Uniquement pour la démonstration, ce n'est pas une évaluation.",
    "es": "Solo para la demostración, no es una evaluación.",
}
SHOW_UNTIL = date(2030, 12, 31)

# The facts, typed in a second time: who is named, as of when, and until when by the word of the source.
ASL = date(2025, 6, 3)
ASL_STATES = "AF AO AM CG CD DJ GQ ER LR LY NP ST SL SD SR TZ"
ANNEX_A = "AZW ROI IRC FBA IAW"
ANNEX_B = "IRA KOR"
IASA = {"RU": date(2022, 4, 25), "VE": date(2022, 4, 25), "BD": date(2024, 6, 13)}
CZIB_EXPORT = date(2026, 10, 3)
CZIB = {
    "easa-czib-2017-03r20-sy": date(2026, 11, 30),
    "easa-czib-2017-05-so": date(2027, 4, 30),
    "easa-czib-2017-01-ml": date(2027, 4, 30),
    "easa-czib-2017-07-ye": date(2027, 4, 30),
    "easa-czib-2026-04-ir": date(2026, 11, 16),
    "easa-czib-2026-05-r2-iq": date(2026, 11, 16),
    "easa-czib-2026-06-lb": date(2026, 11, 16),
    "easa-czib-2026-07r3-bh": date(2026, 11, 16),
    "easa-czib-2026-07r3-kw": date(2026, 11, 16),
    "easa-czib-2026-07r3-qa": date(2026, 11, 16),
    "easa-czib-2026-07r3-ae": date(2026, 11, 16),
    "easa-czib-2026-07r3-om": date(2026, 11, 16),
    "easa-czib-2026-07r3-gulf": date(2026, 11, 16),
    "easa-czib-2026-07r3-gulf-of-oman": date(2026, 11, 16),
    "easa-czib-2026-08-jo": date(2026, 10, 16),
    "easa-nid-144230-sa": date(2026, 11, 16),
    "easa-czib-2017-02r20-ly": date(2027, 1, 31),
    "easa-czib-2017-08-af": date(2027, 1, 31),
    "easa-czib-2018-02-pk": date(2027, 1, 31),
    "easa-czib-2022-01r14-ua": date(2027, 1, 31),
    "easa-czib-2023-01-sd": date(2027, 1, 31),
    "easa-czib-2025-01-r3-ru": date(2027, 1, 31),
}
LISTED_IN_AUGUST = date(2026, 8, 22)
NOTES_AND_FAA = {
    "easa-note-mm": date(2027, 1, 31),
    "easa-note-et": date(2026, 10, 31),
    "faa-sfar-77-iq": date(2027, 10, 31),
    "faa-sfar-79-kp": date(2028, 9, 18),
    "faa-sfar-107-so": date(2027, 1, 7),
    "faa-sfar-112-ly": date(2028, 3, 20),
    "faa-sfar-114-sy": date(2028, 12, 30),
    "faa-sfar-115-ye": date(2028, 1, 7),
    "faa-sfar-117-ir": date(2027, 10, 31),
    "faa-sfar-119-af": date(2028, 7, 25),
    "faa-kicz-a0003-22-by": None,
    "faa-kicz-a0004-22-ua": None,
    "faa-kicz-a0005-22-ru": None,
    "faa-kicz-a0024-26-ht": date(2026, 9, 3),
    "faa-kicz-a0023-26-ml": None,
    "faa-kicz-a0016-20-gulf": None,
    "faa-kicz-a0009-18-damascus": None,
}
ADVISORIES = {"faa-kicz-a0023-26-ml", "faa-kicz-a0016-20-gulf", "faa-kicz-a0009-18-damascus"}

# They are about airspaces: the land of the State in their id, or one of these; at any level, or up to one.
AREAS = {
    "easa-czib-2018-02-pk": "PK-WEST",
    "easa-czib-2025-01-r3-ru": "RU-WEST",
    "easa-czib-2026-07r3-gulf": "GULF-WATERS",
    "easa-czib-2026-07r3-gulf-of-oman": "GULF-OF-OMAN-WEST",
    "easa-note-et": "ET-NORTH",
    "faa-kicz-a0005-22-ru": "RU-NEAR-UA",
    "faa-kicz-a0024-26-ht": "MTPP-50NM",
    "faa-kicz-a0016-20-gulf": "GULF-WATERS",
    "faa-kicz-a0009-18-damascus": "DAMASCUS-200NM",
}
CIRCLES_AND_WATERS = {"DAMASCUS-200NM", "GULF-OF-OMAN-WEST", "GULF-WATERS", "MTPP-50NM", "PK-WEST"}
CEILINGS = {
    "easa-czib-2017-05-so": 260,
    "easa-czib-2017-01-ml": 259,
    "easa-czib-2017-02r20-ly": 319,
    "easa-czib-2017-08-af": 319,
    "easa-czib-2018-02-pk": 259,
    "easa-note-mm": 259,
    "easa-note-et": 259,
    "faa-sfar-77-iq": 319,
    "faa-sfar-107-so": 259,
    "faa-sfar-119-af": 319,
    "faa-kicz-a0024-26-ht": 99,
}
CANADA = "AF BY BF CF CD HT IR IQ LB LY ML MM NE KP RU SO SS SD SY UA VE YE"
ENDED = "IR IQ LB BH KW QA AE OM JO SA ET-NORTH MTPP-50NM GULF-WATERS GULF-OF-OMAN-WEST"
GERMANY = "HT LY CF SO NE SS SD YE BY PS ML MM SY IR IQ AF RU UA"  # of mid-2026: the day is not known

Fact = tuple[str, str, date | None, date | None]  # subject, what it says, as of, until


def _facts() -> Iterator[tuple[str, Fact]]:
    """Give everything adverse that may be said: id -> subject, level or effect, as of, until."""
    for icao in ANNEX_A.split():
        yield f"eu-asl-{icao.lower()}", (f"carrier:{icao}", "not_recommended", ASL, None)
    for icao in ANNEX_B.split():
        yield f"eu-asl-{icao.lower()}", (f"carrier:{icao}", "conditional", ASL, None)
    for state in ASL_STATES.split():
        yield f"eu-asl-{state.lower()}", (f"state:{state}", "not_cleared", ASL, None)
    for state, day in IASA.items():
        yield f"faa-iasa-{state.lower()}", (f"state:{state}", "review", day, None)
    for day, rows in ((CZIB_EXPORT, CZIB), (LISTED_IN_AUGUST, NOTES_AND_FAA)):
        for name, until in rows.items():
            effect = "conditional" if name in ADVISORIES else "review"
            yield name, (f"airspace:{AREAS.get(name) or name[-2:].upper()}", effect, day, until)
    for state in CANADA.split():
        yield f"canada-{state.lower()}", (f"country:{state}", "review", date(2026, 7, 2), None)
    for state in GERMANY.split():
        yield f"germany-{state.lower()}", (f"country:{state}", "review", None, None)


def _table(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


FACTS = dict(_facts())
FILE: Row = tomllib.loads((DATA / "ratings" / "demonstration.toml").read_text("utf-8"))
RATINGS: list[Row] = FILE["ratings"]
CAUTIONS: list[Row] = FILE["cautions"]
SERVICES: list[Row] = FILE["services"]
SHOWN = [row for row in RATINGS if row["id"].startswith("demo-")]
ADVERSE = [row for row in RATINGS if row not in SHOWN] + CAUTIONS
CARRIERS = {row["icao"]: row for row in _table("carriers.csv")}
AIRPORTS = {row["iata"] for row in _table("airports.csv")} - {""}
AIRSPACES = {
    feature["properties"]["key"]
    for feature in json.loads((DATA / "airspaces.geojson").read_text("utf-8"))["features"]
}
BESIDE_THE_GULF = sorted(
    row["iata"] for row in _table("airports.csv") if row["country"] in {"AE", "BH", "KW", "QA"}
)
COUNTRIES = {row["code"] for row in _table("countries.csv")}


def test_the_title_says_what_it_is_and_from_when() -> None:
    assert "Demonstration only" in FILE["title"]
    assert "23 November 2026" in FILE["title"]


def test_every_adverse_row_is_a_fact_unchanged_and_no_fact_is_missing() -> None:
    said = {
        row["id"]: (
            row["subject"],
            row.get("level") or row["effect"],
            row["evidence"][0].get("retrieved_on"),
            row.get("valid_until"),
        )
        for row in ADVERSE
    }
    assert said == FACTS


def test_adverse_rows_name_their_source_and_its_date() -> None:
    for row in ADVERSE:
        (evidence,) = row["evidence"]
        assert set(evidence) <= {"kind", "title", "url", "retrieved_on", "valid_until", "note"}, row["id"]
        assert evidence["kind"], row["id"]
        assert evidence["title"], row["id"]
        assert re.match(r"https?://", evidence["url"]), row["id"]
        assert "retrieved_on" in evidence or "As of mid-2026" in evidence["note"], row["id"]
        assert evidence.get("valid_until") == row.get("valid_until"), row["id"]


def test_what_has_ended_is_kept() -> None:
    ended = {row["subject"] for row in CAUTIONS if row.get("valid_until", date.max) < KNOWN_ON}
    assert ended == {f"airspace:{key}" for key in ENDED.split()}


def test_bulletins_concern_the_flights_that_they_say() -> None:
    """A flight that lands there is one of them, whatever the levels."""
    scopes = {row["id"]: row["scope"] for row in CAUTIONS if "scope" in row}
    by_sea = {"easa-czib-2026-06-lb": ["BEY"], "easa-czib-2026-07r3-gulf": BESIDE_THE_GULF}
    ceilings = {name: {"ceiling": level} for name, level in CEILINGS.items()}
    assert scopes == {**ceilings, **{name: {"airports": codes} for name, codes in by_sea.items()}}


def test_an_outline_that_somebody_typed_says_that_it_is_approximate() -> None:
    drawn = {row["id"]: row["text"] for row in CAUTIONS if row["subject"].startswith("airspace:")}
    assert len(drawn) == len(CZIB) + len(NOTES_AND_FAA)
    typed = {name for name in drawn if AREAS.get(name) in CIRCLES_AND_WATERS}
    assert len(typed) == 6
    for name in typed:
        for language, word in (("en", "approximate"), ("fr", "approximatif"), ("es", "aproximado")):
            assert word in drawn[name][language], (name, language)


def test_nothing_adverse_is_said_of_what_is_shown_as_recommended() -> None:
    adverse = {row["subject"] for row in ADVERSE}
    states = {
        row["subject"].removeprefix("state:") for row in CAUTIONS if row["subject"].startswith("state:")
    }
    for row in SHOWN:
        kind, _, key = row["subject"].partition(":")
        assert row["subject"] not in adverse
        assert kind != "carrier" or CARRIERS[key]["country"] not in states, row["id"]


def test_rows_for_show_say_so_in_the_same_words() -> None:
    for row in SHOWN:
        assert row["reason"] == SHOW, row["id"]
        assert (row["valid_from"], row["valid_until"]) == (date(2026, 1, 1), SHOW_UNTIL), row["id"]
    assert [row["subject"] for row in SHOWN if row["level"] != "recommended"] == ["carrier:UNO"]
    assert {row["source"] for row in SERVICES} == {"demonstration only, not a timetable"}


def test_enough_is_shown_for_something_to_be_cleared() -> None:
    kinds = Counter(row["subject"].partition(":")[0] for row in SHOWN)
    assert kinds["carrier"] >= 24
    assert kinds["airport"] >= 40


def test_ids_are_unique_and_well_formed() -> None:
    ids = [row["id"] for row in (*RATINGS, *CAUTIONS, *SERVICES)]
    assert [name for name, count in Counter(ids).items() if count > 1] == []
    assert [name for name in ids if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)] == []


def test_rows_have_the_agreed_fields() -> None:
    common = {"id", "valid_from", "valid_until", "set_by", "set_on"}
    fields = (
        (RATINGS, {"subject", "level", "reason", "condition", "evidence"}),
        (CAUTIONS, {"subject", "effect", "exceptions", "text", "scope", "evidence"}),
        (SERVICES, {"carrier", "pair", "source"}),
    )
    for rows, own in fields:
        for row in rows:
            assert set(row) <= common | own, row["id"]
            assert set(row) >= common - {"valid_until"}, row["id"]
            assert (row["set_by"], row["set_on"]) == ("Demonstration", KNOWN_ON), row["id"]
            assert row["valid_from"] <= row.get("valid_until", date.max), row["id"]


def test_levels_and_effects_are_words_of_the_field() -> None:
    assert {row["level"] for row in RATINGS} <= {level.value for level in Level}
    assert {row["effect"] for row in CAUTIONS} <= {verdict.name.lower() for verdict in Verdict}
    assert [row["id"] for row in RATINGS if (row["level"] == "conditional") != ("condition" in row)] == []


@pytest.mark.parametrize("row", [*RATINGS, *CAUTIONS], ids=lambda row: row["id"])
def test_subjects_exist(row: Row) -> None:
    kind, _, key = row["subject"].partition(":")
    assert kind in {each.value for each in SubjectKind}
    assert kind != "state" or "effect" in row, "a State takes cautions only"
    if kind == "route":
        carrier, _, pair = key.rpartition(":")
        _assert_is_pair(pair.split("-"))
        assert not carrier or carrier in CARRIERS
    else:
        known = {
            "carrier": set(CARRIERS),
            "airport": AIRPORTS,
            "country": COUNTRIES,
            "state": COUNTRIES,
            "airspace": AIRSPACES,
        }
        assert key in known[kind]


def test_services_are_of_carriers_and_airports_that_are_shown() -> None:
    shown = {row["subject"] for row in SHOWN}
    for row in SERVICES:
        _assert_is_pair(row["pair"])
        assert {f"carrier:{row['carrier']}", *(f"airport:{each}" for each in row["pair"])} <= shown, row["id"]


def _assert_is_pair(pair: list[str]) -> None:
    assert len(pair) == 2
    assert set(pair) <= AIRPORTS
    assert pair == sorted(pair)


def test_only_angola_has_exceptions_and_they_are_its_own_operators() -> None:
    excepted = {row["subject"]: row["exceptions"] for row in CAUTIONS if "exceptions" in row}
    assert excepted == {"state:AO": ["DTA"]}
    assert CARRIERS["DTA"]["country"] == "AO"
    (angola,) = (row for row in CAUTIONS if row["subject"] == "state:AO")
    assert all("TAAG" in text and "Heli Malongo" in text for text in angola["text"].values())


def test_every_text_stands_in_the_three_languages() -> None:
    for row in (*RATINGS, *CAUTIONS):
        for field in {"reason", "condition", "text"} & set(row):
            texts = row[field]
            assert tuple(texts) == LANGUAGES, row["id"]
            assert len(set(texts.values())) == len(LANGUAGES), row["id"]
            assert [text for text in texts.values() if not text.endswith(".") or text != text.strip()] == []


# The itineraries


def _written(path: Path) -> str:
    """Return the text of an itinerary; of a workbook, its strings."""
    if path.suffix != ".xlsx":
        return path.read_bytes().decode()
    with zipfile.ZipFile(path) as book:
        return "\n".join(book.read(name).decode() for name in sorted(book.namelist()))


ITINERARIES = sorted(DEMO.iterdir())


def test_there_are_enough_itineraries_in_all_forms() -> None:
    forms = Counter(path.suffix for path in ITINERARIES)
    assert set(forms) == {".txt", ".ics", ".eml", ".csv", ".xlsx"}
    assert len(ITINERARIES) >= 14
    assert [path.name for path in ITINERARIES if not re.match(r"[0-9]{2}-[a-z0-9-]+\.", path.name)] == []


@pytest.mark.parametrize("path", ITINERARIES, ids=lambda path: path.name)
def test_an_itinerary_is_of_nobody_real_and_keeps_to_the_words_of_the_field(path: Path) -> None:
    text = _written(path)
    assert set(re.findall(r"[\w.+-]+@([\w.-]+)", text)) <= {"example.org"}
    assert ANYWHERE.findall(text) == TO_PEOPLE.findall(text) == []
    if path.suffix in {".eml", ".ics"}:
        unfolded = re.sub(r"\r?\n[ \t]", "", text)
        assert re.search(r"Sample booking|Exemple de réservation|Reserva de ejemplo", unfolded)


def test_every_language_is_spoken() -> None:
    with (DEMO / "16-agency-bookings.csv").open(encoding="utf-8", newline="") as file:
        assert {row["Language"] for row in csv.DictReader(file)} == {"EN", "FR", "ES"}
    for language in LANGUAGES:
        mails = (path for path in ITINERARIES if path.suffix == ".eml")
        assert any(f"Content-Language: {language}" in _written(path) for path in mails)


def test_the_cells_of_the_workbook_are_text() -> None:
    """A date that a spreadsheet program has turned into a number would show something else."""
    with zipfile.ZipFile(DEMO / "17-agencia-reservas.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert len(re.findall(r"<is>", sheet)) > len(_table("demo/16-agency-bookings.csv"))
    assert "<v>" not in sheet
