"""What the sender of a reply wrote is told from what is quoted, and numbered answers from other lines."""

from email import message_from_bytes

import pytest

from tests.unit.intake.mails import mail
from travelrisk.intake.mailbox.replies import has_files, numbered, own_words, without_quotes
from travelrisk.intake.words.moments import whole_date

LETTER = "1. 12/11: which date is it? 2026-11-12 / 2026-12-11"
WORDS = "1 = 12 November\n2 = NBO"
QUOTED = "\n".join(f"> {line}" for line in ("ET 707 FRA-ADD", LETTER))

SHAPES = {
    "nothing quoted": WORDS,
    "quoted below": f"{WORDS}\n\nOn Mon, 23 Nov 2026 at 17:58, travelrisk <t@example.org> wrote:\n{QUOTED}",
    "quoted above": f"On Mon, 23 Nov 2026 at 17:58, travelrisk wrote:\n\n{QUOTED}\n\n{WORDS}",
    "introduced in two lines": f"{WORDS}\n\nOn 23 Nov 2026 at 17:58 t\n<t@example.org> wrote:\n{QUOTED}",
    "French": f"{WORDS}\n\nLe lun. 23 nov. 2026 à 17:58, travelrisk <t@example.org> a écrit :\n\n{QUOTED}",
    "Spanish": f"{WORDS}\n\nEl lun, 23 nov 2026 a las 17:58, travelrisk escribió:\n{QUOTED}",
    "a rule": f"{WORDS}\n\n-----Original Message-----\nFrom: travelrisk\n{LETTER}",
    "a rule in French": f"{WORDS}\n\n-----Message d'origine-----\nDe : travelrisk\n{LETTER}",
    "a block of headers": f"{WORDS}\n\nFrom: travelrisk <t@example.org>\nSent: Monday\nTo: Alice\n{LETTER}",
    "a block of headers in French": f"{WORDS}\n\nDe : travelrisk\nEnvoyé : lundi\nÀ : Alice\n{LETTER}",
    "a line of underscores": f"{WORDS}\n\n________________________________\nFrom: travelrisk\n{LETTER}",
    "a signature": f"{WORDS}\n-- \nAlice Doe\nET 900 ADD NBO",
    "quoted without marks": f"{WORDS}\n\nOn Mon, 23 Nov 2026 at 17:58, travelrisk wrote:\n{LETTER}",
}  # fmt: skip


@pytest.mark.parametrize("name", SHAPES)
def test_what_is_quoted_is_not_the_senders(name: str) -> None:
    words = own_words(mail(SHAPES[name]))
    assert words == WORDS
    assert [(each.number, each.value) for each in numbered(words)] == [(1, "12 November"), (2, "NBO")]


def test_answers_between_quoted_lines_are_kept() -> None:
    text = f"On Mon, 23 Nov 2026, travelrisk wrote:\n> {LETTER}\n1 = 12 November\n> 2. Which airport?\n2: NBO"
    assert [each.line for each in numbered(own_words(mail(text)))] == ["1 = 12 November", "2: NBO"]


def test_a_page_without_a_text_is_read_as_people_see_it() -> None:
    page = (
        "<div>1 = 12 November</div><div>On 23 Nov 2026, travelrisk wrote:</div><blockquote>old</blockquote>"
    )
    assert own_words(mail(page, more="Content-Type: text/html; charset=utf-8")) == "1 = 12 November"


MARKED = "1 = NBO|1=NBO|1: NBO|1 : NBO|1) NBO|1. NBO|1 - NBO|Question 1: NBO|Q1 = NBO"


@pytest.mark.parametrize("mark", MARKED.split("|"))
def test_a_number_and_a_mark_begin_an_answer(mark: str) -> None:
    assert [(each.number, each.value) for each in numbered(mark)] == [(1, "NBO")]


@pytest.mark.parametrize(
    "line", ["12 November", "Thank you", "1", "= NBO", "1.NBO", "123 = NBO", "on 1 = NBO"]
)
def test_other_lines_are_no_answers(line: str) -> None:
    assert numbered(line) == ()


@pytest.mark.parametrize(
    ("written", "year"),
    [("12 November", None), ("12 novembre 2026", 2026), ("2026-11-12", 2026), ("12 nov. 2026.", 2026)],
)
def test_a_whole_date_is_one(written: str, year: int | None) -> None:
    moment = whole_date(written)
    assert moment is not None
    assert (moment.year, moment.month, moment.day) == (year, 11, 12)


@pytest.mark.parametrize(
    "written", ["perhaps 12 November", "12 or 13 November 2026", "12 Nov or 11 Dec", "soon", "NBO"]
)
def test_half_a_date_is_none(written: str) -> None:
    assert whole_date(written) is None


def test_a_reply_without_its_quotes_keeps_its_files_and_is_the_same_each_time() -> None:
    body = (
        "--x\nContent-Type: text/plain\n\nThe new one is attached.\n> ET 707 FRA ADD\n"
        '--x\nContent-Type: text/calendar; name="trip.ics"\nContent-Disposition: attachment\n\n'
        "BEGIN:VCALENDAR\n--x--\n"
    )
    content = mail(
        body, more='MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="x"'.replace("\n", "\r\n")
    )
    words = own_words(content)
    made = without_quotes(content, words)
    assert has_files(content)
    assert made == without_quotes(content, words)
    assert b"ET 707" not in made
    parts = [each.get_content_type() for each in message_from_bytes(made).walk()]
    assert parts == ["multipart/mixed", "text/plain", "text/calendar"]
    assert message_from_bytes(made)["Date"] == "Mon, 23 Nov 2026 17:50:00 +0000"


def test_a_message_inside_a_reply_is_not_lost() -> None:
    content = mail("Content-Type: message/rfc822\n\nET 707")
    assert without_quotes(content, "see below") == content


def test_a_date_that_can_be_read_in_two_ways_stays_so() -> None:
    moment = whole_date("12/11")
    assert moment is not None
    assert moment.day_month_unsure
