"""Who sent a message, and whether it may be answered at all; pure, and never in the sender's favour.

An address is believed only where our own receiving server vouches for its domain: in the topmost
``Authentication-Results`` of the message, under the name that server is known by, ``dmarc=pass`` for the very
domain that stands in From (RFC 8601, RFC 7489). Lines below it may have come with the message. Microsoft
365 writes no name: whoever says so trusts the topmost line by its place alone, since that server puts one on
top of every message it takes, and a line with a name in its place is then refused. The header From is read by
a pattern narrower than the standard: whatever two mail programs could read in two ways is refused.
"""

import re
from datetime import datetime, timedelta
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import parsedate_to_datetime
from typing import Final, NamedTuple

import authres  # type: ignore[import-untyped] # ships no types

from travelrisk.domain.errors import BadInputError

UNNAMED: Final = "unnamed"
"""In place of the name of a server that writes none."""
_LONGEST_HEAD: Final = 65_536
_LONGEST_FROM: Final = 1_000
_LONGEST_RESULTS: Final = 4_000
_OLDEST, _AHEAD = timedelta(days=7), timedelta(days=1)
_END_OF_HEAD: Final = re.compile(rb"\r?\n\r?\n")
_TORN: Final = re.compile(rb"\x00|\r(?!\n)")
_FOLD: Final = re.compile(r"\r?\n(?=[ \t])")
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS: Final = rf"({_ATOM}(?:\.{_ATOM})*)@({_LABEL}(?:\.{_LABEL})*)"
_NAME: Final = r'(?:"(?:[^"\\\x00-\x1f]|\\[^\x00-\x1f])*"|[^"<>@,;:()\\\[\]\x00-\x1f]*)'
_BARE: Final = re.compile(_ADDRESS, re.ASCII)
_NAMED: Final = re.compile(rf"{_NAME}[ \t]*<{_ADDRESS}>", re.ASCII)
_BEGINS_UNNAMED: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]*[ \t]*=")
_PART_SIGNED: Final = re.compile(r"(?:^|;)\s*l\s*=")
_MESSAGE_ID: Final = re.compile(r"<[!-;=?-~]{1,400}>", re.ASCII)
_MACHINES: Final = frozenset({"bulk", "junk", "list", "auto_reply"})
_SUPPRESSING: Final = frozenset({"all", "autoreply"})
_NEVER: Final = ("List-Id", "List-Post", "List-Unsubscribe", "X-Autoreply", "X-Autorespond", "X-Loop")
_DAEMONS: Final = frozenset({"mailer-daemon", "postmaster"})


class Sender(NamedTuple):
    """Who sent a message: an address that is vouched for, or the *problem* that leaves it unknown."""

    address: str
    problem: str = ""


def sender_of(content: bytes, authserv_id: str, arrived: datetime) -> Sender:
    """Return who sent a message; unknown wherever anything is in doubt.

    Args:
        content: the message, or its header.
        authserv_id: what our receiving server calls itself in ``Authentication-Results``, or ``UNNAMED``.
        arrived: aware time at which that server took it.
    """
    try:
        head = _head(content)
        local, domain = _from(head)
        _vouched(head, domain, authserv_id)
        _timely(head, arrived)
    except BadInputError as doubt:
        return Sender("", str(doubt))
    return Sender(f"{local}@{domain}")


def why_unanswerable(content: bytes) -> str:
    """Return why a message may never be answered; empty where a person seems to have written it."""
    head = _loose_head(content)
    listed = next((name for name in _NEVER if name in head), "")
    reasons = (
        (_first_words(head, "Auto-Submitted") - {"", "no"}, "a program sent it (Auto-Submitted)"),
        (_first_words(head, "Precedence") & _MACHINES, "it was sent to many (Precedence)"),
        (_has_empty_path(head), "its return path is empty"),
        (head.get_content_type() == "multipart/report", "it is a report of a mail server"),
        (_suppressed(head) & _SUPPRESSING, "it asks for no answer of a program (X-Auto-Response-Suppress)"),
        (_is_from_daemon(head), "a mail server sent it"),
        (any(name.startswith("x-travelrisk-") for name in _names(head)), "a service like this one sent it"),
        (listed, f"it is one of a list or a loop ({listed})"),
    )
    return next((reason for holds, reason in reasons if holds), "")


def message_id_of(content: bytes) -> str:
    """Return the Message-ID, with its brackets; empty where there is not exactly one that can be used."""
    found = _values(_loose_head(content), "Message-ID")
    return found[0] if len(found) == 1 and _MESSAGE_ID.fullmatch(found[0]) else ""


def languages_of(content: bytes) -> tuple[str, ...]:
    """Return the languages that the header states, as ``fr``: of the text, then of whoever wrote it."""
    head = _loose_head(content)
    stated = [*_values(head, "Content-Language"), *_values(head, "Accept-Language")]
    return tuple(re.split(r"[-_;]", each.strip().lower())[0] for line in stated for each in line.split(","))


