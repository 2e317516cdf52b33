"""Which records the facts of a source ask for that are not there yet; pure.

What is rated as gravely and for as long already asks for nothing more. What people rated is made graver or
taken further, never milder, and a caution of theirs from the same source is not doubled. A record of the
feed's own follows its source, also where that makes something easier: then it takes the signatures of that.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from travelrisk.domain.airspaces import EVERY_FLIGHT, Airspace, Movement, Scope
from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.changes import base_id
from travelrisk.domain.codes import folded
from travelrisk.domain.facts import Fact
from travelrisk.domain.loosening import gravity
from travelrisk.domain.policy import Policy
from travelrisk.domain.ratings import Caution, Evidence, Level, Rating, Record, Subject, SubjectKind
from travelrisk.domain.texts import LANGUAGES, Texts
from travelrisk.feeds.card import Card
from travelrisk.store.feeds import Known

_LONGEST: Final = 900  # letters of the source's words in a text that travellers read

Assessed = Rating | Caution


@dataclass(frozen=True, slots=True)
class Asker:
    """Whose facts are compared, and with what.

    Attributes:
        feed: its name. author: the name under which its records are set.
        in_force: records open now.
    """

    feed: str
    card: Card
    author: str
    policy: Policy
    book: CarrierBook
    in_force: Sequence[Record]

    @property
    def prefix(self) -> str:
        """How the ids of its own records begin, and nobody else's."""
        return f"feed-{self.feed.replace('_', '-')}-"

    def asked(self, facts: Iterable[Known]) -> Iterator[Assessed]:
        """Yield the records that the facts ask for and that are not in force, under their base ids."""
        claimed: set[str] = set()
        for known in facts:
            for subject in self._subjects(known.fact):
                record = self._for(known, subject, claimed)
                if record is not None:
                    claimed.add(record.id)
                    yield record

    def outlived(self, facts: Iterable[Known]) -> Iterator[Assessed]:
        """Yield its own records in force that no fact asks for any more."""
        wanted = {
            self._id(known.fact, subject)
            for known in facts
            if known.fact.asks is not None
            for subject in self._subjects(known.fact)
        }
        for record in self._open():
            if self._is_own(record) and base_id(record.id) not in wanted:
                yield record

    def _subjects(self, fact: Fact) -> Iterator[Subject]:
        """Yield what a fact is about here: the airspaces that it names, wherever their outlines are drawn.

        For a FIR that nobody drew the outline of its State stands in, and for that the country itself.
        """
        drawn = {each.key: each for each in self.in_force if isinstance(each, Airspace)}
        if not self.card.about_airspaces:
            drawn = {}
        named = [drawn[key] for key in fact.airspaces if key in drawn]
        yield from (Subject(SubjectKind.AIRSPACE, each.key) for each in named)
        is_whole = len(named) == len(fact.airspaces)
        seen = {each.state for each in named} if is_whole else set()
        for subject in fact.subjects:
            if subject.key not in seen:
                is_drawn = subject.kind is SubjectKind.COUNTRY and subject.key in drawn
                yield Subject(SubjectKind.AIRSPACE, subject.key) if is_drawn else subject

    def _for(self, known: Known, subject: Subject, claimed: set[str]) -> Assessed | None:
        fact, day = known.fact, known.since.date()
        mine = [each for each in self._open() if each.subject == subject]
        name = self._id(fact, subject)
        own = next((each for each in mine if self._is_own(each) and base_id(each.id) == name), None)
        if isinstance(fact.asks, Level):
            ratings = [each for each in mine if isinstance(each, Rating) and _end(each) >= day]
            is_met = isinstance(own, Caution)
            return None if is_met else self._rating(fact, subject, fact.asks, day, ratings)
        if fact.asks is None:
            return None
        wanted = self._caution(fact, subject, day)
        if own is not None:
            return None if _says_the_same(own, wanted) else replace(wanted, valid_from=own.valid_from)
        of_source = [each for each in mine if self._is_of_source(each) and not self._is_own(each)]
        if any(self._suffices(each, wanted) for each in of_source):
            return None
        cautions = [each for each in of_source if isinstance(each, Caution)]
        if len(cautions) == 1 and base_id(cautions[0].id) not in claimed:
            return self._taken_further(cautions[0], wanted)
        return wanted

    def _taken_further(self, before: Caution, wanted: Caution) -> Caution:
        """Return a person's caution with what the source says now, and in no way milder than it was."""
        others = tuple(each for each in before.evidence if folded(each.kind) != folded(self.card.evidence))
        is_open = before.valid_until is None or wanted.valid_until is None
        return replace(
            wanted,
            id=base_id(before.id),
            effect=max(before.effect, wanted.effect),
            valid_from=min(before.valid_from, wanted.valid_from),
            valid_until=None if is_open else max(_end(before), _end(wanted)),
            exceptions=tuple(each for each in before.exceptions if each in wanted.exceptions),
            evidence=(*wanted.evidence, *others),
            scope=_wider(before.scope, wanted.scope),
        )

    def _rating(
        self, fact: Fact, subject: Subject, level: Level, day: date, ratings: list[Rating]
    ) -> Assessed | None:
        verdict = self.policy.levels[level]
        until = fact.valid_until or date.max
        if any(
            each.valid_from <= day and gravity(each, self.policy) >= verdict and _end(each) >= until
            for each in ratings
        ):
            return None
        if len(ratings) > 1:  # to replace several periods is a person's work; a caution comes on top
            return self._caution(replace(fact, asks=verdict), subject, day)
        new = Rating(
            id=self._id(fact, subject),
            subject=subject,
            level=level,
            valid_from=_first_day(fact, day),
            valid_until=fact.valid_until,
            set_by=self.author,
            set_on=day,
            reason=self._text(fact),
            evidence=(self._evidence(fact, day),),
            aoc=fact.aoc,
        )
        if not ratings:
            return new
        before = ratings[0]
        others = tuple(each for each in before.evidence if folded(each.kind) != folded(self.card.evidence))
        return replace(
            new,
            id=base_id(before.id),
            valid_from=min(before.valid_from, new.valid_from),
            evidence=(*new.evidence, *others),
        )

    def _caution(self, fact: Fact, subject: Subject, day: date) -> Caution:
        if fact.asks is None or isinstance(fact.asks, Level):
            raise TypeError("a caution takes a verdict")
        return Caution(
            id=self._id(fact, subject),
            subject=subject,
            effect=fact.asks,
            valid_from=_first_day(fact, day),
            valid_until=fact.valid_until,
            set_by=self.author,
            set_on=day,
            text=self._text(fact),
            exceptions=self._exceptions(fact, subject, day),
            evidence=(self._evidence(fact, day),),
            scope=fact.scope if subject.kind is SubjectKind.AIRSPACE else None,
        )

    def _suffices(self, record: Assessed, wanted: Caution) -> bool:
        exceptions = record.exceptions if isinstance(record, Caution) else ()
        return (
            gravity(record, self.policy) >= wanted.effect
            and record.valid_from <= wanted.valid_from
            and _end(record) >= _end(wanted)
            and set(exceptions) <= set(wanted.exceptions)
            and (record.scope or EVERY_FLIGHT).holds(wanted.scope or EVERY_FLIGHT)
        )

    def _exceptions(self, fact: Fact, subject: Subject, day: date) -> tuple[str, ...]:
        """Return the designators of the carriers that are excepted by name; whoever is not found is not."""
        if subject.kind is not SubjectKind.STATE:
            return ()
        found = [some for name in fact.excepted if len(some := self.book.named(name, day)) == 1]
        return tuple(sorted({each.icao for (each,) in found if each.state.code == subject.key}))

    def _evidence(self, fact: Fact, day: date) -> Evidence:
        return Evidence(
            title=fact.title,
            kind=self.card.evidence,
            url=fact.url,
            retrieved_on=day,
            valid_until=fact.valid_until,
            note=f"{self.card.attribution}. {_said(fact)}",
            value=fact.finding,
            limits=fact.limits,
        )

    def _text(self, fact: Fact) -> Texts:
        slots = {"title": fact.title, "where": _where(fact), "level": fact.level, "words": _said(fact)}
        return Texts(*(self.card.says.in_language(each).format(**slots) for each in LANGUAGES))

    def _id(self, fact: Fact, subject: Subject) -> str:
        """Return a base id: the same for the same fact about the same subject."""
        says_subject = len(fact.subjects) == 1 and folded(subject.key) in folded(fact.key).split()
        name = folded(fact.key if says_subject else f"{fact.key} {subject.key}")
        return (self.prefix + name.replace(" ", "-"))[:80].rstrip("-")

    def _open(self) -> Iterator[Assessed]:
        return (each for each in self.in_force if isinstance(each, Rating | Caution))

    def _is_own(self, record: Assessed) -> bool:
        """Say whether a record is the feed's own, and not what somebody changed or it took further."""
        return record.id.startswith(self.prefix) and record.set_by == self.author

    def _is_of_source(self, record: Assessed) -> bool:
        return any(folded(each.kind) == folded(self.card.evidence) for each in record.evidence)


