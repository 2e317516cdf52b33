"""With ``--server`` another service answers over its API, and what is printed is the same."""

import json
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.cli.conftest import Run
from tests.cli.services import Service
from travelrisk import resources
from travelrisk.cli.options import KEY
from travelrisk.client import ApiError, Batch, Client, ClientError, UnansweredError
from travelrisk.domain.programs import Kind, Sight
from travelrisk.services.programs import keys

QUESTIONS = (
    "ET707 FRA ADD 12 Dec operated by Ethiopian Airlines",
    "ET707 FRA ADD 12 Dec",
    "LH 400 FRA JFK 12 Dec 2026 operated by Lufthansa",
    "UM 100 HRE JNB 12 Dec 2026",
    "SN 465 BRU KGL 12/11",
    "hello",
)
MAIL = """From: agency@example.org
To: alice@example.org
Subject: Your booking ABC234
Date: Mon, 23 Nov 2026 09:00:00 +0000
Content-Type: text/plain; charset=utf-8

Passenger: EXAMPLE/ALICE
ET 707 FRA ADD 12 Dec 2026 22:05
"""


@pytest.mark.parametrize("text", QUESTIONS)
def test_a_question_is_answered_the_same(run: Run, service: Service, text: str) -> None:
    here = run("check", text, "--json")
    there = run("check", text, "--json", "--server", service.url)
    assert there.stdout == here.stdout
    assert (there.exit_code, there.stderr) == (here.exit_code, here.stderr)
    assert service.calls == ["POST /api/v1/screen"]
    plain = run("check", text, "--server", service.url, "--language", "fr")
    assert plain.exit_code == here.exit_code
    assert plain.stdout.splitlines()[0] == run("check", text, "--language", "fr").stdout.splitlines()[0]


def test_other_ways_are_told_as_that_service_found_them(run: Run, service: Service, tmp_path: Path) -> None:
    table = tmp_path / "routes.csv"
    table.write_text("carrier,from,to,source\nLH,HEL,MUC,for show\nLH,MUC,IST,for show\n", "utf-8")
    assert run("routes", "import", table).exit_code == 0
    question = ("check", "--alternatives", "TK 1762 HEL IST 12 Jan 2027, operated by Turkish Airlines")
    here, there = run(*question, "--json"), run(*question, "--json", "--server", service.url)
    assert there.stdout == here.stdout
    assert (there.exit_code, there.stderr) == (here.exit_code, here.stderr)
    (answer,) = json.loads(there.stdout)["answers"]
    (way,) = answer["alternatives"][0]["ways"]
    assert [each["operating_carrier"] for each in way["flights"]] == ["DLH", "DLH"]
    for language, words in (("en", "asks for an exemption"), ("fr", "exemption"), ("es", "exención")):
        mine, theirs = (
            " ".join(run(*question, "--language", language, *more).stdout.split())
            for more in ((), ("--server", service.url))
        )
        for part in ("HEL-MUC-IST", "for show", "Lufthansa (", "990", words):
            assert part in mine, part
            assert part in theirs, part


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "sent"
    made.mkdir()
    for number, text in enumerate(QUESTIONS):
        (made / f"{number}.txt").write_text(text)
    (made / "mail.eml").write_text(MAIL)
    return made


@pytest.mark.parametrize("form", ["--json", "--csv"])
def test_files_are_judged_the_same(run: Run, service: Service, folder: Path, form: str) -> None:
    here = run("screen", folder, "--dry-run", form)
    there = run("screen", folder, "--dry-run", form, "--server", service.url)
    assert there.stdout == here.stdout
    assert there.exit_code == here.exit_code
    assert len(there.stdout.splitlines()) >= len(QUESTIONS)
    assert service.count("trips") == 0


def test_files_are_stored_there_and_the_same_again_changes_nothing(
    run: Run, service: Service, folder: Path
) -> None:
    first = run("screen", folder, "--json", "--server", service.url)
    again = run("screen", folder, "--json", "--server", service.url)
    made, known = ([json.loads(each) for each in done.stdout.splitlines()] for done in (first, again))
    assert {each["is_new"] for each in made if each.get("trip")} == {True}
    assert {each["is_new"] for each in known if each.get("trip")} == {False}
    assert [each.get("trip") for each in made] == [each.get("trip") for each in known]
    assert service.count("trips") == sum(each.get("trip") is not None for each in made) > 0
    assert "no address" in first.stderr
    assert first.exit_code == again.exit_code == 11


