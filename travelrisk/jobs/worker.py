"""The worker: the clock for the jobs, and an end without loose ends.

APScheduler is only the clock. It keeps nothing: a job that was missed runs once as soon as it can, and what
there is to do stands in the database. Each job has a thread, so that one that waits for a mail server holds
up no other. Since APScheduler reckons with the time of day, the main thread watches it: a clock that was set
back by two days would otherwise stop the letters for two days.
"""

import logging
import os
import secrets
import signal
import socket
from datetime import UTC, datetime, timedelta
from types import FrameType

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from travelrisk import logs
from travelrisk.domain.errors import StoreError, TravelriskError
from travelrisk.jobs.timetable import TIMETABLE, Job, Work
from travelrisk.logs import logger
from travelrisk.services.watch import presence

_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_WATCH_S = 1.0
_LONGEST_WAIT = timedelta(minutes=1)  # before a job that is done once is looked at again, done or failed
_PRESENCE = "presence"


def owner() -> str:
    """Return a name for this worker that no other one has, not even in a container of the same name."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


class ClockStoppedError(TravelriskError):
    """The thread of the clock is gone, and no job would ever run again."""


class Worker:
    """Runs the jobs until it is told to stop."""

    def __init__(self, work: Work, timetable: tuple[Job, ...] = TIMETABLE) -> None:
        self._work = work
        self._timetable = timetable
        self._since = work.app.clock()

    def run(self) -> None:
        """Work until SIGTERM or Ctrl-C; the letters begun are finished, a second signal ends at once.

        Raises:
            ClockStoppedError: the clock died; whoever looks after the process must start it again.
        """
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        before = {number: signal.signal(number, self._stop) for number in _SIGNALS}
        scheduler = self._scheduler()
        try:
            scheduler.start()
            while not self._work.stop.wait(_WATCH_S):
                _watch(scheduler)
            logger().info("worker.stopping")
        finally:
            self._work.stop.set()
            for number, handler in before.items():
                signal.signal(number, handler)
            scheduler.shutdown(wait=True)
            self._leave()
        logger().info("worker.stopped")

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._work.stop.set()

    def _leave(self) -> None:
        try:
            presence.leave(self._work.app, self._work.owner)
        except StoreError as error:
            logger().error("worker.not_signed_off", reason=str(error))

    def _scheduler(self) -> BackgroundScheduler:
        scheduler = BackgroundScheduler(
            jobstores={"default": MemoryJobStore()},
            executors={"default": ThreadPoolExecutor(len(self._timetable) + 1)},
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
            timezone=UTC,
        )
        scheduler.add_job(self._be_seen, **_every(presence.EVERY), id=_PRESENCE)
        for job in self._timetable:
            period = min(job.period, _LONGEST_WAIT) if job.once else job.period
            scheduler.add_job(self._do, **_every(period), args=[job], id=job.name)
        return scheduler

    def _be_seen(self) -> None:
        try:
            presence.beat(self._work.app, self._work.owner, self._since)
        except StoreError as error:
            logger().error("job.failed", job=_PRESENCE, reason=str(error))

    def _do(self, job: Job) -> None:
        """Do one job; whatever breaks in it is logged, and it is done again at its next time."""
        with logs.bound(job=job.name, run=secrets.token_hex(8)):
            self._attempt(job)

    def _attempt(self, job: Job) -> None:
        try:
            done = job.take(self._work)
        except TravelriskError as error:
            logger().error("job.failed", job=job.name, reason=str(error))
        except Exception as error:  # noqa: BLE001 - a broken job may not stop the letters
            logger().error("job.broken", job=job.name, reason=type(error).__name__)
        else:
            logger().debug("job.done", job=job.name, did=done)


def _every(period: timedelta) -> dict[str, object]:
    # Not the clock of the Application: APScheduler compares with the time of this machine.
    return {
        "trigger": "interval",
        "seconds": period.total_seconds(),
        "next_run_time": datetime.now(UTC),
    }


def _watch(scheduler: BackgroundScheduler) -> None:
    """See that the clock lives, and wake each job that a clock set back has put off beyond its period."""
    thread = scheduler._thread  # noqa: SLF001 - no public name says whether it lives
    if thread is None or not thread.is_alive():
        raise ClockStoppedError("the clock of the worker has stopped: start travelrisk worker again")
    now = datetime.now(UTC)
    for job in scheduler.get_jobs():
        if job.next_run_time is not None and job.next_run_time - now > job.trigger.interval + timedelta(
            seconds=1
        ):
            logger().warning("clock.set_back", job=job.id)
            job.modify(next_run_time=now)
