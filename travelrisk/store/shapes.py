"""Itineraries, records and advisories as canonical JSON, and back again to equal values.

Keys are sorted and nothing is padded, so that equal values have equal text and equal hashes. Fields stand by
name and never by place: what is stored today must be read after a field was added.
"""

import dataclasses
import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, Final, cast

from pydantic import TypeAdapter, ValidationError

from travelrisk.domain.advisories import Advisory, Finding, Slot
from travelrisk.domain.carriers import Carrier
from travelrisk.domain.concentration import Aboard
from travelrisk.domain.errors import BadInputError, ErasedError, StoreError
from travelrisk.domain.itineraries import Itinerary
from travelrisk.domain.places import Airport
from travelrisk.domain.proposals import Content
from travelrisk.domain.ratings import Rating, Record
from travelrisk.domain.signoffs import Requirement
from travelrisk.domain.texts import Texts
from travelrisk.store.personal import ERASED

_DAY: Final = "day"
_ENCODER: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
_DECODER: Final = json.JSONDecoder()
_FINDINGS: Final = '"findings":['  # stands in no text of an advisory: there, quotes are escaped
_LEAVES: Final = frozenset({str, int, float, bool, type(None)})
_SHARED: Final = frozenset({Airport, Carrier, Rating})  # the same few stand everywhere, and never change
_LATER: Final = (
    "claims",
    "scope",
    "stale",
)  # left out where there are none: what was stored before keeps its hash
_CLOCKS: Final = ("opened_in", "closed_in")  # have columns of their own, because one of them is set later


def canonical(value: object) -> str:
    """Return *value* as JSON that is the same for equal values.

    Raises:
        BadInputError: a text holds half a character (a lone surrogate), which no database keeps.
    """
    text = _ENCODER.encode(_plain(value))
    try:
        text.encode()
    except UnicodeEncodeError:
        raise BadInputError(
            "a text holds a character that cannot be kept: save the document as UTF-8"
        ) from None
    return text


def sha256(content: str | bytes) -> str:
    """Return the SHA-256 of *content* in hexadecimal; text is taken as UTF-8."""
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


def record_text(record: Record) -> str:
    """Return a record of any kind without its editions."""
    shape = dict(_plain(record))
    for clock in _CLOCKS:
        shape.pop(clock)
    return canonical(shape)


def record_from(text: str, opened_in: int, closed_in: int | None) -> Record:
    """Return the record written by ``record_text``, believed from *opened_in* until before *closed_in*."""
    shape = json.loads(text) | {"opened_in": opened_in, "closed_in": closed_in}
    return cast("Record", _validated(Record, shape))


def itinerary_from(text: str) -> Itinerary:
    """Return the itinerary written by ``canonical``.

    Raises:
        ErasedError: there was one.
    """
    _refuse_erased(text)
    return cast("Itinerary", _validated(Itinerary, json.loads(text)))


def advisory_from(text: str) -> Advisory:
    """Return the advisory written by ``canonical``.

    Raises:
        ErasedError: there was one.
    """
    _refuse_erased(text)
    if _FINDINGS not in text:
        text = canonical(json.loads(text))
    begin = text.index(_FINDINGS) + len(_FINDINGS)
    findings, end = _findings(text, begin)
    advisory = cast("Advisory", _validated(Advisory, json.loads(text[:begin] + text[end:])))
    return dataclasses.replace(advisory, findings=findings)


def _findings(text: str, at: int) -> tuple[tuple[Finding, ...], int]:
    """Return the findings that begin at a place of a text, and where they end."""
    found: list[Finding] = []
    while text[at] != "]":
        shape, end = _DECODER.raw_decode(text, at)
        found.append(_on_record(text[at:end]) if shape.get("record") else _finding_from(shape))
        at = end + (text[end] == ",")
    return tuple(found), at


@lru_cache(maxsize=1024)
def _on_record(text: str) -> Finding:
    """Return a finding that rests on a record: the same few stand in everybody's advisories.

    Of the others none is remembered, for they may quote a booking.
    """
    return _finding_from(json.loads(text))


def _finding_from(shape: dict[str, Any]) -> Finding:
    slots = _slots(shape.pop("slots"))
    return cast("Finding", _validated(Finding, shape))._replace(slots=slots)


def erased_itinerary() -> str:
    """Return what is left of an itinerary."""
    return f"{ERASED}}}"


def erased_advisory(text: str) -> str:
    """Return what is left of an advisory: what it was judged with, and the codes of what was found.

    Of what was late or not rated also by how much, and which carrier or airport: reports count it.
    """
    shape = json.loads(text)
    kept = {name: shape[name] for name in ("at", "edition", "engine", "outcome", "policy_version")}
    kept["findings"] = [
        {name: each[name] for name in ("code", "effect", "rule", "segment", *_counted(each["code"]))}
        for each in shape["findings"]
    ]
    return f"{ERASED},{canonical(kept)[1:]}"


