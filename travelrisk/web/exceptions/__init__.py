"""Exceptions in a browser: the list, the form that asks for one, and its page with the decision on it.

No judgement and no table; who may see one is asked of the ledger before anything else is done.
"""

from travelrisk.web.exceptions import acting, asking, listing, showing
from travelrisk.web.exceptions.pages import blueprint

__all__ = ["acting", "asking", "blueprint", "listing", "showing"]
