"""The figures about itineraries: how many, which verdicts, how soon answered, how late, what is not rated."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from travelrisk.domain.verdicts import Verdict
from travelrisk.services.reports.figures import Cell, Figure, Phrase, Row, by_office, share
from travelrisk.services.reports.periods import Period
from travelrisk.store.reports import Answering, Arrival, Judgement, Noted

if TYPE_CHECKING:
    import pandas as pd

_LATE: Final = "lead_time."
_UNRATED: Final = ".not_rated"
_AIRPORT: Final = "airport."
_UNKNOWN: Final = frozenset({date.min.isoformat(), date.max.isoformat()})
_NEVER: Final = date.max.isoformat()


class Journeys(NamedTuple):
    """What arrived in a period and was judged, and what became of it.

    Attributes:
        departures: local day on which each trip begins, ISO; a trip may have none.
    """

    arrivals: Sequence[Arrival]
    departures: Mapping[int, str]
    judgements: Sequence[Judgement]
    noted: Sequence[Noted]
    answering: Sequence[Answering]

    @property
    def screened(self) -> list[Arrival]:
        """The itineraries that were judged; one that was not is not counted before it is."""
        judged = {each.itinerary for each in self.judgements}
        return [each for each in self.arrivals if each.itinerary in judged]


def screened(journeys: Journeys, period: Period) -> Figure:
    """Return how many itineraries arrived and were judged in each part of the period."""
    import pandas as pd  # noqa: PLC0415 - takes half a second, and few need it

    starts = pd.Series([period.start_of(each.at.date()) for each in journeys.screened], dtype=object)
    counts = starts.value_counts()
    rows: list[Row] = [(start, int(counts.get(start, 0))) for start in period.starts()]
    rows.append((Phrase("whole_period"), len(starts)))
    return Figure("screened", (period.step, "itineraries"), tuple(rows), drawn="columns", total=True)


def offices(journeys: Journeys) -> Figure:
    """Return how many itineraries of each office were judged."""
    import pandas as pd  # noqa: PLC0415 - as above

    counts = pd.Series([each.office for each in journeys.screened], dtype=object).value_counts()
    return by_office("offices", "itineraries", {str(name): int(count) for name, count in counts.items()})


def verdicts(journeys: Journeys) -> Figure:
    """Return the verdicts of the trips as they were told last before departure."""
    last = _told(journeys).groupby("trip")["verdict"].last()
    counts, whole = last.value_counts(), len(last)
    rows = [(each, int(counts.get(int(each), 0))) for each in Verdict]
    return Figure(
        "verdicts",
        ("verdict", "trips", "share"),
        tuple((verdict, count, share(count, whole)) for verdict, count in rows),
    )


def changed(journeys: Journeys) -> Figure:
    """Return how often the verdicts of the trips changed before departure."""
    told = _told(journeys)
    before = told.groupby("trip")["verdict"].shift()
    moves = (before.notna() & (told["verdict"] != before)).groupby(told["trip"]).sum()
    counts = {
        "changed_never": int((moves == 0).sum()),
        "changed_once": int((moves == 1).sum()),
        "changed_more": int((moves > 1).sum()),
    }
    rows = tuple((Phrase(key), count, share(count, len(moves))) for key, count in counts.items())
    return Figure("changed", ("changes", "trips", "share"), rows)


def answers(journeys: Journeys, period: Period) -> Figure:
    """Return how long it took from arrival to the first answer.

    That is the letter, where one was written, from the moment at which it left; else the advisory, which the
    page or the program has shown.
    """
    frame = _answered(journeys, period)
    rows: list[Row] = [(start, *_times(frame[frame["start"] == start])) for start in period.starts()]
    rows.append((Phrase("whole_period"), *_times(frame)))
    columns = (period.step, "answers", "median", "p95", "unanswered")
    return Figure("answers", columns, tuple(rows), drawn="lines", measures=(2, 3), total=True)


def late(journeys: Journeys) -> Figure:
    """Return how many itineraries arrived later than the lead times of the policy ask for."""
    import pandas as pd  # noqa: PLC0415 - as above

    found = {each.itinerary: each for each in journeys.noted if each.code.startswith(_LATE)}
    whole = len(journeys.screened)
    slots = [json.loads(each.slots) for each in found.values()]
    counts = pd.Series([_lead(dict(each)) for each in slots], dtype=object).value_counts()
    rows: list[Row] = [(Phrase("in_time"), whole - len(found), share(whole - len(found), whole))]
    for left, wanted in sorted(counts.index, reverse=True):
        count = int(counts[(left, wanted)])
        phrase = Phrase("days_left", (("left", left), ("wanted", wanted)))
        rows.append((phrase, count, share(count, whole)))
    return Figure("late", ("lead", "itineraries", "share"), tuple(rows))


def unrated(journeys: Journeys) -> Figure:
    """Return the carriers and airports that trips asked for and nobody had rated, the most wanted first."""
    asked = {
        (not each.code.startswith(_AIRPORT), each.matched, each.trip)
        for each in journeys.noted
        if each.code.endswith(_UNRATED)
    }
    counts: dict[tuple[bool, str], int] = {}
    for is_carrier, name, _ in asked:
        counts[is_carrier, name] = counts.get((is_carrier, name), 0) + 1
    ranked = sorted(counts.items(), key=lambda each: (-each[1], each[0][1]))
    rows = tuple(
        (name, count, Phrase("kind_carrier" if is_carrier else "kind_airport"))
        for (is_carrier, name), count in ranked
    )
    return Figure("unrated", ("subject", "trips", "kind"), rows)


def _told(journeys: Journeys) -> "pd.DataFrame":
    """Return the advisories of each trip up to its day of departure; the first of a trip always counts."""
    import pandas as pd  # noqa: PLC0415 - as above

    rows = [(each.trip, int(each.verdict), each.at.date().isoformat()) for each in journeys.judgements]
    frame = pd.DataFrame(rows, columns=["trip", "verdict", "day"])
    days = {trip: _NEVER if day in _UNKNOWN else day for trip, day in journeys.departures.items()}
    departs = frame["trip"].map(days).fillna(_NEVER)
    return frame[(frame["day"] <= departs) | ~frame["trip"].duplicated()]


def _answered(journeys: Journeys, period: Period) -> "pd.DataFrame":
    import pandas as pd  # noqa: PLC0415 - as above

    first: dict[int, Judgement] = {}
    for each in journeys.judgements:
        first.setdefault(each.itinerary, each)
    letters = {each.advisory: each.sent_at for each in journeys.answering}
    rows = []
    for arrival in journeys.screened:
        judged = first[arrival.itinerary]
        at = letters.get(judged.id, judged.at)  # a letter that has not left yet: None, not answered
        seconds = None if at is None else max(0.0, (at - arrival.at).total_seconds())
        rows.append((period.start_of(arrival.at.date()), seconds))
    return pd.DataFrame({"start": [row[0] for row in rows], "seconds": [row[1] for row in rows]}).astype(
        {"start": object, "seconds": float}
    )


def _times(frame: "pd.DataFrame") -> tuple[Cell, ...]:
    """Return how many answers, the median and the 95th percentile of their times, and what has none yet."""
    median, p95 = middle_and_most(frame["seconds"])
    answered = int(frame["seconds"].notna().sum())
    return (answered, median, p95, len(frame) - answered)


def middle_and_most(seconds: "pd.Series[float]") -> tuple[timedelta | None, timedelta | None]:
    """Return the median and the 95th percentile, which is one of the times and never understated."""
    known = seconds.dropna()
    if known.empty:
        return None, None
    median, p95 = float(known.median()), float(known.quantile(0.95, interpolation="higher"))
    return timedelta(seconds=median), timedelta(seconds=p95)


def _lead(slots: Mapping[str, int]) -> tuple[int, int]:
    return int(slots["days"]), int(slots["wanted"])
