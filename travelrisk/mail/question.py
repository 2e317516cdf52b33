"""The letter with which a travel unit asks those who decide about one trip.

What was asked stands on the page: nothing that somebody typed is repeated in a letter.
"""

from dataclasses import dataclass

from travelrisk.domain.itineraries import Itinerary
from travelrisk.domain.texts import Language
from travelrisk.domain.verdicts import Verdict
from travelrisk.mail.desk import desk_speaker, frame
from travelrisk.mail.render import Letter, rendered
from travelrisk.mail.undelivered import departure
from travelrisk.screening import explain
from travelrisk.telling.segments import title


@dataclass(frozen=True, slots=True)
class QuestionFacts:
    """Everything that the letter tells; *base_url* is as for ``UndeliveredFacts``."""

    reference: str
    verdict: Verdict | None
    itinerary: Itinerary
    base_url: str
    demo: bool = False


def question(facts: QuestionFacts, language: Language) -> Letter:
    """Write the letter."""
    say = desk_speaker(language)
    lines = [departure(facts.itinerary, say, language)]
    if facts.verdict is not None:
        verdict = explain.verdict_words(facts.verdict).in_language(language)
        lines.insert(0, say("undelivered_verdict", verdict=verdict))
    context = {
        **frame(f"{facts.base_url}/replies/{facts.reference}", language, demo=facts.demo),
        "label": say("question_label"),
        "title": title(facts.itinerary, facts.reference, say, language),
        "headline": say("question_headline", reference=facts.reference),
        "lead": say("question_lead"),
        "lines": lines,
        "to_do": say("question_do"),
        "why": say("question_why"),
        "open": say("open_question"),
    }
    return rendered("question", language, facts.reference, context)
