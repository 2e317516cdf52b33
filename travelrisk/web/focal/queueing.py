"""The work queue: what waits, why here, whom it touches, until when; what somebody looked at is put aside."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final, NamedTuple

from flask import request
from flask.typing import ResponseReturnValue

from travelrisk.domain.errors import BadInputError, NotFoundError
from travelrisk.domain.ratings import Caution, Rating, Record, Subject
from travelrisk.services.application import Application
from travelrisk.services.desk import lookups
from travelrisk.services.desk import queue as services
from travelrisk.services.desk.queue import DECIDED, Item, Kind, State
from travelrisk.services.naming import name_of
from travelrisk.store.queue import Notice
from travelrisk.telling.foreign import linkable, visible
from travelrisk.web import who
from travelrisk.web.desk.pages import done
from travelrisk.web.focal.faults import Fault
from travelrisk.web.focal.pages import (
    MOVED,
    UNUSABLE,
    level_words,
    open_to_authors,
    open_to_desk,
    page,
    queue,
)
from travelrisk.web.languages import language
from travelrisk.web.parts import application
from travelrisk.web.words import speaker

_NUMBER: Final = re.compile(r"[0-9]{1,6}", re.ASCII)
_NAMED: Final = 3
_ON_A_SHEET: Final = 50  # as much as anybody reads; the rest is a link away


@dataclass(frozen=True, slots=True)
class Line:
    """An item as the page shows it.

    Attributes:
        name: of its subjects, or what stands for it. more: how many of them are not named.
        now: level of the rating in force, ``caution`` or ``service``, with its words; empty for proposals.
        can_wait: whether it may be put aside.
        notice: what was received, as it may be shown.
    """

    item: Item
    name: str
    more: int
    title: str
    now: tuple[tuple[str, str], ...]
    can_wait: bool
    notice: Notice | None


class Sheet(NamedTuple):
    """Which part of the queue is shown, of how many."""

    number: int
    last: int


@queue.get("/queue")
@open_to_desk
def waiting() -> ResponseReturnValue:
    """Show what waits for whoever asks."""
    return _shown()


@queue.post("/queue/aside")
@open_to_authors
def set_aside() -> ResponseReturnValue:
    """Put an item aside, with the reason."""
    key, note = request.form.get("key", ""), request.form.get("note", "")
    if not note.strip():
        return _shown(UNUSABLE, Fault(f"note-{key}", "error_no_note"))
    try:
        services.set_aside(application(), who.person().id, key, note=note)
    except NotFoundError:
        return _shown(MOVED, Fault("waiting", "error_not_waiting"))
    except BadInputError:
        return _shown(UNUSABLE, Fault("waiting", "error_only_decided"))
    return done("queue.waiting", "done_aside")


def _shown(status: int = 200, *faults: Fault) -> ResponseReturnValue:
    app, everything = application(), "everything" in request.args
    found = services.waiting(app, who.person().id, everything=everything)
    wanted = request.args.get("kind", "")
    kind = Kind(wanted) if wanted in set(Kind) else None
    items = [item for item in found.items if kind is None or kind in item.reasons]
    sheet = _sheet_asked(len(items))
    return page(
        "focal/queue.html",
        status,
        faults,
        lines=_lines(app, items[(sheet.number - 1) * _ON_A_SHEET : sheet.number * _ON_A_SHEET]),
        sheet=sheet,
        counts={each: count for each, count in found.counts.items() if count},
        kind=kind,
        everything=everything,
        total=len(found.items),
        states=State,
    )


def _sheet_asked(items: int) -> Sheet:
    last = max(1, ceil(items / _ON_A_SHEET))
    asked = request.args.get("sheet", "")
    number = int(asked) if _NUMBER.fullmatch(asked) else 1
    return Sheet(min(max(number, 1), last), last)


def _lines(app: Application, items: Sequence[Item]) -> tuple[Line, ...]:
    believed = lookups.believed(app, *{item.subject for item in items if item.subject is not None})
    return tuple(_line(app, item, believed) for item in items)


def _line(app: Application, item: Item, believed: dict[Subject, tuple[Record, ...]]) -> Line:
    about = item.about or ((item.subject,) if item.subject else ())
    names = [name_of(app, each, language()) for each in about[:_NAMED]]
    name = "; ".join(names) or visible(item.title) or item.reference
    title = visible(item.title) if names else ""
    now = _now(believed.get(item.subject, ())) if item.subject else ()
    more = max(0, len(about) - _NAMED)
    return Line(item, name, more, title, now, item.kind not in DECIDED, _harmless(item.notice))


def _harmless(notice: Notice | None) -> Notice | None:
    """Return a notice with nothing in it but what can be read, and a link that leads where it says."""
    return notice and notice._replace(
        title=visible(notice.title),
        body=visible(notice.body),
        sender=visible(notice.sender),
        source=linkable(notice.source),
    )


def _now(records: Iterable[Record]) -> tuple[tuple[str, str], ...]:
    """Say what is on record: the levels and, beside them, that there is a caution."""
    words, say = level_words(), speaker(language())
    found = [(each.level.value, words[each.level.value]) for each in records if isinstance(each, Rating)]
    if any(isinstance(each, Caution) for each in records):
        found.append(("caution", say("says_caution")))
    return tuple(dict.fromkeys(found)) or (("not_rated", words["not_rated"]),)
