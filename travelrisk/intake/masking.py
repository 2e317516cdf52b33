"""Lines that are kept beside an answer lose what identifies people: nobody needs it to judge a flight.

A source line or an unread line may come from any part of a booking, so it may hold e-mail addresses,
telephone numbers, tickets and passports. All of them go through here, whatever reader kept them.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from operator import is_

from travelrisk.domain.drafts import Draft, DraftSegment
from travelrisk.domain.itineraries import Evidence
from travelrisk.intake.document import Reading

_NUMBER_SIGN = r"(?:[ ]?(?:no\.?|nr\.?|n[°º]|number|num[ée]ro|n[úu]mero|is|est|es|#|:|=|-|/))*[ ]*"
_CODE = r"(?=[A-Z0-9 -]*[0-9]{3})[A-Z0-9]{2,}(?:[ -]?[A-Z0-9]{2,}){0,4}"
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
_IBAN = r"[A-Z]{2}[0-9]{2}(?:[ ]?[A-Z0-9]{4}){3,7}"
_MASKS = (
    (r"[^\s,;<>()@]{1,64}@[^\s,;<>()]+", "(address)"),
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
        drafts=tuple(map(_masked_draft, reading.drafts)),
        unread=_masked_lines(reading.unread),
        reason=masked(reading.reason),
    )


def _masked_draft(draft: Draft) -> Draft:
    segments = tuple(map(_masked_segment, draft.segments))
    unread = _masked_lines(draft.unread)
    if unread == draft.unread and all(map(is_, segments, draft.segments)):
        return draft
    return replace(draft, segments=segments, unread=unread)


def _masked_segment(segment: DraftSegment) -> DraftSegment:
    was = (segment.source, segment.part, segment.operator, segment.aircraft_owner)
    source, part, operator, owner = lines = tuple(map(masked, was))
    also = tuple(Evidence(masked(seen.part), masked(seen.text)) for seen in segment.also)
    if lines == was and also == segment.also:
        return segment
    return replace(segment, source=source, part=part, also=also, operator=operator, aircraft_owner=owner)


def _masked_lines(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(masked, lines)))
