"""What somebody typed into the editor, kept as it was typed until every field of it can be used."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, NamedTuple

from werkzeug.datastructures import MultiDict

from travelrisk.domain.airspaces import Movement, Scope
from travelrisk.domain.changes import base_id
from travelrisk.domain.codes import plain
from travelrisk.domain.proposals import Content, Proposal
from travelrisk.domain.ratings import Caution, Evidence, Rating, Record, Subject, SubjectKind, subject_of
from travelrisk.domain.texts import LANGUAGES, Texts

RATING: Final = "rating"
CAUTION: Final = "caution"
END: Final = "end"
WHATS: Final = (RATING, CAUTION, END)
SOURCE: Final = ("kind", "title", "url", "retrieved_on", "valid_until", "value", "limits", "note", "file")
_MOST_SOURCES: Final = 30
_DIFFERS: Final = re.compile(r"\n\n\[Methodology (\S+): (\w+), chosen (\w+)\] (.*)", re.DOTALL)


class Reasons(NamedTuple):
    """Why a change is made, and why its level is another one than the methodology proposes."""

    why: str
    differs: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A form as it was typed.

    Attributes:
        what: ``rating``, ``caution`` or ``end``.
        record: base id of the record that gets a successor or ends; empty = a new one.
        fields: what was typed, by the name of the field. sources: the same for each piece of evidence.
    """

    what: str
    subject: Subject
    record: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    sources: tuple[dict[str, str], ...] = ()
    is_urgent: bool = False

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")

    def texts(self, name: str) -> Texts:
        """Return what was typed in the three languages."""
        return Texts(*(self[f"{name}_{language}"] for language in LANGUAGES))

    def with_source(self) -> "Entry":
        """Return the same with one more empty row for evidence."""
        return replace(self, sources=(*self.sources, {})[:_MOST_SOURCES])


def typed(form: MultiDict[str, str], what: str, subject: Subject) -> Entry:
    """Take an entry out of a form that was sent; rows of evidence that are ticked for removal are gone."""
    names = (name for name in form if not name.startswith("source-"))
    return Entry(
        what=what,
        subject=subject,
        record=form.get("record", ""),
        fields={name: _plain(form[name]) for name in names},
        sources=tuple(_sources(form)),
        is_urgent="urgent" in form,
    )


def blank(what: str, subject: Subject, today: date) -> Entry:
    """Return an entry for something new: it holds from today on, and its evidence was looked up today."""
    source = {"retrieved_on": today.isoformat()}
    scope = _scope(None) if subject.kind is SubjectKind.AIRSPACE else {}
    return Entry(what, subject, fields={"valid_from": today.isoformat()} | scope, sources=(source,))


def entry_of(record: Record, what: str) -> Entry:
    """Return an entry that says what a record says."""
    fields = {name: _written(getattr(record, name, None)) for name in ("valid_from", "valid_until")}
    if isinstance(record, Rating):
        fields |= {"level": record.level.value, "review_on": _written(record.review_on), "aoc": record.aoc}
        fields |= _texts("reason", record.reason) | _texts("condition", record.condition)
    if isinstance(record, Caution):
        fields |= {"effect": record.effect.word, "exceptions": ", ".join(record.exceptions)}
        fields |= _texts("text", record.text)
    if isinstance(record, Rating | Caution) and record.subject.kind is SubjectKind.AIRSPACE:
        fields |= _scope(record.scope)
    evidence = record.evidence if isinstance(record, Rating | Caution) else ()
    return Entry(
        what=what,
        subject=subject_of(record),
        record=base_id(record.id),
        fields=fields,
        sources=tuple(_source(each) for each in evidence),
    )


def entry_from(proposal: Proposal, ended: Record | None) -> Entry | None:
    """Return a proposal as the editor has it; None for one that the editor cannot hold.

    Args:
        proposal: what is to be edited.
        ended: the record that it ends, where it ends one.
    """
    content = proposal.content
    if len(content.wanted) + len(content.ended) != 1 or content.requirement is not None:
        return None
    record = content.wanted[0] if content.wanted else ended
    if record is None or not (content.ended or isinstance(record, Rating | Caution)):
        return None
    entry = entry_of(record, END if content.ended else record.record)
    reasons = reasons_of(content)
    fields = entry.fields | {"why": reasons.why, "differs": reasons.differs}
    return replace(entry, fields=fields, is_urgent=proposal.is_urgent)


def reasons_of(content: Content) -> Reasons:
    """Take the reason of a change apart."""
    match = _DIFFERS.search(content.reason)
    return Reasons(content.reason[: match.start()], match[4]) if match else Reasons(content.reason)


def reason_text(reasons: Reasons, version: str, proposed: str, chosen: str) -> str:
    """Put both reasons together; the second names the methodology, what it proposes, and what was chosen."""
    if not reasons.differs:
        return reasons.why
    return f"{reasons.why}\n\n[Methodology {version}: {proposed}, chosen {chosen}] {reasons.differs}"


def codes_in(text: str) -> tuple[str, ...]:
    """Return the codes in a field, each once, whatever stands between them."""
    return tuple(dict.fromkeys(filter(None, re.split(r"[,;\s]+", plain(text)))))


def is_filled(source: dict[str, str]) -> bool:
    """Say whether anything was typed into a row of evidence, beside what stands in a blank one."""
    return any(text for name, text in source.items() if name != "retrieved_on")


def rows_sent(form: MultiDict[str, str]) -> tuple[int, ...]:
    """Return the numbers of the rows of evidence in a form, without those that are ticked for removal."""
    return tuple(
        number
        for number in range(_MOST_SOURCES)
        if f"source-{number}-title" in form and f"source-{number}-drop" not in form
    )


def _sources(form: MultiDict[str, str]) -> Iterator[dict[str, str]]:
    for number in rows_sent(form):
        yield {name: _plain(form.get(f"source-{number}-{name}", "")) for name in SOURCE}


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _source(evidence: Evidence) -> dict[str, str]:
    return {name: _written(getattr(evidence, name)) for name in SOURCE}


def _written(value: date | str | Iterable[str] | None) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return value.isoformat() if isinstance(value, date) else "; ".join(value)


def _scope(scope: Scope | None) -> dict[str, str]:
    """Write a scope so that it is read back as it was; without one, nothing but the choice of all flights."""
    if scope is None:
        return {"scope_movement": Movement.ANY.value}
    return {
        "scope_floor": str(scope.floor),
        "scope_ceiling": "" if scope.ceiling is None else str(scope.ceiling),
        "scope_movement": scope.movement.value,
        "scope_airports": ", ".join(scope.airports),
    }


def _texts(name: str, texts: Texts) -> dict[str, str]:
    return {f"{name}_{language}": getattr(texts, language) for language in LANGUAGES}
