"""``travelrisk demo``: the whole service at work, with nothing to set up and nothing left behind."""

import json
import shlex
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from travelrisk import resources
from travelrisk.cli.console import hint, is_terminal, print_json, progress, say
from travelrisk.cli.opening import opened, settled
from travelrisk.cli.options import as_json, quiet
from travelrisk.cli.screen import Printer
from travelrisk.cli.serving import listening_on, serve_pages
from travelrisk.cli.shapes import DEMO, NOTICE, screened_shape
from travelrisk.domain.errors import ConfigurationError
from travelrisk.domain.texts import Language
from travelrisk.intake.document import Document
from travelrisk.mail.inbox import Inbox
from travelrisk.services.application import Application
from travelrisk.services.dispatch import dispatch
from travelrisk.services.health import health
from travelrisk.services.ratings import import_records
from travelrisk.services.receiving import Received, receive
from travelrisk.services.understanding import understand
from travelrisk.settings import Settings
from travelrisk.web.app import create_app
from travelrisk.wiring import transport_for

_SENDER = "travelrisk@example.org"
_BY, _SIGNED_BY = "Demonstration", "Demonstration, second person"
_PEOPLE: dict[str, tuple[str, Language]] = {
    "french": ("bob@example.org", "fr"),
    "spanish": ("charlie@example.org", "es"),
}
_ANYBODY: tuple[str, Language] = ("alice@example.org", "en")
_LETTERS = "letters"
_CONFIGURATION = "travelrisk.toml"


@dataclass
class Shown:
    """What the demonstration has to show."""

    results: list[tuple[str, Received]] = field(default_factory=list)
    sent: int = 0


@click.command
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep everything here, for another time.",
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="Port of the pages; any free one if not given."
)
@click.option("--once", is_flag=True, help="Stop after the table, and serve no pages.")
@as_json("Print the results as one JSON object.")
@quiet
def demo(*, folder: Path | None, port: int, once: bool, as_json: bool) -> None:
    """Judge the shipped example itineraries, deliver the letters, and serve the pages until Ctrl-C.

    The demonstration has a database and an inbox of its own, on this machine only. Its ratings are for show:
    dated public facts, and rows that say of themselves that they are no assessment.
    """
    with (
        _place(folder) as place,
        listening_on("127.0.0.1", port) as listening,
        _inbox(place) as (inbox, smtp_port),
    ):
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        settings = _settings(place, address, smtp_port)
        _leave_configuration(place, settings)
        with opened(settings) as app:
            if not as_json:
                say(DEMO)
                click.echo()
            shown = _show(app, settings)
            _print(app, shown, place, address, as_json=as_json)
            if once:
                if folder is not None and not as_json:
                    _say_how_to_ask(place)
                return
            _say_what_next(place, address)
            serve_pages(create_app(app, inbox), listening)


@contextmanager
def _place(folder: Path | None) -> Iterator[Path]:
    if folder is None:
        with tempfile.TemporaryDirectory(prefix="travelrisk-demo-", ignore_cleanup_errors=True) as made:
            yield Path(made)
        return
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(f"the folder {folder} cannot be made ({error.strerror})") from error
    yield folder.absolute()


@contextmanager
def _inbox(place: Path) -> Iterator[tuple[Inbox, int]]:
    inbox = Inbox(place / _LETTERS)
    _, port = inbox.start()
    try:
        yield inbox, port
    finally:
        inbox.stop()


def _settings(place: Path, address: str, smtp_port: int) -> Settings:
    """Return settings in which nothing of this machine's own configuration has a say."""
    return settled(
        data_dir=place,
        database_url=f"sqlite:///{place / 'travelrisk.db'}",
        policy_file=None,
        base_url=address,
        trusted_hosts=(),
        ratings_open=True,
        mail_transport="smtp",
        mail_folder=None,
        mail_from=_SENDER,
        reply_to="",
        smtp_host="127.0.0.1",
        smtp_port=smtp_port,
        smtp_tls="none",
        smtp_username="",
        smtp_password="",
        smtp_ca_file=None,
        demo=True,
    )


def _leave_configuration(place: Path, settings: Settings) -> None:
    """Let other commands find this demonstration, and say like it that the ratings are for show."""
    values: dict[str, Any] = {
        "data_dir": str(place),
        "database_url": settings.database_url,
        "base_url": settings.base_url,
        "mail_transport": "folder",
        "mail_folder": str(place / _LETTERS),
        "mail_from": _SENDER,
        "ratings_open": True,
        "demo": True,
    }
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in values.items()]
    text = "\n".join(["# Written by travelrisk demo at each start.", *lines, ""])
    try:
        (place / _CONFIGURATION).write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"the folder {place} cannot be written ({error.strerror})") from error


def _show(app: Application, settings: Settings) -> Shown:
    import_records(app, resources.data("ratings", "demonstration.toml"), by=_BY, signed_by=_SIGNED_BY)
    files = sorted(path for path in resources.data("demo").iterdir() if path.is_file())
    shown = Shown()
    with progress(len(files), "itineraries") as bar:
        for path in files:
            for received in _receive(app, Document(path.read_bytes(), path.name)):
                shown.results.append((path.name, received))
                bar.count()
            bar.advance(1)
    transport = transport_for(settings)
    while (done := dispatch(app, transport, "demonstration")).sent:
        shown.sent += done.sent
    return shown


def _receive(app: Application, document: Document) -> Iterator[Received]:
    """Receive an example; if it names no address, the letter goes to whoever speaks its language."""
    parts = understand(app, document)
    people = [person for part in parts for each in part.itineraries for person in each.travellers]
    if any(person.email for person in people):
        return receive(app, document, actor="demonstration")
    found = (who for word, who in _PEOPLE.items() if word in document.name)
    recipient, language = next(found, _ANYBODY)
    return receive(app, document, recipient=recipient, language=language, actor="demonstration")


def _print(app: Application, shown: Shown, place: Path, address: str, *, as_json: bool) -> None:
    letters = health(app).letters
    if as_json:
        itineraries = [screened_shape(source, received) for source, received in shown.results]
        outbox = {"sent_now": shown.sent, **letters}
        pages = {"pages": f"{address}/", "inbox": f"{address}/inbox"}
        print_json({"notice": f"{DEMO} {NOTICE}", "itineraries": itineraries, "letters": outbox, **pages})
        return
    printer = Printer("table" if is_terminal() else "lines")
    for source, received in shown.results:
        printer.add(source, received)
    click.echo()
    printer.finish()
    say(f"Letters: {shown.sent} delivered over SMTP into the built-in inbox now, {letters['sent']} in all.")
    if letters["sent"] > shown.sent:
        say(f"Those of an earlier time lie in {place / _LETTERS / 'new'}")
    say(NOTICE)


def _say_what_next(place: Path, address: str) -> None:
    hint("")
    hint(f"Pages:   {address}/")
    hint(f"Letters: {address}/inbox")
    _say_how_to_ask(place)
    hint("Stop with Ctrl-C.")


def _say_how_to_ask(place: Path) -> None:
    configuration = shlex.quote(str(place / _CONFIGURATION))
    hint(f'Ask:     TRAVELRISK_CONFIG={configuration} travelrisk check "ET707 FRA ADD 12 Dec"')
