"""Authorisations: a named person allows one carrier for one trip, or one office, for some days.

Or a named person lets one trip fly although more of our people are on its flight than the ceiling allows.

They are dated records like ratings: opened in one edition, closed in a later one, never edited. They end by
themselves, and outside of their scope they have no effect at all.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, Literal, NamedTuple

from travelrisk.domain.errors import BadInputError
from travelrisk.domain.texts import Texts

Criticality = Literal["", "PC1", "PC2", "PC3", "PC4"]
UNDECIDED: Final = "undecided"
"""Stands for the approver while an exception is asked for; who really decides takes its place."""


class AuthorisationKind(StrEnum):
    """How far an authorisation reaches."""

    AD_HOC = "ad_hoc"  # one trip
    BLANKET = "blanket"  # all trips of one office
    CONCENTRATION = "concentration"  # one trip, on a flight with more of our people than the ceiling

    @property
    def is_for_one_trip(self) -> bool:
        """Say whether it names a trip, and not an office."""
        return self is not AuthorisationKind.BLANKET


class Whose(NamedTuple):
    """Whose journey is judged: reference of the trip and the office that travels; empty = not known."""

    trip: str = ""
    office: str = ""


NOBODY = Whose()


@dataclass(frozen=True, slots=True)
class Authorisation:
    """An exception for one carrier; at best it makes a journey conditional.

    Attributes:
        carrier: ICAO designator.
        valid_until: last flight day; there is always one.
        approved_by: who took the decision; never whoever prepared it (*set_by*). Through the desk, it is who
            signed, whatever was written there.
        need, alternatives_tried, mitigation: why it is needed, what else was looked for, and what makes up
            for it.
        conditions: under which conditions the carrier may be used.
        trip: reference of the trip; an authorisation for one trip holds for no other.
        office: the office that travels; a blanket authorisation holds for no other.
        route: a pair of airports in alphabetical order (``ADD-FRA``), for both directions; empty = any.
        people: how many of our people may be on the flight, where that is what is allowed; 0 for all others.
        criticality: level of the programme, where known. The scale PC1 to PC4 comes from security, where
            residual *security* risk is weighed; it says nothing about the safety of a flight.
    """

    id: str
    carrier: str
    kind: AuthorisationKind
    valid_from: date
    valid_until: date
    set_by: str
    set_on: date
    approved_by: str
    need: str
    alternatives_tried: str
    mitigation: str
    conditions: Texts
    trip: str = ""
    office: str = ""
    route: str = ""
    criticality: Criticality = ""
    people: int = 0
    opened_in: int = 0
    closed_in: int | None = None
    record: Literal["authorisation"] = "authorisation"

    def covers(self, whose: Whose, first: date, last: date, route: str) -> bool:
        """Say whether a flight of this carrier is in scope.

        Args:
            whose: whose journey it is.
            first: the first of the local days it touches, all of which must be covered.
            last: the last of them.
            route: its two ends in alphabetical order; empty where they are not known.
        """
        return (
            self.valid_from <= first
            and last <= self.valid_until
            and self._is_for(whose)
            and self.route in {"", route}
        )

    def _is_for(self, whose: Whose) -> bool:
        # What is not said fits nobody: an ad-hoc one without a trip, a blanket one without an office.
        named = self.trip if self.kind.is_for_one_trip else self.office
        return bool(named) and self.trip in {"", whose.trip} and self.office in {"", whose.office}


def check_authorisation(name: str, authorisation: Authorisation, longest_days: int) -> None:
    """Refuse an authorisation whose scope, end, grounds or approver are not stated.

    Args:
        name: what it is called in the message.
        authorisation: what is checked.
        longest_days: how many days the policy lets one last, both ends included.

    Raises:
        BadInputError: the message names the field and says what to do.
    """
    problem = _scope_problem(authorisation) or _grounds_problem(authorisation)
    days = (authorisation.valid_until - authorisation.valid_from).days + 1
    if days > longest_days:
        problem = (
            f"valid_until {authorisation.valid_until}: it would last {days} days and the policy allows"
            f" {longest_days}: give an earlier end"
        )
    if days < 1:
        problem = (
            f"valid_until {authorisation.valid_until} lies before valid_from {authorisation.valid_from}:"
            " give a later end"
        )
    if problem:
        raise BadInputError(f"{name}: {problem}")


def _scope_problem(authorisation: Authorisation) -> str:
    is_for_one_trip = authorisation.kind.is_for_one_trip
    if is_for_one_trip and not authorisation.trip.strip():
        return "trip: an ad-hoc authorisation is for one trip: give its reference"
    if not is_for_one_trip and authorisation.trip.strip():
        return "trip: a blanket authorisation is for an office: leave the trip empty"
    if not is_for_one_trip and not authorisation.office.strip():
        return "office: a blanket authorisation is for one office: say which"
    is_crowded = authorisation.kind is AuthorisationKind.CONCENTRATION
    if is_crowded and authorisation.people < 1:
        return "people: say how many of our people may be on the flight at most"
    if not is_crowded and authorisation.people:
        return "people: only an authorisation of kind concentration has it: leave it empty"
    return ""


def _grounds_problem(authorisation: Authorisation) -> str:
    wanted = (
        ("need", authorisation.need, "say why this journey is needed"),
        ("alternatives_tried", authorisation.alternatives_tried, "say what else was looked for"),
        ("mitigation", authorisation.mitigation, "say what makes up for it"),
        ("conditions", authorisation.conditions.en, "say in English under which conditions it holds"),
        ("approved_by", authorisation.approved_by, "name who takes the decision"),
    )
    for field, text, advice in wanted:
        if not text.strip():
            return f"{field}: {advice}"
    if authorisation.approved_by.strip().casefold() == authorisation.set_by.strip().casefold():
        return "approved_by: nobody approves what they prepared themselves: name somebody else"
    return ""
