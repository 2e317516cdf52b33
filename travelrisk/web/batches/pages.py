"""The blueprint that the pages of batches hang on, for whom they are, and who looks."""

from typing import Final

from flask import Blueprint

from travelrisk.domain.people import Act, Viewer
from travelrisk.web import who
from travelrisk.web.access import open_to

blueprint: Final = Blueprint("batches", __name__)

open_to_units: Final = open_to(
    Act.SCREEN, "a travel unit screens the files of its own office; those of others are not there"
)


def viewer() -> Viewer:
    """Return who looks, and for which office."""
    person = who.person()
    return Viewer(person.id, person.unit)
