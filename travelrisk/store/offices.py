"""Whose trips somebody may see: the condition that every query for a viewer takes."""

from typing import Final

from sqlalchemy import ColumnElement, false, true

from travelrisk.store.tables import trips

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


def is_reference(text: str) -> bool:
    """Say whether a text is written as the reference of a trip, and not as its token."""
    return text.upper().startswith(PREFIX) and len(text) == len(PREFIX) + LENGTH
