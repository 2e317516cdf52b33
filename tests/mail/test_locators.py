"""Record locators stand in the letter, where traveller and travel unit look for them, and nowhere else."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import SMTP

import pytest

from tests.mail.reading import EVERY_LANGUAGE, flat, page_text
from tests.mail.stories import STORIES
from tests.mail.world import facts, journey, segment
from travelrisk.domain.itineraries import Locator
from travelrisk.domain.texts import Language
from travelrisk.mail.letters import compose
from travelrisk.mail.render import Letter, message

WORDS: dict[Language, tuple[str, str]] = {
    "en": ("Record locator:", "Record locators:"),
    "fr": ("Référence de réservation :", "Références de réservation :"),
    "es": ("Localizador de la reserva:", "Localizadores de la reserva:"),
}


def letter(*locators: Locator, language: Language = "en") -> Letter:
    return compose(facts(journey(segment(), locators=locators)), language)


@EVERY_LANGUAGE
def test_one_locator_stands_right_below_the_trip(language: Language) -> None:
    one = letter(Locator("ABC123"), language=language)
    for text in (flat(one.text), page_text(one)):
        before, _, after = text.partition(f"{WORDS[language][0]} ABC123")
        assert after
        assert before.rpartition("TR-7KQ2M9")[1]
        assert "X1 707, " not in before, "above the segments"


@EVERY_LANGUAGE
def test_all_locators_are_named_with_their_owners(language: Language) -> None:
    several = (Locator("ABC123", "1A"), Locator("7XYZ9K", "X2"), Locator("QR5TUV"), Locator("QR5TUV"))
    one = letter(*several, language=language)
    wanted = f"{WORDS[language][1]} ABC123 (1A), 7XYZ9K (X2), QR5TUV"
    assert wanted in flat(one.text)
    assert wanted in page_text(one)
    assert one.text.count("QR5TUV") == 1


@EVERY_LANGUAGE
@pytest.mark.parametrize("locators", [(), (Locator(""),), (Locator("\u200b "),)])
def test_no_locator_no_line(language: Language, locators: tuple[Locator, ...]) -> None:
    one = letter(*locators, language=language)
    for word in WORDS[language]:
        assert word.rstrip(" :") not in flat(one.text)
        assert word.rstrip(" :") not in page_text(one)


def test_too_many_locators_are_counted() -> None:
    text = flat(letter(*(Locator(f"AB{number:04}") for number in range(33))).text)
    assert "AB0029. More on the trip page: 3." in text
    assert "AB0030" not in text


@EVERY_LANGUAGE
def test_a_locator_is_foreign_text(language: Language) -> None:
    one = letter(Locator("<b>evil.example/pay</b>", "\u202eX2" * 50), language=language)
    assert "<b>evil" not in one.html
    assert "evil.example" not in one.text + one.html
    assert "\u202e" not in one.text + one.html


@EVERY_LANGUAGE
def test_no_header_shows_a_locator(language: Language) -> None:
    # A subject is shown on locked screens and kept by relays; with a name, a locator opens the booking.
    raw = message(
        compose(STORIES["not_cleared-segments"](), language),
        sender="travelrisk@example.org",
        recipient="alice@example.org",
        message_id="<o12.v1@example.org>",
        thread_id="",
        reply_to="",
        at=datetime(2026, 11, 23, tzinfo=UTC),
    )
    mail = message_from_bytes(raw, policy=SMTP)
    headers = " ".join(str(value) for value in mail.values())
    assert not any(code in headers for code in ("ABC123", "7XYZ9K", "QR5TUV"))
    assert "ABC123" in str(mail.get_body(("plain",)))
