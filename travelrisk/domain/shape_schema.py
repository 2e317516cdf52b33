"""The JSON Schema (2020-12) of what ``read --json`` prints; the shapes are made in ``domain.shapes``."""

from typing import Final

from travelrisk.domain.itineraries import Basis, Mode, Outcome, Severity, Status
from travelrisk.domain.shapes import Shape

_TEXT: Final[Shape] = {"type": "string"}
_MAYBE_TEXT: Final[Shape] = {"type": ["string", "null"]}
_LOCAL: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2})?$"
_UTC: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}Z$"


def reading_schema() -> Shape:
    """Return the schema of one object, which is one file; with several files each line holds one."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What travelrisk understood of one file",
        "description": "Nothing is judged. Only 'complete' leaves no question and no line unread.",
        **_object(
            source={"description": "the file as it was named; - is standard input", **_TEXT},
            form={"description": "the form that was recognised: text, ics, eml ...", **_TEXT},
            outcome={"description": "the worst of the file and of its itineraries", **_one_of(Outcome)},
            itineraries=_list({"$ref": "#/$defs/itinerary"}),
            unread={"description": "lines like flights that were not understood", **_list(_TEXT)},
        ),
        "$defs": {
            "itinerary": _itinerary(),
            "segment": _segment(),
            "moment": _moment(),
            "evidence": {"anyOf": [_line(), _statement(part={"type": "null"})]},
            "statement": _statement(),
            "question": _question(),
        },
    }


def _itinerary() -> Shape:
    statements = {
        "description": "what a person told us of the whole booking; only where somebody did",
        **_list({"$ref": "#/$defs/statement"}),
    }
    itinerary = _object(
        locators=_list(_object(code=_TEXT, owner=_MAYBE_TEXT)),
        travellers=_list(_or_also(_object(name=_TEXT), email=_TEXT)),
        segments=_list({"$ref": "#/$defs/segment"}),
        questions=_list({"$ref": "#/$defs/question"}),
    )
    return _or_also(itinerary, statements=statements)


def _segment() -> Shape:
    names = {"carrier": _MAYBE_TEXT, "number": _MAYBE_TEXT, "name": _MAYBE_TEXT}
    basis = {"description": "how it is known who flies; never silently the seller", **_one_of(Basis)}
    owner = {
        "description": "whose aircraft it is, where the document says so",
        **_object(carriers=_list(_TEXT), name=_TEXT),
    }
    segment = _object(
        mode=_one_of(Mode),
        status=_one_of(Status),
        marketing=_object(**names),
        operating=_object(**names, basis=basis),
        origin={"description": "IATA code, or the words where no single airport is known", **_MAYBE_TEXT},
        destination=_MAYBE_TEXT,
        departs={"$ref": "#/$defs/moment"},
        arrives={"$ref": "#/$defs/moment"},
        stops=_list(_TEXT),
        evidence=_list({"$ref": "#/$defs/evidence"}),
    )
    return _or_also(segment, aircraft_owner=owner)


def _moment() -> Shape:
    return _object(
        local={"description": "at the airport; the day alone where no time is known", **_pattern(_LOCAL)},
        zone=_MAYBE_TEXT,
        utc=_pattern(_UTC),
    )


def _line() -> Shape:
    part = {"description": "the attachment it stands in; null = the document itself", **_MAYBE_TEXT}
    return _object(part=part, text=_TEXT, origin={"const": "document"})


def _statement(**more: Shape) -> Shape:
    return _object(
        **more,
        text=_TEXT,
        origin={"const": "user"},
        about=_TEXT,
        was=_MAYBE_TEXT,
        by={"description": "traveller, or the name of who was signed in", **_TEXT},
    )


def _question() -> Shape:
    return _object(
        code=_TEXT,
        severity=_one_of(Severity),
        segment={"description": "index of the segment, from 0; null = the whole booking", **_index()},
        text=_TEXT,
        choices=_list(_TEXT),
    )


def _index() -> Shape:
    return {"type": ["integer", "null"], "minimum": 0}


def _object(**required: Shape) -> Shape:
    return {
        "type": "object",
        "properties": required,
        "required": list(required),
        "additionalProperties": False,
    }


def _or_also(shape: Shape, **optional: Shape) -> Shape:
    """Return an object that may hold more than it must."""
    properties = shape["properties"]
    assert isinstance(properties, dict)  # noqa: S101 - made by _object
    return {**shape, "properties": {**properties, **optional}}


def _list(items: Shape) -> Shape:
    return {"type": "array", "items": items}


def _one_of(words: type[Basis | Mode | Outcome | Severity | Status]) -> Shape:
    return {"enum": [each.value for each in words]}


def _pattern(pattern: str) -> Shape:
    return {"type": ["string", "null"], "pattern": pattern}
