"""The blueprint of these pages, for whom they are, and the words they share."""

from flask import Blueprint

from travelrisk.domain.authorisations import AuthorisationKind
from travelrisk.domain.people import Act
from travelrisk.domain.ratings import Subject, SubjectKind
from travelrisk.services.exceptions.requests import CRITICALITIES
from travelrisk.services.naming import name_of
from travelrisk.web.access import open_to, open_to_people
from travelrisk.web.languages import language
from travelrisk.web.parts import application
from travelrisk.web.words import speaker

blueprint = Blueprint("exceptions", __name__)

open_to_involved = open_to_people("each sees their own; only those who work at the desk see those of others")
open_to_deciders = open_to(Act.APPROVE_EXCEPTION, "approvers decide on what others ask for", fresh=True)
open_to_askers = open_to(Act.REQUEST_EXCEPTION, "whoever travels or books may ask for an exception")


def kind_words() -> dict[str, str]:
    """Return the words for both kinds in the language of the page."""
    say = speaker(language())
    return {kind.value: say("exception_kind_" + kind.value) for kind in AuthorisationKind}


def criticality_words() -> dict[str, str]:
    """Return the levels to choose from; they are called the same in every language."""
    return {level: level or speaker(language())("exception_no_criticality") for level in CRITICALITIES}


def carrier_name(icao: str) -> str:
    """Return the name of a carrier with its codes."""
    return name_of(application(), Subject(SubjectKind.CARRIER, icao), language())


def route_name(pair: str) -> str:
    """Return a pair of airports with the names of its cities."""
    return name_of(application(), Subject(SubjectKind.ROUTE, pair), language()) if pair else ""
