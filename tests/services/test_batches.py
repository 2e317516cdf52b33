"""A file is screened for an office: killed or not, nothing is done twice, and no letter leaves unasked."""

import codecs
import csv
import io
import itertools
import json
import os
import signal
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import event, text

from tests.databases import SECRET
from tests.services.conftest import Clock, publish
from travelrisk import resources
from travelrisk.domain.errors import BadInputError, NotFoundError, StoreError
from travelrisk.domain.people import Viewer
from travelrisk.domain.policy import Contact
from travelrisk.domain.texts import Texts
from travelrisk.domain.verdicts import Verdict
from travelrisk.intake.document import Document
from travelrisk.mail.transport import Memory
from travelrisk.services.application import Application
from travelrisk.services.batches import accepting, exporting, releasing, results, screening
from travelrisk.services.batches.releasing import Which
from travelrisk.services.batches.results import Row
from travelrisk.services.health import health, unsent
from travelrisk.services.letters import correspondence, undelivered
from travelrisk.services.letters.dispatch import dispatch
from travelrisk.services.trips import receiving
from travelrisk.services.watch.rescreening import rescreen
from travelrisk.store import audit, leases
from travelrisk.store.batch_rows import Line, Standing
from travelrisk.store.batches import Batch
from travelrisk.store.database import engine_for, reading

HEADS = "Record locator,Traveller,E-mail,Airline,Flight,Operated by,From,To,Departure date"
HEIDI = Viewer("p-heidi", "OFFICE A")
IVAN = Viewer("p-ivan", "OFFICE B")
UNIT = Contact(Texts("Travel unit", "Voyages", "Viajes"), "unit@example.org", "")


def row(number: int, day: str = "2026-12-12", flight: str = "707") -> str:
    name, email = f"GREEN/ALICE{chr(97 + number % 26)}", f"alice{number}@example.org"
    return f"LOC{number:03d},{name},{email},ET,{flight},Ethiopian Airlines,FRA,ADD,{day}"


def table(*rows: str) -> bytes:
    return "\n".join((HEADS, *rows, "")).encode()


def bring(app: Application, content: bytes, viewer: Viewer = HEIDI, name: str = "agency.csv") -> Batch:
    return accepting.accept(app, viewer, Document(content, name))


def screened(app: Application, content: bytes, viewer: Viewer = HEIDI, name: str = "agency.csv") -> Batch:
    batch = bring(app, content, viewer, name)
    screening.work(app, "one")
    return batch


def rows(app: Application, batch: Batch, viewer: Viewer = HEIDI) -> list[Row]:
    return list(results.every_row(app, viewer, batch.reference))


def changes(app: Application, batch: Batch, viewer: Viewer = HEIDI) -> list[str]:
    return [each.result.change.value for each in rows(app, batch, viewer) if each.result.change]


def sent(app: Application) -> list[str]:
    memory = Memory()
    dispatch(app, memory, "one")
    return [each[2] for each in memory.sent]


def count(app: Application, of: str) -> int:
    with reading(app.engine) as c:
        return c.scalar(text(f"SELECT count(*) FROM {of}")) or 0  # noqa: S608 - words of this file


# --- pages of rows ---


def test_pages_of_rows_follow_the_file_whatever_changes_its_standing(app: Application) -> None:
    batch = screened(app, table(*(row(number) for number in range(6)), row(6, flight="")))
    whole = rows(app, batch)
    assert len(whole) == 7
    found: list[Row] = []
    while True:
        after = found[-1].result.position if found else None
        page = results.page_of(app, HEIDI, batch.reference, standing=None, after=after, limit=3)
        if not page:
            break
        found += page
    assert [each.result for each in found] == [each.result for each in whole]
    last = whole[-1].result
    some = results.page_of(app, HEIDI, batch.reference, standing=last.standing, after=None, limit=50)
    assert [each.result for each in some] == [
        each.result for each in whole if each.result.standing is last.standing
    ]
    with pytest.raises(NotFoundError):
        results.page_of(app, IVAN, batch.reference, standing=None, after=None, limit=3)


