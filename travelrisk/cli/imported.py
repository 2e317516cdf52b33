"""What a table would change and what is wrong with it, at a terminal and for programs."""

from typing import Any, Final

from travelrisk.cli import editions
from travelrisk.cli.console import counted, print_json, say
from travelrisk.domain.changes import base_id
from travelrisk.screening.explain import record_shape
from travelrisk.services.application import Application
from travelrisk.services.exchange.importing import Looked
from travelrisk.services.exchange.outcomes import Conflict

_MOST_TOLD: Final = 60


def tell_outcome(looked: Looked, reference: str, *, only_draft: bool, as_json: bool) -> None:
    """Print what became of a table: the proposal, if there is one, and for programs all of it."""
    if as_json:
        print_json(_shape(looked, reference))
    elif reference:
        asked = "Kept as the draft" if only_draft else "Others are asked to sign it as"
        say(f"{asked} {reference}. Look at it with travelrisk ratings show {reference}")
    else:
        say("This was a dry run: nothing was changed.")


def tell(app: Application, looked: Looked) -> None:
    """Print what a table would change, field by field, everything that is wrong, and a sum."""
    editions.print_pairs(app, looked.pairs)
    for each in looked.problems[:_MOST_TOLD]:
        where = f"Row {each.row}, {each.column}" if each.column else f"Row {each.row}"
        say(f"{where}: {each.reason}: {each.advice}", hang=4)
    if len(looked.problems) > _MOST_TOLD:
        more = counted(len(looked.problems) - _MOST_TOLD, "more problem")
        say(f"and {more}: --problems writes all into a file")
    for conflict in looked.conflicts[:_MOST_TOLD]:
        _print_conflict(conflict)
    if len(looked.conflicts) > _MOST_TOLD:
        say(f"and {counted(len(looked.conflicts) - _MOST_TOLD, 'more conflict')}: --json has all of them")
    if looked.is_day_first is not None:
        say(f"Days such as 01/02/2027 were read with the {'day' if looked.is_day_first else 'month'} first.")
    compared, bad = looked.compared, len({each.row for each in looked.problems})
    kept = f" {compared.kept:,} were changed on the desk since, and stay so;" if compared.kept else ""
    ended = f" Left out, and therefore ended: {len(compared.ended):,}." if compared.ended else ""
    say(
        f"{counted(looked.rows, 'row')}: {len(looked.wanted):,} change something; {compared.unchanged:,} say"
        f" what is in force already;{kept} {bad:,} cannot be used.{ended}"
    )


def _print_conflict(conflict: Conflict) -> None:
    """Print how the version of the file is taken, or that it is."""
    if conflict.is_confirmed:
        whose = f"set in edition {conflict.theirs.opened_in}" if conflict.theirs else "ended"
        say(f"Row {conflict.row}: takes the place of what the desk {whose} ({conflict.key}).", hang=4)
    else:
        say(f"Row {conflict.row}: to take what the file says: --overwrite {conflict.key}", hang=4)


def _shape(looked: Looked, reference: str) -> dict[str, Any]:
    return {
        "rows": looked.rows,
        "edition": looked.edition,
        "proposal": reference or None,
        "changes": [editions.pair_shape(pair) for pair in looked.pairs],
        "unchanged": looked.compared.unchanged,
        "kept": looked.compared.kept,
        "ended": sorted(looked.compared.ended),
        "is_day_first": looked.is_day_first,
        "is_too_bad": looked.is_too_bad,
        "problems": [
            {"row": each.row, "column": each.column, "reason": each.reason, "advice": each.advice}
            for each in looked.problems
        ],
        "conflicts": [
            {
                "row": each.row,
                "record": base_id(each.exported.id),
                "version": each.key,
                "is_overwritten": each.is_confirmed,
                "exported": record_shape(each.exported),
                "desk": record_shape(each.theirs) if each.theirs else None,
                "file": record_shape(each.mine),
            }
            for each in looked.conflicts
        ],
    }
