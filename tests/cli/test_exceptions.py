"""``travelrisk exceptions``: asked for by one, decided by another, each with a password of their own."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import time_machine
from click.testing import CliRunner, Result

from tests.cli.conftest import AT, RATINGS, Run
from travelrisk.cli.opening import opened
from travelrisk.cli.program import program
from travelrisk.domain.people import Role
from travelrisk.services.people import accounts

PASSWORDS = {name: f"{name} has four plain words" for name in ("bob", "frank", "heidi", "ivan")}
ROLES = {"bob": Role.FOCAL_POINT, "frank": Role.APPROVER, "heidi": Role.TRAVEL_UNIT, "ivan": Role.AUDITOR}
BOOKING = "UM 462 FRA JFK 12 Dec 2026 operated by Air Zimbabwe"
GROUNDS = (
    *("--need", "The clinic opens.", "--mitigation", "Two travel together."),
    *("--condition", "Daylight only."),
)
BLANKET = ("--office", "Nairobi", "--carrier", "UM", "--from", "2026-12-01", "--until", "2026-12-31")
TRIED = ("--alternatives", "Nobody else flies there.")


@pytest.fixture(scope="module")
def _desk_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make it once: a password takes its time."""
    place = tmp_path_factory.mktemp("exceptions") / "place"
    with pytest.MonkeyPatch.context() as patch, time_machine.travel(AT, tick=False):
        patch.setenv("TRAVELRISK_DATA_DIR", str(place))
        assert _program("db", "upgrade").exit_code == 0
        loaded = _program("ratings", "import", RATINGS, "--by", "bob", "--signed-by", "charlie")
        assert loaded.exit_code == 0
        for booking in (BOOKING, "LH 400 FRA JFK 13 Dec 2026 operated by Lufthansa"):
            _program("screen", "-", input=booking)
        with opened() as app:
            for name, role in ROLES.items():
                email, word = f"{name}@example.org", PASSWORDS[name]
                accounts.add(app, name=name.title(), email=email, roles=[role], password=word)
    return place / "travelrisk.db"


def _program(*arguments: object, **options: Any) -> Result:  # noqa: ANN401 - passed on
    return CliRunner().invoke(program, [str(each) for each in arguments], **options)


@pytest.fixture
def desk(place: Path, _desk_database: Path) -> Path:
    """Give a service with staff and a trip that is not cleared."""
    place.mkdir()
    shutil.copy(_desk_database, place)
    return place


@pytest.fixture
def trip(desk: Path) -> str:  # noqa: ARG001 - its database
    told = _program(
        "exceptions", "request", "--trip", "TR-QQQQQQ", *GROUNDS, *_as("heidi"), input=_word("heidi")
    )
    assert "there is no trip TR-QQQQQQ" in told.stderr
    with opened() as app, app.engine.connect() as c:
        return str(c.exec_driver_sql("SELECT reference FROM trips ORDER BY id LIMIT 1").scalar_one())


def _as(name: str) -> tuple[str, ...]:
    return ("--as", f"{name}@example.org", "--password-stdin")


def _word(name: str) -> str:
    return f"{PASSWORDS[name]}\n"


def act(run: Run, name: str, *arguments: object) -> Result:
    return run("exceptions", *arguments, *_as(name), input=_word(name))


def requested(run: Run, *arguments: object, by: str = "heidi") -> str:
    done = act(run, by, "request", *(arguments or (*BLANKET, *TRIED)), *GROUNDS)
    assert done.exit_code == 0, done.stderr
    (key,) = re.findall(r"^(?:Sent|Kept as a draft): (CH-\w+)$", done.stdout, re.MULTILINE)
    return str(key)


def shown(run: Run, key: str) -> dict[str, Any]:
    return dict(json.loads(run("exceptions", "show", key, "--json").stdout))


def test_a_trip_fills_the_request_and_the_approval_puts_it_in_force(run: Run, trip: str) -> None:
    key = requested(run, "--trip", trip)
    waiting = shown(run, key)
    (asked,) = waiting["exceptions"]
    record = asked["authorisation"]
    assert (asked["state"], record["carrier"], record["route"], record["trip"]) == (
        *("requested", "AZW", "FRA-JFK"),
        trip,
    )
    assert (record["valid_from"], record["valid_until"]) == ("2026-12-12", "2026-12-13")
    assert "Lufthansa (LH)" in record["alternatives_tried"]
    assert (waiting["lifts"], waiting["alternatives"], waiting["missing"]) == (["not_cleared"], ["DLH"], 1)
    assert waiting["effect"]["counts"] == [{"was": "not_cleared", "is": "conditional", "itineraries": 1}]
    done = act(run, "frank", "approve", key, "--yes", "--note", "Agreed.")
    assert done.exit_code == 0, done.stderr
    assert "In force with edition 2" in done.stdout
    assert "Decided by: Frank" in done.stdout
    (granted,) = shown(run, key)["exceptions"]
    assert granted["authorisation"]["approved_by"] == "Frank"
    why = run("exceptions", "show", granted["authorisation"]["id"])
    assert key in why.stdout