# --- letters wait ---


def test_letters_wait_until_somebody_sends_them_and_the_trail_says_who(
    app: Application, tmp_path: Path, clock: Clock
) -> None:
    publish(app, tmp_path)
    batch = screened(app, table(row(1), row(2)))
    assert sent(app) == []
    found = health(app)
    assert found.oldest_unsent is None, "what a person has to send is not late for a worker"
    assert unsent(app).waiting.letters == 0
    clock.pass_by(hours=1)
    assert releasing.release(app, HEIDI, batch.reference, Which.WARNINGS).letters == 0
    assert releasing.release(app, HEIDI, batch.reference, Which.ALL) == (2, 2)
    assert sent(app) == ["alice1@example.org", "alice2@example.org"]
    assert releasing.release(app, HEIDI, batch.reference, Which.ALL) == (0, 0)
    with reading(app.engine) as c:
        assert audit.verify(c).ok
        kept = [json.loads(each) for each in c.scalars(text("SELECT body FROM audit"))]
    released = [each for each in kept if each["kind"] == "batch.released"]
    assert [(each["actor"], each["body"]["letters"]) for each in released] == [("p-heidi", 2)]


def test_a_newer_verdict_takes_the_place_of_a_letter_that_waits_and_waits_itself(
    app: Application, tmp_path: Path
) -> None:
    publish(app, tmp_path)
    batch = screened(app, table(row(1)))
    publish(app, tmp_path, "not_recommended")
    while rescreen(app, "one"):
        pass
    assert sent(app) == []
    (now,) = rows(app, batch)
    assert now.advisory is not None
    assert (now.advisory.verdict, now.is_kept_back) == (Verdict.NOT_CLEARED, True)
    assert results.progress(app, HEIDI, batch.reference).letters == (0, 1, 1, 1)
    releasing.release(app, HEIDI, batch.reference, Which.ALL)
    memory = Memory()
    dispatch(app, memory, "one")
    ((content, _, _),) = memory.sent
    assert b"not cleared" in content.lower().replace(b"_", b" ")


def test_what_was_sent_is_no_longer_kept_back(app: Application, tmp_path: Path) -> None:
    publish(app, tmp_path)
    batch = screened(app, table(row(1)))
    releasing.release(app, HEIDI, batch.reference, Which.ALL)
    assert len(sent(app)) == 1
    publish(app, tmp_path, "not_recommended")
    while rescreen(app, "one"):
        pass
    assert len(sent(app)) == 1, "whoever was told it is cleared is warned at once"


def test_a_warning_that_nobody_releases_becomes_a_task(
    app: Application, tmp_path: Path, clock: Clock
) -> None:
    own = replace(app.policy, policy=replace(app.policy.policy, travel_unit=UNIT))
    app = replace(app, policy=own)
    publish(app, tmp_path, "not_recommended")
    batch = screened(app, table(row(1), row(2)))
    assert undelivered.sweep(app) == 0
    clock.pass_by(hours=app.policy.policy.undelivered_hours, minutes=1)
    assert undelivered.sweep(app) == 2
    assert [each.task.reason for each in undelivered.waiting(app)] == ["kept", "kept"]
    memory = Memory()
    dispatch(app, memory, "one")
    ((content, _, recipient),) = memory.sent  # one for the whole batch
    assert recipient == "unit@example.org"
    assert b"Nobody has released it" in content.replace(b"=\r\n", b"").replace(b"\r\n", b" ")
    releasing.release(app, HEIDI, batch.reference, Which.WARNINGS)
    assert sent(app) == ["alice1@example.org", "alice2@example.org"]
    assert undelivered.waiting(app) == ()


