"""Several parts of one document tell of the same booking: keep one, and let nothing the others say get lost.

Structured data is believed first. What a calendar or the text beside it adds (an operator above all) goes
into the same flight; a flight that only they know is kept or reported, never dropped.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from travelrisk.domain.codes import folded
from travelrisk.domain.drafts import Draft, DraftSegment
from travelrisk.domain.itineraries import Evidence, Status, Traveller, elsewhere
from travelrisk.domain.texts import LANGUAGES
from travelrisk.intake.gds.segments import heads
from travelrisk.intake.lines.matching import is_same, with_operator
from travelrisk.intake.lines.text import FreeText
from travelrisk.intake.words import words

Belongs = Callable[[Sequence[Draft], DraftSegment], bool]
AreSame = Callable[[DraftSegment, DraftSegment], bool]
_OPERATED = re.compile(rf"\b{words.any_of(words.OPERATED_BY)}\b", re.IGNORECASE)


def fold(drafts: Sequence[Draft], others: Iterable[Draft], are_same: AreSame = is_same) -> tuple[Draft, ...]:
    """Return the drafts with what the others add; bookings that share no flight stay apart."""
    kept = list(drafts)
    for other in others:
        left = []
        for segment in other.segments:
            place = _find(kept, segment, are_same)
            if place is None:
                left.append(segment)
            else:
                kept[place[0]] = completed_at(kept[place[0]], place[1], segment)
        rest = replace(other, segments=tuple(left))
        if left or (other.unread and not kept):
            kept.append(rest)
        elif kept:
            kept[0] = _joined(kept[0], rest)
    return tuple(kept)


def fold_text(
    drafts: Sequence[Draft], text: str, reader: FreeText, belongs: Belongs | None = None
) -> tuple[tuple[Draft, ...], tuple[str, ...]]:
    """Return the drafts with what the visible text adds, and the lines of the text that nobody can place.

    The text of a mail is full of numbers: operators, whole flights and lines of reservation systems count.

    Args:
        drafts: of the other parts.
        text: as people see it.
        reader: of the text.
        belongs: says whether a flight that only the text names is of the same booking as the drafts.
    """
    return fold_said(drafts, *reader.draft(text), belongs)


def fold_said(
    drafts: Sequence[Draft], draft: Draft, unread: Iterable[str], belongs: Belongs | None = None
) -> tuple[tuple[Draft, ...], tuple[str, ...]]:
    """Do the same with a text that is read already, and what is unread in it."""
    kept = list(drafts)
    strangers = [line for line in unread if _OPERATED.search(line) or any(heads(line.upper()))]
    for segment in draft.segments:
        place = _find(kept, segment)
        if place is not None:
            number, position = place
            kept[number] = _with_state(
                completed_at(
                    kept[number], position, _quoted(segment, draft, kept[number].segments[position])
                ),
                position,
                segment.status,
            )
        elif belongs and belongs(kept, segment):
            kept[0] = replace(kept[0], segments=(*kept[0].segments, segment))
        else:
            strangers.append(segment.source)
    return tuple(kept), tuple(dict.fromkeys(strangers))


def _quoted(segment: DraftSegment, text: Draft, known: DraftSegment) -> DraftSegment:
    """Return a flight of a text as far as it may contradict what is known.

    Prose never says that a flight is held, so its silence is no doubt about a cancellation. A line of a
    reservation system may say that it does not fly, unless the next line puts a new time in its place.
    """
    replaced = any(each.status.flies and is_same(each, segment) for each in text.segments)
    is_off = segment.status is Status.CANCELLED and not replaced
    return segment if is_off else replace(segment, status=known.status)


def _with_state(draft: Draft, position: int, said: Status) -> Draft:
    """Return the draft with a seat that is only asked or waited for, where the text says so."""
    known = draft.segments[position]
    if said not in {Status.WAITLIST, Status.REQUESTED} or not known.status.flies:
        return draft
    segments = (*draft.segments[:position], replace(known, status=said), *draft.segments[position + 1 :])
    return replace(draft, segments=segments)


def in_language(drafts: Iterable[Draft], stated: Iterable[str]) -> tuple[Draft, ...]:
    """Give the travellers the first language of letters among those that a document states for itself.

    Args:
        drafts: of the document; a traveller with a language keeps it.
        stated: language tags, the outermost first: ``fr``, ``es-PE`` or ``fr, en`` (RFC 3282).
    """
    tags = (re.split("[,;_-]", tag, maxsplit=1)[0].strip().lower() for tag in stated)
    spoken = next((language for tag in tags for language in LANGUAGES if language == tag), None)
    return tuple(
        replace(
            draft,
            travellers=tuple(replace(each, language=each.language or spoken) for each in draft.travellers),
        )
        for draft in drafts
    )


def _find(
    drafts: Sequence[Draft], segment: DraftSegment, are_same: AreSame = is_same
) -> tuple[int, int] | None:
    """Return where the same flight stands: number of the draft and of its segment."""
    for number, draft in enumerate(drafts):
        for position, known in enumerate(draft.segments):
            if are_same(known, segment):
                return number, position
    return None


def completed_at(draft: Draft, position: int, other: DraftSegment) -> Draft:
    """Return the draft with the operator and the stops that another part states for a segment.

    A flight that is cancelled in one part and not in the other is taken to fly, and the doubt is said.
    """
    known = with_operator(draft.segments[position], other)
    known = replace(
        known,
        stops=tuple(dict.fromkeys((*known.stops, *other.stops))),
        also=further(known, other),
        aircraft_owner=known.aircraft_owner or other.aircraft_owner,
    )
    unread = draft.unread
    statuses = (known.status, other.status)
    if statuses.count(Status.CANCELLED) == 1:
        doubt = f"{known.source}: cancelled in one part of the document and not in another"
        unread = tuple(dict.fromkeys((*unread, doubt)))
        known = replace(known, status=next(each for each in statuses if each is not Status.CANCELLED))
    segments = (*draft.segments[:position], known, *draft.segments[position + 1 :])
    return replace(draft, segments=segments, unread=unread)


def further(known: DraftSegment, other: DraftSegment) -> tuple[Evidence, ...]:
    """Return every place that tells of the flight besides the one that *known* was read from."""
    return elsewhere(Evidence(known.part, known.source), (*known.also, *other.evidence))


def _is_new(traveller: Traveller, draft: Draft) -> bool:
    """Say whether none of the travellers of a draft may be this one; names are cut, and lack titles."""
    words = set(folded(traveller.raw_name).split())
    return bool(words) and not any(
        _begin_alike(words, set(folded(known.raw_name).split())) for known in draft.travellers
    )


def _begin_alike(one: set[str], other: set[str]) -> bool:
    """Say whether each word of the shorter name begins one of the longer, or is begun by one."""
    fewer, more = sorted((one, other), key=len)
    return all(any(a.startswith(b) or b.startswith(a) for b in more) for a in fewer)


def within(segment: DraftSegment, name: str) -> DraftSegment:
    """Return a segment that was read in the attachment of that name, with all that tells of it there."""
    also = tuple(replace(each, part=each.part or name) for each in segment.also)
    return replace(segment, part=segment.part or name, also=also)


def _joined(draft: Draft, other: Draft) -> Draft:
    return replace(
        draft,
        travellers=(*draft.travellers, *(each for each in other.travellers if _is_new(each, draft))),
        locators=tuple(dict.fromkeys((*draft.locators, *other.locators))),
        unread=tuple(dict.fromkeys((*draft.unread, *other.unread))),
    )
