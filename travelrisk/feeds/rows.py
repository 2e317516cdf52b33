"""Rows of a JSON answer, and what stands in their fields; one without what it must have ends the reading."""

import re
from collections.abc import Container, Mapping
from datetime import date
from typing import Any, Final

from travelrisk.feeds.faults import Fault, FeedError
from travelrisk.feeds.feed import Answer
from travelrisk.feeds.parsing import json_of, words_of

Row = Mapping[str, Any]

_FEW: Final = 3
_TEXT: Final = (str, int, float)
_DAY: Final = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)")


def rows_of(answer: Answer, needed: frozenset[str], within: str = "", inner: str = "") -> list[Row]:
    """Return the rows of an answer.

    Args:
        answer: JSON.
        needed: fields that each row must have, whatever stands in them.
        within: the field of the answer that holds the rows; empty = the answer is the list.
        inner: the field of each element that is the row; empty = the element is.

    Raises:
        FeedError: there is no such list, or a row without one of the fields.
    """
    document = json_of(answer)
    elements = (document.get(within) if isinstance(document, dict) else None) if within else document
    if not isinstance(elements, list):
        name = f"list {within}" if within else "list of rows"
        raise FeedError(Fault.CHANGED, f"{answer.url}: has no {name}: its form has changed")
    rows: list[Row] = []
    for number, each in enumerate(elements, 1):
        row = each.get(inner) if inner and isinstance(each, dict) else each
        if not isinstance(row, dict) or not needed <= row.keys():
            names = ", ".join(sorted(needed - row.keys() if isinstance(row, dict) else needed))
            raise FeedError(Fault.CHANGED, f"{answer.url}: row {number} has no {names}: its form has changed")
        rows.append(row)
    return rows


def check_words(unknown: int, rows: int, what: str) -> None:
    """Refuse an answer in which many rows hold none of the words by which the source grades.

    Raises:
        FeedError: more than a few rows, and more than a tenth of them, do.
    """
    if unknown > max(_FEW, rows // 10):
        raise FeedError(
            Fault.CHANGED,
            f"{what}: {unknown} of {rows} rows hold an unknown word: its form has changed",
        )


def text_in(row: Row, field: str) -> str:
    """Return what stands in a field, without markup, a list of texts in one; nothing where it is no text."""
    value = row.get(field)
    stated = [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, _TEXT)]
    return "; ".join(filter(None, (words_of(str(each)) for each in stated)))


def link_in(row: Row, field: str) -> str:
    """Return the address in a field; nothing where it is none of a page."""
    value = text_in(row, field)
    return value if value.lower().startswith(("https://", "http://")) else ""


def day_in(row: Row, field: str) -> date | None:
    """Return the first day of the form YYYY-MM-DD in a field, whatever stands around it."""
    found = _DAY.search(text_in(row, field))
    try:
        return date.fromisoformat(found[0]) if found else None
    except ValueError:
        return None


def free(key: str, taken: Container[str]) -> str:
    """Return a key that no other row has: two rows may bear one name."""
    number = 2
    found = key
    while found in taken:
        found, number = f"{key}-{number}", number + 1
    return found