def test_an_answer_that_is_too_old_is_given_anew_before_it_leaves(
    app: Application, tmp_path: Path, clock: Clock
) -> None:
    publish(app, tmp_path)
    batch = screened(app, table(row(1)))
    clock.pass_by(hours=app.policy.policy.answer_hours + 1)
    releasing.release(app, HEIDI, batch.reference, Which.ALL)
    assert sent(app) == ["alice1@example.org"]
    (now,) = rows(app, batch)
    assert now.advisory is not None
    assert now.advisory.at == clock.at


def test_a_traveller_who_asks_is_answered_whatever_the_office_keeps_back(
    app: Application, tmp_path: Path
) -> None:
    publish(app, tmp_path)
    screened(app, table(row(1), row(2)))
    mail = b"LOC001 GREEN/ALICEB\nET707 FRA ADD 12 Dec operated by Ethiopian Airlines"
    list(receiving.receive(app, Document(mail, "trip.txt"), recipient="alice1@example.org"))
    assert set(sent(app)) == {"alice1@example.org"}


def test_a_letter_that_waits_is_not_sent_again_but_released(app: Application, tmp_path: Path) -> None:
    publish(app, tmp_path)
    (only,) = rows(app, screened(app, table(row(1))))
    assert only.trip is not None
    with pytest.raises(BadInputError, match="the page of its batch"):
        correspondence.repeatable(app, [only.trip.reference])
    assert (health(app).letters["queued"], health(app).letters["kept"]) == (0, 1)


def test_nothing_is_sent_of_a_file_that_is_still_being_screened(app: Application, tmp_path: Path) -> None:
    publish(app, tmp_path)
    batch = bring(app, table(row(1)))
    with pytest.raises(BadInputError, match="still being screened"):
        releasing.release(app, HEIDI, batch.reference, Which.ALL)


# --- again ---


def test_the_same_file_touches_nothing_even_on_another_day(
    app: Application, tmp_path: Path, clock: Clock
) -> None:
    publish(app, tmp_path)
    content = table(row(1), row(2))
    first = screened(app, content)
    releasing.release(app, HEIDI, first.reference, Which.ALL)
    sent(app)
    before = count(app, "itineraries"), count(app, "advisories"), count(app, "outbox")
    clock.pass_by(days=2)
    again = screened(app, content)
    assert changes(app, again) == ["unchanged", "unchanged"]
    assert [each.letter.state for each in rows(app, again) if each.letter] == ["sent", "sent"]
    assert (count(app, "itineraries"), count(app, "advisories"), count(app, "outbox")) == before


def test_a_changed_file_touches_only_what_changed(app: Application, tmp_path: Path) -> None:
    publish(app, tmp_path)
    first = screened(app, table(row(1), row(2), row(3)))
    releasing.release(app, HEIDI, first.reference, Which.ALL)
    assert len(sent(app)) == 3
    second = screened(app, table(row(0), row(1), row(2, day="2026-12-13"), row(3)))
    assert changes(app, second) == ["new", "unchanged", "changed", "unchanged"]
    assert count(app, "trips") == 4
    releasing.release(app, HEIDI, second.reference, Which.ALL)
    assert sorted(sent(app)) == ["alice0@example.org", "alice2@example.org"]


def test_the_file_before_sent_once_more_takes_a_change_back(app: Application, tmp_path: Path) -> None:
    publish(app, tmp_path)
    before, after = table(row(1), row(2)), table(row(1), row(2, day="2026-12-13"))
    for content, found in ((before, "new"), (after, "changed"), (before, "changed"), (after, "changed")):
        batch = screened(app, content)
        told = rows(app, batch)[1]
        assert told.result.change is not None
        assert told.result.change.value == found
        assert told.itinerary is not None
        day = "2026-12-13" if content == after else "2026-12-12"
        assert str(told.itinerary.segments[0].departs.day) == day
    assert changes(app, screened(app, after)) == ["unchanged", "unchanged"]
    assert count(app, "trips") == 2


def test_bookings_without_an_address_are_known_again(app: Application, tmp_path: Path) -> None:
    publish(app, tmp_path)
    silent = [row(1).replace("alice1@example.org", ""), row(2).replace("alice2@example.org", "")]
    screened(app, table(*silent))
    second = screened(app, table(row(3), silent[1].replace("12-12", "12-14"), silent[0]))
    assert changes(app, second) == ["new", "changed", "unchanged"]
    assert count(app, "trips") == 3


