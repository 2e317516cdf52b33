"""The reminder to a traveller: what is still open of a trip, who decides, and until when."""

from travelrisk.domain.itineraries import Moment
from travelrisk.domain.texts import Language, day_in_words
from travelrisk.domain.verdicts import Verdict
from travelrisk.mail.letters import LetterFacts, not_cleared, review
from travelrisk.mail.render import Context, Letter, rendered
from travelrisk.telling.words import speaker


def still_open(facts: LetterFacts, departs: Moment, language: Language) -> Letter:
    """Write the reminder of a trip that needs a review or is not cleared, *departs* being when it begins.

    Raises:
        ValueError: nothing is open, or the day is not known; then there is no reminder.
    """
    if facts.advisory.verdict < Verdict.REVIEW or departs.day is None:
        raise ValueError("a reminder of nothing, or for no day, is no letter")
    return rendered("still_open", language, facts.trip_reference, _context(facts, departs, language))


def _context(facts: LetterFacts, departs: Moment, language: Language) -> Context:
    say = speaker(language)
    assert departs.day is not None  # noqa: S101 - looked at above
    day = day_in_words(departs.day, language, weekday=True)
    is_review = facts.advisory.verdict is Verdict.REVIEW
    return {
        **(review if is_review else not_cleared)(facts, language),
        "headline": say("still_open_headline", day=day)
        if is_review
        else say("still_not_cleared_headline", day=day),
        "needed_by": say("needed_by_time", day=day, clock=f"{departs.local:%H:%M}")
        if departs.local
        else say("needed_by", day=day),
    }
