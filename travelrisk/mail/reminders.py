"""The reminder: one letter that lists all that ends soon, by how soon, and never one for each record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import NamedTuple

from travelrisk.domain.texts import Language, day_in_words
from travelrisk.mail.desk import desk_speaker, frame
from travelrisk.mail.lines import in_language
from travelrisk.mail.render import Context, Letter, rendered
from travelrisk.telling.foreign import foreign
from travelrisk.telling.words import Say

_MOST = 45  # a letter should stay under 40 KB, and mail programs cut it off at 100 KB
_LONGEST_NAME = 120


class Due(NamedTuple):
    """One thing that ends, as the letter tells it.

    Attributes:
        kind: what ends: validity, review, evidence, caution, authorisation, delegation.
        name: of what it is about, with its code, in the language of the letter.
        last: the last day on which it holds.
        title: of the evidence that lapses; empty for all else.
        step: within how many days it is told.
        journeys: how many upcoming ones it touches; None where that is no question.
        url: the page where something can be done about it, without its language; empty = none for the reader.
        has_ended: whether that day is past; such come first.
    """

    kind: str
    name: str
    last: date
    title: str
    step: int
    journeys: int | None
    url: str
    has_ended: bool = False


@dataclass(frozen=True, slots=True)
class ReminderFacts:
    """Everything that the letter tells.

    Attributes:
        base_url: address of the pages, without a slash at the end.
        keeps: whether the reader keeps the ratings, and has a queue.
    """

    due: Sequence[Due]
    base_url: str
    keeps: bool = True
    demo: bool = False


class Entry(NamedTuple):
    """One line of the list; all but the name may be empty, and *journeys* is told below *ends* alone."""

    name: str
    ends: str = ""
    journeys: str = ""
    url: str = ""


class Group(NamedTuple):
    """What ends about equally soon, or belongs together in another way."""

    words: str
    entries: tuple[Entry, ...]


def reminder(facts: ReminderFacts, language: Language) -> Letter:
    """Write the reminder.

    Raises:
        ValueError: nothing is due; then there is no letter.
    """
    if not facts.due:
        raise ValueError("a reminder of nothing is no letter")
    return rendered("reminder", language, "", _context(facts, language))


def _context(facts: ReminderFacts, language: Language) -> Context:
    say = desk_speaker(language)
    due = sorted(facts.due, key=_rank)
    first = min(due, key=lambda each: each.last)
    told = {"name": foreign(first.name, _LONGEST_NAME), "day": day_in_words(first.last, language)}
    more = len(due) - 1
    return {
        **frame(f"{facts.base_url}{'/queue' if facts.keeps else '/account'}", language, demo=facts.demo),
        "label": say("reminder_label_ended" if first.has_ended else "reminder_label"),
        "title": say("reminder_title_more", **told, count=more) if more else say("reminder_title", **told),
        "headline": say("reminder_headline", count=len(due)),
        "lead": say("reminder_lead", **told),
        "groups": [
            Group(words, tuple(_entry(each, say, language) for each in those))
            for words, those in groupby(due[:_MOST], key=lambda each: _soon(each, say))
        ],
        "more": say("more_in_queue", count=len(due) - _MOST) if len(due) > _MOST else "",
        "to_do": say("reminder_do" if facts.keeps else "reminder_do_others"),
        "why": say("reminder_why"),
        "open": say("open_queue" if facts.keeps else "open_account"),
    }


def _rank(due: Due) -> tuple[int, int, date, str, str]:
    """The soonest first; among those the ones that touch the most journeys."""
    return (-1 if due.has_ended else due.step, -(due.journeys or 0), due.last, due.name, due.title)


def _soon(due: Due, say: Say) -> str:
    return say("reminder_ended") if due.has_ended else say("reminder_within", days=due.step)


def _entry(due: Due, say: Say, language: Language) -> Entry:
    touched = "journeys_of_carrier" if due.kind == "authorisation" else "journeys_touched"
    slots = {"day": day_in_words(due.last, language, weekday=True)}
    if due.kind == "evidence":
        slots["title"] = foreign(due.title, _LONGEST_NAME)
    return Entry(
        name=foreign(due.name, _LONGEST_NAME),
        ends=say(f"ends_{due.kind}", **slots),
        journeys="" if due.journeys is None else say(touched, count=due.journeys),
        url=in_language(due.url, language) if due.url else "",
    )
