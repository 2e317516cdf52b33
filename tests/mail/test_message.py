"""The message around a letter: its headers, its parts, and the same bytes each time."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.mail.stories import STORIES
from tests.mail.world import ADD, FRA, NBO, facts, journey, segment
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.itineraries import Basis
from travelrisk.domain.texts import LANGUAGES
from travelrisk.mail.addresses import address
from travelrisk.mail.letters import compose
from travelrisk.mail.render import Letter, message

ENVELOPE: dict[str, Any] = {
    "sender": "Air safety advice <travelrisk@example.org>",
    "recipient": "alice@example.org",
    "message_id": "<o12.v1@example.org>",
    "thread_id": "<o7.v1@example.org>",
    "reply_to": "bob@example.org",
    "at": datetime(2026, 11, 23, 17, 58, 5, tzinfo=UTC),
}


def built(letter: Letter | None = None, /, **changes: Any) -> bytes:  # noqa: ANN401 - any argument of message()
    return message(
        letter or compose(STORIES["review-questions_and_unread"](), "fr"), **{**ENVELOPE, **changes}
    )


def parsed(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=SMTP)


def test_the_headers_say_whose_letter_it_is() -> None:
    mail = parsed(built())
    assert {name: str(value) for name, value in mail.items() if name != "Content-Type"} == {
        "From": "Air safety advice <travelrisk@example.org>",
        "To": "alice@example.org",
        "Reply-To": "bob@example.org",
        "Subject": "[Examen nécessaire] X1 707 FRA-ADD-NBO, 12 déc. 2026",
        "Date": "Mon, 23 Nov 2026 17:58:05 +0000",
        "Message-ID": "<o12.v1@example.org>",
        "In-Reply-To": "<o7.v1@example.org>",
        "References": "<o7.v1@example.org>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": "fr",
        "X-Travelrisk-Trip": "TR-7KQ2M9",
        "X-Travelrisk-Letter": "review",
        "MIME-Version": "1.0",
    }


def test_the_first_letter_of_a_trip_answers_none() -> None:
    for thread in ("", ENVELOPE["message_id"]):
        mail = parsed(built(thread_id=thread, reply_to=""))
        assert mail["In-Reply-To"] is mail["References"] is mail["Reply-To"] is None


@pytest.mark.parametrize("story", sorted(STORIES))
def test_the_parts_arrive_as_they_were_written(story: str) -> None:
    for language in LANGUAGES:
        letter = compose(STORIES[story](), language)
        mail = parsed(built(letter))
        shown, *attached = mail.iter_parts() if letter.calendar else (mail,)
        assert isinstance(shown, EmailMessage)
        assert shown.get_content_type() == "multipart/alternative"
        kinds = [part.get_content_type() for part in shown.iter_parts()]
        assert kinds == ["text/plain", "text/html"], "the last one is the one that is shown"
        texts = [str(part.get_content()).replace("\r\n", "\n") for part in shown.iter_parts()]
        assert [text.rstrip("\n") for text in texts] == [letter.text.rstrip("\n"), letter.html.rstrip("\n")]
        assert [part.get_filename() for part in attached] == (["trip.ics"] if letter.calendar else [])
        for part in attached:
            assert part.get_content_type() == "text/calendar"
            assert dict(part["Content-Type"].params) == {"charset": "utf-8", "method": "PUBLISH"}
            assert part.get_payload(decode=True) == letter.calendar.encode()


def test_no_boundary_begins_with_another_one() -> None:
    raw = built(compose(STORIES["cleared-all_well"](), "en")).decode()
    outer, within = re.findall(r'boundary="([^"]+)"', raw)
    assert not outer.startswith(within)
    assert not within.startswith(outer)
    assert not parsed(raw.encode()).defects


def test_the_same_letter_is_the_same_bytes_in_seven_bits() -> None:
    raw = built()
    assert raw == built()
    assert raw != built(message_id="<o13.v1@example.org>")
    assert raw.isascii()
    lines = raw.split(b"\r\n")
    assert max(map(len, lines)) <= 78
    assert b"\n" not in b"".join(lines)


@pytest.mark.threat(21)
@pytest.mark.parametrize("field", ["sender", "recipient", "reply_to"])
@pytest.mark.parametrize(
    "bad",
    [
        "alice@example.org\r\nBcc: charlie@example.org",
        "alice@example.org\nX: y",
        "alice@example.org, charlie@example.org",
        "Alice\r\nBcc: x <alice@example.org>, charlie@example.org",
        "a lice@example.org",
        "alice",
        "@example.org",
        "alice@",
        "alice@exa mple.org",
        "alice@-example.org",
        "alice..b@example.org",
        "<alice@example.org",
        "alicé@example.org",
        '"a b"@example.org',
        "alice@example.org\x00",
        "a" * 65 + "@example.org",
        "alice@" + "a" * 300,
    ],
)
def test_an_address_that_cannot_be_used_is_refused_without_being_repeated(field: str, bad: str) -> None:
    with pytest.raises(BadInputError) as caught:
        built(**{field: bad})
    assert "alice" not in str(caught.value)
    assert "charlie" not in str(caught.value)


@pytest.mark.threat(21)
def test_a_name_with_a_line_break_stays_a_name() -> None:
    mail = parsed(built(recipient="Alice\r\nBcc: charlie <alice@example.org>"))
    assert mail["Bcc"] is None
    assert [each.addr_spec for each in mail["To"].addresses] == ["alice@example.org"]


@pytest.mark.parametrize("field", ["message_id", "thread_id"])
@pytest.mark.parametrize(
    "bad", ["", "o1@example.org", "<o1>", "<a@b>\r\nBcc: x", "<a b@c>", "<é@c>", "<a@b><c@d>"]
)
def test_an_id_that_cannot_be_used_is_refused(field: str, bad: str) -> None:
    if field == "thread_id" and not bad:
        return
    with pytest.raises(BadInputError, match="Message-ID"):
        built(**{field: bad})


@pytest.mark.threat(21)
def test_a_subject_or_reference_never_brings_a_header() -> None:
    letter = Letter("review", "en", "TR-1\r\nBcc: charlie@example.org", "x", "text\n", "<p>x</p>")
    mail = parsed(built(letter))
    assert mail["Bcc"] is None
    assert "charlie" in str(mail["X-Travelrisk-Trip"])


def subject_lines(raw: bytes) -> list[bytes]:
    """Return the raw lines of the header Subject."""
    head = raw.partition(b"\r\n\r\n")[0]
    folded = re.search(rb"(?m)^Subject:[^\r]*(?:\r\n[ \t][^\r]*)*", head)
    assert folded is not None
    return folded[0].split(b"\r\n")


@pytest.mark.threat(21)
@given(
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp")), max_size=200)
    .map(lambda text: " ".join(text.split()))
    .filter(lambda text: text and "=?" not in text)
)
@example("[Avis favorable sous conditions] X1 707 FRA-ADD-NBO-ADD-FRA, 12 déc. 2026 (démonstration)")
@example("[Visto bueno con condiciones] X1 707 FRA-ADD-NBO-FRA-ADD, 12 dic 2026 (demostración)")
@example("[Cleared with conditions] X1 707 FRA-ADD-NBO-ADD-FRA-NBO-FRA, 12 Dec 2026 (demonstration)")
@example("x" * 190)
@example("é" * 90)
def test_a_subject_begins_on_its_first_line_and_arrives_as_written(subject: str) -> None:
    raw = built(Letter("review", "en", "TR-1", subject, "text\n", "<p>x</p>"))
    first, *others = subject_lines(raw)
    assert first.removeprefix(b"Subject:").strip()
    assert all(line.strip() for line in others)
    assert max(map(len, (first, *others))) <= 78
    assert str(parsed(raw)["Subject"]) == subject


def test_a_subject_cannot_say_another_one_in_code() -> None:
    mail = parsed(
        built(Letter("review", "en", "TR-1", "[Review] =?utf-8?q?=5BCleared=5D?=", "x", "<p>x</p>"))
    )
    assert str(mail["Subject"]) == "[Review] = ?utf-8?q?=5BCleared=5D?="


def test_every_long_subject_of_the_letters_begins_on_its_first_line() -> None:
    ends = (FRA, ADD, NBO, FRA)
    flights = [
        segment(
            number=str(700 + i), origin=one, destination=other, day=date(2026, 12, 1 + i), basis=Basis.ASSUMED
        )
        for i, (one, other) in enumerate(pairwise(ends))
    ]
    long = replace(facts(journey(*flights)), demo=True)
    for language in LANGUAGES:
        letter = compose(long, language)
        first = subject_lines(built(letter))[0]
        assert first.removeprefix(b"Subject:").strip()
        assert str(parsed(built(letter))["Subject"]) == letter.subject
        assert letter.name == "conditional"


def test_a_domain_in_other_letters_becomes_ascii() -> None:
    assert address("alice@exämple.org").addr_spec == "alice@xn--exmple-cua.org"


@pytest.mark.parametrize("host", ["travelrisk", "travelrisk." * 12 + "example"])
def test_a_letter_that_one_may_refuse_says_where_and_others_do_not(host: str) -> None:
    page = f"https://{host}.org/account"
    raw = built(unsubscribe=page)
    assert parsed(raw)["List-Unsubscribe"] == f"<{page}>"
    assert b"=?" not in raw.partition(b"Subject")[0]
    assert parsed(built())["List-Unsubscribe"] is None
