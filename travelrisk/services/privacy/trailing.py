"""The audit trail for people outside: as lines of JSON with their hashes, or as a table."""

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final, Literal

from travelrisk.domain.errors import BadInputError
from travelrisk.services.application import Application
from travelrisk.store import audit
from travelrisk.store.audit import Anchor, Line
from travelrisk.store.database import reading

Form = Literal["jsonl", "csv"]
FORMS: Final[tuple[Form, ...]] = ("jsonl", "csv")
SHORTEST: Final = 16  # digits of a hash: fewer could fit by chance
_COLUMNS: Final = ("seq", "at", "kind", "actor", "subject", "body", "hash")
_ANCHOR: Final = re.compile(rf"\s*(\d{{1,18}})\s*[:\s]\s*([0-9a-fA-F]{{{SHORTEST},64}})\s*", re.ASCII)


def anchor(text: str) -> Anchor:
    """Return an entry as a digest names it, ``1234:0f3a...``; at least 16 digits of the hash.

    Raises:
        BadInputError: it is none.
    """
    found = _ANCHOR.fullmatch(text)
    if found is None:
        raise BadInputError(
            f"'{text[:60]}' is no entry of the audit trail: write its number, a colon, and"
            f" {SHORTEST} digits of its hash or more, as the daily digest has it"
        )
    return Anchor(int(found[1]), found[2].lower())


def form_of(word: str) -> Form:
    """Return the form of this name.

    Raises:
        BadInputError: there is none.
    """
    for each in FORMS:
        if each == word:
            return each
    raise BadInputError(f"'{word[:20]}' is no form of the audit trail: use {' or '.join(FORMS)}")


def newest(app: Application) -> Anchor:
    """Return the newest entry, to be written down outside."""
    with reading(app.engine) as c:
        return audit.head(c)


def exported(
    app: Application,
    form: Form,
    since: datetime | None = None,
    until: datetime | None = None,
    subject: str = "",
) -> Iterator[str]:
    """Yield the trail from *since* up to before *until*, line by line; with each entry its hash.

    Where a *subject* is given, only what was about it.

    Raises:
        StoreError: the database cannot be read.
    """
    with reading(app.engine) as c:
        lines = audit.entries(c, since, until)
        about = (each for each in lines if json.loads(each.body)["subject"] == subject) if subject else lines
        yield from written(form, about)


def written(form: Form, lines: Iterator[Line]) -> Iterator[str]:
    """Yield entries as they stand in a file."""
    return _jsonl(lines) if form == "jsonl" else _csv(lines)


def _jsonl(lines: Iterator[Line]) -> Iterator[str]:
    for line in lines:
        # The body as text, to the last byte: its hash is made of just this.
        yield json.dumps(line._asdict(), ensure_ascii=False) + "\n"


def _csv(lines: Iterator[Line]) -> Iterator[str]:
    yield _row(_COLUMNS)
    for line in lines:
        told = json.loads(line.body)
        body = json.dumps(told["body"], ensure_ascii=False, sort_keys=True)
        yield _row((str(line.seq), told["at"], told["kind"], told["actor"], told["subject"], body, line.hash))


def _row(cells: tuple[str, ...]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue()
