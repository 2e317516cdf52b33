"""What the letters say: one function a letter, returning the one context of subject, text and HTML."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from travelrisk.domain.advisories import Advisory, Difference, Finding, difference
from travelrisk.domain.itineraries import Claim, Itinerary
from travelrisk.domain.policy import Policy
from travelrisk.domain.texts import Language
from travelrisk.domain.verdicts import Verdict
from travelrisk.mail.lines import locators, moment, numbered, other_languages, person, unread, why
from travelrisk.mail.render import Context, Letter, rendered
from travelrisk.screening import explain
from travelrisk.telling import changes
from travelrisk.telling.calendars import Answer, calendar
from travelrisk.telling.foreign import foreign, visible
from travelrisk.telling.questions import good_until, open_questions
from travelrisk.telling.reasons import Reason, Teller, noted, reasons_told
from travelrisk.telling.segments import BETWEEN, RowTeller, rows_shown, sentence_case, title
from travelrisk.telling.words import Say, speaker, typeset

_MOST_ROWS = 12  # of anything; a letter must stay under the 100 KB at which mail programs cut it off
_MOST_REASONS = 24


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """Everything a letter tells.

    Attributes:
        trip_url: the trip's page, absolute, without its language.
        addressee: name or address of the person it goes to; empty = not known.
        demo: the ratings are for show, and the letter must say so.
        replaces: when the message that this one replaces was written; None = it replaces none.
        sequence: how many letters were written before this one.
        was: what the reader was told last of this very itinerary; None = nothing yet, or of another one.
        dropped: what people told us of the version before, and a new document has replaced.
    """

    itinerary: Itinerary
    advisory: Advisory
    policy: Policy
    trip_reference: str
    trip_url: str
    addressee: str = ""
    demo: bool = False
    replaces: datetime | None = None
    sequence: int = 0
    was: Advisory | None = None
    dropped: tuple[Claim, ...] = ()

    @property
    def change(self) -> Difference | None:
        """What the advisory says differently from what the reader was told last."""
        return None if self.was is None else difference(self.was, self.advisory)


def compose(facts: LetterFacts, language: Language) -> Letter:
    """Write the letter of an advisory: of what changed, or else of its verdict, and of nothing else."""
    write = changed if facts.change else LETTERS[facts.advisory.verdict]
    context = write(facts, language)
    letter = rendered(write.__name__, language, facts.trip_reference, context)
    return replace(letter, calendar=_calendar(facts, language))


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
        "questions": [
            (number, numbered(each, say, language))
            for number, each in enumerate(open_questions(facts.itinerary), 1)
            if each.segment is None or each.segment in _ahead(facts)
        ],
        "unread": [unread(line, language) for line in facts.itinerary.unread[:_MOST_ROWS]],
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


def changed(facts: LetterFacts, language: Language) -> Context:
    """The answer is another one, worse or better: was and is, what is new, and what holds no longer."""
    say, advisory = speaker(language), facts.advisory
    change, was = facts.change, facts.was
    if change is None or was is None:
        raise ValueError("nothing has changed")
    told = changes.leads(change, advisory)
    lines = [_line(facts, each.finding, each.key, say, language) for each in told]
    more = len(advisory.reasons()) - sum(each.key != "no_longer" for each in told)
    bought = "bought" if advisory.verdict > Verdict.CONDITIONAL else f"bought_{advisory.verdict.word}"
    gone = changes.news(change).gone[:_MOST_ROWS]
    return {
        "questions": (),
        "unread": (),
        "unread_more": 0,
        **LETTERS[advisory.verdict](facts, language),
        **_now_was(change, say, language),
        "reason": lines[0] if lines else say(_unexplained(advisory)),
        "also": "".join(lines[1:]),
        "more_reasons": say("more_reasons", count=more) if more > 0 else "",
        "compared": say("compared", moment=moment(was.at, say, language), edition=was.edition),
        "gone_reasons": [_gone(facts, each, say, language) for each in gone],
        "bought": say(bought),
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
    change, ahead = facts.change, _ahead(facts)
    moved = {each.segment: each.was for each in change.moved} if change else {}
    teller = Teller(say, language, changes.news(change).new if change else ())
    told = reasons_told(advisory, len(itinerary.segments), teller, _MOST_REASONS)
    more = len(advisory.reasons()) - 1
    words = explain.verdict_words(advisory.verdict).in_language(language)
    shown = rows_shown(ahead, advisory, _MOST_ROWS, moved)
    row_teller = RowTeller(advisory, told, teller, say, language)
    return {
        "language": language,
        "say": say,
        "verdict": advisory.verdict.word,
        "verdict_words": words,
        "verdict_label": sentence_case(words),
        "also": "",
        "more_reasons": say("more_reasons", count=more) if more > 0 else "",
        "title": title(_only(itinerary, ahead), visible(facts.trip_reference), say, language),
        "demo": facts.demo,
        "reference": visible(facts.trip_reference),
        "locators": locators(itinerary, say),
        "checked": say("checked", moment=moment(advisory.at, say, language), edition=advisory.edition),
        "replaces": say("replaces", moment=moment(facts.replaces, say, language)) if facts.replaces else "",
        "rows": [row_teller.row(each, itinerary.segments[each], moved.get(each)) for each in shown],
        "rows_more": len(ahead) - len(shown),
        "use_until": "",
        "whole_trip": told.by_segment.get(None, ()),
        "reasons_more": told.left_out,
        "notes": [
            *_dropped(facts, say, language),
            *[teller.sentence(finding) for finding in noted(advisory)][:_MOST_ROWS],
        ],
        "what_to_do": typeset(explain.what_to_do(advisory.verdict).in_language(language), language),
        "focal_point": person(facts.policy.focal_point, language),
        "alternate": person(facts.policy.alternate, language),
        "url": facts.trip_url,
        "understood_url": f"{facts.trip_url}/understood?language={language}",
        "others": other_languages(facts.trip_url, language),
        "why": why(facts.addressee, visible(facts.trip_reference), say),
    }


def _dropped(facts: LetterFacts, say: Say, language: Language) -> Iterator[str]:
    told = dict.fromkeys(foreign(each.value) for each in facts.dropped if each.value)
    if told:
        yield say("dropped", told=BETWEEN[language].join(list(told)[:_MOST_ROWS]))


def _calendar(facts: LetterFacts, language: Language) -> str:
    """Return the flights for a calendar, where they may be flown, or an earlier letter may have said so."""
    if facts.advisory.verdict > Verdict.CONDITIONAL and not facts.sequence:
        return ""
    answer = Answer(facts.itinerary, facts.advisory, visible(facts.trip_reference), facts.sequence)
    return calendar((answer,), language)


def _first_reason(facts: LetterFacts, key: str, say: Say, language: Language) -> str:
    reasons = facts.advisory.reasons()
    if not reasons:
        return say("reason_unknown")
    return _line(facts, reasons[0], key, say, language)


def _line(facts: LetterFacts, finding: Finding, key: str, say: Say, language: Language) -> str:
    text = Teller(say, language).sentence(finding)
    flight = _flight(facts.itinerary, finding.segment)
    return say(f"{key}_of_flight", flight=flight, text=text) if flight else say(key, text=text)


def _ahead(facts: LetterFacts) -> Sequence[int]:
    """Return the segments that the letter is about; that of a change leaves out what has been flown."""
    if facts.change is None:
        return range(len(facts.itinerary.segments))
    spoken_of = {each.segment for each in facts.advisory.reasons()}
    verdicts = enumerate(facts.advisory.segment_verdicts)
    return [index for index, verdict in verdicts if verdict is not None or index in spoken_of]


def _only(itinerary: Itinerary, segments: Sequence[int]) -> Itinerary:
    if len(segments) == len(itinerary.segments):
        return itinerary
    return replace(itinerary, segments=tuple(itinerary.segments[each] for each in segments))


def _now_was(change: Difference, say: Say, language: Language) -> Context:
    """Say what the answer is and was: in the subject, and in the first line with what it means."""
    now, was = (explain.verdict_words(each).in_language(language) for each in (change.now, change.was))
    means = say(f"changed_{change.now.word}")
    if change.now is not change.was:
        label = say("now_was", now=sentence_case(now), was=was)
        return {"verdict_label": label, "headline": f"{say('changed', now=now, was=was)} {means}"}
    what = "conditions" if change.now is Verdict.CONDITIONAL else "part"
    label = say("now_changed", now=sentence_case(now))
    return {"verdict_label": label, "headline": f"{say(f'changed_in_{what}', now=now)} {means}"}


def _unexplained(advisory: Advisory) -> str:
    return "cleared_reason" if advisory.verdict is Verdict.CLEARED else "reason_unknown"


def _gone(facts: LetterFacts, finding: Finding, say: Say, language: Language) -> Reason:
    """Tell a reason that holds no longer, without its record: that holds no longer either."""
    return Reason(_line(facts, finding, "gone", say, language), finding.code)


def _flight(itinerary: Itinerary, index: int | None) -> str:
    """Name the flight a reason is about, where there are several."""
    if index is None or not 0 <= index < len(itinerary.segments) > 1:
        return ""
    return foreign(itinerary.segments[index].flight)


def _use_until(facts: LetterFacts, say: Say, language: Language) -> str:
    until = good_until(facts.itinerary, facts.advisory, facts.policy)
    return say("use_until", moment=moment(until, say, language)) if until else ""
