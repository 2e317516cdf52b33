"""Letters and calendars of ours that somebody sends back to us: which trips they are about.

What we wrote is no evidence of a booking. Read as one, "assumed, nobody states it" would come back as stated,
and a trip of one person would become a trip of another.
"""

from collections.abc import Iterator
from contextlib import suppress
from email import message_from_bytes, policy
from itertools import chain

from travelrisk.domain.errors import BadInputError
from travelrisk.intake.calendars.vcalendar import events_in
from travelrisk.intake.decoding import decode
from travelrisk.intake.mails.envelope import opened, why_not
from travelrisk.telling.calendars import trip_of

_HEADER = "X-Travelrisk-Trip"
_LONGEST_REFERENCE = 20
_BEGINS = b"BEGIN:VCALENDAR"
_BROKEN = (BadInputError, LookupError, ValueError, AttributeError, TypeError, AssertionError, RecursionError)


def trips_in(content: bytes) -> tuple[str, ...]:
    """Return the references of the trips of which a message holds our calendar, or a letter of ours whole.

    It is as anybody may have written it: that a reference stands in it says nothing about who may know it.
    """
    if why_not(content):
        return ()
    with suppress(*_BROKEN):
        found = chain(_forwarded(content), _attached(content))
        return tuple(dict.fromkeys(each for each in found if each))
    return ()


def _forwarded(content: bytes) -> Iterator[str]:
    """Yield the trips that the headers of the messages inside name; the message itself is its sender's."""
    inside = message_from_bytes(content.lstrip(), policy=policy.compat32).walk()
    next(inside)
    for part in inside:
        yield str(part.get(_HEADER, "")).strip()[:_LONGEST_REFERENCE]


def _attached(content: bytes) -> Iterator[str]:
    for part in opened(content).files:
        if _BEGINS in part.file.content.upper():
            with suppress(BadInputError):  # too long a calendar is nobody's letter
                yield from _entries(decode(part.file.content))


def _entries(calendar: str) -> Iterator[str]:
    for event in events_in(calendar):
        yield from (trip_of(line.partition(":")[2]) for line in event.lines if _is_uid(line))


def _is_uid(line: str) -> bool:
    return line[:4].upper() in {"UID:", "UID;"}
