"""What comes back: return paths that name their letter, and incoming messages told apart; pure.

Each letter leaves under a return path of its own, ``bounces+kind.number.time.signature@domain`` (VERP). So a
bounce says which letter failed, whoever wrote it and in whatever form, and nobody can make one up without the
key. What is in a bounce is believed only as far as it makes somebody look.

Messages come from strangers: only their beginning is read, and no parser goes deeper than a few parts.
"""

import base64
import hmac
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.parser import BytesHeaderParser, HeaderParser
from typing import Final

from travelrisk.domain.errors import BadInputError
from travelrisk.mail.addresses import address

_SIGNATURE_CHARACTERS: Final = 16  # 80 bits, in letters that survive a server that writes all in lower case
_LONGEST_KIND: Final = 6
_LONGEST_LOCAL: Final = 64  # RFC 5321, 4.5.3.1.1
_TAG: Final = re.compile(
    r"(?P<kind>[a-z]{1,6})\.(?P<number>[0-9]{1,18})\.(?P<time>[0-9]{1,11})\.(?P<signature>.+)"
)

_MOST_BYTES: Final = 256 * 1024
_MOST_PARTS: Final = 20
_DEEPEST: Final = 3
_END_OF_HEAD: Final = re.compile(rb"\r?\n\r?\n")
_BLANK_LINES: Final = re.compile(r"\n(?:[ \t]*\n)+")
_ADDRESSES: Final = re.compile(r"[^\s<>,;:\"()]{1,64}@[^\s<>,;:\"()]{1,255}")
_OUR_ID: Final = re.compile(r"<[0-9a-f]{32}@[!-;=?-~]{1,200}>")
_DELIVERED: Final = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To")
_ANSWERING: Final = ("In-Reply-To", "References")
_STATUS: Final = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}(?![0-9])")
_CODE: Final = re.compile(r"(?<![0-9.])[45][0-9]{2}(?![0-9.])")
_REFUSED: Final = re.compile(r"\b(5[0-9]{2})[ -]#?(?:(5\.[0-9]{1,3}\.[0-9]{1,3})\b)?")
_LONGEST_TEXT: Final = 8192
_DAEMONS: Final = frozenset({"mailer-daemon", "postmaster"})
_REPORTS: Final = ("message/delivery-status", "message/global-delivery-status")
_RETURNED: Final = ("message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers")
_PASSING: Final = ("5.4.4",)  # no route at this moment: the name server had no answer
_MACHINES: Final = frozenset({"bulk", "junk", "list", "auto_reply"})


@dataclass(frozen=True, slots=True)
class Returned:
    """The letter that a return path names: its table, its number there, and when it left."""

    kind: str
    number: int
    at: datetime


class ReturnPaths:
    """Makes return paths, and opens them again.

    Args:
        bounce_address: where bounces are received; what stands after ``+`` in it is ours to use.
        secret: the service's key.

    Raises:
        BadInputError: the address cannot be used, or is too long to be added to.
    """

    def __init__(self, bounce_address: str, secret: str) -> None:
        where = address(bounce_address)
        self._local, self._domain = where.username, where.domain
        self._key = hmac.digest(secret.encode(), b"travelrisk return path", "sha256")
        longest = len("+...") + _LONGEST_KIND + 18 + 11 + _SIGNATURE_CHARACTERS
        if len(self._local) + longest > _LONGEST_LOCAL:
            most = _LONGEST_LOCAL - longest
            raise BadInputError(f"the bounce address may have at most {most} characters before the @")

    def of(self, kind: str, number: int, at: datetime) -> str:
        """Return the return path of a letter that leaves at *at*; *kind* has at most six small letters."""
        named = f"{kind}.{number}.{int(at.timestamp())}"
        return f"{self._local}+{named}.{self._signature(named)}@{self._domain}"

    def opened(self, path: str) -> Returned | None:
        """Return what a return path names; None where it is not one of ours."""
        local, _, domain = path.strip().strip("<>").lower().rpartition("@")
        ours, _, tag = local.partition("+")
        found = _TAG.fullmatch(tag)
        if found is None or (ours, domain) != (self._local.lower(), self._domain.lower()):
            return None
        named = tag.rpartition(".")[0]
        if not hmac.compare_digest(self._signature(named).encode(), found["signature"].encode()):
            return None
        return Returned(found["kind"], int(found["number"]), datetime.fromtimestamp(int(found["time"]), UTC))

    def _signature(self, named: str) -> str:
        digest = hmac.digest(self._key, named.encode(), "sha256")
        return base64.b32encode(digest).decode().lower()[:_SIGNATURE_CHARACTERS]


@dataclass(frozen=True, slots=True)
class Bounce:
    """A mail server gave a message up.

    Attributes:
        to: addresses it came to, among them the return path of the letter.
        letters: Message-IDs of ours that it names.
        status: ``5.1.1``, as RFC 3463 has it; ``5.0.0`` where none is said.
        code: ``550``, of the server that refused; empty where none is said.
        recipient: the address that failed; another one than ours where it was forwarded.
    """

    to: tuple[str, ...]
    letters: tuple[str, ...] = ()
    status: str = "5.0.0"
    code: str = ""
    recipient: str = ""

    @property
    def is_permanent(self) -> bool:
        """Say whether the address will fail again, rather than the way to it."""
        return self.status.startswith("5.") and self.status not in _PASSING

    @property
    def reply(self) -> str:
        """What was said, without addresses: ``550 5.1.1``."""
        return f"{self.code} {self.status}".strip()


