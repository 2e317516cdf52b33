"""Settling: from a draft, in a document's own words, to an itinerary with its open questions.

Each module here settles one kind of thing and appends what it cannot decide to ``asked``, a list of
questions; nothing is picked silently. No module here reads documents, and none judges.
"""

from travelrisk.domain.settling.whole import settle

__all__ = ["settle"]
