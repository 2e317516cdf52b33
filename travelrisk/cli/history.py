"""``travelrisk ratings history|diff|effect|expiring`` and ``travelrisk why``: looking, without an account."""

from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import click

from travelrisk.cli import editions
from travelrisk.cli.console import badge, counted, heading, print_json, say, table
from travelrisk.cli.faults import Exit
from travelrisk.cli.opening import opened
from travelrisk.cli.options import REFERENCE, as_json, quiet
from travelrisk.domain.ratings import Record
from travelrisk.domain.texts import day_in_words
from travelrisk.screening.explain import advisory_shape, finding_text
from travelrisk.services.application import Application
from travelrisk.services.desk import history as past
from travelrisk.services.desk.expiring import Ending, expiring
from travelrisk.services.desk.why import Why
from travelrisk.services.desk.why import why as why_on
from travelrisk.services.proposals.effect import preview
from travelrisk.services.ratings.records import import_records

_EDITION: Final = click.IntRange(0, 10**9)
_LONGEST: Final = 3660


@click.command("history")
@click.argument("subject")
@click.option(
    "--as-of",
    default="",
    metavar="DAY|EDITION",
    help="Leave out what was not known on this day (YYYY-MM-DD) or in this edition.",
)
@as_json("Print a JSON array of the editions, with every field that differs.")
@quiet
def history(*, subject: str, as_of: str, as_json: bool) -> None:
    """Show what was changed about SUBJECT, by whom and why, the newest first.

    SUBJECT is written carrier:ETH, state:ET, airport:ADD, country:ET, route:ADD-FRA, route:ETH:ADD-FRA or
    airspace:OIIX.
    """
    with opened() as app:
        until = past.as_of(app, as_of) if as_of else None
        found = past.timeline(app, past.subject_named(app, subject), until)
        editions.print_published(app, found, as_json=as_json)


@click.command("diff")
@click.argument("first", type=_EDITION)
@click.argument("last", type=_EDITION)
@as_json("Print the differences as one JSON object.")
@quiet
def diff(*, first: int, last: int, as_json: bool) -> None:
    """Show what differs between the editions FIRST and LAST, field by field; 0 is before the first one.

    An edition is the number under which a change was published; history names them, as does every answer.
    """
    with opened() as app:
        found = past.compare(app, first, last)
        if as_json:
            print_json(
                {
                    "editions": editions.edition_shapes(app, found.editions),
                    "changes": [editions.pair_shape(each) for each in found.pairs],
                }
            )
            return
        editions.print_editions(app, found.editions)
        editions.print_pairs(app, found.pairs)
        if not found.pairs:
            say("Nothing differs.")


@click.command("effect")
@click.argument("change", metavar="FILE|CH-...")
@as_json("Print the effect as one JSON object.")
@quiet
def effect(*, change: str, as_json: bool) -> None:
    """Show what a file or a proposal would do to the upcoming journeys; nothing is changed.

    Give a FILE of records as propose reads it, or the reference of a proposal (CH-...).
    """
    with opened() as app:
        if REFERENCE.fullmatch(change):
            found = preview(app, change)
        else:
            found = preview(app, import_records(app, Path(change), by="", dry_run=True).change)
    if as_json:
        print_json(editions.effect_shape(found))
    else:
        editions.print_effect(found)


@click.command("expiring")
@click.option(
    "--days",
    default=30,
    show_default=True,
    type=click.IntRange(0, _LONGEST),
    metavar="DAYS",
    help="How far to look ahead.",
)
@as_json("Print a JSON array of what ends.")
@quiet
def expiring_(*, days: int, as_json: bool) -> None:
    """List what ends soon or has ended: validity, reviews, evidence, cautions, authorisations.

    Journeys counts the upcoming itineraries that touch the subject; for a carrier on a route, those on the
    route.
    """
    with opened() as app:
        found = expiring(app, days)
    if as_json:
        print_json([_ending_shape(each) for each in found])
    elif found:
        columns = ("Last day", "Left", "Journeys", "Subject", "Record", "What")
        table(columns, [_ending_cells(each) for each in found])
    else:
        say(f"Nothing ends within {counted(days, 'day')}, and nothing has ended.")


