"""Every misuse that was thought of, and that a test holds the service to it.

A test says which ones it is about: ``@pytest.mark.threat(16)``. A number that no test names fails here, and
so does one that is not in the list.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from tests.contracts.tree import ROOT, tracked

THREATS: Final = {
    1: "a trip of somebody else by its number or link",
    2: "what only the desk may know, told to travellers",
    3: "power by sending fields that no form has",
    4: "power that outlives its role",
    5: "one's own signature on one's own change",
    6: "a change rewritten after it was signed",
    7: "a rating made easier in a hurry",
    8: "a form sent by another site",
    9: "a link in a letter that a scanner opens",
    10: "a session fixed beforehand, or alive after its end",
    11: "passwords out of a stolen database",
    12: "guessing passwords, and locking others out by it",
    13: "a forged sign-in of the organisation",
    14: "keys of programs out of a stolen database",
    15: "secrets told by how long a comparison takes",
    16: "webhooks into our own network",
    17: "addresses that only look public",
    18: "sources that redirect, drip, or never end",
    19: "a webhook forged or sent again",
    20: "a source that makes a rating better by itself",
    21: "headers of letters smuggled in by names",
    22: "markup and links smuggled into letters",
    23: "links that a strange host name poisons",
    24: "a forged mail that asks for somebody's answer",
    25: "machines that answer one another for ever",
    26: "a forged bounce",
    27: "formulas in exported tables",
    28: "cells that a spreadsheet reads as something else",
    29: "workbooks that are bombs",
    30: "PDFs that are bombs",
    31: "calendars that are bombs",
    32: "mails that are bombs",
    33: "patterns that take for ever",
    34: "letters of other alphabets that look like codes",
    35: "codes that mean more than one carrier",
    36: "names of files and zones that lead elsewhere",
    37: "people in the logs",
    38: "log lines made by whoever is logged",
    39: "answers that a cache or the back button keeps",
    40: "scripts in pages, pages in frames",
    41: "errors that tell too much, or clear",
    42: "secrets that are missing, weak, or printed",
    43: "code run out of the database",
    44: "a dependency with a known hole",
    45: "a dependency that is not what it was",
    46: "a database that is stolen, or an older one",
    47: "letters that leave a second time after a restore",
    48: "more than the service can carry",
    49: "somebody who denies having signed",
    50: "a clock that was set",
    51: "journeys that somebody who may see them looks at out of curiosity",
}
NOT_THE_PROGRAM_S: Final = {
    44: "known holes are looked up where a release is published: that needs the network, which no test has",
    45: "signed builds and their list of parts belong to a release; its pins are held by test_packaging.py",
}


def _marked() -> Iterator[tuple[int, str]]:
    for path in tracked():
        if path.suffix != ".py" or not path.is_relative_to(ROOT / "tests"):
            continue
        source = path.read_text("utf-8")
        if "mark.threat" not in source:
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef):
                name = f"{path.relative_to(ROOT).as_posix()}::{node.name}"
                yield from ((number, name) for number in _numbers(node))


def _numbers(function: ast.FunctionDef) -> Iterator[int]:
    for mark in function.decorator_list:
        if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.threat":
            yield from (int(ast.literal_eval(each)) for each in mark.args)


def test_each_threat_has_a_test_that_runs() -> None:
    tests: dict[int, list[str]] = defaultdict(list)
    for number, name in _marked():
        tests[number].append(name)
    untested = {number: name for number, name in THREATS.items() if not tests[number]}
    assert untested.keys() == NOT_THE_PROGRAM_S.keys(), untested
    assert tests.keys() == THREATS.keys(), "a test names a threat that is not in the list"


def test_what_is_marked_is_a_test() -> None:
    names = [name for _, name in _marked()]
    assert [name for name in names if not name.partition("::")[2].startswith("test_")] == []
    assert [name for name in names if not name.rpartition("/")[2].startswith("test_")] == []


def test_the_list_has_no_hole() -> None:
    assert list(THREATS) == list(range(1, len(THREATS) + 1))
    assert all(len(why) > 20 for why in NOT_THE_PROGRAM_S.values())
