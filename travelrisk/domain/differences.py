"""Was -> is, field by field: between two records, and over a whole change."""

from dataclasses import fields
from datetime import date
from enum import Enum
from typing import Any, NamedTuple

from travelrisk.domain.changes import Change, base_id
from travelrisk.domain.ratings import Evidence, Record, Subject
from travelrisk.domain.sizes import size_of
from travelrisk.domain.texts import LANGUAGES, Texts
from travelrisk.domain.verdicts import Verdict

_NOT_CONTENT = frozenset({"id", "opened_in", "closed_in", "record", "set_by", "set_on"})


class Difference(NamedTuple):
    """One field that differs; an empty side was or is not there.

    Attributes:
        field: its name, for texts with the language (``text.fr``), for evidence with its title.
    """

    field: str
    was: str
    now: str


class Pair(NamedTuple):
    """A record as it was and as it will be; None = there was none, or it ends without a successor."""

    was: Record | None
    now: Record | None

    @property
    def either(self) -> Record:
        """The record as it will be, or else as it was."""
        found = self.now or self.was
        if found is None:
            raise ValueError("a pair holds at least one record")
        return found

    @property
    def differences(self) -> tuple[Difference, ...]:
        """Every field that differs."""
        return differences(self.was, self.now)


def pairs(change: Change) -> tuple[Pair, ...]:
    """Return what a change does to each record, by base id."""
    closed = {base_id(record.id): record for record in change.closed}
    opened = {base_id(record.id): record for record in change.opened}
    return tuple(Pair(closed.get(base), opened.get(base)) for base in sorted(closed.keys() | opened.keys()))


def differences(was: Record | None, now: Record | None) -> tuple[Difference, ...]:
    """Return every field in which two records differ, in the order of the fields; None has no fields."""
    before, after = flat(was), flat(now)
    names = list(dict.fromkeys([*after, *before]))
    changed = (Difference(name, before.get(name, ""), after.get(name, "")) for name in names)
    return tuple(each for each in changed if each.was != each.now)


def flat(record: Record | None) -> dict[str, str]:
    """Return what a record says as plain text by field; fields that say nothing are left out.

    An outline is told by its size and a mark: of its coordinates nobody sees what has changed.
    """
    found: dict[str, str] = {}
    for each in fields(record) if record is not None else ():
        if each.name not in _NOT_CONTENT:
            found |= _flat(each.name, getattr(record, each.name))
    return {name: text for name, text in found.items() if text}


def _flat(name: str, value: Any) -> dict[str, str]:  # noqa: ANN401 - any field of a record
    if isinstance(value, Texts):
        return {f"{name}.{language}": getattr(value, language) for language in LANGUAGES}
    if isinstance(value, tuple) and value and isinstance(value[0], Evidence):
        return {f"{name}: {each.title}": _one_line(each) for each in value}
    if name == "outline":
        return {name: str(size_of(value))}
    return {name: _plain(value)}


def _one_line(evidence: Evidence) -> str:
    parts = ((each.name, _plain(getattr(evidence, each.name))) for each in fields(evidence))
    return ", ".join(f"{name} {text}" for name, text in parts if text and name != "title")


def _plain(value: Any) -> str:  # noqa: ANN401 - as above
    if value is None or isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, Verdict):
        return value.word
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple) and not isinstance(value, Subject):
        return ", ".join(map(str, value))
    return str(value)
