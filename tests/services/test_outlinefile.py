"""Files of outlines as programs export them, taken whole or refused: see tests/cases/airspaces."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from travelrisk import resources
from travelrisk.domain.airspaces import Airspace, AirspaceKind
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.sphere.areas import Areas
from travelrisk.services.ratings.outlinefile import Loading, Naming, read_outlines

CASES = sorted((Path(__file__).parents[1] / "cases" / "airspaces").iterdir())
TODAY = Loading("bob", date(2026, 11, 23))
BOX = [[10, 50], [20, 50], [20, 60], [10, 60], [10, 50]]


def expected(folder: Path) -> dict[str, Any]:
    out: dict[str, Any] = json.loads((folder / "out.json").read_text("utf-8"))
    return out


def holds(airspace: Airspace, place: list[float]) -> bool:
    lon, lat = place
    found = Areas([(airspace.key, airspace.outline)]).crossed_by([(lon, lat, lon, lat)])
    return len(found[1]) > 0


def written(folder: Path, content: object) -> Path:
    path = folder / "in.geojson"
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return path


def collection(**properties: object) -> dict[str, Any]:
    geometry = {"type": "Polygon", "coordinates": [BOX]}
    feature = {"type": "Feature", "properties": properties, "geometry": geometry}
    return {"type": "FeatureCollection", "features": [feature]}


@pytest.mark.parametrize(
    "folder", [each for each in CASES if each.name.startswith("refused-")], ids=lambda each: each.name
)
def test_a_file_is_refused_with_the_feature_and_what_to_do(folder: Path) -> None:
    with pytest.raises(BadInputError) as refused:
        read_outlines(folder / "in.geojson", TODAY)
    message = str(refused.value)
    assert message.startswith("in.geojson: ")
    assert [word for word in expected(folder)["refused"] if word not in message] == [], message


@pytest.mark.parametrize(
    "folder", [each for each in CASES if each.name.startswith("taken-")], ids=lambda each: each.name
)
def test_a_file_is_taken_as_it_is_meant(folder: Path) -> None:
    found, wanted = read_outlines(folder / "in.geojson", TODAY), expected(folder)
    assert list(found.undated) == wanted["undated"]
    for airspace, said in zip(found.airspaces, wanted["airspaces"], strict=True):
        inside, outside = said.pop("inside"), said.pop("outside")
        assert {
            "key": airspace.key,
            "names": list(airspace.names),
            "kind": airspace.kind.value,
            "state": airspace.state,
            "source": airspace.source,
            "approximate": airspace.approximate,
            "valid_from": airspace.valid_from.isoformat(),
            "valid_until": airspace.valid_until and airspace.valid_until.isoformat(),
        } == said
        assert (airspace.set_by, airspace.set_on) == ("bob", date(2026, 11, 23))
        assert [place for place in inside if not holds(airspace, place)] == []
        assert [place for place in outside if holds(airspace, place)] == []


def test_every_case_is_either_refused_or_taken() -> None:
    assert len(CASES) > 25
    assert {each.name.partition("-")[0] for each in CASES} == {"refused", "taken"}


def test_properties_may_be_told(tmp_path: Path) -> None:
    path = written(tmp_path, collection(id="7", designator="ZZZA", title="Example", name="No"))
    (airspace,) = read_outlines(path, TODAY, Naming(("designator",), ("title",))).airspaces
    assert (airspace.key, airspace.names.en, airspace.id) == ("ZZZA", "Example", "airspace-zzza")


def test_a_property_that_was_told_and_is_not_there_is_no_reason_to_take_another(tmp_path: Path) -> None:
    path = written(tmp_path, collection(id="ZZZA", key="ZZZB"))
    with pytest.raises(BadInputError, match="no key under ICAO"):
        read_outlines(path, TODAY, Naming(keys=("ICAO",)))


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "in.geojson"
    with path.open("wb") as file:
        file.truncate(50_000_001)
    with pytest.raises(BadInputError, match="larger than 50 MB"):
        read_outlines(path, TODAY)


@pytest.mark.parametrize(
    ("content", "says"),
    [("[" * 100_000, "no JSON"), (json.dumps(collection(key="ZZZA", name="x" * 201)), "shorten")],
)
def test_what_no_program_writes_is_refused_all_the_same(tmp_path: Path, content: str, says: str) -> None:
    with pytest.raises(BadInputError, match=says):
        read_outlines(written(tmp_path, content), TODAY)


def test_bytes_that_are_no_text_and_a_path_that_leads_nowhere_are_named(tmp_path: Path) -> None:
    (tmp_path / "in.geojson").write_bytes(b"\xff\xfe{}")
    with pytest.raises(BadInputError, match="UTF-8"):
        read_outlines(tmp_path / "in.geojson", TODAY)
    with pytest.raises(BadInputError, match="check the path"):
        read_outlines(tmp_path / "nowhere.geojson", TODAY)


def test_what_is_shipped_is_sound() -> None:
    found = read_outlines(resources.data("airspaces.geojson"), TODAY)
    assert len(found.airspaces) > 250
    assert found.undated == ()
    assert {each.kind for each in found.airspaces} == {AirspaceKind.STATE, AirspaceKind.AREA}
