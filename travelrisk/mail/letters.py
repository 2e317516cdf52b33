"""What the letters say: one function a letter, returning the one context of subject, text and HTML."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from travelrisk.domain.advisories import Advisory
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.itineraries import Itinerary, Locator, Question
from travelrisk.domain.policy import Contact, Policy
from travelrisk.domain.texts import LANGUAGES, Language, day_in_words
from travelrisk.domain.verdicts import Verdict
from travelrisk.mail.addresses import address
from travelrisk.mail.render import Context, Letter, rendered
from travelrisk.screening import explain
from travelrisk.telling.foreign import foreign, visible
from travelrisk.telling.questions import asked, good_until, open_questions
from travelrisk.telling.reasons import Teller, noted, reasons_told
from travelrisk.telling.refusals import refusal
from travelrisk.telling.segments import RowTeller, rows_shown, sentence_case, title
from travelrisk.telling.words import Say, speaker, typeset

_MOST_ROWS = 12  # of anything; a letter must stay under the 100 KB at which mail programs cut it off
_MOST_REASONS = 24
_MOST_LOCATORS = 30
_LONGEST_LINE = 300
_LONGEST_LOCATOR = 30
_NAMES: dict[Language, str] = {"en": "English", "fr": "Français", "es": "Español"}


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """Everything a letter tells.

    Attributes:
        trip_url: the trip's page, absolute, without its language.
        addressee: name or address of the person it goes to; empty = not known.
        demo: the ratings are for show, and the letter must say so.
        replaces: when the message that this one replaces was written; None = it replaces none.
    """

    itinerary: Itinerary
    advisory: Advisory
    policy: Policy
    trip_reference: str
    trip_url: str
    addressee: str = ""
    demo: bool = False
    replaces: datetime | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Whom to ask; every field may be empty, but not all of them."""

    name: str
    email: str
    phone: str


def compose(facts: LetterFacts, language: Language) -> Letter:
    """Write the letter of an advisory: the letter is chosen by the verdict, and nothing else."""
    write = LETTERS[facts.advisory.verdict]
    return rendered(write.__name__, language, facts.trip_reference, write(facts, language))


def cleared(facts: LetterFacts, language: Language) -> Context:
    """The ticket may be bought: what was checked, and until when the answer may be used."""
    say = speaker(language)
    return {
        **_common(facts, language),
        "headline": say("cleared_headline"),
        "reason": say("cleared_reason"),
        "use_until": _use_until(facts, say, language),
    }


def conditional(facts: LetterFacts, language: Language) -> Context:
    """The ticket may be bought if conditions are met: which ones, and for which segment."""
    say = speaker(language)
    return {
        **_common(facts, language),
        "headline": say("conditional_headline"),
        "reason": _first_reason(facts, "condition", say, language),
        "use_until": _use_until(facts, say, language),
    }


def review(facts: LetterFacts, language: Language) -> Context:
    """Nobody knows yet: what is asked, what was not understood, and who decides."""
    say = speaker(language)
    return {
        **_common(facts, language),
        "headline": say("review_headline"),
        "reason": _first_reason(facts, "reason", say, language),
        "questions": [_asked(each, say, language) for each in open_questions(facts.itinerary)],
        "unread": [
            foreign(refusal(line, language).text, _LONGEST_LINE)
            for line in facts.itinerary.unread[:_MOST_ROWS]
        ],
        "unread_more": max(0, len(facts.itinerary.unread) - _MOST_ROWS),
    }


def not_cleared(facts: LetterFacts, language: Language) -> Context:
    """The ticket must not be bought: on whose rating, on what evidence, and who decides."""
    say = speaker(language)
    return {
        **review(facts, language),
        "headline": say("not_cleared_headline"),
        "reason": _first_reason(facts, "reason", say, language),
    }


LETTERS: dict[Verdict, Callable[[LetterFacts, Language], Context]] = {
    Verdict.CLEARED: cleared,
    Verdict.CONDITIONAL: conditional,
    Verdict.REVIEW: review,
    Verdict.NOT_CLEARED: not_cleared,
}


