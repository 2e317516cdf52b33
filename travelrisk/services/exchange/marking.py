"""The mark of an export: an id in the file and in the audit trail, so that a file leads to whoever took it.

In a table it stands in every row, so that it survives a spreadsheet, and a part of it. An import does not
look at it.
"""

import secrets
from collections.abc import Callable, Mapping
from typing import Final

from travelrisk.services.application import Application
from travelrisk.store import audit
from travelrisk.store.database import transact

EXPORTED: Final = "ratings.exported"
"""The kind of entry of the audit trail that says who took which export."""
_ID_BYTES: Final = 5


def marked(app: Application, by: str, taken: Mapping[str, audit.Word], make: Callable[[str], bytes]) -> bytes:
    """Return a file that bears a new mark, after it was noted who takes it.

    Args:
        app: the parts of the service.
        by: id of whoever takes it.
        taken: what it is: edition and form, for the audit trail.
        make: makes the file with the mark that it is given.

    Raises:
        StoreError: it cannot be written down that the file is taken.
    """
    mark = f"ex-{secrets.token_hex(_ID_BYTES)}"
    content = make(mark)
    entry = audit.Entry(EXPORTED, by, app.clock(), f"export:{mark}", taken)
    transact(app.engine, lambda c: audit.append_all(c, [entry]))
    return content