@click.command("why")
@click.argument("reference", metavar="TR-...")
@click.option(
    "--on",
    "day",
    required=True,
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="The day; days are UTC.",
)
@as_json("Print the advisory, its edition and the replay as one JSON object.")
@quiet
@click.pass_context
def why(ctx: click.Context, *, reference: str, day: datetime, as_json: bool) -> None:
    """Say why a trip was judged as it was on a day, and make that advisory again.

    What counts is the advisory in force at the end of the day. Exit code: 0 if it is the same when it is made
    again, otherwise 1.
    """
    with opened() as app:
        found = why_on(app, reference, day.date())
        if as_json:
            print_json(_why_shape(app, found))
        else:
            _show_why(app, found, day.date())
    ctx.exit(Exit.CLEARED if found.replayed.is_equal else Exit.FAULT)


def _ending_cells(ending: Ending) -> tuple[str, ...]:
    left = f"{ending.days}" if ending.days >= 0 else "ended"
    what = f"{ending.kind.value}: {ending.title}" if ending.title else ending.kind.value
    last = day_in_words(ending.last, "en")
    return last, left, f"{ending.journeys:,}", str(ending.subject), ending.record, what


def _ending_shape(ending: Ending) -> dict[str, Any]:
    return {
        "kind": ending.kind.value,
        "last": ending.last.isoformat(),
        "days": ending.days,
        "record": ending.record,
        "subject": str(ending.subject),
        "name": ending.name,
        "title": ending.title,
        "journeys": ending.journeys,
        "earliest": ending.earliest.isoformat() if ending.earliest else None,
    }


def _show_why(app: Application, found: Why, day: date) -> None:
    advisory, until = found.advisory, found.until
    say(f"{found.reference} on {day_in_words(day, 'en')}:")
    click.echo(badge(advisory.verdict))
    stands = f"until {editions.moment(until)}" if until else "still in force"
    say(f"Advisory {found.advisory_id}, judged {editions.moment(advisory.at)}, {stands}")
    if found.edition:
        editions.print_editions(app, [found.edition])
    else:
        say("No ratings had been published.")
    heading("Why")
    for finding in advisory.findings:
        place = f"flight {finding.segment + 1}: " if finding.segment is not None else ""
        say(f"- {place}{finding_text(finding, 'en')} [{finding.code}]", hang=2)
        if finding.record is not None:
            say(_grounds(finding.record), indent=4, hang=2)
    click.echo()
    # What this advisory did not know by then.
    editions.print_editions(app, found.later, "Published after it was judged: ")
    if found.has_newer_booking:
        say("Another booking of this trip had arrived by then and was not judged yet.")
    if found.replayed.is_equal:
        say("Made again from what was known then, it is the same to the last bit.")
    elif found.replayed.same_engine:
        say("Made again, it is NOT the same, and the rules are: something that was stored has been changed.")
    else:
        say(f"Made again, it is not the same: the rules have changed since ({advisory.engine} then).")


def _grounds(record: Record) -> str:
    until = day_in_words(record.valid_until, "en") if record.valid_until else "no end"
    set_on = day_in_words(record.set_on, "en")
    edition = f", in edition {record.opened_in}" if record.opened_in else ""
    return f"record {record.id}, set by {record.set_by} on {set_on}{edition}, until {until}"


def _why_shape(app: Application, found: Why) -> dict[str, Any]:
    return {
        "trip": found.reference,
        "advisory_id": found.advisory_id,
        "advisory": advisory_shape(found.advisory),
        "until": found.until.isoformat() if found.until else None,
        "edition": next(iter(editions.edition_shapes(app, [found.edition] if found.edition else [])), None),
        "is_equal": found.replayed.is_equal,
        "same_engine": found.replayed.same_engine,
        "published_later": editions.edition_shapes(app, found.later),
        "has_newer_booking": found.has_newer_booking,
    }


COMMANDS: Final = (history, diff, effect, expiring_)
"""What ``travelrisk ratings`` has of this."""
