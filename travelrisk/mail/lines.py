"""The single lines of a letter: locators, questions, people and moments in words."""

from dataclasses import dataclass
from datetime import UTC, datetime

from travelrisk.domain.errors import BadInputError
from travelrisk.domain.itineraries import Itinerary, Locator, Question
from travelrisk.domain.policy import Contact
from travelrisk.domain.texts import LANGUAGES, Language, day_in_words
from travelrisk.mail.addresses import address
from travelrisk.telling.foreign import foreign, visible
from travelrisk.telling.questions import asked
from travelrisk.telling.refusals import refusal
from travelrisk.telling.words import Say

_MOST_LOCATORS = 30
_LONGEST_LINE = 300
_LONGEST_LOCATOR = 30
_NAMES: dict[Language, str] = {"en": "English", "fr": "Français", "es": "Español"}


@dataclass(frozen=True, slots=True)
class Person:
    """Whom to ask; every field may be empty, but not all of them."""

    name: str
    email: str
    phone: str


def locators(itinerary: Itinerary, say: Say) -> str:
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


def numbered(question: Question, say: Say, language: Language) -> str:
    """Ask a question, with the number of the segment it is about."""
    text = asked(question, language)
    return text if question.segment is None else say("of_segment", number=question.segment + 1, text=text)


def unread(line: str, language: Language) -> str:
    """Show a line of the document as it is; what our readers say of one, in the language."""
    return foreign(refusal(line, language).text, _LONGEST_LINE)


def person(contact: Contact, language: Language) -> Person | None:
    """Return whom to ask; None where the policy names nobody."""
    name = contact.name.in_language(language)
    if not (name or contact.email or contact.phone):
        return None
    return Person(
        visible(name), visible(contact.email), visible(contact.phone).replace(" ", "\N{NO-BREAK SPACE}")
    )


def why(addressee: str, reference: str, say: Say) -> str:
    """Say why somebody receives the letter."""
    if not addressee:
        return say("why_nameless", reference=reference)
    return say("why", addressee=_own_address(addressee), reference=reference)


def _own_address(addressee: str) -> str:
    """Show a real address as it is; anything else is foreign text."""
    try:
        return address(addressee).addr_spec
    except BadInputError:
        return foreign(addressee)


def moment(at: datetime, say: Say, language: Language) -> str:
    """Write a moment in UTC."""
    utc = at.astimezone(UTC)
    return say("moment", day=day_in_words(utc.date(), language), clock=f"{utc:%H:%M}")


def other_languages(url: str, language: Language) -> list[tuple[Language, str, str]]:
    """Return the other languages: code, name and address of the page."""
    return [(each, _NAMES[each], in_language(url, each)) for each in LANGUAGES if each != language]


def in_language(url: str, language: Language) -> str:
    """Return the address of a page in a language."""
    return f"{url}{'&' if '?' in url else '?'}language={language}"
