"""The worker: the clock for the jobs, and an end without loose ends.

APScheduler is only the clock. It keeps nothing: a job that was missed runs once as soon as it can, and what
there is to do stands in the database.
"""

import logging
import os
import secrets
import signal
import socket
from datetime import UTC
from types import FrameType

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from travelrisk.domain.errors import TravelriskError
from travelrisk.jobs.timetable import TIMETABLE, Job, Work
from travelrisk.logs import logger
from travelrisk.wiring import now

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


def owner() -> str:
    """Return a name for this worker that no other one has, not even in a container of the same name."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


class Worker:
    """Runs the jobs until it is told to stop."""

    def __init__(self, work: Work, timetable: tuple[Job, ...] = TIMETABLE) -> None:
        self._work = work
        self._timetable = timetable

    def run(self) -> None:
        """Work until SIGTERM or Ctrl-C; the letters begun are finished, a second signal ends at once."""
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        before = {number: signal.signal(number, self._stop) for number in _SIGNALS}
        scheduler = self._scheduler()
        try:
            scheduler.start()
            self._work.stop.wait()
            logger().info("worker.stopping")
            for number, handler in before.items():
                signal.signal(number, handler)
        finally:
            scheduler.shutdown(wait=True)
        logger().info("worker.stopped")

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._work.stop.set()

    def _scheduler(self) -> BackgroundScheduler:
        scheduler = BackgroundScheduler(
            jobstores={"default": MemoryJobStore()},
            executors={"default": ThreadPoolExecutor(len(self._timetable))},
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
            timezone=UTC,
        )
        for job in self._timetable:
            scheduler.add_job(
                self._do,
                "interval",
                args=[job],
                id=job.name,
                seconds=job.period.total_seconds(),
                next_run_time=now(),
            )
        return scheduler

    def _do(self, job: Job) -> None:
        """Do one job; whatever breaks in it is logged, and it is done again at its next time."""
        try:
            done = job.do(self._work)
        except TravelriskError as error:
            logger().error("job.failed", job=job.name, reason=str(error))
        except Exception as error:  # noqa: BLE001 - a broken job may not stop the letters
            logger().error("job.broken", job=job.name, reason=type(error).__name__)
        else:
            logger().debug("job.done", job=job.name, did=done)