@dataclass(frozen=True, slots=True)
class AutoReply:
    """A program answered: out of office, a receipt, a delay. It is never answered, and asks nothing of us."""

    letters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """Somebody answers one of our letters: their Message-IDs, the one that is answered first."""

    letters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Other:
    """Anything else.

    Attributes:
        is_automatic: a program wrote it, as airlines' confirmations are: read it, and never answer.
    """

    is_automatic: bool = False


Incoming = Bounce | AutoReply | Reply | Other


def incoming(message: bytes) -> Incoming:
    """Say what a message is, by its headers and a delivery report in it.

    Message-IDs and addresses are what the message claims: look them up, and open return paths, before
    anything is believed.
    """
    head, body = _parted(message[:_MOST_BYTES])
    parts = tuple(_walked(head, body, _DEEPEST))
    bounce = _bounce(head, parts)
    if bounce is not None:
        return bounce
    letters = _ours(*(_text(head, name) for name in _ANSWERING))
    if head.get_content_type() == "multipart/report" or _is_answer(head, letters):
        return AutoReply(letters)
    return Reply(letters) if letters else Other(_is_automatic(head))


def _bounce(head: Message, parts: tuple[tuple[Message, bytes], ...]) -> Bounce | None:
    to = tuple(dict.fromkeys(each for name in _DELIVERED for each in _ADDRESSES.findall(_text(head, name))))
    letters = _returned(head, parts)
    reports = [_decoded(part, body) for part, body in parts if part.get_content_type() in _REPORTS]
    for report in reports:
        for fields in _blocks(report):
            if _text(fields, "Action").lower() == "failed":
                return _failed(fields, to, letters)
    return None if reports else _unreported(head, parts, to, letters)


def _unreported(
    head: Message, parts: tuple[tuple[Message, bytes], ...], to: tuple[str, ...], letters: tuple[str, ...]
) -> Bounce | None:
    """Read what older servers write: Exim names the recipients in a header, others say it in plain words."""
    text = _decoded(*parts[0])[:_LONGEST_TEXT] if parts else ""
    status, recipient = _REFUSED.search(text), _ADDRESSES.search(_text(head, "X-Failed-Recipients"))
    is_daemon = any(
        each.partition("@")[0] in _DAEMONS for each in _ADDRESSES.findall(_text(head, "From").lower())
    )
    if recipient or (is_daemon and status):
        code, said = status.groups() if status else ("", "")
        return Bounce(to, letters, said or "5.0.0", code or "", recipient[0] if recipient else "")
    return None


def _failed(fields: Message, to: tuple[str, ...], letters: tuple[str, ...]) -> Bounce:
    said = _text(fields, "Diagnostic-Code")
    status = _STATUS.search(_text(fields, "Status")) or _STATUS.search(said)
    code = _CODE.search(said)
    recipient = _ADDRESSES.search(_text(fields, "Final-Recipient") or _text(fields, "Original-Recipient"))
    return Bounce(
        to,
        letters,
        status[0] if status else "5.0.0",
        code[0] if code else "",
        recipient[0] if recipient else "",
    )


def _returned(head: Message, parts: tuple[tuple[Message, bytes], ...]) -> tuple[str, ...]:
    """Find the Message-ID of the letter that comes back, in its headers or in those of the bounce."""
    inner = [_parted(body.lstrip(b"\r\n"))[0] for part, body in parts if part.get_content_type() in _RETURNED]
    named = [_text(each, "Message-ID") for each in inner]
    return _ours(*named, *(_text(head, name) for name in _ANSWERING))


def _blocks(report: str) -> Iterator[Message]:
    for block in _BLANK_LINES.split(report)[:_MOST_PARTS]:
        yield HeaderParser().parsestr(block)


def _decoded(part: Message, body: bytes) -> str:
    part.set_payload(body.decode("latin-1"))
    content = part.get_payload(decode=True)
    text = content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
    return text.replace("\r\n", "\n").strip("\n")


def _parted(message: bytes) -> tuple[Message, bytes]:
    end = _END_OF_HEAD.search(message)
    head = message[: end.start()] if end else message
    return BytesHeaderParser().parsebytes(head + b"\n\n"), message[end.end() :] if end else b""


def _walked(head: Message, body: bytes, depth: int) -> Iterator[tuple[Message, bytes]]:
    boundary = head.get_boundary() if head.get_content_maintype() == "multipart" and depth else None
    if not boundary:
        yield head, body
        return
    for piece in body.split(b"--" + boundary.encode("ascii", "replace"))[1 : _MOST_PARTS + 1]:
        yield from _walked(*_parted(piece.lstrip(b" \t").removeprefix(b"\r").removeprefix(b"\n")), depth - 1)


def _is_answer(head: Message, letters: tuple[str, ...]) -> bool:
    submitted, precedence = _first_word(head, "Auto-Submitted"), _first_word(head, "Precedence")
    if submitted == "auto-replied" or precedence == "auto_reply" or _is_empty(head):
        return True
    return any(head[name] for name in ("X-Autoreply", "X-Autorespond")) or bool(
        letters and _is_automatic(head)
    )


def _is_automatic(head: Message) -> bool:
    return (
        _first_word(head, "Auto-Submitted") not in {"", "no"} or _first_word(head, "Precedence") in _MACHINES
    )


def _is_empty(head: Message) -> bool:
    return _text(head, "Return-Path").replace(" ", "") == "<>"


def _first_word(head: Message, name: str) -> str:
    return re.split(r"[\s;(]", _text(head, name).strip().lower(), maxsplit=1)[0]


def _text(head: Message, name: str) -> str:
    return " ".join(str(each) for each in head.get_all(name, ())).strip()


def _ours(*texts: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for text in texts for each in _OUR_ID.findall(text)))