def is_counted(code: str) -> bool:
    """Say whether reports count findings of this code."""
    return code.startswith("lead_time.") or code.endswith(".not_rated")


def _counted(code: str) -> tuple[str, ...]:
    return ("carrier", "matched", "slots") if is_counted(code) else ()


def aboard_from(text: str) -> tuple[Aboard, ...]:
    """Return how many were counted on the flights of an itinerary, written by ``canonical``."""
    return cast("tuple[Aboard, ...]", _validated(tuple[Aboard, ...], json.loads(text)))


def content_from(text: str) -> Content:
    """Return the content of a proposal written by ``canonical``."""
    return cast("Content", _validated(Content, json.loads(text)))


def requirement_from(text: str) -> Requirement:
    """Return the demand for signatures written by ``canonical``."""
    return cast("Requirement", _validated(Requirement, json.loads(text)))


def _refuse_erased(text: str) -> None:
    if text.startswith(ERASED):
        raise ErasedError(
            "what this was about was erased, as somebody asked for or because its time was over:"
            " verdict, edition and the entry in the audit trail are all that is left"
        )


def _plain(value: Any) -> Any:  # noqa: ANN401 - takes any value of the domain and gives any JSON
    return _way(value.__class__)(value)


@cache  # which way is found once for each class: an advisory has two hundred values of a dozen classes
def _way(kind: Any) -> Callable[[Any], Any]:  # noqa: ANN401 - a class, which mypy does not take for hashable
    if issubclass(kind, str | int | float | None.__class__):
        return _as_it_is
    if issubclass(kind, date):
        return _day_or_time
    if issubclass(kind, Finding):
        return _finding
    if _field_names(kind) is not None:
        return _shared if kind in _SHARED else _by_name
    if issubclass(kind, Mapping):
        return lambda value: {str(key): _plain(each) for key, each in value.items()}
    if issubclass(kind, tuple | list):
        return lambda value: [_plain(each) for each in value]
    raise TypeError(f"{kind.__name__} has no place in canonical JSON")


def _as_it_is(value: Any) -> Any:  # noqa: ANN401 - as _plain
    return value


def _day_or_time(value: date) -> str:
    return value.isoformat()


def _finding(finding: Finding) -> dict[str, Any]:
    # By its text alone a day cannot be told from a word that looks like one.
    return _by_name(finding) | {"slots": [[name, _tagged(slot)] for name, slot in finding.slots]}


@lru_cache(maxsize=4096)
def _shared(value: Any) -> Any:  # noqa: ANN401 - as _plain
    return _by_name(value)


def _by_name(value: Any) -> dict[str, Any]:  # noqa: ANN401 - as _plain
    plain = {
        name: each if (each := getattr(value, name)).__class__ in _LEAVES else _plain(each)
        for name in _field_names(value.__class__) or ()
    }
    for name in _LATER:
        if name in plain and not plain[name]:
            del plain[name]
    return plain


def _tagged(slot: Slot) -> object:
    if isinstance(slot, datetime):
        raise TypeError("a slot holds a day, not a time")
    return {_DAY: slot.isoformat()} if isinstance(slot, date) else _plain(slot)


def _slots(pairs: list[tuple[str, Any]]) -> tuple[tuple[str, Slot], ...]:
    return tuple((name, _slot(value)) for name, value in pairs)


def _slot(value: Any) -> Slot:  # noqa: ANN401 - JSON comes in
    if isinstance(value, dict):
        return date.fromisoformat(value[_DAY]) if _DAY in value else Texts(**value)
    return cast("str | int", value)


@cache
def _field_names(kind: type[Any]) -> tuple[str, ...] | None:
    if dataclasses.is_dataclass(kind):
        return tuple(field.name for field in dataclasses.fields(kind))
    return getattr(kind, "_fields", None)


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:  # noqa: ANN401 - a class, or a union of classes
    return TypeAdapter(kind)


def _validated(kind: Any, shape: object) -> object:  # noqa: ANN401 - as _adapter
    try:
        return _adapter(kind).validate_python(shape)
    except ValidationError as error:
        where = ".".join(str(step) for step in error.errors(include_input=False)[0]["loc"])
        name = getattr(kind, "__name__", "record").lower()
        raise StoreError(
            f"a stored {name} cannot be read at {where}: it was written by another version,"
            " or changed behind our back. Run travelrisk doctor"
        ) from None
