"""Options that several commands have, so that they are called the same everywhere."""

import re
from collections.abc import Callable
from typing import Any, Final, TypeVar

import click

from travelrisk.cli.faults import Fault
from travelrisk.cli.program import Manner

Command = TypeVar("Command", bound=Callable[..., Any])

KEY: Final = "TRAVELRISK_API_KEY"
"""The setting with the key for ``--server``; it never stands on the command line."""
REFERENCE = re.compile(r"CH-[0-9A-Z]{6}", re.IGNORECASE)
"""How a proposal is called, wherever a file could be named instead."""
_LONGEST = 400  # characters; the list wraps, where click itself would cut a sentence off


class Commands(click.Group):
    """A group that lists its commands in the order in which they were added, each with a whole sentence."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the signature is click's
        """Return the names in the order of the work."""
        return list(self.commands)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands as click does, in full."""
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl([(n, each.get_short_help_str(_LONGEST)) for n, each in commands if each])


def as_json(sentence: str) -> Callable[[Command], Command]:
    """Add ``--json``; *sentence* says what is printed then."""
    return click.option("--json", "as_json", is_flag=True, help=sentence)


def server(command: Command) -> Command:
    """Add ``--server``."""
    sentence = f"Ask the service at this address over its API, with the key in {KEY}, instead of this one."
    return click.option("--server", default="", metavar="URL", help=sentence)(command)


def agreed(question: str, undone: str) -> None:
    """Ask for a yes; where it is no, or nobody is there to give one, nothing is done.

    Raises:
        Fault: it was not given; *undone* says what was not done.
    """
    try:
        is_agreed = click.confirm(question, err=True)
    except click.Abort:
        raise Fault(f"{undone}: nobody answered; --yes says so beforehand") from None
    if not is_agreed:
        raise Fault(undone)


def looked_before(*, as_json: bool, yes: bool, show: str) -> None:
    """Refuse a program that could not have shown anybody what it decides.

    Raises:
        UsageError: it prints JSON, and nobody said yes beforehand.
    """
    if as_json and not yes:
        raise click.UsageError(f"with --json nothing is asked: look with '{show}', then give --yes")


def quiet(command: Command) -> Command:
    """Add ``--quiet``, which the program itself takes too: people write it at either place."""

    def hush(ctx: click.Context, _parameter: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 - as click calls it
        manner = ctx.find_object(Manner)
        if manner is not None and wanted:
            manner.quiet = True

    option = click.option(
        "--quiet", is_flag=True, expose_value=False, callback=hush, help="No hints and no progress."
    )
    return option(command)
