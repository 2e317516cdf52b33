"""Whatever breaks, wherever: whoever asked is told a number to ask about, and nothing that could mean yes."""

from typing import Never

import pytest
from flask import Flask
from structlog.testing import capture_logs

from tests.web.conftest import LETTER, Visitor, inbox_with
from tests.web.test_matrix import EVERYTHING
from tests.web.test_problems import GOOD_WORDS, WHO_IS_WHERE
from travelrisk.services.application import Application
from travelrisk.web.access import open_to_all
from travelrisk.web.app import create_app


@open_to_all("a view of the tests, in the place of every other one, which breaks")
def breaks(**_: object) -> Never:
    raise RuntimeError(f"{WHO_IS_WHERE} is cleared")


@pytest.fixture(scope="module")
def broken(app: Application) -> Flask:
    """Give pages of which every view breaks, with whatever stands before and behind them as it is."""
    pages = create_app(app, inbox_with(LETTER))
    pages.config["WTF_CSRF_ENABLED"] = False  # a form without its token would not come so far
    pages.view_functions = dict.fromkeys(pages.view_functions, breaks)
    return pages


@pytest.mark.threat(41)
@pytest.mark.parametrize("rule", EVERYTHING)
def test_a_view_that_breaks_tells_its_number_and_nothing_else(rule: str, broken: Flask) -> None:
    methods, address, *_ = EVERYTHING[rule]
    for method in methods.split():
        with capture_logs() as logged:
            response = Visitor(broken).client.open(address, method=method)
        raw = response.get_data(as_text=True)
        assert response.status_code == 500
        assert response.headers["X-Request-Id"] in raw
        assert response.headers["Cache-Control"] == "private, no-store"
        is_call = address.startswith("/api/")
        assert response.content_type == (
            "application/problem+json" if is_call else "text/html; charset=utf-8"
        )
        assert not [
            word for word in ("GREEN", "ABC123", "Traceback", "RuntimeError", "breaks") if word in raw
        ]
        said = raw.replace("Nothing was cleared.", "")
        assert not [word for word in GOOD_WORDS if word in said.lower()]
        assert WHO_IS_WHERE not in str(logged)
