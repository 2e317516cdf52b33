"""``travelrisk letters``: what travellers were written, once more, and whom no letter reached."""

from collections.abc import Sequence
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any, Final

import click

from travelrisk.cli.acting import maybe_as_somebody, somebody
from travelrisk.cli.console import heading, hint, print_json, say, table
from travelrisk.cli.editions import moment
from travelrisk.cli.opening import opened
from travelrisk.cli.options import Commands, as_json, quiet
from travelrisk.domain.errors import BadInputError, NotFoundError
from travelrisk.domain.texts import LANGUAGES, Language
from travelrisk.mail.addresses import address
from travelrisk.mail.bounces import Bounce, incoming
from travelrisk.mail.desk import desk_speaker
from travelrisk.mail.prefacing import Preface
from travelrisk.mail.prefacing import preface as preface_of
from travelrisk.mail.undelivered import departure, names
from travelrisk.services.application import Application
from travelrisk.services.letters import bounces, correspondence, undelivered
from travelrisk.services.letters.bounces import Noted
from travelrisk.services.letters.correspondence import Repeat, Sent
from travelrisk.services.letters.undelivered import Untold
from travelrisk.services.trail import TERMINAL
from travelrisk.services.trips import addressing
from travelrisk.services.trips.addressing import Hindrance, Seen, Wanted
from travelrisk.store.outbox import plain_name
from travelrisk.telling.foreign import visible

_TRIP: Final = "TR-..."
_NOT_GIVEN: Final = {
    Hindrance.HAS_ONE: "its booking has an address; travelrisk letters resend --to sends a letter elsewhere",
    Hindrance.OFF: "it is called off, and nothing is written about it",
    Hindrance.OVER: "its journey is over, and nothing is written about it any more",
    Hindrance.MOVED: "it has changed in this moment: look at it again",
}
_NOTED: Final = {
    Noted.NEW: "a letter came back; it is noted",
    Noted.KNOWN: "a letter came back, which was known",
    Noted.LATE: "a letter came back too long after it left, and nothing is noted",
    Noted.STRANGE: "a bounce that is about no letter of ours",
    None: "no bounce",
}


@click.group(cls=Commands)
def letters() -> None:
    """Look at the letters of trips, send them again, and see whom no letter reached."""


@letters.command("list")
@click.argument("reference", metavar=_TRIP)
@as_json("Print a JSON array of the letters.")
@quiet
def list_(*, reference: str, as_json: bool) -> None:
    """List the letters of a trip, with what became of each."""
    with opened() as app:
        found = correspondence.letters_of(app, reference)
    if as_json:
        print_json([_shape(each) for each in found])
    elif found:
        table(("Number", "Letter", "To", "Written", "State", "Answer"), [_cells(each) for each in found])
    else:
        say("This trip has no letters.")


@letters.command("show")
@click.argument("number", type=click.IntRange(min=1))
@click.option("--source", is_flag=True, help="Print the whole message, byte by byte.")
@quiet
def show(*, number: int, source: bool) -> None:
    """Show the letter with this NUMBER as it was sent, or will be."""
    with opened() as app:
        content = correspondence.original(app, number)
    if source:
        click.echo(content, nl=False)
        return
    message = message_from_bytes(content, policy=policy.default)
    for name in ("From", "To", "Subject", "Date"):
        click.echo(visible(f"{name}: {message[name]}"))
    body = message.get_body(("plain",))
    text = str(body.get_content()) if body else ""  # of what we wrote ourselves
    click.echo(f"\n{text}", nl=False)


@letters.command("preview")
@click.argument("reference", metavar=_TRIP)
@click.option("--language", type=click.Choice(LANGUAGES), help="One language only.")
@quiet
def preview(*, reference: str, language: str | None) -> None:
    """Show what the newest answer of a trip says in each language; nobody is written to."""
    with opened() as app:
        written = correspondence.preview(app, reference)
    for each, letter in written.items():
        if language in {None, each}:
            heading(each)
            click.echo(f"Subject: {letter.subject}\n\n{letter.text}", nl=False)


@letters.command("resend")
@click.argument("references", metavar=f"{_TRIP}...", nargs=-1, required=True)
@click.option(
    "--to", default="", metavar="ADDRESS", help="Where it goes, and all later letters of this trip."
)
@click.option("--preface", default="", metavar="TEXT", help="Your own words before it; needs --as.")
@maybe_as_somebody
@click.option("--yes", is_flag=True, help="Do not ask, even where several people get a letter.")
@quiet
def resend(  # noqa: PLR0913 - one for each option, all named
    *, references: tuple[str, ...], to: str, preface: str, email: str, password_stdin: bool, yes: bool
) -> None:
    """Send the last letter of each trip again, the same and marked as repeated.

    Only a letter that states the newest verdict is sent again, and none that is still on its way. With a
    preface it is shown first; the preface bears your name, which takes your password.
    """
    if to and len(references) > 1:
        raise click.UsageError("--to is for one trip only")
    if bool(preface) != bool(email):
        raise click.UsageError("--preface and --as go together: the words bear the name of their author")
    if to:
        address(to)
    with opened() as app:
        wanted = correspondence.repeatable(app, references, to)
        person = somebody(app, email=email, password_stdin=password_stdin) if email else None
        words = preface_of(person.name, preface) if person else None
        if not yes and (len(wanted) > 1 or words):
            _agreed(app, wanted, words)
        done = correspondence.repeat(app, wanted, person.id if person else TERMINAL, words)
    say("1 letter is in the outbox." if done == 1 else f"{done:,} letters are in the outbox.")
    hint("To send: travelrisk worker (or travelrisk worker --once)")


