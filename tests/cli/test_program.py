"""The program as a whole: what it loads, how it lists itself, and how it speaks of faults."""

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from tests.cli.conftest import Run
from travelrisk import __version__
from travelrisk.cli import checking
from travelrisk.cli.faults import Exit, exit_of, gravest
from travelrisk.cli.program import COMMANDS, program
from travelrisk.domain.errors import StoreError
from travelrisk.domain.itineraries import Outcome

RUN = (
    "import contextlib, io, sys\nfrom travelrisk.cli import main\nsys.argv = ['travelrisk', *{arguments!r}]\n"
    "with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):\n    main()\n"
    "import json\nprint(json.dumps(sorted(sys.modules)))"
)


def loaded_by(place: Path, *arguments: str) -> set[str]:
    """Run the program in a process of its own and return the packages and modules it loaded."""
    done = subprocess.run(
        [sys.executable, "-c", RUN.format(arguments=list(arguments))],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "TRAVELRISK_DATA_DIR": str(place)},
    )
    return set(json.loads(done.stdout))


HEAVY = {
    "pandas",
    "numpy",
    "sqlalchemy",
    "alembic",
    "flask",
    "apscheduler",
    "pydantic",
    "jinja2",
    "lxml",
    "rich",
}


def test_the_list_of_commands_loads_nothing_heavy(place: Path) -> None:
    assert not loaded_by(place, "--help") & HEAVY
    assert not loaded_by(place, "--version") & HEAVY


@pytest.mark.parametrize("command", ["check", "read", "screen"])
def test_the_help_of_everyday_commands_loads_nothing_heavy_and_no_reader(place: Path, command: str) -> None:
    loaded = loaded_by(place, command, "--help")
    assert not loaded & HEAVY
    assert not loaded & {"travelrisk.services", "travelrisk.store", "travelrisk.intake.lines"}


def test_a_question_loads_no_table_library_no_pages_no_clock_no_letters_and_no_other_reader(
    rated: Path,
) -> None:
    heavy = {"pandas", "flask", "apscheduler", "alembic", "lxml", "icalendar"}
    heavy |= {"waitress", "requests", "jinja2"}
    readers = {
        *("mails.eml", "pdf.receipts", "calendars.ics", "partners.interfaces", "pages.structured"),
        *("tables.table", "passes.wallet", "registry"),
    }
    loaded = loaded_by(rated, "check", "LH400 FRA JFK 12 Dec 2026")
    assert not loaded & heavy
    assert not loaded & {f"travelrisk.intake.{each}" for each in readers}
    assert "travelrisk.intake.lines.text" in loaded


def test_numbers_are_loaded_for_the_geometry_of_airspaces_alone(empty: Path) -> None:
    assert "numpy" not in loaded_by(empty, "check", "LH400 FRA JFK 12 Dec 2026")


def test_the_list_of_commands_says_what_each_command_says_of_itself(run: Run) -> None:
    listing = run("--help").stdout
    for name, (_, summary) in COMMANDS.items():
        command = program.get_command(click.Context(program), name)
        assert command is not None
        assert command.name == name
        assert summary in listing
        assert run(name, "--help").exit_code == 0


def within(name: str) -> list[list[str]]:
    """Return the paths of the commands of a group."""
    group = program.get_command(click.Context(program), name)
    assert isinstance(group, click.Group)
    return [[name, each] for each in group.list_commands(click.Context(group))]


@pytest.mark.parametrize(
    "path",
    [
        *([name] for name in COMMANDS),
        *within("ratings"),
        *within("exceptions"),
        *within("people"),
        ["db", "upgrade"],
        ["audit", "verify"],
        ["config", "show"],
    ],
)
def test_every_command_and_option_says_what_it_is_for(run: Run, path: list[str]) -> None:
    done = run(*path, "--help")
    assert done.exit_code == 0
    command: click.Command = program
    for name in path:
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), name)
        assert found is not None
        command = found
    assert command.help
    options = [each for each in command.params if isinstance(each, click.Option)]
    assert [each.name for each in options if not each.help] == []
    shapeless = [
        each.name
        for each in options
        if each.name in {"email", "approver", "as_of", "when", "first", "last", "day"} and not each.metavar
    ]
    assert path[0] == "people" or not shapeless, "an address, a day or an edition is no TEXT"


