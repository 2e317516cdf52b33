"""What a value says: a flight, a day, a time of day, a place; each is looked for by how it is written."""

import re
from dataclasses import replace
from datetime import date, time
from typing import NamedTuple

from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.codes import folded
from travelrisk.domain.drafts import DraftTime
from travelrisk.domain.places import Airport, Atlas
from travelrisk.domain.settling.places import is_station, named_airports
from travelrisk.intake.decoding import blotted
from travelrisk.intake.words import words
from travelrisk.intake.words.clocks import Clock, spoken_clocks
from travelrisk.intake.words.moments import dates_in

_ICAO = 3
_MOST_WORDS = 9
_LONGEST_PLACE = 80
_DESIGNATOR = re.compile(
    r"(?<![\w@#&-])(?P<carrier>[A-Z][A-Z0-9]|[0-9][A-Z]|[A-Z]{3})[ -]{0,3}0*(?P<number>[1-9][0-9]{0,3})"
    r"(?P<suffix>[A-Z]?)(?![\w]|[:.][0-9])"
)
_NAME_BEHIND = re.compile(r"[ ]*(?:[-(/,][ ]*)?(?P<name>[^\W\d_][\w.'& -]{2,40}?)[ ]*(?:\)|\Z|[ ]{2}|[,;(-])")
_BARE_CLOCK = re.compile(r"(?<![\w.:/])(?P<hour>[01]?[0-9]|2[0-4])(?P<minute>[0-5][0-9])(?![\w:/.])")
_TERMINAL = re.compile(
    r"[,;-]?[ ]*(?<!\w)(?:terminal|term\.?|a[ée]rogare|hall)[ ]?:?[ ]?\w{0,3}(?:[ ]-)?(?!\w)"
    r"|(?<!\w)T[ ]?[0-9][A-Z]?(?!\w)",
    re.IGNORECASE,
)
_TERMINAL_ALONE = re.compile(
    r"(?:(?:terminal|term\.?|aerogare|hall|concourse|[0-9][a-z]?|[a-z])(?!\w)[ -]*)+|[-=_*. ]+", re.IGNORECASE
)
_BRACKETED = re.compile(r"\([ ]?(?P<code>[A-Z]{3})(?:[ ]?/[ ]?[A-Z]{4})?[ ]?\)|\[(?P<square>[A-Z]{3})\]")
_CODE = re.compile(r"(?<![\w'])[A-Z]{3}(?![\w'])")
_PARTS = re.compile(r"[,;|\0]+|[ ]-[ ]")
_FILLING = frozenset(
    """at on um am den le el las los la alle as il a em uhr hrs hr h ore o clock local time heure locale hora
    ortszeit""".split()  # noqa: SIM905 - a table of words is read as words
) | frozenset(words.WEEKDAYS)
"""Words around days and times, which are no names of places."""
_ARTICLE = re.compile(r"l[aeo]s?|el", re.IGNORECASE)
_NO_PLACE = re.compile(r"[@<>?!=*]|\b[0-9]{3,}\b|https?:")


class Named(NamedTuple):
    """A flight as written; *end* is where it ends in the value."""

    carrier: str
    number: str
    name: str
    start: int
    end: int


class Where(NamedTuple):
    """A place: a code, or a name, or both."""

    code: str = ""
    name: str = ""


class Said(NamedTuple):
    """What a value says of one end of a flight."""

    place: Where | None
    day: DraftTime | None
    clock: Clock | None


