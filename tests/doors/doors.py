"""The doors of the service: each takes a file, and gives what whoever brought it is told of its bookings."""

import base64
import io
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, NamedTuple

import time_machine
from click.testing import CliRunner

from tests import databases
from tests.web.calling import SECRET, Caller, caller
from tests.web.conftest import NOW, Page, Visitor
from tests.web.desk import Desk, csrf, employ
from travelrisk.cli.program import program
from travelrisk.domain.people import Role
from travelrisk.domain.programs import Sealing
from travelrisk.domain.verdicts import Verdict
from travelrisk.services.application import Application
from travelrisk.services.batches import exporting, screening
from travelrisk.services.batches.folder import Folder, look, marks, prepare
from travelrisk.settings import load_settings
from travelrisk.store import people
from travelrisk.store.database import writing
from travelrisk.web.app import create_app
from travelrisk.wiring import build

OFFICE: Final = "OFFICE A"
_TOLD_ELSEWHERE: Final = ("question.", "itinerary.unread")  # on a page: among its questions, and its lines

Shape = Mapping[str, Any]


class Brought(NamedTuple):
    """A file."""

    name: str
    content: bytes


class Booking(NamedTuple):
    """What is said of a booking, or of a part of a file that holds none.

    Attributes:
        verdict: None where there is none.
        outcome: of the booking; where there is none, of the part.
        segments: the verdict on each.
        findings: every reason, good or bad, with its rule, effect, segment and words.
    """

    verdict: str | None
    outcome: str
    segments: tuple[str | None, ...] = ()
    findings: tuple[tuple[Any, ...], ...] = ()


class OnPage(NamedTuple):
    """What a page shows of a booking: its verdict, that of each segment, and the sentences of its reasons."""

    verdict: str
    segments: tuple[str | None, ...]
    sentences: frozenset[str]


Door = Callable[[Brought], list[Booking]]


class Place:
    """A service with the ratings of the demonstration, a program that calls, and a travel unit's desk."""

    def __init__(self, folder: Path) -> None:
        """Put it into a new folder."""
        self.folder = folder / "place"
        self.folder.mkdir(parents=True)
        databases.put_rated(self.folder / databases.NAME)
        built = build(load_settings(data_dir=self.folder, demo=True, requests_a_minute=0))
        self.app: Application = replace(
            built, clock=lambda: NOW, facts=replace(built.facts, sealing=Sealing(SECRET))
        )
        employ(self.app, heidi=Role.TRAVEL_UNIT)
        with writing(self.app.engine) as c:
            people.save(c, replace(people.by_id(c, "p-heidi"), unit=OFFICE))
        self.desk = Desk(self.app, create_app(self.app))
        self.program: Caller = caller(self.app, office=OFFICE, pages=self.desk.pages)
        self.heidi = self.desk.visitor("heidi")
        self.watched = Folder(folder / "watched", OFFICE)
        self.watched.path.mkdir()
        prepare(self.watched)

    # --- what is stored ---

    def cli(self, brought: Brought, *options: str) -> list[Booking]:
        """Run ``travelrisk screen FILE --json``."""
        file = self.folder / brought.name
        file.write_bytes(brought.content)
        return [_booking(each) for each in self.run("screen", file, "--json", *options)]

    def batch_page(self, brought: Brought) -> list[Booking]:
        """Bring a file on the page of batches, let the worker come by, and take the results along."""
        form = {
            "csrf_token": csrf(self.heidi.get("/batches")),
            "file": (io.BytesIO(brought.content), brought.name),
        }
        answer = self.heidi.post("/batches", data=form, content_type="multipart/form-data")
        screening.work(self.app, "one")
        address = str(answer.response.headers["Location"]).partition("?")[0]
        return _results(self.heidi.look(f"{address}/results?form=json").get_json())

    def watched_folder(self, brought: Brought) -> list[Booking]:
        """Put a file into the watched folder, and look at it once."""
        (self.watched.path / brought.name).write_bytes(brought.content)
        (filed,) = look(self.app, self.watched, marks(self.watched), "one")
        return self.filed(filed.reference)

    def filed(self, reference: str) -> list[Booking]:
        """Return what came of a file in the watched folder."""
        return _results(json.loads(exporting.exported(self.app, self.watched.viewer, reference, "json")))

    def beside(self, reference: str) -> bytes:
        """Return what is put beside a file."""
        return exporting.exported(self.app, self.watched.viewer, reference, "csv")

    def api_stored(self, brought: Brought) -> list[Booking]:
        """Have a trip made over the API."""
        return self.api(brought, "?store=true", headers={"Idempotency-Key": brought.name})

    # --- what is not ---

    def cli_dry(self, brought: Brought) -> list[Booking]:
        """Run ``travelrisk screen FILE --json --dry-run``."""
        return self.cli(brought, "--dry-run")

    def api(self, brought: Brought, ask: str = "", **more: Any) -> list[Booking]:  # noqa: ANN401 - as the client takes them
        """Screen a file over the API."""
        packed = {"content": base64.b64encode(brought.content).decode(), "name": brought.name}
        return self.queried({"document": packed}, ask, **more)

    def queried(self, query: Shape, ask: str = "", **more: Any) -> list[Booking]:  # noqa: ANN401 - as above
        """Screen a query over the API."""
        answers = self.program.screen(query, ask, **more)["answers"]
        return [
            _booking({**each, "advisory": each["judged"] and {**each, **each["judged"]}}) for each in answers
        ]

    def check_page(self, brought: Brought) -> tuple[int, list[OnPage]]:
        """Send a file with the form of the check page."""
        form = {"file": (io.BytesIO(brought.content), brought.name)}
        return _on_page(
            Visitor(self.desk.pages).post("/check", data=form, content_type="multipart/form-data")
        )

    def typed(self, text: str) -> tuple[int, list[OnPage]]:
        """Type something into the box of the check page."""
        return _on_page(Visitor(self.desk.pages).ask(text))

    def checked(self, text: str) -> list[Booking]:
        """Run ``travelrisk check TEXT --json``."""
        (answer,) = self.run("check", "--json", "--", text)
        return [_booking(each) for each in answer["answers"]]

    def run(self, *arguments: object) -> list[Any]:
        """Run the program on this place, and return the lines of JSON that it prints."""
        with time_machine.travel(NOW, tick=False):
            done = CliRunner().invoke(
                program, [str(each) for each in arguments], env={"TRAVELRISK_DATA_DIR": str(self.folder)}
            )
        assert done.exit_code in {0, 10, 11, 12}, done.output
        whole = done.stdout
        return [json.loads(whole)] if whole.startswith("{\n") else list(map(json.loads, whole.splitlines()))


