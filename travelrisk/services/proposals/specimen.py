"""A letter of those that a change would send, in each language, before anybody publishes the change."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from travelrisk.domain.authorisations import Whose
from travelrisk.domain.texts import LANGUAGES, Language
from travelrisk.mail.letters import compose
from travelrisk.mail.render import Letter
from travelrisk.screening.effect import Effect, applied
from travelrisk.screening.engine import screen
from travelrisk.services.application import Application
from travelrisk.services.letters.writing import facts_of
from travelrisk.services.proposals.weighing import weigh
from travelrisk.services.trips.aboard import count
from travelrisk.store import proposals, trips
from travelrisk.store.database import reading


class Specimen(NamedTuple):
    """The letter of one trip in each language; in place of its link it bears the reference of the trip."""

    trip: str
    letters: Mapping[Language, Letter]


def specimen(app: Application, reference: str, found: Effect) -> Specimen | None:
    """Write the letter to the first that *found* lists, and send none; None where it lists nobody.

    Args:
        app: the parts of the service.
        reference: of the proposal.
        found: what it would do, for somebody who may see whose journeys these are.

    Raises:
        BadInputError: the proposal does not fit the newest edition any more.
    """
    if not found.listed:
        return None
    with reading(app.engine) as c:
        change = weigh(app, c, proposals.by_reference(c, reference).content).change
        before, trip = app.shelf.newest(c), trips.by_reference(c, found.listed[0].trip)
        newest = trips.newest_among(c, [trips.history(c, trip.id)[-1].itinerary_id]) if trip else ()
        counted = count(app, c, newest)
    if trip is None or not newest:
        return None
    (journey,), at, policy = newest, app.clock(), app.policy.policy
    whose, aboard = Whose(trip.reference, trip.office), counted.aboard(journey.itinerary_id)
    was, now = (
        screen(journey.itinerary, believed, policy, at, whose, journey.added_at, aboard)
        for believed in (before, applied(before, change))
    )
    facts = facts_of(app, trip, journey.itinerary, now, was=was)
    facts = replace(facts, trip_url=f"{app.facts.base_url}/trips/{trip.reference}")
    return Specimen(trip.reference, {language: compose(facts, language) for language in LANGUAGES})
