"""Who was reminded of what, and what the clock has done: rows with unique keys, and no reckoning by clocks.

A clock that is set back, or a worker that was down, changes nothing in what these rows say.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from travelrisk.store.database import insert_unless
from travelrisk.store.tables import reminders, slots

About = tuple[str, str, str, date, str]


class Reminded(NamedTuple):
    """One date of one thing, at one step before it, told to one person.

    Attributes:
        record: base id of the record, or what else names the thing that ends.
        title: of the evidence, where that is what ends.
        step: days before *last*.
    """

    record: str
    kind: str
    title: str
    last: date
    step: int
    person_id: str

    @property
    def about(self) -> About:
        """What it is about and to whom, whatever the step."""
        return (self.record, self.kind, self.title, self.last, self.person_id)


def take_slot(c: Connection, job: str, slot: str, at: datetime) -> bool:
    """Take a time that a job was due for oneself; False where somebody had it.

    It is given back where the transaction fails, so do the work in the same one.
    """
    row = {"job": job, "slot": slot, "at": at}
    unless = insert_unless(c.dialect.name, slots).on_conflict_do_nothing(index_elements=["job", "slot"])
    return c.execute(unless.values(row).returning(slots.c.job)).first() is not None


def take_steps(c: Connection, job: str, about: str, come: Sequence[int], at: datetime) -> bool:
    """Take the steps before a date that have come, the nearest first; False where somebody had the nearest.

    Those before it are over: a clock that is set back must not bring one of them up again.
    """
    nearest, *over = come
    if not take_slot(c, job, _step(about, nearest), at):
        return False
    for earlier in over:
        take_slot(c, job, _step(about, earlier), at)
    return True


def is_step_taken(c: Connection, job: str, about: str, step: int) -> bool:
    """Say whether somebody has done this step already."""
    return is_taken(c, job, _step(about, step))


def is_taken(c: Connection, job: str, slot: str) -> bool:
    """Say whether somebody has done this already."""
    mine = (slots.c.job == job) & (slots.c.slot == slot)
    return c.scalar(select(slots.c.at).where(mine)) is not None


def told(c: Connection, since: date) -> dict[About, int]:
    """Return the nearest step that was told of each thing, to each person, that ends *since* or later."""
    columns = (reminders.c[name] for name in Reminded._fields)
    rows = c.execute(select(*columns).where(reminders.c.last >= since.isoformat())).mappings()
    nearest: dict[About, int] = {}
    for row in rows:
        each = Reminded(**{**row, "last": date.fromisoformat(row["last"])})
        nearest[each.about] = min(each.step, nearest.get(each.about, each.step))
    return nearest


def note(c: Connection, reminded: Iterable[Reminded], at: datetime) -> None:
    """Note what somebody is reminded of, in the transaction that queues the letter."""
    unless = insert_unless(c.dialect.name, reminders).on_conflict_do_nothing()
    rows = [{**each._asdict(), "last": each.last.isoformat(), "at": at} for each in reminded]
    if rows:
        c.execute(unless, rows)


def _step(about: str, step: int) -> str:
    return f"{about}:{step}"
