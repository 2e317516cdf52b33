"""A table comes in: what it changes, what it leaves alone, and what the desk changed meanwhile."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.services.conftest import publish
from travelrisk import resources
from travelrisk.domain.errors import BadInputError, ChangedMeanwhileError, ForbiddenError
from travelrisk.domain.people import Person
from travelrisk.domain.proposals import Status
from travelrisk.domain.ratings import Rating, Record
from travelrisk.services.application import Application
from travelrisk.services.exchange.columns import columns_of
from travelrisk.services.exchange.exporting import export, template
from travelrisk.services.exchange.importing import Looked, draft, look, with_problems
from travelrisk.services.exchange.reading import Table, read_table
from travelrisk.services.exchange.writing import csv_bytes, workbook_bytes
from travelrisk.services.people.accounts import named
from travelrisk.services.proposals.standing import standing
from travelrisk.services.ratings.records import import_records
from travelrisk.store import ratings
from travelrisk.store.database import reading, writing

FORMS = ("csv", "xlsx")
NEW = {
    "record": "rating",
    "id": "dlh",
    "subject_kind": "carrier",
    "subject": "DLH",
    "level": "recommended",
    "valid_from": "2026-01-01",
    "evidence_1_title": "Audit",
    "evidence_1_retrieved_on": "2026-11-01",
}
Edit = Callable[[dict[str, str]], object]


def alice(app: Application) -> Person:
    return named(app, "alice")


def written(form: str, table: Table, rows: list[dict[str, str]]) -> bytes:
    return (csv_bytes if form == "csv" else workbook_bytes)(table.columns, rows)


def edited(app: Application, form: str, base: str, edit: Edit, exported: bytes = b"") -> Looked:
    """Look at an export in which one row was changed."""
    name = f"export.{form}"
    table = read_table(name, exported or export(app, form))
    rows = [dict(row.cells) for row in table.rows]
    edit(next(row for row in rows if row["id"] == base))
    return look(app, alice(app), name, written(form, table, rows))


def with_new(app: Application, *rows: dict[str, str]) -> Looked:
    columns = [column.name for column in columns_of(2)]
    return look(app, alice(app), "new.csv", csv_bytes(columns, rows))


def told(looked: Looked) -> list[tuple[int, str]]:
    return [(each.row, each.column) for each in looked.problems]


@pytest.mark.parametrize("form", FORMS)
def test_the_demonstration_comes_back_and_changes_nothing(app: Application, form: str) -> None:
    import_records(app, resources.data("ratings", "demonstration.toml"), by="bob", signed_by="charlie")
    somebody = Person("x", "Somebody", "x@example.org", frozenset())
    looked = look(app, somebody, f"all.{form}", export(app, form))
    assert looked.problems == ()
    assert looked.wanted == ()
    assert looked.compared.unchanged == looked.rows > 100
    with pytest.raises(BadInputError, match="changes nothing"):
        draft(app, somebody, looked, "Nothing.")


def test_of_the_desk_more_is_asked_than_of_a_first_loading(desk: Application) -> None:
    assert told(edited(desk, "csv", "eth", lambda row: row.update(aoc="ET-9"))) == [(3, "evidence_1_title")]


def test_who_imports_a_change_has_set_it(desk: Application) -> None:
    change = {"level": "not recommended", "set_by": "Bob", **evidence()}
    (pair,) = edited(desk, "csv", "eth", lambda row: row.update(change)).pairs
    assert {each.field for each in pair.differences} == {"level", "evidence: Audit"}
    assert (pair.either.set_by, pair.either.set_on) == ("Alice", date(2026, 11, 23))


def evidence() -> dict[str, str]:
    return {"evidence_1_title": "Audit", "evidence_1_retrieved_on": "2026-11-01"}


def grounded(app: Application, folder: Path) -> None:
    """Give all three records evidence, so that each change of one cell can be told alone."""
    text = (folder / "ratings.toml").read_text("utf-8")
    some = '\n[[ratings.evidence]]\ntitle = "Audit"\nretrieved_on = 2026-11-01\n\n[[ratings]]\n'
    whole = (
        "[[ratings]]\n" + some.join(text.split("[[ratings]]\n")[1:]) + some.removesuffix("\n[[ratings]]\n")
    )
    (folder / "grounded.toml").write_text(whole, encoding="utf-8")
    import_records(app, folder / "grounded.toml", by="bob", signed_by="charlie")


@pytest.mark.parametrize(
    ("column", "text", "field"),
    [
        ("condition_fr", "=De jour\r\nseulement. ", "condition.fr"),
        ("valid_until", "2028-02-29", "valid_until"),
        ("review_on", "2027-01-31", "review_on"),
        ("aoc", "0012", "aoc"),
        ("evidence_1_note", "'-5 °C", "evidence: Audit"),
    ],
)
def test_one_cell_changes_exactly_one_field(
    desk: Application, tmp_path: Path, column: str, text: str, field: str
) -> None:
    grounded(desk, tmp_path)
    for form in FORMS:
        looked = edited(desk, form, "eth", lambda row: row.update({column: text}))
        assert looked.problems == ()
        (pair,) = looked.pairs
        (difference,) = pair.differences
        assert difference.field == field
        assert difference.now.endswith(text)


@pytest.mark.parametrize("form", FORMS)
def test_an_import_becomes_a_proposal_that_others_sign(desk: Application, form: str) -> None:
    looked = edited(desk, form, "eth", lambda row: row.update(level="not_recommended", **evidence()))
    proposal = draft(desk, alice(desk), looked, "After the audit.")
    assert (proposal.status, proposal.author) == (Status.DRAFT, "alice")
    now = standing(desk, proposal.reference)
    assert [each.id for each in now.weighed.change.opened] == ["eth:2"]
    assert now.missing == 1
    with reading(desk.engine) as c:
        assert ratings.current_edition(c) == 1


def test_who_may_not_propose_may_not_import(desk: Application) -> None:
    looked = with_new(desk, NEW)
    with pytest.raises(ForbiddenError):
        draft(desk, named(desk, "erin"), looked, "Audit passed.")
    with pytest.raises(BadInputError, match="reason"):
        draft(desk, alice(desk), looked, " ")


def on_the_desk(app: Application, base: str, change: Callable[[Rating], Rating] | None) -> None:
    """Change a record as the desk does, or end it."""
    with writing(app.engine) as c:
        now = next(each for each in ratings.in_force(c) if each.id == base)
        opened: list[Record] = [] if change is None else [replace(change(_rating(now)), id=f"{base}:2")]
        at = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
        ratings.publish(c, opened=opened, closed=[base], actor="Bob", note="desk", at=at)


def _rating(record: Record) -> Rating:
    assert isinstance(record, Rating)
    return record


@pytest.mark.parametrize("form", FORMS)
def test_what_both_changed_is_a_conflict_and_both_versions_are_shown(desk: Application, form: str) -> None:
    exported = export(desk, form)
    on_the_desk(desk, "eth", lambda rating: replace(rating, aoc="ET-9"))
    looked = edited(desk, form, "eth", lambda row: row.update(valid_until="2028-01-01"), exported)
    (conflict,) = looked.conflicts
    assert conflict.theirs is not None
    assert (_rating(conflict.theirs).aoc, conflict.mine.valid_until) == ("ET-9", date(2028, 1, 1))
    (problem,) = looked.problems
    assert "in edition 2: aoc - -> ET-9" in problem.reason
    assert "the file says: valid_until 2027-12-31 -> 2028-01-01" in problem.reason
    assert looked.wanted == ()


@pytest.mark.parametrize("form", FORMS)
def test_what_the_file_left_alone_stays_as_the_desk_set_it(desk: Application, form: str) -> None:
    exported = export(desk, form)
    on_the_desk(desk, "eth", lambda rating: replace(rating, aoc="ET-9"))
    on_the_desk(desk, "add", None)
    looked = edited(desk, form, "fra", lambda row: row.update(**evidence()), exported)
    assert [pair.either.id for pair in looked.pairs] == ["fra"]
    assert (looked.compared.kept, looked.problems) == (2, ())


def test_what_the_desk_ended_does_not_come_back_unseen(desk: Application) -> None:
    exported = export(desk, "csv")
    on_the_desk(desk, "eth", None)
    looked = edited(desk, "csv", "eth", lambda row: row.update(aoc="ET-9"), exported)
    assert [each.theirs for each in looked.conflicts] == [None]
    assert "was ended" in looked.problems[0].reason


def test_both_made_the_same_change(desk: Application) -> None:
    exported = export(desk, "csv")
    on_the_desk(desk, "eth", lambda rating: replace(rating, aoc="ET-9"))
    looked = edited(desk, "csv", "eth", lambda row: row.update(aoc="ET-9"), exported)
    assert (looked.problems, looked.wanted, looked.compared.unchanged) == ((), (), 3)


def test_a_new_row_never_takes_the_place_of_a_record(desk: Application) -> None:
    looked = with_new(desk, NEW | {"id": "eth", "subject": "ETH"})
    assert told(looked) == [(2, "id")]
    assert "in force already, since edition 1" in looked.problems[0].reason


@pytest.mark.parametrize(
    ("cells", "column"),
    [({"edition": "7"}, "edition"), ({"edition": "0"}, "edition"), ({"edition": "one"}, "edition")],
)
def test_a_row_names_the_edition_it_comes_from(desk: Application, cells: dict[str, str], column: str) -> None:
    assert told(with_new(desk, NEW | cells)) == [(2, column)]


def test_a_column_that_was_taken_out_does_not_empty_a_text(desk: Application) -> None:
    table = read_table("all.csv", export(desk, "csv"))
    columns = [name for name in table.columns if name != "condition_en"]
    looked = look(desk, alice(desk), "all.csv", csv_bytes(columns, [row.cells for row in table.rows]))
    assert told(looked) == [(3, "")]
    assert "condition_en" in looked.problems[0].reason


def test_an_edition_between_looking_and_drafting_is_noticed(desk: Application, tmp_path: Path) -> None:
    looked = with_new(desk, NEW)
    publish(desk, tmp_path, "not_recommended")
    with pytest.raises(ChangedMeanwhileError, match="import it again"):
        draft(desk, alice(desk), looked, "Audit passed.")


def test_bad_rows_are_left_out_only_when_told_to(desk: Application) -> None:
    others = [NEW | {"id": f"r-{each.lower()}", "subject": each} for each in ("AFR", "KLM", "BAW", "SWR")]
    looked = with_new(desk, *others, NEW | {"level": "great"})
    assert told(looked) == [(6, "level")]
    with pytest.raises(BadInputError, match="1 of 5 rows cannot be used, and nothing was drafted"):
        draft(desk, alice(desk), looked, "Audits.")
    proposal = draft(desk, alice(desk), looked, "Audits.", skip_bad=True)
    assert [each.id for each in proposal.content.wanted] == ["r-afr", "r-klm", "r-baw", "r-swr"]


def test_of_two_rows_with_one_id_neither_is_taken(desk: Application) -> None:
    others = [NEW | {"id": f"r-{each.lower()}", "subject": each} for each in ("AFR", "KLM", "BAW", "SWR")]
    looked = with_new(desk, *others, NEW | {"id": "r-afr", "subject": "DLH"})
    assert told(looked) == [(6, "id")]
    assert [each.id for each in looked.wanted] == ["r-klm", "r-baw", "r-swr"]
    (*_, last) = csv.DictReader(io.StringIO(with_problems(looked).decode("utf-8-sig")))
    assert last["problem"] == "id: 'r-afr' stands in row 2 already: keep one of the two"


def test_a_file_in_which_too_much_is_wrong_is_refused_as_a_whole(desk: Application) -> None:
    bad = [NEW | {"id": f"bad-{each}", "level": "great"} for each in range(3)]
    good = [
        NEW | {"id": f"g-{each.lower()}", "subject": each} for each in ("AFR", "KLM", "BAW", "SWR", "AUA")
    ]
    looked = with_new(
        desk, *bad, *good, NEW | {"id": "g", "subject": "UAE"}, NEW | {"id": "h", "subject": "QTR"}
    )
    assert looked.is_too_bad
    with pytest.raises(BadInputError, match=r"3 of 10 rows cannot be used; from 30 % on"):
        draft(desk, alice(desk), looked, "Audits.", skip_bad=True)


def test_ratings_and_exceptions_are_two_files(desk: Application) -> None:
    exception = {
        "record": "authorisation",
        "id": "trip-1",
        "subject_kind": "carrier",
        "subject": "ETH",
        "authorisation_kind": "ad_hoc",
        "valid_from": "2026-12-01",
        "valid_until": "2026-12-09",
        "trip": "T-1",
        "need": "Relief.",
        "alternatives_tried": "None fly.",
        "mitigation": "Daylight.",
        "conditions_en": "Daylight only.",
        "approved_by": "Bob",
    }
    assert told(with_new(desk, exception)) == []
    assert told(with_new(desk, NEW, exception)) == [(3, "record")]
    assert told(with_new(desk, exception | {"trip": ""})) == [(2, "trip")]
    assert told(with_new(desk, exception | {"approved_by": "Alice"})) == [(2, "approved_by")]
    assert told(with_new(desk, exception | {"valid_until": "2029-12-09"})) == [(2, "valid_until")]


@pytest.mark.parametrize("form", FORMS)
def test_the_file_comes_back_with_its_problems_and_in_again(desk: Application, form: str) -> None:
    looked = edited(desk, form, "eth", lambda row: row.update(valid_until="2025-01-01", **evidence()))
    back = read_table(f"back.{form}", with_problems(looked))
    assert [row.cells.get("problem", "") for row in back.rows] == [
        "",
        "valid_until: 2025-01-01 lies before valid_from 2026-01-01: give a later end",
        "",
    ]
    rows = [dict(row.cells) for row in back.rows]
    rows[1]["valid_until"] = "2028-01-01"
    again = look(desk, alice(desk), f"back.{form}", written(form, back, rows))
    assert [pair.either.valid_until for pair in again.pairs] == [date(2028, 1, 1)]


def test_the_template_is_empty_and_says_so(desk: Application) -> None:
    with pytest.raises(BadInputError, match="no row below"):
        look(desk, alice(desk), "template.xlsx", template())
