"""Backups of an SQLite database, and bringing one back: checked first, never half, no letter leaves.

PostgreSQL brings its own programs for that; here stand the lines to give to it.
"""

import shlex
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import URL, Connection, delete

from travelrisk.domain.errors import BadInputError, StoreError
from travelrisk.services.application import Application, Facts
from travelrisk.services.letters import holding
from travelrisk.services.watch import anchor
from travelrisk.services.watch.anchor import Anchor
from travelrisk.services.watch.presence import SILENT_AFTER
from travelrisk.store import audit, backups, encrypting, keyring, schema, workers
from travelrisk.store.backups import Content, Progress
from travelrisk.store.database import engine_for, reading, transact
from travelrisk.store.tables import leases, sessions
from travelrisk.store.tables import workers as present

_COPY: Final = ".before-restore-"
_BRING_BACK: Final = (
    "pg_restore --clean --if-exists --no-owner --no-privileges --single-transaction --exit-on-error"
)


class Restored(NamedTuple):
    """What came back.

    Attributes:
        missing: entries of the audit trail that are known to have been there, and are lost.
        letters: how many letters were put aside for a person.
        kept: where the database is that was there before; None where there was none.
    """

    content: Content
    missing: int
    letters: int
    kept: Path | None


def backup(url: URL, target: Path, facts: Facts, at: datetime, progress: Progress) -> Content:
    """Copy the database, check the copy, and note in the anchor how far it goes.

    Raises:
        BadInputError: there is a file of this name, or it cannot be written.
        StoreError: the database cannot be read; nothing is left under the name.
        ConfigurationError: the anchor cannot be read or written.
    """
    source = Path(url.database or "")
    if not source.is_file():
        raise StoreError(f"the database {source} does not exist: there is nothing to back up")
    content = backups.make(source, target, progress)
    if facts.anchor is not None:
        known = anchor.read(facts.anchor, *facts.secrets)
        # Whoever backs up may lack the secret, and then moves no anchor that is signed.
        stays = known is not None and bool(known.seq > content.seq or (known.checkpoint and not facts.secret))
        newest = known if known is not None and stays else Anchor(content.seq, content.head, at)
        anchor.write(facts.anchor, newest._replace(backup_at=at), facts.secret)
    return content


def restore(app: Application, file: Path, *, by: str, stopped: bool) -> Restored:
    """Put a backup in the place of the database of *app*, in which letters are held from then on.

    Whoever was signed in is not any more: somebody who signed out since would be signed in again.

    Raises:
        BadInputError: the file is no whole backup, or workers still run; nothing was changed.
        StoreError: it is encrypted with another secret, or cannot be put in place; the database is as it was.
    """
    target = Path(app.engine.url.database or "")
    if not file.is_file():
        raise BadInputError(f"there is no file {file}")
    if target.exists() and file.samefile(target):
        raise BadInputError(f"{file} is the database itself: name a backup")
    if not stopped:
        _refuse_at_work(app, target)
    with backups.draft_beside(target) as draft:
        _fetch(file, draft)
        content = backups.check(draft)
        schema.upgrade(f"sqlite:///{draft}", keyring.of(app.engine.dialect).secrets)
        lost, letters = _prepare(app, draft, target, content, by)
        backups.check(draft)
        end = _end_of(draft, app.clock())
        kept = _put_in_place(draft, target, app.clock())
    if app.facts.anchor is not None and end is not None:
        known = anchor.read(app.facts.anchor, *app.facts.secrets)
        backup_at = known.backup_at if known else None
        anchor.write(app.facts.anchor, end._replace(backup_at=backup_at), app.facts.secret)
    return Restored(content, lost, letters, kept)


def _fetch(file: Path, draft: Path) -> None:
    try:
        backups.copy(file, draft)
    except StoreError:
        raise BadInputError(
            f"{file} is no SQLite database that can be read: name a file that travelrisk backup made"
        ) from None


