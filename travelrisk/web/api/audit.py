"""The audit trail for programs: of their own office alone, and only with a key that was made to audit.

On the pages the trail is for auditors and administrators, and no key has their rights by being one: an
administrator says of a key that it audits. The whole trail, with the chain of its hashes, is on their page.
"""

import json
from typing import Any, Final

from travelrisk.domain.programs import Program
from travelrisk.services.privacy import office_trail, trailing
from travelrisk.services.privacy.office_trail import Page
from travelrisk.store.audit import Line
from travelrisk.web.api.contract.calls import Asked, Told
from travelrisk.web.api.cursors import cursor_of, next_link, parts_of
from travelrisk.web.api.live import live
from travelrisk.web.api.models.audit import AuditQuestion
from travelrisk.web.api.screening import moment
from travelrisk.web.parts import application
from travelrisk.web.refusals import RefusedError

TYPES: Final = {"jsonl": "application/x-ndjson", "csv": "text/csv; charset=utf-8"}


def audit(asked: Asked[AuditQuestion, None]) -> Told:
    """Tell what stands in the trail about the office of the key."""
    wanted, program = asked.query, _auditing(live(asked.program))
    (after,) = parts_of(wanted.cursor, (int,)) if wanted.cursor else (0,)
    found = office_trail.page(
        application(),
        program.office,
        after=int(after),
        limit=wanted.limit,
        since=moment(wanted.since),
        until=moment(wanted.until),
    )
    return _json(found, wanted) if wanted.form == "json" else _file(found, wanted)


def _auditing(program: Program) -> Program:
    if not program.audits:
        raise RefusedError("scope", "this key does not audit: an administrator makes one that does")
    return program


def _json(found: Page, wanted: AuditQuestion) -> Told:
    shape = {
        "entries": [_entry(each) for each in found.lines],
        "cursor": cursor_of(found.after),
        "has_more": found.has_more,
    }
    return Told(shape, headers=_next(found, wanted))


def _file(found: Page, wanted: AuditQuestion) -> Told:
    form = next(each for each in trailing.FORMS if each == wanted.form)
    content = "".join(trailing.written(form, iter(found.lines))).encode()
    return Told(content, headers=_next(found, wanted), media_type=TYPES[form])


def _next(found: Page, wanted: AuditQuestion) -> dict[str, str]:
    asked: dict[str, str | int] = {"from": wanted.since, "to": wanted.until}
    asked |= {"limit": wanted.limit, "format": wanted.form}
    return next_link(cursor_of(found.after), **asked) if found.has_more else {}


def _entry(line: Line) -> dict[str, Any]:
    told = json.loads(line.body)
    return {
        "seq": line.seq,
        **{name: told[name] for name in ("at", "kind", "actor", "subject", "body")},
        "text": line.body,
        "prev_hash": line.prev_hash,
        "hash": line.hash,
    }
