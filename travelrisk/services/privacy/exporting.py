"""All that is kept about somebody, or about one trip, as a ZIP: rows as JSON, letters and documents whole.

It is made of the tables themselves, whichever name the trip: nothing that is kept can be forgotten here. Left
out are the keys that open something, and documents in which other people stand too.
"""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from travelrisk.domain.errors import NotFoundError
from travelrisk.services.application import Application
from travelrisk.services.privacy.forgetting import is_address
from travelrisk.services.privacy.looking import looks_at
from travelrisk.store import audit, originals, traces
from travelrisk.store.database import reading, transact
from travelrisk.store.traces import Trace

_LETTERS: Final = frozenset({"outbox", "answers", "unit_letters", "calendar_letters", "broadcast_letters"})
_MADE_IN: Final = (1980, 1, 1, 0, 0, 0)


def of_person(app: Application, address: str, *, by: str) -> bytes:
    """Return all that is kept about whoever has this address.

    Raises:
        NotFoundError: nothing is.
    """
    with reading(app.engine) as c:
        found = traces.by_address(c, address.strip()) if is_address(address.strip()) else ()
        mails = traces.rows_of_mails(c, address.strip()) if is_address(address.strip()) else {}
    if not (found or any(mails.values())):
        raise NotFoundError(f"nothing is kept about {address}")
    return _packed(app, found, mails, by)


def of_trip(app: Application, reference: str, *, by: str) -> bytes:
    """Return all that is kept about one trip.

    Raises:
        NotFoundError: there is no such trip.
    """
    with reading(app.engine) as c:
        found = traces.by_reference(c, reference)
    if found is None:
        raise NotFoundError(f"there is no trip {reference}")
    return _packed(app, (found,), {}, by)


def _packed(
    app: Application, found: tuple[Trace, ...], mails: Mapping[str, list[dict[str, Any]]], by: str
) -> bytes:
    at = app.clock()
    about = ", ".join(each.reference for each in found)
    files: dict[str, bytes] = {
        "about.json": _json({"made_at": at, "trips": about.split(", ") if about else []})
    }
    with reading(app.engine) as c:
        for each in found:
            files |= _of_trip(app, c, each)
        files |= dict(_files("", mails))
    transact(app.engine, lambda c: _note(c, found, by, at))
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(zipfile.ZipInfo(name, _MADE_IN), data)
    return content.getvalue()


def _note(c: Connection, found: tuple[Trace, ...], by: str, at: datetime) -> None:
    for each in found:
        audit.append(c, kind="exported", actor=by, at=at, subject=f"trip:{each.trip_id}", body={})


def _of_trip(app: Application, c: Connection, trace: Trace) -> dict[str, bytes]:
    folder = f"{trace.reference}/"
    files = dict(_files(folder, traces.rows_of(c, trace.trip_id)))
    looks = [
        {"at": each.at, "office": each.office, "purpose": each.purpose}
        for each in looks_at(app, trace.trip_id)
    ]
    files[f"{folder}looked_at.json"] = _json(looks)
    for sha256 in traces.own_documents(c, trace.trip_id):
        kept = originals.load(c, sha256)
        files[f"{folder}documents/{sha256[:12]}"] = kept.content
    return files


def _files(folder: str, tables: Mapping[str, list[dict[str, Any]]]) -> Iterator[tuple[str, bytes]]:
    for name, rows in tables.items():
        if rows:
            yield f"{folder}{name}.json", _json([_plain(row) for row in rows])
        for row in rows if name in _LETTERS else ():
            if row["body"]:
                yield f"{folder}letters/{name}-{row['id']}.eml", bytes(row["body"])


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _value(value) for name, value in row.items() if not isinstance(value, bytes | memoryview)}


def _value(value: Any) -> Any:  # noqa: ANN401 - whatever a column holds
    if isinstance(value, str) and value.startswith(("{", "[")):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, default=_moment).encode()


def _moment(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in an export")
