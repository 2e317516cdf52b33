"""``travelrisk backup``, ``restore``, ``hold`` and ``release``: copies of the database."""

from pathlib import Path

import click
from sqlalchemy import URL

from travelrisk.cli.console import complain, counted, hint, progress, say
from travelrisk.cli.faults import Exit, Fault
from travelrisk.cli.opening import opened, settled
from travelrisk.cli.options import agreed, quiet
from travelrisk.reference import load_atlas, load_book, load_policy
from travelrisk.services.application import Application
from travelrisk.services.letters import holding
from travelrisk.services.letters.holding import Held
from travelrisk.services.trail import TERMINAL
from travelrisk.services.watch import backups
from travelrisk.services.watch.backups import Restored
from travelrisk.settings import Settings
from travelrisk.store.database import engine_for, parsed_url
from travelrisk.wiring import bare_facts, now

_MEGABYTE = 1_000_000
_file = click.argument("file", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE")
_yes = click.option("--yes", is_flag=True, help="Do not ask.")


@click.command
@_file
@quiet
@click.pass_context
def backup(ctx: click.Context, file: Path) -> None:
    """Copy the SQLite database into FILE while the service works, and check the copy.

    Every page, every link between rows and the whole audit trail are checked before the file gets its name;
    a file that is there is never overwritten. Keep it elsewhere, and the secret of the service apart from it:
    who has both reads who is where when.
    With PostgreSQL nothing is copied: the lines for its own programs are printed, and the exit code is 1.
    """
    settings = settled()
    url = parsed_url(settings.database)
    if url.get_backend_name() != "sqlite":
        _print(backups.lines_to_back_up(url, str(file)))
        complain("Nothing was backed up: PostgreSQL does that with its own programs, as above.")
        ctx.exit(Exit.FAULT)
    with progress(_size(url), "pages") as bar:
        done = 0

        def advance(pages: int, all_: int) -> None:
            nonlocal done
            reached = pages * _size(url) // max(all_, 1)
            bar.advance(reached - done)
            done = reached

        content = backups.backup(url, file, bare_facts(settings), now(), advance)
    entries = counted(content.seq, "entry", "entries")
    say(
        f"{file}: {content.size / _MEGABYTE:,.1f} MB, checked: whole, and its audit trail of {entries} ends"
        f" with {content.head}"
    )


@click.command
@_file
@click.option("--stopped", is_flag=True, help="Every serve and worker of this database has been stopped.")
@_yes
@quiet
@click.pass_context
def restore(ctx: click.Context, file: Path, *, stopped: bool, yes: bool) -> None:
    """Put the backup in FILE in the place of the SQLite database.

    It is checked first, and what was there is kept beside it. Afterwards no letter leaves until a person has
    looked and says travelrisk release; letters that waited in the backup are put aside, because they may have
    been sent since. Everybody must sign in again. With PostgreSQL nothing is restored: the lines for its own
    programs are printed, and the exit code is 1.
    """
    settings = settled()
    url = parsed_url(settings.database)
    if url.get_backend_name() != "sqlite":
        _print(backups.lines_to_restore(url, str(file)))
        complain("Nothing was restored: PostgreSQL does that with its own programs, as above.")
        ctx.exit(Exit.FAULT)
    if not yes:
        agreed(f"Replace the database {url.database} by {file}?", "Nothing was restored")
    app = _as_it_is(settings)
    try:
        done = backups.restore(app, file, by=TERMINAL, stopped=stopped)
    finally:
        app.engine.dispose()
    for line in _told(done, file):
        say(line)
    hint("Start serve and worker anew. To let letters leave after a look: travelrisk release")


@click.command
@click.option(
    "--restored", is_flag=True, help="The database was just restored: put aside what waits in it, too."
)
@quiet
def hold(*, restored: bool) -> None:
    """Let no letter leave until somebody says travelrisk release; letters are written all the same."""
    with opened() as app:
        placed = holding.hold(app, TERMINAL, restored=restored)
    if placed is None:
        raise Fault("letters are held already: travelrisk release lets them leave")
    say(f"Letters are held; {counted(placed.letters, 'letter')} put aside.")


@click.command
@click.option(
    "--with-letters", is_flag=True, help="Queue the letters put aside as well; some may be sent twice."
)
@click.option(
    "--clock-is-right",
    is_flag=True,
    help="The clock of now is right, and had been ahead: judge by it, whatever is on record.",
)
@_yes
@quiet
def release(*, with_letters: bool, clock_is_right: bool, yes: bool) -> None:
    """Let letters leave again, which were held after a restore, by travelrisk hold, or because of the clock.

    Before that, look at what was lost: ratings published and trips received after the backup was made are not
    there. Letters that were put aside stay somebody's task, unless they are queued again here.

    While the clock stands before what is on record, nothing is judged and nothing is released: set it right.
    Only where it had been ahead and is right now, say so with --clock-is-right; the audit trail keeps it, and
    what was judged meanwhile is judged again before letters leave.
    """
    with opened() as app:
        found = holding.held(app)
        for line in standing(found):
            say(line)
        if not yes:
            agreed("Let letters leave?", "Nothing was released")
        queued = holding.release(app, TERMINAL, with_letters=with_letters, clock_is_right=clock_is_right)
        left = holding.held(app)
    if clock_is_right and found.behind is not None:
        say("The clock is confirmed. Letters leave once all journeys not over yet have been judged again.")
    if left.hold is not None:
        raise Fault(f"letters are held. {' '.join(standing(left))} To release them too: travelrisk release")
    say(f"Letters leave again; {counted(queued, 'letter')} that had been put aside are queued.")


def standing(found: Held) -> list[str]:
    """Say in sentences what is held, and why; none where letters leave and nothing is put aside."""
    lines = []
    if found.behind is not None:
        lines.append(
            f"Nothing is judged: {found.behind:%Y-%m-%d %H:%M} UTC is on record, and the clock stands before."
        )
    if found.hold is not None:
        why = {
            "restored": "the database was restored from a backup",
            "older": "the database is an older copy than the one that worked last",
            "asked": "somebody asked for it",
            "clock": "the clock stood before what was on record",
        }[found.hold.reason]
        missing = found.hold.missing
        gone = (
            f"; entries of the audit trail that are lost, with all they tell of: {missing:,}"
            if missing
            else ""
        )
        lines.append(f"No letter leaves since {found.hold.since:%Y-%m-%d %H:%M} UTC: {why}{gone}.")
    if found.aside:
        lines.append(f"{counted(found.aside, 'letter')} put aside, which may have been sent already.")
    return lines


def _told(done: Restored, file: Path) -> list[str]:
    entries = counted(done.content.seq, "entry", "entries")
    lost = (
        f"This is an older state: {counted(done.missing, 'later entry', 'later entries')} of the audit trail"
        " missing. Ratings published and trips received since then must be brought in again."
        if done.missing
        else "No later state than this one is known."
    )
    kept = [f"What was there before is kept in {done.kept}."] if done.kept else []
    return [
        f"Restored from {file}: whole, with an audit trail of {entries}.",
        lost,
        f"No letter leaves now; {counted(done.letters, 'letter')} put aside.",
        *kept,
    ]


def _as_it_is(settings: Settings) -> Application:
    """Return the parts for a database that may be missing, broken or outdated."""
    engine = engine_for(settings.database, secrets=settings.database_secrets)
    return Application(engine, load_atlas(), load_book(), load_policy(), now, bare_facts(settings))


def _size(url: URL) -> int:
    path = Path(url.database or "")
    return path.stat().st_size if path.is_file() else 0


def _print(lines: tuple[str, ...]) -> None:
    for line in lines:
        click.echo(line)