def test_two_rows_that_are_alike_stay_two_bookings(app: Application, tmp_path: Path) -> None:
    publish(app, tmp_path)
    alike = row(1).replace("LOC001", "").replace("alice1@example.org", "")
    screened(app, table(alike, alike))
    assert count(app, "trips") == 2
    second = screened(app, table(row(2), alike, alike))
    assert changes(app, second) == ["new", "unchanged", "unchanged"]
    assert count(app, "trips") == 3


# --- offices ---


def test_the_same_file_of_two_offices_is_two_sets_of_trips(app: Application, tmp_path: Path) -> None:
    publish(app, tmp_path)
    content = table(row(1), row(2))
    ours, theirs = screened(app, content), screened(app, content, IVAN)
    assert changes(app, theirs, IVAN) == ["new", "new"]
    mine = {each.trip.id for each in rows(app, ours) if each.trip}
    others = {each.trip.id for each in rows(app, theirs, IVAN) if each.trip}
    assert mine
    assert not mine & others
    for reach in (results.progress, results.rows):
        with pytest.raises(NotFoundError):
            reach(app, IVAN, ours.reference)
    with pytest.raises(NotFoundError):
        releasing.release(app, IVAN, ours.reference, Which.ALL)
    releasing.release(app, IVAN, theirs.reference, Which.ALL)
    assert len(sent(app)) == 2, "ours still wait"
    assert changes(app, screened(app, content, IVAN), IVAN) == ["unchanged", "unchanged"]


def test_who_works_for_no_office_brings_nothing(app: Application) -> None:
    with pytest.raises(BadInputError, match="names no unit"):
        bring(app, table(row(1)), Viewer("p-judy", ""))
    assert count(app, "originals") == 0


# --- kills ---


class _Killed(BaseException):
    """What a worker that is killed does not get to say."""


