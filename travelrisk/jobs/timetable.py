"""Every job of the service: its name, how often it runs, and what it does."""

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from travelrisk import logs
from travelrisk.intake.mailbox.waiting import Mailbox
from travelrisk.mail.transport import Transport
from travelrisk.services.application import Application
from travelrisk.services.batches import screening
from travelrisk.services.desk import overdue
from travelrisk.services.exchange import keeping
from travelrisk.services.feeds import refreshing
from travelrisk.services.letters import undelivered
from travelrisk.services.letters.dispatch import Dispatched, dispatch
from travelrisk.services.mailbox import polling
from travelrisk.services.programs import answered
from travelrisk.services.reports import monthly
from travelrisk.services.trips.judging import judge_waiting
from travelrisk.services.watch import (
    anchor,
    curiosity,
    digests,
    escalation,
    reminders,
    rescreening,
    retention,
    sources,
    still_open,
    turns,
)
from travelrisk.services.webhooks import sending
from travelrisk.store import encrypting

DISPATCH = "dispatch"
"""Name of the job that sends the letters."""

_AT_ONCE = 20  # letters between two looks at whether the worker is to stop


@dataclass(frozen=True, slots=True)
class Work:
    """What jobs work with.

    Attributes:
        owner: name of this worker, unlike that of any other.
        mailbox: where mails wait; None = none are read.
        stop: set when the worker is to end; long jobs look at it between two pieces.
    """

    app: Application
    transport: Transport
    owner: str
    mailbox: Mailbox | None = None
    stop: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True, slots=True)
class Job:
    """A job; *do* returns what it did, in a few words.

    Attributes:
        period: how often it is due. A job that is done once has a slot for each, counted from 1970 in UTC.
        once: one worker does it for all; what may be done by several at the same time is done by each.
    """

    name: str
    period: timedelta
    do: Callable[[Work], str]
    once: bool = False

    def take(self, work: Work) -> str | None:
        """Do it, where it is due and no other worker is at it, and note how it went; None = nothing done."""
        due = turns.Due(self.name, self.period, work.owner)
        mine = lambda app: self.do(replace(work, app=app))  # noqa: E731 - what is done under the lease
        if not self.once:
            return turns.accounted(work.app, due, lambda: self.do(work))
        return turns.accounted(work.app, due, lambda: turns.in_turn(work.app, due, mine))

    def do_now(self, work: Work) -> str:
        """Do it by hand, due or not, and note how it went: whatever it does twice, it does only once."""
        due = turns.Due(self.name, self.period, work.owner)
        with logs.bound(job=self.name, run=secrets.token_hex(8)):
            return turns.accounted(work.app, due, lambda: self.do(work)) or ""

    def explained(self) -> str:
        """Say what it does, in a sentence."""
        return (self.do.__doc__ or "").partition("\n")[0]


def send_letters(work: Work) -> str:
    """Send what is due in the outbox."""
    total = Dispatched()
    while not work.stop.is_set():
        done = dispatch(work.app, work.transport, work.owner, _AT_ONCE)
        total.sent += done.sent
        total.withheld += done.withheld
        total.retried += done.retried
        total.dead += done.dead
        if done.sent + done.withheld + done.retried + done.dead < _AT_ONCE:
            break
    return (
        f"{total.sent} sent, {total.retried} to be tried again, {total.withheld} replaced by newer ones,"
        f" {total.dead} undeliverable"
    )


def judge_left_over(work: Work) -> str:
    """Judge what a killed process stored and left without an advisory."""
    total = 0
    while not work.stop.is_set() and (judged := judge_waiting(work.app)):
        total += judged
    return f"{total} judged"


def screen_batches(work: Work) -> str:
    """Screen the files that offices brought in."""
    done = screening.work(work.app, work.owner, work.stop.is_set)
    return f"{done.finished} files finished, {done.bookings} bookings screened"


def judge_again(work: Work) -> str:
    """Judge again whom a new edition, a new day or new rules may concern."""
    changed, letters = 0, 0
    while not work.stop.is_set():
        done = rescreening.rescreen(work.app, work.owner, work.stop.is_set)
        if done is None:
            break
        changed, letters = changed + done.changed, letters + done.letters
    return f"{changed} changed, {letters} letters written"


def begin_day(work: Work) -> str:
    """Ask for a look at what ended, once a day, and at what rests on sources that turned stale or fresh."""
    day = "asked for" if rescreening.begin_day(work.app) else "done already today"
    turned = sources.notice(work.app)
    return f"{day}; {turned} sources turned" if turned else day


def forget_tables(work: Work) -> str:
    """Forget the tables that somebody brought in and did not decide on in time."""
    return f"{keeping.forget_old(work.app)} forgotten"


def forget_answers(work: Work) -> str:
    """Forget what programs were answered under idempotency keys, when its day is over."""
    return f"{answered.forget_old(work.app)} forgotten"


