"""The ratings, to read only: the list, and the history of one subject."""

from travelrisk.web.ratings import history, listing
from travelrisk.web.ratings.pages import blueprint

__all__ = ["blueprint", "history", "listing"]
