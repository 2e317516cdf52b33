"""The blueprint that the pages for travellers hang on."""

from flask import Blueprint

blueprint = Blueprint("traveller", __name__)
