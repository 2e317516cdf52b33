"""Records and their differences in the reader's words."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from travelrisk.domain.airspaces import AirspaceKind
from travelrisk.domain.changes import base_id
from travelrisk.domain.differences import Difference, Pair
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.factors import FACTORS
from travelrisk.domain.ratings import Caution, Evidence, Level, Rating, Record, subject_of
from travelrisk.domain.verdicts import Verdict
from travelrisk.services.naming import name_of
from travelrisk.telling.foreign import linkable, visible
from travelrisk.web.focal.subjects import subject_from
from travelrisk.web.languages import NAMES, day, language, verdict_label
from travelrisk.web.parts import application
from travelrisk.web.ratings.records import level_label
from travelrisk.web.words import speaker

_DAYS = frozenset({"valid_from", "valid_until", "review_on"})
_EVIDENCE = "evidence: "
_CALLED = {"approved_by": "decided_by"}


class Told(NamedTuple):
    """A record: what it says with its word, and until when; *base* is its id without revision."""

    base: str
    record: str
    says: str
    label: str
    valid_from: date
    valid_until: date | None


class Source(NamedTuple):
    """A piece of evidence; *url* is empty where there is none to link to, *file* where none is kept."""

    title: str
    url: str
    facts: str
    file: str = ""


class Side(NamedTuple):
    """What stood, or will stand, in a field: words, or a piece of evidence; both empty = nothing."""

    words: str = ""
    source: Source | None = None


class Line(NamedTuple):
    """One field that differs; *tongue* is the language of the words where it is a certain one."""

    label: str
    was: Side
    now: Side
    tongue: str


class PairTold(NamedTuple):
    """A record as it was and as it will be; *ends* says that nothing takes its place."""

    name: str
    base: str
    kind: str
    key: str
    record: str
    is_new: bool
    ends: bool
    lines: tuple[Line, ...]


def told(record: Record) -> Told:
    """Return a record in one line."""
    says, label = _says(record)
    return Told(base_id(record.id), record.record, says, label, record.valid_from, record.valid_until)


def pair_told(pair: Pair) -> PairTold:
    """Return what a change does to one record, field by field."""
    subject = subject_of(pair.either)
    return PairTold(
        name=name_of(application(), subject, language()),
        base=base_id(pair.either.id),
        kind=subject.kind.value,
        key=subject.key,
        record=pair.either.record,
        is_new=pair.was is None,
        ends=pair.now is None,
        lines=tuple(lines_of(pair.differences, pair.was, pair.now)),
    )


def lines_of(found: Iterable[Difference], was: Record | None, now: Record | None) -> Iterable[Line]:
    """Tell differences between two records."""
    say = speaker(language())
    for each in found:
        if each.field.startswith(_EVIDENCE):
            title = each.field.removeprefix(_EVIDENCE)
            yield Line(say("evidence"), _source(was, title, each.was), _source(now, title, each.now), "en")
        else:
            name, _, tongue = each.field.partition(".")
            label = say("record_" + _CALLED.get(name, name))
            told = next((words for code, words in NAMES.items() if code == tongue), "")
            label = f"{label} ({told})" if told else label
            yield Line(label, Side(_value(name, each.was)), Side(_value(name, each.now)), tongue)


def _says(record: Record) -> tuple[str, str]:
    if isinstance(record, Rating):
        return record.level.value, level_label(record.level, language())
    say = speaker(language())
    return (
        ("caution", say("says_caution")) if isinstance(record, Caution) else ("service", say("says_service"))
    )


def _value(name: str, text: str) -> str:
    if not text:
        return ""
    if name == "level":
        return level_label(Level(text), language())
    if name == "effect":
        return verdict_label(Verdict.from_word(text))
    if name in {"subject", "carrier"}:
        return _subject(text if name == "subject" else f"{name}:{text}")
    if name in {"kind", "outline"}:
        return _drawn(name, text)
    return day(date.fromisoformat(text)) if name in _DAYS else visible(text)


def _drawn(name: str, text: str) -> str:
    say = speaker(language())
    if name == "outline":  # nobody reads coordinates by the thousand
        return say("outline_points", number=text.count(",") + 1)
    return say("airspace_kind_" + text) if text in set(AirspaceKind) else say("exception_kind_" + text)


def _subject(text: str) -> str:
    try:
        return name_of(application(), subject_from(text), language())
    except BadInputError:
        return visible(text)


def _source(record: Record | None, title: str, words: str) -> Side:
    held = record.evidence if words and isinstance(record, Rating | Caution) else ()
    evidence = next((each for each in held if each.title == title), None)
    return Side(source=_told_source(evidence)) if evidence else Side()


def _told_source(evidence: Evidence) -> Source:
    say = speaker(language())
    facts = [
        _finding(evidence) if evidence.value else "",
        visible(", ".join(evidence.limits)),
        say("retrieved", day=day(evidence.retrieved_on)) if evidence.retrieved_on else "",
        say("evidence_until", day=day(evidence.valid_until)) if evidence.valid_until else "",
        visible(evidence.note),
    ]
    return Source(
        visible(evidence.title), linkable(evidence.url), " · ".join(filter(None, facts)), evidence.file
    )


def _finding(evidence: Evidence) -> str:
    """Tell a finding by the names of its factor and of itself, or as it was written where it has none."""
    say, factor = speaker(language()), FACTORS.get(evidence.kind)
    name = factor.name.in_language(language()) if factor else visible(evidence.kind)
    is_known = factor is not None and evidence.value in factor.words
    return f"{name}{say('colon')} {say('finding_' + evidence.value) if is_known else visible(evidence.value)}"
