"""Letters become text, HTML and MIME: templates strict about every name, and the same bytes each time."""

import hashlib
import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime
from functools import cache, lru_cache
from typing import Any

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from travelrisk import resources
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.texts import Language
from travelrisk.mail.addresses import address
from travelrisk.mail.mime import LINE_END, bodies, header, plain
from travelrisk.telling.foreign import visible

Context = Mapping[str, Any]

_COLUMNS = 78
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,200}@[!-;=?-~]{1,200}>", re.ASCII)
_OTHER_BLANKS = re.compile(r"[\t\n\v\f\r]")
_NO_BREAK = str.maketrans("\u00a0\u202f\u2011", "  -")


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter in one language, ready to be put into an envelope.

    Attributes:
        trip: its public reference; empty for a letter to somebody of the desk.
        calendar: what is attached as ``trip.ics``; empty = nothing.
    """

    name: str
    language: Language
    trip: str
    subject: str
    text: str
    html: str
    calendar: str = ""


def rendered(name: str, language: Language, trip: str, context: Context, *, folder: str = "") -> Letter:
    """Render the templates of ``templates/mail/<name>/``, or of another folder, with one context."""
    where = folder or name
    html = _html_environment().get_template(f"{where}/body.html").render(context)
    return replace(rendered_plain(name, language, trip, context, folder=where), html=_inliner().inline(html))


def rendered_plain(name: str, language: Language, trip: str, context: Context, *, folder: str = "") -> Letter:
    """Render subject and text alone, for a letter that has no HTML."""
    where = folder or name
    subject = _text_environment().get_template(f"{where}/subject.txt").render(context)
    text = _text_environment().get_template(f"{where}/body.txt").render(context)
    return Letter(
        name=name,
        language=language,
        trip=trip,
        subject=" ".join(visible(subject).translate(_NO_BREAK).split()),
        text=_tidy(text),
        html="",
    )


def message(  # noqa: PLR0913 - the headers of a message, each by name
    letter: Letter,
    *,
    sender: str,
    recipient: str,
    message_id: str,
    thread_id: str,
    reply_to: str,
    at: datetime,
    answers: bool = False,
    unsubscribe: str = "",
    is_one_click: bool = False,
) -> bytes:
    """Return the letter as an e-mail; the same arguments give the same bytes, so that a repetition is one.

    Args:
        letter: what to send; without HTML it becomes plain text alone.
        sender: ``Name <address>`` or an address, as are *recipient* and *reply_to* (empty = no Reply-To).
        recipient: exactly one.
        message_id: with its angle brackets, on our own domain.
        thread_id: Message-ID of the first letter of its trip or thread; empty or the same as *message_id* for
            that one.
        reply_to: whom an answer reaches.
        at: aware moment for the header Date.
        answers: whether it answers a message of its recipient, the one that *thread_id* names.
        unsubscribe: address of the page where one says that one does not want such letters; empty = one must.
        is_one_click: whether a POST to it is enough (RFC 8058).

    Raises:
        BadInputError: an address or an id cannot stand in a header.
    """
    boundary = "=_" + hashlib.sha256(message_id.encode()).hexdigest()[:40]  # "=_" is never in quoted text
    headers = {
        "From": address(sender),
        "To": address(recipient),
        "Reply-To": address(reply_to) if reply_to else None,
        "Subject": letter.subject.replace("=?", "= ?"),  # foreign words are no encoded words
        "Date": format_datetime(at),
        "Message-ID": _id(message_id),
        **_answering(thread_id, message_id),
        "Auto-Submitted": "auto-replied" if answers else "auto-generated",
        "List-Unsubscribe": f"<{unsubscribe}>" if unsubscribe else None,
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" if is_one_click else None,
        "X-Travelrisk-Trip": visible(letter.trip) if letter.trip else None,
        "X-Travelrisk-Letter": letter.name,
        "MIME-Version": "1.0",
        "Content-Language": letter.language,
    }
    head = "".join(header(name, value) for name, value in headers.items() if value is not None)
    return f"{head}{_body(letter, boundary)}".encode("ascii")


def _body(letter: Letter, boundary: str) -> str:
    """Return the last lines of the header, and what follows them."""
    if not letter.html:
        return plain(letter.text)
    kind, body = bodies(boundary, letter.text, letter.html, letter.calendar)
    return f"{kind}{LINE_END}{body}"


def is_message_id(text: str) -> bool:
    """Say whether *text* can stand in a header as a Message-ID."""
    return _MESSAGE_ID.fullmatch(text) is not None


def _answering(thread_id: str, message_id: str) -> dict[str, str]:
    if not thread_id or thread_id == message_id:
        return {}
    return dict.fromkeys(("In-Reply-To", "References"), _id(thread_id))


def _id(text: str) -> str:
    if not is_message_id(text):
        raise BadInputError("a Message-ID must look like <unique@domain>, in plain ASCII without blanks")
    return text


@cache
def _text_environment() -> Environment:
    environment = _environment(autoescape=False, finalize=_plain)
    environment.filters["wrapped"] = _wrapped
    return environment


@cache
def _html_environment() -> Environment:
    return _environment(autoescape=True, finalize=_seen)


def _environment(**options: Any) -> Environment:  # noqa: ANN401 - options of jinja2
    return Environment(  # noqa: S701 - text is not HTML; the other environment escapes everything
        loader=FileSystemLoader(resources.templates() / "mail"),
        undefined=StrictUndefined,
        auto_reload=False,  # looking at the files again costs as much as a small letter
        trim_blocks=True,
        lstrip_blocks=True,
        **options,
    )


@cache
def _inliner() -> css_inline.CSSInliner:
    """Put styles into the elements, for programs that drop <style>; it stays, for dark mode in the others."""
    return css_inline.CSSInliner(keep_style_tags=True, keep_at_rules=True, load_remote_stylesheets=False)


def _plain(value: object) -> object:
    """Write blanks that do not break as blanks: some programs show them as odd letters in a text part."""
    return value.translate(_NO_BREAK) if isinstance(value, str) and not value.isascii() else value


def _seen(value: object) -> object:
    """Keep what cannot be seen out of the page, whatever way it came; Markup is our own."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@lru_cache(maxsize=1024)  # half of a letter's lines stand in every letter
def _wrapped(text: str, first: str = "") -> str:
    """Break *text* into lines of at most 78 columns, the first one after *first*, the others under it."""
    # blanks that do not break are written as blanks only afterwards
    return str(_plain(_broken(visible(text), first)))


def _broken(text: str, first: str) -> str:
    """Return what ``textwrap.fill`` would, much sooner for nearly all texts: short words, single blanks."""
    room = _COLUMNS - len(first)
    words = text.split(" ")
    if (
        not all(map(str.strip, words))
        or max(map(len, words)) > room
        or not text.strip()
        or _OTHER_BLANKS.search(text)
    ):
        below = " " * len(first)
        return textwrap.fill(
            text, _COLUMNS, initial_indent=first, subsequent_indent=below, break_on_hyphens=False
        )
    lines, left = [words[0]], room - len(words[0])
    for word in words[1:]:
        left -= len(word) + 1
        if left >= 0:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
            left = room - len(word)
    return first + f"\n{' ' * len(first)}".join(lines)


def _tidy(text: str) -> str:
    tidy = "\n".join(map(str.rstrip, text.splitlines()))
    while "\n\n\n" in tidy:
        tidy = tidy.replace("\n\n\n", "\n\n")
    return f"{tidy.strip()}\n"