@pytest.mark.parametrize("point", ["arrived", "judged", "counted"])
def test_a_worker_that_is_killed_leaves_it_to_another(
    app: Application, tmp_path: Path, clock: Clock, point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(app, tmp_path)
    monkeypatch.setattr(receiving, "_AT_ONCE", 2)
    monkeypatch.setattr(screening, "_PIECE", 2)
    batch = bring(app, table(*map(row, range(6))))

    def die(*_: object, **__: object) -> None:
        raise _Killed

    with monkeypatch.context() as patch:
        if point == "arrived":
            patch.setattr(receiving, "judge", die)
        elif point == "judged":
            patch.setattr(screening.Turn, "account", die)
        else:
            patch.setattr(screening.Turn, "finish", die)
        patch.setattr(leases, "release", lambda *_: None)
        with pytest.raises(_Killed):
            screening.work(app, "one")
    assert screening.work(app, "two").finished == 0, "its lease still runs"
    clock.pass_by(minutes=2)
    assert screening.work(app, "two").finished == 1
    assert changes(app, batch) == ["new"] * 6
    assert (count(app, "trips"), count(app, "advisories"), count(app, "outbox")) == (6, 6, 6)
    assert sent(app) == []
    releasing.release(app, HEIDI, batch.reference, Which.ALL)
    assert len(set(sent(app))) == 6


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process of its own is made by fork")
def test_a_process_that_is_killed_for_good_leaves_it_to_another(
    app: Application, database_url: str, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(app, tmp_path)
    monkeypatch.setattr(receiving, "_AT_ONCE", 2)
    monkeypatch.setattr(screening, "_PIECE", 2)
    batch = bring(app, table(*map(row, range(8))))
    app.engine.dispose()
    told, tells = os.pipe()
    child = os.fork()
    if child == 0:
        _screen_until_killed(app, database_url, tells)
    assert os.read(told, 1) == b"x", "it has begun"
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    found = results.progress(app, HEIDI, batch.reference)
    assert 0 < found.batch.done < 8
    assert found.batch.finished_at is None
    clock.pass_by(minutes=2)
    assert screening.work(app, "two").finished == 1
    assert changes(app, batch) == ["new"] * 8
    assert (count(app, "trips"), count(app, "advisories"), count(app, "outbox")) == (8, 8, 8)
    assert sent(app) == []


def _screen_until_killed(app: Application, url: str, tells: int) -> NoReturn:
    """Screen in a process of its own, say when the second piece is about to be accounted for, and wait."""
    real, pieces = screening.Turn.account, itertools.count()

    def account(turn: screening.Turn, lines: list[Line]) -> None:
        if next(pieces):
            os.write(tells, b"x")
            time.sleep(60)
        real(turn, lines)

    try:
        screening.Turn.account = account  # type: ignore[assignment, method-assign]
        screening.work(replace(app, engine=engine_for(url, secrets=[SECRET])), "one")
    finally:
        os._exit(1)


def test_a_worker_that_was_only_asleep_writes_nothing_any_more(
    app: Application, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(app, tmp_path)
    monkeypatch.setattr(receiving, "_AT_ONCE", 2)
    monkeypatch.setattr(screening, "_PIECE", 2)
    batch = bring(app, table(*map(row, range(4))))
    real = screening.Turn.account
    calls = []

    def sleepy(turn: screening.Turn, lines: list[object]) -> None:
        calls.append(turn)
        if len(calls) == 1:
            clock.pass_by(minutes=5)
            with monkeypatch.context() as patch:
                patch.setattr(screening.Turn, "account", real)
                assert screening.work(app, "two").finished == 1
        real(turn, lines)  # type: ignore[arg-type]

    monkeypatch.setattr(screening.Turn, "account", sleepy)
    assert screening.work(app, "one").finished == 0
    assert changes(app, batch) == ["new"] * 4
    assert count(app, "trips") == 4


def test_a_file_that_ends_its_worker_each_time_is_given_up(
    app: Application, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = bring(app, table(row(1)))

    def die(*_: object, **__: object) -> None:
        raise _Killed

    monkeypatch.setattr(screening, "receive", die)
    monkeypatch.setattr(screening, "_let_go", lambda *_: None)
    for _ in range(screening.MOST_ATTEMPTS):
        with pytest.raises(_Killed):
            screening.work(app, "one")
        clock.pass_by(minutes=5)
    assert screening.work(app, "one").finished == 1
    assert results.progress(app, HEIDI, batch.reference).batch.trouble == screening.ENDED_ITS_WORKER
    assert screening.work(app, "one").finished == 0


def test_a_file_that_breaks_holds_up_no_other(
    app: Application, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(app, tmp_path)
    bad, good = bring(app, table(row(1)), name="bad.csv"), bring(app, table(row(2)))
    real = receiving.receive

    def breaking(app: Application, document: Document, **more: object) -> Iterator[object]:
        if document.name == "bad.csv":
            raise RuntimeError("an unknown way")
        yield from real(app, document, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(screening, "receive", breaking)
    assert screening.work(app, "one").finished == 2
    assert results.progress(app, HEIDI, bad.reference).batch.trouble == screening.BROKE_OFF
    assert changes(app, good) == ["new"]


def test_a_short_file_does_not_wait_for_a_long_one(
    app: Application, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    publish(app, tmp_path)
    moments = (clock.at + timedelta(seconds=number) for number in itertools.count())
    app = replace(app, clock=lambda: next(moments))
    for name, value in (("_PIECE", 2), ("TURN_S", 0.0)):
        monkeypatch.setattr(screening, name, value)
    monkeypatch.setattr(receiving, "_AT_ONCE", 2)
    bring(app, table(*map(row, range(10))), name="long.csv")
    bring(app, table(row(20)), name="short.csv")
    ended: list[int] = []
    real = screening.Turn.finish

    def finish(turn: screening.Turn) -> None:
        ended.append(turn.fresh)
        real(turn)

    monkeypatch.setattr(screening.Turn, "finish", finish)
    screening.work(app, "one")
    assert ended[0] == 1, "the short one"
    assert len(ended) == 2
    assert count(app, "trips") == 11


def test_a_database_that_is_gone_leaves_the_file_for_later(
    app: Application, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(app, tmp_path)
    batch = bring(app, table(row(1)))

    def gone(*_: object, **__: object) -> None:
        raise StoreError("the database is locked")

    with monkeypatch.context() as patch:
        patch.setattr(receiving, "judge", gone)
        with pytest.raises(StoreError):
            screening.work(app, "one")
    assert screening.work(app, "one").finished == 1
    assert changes(app, batch) == ["new"]


# --- bad files ---


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("damaged.xlsx", b"PK\x03\x04" + b"\0" * 200, "damaged"),
        ("far.xlsx", None, "reaches to cell"),
        ("words.txt", b"Nothing to see here.", "no flight"),
        ("binary.bin", bytes(range(256)), ""),
    ],
)
def test_a_file_that_cannot_be_read_is_one_clear_row(
    app: Application, name: str, content: bytes | None, words: str
) -> None:
    batch = screened(app, content or far_cell(), name=name)
    found = results.progress(app, HEIDI, batch.reference)
    assert found.batch.finished_at is not None
    assert found.counts[Standing.INCOMPLETE] == 1
    assert found.rows == 1
    (only,) = rows(app, batch)
    assert words.casefold() in only.result.reason.casefold()
    assert only.result.reason
    assert (count(app, "trips"), count(app, "outbox")) == (0, 0)
    for form in exporting.FORMS:
        assert exporting.exported(app, HEIDI, batch.reference, form)


def test_results_as_json_come_row_by_row_and_are_no_json_where_they_break_off(app: Application) -> None:
    batch = screened(app, table(*map(row, range(3))))
    with pytest.raises(NotFoundError):
        exporting.exported_json(app, IVAN, batch.reference)
    pieces = list(exporting.exported_json(app, HEIDI, batch.reference))
    assert len(pieces) == len(rows(app, batch)) + 2
    assert b"".join(pieces) == exporting.exported(app, HEIDI, batch.reference, "json")
    for many in range(1, len(pieces)):
        with pytest.raises(json.JSONDecodeError):
            json.loads(b"".join(pieces[:many]))


def far_cell() -> bytes:
    """Return a small workbook whose one cell stands in the last corner."""
    plain, far = io.BytesIO(), io.BytesIO()
    Workbook().save(plain)
    cell = (
        b'<sheetData><row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    )
    with zipfile.ZipFile(plain) as read, zipfile.ZipFile(far, "w", zipfile.ZIP_DEFLATED) as write:
        for each in read.infolist():
            content = read.read(each)
            write.writestr(
                each, content.replace(b"<sheetData/>", cell).replace(b"<sheetData></sheetData>", cell)
            )
    return far.getvalue()


def test_results_stand_beside_their_rows_on_every_sheet(app: Application, tmp_path: Path) -> None:
    publish(app, tmp_path)
    workbook, content = Workbook(), io.BytesIO()
    for place, name in enumerate(("North", "South")):
        sheet = workbook.worksheets[0] if place == 0 else workbook.create_sheet()
        sheet.title = name
        for line in (HEADS, row(2 * place), row(2 * place + 1)):
            sheet.append(line.split(","))
    workbook.save(content)
    batch = screened(app, content.getvalue(), name="two.xlsx")
    places = [each.result.place for each in rows(app, batch)]
    assert [(each.sheet, each.rows) for each in places] == [
        ("North", "2"),
        ("North", "3"),
        ("South", "2"),
        ("South", "3"),
    ]
    out = load_workbook(io.BytesIO(exporting.exported(app, HEIDI, batch.reference, "xlsx")))
    trips = [each.trip.reference for each in rows(app, batch) if each.trip]
    assert out.sheetnames == ["North", "South"]
    found = [line[-2].value for sheet in out.worksheets for line in sheet.iter_rows(min_row=2)]
    assert found == trips


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_results_are_taken_apart_by_what_took_the_file_apart(
    app: Application, tmp_path: Path, delimiter: str
) -> None:
    publish(app, tmp_path)
    batch = screened(app, table(row(1), row(2)).replace(b",", delimiter.encode()))
    content = exporting.exported(app, HEIDI, batch.reference, "csv")
    assert content.startswith(codecs.BOM_UTF8)
    heads, *found = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter)
    assert heads == [*HEADS.split(","), *exporting.OURS]
    assert [line[0] for line in found] == ["LOC001", "LOC002"]
    assert [line[-2] for line in found] == [each.trip.reference for each in rows(app, batch) if each.trip]


def test_results_of_what_is_no_table_have_commas(app: Application, tmp_path: Path) -> None:
    publish(app, tmp_path)
    batch = screened(
        app, b"Flight ET 707 from FRA to ADD on 12 Dec 2026; operated by Ethiopian\n", name="a.txt"
    )
    content = exporting.exported(app, HEIDI, batch.reference, "csv").decode("utf-8-sig")
    assert content.startswith("part,traveller,journey,verdict,reasons,trip,problem\r\n")


def test_a_word_that_is_an_error_to_a_spreadsheet_goes_out_as_it_came(
    app: Application, tmp_path: Path
) -> None:
    publish(app, tmp_path)
    batch = screened(app, table(row(1), row(2).replace("LOC002", "#REF!")))
    out = load_workbook(io.BytesIO(exporting.exported(app, HEIDI, batch.reference, "xlsx")))
    cells = [line[0] for line in out.worksheets[0].iter_rows(min_row=2)]
    assert [(cell.value, cell.data_type) for cell in cells] == [("LOC001", "s"), ("#REF!", "s")]


def test_no_row_of_results_asks_the_database_by_itself(app: Application, tmp_path: Path) -> None:
    publish(app, tmp_path)
    few = screened(app, table(row(1), row(2)))
    many = screened(app, table(*map(row, range(10, 50))), name="many.csv")
    for form in exporting.FORMS:
        asked = [_asked(app, batch, form) for batch in (few, many)]
        assert asked[0] == asked[1] > 0


def _asked(app: Application, batch: Batch, form: str) -> int:
    """Return how many statements the results of a batch take."""
    seen: list[str] = []

    def note(*call: Any) -> None:  # noqa: ANN401 - as SQLAlchemy calls it
        seen.append(call[2])

    event.listen(app.engine, "before_cursor_execute", note)
    try:
        exporting.exported(app, HEIDI, batch.reference, form)
    finally:
        event.remove(app.engine, "before_cursor_execute", note)
    return len(seen)


def test_lines_that_belong_to_no_booking_are_told(app: Application, tmp_path: Path) -> None:
    publish(app, tmp_path)
    batch = screened(app, table(row(1), "", "Note: ET 999 FRA-ADD on 14 Dec may be added,,,,,,,,"))
    beside = [
        each for each in rows(app, batch) if each.trip is None or (each.itinerary and each.itinerary.unread)
    ]
    assert beside
    assert all(each.result.standing is not Standing.CLEARED for each in beside)


def test_the_demonstrations_tables_are_judged_as_the_terminal_judges_them(
    app: Application, tmp_path: Path
) -> None:
    publish(app, tmp_path)
    for name in ("16-agency-bookings.csv", "17-agencia-reservas.xlsx"):
        content = resources.data("demo", name).read_bytes()
        batch = screened(app, content, name=name)
        page = [
            (each.advisory.verdict, each.advisory.reasons()) for each in rows(app, batch) if each.advisory
        ]
        terminal = [
            (each.advisory.verdict, each.advisory.reasons())
            for each in receiving.receive(app, Document(content, name))
            if each.advisory
        ]
        assert page == terminal
        assert page
