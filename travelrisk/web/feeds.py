"""What public sources say, how old that is, and what went wrong: for whoever works at the desk."""

from datetime import date, datetime
from typing import Final, NamedTuple

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from travelrisk.domain.errors import NotFoundError
from travelrisk.domain.facts import Asked, Difference, Problem, ProblemKind
from travelrisk.domain.ratings import Level
from travelrisk.services.feeds import standing
from travelrisk.services.feeds.standing import State
from travelrisk.services.naming import name_of
from travelrisk.store.feeds import Known
from travelrisk.telling.foreign import linkable, visible
from travelrisk.web.focal.pages import open_to_desk, page
from travelrisk.web.languages import day, language, verdict_label
from travelrisk.web.parts import application
from travelrisk.web.ratings.records import level_label

blueprint = Blueprint("feeds", __name__)

_MOST: Final = 20  # changes and problems on the page of all sources


class Line(NamedTuple):
    """A fact as the page shows it; *words* are the source's, with the limits that stand elsewhere in it."""

    title: str
    url: str
    about: tuple[str, ...]
    level: str
    words: tuple[str, ...]
    until: date | None
    is_past: bool
    asks: str
    since: datetime


class Source(NamedTuple):
    """A source as the page of all shows it, with what its last good round told."""

    state: State
    news: tuple[Difference, ...] = ()
    problems: tuple[Problem, ...] = ()


@blueprint.get("/feeds")
@open_to_desk
def everything() -> ResponseReturnValue:
    """List the sources in use, with what was new and what was not understood."""
    sources = [_source(each) for each in standing.states(application())]
    return page("feeds/list.html", sources=sources, most=_MOST)


@blueprint.get("/feeds/<name>")
@open_to_desk
def one(name: str) -> ResponseReturnValue:
    """Show every fact of a source, first those that would ask for something here."""
    try:
        state = standing.state(application(), name)
    except NotFoundError:
        abort(404)
    known = sorted(state.facts, key=lambda each: each.fact.asks is None)
    lines = [_line(each, is_past=each.fact.key in state.expired) for each in known]
    return page("feeds/one.html", state=state, lines=lines, tongue=state.card.languages[0])


def _source(state: State) -> Source:
    if state.good is None:
        return Source(state)
    news = (each._replace(title=visible(each.title)) for each in state.good.differences)
    problems = tuple(map(_told, state.good.problems))
    return Source(state, tuple(news), problems)


def _told(problem: Problem) -> Problem:
    """Return a problem as it may be shown; a day in the words of the reader."""
    words = visible(problem.words)
    if problem.kind is ProblemKind.EXPIRED:
        words = day(date.fromisoformat(problem.words))
    return problem._replace(where=visible(problem.where), words=words)


def _line(known: Known, *, is_past: bool) -> Line:
    fact = known.fact
    words = (*(each for each in fact.undrawn if each not in fact.words), fact.words)
    return Line(
        title=visible(fact.title),
        url=linkable(fact.url),
        about=tuple(name_of(application(), each, language()) for each in fact.subjects),
        level=visible(fact.level),
        words=tuple(visible(each) for each in words if each),
        until=fact.valid_until,
        is_past=is_past,
        asks=_asked(fact.asks),
        since=known.since,
    )


def _asked(asks: Asked | None) -> str:
    if asks is None:
        return ""
    return level_label(asks, language()) if isinstance(asks, Level) else verdict_label(asks)
