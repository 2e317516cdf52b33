"""What is thought of airspaces goes out as a table and comes in again, with the flights it concerns."""

from pathlib import Path

import pytest

from tests.services.test_exchange_import import FORMS, alice, edited, with_new
from travelrisk.domain.airspaces import Airspace, Movement, Scope
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.ratings import Caution
from travelrisk.services.application import Application
from travelrisk.services.exchange.exporting import export
from travelrisk.services.exchange.importing import draft, look
from travelrisk.services.exchange.reading import read_table
from travelrisk.services.exchange.writing import csv_bytes
from travelrisk.services.proposals.standing import standing
from travelrisk.services.ratings.records import import_records
from travelrisk.store import ratings
from travelrisk.store.database import reading

BASIN = """
[[airspaces]]
id = "zz-basin"
key = "ZZ-BASIN"
names.en = "Zephyr basin"
kind = "area"
outline = "MULTIPOLYGON (((10 33, 20 33, 20 36, 10 36, 10 33)))"
valid_from = 2026-01-01
source = "drawn for a test"
set_by = "Bob"
set_on = 2026-11-03

[[cautions]]
id = "basin"
subject = "airspace:ZZ-BASIN"
effect = "review"
valid_from = 2026-01-01
set_by = "Bob"
set_on = 2026-11-03
text.en = "Missiles were seen."
scope.ceiling = 259
scope.movement = "overflight"
scope.airports = ["BEY", "TIP"]

[[cautions.evidence]]
title = "Notice"
retrieved_on = 2026-11-01
"""
ROW = {
    "record": "caution",
    "id": "basin-2",
    "subject_kind": "airspace",
    "subject": "zz-basin",
    "effect": "review",
    "text_en": "Debris may fall.",
    "valid_from": "2026-01-01",
    "evidence_1_title": "Notice",
    "evidence_1_retrieved_on": "2026-11-01",
}


@pytest.fixture
def basin(desk: Application, tmp_path: Path) -> Application:
    """Give the desk with an outline and a caution about it."""
    (tmp_path / "basin.toml").write_text(BASIN, encoding="utf-8")
    import_records(desk, tmp_path / "basin.toml", by="bob", signed_by="charlie")
    return desk


def scope_in(app: Application, base: str) -> Scope | None:
    with reading(app.engine) as c:
        (found,) = [each for each in ratings.in_force(c) if each.id == base]
    assert isinstance(found, Caution)
    return found.scope


@pytest.mark.parametrize("form", FORMS)
def test_an_export_that_comes_back_changes_nothing_and_ends_no_outline(basin: Application, form: str) -> None:
    exported = export(basin, form)
    (row,) = [each.cells for each in read_table(f"all.{form}", exported).rows if each.cells["id"] == "basin"]
    assert {name: text for name, text in row.items() if name.startswith("scope_")} == {
        "scope_floor": "0",
        "scope_ceiling": "259",
        "scope_movement": "overflight",
        "scope_airports": "BEY; TIP",
    }
    looked = look(basin, alice(basin), f"all.{form}", exported, is_complete=True)
    assert (looked.problems, looked.pairs) == ((), ())


