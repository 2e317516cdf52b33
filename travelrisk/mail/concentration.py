"""The letter about a flight with more of our people than its ceiling, to whom the policy names.

It names trips by their references and offices, and nobody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from travelrisk.domain.concentration import Broken
from travelrisk.domain.itineraries import Itinerary, Segment
from travelrisk.domain.texts import Language, Texts
from travelrisk.mail.desk import desk_speaker, frame
from travelrisk.mail.reminders import Entry, Group
from travelrisk.mail.render import Letter, rendered
from travelrisk.telling.foreign import foreign
from travelrisk.telling.segments import title
from travelrisk.telling.words import Say

_MOST: Final = 60
_LONGEST_OFFICE: Final = 80


class Booked(NamedTuple):
    """A trip on the flight: its reference and office, and the flight as it was sold."""

    reference: str
    office: str
    sold_as: str
    is_newest: bool = False


@dataclass(frozen=True, slots=True)
class FlightFacts:
    """Everything that the letter tells; *decides* is who decides, *base_url* has no slash at the end."""

    segment: Segment
    broken: Sequence[Broken]
    booked: Sequence[Booked]
    decides: Texts
    base_url: str
    demo: bool = False


def concentration(facts: FlightFacts, language: Language) -> Letter:
    """Write the letter.

    Raises:
        ValueError: no ceiling is broken; then there is no letter.
    """
    if not facts.broken:
        raise ValueError("a letter about no broken ceiling is no letter")
    say = desk_speaker(language)
    decides = facts.decides.in_language(language)
    listed = facts.booked[:_MOST]
    left_out = len(facts.booked) - len(listed)
    context = {
        **frame(f"{facts.base_url}/flights", language, demo=facts.demo),
        "label": say("concentration_label"),
        "title": title(Itinerary((facts.segment,)), "", say, language),
        "headline": " ".join(_above(each, say) for each in facts.broken),
        "lead": say("concentration_lead"),
        "groups": [Group(say("concentration_booked"), tuple(_entry(each, say) for each in listed))],
        "more": say("more_not_listed", count=left_out) if left_out else "",
        "to_do": say("concentration_do", who=decides),
        "why": say("concentration_why"),
        "open": say("open_flights"),
    }
    return rendered("concentration", language, "", context, folder="reminder")


def _above(broken: Broken, say: Say) -> str:
    return say(f"concentration_{broken.of}", number=broken.number, ceiling=broken.ceiling)


def _entry(each: Booked, say: Say) -> Entry:
    office = foreign(each.office, _LONGEST_OFFICE)
    return Entry(
        name=say("concentration_newest" if each.is_newest else "journey_reference", reference=each.reference),
        ends=say("concentration_office", office=office) if office else say("concentration_no_office"),
        journeys=say("concentration_sold", name=foreign(each.sold_as)) if each.sold_as else "",
    )
