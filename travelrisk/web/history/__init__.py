"""What was: ratings as known on a day, timelines, differences, news, and old advisories made again.

These pages are for whoever works at the desk or looks it over. All that they keep is what somebody has seen.
"""

from flask import Flask

from travelrisk.web import languages
from travelrisk.web.history import comparing, listing, news, replaying, timeline
from travelrisk.web.history.pages import history

__all__ = ["comparing", "listing", "news", "open_for", "replaying", "timeline"]


def open_for(pages: Flask) -> None:
    """Add the pages of what was."""
    languages.register(pages, history)
