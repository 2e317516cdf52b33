"""Who is booked, and under which record locators."""

import re
from collections.abc import Iterator
from dataclasses import replace

from travelrisk.domain.itineraries import Locator, Traveller
from travelrisk.intake.partners.place import Place
from travelrisk.intake.partners.source import Person, Record, Source
from travelrisk.intake.partners.trees import named
from travelrisk.intake.words.names import traveller_named

_OWNED = re.compile(r"(?:DC)?(?P<owner>[A-Z][A-Z0-9]|[0-9][A-Z])[*/](?P<code>[A-Z0-9]{5,8})")
_CODE = re.compile(r"[A-Z0-9-]{4,20}", re.IGNORECASE)


def travellers_of(booking: Place, document: Place, source: Source) -> tuple[Traveller, ...]:
    """Return the travellers of a booking; where it names none, those of the whole document."""
    for place in (booking, document):
        for person in source.people:
            if found := tuple(_people(place, person)):
                return tuple(dict.fromkeys(found))
    return ()


def locators_of(booking: Place, document: Place, source: Source) -> tuple[Locator, ...]:
    """Return the record locators of a booking and of its segments, each with its owner."""
    records: dict[Locator, None] = {}
    for record in source.records:
        found = _records(booking, record) or _records(document, record)
        records |= dict.fromkeys(found)
    for node in named(booking.node, source.segment):
        for record in source.segment_records:
            records |= dict.fromkeys(_records(booking.below(node), record))
    return tuple(records)


def _people(place: Place, person: Person) -> Iterator[Traveller]:
    for name in person.each:
        found = list(_people_of(place, person, name))
        if found:
            yield from found
            return


def _people_of(place: Place, person: Person, name: str) -> Iterator[Traveller]:
    for node in named(place.node, (name,)):
        below = place.below(node)
        surname, given, title, email = (
            below.text(paths) for paths in (person.surname, person.given, person.title, person.email)
        )
        if not surname and not given:
            continue
        known = traveller_named(f"{surname}/{given}", email)
        if surname.isupper():
            yield replace(known, title=known.title or title.upper())
        else:
            yield Traveller(f"{given} {surname}".strip(), surname, given, title, email)


def _records(place: Place, record: Record) -> list[Locator]:
    nodes = [place.node] if record.each == "." else named(place.node, (record.each,))
    found = []
    for node in nodes:
        below = place.below(node)
        owner = below.text(record.owner) or record.known_owner
        for written in below.all(record.code):
            owned = _OWNED.fullmatch(written)
            code = owned["code"] if owned else written
            if _CODE.fullmatch(code):
                found.append(Locator(code, owned["owner"] if owned else owner))
    return found
