"""Acting as somebody of the desk: it takes that person's own password, asked for, piped, or in a file.

Whoever can start the program can read everything, and signs for nobody.
"""

import os
import sys
from pathlib import Path
from typing import Final

import click
from sqlalchemy import Connection

from travelrisk.cli.console import counted
from travelrisk.cli.options import Command
from travelrisk.domain.errors import BadInputError, ForbiddenError
from travelrisk.domain.people import Person
from travelrisk.services.application import Application
from travelrisk.services.people.passwords import LONGEST

# A signature takes the check that the pages make, wait after failures included, and no session of a browser.
from travelrisk.services.people.sign_in import NotSignedIn, SignedIn, when_it_fits
from travelrisk.store import people

_PASSWORD_FILE: Final = "TRAVELRISK_PASSWORD_FILE"  # noqa: S105 - names the file


def as_somebody(command: Command) -> Command:
    """Add ``--as`` and ``--password-stdin``, which ``somebody`` takes."""
    return _asked(command, is_required=True)


def maybe_as_somebody(command: Command) -> Command:
    """Add the same where only some uses of a command take a person; *email* may be empty."""
    return _asked(command, is_required=False)


def _asked(command: Command, *, is_required: bool) -> Command:
    from_stdin = "Read your password from standard input instead of asking for it."
    sentence = f"Your e-mail address; a file that {_PASSWORD_FILE} names may hold your password."
    default = None if is_required else ""
    return click.option(
        "--as", "email", metavar="ADDRESS", required=is_required, default=default, help=sentence
    )(click.option("--password-stdin", is_flag=True, help=from_stdin)(command))


def somebody(app: Application, *, email: str, password_stdin: bool) -> Person:
    """Return who acts, if the password is theirs; failures make the next attempt wait, as on the pages."""

    def same(c: Connection, person: Person, _stored: str) -> SignedIn:
        if people.must_choose(c, person.id):
            raise ForbiddenError("an administrator made this password: choose your own on the pages first")
        return SignedIn(person, token="")  # nothing is opened, so that there is nothing to hold

    entered = when_it_fits(app, email, _password(from_stdin=password_stdin), "terminal", same)
    if isinstance(entered, NotSignedIn):
        if entered.wait:
            raise ForbiddenError(f"too many attempts have failed: wait {counted(entered.wait, 'second')}")
        raise ForbiddenError(
            "address or password is wrong; who signs in with the organisation's account uses the pages"
        )
    return entered.person


def _password(*, from_stdin: bool) -> str:
    path = os.environ.get(_PASSWORD_FILE)
    if not from_stdin and not path:
        asked: str = click.prompt("Password", hide_input=True, err=True)
        return asked
    try:
        text = sys.stdin.readline(LONGEST * 4) if from_stdin else Path(path or "").read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInputError(f"{_PASSWORD_FILE}: the file cannot be read: check path and rights") from error
    if not text.strip():
        raise BadInputError("there is no password: write it on the first line")
    return text.partition("\n")[0].rstrip("\r")
