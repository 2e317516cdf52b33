"""The desk: signing in and out, one's own account, and the accounts of others. No judgement, no table."""

from travelrisk.web.desk import account, delegating, organisation, people, reporting, signing, unsubscribing
from travelrisk.web.desk.pages import blueprint

__all__ = [
    "account",
    "blueprint",
    "delegating",
    "organisation",
    "people",
    "reporting",
    "signing",
    "unsubscribing",
]
