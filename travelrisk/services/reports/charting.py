"""The chart of a figure, in the reader's language."""

from datetime import date, timedelta
from typing import Final

from travelrisk.domain.texts import Language
from travelrisk.domain.verdicts import Verdict
from travelrisk.picture.charts import COUNTS, SECONDS, Axis, Bar, Series, bars, columns, lines
from travelrisk.services.reports.figures import Cell, Figure, Row
from travelrisk.services.reports.wording import headings, moment, report_words, told

MOST_BARS: Final = 12


def chart(figure: Figure, language: Language) -> str:
    """Return a figure as SVG; empty where there is nothing to draw, or so little that it is not told."""
    say = report_words(language)
    title = say(f"{figure.key}_title")
    if figure.drawn == "bars":
        return bars(
            title, _listed(figure, language), [_bar(row, language) for row in figure.parts[:MOST_BARS]]
        )
    if not figure.parts:
        return ""
    names, axis = headings(figure, language), _axis(figure, language)
    series = [Series(names[n], [_value(row[n]) for row in figure.parts]) for n in figure.measures]
    desc = " ".join(_described(each, axis, language) for each in series if any(each.values))
    if figure.drawn == "columns":
        return columns(title, desc, series[0], axis)
    return lines(title, desc, series, axis)


def _bar(row: Row, language: Language) -> Bar:
    verdict = row[0] if isinstance(row[0], Verdict) else None
    return Bar(told(row[0], language), _value(row[1]) or 0, told(row[1], language), verdict)


def _value(cell: Cell) -> float | None:
    if isinstance(cell, timedelta):
        return cell.total_seconds()
    return float(cell) if isinstance(cell, int | float) else None


def _axis(figure: Figure, language: Language) -> Axis:
    column = figure.columns[0]
    starts = [row[0] for row in figure.parts if isinstance(row[0], date)]
    labels = [_short(start, language, column) for start in starts]
    if figure.drawn == "lines":
        return Axis(labels, SECONDS, lambda value: told(timedelta(seconds=value), language))
    return Axis(labels, COUNTS, lambda value: told(round(value), language))


def _short(start: date, language: Language, column: str) -> str:
    words = moment(start, language, column)
    return words if column == "month" else words.rpartition(" ")[0]


def _listed(figure: Figure, language: Language) -> str:
    """Return the bars in words, for who does not see them."""
    say = report_words(language)
    rows = figure.parts[:MOST_BARS]
    return " ".join(say("described", what=told(a, language), value=told(b, language)) for a, b, *_ in rows)


def _described(series: Series, axis: Axis, language: Language) -> str:
    most = max(value for value in series.values if value is not None)
    words = {"first": axis.labels[0], "last": axis.labels[-1], "most": axis.say(most)}
    return report_words(language)("described_time", what=series.name, **words)