def _prepare(app: Application, draft: Path, target: Path, content: Content, by: str) -> tuple[int, int]:
    """Hold the letters in the copy before it is put in place, so that there is no moment without the hold."""
    secrets = keyring.of(app.engine.dialect).secrets
    mine = replace(app, engine=engine_for(f"sqlite:///{draft}", secrets=secrets))
    known = anchor.read(app.facts.anchor, *app.facts.secrets)
    furthest = [each for each in (known, _end_of(target, app.clock())) if each]

    def write(c: Connection) -> tuple[int, int]:
        lost = max((anchor.missing(c, each) for each in furthest), default=0)
        for table in (sessions, leases, present):
            c.execute(delete(table))
        body: dict[str, audit.Word] = {"seq": content.seq, "head": content.head, "missing": lost}
        at = app.clock()
        audit.append(c, kind="service.restored", actor=by, at=at, subject="database", body=body)
        placed = holding.place(mine, c, "restored", lost, by)
        return lost, placed.letters if placed else 0

    try:
        encrypting.standing(mine.engine)  # one that cannot be opened is of no use here
        return transact(mine.engine, write)
    finally:
        mine.engine.dispose()


def _put_in_place(draft: Path, target: Path, at: datetime) -> Path | None:
    """Replace the database as a whole, after a copy of it was kept."""
    if not target.exists():
        backups.place_new(draft, target)
        return None
    kept = target.with_name(f"{target.name}{_COPY}{at:%Y%m%dT%H%M%S}")
    if kept.exists():
        raise BadInputError(f"{kept} exists already: a restore was made this very second; try again")
    try:
        with backups.draft_beside(kept) as copy:
            backups.copy(target, copy)
            backups.place_new(copy, kept)
    except StoreError:  # it cannot be read any more: it makes room as it is, with what belongs to it
        _move_aside(target, kept)
        backups.place_new(draft, target)
        return kept
    backups.copy(draft, target)
    return kept


def _move_aside(target: Path, kept: Path) -> None:
    for end in ("-wal", "-shm", ""):
        with suppress(FileNotFoundError):
            target.with_name(target.name + end).rename(kept.with_name(kept.name + end))


def _refuse_at_work(app: Application, target: Path) -> None:
    if not target.exists():
        return
    with suppress(StoreError), reading(app.engine) as c:
        if any(abs(app.clock() - each.seen_at) <= SILENT_AFTER for each in workers.seen(c)):
            raise BadInputError(
                "a worker was seen in the last minutes: stop every travelrisk worker and serve first,"
                " and say so with --stopped; they keep ratings in memory"
            )


def _end_of(target: Path, at: datetime) -> Anchor | None:
    """Return how far the trail of the database goes that is to be replaced; None where it cannot be read."""
    if not target.exists():
        return None
    engine = engine_for(f"sqlite:///{target}")
    try:
        with reading(engine) as c:
            return Anchor(*audit.head(c), at)
    except StoreError:
        return None
    finally:
        engine.dispose()


def lines_to_back_up(url: URL, file: str) -> tuple[str, ...]:
    """Return what makes a backup with PostgreSQL; the password is asked for, or stands in ~/.pgpass."""
    plain = _address(url)
    return (
        f"pg_dump --format=custom --no-owner --no-privileges --file={shlex.quote(file)} --dbname={plain}",
        f"pg_restore --list {shlex.quote(file)} > /dev/null  # it can be read",
    )


def lines_to_restore(url: URL, file: str) -> tuple[str, ...]:
    """Return what brings a backup of a PostgreSQL database back; the hold comes before any worker starts."""
    return (
        "# stop every travelrisk serve and travelrisk worker",
        f"{_BRING_BACK} --dbname={_address(url)} {shlex.quote(file)}",
        "travelrisk db upgrade",
        "travelrisk hold --restored",
        "travelrisk audit verify",
        "# start travelrisk serve and travelrisk worker; after a look: travelrisk release",
    )


def _address(url: URL) -> str:
    plain = url._replace(drivername="postgresql", password=None)
    return shlex.quote(plain.render_as_string(hide_password=False))
