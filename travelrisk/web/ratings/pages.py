"""The blueprint that the pages of the ratings hang on, and whom they are open to."""

from flask import Blueprint

from travelrisk.services.application import Facts
from travelrisk.web.access import open_where

blueprint = Blueprint("ratings", __name__)


def are_open(facts: Facts) -> bool:
    """Say whether everybody may see the ratings; there is no sign-in yet that could tell people apart."""
    return facts.demo or facts.ratings_open


open_ratings = open_where(are_open, "the organisation opened its ratings, or they are there for show")
