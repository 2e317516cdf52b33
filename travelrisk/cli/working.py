"""``travelrisk worker``: the process that does the jobs; which they are, and how each of them went."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

import click

from travelrisk.cli.backups import standing
from travelrisk.cli.console import complain, hint, print_json, say
from travelrisk.cli.faults import Exit
from travelrisk.cli.opening import opened, settled
from travelrisk.cli.options import Commands, as_json, quiet
from travelrisk.cli.outstanding import complain_of_letters
from travelrisk.domain.errors import TravelriskError
from travelrisk.jobs.timetable import DISPATCH, TIMETABLE, Job, Work, by_name
from travelrisk.jobs.worker import Worker, owner
from travelrisk.services.health import unsent
from travelrisk.services.letters import holding
from travelrisk.services.watch import anchor
from travelrisk.services.watch.workforce import Workforce, workforce
from travelrisk.store.workers import Run
from travelrisk.wiring import mailbox_for, transport_for

_EVERY = "all"
_UNITS = (("day", 86_400), ("hour", 3600), ("minute", 60), ("second", 1))


@click.group(cls=Commands, invoke_without_command=True)
@click.option(
    "--once",
    type=click.Choice([_EVERY, *(job.name for job in TIMETABLE)]),
    is_flag=False,
    flag_value=_EVERY,
    help="Do this job now, or each of them if none is named, and end.",
)
@click.option("--list", "is_list", is_flag=True, help="List the jobs, how often each is due, and end.")
@quiet
@click.pass_context
def worker(ctx: click.Context, *, once: str | None, is_list: bool) -> None:
    """Send the letters and finish what was left unfinished, until Ctrl-C or SIGTERM.

    Several workers may run, on several machines too. A letter that a killed worker had begun is taken up by
    another one; a job that is done once for all is done by whoever comes first.

    Its jobs are dispatch (send the letters that are due), mailbox (deal with mails that wait), judge (what a
    killed process left without an answer), batches (screen the files of travel units), rescreen (judge
    journeys again that a new edition, a new day or new rules may concern), day (ask for a look at what ended,
    once a day), undelivered (make tasks of warnings that reached nobody), tables (forget those that nobody
    decided on in time), idempotency (forget answers to programs after a day), countersignatures (ask again
    for those that are overdue), reminders (write of what ends soon, once a day), deadlines (remind travellers
    of journeys that are not cleared, and tell those who decide), digests (of each working day), reports (of
    each month), webhooks (tell programs of new answers), curiosity (tell administrators who looks at very
    many trips), retention (let go what was kept for long enough), encrypt (what is personal and stood in the
    database before its secret), feeds (fetch the public sources that are due) and anchor (notice an older
    copy of the database, or a clock that was set back).

    With --once, --once all or --once dispatch the exit code is 1 if a letter still waits afterwards, or was
    given up. A job that fails is told, the others are done all the same, and the exit code is 1.
    """
    if ctx.invoked_subcommand is not None:
        return
    if is_list:
        _print_jobs()
        return
    settings = settled(serves=True)
    with opened(settings) as app:
        work = Work(app, transport_for(settings), owner(), mailbox_for(settings))
        _look_before_sending(work)
        if once is not None:
            ctx.exit(_do_now(work, once))
        hint("Working; stop with Ctrl-C.")
        Worker(work).run()


@worker.command
@as_json("Print the workers and the jobs as one JSON object.")
@quiet
@click.pass_context
def status(ctx: click.Context, *, as_json: bool) -> None:
    """Show which workers there are, and how each job went last.

    Exit code: 1 if a job fails, or is overdue although somebody works; otherwise 0.
    """
    with opened() as app:
        found = workforce(app)
    if as_json:
        print_json(
            {
                "at": found.at.isoformat(),
                "workers": [_shape(each._asdict()) for each in found.present],
                "jobs": [_shape(each._asdict()) for each in found.runs],
            }
        )
    else:
        for line in _told(found):
            say(line, hang=2)
    ctx.exit(Exit.FAULT if found.failing or found.overdue else Exit.CLEARED)


def _look_before_sending(work: Work) -> None:
    """Look at the clock and the anchor before anything is sent; one that cannot be read is told, no more."""
    try:
        anchor.keep(work.app)
    except TravelriskError as error:
        complain(str(error))


def _do_now(work: Work, name: str) -> int:
    """Do one job, or all, and return the exit code; the letters that the others write leave at the end."""
    begun = work.app.clock()
    if name != _EVERY:
        say(f"{name}: {by_name(name).do_now(work)}")
        return _complain(work, begun) if name == DISPATCH else 0
    others = [job for job in TIMETABLE if job.name != DISPATCH]
    failed = [job for job in [*others, by_name(DISPATCH)] if not _is_done(job, work)]
    found = _complain(work, begun)
    return Exit.FAULT if failed else found


def _complain(work: Work, begun: datetime) -> Exit:
    """Say which letters nobody has got, and whether any may leave at all."""
    exit_ = complain_of_letters(unsent(work.app), work.app.clock(), begun)
    held = holding.held(work.app)
    if held.hold is None:
        return exit_
    complain(f"{' '.join(standing(held))} After a look: travelrisk release")
    return Exit.FAULT


def _is_done(job: Job, work: Work) -> bool:
    """Do one of several jobs; one that fails must not keep back the letters that others have written."""
    try:
        say(f"{job.name}: {job.do_now(work)}")
    except TravelriskError as error:
        complain(f"{job.name}: {error}")
        return False
    return True


def _print_jobs() -> None:
    for job in TIMETABLE:
        by_whom = "one worker for all" if job.once else "each worker"
        say(f"{job.name}: every {_length(job.period)}, {by_whom}. {job.explained()}", hang=2)


def _shape(row: Mapping[str, object]) -> dict[str, object]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}


def _told(found: Workforce) -> Iterator[str]:
    for each in found.present:
        since = _length(found.at - each.started_at)
        yield f"worker {each.name}: working for {since}, seen {_length(found.at - each.seen_at)} ago"
    if not found.present:
        yield "No worker has been seen for some minutes: start travelrisk worker"
    for run in found.runs:
        yield f"{run.job}: {_state(run, found)}"
    if found.is_set_back:
        yield "The clock has been set back: something happened later than now"


def _state(run: Run, found: Workforce) -> str:
    last = f"last {_length(found.at - run.began_at)} ago, took {run.took_ms:,} ms"
    did = f": {run.did}" if run.did else ""
    if run.failing_since is not None:
        return f"failing since {_moment(run.failing_since)} ({run.reason}), {last}"
    return f"{'overdue, ' if run in found.overdue else ''}{last}{did}"


def _length(span: timedelta) -> str:
    """Say how long something is in the largest unit that it fills."""
    seconds = max(int(span.total_seconds()), 0)
    unit, size = next((each for each in _UNITS if seconds >= each[1]), _UNITS[-1])
    count = seconds // size
    return f"{count:,} {unit}{'' if count == 1 else 's'}"


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
