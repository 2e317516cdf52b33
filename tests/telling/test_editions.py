"""Who published an edition and why: kept in English, told in the language of the reader."""

import pytest

from travelrisk.domain.texts import LANGUAGES, Language
from travelrisk.telling.editions import who_published, why_published

KEPT = (
    "bob",
    "bob, signed by charlie",
    "bob, signed by charlie, dana",
    "bob, exceptions signed by erin",
    "bob, signed by charlie, exceptions signed by erin",
)


@pytest.mark.parametrize("kept", KEPT)
def test_english_is_told_as_it_was_kept(kept: str) -> None:
    assert who_published(kept, "en") == kept
    assert why_published(f"import of {kept}.toml", "en") == f"import of {kept}.toml"


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("fr", "bob, avec la signature de charlie, dérogations signées par erin"),
        ("es", "bob, con la firma de charlie, excepciones firmadas por erin"),
    ],
)
def test_other_readers_read_it_in_their_language(language: Language, told: str) -> None:
    assert who_published(KEPT[-1], language) == told
    assert who_published(KEPT[0], language) == "bob"
    assert who_published(KEPT[3], language) == told.replace(told[3 : told.rindex(", ")], "")
    assert ".toml" in why_published("import of ratings.toml", language)
    assert "import of" not in why_published("import of ratings.toml", language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_somebody_typed_stays_as_it_is(language: Language) -> None:
    typed = "The audit was failed: see the import of May, signed by nobody."
    assert why_published(typed, language) == typed
