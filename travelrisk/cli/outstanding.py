"""The letters that nobody has got yet, told to a person: until when they wait, and what was given up."""

from datetime import UTC, datetime

from travelrisk.cli.console import complain
from travelrisk.cli.faults import Exit
from travelrisk.services.health import Unsent
from travelrisk.store.outbox import plain_name


def complain_of_letters(unsent: Unsent, now: datetime, since: datetime) -> Exit:
    """Print to standard error what has not reached anybody.

    Returns:
        FAULT where a letter still waits, or was given up at *since* or later; what was given up before is
        named each time, but it was told then.
    """
    if unsent.waiting.letters:
        complain(waiting_words(unsent, now))
    if unsent.lost_count:
        complain(f"{lost_words(unsent)}.")
    is_whole = not unsent.waiting.letters and not unsent.lost_since(since)
    return Exit.CLEARED if is_whole else Exit.FAULT


def waiting_words(unsent: Unsent, now: datetime) -> str:
    """Say how many letters wait, until when, and why."""
    count, next_at, reply = unsent.waiting
    letters = "1 letter waits" if count == 1 else f"{count:,} letters wait"
    if next_at is None or next_at <= now:
        when = "due now"
    else:
        when = f"not before {next_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    why = f"; the last attempt ended with: {reply}" if reply else ""
    return f"{letters} in the outbox, {when}{why}."


def lost_words(unsent: Unsent) -> str:
    """Name the trips, and by id the people, whose letter was given up; somebody must tell them otherwise."""
    letters = "1 letter has" if unsent.lost_count == 1 else f"{unsent.lost_count:,} letters have"
    whom = "travellers" if all(each.trip for each in unsent.lost) else "people"
    named = ", ".join(
        f"{each.trip or each.person} ({plain_name(each.letter).replace('_', ' ')}: {each.reply})"
        for each in unsent.lost
    )
    more = unsent.lost_count - len(unsent.lost)
    others = f" and {more:,} more" if more > 0 else ""
    return f"{letters} reached nobody, and somebody must tell these {whom} in another way: {named}{others}"
