"""What a change of the ratings would do to journeys: who is judged differently, from what to what.

The same ``screen()`` judges before and after. Nothing here knows where journeys are kept.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from heapq import nsmallest
from itertools import chain
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from travelrisk.domain.advisories import Advisory, difference
from travelrisk.domain.airspaces import Airspace
from travelrisk.domain.authorisations import Whose
from travelrisk.domain.changes import Change
from travelrisk.domain.concentration import Aboard
from travelrisk.domain.itineraries import Itinerary, Traveller
from travelrisk.domain.policy import Policy
from travelrisk.domain.ratings import (
    Record,
    Snapshot,
    Subject,
    SubjectKind,
    judged_part,
    snapshot_of,
    subject_of,
)
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening.case import legs_of
from travelrisk.screening.engine import screen

LISTED = 100  # journeys named in an effect; counted are all of them
GRACE = timedelta(days=1)  # the local day at an airport may still be yesterday's in UTC

_OF_THE_SKY = (SubjectKind.AIRSPACE, SubjectKind.COUNTRY)
_Key = TypeVar("_Key")
_Row = TypeVar("_Row")


class Journey(NamedTuple):
    """An itinerary and whose it is: reference of the trip, the office that travels, where letters go.

    *known_since* is when it reached us; None = just now. *aboard* is how many were counted on its flights.
    """

    itinerary: Itinerary
    trip: str = ""
    office: str = ""
    contact: str = ""
    known_since: datetime | None = None
    aboard: tuple[Aboard, ...] | None = None


class Affected(NamedTuple):
    """A journey whose verdict changes.

    Attributes:
        departs: its next departure; None where no date is known, or none is ahead.
        names: of the travellers, as far as they are known.
    """

    trip: str
    office: str
    was: Verdict
    now: Verdict
    departs: date | None
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change would do.

    Attributes:
        screened: how many itineraries were judged twice to find it.
        counts: how many change from which verdict to which, the gravest first.
        trips, people, offices: how many of each change; people as far as they can be told apart.
        rephrased: itineraries that keep their verdict, with other reasons or conditions.
        readers: how many addresses would get a letter, because something is to be done differently.
        departs: the earliest next departure of those that change. days: until then, from the day of judging.
        listed: those that change, the next to depart first; no more than were asked for.
        digest: the same as long as the same people are told the same; empty where nothing changes.
    """

    screened: int = 0
    counts: Mapping[tuple[Verdict, Verdict], int] = field(default_factory=dict)
    trips: int = 0
    people: int = 0
    offices: int = 0
    rephrased: int = 0
    readers: int = 0
    departs: date | None = None
    days: int | None = None
    listed: tuple[Affected, ...] = ()
    digest: str = ""

    @property
    def itineraries(self) -> int:
        """How many itineraries change their verdict."""
        return sum(self.counts.values())


def effect(  # noqa: PLR0913 - both sides and what judges them
    journeys: Iterable[Journey],
    before: Snapshot,
    after: Snapshot,
    policy: Policy,
    at: datetime,
    *,
    limit: int = LISTED,
) -> Effect:
    """Judge each journey by both snapshots, and say what changes; journeys are taken one at a time.

    Args:
        journeys: whom the change may concern.
        before: what is believed now.
        after: what would be believed.
        policy: what judges both.
        at: the aware moment of judging.
        limit: how many of those that change are listed.
    """
    tally = _Tally(at.date())
    for_each = (
        tally.take(
            each,
            *(
                screen(
                    each.itinerary,
                    believed,
                    policy,
                    at,
                    Whose(each.trip, each.office),
                    each.known_since,
                    each.aboard,
                )
                for believed in (before, after)
            ),
        )
        for each in journeys
    )
    # At least one: with none wanted, nsmallest would not take a single journey, and nothing would be counted.
    listed = nsmallest(max(limit, 1), filter(None, for_each), key=_urgency)
    return tally.effect(listed[:limit])


def touched_subjects(change: Change) -> frozenset[Subject]:
    """Return the subjects whose records a change opens or closes."""
    return frozenset(map(subject_of, (*change.opened, *change.closed)))


