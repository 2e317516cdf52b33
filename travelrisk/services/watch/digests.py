"""The daily digest: what waits, what was published and what reached nobody, for those who can do something.

On working days, once, and only where there is something in it. Focal points and running alternates are told
of the queue, the editions and the letters that were given up; travel units of the journeys that nobody has
cleared, and of those sent in late. Whoever is both gets one letter.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.errors import NotFoundError
from travelrisk.domain.people import Delegation, Person, Role, roles_on
from travelrisk.domain.verdicts import Verdict
from travelrisk.mail.journeys import DigestFacts, Edition, Journey, Unreached, digest
from travelrisk.mail.render import Letter
from travelrisk.services.application import Application
from travelrisk.services.desk import queue
from travelrisk.services.letters.posting import Purpose, language_of, post
from travelrisk.services.trail import record
from travelrisk.services.trips.departures import Leaving, first_departure, uncleared
from travelrisk.services.watch.escalation import concerns, journey
from travelrisk.store import audit, digests, open_trips, people, ratings, reminders, unsent
from travelrisk.store.audit import Anchor
from travelrisk.store.database import reading, transact
from travelrisk.store.digests import Kind

JOB: Final = "digests"
READERS: Final = frozenset({Role.FOCAL_POINT, Role.ALTERNATE, Role.TRAVEL_UNIT})
"""The roles whose people may get digests."""

_AHEAD: Final = 14  # days: what departs later than that can wait for another digest
_LATE: Final = "lead_time."
_MOST_LOST: Final = 45
_LONGEST_GAP: Final = timedelta(days=7)
_ONE_DAY: Final = timedelta(days=1)


class _News(NamedTuple):
    """What there is to tell, before anybody in particular is told."""

    people: tuple[Person, ...]
    delegations: tuple[Delegation, ...]
    published: tuple[Edition, ...]
    unreached: tuple[Unreached, ...]
    open: tuple[Leaving, ...]
    late: tuple[Leaving, ...]
    anchor: Anchor


def send_digests(app: Application) -> int | None:
    """Write the digests of the day; return how many, None where it is not time or the day has had its own.

    Days and hours are those of UTC. A worker that was down in the morning writes them later on the same day.
    """
    now, notices = app.clock(), app.policy.policy.notices
    today = now.date()
    if now.hour < notices.digest_hour or not notices.digest_days.is_working(today):
        return None
    with reading(app.engine) as c:
        if reminders.is_taken(c, JOB, today.isoformat()):
            return None
        last = digests.last_before(c, JOB, today.isoformat()) or now - _ONE_DAY
        news = _news(app, c, max(last, now - _LONGEST_GAP))
    written = list(_letters(app, news, today))

    def write(c: Connection) -> int | None:
        # As of the look, and not of this moment: what happens in between is for the next digest.
        if not reminders.take_slot(c, JOB, today.isoformat(), now):
            return None
        return sum(_post(app, c, person, letter, today) for person, letter in written)

    return transact(app.engine, write)


def choose(app: Application, person_id: str, *, wanted: bool, kind: Kind = "digests") -> None:
    """Say whether one wants the digests, or the report of the month; it concerns oneself alone.

    Raises:
        StoreError: the database cannot be written.
    """

    def keep(c: Connection) -> None:
        if wanted:
            digests.accept(c, person_id, kind)
        else:
            digests.refuse(c, person_id, app.clock(), kind)
        record(app, c, f"person.{kind}_chosen", person_id, person_id, {"wanted": wanted})

    transact(app.engine, keep)


def owner(app: Application, token: str) -> str:
    """Return the id of whose digests a token refuses; empty where nobody here has signed it."""
    signer = app.facts.unsubscribing
    return signer.person(token) if signer else ""


def unsubscribe(app: Application, token: str, kind: Kind = "digests") -> None:
    """Refuse the digests, or the reports, of whoever the token is of; harmless when repeated.

    Raises:
        NotFoundError: nobody here has signed the token, or there is no such person.
    """
    person_id = owner(app, token)
    with reading(app.engine) as c:
        known = person_id and people.by_id(c, person_id)
    if not known:
        raise NotFoundError("there is nothing to unsubscribe from here")
    if is_wanted(app, person_id, kind):
        choose(app, person_id, wanted=False, kind=kind)


def is_wanted(app: Application, person_id: str, kind: Kind = "digests") -> bool:
    """Say whether somebody wants them; everybody does who has not said otherwise."""
    with reading(app.engine) as c:
        return person_id not in digests.refusing(c, kind)


def _post(app: Application, c: Connection, person: Person, letter: Letter, today: date) -> bool:
    signer = app.facts.unsubscribing
    token = signer.token(person.id) if signer else ""
    page = f"{app.facts.base_url}/{f'unsubscribe/{token}' if token else 'account'}"
    # Mail programs take one click only over HTTPS; without a key of ours, one has to sign in.
    is_one_click = bool(token) and page.startswith("https://")
    purpose = Purpose(f"{JOB}:{today}:{person.id}", JOB, unsubscribe=page, is_one_click=is_one_click)
    return post(app, c, person, letter, purpose)


def _letters(app: Application, news: _News, today: date) -> Iterator[tuple[Person, Letter]]:
    for person in news.people:
        facts = _facts(app, news, person, today)
        if facts is not None and not facts.is_empty:
            yield person, digest(facts, today, language_of(app, person))


def _facts(app: Application, news: _News, person: Person, today: date) -> DigestFacts | None:
    roles = roles_on(person, today, news.delegations)
    keeps, books = Role.FOCAL_POINT in roles, Role.TRAVEL_UNIT in roles
    if not (keeps or books):
        return None
    return DigestFacts(
        base_url=app.facts.base_url,
        keeps=keeps,
        demo=app.facts.demo,
        waiting=_waiting(app, person) if keeps else None,
        published=news.published if keeps else (),
        anchor=news.anchor if keeps and news.anchor.seq else None,
        unreached=news.unreached if keeps else (),
        open=_mine(app, news.open, person) if books else (),
        late=_mine(app, news.late, person) if books else (),
    )


def _waiting(app: Application, person: Person) -> dict[str, int]:
    return {kind.value: count for kind, count in queue.waiting(app, person.id).counts.items()}


def _mine(app: Application, leaving: tuple[Leaving, ...], person: Person) -> tuple[Journey, ...]:
    return tuple(journey(app, each, person) for each in leaving if concerns(person, each.upcoming.trip))


def _news(app: Application, c: Connection, since: datetime) -> _News:
    today, refusing = app.clock().date(), digests.refusing(c)
    everybody = people.everybody(c)
    names = {each.id: each.name for each in everybody}
    lost = (each for each in unsent.lost(c, _MOST_LOST) if each.settled_at >= since)
    return _News(
        people=tuple(
            each
            for each in everybody
            if each.is_active and not each.is_machine and each.id not in refusing and each.roles & READERS
        ),
        delegations=people.delegated(c, today),
        published=tuple(_published(c, since)),
        unreached=tuple(_unreached(each, names) for each in lost),
        open=tuple(uncleared(app, c, _AHEAD)),
        late=tuple(_late(app, c, since)),
        anchor=audit.head(c),
    )


def _unreached(lost: unsent.Lost, names: Mapping[str, str]) -> Unreached:
    day = lost.settled_at.date()
    if lost.person:
        return Unreached(names.get(lost.person, lost.person), day, "person")
    _, is_mail, number = lost.trip.partition("mail ")
    return Unreached(number, day, "mail") if is_mail else Unreached(lost.trip, day, "trip")


def _published(c: Connection, since: datetime) -> Iterator[Edition]:
    newest = ratings.current_edition(c)
    for each in ratings.editions_between(c, ratings.edition_before(c, since), newest):
        opened, closed = ratings.changed_in(c, each.number)
        yield Edition(each.number, each.published_at, len(opened) + len(closed))


def _late(app: Application, c: Connection, since: datetime) -> Iterator[Leaving]:
    """Give the journeys that arrived since then, and later than the policy asks for."""
    today = app.clock().date()
    longest = max((2 * rule.days + _AHEAD for rule in app.policy.policy.lead_times), default=0)
    arrived = open_trips.upcoming(
        c, since.date() - _ONE_DAY, today + timedelta(longest), verdicts=frozenset(Verdict), since=since
    )
    for each in arrived:
        departs = first_departure(each.itinerary)
        is_late = any(finding.code.startswith(_LATE) for finding in each.advisory.findings)
        if is_late and departs is not None and departs.day is not None:
            yield Leaving(each, departs, departs.day, app.clock())