@pytest.mark.parametrize(
    ("key", "url", "words"),
    [
        ("", "{url}", "set TRAVELRISK_API_KEY"),
        ("trk_live_w_000000000000_" + "0" * 48, "{url}", "key"),
        (None, "http://example.org", "https"),
        (None, "http://127.0.0.1:9", "cannot be reached"),
    ],
)
def test_whoever_gets_no_answer_is_told_why(  # noqa: PLR0913, PLR0917 - fixtures and a case
    run: Run, service: Service, monkeypatch: pytest.MonkeyPatch, key: str | None, url: str, words: str
) -> None:
    monkeypatch.setattr("travelrisk.client.calling.time.sleep", lambda _: None)
    if key is not None:
        monkeypatch.setenv(KEY, key)
    done = run("check", QUESTIONS[0], "--server", url.format(url=service.url))
    assert done.exit_code == 1
    assert "leared" not in done.stdout
    assert words in done.stderr
    assert service.key not in done.stderr


@pytest.mark.parametrize("option", [("--to", "a@example.org"), ("--office", "X"), ("--language", "fr")])
def test_what_the_booking_itself_has_to_say_is_not_dropped(
    run: Run, service: Service, folder: Path, option: tuple[str, str]
) -> None:
    done = run("screen", folder, *option, "--server", service.url)
    assert done.exit_code == 2
    assert service.calls == []


class Answers:
    """A session of ``requests`` that gives prepared answers, and notes what was sent."""

    def __init__(self, *answers: tuple[int, dict[str, Any] | str, dict[str, str]] | Exception) -> None:
        self.left, self.sent = list(answers), list[dict[str, Any]]()

    def request(self, _method: str, _url: str, **more: Any) -> requests.Response:  # noqa: ANN401 - as requests has it
        """Give the next answer."""
        self.sent.append(more)
        answer = self.left.pop(0)
        if isinstance(answer, Exception):
            raise answer
        response = requests.Response()
        response.status_code = answer[0]
        response._content = json.dumps(answer[1]).encode()  # noqa: SLF001 - there is no other way in
        response.headers.update(answer[2])
        return response

    def close(self) -> None:
        """Close nothing."""


def of(session: Answers, monkeypatch: pytest.MonkeyPatch) -> tuple[Client, list[float]]:
    waits: list[float] = []
    monkeypatch.setattr("travelrisk.client.calling.time.sleep", waits.append)
    client = Client("https://travelrisk.example.org", "trk_live_w_x")
    client._session = session  # type: ignore[assignment] # noqa: SLF001 - answers without a network
    return client, waits


LOST = requests.ConnectionError("lost")
BUSY = (503, {"type": "x/problems/unavailable"}, {"Retry-After": "7"})
OF_A_PROXY = (503, "a page of its own", {"Retry-After": "9"})


def test_a_lost_answer_is_asked_for_again_under_the_same_key(monkeypatch: pytest.MonkeyPatch) -> None:
    session = Answers(LOST, BUSY, OF_A_PROXY, (200, {"responses": {}}, {}))
    client, waits = of(session, monkeypatch)
    assert dict(client.screen({}, store=True)) == {"responses": {}}
    used = {each["headers"]["Idempotency-Key"] for each in session.sent}
    assert len(used) == 1
    assert len(session.sent) == 4
    assert waits[1] >= 7
    assert waits[2] >= 9
    assert all(each["allow_redirects"] is False for each in session.sent)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((422, {"type": "x/problems/validation", "errors": [{"pointer": "/a"}]}, {}), ApiError),
        ((429, {"type": "x/problems/quota"}, {"Retry-After": "3600"}), ApiError),
        ((412, {"type": "x/problems/changed_meanwhile"}, {}), ApiError),
    ],
)
def test_what_no_time_heals_is_not_tried_again(
    monkeypatch: pytest.MonkeyPatch,
    answer: Any,  # noqa: ANN401 - a prepared one
    error: type[ClientError],
) -> None:
    session = Answers(answer)
    client, waits = of(session, monkeypatch)
    with pytest.raises(error) as raised:
        client.put_trip("concur", "A-1", {}, if_match='"1-1-0"')
    assert isinstance(raised.value, ApiError)
    assert (raised.value.code, raised.value.status) == (answer[1]["type"].rpartition("/")[2], answer[0])
    assert session.sent[0]["headers"] == {"If-Match": '"1-1-0"'}
    assert waits == []


