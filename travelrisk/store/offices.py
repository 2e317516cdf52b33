"""Offices: the condition that every query for whoever may see their trips takes, and which there are."""

from typing import Final

from sqlalchemy import ColumnElement, Connection, false, select, true, union

from travelrisk.store.tables import people, programs, trips

PREFIX: Final = "TR-"
LENGTH: Final = 6


def within(office: str | None) -> ColumnElement[bool]:
    """Return the condition that a trip is one that whoever looks may see.

    Args:
        office: theirs; empty = they work for none, so that there is nothing to see; None = they answer for
            the trips of every office.
    """
    if office is None:
        return true()
    return trips.c.office == office if office else false()


def known(c: Connection) -> tuple[str, ...]:
    """Return the offices that people work for, that travel, or that have keys, by name: there is no list."""
    names = (people.c.unit, trips.c.office, programs.c.office)
    return tuple(sorted(filter(None, c.scalars(union(*map(select, names))))))


def has_trips(c: Connection, office: str) -> bool:
    """Say whether any trip is one of this office, written exactly so."""
    return c.execute(select(trips.c.id).where(trips.c.office == office).limit(1)).first() is not None


def is_reference(text: str) -> bool:
    """Say whether a text is written as the reference of a trip, and not as its token."""
    return text.upper().startswith(PREFIX) and len(text) == len(PREFIX) + LENGTH
