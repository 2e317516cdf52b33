"""What public sources say and how they stand, in the words of the terminal."""

from datetime import date

from travelrisk.domain.facts import Difference, Fact, News, Problem
from travelrisk.domain.ratings import Level
from travelrisk.domain.texts import day_in_words
from travelrisk.services.feeds.standing import State
from travelrisk.store.feeds import Round

_HOUR_S, _DAY_H = 3600, 24


def age_words(state: State) -> str:
    """Say how old the last good copy is, and what went wrong since."""
    if state.age is None:
        age = "never read"
    else:
        hours = int(state.age.total_seconds()) // _HOUR_S
        age = f"read {hours} h ago" if hours < 2 * _DAY_H else f"read {hours // _DAY_H} days ago"
    if state.failing_since is None or state.last is None:
        return age
    return f"{age}, failing since {state.failing_since:%Y-%m-%d %H:%M} UTC ({outcome_words(state.last)})"


def outcome_words(done: Round | None) -> str:
    """Say how a round went, in a word or two."""
    if done is None:
        return "never fetched"
    return "good" if done.is_good else done.fault.replace("_", " ")


def news_words(publisher: str, each: Difference) -> str:
    """Say what happened to a fact."""
    until = f" until {_day(each.until)}" if each.until else ""
    match each.news:
        case News.NEW:
            return f"new: {each.title}: {each.level}{until}"
        case News.EXTENDED:
            to = f"to {_day(each.until)}" if each.until else "without an end"
            return f"{publisher} extended {each.title} {to}"
        case News.CHANGED:
            was = f", was {each.was_level}" if each.was_level != each.level else ""
            return f"changed: {each.title}: {each.level}{until}{was}"
        case News.GONE:
            return f"no longer listed: {each.title} (was {each.was_level})"
        case News.EXPIRED:
            return f"past its date, needs a review: {each.title}{until}"


def problem_words(problem: Problem) -> str:
    """Say what was not understood."""
    words = f": {problem.words}" if problem.words else ""
    return f"{problem.kind.value.replace('_', ' ')}: {problem.where}{words}"


def asked_words(fact: Fact) -> str:
    """Say what a fact would ask for here."""
    if fact.asks is None:
        return "-"
    asked = fact.asks.value if isinstance(fact.asks, Level) else fact.asks.word
    return asked.replace("_", " ")


def _day(day: date | None) -> str:
    return day_in_words(day, "en") if day else "-"
