"""Why a record could not be traced or judged by if a row opened it.

What is in force already may be poorer, and is left alone as long as its row does not change it.
"""

from collections.abc import Sequence
from datetime import date

from travelrisk.domain.changes import Change, check
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.policy import Policy
from travelrisk.domain.ratings import Caution, Level, Rating, Record
from travelrisk.services.exchange.columns import COLUMNS
from travelrisk.services.exchange.rows import Trouble


def groundless(record: Record, numbers: Sequence[int], today: date, policy: Policy) -> tuple[Trouble, ...]:
    """Return what is wrong with a record that would be opened.

    Args:
        record: as the row says it.
        numbers: of its evidence in the columns, where some may be left empty.
        today: the day of the check.
        policy: says how long an authorisation may last.
    """
    found = [
        *_span_troubles(record),
        *_text_troubles(record, today),
        *_evidence_troubles(record, numbers, today),
    ]
    if not found:
        try:
            check(Change((record,), (), 0), (), today, policy)
        except BadInputError as error:
            found.append(_from_domain(str(error).removeprefix(f"{record.id}: ")))
    return tuple(found)


def _span_troubles(record: Record) -> list[Trouble]:
    if record.valid_until is None or record.valid_until >= record.valid_from:
        return []
    reason = f"{record.valid_until} lies before valid_from {record.valid_from}"
    return [Trouble("valid_until", reason, "give a later end")]


def _text_troubles(record: Record, today: date) -> list[Trouble]:
    found = []
    if isinstance(record, Rating):
        if record.level is Level.CONDITIONAL and not record.condition.en.strip():
            found.append(Trouble("condition_en", "is empty", "say under which condition it may be used"))
        if record.is_due_for_review(today):
            found.append(Trouble("review_on", f"{record.review_on} is past", "give a later day"))
    if isinstance(record, Caution) and not record.text.en.strip():
        found.append(Trouble("text_en", "is empty", "say what the caution is about"))
    return found


def _evidence_troubles(record: Record, numbers: Sequence[int], today: date) -> list[Trouble]:
    if not isinstance(record, Rating | Caution):
        return []
    is_needed = not isinstance(record, Rating) or record.level is not Level.NOT_RATED
    if is_needed and not record.evidence:
        advice = "give at least one source with the day it was retrieved on"
        return [Trouble("evidence_1_title", "there is no evidence", advice)]
    found = []
    for number, evidence in zip(numbers, record.evidence, strict=True):
        column = f"evidence_{number}_retrieved_on"
        if evidence.retrieved_on is None:
            found.append(Trouble(column, "is empty", "give the day it was retrieved on"))
        elif evidence.retrieved_on > today:
            found.append(
                Trouble(column, f"{evidence.retrieved_on} lies in the future", "give the day it was")
            )
    return found


def _from_domain(message: str) -> Trouble:
    """Tell a refusal of the domain, which mostly begins with the name of a field, by its column."""
    field, _, text = message.partition(": ")
    column = next((name for name in (field, f"{field}_en") if name in COLUMNS), "")
    if not column:
        text, column = message, next((name for name in (field.partition(" ")[0],) if name in COLUMNS), "")
    reason, _, advice = text.rpartition(": ")
    return Trouble(column, reason or "cannot be used as it stands", advice)
