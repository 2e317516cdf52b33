"""Foreign words in a cell of a table that goes out: as no spreadsheet runs them.

A spreadsheet runs a cell that begins like a formula, so such a cell goes out with an apostrophe in front. A
cell that begins with apostrophes *and then* like a formula gets one more, so that taking one away is exact.
"""

import re
from typing import Final

_FORMULA: Final = re.compile(r"'*[=+\-@\t\r\n]")


def harmless(text: str) -> str:
    """Return *text* as no spreadsheet runs it."""
    return f"'{text}" if _FORMULA.match(text) else text
