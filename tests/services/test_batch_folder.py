"""A watched folder: files are taken when they are whole, screened once, and put away beside their results."""

import csv
import io
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.services.conftest import publish
from tests.services.test_batches import HEIDI, row, sent, table
from travelrisk import resources
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.people import Viewer
from travelrisk.intake.document import Document
from travelrisk.services.application import Application
from travelrisk.services.batches import accepting, exporting, folder, results, screening
from travelrisk.services.batches.folder import Filed, Folder, look, marks, prepare
from travelrisk.store.database import reading

OWN = Viewer("folder", "OFFICE A")


@pytest.fixture
def watched(tmp_path: Path) -> Folder:
    place = Folder(tmp_path / "in", "OFFICE A")
    place.path.mkdir()
    prepare(place)
    return place


def twice(app: Application, place: Folder) -> list[Filed]:
    """Look at a folder in which nothing changes."""
    return list(look(app, place, marks(place), "one"))


def names(place: Folder, where: str = "") -> list[str]:
    return sorted(each.name for each in (place.path / where).iterdir() if each.is_file())


def test_a_file_is_screened_and_put_away_with_its_results(
    app: Application, tmp_path: Path, watched: Folder
) -> None:
    publish(app, tmp_path)
    (watched.path / "agency.csv").write_bytes(table(row(1)))
    (filed,) = twice(app, watched)
    assert (filed.name, filed.reason) == ("agency.csv", "")
    assert names(watched) == []
    assert names(watched, "done") == ["agency.csv", "agency.csv.results.csv"]
    results_text = (watched.path / "done" / "agency.csv.results.csv").read_text("utf-8-sig")
    rows = list(csv.reader(io.StringIO(results_text)))
    assert (rows[0][-4], rows[1][-4]) == ("verdict", "cleared")
    assert sent(app) == ["alice1@example.org"], "nobody is there to release it"


def test_letters_of_a_folder_wait_where_that_is_wanted(
    app: Application, tmp_path: Path, watched: Folder
) -> None:
    publish(app, tmp_path)
    (watched.path / "agency.csv").write_bytes(table(row(1)))
    (filed,) = twice(app, watched._replace(keeps_back=True))
    assert sent(app) == []
    assert results.progress(app, HEIDI, filed.reference).letters.number == 1


def test_a_file_that_still_grows_is_left_alone(app: Application, watched: Folder) -> None:
    file = watched.path / "agency.csv"
    file.write_bytes(table(row(1)))
    before = marks(watched)
    file.write_bytes(table(row(1), row(2)))
    (watched.path / "other.csv.part").write_bytes(b"x")
    (watched.path / ".hidden").write_bytes(b"x")
    assert list(look(app, watched, before, "one")) == []
    assert names(watched) == [".hidden", "agency.csv", "other.csv.part"]


@pytest.mark.parametrize(
    ("content", "words"), [(b"", "is empty"), (b"Nothing to see here.", "no booking"), (b"PK\x03\x04xx", "")]
)
def test_what_cannot_be_read_goes_to_the_failed_with_the_reason(
    app: Application, watched: Folder, content: bytes, words: str
) -> None:
    (watched.path / "bad.xlsx").write_bytes(content)
    (filed,) = twice(app, watched)
    assert words in filed.reason
    assert filed.reason
    assert names(watched, "failed") == ["bad.xlsx", "bad.xlsx.results.csv"]
    assert (watched.path / "failed" / "bad.xlsx.results.csv").read_bytes().strip()


class _Killed(BaseException):
    """What a process that is killed does not get to say."""


@pytest.mark.parametrize("point", ["work", "exported", "replace", "put_away"])
def test_a_kill_between_loses_and_doubles_nothing(
    app: Application, tmp_path: Path, watched: Folder, point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(app, tmp_path)
    (watched.path / "agency.csv").write_bytes(table(row(1), row(2)))

    def die(*_: object, **__: object) -> None:
        raise _Killed

    places = {
        "work": (screening, "work"),
        "exported": (folder, "exported"),
        "replace": (Path, "replace"),
        "put_away": (folder.batches, "put_away"),  # type: ignore[attr-defined]
    }
    with monkeypatch.context() as patch:
        patch.setattr(*places[point], die)
        with pytest.raises(_Killed):
            twice(app, watched)
    list(twice(app, watched))
    assert names(watched) == []
    assert names(watched, "done") == ["agency.csv", "agency.csv.results.csv"]
    assert sorted(sent(app)) == ["alice1@example.org", "alice2@example.org"]
    with reading(app.engine) as c:
        assert [c.scalar(text(f"SELECT count(*) FROM {of}")) for of in ("batches", "trips")] == [1, 2]  # noqa: S608 - words of this file


def test_a_file_of_the_same_name_takes_no_place(app: Application, tmp_path: Path, watched: Folder) -> None:
    publish(app, tmp_path)
    for number in (1, 2):
        (watched.path / "agency.csv").write_bytes(table(row(number)))
        twice(app, watched)
    assert len(names(watched, "done")) == 4


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="check the path"):
        prepare(Folder(tmp_path / "nowhere", "OFFICE A"))


def test_the_folder_judges_as_the_page(app: Application, tmp_path: Path, watched: Folder) -> None:
    publish(app, tmp_path)
    for name in ("16-agency-bookings.csv", "17-agencia-reservas.xlsx"):
        content = resources.data("demo", name).read_bytes()
        (watched.path / name).write_bytes(content)
        (filed,) = twice(app, watched)
        batch = accepting.accept(app, Viewer("p-ivan", "OFFICE B"), Document(content, name))
        screening.work(app, "one")
        shown = [
            [(each.result.place, each.result.standing, each.advisory) for each in found]
            for found in (
                results.every_row(app, OWN, filed.reference),
                results.every_row(app, Viewer("p-ivan", "OFFICE B"), batch.reference),
            )
        ]
        assert shown[0] == shown[1]
        ours = exporting.exported(app, OWN, filed.reference, "csv").decode("utf-8-sig")
        assert (watched.path / "done" / f"{name}.results.csv").read_text("utf-8-sig").splitlines() == (
            ours.splitlines()
        )
