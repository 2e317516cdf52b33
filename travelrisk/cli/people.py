"""``travelrisk people``: the accounts of the desk, and who acts for whom; the first one is made here.

Whoever can start the program can read and change the whole database, so that nobody signs in here. The audit
trail says that it happened at a terminal, unless ``--by`` names a person.
"""

import sys
from collections.abc import Callable
from datetime import date
from typing import Any, Final, TypeVar

import click

from travelrisk.cli.console import hint, print_json, say, table
from travelrisk.cli.opening import opened
from travelrisk.cli.options import Commands, as_json, quiet
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.people import Delegation, Person, Role
from travelrisk.domain.texts import LANGUAGES, Language, day_in_words
from travelrisk.services.application import Application
from travelrisk.services.people import accounts, delegations
from travelrisk.services.people import roles as powers
from travelrisk.services.people.delegations import Named
from travelrisk.services.people.passwords import LONGEST
from travelrisk.services.trail import TERMINAL

Command = TypeVar("Command", bound=Callable[..., Any])

_ROLES: Final = click.Choice([role.value for role in Role])
_DAY: Final = click.DateTime(["%Y-%m-%d"])


def _by(command: Command) -> Command:
    sentence = "E-mail address or id of whoever does this, for the audit trail."
    return click.option("--by", default="", help=sentence)(command)


def _from_stdin(command: Command) -> Command:
    sentence = "Read the password from standard input instead of asking for it."
    return click.option("--password-stdin", is_flag=True, help=sentence)(command)


@click.group(cls=Commands)
def people() -> None:
    """Look after the accounts of the desk.

    PERSON is an e-mail address or an id.
    """


@people.command
@click.option("--name", required=True, help="Name as the history will show it.")
@click.option("--email", required=True, help="Address that the person signs in with.")
@click.option("--role", "roles", type=_ROLES, multiple=True, help="May be given several times.")
@click.option("--admin", is_flag=True, help="The same as --role admin.")
@click.option("--unit", default="", help="Office the person works for.")
@click.option("--no-password", is_flag=True, help="The person signs in elsewhere (OpenID Connect).")
@_from_stdin
@_by
@as_json("Print the account as one JSON object.")
@quiet
def add(  # noqa: PLR0913 - one for each option, all named
    *,
    name: str,
    email: str,
    roles: tuple[str, ...],
    admin: bool,
    unit: str,
    no_password: bool,
    password_stdin: bool,
    by: str,
    as_json: bool,
) -> None:
    """Make an account, and ask for its password."""
    if no_password and password_stdin:
        raise click.UsageError("--no-password and --password-stdin exclude each other: give one of them")
    wanted = {Role(role) for role in roles} | ({Role.ADMIN} if admin else set())
    if not wanted:
        raise click.UsageError("an account without a role may do nothing: give --role or --admin")
    with opened() as app:
        password = None if no_password else _password(from_stdin=password_stdin)
        person = accounts.add(
            app, name=name, email=email, roles=wanted, unit=unit, password=password, by=_actor(app, by)
        )
    _show(person, "Added", as_json=as_json)


@people.command("list")
@as_json("Print a JSON array of the accounts.")
@quiet
def list_(*, as_json: bool) -> None:
    """List the accounts, those that are closed too."""
    with opened() as app:
        everybody = accounts.everybody(app)
    if as_json:
        print_json([_shape(person) for person in everybody])
    elif everybody:
        rows = [
            (person.id, person.name, person.email, _roles(person), person.unit, _state(person))
            for person in everybody
        ]
        table(("Id", "Name", "E-mail", "Roles", "Office", "State"), rows)
    else:
        say("There are no accounts.")
        hint("Make the first administrator: travelrisk people add --admin --name NAME --email ADDRESS")


@people.command
@click.argument("person")
@click.argument("roles", type=_ROLES, nargs=-1, required=True)
@_by
@as_json("Print the account as one JSON object.")
@quiet
def roles(*, person: str, roles: tuple[str, ...], by: str, as_json: bool) -> None:
    """Give PERSON exactly these ROLES; they hold from the next page on."""
    with opened() as app:
        known = accounts.named(app, person)
        changed = accounts.change(app, known.id, roles=[Role(role) for role in roles], by=_actor(app, by))
    _show(changed, "Changed", as_json=as_json)


@people.command
@click.option("--confirm", type=click.IntRange(min=1), help="Give the roles that wait under this number.")
@click.option("--decline", type=click.IntRange(min=1), help="Refuse them.")
@_by
@quiet
def waiting(*, confirm: int | None, decline: int | None, by: str) -> None:
    """List the roles that wait for a second administrator, or decide about some."""
    if confirm and decline:
        raise click.UsageError("--confirm and --decline exclude each other: give one of them")
    with opened() as app:
        if confirm:
            powers.confirm(app, confirm, by=_actor(app, by))
        elif decline:
            powers.decline(app, decline, by=_actor(app, by))
        names = {person.id: person.name for person in accounts.everybody(app)}
        found = powers.waiting(app)
    rows = [
        (str(each.number), names[each.person_id], ", ".join(sorted(each.roles)), names[each.asked_by])
        for each in found
    ]
    table(("Number", "For", "Roles", "Asked by"), rows) if rows else say("No roles wait for anybody.")


