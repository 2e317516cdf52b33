"""The focal point's desk: the work queue, and changes from draft to published. No judgement, no table."""

from flask import Flask

from travelrisk.web import languages
from travelrisk.web.focal import acting, editing, filing, listing, picking, queueing, showing
from travelrisk.web.focal.pages import changes, queue

__all__ = ["acting", "editing", "filing", "listing", "open_for", "picking", "queueing", "showing"]


def open_for(pages: Flask) -> None:
    """Add the pages of the focal point's desk."""
    languages.register(pages, queue)
    languages.register(pages, changes)