@pytest.mark.parametrize(
    ("cells", "scope"),
    [
        ({"scope_ceiling": "319"}, Scope(0, 319, Movement.OVERFLIGHT, ("BEY", "TIP"))),
        ({"scope_ceiling": ""}, Scope(0, None, Movement.OVERFLIGHT, ("BEY", "TIP"))),
        ({"scope_floor": "100"}, Scope(100, 259, Movement.OVERFLIGHT, ("BEY", "TIP"))),
        ({"scope_movement": "Landing"}, Scope(0, 259, Movement.LANDING, ("BEY", "TIP"))),
        ({"scope_airports": "tip"}, Scope(0, 259, Movement.OVERFLIGHT, ("TIP",))),
        (dict.fromkeys(("scope_floor", "scope_ceiling", "scope_movement", "scope_airports"), ""), None),
    ],
)
@pytest.mark.parametrize("form", FORMS)
def test_a_cell_of_the_scope_changes_the_scope_alone(
    cells: dict[str, str], scope: Scope | None, form: str, basin: Application
) -> None:
    looked = edited(basin, form, "basin", lambda row: row.update(cells))
    assert looked.problems == ()
    (pair,) = looked.pairs
    assert [each.field for each in pair.differences] == ["scope"]
    proposal = draft(basin, alice(basin), looked, "A newer notice.")
    (opened,) = standing(basin, proposal.reference).weighed.change.opened
    assert isinstance(opened, Caution)
    assert opened.scope == scope


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"scope_ceiling": "high"}, "scope_ceiling", "is no flight level from 0 to 660"),
        ({"scope_ceiling": "FL259"}, "scope_ceiling", "is no flight level from 0 to 660"),
        ({"scope_ceiling": "661"}, "scope_ceiling", "is no flight level from 0 to 660"),
        ({"scope_floor": "-1"}, "scope_floor", "is no flight level from 0 to 660"),
        (
            {"scope_floor": "260", "scope_ceiling": "100"},
            "scope_ceiling",
            "the ceiling 100 lies below the floor 260",
        ),
        ({"scope_movement": "hovering"}, "scope_movement", "'hovering' is none of its words"),
        ({"scope_airports": "QQQ"}, "scope_airports", "there is no airport 'QQQ' in the reference data"),
        ({"subject": "NOWHERE"}, "subject", "there is no outline of the airspace 'NOWHERE'"),
        (
            {"subject_kind": "country", "subject": "LY", "scope_floor": "0"},
            "scope_floor",
            "only an airspace has levels",
        ),
    ],
)
def test_a_fault_is_told_at_its_cell_and_says_what_to_write(
    cells: dict[str, str], column: str, reason: str, basin: Application
) -> None:
    looked = with_new(basin, ROW | cells)
    assert [(each.row, each.column, each.reason) for each in looked.problems] == [(2, column, reason)]
    assert all(each.advice for each in looked.problems)


def test_a_file_without_the_columns_drops_no_scope(basin: Application) -> None:
    table = read_table("all.csv", export(basin, "csv"))
    kept = [name for name in table.columns if not name.startswith("scope_")]
    rows = [{name: text for name, text in row.cells.items() if name in kept} for row in table.rows]
    next(row for row in rows if row["id"] == "basin")["text_en"] = "Debris may fall."
    looked = look(basin, alice(basin), "all.csv", csv_bytes(kept, rows))
    assert any("scope_floor" in each.reason for each in looked.problems)
    assert looked.pairs == ()
    assert scope_in(basin, "basin") == Scope(0, 259, Movement.OVERFLIGHT, ("BEY", "TIP"))


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (
            'scope.airports = ["OLBA"]',
            "there is no airport OLBA in the reference data; write BEY if it is meant",
        ),
        ('scope.airports = ["QQQ"]', "there is no airport QQQ in the reference data"),
        ("scope.ceiling = 10\nscope.floor = 20", "the ceiling 10 lies below the floor 20"),
    ],
)
def test_a_file_of_records_is_held_to_the_same(
    said: str, reason: str, desk: Application, tmp_path: Path
) -> None:
    text = "\n".join(line for line in BASIN.splitlines() if not line.startswith("scope."))
    (tmp_path / "bad.toml").write_text(
        text.replace('"Missiles were seen."', f'"Missiles were seen."\n{said}')
    )
    with pytest.raises(BadInputError, match=reason):
        import_records(desk, tmp_path / "bad.toml", by="bob", signed_by="charlie")


def test_outlines_stay_out_of_tables(basin: Application) -> None:
    with reading(basin.engine) as c:
        assert any(isinstance(each, Airspace) for each in ratings.in_force(c))
    assert b"MULTIPOLYGON" not in export(basin, "csv")
