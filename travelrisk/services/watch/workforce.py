"""Who works, and how every job went last: figures, and nothing about people."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from travelrisk.services.application import Application
from travelrisk.services.watch.presence import SILENT_AFTER
from travelrisk.store import workers
from travelrisk.store.database import reading
from travelrisk.store.workers import Run, Seen

_PATIENCE: Final = timedelta(minutes=5)
_SKEW: Final = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Workforce:
    """The workers and the jobs at one moment."""

    at: datetime
    workers: tuple[Seen, ...]
    runs: tuple[Run, ...]

    @property
    def present(self) -> tuple[Seen, ...]:
        """The workers that were seen within the last minutes."""
        return tuple(each for each in self.workers if abs(self.at - each.seen_at) <= SILENT_AFTER)

    @property
    def failing(self) -> tuple[Run, ...]:
        """The jobs whose last run failed."""
        return tuple(each for each in self.runs if each.failing_since is not None)

    @property
    def overdue(self) -> tuple[Run, ...]:
        """The jobs that nobody has done for long although somebody works: they hang."""
        return tuple(each for each in self.runs if self.present and self.at - each.next_at > _PATIENCE)

    @property
    def is_set_back(self) -> bool:
        """Say whether something happened later than now: the clock has been set back."""
        happened = [*(each.seen_at for each in self.workers), *(each.began_at for each in self.runs)]
        return any(each - self.at > _SKEW for each in happened)


def workforce(app: Application) -> Workforce:
    """Look at the workers and the jobs.

    Raises:
        StoreError: the database cannot be read.
    """
    with reading(app.engine) as c:
        return Workforce(app.clock(), workers.seen(c), workers.last_runs(c))
