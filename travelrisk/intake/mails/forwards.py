"""A text taken apart into the messages in it: what somebody forwards or answers stands below what he writes.

Each message is read by itself, as if it had come alone: the words around it are nobody's flight, "tomorrow"
is the day after its own, and what is older is known to be so.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from travelrisk.domain.codes import folded
from travelrisk.intake.mails.headers import FIELD, LABELS, RULE, WROTE, Label, day_of

_MARK = re.compile(r"^[ ]*(?P<marks>(?:>[ ]?)+)")
_TIGHT_MARK = re.compile(r"^[ ]*(?:>[ ]?)*>")
_TIGHT = re.compile(r"[ ]*>+[^>\s]")
_ODD = str.maketrans({"\u00a0": " ", "\u202f": " ", **dict.fromkeys("\u200b\u200e\u200f\u00ad\ufeff", "")})
_LONGEST_HEADER = 12  # lines
_LONGEST_VALUE = 400
_TORN = 60  # characters, from which on mail programs break a line
_LONGEST_RULE = 120
_MOST = 50  # messages of one text; a longer thread is read as it stands
_ADDRESS = re.compile(r"[\w.+-]@[^\W\d]")  # and not 12 Dec @ 10:10
_RULER = re.compile(r"^[\s>]*[_-]{5,}[\s]*$")
_PREFIX = re.compile(
    r"^(?:\s*(?:fwd?|re|tr|wg|aw|rv|enc|i|r|rif|vs|sv|pd|odp|doorst|antw|ynt|ilt|转发|回复)"
    r"\s*(?:\[\d+\])?\s*[:\N{FULLWIDTH COLON}])+\s*",
    re.IGNORECASE,
)
_FLIGHT_LIKE = re.compile(
    r"(?<![\w@.])(?:(?:[A-Z][A-Z0-9]|[0-9][A-Z])[ ]?|[a-z][a-z0-9])[0-9]{2,4}[A-Za-z]?(?![\w@]|[.]\w)"
)
"""Nothing like a flight is ever taken for a part of a header."""
_OPENS = re.compile(
    r"(?:On|Le|Am|El|Em|Il|Op|Den|Dnia|W dniu|Dne|Pe|Στις|В|[^\W\d_]{2,4}\.?,|20\d\d|\d{1,2}[. ])(?!\w)",  # noqa: RUF001 - Greek
    re.IGNORECASE,
)
"""How the line above a quoted message begins, where it goes on in the next."""
_MISREAD = re.compile(r"[ÂÃÅÐÑ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")  # noqa: RUF001 - what UTF-8 looks like in cp1252
_LABELLED = re.compile(r"(?<![\w])(?P<label>[^\W\d_]{1,12})[ *_]*:")


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a text.

    Attributes:
        text: what its writer wrote, without the marks of quotations.
        subject: as its header says, without "Fwd:".
        issued: the day it was sent; that of the message around it where its header says none.
        is_dated: its own header says the day.
        age: 0 for the newest, 1 for what that one quotes, and so on.
    """

    text: str
    subject: str = ""
    issued: date | None = None
    is_dated: bool = True
    age: int = 0


@dataclass(slots=True)
class _Begun:
    """A message that is still being collected."""

    subject: str = ""
    sent: str = ""
    lines: list[str] = field(default_factory=list)


