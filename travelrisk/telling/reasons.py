"""Findings as a letter tells them: the sentence; who set the rating, and when; the evidence."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from travelrisk.domain.advisories import Advisory, Finding, Slot
from travelrisk.domain.ratings import Caution, Evidence, Rating, Record, Service
from travelrisk.domain.texts import Language, Texts, day_in_words
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening import explain
from travelrisk.screening.scopes import scope_words
from travelrisk.telling.foreign import foreign, linkable
from travelrisk.telling.names import told
from travelrisk.telling.words import Say, typeset

DEMONSTRATION = "Demonstration"
"""Who has set the records that are there for show."""

_LONGEST_SLOT = 200
_LONGEST_TEXT = 600
_LONGEST_TITLE = 160
_MOST_EVIDENCE = 3
# Told in parts of their own: as a numbered question, as an unread line.
_ELSEWHERE = ("question.", "itinerary.unread")
_WITH_PLACES = ("airport.", "question.")
_NOTED = ("lead_time.", "concentration.", "stated.")
_NO_NEWS = frozenset({"date.known", "segment.not_air"})


@dataclass(frozen=True, slots=True)
class Line:
    """One line below a reason; *language* is that of its foreign part."""

    text: str
    language: Language


@dataclass(frozen=True, slots=True)
class Source:
    """A piece of evidence; *url* is empty where there is none to link to."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Reason:
    """One finding: a sentence, its code, and what it rests on."""

    text: str
    code: str
    lines: tuple[Line, ...] = ()
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """The reasons by segment (None = the whole trip); *left_out* were too many for a letter."""

    by_segment: Mapping[int | None, tuple[Reason, ...]]
    left_out: int


