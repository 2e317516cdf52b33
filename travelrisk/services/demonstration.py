"""The story of the demonstration: a carrier's rating is withdrawn, and whoever is booked with it hears of it.

Only ratings that are there for show are touched, and what takes their place says nothing about anybody: the
carrier is then not rated, which is the truth. The change goes the way of every change: one person drafts it,
others sign it, and the watch finds whom it concerns.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, TypeGuard

from sqlalchemy import Connection

from travelrisk.domain.changes import base_id
from travelrisk.domain.errors import NotFoundError
from travelrisk.domain.people import Person, Role
from travelrisk.domain.proposals import Content
from travelrisk.domain.ratings import Evidence, Level, Rating, Record, Subject, SubjectKind
from travelrisk.domain.texts import Texts
from travelrisk.services.application import Application
from travelrisk.services.desk.demand import demands_of
from travelrisk.services.people.sign_in import SignedIn, sign_in_as
from travelrisk.services.proposals import drafting, publishing
from travelrisk.services.proposals.signing import Seen
from travelrisk.services.proposals.standing import standing
from travelrisk.store import people, ratings, rescreenings
from travelrisk.store.database import reading, transact
from travelrisk.store.queue import Demand
from travelrisk.store.rescreenings import Cause, Progress

UNITS: Final = {"demo-nina": "Nairobi", "demo-gina": "Geneva"}
"""Two travel units of different offices, each of which sees the trips of its own alone."""

_AUTHOR, *_SIGNERS = _IDS = ("demo-dana", "demo-erin", "demo-frank")
_FOR_SHOW: Final = "Demonstration only, not an assessment."
_NO_SOURCE: Final = "Demonstration only: no source stands behind this"
_WITHDRAWN: Final = Texts(
    "Demonstration only: the rating for show was withdrawn. It says nothing about the carrier.",
    "Uniquement pour la démonstration : l'évaluation donnée en exemple a été retirée. Elle ne dit rien du"
    " transporteur.",
    "Solo para la demostración: se retiró la evaluación de ejemplo. No dice nada del transportista.",
)


@dataclass(frozen=True, slots=True)
class Flown:
    """A carrier with a rating for show that upcoming journeys fly with; *level* is what it has now."""

    subject: Subject
    level: Level
    demand: Demand


@dataclass(frozen=True, slots=True)
class Chapter:
    """One edition of the story, and how far judging again has come."""

    edition: int
    published_at: datetime
    subject: Subject
    was: Level
    now: Level
    progress: Progress | None


def employ(app: Application) -> None:
    """Let the demonstration have its people; harmless when repeated. None of them has a password."""
    staff = dict.fromkeys(_IDS, "") | UNITS

    def hire(c: Connection) -> None:
        known = {each.id for each in people.everybody(c)}
        for person_id, office in staff.items():
            if person_id not in known:
                name = person_id.removeprefix("demo-").title()
                address = f"{name.lower()}@example.org"
                role = Role.TRAVEL_UNIT if office else Role.FOCAL_POINT
                people.add(c, Person(person_id, name, address, frozenset({role}), office), at=app.clock())

    transact(app.engine, hire)


def seat(app: Application, person_id: str, before: str = "") -> str:
    """Begin a session for a travel unit of the demonstration, and return its token.

    Args:
        app: the parts of the service, which is a demonstration.
        person_id: of one of ``UNITS``: nobody else may be taken for anybody without a password.
        before: token of the session that ends with it; empty = none.

    Raises:
        NotFoundError: it is nobody of these.
    """
    if person_id not in UNITS or not app.facts.demo:
        raise NotFoundError("the demonstration has no such seat")
    with reading(app.engine) as c:
        person = people.by_id(c, person_id)
    signed = sign_in_as(app, person, "demonstration", before)
    if not isinstance(signed, SignedIn):
        raise NotFoundError("the demonstration has no such seat any more")
    return signed.token


def flown(app: Application) -> tuple[Flown, ...]:
    """Return the carriers whose rating for show somebody's journey rests on, most journeys first."""
    with reading(app.engine) as c:
        held = {each.subject: each for each in ratings.in_force(c) if _is_for_show(each)}
        demands = demands_of(app, c, held, app.clock().date())
    found = [
        Flown(subject, held[subject].level, demand)
        for subject, demand in demands.items()
        if demand.itineraries
    ]
    return tuple(sorted(found, key=lambda each: (-each.demand.itineraries, each.subject)))


