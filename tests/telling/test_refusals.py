"""Why something could not be read: in the reader's language, and never half of it."""

import ast
import json
import re
from collections.abc import Iterator
from string import Formatter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contracts.tree import PACKAGE, ROOT
from travelrisk.domain.texts import LANGUAGES, Language
from travelrisk.intake.sniffing import UNREAD_FORMS
from travelrisk.services.trips.checking import NOTHING
from travelrisk.telling.refusals import refusal, refusal_texts

OTHERS: tuple[Language, ...] = ("fr", "es")
WORD = re.compile(r"[A-Za-z]+")
WRITERS = [*(PACKAGE / "intake").rglob("*.py"), PACKAGE / "services" / "trips" / "checking.py"]
ADVICE = "a reason of the readers is not translated: add it to templates/telling/refusals.toml"


def _values(shape: Any, key: str) -> Iterator[Any]:  # noqa: ANN401 - whatever JSON holds
    if isinstance(shape, dict):
        if key in shape:
            yield shape[key]
        for each in shape.values():
            yield from _values(each, key)
    elif isinstance(shape, list):
        for each in shape:
            yield from _values(each, key)


CASES = [
    json.loads(path.read_text("utf-8")) for path in sorted((ROOT / "tests/cases/intake").rglob("out.json"))
]
REASONS = {reason for case in CASES for reason in _values(case, "reason") if reason} | {NOTHING}
ROWS = {
    line
    for case in CASES
    for lines in _values(case, "unread")
    for line in lines or ()
    if line.startswith(("row ", "sheet "))
}
SAID = [
    "The document is damaged on page 2: send it again, or paste the flights",
    "trip.pdf has more than 200,000 characters: send the itinerary alone",
    "trip.pdf lies more than 5 files deep: send it alone",
    "page 1 has a text that was recognised from a picture: send it as text",
    "page 2 has no text layer, it is a picture: send it as text",
    "The document has 12.4 MB; up to 10 MB are read: send the itinerary alone",
    "trip.pdf has 12.4 MB; up to 10 MB are read: send the itinerary alone",
    "The text has 1,200,000 characters; 200,000 are read: send the itinerary alone",
    "trip.csv: line 3 has more than 20,000 characters",
    "trip.xlsx: the workbook unpacks to 900 MB: save the rows you need alone",
    "trip.ics cannot be read: it took longer than 20 seconds to read; paste the flights as text",
    "The document cannot be read: its reader ran out of memory or processor time; paste the flights as text",
    "The calendar has 3 events, none of which is a flight: export the trip itself",
    "The ZIP archive unpacks to more than 40 MB: send the itinerary alone",
    "trip.zip: The file is damaged in the ZIP archive: send it alone",
    "The message holds messages more than 10 deep: send the itinerary alone",
    "The message has more than 200 parts: send the itinerary alone",
    "The rich text of the message is damaged or too large: paste its text",
    "trip.zip: It holds more than 200 documents: send the itinerary alone",
    "trip.zip: It unpacks to more than 40 MB: send the itinerary alone",
    "The mail has more than 100 parts, or parts more than 10 deep: send the itinerary alone",
]


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("reason", sorted(REASONS | ROWS | set(UNREAD_FORMS.values()) | set(SAID)))
def test_every_reason_of_the_readers_is_told_in_the_language(reason: str, language: Language) -> None:
    told = refusal(reason, language)
    assert told.language == language, f"{ADVICE}: {reason}"
    assert told.text != reason
    assert " is read" not in told.text
    assert "{" not in told.text


def test_the_texts_use_only_words_that_the_readers_write() -> None:
    trees = [ast.parse(path.read_text("utf-8")) for path in WRITERS]
    constants = [node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    written = {word for each in constants if isinstance(each, str) for word in WORD.findall(each)}
    for key, texts in refusal_texts().items():
        literal = " ".join(words for words, _, _, _ in Formatter().parse(texts.en))
        assert set(WORD.findall(literal)) <= written, f"{key}: no reader says so any longer"


READS = {
    "ticket.pdf: The document is damaged on page 2: send it again, or paste the flights": (
        "ticket.pdf : Le document est endommagé à la page 2 : renvoyez-le, ou collez les vols",
        "ticket.pdf: El documento está dañado en la página 2: envíelo de nuevo, o pegue los vuelos",
    ),
    "One flight-like line was not understood. The document is empty: send it again": (
        "Une ligne qui ressemble à un vol n'a pas été comprise. Le document est vide : renvoyez-le",
        "No se entendió una línea que parece un vuelo. El documento está vacío: envíelo de nuevo",
    ),
    "The table lacks a column for: departure date (row 1 has: Flight, From): add what is missing and send "
    "it again": (
        (
            "Le tableau : il manque la colonne date de départ (la ligne 1 contient : Flight, From) ; "
            "ajoutez-la et renvoyez le tableau"
        ),
        (
            "La tabla: falta la columna fecha de salida (la fila 1 tiene: Flight, From); "
            "añádala y envíe de nuevo la tabla"
        ),
    ),
}


@pytest.mark.parametrize("reason", READS)
def test_a_reason_reads_well(reason: str) -> None:
    told = [refusal(reason, language).text.replace("\N{NO-BREAK SPACE}", " ") for language in LANGUAGES]
    assert told == [reason, *READS[reason]]


@pytest.mark.parametrize(
    "reason",
    [
        "a reason of tomorrow",
        "ticket.pdf: a reason of tomorrow",
        "One flight-like line was not understood. A reason of tomorrow",
        "3 X1 99 Y 15DEC 2 NBOXXX HK1",
        "origin",
        "row 4",
    ],
)
def test_what_is_not_known_stays_english_and_says_so(reason: str) -> None:
    assert [(each.text, each.language) for each in (refusal(reason, language) for language in OTHERS)] == [
        (reason, "en"),
        (reason, "en"),
    ]


@given(st.text(max_size=3000), st.sampled_from(LANGUAGES))
def test_any_text_comes_out_visible_and_short(text: str, language: Language) -> None:
    told = refusal(text, language).text
    assert len(told) <= 2500
    assert "\n" not in told


@pytest.mark.parametrize("piece", ["a. b: c; ", "row 1: ", "sheet a row 1: ", ". ", "x: "])
def test_nothing_makes_the_search_long(piece: str) -> None:
    assert refusal(piece * 3000, "fr").language == "en"
