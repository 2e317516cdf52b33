"""A repetition has the same body, another Message-ID, and a subject that says so once."""

from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest

from tests.mail.stories import STORIES
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.texts import LANGUAGES, Language
from travelrisk.mail.letters import compose
from travelrisk.mail.render import message
from travelrisk.mail.repeating import repeated

FIRST, AGAIN, THIRD = (f"<{digit * 32}@example.org>" for digit in "123")
AT, LATER = datetime(2026, 11, 23, 18, 0, tzinfo=UTC), datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
WORDS: dict[Language, str] = {"en": "Repeated: ", "fr": "Répété : ", "es": "Repetido: "}


def written(language: Language, story: str, thread_id: str = "") -> bytes:
    return message(
        compose(STORIES[story](), language),
        sender="Advice <travelrisk@example.org>",
        recipient="alice@example.org",
        message_id=FIRST,
        thread_id=thread_id,
        reply_to="bob@example.org",
        at=AT,
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("story", sorted(STORIES))
def test_all_but_a_few_headers_are_the_same(language: Language, story: str) -> None:
    before = written(language, story)
    after = repeated(before, language, recipient="Bob <second@example.com>", message_id=AGAIN, at=LATER)
    assert after.isascii()
    assert all(len(line) <= 78 for line in after.partition(b"\r\n\r\n")[0].split(b"\r\n"))
    assert after.partition(b"\r\n\r\n")[2] == before.partition(b"\r\n\r\n")[2]
    old, new = (message_from_bytes(each, policy=policy.default) for each in (before, after))
    assert new["Subject"] == f"{WORDS[language]}{old['Subject']}"
    assert (new["To"], new["Message-ID"]) == ("Bob <second@example.com>", AGAIN)
    assert new["Date"].datetime == LATER
    assert new["X-Travelrisk-Repeats"] == new["In-Reply-To"] == new["References"] == FIRST
    changed = {"Subject", "To", "Message-ID", "Date", "X-Travelrisk-Repeats", "In-Reply-To", "References"}
    assert {name: new[name] for name in old if name not in changed} == {
        name: old[name] for name in old if name not in changed
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_repetition_of_a_repetition_says_it_once(language: Language) -> None:
    once = repeated(written(language, "review-questions_and_unread", "<first@example.org>"), language,
        recipient="alice@example.org", message_id=AGAIN, at=LATER)  # fmt: skip
    twice = repeated(once, language, recipient="alice@example.org", message_id=THIRD, at=LATER)
    first, second = (message_from_bytes(each, policy=policy.default) for each in (once, twice))
    assert second["Subject"] == first["Subject"]
    assert second["X-Travelrisk-Repeats"] == AGAIN


def test_an_address_that_no_header_can_carry_is_refused() -> None:
    with pytest.raises(BadInputError):
        repeated(
            written("en", "cleared-all_well"),
            "en",
            recipient="alice@example.org\r\nBcc: charlie@example.org",
            message_id=AGAIN,
            at=LATER,
        )
