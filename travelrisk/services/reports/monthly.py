"""The report of the month, on the first working day: to focal points on all, to travel units on their office.

A worker that was down writes it on the next working day. It can be refused apart from the digest, which tells
of warnings. Who sees what is decided as on the page; offices and approvers are told on the page alone.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Final

from sqlalchemy import Connection

from travelrisk.domain.errors import NotFoundError
from travelrisk.domain.people import Delegation, Person, Role, roles_on
from travelrisk.domain.texts import Language
from travelrisk.mail.monthly import MonthFacts, Part, month
from travelrisk.mail.render import Letter
from travelrisk.services.application import Application
from travelrisk.services.letters.posting import Purpose, language_of, post
from travelrisk.services.reports.figures import Figure, Phrase
from travelrisk.services.reports.periods import Named, Period, named
from travelrisk.services.reports.reporting import Report, Sight, report, sight_of
from travelrisk.services.reports.wording import headings, report_words, told
from travelrisk.store import digests, people, reminders
from travelrisk.store.database import reading, transact

JOB: Final = "reports"

_READERS: Final = frozenset({Role.FOCAL_POINT, Role.TRAVEL_UNIT})
_ON_THE_PAGE: Final = frozenset({"offices", "approvers"})
_TOTALS: Final = frozenset({"screened", "answers"})  # of these the parts of the month stand on the page
_MOST_ROWS: Final = 10


def send_reports(app: Application) -> int | None:
    """Write the reports of last month; return how many, None where it is not time or they were written.

    Days and hours are those of UTC.
    """
    now, notices = app.clock(), app.policy.policy.notices
    today, slot = now.date(), f"{now:%Y-%m}"
    if now.hour < notices.digest_hour or not notices.digest_days.is_working(today):
        return None
    with reading(app.engine) as c:
        if reminders.is_taken(c, JOB, slot):
            return None
        everybody, refusing = people.everybody(c), digests.refusing(c, "reports")
        delegations = people.delegated(c, today)
    readers = [each for each in everybody if each.id not in refusing and not each.is_machine]
    written = list(_letters(app, readers, delegations, named(Named.LAST_MONTH, today)))

    def write(c: Connection) -> int | None:
        if not reminders.take_slot(c, JOB, slot, now):
            return None
        return sum(_post(app, c, person, letter, slot) for person, letter in written)

    return transact(app.engine, write)


def parts_of(made: Report, language: Language) -> tuple[Part, ...]:
    """Return the figures of a report as its letter tells them: the sums of the month, and the first rows."""
    return tuple(_part(each, language) for each in made.figures if each.key not in _ON_THE_PAGE)


def _letters(
    app: Application, readers: list[Person], delegations: tuple[Delegation, ...], period: Period
) -> Iterator[tuple[Person, Letter]]:
    today, made = app.clock().date(), dict[Sight, Report]()
    for person in readers:
        sight = _sight(person, today, delegations)
        if sight is None:
            continue
        if sight not in made:
            made[sight] = report(app, sight, period)
        language = language_of(app, person)
        if not _is_empty(made[sight]):
            yield person, month(_facts(app, made[sight], language), language)


def _sight(person: Person, today: date, delegations: tuple[Delegation, ...]) -> Sight | None:
    """Return what somebody is told; None for who is told nothing."""
    if not roles_on(person, today, delegations) & _READERS:
        return None
    try:
        return sight_of(person, today, delegations)
    except NotFoundError:
        return None  # a travel unit without an office; its page says so


def _is_empty(made: Report) -> bool:
    """Say whether nothing arrived and nothing was written."""
    counts = [row[1] for key in ("screened", "letters") for row in made.figure(key).rows]
    return not any(counts)


def _facts(app: Application, made: Report, language: Language) -> MonthFacts:
    return MonthFacts(
        app.facts.base_url,
        made.period.first,
        made.period.last,
        parts_of(made, language),
        is_own=made.sight.is_own,
        demo=app.facts.demo,
    )


def _part(figure: Figure, language: Language) -> Part:
    say = report_words(language)
    shown = _summed(figure)
    rows = [
        [told(cell, language, column) for cell, column in zip(row, shown.columns, strict=True)]
        for row in shown.rows[:_MOST_ROWS]
    ]
    note = "" if rows else say(figure.note or "nothing")
    return Part(say(f"{shown.key}_title"), headings(shown, language), rows, note)


def _summed(figure: Figure) -> Figure:
    """Return the sum of the parts of the month, or of the offices."""
    if figure.key in _TOTALS:
        return replace(figure, rows=figure.rows[-1:], columns=("month", *figure.columns[1:]))
    if figure.key == "exceptions":
        count = sum(row[1] for row in figure.rows if isinstance(row[1], int))
        return Figure("granted", ("month", "exceptions"), ((Phrase("whole_period"), count),))
    return figure


def _post(app: Application, c: Connection, person: Person, letter: Letter, slot: str) -> bool:
    signer = app.facts.unsubscribing
    token = signer.token(person.id) if signer else ""
    page = f"{app.facts.base_url}/{f'unsubscribe/{token}/reports' if token else 'account'}"
    # As for digests: mail programs take one click only over HTTPS.
    is_one_click = bool(token) and page.startswith("https://")
    purpose = Purpose(f"{JOB}:{slot}:{person.id}", JOB, unsubscribe=page, is_one_click=is_one_click)
    return post(app, c, person, letter, purpose)
