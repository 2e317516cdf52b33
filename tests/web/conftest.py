"""The real service behind the pages: a temporary SQLite file with the ratings of the demonstration."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, ClassVar, Self

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from lxml import html
from werkzeug.routing import BaseConverter
from werkzeug.routing.rules import Rule, RulePart
from werkzeug.test import TestResponse

from tests import databases
from travelrisk.intake.document import Document
from travelrisk.mail.inbox import Inbox, InboxMessage
from travelrisk.services.application import Application
from travelrisk.services.trips import receiving
from travelrisk.settings import load_settings
from travelrisk.web.app import create_app
from travelrisk.wiring import build

NOW = databases.EVENING
REVIEW = "ET707 FRA ADD 12 Dec"
CLEARED = "LH 400 FRA JFK 12 Dec"
DAY_OR_MONTH = "SN 465 BRU KGL 12/11"


@dataclass(frozen=True, slots=True)
class Page:
    """An answer of the server, with its HTML taken apart."""

    response: TestResponse
    tree: Any

    @classmethod
    def of(cls, response: TestResponse) -> Self:
        """Take an answer apart."""
        return cls(response, html.fromstring(response.get_data(as_text=True) or "<html></html>"))

    @property
    def status(self) -> int:
        """Its status."""
        return self.response.status_code

    @property
    def words(self) -> str:
        """Everything a person can read, on one line."""
        return " ".join(self.tree.text_content().split())

    @property
    def title(self) -> str:
        """What the browser's tab says."""
        return str(self.tree.findtext(".//title"))

    def all(self, path: str) -> list[Any]:
        """Return what stands at an XPath."""
        return list(self.tree.xpath(path))

    def text(self, path: str) -> str:
        """Return the words of the one element at *path*."""
        (found,) = self.all(path)
        return " ".join(found.text_content().split())


class Visitor:
    """Asks for pages, as a browser would."""

    def __init__(self, pages: Flask) -> None:
        self.client: FlaskClient = pages.test_client()

    def get(self, path: str, **more: Any) -> Page:  # noqa: ANN401 - as the client takes them
        """Open a page."""
        return Page.of(self.client.get(path, **more))

    def look(self, path: str, **more: Any) -> TestResponse:  # noqa: ANN401 - as the client takes them
        """Return an answer that has been read to its end; files stay open otherwise."""
        response = self.client.get(path, **more)
        response.get_data()
        response.close()
        return response

    def post(self, path: str, **more: Any) -> Page:  # noqa: ANN401 - as the client takes them
        """Send a form."""
        return Page.of(self.client.post(path, **more))

    def ask(self, text: str, path: str = "/check") -> Page:
        """Type something into the box and press the button."""
        return self.post(path, data={"text": text})


def inbox_with(*messages: InboxMessage) -> Inbox:
    """Return an inbox that already holds *messages*; it never listens."""
    inbox = Inbox()
    inbox._kept.extend(messages)  # noqa: SLF001 - a test need not speak SMTP to show a page
    return inbox


LETTER = InboxMessage(
    id=1,
    at=NOW,
    to="alice@example.org",
    subject="[Review needed] ET 707 FRA-ADD, 12 Dec 2026",
    letter="review",
    language="fr",
    text="Bonjour\nhttp://127.0.0.1:8000/trips/abc-DEF_123?language=fr\n",
    html="<html><body><p style='color:red'>Bonjour</p><script>alert(1)</script></body></html>",
)


def evening(folder: Path, clock: Callable[[], datetime] = lambda: NOW) -> Application:
    """Return a service with the ratings of the demonstration, in which it is that evening."""
    databases.put_rated(folder / databases.NAME)
    return replace(build(load_settings(data_dir=folder, demo=True, requests_a_minute=0)), clock=clock)


def unrated(folder: Path, clock: Callable[[], datetime] = lambda: NOW) -> Application:
    """Return a service without any ratings, on that evening."""
    databases.put_empty(folder / databases.NAME)
    return replace(build(load_settings(data_dir=folder, requests_a_minute=0)), clock=clock)


class _Compiled(BytecodeCache):
    """What the templates became, for the many apps of one process."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a template its code, if it was compiled before."""
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a template."""
        self._kept[bucket.key] = bucket.bytecode_to_string()


_Trace = list[tuple[bool, str]]
_Converters = dict[str, BaseConverter]


class _Route(Rule):
    """An address that is taken to pieces once, and whose builder is made of nothing but these."""

    _builders: ClassVar[dict[tuple[object, ...], Callable[..., tuple[str, str]]]] = {}
    _pieces: ClassVar[dict[tuple[object, ...], tuple[tuple[RulePart, ...], _Trace, _Converters]]] = {}

    def _parse_rule(self, rule: str) -> Iterable[RulePart]:
        before = (rule, *self.map.converters.items())
        if before not in self._pieces:
            known, self._trace, self._converters = (self._trace, self._converters), [], {}
            found = tuple(super()._parse_rule(rule))
            self._pieces[before] = found, self._trace, self._converters
            self._trace, self._converters = known
        found, trace, converters = self._pieces[before]
        self._trace += trace
        self._converters |= converters
        self.arguments |= converters.keys()
        return found

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:  # noqa: FBT001, FBT002 - as it is called
        parts = (self.rule, *self._trace, *sorted((self.defaults or {}).items()), append_unknown)
        if parts not in self._builders:
            self._builders[parts] = super()._compile_builder(append_unknown)
        return self._builders[parts]


@pytest.fixture(scope="session", autouse=True)
def pages_are_compiled_once() -> Iterator[None]:
    """Compile templates and addresses once in a process: for each app anew, it is most of a test's work."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(Flask.jinja_options, "bytecode_cache", _Compiled())
        patch.setattr(Flask, "url_rule_class", _Route)
        yield


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """Give a service in which it is always the evening of 23 Nov 2026."""
    built = evening(tmp_path_factory.mktemp("web"))
    yield built
    built.engine.dispose()


@pytest.fixture(scope="session")
def token(app: Application) -> str:
    """Give the token of alice's trip, which needs a review."""
    document = Document(REVIEW.encode(), "trip.txt", "text/plain")
    # Before now, and not so long before the ratings were published that nothing is judged any more.
    moments = (NOW - timedelta(minutes=4) + timedelta(seconds=number) for number in count())
    ticking = replace(app, clock=lambda: next(moments))
    (received,) = receiving.receive(ticking, document, recipient="alice@example.org")
    assert received.trip is not None
    return received.trip.token


@pytest.fixture(scope="session")
def pages(app: Application) -> Flask:
    return create_app(app, inbox_with(LETTER))


@pytest.fixture
def visitor(pages: Flask) -> Visitor:
    return Visitor(pages)


def with_facts(app: Application, **facts: Any) -> Application:  # noqa: ANN401 - fields of Facts
    """Return the same service, set up in another way."""
    return replace(app, facts=replace(app.facts, **facts))


@pytest.fixture
def empty_app(tmp_path: Path) -> Iterator[Application]:
    """Give a service with a database and not one rating."""
    built = unrated(tmp_path)
    yield built
    built.engine.dispose()
