"""The letter about a warning that reached nobody, to whom the policy names, so that somebody calls.

It says no more about a person than the call needs: a name, and no address.
"""

from dataclasses import dataclass

from travelrisk.domain.itineraries import Itinerary, Traveller
from travelrisk.domain.texts import Language, day_in_words
from travelrisk.domain.verdicts import Verdict
from travelrisk.mail.desk import desk_speaker, frame
from travelrisk.mail.render import Letter, rendered
from travelrisk.screening import explain
from travelrisk.telling.foreign import foreign, visible
from travelrisk.telling.segments import title
from travelrisk.telling.words import Say

_MOST_NAMES = 5
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class UndeliveredFacts:
    """Everything that the letter tells.

    Attributes:
        reason: ``dead``, ``hold``, ``bounced``, ``unsent``, ``kept`` or ``unaddressed``.
        reply: what the mail server said, without addresses.
        has_second: a copy goes to the traveller's second address.
        base_url: address of the pages, without a slash at the end.
        more: how many others of the same office have no address either.
    """

    reference: str
    verdict: Verdict
    itinerary: Itinerary
    reason: str
    reply: str
    has_second: bool
    base_url: str
    more: int = 0
    demo: bool = False


def undelivered(facts: UndeliveredFacts, language: Language) -> Letter:
    """Write the letter."""
    say = desk_speaker(language)
    reply = {"reply": visible(facts.reply)} if facts.reply and facts.reason in {"dead", "bounced"} else {}
    context = {
        **frame(f"{facts.base_url}/undelivered", language, demo=facts.demo),
        "label": say("undelivered_label"),
        "title": title(facts.itinerary, facts.reference, say, language),
        "headline": say("undelivered_headline", reference=facts.reference),
        "lead": say(f"undelivered_{facts.reason}{'_reply' if reply else ''}", **reply),
        "lines": [
            say("undelivered_verdict", verdict=explain.verdict_words(facts.verdict).in_language(language)),
            departure(facts.itinerary, say, language),
            say("undelivered_traveller", name=names(facts.itinerary) or say("undelivered_nameless")),
        ],
        "beside": _beside(facts, say),
        "to_do": say("undelivered_do"),
        "why": say("undelivered_why"),
        "open": say("open_undelivered"),
    }
    return rendered("undelivered", language, facts.reference, context)


def _beside(facts: UndeliveredFacts, say: Say) -> tuple[str, ...]:
    """Say what else has a part in it: another address, or others of the same office."""
    if facts.reason == "unaddressed":
        more = say("undelivered_more", count=facts.more) if facts.more else ""
        return tuple(filter(None, (say("undelivered_send_again"), more)))
    return (say("undelivered_second"),) if facts.has_second else ()


def departure(itinerary: Itinerary, say: Say, language: Language) -> str:
    """Say when the journey begins, in the time of its first airport."""
    flying = [each.departs for each in itinerary.segments if each.is_judged and each.departs.day]
    if not flying:
        return say("undelivered_no_departure")
    first = min(flying, key=lambda each: (each.day, each.local is None, each.local))
    day = day_in_words(first.day, language, weekday=True) if first.day else ""
    if first.local is None:
        return say("undelivered_departs", day=day)
    return say("undelivered_departs_at", day=day, clock=f"{first.local:%H:%M}")


def names(itinerary: Itinerary) -> str:
    """Return the names of the travellers; empty where the booking has none."""
    known = [each for each in map(name_of, itinerary.travellers) if each]
    return ", ".join(known[:_MOST_NAMES])


def name_of(traveller: Traveller) -> str:
    """Return the name of a traveller as it is said; empty where there is none."""
    whole = " ".join(filter(None, (traveller.given, traveller.surname)))
    return foreign(whole or traveller.raw_name, _LONGEST_NAME)
