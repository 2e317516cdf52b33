"""What a letter does the short way, because it does it a hundred times, is what the long way gives."""

import re
import textwrap
from email import message_from_string
from email.policy import SMTP

from hypothesis import example, given
from hypothesis import strategies as st

from travelrisk.mail import render
from travelrisk.mail.mime import content_type, header
from travelrisk.mail.smtp import _lines
from travelrisk.telling.foreign import foreign

WORDS = st.lists(
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zs")), min_size=1, max_size=90),
    max_size=30,
)
TEXT = st.one_of(
    WORDS.map(" ".join),
    st.text(st.sampled_from("ab .-\t\n\u00a0"), max_size=200),
    st.text(st.characters(codec="utf-8"), max_size=200),
)


@given(TEXT, st.sampled_from(["", "1. ", "   - ", "     "]))
@example("", "   - ")
@example("a \u00a0", "")
@example("x" * 78, "")
@example("x" * 79, "")
@example("x" * 40 + " " + "y" * 37, "")
@example("x" * 40 + " " + "y" * 38, "")
def test_lines_break_where_the_library_breaks_them(text: str, first: str) -> None:
    indent = " " * len(first)
    filled = textwrap.fill(text, 78, initial_indent=first, subsequent_indent=indent, break_on_hyphens=False)
    assert render._broken(text, first) == filled  # noqa: SLF001 - what wraps every line of a letter


@given(st.lists(st.sampled_from([b".", b"\r", b"\n", b"\r\n", b"a", b"\xc3"]), max_size=12).map(b"".join))
@example(b".\r\n..\r\n")
def test_a_message_travels_with_crlf_and_doubled_dots(message: bytes) -> None:
    whole = re.sub(rb"\r\n|\r|\n", b"\r\n", message).rstrip(b"\r\n")
    assert _lines(message) == re.sub(rb"(?m)^\.", b"..", whole) + b"\r\n"


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=30))
@example("Lufthansa (LH)")
@example("evil.example")
@example("a  b")
def test_a_name_with_nothing_to_tame_stays_as_it_is(text: str) -> None:
    """With a colon behind it a text goes the long way; one that is not followed by ``//`` changes nothing."""
    bare = " ".join(text.split())
    if bare == text and not text.endswith((":", "@")):
        assert foreign(f"{text}:", 81) == f"{foreign(text, 80)}:"


@given(st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=200))
@example("Résumé de la mission à Genève, à Nairobi et à Addis-Abeba, le 12 décembre 2026")
def test_a_subject_arrives_as_it_was_written(subject: str) -> None:
    mail = message_from_string(header("Subject", subject), policy=SMTP)
    if "=?" not in subject:
        assert mail["Subject"] == subject.strip()


def test_the_type_of_a_letter_is_folded_as_the_library_folds_it() -> None:
    boundary = "=_" + "a" * 40
    for subtype in ("alternative", "mixed"):
        written = header("Content-Type", f'multipart/{subtype}; boundary="{boundary}"')
        assert content_type(subtype, boundary) == written
