"""The blueprint of these pages, and for whom they are."""

from typing import Final

from flask import Blueprint

from travelrisk.domain.people import Act
from travelrisk.web.access import open_to

blueprint: Final = Blueprint("units", __name__)

open_to_unit: Final = open_to(
    Act.SEE_TRIPS, "a travel unit books for its office, and sees the trips of that office alone"
)
