"""Files as evidence: taken with the form of the editor, and given back to whoever works at the desk."""

import re
from contextlib import closing
from dataclasses import replace
from typing import Final

from flask import Response, abort, request
from flask.typing import ResponseReturnValue

from travelrisk.domain.errors import BadInputError, NotFoundError
from travelrisk.services.application import Application
from travelrisk.services.desk import evidence
from travelrisk.telling.foreign import visible
from travelrisk.web.focal.entries import Entry, rows_sent
from travelrisk.web.focal.faults import Fault, fault_of
from travelrisk.web.focal.pages import changes, open_to_desk
from travelrisk.web.parts import application

_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_NOT_IN_A_NAME: Final = re.compile(r"[^A-Za-z0-9._ -]+")


@changes.get("/evidence/<sha256>")
@open_to_desk
def file(sha256: str) -> ResponseReturnValue:
    """Give a file back as a download: nothing that somebody sent in runs on our pages."""
    try:
        kept = evidence.file_of(application(), sha256 if _SHA256.fullmatch(sha256) else "")
    except NotFoundError:
        abort(404)
    answer = Response(kept.content, mimetype=kept.media_type)
    name = _NOT_IN_A_NAME.sub("_", kept.name) or "evidence"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def with_files(app: Application, by: str, entry: Entry) -> tuple[Entry, list[Fault]]:
    """Keep the files that came with the form of an entry, and name each in its row of evidence.

    Returns:
        The entry; and a fault for each file that was not kept, and for each row that names one nobody kept.
    """
    rows: list[dict[str, str]] = []
    faults: list[Fault] = []
    for place, (number, row) in enumerate(zip(rows_sent(request.form), entry.sources, strict=True)):
        try:
            rows.append(_filed(app, by, row, number))
        except BadInputError as error:
            rows.append(row)
            faults.append(fault_of(error, f"source-{place}-upload"))
    known = evidence.names_of(app, *(row["file"] for row in rows))
    gone = (place for place, row in enumerate(rows) if row["file"] and row["file"] not in known)
    faults += [Fault(f"source-{place}-upload", "error_file_gone") for place in gone]
    return replace(entry, sources=tuple(rows)), faults


def _filed(app: Application, by: str, row: dict[str, str], number: int) -> dict[str, str]:
    """Return a row with the file that came with it, and with a title where it has none."""
    upload = request.files.get(f"source-{number}-upload")
    if upload is None or not upload.filename:
        return row
    with closing(upload):
        sha256 = evidence.keep_file(app, by, upload.read(), upload.filename)
    return {**row, "file": sha256, "title": row["title"] or visible(upload.filename)}
