"""What some programs write into events in forms of their own, put into lines with labels.

The reader of labelled lines knows the labels; a program more is a line more in the table.
"""

import re
from itertools import chain

from travelrisk.domain.itineraries import Locator, Traveller
from travelrisk.intake.calendars.vcalendar import Event
from travelrisk.intake.decoding import plain_text
from travelrisk.intake.words import words
from travelrisk.intake.words.names import traveller_named

_CODE = r"(?P<code>[A-Z][A-Z0-9]|[0-9][A-Z])"
_PLACE = r"[^\n]{1,160}\([A-Z]{3}\)[^\n]{1,160}[0-9]{1,2}:[0-9]{2}[^\n]{0,40}"
_NAME = r"[A-Z][A-Z' -]{0,40} ?/ ?[A-Z][A-Z' -]{0,40}"
_PEOPLE = (
    re.compile(r"arr [A-Z]{3} [^;\n]{1,40};[ ](?P<name>[^;\n]{1,80});"),  # TripIt
    re.compile(rf"^(?P<name>{_NAME})\n(?=Flug: )", re.MULTILINE),  # Atlatos
    re.compile(rf"^[0-9]{{1,2}}\.[ ]*(?P<name>{_NAME})$", re.MULTILINE),  # agencies
)
_FORMS = (
    # Cytric: a line of the flight, one of each end, and one with the locator behind its state.
    (
        re.compile(
            rf"^{_CODE}[ ](?P<name>[^\W\d][^\n\d]{{1,60}}?)[ ](?P<number>[0-9]{{1,4}})\b"
            rf"(?P<rest>[^\n]{{0,80}})\n(?P<origin>{_PLACE})\n(?P<destination>{_PLACE})"
            rf"(?:\n(?:(?i:{words.any_of(words.LOCATOR_LABELS)})|(?P<state>[^\n:]{{1,40}})):[ ]"
            r"(?P<locator>[A-Z0-9]{6})[ ]*$)?",
            re.MULTILINE,
        ),
        (
            r"Flight: \g<code> \g<number> - \g<name>\n\g<rest>\nDeparture: \g<origin>\n"
            r"Arrival: \g<destination>\nStatus: \g<state>\nPNR: \g<locator>"
        ),
    ),
    # Names without a title, where the program says that they are names: DOE/JANE is no way from DOE.
    (_PEOPLE[1], ""),
    (
        re.compile(
            rf"^(?:Travell?ers?|Passengers?):?\s*\n(?:[0-9]{{1,2}}\.[ ]*{_NAME}(?:\n|\Z))+", re.MULTILINE
        ),
        "",
    ),
    # Atlatos: the name of the airline without its code, which stands beside the locator alone.
    (
        re.compile(
            r"^Flug:[ ](?P<name>[^\W\d][^\n\d]{1,60}?)[ ](?P<number>[0-9]{1,4})[ ]*$"
            rf"(?P<between>(?:(?!^Flug:).){{0,600}}?)Check-in\):[ ]{_CODE}/(?P<locator>[A-Z0-9]{{6}})\b",
            re.MULTILINE | re.DOTALL,
        ),
        r"Flug: \g<code> \g<number> - \g<name>\g<between>PNR: \g<locator>",
    ),
    # NP4: city, country and airport in a row.
    (
        re.compile(
            r"^(?P<side>Von|Nach):[ ](?P<city>[A-Z][A-Z .'/-]{1,40})[ ](?P<country>[A-Z]{2})[ ]"
            r"(?P<airport>[A-Z][A-Z .'/-]{2,40}?)(?P<terminal>[ ]TERMINAL[ ]\w{1,3})?[ ]*$",
            re.MULTILINE,
        ),
        r"\g<side>: \g<city>, \g<airport>, \g<country>\g<terminal>",
    ),
)
_EMPTY = re.compile(r"^(?:Status|PNR): *$\n?", re.MULTILINE)
_AMADEUS = "//AMADEUS//"
_LOCATOR = re.compile(r"[A-Z0-9]{6}(?![A-Z0-9])")
_GROUND = re.compile(r"\b(?:hotel|lodging|rental|car|mietwagen|bahn|rail|train)\b", re.IGNORECASE)

_FLIGHT = re.compile(
    r"\b(?:flights?|vols?|vuelos?|fl[uü]ge?|airlines?|airways|fly\w*|flies|oper\w*"
    r"|(?-i:(?:[A-Z][A-Z0-9]|[0-9][A-Z]) ?[0-9]{2,4}))\b",
    re.IGNORECASE,
)


def labelled_lines(text: str) -> str:
    """Return the text of an event with labels where its program has none that are known."""
    for form, labelled in _FORMS:
        text, found = form.subn(labelled, text)
        text = _EMPTY.sub("", text) if found else text
    return text


def travellers_of(event: Event) -> tuple[Traveller, ...]:
    """Return the travellers that the text names, or the only attendee; of several, some keep the diary."""
    text = plain_text(event.description)
    found = chain.from_iterable(form.finditer(text) for form in _PEOPLE)
    named = dict.fromkeys(traveller_named(match["name"].replace(" / ", "/")) for match in found)
    if not named and len(event.attendees) == 1:
        return (traveller_named(*event.attendees[0]),)
    return tuple(named)


def locator_of(event: Event) -> tuple[Locator, ...]:
    """Return the locator that Amadeus begins the name of an event with, and writes nowhere else."""
    match = _LOCATOR.match(event.uid) if _AMADEUS in event.product.upper() else None
    return (Locator(match[0]),) if match else ()


def is_on_the_ground(event: Event) -> bool:
    """Say whether a program files an event under hotels, cars or trains, and its text speaks of no flight."""
    said = f"{event.categories}\n{event.summary}\n{event.location}\n{event.description}"
    return bool(_GROUND.search(event.categories)) and not _FLIGHT.search(said)
