"""The program itself: which commands there are; each is loaded only when it is called."""

import gc
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import Any

import click
from click.shell_completion import CompletionItem

from travelrisk import __version__
from travelrisk.cli.faults import told
from travelrisk.lasting import lasting

COMMANDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "check": ("check", "Answer one question: may this journey be booked?"),
        "read": ("read", "Show what is understood of itineraries, without judging them."),
        "screen": ("screen", "Judge itineraries, store them, and write the letters."),
        "letters": ("letters", "Look at letters, send them again, see whom none reached."),
        "ratings": (
            "ratings",
            "Bring ratings in, change them with a second person, look back.",
        ),
        "airspaces": ("airspaces", "Bring in outlines of airspaces, and look at what is drawn."),
        "routes": ("routes", "Bring in tables of who flies where, and look at what is known."),
        "exceptions": ("exceptions", "Ask for exceptions, decide on them, and end them."),
        "people": ("people", "Look after the accounts of the desk."),
        "keys": ("keys", "Look after the keys with which programs call the API."),
        "notices": ("notices", "Bring in what airlines and travellers write to the desk."),
        "feeds": ("feeds", "Fetch public sources, and look at what they say."),
        "webhooks": ("webhooks", "Tell programs when there is a new answer."),
        "whereabouts": ("whereabouts", "Find which travellers are expected where, and when."),
        "mailbox": ("mailbox", "Deal with mails to the service, and look at those put aside."),
        "report": ("report", "Count what was screened, told, granted and missed in a period."),
        "map": ("map", "Draw the direct track of a route, and list what it passes."),
        "rules": ("rules", "Print the rules that every itinerary is judged by."),
        "demo": ("demo", "Show the whole service at work, with ratings that are for show."),
        "serve": ("serving", "Serve the pages."),
        "worker": ("working", "Send the letters, and finish what was left unfinished."),
        "doctor": ("doctor", "Look for what is wrong, and say what to do."),
        "db": ("upkeep", "Look after the database."),
        "backup": ("backups", "Copy the database while the service works, and check the copy."),
        "restore": ("backups", "Bring a backup back; no letter leaves until somebody has looked."),
        "hold": ("backups", "Let no letter leave."),
        "release": ("backups", "Let letters leave again."),
        "audit": ("upkeep", "Look at the audit trail."),
        "forget": ("privacy", "Erase what is kept about a traveller."),
        "hand-over": ("privacy", "Hand over all that is kept about a traveller."),
        "replay": ("upkeep", "Make an old advisory again, and compare."),
        "why": ("history", "Say why a trip was judged as it was on a day."),
        "config": ("config", "Look at the settings."),
    }
)
"""Name of each command -> its module, and its one line in the list of commands."""

_WIDTH = 100


@dataclass
class Manner:
    """How the program speaks: *quiet* without hints and progress, *debug* with the traceback of a fault."""

    quiet: bool = False
    debug: bool = False


class Program(click.Group):
    """A group whose commands are imported when they are called: the list of them must come at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the signature is click's
        """Return the names in the order of a day's work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        """Import and return one command."""
        if cmd_name not in COMMANDS:
            return None
        with lasting():
            module = import_module(f"travelrisk.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - as above
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete the names without importing the commands."""
        names = [name for name in COMMANDS if name.startswith(incomplete)]
        if incomplete.startswith("-") or not names:
            return super().shell_complete(ctx, incomplete)
        return [CompletionItem(name, help=COMMANDS[name][1]) for name in names]

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - as click has it
        """Run a command; whatever goes wrong is told in a sentence."""
        with told(debug=bool(ctx.params.get("debug"))):
            return super().invoke(ctx)


@click.group(
    cls=Program, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": _WIDTH}
)
@click.version_option(__version__, "--version", message="travelrisk %(version)s")
@click.option("--quiet", is_flag=True, help="No hints and no progress; errors are still told.")
@click.option("--debug", is_flag=True, help="Show where an unexpected error happened.")
@click.pass_context
def program(ctx: click.Context, *, quiet: bool, debug: bool) -> None:
    """Judge itineraries against dated ratings of carriers and routes, and write to the travellers.

    To see it at work with nothing set up: travelrisk demo
    """
    ctx.obj = Manner(quiet, debug)
    if os.environ.get("NO_COLOR"):
        ctx.color = False


def run() -> None:
    """Run the program on the arguments of this process."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal without our letters is no reason to fail
    try:
        program(prog_name="travelrisk")
    finally:
        gc.freeze()  # taking all apart, object by object, took a quarter of a second; the system needs none
