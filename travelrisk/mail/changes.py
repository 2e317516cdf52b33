"""Letters about one change of the ratings: to those who may sign it, and to whoever asked for it.

They name what changes, and whom that concerns in figures. No words that somebody typed stand in them, for
those may name a traveller: the reason stands on the page of the change, which asks who is looking.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, NamedTuple

from travelrisk.domain.airspaces import Airspace
from travelrisk.domain.authorisations import Authorisation
from travelrisk.domain.ratings import Caution, Rating, Record
from travelrisk.domain.signoffs import Requirement, Weight
from travelrisk.domain.texts import Language, Texts, day_in_words
from travelrisk.mail.desk import desk_speaker, frame
from travelrisk.mail.render import Context, Letter, rendered
from travelrisk.screening import explain
from travelrisk.screening.effect import Effect
from travelrisk.screening.scopes import scope_words
from travelrisk.telling.foreign import foreign
from travelrisk.telling.words import Say

_MOST_SHIFTS = 12
_LONGEST_NAME = 120

Asked = Literal["signature_asked", "countersignature_asked", "countersignature_overdue"]
Told = Literal["change_returned", "change_signed", "change_published", "exception_decided", "exception_ended"]
Name = Asked | Told


class Shift(NamedTuple):
    """A record as it was and as it will be, None = there is none, and the name of its subject."""

    name: Texts
    was: Record | None
    now: Record | None


@dataclass(frozen=True, slots=True)
class ChangeFacts:
    """Everything that letters about a change tell.

    Attributes:
        url: the page of the change, absolute, without its language.
        author: name of whoever wrote it. actor: of whoever did what the letter tells of.
        is_published: whether it is in force.
        demand: a new demand for signatures, with the one that holds or held; None = it changes records.
        missing: how many signatures are outstanding.
        effect: on journeys; None where that is not known, or is history.
        due: until when it must be, or was to be, countersigned.
    """

    reference: str
    url: str
    author: str
    actor: str
    weight: Weight
    shifts: tuple[Shift, ...] = ()
    demand: tuple[Requirement | None, Requirement] | None = None
    is_published: bool = False
    edition: int | None = None
    missing: int = 0
    effect: Effect | None = None
    due: datetime | None = None
    demo: bool = False


class Line(NamedTuple):
    """What one record, or one figure, was and is; *was* is empty where that is history."""

    name: str
    was: str
    now: str


def about_change(name: Name, facts: ChangeFacts, language: Language) -> Letter:
    """Write the letter called *name*; the same facts stand in each of them."""
    return rendered(name, language, "", _context(name, facts, language), folder="change")


def _context(name: Name, facts: ChangeFacts, language: Language) -> Context:
    say = desk_speaker(language)
    shifts = _lines(facts, say, language)
    outcome = ""
    if name == "exception_decided":
        outcome = "_granted" if facts.is_published else "_returned"
    asks = name.startswith("countersignature")
    who = "author" if asks or name == "signature_asked" else "actor"
    names = {who: foreign(getattr(facts, who), _LONGEST_NAME)}
    return {
        **frame(facts.url, language, demo=facts.demo),
        "label": say(f"{name}_label{outcome}"),
        "title": f"{_title(facts, say, language)}, {facts.reference}",
        "headline": say(f"{name}_headline{outcome}", **names),
        "to_do": say(f"{name}_do{outcome}"),
        "why": say(f"{name}_why"),
        "open": say("open_exception" if _is_of_exception(name, facts) else "open_change"),
        "reference": _reference(facts, say),
        "weighs": say(f"weight_{facts.weight.value}"),
        "missing": say("signatures_missing", count=facts.missing) if name == "signature_asked" else "",
        "due": _due(name, facts, say, language) if asks else "",
        "shifts": shifts[:_MOST_SHIFTS],
        "shifts_more": max(0, len(shifts) - _MOST_SHIFTS),
        "effect": _effect(facts.effect, say, language)
        if name in {"signature_asked", "countersignature_asked"} and not facts.demand
        else "",
    }


def _is_of_exception(name: Name, facts: ChangeFacts) -> bool:
    """Say whether the page of the letter is that of an exception; who ended one is told of on it too."""
    return facts.weight is Weight.EXCEPTION or name.startswith("exception_")


def _title(facts: ChangeFacts, say: Say, language: Language) -> str:
    if facts.demand:
        return say("demand")
    names = tuple(
        dict.fromkeys(foreign(each.name.in_language(language), _LONGEST_NAME) for each in facts.shifts)
    )
    if not names:
        return say("change", reference=facts.reference)
    return say("subject_more", name=names[0], count=len(names) - 1) if len(names) > 1 else names[0]


def _reference(facts: ChangeFacts, say: Say) -> str:
    if facts.edition is None:
        return say("change", reference=facts.reference)
    return say("in_edition", reference=facts.reference, edition=facts.edition)


def _due(name: Name, facts: ChangeFacts, say: Say, language: Language) -> str:
    if facts.due is None:
        return ""
    utc = facts.due.astimezone(UTC)
    moment = say("moment", day=day_in_words(utc.date(), language), clock=f"{utc:%H:%M}")
    key = "countersign_was_due" if name == "countersignature_overdue" else "countersign_by"
    return say(key, moment=moment)


def _lines(facts: ChangeFacts, say: Say, language: Language) -> list[Line]:
    becomes = "is_now" if facts.is_published else "will_be"
    if facts.demand:
        return _demand_lines(*facts.demand, becomes, say)
    return [_line(each, becomes, say, language) for each in facts.shifts]


def _line(shift: Shift, becomes: str, say: Say, language: Language) -> Line:
    was, now = (_says(record, say, language) for record in (shift.was, shift.now))
    if _is_redrawn(shift):
        now = say("outline_changed", what=now)
    elif was == now:  # what differs is a text, an exception or evidence: the page tells them apart
        now = say("details_differ", what=now)
    name = foreign(shift.name.in_language(language), _LONGEST_NAME)
    return Line(name, say("was", what=was), say(becomes, what=now))


def _is_redrawn(shift: Shift) -> bool:
    was, now = shift.was, shift.now
    return isinstance(was, Airspace) and isinstance(now, Airspace) and was.outline != now.outline


def _says(record: Record | None, say: Say, language: Language) -> str:
    """Return what a record says in a few words, and until when."""
    if record is None:
        return say("nothing_on_record")
    if isinstance(record, Rating):
        what = explain.level_words(record.level).in_language(language)
    elif isinstance(record, Caution):
        what = say("says_caution", effect=explain.verdict_words(record.effect).in_language(language))
    elif isinstance(record, Airspace):
        key = "says_outline_approximate" if record.approximate else "says_outline"
        what = say(key, source=foreign(record.source, _LONGEST_NAME))
    else:
        what = say("says_exception" if isinstance(record, Authorisation) else "says_service")
    if isinstance(record, Rating | Caution) and record.scope is not None:
        what = say("says_scope", what=what, flights=scope_words(record.scope).in_language(language))
    if record.valid_until is None:
        return what
    return say("says_until", what=what, day=day_in_words(record.valid_until, language))


def _demand_lines(was: Requirement | None, now: Requirement, becomes: str, say: Say) -> list[Line]:
    fields = (
        ("demand_tightening", "tightening"),
        ("demand_loosening", "loosening"),
        ("demand_exception", "exception"),
        ("demand_hours", "countersign_hours"),
    )
    return [
        Line(
            say(key),
            say("was", what=getattr(was, field)) if was else "",
            say(becomes, what=getattr(now, field)),
        )
        for key, field in fields
    ]


def _effect(effect: Effect | None, say: Say, language: Language) -> str:
    """Return the effect in one line, in figures alone."""
    if effect is None:
        return say("effect_on_page")
    if not effect.itineraries:
        return say("effect_none", count=effect.screened)
    parts = (
        say(
            "effect_part",
            count=count,
            was=explain.verdict_words(was).in_language(language),
            now=explain.verdict_words(now).in_language(language),
        )
        for (was, now), count in effect.counts.items()
    )
    return say("effect", count=effect.itineraries, parts=", ".join(parts))