def messages_in(text: str, issued: date | None) -> tuple[Message, ...]:
    """Return the messages of a text, the one that was written last first; at least one.

    Args:
        text: of a mail, or of a page as people see it.
        issued: the day of the mail itself.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    begun = _Splitter(lines).begun()
    if len(begun) == 1:
        return (Message(text, issued=issued),)
    if len(begun) > _MOST:
        return (Message("\n".join(_unmarked(line) for line in lines), issued=issued),)
    return tuple(_dated(begun, issued))


def holds_a_message(text: str) -> bool:
    """Say whether somebody's mail stands in a text, with its header or with the line that announces it."""
    splitter = _Splitter(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    splitter.begun()
    return splitter.is_announced


def innermost_day(text: str, issued: date | None) -> date | None:
    """Return the day of the message that a text forwards last of all."""
    return messages_in(text, issued)[-1].issued


def without_prefix(subject: str) -> str:
    """Return a subject without "Fwd:" and its like in other languages."""
    return _PREFIX.sub("", subject)


def _dated(begun: Sequence[_Begun], issued: date | None) -> Iterator[Message]:
    day, is_dated = issued, True
    for age, each in enumerate(begun):
        if age:
            own = day_of(each.sent, day) if each.sent else None
            day, is_dated = own or day, own is not None
        yield Message("\n".join(each.lines).strip("\n"), without_prefix(each.subject), day, is_dated, age)


class _Splitter:
    """Collects the messages in the order of the text; one begins at a header, a rule, or deeper marks."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        # Where one mark is followed by a letter at once, a blank behind another belongs to the text.
        self._mark = _TIGHT_MARK if any(map(_TIGHT.match, lines)) else _MARK
        self._number = self._depth = 0
        self._is_ruled = self.is_announced = False
        self._begun = [_Begun()]
        self._current = self._begun[0]

    def begun(self) -> list[_Begun]:
        """Return the messages."""
        while self._number < len(self._lines):
            if not (self._header() or self._rule() or self._attribution()):
                self._line()
        return self._begun

    def _begin(self, sent: str = "", subject: str = "") -> bool:
        while self._current.lines and _RULER.match(self._current.lines[-1]):
            self._current.lines.pop()
        self._current = _Begun(subject, sent)
        self._begun.append(self._current)
        return True

    def _header(self) -> bool:
        found = _header(self._lines, self._number, is_ruled=self._is_ruled)
        if not found:
            return False
        fields, end = found
        own, self._number, self._is_ruled = _depth(self._lines[self._number]), end, False
        self._depth = max(own, self._next_depth())
        self.is_announced = True
        return self._begin(fields.get("sent", ""), fields.get("subject", ""))

    def _rule(self) -> bool:
        line = self._lines[self._number]
        plain = _plain(line)
        if not plain or len(plain) > _LONGEST_RULE or not RULE.match(plain):
            return False
        self._number += 1
        self._depth = max(_depth(line), self._next_depth())
        self._is_ruled = _header_follows(self._lines, self._number)
        self.is_announced = True
        return self._is_ruled or self._begin()

    def _attribution(self) -> bool:
        count = _wrote(self._lines, self._number)
        if not count:
            return False
        sent = " ".join(map(_plain, self._lines[self._number : self._number + count]))
        self._number += count
        self._depth = self._next_depth()
        self.is_announced = True
        return self._begin(sent)

    def _next_depth(self) -> int:
        return next((_depth(line) for line in self._lines[self._number :] if _plain(line)), 0)

    def _line(self) -> None:
        line = self._lines[self._number]
        plain, marks = _plain(line), _depth(line)
        is_torn = bool(self._depth) and _is_torn(self._lines, self._number)
        if plain and marks > self._depth:
            self._begin()
        elif plain and not marks and self._depth and not is_torn:
            self._current = self._begun[0]  # whoever answers below or between what is quoted
        if plain and not is_torn:
            self._depth = marks
        if is_torn and self._current.lines:
            self._current.lines[-1] += f" {plain}"
        else:
            self._current.lines.append(self._mark.sub("", line, count=1))
        self._number += 1


def _is_torn(lines: Sequence[str], number: int) -> bool:
    """Say whether a line without marks is the end of the long one above it, broken by a mail program."""
    if not number or _depth(lines[number]) or not lines[number].strip():
        return False
    is_below = bool(_depth(lines[number - 1])) and len(lines[number - 1]) >= _TORN
    return is_below and number + 1 < len(lines) and bool(_depth(lines[number + 1]))


def _header_follows(lines: Sequence[str], number: int) -> bool:
    while number < len(lines) and not _plain(lines[number]):
        number += 1
    return number < len(lines) and _header(lines, number, is_ruled=True) is not None


def _header(lines: Sequence[str], start: int, *, is_ruled: bool) -> tuple[dict[str, str], int] | None:
    """Return the fields of a header that begins in a line, and the number of the line behind it."""
    if not _label_of(lines[start]):
        return None
    fields: dict[str, str] = {}
    written: list[str] = []
    is_of_mails, kind, end, number = False, "", start, start
    while number < min(len(lines), start + 2 * _LONGEST_HEADER):
        line = _plain(lines[number])
        label = _label_of(lines[number])
        if label:
            known, value = label
            if known.kind in fields and known.kind != "to":
                break
            kind, is_of_mails = known.kind, is_of_mails or known.is_of_mails
            fields[kind] = value
        elif not line:
            if "subject" in fields or not _label_below(lines, number):
                break
        elif kind and (_is_value_of(kind, fields, line) or (kind != "subject" and _is_of_people(line))):
            fields[kind] = f"{fields[kind]} {line}".strip()
        else:
            break
        number += 1
        if line:
            end = number
            written.append(line)
    is_sure = is_ruled or is_of_mails or any(map(_ADDRESS.search, written))
    is_header = "from" in fields and len(fields) > 1 and ("subject" in fields or "sent" in fields)
    return (fields, end) if is_sure and is_header else _of_one_line(lines[start], start)


def _is_value_of(kind: str, fields: dict[str, str], line: str) -> bool:
    """Say whether a line is the value of the label above it, which stands there without one."""
    return not fields[kind] and (kind == "subject" or not _FLIGHT_LIKE.search(line))


def _of_one_line(line: str, start: int) -> tuple[dict[str, str], int] | None:
    """Return the fields of a header that somebody's telephone wrote into one line."""
    plain = _plain(line)
    found = [match for match in _LABELLED.finditer(plain) if folded(match["label"]) in LABELS]
    kinds = [LABELS[folded(match["label"])].kind for match in found]
    if not {"from", "sent", "subject"} <= set(kinds) or kinds[0] != "from" or len(plain) > _LONGEST_VALUE:
        return None
    ends = [*(match.start() for match in found[1:]), len(plain)]
    values = {
        kind: plain[match.end() : end].strip(" *_")
        for kind, match, end in zip(kinds, found, ends, strict=True)
    }
    return values, start + 1


def _label_of(line: str) -> tuple[Label, str] | None:
    match = FIELD.match(_repaired(_plain(line)[:_LONGEST_VALUE]))
    label = LABELS.get(folded(match["label"])) if match else None
    if not match or not label:
        return None
    is_flight = label.kind != "subject" and _FLIGHT_LIKE.search(match["value"])
    return None if is_flight else (label, match["value"])


def _repaired(line: str) -> str:
    """Return a line whose UTF-8 was once taken for cp1252 as it was: ``EnvoyÃ©``."""
    if not _MISREAD.search(line):
        return line
    try:
        return line.encode("cp1252").decode()
    except UnicodeError:
        return line


def _label_below(lines: Sequence[str], number: int) -> bool:
    """Say whether the next line that is not empty goes on with the header."""
    return number + 1 < len(lines) and _label_of(lines[number + 1]) is not None


def _is_of_people(line: str) -> bool:
    return ("@" in line or line.rstrip().endswith(";")) and not _FLIGHT_LIKE.search(line)


def _wrote(lines: Sequence[str], number: int) -> int:
    """Return how many lines, from this one on, say who wrote what follows and when."""
    if not any(
        line.rstrip(" *_").endswith((":", "\N{FULLWIDTH COLON}")) for line in lines[number : number + 3]
    ):
        return 0
    for count in (1, 2, 3):
        block = [_plain(line) for line in lines[number : number + count]]
        joined = " ".join(block)
        if not all(block) or len(joined) > _LONGEST_VALUE or _FLIGHT_LIKE.search(joined):
            return 0
        if WROTE.match(joined) and (count == 1 or _OPENS.match(joined)):
            return count
    return 0


def _plain(line: str) -> str:
    return _unmarked(line).translate(_ODD).strip()


def _depth(line: str) -> int:
    match = _MARK.match(line.translate(_ODD))
    return match["marks"].count(">") if match else 0


def _unmarked(line: str) -> str:
    match = _MARK.match(line)
    return line[match.end() :] if match else line
