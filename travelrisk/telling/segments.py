"""The segments of a letter: one row each, and the line that names the trip in the subject."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from travelrisk.domain.advisories import Advisory, Finding
from travelrisk.domain.itineraries import Basis, Itinerary, Mode, Operating, Place, Segment, Status
from travelrisk.domain.texts import Language, Texts, day_in_words
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening import explain
from travelrisk.telling.foreign import foreign
from travelrisk.telling.names import city_name, told
from travelrisk.telling.reasons import Reason, Teller, Told, proofs
from travelrisk.telling.words import Say

_LONGEST_CODE = 20
_LONGEST_NAME = 40
_MOST_PLACES = 6
_OPERATOR = ("operating.", "owner.", "state.")
BETWEEN: dict[Language, str] = {"en": "; ", "fr": "\N{NO-BREAK SPACE}; ", "es": "; "}
"""What stands between names that are listed in one line."""


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """What a letter shows of one segment.

    Attributes:
        name: flight and date. path: its places, hidden stops included.
        verdict: the verdict's word, or ``""`` where the segment is not judged; *label* says why not.
        remark: where to look for the reason, if it does not stand here.
        proofs: on who flies it, where nothing speaks against the segment.
        in_order: what else was checked then, by name.
    """

    number: int
    name: str
    path: str
    operating: str
    verdict: str
    label: str
    reasons: tuple[Reason, ...]
    remark: str
    proofs: tuple[str, ...]
    in_order: str


class RowTeller:
    """Tells the segments of one letter in its language."""

    def __init__(self, advisory: Advisory, told: Told, teller: Teller, say: Say, language: Language) -> None:
        self._advisory = advisory
        self._told = told
        self._teller = teller
        self._say = say
        self._language = language

    def row(self, index: int, segment: Segment, was: Verdict | None = None) -> SegmentRow:
        """Return the row of one segment; *was* is its earlier verdict, where that has changed."""
        verdicts = self._advisory.segment_verdicts
        verdict = verdicts[index] if index < len(verdicts) else None
        reasons = self._told.by_segment.get(index, ())
        proved, in_order = self._proved(index) if verdict is Verdict.CLEARED else ((), "")
        return SegmentRow(
            number=index + 1,
            name=self._name(segment),
            path=" - ".join(self._place(place) for place in _places(segment)),
            operating=self._flown_by(segment) if verdict is not None else "",
            verdict=verdict.word if verdict is not None else "",
            label=self._label(verdict, was) if verdict is not None else self._say(_not_judged(segment)),
            reasons=reasons,
            remark=self._say("question_below") if verdict and not reasons else "",
            proofs=proved,
            in_order=in_order,
        )

    def _label(self, verdict: Verdict, was: Verdict | None) -> str:
        now = sentence_case(explain.verdict_words(verdict).in_language(self._language))
        if was is None:
            return now
        return self._say("now_was", now=now, was=explain.verdict_words(was).in_language(self._language))

    def _proved(self, index: int) -> tuple[tuple[str, ...], str]:
        found = proofs(self._advisory, index)
        on_operator = [each for each in found if each.code.startswith(_OPERATOR)]
        others = dict.fromkeys(self._subject(each) for each in found if each not in on_operator)
        return tuple(map(self._teller.proof, on_operator)), BETWEEN[self._language].join(filter(None, others))

    def _subject(self, finding: Finding) -> str:
        """Name what was looked at: countries have a name in each language."""
        name = dict(finding.slots).get("name")
        if isinstance(name, Texts):
            return name.in_language(self._language)
        return foreign(told(finding.matched, self._language))

    def _name(self, segment: Segment) -> str:
        flight = foreign(segment.flight or segment.marketing.name, _LONGEST_NAME)
        if not flight and segment.mode is Mode.AIR:
            flight = self._say("no_flight")
        return ", ".join(filter(None, (flight, self._when(segment))))

    def _when(self, segment: Segment) -> str:
        departs = segment.departs
        if departs.day is None:
            return self._say("no_date")
        day = day_in_words(departs.day, self._language, weekday=True)
        return f"{day}, {departs.local:%H:%M}" if departs.local else day

    def _place(self, place: Place) -> str:
        if place.airport is None:
            return foreign(place.text) or self._say("no_place")
        return f"{foreign(city_name(place.airport, self._language))} ({place.airport.code})"

    def _flown_by(self, segment: Segment) -> str:
        """Name the operating carrier, and whose aircraft it is, where that is said."""
        told = [self._operating(segment.operating, segment.operator_by)]
        if owner := segment.aircraft_owner:
            names = (f"{carrier.name} ({carrier.code})" for carrier in owner.carriers)
            told.append(self._say("aircraft_owner", carrier=", ".join(names) or foreign(owner.name)))
        return BETWEEN[self._language].join(told)

    def _operating(self, operating: Operating, by: str) -> str:
        carrier = operating.carrier
        name = f"{carrier.name} ({carrier.code})" if carrier else foreign(operating.name or operating.code)
        if not name or operating.basis is Basis.UNKNOWN:
            return self._say("operating_unknown")
        if operating.basis is Basis.TRAVELLER:
            return self._say("operating_told", carrier=name, who=foreign(by) or self._say("the_traveller"))
        key = "operating" if operating.basis.is_stated else "operating_assumed"
        return self._say(key, carrier=name)


def rows_shown(
    candidates: Iterable[int], advisory: Advisory, most: int, moved: Container[int] = ()
) -> list[int]:
    """Return the segments to show, in their order; of too many, what moved, and then the worst verdicts."""
    verdicts = dict(enumerate(advisory.segment_verdicts))

    def gravity(index: int) -> tuple[bool, int, int]:
        verdict = verdicts.get(index)
        return (index not in moved, 1 if verdict is None else -int(verdict), index)

    return sorted(sorted(candidates, key=gravity)[:most])


def title(itinerary: Itinerary, reference: str, say: Say, language: Language) -> str:
    """Return ``ET 707 FRA-ADD-NBO, 12 Dec 2026``: first flight, whole route, first date."""
    flying = [segment for segment in itinerary.segments if segment.is_judged] or list(itinerary.segments)
    if not flying:
        return say("subject_trip", reference=reference)
    days = [segment.departs.day for segment in flying if segment.departs.day is not None]
    first_day = day_in_words(min(days), language) if days else say("no_date")
    flight = foreign(flying[0].flight, _LONGEST_CODE)
    return f"{flight} {route(flying)}, {first_day}".strip()


def sentence_case(words: str) -> str:
    """Return *words* with a capital at the beginning."""
    return words[:1].upper() + words[1:]


def route(segments: Sequence[Segment]) -> str:
    """Join the codes of the places, with a slash where a segment begins elsewhere than the last one ended."""
    route = "-".join(_code(segments[0], end) for end in ("origin", "destination"))
    parts = [route]
    for before, after in pairwise(segments):
        if _code(before, "destination") != _code(after, "origin"):
            parts.append(f"/{_code(after, 'origin')}")
        parts.append(f"-{_code(after, 'destination')}")
    if len(parts) >= _MOST_PLACES:
        parts = [*parts[: _MOST_PLACES - 2], "-…", parts[-1]]
    return "".join(parts)


def _code(segment: Segment, end: str) -> str:
    place: Place = getattr(segment, end)
    return foreign(place.code, _LONGEST_CODE) or "?"


def _places(segment: Segment) -> tuple[Place, ...]:
    return (segment.origin, *segment.stops, segment.destination)


def _not_judged(segment: Segment) -> str:
    for state in (Status.CANCELLED, Status.FLOWN):
        if segment.status is state:
            return f"not_judged_{state.value}"
    return f"not_judged_{segment.mode.value}" if segment.mode in {Mode.RAIL, Mode.BUS} else "not_judged"
