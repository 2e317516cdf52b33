"""Ratings come in as one edition or not at all, and nobody makes anything easier alone."""

import json
from pathlib import Path

import pytest

from tests.services.conftest import RATINGS, publish
from travelrisk import resources
from travelrisk.domain.errors import BadInputError, NotFoundError
from travelrisk.domain.ratings import Subject, SubjectKind
from travelrisk.services.application import Application
from travelrisk.services.ratings import records
from travelrisk.services.ratings.records import import_records

GOOD = RATINGS.format(level="recommended")
HEAD = "id,subject,level,valid_from,valid_until,set_by,set_on,reason_en,evidence_title,evidence_valid_until\n"


def write(folder: Path, text: str, name: str = "file.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_demonstration_is_taken_whole_and_comes_back_unchanged(app: Application, tmp_path: Path) -> None:
    file = resources.data("ratings", "demonstration.toml")
    first = import_records(app, file, by="bob", signed_by="charlie")
    assert first.edition == 1
    assert len(first.change.opened) > 100
    exported = write(tmp_path, records.export(app), "out.json")
    again = import_records(app, exported, by="bob", complete=True)
    assert again.edition is None
    assert again.change.unchanged == len(first.change.opened)


def test_a_change_closes_the_old_record_and_opens_its_next_revision(app: Application, tmp_path: Path) -> None:
    publish(app, tmp_path)
    publish(app, tmp_path, "not_recommended")
    publish(app, tmp_path)
    listed = records.history(app, Subject(SubjectKind.CARRIER, "ETH"))
    assert [(each.record.id, each.record.opened_in, each.record.closed_in) for each in listed] == [
        ("eth:3", 3, None),
        ("eth:2", 2, 3),
        ("eth", 1, 2),
    ]


def test_a_dry_run_changes_nothing(app: Application, tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    looked = import_records(app, path, by="bob", dry_run=True)
    assert looked.edition is None
    assert looked.needs_second_person
    assert len(looked.change.opened) == 3
    assert records.listing(app) == ()


def test_nobody_makes_anything_easier_alone(app: Application, tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    with pytest.raises(BadInputError, match="--signed-by"):
        import_records(app, path, by="bob")
    with pytest.raises(BadInputError, match="somebody else"):
        import_records(app, path, by="bob", signed_by="Bob ")
    assert records.listing(app) == ()


def test_one_person_may_make_something_stricter(app: Application, tmp_path: Path) -> None:
    publish(app, tmp_path)
    path = write(tmp_path, RATINGS.format(level="not_recommended"))
    assert import_records(app, path, by="bob").edition == 2


def test_a_complete_file_closes_what_it_does_not_name(app: Application, tmp_path: Path) -> None:
    publish(app, tmp_path)
    path = write(tmp_path, RATINGS.split("[[ratings]]")[0] + "[[ratings]]" + RATINGS.split("[[ratings]]")[1])
    path.write_text(path.read_text(encoding="utf-8").format(level="recommended"), encoding="utf-8")
    done = import_records(app, path, by="bob", complete=True)
    assert [record.id for record in done.change.closed] == ["add", "fra"]
    assert len(records.listing(app)) == 1


def test_a_spreadsheet_saved_as_csv_is_taken(app: Application, tmp_path: Path) -> None:
    row = "ba,carrier:BAW,conditional,2026-01-01,2027-01-01,bob,2026-11-01,,Register,2026-12-31\n"
    path = write(
        tmp_path, HEAD.replace("reason_en", "condition_en") + row.replace(",,", ",Daylight only,"), "r.csv"
    )
    done = import_records(app, path, by="bob", signed_by="charlie")
    (rating,) = done.change.opened
    assert rating.id == "ba"
    assert rating is not None
    assert [e.title for e in getattr(rating, "evidence", ())] == ["Register"]


@pytest.mark.parametrize(
    ("text", "name", "says"),
    [
        ("ratings = [", "file.toml", "file.toml"),
        ("{", "file.json", "file.json"),
        ("id,subject\n", "file.csv", "level"),
        (HEAD + "a,carrier:ETH,splendid,2026-01-01,,bob,2026-01-01,,,\n", "file.csv", "row 2"),
        (
            GOOD.replace("carrier:ETH", "carrier:QQQ"),
            "file.toml",
            "eth: there is no",
        ),
        (GOOD.replace("carrier:ETH", "state:ET"), "file.toml", "cautions"),
        (GOOD.replace("carrier:ETH", "ship:ETH"), "file.toml", "ship:ETH"),
        (GOOD.replace("2027-12-31", "2025-12-31"), "file.toml", "valid_until"),
        (GOOD.replace('"fra"', '"eth"'), "file.toml", "twice"),
        (RATINGS.format(level="conditional").replace("Daylight only.", ""), "file.toml", "condition"),
        (
            GOOD.replace("2026-01-01", '"soon"'),
            "file.toml",
            "ratings 1, valid_from",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_named_and_nothing_is_taken(
    app: Application, tmp_path: Path, text: str, name: str, says: str
) -> None:
    with pytest.raises(BadInputError, match=says):
        import_records(app, write(tmp_path, text, name), by="bob", signed_by="charlie")
    assert records.listing(app) == ()


def test_a_file_that_is_not_there_is_named(app: Application, tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="check the path"):
        import_records(app, tmp_path / "nowhere.toml", by="bob")


def test_what_was_never_on_record_is_not_found(app: Application) -> None:
    with pytest.raises(NotFoundError):
        records.history(app, Subject(SubjectKind.CARRIER, "ETH"))


def test_the_export_is_json_for_programs(app: Application, tmp_path: Path) -> None:
    publish(app, tmp_path)
    exported = json.loads(records.export(app))
    assert [each["id"] for each in exported["ratings"]] == ["add", "eth", "fra"]
