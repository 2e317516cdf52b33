"""Tables out and in: exports, the booking list, and the import of a file, which becomes a proposal."""

from flask import Flask

from travelrisk.web import languages
from travelrisk.web.exchange import exporting, importing
from travelrisk.web.exchange.pages import exchange

__all__ = ["exporting", "importing", "open_for"]


def open_for(pages: Flask) -> None:
    """Add the pages of tables."""
    languages.register(pages, exchange)
