"""A record as the pages show it: what it says, how it stands, who set it, on what evidence."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from travelrisk.domain.airspaces import Airspace
from travelrisk.domain.authorisations import Authorisation
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.ratings import (
    Caution,
    Evidence,
    Level,
    Rating,
    Record,
    Service,
    Subject,
    SubjectKind,
    subject_of,
)
from travelrisk.domain.texts import Language, Texts
from travelrisk.screening import explain
from travelrisk.screening.scopes import scope_words
from travelrisk.services.application import Application
from travelrisk.services.naming import drawn_name
from travelrisk.services.ratings.records import Listed, State
from travelrisk.telling.foreign import linkable, visible
from travelrisk.telling.names import told
from travelrisk.telling.reasons import DEMONSTRATION
from travelrisk.telling.segments import sentence_case
from travelrisk.telling.words import Say

CAUTION: Final = "caution"
SERVICE: Final = "service"
AIRSPACE: Final = "airspace"


@dataclass(frozen=True, slots=True)
class Remark:
    """A focal point's words; *language* is the one they are in, which need not be the reader's."""

    text: str
    language: Language


@dataclass(frozen=True, slots=True)
class Source:
    """A piece of evidence; *url* is empty where there is none to link to, *file* where none is kept."""

    title: str
    url: str
    file: str
    note: str
    retrieved_on: date | None
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class Row:
    """One record.

    Attributes:
        says: a level, or the kind of any other record; *label* is its word for the reader.
        scope: which flights through an airspace it concerns, where it says so.
        is_approximate: whether it is an outline that stands for something nobody drew exactly.
        kind, key: its subject, as the address of its history has them.
        exceptions: designators of carriers that a caution does not concern.
    """

    id: str
    name: str
    kind: str
    key: str
    says: str
    label: str
    state: State
    set_by: str
    is_for_show: bool
    set_on: date
    valid_from: date
    valid_until: date | None
    opened_in: int
    closed_in: int | None
    remarks: tuple[Remark, ...]
    condition: Remark | None
    sources: tuple[Source, ...]
    exceptions: tuple[str, ...] = ()
    scope: str = ""
    is_approximate: bool = False


def row_of(app: Application, listed: Listed, language: Language, say: Say) -> Row:
    """Return a record in the reader's language."""
    record = listed.record
    subject = subject_of(record)
    says, label = _says(record, language, say)
    return Row(
        id=record.id,
        name=_name(app, listed, language),
        kind=subject.kind.value,
        key=subject.key,
        says=says,
        label=label,
        state=listed.state,
        set_by=visible(record.set_by),
        is_for_show=record.set_by == DEMONSTRATION,
        set_on=record.set_on,
        valid_from=record.valid_from,
        valid_until=record.valid_until,
        opened_in=record.opened_in,
        closed_in=record.closed_in,
        remarks=_remarks(record, language),
        condition=_remark(record.condition, language) if isinstance(record, Rating) else None,
        sources=_sources(record),
        exceptions=record.exceptions if isinstance(record, Caution) else (),
        scope=_scope(record, language),
        is_approximate=isinstance(record, Airspace) and record.approximate,
    )


def subject_from(kind: str, key: str) -> Subject:
    """Return the subject that an address names.

    Raises:
        BadInputError: there is no such kind.
    """
    try:
        return Subject(SubjectKind(kind), key)
    except ValueError:
        raise BadInputError(f"{kind} is no kind of subject") from None


def name_of(app: Application, subject: Subject, name: str, language: Language) -> str:
    """Return the name of a subject; places have one in each language, all others are called *name*."""
    if subject.kind in {SubjectKind.COUNTRY, SubjectKind.STATE}:
        country = app.atlas.country(subject.key)
        if country is not None:
            return f"{country.names.in_language(language)} ({country.code})"
    return told(name, language) if subject.kind is SubjectKind.AIRPORT else name


def says_of(record: Record) -> str:
    """Return the level of a rating, and of any other record its kind."""
    return record.level.value if isinstance(record, Rating) else record.record


def _says(record: Record, language: Language, say: Say) -> tuple[str, str]:
    word = says_of(record)
    if isinstance(record, Rating):
        return word, level_label(record.level, language)
    return word, say("says_" + word)


def _name(app: Application, listed: Listed, language: Language) -> str:
    subject = subject_of(listed.record)
    if listed.drawn is not None:
        return drawn_name(listed.drawn, language)
    return name_of(app, subject, listed.name, language)


def _scope(record: Record, language: Language) -> str:
    scope = record.scope if isinstance(record, Rating | Caution) else None
    return sentence_case(scope_words(scope).in_language(language)) if scope else ""


def level_label(level: Level, language: Language) -> str:
    """Return the word for a level, with a capital."""
    return sentence_case(explain.level_words(level).in_language(language))


def _remarks(record: Record, language: Language) -> tuple[Remark, ...]:
    if isinstance(record, Service | Airspace):
        return (Remark(visible(record.source), "en"),)
    if isinstance(record, Authorisation):
        return ()
    remark = _remark(record.reason if isinstance(record, Rating) else record.text, language)
    return (remark,) if remark else ()


def _remark(texts: Texts, language: Language) -> Remark | None:
    text = visible(texts.in_language(language))
    return Remark(text, language if texts.is_translated(language) else "en") if text else None


def _sources(record: Record) -> tuple[Source, ...]:
    return tuple(map(_source, record.evidence)) if isinstance(record, Rating | Caution) else ()


def _source(evidence: Evidence) -> Source:
    return Source(
        visible(evidence.title),
        linkable(evidence.url),
        evidence.file,
        visible(evidence.note),
        evidence.retrieved_on,
        evidence.valid_until,
    )
