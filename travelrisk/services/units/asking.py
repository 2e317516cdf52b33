"""A travel unit asks those who decide about a trip: each focal point gets a letter, the question stays here.

Where no focal point has an account that can be written to, the address of the policy is.
"""

from collections.abc import Iterator

from sqlalchemy import Connection

from travelrisk.domain.errors import BadInputError
from travelrisk.domain.people import Act, Viewer
from travelrisk.domain.texts import Language
from travelrisk.mail.question import QuestionFacts, question
from travelrisk.mail.render import Letter
from travelrisk.services.application import Application
from travelrisk.services.letters.posting import Purpose, language_of, post
from travelrisk.services.letters.writing import address_problem, envelope_to
from travelrisk.services.units.working import asked, of_office, words
from travelrisk.store import advisories, flights, people, trips
from travelrisk.store.advisories import StoredAdvisory
from travelrisk.store.database import transact
from travelrisk.store.trips import Trip


def ask(app: Application, viewer: Viewer, reference: str, text: str) -> int:
    """Ask about a trip, and return how many letters were written.

    Raises:
        NotFoundError: the office has no such trip.
        BadInputError: there are no words, or nobody can be asked.
    """

    def write(c: Connection) -> int:
        trip = of_office(c, viewer, reference)
        number = asked(app, c, viewer, trip, words(text))
        newest = advisories.newest(c, trip.id)
        written = sum(_to_accounts(app, c, trip, newest, number)) or _to_policy(app, c, trip, newest, number)
        if not written:
            raise BadInputError("no focal point can be written to: call them")
        return written

    return transact(app.engine, write)


def _to_accounts(
    app: Application, c: Connection, trip: Trip, newest: StoredAdvisory | None, number: int
) -> Iterator[bool]:
    able = people.able(c, Act.PROPOSE, app.clock().date())
    for person in people.everybody(c):
        if person.id in able and not person.is_machine:
            letter = _letter(app, c, trip, newest, language_of(app, person))
            yield post(app, c, person, letter, Purpose(f"question:{number}:{person.id}", f"trip:{trip.id}"))


def _to_policy(
    app: Application, c: Connection, trip: Trip, newest: StoredAdvisory | None, number: int
) -> bool:
    email = app.policy.policy.focal_point.email
    if newest is None or address_problem(email):
        return False
    envelope = envelope_to(app, email, _letter(app, c, trip, newest, app.facts.language))
    key, at = f"question:{number}", app.clock()
    return flights.queue(c, key=key, advisory_id=newest.id, at=at, **envelope._asdict())


def _letter(
    app: Application, c: Connection, trip: Trip, newest: StoredAdvisory | None, language: Language
) -> Letter:
    itinerary = trips.itinerary(c, trips.history(c, trip.id)[-1].itinerary_id)
    verdict = newest.advisory.verdict if newest else None
    facts = QuestionFacts(trip.reference, verdict, itinerary, app.facts.base_url, app.facts.demo)
    return question(facts, language)