class Values:
    """Reads values with the tables that tell airports and carriers from other words."""

    def __init__(self, atlas: Atlas, book: CarrierBook) -> None:
        self._atlas = atlas
        self._book = book

    def flights(self, value: str) -> list[Named]:
        """Return the flight designators in a value; a carrier of three letters must be known."""
        found = []
        is_small = value.islower() and len(value.upper()) == len(value)
        written = value.upper() if is_small else value
        undated = blotted(written, [(each.start, each.end) for each in dates_in(value)])
        for match in _DESIGNATOR.finditer(undated):
            carrier = match["carrier"]
            if is_small and carrier.lower() in words.ORDINARY_PAIRS:
                continue
            is_known = self._book.knows(carrier)
            is_word = carrier.lower() in words.NOT_A_CARRIER or carrier.lower() in words.MONTHS
            if is_word or (not is_known and (len(carrier) == _ICAO or match.start())):
                continue
            found.append(self._named(match, undated))
        return found

    def _named(self, match: re.Match[str], value: str) -> Named:
        number = match["number"] + match["suffix"]
        behind = _NAME_BEHIND.match(value, match.end())
        name = behind["name"].strip() if behind else ""
        if name and not self._book.named(name, date.max):
            name = ""
        end = behind.end("name") if behind and name else match.end()
        return Named(match["carrier"], number, name, match.start(), end)

    def said(self, value: str, *, is_bare: bool = True) -> Said:
        """Return what a value says of place, day and time; *is_bare* as for `clock`."""
        found = sorted(dates_in(value))
        rest = blotted(value, [(each.start, each.end) for each in found])
        clock = clock_in(rest, is_bare=is_bare)
        if clock:
            rest = blotted(rest, [(clock.start, clock.end)])
        day = found[0].moment if found else None
        if day and day.clock and not clock:
            clock, day = Clock(0, 0, day.clock, None, day.zone), replace(day, clock=None)
        return Said(self.place(rest), day, clock)

    def place(self, value: str) -> Where | None:
        """Return the place in words from which days and times are taken out; None where there is none."""
        if _NO_PLACE.search(value) or len(value) > 2 * _LONGEST_PLACE:
            return None
        written = _without_filling(_TERMINAL.sub(" ", value))
        bracketed = _BRACKETED.search(written)
        code = (bracketed["code"] or bracketed["square"]) if bracketed else ""
        is_strange = bool(code) and not (self._atlas.candidates(code) or is_station(code, self._atlas))
        if is_strange and self.is_known(written):
            code = ""
        name = _without_filling(written.replace(bracketed[0], "\0")) if bracketed and code else written
        if name.count("(") != name.count(")"):
            name = name.strip("()")
        if not code:
            code, name = self._code_apart(name)
        is_name = bool(re.search(r"[^\W\d_]{2}", name)) and len(name.split()) <= _MOST_WORDS
        if name and (not is_name or len(name) > _LONGEST_PLACE):
            return Where(code) if code else None
        return Where(code, name) if code or name else None

    def _code_apart(self, name: str) -> tuple[str, str]:
        """Take the code out of ``GVA - Geneva``, ``Geneva GVA``; beside a code only its own place stands."""
        for match in _CODE.finditer(name):
            meant = self._atlas.candidates(match[0])
            rest = (name[: match.start()] + name[match.end() :]).strip(" ,;/-:()")
            if meant and (not rest or set(meant) & set(named_airports(rest, self._atlas))):
                return match[0], rest
        return "", name

    def is_known(self, name: str) -> bool:
        """Say whether the tables know a place of this name."""
        return bool(self._atlas.candidates(name) if name.isupper() else ()) or bool(
            named_airports(name, self._atlas)
        )

    def is_flight_alone(self, value: str) -> bool:
        """Say whether words are a flight, with or without its carrier's name, and nothing else."""
        found = self.flights(value)
        return len(found) == 1 and not (value[: found[0].start] + value[found[0].end :]).strip(" -()")

    def are_one(self, one: Where, other: Where) -> bool:
        """Say whether two are of one place."""
        if folded(one.name) == folded(other.name) and (
            one.code == other.code or not (one.code and other.code)
        ):
            return True
        return bool(set(self._airports(one)) & set(self._airports(other)))

    def _airports(self, where: Where) -> tuple[Airport, ...]:
        return self._atlas.candidates(where.code) or named_airports(where.name, self._atlas)

    def is_carrier(self, name: str) -> bool:
        """Say whether the tables know a carrier of this name."""
        return bool(self._book.named(name, date.max))

    def knows(self, where: Where) -> bool:
        """Say whether the tables know a place by its code or its name."""
        return bool(self._atlas.candidates(where.code)) or self.is_known(where.name)


def _is_filling(word: str) -> bool:
    """Say whether a word only stands around a time; in capitals two letters are a country: VIENNA, AT."""
    return folded(word) in _FILLING and not (word.isupper() and len(word) == len("AT"))


def _without_filling(written: str) -> str:
    """Return the parts of a value that may name a place: not "at" and "Uhr", which stood beside a time."""
    parts = []
    for part in _PARTS.split(written):
        found = part.split()
        while found and _is_filling(found[-1]):
            found.pop()
        while found and _is_filling(found[0]) and not _ARTICLE.fullmatch(found[0]):
            found.pop(0)
        parts.append(" ".join(found).strip(" /.-:"))
    return ", ".join(part for part in parts if part)


def clock_in(value: str, *, is_bare: bool = True) -> Clock | None:
    """Return the time of day in a value: 10:10, 10h10, 845P; where *is_bare*, 2215 as well."""
    clocks = sorted(spoken_clocks(value))
    with_shift = next((each.shift for each in clocks if each.at is None), None)
    found = next((each for each in clocks if each.at), None)
    if found:
        return found._replace(shift=with_shift) if found.shift is None and with_shift else found
    match = _BARE_CLOCK.search(value) if is_bare else None
    if not match:
        return None
    hour = int(match["hour"]) % 24
    return Clock(match.start(), match.end(), time(hour, int(match["minute"])))


def is_terminal(words_alone: str) -> bool:
    """Say whether words are the name of a terminal, or a ruler: ``AEROGARE 2 TERMINAL F``."""
    return bool(_TERMINAL_ALONE.fullmatch(words_alone.strip()))


def is_day_alone(value: str) -> DraftTime | None:
    """Return the day of a heading that is nothing but a day: ``Saturday, 12 December 2026``."""
    found = list(dates_in(value))
    if len(found) != 1:
        return None
    rest = folded(value[: found[0].start] + value[found[0].end :])
    weekdays = [words.WEEKDAYS[word] for word in rest.split() if word in words.WEEKDAYS]
    if not all(word in words.WEEKDAYS or word in _DAY_WORDS for word in rest.split()):
        return None
    moment = found[0].moment
    return replace(moment, weekday=moment.weekday or weekdays[0]) if weekdays else moment


_DAY_WORDS = frozenset(
    word for phrase in (*words.BACK, *words.ROUND, *words.FROM, *words.TO) for word in phrase.split()
) | frozenset(
    """on le el am den il outbound aller ida hinflug andata departure depart day jour dia tag""".split()  # noqa: SIM905 - a table of words is read as words
)
