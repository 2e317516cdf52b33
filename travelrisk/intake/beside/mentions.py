"""Names of places and carriers as sentences mention them.

Alice, Nice and Reading are towns with airports, Swiss and Delta are carriers: names that are words of every
day count only behind a word that leads to them, all the others wherever they begin with a capital.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice, pairwise

from travelrisk.domain.carriers import Carrier, CarrierBook
from travelrisk.domain.codes import folded
from travelrisk.domain.places import Airport, Atlas
from travelrisk.intake.beside.accounted import Accounted
from travelrisk.intake.beside.phrases import PARTNERS, STOPS_AT, TRAVEL
from travelrisk.intake.words import words
from travelrisk.intake.words.noise import NOISE

_LONGEST_NAME = 6
_WORD = re.compile(r"[^\W_]+(?:['.&-][^\W_]+)*")
_SMALL_LEADS = frozenset({"via", "from", "desde", "depuis", "von"})
_FOOTNOTE = re.compile(r"^[\W\d]{1,6}")
_LABEL = re.compile(r"^[^\n:]{2,30}:[ ]*(?=\S)")
_NUMBERED = re.compile(
    r"(?<![\w@#&/.-])(?P<carrier>[A-Z]{2}|[A-Z][0-9]|[0-9][A-Z])[ ]?(?P<number>[1-9][0-9]{1,3})"
    r"(?![\w/-]|[.:,][0-9])"
)
_LED = re.compile(
    r"\b(?i:operated by|flown by|flight will be by|op\. carrier|operator|operating carrier|airline|metal"
    r"|op[ée]r[ée]e? par|compagnie|transporteur|operado por|aerol[íi]nea|compa[ñn][íi]a)[ ]?:?[ ]"
    r"(?P<code>[A-Z][A-Z0-9])(?![\w']|[ ]?[0-9])"
)
_FEW = 4
_LONG = 3
_CODE = re.compile(r"(?<![\w.@/-])[A-Z]{3}(?![\w.@-])")


class Mentions:
    """Looks for names in a sentence, with the tables that know them."""

    def __init__(self, atlas: Atlas, book: CarrierBook) -> None:
        self._atlas = atlas
        self._book = book
        self._called = lru_cache(maxsize=4096)(book.named)
        self._named = lru_cache(maxsize=4096)(atlas.named)

    def other_place(self, sentence: str, known: Accounted) -> bool:
        """Say whether a sentence names an airport or a city that is not on the way."""
        if any(not known.has_airport(found) for found in self._codes(sentence, known)):
            return True
        if any(not known.has_place(found) for found in self._places(sentence, known)):
            return True
        return bool(TRAVEL.search(sentence)) and any(
            not self._is_on_the_way(match["place"], known) for match in STOPS_AT.finditer(sentence)
        )

    def is_led(self, sentence: str) -> bool:
        """Say whether a word such as "via" leads to a place, which a plain address has not."""
        found = list(_WORD.finditer(sentence))
        return bool(TRAVEL.search(sentence)) and any(
            folded(one[0]) in words.STRONG_LEADS and other[0][:1].isupper() for one, other in pairwise(found)
        )

    def other_carrier(self, sentence: str, known: Accounted, *, travels: bool) -> bool:
        """Say whether a sentence names a carrier that neither sells nor flies one of the flights."""
        if known.has_operator(sentence) and not travels:
            return False
        general = PARTNERS.sub(" ", sentence)
        return any(not known.has_carrier(found) for found in self._carriers(general, known, travels=travels))

    def other_flight(self, sentence: str, known: Accounted) -> bool:
        """Say whether a sentence about a journey, or a short line, numbers another carrier's flight."""
        if not _NUMBERED.search(sentence):
            return False
        travels = bool(TRAVEL.search(sentence))
        for match in _NUMBERED.finditer(NOISE.sub(" ", sentence)):
            is_word = match["carrier"].lower() in words.ORDINARY_PAIRS and len(match["number"]) < _LONG
            is_alone = not travels and len(_WORD.findall(sentence)) > _FEW
            if is_word or is_alone or not self._book.knows(match["carrier"]):
                continue
            if not known.has_carrier(self._book.ever(match["carrier"])):
                return True
        return False

    def other_code(self, sentence: str, known: Accounted) -> bool:
        """Say whether a word for who flies leads to the code of another carrier: ``operated by PW``."""
        codes = (match["code"] for match in _LED.finditer(sentence))
        return any(self._book.knows(code) and not known.has_carrier(self._book.ever(code)) for code in codes)

    def is_other_carrier(self, line: str, known: Accounted) -> bool:
        """Say whether a line, or what a label leads to, is nothing but the name of another carrier."""
        bare = _FOOTNOTE.sub("", _LABEL.sub("", line)).strip(" .*)")
        found = self._whole(bare, known) if bare[:1].isupper() else ()
        return bool(found) and not known.has_carrier(found)

    def _is_on_the_way(self, words_of_place: str, known: Accounted) -> bool:
        parts = words_of_place.split(" ")
        names = (" ".join(parts[:length]) for length in range(len(parts), 0, -1))
        return any(known.has_place((*self._named(name), *self._atlas.candidates(name))) for name in names)

    def _codes(self, sentence: str, known: Accounted) -> Iterator[tuple[Airport, ...]]:
        is_loud = sentence.isupper()
        for match in _CODE.finditer(sentence):
            word = match[0].lower()
            is_word = word in words.LITTLE or word in words.MONTHS or word in words.WEEKDAYS
            is_word |= word in words.NOT_A_CARRIER or word in words.INITIALS
            is_word |= is_loud and word in words.LITTLE_LOWER
            found = self._atlas.candidates(match[0])
            is_led = _word_before(sentence, match.start()) in words.STRONG_LEADS
            is_place = bool(found) and (is_led or not is_word)
            if is_place and not self._begins_a_carrier(sentence[match.start() :], known):
                yield found

    def _begins_a_carrier(self, rest: str, known: Accounted) -> bool:
        """Say whether what follows is the name of a carrier: AIR of AIR DOLOMITI is no airport."""
        ends = (match.end() for match in islice(_WORD.finditer(rest), _LONGEST_NAME))
        return any(self._is_carrier(rest[:end], known) for end in ends)

    def _places(self, sentence: str, known: Accounted) -> Iterator[tuple[Airport, ...]]:
        found = list(_WORD.finditer(sentence))
        number = 0
        while number < len(found):
            length = 1
            if self._may_begin(found, number):
                longest = min(_LONGEST_NAME, len(found) - number)
                for length in range(longest, 0, -1):
                    name = sentence[found[number].start() : found[number + length - 1].end()]
                    if self._is_carrier(name, known):
                        break  # Brussels Airlines, and Iberia, which is a town in Peru too
                    airports = () if known.is_part_of_a_place(name) else self._named(name)
                    if airports and self._is_a_place(sentence, found, number, length):
                        yield airports
                        break
            number += length

    def _is_carrier(self, name: str, known: Accounted) -> bool:
        carriers = self._whole(name, known)
        return bool(carriers) and (" " in name or known.has_carrier(carriers))

    @staticmethod
    def _may_begin(found: list[re.Match[str]], number: int) -> bool:
        """Say whether a place may begin here: with a capital, or in small letters behind "via" or "from"."""
        word = found[number][0]
        lead = folded(found[number - 1][0]) if number else ""
        if word[:1].isupper():
            return folded(word) not in words.MONTHS and folded(word) not in words.WEEKDAYS
        return lead in _SMALL_LEADS and not _is_everyday(word)

    @staticmethod
    def _is_a_place(sentence: str, found: list[re.Match[str]], number: int, length: int) -> bool:
        if length > 1 or not _is_everyday(found[number][0]):
            return True
        lead = folded(found[number - 1][0]) if number else ""
        leads = (
            words.PLACE_LEADS if TRAVEL.search(sentence) else words.PLACE_LEADS - words.TO
        )  # "thanks to Florence"
        return lead in leads and not sentence.isupper()

    def _carriers(self, sentence: str, known: Accounted, *, travels: bool) -> Iterator[tuple[Carrier, ...]]:
        found = list(_WORD.finditer(sentence))
        done = 0
        for number, first in enumerate(found):
            lead = folded(found[number - 1][0]) if number else ""
            is_led = lead in words.CARRIER_LEADS
            if number < done or not (first[0][:1].isupper() or is_led):
                continue  # the Airlines of Kenya Airlines are no other carrier
            for length in range(min(_LONGEST_NAME, len(found) - number), 0, -1):
                name = sentence[first.start() : found[number + length - 1].end()]
                carriers = self._whole(name, known)
                may_stand = travels or is_led
                if carriers and (length > 1 or (may_stand and _is_a_carrier(found, number, is_led=is_led))):
                    yield carriers
                    done = number + length
                    break
            else:
                if travels and self._sounds_like_one(sentence, found[number:], known):
                    yield ()

    def _whole(self, name: str, known: Accounted) -> tuple[Carrier, ...]:
        wanted = folded(name)
        return tuple(
            carrier
            for carrier in self._called(name, known.day)
            if carrier.state.code != "UN"
            and wanted in {folded(each) for each in (carrier.name, *carrier.former_names)}
        )

    @staticmethod
    def _sounds_like_one(sentence: str, found: list[re.Match[str]], known: Accounted) -> bool:
        """Say whether capitals are a carrier that no table knows: "Air Nowhere", not "Airline: X"."""
        run: list[str] = []
        end = found[0].start()
        for match in found[:_LONGEST_NAME]:
            if not match[0][:1].isupper() or sentence[end : match.start()].strip(" -"):
                break
            run.append(folded(match[0]))
            end = match.end()
        is_flying = len(run) > 1 and bool(words.FLYING & set(run[:2])) and not words.NO_AIRLINE & set(run)
        return is_flying and not any(" ".join(run[:2]) in name for name in known.operators)


def _is_a_carrier(found: list[re.Match[str]], number: int, *, is_led: bool) -> bool:
    """Say whether one word is a carrier here: "with Ethiopian from Goma", and not "Ethiopian visa"."""
    if folded(found[number][0]) not in words.EVERYDAY_CARRIERS:
        return True
    following = found[number + 1][0] if number + 1 < len(found) else ""
    ends = not following or folded(following) in words.AFTER_CARRIER or following[:1].isdigit()
    return is_led and ends


def _is_everyday(word: str) -> bool:
    bare = folded(word)
    return len(bare) <= len("of") or bare in words.EVERYDAY or bare in words.HARMLESS or bare in words.LABELS


def _word_before(sentence: str, start: int) -> str:
    before = _WORD.findall(sentence[max(0, start - 20) : start])
    return folded(before[-1]) if before else ""
