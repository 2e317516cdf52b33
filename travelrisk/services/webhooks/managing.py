"""Addresses are added, given a new secret, tested and removed, each act in the audit trail."""

from functools import partial
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import Connection

from travelrisk.domain.errors import BadInputError, NotFoundError
from travelrisk.services.application import Application
from travelrisk.services.webhooks.signing import secret
from travelrisk.services.webhooks.telling import TESTED, message
from travelrisk.store import audit, webhooks
from travelrisk.store.audit import Word
from travelrisk.store.database import reading, transact
from travelrisk.store.webhooks import Delivery, Webhook

_LONGEST: Final = 500
_MOST_OF_OFFICE: Final = 20


class OfficeFullError(BadInputError):
    """An office has as many addresses as it may have."""


class Shown(NamedTuple):
    """An address with the secret that its messages are signed with; shown when it is made or rotated."""

    webhook: Webhook
    secret: str


def add(app: Application, office: str, url: str, by: str) -> Shown:
    """Tell *url* of new answers on the trips of an office from now on.

    Raises:
        BadInputError: it is no https address that messages may go to, or the office has too many.
        ConfigurationError: the service has no secret to sign with.
    """
    if not office.strip():
        raise BadInputError("office: name the office whose trips are told of")
    wanted = _address(app, url)

    def make(c: Connection) -> Webhook:
        if sum(each.ended_at is None for each in webhooks.everything(c, office)) >= _MOST_OF_OFFICE:
            raise OfficeFullError(f"{office} has {_MOST_OF_OFFICE} addresses already: remove one first")
        made = webhooks.add(c, office.strip(), wanted, by, app.clock())
        secret(app, made)  # refused before it is kept
        _note(app, c, "webhook.added", by, made, {})
        return made

    made = transact(app.engine, make)
    return Shown(made, secret(app, made))


def first_secret(app: Application, number: int, office: str) -> str:
    """Return the secret that an address was made with, whatever became of it since.

    Raises:
        NotFoundError: there is none of this number, or it is another *office*'s.
        ConfigurationError: the service has no secret to make one from.
    """
    with reading(app.engine) as c:
        return secret(app, _known(c, number, office), 1)


def rotate(app: Application, number: int, by: str, office: str = "") -> Shown:
    """Give an address its next secret; the one before signs beside it for a day.

    Raises:
        NotFoundError: there is none of this number, or it is another *office*'s.
    """

    def turn(c: Connection) -> Webhook:
        known = _standing(c, number, office)
        webhooks.rotate(c, number, app.clock())
        _note(app, c, "webhook.rotated", by, known, {"generation": known.generation + 1})
        return _standing(c, number, office)

    turned = transact(app.engine, turn)
    return Shown(turned, secret(app, turned))


def remove(app: Application, number: int, by: str, office: str = "") -> None:
    """Tell an address nothing more.

    Raises:
        NotFoundError: as for ``rotate``.
    """

    def stop(c: Connection) -> None:
        known = _standing(c, number, office)
        webhooks.end(c, number, "removed", app.clock())
        _note(app, c, "webhook.removed", by, known, {})

    transact(app.engine, stop)


def try_out(app: Application, number: int, office: str = "") -> None:
    """Send an address a message that means nothing.

    Raises:
        NotFoundError: as for ``rotate``.
    """
    transact(app.engine, partial(_try_out, app, number, office))


def everything(app: Application, office: str = "") -> tuple[Webhook, ...]:
    """Return the addresses of an office, or of all, ended ones too; the newest first."""
    with reading(app.engine) as c:
        return webhooks.everything(c, office)


def messages(app: Application, number: int, office: str = "") -> tuple[Delivery, ...]:
    """Return the newest messages to an address, and how each went.

    Raises:
        NotFoundError: there is none of this number, or it is another *office*'s.
    """
    with reading(app.engine) as c:
        return webhooks.of_webhook(c, _known(c, number, office).id)


def replay(app: Application, number: int, delivery: int, office: str = "") -> None:
    """Send a message again, under its own id.

    Raises:
        NotFoundError: the address, or a message of this number to it, is not there.
    """

    def again(c: Connection) -> None:
        if not webhooks.replay(c, _standing(c, number, office).id, delivery, app.clock()):
            raise NotFoundError(f"webhook {number} has no message {delivery}")

    transact(app.engine, again)


def _try_out(app: Application, number: int, office: str, c: Connection) -> None:
    known = _standing(c, number, office)
    webhooks.queue(c, [(known.id, message(app, TESTED))], app.clock())


def _known(c: Connection, number: int, office: str) -> Webhook:
    found = webhooks.by_id(c, number)
    if found is None or (office and found.office != office):
        raise NotFoundError(f"there is no webhook {number}")
    return found


def _standing(c: Connection, number: int, office: str) -> Webhook:
    found = _known(c, number, office)
    if found.ended_at is not None:
        raise NotFoundError(f"webhook {number} is told nothing any more: add its address anew")
    return found


def names_host(app: Application, url: str) -> bool:
    """Say whether an address names its host, or is one of our own network that the settings except.

    Where a message may go is judged when it is sent, by what the name stands for then; a bare address says
    beforehand that it is a mistake.
    """
    try:
        split = urlsplit(url.strip())
        host, port = (split.hostname or "").lower(), split.port or 443
    except ValueError:
        return False
    is_bare = host.replace(".", "").isdigit() or ":" in host or host == "localhost"
    return not is_bare or f"{host}:{port}" in app.facts.webhooks_private


def _address(app: Application, url: str) -> str:
    wanted = url.strip()
    try:
        split = urlsplit(wanted)
        host, port = (split.hostname or "").lower(), split.port or 443
    except ValueError:
        host, split, port = "", urlsplit(""), 0
    is_own = f"{host}:{port}" in app.facts.webhooks_private
    if not host or len(wanted) > _LONGEST or split.username or split.fragment:
        raise BadInputError("url: write the whole address, such as https://booking.example.org/travelrisk")
    if split.scheme != "https" and not (is_own and split.scheme == "http"):
        raise BadInputError("url: messages go over https only")
    return wanted


def _note(  # noqa: PLR0913, PLR0917 - the parts of an entry
    app: Application, c: Connection, kind: str, by: str, about: Webhook, body: dict[str, Word]
) -> None:
    audit.append(c, kind=kind, actor=by, at=app.clock(), subject=f"webhook:{about.id}", body=body)
