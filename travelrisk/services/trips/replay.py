"""An old advisory, made again from what was known then: equal, or something is wrong."""

from dataclasses import dataclass, replace

from travelrisk.domain.advisories import Advisory
from travelrisk.domain.authorisations import Whose
from travelrisk.reference import policy_of
from travelrisk.screening.engine import ENGINE, screen
from travelrisk.services.application import Application
from travelrisk.store import advisories, policies, ratings, trips
from travelrisk.store.database import reading


@dataclass(frozen=True, slots=True)
class Replayed:
    """The advisory as stored and as made again; *same_engine* is False where the rules have changed since."""

    stored: Advisory
    again: Advisory
    same_engine: bool

    @property
    def is_equal(self) -> bool:
        """Say whether both are the same, to the last bit."""
        return self.stored == self.again


def replay(app: Application, advisory_id: int) -> Replayed:
    """Make advisory *advisory_id* again from its itinerary, its edition, its policy and its moment.

    The sources that were too old then stand with the advisory.

    Raises:
        NotFoundError: there is no such advisory.
    """
    with reading(app.engine) as c:
        stored = advisories.load(c, advisory_id)
        trip, _, itinerary, known_since = trips.stored(c, stored.itinerary_id)
        edition = ratings.snapshot(c, stored.advisory.edition)
        policy = policy_of(policies.text(c, stored.policy_sha256))
    snapshot = replace(edition, stale=stored.advisory.stale)
    whose = Whose(trip.reference, trip.office)
    again = screen(itinerary, snapshot, policy, stored.advisory.at, whose, known_since, stored.aboard)
    return Replayed(stored.advisory, again, stored.advisory.engine == ENGINE)
