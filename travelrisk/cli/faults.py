"""Exit codes, and what a person is told when something goes wrong: a sentence, never a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import IO, Any

import click

from travelrisk.domain.advisories import Advisory
from travelrisk.domain.errors import BadInputError, TravelriskError
from travelrisk.domain.itineraries import Outcome
from travelrisk.domain.verdicts import Verdict

INTERRUPTED = 130  # what shells expect of a program that was stopped by Ctrl-C


class Exit(IntEnum):
    """What the shell is told, in the order of gravity: of several results the gravest is returned."""

    CLEARED = 0
    WARNING = 10
    INCOMPLETE = 12
    STOP = 11
    FAULT = 1


_GRAVITY = tuple(Exit)


def gravest(*exits: Exit) -> Exit:
    """Return the gravest of several results: 1, 11, 12, 10, 0."""
    return max(exits, key=_GRAVITY.index, default=Exit.CLEARED)


def exit_of(advisory: Advisory | None, outcome: Outcome, fail_on: Verdict = Verdict.CONDITIONAL) -> Exit:
    """Return the exit code for one result.

    Args:
        advisory: the judgement; None where no flight was found.
        outcome: of the document it comes from.
        fail_on: the mildest verdict that is to be told; milder ones count as cleared.
    """
    if advisory is not None and advisory.verdict is Verdict.NOT_CLEARED:
        return Exit.STOP
    if advisory is None or outcome is not Outcome.COMPLETE or advisory.outcome is not Outcome.COMPLETE:
        return Exit.INCOMPLETE
    return Exit.WARNING if advisory.verdict >= max(fail_on, Verdict.CONDITIONAL) else Exit.CLEARED


class Fault(click.ClickException):
    """Something went wrong that a person can act on; it is printed as ``Error: message``."""

    exit_code = int(Exit.FAULT)

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the message to standard error."""
        click.echo(f"Error: {self.format_message()}", file=file, err=True)


class Refused(Fault):
    """What was handed over on the command line cannot be used."""

    exit_code = click.UsageError.exit_code


@contextmanager
def told(*, debug: bool) -> Iterator[None]:
    """Turn every error inside into a sentence and an exit code; with *debug*, unexpected ones are raised."""
    try:
        yield
    except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
        raise
    except KeyboardInterrupt:
        click.echo("Stopped.", err=True)
        raise click.exceptions.Exit(INTERRUPTED) from None
    except BadInputError as error:
        raise Refused(str(error)) from error
    except TravelriskError as error:
        raise Fault(str(error)) from error
    except Exception as error:
        if debug:
            raise
        raise Fault(
            f"travelrisk itself failed ({type(error).__name__}); nothing half done was stored."
            " Run it again as travelrisk --debug ... to see where"
        ) from error
