"""Letters to the desk about journeys: those nobody has cleared, called up before they leave, and the digests.

A journey is named by its flight, its places, its day and its reference; who travels is told to nobody here.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Final, Literal, NamedTuple

from travelrisk.domain.itineraries import Itinerary, Moment
from travelrisk.domain.texts import Language, day_in_words
from travelrisk.domain.verdicts import Verdict
from travelrisk.mail.desk import desk_speaker, frame
from travelrisk.mail.lines import in_language
from travelrisk.mail.reminders import Entry, Group
from travelrisk.mail.render import Context, Letter, rendered
from travelrisk.screening import explain
from travelrisk.telling.foreign import foreign
from travelrisk.telling.segments import sentence_case, title
from travelrisk.telling.words import Say

_MOST: Final = 45  # of one kind; as in a reminder
_FOLDER: Final = "reminder"  # the same list under other words


class Journey(NamedTuple):
    """A journey as such a letter names it.

    Attributes:
        departs: when it begins, local time. step: hours before departure at which it is called up.
        url: its page, without its language; empty where the reader may not see it.
    """

    itinerary: Itinerary
    reference: str
    verdict: Verdict
    departs: Moment
    step: int = 0
    url: str = ""


class Edition(NamedTuple):
    """An edition that was published, and how many records it opened or closed."""

    number: int
    published_at: datetime
    records: int


class Unreached(NamedTuple):
    """A letter that nobody got.

    Attributes:
        kind: whether *whose* is a trip's reference, the number of a mail that it answers, or a person's name.
    """

    whose: str
    day: date
    kind: Literal["trip", "mail", "person"]


@dataclass(frozen=True, slots=True)
class DigestFacts:
    """Everything that a digest tells; what is empty is left out.

    Attributes:
        base_url: address of the pages, without a slash at the end.
        waiting: how many items of the queue wait for each reason, for who keeps the ratings.
        keeps: whether the reader has a queue.
        anchor: number and hash of the newest entry of the audit trail, to be kept outside; nothing to tell by
            itself.
    """

    base_url: str
    keeps: bool
    demo: bool = False
    waiting: Mapping[str, int] | None = None
    published: Sequence[Edition] = ()
    unreached: Sequence[Unreached] = ()
    open: Sequence[Journey] = ()
    late: Sequence[Journey] = ()
    anchor: tuple[int, str] | None = None

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to tell."""
        waiting = sum((self.waiting or {}).values())
        return not (waiting or self.published or self.unreached or self.open or self.late)


def escalation(
    journeys: Sequence[Journey], base_url: str, language: Language, *, keeps: bool, demo: bool = False
) -> Letter:
    """Write the letter about journeys that leave soon and that nobody has cleared, the soonest first.

    Raises:
        ValueError: there are none; then there is no letter.
    """
    if not journeys:
        raise ValueError("an escalation of nothing is no letter")
    say = desk_speaker(language)
    soonest = sorted(journeys, key=lambda each: (each.step, *_departure(each)))
    first = {"name": _name(soonest[0], language), "count": len(soonest) - 1}
    return _rendered(
        "escalation",
        language,
        frame(_page(base_url, keeps=keeps), language, demo=demo),
        {
            "title": first["name"] if len(soonest) == 1 else say("escalation_title_more", **first),
            "headline": say("escalation_headline", count=len(soonest)),
            "lead": say("escalation_lead"),
            "groups": [
                Group(
                    say("escalation_within", hours=hours),
                    tuple(_journey(each, say, language) for each in those),
                )
                for hours, those in groupby(soonest[:_MOST], key=lambda each: each.step)
            ],
            "more": _more(soonest, say),
            "to_do": say("escalation_do" if keeps else "escalation_do_others"),
            "open": say("open_queue" if keeps else "open_account"),
        },
    )