@pytest.mark.parametrize("name", ["ratings", "exceptions"])
def test_every_argument_is_explained_by_its_command_or_its_group(name: str) -> None:
    group = program.get_command(click.Context(program), name)
    assert isinstance(group, click.Group)
    for command in group.commands.values():
        said = f"{command.help} {group.help}"
        arguments = [each for each in command.params if isinstance(each, click.Argument)]
        asked = [part for each in arguments for part in (each.metavar or str(each.name).upper()).split("|")]
        assert [each for each in asked if each.strip("[]") not in said] == [], command.name


def test_the_commands_of_a_group_stand_in_the_order_of_the_work() -> None:
    names = [name for _, name in within("ratings")]
    assert names[0] == "list"
    assert names.index("propose") < names.index("sign") < names.index("publish")


def test_the_names_can_be_completed_without_loading_a_command() -> None:
    words = {"_TRAVELRISK_COMPLETE": "bash_complete", "COMP_WORDS": "travelrisk r", "COMP_CWORD": "1"}
    done = CliRunner().invoke(program, env=words, prog_name="travelrisk")
    assert [line.rpartition(",")[2] for line in done.stdout.split()] == [
        *("read", "ratings", "routes", "report", "rules", "restore", "release", "replay")
    ]


def test_the_version_is_that_of_the_package(run: Run) -> None:
    assert run("--version").stdout == f"travelrisk {__version__}\n"


def test_an_unknown_command_is_a_slip(run: Run) -> None:
    done = run("chekc")
    assert done.exit_code == 2
    assert "chekc" in done.stderr


def test_the_gravest_exit_wins_in_the_agreed_order() -> None:
    order = [Exit.CLEARED, Exit.WARNING, Exit.INCOMPLETE, Exit.STOP, Exit.FAULT]
    for position, graver in enumerate(order):
        for milder in order[: position + 1]:
            assert gravest(milder, graver) == gravest(graver, milder) == graver
    assert gravest() == Exit.CLEARED
    assert [int(each) for each in order] == [0, 10, 12, 11, 1]


@pytest.mark.parametrize("outcome", list(Outcome))
def test_nothing_found_is_never_success(outcome: Outcome) -> None:
    assert exit_of(None, outcome) == Exit.INCOMPLETE


def _broken(error: BaseException) -> object:
    def answers_to(*_: object) -> object:
        raise error

    return answers_to


@pytest.mark.usefixtures("rated")
def test_an_error_of_the_house_is_a_sentence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "answers_to", _broken(StoreError("the database is locked: try again")))
    done = run("check", "LH400 FRA JFK 12 Dec")
    assert (done.exit_code, done.stderr) == (1, "Error: the database is locked: try again\n")
    assert not done.stdout


@pytest.mark.usefixtures("rated")
def test_a_fault_of_our_own_is_short_and_quotes_nothing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "answers_to", _broken(KeyError("alice@example.org")))
    done = run("check", "LH400 FRA JFK 12 Dec")
    assert done.exit_code == 1
    assert "KeyError" in done.stderr
    assert "--debug" in done.stderr
    assert "alice" not in done.stderr
    assert len(done.stderr.splitlines()) == 1
    debugged = run("--debug", "check", "LH400 FRA JFK 12 Dec")
    assert isinstance(debugged.exception, KeyError)


@pytest.mark.usefixtures("rated")
def test_ctrl_c_ends_without_noise(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "answers_to", _broken(KeyboardInterrupt()))
    done = run("check", "LH400 FRA JFK 12 Dec")
    assert (done.exit_code, done.stderr) == (130, "Stopped.\n")


@pytest.mark.parametrize("group", ["ratings", "exceptions", "people", "db", "audit", "config"])
def test_the_list_of_a_group_has_whole_sentences(group: str, run: Run) -> None:
    told = run(group, "--help").stdout
    assert "..." not in told.partition("Commands:")[2]
