"""Files that programs bring: screened by the worker, read row by row, and nobody is written to unasked."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.web.calling import Caller, caller, service
from tests.web.test_api_trips import code_of
from tests.web.test_batches import CSV, UNKNOWN, demo
from travelrisk.domain.programs import Kind
from travelrisk.mail.transport import Memory
from travelrisk.services.application import Application
from travelrisk.services.batches import accepting, screening
from travelrisk.services.letters.dispatch import dispatch
from travelrisk.store import lookups, tables, trips
from travelrisk.store.database import reading
from travelrisk.web.api.cursors import cursor_of
from travelrisk.web.api.models import batches as models

FORM = "multipart/form-data; boundary=cut"
ALL = {"which": "all", "clearances": 1, "warnings": 6}


@pytest.fixture
def own(app: Application, tmp_path: Path) -> Iterator[Application]:
    with service(app, tmp_path) as own:
        yield own


@pytest.fixture
def tool(own: Application) -> Caller:
    return caller(own)


def bring(tool: Caller, content: bytes, name: str = CSV, **headers: str) -> TestResponse:
    return tool.call("POST", "/batches", data={"file": (io.BytesIO(content), name)}, headers=headers)


def form(content: bytes) -> bytes:
    """Write a form by hand: that of the client leaves a file open where it is large."""
    head = b'--cut\r\nContent-Disposition: form-data; name="file"; filename="C:\\bookings.csv"\r\n\r\n'
    return head + content + b"\r\n--cut--\r\n"


def screened(app: Application, tool: Caller, content: bytes | None = None, name: str = CSV) -> str:
    """Bring a file, let the worker screen it, and return the path of its batch."""
    answer = bring(tool, demo() if content is None else content, name)
    assert answer.status_code == 202, answer.get_data(as_text=True)
    screening.work(app, "one")
    return str(answer.headers["Location"]).removeprefix("/api/v1")


def told(
    answer: TestResponse, model: type[models.Batch | models.Batches | models.BatchResults]
) -> dict[str, Any]:
    """Return an answer that is as the document says, to the last field."""
    assert answer.status_code in {200, 202}, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    assert set(model.model_validate(found).model_dump()) == set(found)
    for row in found.get("problems", found.get("results", ())):
        assert set(models.BatchRow.model_validate(row).model_dump()) == set(row)
    return found


def sent(app: Application) -> list[str]:
    memory = Memory()
    dispatch(app, memory, "one")
    return [each[2] for each in memory.sent]


def count(app: Application, table: str) -> int:
    with reading(app.engine) as c:
        return c.scalar(select(func.count()).select_from(tables.METADATA.tables[table])) or 0


def test_a_file_is_answered_at_once_and_told_problems_first(own: Application, tool: Caller) -> None:
    answer = bring(tool, demo())
    assert answer.status_code == 202
    new = told(answer, models.Batch)
    assert answer.headers["Location"] == f"/api/v1/batches/{new['batch']}"
    assert (new["state"], new["finished_at"], new["bookings"], new["problems"]) == ("screening", None, 0, [])
    screening.work(own, "one")
    done = told(tool.get(f"/batches/{new['batch'].lower()}"), models.Batch)
    assert (done["state"], done["percent"], done["bookings"], done["trouble"]) == ("screened", 100, 7, "")
    assert list(done["counts"]) == [
        *("not_cleared", "incomplete", "review", "conditional", "cleared", "waiting")
    ]
    assert (done["counts"]["not_cleared"], done["counts"]["cleared"]) == (2, 1)
    assert sum(done["counts"].values()) == 7
    waiting = done["waiting"]
    assert (waiting["letters"], waiting["people"]) == (7, 3)
    assert (waiting["clearances"], waiting["warnings"]) == (1, 6)
    standings = [each["standing"] for each in done["problems"]]
    assert standings[:3] == ["not_cleared", "not_cleared", "incomplete"]
    assert "cleared" not in standings
    assert len(standings) == 6


def test_letters_leave_at_once_where_that_is_asked_for_with_the_file(own: Application, tool: Caller) -> None:
    for word in ("no", "FALSE", ""):
        answer = tool.call("POST", f"/batches?keep_back={word}", data={"file": (io.BytesIO(demo()), CSV)})
        assert code_of(answer) == (422, "validation")
    answer = tool.call("POST", "/batches?keep_back=false", data={"file": (io.BytesIO(demo()), CSV)})
    screening.work(own, "one")
    done = told(tool.get(f"/batches/{answer.get_json()['batch']}"), models.Batch)
    assert (done["bookings"], done["waiting"]["letters"], count(own, "unreleased")) == (7, 0, 0)
    assert len(sent(own)) == 7
    bring(tool, demo())
    screening.work(own, "one")
    assert sent(own) == [], "the same file again tells nobody anything"


def test_the_files_of_the_office_are_listed_page_by_page_the_newest_first(
    own: Application, tool: Caller
) -> None:
    assert told(tool.get("/batches"), models.Batches) == {"batches": [], "cursor": ""}
    brought = [
        bring(tool, demo() + b"\n" * number, f"{number}.csv").get_json()["batch"] for number in range(5)
    ]
    other = caller(own, office="Another office", pages=tool.pages)
    foreign = bring(other, demo()).get_json()["batch"]
    while screening.work(own, "one").finished:
        pass
    pages, path = [], "/batches?limit=2"
    while path:
        answer = tool.get(path)
        found = told(answer, models.Batches)
        pages.append([each["batch"] for each in found["batches"]])
        path = answer.headers.get("Link", "").partition(">")[0].removeprefix("</api/v1")
        assert bool(path) == bool(found["cursor"])
    newest = brought[::-1]
    assert pages == [newest[:2], newest[2:4], newest[4:]]
    listed = told(tool.get("/batches"), models.Batches)["batches"]
    one = told(tool.get(f"/batches/{newest[-1]}"), models.Batch)
    assert listed[-1] == {name: one[name] for name in listed[-1] if name != "letters"} | {"letters": 7}
    assert [each["batch"] for each in told(other.get("/batches"), models.Batches)["batches"]] == [foreign]
    assert code_of(tool.get("/batches?cursor=abc")) == (404, "cursor")
    assert code_of(tool.get(f"/batches?cursor={cursor_of(2**63)}")) == (404, "cursor")
    assert code_of(tool.get(f"/batches/{newest[-1]}/results?cursor={cursor_of(-(2**70))}")) == (404, "cursor")
    assert code_of(tool.get("/batches?limit=0")) == (422, "validation")


def test_the_rows_come_page_by_page_in_the_order_of_the_file(own: Application, tool: Caller) -> None:
    path = screened(own, tool)
    whole = told(tool.get(f"{path}/results"), models.BatchResults)
    assert whole["cursor"] == ""
    pages, cursor = [], ""
    while True:
        answer = tool.get(f"{path}/results?limit=3&cursor={cursor}")
        found = told(answer, models.BatchResults)
        pages.append(found["results"])
        cursor = found["cursor"]
        link = answer.headers.get("Link", "")
        assert bool(link) == bool(cursor)
        if not cursor:
            break
        assert tool.get(link.partition(">")[0].removeprefix("</api/v1")).status_code == 200
    assert [len(each) for each in pages] == [3, 3, 1]
    assert [row for page in pages for row in page] == whole["results"]
    rows = [row["rows"] for row in whole["results"]]
    assert rows == sorted(rows)
    one, two = whole["results"][:2]
    assert (one["verdict"], one["next_step"], one["letter"]) == ("cleared", "book", "kept_back")
    assert (two["verdict"], two["next_step"], two["change"]) == ("not_cleared", "do_not_book", "new")
    assert "cleared" not in {each["verdict"] for each in whole["results"] if each["standing"] != "cleared"}
    only = told(tool.get(f"{path}/results?standing=not_cleared&limit=1"), models.BatchResults)
    assert only["results"] == [two]
    assert "standing=not_cleared" in tool.get(f"{path}/results?standing=not_cleared&limit=1").headers["Link"]
    assert code_of(tool.get(f"{path}/results?cursor=abc")) == (404, "cursor")
    with reading(own.engine) as c:
        trip = trips.by_reference(c, one["trip"])
        assert trip is not None
        assert {(each.actor, each.purpose) for each in lookups.of_trip(c, trip.id)} == {
            (tool.given.program.actor, "api")
        }


def test_a_warning_that_goes_to_nobody_says_so(own: Application, tool: Caller) -> None:
    table = (
        b"PNR,Name,E-mail,Airline,Flight,Operated by,From,To,Date\n"
        b"AAA222,MOYO/ANA,,UM,462,UM,HRE,JNB,15 Dec 2026\n"
        b"BBB222,SMITH/JO,jo@example.org,UM,462,UM,HRE,JNB,15 Dec 2026\n"
    )
    path = screened(own, tool, table)
    alone, reached = told(tool.get(f"{path}/results"), models.BatchResults)["results"]
    assert (alone["verdict"], alone["letter"]) == ("not_cleared", "none")
    assert "no address; call the traveller" in alone["nobody_written_to"]
    assert (reached["verdict"], reached["letter"]) == ("not_cleared", "kept_back")
    assert reached["nobody_written_to"] == ""
    lines = tool.get(f"{path}/results.csv").get_data().decode("utf-8-sig").splitlines()
    first, second = csv.DictReader(lines)
    assert first["problem"] == alone["nobody_written_to"]
    assert second["problem"] == ""


def test_half_a_file_is_not_given_for_the_whole(tool: Caller) -> None:
    path = f"/batches/{bring(tool, demo()).get_json()['batch']}"
    for below in ("/results", "/results.csv", "/results.xlsx"):
        answer = tool.get(f"{path}{below}")
        assert code_of(answer) == (409, "unfinished")
        assert answer.headers["Retry-After"] == "5"
    assert code_of(tool.post(f"{path}/release", ALL)) == (409, "unfinished")


def test_the_results_go_out_as_a_table(own: Application, tool: Caller) -> None:
    path = screened(own, tool)
    answer = tool.get(f"{path}/results.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert f"results-{path[-9:]}.csv" in answer.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert rows[0][-4:] == ["verdict", "reasons", "trip", "problem"]
    assert [row[-4] for row in rows[1:4]] == ["cleared", "cleared", "not_cleared"]
    sheet = load_workbook(io.BytesIO(tool.get(f"{path}/results.xlsx").get_data())).worksheets[0]
    assert [[cell.value or "" for cell in row] for row in sheet.iter_rows(max_row=4)] == rows[:4]
    assert code_of(tool.get(f"{path}/results.exe")) == (404, "not_found")


def test_nobody_is_written_to_before_the_letters_that_were_seen_are_released(
    own: Application, tool: Caller
) -> None:
    path = screened(own, tool)
    tool.get(path), tool.get(f"{path}/results")
    assert sent(own) == []
    other = tool.post(f"{path}/release", ALL | {"clearances": 2})
    assert code_of(other) == (409, "letters_changed")
    assert "clearances that wait: 1; warnings: 6" in other.get_json()["detail"]
    reads = caller(own, Kind.LIVE_READ, pages=tool.pages)
    assert code_of(reads.post(f"{path}/release", ALL)) == (403, "scope")
    assert sent(own) == []
    once = {"Idempotency-Key": "one"}
    some = tool.post(f"{path}/release", ALL | {"which": "warnings"}, headers=once)
    assert some.get_json() == {"letters": 6, "people": 3}
    assert len(sent(own)) == 6
    again = tool.post(f"{path}/release", ALL | {"which": "warnings"}, headers=once)
    assert (again.get_json(), again.headers["Idempotent-Replayed"]) == (some.get_json(), "true")
    assert told(tool.get(path), models.Batch)["waiting"]["letters"] == 1
    assert tool.post(f"{path}/release", ALL | {"warnings": 0}).get_json() == {"letters": 1, "people": 1}
    assert len(sent(own)) == 1
    states = {each["letter"] for each in tool.get(f"{path}/results").get_json()["results"]}
    assert states == {"sent"}


def test_the_same_file_again_touches_only_what_changed(own: Application, tool: Caller) -> None:
    first = screened(own, tool)
    made = [count(own, table) for table in ("trips", "itineraries", "advisories", "outbox")]
    second = screened(own, tool)
    assert second != first
    assert [count(own, table) for table in ("trips", "itineraries", "advisories", "outbox")] == made
    rows = tool.get(f"{second}/results").get_json()["results"]
    assert {each["change"] for each in rows} == {"unchanged"}
    lines = demo().decode().splitlines()
    moved = "\n".join([*lines[:-1], lines[-1].replace("2027-09-29", "2027-09-30")]) + "\n"
    assert moved != demo().decode()
    third = screened(own, tool, moved.encode())
    rows = tool.get(f"{third}/results").get_json()["results"]
    assert [each["change"] for each in rows].count("changed") == 1
    assert count(own, "trips") == made[0]


def test_an_idempotency_key_makes_one_batch_of_a_file_however_its_form_is_written(
    own: Application, tool: Caller
) -> None:
    once = {"Idempotency-Key": "night of 30 November"}
    first, second = (bring(tool, demo(), **once) for _ in range(2))  # each form has another boundary
    assert second.get_json() == first.get_json()
    assert second.headers["Location"] == first.headers["Location"]
    assert second.headers["Idempotent-Replayed"] == "true"
    assert code_of(bring(tool, demo() + b"\n", **once)) == (422, "idempotency_key_reused")
    assert code_of(bring(tool, demo(), "other.csv", **once)) == (422, "idempotency_key_reused")
    assert count(own, "batches") == 1


def test_unknown_headings_are_told_at_once_with_what_to_do(own: Application, tool: Caller) -> None:
    answer = bring(tool, UNKNOWN)
    assert code_of(answer) == (409, "columns")
    problem = answer.get_json()
    assert "/tables what the columns hold" in problem["detail"]
    codes = [each["code"] for each in problem["errors"]]
    assert codes == sorted(codes)
    missing = [each["detail"] for each in problem["errors"] if each["code"] == "column_missing"]
    assert [each.partition(": ")[2] for each in missing] == [
        "origin",
        "destination",
        "departure date",
        "carrier or flight number",
    ]
    unknown = {each["pointer"]: each["detail"] for each in problem["errors"] if each["code"] != codes[0]}
    assert "the column Vuelo Nr holds" in unknown["/file/columns/2"]
    assert [count(own, table) for table in ("batches", "originals")] == [0, 0]


@pytest.mark.parametrize(
    ("content", "name"), [(b"no flight at all", "a.txt"), (b"PK\x03\x04", "a.xlsx"), (b"%PDF-1.4", "a.pdf")]
)
def test_what_nobody_understands_is_a_problem_and_never_cleared(
    content: bytes, name: str, own: Application, tool: Caller
) -> None:
    done = told(tool.get(screened(own, tool, content, name)), models.Batch)
    assert done["counts"] == {
        **dict.fromkeys(("not_cleared", "review", "conditional", "cleared", "waiting"), 0),
        "incomplete": 1,
    }
    (row,) = done["problems"]
    assert (row["verdict"], row["next_step"], row["trip"]) == ("review", "send_again", None)
    assert row["reason"]


def test_what_cannot_be_kept_is_refused_by_name(own: Application, tool: Caller) -> None:
    assert code_of(bring(tool, b"")) == (422, "validation")
    for data in ({}, {"name": "value"}, {"other": (io.BytesIO(b"x"), "a.csv")}):
        answer = tool.call("POST", "/batches", data=data, content_type="multipart/form-data")
        assert code_of(answer) == (422, "validation")
        assert answer.get_json()["errors"][0]["pointer"] == "/file"
    two = [(io.BytesIO(content), "a.csv") for content in (b"x", b"y")]
    answer = tool.call("POST", "/batches", data={"file": two})
    assert code_of(answer) == (422, "validation")
    assert code_of(tool.post("/batches", {})) == (415, "media_type")
    tool.pages.config["MAX_CONTENT_LENGTH"] = 1000
    large = bring(tool, b"x" * 2000)
    assert code_of(large) == (413, "too_large")
    assert "up to 10.0 MB are taken" in large.get_json()["detail"]
    tool.pages.config["MAX_CONTENT_LENGTH"] = 20_000_000
    larger = tool.call("POST", "/batches", data=form(b"x" * 11_000_000), content_type=FORM)
    assert code_of(larger) == (413, "too_large")
    assert "bookings.csv: the file has 10.5 MB, up to 10 MB are read" in larger.get_json()["detail"]
    assert count(own, "batches") == 0


def test_a_test_key_brings_nothing_and_is_told_so(own: Application, tool: Caller) -> None:
    path = screened(own, tool)
    trial = caller(own, Kind.TEST, pages=tool.pages)
    assert code_of(bring(trial, demo())) == (403, "scope")
    for below in ("", "/results", "/results.csv"):
        assert code_of(trial.get(f"{path}{below}")) == (403, "scope")
    assert code_of(trial.post(f"{path}/release", ALL)) == (403, "scope")
    assert (sent(own), count(own, "batches")) == ([], 1)


def test_a_batch_of_another_office_is_not_there(own: Application, tool: Caller) -> None:
    path = screened(own, tool)
    other = caller(own, office="Another office", pages=tool.pages)
    nobodys = "/batches/BA-222222"
    for below in ("", "/results", "/results.csv", "/results.xlsx"):
        mine, none = other.get(f"{path}{below}"), other.get(f"{nobodys}{below}")
        assert code_of(mine) == code_of(none) == (404, "not_found")
        assert mine.get_json()["detail"].replace(path[-9:], "") == none.get_json()["detail"].replace(
            nobodys[-9:], ""
        )
    assert code_of(other.post(f"{path}/release", ALL)) == (404, "not_found")
    assert sent(own) == []


@pytest.mark.threat(48)
def test_when_too_much_waits_nothing_more_is_taken_and_nothing_is_lost(
    own: Application, tool: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accepting, "MOST_WAITING", 1)
    taken = bring(tool, demo())
    refused = bring(tool, demo() + b"\r\n", "second.csv")
    assert code_of(refused) == (503, "unavailable")
    assert int(refused.headers["Retry-After"]) > 0
    assert bring(caller(own, office="Another office", pages=tool.pages), demo()).status_code == 202
    screening.work(own, "one")
    assert told(tool.call("GET", str(taken.headers["Location"]).removeprefix("/api/v1")), models.Batch)
    assert bring(tool, demo() + b"\r\n", "second.csv").status_code == 202  # as Retry-After said
    monkeypatch.setattr(accepting, "MOST_WAITING_OF_ALL", 1)
    third = bring(caller(own, office="Third office", pages=tool.pages), demo())
    assert third.status_code == 503
    with reading(own.engine) as c:
        assert c.scalar(select(func.count()).select_from(tables.batches)) == 3