def test_what_might_be_done_twice_is_not_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    session = Answers(LOST)
    client, _ = of(session, monkeypatch)
    with pytest.raises(UnansweredError):
        client.call("POST", "/webhooks", body={"url": "https://booking.example.org/"})
    assert len(session.sent) == 1


def test_all_pages_of_an_edition_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    session = Answers(
        (200, {"ratings": [{"id": "a"}], "cursor": "next"}, {}),
        (200, {"ratings": [{"id": "b"}], "cursor": ""}, {}),
    )
    client, _ = of(session, monkeypatch)
    assert [each["id"] for each in client.ratings("2026-11-01T00:00Z")] == ["a", "b"]
    assert [each["params"].get("cursor") for each in session.sent] == [None, "next"]


def test_the_client_puts_and_reads_a_trip(service: Service) -> None:
    segment = {
        "kind": "air",
        "marketing_carrier": "LH",
        "flight_number": "400",
        "operating_carrier": "LH",
        "origin": "FRA",
        "destination": "JFK",
        "departs_local": "2026-12-12T10:20",
    }
    with Client(service.url, service.key) as client:
        put = client.put_trip("concur", "A-1", {"segments": [segment]})
        assert put["reference"]
        trip = client.trip(put["reference"])
        assert (trip["verdict"], trip["ext_id"], trip["etag"]) == ("cleared", "A-1", put["etag"])
        with pytest.raises(ApiError, match="changed"):
            client.put_trip("concur", "A-1", {"segments": [segment]}, if_match='"0-0-0"')
        assert client.catalog()["edition"] == 1
        assert len(list(client.ratings())) > 50
        asked = client.screen({"a": {"text": "UM 462 HRE JNB 12 Dec"}}, alternatives=True)
        assert asked["responses"]["a"]["answers"][0]["alternatives"][0]["from"] == "HRE"


TABLE = resources.data("demo", "16-agency-bookings.csv")
UNKNOWN = (
    b"Localiz.;Quien;Vuelo Nr;Desde ciudad;Hasta ciudad;Tag;Vuela\n"
    b"ABC123;Doe/A;ET 707;FRA;ADD;05/12/2026;ET\n"
)


@pytest.mark.usefixtures("worker")
def test_a_file_is_screened_there_as_a_batch_and_its_letters_wait(run: Run, service: Service) -> None:
    done = run("screen", TABLE, "--json", "--keep-back", "--server", service.url)
    shapes = [json.loads(each) for each in done.stdout.splitlines()]
    here = [json.loads(each) for each in run("screen", TABLE, "--dry-run", "--json").stdout.splitlines()]
    assert [each["advisory"]["verdict"] for each in shapes] == [each["advisory"]["verdict"] for each in here]
    assert [each["itinerary"] for each in shapes] == [each["itinerary"] for each in here]
    assert done.exit_code == run("screen", TABLE, "--dry-run").exit_code == 11
    assert "letters wait (7, people who will be written to: 3, warnings: 6)" in " ".join(done.stderr.split())
    assert f"{service.url}/batches/BA-" in done.stderr
    assert (service.count("batches"), service.count("unreleased")) == (1, 7)
    run("screen", TABLE, "--keep-back", "--server", service.url)
    assert service.count("batches") == 1, "the same file again is the same arrival"


