"""The pages of the journeys are those of tests/web."""

from tests.web.conftest import templates_are_compiled_once

__all__ = ["templates_are_compiled_once"]
