"""What no module may do, however well it is meant: compare secrets letter by letter, or run what was read."""

import ast
import re
from collections.abc import Iterator
from functools import cache

import pytest

from tests.contracts.tree import PACKAGE, ROOT, tracked

SECRET = re.compile(r"(?:\w+_)?(?:secret|token|password|pepper|signature|hmac|seal|csrf)(?:_\w+)?")
COMPARED = (ast.Eq, ast.NotEq, ast.In, ast.NotIn)
# pickle and its kin make objects, and so run code, out of bytes that somebody else may have written.
MAKES_OBJECTS = {"pickle", "_pickle", "cPickle", "cloudpickle", "dill", "joblib", "marshal", "shelve", "yaml"}
RUNS = {"eval", "exec", "compile", "__import__", "read_pickle", "to_pickle"}
STORES_JOBS = re.compile(r"apscheduler\.jobstores\.(?!memory$)")


@cache
def sources() -> tuple[tuple[str, ast.Module], ...]:
    """Return each module of the package as a syntax tree."""
    return tuple(
        (path.relative_to(ROOT).as_posix(), ast.parse(path.read_text("utf-8")))
        for path in tracked()
        if path.suffix == ".py" and path.is_relative_to(PACKAGE)
    )


def called(node: ast.expr) -> str:
    """Return what an expression is called by whoever reads it; empty = it has no name."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Call(func=made):
            return called(made)
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            return name
        case ast.Subscript(value=whole):
            return called(whole)
    return ""


def is_column(node: ast.expr) -> bool:
    """Say whether the database compares: there, what is looked for is a hash, or the fence of a lease."""
    return (
        isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute) and node.value.attr == "c"
    )


def leaks(tree: ast.Module) -> Iterator[int]:
    """Give the lines in which a secret is compared in a time that tells how much of it was right."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and any(isinstance(each, COMPARED) for each in node.ops):
            sides = [node.left, *node.comparators]
            if any(SECRET.fullmatch(called(each)) for each in sides) and not any(map(is_column, sides)):
                yield node.lineno


def runs(tree: ast.Module) -> Iterator[int]:
    """Give the lines that could run what was read."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                found = {each.name for each in names}
            case ast.ImportFrom(module=str(module)):
                found = {module}
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if not _is_harmless(node):
                found = {name} & RUNS
            case _:
                continue
        roots = {each.partition(".")[0] for each in found}
        if roots & MAKES_OBJECTS or found & RUNS or any(map(STORES_JOBS.match, found)):
            yield node.lineno


def _is_harmless(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Attribute) and node.func.attr == "compile"  # of a pattern


@pytest.mark.threat(15)
def test_no_secret_is_compared_letter_by_letter() -> None:
    assert [f"{name}:{line}" for name, tree in sources() for line in leaks(tree)] == []


@pytest.mark.threat(43)
def test_nothing_that_was_read_is_run() -> None:
    assert [f"{name}:{line}" for name, tree in sources() for line in runs(tree)] == []


@pytest.mark.parametrize(
    "line",
    [
        "given == wanted_token",
        "settings.metrics_token.get_secret_value() != given",
        "request.headers['token'] == known",
        "signature(body) in signatures",
        "row.csrf_token == form.csrf_token",
    ],
)
def test_a_comparison_of_secrets_is_seen(line: str) -> None:
    assert list(leaks(ast.parse(line))) == [1]


@pytest.mark.parametrize(
    "line", ["sessions.c.token_sha256 == digest(token)", "auth == 'password'", "hmac.compare_digest(a, seal)"]
)
def test_no_other_comparison_is(line: str) -> None:
    assert list(leaks(ast.parse(line))) == []


@pytest.mark.parametrize(
    "line",
    [
        "import pickle",
        "from dill import loads",
        "import apscheduler.jobstores.sqlalchemy",
        "from apscheduler.jobstores.redis import RedisJobStore",
        "pandas.read_pickle(path)",
        "eval(text)",
    ],
)
def test_what_runs_is_seen(line: str) -> None:
    assert list(runs(ast.parse(line))) == [1]


@pytest.mark.parametrize(
    "line", ["import json", "re.compile('x')", "from apscheduler.jobstores.memory import MemoryJobStore"]
)
def test_nothing_else_does(line: str) -> None:
    assert list(runs(ast.parse(line))) == []
