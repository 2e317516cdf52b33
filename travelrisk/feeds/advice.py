"""What the feeds share that read what governments advise their travellers about countries.

Each government keeps its own levels and words: they are never translated into one another, nor averaged.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any, Final, NamedTuple

from travelrisk.domain.facts import Problem, ProblemKind
from travelrisk.domain.ratings import Subject, SubjectKind
from travelrisk.feeds.countries import countries_in
from travelrisk.feeds.faults import Fault, FeedError
from travelrisk.reference import load_countries

UNKNOWN: Final = "unknown"  # ours: the source grades a country in a way that nobody foresaw
LONGEST: Final = 900  # letters of a source's prose: as much as a record of it shows

Row = Mapping[str, Any]


class About(NamedTuple):
    """Which countries an entry is about, and the names of which nobody knows the country."""

    subjects: tuple[Subject, ...] = ()
    unmapped: tuple[str, ...] = ()

    def problems(self, where: str) -> Iterator[Problem]:
        """Yield what a person should look at."""
        yield from (Problem(ProblemKind.UNMAPPED_COUNTRY, where, each) for each in self.unmapped)


def about(name: str, code: str = "") -> About:
    """Return the countries of an entry: that of its *code*, and each that its *name* names.

    One entry may be about several, such as "Israel and Palestine" under ``IL``.
    """
    own = code if code in load_countries() else ""
    named, unknown = countries_in(name)
    codes = dict.fromkeys(each for each in (own, *named) if each)
    # Where no name is known, the code alone tells which country it is.
    unmapped = [] if own and not named else [*unknown]
    if not codes and not unmapped:
        unmapped = [code or "no country is named"]
    return About(tuple(Subject(SubjectKind.COUNTRY, each) for each in codes), tuple(unmapped))


def row_with(row: object, needed: frozenset[str], where: str) -> Row:
    """Return a row that has all the fields it needs.

    Raises:
        FeedError: it has not, and so the form of the source has changed.
    """
    if not isinstance(row, dict):
        raise FeedError(Fault.CHANGED, f"{where}: is no record: its form has changed")
    if missing := needed - row.keys():
        names = ", ".join(sorted(missing))
        raise FeedError(Fault.CHANGED, f"{where}: has no {names}: its form has changed")
    return row


def day_of(moment: object) -> date | None:
    """Return the day of an ISO time in its own zone, or of seconds since 1970 in UTC; None = neither."""
    try:
        if isinstance(moment, int | float):
            return datetime.fromtimestamp(moment, UTC).date()
        return date.fromisoformat(str(moment)[:10])
    except (ValueError, OverflowError, OSError):
        return None


def link_or(link: object, page: str) -> str:
    """Return the address where people read an entry; the source's page where it gives none."""
    return link if isinstance(link, str) and link.startswith("https://") else page
