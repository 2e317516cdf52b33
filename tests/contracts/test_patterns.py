"""No pattern takes for ever, whatever it is given: each is tried on what its own parts repeat without end."""

import importlib
import pkgutil
import re
import signal
import time
from collections.abc import Iterator
from functools import cache
from re import _constants as kinds
from re import _parser as reading  # how a pattern was read stands nowhere else
from types import FrameType
from typing import Any, Final, Never

import pytest

import travelrisk

LENGTH: Final = 200  # characters; a pattern that doubles its work with each repetition shows at thirty
LONGEST_S: Final = 0.25  # of processor time; the work that grows with the square of a text takes a hundredth
ENDED_S: Final = 1.0
PLAIN: Final = ("A", "a", "1", " ", "\n", "-", "A1 ", "ab, ", "x@x.", "1.1,", "(")
MANY: Final = 4  # repetitions from which on a part is taken for endless
REPEATS: Final = (kinds.MAX_REPEAT, kinds.MIN_REPEAT, kinds.POSSESSIVE_REPEAT)
OF_CATEGORY: Final = {kinds.CATEGORY_DIGIT: "1", kinds.CATEGORY_SPACE: " ", kinds.CATEGORY_NOT_WORD: "-"}
Parts = list[tuple[Any, Any]]


@cache
def patterns() -> dict[str, re.Pattern[str]]:
    """Return every pattern of the package by where it stands, each once."""
    found: dict[tuple[str, int], tuple[str, re.Pattern[str]]] = {}
    for module in pkgutil.walk_packages(travelrisk.__path__, "travelrisk."):
        if ".migrations." in module.name or module.name.endswith("__main__"):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            for each in _within(value):
                found.setdefault((each.pattern, each.flags), (f"{module.name}.{name}", each))
    return dict(found.values())


def _within(value: object, depth: int = 3) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif depth and isinstance(value, tuple | list | set | frozenset):
        for each in value:
            yield from _within(each, depth - 1)
    elif depth and isinstance(value, dict):
        yield from _within([*value, *value.values()], depth - 1)


def example(parts: Parts, least: int = 0) -> str:
    """Return a text that *parts* take, with each repeated part at least so many times."""
    return "".join(_one(kind, value, least) for kind, value in parts)


def _one(kind: Any, value: Any, least: int) -> str:  # noqa: ANN401 - as the parser of the standard library has it
    if kind is kinds.LITERAL:
        return chr(value)
    if kind in (kinds.ANY, kinds.NOT_LITERAL):
        return "x" if value != ord("x") else "y"
    if kind is kinds.IN:
        return _of_set(value)
    if kind in REPEATS:
        return example(value[2], least) * int(max(value[0], least))
    inside = value[1][0] if kind is kinds.BRANCH else within(kind, value)
    return example(inside, least) if inside else ""


def within(kind: Any, value: Any) -> Parts:  # noqa: ANN401 - as above
    """Return the parts of a group; none where it is no group."""
    return list(value[3] if kind is kinds.SUBPATTERN else value if kind is kinds.ATOMIC_GROUP else [])


def _of_set(members: Parts) -> str:
    kind, value = members[0]
    if kind in (kinds.LITERAL, kinds.RANGE):
        return chr(value if kind is kinds.LITERAL else value[0])
    return OF_CATEGORY.get(value, "x")


def pumps(parts: Parts, before: str = "") -> Iterator[tuple[str, str]]:
    """Give each part that may be repeated, with what stands before it."""
    for number, (kind, value) in enumerate(parts):
        ahead = before + example(parts[:number])
        if kind in REPEATS:
            if value[1] >= MANY:
                yield ahead, example(value[2]) or example(value[2], 1)
            yield from pumps(value[2], ahead)
        elif kind in (kinds.BRANCH, kinds.ASSERT, kinds.ASSERT_NOT):
            for each in value[1] if kind is kinds.BRANCH else [value[1]]:
                yield from pumps(each, ahead)
        else:
            yield from pumps(within(kind, value), ahead)


def endless(pattern: re.Pattern[str]) -> set[str]:
    """Return texts of some length that repeat what the pattern repeats, and end otherwise."""
    texts = {each * (LENGTH // len(each)) for each in PLAIN}
    for ahead, body in pumps(list(reading.parse(pattern.pattern, pattern.flags))):
        if body:
            texts |= {ahead + body * (LENGTH // len(body)) + end for end in ("", "\0")}
    return texts


def seconds(pattern: re.Pattern[str], text: str) -> float:
    """Return how much processor time it takes to look through a text; no more than ``ENDED_S``."""
    begun = time.process_time()
    signal.setitimer(signal.ITIMER_VIRTUAL, ENDED_S)
    try:
        pattern.search(text)
    except TimeoutError:
        return ENDED_S
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return time.process_time() - begun


@pytest.fixture
def _interrupted() -> Iterator[None]:
    def stop(_signal: int, _frame: FrameType | None) -> Never:
        raise TimeoutError

    before = signal.signal(signal.SIGVTALRM, stop)
    yield
    signal.signal(signal.SIGVTALRM, before)


@pytest.mark.threat(33)
@pytest.mark.usefixtures("_interrupted")
def test_no_pattern_takes_for_ever() -> None:
    found = patterns()
    assert len(found) > 500, "they are found"
    slow = [
        f"{name}: {text[:60]!r}"
        for name, pattern in found.items()
        for text in endless(pattern)
        if seconds(pattern, text) > LONGEST_S
    ]
    assert slow == [], "\n".join(slow)


@pytest.mark.usefixtures("_interrupted")
@pytest.mark.parametrize("bad", [r"^(\s*[A-Z0-9]+\s*)+$", r'(?:;\w*=(?:"[^"]*"|[^;:]*))*:', r"(a|aa)+$"])
def test_one_that_does_is_found(bad: str) -> None:
    pattern = re.compile(bad)
    assert any(seconds(pattern, text) > LONGEST_S for text in endless(pattern))
