"""Outlines come in as one edition or not at all, and nobody changes one that is on record alone."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.services.conftest import Clock
from travelrisk import resources
from travelrisk.domain.errors import BadInputError, NotFoundError
from travelrisk.services.airspaces.importing import Brought, import_airspaces, outlines_in
from travelrisk.services.airspaces.listing import drawn, extent, of_key
from travelrisk.services.application import Application
from travelrisk.services.ratings import records
from travelrisk.services.ratings.records import import_records
from travelrisk.store import ratings
from travelrisk.store.database import reading

CAUTION = """
[[cautions]]
id = "example"
subject = "airspace:ZZZA"
effect = "review"
valid_from = 2026-01-01
set_by = "bob"
set_on = 2026-11-03
text.en = "For this test."
scope.ceiling = 259

[[cautions.evidence]]
title = "Invented"
retrieved_on = 2026-11-03
"""


def box(east: float) -> list[list[float]]:
    return [[10, 50], [east, 50], [east, 60], [10, 60], [10, 50]]


def bring(  # noqa: PLR0913 - what a file says, and who brings it
    app: Application,
    folder: Path,
    *keys: str,
    east: float = 20,
    by: str = "bob",
    signed_by: str = "",
    dry_run: bool = False,
    **properties: object,
) -> Brought:
    features: list[dict[str, Any]] = [
        {
            "type": "Feature",
            "properties": {"ICAO": key, "name": f"{key} FIR", **properties},
            "geometry": {"type": "Polygon", "coordinates": [box(east)]},
        }
        for key in keys
    ]
    path = folder / "firs.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    outlined = outlines_in(app, path, by=by)
    return import_airspaces(app, outlined, "a test", by=by, signed_by=signed_by, dry_run=dry_run)


def caution(app: Application, folder: Path) -> None:
    path = folder / "caution.toml"
    path.write_text(CAUTION, "utf-8")
    import_records(app, path, by="bob", signed_by="charlie")


def edition(app: Application) -> int:
    with reading(app.engine) as c:
        return ratings.current_edition(c)


def test_a_file_is_one_edition_and_the_sky_of_it(app: Application, tmp_path: Path) -> None:
    done = bring(app, tmp_path, "ZZZA", "ZZZB")
    assert done.imported.edition == 1
    assert done.undated == ("ZZZA", "ZZZB")
    with reading(app.engine) as c:
        sky = ratings.snapshot(c).sky
    assert [(each.key, each.names.en, each.valid_from) for each in sky.airspaces] == [
        ("ZZZA", "ZZZA FIR", date(2026, 11, 23)),
        ("ZZZB", "ZZZB FIR", date(2026, 11, 23)),
    ]
    assert [each.airspace.id for each in drawn(app)] == ["airspace-zzza", "airspace-zzzb"]


def test_a_dry_run_changes_nothing(app: Application, tmp_path: Path) -> None:
    looked = bring(app, tmp_path, "ZZZA", dry_run=True)
    assert (looked.imported.edition, looked.imported.needs_second_person) == (None, False)
    assert len(looked.imported.change.opened) == 1
    assert drawn(app) == ()


def test_the_same_again_is_no_edition_also_later_and_by_others(
    app: Application, tmp_path: Path, clock: Clock
) -> None:
    bring(app, tmp_path, "ZZZA", "ZZZB")
    clock.pass_by(days=40)
    again = bring(app, tmp_path, "ZZZA", "ZZZB", by="dana")
    assert again.imported.edition is None
    assert again.imported.change.unchanged == 2
    assert again.undated == ()


@pytest.mark.parametrize("east", [15, 25])
def test_nobody_changes_an_outline_on_record_alone(app: Application, tmp_path: Path, east: float) -> None:
    """Whether a new outline leaves something out, only a person can see."""
    bring(app, tmp_path, "ZZZA", "ZZZB")
    with pytest.raises(BadInputError, match="--signed-by"):
        bring(app, tmp_path, "ZZZA", east=east)
    with pytest.raises(BadInputError, match="somebody else"):
        bring(app, tmp_path, "ZZZA", east=east, signed_by="Bob")
    assert edition(app) == 1
    done = bring(app, tmp_path, "ZZZA", east=east, signed_by="charlie")
    assert done.imported.edition == 2
    assert [each.id for each in done.imported.change.opened] == ["airspace-zzza:2"]
    assert [each.id for each in done.imported.change.closed] == ["airspace-zzza"]
    assert [each.airspace.key for each in drawn(app)] == ["ZZZA", "ZZZB"], "what is not named stays"


def test_an_end_for_an_airspace_is_nothing_for_one_person(app: Application, tmp_path: Path) -> None:
    bring(app, tmp_path, "ZZZA", valid_from="2026-01-01")
    with pytest.raises(BadInputError, match="--signed-by"):
        bring(app, tmp_path, "ZZZA", valid_from="2026-01-01", valid_until="2026-12-31")
    with pytest.raises(BadInputError, match="--signed-by"):
        bring(app, tmp_path, "ZZZA", valid_from="2026-12-01")


def test_an_old_edition_keeps_its_outline(app: Application, tmp_path: Path) -> None:
    bring(app, tmp_path, "ZZZA")
    bring(app, tmp_path, "ZZZA", east=15, signed_by="charlie")
    with reading(app.engine) as c:
        then, now = (ratings.snapshot(c, number).sky.airspaces[0].outline for number in (1, 2))
    assert "20 50" in then
    assert "20 50" not in now
    newest, older = of_key(app, "zzza")
    assert (newest.airspace.opened_in, older.airspace.closed_in, older.state) == (2, 2, "closed")


def test_a_record_of_another_id_with_the_same_key_is_the_one_replaced(
    app: Application, tmp_path: Path
) -> None:
    bring(app, tmp_path, "ZZZA")
    exported = json.loads(records.export(app))
    exported["airspaces"][0]["id"] = "our-own-name"
    path = tmp_path / "records.json"
    path.write_text(json.dumps(exported), "utf-8")
    import_records(app, path, by="bob", signed_by="charlie", complete=True)
    done = bring(app, tmp_path, "ZZZA", east=15, signed_by="charlie")
    assert [each.id for each in done.imported.change.opened] == ["our-own-name:2"]
    assert len(drawn(app)) == 1


def test_two_outlines_of_one_key_are_not_guessed_at(app: Application, tmp_path: Path) -> None:
    bring(app, tmp_path, "ZZZA", valid_from="2026-01-01", valid_until="2026-06-30")
    exported = json.loads(records.export(app))
    exported["airspaces"][0] |= {"id": "later", "valid_from": "2026-07-01", "valid_until": None}
    path = tmp_path / "records.json"
    path.write_text(json.dumps(exported), "utf-8")
    import_records(app, path, by="bob", signed_by="charlie")
    with pytest.raises(BadInputError, match="2 outlines are on record"):
        bring(app, tmp_path, "ZZZA", east=15, signed_by="charlie")


def test_a_bad_feature_among_good_ones_leaves_everything_as_it_was(app: Application, tmp_path: Path) -> None:
    bring(app, tmp_path, "ZZZA")
    with pytest.raises(BadInputError, match="feature 2"):
        bring(app, tmp_path, "ZZZB", "ZZZB")
    with pytest.raises(BadInputError, match="ZZZB: state: there is no country XX"):
        bring(app, tmp_path, "ZZZB", state="XX")
    with pytest.raises(BadInputError, match="--by"):
        bring(app, tmp_path, "ZZZB", by=" ")
    assert edition(app) == 1


def test_a_caution_needs_an_outline_and_is_listed_with_it(app: Application, tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="no outline of the airspace ZZZA"):
        caution(app, tmp_path)
    bring(app, tmp_path, "ZZZA", "ZZZB")
    caution(app, tmp_path)
    about = {each.airspace.key: [record.id for record in each.about] for each in drawn(app)}
    assert about == {"ZZZA": ["example"], "ZZZB": []}
    (shown,) = of_key(app, "ZZZA")
    assert [record.id for record in shown.about] == ["example"]
    found = extent(shown.airspace)
    assert (found.polygons, found.latitudes, found.longitudes) == (1, (50, 60), (10, 20))


def test_an_airspace_that_nobody_drew_is_not_found(app: Application) -> None:
    with pytest.raises(NotFoundError, match="airspaces list"):
        of_key(app, "ZZZZ")


def test_the_demonstration_opens_its_airspaces_in_its_own_edition(app: Application) -> None:
    import_records(app, resources.data("ratings", "demonstration.toml"), by="bob", signed_by="charlie")
    shown = drawn(app)
    assert edition(app) == 1
    assert {"SY", "GULF-WATERS", "RU-WEST"} <= {each.airspace.key for each in shown if each.about}
    assert all(each.airspace.approximate for each in shown)


def test_outlines_that_a_file_of_records_names_must_be_there(app: Application, tmp_path: Path) -> None:
    path = tmp_path / "file.toml"
    path.write_text('outlines = { file = "nowhere.geojson", set_by = "bob", set_on = 2026-11-03 }', "utf-8")
    with pytest.raises(BadInputError, match=r"nowhere\.geojson: cannot be read"):
        import_records(app, path, by="bob", signed_by="charlie")
    assert edition(app) == 0


LIBYA = [[9, 19], [26, 19], [26, 34], [9, 34], [9, 19]]


@pytest.mark.parametrize("said", [{"state": "LY"}, {}], ids=["by its State", "by its location indicator"])
def test_an_outline_that_is_swapped_within_range_is_told_by_its_airports(
    app: Application, tmp_path: Path, said: dict[str, str]
) -> None:
    """Over another part of the globe it would warn nobody who flies over Libya."""
    path = tmp_path / "firs.geojson"

    def read(ring: list[list[int]], **more: str) -> int:
        feature = {
            "type": "Feature",
            "properties": {"key": "HLLL", **said, **more},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }
        path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
        return len(outlines_in(app, path, by="bob").airspaces)

    swapped = [[latitude, longitude] for longitude, latitude in LIBYA]
    with pytest.raises(BadInputError, match=r"firs\.geojson: HLLL: latitude and longitude are swapped"):
        read(swapped)
    assert read(LIBYA) == 1
    assert read(swapped, kind="area") == 1, "whoever says that it is any area may draw it anywhere"