def test_the_approver_looks_first_and_may_say_no(run: Run, trip: str) -> None:
    key = requested(run, "--trip", trip)
    looked = run("exceptions", "approve", key, *_as("frank"), input=f"{_word('frank')}n\n")
    assert looked.exit_code == 1
    assert "It lifts: not cleared (eu-asl-azw)" in looked.stdout
    assert "nothing was decided" in looked.stderr
    assert shown(run, key)["exceptions"][0]["state"] == "requested"
    asked = act(run, "frank", "approve", key, "--json")
    assert asked.exit_code == 2
    assert "give --yes" in asked.stderr


@pytest.mark.usefixtures("desk")
def test_only_another_approver_decides(run: Run) -> None:
    key = requested(run)
    for name in ("heidi", "bob", "ivan"):
        for what in (("approve", key, "--yes"), ("refuse", key, "--note", "No.")):
            done = act(run, name, *what)
            assert done.exit_code == 1, (name, what)
    own = requested(run, by="frank")
    assert "nobody signs their own" in act(run, "frank", "approve", own, "--yes").stderr
    wrong = run("exceptions", "approve", key, "--yes", *_as("frank"), input="wrong\n")
    assert "address or password is wrong" in wrong.stderr


@pytest.mark.usefixtures("desk")
def test_a_refusal_says_why_and_an_end_too(run: Run) -> None:
    refused, ended = requested(run), requested(run)
    done = act(run, "frank", "refuse", refused, "--note", "Go by train.")
    assert "Why it was refused: Go by train." in done.stdout
    assert shown(run, refused)["why_refused"] == "Go by train."
    act(run, "frank", "approve", ended, "--yes")
    done = act(run, "heidi", "end", ended, "--note", "It is over.")
    assert "Why it ended: It is over." in done.stdout
    states = {each["key"]: each["state"] for each in json.loads(run("exceptions", "list", "--json").stdout)}
    assert states == {refused: "refused", ended: "ended"}


@pytest.mark.usefixtures("desk")
def test_the_list_is_a_table_that_a_pipe_can_take(run: Run) -> None:
    assert run("exceptions", "list").stdout == "There are no exceptions.\n"
    key = requested(run)
    head, row = run("exceptions", "list").stdout.splitlines()
    assert head.split()[:4] == ["Exception", "Carrier", "For", "Route"]
    assert row.split() == [
        *(key, "Air", "Zimbabwe", "(UM)", "Nairobi", "any", "31", "Dec", "2026"),
        *("requested", "Heidi"),
    ]
    assert run("exceptions", "list", "--state", "ended").stdout == "No exception fits.\n"


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((*BLANKET[:-1], "2026-11-30", *TRIED), "valid_until: it ends before it begins"),
        ((*BLANKET[:-1], "2028-12-31", *TRIED), "valid_until: it would last"),
        ((*BLANKET[:3], "Nobody", *BLANKET[4:], *TRIED), "carrier: there is no carrier Nobody"),
        (BLANKET, "alternatives_tried: say what else"),
        ((*BLANKET, *TRIED, "--trip", "TR-7KQ2M9"), "say for what"),
        (TRIED, "say for what"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(run: Run, arguments: tuple[str, ...], says: str) -> None:
    done = act(run, "heidi", "request", *arguments, *GROUNDS)
    assert done.exit_code in {1, 2}
    assert says in done.stderr
    assert json.loads(run("exceptions", "list", "--json").stdout) == []


@pytest.mark.usefixtures("desk")
def test_signing_it_as_a_change_puts_it_in_force_as_well(run: Run) -> None:
    key = requested(run)
    done = run("ratings", "sign", key, "--yes", *_as("frank"), input=_word("frank"))
    assert f"Signed: {key}, now published, edition 2" in done.stdout
    assert run("exceptions", "show", "CH-AAAAAA").exit_code == 1


@pytest.mark.usefixtures("desk")
def test_an_import_of_exceptions_takes_the_password_of_the_approver(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "exceptions.toml"
    file.write_text(
        '[[authorisations]]\nid = "exc-azw"\ncarrier = "AZW"\nkind = "blanket"\noffice = "Amman"\n'
        'valid_from = 2026-11-23\nvalid_until = 2026-12-31\nneed = "x"\nalternatives_tried = "x"\n'
        'mitigation = "x"\nconditions = { en = "x" }\napproved_by = "Frank"\nset_by = "bob"\n'
        "set_on = 2026-11-23\n",
        encoding="utf-8",
    )
    first = ("ratings", "import", file, "--by", "bob", "--signed-by", "charlie")
    assert "--approver" in run(*first, "--dry-run").stderr
    refused = run(*first)
    assert refused.exit_code == 2
    assert "only an approver decides" in refused.stderr
    approver = ("--approver", "frank@example.org", "--password-stdin")
    assert "password is wrong" in run(*first, *approver, input="wrong\n").stderr
    assert "Published as edition 2" in run(*first, *approver, input=_word("frank")).stdout
    assert "exc-azw" in run("exceptions", "list").stdout
