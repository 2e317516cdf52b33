"""For travellers: the check page, and the page of one trip. Anybody may ask; a trip opens by its token."""

from travelrisk.web.traveller import check, kept, trip, understood
from travelrisk.web.traveller.pages import blueprint

__all__ = ["blueprint", "check", "kept", "trip", "understood"]
