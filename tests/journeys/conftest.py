"""The pages of the journeys are those of tests/web; all of them are held to the same rules."""

from tests.journeys.rules import axe
from tests.web.conftest import pages_are_compiled_once

__all__ = ["axe", "pages_are_compiled_once"]
