"""The words in which an answer is told: complete, equal in their slots, and all of them used."""

import re
from pathlib import Path

import pytest

from travelrisk.domain.errors import ConfigurationError
from travelrisk.domain.texts import LANGUAGES, Texts
from travelrisk.telling.words import placeholders, speaker, telling_texts, texts_in, texts_of, typeset

ROOT = Path(__file__).resolve().parents[2]
USED = re.compile(r"""say\(\s*["']([a-z_]+)["']|person\(["']([a-z_]+)["']""")
DESK = texts_in("mail/desk.toml")  # that all of these are said, the golden letters of the desk prove
ANSWERS = texts_in("mail/answers.toml")
WAYS = texts_in("telling/ways.toml")
WAYS_BY_NAME = {"ways_exemption", "ways_within", "ways_from_service", "ways_from_seen"}
# Said through a variable: the ways not to judge a segment, the words before a first reason, and what a
# changed answer means.
BY_NAME = {
    "not_judged", "not_judged_cancelled", "not_judged_flown", "not_judged_rail", "not_judged_bus",
    "condition", "reason", "condition_of_flight", "reason_of_flight", "operating", "operating_assumed",
    "locator", "locators", "no_longer", "no_longer_of_flight", "gone", "gone_of_flight",
    "new_reason_of_flight", "repeated",
    "changed_cleared", "changed_conditional", "changed_review", "changed_not_cleared",
    "changed_in_conditions", "changed_in_part", "bought", "bought_conditional", "bought_cleared",
}  # fmt: skip


def test_every_text_is_said_somewhere_and_every_text_said_exists() -> None:
    files = [*(ROOT / "templates" / "mail").rglob("*.*")]
    files += [path for floor in ("mail", "telling") for path in (ROOT / "travelrisk" / floor).glob("*.py")]
    sources = [path.read_text("utf-8") for path in files]
    said = {one or other for source in sources for one, other in USED.findall(source)}
    assert not DESK.keys() & telling_texts().keys(), "letters of the desk know both, so no key is in both"
    assert (said - DESK.keys() - ANSWERS.keys() - WAYS.keys()) | BY_NAME == set(telling_texts())
    assert (said & WAYS.keys()) | WAYS_BY_NAME == set(WAYS)
    assert not ANSWERS.keys() & telling_texts().keys(), "answers to mails know both as well"
    assert [key for key in ANSWERS if not any(f'"{key}"' in source for source in sources)] == []


@pytest.mark.parametrize("key", sorted({**telling_texts(), **DESK, **ANSWERS, **WAYS}))
def test_a_text_is_clean_in_each_language(key: str) -> None:
    for text in {**telling_texts(), **DESK, **ANSWERS, **WAYS}[key]:
        assert text == text.strip()
        assert "\n" not in text
        assert "\u00a0" not in text, "typeset() sets it; a translator cannot see it"


@pytest.mark.parametrize(
    ("toml", "reason"),
    [
        ('[a]\nen = "x"\nfr = "x"', "'a' must have exactly the languages"),
        ('[a]\nen = "x"\nfr = "x"\nes = "x"\nde = "x"', "'a' must have exactly the languages"),
        ('a = "x"', "'a' must have exactly the languages"),
        ('[a]\nen = "x"\nfr = " "\nes = "x"', "'a' has an empty text"),
        ('[a]\nen = "x {day}"\nfr = "x {day}"\nes = "x {jour}"', "'a': the placeholders differ"),
        ("[a", "texts.toml"),
    ],
)
def test_an_incomplete_text_is_refused(toml: str, reason: str) -> None:
    with pytest.raises(ConfigurationError, match=re.escape(reason)):
        texts_of(toml)


def test_slots_must_fit_exactly() -> None:
    say = speaker("en", {"hello": Texts("Hello {name}", "Bonjour {name}", "Hola {name}")})
    assert say("hello", name="alice {name}") == "Hello alice {name}"
    for slots in ({}, {"name": "alice", "day": 1}, {"nom": "alice"}):
        with pytest.raises(ConfigurationError, match="hello"):
            say("hello", **slots)
    with pytest.raises(ConfigurationError, match="no text 'goodbye'"):
        say("goodbye")


def test_french_punctuation_holds_on_to_its_word() -> None:
    assert (
        typeset("Motif : « oui » ; vraiment ?", "fr")
        == "Motif\u00a0: «\u00a0oui\u00a0»\u00a0; vraiment\u00a0?"
    )
    assert typeset("Reason : x", "en") == "Reason : x"


def test_the_three_languages_are_there() -> None:
    assert {len(texts) for texts in telling_texts().values()} == {len(LANGUAGES)}
    assert placeholders("a {b} {c}") == {"b", "c"}
