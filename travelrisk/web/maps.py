"""The map of an answer, unless the reader asked for few bytes."""

from typing import Final

from flask import request

from travelrisk.domain.advisories import Advisory
from travelrisk.domain.itineraries import Itinerary
from travelrisk.picture.journey import Drawn
from travelrisk.services.trips import drawing
from travelrisk.web.languages import language
from travelrisk.web.parts import application

_ON: Final = "on"


def map_of(itinerary: Itinerary, advisory: Advisory) -> Drawn | None:
    """Return the map of a judged itinerary; None where there is nothing to draw."""
    return drawing.drawn(application(), itinerary, advisory, language())


def is_lite() -> bool:
    """Say whether the picture is left out, for whom every kilobyte counts; its list of facts never is."""
    return request.headers.get("Save-Data", "").strip().lower() == _ON or "lite" in request.args
