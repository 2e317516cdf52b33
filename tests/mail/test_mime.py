"""Headers and parts as bytes: what is written the short way is what the standard library would write."""

from datetime import UTC, datetime
from email import message_from_string
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from travelrisk.domain.errors import BadInputError
from travelrisk.mail.addresses import address
from travelrisk.mail.mime import alternatives, header

SHORT = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60)
ANY = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp")), max_size=120)


def by_the_library(name: str, value: str | Address) -> str:
    """Return the header as EmailMessage writes it."""
    mail = EmailMessage(policy=SMTP)
    mail[name] = value
    return mail.as_string().removesuffix("\r\n")


@given(st.sampled_from(["Subject", "X-Travelrisk-Trip", "Content-Language"]), SHORT)
@example("Subject", "[Cleared] ET 707 FRA-ADD, 12 Dec 2026")
@example("Subject", "=?utf-8?q?=5BCleared=5D?=")
@example("X-Travelrisk-Trip", " TR-1 ")
def test_a_text_header_is_what_the_library_would_write(name: str, value: str) -> None:
    mine = header(name, value)
    assert (
        message_from_string(mine, policy=SMTP)[name]
        == message_from_string(by_the_library(name, value), policy=SMTP)[name]
    )
    if value == value.strip() and value and "=?" not in value:
        assert mine == by_the_library(name, value)


@given(st.one_of(SHORT, ANY), st.sampled_from(["bob@example.org", "bob+x@mail.example.org"]))
@example("Air safety, advice", "bob@example.org")
@example('The "unit"', "bob@example.org")
def test_an_address_header_is_what_the_library_would_write(name: str, spec: str) -> None:
    try:
        who = address(f"{name} <{spec}>")
    except BadInputError:
        return
    assert header("From", who) == by_the_library("From", who)
    assert [
        each.addr_spec for each in message_from_string(header("From", who), policy=SMTP)["From"].addresses
    ] == [spec]


@given(st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis wants them naive
def test_a_date_is_what_the_library_would_write(at: datetime) -> None:
    assert header("Date", format_datetime(at)) == by_the_library("Date", format_datetime(at))


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_a_value_never_brings_a_header(end: str) -> None:
    with pytest.raises(ValueError, match="linefeed or carriage return"):
        header("X-Travelrisk-Trip", f"TR-1{end}Bcc: charlie@example.org")


@given(
    st.lists(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=200), max_size=8)
)
@example(["."])
@example(["From bob", "--=_b", "--=_b--", "= ?", "a=20", "x" * 500, "é" * 200, "\u00a0", " ", "a "])
def test_a_part_arrives_as_it_was_written(lines: list[str]) -> None:
    text = "".join(f"{line}\n" for line in lines)
    body = alternatives("=_b", text, text)
    assert body.isascii()
    assert max(map(len, body.split("\r\n"))) <= 78
    assert not any(line.endswith((" ", "\t")) for line in body.split("\r\n")), "a relay may strip these"
    mail = message_from_string(
        f'Content-Type: multipart/alternative; boundary="=_b"\r\n\r\n{body}', policy=SMTP
    )
    assert not mail.defects
    plain, html = mail.iter_parts()
    for part, kind in ((plain, "text/plain"), (html, "text/html")):
        assert part.get_content_type() == kind
        got = part.get_payload(decode=True)
        assert isinstance(got, bytes)
        assert got.decode().replace("\r\n", "\n").rstrip("\n") == text.rstrip("\n")


def test_what_no_letter_has_leaves_as_a_blank() -> None:
    assert "a b c" in alternatives("=_b", "a\x00b\x7fc", "")
