"""A file comes to the same verdicts through every door, whatever its form; and so does what is typed."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import text

from tests.cli.programs import PATIENCE, running
from tests.cli.services import served, working
from tests.doors.doors import OFFICE, Booking, Brought, OnPage, Place, known_sentences, page_of, place
from tests.unit.intake.cases import CASES, folders
from travelrisk.services.batches import results
from travelrisk.store.database import reading

FILES: Final = (
    "gds/amadeus-record",
    "gds/sabre-record",
    "gds/galileo-record",
    "gds/apollo-two-operators-of-two-legs",
    "gds/worldspan-hash-one",
    "text/labelled-lines",
    "text/table-in-french-with-an-empty-operator",
    "text/two-bookings-with-names-and-locators",
    "structured/operated-by",
    "structured/two-bookings",
    "ics/agency-with-travellers",
    "ics/status-cancelled",
    "eml/operator-in-a-field-of-its-own",
    "eml/receipt-attached-with-the-operator",
    "eml/two-people-on-one-way-by-two-carriers",
    "msg/attachments",
    "tnef/page",
    "pdf/receipt-of-amadeus",
    "pdf/stop-inside-a-flight",
    "pdf/damaged",
    "bcbp/two-legs",
    "image/pdf417",
    "image/without-a-bar-code",
    "pkpass/several-and-one-damaged",
    "pkpass/operator-against-the-bar-code",
    "table/headings-of-an-english-agency",
    "table/bad-rows-are-named",
    "table/workbook",
    "table/workbook-with-two-sheets",
    "air-file/several-travellers",
    "pnrgov/several-bookings",
    "amadeus-order/code-share",
    "concur/json-code-share",
    "concur/two-bookings",
    "duffel/code-share",
    "ndc/two-operators-of-one-number",
    "sabre/hidden-stop",
    "travelport/operator-in-a-remark",
    "tripit/several-travellers",
    "zip/pass-beside-a-text",
    "zip/text-and-mail",
    "zip/all-with-a-password",
    "query/segments-there-and-back",
    "other/picture",
)
TYPED: Final = (
    "ET707 FRA ADD 12 Dec",
    "LH 400 FRA JFK 12 Dec",
    "UM 462 HRE JNB 25 Aug 2027",
    "SN 465 BRU KGL 12/11",
    "Flight ZZ 318 in between: see separate ticket",
    "good morning, I fly soon",
)


STORING: Final = ("cli", "batch_page", "watched_folder", "api_stored")


def brought(case: str) -> Brought:
    (file,) = (CASES / case).glob("in.*")
    return Brought(case.replace("/", "-") + file.suffix, file.read_bytes())


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Give a place where everybody only asks."""
    with place(tmp_path_factory.mktemp("asked")) as found:
        yield found


@pytest.fixture(scope="module")
def storing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Place]]:
    """Give a place to each door that stores: where a file has been before, it is not judged again."""
    with ExitStack() as open_ones:
        yield {door: open_ones.enter_context(place(tmp_path_factory.mktemp(door))) for door in STORING}


def test_there_is_a_file_of_each_form() -> None:
    assert {each.partition("/")[0] for each in FILES} == {folder.parent.name for folder in folders()}


@pytest.mark.parametrize("case", FILES)
def test_a_file_comes_to_the_same_verdicts_through_every_door(
    case: str, asked: Place, storing: dict[str, Place]
) -> None:
    file = brought(case)
    told = asked.api(file)
    assert told, "nothing comes out as nothing"
    for door, own in storing.items():
        assert getattr(own, door)(file) == told, door
    # The calls of the API for whole batches belong here, once there are any.
    agrees(asked.check_page(file), told)


@pytest.mark.parametrize("words", TYPED)
def test_what_is_typed_comes_to_the_same_verdicts_through_every_door(words: str, asked: Place) -> None:
    told = asked.checked(words)
    assert asked.queried({"text": words}) == told
    assert asked.cli_dry(Brought("typed.txt", words.encode())) == told
    agrees(asked.typed(words), told)


def agrees(page: tuple[int, list[OnPage]], told: list[Booking]) -> None:
    """Say that a page shows what programs are told: each verdict, and each reason but what it asks about."""
    status, shown = page
    wanted = page_of(told)
    assert status == (200 if wanted else 422)
    assert [each[:2] for each in shown] == [each[:2] for each in wanted]
    for is_there, must_be in zip(shown, wanted, strict=True):
        assert must_be.sentences <= is_there.sentences <= known_sentences(told)


def test_a_file_that_comes_through_several_doors_of_one_place_is_one_trip(tmp_path: Path) -> None:
    file = brought("table/headings-of-an-english-agency")
    with place(tmp_path) as own:
        told = own.cli_dry(file)
        for door in (own.cli, own.watched_folder, own.batch_page, own.cli):
            assert door(file) == told
        with reading(own.app.engine) as c:
            assert c.scalar(text("SELECT count(*) FROM trips")) == len(told)


@pytest.mark.parametrize("is_elsewhere", [False, True])
def test_the_watched_folder_of_a_real_process_comes_to_the_same_verdicts(
    tmp_path: Path,
    is_elsewhere: bool,  # noqa: FBT001 - a case
) -> None:
    files = [brought(case) for case in ("gds/amadeus-record", "table/workbook", "pdf/damaged")]
    with place(tmp_path) as own, served(own.desk.pages) as url, ExitStack() as working_too:
        for file in files:
            (own.watched.path / file.name).write_bytes(file.content)
        here, whose = (own.folder, ("--office", OFFICE))
        if is_elsewhere:  # where there is no database
            here, whose = (tmp_path / "nothing", ("--server", url))
            working_too.enter_context(working(own.app))
        watching = ("screen", own.watched.path, "--watch", "--every", "0.2", *whose)
        with running(here, *watching, api_key=own.program.given.key):
            until = time.monotonic() + PATIENCE
            while any(each.is_file() for each in own.watched.path.iterdir()):
                assert time.monotonic() < until, "they are still there"
                time.sleep(0.1)
        for batch, _ in results.newest(own.app, own.watched.viewer):
            (file,) = [each for each in files if each.name == batch.name]
            assert own.filed(batch.reference) == own.cli_dry(file), file.name
            results_beside = own.watched.path.glob(f"*/{file.name}.results.csv")
            assert [each.read_bytes() for each in results_beside] == [own.beside(batch.reference)]
            files.remove(file)
    assert files == [], "each was a batch"
