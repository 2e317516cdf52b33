"""The answers to one question: which are shown in full, which in a line, and whether they can be linked."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from travelrisk.domain.advisories import Advisory
from travelrisk.domain.itineraries import Itinerary
from travelrisk.domain.policy import Policy
from travelrisk.domain.texts import Language
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening import explain
from travelrisk.services.trips.checking import Answer
from travelrisk.telling.refusals import refusal
from travelrisk.telling.segments import sentence_case
from travelrisk.web.telling import Telling, tell

_MOST_IN_FULL = 20
_MOST_IN_A_LINE = 500
_MOST_LINES = 100
_LONGEST_LINE = 300
_LONGEST_LINK = 200


@dataclass(frozen=True, slots=True)
class Count:
    """How many itineraries have a verdict."""

    verdict: str
    label: str
    number: int


@dataclass(frozen=True, slots=True)
class Answered:
    """The gravest itinerary stands first.

    Attributes:
        tellings: itineraries with a line in the overview; the first *in_full* of them are told in full.
        counts: all itineraries, those without a line too. left_out: how many have no line.
        unread: lines of the document that nobody understood and that no telling shows.
        query: ``q=...`` for a link to this answer; empty where the question may hold something personal.
    """

    tellings: tuple[Telling, ...]
    in_full: int
    counts: tuple[Count, ...]
    left_out: int
    unread: tuple[str, ...]
    query: str

    @property
    def is_several(self) -> bool:
        """Say whether one verdict would not speak for the whole document."""
        return len(self.tellings) > 1 or bool(self.unread)

    @property
    def worst(self) -> Telling:
        """The itinerary that decides."""
        return self.tellings[0]


def answered(answers: Sequence[Answer], policy: Policy, language: Language, typed: str) -> Answered:
    """Tell *answers*, of which at least one has an advisory; *typed* is empty for a file."""
    judged = [(each.itinerary, each.advisory) for each in answers if each.itinerary and each.advisory]
    judged.sort(key=lambda pair: -pair[1].verdict)  # equal ones stay in the order of the document
    shown = judged[:_MOST_IN_A_LINE]
    tellings = tuple(tell(*pair, policy, language, typed=typed) for pair in shown)
    told = {line for each in tellings[:_MOST_IN_FULL] for line in each.unread}
    lines = (line for each in answers for line in each.unread)
    unread = dict.fromkeys(refusal(line, language).text[:_LONGEST_LINE] for line in lines)
    return Answered(
        tellings=tellings,
        in_full=_MOST_IN_FULL,
        counts=_counts([advisory for _, advisory in judged], language),
        left_out=len(judged) - len(shown),
        unread=tuple(line for line in unread if line not in told)[:_MOST_LINES],
        query=_query(typed, [itinerary for itinerary, _ in judged]),
    )


def _counts(advisories: Sequence[Advisory], language: Language) -> tuple[Count, ...]:
    numbers = Counter(advisory.verdict for advisory in advisories)
    return tuple(
        Count(verdict.word, sentence_case(explain.verdict_words(verdict).in_language(language)), number)
        for verdict in sorted(Verdict, reverse=True)
        if (number := numbers[verdict])
    )


def _query(typed: str, itineraries: Sequence[Itinerary]) -> str:
    """Allow a link only for an understood line without people and locators: links are kept in logs."""
    is_bare = len(typed) <= _LONGEST_LINK and "\n" not in typed and "@" not in typed
    is_bare = is_bare and not any(each.travellers or each.locators or each.unread for each in itineraries)
    return urlencode({"q": typed}) if typed and is_bare else ""
