"""What is wrong with a table: in the reader's language, and never half of it."""

import ast
import re
from string import Formatter

import pytest

from tests.contracts.tree import PACKAGE
from tests.services.test_exchange_faults import FAULTS
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.texts import Language
from travelrisk.services.exchange.columns import Sort, columns_of
from travelrisk.services.exchange.reading import read_table
from travelrisk.telling.rowfaults import rowfault, rowfault_texts

OTHERS: tuple[Language, ...] = ("fr", "es")
WORD = re.compile(r"[A-Za-z]+")
DOMAIN = ("changes", "authorisations", "factors")
WRITERS = [
    *(PACKAGE / "services" / "exchange").glob("*.py"),
    *(PACKAGE / "domain" / f"{name}.py" for name in DOMAIN),
]
OF_THE_LIBRARY = {"String should have at least character characters Tuple items after validation not most"}
ADVICE = "a reason of the import is not translated: add it to templates/telling/rowfaults.toml"
MEANINGS = [f"write {each.meaning}" for each in columns_of(1) if each.sort is not Sort.SHOWN]
SAID = [
    "is empty",
    "on the desk it was ended; the file says: valid_until 2027-12-31 -> 2028-01-01",
    "on the desk it was changed in edition 2: aoc - -> ET-9; the file says: level recommended -> not_rated",
    "the record has something in aoc, condition_en, and the file has no such column",
    "'eth' was not in force in edition 7",
    "'eth' was a record of the kind rating in edition 1",
    "'eth' is in force already, since edition 1",
    "overlaps 'eth', which rates carrier:ETH from 2026-01-01 until further notice",
    "1 cell stands beyond the last heading",
    "2 cells stand beyond the last heading",
    "ratings and exceptions are signed by different people",
    "only a carrier holds one",
    "only an airspace has levels",
    "is no flight level from 0 to 660",
    "the ceiling 100 lies below the floor 260",
    "there is no outline of the airspace 'NOWHERE'",
    "write a key that travelrisk airspaces list shows, such as OIIX",
    "there is no airport 'QQQ' in the reference data",
    "there is no state 'XX'",
    "there is no country 'XX'",
    "FRX is a former code of Somewhere",
    "LON is a city with several airports",
    "'ADD' is no pair of airports",
    "'ADD-ADD' begins where it ends",
    "a service is of one carrier",
    "quotes that do not end",
    "there is no evidence",
    "'12 %' is no number",
    "700 is more than 100, the most that usoap_effective_implementation can be",
    "eu_air_safety_list annex_b holds for certain aircraft",
    "iosa on_registry is not limited to certain aircraft",
    "an ad-hoc authorisation is for one trip",
    "a blanket authorisation is for an office",
    "a blanket authorisation is for one office",
    "nobody approves what they prepared themselves",
    "valid_until 2028-12-31: it would last 400 days and the policy allows 365",
    "valid_until 2026-01-01 is past",
    "String should have at most 2000 characters",
    "String should have at least 1 character",
    "Tuple should have at most 200 items after validation, not 201",
    "cannot be used as it stands",
    "write one of iosa, easa_tco",
    "write usoap_effective_implementation in %, such as 12",
    "write conditional, review or not_cleared",
    "write carrier, country, route",
    "keep one of the two",
    "t.csv: larger than 10 MB: split it",
    "t.xlsx: has no sheet called 'records': give the sheet with the rows that name",
    (
        "t.xlsx: holds formulas (L3, L4): what they come to is not looked at;"
        " copy the sheet and paste it as values"
    ),
    "t.csv: row 1: id stands twice: keep one column of each name",
    "t.csv: row 2, cell 2: longer than 32,767 characters: shorten it",
    "t.csv: line 3 cannot be taken apart (unexpected end of data): save it anew as CSV",
    "t.xlsx: the workbook unpacks to 57 MB: save the rows you need alone",
    "the rows come from 21 editions, and up to 20 are compared: export anew",
    (
        "eth: is no authorisation: ratings and exceptions are signed by different people,"
        " so make two changes of them"
    ),
    "reason_en: a text is too long for a workbook: export as CSV or JSON",
    "edition 0 rates no carrier: import ratings first",
]


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("said", sorted({reason for *_, reason in FAULTS}.union(MEANINGS, SAID)))
def test_every_reason_of_the_import_is_told_in_the_language(said: str, language: Language) -> None:
    told = rowfault(said, language)
    assert told.language == language, f"{ADVICE}: {said}"
    assert told.text != said


@pytest.mark.parametrize("language", OTHERS)
def test_what_is_not_known_stays_english_and_says_so(language: Language) -> None:
    for said in ("something new", "write something new", "t.csv: something new: export anew"):
        told = rowfault(said, language)
        assert (told.text, told.language) == (said, "en")


def test_an_english_reader_reads_what_the_import_says() -> None:
    assert rowfault("'x' is no day", "en").text == "'x' is no day"


def test_braces_in_a_cell_are_only_braces() -> None:
    assert rowfault("'{name}' is no day", "es").text == "«{name}» no es una fecha"


def test_the_texts_use_only_words_that_the_import_says() -> None:
    trees = [ast.parse(path.read_text("utf-8")) for path in WRITERS]
    constants = [node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    written = {word for each in constants if isinstance(each, str) for word in WORD.findall(each)}
    written |= {word for each in OF_THE_LIBRARY for word in WORD.findall(each)}
    for key, texts in rowfault_texts().items():
        literal = " ".join(words for words, _, _, _ in Formatter().parse(texts.en))
        assert set(WORD.findall(literal)) <= written, f"{key}: the import says so no longer"


@pytest.mark.parametrize("language", OTHERS)
def test_a_file_that_is_refused_says_why_in_the_language(language: Language) -> None:
    for name, content in (("t.csv", b"flight\nx\n"), ("t.csv", b""), ("t.doc", b"x"), ("t.xlsx", b"x")):
        with pytest.raises(BadInputError) as refused:
            read_table(name, content)
        assert rowfault(str(refused.value), language).language == language
