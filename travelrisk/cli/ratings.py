"""``travelrisk ratings``: listed here; what else can be done with them stands in modules of its own."""

from typing import Any, get_args

import click

from travelrisk.cli import changes, exchange, history
from travelrisk.cli.console import counted, hint, print_json, say, table
from travelrisk.cli.loading import says, subject_words
from travelrisk.cli.opening import hint_at_ratings, opened
from travelrisk.cli.options import Commands, as_json, quiet
from travelrisk.domain.ratings import SubjectKind
from travelrisk.domain.texts import day_in_words
from travelrisk.screening.explain import record_shape
from travelrisk.services.desk.history import as_of as parsed
from travelrisk.services.desk.history import known
from travelrisk.services.ratings.records import Listed, State, listing

_STATES: dict[State, str] = {
    "in_force": "in force",
    "expired": "ended",
    "not_yet_valid": "not yet valid",
    "closed": "closed",
}


@click.group(cls=Commands)
def ratings() -> None:
    """Import, export and list ratings; propose, sign and publish changes; look into the past.

    A record is one rating, caution or known service, with an id of its own. A change of records is proposed
    (propose FILE), signed by somebody else (sign), and published (publish): it is then the next edition, from
    which every answer is given. CH-... is the reference of a proposal; proposals lists them.
    """


@ratings.command("list")
@click.option(
    "--text", default="", help="Only records with this in their name or code, or with an id that begins so."
)
@click.option(
    "--kind",
    type=click.Choice([*(each.value for each in SubjectKind), "service"]),
    help="Only this kind of subject.",
)
@click.option(
    "--state",
    type=click.Choice([each for each in get_args(State) if each != "closed"]),
    help="Only records in this state.",
)
@click.option(
    "--as-of",
    default="",
    metavar="DAY|EDITION",
    help="As known at the end of this day (YYYY-MM-DD, UTC) or in this edition.",
)
@as_json("Print a JSON array of the records, with the evidence.")
@quiet
def list_(*, text: str, kind: str | None, state: str | None, as_of: str, as_json: bool) -> None:
    """List the open records: level, until when, and who set it; --json names their ids too."""
    with opened() as app:
        when = parsed(app, as_of) if as_of else None
        everything = known(app, when) if when else listing(app)
    chosen = [each for each in everything if _is_chosen(each, text, kind, state)]
    if as_json:
        print_json([_listed_shape(each) for each in chosen])
    elif chosen:
        table(("Subject", "Name", "Says", "Until", "State", "Set by"), [_cells(each) for each in chosen])
        say(f"{len(chosen):,} of {counted(len(everything), 'record')}")
    else:
        say("No record fits." if everything else "There are no records.")
    if when is not None:
        hint(f"As known in edition {when.edition}, on {day_in_words(when.day, 'en')}.")
    else:
        hint_at_ratings(len(everything))


for _command in (*history.COMMANDS, *changes.COMMANDS, *exchange.COMMANDS):
    ratings.add_command(_command)


def _is_chosen(listed: Listed, text: str, kind: str | None, state: str | None) -> bool:
    its_kind, _, key = subject_words(listed.record).partition(":")
    wanted = text.casefold()
    fits = wanted in f"{listed.name} {key}".casefold() or listed.record.id.startswith(wanted)
    return fits and kind in {None, its_kind} and state in {None, listed.state}


def _listed_shape(listed: Listed) -> dict[str, Any]:
    return {**record_shape(listed.record), "name": listed.name, "state": listed.state}


def _cells(listed: Listed) -> tuple[str, ...]:
    record = listed.record
    until = day_in_words(record.valid_until, "en") if record.valid_until else "no end"
    return subject_words(record), listed.name, says(record), until, _STATES[listed.state], record.set_by