class Teller:
    """Tells the findings of one letter in its language; what a record rests on is told once.

    Reasons among *new* are marked as such: the reader knows the others from an earlier letter.
    """

    def __init__(self, say: Say, language: Language, new: Sequence[Finding] = ()) -> None:
        self._say = say
        self._language = language
        self._new = new
        self._told: set[str] = set()

    def sentence(self, finding: Finding) -> str:
        """Return the finding's sentence, with every foreign word in it tamed."""
        tamed = finding._replace(
            matched=foreign(finding.matched, _LONGEST_SLOT),
            record=self._tamed(finding.record),
            slots=tuple((name, self._slot(value, finding.code)) for name, value in finding.slots),
        )
        return typeset(explain.finding_text(tamed, self._language), self._language)

    def reason(self, finding: Finding) -> Reason:
        """Return the finding with its record, or with a word that the record stands above."""
        text = self.sentence(finding)
        if finding in self._new:
            text = self._say("new_reason", text=text)
        record = finding.record
        if record is None:
            return Reason(text, finding.code)
        if record.id in self._told:
            return Reason(text, finding.code, (self._line(self._say("same_record")),))
        self._told.add(record.id)
        sources = record.evidence[:_MOST_EVIDENCE] if isinstance(record, Rating | Caution) else ()
        return Reason(
            text,
            finding.code,
            tuple(self._rests_on(record, text)),
            tuple(self._source(each) for each in sources),
        )

    def proof(self, finding: Finding) -> str:
        """Return what speaks for a carrier: its rating, set by whom and when, or the finding's sentence."""
        if isinstance(finding.record, Rating):
            return next(self._rests_on(finding.record, "")).text
        return self.sentence(finding)

    def _tamed(self, record: Record | None) -> Record | None:
        if isinstance(record, Rating):
            if not record.reason and not record.condition:
                return record
            return replace(record, reason=self._texts(record.reason), condition=self._texts(record.condition))
        return replace(record, text=self._texts(record.text)) if isinstance(record, Caution) else record

    def _slot(self, value: Slot, code: str) -> Slot:
        if isinstance(value, Texts):
            return self._texts(value)
        if not isinstance(value, str):
            return value
        name = told(value, self._language) if code.startswith(_WITH_PLACES) else value
        return foreign(name, _LONGEST_SLOT)

    def _texts(self, texts: Texts) -> Texts:
        return texts._replace(**{self._language: self._remark(texts).text})

    def _remark(self, texts: Texts) -> Line:
        """Give a focal point's remark, and say so where it has not been translated yet."""
        text = foreign(texts.in_language(self._language), _LONGEST_TEXT)
        if not text or texts.is_translated(self._language):
            return Line(text, self._language)
        return Line(self._say("untranslated", text=text), "en")

    def _rests_on(self, record: Record, sentence: str) -> Iterator[Line]:
        say = self._say
        set_by = {"by": self._by(record), "day": day_in_words(record.set_on, self._language)}
        if isinstance(record, Rating):
            level = explain.level_words(record.level).in_language(self._language)
            yield self._line(f"{say('rating', level=level, **set_by)} {self._validity(record)}")
            yield from self._scope(record)
            yield from self._remarks((record.reason, record.condition), sentence)
        elif isinstance(record, Caution):
            yield self._line(f"{say('caution', **set_by)} {self._validity(record)}")
            yield from self._scope(record)
            yield from self._remarks((record.text,), sentence)
        elif isinstance(record, Service):  # the sentence itself says who gave an authorisation, and its end
            source = foreign(record.source, _LONGEST_TITLE)
            yield self._line(f"{say('service', source=source, **set_by)} {self._validity(record)}")

    def _scope(self, record: Rating | Caution) -> Iterator[Line]:
        if record.scope is not None:
            flights = scope_words(record.scope).in_language(self._language)
            yield self._line(self._say("flights_concerned", flights=flights))

    def _by(self, record: Record) -> str:
        """Say who set a record; what is there for show has an author in no language."""
        if record.set_by == DEMONSTRATION:
            return self._say("for_show")
        return self._say("set_by", who=foreign(record.set_by))

    def _remarks(self, remarks: Iterable[Texts], sentence: str) -> Iterator[Line]:
        for remark in map(self._remark, remarks):
            if remark.text and typeset(remark.text, self._language) not in sentence:
                yield Line(self._say("why_rated", text=remark.text), remark.language)

    def _validity(self, record: Record) -> str:
        first = day_in_words(record.valid_from, self._language)
        if record.valid_until is None:
            return self._say("valid_open", first=first)
        return self._say("valid", first=first, last=day_in_words(record.valid_until, self._language))

    def _source(self, evidence: Evidence) -> Source:
        title = foreign(evidence.title, _LONGEST_TITLE)
        if evidence.retrieved_on is None:
            return Source(self._say("evidence", title=title), linkable(evidence.url))
        day = day_in_words(evidence.retrieved_on, self._language)
        return Source(self._say("evidence_retrieved", title=title, day=day), linkable(evidence.url))

    def _line(self, text: str) -> Line:
        return Line(text, self._language)


def reasons_told(advisory: Advisory, segments: int, teller: Teller, most: int) -> Told:
    """Tell the *most* gravest reasons, in the order in which the letter shows them.

    Questions and unread lines are left to their own parts of the letter.
    """
    reasons = [each for each in advisory.reasons() if not each.code.startswith(_ELSEWHERE)]
    grouped: dict[int | None, list[Finding]] = defaultdict(list)
    for finding in reasons[:most]:
        known = finding.segment is not None and finding.segment < segments
        grouped[finding.segment if known else None].append(finding)
    order = [*sorted(key for key in grouped if key is not None), None]
    by_segment = {key: tuple(map(teller.reason, grouped[key])) for key in order if key in grouped}
    return Told(by_segment, max(0, len(reasons) - most))


def proofs(advisory: Advisory, segment: int) -> tuple[Finding, ...]:
    """Return what was checked on a segment and found in order."""
    return tuple(
        each
        for each in advisory.findings
        if each.segment == segment
        and each.effect is Verdict.CLEARED
        and each.code not in _NO_NEWS
        and not each.code.startswith((*_NOTED, *_ELSEWHERE))
    )


def noted(advisory: Advisory) -> tuple[Finding, ...]:
    """Return what changes no verdict and should be known all the same: late, a note."""
    return tuple(
        each
        for each in advisory.findings
        if each.effect is Verdict.CLEARED and each.code.startswith((*_NOTED, "question."))
    )
