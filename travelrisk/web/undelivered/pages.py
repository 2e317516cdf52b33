"""The blueprint of these pages, and for whom they are."""

from typing import Final

from flask import Blueprint

from travelrisk.domain.people import Act
from travelrisk.web.access import open_to

blueprint: Final = Blueprint("undelivered", __name__)

open_to_tellers: Final = open_to(
    Act.TELL_TRAVELLERS, "whoever calls travellers must see whom to call, and nobody else needs to"
)