def ask_again(work: Work) -> str:
    """Ask again for the countersignatures that are overdue."""
    return f"{overdue.ask_again(work.app)} written"


def remind(work: Work) -> str:
    """Remind of what ends soon, once a day."""
    letters = reminders.remind(work.app)
    return "done already today" if letters is None else f"{letters} written"


def find_undelivered(work: Work) -> str:
    """Make tasks of the warnings that reached nobody."""
    return f"{undelivered.sweep(work.app)} found"


def read_mails(work: Work) -> str:
    """Deal with the mails that wait."""
    if work.mailbox is None:
        return "off"
    polled = polling.poll(work.app, work.mailbox, work.owner, work.stop.is_set)
    return f"{polled.done} dealt with, {polled.failed} put aside, {polled.put_off} put off"


def meet_deadlines(work: Work) -> str:
    """Remind travellers of what nobody has cleared, and call it up before it departs."""
    reminded, called_up = still_open.remind_travellers(work.app), escalation.escalate(work.app)
    return f"{reminded} travellers reminded, {called_up} escalations written"


def refresh_feeds(work: Work) -> str:
    """Fetch the public sources that are due by their cards."""
    done = refreshing.refresh_due(work.app, work.stop.is_set)
    failed = [name for name, each in done.items() if not each.done.is_good]
    asked = sum(len(each.proposed.references) for each in done.values())
    trouble = f", failed: {', '.join(failed)}" if failed else ""
    return f"{len(done)} fetched, {asked} proposals made{trouble}"


def tell_programs(work: Work) -> str:
    """Send programs the messages that are due."""
    total = sending.Sent()
    while not work.stop.is_set():
        sent = sending.send_due(work.app)
        total = sending.Sent(*map(sum, zip(total, sent, strict=True)))
        if not sum(sent):
            break
    return f"{total.done} arrived, {total.put_off} to be tried again, {total.dead} given up"


def let_go(work: Work) -> str:
    """Let go what was kept about people for long enough, once a day."""
    done = retention.retain(work.app, work.stop.is_set)
    return f"{done.documents} documents, {done.trips} trips and {done.letters} letters forgotten"


def encrypt(work: Work) -> str:
    """Encrypt what is personal and stood in the database before it was encrypted, or before a new secret."""
    return f"{encrypting.go_on(work.app.engine, work.app.clock(), work.stop.is_set)} rows encrypted"


def watch_looking(work: Work) -> str:
    """Tell administrators of whoever looks at unusually many trips."""
    return f"{curiosity.watch(work.app)} written"


def write_digests(work: Work) -> str:
    """Write the digests, once a working day."""
    letters = digests.send_digests(work.app)
    return "not due, or done already today" if letters is None else f"{letters} written"


def keep_anchor(work: Work) -> str:
    """Hold all letters where an older copy stands in place of the database, or the clock was set back."""
    return anchor.keep(work.app)


def write_reports(work: Work) -> str:
    """Write the reports of the month, on its first working day."""
    letters = monthly.send_reports(work.app)
    return "not due, or done already this month" if letters is None else f"{letters} written"


TIMETABLE = (
    Job(DISPATCH, timedelta(seconds=5), send_letters),
    Job(polling.JOB, timedelta(minutes=1), read_mails),
    Job("judge", timedelta(minutes=1), judge_left_over),
    Job("batches", timedelta(seconds=2), screen_batches),
    Job("rescreen", timedelta(seconds=5), judge_again),
    Job("day", timedelta(minutes=5), begin_day, once=True),
    Job("undelivered", timedelta(minutes=1), find_undelivered, once=True),
    Job("tables", timedelta(hours=1), forget_tables, once=True),
    Job("idempotency", timedelta(hours=1), forget_answers, once=True),
    Job("countersignatures", timedelta(minutes=1), ask_again, once=True),
    Job(reminders.JOB, timedelta(days=1), remind, once=True),
    Job("deadlines", timedelta(minutes=15), meet_deadlines, once=True),
    Job(digests.JOB, timedelta(minutes=15), write_digests, once=True),
    Job(monthly.JOB, timedelta(hours=1), write_reports, once=True),
    Job("webhooks", timedelta(seconds=5), tell_programs, once=True),
    Job(curiosity.JOB, timedelta(minutes=5), watch_looking, once=True),
    Job(retention.JOB, timedelta(days=1), let_go, once=True),
    Job("encrypt", timedelta(minutes=5), encrypt, once=True),
    Job("feeds", timedelta(minutes=5), refresh_feeds, once=True),
    Job("anchor", timedelta(minutes=1), keep_anchor),
)


def by_name(name: str) -> Job:
    """Return one job.

    Raises:
        KeyError: there is none of this name.
    """
    return {job.name: job for job in TIMETABLE}[name]