@letters.command("undelivered")
@as_json("Print a JSON array of the warnings.")
@quiet
def undelivered_(*, as_json: bool) -> None:
    """List the warnings that reached nobody, and whom to call."""
    with opened() as app:
        found = undelivered.waiting(app)
    if as_json:
        print_json([_untold_shape(each) for each in found])
        return
    for each in found:
        task = each.task
        traveller = names(each.itinerary) or "nobody is named"
        say(f"{task.reference}  {task.verdict.replace('_', ' ')}: {traveller}")
        say(departure(each.itinerary, desk_speaker("en"), "en"), indent=4)
        copy = f"; copy to the second address: {task.second}" if task.second else ""
        whom = task.recipient or "no address"
        say(f"{whom}: {task.reason} {moment(task.found_at)}, {task.reply or '-'}{copy}", indent=4)
    if found:
        hint("When the traveller knows: travelrisk letters told TR-...")
        hint("Where there is no address: travelrisk letters address TR-... ADDRESS")
    else:
        say("There is no warning whose traveller nobody has told.")


@letters.command("told")
@click.argument("reference", metavar=_TRIP)
@click.option("--note", default="", help="How, and by whom.")
@quiet
def told(*, reference: str, note: str) -> None:
    """Note that the traveller of a trip was told of the warning that no letter brought."""
    with opened() as app:
        wanted = reference.strip().upper()
        found = [each.task for each in undelivered.waiting(app, reference=wanted)]
        if not found:
            raise NotFoundError(f"{wanted} has no warning to tell: travelrisk letters undelivered lists them")
        for each in found:
            undelivered.told(app, each.advisory_id, by=TERMINAL, note=note)
    say(f"Noted: the traveller of {wanted} was told.")


@letters.command("address")
@click.argument("reference", metavar=_TRIP)
@click.argument("contact", metavar="ADDRESS")
@click.option("--language", type=click.Choice(LANGUAGES), help="Of the letters; else as the booking has it.")
@click.option("--traveller", default="", metavar="NAME", help="Whose it is, where several travel together.")
@quiet
def address_(*, reference: str, contact: str, language: Language | None, traveller: str) -> None:
    """Give a trip an ADDRESS where its booking has none, and write the letter that is owed.

    Later letters go there too. An address that was given so may be put right; one of the booking stays.
    """
    with opened() as app:
        seen = addressing.seen(app, reference)
        _choose(seen, traveller)
        wanted = Wanted(contact, language or seen.trip.language, traveller)
        hindrance = seen.hindrance or addressing.give(app, seen, wanted, TERMINAL)
    if hindrance is not None:
        raise BadInputError(f"{seen.trip.reference}: {_NOT_GIVEN[hindrance]}")
    waits = ", and waits with those of its batch until somebody releases them" if seen.is_kept_back else ""
    say(f"{seen.trip.reference} has the address, and its letter ({wanted.language}) is written{waits}.")


@letters.command("take-back")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True))
@quiet
def take_back(*, files: tuple[Path, ...]) -> None:
    """Note the letters that came back, from the messages in FILES (- for standard input).

    What is no bounce, or is about no letter of ours, changes nothing.
    """
    with opened() as app:
        for file in files:
            with click.open_file(str(file), "rb") as opened_file:
                found = incoming(opened_file.read())
            noted = bounces.take_back(app, found) if isinstance(found, Bounce) else None
            say(f"{file}: {_NOTED[noted]}")


def _choose(seen: Seen, traveller: str) -> None:
    """Refuse an address of nobody, or of nobody on the booking."""
    if traveller not in (seen.travellers or ("",)):
        names = ", ".join(map(repr, seen.travellers)) or "none: leave --traveller out"
        raise click.UsageError(f"--traveller says whose address it is, one of {names}")


def _agreed(app: Application, wanted: Sequence[Repeat], words: Preface | None) -> None:
    if words is not None:
        for each in wanted:
            shown = correspondence.preview_of(app, each, words)
            click.echo(f"To: {visible(shown.to)}\nSubject: {shown.subject}\n\n{shown.text}")
    for each in wanted if len(wanted) > 1 else ():
        say(f"{each.reference}  {each.letter.replace('_', ' ')}  {each.recipient}")
    people = len({each.recipient.casefold() for each in wanted})
    click.confirm(f"{people} {'person' if people == 1 else 'people'} will get this. Send?", abort=True)


def _cells(sent: Sent) -> tuple[str, ...]:
    letter = sent.letter
    name = f"{plain_name(letter.letter).replace('_', ' ')}{' (repeated)' if '.' in letter.letter else ''}"
    state = "came back" if sent.returned else letter.state
    answer = sent.returned or letter.last_reply or "-"
    return str(letter.id), name, letter.recipient, moment(letter.queued_at), state, answer


def _shape(sent: Sent) -> dict[str, Any]:
    letter = sent.letter
    return {
        "number": letter.id,
        "advisory_id": letter.advisory_id,
        "letter": plain_name(letter.letter),
        "is_repeated": "." in letter.letter,
        "language": letter.language,
        "recipient": letter.recipient,
        "message_id": letter.message_id,
        "state": letter.state,
        "attempts": letter.attempts,
        "written_at": letter.queued_at.isoformat(),
        "settled_at": letter.settled_at.isoformat() if letter.settled_at else None,
        "reply": letter.last_reply,
        "returned": sent.returned or None,
    }


def _untold_shape(untold: Untold) -> dict[str, Any]:
    task = untold.task
    return {
        "trip": task.reference,
        "advisory_id": task.advisory_id,
        "verdict": task.verdict,
        "reason": task.reason,
        "reply": task.reply,
        "found_at": task.found_at.isoformat(),
        "recipient": task.recipient,
        "copy": task.second or None,
        "traveller": names(untold.itinerary),
    }
