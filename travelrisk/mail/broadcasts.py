"""What a travel unit writes to travellers, in a frame that says who wrote it; and a call for help to it.

The words are the unit's own. Nobody can take them for words of this service: the frame names the author and
the office, and says that the answer on the journey stays as it is.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from travelrisk.domain.errors import BadInputError
from travelrisk.domain.texts import LANGUAGES, Language, Texts
from travelrisk.mail.desk import desk_speaker, frame
from travelrisk.mail.lines import moment
from travelrisk.mail.render import Letter, rendered
from travelrisk.telling.foreign import foreign, visible

LONGEST_SUBJECT: Final = 120
LONGEST_TEXT: Final = 2_000
_MOST_LINES: Final = 40
_MOST_NAMES: Final = 5


@dataclass(frozen=True, slots=True)
class Words:
    """Subject and text of a unit, each in the languages in which it was written."""

    subject: Texts
    text: Texts

    @property
    def languages(self) -> tuple[Language, ...]:
        """The languages in which all of it was written."""
        return tuple(
            each for each in LANGUAGES if self.subject.is_translated(each) and self.text.is_translated(each)
        )

    def spoken(self, language: Language) -> Language:
        """Return the language in which a reader of *language* gets it: theirs, else English, else another."""
        known = self.languages
        return next((each for each in (language, "en") if each in known), known[0])

    def in_short(self, language: Language) -> str:
        """Return the subject that a reader of *language* gets."""
        return self.subject.in_language(self.spoken(language))

    def kept(self) -> str:
        """Return the words as they are stored."""
        held = {"subject": self.subject._asdict(), "text": self.text._asdict()}
        return json.dumps(held, ensure_ascii=False, sort_keys=True)


@dataclass(frozen=True, slots=True)
class BroadcastFacts:
    """Everything that the letter to a traveller tells.

    Attributes:
        author: name of the person who wrote the words, of *office*.
        trip: reference of the trip of its reader.
        url: page where one answers, or that of the trip; absolute, without its language.
        asks: it asks whether they are safe.
        is_repeated: it was written before, and nobody has answered.
    """

    words: Words
    author: str
    office: str
    trip: str
    url: str
    asks: bool
    is_repeated: bool = False
    demo: bool = False


@dataclass(frozen=True, slots=True)
class HelpFacts:
    """Everything that the letter to the unit tells; *note* is in the traveller's own words."""

    trip: str
    names: tuple[str, ...]
    note: str
    at: datetime
    url: str
    demo: bool = False


def words(subject: Texts, text: Texts) -> Words:
    """Return what a unit wrote as it may be sent.

    Raises:
        BadInputError: nothing is whole, a language has a subject and no text, or it is too long; *field* says
            which.
    """
    for language in LANGUAGES:
        head, body = subject.in_language(language), text.in_language(language)
        one, other = subject.is_translated(language), text.is_translated(language)
        if one is not other:
            missing = "text" if one else "subject"
            raise BadInputError(
                f"{missing} ({language}): write it too, or leave both empty", field=f"{missing}_{language}"
            )
        if len(head) > LONGEST_SUBJECT:
            raise BadInputError(
                f"subject ({language}): at most {LONGEST_SUBJECT} characters", field=f"subject_{language}"
            )
        if len(body) > LONGEST_TEXT or body.count("\n") >= _MOST_LINES:
            raise BadInputError(
                f"text ({language}): at most {LONGEST_TEXT} characters on {_MOST_LINES} lines",
                field=f"text_{language}",
            )
    found = Words(_visible(subject), _visible(text))
    if not found.languages:
        raise BadInputError("subject: write subject and text in one language at least", field="subject_en")
    return found


def words_of(kept: str) -> Words:
    """Return the words that were stored."""
    held = json.loads(kept)
    return Words(Texts(**held["subject"]), Texts(**held["text"]))


def broadcast(facts: BroadcastFacts, language: Language) -> Letter:
    """Write the letter to a traveller whose language this is."""
    say, spoken = desk_speaker(language), facts.words.spoken(language)
    author, office = foreign(facts.author), foreign(facts.office)
    kind = "asks" if facts.asks else "tells"
    context = {
        **frame(facts.url, language, demo=facts.demo),
        "label": say("broadcast_label_again" if facts.is_repeated else "broadcast_label"),
        "title": foreign(facts.words.subject.in_language(spoken), LONGEST_SUBJECT),
        "headline": say("broadcast_headline", author=author, office=office),
        "foreign": "" if spoken == language else say("broadcast_foreign"),
        "lines": facts.words.text.in_language(spoken).split("\n"),
        "tongue": spoken,
        "to_do": say(f"broadcast_{kind}_do"),
        "open": say(f"open_broadcast_{kind}"),
        "disclaimer": say("broadcast_disclaimer"),
        "why": say("broadcast_why", office=office, reference=facts.trip),
    }
    return rendered("broadcast", language, facts.trip, context)


def help_wanted(facts: HelpFacts, language: Language) -> Letter:
    """Write the letter to somebody of the unit about a traveller who asks for help."""
    say = desk_speaker(language)
    who = ", ".join(foreign(each) for each in facts.names[:_MOST_NAMES])
    context = {
        **frame(facts.url, language, demo=facts.demo),
        "label": say("help_label"),
        "title": facts.trip,
        "headline": say("help_headline", reference=facts.trip),
        "lead": say("help_lead", moment=moment(facts.at, say, language)),
        "lines": [
            say("help_traveller", name=who or say("undelivered_nameless")),
            *([say("help_note", text=foreign(facts.note, LONGEST_TEXT))] if facts.note else []),
        ],
        "to_do": say("help_do"),
        "open": say("open_help"),
        "why": say("help_why"),
    }
    return rendered("help", language, facts.trip, context)


def _visible(texts: Texts) -> Texts:
    """Return texts line by line without what cannot be seen."""
    return Texts(*("\n".join(visible(line).rstrip() for line in each.strip().splitlines()) for each in texts))