def applied(snapshot: Snapshot, change: Change) -> Snapshot:
    """Return what would be believed once *change* is published; only what it touches is built anew."""
    edition, touched = snapshot.edition + 1, touched_subjects(change)
    carriers = {key for kind, key in touched if kind is SubjectKind.CARRIER}
    draws = any(isinstance(record, Airspace) for record in (*change.opened, *change.closed))
    closed = {record.id for record in change.closed}
    held: Iterable[Record] = chain(
        *_under(snapshot.ratings, touched),
        *_under(snapshot.cautions, touched),
        *_under(snapshot.services, touched),
        *_under(snapshot.authorisations, carriers),
        snapshot.sky.airspaces if draws else (),
    )
    staying = (record for record in held if record.id not in closed)
    opened = (replace(record, opened_in=edition, closed_in=None) for record in change.opened)
    anew = snapshot_of(edition, (*staying, *opened))
    ratings = _instead(snapshot.ratings, touched, anew.ratings)
    cautions = _instead(snapshot.cautions, touched, anew.cautions)
    sky = anew.sky if draws else snapshot.sky
    # Without new outlines or subjects on record, what was worked out of the old sky still holds.
    is_judged_anew = draws or any(kind in _OF_THE_SKY for kind, _ in touched)
    return Snapshot(
        edition,
        ratings,
        cautions,
        _instead(snapshot.services, touched, anew.services),
        _instead(snapshot.authorisations, carriers, anew.authorisations),
        sky,
        judged_part(sky, ratings, cautions) if is_judged_anew else snapshot.judged_sky,
        snapshot.stale,
    )


@dataclass(slots=True)
class _Tally:
    today: date
    screened: int = 0
    rephrased: int = 0
    counts: Counter[tuple[Verdict, Verdict]] = field(default_factory=Counter)
    trips: set[str] = field(default_factory=set)
    people: set[tuple[str, ...]] = field(default_factory=set)
    offices: set[str] = field(default_factory=set)
    readers: set[str] = field(default_factory=set)
    departs: date | None = None
    told: list[str] = field(default_factory=list)

    def take(self, journey: Journey, was: Advisory, now: Advisory) -> Affected | None:
        """Count a journey, and return it if its verdict changes."""
        self.screened += 1
        is_judged_alike = was.verdict is now.verdict
        found = difference(was, now)
        if is_judged_alike and found is None:
            return None
        if journey.contact and found is not None and found.is_for_the_traveller:
            self.readers.add(journey.contact.casefold())
        self.told.append(repr((journey.trip, was.verdict, now.verdict, sorted(_people(journey)))))
        if is_judged_alike:
            self.rephrased += 1
            return None
        self.counts[was.verdict, now.verdict] += 1
        self.trips.add(journey.trip)
        self.people.update(_people(journey))
        self.offices.update(filter(None, (journey.office,)))
        departs = _next_departure(journey.itinerary, self.today - GRACE)
        self.departs = min(filter(None, (self.departs, departs)), default=None)
        names = tuple(filter(None, map(_name, journey.itinerary.travellers)))
        return Affected(journey.trip, journey.office, was.verdict, now.verdict, departs, names)

    def effect(self, listed: Iterable[Affected]) -> Effect:
        gravest = sorted(self.counts.items(), key=lambda each: (-each[0][1], each[0][0]))
        return Effect(
            screened=self.screened,
            counts=dict(gravest),
            trips=len(self.trips),
            people=len(self.people),
            offices=len(self.offices),
            rephrased=self.rephrased,
            readers=len(self.readers),
            departs=self.departs,
            days=max(0, (self.departs - self.today).days) if self.departs else None,
            listed=tuple(listed),
            digest=sha256("\n".join(sorted(self.told)).encode()).hexdigest() if self.told else "",
        )


def _people(journey: Journey) -> set[tuple[str, ...]]:
    """Return a key for each person: by address, or else by name and contact, or else by contact or trip."""
    keys = {_person(each, journey.contact) for each in journey.itinerary.travellers}
    return keys or {(journey.contact.casefold() or journey.trip,)}


def _person(traveller: Traveller, contact: str) -> tuple[str, ...]:
    if traveller.email:
        return (traveller.email.casefold(),)
    return (_name(traveller).casefold(), contact.casefold())


def _name(traveller: Traveller) -> str:
    return f"{traveller.given} {traveller.surname}".strip() or traveller.raw_name


def _next_departure(itinerary: Itinerary, since: date) -> date | None:
    days = (leg.segment.departs.day for leg in legs_of(itinerary, since))
    return min((day for day in days if day is not None and day >= since), default=None)


def _urgency(affected: Affected) -> tuple[date, int, str]:
    return (affected.departs or date.max, -affected.now, affected.trip)


def _under(filed: Mapping[_Key, _Row], keys: Iterable[_Key]) -> Iterable[_Row]:
    return (filed[key] for key in keys if key in filed)


def _instead(
    filed: Mapping[_Key, _Row], keys: Collection[_Key], anew: Mapping[_Key, _Row]
) -> Mapping[_Key, _Row]:
    return MappingProxyType({key: rows for key, rows in filed.items() if key not in keys} | dict(anew))
