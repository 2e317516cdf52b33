"""An answer in full, as a person reads it: the verdict first, then segments, reasons, and what to do."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import click

from travelrisk.cli.console import badge, heading, say
from travelrisk.cli.ways import print_ways
from travelrisk.domain.advisories import Advisory
from travelrisk.domain.itineraries import Itinerary, Severity
from travelrisk.domain.policy import Contact, Policy
from travelrisk.domain.texts import Language, day_in_words
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening.alternatives import Ways
from travelrisk.screening.explain import what_to_do
from travelrisk.services.trips.checking import Answer
from travelrisk.telling.foreign import visible
from travelrisk.telling.questions import asked
from travelrisk.telling.reasons import Reason, Teller, Told, noted, reasons_told
from travelrisk.telling.refusals import refusal
from travelrisk.telling.segments import RowTeller, SegmentRow, title
from travelrisk.telling.ways import ways_told
from travelrisk.telling.words import speaker

_MOST_REASONS = 60


class Speaker:
    """Prints the answers to one question in one language."""

    def __init__(self, policy: Policy, language: Language, *, demo: bool) -> None:
        self._policy = policy
        self._language = language
        self._words = speaker(language)
        self._demo = demo

    def all(self, answers: Sequence[Answer], ways: Sequence[Sequence[Ways]] | None = None) -> None:
        """Print every answer, the other *ways* of each, and below them what they are and are not."""
        for position, (answer, found) in enumerate(zip(answers, ways or [()] * len(answers), strict=True)):
            if position:
                click.echo()
            if answer.itinerary is not None and answer.advisory is not None:
                self._answer(answer.itinerary, answer.advisory)
            else:
                self._nothing(answer)
            if found:
                print_ways(ways_told(found, self._policy.rerouting, self._language), self._language)
        click.echo()
        if self._demo:
            say(self._words("demo_note"))
        say(self._words("not_the_security_clearance"))

    def _nothing(self, answer: Answer) -> None:
        click.echo(badge(None, self._language))
        say(self._words("no_segments"))
        say(refusal(answer.reason, self._language).text)
        self._unread(answer.unread)

    def _answer(self, itinerary: Itinerary, advisory: Advisory) -> None:
        click.echo(badge(advisory.verdict, self._language))
        say(self._words(f"{advisory.verdict.word}_headline"))
        say(title(itinerary, "", self._words, self._language))
        teller = Teller(self._words, self._language)
        told = reasons_told(advisory, len(itinerary.segments), teller, _MOST_REASONS)
        self._segments(itinerary, advisory, told, teller)
        self._whole_trip(told, teller, advisory)
        self._questions(itinerary)
        self._unread(itinerary.unread)
        self._next_step(advisory)

    def _segments(self, itinerary: Itinerary, advisory: Advisory, told: Told, teller: Teller) -> None:
        rows = RowTeller(advisory, told, teller, self._words, self._language)
        for index, segment in enumerate(itinerary.segments):
            self._segment(rows.row(index, segment))

    def _segment(self, row: SegmentRow) -> None:
        verdict = Verdict.from_word(row.verdict) if row.verdict else None
        shown = badge(verdict, self._language) if verdict is not None else row.label
        click.echo(f"\n{click.style(f'{row.number}  {visible(row.name)}', bold=True)}  {shown}")
        for line in (row.path, row.operating, *row.proofs, row.in_order, row.remark):
            if line:
                say(line, indent=3)
        self._reasons(row.reasons)

    def _reasons(self, reasons: Iterable[Reason]) -> None:
        for reason in reasons:
            say(f"- {reason.text} [{reason.code}]", indent=3, hang=2)
            for line in reason.lines:
                say(line.text, indent=5)
            for source in reason.sources:
                say(source.text, indent=5)
                if source.url:
                    say(source.url, indent=5)

    def _whole_trip(self, told: Told, teller: Teller, advisory: Advisory) -> None:
        if told.by_segment.get(None):
            heading(self._words("whole_trip"))
            self._reasons(told.by_segment[None])
        notes = [teller.sentence(finding) for finding in noted(advisory)]
        if notes:
            heading(self._words("notes"))
            for note in notes:
                say(f"- {note}", indent=3, hang=2)

    def _questions(self, itinerary: Itinerary) -> None:
        open_ones = [each for each in itinerary.questions if each.severity is not Severity.NOTE]
        if open_ones:
            heading(self._words("questions"))
        for question in open_ones:
            say(f"- {asked(question, self._language)}", indent=3, hang=2)

    def _unread(self, lines: Iterable[str]) -> None:
        some = list(lines)
        if some:
            heading(self._words("unread"))
        for line in some:
            say(refusal(line, self._language).text, indent=3)

    def _next_step(self, advisory: Advisory) -> None:
        heading(self._words("what_to_do"))
        say(what_to_do(advisory.verdict).in_language(self._language), indent=3)
        key = "who_decides" if advisory.verdict >= Verdict.REVIEW else "whom_to_ask"
        self._contact(key, self._policy.focal_point)
        self._contact("alternate", self._policy.alternate)
        moment = self._moment(advisory.at)
        click.echo()
        say(self._words("checked", moment=moment, edition=advisory.edition))

    def _contact(self, key: str, contact: Contact) -> None:
        known = [contact.name.in_language(self._language), contact.email, contact.phone]
        if any(known):
            say(self._words(key, name=", ".join(filter(None, known))), indent=3)

    def _moment(self, at: datetime) -> str:
        utc = at.astimezone(UTC)
        return self._words("moment", day=day_in_words(utc.date(), self._language), clock=f"{utc:%H:%M}")
