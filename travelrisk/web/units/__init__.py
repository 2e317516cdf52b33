"""The desk of a travel unit: its lists, its search, and the page of each trip of its office."""

from travelrisk.web.units import acting, listing, searching, showing
from travelrisk.web.units.pages import blueprint

__all__ = ["acting", "blueprint", "listing", "searching", "showing"]
