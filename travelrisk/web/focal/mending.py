"""Refusals of the services as faults of a form: tied to a field, in words where we know them."""

import re
from collections.abc import Callable
from typing import Final

from travelrisk.domain.errors import TravelriskError
from travelrisk.web.focal.checking import Fault

_SOURCE: Final = re.compile(r"evidence (\d+): (\w+): (.*)")
_FIELD: Final = re.compile(r"[^:]+: (valid_until|review_on|condition|text)\b:? ?(.*)")
_KNOWN: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Fault]], ...]] = (
    (re.compile(r"changes nothing"), lambda _: Fault("why", "error_nothing")),
    (re.compile(r"overlaps ([^ ,]+)"), lambda m: Fault("valid_from", "error_overlaps", {"record": m[1]})),
    (re.compile(r"only what makes nothing easier"), lambda _: Fault("urgent", "error_urgent")),
    (re.compile(r"is not open, so it cannot be ended"), lambda _: Fault("why", "error_ended_already")),
    (re.compile(r"must sign before it can be published"), lambda _: Fault("acts", "error_lapsed")),
    (re.compile(r"you have signed"), lambda _: Fault("acts", "error_signed_already")),
    (re.compile(r"cannot be moved by"), lambda _: Fault("acts", "error_moved")),
    (re.compile(r"needs no countersignature"), lambda _: Fault("acts", "error_moved")),
    (re.compile(r"was not marked as urgent"), lambda _: Fault("acts", "error_not_urgent")),
    (re.compile(r"is empty: choose the file again"), lambda _: Fault("", "error_file_empty")),
    (re.compile(r"up to (\d+) MB are kept"), lambda m: Fault("", "error_file_large", {"most": m[1]})),
    (re.compile(r"is none of PDF, PNG"), lambda _: Fault("", "error_file_kind")),
    (re.compile(r"say what should be different"), lambda _: Fault("note-return", "error_no_return")),
)


def fault_of(error: TravelriskError, field: str = "why") -> Fault:
    """Return the fault that a refusal means; *field* is where it belongs when nothing else is known."""
    message = str(error)
    for pattern, make in _KNOWN:
        match = pattern.search(message)
        if match:
            known = make(match)
            return known if known.field else known._replace(field=field)
    row, named = _SOURCE.search(message), _FIELD.fullmatch(message)
    if row:
        return Fault(f"source-{int(row[1]) - 1}-{row[2]}", english=row[3])
    if named:
        text = {"condition": "condition_en", "text": "text_en"}
        return Fault(text.get(named[1], named[1]), english=named[2])
    return Fault(field, english=message)