@people.command
@click.argument("person")
@click.argument("language", type=click.Choice(LANGUAGES))
@_by
@as_json("Print the account as one JSON object.")
@quiet
def language(*, person: str, language: Language, by: str, as_json: bool) -> None:
    """Write the letters to PERSON in LANGUAGE; without one they are in that of TRAVELRISK_LANGUAGE."""
    with opened() as app:
        known = accounts.named(app, person)
        changed = accounts.set_language(app, known.id, language, by=_actor(app, by))
    _show(changed, "Changed", as_json=as_json)


@people.command
@click.argument("person")
@_from_stdin
@_by
@quiet
def password(*, person: str, password_stdin: bool, by: str) -> None:
    """Set the password of PERSON, and sign PERSON out everywhere."""
    with opened() as app:
        known = accounts.named(app, person)
        wanted = _password(from_stdin=password_stdin)
        accounts.set_password(app, known.id, wanted, by=_actor(app, by))
    say(f"The password of {known.name} is set. Every session of {known.name} has ended.")


@people.command
@click.argument("person")
@_by
@as_json("Print the account as one JSON object.")
@quiet
def deactivate(*, person: str, by: str, as_json: bool) -> None:
    """Close the account of PERSON, who left: sessions and delegations end, the history keeps the name."""
    with opened() as app:
        closed = accounts.close(app, accounts.named(app, person).id, by=_actor(app, by))
    _show(closed, "Closed", as_json=as_json)


@people.command
@click.argument("person")
@_by
@as_json("Print the account as one JSON object.")
@quiet
def reactivate(*, person: str, by: str, as_json: bool) -> None:
    """Open the account of PERSON again, with the roles it had."""
    with opened() as app:
        back = accounts.reopen(app, accounts.named(app, person).id, by=_actor(app, by))
    _show(back, "Opened again", as_json=as_json)


@people.command
@click.argument("focal_point")
@click.argument("alternate")
@click.option("--from", "first", type=_DAY, required=True, help="First day, YYYY-MM-DD.")
@click.option("--until", "last", type=_DAY, required=True, help="Last day, YYYY-MM-DD.")
@_by
@as_json("Print the delegation as one JSON object.")
@quiet
def delegate(  # noqa: PLR0913 - one for each option, all named
    *, focal_point: str, alternate: str, first: date, last: date, by: str, as_json: bool
) -> None:
    """Let ALTERNATE act for FOCAL_POINT from one day to another, both included."""
    with opened() as app:
        ids = [accounts.named(app, each).id for each in (focal_point, alternate)]
        wanted = Delegation(ids[0], ids[1], _plain(first), _plain(last))
        number = delegations.delegate(app, wanted, by=_actor(app, by))
        made = next(each for each in delegations.of_person(app) if each.number == number)
    if as_json:
        print_json(_delegation_shape(made))
    else:
        say(f"Delegation {number}: {_sentence(made)}")


@people.command("delegations")
@click.option("--end", "number", type=click.IntRange(min=1), help="End the delegation with this number.")
@_by
@as_json("Print a JSON array of the delegations.")
@quiet
def delegations_(*, number: int | None, by: str, as_json: bool) -> None:
    """List the delegations, the newest first, or end one."""
    with opened() as app:
        if number is not None:
            delegations.end(app, number, by=_actor(app, by))
        known = delegations.of_person(app)
    if as_json:
        print_json([_delegation_shape(each) for each in known])
    elif known:
        rows = [(str(each.number), _sentence(each), "open" if each.is_open else "ended") for each in known]
        table(("Number", "Who, for whom, when", "State"), rows)
    else:
        say("There are no delegations.")


def _password(*, from_stdin: bool) -> str:
    if not from_stdin:
        asked: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        return asked
    line = sys.stdin.readline(LONGEST * 4).rstrip("\r\n")
    if not line:
        raise BadInputError("standard input holds no password: write it on the first line")
    return line


def _actor(app: Application, by: str) -> str:
    return accounts.named(app, by).id if by else TERMINAL


def _plain(moment: date) -> date:
    return date(moment.year, moment.month, moment.day)  # click gives a day with a clock


def _show(person: Person, done: str, *, as_json: bool) -> None:
    if as_json:
        print_json(_shape(person))
    else:
        say(f"{done}: {person.name}, {person.email}, {person.id}, {_roles(person)}")


def _shape(person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.name,
        "email": person.email,
        "roles": [role.value for role in sorted(person.roles)],
        "unit": person.unit,
        "is_active": person.is_active,
        "is_machine": person.is_machine,
        "language": person.language,
    }


def _delegation_shape(each: Named) -> dict[str, Any]:
    return {
        "number": each.number,
        "focal_point": each.focal_point.id,
        "alternate": each.alternate.id,
        "valid_from": each.delegation.valid_from.isoformat(),
        "valid_until": each.delegation.valid_until.isoformat(),
        "is_open": each.is_open,
    }


def _sentence(each: Named) -> str:
    days = [day_in_words(day, "en") for day in (each.delegation.valid_from, each.delegation.valid_until)]
    return f"{each.alternate.name} for {each.focal_point.name}, {days[0]} to {days[1]}"


def _roles(person: Person) -> str:
    return ", ".join(role.value for role in sorted(person.roles)) or "no role"


def _state(person: Person) -> str:
    return "open" if person.is_active else "closed"
