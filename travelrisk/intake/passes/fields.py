"""The fields of a telephone's pass, with their texts: some are shown to people, some are for programs.

Airlines label their fields as they like, so what a field is, its content tells: a designator is a flight
under any label. Only who operates, and which of several times is the departure, is told by label and key.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.codes import folded
from travelrisk.intake.beside import phrases
from travelrisk.intake.decoding import plain_text
from travelrisk.intake.passes.archives import Packed
from travelrisk.intake.words import words

STYLES = ("boardingPass", "eventTicket", "generic", "coupon", "storeCard")
_FRONT = ("headerFields", "primaryFields", "secondaryFields", "auxiliaryFields")
_MOST = 200
_DEEPEST = 6
_OPERATES = re.compile(
    rf"operat(?:ing|ed) ?(?:carrier|airline|by)|^operator$|\b{words.any_of(words.OPERATED_BY)}", re.IGNORECASE
)
_SAYS_WHO = re.compile(
    rf"\b{words.any_of(words.OPERATED_BY)}\b[ ]*:?[ ]*(?P<who>[^\n.;]{{2,60}})", re.IGNORECASE
)
_OFF = re.compile(r"\b(?:cancel|annul|storn|divert|d[ée]rout|desviad|postpon|stand-?by)", re.IGNORECASE)
_STATES = (phrases.CHARTER, phrases.STANDBY, phrases.UNSETTLED)
_LONGEST = 160
_DESIGNATOR = re.compile(r"\b(?:[A-Z][A-Z0-9]|[0-9][A-Z]) ?[0-9]{2,4}\b")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|[_-]")


class Field(NamedTuple):
    """A field as people see it.

    Attributes:
        place: which of the groups of fields it stands in: ``primaryFields`` ...
    """

    place: str
    key: str
    label: str
    value: str

    @property
    def names(self) -> tuple[str, str]:
        """Its label and its key, as words."""
        return folded(self.label), folded(_CAMEL.sub(" ", self.key))

    @property
    def is_front(self) -> bool:
        """Say whether it is one of the fields that tell the journey, and not small print."""
        return self.place in _FRONT


def style_of(content: Mapping[str, Any]) -> str:
    """Return which kind of pass it is; empty where it is none."""
    return next((each for each in STYLES if isinstance(content.get(each), dict)), "")


def fields_of(packed: Packed) -> tuple[Field, ...]:
    """Return the fields of a pass, those of the front first."""
    shown = packed.content.get(style_of(packed.content), {})
    return tuple(
        Field(place, text_of(each.get("key")), _told(each.get("label"), packed), _value(each, packed))
        for place in (*_FRONT, "backFields", "additionalInfoFields")
        for each in _listed(shown.get(place))[:_MOST]
        if isinstance(each, dict)
    )


def semantics_of(packed: Packed) -> dict[str, Any]:
    """Return the tags that programs read: of the whole pass, and those that single fields bear."""
    nodes = [packed.content.get("semantics")]
    shown = packed.content.get(style_of(packed.content), {})
    nodes += [
        each.get("semantics")
        for group in shown.values()
        for each in _listed(group)[:_MOST]
        if isinstance(each, dict)
    ]
    tags: dict[str, Any] = {}
    for node in nodes:
        for tag, value in node.items() if isinstance(node, dict) else ():
            tags.setdefault(tag, value)
    return tags


def codes_of(content: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what the bar codes of a pass say; the same one often stands there in two symbols."""
    nodes = [*_listed(content.get("barcodes")), content.get("barcode")]
    messages = (each.get("message") for each in nodes if isinstance(each, dict))
    return tuple(dict.fromkeys(each for each in messages if isinstance(each, str) and each))


def operators_of(packed: Packed, fields: tuple[Field, ...], book: CarrierBook) -> tuple[str, ...]:
    """Return who is said to operate: by a field of the airline's own, by a label, or in words."""
    stated = [value for key, value in _own(packed.content) if _OPERATES.search(_CAMEL.sub(" ", key))]
    for each in fields:
        if any(map(_OPERATES.search, (*each.names, each.key))) and each.value:
            stated.append(each.value)
            continue
        said = _SAYS_WHO.finditer(each.value)
        stated += [match["who"].strip() for match in said if each.is_front or _is_of_flight(match, book)]
    return tuple(dict.fromkeys(stated))


def doubts_in(fields: tuple[Field, ...]) -> Iterator[str]:
    """Yield the fields that say that the flight may not fly, or the traveller not with it."""
    for each in fields:
        said = f"{each.label}: {each.value}".strip(": ")
        if each.is_front and (_OFF.search(said) or any(state.search(said) for state in _STATES)):
            yield said[:_LONGEST]


def _is_of_flight(match: re.Match[str], book: CarrierBook) -> bool:
    """Say whether small print speaks of this flight: it names one, or a carrier, or says nothing else."""
    before = re.split(r"[.\n]", match.string[: match.start()])[-1]
    is_named = bool(book.named(match["who"], date.max) or book.ever(match["who"]))
    return is_named or not before.strip() or bool(_DESIGNATOR.search(before))


def _own(node: object, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Yield the texts in the airline's own part of a pass, by their keys."""
    if not isinstance(node, dict) or depth > _DEEPEST:
        return
    for key, value in node.items():
        if isinstance(value, str):
            yield str(key), text_of(value)
        elif key not in {*STYLES, "barcode", "barcodes"}:
            yield from _own(value, depth + 1)


def text_of(value: object) -> str:
    """Return a value as one line; numbers as written, anything else as nothing."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join(plain_text(str(value)).split())


def _value(field: Mapping[str, Any], packed: Packed) -> str:
    value = field.get("value")
    return _told(value, packed) or _told(field.get("attributedValue"), packed)


def _told(value: object, packed: Packed) -> str:
    """Return a text in the language of the pass; a key without a text stays as it is."""
    return text_of(packed.texts.get(value, value) if isinstance(value, str) else value)


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
