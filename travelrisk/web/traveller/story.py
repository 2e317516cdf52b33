"""What happened to a trip, entry by entry, in the words of the letters."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from travelrisk.domain.advisories import Finding
from travelrisk.domain.itineraries import Itinerary, Severity
from travelrisk.services.trips.story import Entry
from travelrisk.telling import changes
from travelrisk.telling import words as letter_words
from travelrisk.telling.foreign import foreign, visible
from travelrisk.telling.reasons import Teller
from travelrisk.telling.segments import title
from travelrisk.web.languages import NAMES, language, verdict_label
from travelrisk.web.traveller.claims import claimed, stated
from travelrisk.web.words import speaker

_MOST_REASONS = 6
_LONGEST_SOURCE = 80
LETTERS: Final = ("changed", "still_open")
"""Letters with a name of their own; all others are called by their verdict."""


class Told(NamedTuple):
    """An entry as the page shows it; *lines* stand below its *head*, and the *quoted* words of a reply."""

    entry: Entry
    head: str
    lines: tuple[str, ...]
    quoted: str = ""


def told(entry: Entry) -> Told:
    """Return one entry in words."""
    tell = _TELLERS.get(entry.kind)
    return tell(entry) if tell else Told(entry, speaker(language())("entry_" + entry.kind), ())


def _told_return(entry: Entry) -> Told:
    say, name = speaker(language()), letter_name(entry.letter)
    return Told(entry, say("entry_returned", name=name, reply=visible(entry.text)), ())


def _by_whom(entry: Entry) -> str:
    say = speaker(language())
    names = dict.fromkeys(visible(each.author) for each in entry.said if each.author)
    return say("entry_stated", who=", ".join(names) or say("the_traveller"))


def _what_was_said(entry: Entry) -> Iterator[str]:
    earlier = entry.earlier if entry.earlier and len(entry.earlier.segments) > 1 else None
    return (stated(each, earlier) for each in entry.said)


def quoted(text: str) -> str:
    """Return foreign words line by line as they were written, without what cannot be seen."""
    return "\n".join(visible(line) for line in text.splitlines()).strip()


def letter_name(letter: str) -> str:
    """Return what a letter is called: by its verdict, or by what it is about."""
    kind = next((each for each in LETTERS if letter.startswith(each)), "")  # a reminder has its step after it
    return speaker(language())("letter_name_" + kind) if kind else verdict_label(letter)


def _received(entry: Entry) -> str:
    say = speaker(language())
    source = visible(entry.source)[:_LONGEST_SOURCE]
    if not source:
        return say("entry_received_anew" if entry.earlier else "entry_received")
    return say("entry_received_anew_from" if entry.earlier else "entry_received_from", source=source)


def _understood(entry: Entry) -> Iterator[str]:
    if entry.itinerary is None:
        return
    say, itinerary = speaker(language()), entry.itinerary
    yield say("entry_understood", title=_title(itinerary), count=len(itinerary.segments))
    if entry.earlier is not None and _title(entry.earlier) != _title(itinerary):
        yield say("entry_earlier", title=_title(entry.earlier))
    if entry.kind == "received" and entry.earlier is not None:
        yield from (say("entry_dropped", text=claimed(each)) for each in entry.earlier.told)
    asked = sum(each.severity is not Severity.NOTE for each in itinerary.questions)
    if asked:
        yield say("entry_questions", count=asked)
    if itinerary.unread:
        yield say("entry_unread", count=len(itinerary.unread))


def _title(itinerary: Itinerary) -> str:
    words = letter_words.speaker(language())
    return (
        title(itinerary, "", words, language()) if itinerary.segments else speaker(language())("no_segments")
    )


def _judged(entry: Entry) -> str:
    say, now = speaker(language()), verdict_label("" if entry.verdict is None else entry.verdict)
    if entry.before is None or entry.before is entry.verdict:
        return say("entry_judged", now=now, edition=entry.edition)
    return say("entry_changed", before=verdict_label(entry.before), now=now, edition=entry.edition)


def _why(entry: Entry) -> Iterator[str]:
    """Tell what is new and what holds no longer; of an answer on another booking, its gravest reasons."""
    advisory, itinerary = entry.advisory, entry.itinerary
    if advisory is None or itinerary is None:
        return
    if entry.change is None:
        yield from _lines(advisory.reasons(), "reason", itinerary)
        return
    news = changes.news(entry.change)
    yield from _lines(news.new or entry.change.new, "new_reason", itinerary)
    yield from _lines(news.gone, "no_longer", itinerary)


def _lines(findings: tuple[Finding, ...], key: str, itinerary: Itinerary) -> Iterator[str]:
    say = letter_words.speaker(language())
    teller = Teller(say, language())
    for finding in findings[:_MOST_REASONS]:
        text, flight = teller.sentence(finding), _flight(finding, itinerary)
        yield say(f"{key}_of_flight", flight=flight, text=text) if flight else say(key, text=text)
    more = len(findings) - _MOST_REASONS
    if more > 0:
        yield speaker(language())("entry_more", count=more)


def _flight(finding: Finding, itinerary: Itinerary) -> str:
    """Name the flight a reason is about, where there are several."""
    if finding.segment is None or not 0 <= finding.segment < len(itinerary.segments) > 1:
        return ""
    return foreign(itinerary.segments[finding.segment].flight)


def _noted(entry: Entry) -> str:
    say = speaker(language())
    return say("entry_noted_to", name=letter_name(entry.letter)) if entry.letter else say("entry_noted")


def _written(entry: Entry) -> str:
    say = speaker(language())
    spoken = NAMES[entry.language] if entry.language else ""
    state = say("letter_" + entry.state)
    return say("entry_letter", name=letter_name(entry.letter), language=spoken, state=state)


def _addressed(entry: Entry) -> str:
    return speaker(language())("entry_addressed", language=NAMES[entry.language] if entry.language else "")


def _broadcast(entry: Entry) -> str:
    say = speaker(language())
    spoken = NAMES[entry.language] if entry.language else ""
    return say("entry_broadcast", language=spoken, state=say("letter_" + entry.state))


_TELLERS: Final[Mapping[str, Callable[[Entry], Told]]] = {
    "received": lambda entry: Told(entry, _received(entry), tuple(_understood(entry))),
    "stated": lambda entry: Told(entry, _by_whom(entry), (*_what_was_said(entry), *_understood(entry))),
    "judged": lambda entry: Told(entry, _judged(entry), tuple(_why(entry))),
    "letter": lambda entry: Told(entry, _written(entry), ()),
    "addressed": lambda entry: Told(entry, _addressed(entry), ()),
    "noted": lambda entry: Told(entry, _noted(entry), (), quoted(entry.text)),
    "returned": _told_return,
    "broadcast": lambda entry: Told(entry, _broadcast(entry), (), quoted(entry.text)),
    "safe": lambda entry: Told(entry, speaker(language())("entry_safe"), (), quoted(entry.text)),
    "help": lambda entry: Told(entry, speaker(language())("entry_help"), (), quoted(entry.text)),
}
