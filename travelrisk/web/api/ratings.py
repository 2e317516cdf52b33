"""Ratings and what changed in them; how much of a record is told depends on the key."""

from datetime import UTC, date
from typing import Any, Final

from travelrisk.domain.carriers import Carrier
from travelrisk.domain.errors import NotFoundError
from travelrisk.domain.programs import Program
from travelrisk.domain.ratings import Level, Rating, Snapshot, Subject, SubjectKind, subject_of
from travelrisk.screening.explain import record_shape
from travelrisk.services.ratings import published
from travelrisk.services.ratings.published import Step
from travelrisk.services.ratings.records import Listed, history
from travelrisk.web.api.contract.calls import Asked, Told
from travelrisk.web.api.cursors import cursor_of, next_link, parts_of
from travelrisk.web.api.models.ratings import CarrierQuestion, ChangesQuestion, RatingsQuestion
from travelrisk.web.api.responses import stamp
from travelrisk.web.api.screening import moment, seen
from travelrisk.web.parts import application
from travelrisk.web.refusals import RefusedError

_MOST: Final = 50
_GRAVEST: Final = (Level.NOT_RECOMMENDED, Level.CONDITIONAL, Level.RECOMMENDED, Level.NOT_RATED)


def carriers(asked: Asked[CarrierQuestion, None]) -> Told:
    """Find carriers by code or name."""
    app, day, wanted = application(), _today(), asked.query.q
    book = app.book
    found = (*book.find(wanted, day), *book.named(wanted, day), *book.ever(wanted))
    snapshot, _ = published.newest(app)
    shapes = [_carrier(each, snapshot, day) for each in dict.fromkeys(found)][:_MOST]
    return Told({"carriers": shapes, "edition": snapshot.edition})


def carrier_ratings(asked: Asked[Any, None]) -> Told:
    """Tell all that was ever on record about one carrier."""
    app, day = application(), _today()
    code = asked.values["id"].upper()
    known = app.book.find(code, day) or app.book.ever(code)
    icao = {each.icao for each in known}
    if len(icao) > 1:
        raise RefusedError(
            "not_found", f"several carriers bear the code {code}: use the ICAO designator of one"
        )
    if not known:
        raise RefusedError("not_found", f"no carrier bears the code {code}")
    try:
        found = history(app, Subject(SubjectKind.CARRIER, known[0].icao))
    except NotFoundError:
        found = ()
    snapshot, _ = published.newest(app)
    shapes = [_rated(asked.program, each) for each in found]
    carrier = _carrier(known[-1], snapshot, day)
    return Told({"carrier": carrier, "ratings": shapes, "edition": snapshot.edition})


def listing(asked: Asked[RatingsQuestion, None]) -> Told:
    """Tell the ratings of an edition, page by page; an edition never changes, so that no page does."""
    app, wanted = application(), asked.query
    if wanted.cursor:
        edition, day_text, after = parts_of(wanted.cursor, (int, str, str))
        day = _day(str(day_text))
    else:
        as_of = seen(app, moment(wanted.as_of))
        edition, day, after = as_of.snapshot.edition, as_of.at.astimezone(UTC).date(), ""
    try:
        listed = published.open_in(app, int(edition), day)
    except NotFoundError:
        raise RefusedError("cursor") from None
    left = [each for each in listed if each.record.id > str(after)]
    page = left[: wanted.limit]
    more = cursor_of(int(edition), day.isoformat(), page[-1].record.id) if len(left) > len(page) else ""
    shapes = [_rated(asked.program, each) for each in page]
    return Told(
        {"ratings": shapes, "edition": edition, "cursor": more}, headers=next_link(more, limit=wanted.limit)
    )


def changes(asked: Asked[ChangesQuestion, None]) -> Told:
    """Tell what was opened and closed since a cursor, the oldest first."""
    wanted = asked.query
    edition, place = (int(each) for each in parts_of(wanted.cursor, (int, int))) if wanted.cursor else (0, 0)
    try:
        found = published.steps(application(), edition, place, wanted.limit + 1)
    except NotFoundError:
        raise RefusedError("cursor") from None
    page = found[: wanted.limit]
    more = cursor_of(page[-1].edition.number, page[-1].place) if page else cursor_of(edition, place)
    has_more = len(found) > len(page)
    shapes = [_change(asked.program, each) for each in page]
    headers = next_link(more, limit=wanted.limit) if has_more else {}
    return Told({"changes": shapes, "cursor": more, "has_more": has_more}, headers=headers)


def _change(program: Program, step: Step) -> dict[str, Any]:
    return {
        "edition": step.edition.number,
        "published_at": stamp(step.edition.published_at),
        "change": step.change,
        "rating": _rated(program, step.listed),
    }


def _rated(program: Program, listed: Listed) -> dict[str, Any]:
    record = listed.record
    whole = record_shape(record)
    return {
        "id": record.id,
        "record": record.record,
        "subject": str(subject_of(record)),
        "name": listed.name,
        "state": listed.state,
        "level": whole.get("level"),
        "effect": whole.get("effect"),
        "condition": whole.get("condition"),
        "valid_from": whole["valid_from"],
        "valid_until": whole["valid_until"],
        "opened_in": record.opened_in,
        "closed_in": record.closed_in,
        "desk": _of_the_desk(whole) if program.sees_desk else None,
    }


def _of_the_desk(whole: dict[str, Any]) -> dict[str, Any]:
    reason = whole.get("reason") or whole.get("text") or {"en": whole.get("source", ""), "fr": "", "es": ""}
    return {
        "set_by": whole["set_by"],
        "set_on": whole["set_on"],
        "reason": reason,
        "review_on": whole.get("review_on"),
        "evidence": whole.get("evidence", []),
    }


def _carrier(carrier: Carrier, snapshot: Snapshot, day: date) -> dict[str, Any]:
    rated = snapshot.ratings.get(Subject(SubjectKind.CARRIER, carrier.icao), ())
    levels = {each.level for each in rated if each.valid_from <= day and _lasts(each, day)}
    return {
        "id": carrier.icao,
        "iata": carrier.iata,
        "name": carrier.name,
        "state": carrier.state.code,
        "valid_from": carrier.valid_from.isoformat() if carrier.valid_from else None,
        "valid_until": carrier.valid_until.isoformat() if carrier.valid_until else None,
        "level": next((each for each in _GRAVEST if each in levels), Level.NOT_RATED).value,
    }


def _lasts(rating: Rating, day: date) -> bool:
    return rating.valid_until is None or day <= rating.valid_until


def _today() -> date:
    return application().clock().astimezone(UTC).date()


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise RefusedError("cursor") from None
