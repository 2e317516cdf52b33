"""Words of a person before a letter: in each of its parts, marked as theirs, and the letter as it was."""

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from tests.mail.stories import STORIES
from tests.mail.test_repeating import AGAIN, LATER, written
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.texts import LANGUAGES, Language
from travelrisk.mail.prefacing import LONGEST, Preface, preface
from travelrisk.mail.repeating import repeated

SAID: dict[Language, str] = {
    "en": "Heidi, who sends you this letter again, adds:",
    "fr": "Heidi, qui vous renvoie ce message, ajoute :",
    "es": "Heidi, que le envía de nuevo este mensaje, añade:",
}


def part(message: bytes, kind: str) -> str:
    mail = message_from_bytes(message, policy=policy.default)
    found = mail.get_body((kind,))
    assert isinstance(found, EmailMessage)
    return str(found.get_content()).replace("\r\n", "\n")


def attached(message: bytes) -> list[str]:
    mail = message_from_bytes(message, policy=policy.default)
    return [str(each.get_content()) for each in mail.iter_attachments()]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("story", sorted(STORIES))
def test_the_letter_stands_unchanged_below_the_words(language: Language, story: str) -> None:
    before = written(language, story)
    words = Preface("Heidi", "It is urgent.\n\n* call")
    after = repeated(
        before, language, recipient="alice@example.org", message_id=AGAIN, at=LATER, preface=words
    )
    assert after.isascii()
    assert all(len(line) <= 998 for line in after.split(b"\r\n"))
    text, html = part(after, "plain"), part(after, "html")
    assert text.startswith(f"{SAID[language]}\n\n| It is urgent.\n|")
    assert text.endswith(part(before, "plain"))
    head, _, letter = html.partition("</div>\n")
    assert head.count("It is urgent.<br><br>* call") == 1
    first, sheet, rest = part(before, "html").partition('<td class="cell" style="padding: 16px;">')
    assert head.startswith(first + sheet)
    assert f"\n{letter}" == rest
    assert attached(after) == attached(before)


def test_no_words_are_no_preface_and_too_many_are_refused() -> None:
    assert preface("Heidi", " \n ") is None
    assert preface("Heidi", "x" * LONGEST) is not None
    for long in ("x" * (LONGEST + 1), "\n".join("x" * 21)):
        with pytest.raises(BadInputError, match="make it shorter"):
            preface("Heidi", long)


def test_what_cannot_be_seen_is_taken_out_of_name_and_words() -> None:
    made = preface("Hei\u202edi", "a\u200bb\r\nc\x00d")
    assert made == Preface("Heidi", "ab\nc d")