def _head(content: bytes) -> Message:
    head = _loose_head(content)
    raw = _raw_head(content)
    if len(raw) > _LONGEST_HEAD:
        raise BadInputError("its header is longer than 64 kB")
    if _TORN.search(raw):
        raise BadInputError("its header holds a control character or a torn line")
    if head.defects:
        raise BadInputError(f"its header is no header ({type(head.defects[0]).__name__})")
    return head


def _loose_head(content: bytes) -> Message:
    raw = _raw_head(content)[:_LONGEST_HEAD]
    return BytesHeaderParser(policy=compat32).parsebytes(raw + b"\r\n\r\n")


def _raw_head(content: bytes) -> bytes:
    end = _END_OF_HEAD.search(content, 0, 2 * _LONGEST_HEAD)
    return content[: end.start()] if end else content[: 2 * _LONGEST_HEAD]


def _from(head: Message) -> tuple[str, str]:
    found = _values(head, "From")
    if len(found) != 1:
        raise BadInputError(f"it has {len(found)} From headers, not one")
    written = found[0]
    match = (_BARE.fullmatch(written) or _NAMED.fullmatch(written)) if len(written) <= _LONGEST_FROM else None
    if match is None:
        raise BadInputError("its From is not one plain address")
    return match[1], match[2].lower()


def _vouched(head: Message, domain: str, authserv_id: str) -> None:
    """Refuse whatever our own receiving server does not vouch for."""
    results = _values(head, "Authentication-Results")
    order = [name for name in _names(head) if name in {"from", "authentication-results"}]
    if not results or order[0] == "from" or len(results[0]) > _LONGEST_RESULTS:
        raise BadInputError("no receiving server of ours vouches for it (Authentication-Results)")
    said = _parsed(_named(results[0], authserv_id))
    if not authserv_id or str(said.authserv_id).lower() != authserv_id.lower():
        raise BadInputError("another server than ours vouches for it (Authentication-Results)")
    verdicts = [each for each in said.results if each.method.lower() == "dmarc"]
    if len(verdicts) != 1 or verdicts[0].result.lower() != "pass":
        raise BadInputError("its domain did not pass DMARC")
    stated = verdicts[0].properties
    named = [each.value.lower() for each in stated if (each.type, each.name) == ("header", "from")]
    if named != [domain]:
        raise BadInputError("DMARC was passed for another domain than that of its From")
    if any(_PART_SIGNED.search(each) for each in _values(head, "DKIM-Signature")):
        raise BadInputError("its signature covers only a part of it (DKIM l=)")


def _named(results: str, authserv_id: str) -> str:
    """Return results as the standard has them: with a name in front, which some servers leave out."""
    if authserv_id.lower() != UNNAMED:
        return results
    if _BEGINS_UNNAMED.match(results) is None:
        raise BadInputError("another server than ours vouches for it (Authentication-Results with a name)")
    return f"{UNNAMED}; {results.rstrip('; ')}"


def _parsed(results: str) -> authres.AuthenticationResultsHeader:
    try:
        return authres.AuthenticationResultsHeader.parse(f"Authentication-Results: {results}")
    except (authres.AuthResError, ValueError, IndexError, AttributeError):
        raise BadInputError("its Authentication-Results cannot be read") from None


def _timely(head: Message, arrived: datetime) -> None:
    """Refuse what was written long before it came: an old message that somebody sends again."""
    found = _values(head, "Date")
    try:
        written = parsedate_to_datetime(found[0]) if len(found) == 1 else None
    except (ValueError, TypeError, IndexError, OverflowError):
        written = None
    if written is None:
        raise BadInputError("it does not say when it was written (Date)")
    aware = written if written.tzinfo else written.replace(tzinfo=arrived.tzinfo)
    if not arrived - _OLDEST <= aware <= arrived + _AHEAD:
        raise BadInputError("it was written long before or after it came (Date)")


def _values(head: Message, name: str) -> list[str]:
    """Return every header of a name, the topmost first, however it is written, without its folds."""
    wanted = name.lower()
    return [_unfolded(value) for each, value in head.raw_items() if each.strip().lower() == wanted]


def _names(head: Message) -> list[str]:
    return [name.strip().lower() for name, _ in head.raw_items()]


def _has_empty_path(head: Message) -> bool:
    return any("".join(each.split()) == "<>" for each in _values(head, "Return-Path"))


def _is_from_daemon(head: Message) -> bool:
    parts = (part for each in _values(head, "From") for part in re.split(r"[<@\s]", each.lower()))
    return any(part in _DAEMONS for part in parts)


def _unfolded(value: object) -> str:
    return _FOLD.sub("", str(value)).strip()


def _suppressed(head: Message) -> set[str]:
    stated = _values(head, "X-Auto-Response-Suppress")
    return {word.strip().lower() for line in stated for word in line.split(",")}


def _first_words(head: Message, name: str) -> set[str]:
    return {re.split(r"[\s;(]", each.lower(), maxsplit=1)[0] for each in _values(head, name)}