@pytest.mark.usefixtures("worker")
def test_a_table_that_needs_explaining_is_told_with_its_page(
    run: Run, service: Service, tmp_path: Path
) -> None:
    table, note = tmp_path / "unknown.csv", tmp_path / "note.txt"
    table.write_bytes(UNKNOWN)
    note.write_text("no flight")
    done = run("screen", table, note, "--keep-back", "--server", service.url)
    told = " ".join(done.stderr.split())
    assert "nobody has said what the column Vuelo Nr holds" in told
    assert "/tables what the columns hold" in told
    assert told.index("/tables") < told.index("nobody has said"), "first what to do"
    assert "/file" not in told, "a terminal is no JSON"
    assert done.exit_code == 12
    assert "0 itineraries: 0 cleared," in done.stdout
    assert "2 not judged" in done.stdout


def test_keeping_letters_back_takes_a_batch(run: Run, service: Service) -> None:
    for more in ((), ("--dry-run", "--server", service.url)):
        done = run("screen", TABLE, "--keep-back", *more)
        assert (done.exit_code, "--keep-back goes with" in done.stderr) == (2, True)
    assert service.calls == []


@pytest.mark.usefixtures("worker")
def test_the_client_sends_a_file_waits_reads_and_releases(service: Service) -> None:
    seen: list[Batch] = []
    with Client(service.url, service.key) as client:
        sent = client.send_batch(TABLE.read_bytes(), TABLE.name)
        assert (sent["state"], sent["bookings"]) == ("screening", 0)
        done = client.wait(sent["batch"], seen.append, every_s=0.05, timeout_s=60)
        assert done == seen[-1]
        assert done["state"] == "screened"
        rows = list(client.batch_results(sent["batch"]))
        assert [each["rows"] for each in rows] == sorted(each["rows"] for each in rows)
        assert len(rows) == 7
        assert [each["trip"] for each in client.batch_results(sent["batch"], "not_cleared")] == [
            each["trip"] for each in rows if each["standing"] == "not_cleared"
        ]
        (listed,) = client.batches()
        assert (listed["batch"], listed["state"], listed["letters"]) == (sent["batch"], "screened", 7)
        assert client.batch_file(sent["batch"]).count(b"not_cleared") == 4
        assert client.batch_file(sent["batch"], "xlsx").startswith(b"PK")
        assert client.release(done, "warnings") == {"letters": 6, "people": 3}
        with pytest.raises(ApiError, match="Other letters wait"):
            client.release(done)
        with pytest.raises(ApiError, match="audit"):
            list(client.audit())
    given = keys.create(
        service.app, name="auditor", office="Field office", kind=Kind.LIVE_READ, sight=Sight.AUDIT
    )
    with Client(service.url, given.key) as client:
        kinds = [each["kind"] for each in client.audit(since="2020-01-01T00:00Z")]
    assert {"batch.accepted", "batch.screened", "batch.released"} <= set(kinds)


def test_whoever_waits_in_vain_is_told_so(service: Service) -> None:
    with Client(service.url, service.key) as client:
        sent = client.send_batch(TABLE.read_bytes(), TABLE.name)
        with pytest.raises(UnansweredError, match=r"still being screened after 0\.1 seconds"):
            client.wait(sent["batch"], every_s=0.05, timeout_s=0.1)
        with pytest.raises(ApiError, match="still being screened"):
            client.batch_file(sent["batch"])


def test_a_file_whose_answer_was_lost_is_sent_again_under_the_same_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session = Answers(LOST, BUSY, (202, {"batch": "BA-222222"}, {}))
    client, waits = of(session, monkeypatch)
    assert client.send_batch(b"content", "a.csv")["batch"] == "BA-222222"
    assert len({each["headers"]["Idempotency-Key"] for each in session.sent}) == 1
    assert [each["files"]["file"] for each in session.sent] == [("a.csv", b"content")] * 3
    assert waits[1] >= 7


def test_pages_of_the_trail_that_hold_nothing_are_passed_by(monkeypatch: pytest.MonkeyPatch) -> None:
    session = Answers(
        (200, {"entries": [], "cursor": "next", "has_more": True}, {}),
        (200, {"entries": [{"seq": 9}], "cursor": "last", "has_more": False}, {}),
    )
    client, _ = of(session, monkeypatch)
    assert [each["seq"] for each in client.audit()] == [9]
    assert [each["params"].get("cursor") for each in session.sent] == [None, "next"]