@contextmanager
def place(folder: Path) -> Iterator[Place]:
    """Give a place of its own."""
    found = Place(folder)
    yield found
    found.app.engine.dispose()


def page_of(bookings: list[Booking]) -> list[OnPage]:
    """Return what a page must show of bookings: the gravest first, and each reason that is no question."""
    judged = [each for each in bookings if each.verdict]
    judged.sort(key=lambda each: -Verdict.from_word(each.verdict or ""))
    return [OnPage(each.verdict or "", each.segments, _sentences(each, is_shown)) for each in judged]


def is_shown(code: str, effect: str) -> bool:
    """Say whether a finding must stand among the reasons of a page."""
    return effect != Verdict.CLEARED.word and not code.startswith(_TOLD_ELSEWHERE)


def known_sentences(bookings: list[Booking]) -> frozenset[str]:
    """Return the words of every finding."""
    return frozenset().union(*(_sentences(each) for each in bookings))


def _sentences(
    told: Booking, wanted: Callable[[str, str], bool] = lambda _code, _effect: True
) -> frozenset[str]:
    return frozenset(words for _, code, effect, _, words in told.findings if wanted(code, effect))


def _booking(shape: Shape) -> Booking:
    advisory = shape["advisory"]
    if advisory is None:
        return Booking(None, shape["outcome"])
    findings = tuple(
        (each["rule"], each["code"], each["effect"], each["segment"], _plain(each["message"]["en"]))
        for each in advisory["findings"]
    )
    return Booking(advisory["verdict"], advisory["outcome"], tuple(advisory["segments"]), findings)


def _results(whole: Shape) -> list[Booking]:
    return [_booking(each) for each in whole["results"]]


def _on_page(page: Page) -> tuple[int, list[OnPage]]:
    sections = page.all("//section[contains(@class, 'tr-one')]") or page.all(
        "//section[@aria-label='Answer']"
    )
    return page.status, list(map(_section, sections))


def _section(section: Any) -> OnPage:  # noqa: ANN401 - an element of lxml
    (box,) = section.xpath(".//div[contains(@class, 'tr-verdict--')]/@class")
    legs = section.xpath(".//li[contains(@class, 'tr-leg--')]/@class")
    notes = ".//ul[@class='tr-plain'][not(ancestor::*[@class='tr-ways'])]/li"
    said = section.xpath(f".//*[@class='tr-sentence'] | {notes}")
    segments = tuple(None if word == "none" else word for word in map(_word, legs))
    return OnPage(_word(box), segments, frozenset(_plain(each.text_content()) for each in said))


def _word(classes: str) -> str:
    return classes.rpartition("--")[2].replace("-", "_")


def _plain(words: str) -> str:
    return "".join(words.split())  # pages keep some blanks from breaking, and add others
