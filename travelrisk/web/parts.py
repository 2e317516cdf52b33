"""The parts of the service, as a view reaches them."""

from typing import cast

from flask import current_app

from travelrisk.services.application import Application


def application() -> Application:
    """Return the Application that the pages were made with."""
    return cast("Application", current_app.extensions["travelrisk"])
