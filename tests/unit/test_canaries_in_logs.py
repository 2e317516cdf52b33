"""The watch over the logs of all tests is no decoration: whoever puts somebody into a line turns red."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.contracts.tree import ROOT

LEAKS = """
import logging
from flask import Flask
from travelrisk.logs import bound, logger

def test_a_name(): logger().error("odd", reason="the booking of DOE/JANE MS")
def test_a_locator(): logger().info("odd", booking="ABC123")
def test_a_passport(): logger().info("odd", line="P/GBR/XK7654321")
def test_a_name_around_it():
    with bound(job="of Lindgren"):
        logger().info("odd")
def test_a_library(): logging.getLogger("some.library").warning("no letter for %s", "Lindgren")
def test_an_error_page():
    pages = Flask("pages")
    pages.add_url_rule("/", view_func=lambda: ("DOE/JANE", 500))
    pages.test_client().get("/")
"""
HARMLESS = """
from travelrisk.logs import logger

def test_masked(): logger().error("odd", reason="no letter to jane@example.org", name="Doe")
def test_masked_too(): logger().error("odd", trip="/trips/0123456789abcdef", key="trk_live_r_0123")
def test_exception():
    try:
        raise ValueError("DOE/JANE")
    except ValueError:
        logger().exception("odd")
def test_others(): logger().info("request", route="/trips/<token>", status=200, ms=1.5)
"""


def outcomes(folder: Path, tests: str) -> str:
    file = folder / "test_planted.py"
    file.write_text(tests, encoding="utf-8")
    plugins = ("-p", "tests.conftest", "-p", "no:cacheprovider")
    command = ("-m", "pytest", "-q", "-n0", *plugins, f"-c{ROOT / 'pyproject.toml'}")
    alone = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(
        [sys.executable, *command, str(file)],
        cwd=ROOT,
        env=alone | {"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    (last,) = re.findall(r"^(\d+ \w+(?:, \d+ \w+)*) in ", done.stdout, re.MULTILINE) or [
        done.stdout + done.stderr
    ]
    return str(last)


def test_whoever_is_put_into_the_log_turns_a_test_red(tmp_path: Path) -> None:
    assert outcomes(tmp_path, LEAKS) == "6 failed"


def test_what_the_log_hides_turns_none_red(tmp_path: Path) -> None:
    assert outcomes(tmp_path, HARMLESS) == "4 passed"
