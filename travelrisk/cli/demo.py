"""``travelrisk demo``: the whole service at work, with nothing to set up and nothing left behind."""

import shlex
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

import click

from travelrisk import resources
from travelrisk.cli.console import hint, is_terminal, print_json, progress, say
from travelrisk.cli.opening import opened
from travelrisk.cli.options import as_json, quiet
from travelrisk.cli.place import Place, free_port
from travelrisk.cli.screened import screened_shape
from travelrisk.cli.screening import Printer
from travelrisk.cli.serving import PortTakenError, listening_on, serve_pages
from travelrisk.domain.errors import ConfigurationError, TravelriskError
from travelrisk.domain.shapes import DEMO, NOTICE
from travelrisk.domain.texts import Language
from travelrisk.intake.document import Document
from travelrisk.jobs.timetable import (
    Work,
    find_undelivered,
    judge_again,
    screen_batches,
    send_letters,
    tell_programs,
)
from travelrisk.logs import logger
from travelrisk.mail.inbox import Inbox
from travelrisk.services import demonstration
from travelrisk.services.application import Application
from travelrisk.services.health import health
from travelrisk.services.letters.dispatch import dispatch
from travelrisk.services.ratings.records import import_records
from travelrisk.services.trips.receiving import Received, receive
from travelrisk.services.trips.understanding import understand
from travelrisk.settings import Settings
from travelrisk.web.app import create_app
from travelrisk.wiring import transport_for

_LOOKS_EVERY_S = 1
# What follows a button on a page; the rest of the timetable is what a day brings.
_BESIDE = (screen_batches, judge_again, find_undelivered, tell_programs, send_letters)
_BY, _SIGNED_BY = "Demonstration", "Demonstration, second person"
_PEOPLE: dict[str, tuple[str, Language]] = {
    "french": ("bob@example.org", "fr"),
    "spanish": ("charlie@example.org", "es"),
}
_OFFICES = tuple(demonstration.UNITS.values())  # each of the numbered examples is one's
_ANYBODY: tuple[str, Language] = ("alice@example.org", "en")


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
    "--port",
    type=click.IntRange(0, 65535),
    metavar="PORT",
    help="Port of the pages, 0 = any free one; if not given, the one the letters in --folder link to.",
)
@click.option("--once", is_flag=True, help="Stop after the table, and serve no pages.")
@as_json("Print the results as one JSON object.")
@quiet
def demo(*, folder: Path | None, port: int | None, once: bool, as_json: bool) -> None:
    """Judge the shipped example itineraries, deliver the letters, and serve the pages until Ctrl-C.

    The demonstration has a database and an inbox of its own, on this machine only. Its ratings are for show:
    dated public facts, and rows that say of themselves that they are no assessment.
    """
    with (
        _place(folder) as place,
        _listening(place, port, once=once) as listening,
        _inbox(place) as (inbox, smtp_port),
    ):
        place.port = listening.getsockname()[1] if listening else _wanted(place, port) or free_port()
        place.leave_configuration()
        with opened(place.settings(smtp_port), makes_database=True) as app:
            if not as_json:
                say(DEMO)
                click.echo()
            shown = _show(app, place.settings(smtp_port))
            _print(app, shown, place.address if listening else None, as_json=as_json)
            if listening is None:
                _say_how_to_go_on(place, is_kept=folder is not None)
                return
            _say_what_next(place)
            demonstration.employ(app)
            with _watching(app, place.settings(smtp_port)):
                serve_pages(create_app(app, inbox, secret_key=place.secret), listening)


@contextmanager
def _place(folder: Path | None) -> Iterator[Place]:
    if folder is not None:
        yield Place(folder)
        return
    with tempfile.TemporaryDirectory(prefix="travelrisk-demo-", ignore_cleanup_errors=True) as made:
        yield Place(Path(made))


@contextmanager
def _listening(place: Place, port: int | None, *, once: bool) -> Iterator[socket.socket | None]:
    """Give the socket for the pages; None where none are served."""
    if once:
        yield None
        return
    try:
        with listening_on("127.0.0.1", _wanted(place, port)) as listening:
            yield listening
    except PortTakenError as error:
        if port is not None or not place.port:
            raise
        raise ConfigurationError(
            f"port {place.port}, which the letters in {place.folder} link to, is taken: end the demonstration"
            " that runs there already, or give another --port"
        ) from error


def _wanted(place: Place, port: int | None) -> int:
    return place.port if port is None else port


@contextmanager
def _inbox(place: Place) -> Iterator[tuple[Inbox, int]]:
    inbox = Inbox(place.letters)
    _, port = inbox.start()
    try:
        yield inbox, port
    finally:
        inbox.stop()


@contextmanager
def _watching(app: Application, settings: Settings) -> Iterator[None]:
    """Do beside the pages what a worker does for somebody who waits in front of them."""
    work = Work(app, transport_for(settings), "demonstration")

    def watch() -> None:
        while not work.stop.wait(_LOOKS_EVERY_S):
            try:
                for job in _BESIDE:
                    job(work)
            except TravelriskError as error:
                logger().error("demonstration.failed", reason=str(error))

    watcher = Thread(target=watch, name="watch")
    watcher.start()
    try:
        yield
    finally:
        work.stop.set()
        watcher.join()


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
    """Receive an example of an office; if it names no address, who speaks its language has the letter."""
    parts = understand(app, document)
    people = [person for part in parts for each in part.itineraries for person in each.travellers]
    office = _OFFICES[int(document.name[:2]) % len(_OFFICES)]
    if any(person.email for person in people):
        return receive(app, document, office=office, actor="demonstration")
    found = (who for word, who in _PEOPLE.items() if word in document.name)
    recipient, language = next(found, _ANYBODY)
    return receive(
        app, document, recipient=recipient, language=language, office=office, actor="demonstration"
    )


def _print(app: Application, shown: Shown, address: str | None, *, as_json: bool) -> None:
    letters = health(app).letters
    if as_json:
        itineraries = [screened_shape(source, received) for source, received in shown.results]
        outbox = {"sent_now": shown.sent, **letters}
        pages = {"pages": address and f"{address}/", "inbox": address and f"{address}/inbox"}
        print_json({"notice": f"{DEMO} {NOTICE}", "itineraries": itineraries, "letters": outbox, **pages})
        return
    printer = Printer("table" if is_terminal() else "lines")
    for source, received in shown.results:
        printer.add(source, received)
    click.echo()
    printer.finish()
    say(f"Letters: {shown.sent} delivered over SMTP into the built-in inbox now, {letters['sent']} in all.")
    say(NOTICE)


def _say_what_next(place: Place) -> None:
    hint("")
    hint(f"Pages:   {place.address}/")
    hint(f"Letters: {place.address}/inbox")
    hint(f"Watch:   {place.address}/story")
    _say_how_to_ask(place)
    hint("Stop with Ctrl-C.")


def _say_how_to_go_on(place: Place, *, is_kept: bool) -> None:
    hint("")
    if not is_kept:
        hint("Nothing of it was kept. To open the pages and the letters leave --once away.")
        return
    hint(f"Open:    travelrisk demo --folder {shlex.quote(str(place.folder))}")
    hint(f"         serves the pages and the letters on {place.address}/, as the letters link to it.")
    _say_how_to_ask(place)


def _say_how_to_ask(place: Place) -> None:
    configuration = shlex.quote(str(place.configuration))
    hint(f'Ask:     TRAVELRISK_CONFIG={configuration} travelrisk check "ET707 FRA ADD 12 Dec"')
