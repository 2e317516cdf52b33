"""What is kept of a document loses what identifies people: nobody needs it to judge a flight.

A source line or an unread line may come from any part of a booking, and so may the words of a field, so that
they may hold e-mail addresses, telephone numbers, tickets and passports. All of them go through here,
whatever reader kept them.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache
from operator import attrgetter, is_
from typing import Any

from travelrisk.domain.drafts import Draft, DraftSegment, DraftTime
from travelrisk.domain.itineraries import Evidence, Locator, Traveller
from travelrisk.intake.document import Reading

_NUMBER_SIGN = r"(?:[ ]?(?:no\.?|nr\.?|n[°º]|number|num[ée]ro|n[úu]mero|is|est|es|#|:|=|-|/))*[ ]*"
_MIXED = r"\b(?=[A-Z]*[0-9][A-Z]*[0-9][A-Z]*[0-9])[A-Z0-9]{6}"  # L01X00T47: digits, but never three in a row
_CODE = rf"(?=[A-Z0-9 -]*(?:[0-9]{{3}}|{_MIXED}))[A-Z0-9]{{2,}}(?:[ -]?[A-Z0-9]{{2,}}){{0,4}}"
_DOCUMENT = (
    r"passports?|passeports?|pasaportes?|reisepass|passaporto|passaporte|unlp|laissez[- ]passer|visa"
    r"|id card|identity card|carte d'identit[ée]|c[ée]dula|dni|national id|foid|driving licen[cs]e"
)
_TICKET = (
    r"e-?tickets?|e-?tkt|tickets?|tkt|billets?|billetes?|boletos?|flugschein|ticketnummer|document"
    r"|frequent flyer|ffn|miles|card|carte|tarjeta|credit card|visa card|mastercard|account|iban|index"
    r"|staff|employee|personnel"
)
_PHONE = (
    r"tel|t[ée]l[ée]?phone|tel[ée]fono|phone|ph|mobile|mob|cell|gsm|portable|m[óo]vil|celular|fax|whatsapp"
    r"|call|hotline|handy|ctc[a-z]?"
)
_BIRTH = r"dob|date of birth|born(?: on)?|date de naissance|n[ée]e? le|fecha de nacimiento|nacid[oa] el"
_DAY = r"[0-9][0-9A-Z/.-]{0,11}(?:[ ][A-Z]{3,9}\.?)?(?:[ ][0-9]{4})?"
# SSR DOCS, DOCO and DOCA: document, nationality, birth and names of a person, between slashes or dashes.
_ELEMENT = r"(?:ss?r[ ]?)?doc[soa](?:[ ]?[a-z0-9]{2})?(?:[ ]?[a-z]{2}[0-9]{1,2})?"
_FIELDS = r"[^\s,/-]*(?:[/-][^\s,/-]*){2,}(?:(?:[ ][^\s,/]+){1,4}(?:/[^\s,/]*)+)*"
_PASSPORT = r"/[A-Z0-9]{5,15}/[A-Z]{2,3}/[0-9]{2}[A-Z]{3}[0-9]{2}(?!\w)"  # number, nationality, birth
_IBAN = r"[A-Z]{2}[0-9]{2}(?:[ ]?[A-Z0-9]{4}){3,7}"
_MASKS = (
    (r"[^\s,;<>()@]{1,64}@[^\s,;<>()]+", "(address)"),
    (rf"(?<!\w)(?P<label>{_ELEMENT})[ ]?{_FIELDS}", "(document)"),
    (rf"(?<!\w)[A-Z]{{2,3}}{_PASSPORT}", "(document)"),
    (rf"\b(?P<label>{_BIRTH})\b[ ]?[:.]?[ ]*{_DAY}", "(date)"),
    (rf"\b(?P<label>{_DOCUMENT})\b\.?{_NUMBER_SIGN}{_CODE}\b", "(document)"),
    (rf"\b(?P<label>{_TICKET})\b\.?{_NUMBER_SIGN}[A-Z]{{0,2}}[0-9](?:[ -]?[0-9]){{5,18}}\b", "(number)"),
    (rf"\b(?P<label>{_PHONE})\b\.?{_NUMBER_SIGN}[+(]?[0-9](?:[ ()./-]{{0,2}}[0-9]){{5,14}}\b", "(phone)"),
    (r"(?<![\w+])(?!\+[1-3][ ][0-9]{4}(?![0-9-]))\+[1-9](?:[ ()./-]{0,2}[0-9]){7,14}(?![0-9:])", "(phone)"),
    (r"(?<![\w+])00[1-9][0-9](?:[ .-][0-9]{1,4}){4,6}(?![\w:])", "(phone)"),
    (r"(?<![\w+])00[1-9][0-9]{7,14}\b", "(phone)"),
    (r"(?<![\w.])0[0-9](?:[ .-][0-9]{2}){4}(?![\w:])", "(phone)"),
    (r"(?<![\w.])\(?0[0-9]{2}\)?[ -][0-9]{3}[ -][0-9]{2}[ -]?[0-9]{2}(?![\w:])", "(phone)"),
    (r"(?<!\w)[0-9]{3}[- ][0-9]{10}(?:[-/][0-9]{1,3})?(?!\w)", "(ticket)"),
    (r"(?<!\w)[0-9]{4}(?:[ -][0-9]{4}){3}(?!\w)", "(card)"),
    (r"(?<![0-9])[0-9]{10,}", "(number)"),
    (rf"(?<!\w)(?:[0-9]{{9,}}|[A-Z]{{1,2}}[0-9]{{6,9}}[A-Z]?|{_IBAN})(?!\w)", "(number)"),
)
_STEMS = {
    "@": "@",
    r"\+[1-9]": "+",
    "00[1-9]": "00",
    _ELEMENT: "doc",
    _BIRTH: "dob|birth|born|e le|naci|nais",
    _DOCUMENT: "pass|pasap|unlp|laissez|visa|card|carte d|cedula|dni|national|foid|driving",
    _TICKET: "ticket|tkt|billet|boleto|flugschein|document|frequent|ffn|miles|card|carte|tarjeta|account"
    "|iban|index|staff|employee|personnel",
    _PHONE: "tel|ph|mob|cel|gsm|portable|movil|fax|whatsapp|call|hotline|handy|ctc",
}
"""What stands in whatever a mask fits, in plain letters: most lines of a long table have none of it."""


def _stems(pattern: str) -> tuple[str, ...]:
    found = (stems for part, stems in _STEMS.items() if part in pattern)
    return tuple(filter(None, next(found, "").split("|")))


_COMPILED = tuple(
    (re.compile(pattern, re.IGNORECASE), rf"\g<label> {mask}" if "label" in pattern else mask, stems)
    for pattern, mask in _MASKS
    for stems in (_stems(pattern),)
)
# A reader may take a whole cell or field for a number, a name or a time, whatever else stands in it.
_WORDS = (
    "source",
    "part",
    "operator",
    "aircraft_owner",
    "marketing_name",
    "marketing_number",
    "operating_number",
    "origin_name",
    "destination_name",
)
_NAMES = ("raw_name", "surname", "given", "title")
_words_of: Callable[[DraftSegment], tuple[str, ...]] = attrgetter(*_WORDS)
_names_of: Callable[[Traveller], tuple[str, ...]] = attrgetter(*_NAMES)
_SHORTEST = 6  # shorter than that no number identifies anybody
_LONGER_THAN_LOCATORS = 9
_STAMP = re.compile(r"(?:19|20)[0-9]{6}[ T]?[0-9]{4}(?:[0-9]{2})?|[0-3][0-9][01][0-9]20[0-9]{6}", re.ASCII)
_MAY_TELL = re.compile(r"[0-9@]")


def masked(line: str) -> str:
    """Return a line without e-mail addresses, telephone, ticket, card and document numbers."""
    if not _MAY_TELL.search(line):
        return line
    plain = line.lower() if line.isascii() else ""
    for pattern, mask, stems in _COMPILED:
        if not (plain and stems) or any(map(plain.__contains__, stems)):
            line = pattern.sub(mask, line)
    return line


def masked_reading(reading: Reading) -> Reading:
    """Return a reading in which each line that is kept beside the flights is masked."""
    return replace(
        reading,
        drafts=tuple(map(masked_draft, reading.drafts)),
        unread=_masked_lines(reading.unread),
        reason=masked(reading.reason),
    )


def masked_draft(draft: Draft) -> Draft:
    """Return a booking in which every word that is kept is masked."""
    segments = tuple(map(_masked_segment, draft.segments))
    travellers = tuple(map(_masked_traveller, draft.travellers))
    unread = _masked_lines(draft.unread)
    locators = tuple(map(_bare_locator, draft.locators))
    is_same = all(map(is_, segments, draft.segments)) and all(map(is_, travellers, draft.travellers))
    if is_same and (unread, locators) == (draft.unread, draft.locators):
        return draft
    return replace(draft, segments=segments, travellers=travellers, locators=locators, unread=unread)


def _masked_segment(segment: DraftSegment) -> DraftSegment:
    was = _words_of(segment)
    words = _masked_words(was)
    also = tuple(Evidence(masked(seen.part), masked(seen.text)) for seen in segment.also)
    stops = _masked_words(segment.stops)
    departs, arrives = _masked_time(segment.departs), _masked_time(segment.arrives)
    if (
        words == was
        and also == segment.also
        and stops == segment.stops
        and departs is segment.departs
        and arrives is segment.arrives
    ):
        return segment
    told: dict[str, Any] = dict(zip(_WORDS, words, strict=True))
    return replace(segment, also=also, stops=stops, departs=departs, arrives=arrives, **told)


def _masked_traveller(traveller: Traveller) -> Traveller:
    """Return somebody under a name alone; the address is where the letters go, and stays."""
    was = _names_of(traveller)
    names = _masked_words(was)
    told: dict[str, Any] = dict(zip(_NAMES, names, strict=True))
    return traveller if names == was else replace(traveller, **told)


def _bare_locator(locator: Locator) -> Locator:
    """Return a locator without what stands behind it; a mask would make one booking of two."""
    code = locator.code
    if len(code) < _LONGER_THAN_LOCATORS or masked(code) == code:
        return locator
    return replace(locator, code=code.split()[0])


def _masked_time(time: DraftTime) -> DraftTime:
    text, zone = _masked_stamp(time.text), _masked_word(time.zone)
    return time if (text, zone) == (time.text, time.zone) else replace(time, text=text, zone=zone)


@lru_cache(maxsize=4096)  # the rows of a long table have the same few days
def _masked_stamp(text: str) -> str:
    return text if _STAMP.fullmatch(text) else masked(text)


def _masked_words(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return words masked; nearly all are too short to tell anything, and rows are many."""
    return tuple([each if len(each) < _SHORTEST else masked(each) for each in words])


def _masked_word(word: str) -> str:
    return word if len(word) < _SHORTEST else masked(word)


def _masked_lines(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(masked, lines)))
