"""Stylesheets and script: Bootstrap as Bootstrap-Flask ships it, and two small files of our own.

Each address carries a version, so that a browser may keep the file for a year.
"""

import hashlib
from functools import wraps
from pathlib import Path
from typing import Any

from flask import Flask, url_for
from flask.typing import ResponseReturnValue
from flask_bootstrap import Bootstrap5
from jinja2 import StrictUndefined

from travelrisk.web.access import open_to_all
from travelrisk.web.maps import is_lite

_A_YEAR = 31_536_000


def dress(pages: Flask) -> None:
    """Serve the files, and give the templates their addresses."""
    pages.config.update(BOOTSTRAP_SERVE_LOCAL=True, SEND_FILE_MAX_AGE_DEFAULT=_A_YEAR)
    bootstrap = Bootstrap5(pages)
    for endpoint in ("static", "bootstrap.static"):
        _open(pages, endpoint)
    versions = {path.name: _version(path) for path in Path(str(pages.static_folder)).iterdir()}

    def own_file(name: str) -> str:
        return url_for("static", filename=name, v=versions[name])

    def bootstrap_css() -> str:
        name = f"css/{bootstrap.bootstrap_css_filename}"
        return url_for("bootstrap.static", filename=name, v=bootstrap.bootstrap_version)

    pages.jinja_env.undefined = StrictUndefined
    pages.jinja_env.trim_blocks = pages.jinja_env.lstrip_blocks = True
    pages.jinja_env.globals.update(own_file=own_file, bootstrap_css=bootstrap_css, is_lite=is_lite)


def _version(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def _open(pages: Flask, endpoint: str) -> None:
    serve = pages.view_functions[endpoint]

    @open_to_all("stylesheets, script and icon; the same for everybody")
    @wraps(serve)
    def file(**arguments: Any) -> ResponseReturnValue:  # noqa: ANN401 - passed on as they are
        answer: ResponseReturnValue = pages.ensure_sync(serve)(**arguments)
        return answer

    pages.view_functions[endpoint] = file