def _common(facts: LetterFacts, language: Language) -> Context:
    say = speaker(language)
    advisory, itinerary = facts.advisory, facts.itinerary
    teller = Teller(say, language)
    told = reasons_told(advisory, len(itinerary.segments), teller, _MOST_REASONS)
    more = len(advisory.reasons()) - 1
    words = explain.verdict_words(advisory.verdict).in_language(language)
    shown = rows_shown(itinerary, advisory, _MOST_ROWS)
    row_teller = RowTeller(advisory, told, teller, say, language)
    return {
        "language": language,
        "say": say,
        "verdict": advisory.verdict.word,
        "verdict_words": words,
        "verdict_label": sentence_case(words),
        "more_reasons": say("more_reasons", count=more) if more > 0 else "",
        "title": title(itinerary, visible(facts.trip_reference), say, language),
        "demo": facts.demo,
        "reference": visible(facts.trip_reference),
        "locators": _locators(itinerary, say),
        "checked": say("checked", moment=_moment(advisory.at, say, language), edition=advisory.edition),
        "replaces": say("replaces", moment=_moment(facts.replaces, say, language)) if facts.replaces else "",
        "rows": [row_teller.row(index, itinerary.segments[index]) for index in shown],
        "rows_more": len(itinerary.segments) - len(shown),
        "use_until": "",
        "whole_trip": told.by_segment.get(None, ()),
        "reasons_more": told.left_out,
        "notes": [teller.sentence(finding) for finding in noted(advisory)][:_MOST_ROWS],
        "what_to_do": typeset(explain.what_to_do(advisory.verdict).in_language(language), language),
        "focal_point": contact_of(facts.policy.focal_point, language),
        "alternate": contact_of(facts.policy.alternate, language),
        "url": facts.trip_url,
        "others": [(each, _NAMES[each], _in(facts.trip_url, each)) for each in LANGUAGES if each != language],
        "why": _why(facts, say),
    }


def _first_reason(facts: LetterFacts, key: str, say: Say, language: Language) -> str:
    reasons = facts.advisory.reasons()
    if not reasons:
        return say("reason_unknown")
    text = Teller(say, language).sentence(reasons[0])
    flight = _flight(facts.itinerary, reasons[0].segment)
    return say(f"{key}_of_flight", flight=flight, text=text) if flight else say(key, text=text)


def _flight(itinerary: Itinerary, index: int | None) -> str:
    """Name the flight a reason is about, where there are several."""
    if index is None or not 0 <= index < len(itinerary.segments) > 1:
        return ""
    return foreign(itinerary.segments[index].flight)


def _use_until(facts: LetterFacts, say: Say, language: Language) -> str:
    until = good_until(facts.itinerary, facts.advisory, facts.policy)
    return say("use_until", moment=_moment(until, say, language)) if until else ""


def _locators(itinerary: Itinerary, say: Say) -> str:
    """Name every record locator with its owner; they stand in the letter alone, never in a header."""
    given = tuple(dict.fromkeys(filter(None, map(_locator, itinerary.locators))))
    if not given:
        return ""
    line = say("locator" if len(given) == 1 else "locators", codes=", ".join(given[:_MOST_LOCATORS]))
    more = len(given) - _MOST_LOCATORS
    return f"{line}. {say('more_on_the_page', count=more)}" if more > 0 else line


def _locator(locator: Locator) -> str:
    code, owner = foreign(locator.code, _LONGEST_LOCATOR), foreign(locator.owner, _LONGEST_LOCATOR)
    return f"{code}\N{NO-BREAK SPACE}({owner})" if code and owner else code


def _asked(question: Question, say: Say, language: Language) -> str:
    text = asked(question, language)
    return text if question.segment is None else say("of_segment", number=question.segment + 1, text=text)


def _unread(line: str, language: Language) -> str:
    """Show a line of the document as it is; what our readers say of one, in the language."""
    return foreign(refusal(line, language).text, _LONGEST_LINE)


def contact_of(contact: Contact, language: Language) -> Person | None:
    """Return whom to ask, as a letter shows it; None where the policy names nobody."""
    name = contact.name.in_language(language)
    if not (name or contact.email or contact.phone):
        return None
    return Person(
        visible(name), visible(contact.email), visible(contact.phone).replace(" ", "\N{NO-BREAK SPACE}")
    )


def _why(facts: LetterFacts, say: Say) -> str:
    reference = visible(facts.trip_reference)
    if not facts.addressee:
        return say("why_nameless", reference=reference)
    return say("why", addressee=_own_address(facts.addressee), reference=reference)


def _own_address(addressee: str) -> str:
    """Show a real address as it is; anything else is foreign text."""
    try:
        return address(addressee).addr_spec
    except BadInputError:
        return foreign(addressee)


def _moment(moment: datetime, say: Say, language: Language) -> str:
    utc = moment.astimezone(UTC)
    return say("moment", day=day_in_words(utc.date(), language), clock=f"{utc:%H:%M}")


def _in(url: str, language: Language) -> str:
    return f"{url}{'&' if '?' in url else '?'}language={language}"
