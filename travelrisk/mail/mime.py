"""Headers and parts of a message, as bytes: cheap for the plain text that nearly all of it is.

A table may bring ten thousand letters. The parsing and folding of the standard library, which costs more than
all the rest of a letter, is left to the headers that need it.
"""

import re
from binascii import b2a_qp
from email.header import Header
from email.policy import EmailPolicy

LINE_END = "\r\n"
_COLUMNS = 78
_PLAIN = re.compile(r"[!-~](?:[ -~]*[!-~])?", re.ASCII)
_CONTROLS = bytes(each for each in (*range(32), 127) if each not in b"\t\n\r")
_AS_BLANKS = bytes.maketrans(_CONTROLS, b" " * len(_CONTROLS))


_DESCRIBED = (
    'Content-Type: text/{}; charset="utf-8"',
    "Content-Transfer-Encoding: quoted-printable",
    "",
    "",
)


_ATTACHED = ('Content-Disposition: attachment; filename="trip.ics"',)


class _Folding(EmailPolicy):
    """Folds a subject as encoded words from its first line on.

    The policy of the standard library begins some long subjects with an empty line, which some mail programs
    and relays show as no subject at all.
    """

    def fold(self, name: str, value: str) -> str:
        """Return the header as lines."""
        if name.lower() == "list-unsubscribe":  # a long address has no blank to fold at, and is not encoded
            return f"{name}: {value}{self.linesep}"
        if name.lower() != "subject":
            folded: str = super().fold(name, value)
            return folded
        return _subject(name, value)


_POLICY = _Folding(linesep=LINE_END)


def _subject(name: str, value: str) -> str:
    is_plain = value.isascii() and len(name) + len(value) + 2 <= _COLUMNS
    words = value if is_plain else Header(value, "utf-8", _COLUMNS, name).encode(linesep=LINE_END)
    return f"{name}: {words}{LINE_END}"


def header(name: str, value: object) -> str:
    """Return a header as lines of ASCII.

    Args:
        name: of the header.
        value: text, or an address of ``email.headerregistry``.

    Raises:
        ValueError: the value has more than one line.
    """
    text = str(value)
    if len(name) + 2 + len(text) <= _COLUMNS and _PLAIN.fullmatch(text) and "=?" not in text:
        return f"{name}: {text}{LINE_END}"  # as the policy would write it, which a test holds it to
    if name == "Subject" and text.isprintable() and "=?" not in text:
        return _subject(name, text)  # there is nothing in it that the policy would read otherwise
    return _POLICY.fold(*_POLICY.header_store_parse(name, value))


def bodies(boundary: str, text: str, html: str, calendar: str = "") -> tuple[str, str]:
    """Return the header Content-Type and the body of a message: text, page, ``trip.ics`` if there is one.

    Args:
        boundary: begins with ``=_``, which is never in quoted text; neither it nor the one made of it for the
            parts of a part begins with the other.
        text: shown where nothing else can be.
        html: the same as a page.
        calendar: attached; empty = nothing is. A METHOD that asks for no answer: it is no meeting.
    """
    within = boundary.replace("=_", "=_.", 1) if calendar else boundary
    body = alternatives(within, text, html)
    if not calendar:
        return content_type("alternative", within), body
    kind = f'Content-Type: multipart/alternative; boundary="{within}"'
    letter = LINE_END.join((f"--{boundary}", kind, "", body))
    described = LINE_END.join((*_ATTACHED, *_DESCRIBED)).format("calendar; method=PUBLISH")
    attached = f"--{boundary}{LINE_END}{described}{_quoted(calendar)}"
    whole = f"{letter}{attached}{LINE_END}--{boundary}--{LINE_END}"  # its last line end is its own
    return content_type("mixed", boundary), whole


def content_type(subtype: str, boundary: str) -> str:
    """Return the header of a message of several parts, as the policy folds it for a boundary of ours."""
    return f'Content-Type: multipart/{subtype};{LINE_END} boundary="{boundary}"{LINE_END}'


def alternatives(boundary: str, text: str, html: str) -> str:
    """Return the body of ``multipart/alternative``: the last part is the one that is shown."""
    parts = "".join(_part(boundary, subtype, part) for subtype, part in (("plain", text), ("html", html)))
    return f"{parts}--{boundary}--{LINE_END}"


def plain(text: str) -> str:
    """Return a whole body of plain text, with the headers that describe it and the empty line after them."""
    return LINE_END.join(_DESCRIBED).format("plain") + _quoted(text)


def _part(boundary: str, subtype: str, text: str) -> str:
    return f"--{boundary}{LINE_END}{LINE_END.join(_DESCRIBED).format(subtype)}{_quoted(text)}"


def _quoted(text: str) -> str:
    """Return lines of at most 76 columns, in seven bits; a control, which no letter has, becomes a blank."""
    lines = text.encode().translate(_AS_BLANKS).splitlines()
    return b2a_qp(LINE_END.encode().join([*lines, b""]), istext=True).decode("ascii")
