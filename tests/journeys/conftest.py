"""The pages of the journeys are those of tests/web."""

from tests.web.conftest import pages_are_compiled_once

__all__ = ["pages_are_compiled_once"]
