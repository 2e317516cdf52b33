"""What is installed is what is here: the wheel carries data and migrations; the lock covers all."""

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest
from hatchling.builders.wheel import WheelBuilder
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.contracts.tree import PACKAGE, ROOT, tracked

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
SHIPPED = {
    "travelrisk": "travelrisk",
    "data": "travelrisk/_shipped/data",
    "templates": "travelrisk/_shipped/templates",
}
PIN = re.compile(
    r"(?P<name>\S+?)==(?P<version>[^\s;]+)(?: ; (?P<marker>[^\\\n]+))?(?P<hashes>(?: \\\n +--hash=\S+)+)"
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack a freshly built wheel and give its folder, as an installation would leave it."""
    folder = tmp_path_factory.mktemp("wheel")
    (built,) = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    with zipfile.ZipFile(built) as archive:
        archive.extractall(folder / "installed")
    return folder / "installed"


def test_the_shipped_folder_exists_in_wheels_only() -> None:
    assert not (PACKAGE / "_shipped").exists(), "a copy in the checkout would hide data/ and templates/"


def test_the_wheel_carries_every_file_and_no_other(wheel: Path) -> None:
    names = {path.relative_to(wheel).as_posix() for path in wheel.rglob("*") if path.is_file()}
    assert {name for name in names if ".dist-info/" not in name} == set(_to_be_shipped())


def _to_be_shipped() -> Iterator[str]:
    for path in tracked():
        top, *rest = path.relative_to(ROOT).parts
        if top in SHIPPED:
            yield "/".join([SHIPPED[top], *rest])


@pytest.mark.parametrize(
    "name",
    [
        "travelrisk/_shipped/data/airports.csv",
        "travelrisk/_shipped/data/policy/default.toml",
        "travelrisk/_shipped/templates/mail",
        "travelrisk/_shipped/templates/telling",
        "travelrisk/_shipped/templates/web",
        "travelrisk/store/migrations/env.py",
        "travelrisk/store/migrations/versions",
        "travelrisk/py.typed",
    ],
)
def test_the_wheel_carries(wheel: Path, name: str) -> None:
    assert (wheel / name).exists()


def test_an_installed_package_finds_its_own_data(wheel: Path) -> None:
    program = "from travelrisk import resources as r; print(r.data('airports.csv'), r.templates(), sep='\\n')"
    printed = subprocess.run(
        [sys.executable, "-P", "-c", program],
        cwd=wheel.parent,
        env=os.environ | {"PYTHONPATH": str(wheel)},
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    shipped = wheel / "travelrisk" / "_shipped"
    assert printed.splitlines() == [str(shipped / "data" / "airports.csv"), str(shipped / "templates")]


def test_the_command_exists() -> None:
    assert PROJECT["scripts"].keys() == {"travelrisk"}
    assert callable(EntryPoint("travelrisk", PROJECT["scripts"]["travelrisk"], "console_scripts").load())


def _requirements(*extras: str) -> list[Requirement]:
    optional = [line for extra in extras for line in PROJECT["optional-dependencies"][extra]]
    return [Requirement(line) for line in dict.fromkeys(PROJECT["dependencies"] + optional)]


@pytest.mark.parametrize("requirement", _requirements("bench", "postgres", "test"), ids=str)
def test_a_dependency_has_two_bounds(requirement: Requirement) -> None:
    assert {specifier.operator for specifier in requirement.specifier} in ({">=", "<"}, {"=="})


@pytest.fixture(scope="module")
def lock() -> str:
    return (ROOT / "requirements.lock").read_text("utf-8")


@pytest.mark.parametrize("requirement", _requirements("postgres", "test"), ids=str)
def test_the_lock_pins(lock: str, requirement: Requirement) -> None:
    pins = {pin["name"]: pin["version"] for pin in PIN.finditer(lock)}
    assert pins[canonicalize_name(requirement.name)] in requirement.specifier


def test_the_lock_holds_pins_with_hashes_and_nothing_else(lock: str) -> None:
    rest = PIN.sub("", lock)
    assert [line for line in rest.splitlines() if line and not line.lstrip().startswith("#")] == []
    assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", digest) for digest in re.findall(r"--hash=(\S+)", lock))


def test_the_image_makes_no_wheel_with_what_the_lock_does_not_name(lock: str) -> None:
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    fetched = re.findall(r"pip (?:--python \S+ )?(?:install|wheel|download)\b[^&\n]+", dockerfile)
    assert len(fetched) == 5
    assert all("--require-hashes" in each or "--no-index" in each or "--no-deps" in each for each in fetched)
    assert all("--no-build-isolation" in each for each in fetched if " wheel " in each)
    (build,) = re.findall(r"sed -n '/\^(\S+?)==/", dockerfile)
    assert build in {pin["name"] for pin in PIN.finditer(lock)}


def test_the_lock_names_no_place(lock: str) -> None:
    assert re.findall(r"https?:|file:|(?:^|\s)/\S+", lock) == []
