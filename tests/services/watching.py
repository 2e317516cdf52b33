"""A service that watches: journeys that arrived and were judged, and what was recorded of them since."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import func, select

from tests.factories import at, flight
from tests.services.test_effect import publish
from tests.travel import BASE
from tests.unit.screening.world import rating
from travelrisk.domain.advisories import difference
from travelrisk.domain.authorisations import Whose
from travelrisk.domain.drafts import Draft
from travelrisk.domain.itineraries import Itinerary
from travelrisk.domain.settling import settle
from travelrisk.domain.verdicts import Verdict
from travelrisk.mail.transport import Memory
from travelrisk.screening.engine import screen
from travelrisk.services.application import Application
from travelrisk.services.letters.dispatch import dispatch
from travelrisk.services.trips.judging import judge
from travelrisk.services.watch.rescreening import Rescreened, rescreen
from travelrisk.store import advisories, outbox, ratings, segments, trips
from travelrisk.store.database import reading, writing
from travelrisk.store.tables import advisories as advisory_table
from travelrisk.store.tables import outbox as outbox_table
from travelrisk.store.trips import Stored

ETHIOPIAN = tuple(each for each in BASE if each.id == "carrier:eth-recommended")
FALLS = (rating("carrier:ETH", "not_recommended", id="carrier:eth:2"),)
RISES = (rating("carrier:ETH", "recommended", id="carrier:eth:3"),)


def arrive(app: Application, itinerary: Itinerary, contact: str = "alice@example.org") -> Stored:
    """Store a journey of its own and judge it."""
    (stored,) = arrive_together(app, [(itinerary, contact)])
    return stored


def arrive_together(app: Application, journeys: Iterable[tuple[Itinerary, str]]) -> list[Stored]:
    """Store journeys, each of its own and with its contact, and judge them."""
    at = app.clock()
    stored = []
    with writing(app.engine) as c:
        for itinerary, contact in journeys:
            trip = trips.new_trip(c, contact=contact, language="fr", at=at)
            number = trips.add_itinerary(c, trip.id, itinerary, original=None, position=0, at=at)
            stored.append(Stored(trip, number, itinerary, at))
    judge(app, stored, "test")
    return stored


def to_addis(app: Application, day: str = "12-12", by: str = "ET 707") -> Itinerary:
    """Frankfurt to Addis Ababa, with Ethiopian Airlines or with Kenya Airways."""
    operator = {"ET": "Ethiopian", "KQ": "Kenya Airways"}[by[:2]]
    flown = flight(by, "FRA ADD", f"{day} 10:20", operator=operator, arrives=at(f"{day} 19:50"))
    return settle(Draft((flown,)), app.atlas, app.book, date(2026, 11, 23))


def work(app: Application) -> list[Rescreened]:
    """Work off everything that waits."""
    done = []
    while (each := rescreen(app, "one")) is not None:
        done.append(each)
    return done


def verdicts(app: Application, stored: Stored) -> list[Verdict]:
    """Return all that was found of a journey, the oldest first."""
    with reading(app.engine) as c:
        return [each.advisory.verdict for each in advisories.of_trip(c, stored.trip.id)]


def letters(app: Application, stored: Stored) -> list[tuple[str, str]]:
    """Return the letters of a journey with their state, the oldest first."""
    with reading(app.engine) as c:
        return [(each.letter, each.state) for each in outbox.of_trip(c, stored.trip.id)]


def rows(app: Application) -> tuple[int, int]:
    """Return how many advisories and letters there are."""
    with reading(app.engine) as c:
        made, queued = (select(func.count()).select_from(each) for each in (advisory_table, outbox_table))
        return (c.scalar(made) or 0, c.scalar(queued) or 0)


def cleared(app: Application) -> Stored:
    """Give a journey that was cleared and whose letter is out."""
    publish(app)
    stored = arrive(app, to_addis(app))
    work(app)
    dispatch(app, Memory(), "one")
    assert verdicts(app, stored) == [Verdict.CLEARED]
    return stored


def on_everybody(app: Application, known: Iterable[Stored] = ()) -> dict[int, str]:
    """Judge every journey that is not over, and give those of which the newest ratings say something else.

    *known* are all that there are, where they are at hand already; else they are loaded.
    """
    since = app.clock().date() - timedelta(days=1)
    with reading(app.engine) as c:
        snapshot = replace(ratings.snapshot(c), stale=app.shelf.stale(c))
        ids = segments.upcoming(c, since)
        stored = [each for each in known if each.itinerary_id in ids] or trips.newest_among(c, ids)
        assert [each.itinerary_id for each in stored] == ids
        seen = advisories.newest_on(c, [each.itinerary_id for each in stored])
    differ = {}
    for each in stored:
        whose = Whose(each.trip.reference, each.trip.office)
        now = screen(each.itinerary, snapshot, app.policy.policy, app.clock(), whose, each.added_at)
        is_ahead_still = any(verdict is not None for verdict in now.segment_verdicts)
        if is_ahead_still and difference(seen[each.itinerary_id].advisory, now) is not None:
            differ[each.itinerary_id] = now.verdict.word
    return differ
