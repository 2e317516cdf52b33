"""The habits of the house that no linter knows."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.contracts.tree import PACKAGE, ROOT, texts, tracked

LONGEST = 350  # lines: a file that grows beyond holds a second subject
EMPTY_NAMES = {"common", "data", "helper", "helpers", "info", "manager", "misc", "process", "util", "utils"}
MACHINE = re.compile(r"(?<![\w.:/~}])/(?:work|tmp|root|home|Users)/")
REGISTRY = re.compile(
    r"pypi\.org|python[h]osted|npmjs\.(?:com|org)|unpkg\.com|jsdelivr\.|crates\.io|proxy\.golang",
    re.IGNORECASE,
)


def _lines_with(pattern: re.Pattern[str]) -> Iterator[str]:
    for name, text in texts():
        for number, line in enumerate(text.splitlines(), 1):
            if pattern.search(line):
                yield f"{name}:{number}: {line.strip()}"


def _modules() -> Iterator[Path]:
    return (path for path in tracked() if path.suffix == ".py" and path.is_relative_to(PACKAGE))


def test_no_file_names_a_path_of_one_machine() -> None:
    places = list(_lines_with(MACHINE))
    assert not places, "\n".join(places)


def test_no_file_names_a_package_registry() -> None:
    places = list(_lines_with(REGISTRY))
    assert not places, "\n".join(places)


def test_every_folder_of_modules_is_a_package_that_says_what_it_is_for() -> None:
    folders = {
        path.parent for path in _modules() if path.parent != PACKAGE / "store" / "migrations" / "versions"
    }
    silent = [folder.relative_to(ROOT).as_posix() for folder in sorted(folders) if not _docstring(folder)]
    assert silent == []


def _docstring(folder: Path) -> str | None:
    opening = folder / "__init__.py"
    return ast.get_docstring(ast.parse(opening.read_text("utf-8"))) if opening.is_file() else None


def test_no_module_holds_a_second_subject() -> None:
    sizes = {path: len(path.read_text("utf-8").splitlines()) for path in _modules()}
    long = [
        f"{path.relative_to(ROOT).as_posix()}: {size} lines" for path, size in sizes.items() if size > LONGEST
    ]
    assert not long, "\n".join(long)


def test_no_module_is_named_after_nothing() -> None:
    assert [path.name for path in _modules() if EMPTY_NAMES & {path.stem, path.parent.name}] == []
