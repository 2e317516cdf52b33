"""What people told us about a trip, in the words of the pages."""

from typing import Final

from travelrisk.domain.itineraries import Claim, Itinerary
from travelrisk.domain.settling.correcting import CORRECTIONS
from travelrisk.store.statements import Statement
from travelrisk.telling.foreign import visible
from travelrisk.web.languages import language
from travelrisk.web.words import speaker

_LONGEST: Final = 300


def stated(said: Statement, known: Itinerary | None) -> str:
    """Return a statement in words, with its segment where *known* has several."""
    text = _stated(said.code if said.code in CORRECTIONS else "answer", said.value)
    if said.segment is None or known is None or said.segment >= len(known.segments):
        return text
    return speaker(language())("of_segment", number=said.segment + 1, text=text)


def claimed(claim: Claim) -> str:
    """Return what a person told us, in words, with who it was."""
    say = speaker(language())
    who_said = visible(claim.by) or say("the_traveller")
    return say("stated_by", text=_stated(claim.about, claim.value), who=who_said)


def _stated(about: str, value: str) -> str:
    say, shown_value = speaker(language()), visible(value)[:_LONGEST]
    return say("stated_" + about, text=shown_value) if value else say("stated_no_longer_mine")