def digest(facts: DigestFacts, day: date, language: Language) -> Letter:
    """Write the digest of a day.

    Raises:
        ValueError: there is nothing to tell; then there is no letter.
    """
    if facts.is_empty:
        raise ValueError("a digest of nothing is no letter")
    say = desk_speaker(language)
    return _rendered(
        "digest",
        language,
        frame(_page(facts.base_url, keeps=facts.keeps), language, demo=facts.demo),
        {
            "title": day_in_words(day, language, weekday=True),
            "headline": say("digest_headline"),
            "lead": "",
            "groups": list(_sections(facts, say, language)),
            "more": "",
            "to_do": say("digest_do" if facts.keeps else "digest_do_others"),
            "open": say("open_queue" if facts.keeps else "open_account"),
        },
    )


def _rendered(name: str, language: Language, outer: Context, inner: Context) -> Letter:
    say = desk_speaker(language)
    label, why = say(f"{name}_label"), say(f"{name}_why")
    return rendered(name, language, "", {**outer, "label": label, "why": why, **inner}, folder=_FOLDER)


def _sections(facts: DigestFacts, say: Say, language: Language) -> Iterator[Group]:
    waiting = Counter(facts.waiting or {})
    found = (
        ("digest_open", [_journey(each, say, language) for each in sorted(facts.open, key=_departure)]),
        ("digest_late", [_journey(each, say, language) for each in sorted(facts.late, key=_departure)]),
        ("digest_unreached", [_unreached(each, say, language) for each in facts.unreached]),
        (
            "digest_waiting",
            [Entry(say(f"waiting_{kind}", count=count)) for kind, count in (+waiting).items()],
        ),
        ("digest_published", [_edition(each, facts, say, language) for each in facts.published]),
        ("digest_anchor", [_anchored(*facts.anchor, say)] if facts.anchor else []),
    )
    for key, entries in found:
        if entries:
            more = [Entry(_more(entries, say))] if len(entries) > _MOST else []
            yield Group(say(key), (*entries[:_MOST], *more))


def _journey(journey: Journey, say: Say, language: Language) -> Entry:
    departs, verdict = journey.departs, explain.verdict_words(journey.verdict).in_language(language)
    day = day_in_words(departs.day, language, weekday=True) if departs.day else say("no_date")
    when = say("local_time", day=day, clock=f"{departs.local:%H:%M}") if departs.local else day
    return Entry(
        name=_name(journey, language),
        ends=say("journey_departs", when=when, verdict=sentence_case(verdict)),
        journeys=say("journey_reference", reference=journey.reference),
        url=in_language(journey.url, language) if journey.url else "",
    )


def _name(journey: Journey, language: Language) -> str:
    return title(journey.itinerary, journey.reference, desk_speaker(language), language)


def _unreached(each: Unreached, say: Say, language: Language) -> Entry:
    return Entry(
        say(f"unreached_{each.kind}", whose=foreign(each.whose), day=day_in_words(each.day, language))
    )


def _edition(each: Edition, facts: DigestFacts, say: Say, language: Language) -> Entry:
    day = day_in_words(each.published_at.date(), language)
    words = say("edition_published", number=each.number, day=day, count=each.records)
    page = f"{facts.base_url}/history/differences?first={each.number - 1}&last={each.number}"
    has_page = facts.keeps and each.number > 1
    return Entry(words, url=in_language(page, language) if has_page else "")


def _anchored(seq: int, digits: str, say: Say) -> Entry:
    return Entry(say("anchor_entry", seq=seq, hash=digits[:32]), say("anchor_why"))


def _departure(journey: Journey) -> tuple[date, str, str]:
    local = journey.departs.local
    return (journey.departs.day or date.max, f"{local:%H:%M}" if local else "", journey.reference)


def _more(those: Sequence[object], say: Say) -> str:
    return say("more_not_listed", count=len(those) - _MOST) if len(those) > _MOST else ""


def _page(base_url: str, *, keeps: bool) -> str:
    return f"{base_url}{'/queue' if keeps else '/account'}"