def downgrade(app: Application, icao: str) -> int:
    """Withdraw the rating for show of a carrier: drafted, signed and published. Return the edition.

    Raises:
        NotFoundError: no rating for show of this carrier is there.
    """
    held = _held(app, icao)
    withdrawn = replace(held[0], level=Level.NOT_RATED, reason=_WITHDRAWN, condition=Texts())
    return _turn(app, held[0], withdrawn)


def restore(app: Application, icao: str) -> int:
    """Put the rating for show back; as it makes something easier, two people sign it.

    Raises:
        NotFoundError: as for ``downgrade``.
    """
    held = _held(app, icao)
    shown = next(each for each in held if each.reason.en == _FOR_SHOW)
    return _turn(app, held[0], shown)


def story(app: Application) -> tuple[Chapter, ...]:
    """Return what was changed here, the newest first."""
    with reading(app.engine) as c:
        edition = ratings.current_edition(c)
        chapters = (_chapter(c, number) for number in range(edition, 1, -1))
        return tuple(filter(None, chapters))


def _chapter(c: Connection, number: int) -> Chapter | None:
    opened, closed = ratings.changed_in(c, number)
    was = next((each for each in closed if _is_for_show(each)), None)
    now = next((each for each in opened if _is_for_show(each)), None)
    if was is None or now is None:
        return None
    progress = rescreenings.of(c, Cause.EDITION, str(number))
    at = ratings.edition_facts(c, number).published_at
    return Chapter(number, at, now.subject, was.level, now.level, progress)


def _held(app: Application, icao: str) -> list[Rating]:
    """Return the ratings for show that a carrier has, and had, the one in force first."""
    with reading(app.engine) as c:
        known = ratings.records(c, Subject(SubjectKind.CARRIER, icao))
    held = [each for each in known if _is_for_show(each)]
    if not held or held[0].closed_in is not None:
        raise NotFoundError(f"{icao} has no rating here that is for show")
    return held


def _turn(app: Application, held: Rating, wanted: Rating) -> int:
    if (held.level, held.condition) == (wanted.level, wanted.condition):
        return held.opened_in  # pressed twice
    today, reason = app.clock().date(), wanted.reason.en
    named = base_id(wanted.id)
    grounds = (Evidence(_NO_SOURCE, "demonstration", retrieved_on=today),)
    wanted = replace(wanted, id=named, set_on=today, evidence=grounds, opened_in=0, closed_in=None)
    draft = drafting.draft(app, _AUTHOR, Content(reason, (wanted,)))
    proposal = drafting.propose(app, _AUTHOR, draft.reference)
    for signer in _SIGNERS:
        now = standing(app, proposal.reference)
        if now.missing:
            publishing.sign(
                app, signer, proposal.reference, Seen(now.proposal.content_sha256, now.weighed.edition)
            )
    published = publishing.publish(app, _AUTHOR, proposal.reference)
    assert published.edition is not None  # noqa: S101 - what is published has one
    return published.edition


def _is_for_show(record: Record) -> TypeGuard[Rating]:
    """Say whether a record says of itself that it is for show, or took the place of one that did."""
    return (
        isinstance(record, Rating)
        and record.subject.kind is SubjectKind.CARRIER
        and record.reason.en in {_FOR_SHOW, _WITHDRAWN.en}
    )