def _wider(one: Scope | None, other: Scope | None) -> Scope | None:
    """Return the flights of both scopes, and those between them; None = every flight."""
    if one is None or other is None:
        return None
    if one.holds(other):
        return one
    ceilings = [each.ceiling for each in (one, other) if each.ceiling is not None]
    return Scope(
        floor=min(one.floor, other.floor),
        ceiling=max(ceilings) if len(ceilings) > 1 else None,
        movement=one.movement if one.movement is other.movement else Movement.ANY,
        airports=tuple(each for each in one.airports if each in other.airports),
    )


def _first_day(fact: Fact, day: date) -> date:
    """Return the first day of a record: what is past its date already ends when the source says."""
    return min(day, fact.valid_until or day)


def _says_the_same(record: Assessed, wanted: Caution) -> bool:
    is_as_before = replace(wanted, id=record.id, valid_from=record.valid_from, set_on=record.set_on)
    evidence = tuple(replace(each, retrieved_on=None) for each in wanted.evidence)
    return isinstance(record, Caution) and replace(
        is_as_before, evidence=evidence, opened_in=record.opened_in
    ) == replace(record, evidence=tuple(replace(each, retrieved_on=None) for each in record.evidence))


def _where(fact: Fact) -> str:
    """Return airspaces and levels in parentheses, in signs that need no translation."""
    levels = f"FL{fact.scope.floor:03}-{fact.scope.ceiling or 999:03}" if fact.scope else ""
    named = ", ".join((*fact.airspaces, *filter(None, [levels])))
    return f" ({named})" if named else ""


def _said(fact: Fact) -> str:
    """Return the source's words, with the limits that stand elsewhere in it: those are never left out."""
    elsewhere = (each for each in fact.undrawn if each not in fact.words)
    words = " ".join(filter(None, (*elsewhere, fact.words)))
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1].rstrip() + "…"


def _end(record: Record) -> date:
    return record.valid_until or date.max
