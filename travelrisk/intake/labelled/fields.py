"""Puts the values behind labels into a record, and those that belong to the whole booking beside it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from travelrisk.domain.codes import folded
from travelrisk.domain.drafts import DraftTime
from travelrisk.domain.itineraries import Locator, Traveller
from travelrisk.intake.labelled.labels import Kind
from travelrisk.intake.labelled.pieces import Piece
from travelrisk.intake.labelled.records import Record
from travelrisk.intake.labelled.values import Said, Values, Where
from travelrisk.intake.words import words
from travelrisk.intake.words.names import traveller_named

_LOCATOR = re.compile(
    r"(?<![\w/])(?:(?P<owner>[A-Z0-9]{2}|[A-Z][a-zA-Z]{3,11})[ ]?[/:][ ]?)?(?P<code>[A-Z0-9]{5,8})(?!\w)"
)
_IS_LOCATOR = re.compile(r"(?=[A-Z]*[0-9])[A-Z0-9]{5,8}|[A-Z]{6}")
_PERSON = re.compile(r"[^\W\d_][\w.'/ -]{2,60}")
_KIND_OF_PERSON = re.compile(r"[ ]*\((?:ADT|CHD|INF|YTH|SRC|ADULT|[^()]{0,20})\)", re.IGNORECASE)
_TITLE = re.compile(
    r"^(?:mr?s?|miss|mme|mlle|dr|sra?|srta|herr|frau|sig|sig\.?ra|prof|dott|monsieur|madame|se[ñn]ora?"
    r"|senhora?)\.?[ ]+",
    re.IGNORECASE,
)
_PROSE_WORDS = 6
_APART = re.compile(
    r"[ ]{1,2}(?:-+>|-|→|>|to|à|a|nach|para|hasta)[ ]{1,2}|(?<=[A-Z]{3})[ ]?[-/>→][ ]?(?=[A-Z]{3}\b)",
    re.IGNORECASE,
)
_STOP_WORDS = re.compile(r"stop\w*|escal\w*")
_IS_NON_STOP = ("non", "sans", "sin", "ohne", "sem", "senza", "direct", "vol direct")


def is_grave(value: str) -> bool:
    """Say whether a value holds a word that changes what is judged, such as "cancelled"."""
    return any(word.startswith(words.GRAVE) for word in folded(value).split())


@dataclass(slots=True)
class Booking:
    """What belongs to all flights of a document; each with the stretch of the text where it stands."""

    locators: dict[Locator, None] = field(default_factory=dict)
    travellers: dict[Traveller, None] = field(default_factory=dict)
    issued: date | None = None
    spans: list[tuple[int, int]] = field(default_factory=list)

    def take(self, piece: Piece) -> bool:
        """Take a locator, a traveller or the date of issue; False where the value is none."""
        takes = {Kind.LOCATOR: self._locate, Kind.PASSENGER: self._name}.get(piece.kind or Kind.ASIDE)
        if takes is None or not takes(piece):
            return False
        self.spans.append((piece.start, piece.end))
        return True

    def issue(self, moment: DraftTime | None, span: tuple[int, int]) -> bool:
        """Take the date of issue, if it is a whole one."""
        if not (moment and moment.year and moment.month and moment.day) or moment.day_month_unsure:
            return False
        try:
            self.issued = self.issued or date(moment.year, moment.month, moment.day)
        except ValueError:
            return False
        self.spans.append(span)
        return True

    def _locate(self, piece: Piece) -> bool:
        if not piece.has_colon and not _LOCATOR.fullmatch(piece.value):
            return False
        found = [match for match in _LOCATOR.finditer(piece.value) if _IS_LOCATOR.fullmatch(match["code"])]
        codes = [Locator(match["code"], (match["owner"] or "").upper()) for match in found]
        self.locators |= dict.fromkeys(codes)
        return bool(codes)

    def _name(self, piece: Piece) -> bool:
        names = [
            _KIND_OF_PERSON.sub("", each).strip(" ,-") for each in re.split(r"[;,]|[ ]{2,}", piece.value)
        ]
        is_name = [bool(_PERSON.fullmatch(name)) and not is_grave(name) for name in names]
        if not (names and all(is_name)) or (not piece.has_colon and "/" not in piece.value):
            return False
        self.travellers |= dict.fromkeys(traveller_named(_TITLE.sub("", name)) for name in names)
        return True


class Filler:
    """Fills records; each `put` says whether the value is what its label promises."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self._puts: dict[Kind, Callable[[Record, Piece], bool]] = {
            Kind.OPERATED: self._operated,
            Kind.STOPS: self._stops,
            Kind.STATUS: lambda record, piece: record.state(piece.value),
            Kind.DURATION: self._duration,
            Kind.ASIDE: self._aside,
            Kind.CARRIER: self._carrier,
            Kind.DEPARTS_ON: self._when,
            Kind.DEPARTS_AT: self._when,
            Kind.ARRIVES_ON: self._when,
            Kind.ARRIVES_AT: self._when,
        }

    def put(self, record: Record, piece: Piece) -> bool:
        """Put a value into a record that has begun; True where it was understood."""
        put = self._puts.get(piece.kind or Kind.FLIGHT)
        if put is None or not put(record, piece):
            return False
        record.spans.append((piece.start, piece.end))
        return True

    def said(self, piece: Piece, *, is_begun: bool) -> Said | None:
        """Return what a value says of one end of a flight; None where it says nothing that is sure.

        A place that no table knows counts only behind a colon, in a record that has its flight: it is asked
        about. Before that, "From:" may be the sender of a mail.
        """
        said = self._values.said(piece.value, is_bare=True)
        if said.place and not self._values.knows(said.place) and not (is_begun and piece.has_colon):
            said = said._replace(place=None)
            return said if (said.day or said.clock) and piece.has_colon and is_begun else None
        is_place = piece.kind in {Kind.FROM, Kind.TO}
        return said if said.place or (not is_place and (said.day or said.clock)) else None

    def route(self, value: str) -> tuple[Where, Where] | None:
        """Return both ends of ``Geneva - Paris``."""
        ends = [self._values.place(each) for each in _APART.split(value)]
        if len(ends) != len(("from", "to")) or not (ends[0] and ends[1]):
            return None
        return (ends[0], ends[1]) if all(map(self._values.knows, (ends[0], ends[1]))) else None

    def _operated(self, record: Record, piece: Piece) -> bool:
        record.operate(piece.value)
        return True

    def _stops(self, record: Record, piece: Piece) -> bool:
        if is_grave(_STOP_WORDS.sub(" ", folded(piece.value))):
            return False
        if self.is_non_stop(piece):
            return True
        said = self._values.said(piece.value)
        if said.place and self._values.knows(said.place):
            record.stops.append(said.place.code or said.place.name)
            return True
        return record.stop(piece.value) and not record.stops

    @staticmethod
    def is_non_stop(piece: Piece) -> bool:
        """Say whether the label itself says that there is no stop: ``NON STOP   GENEVA TO PARIS``."""
        return bool(piece.label) and folded(piece.label).startswith(_IS_NON_STOP)

    @staticmethod
    def _duration(record: Record, piece: Piece) -> bool:
        if not re.search(r"[0-9]", piece.value) or is_grave(piece.value):
            return False
        record.duration = record.duration or piece.value
        return True

    @staticmethod
    def _aside(record: Record, piece: Piece) -> bool:
        if len(piece.value.split()) > _PROSE_WORDS or is_grave(piece.value):
            return False
        record.asides.append(f"{piece.label}: {piece.value}")
        return True

    def _carrier(self, record: Record, piece: Piece) -> bool:
        name = re.sub(r"[ ]*\([A-Z0-9]{2}\)", "", piece.value)
        if not self._values.is_carrier(name):
            return False
        record.seller = name
        return True

    def _when(self, record: Record, piece: Piece) -> bool:
        said = self._values.said(piece.value)._replace(place=None)
        if not (said.day or said.clock) or is_grave(piece.value):
            return False
        if piece.kind in {Kind.DEPARTS_ON, Kind.DEPARTS_AT}:
            record.depart(said)
        else:
            record.arrive(said)
        return True
