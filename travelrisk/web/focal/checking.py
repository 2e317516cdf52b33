"""From what was typed to what is proposed: what cannot be used is named, with what to write."""

import re
import secrets
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from travelrisk.domain.errors import BadInputError
from travelrisk.domain.factors import check_finding
from travelrisk.domain.ratings import Caution, Evidence, Level, Rating, SubjectKind
from travelrisk.domain.verdicts import Verdict
from travelrisk.services.application import Application
from travelrisk.services.naming import carrier_of
from travelrisk.web.focal.entries import CAUTION, END, RATING, Entry, codes_in, is_filled
from travelrisk.web.focal.faults import Fault, fault_in_editor
from travelrisk.web.focal.scoping import scope_faults, scope_from
from travelrisk.web.focal.subjects import carriers_meant

LEVELS: Final = tuple(level.value for level in Level)
EFFECTS: Final = tuple(each.word for each in (Verdict.CONDITIONAL, Verdict.REVIEW, Verdict.NOT_CLEARED))
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_LINK: Final = re.compile(r"https?://\S+", re.ASCII)
_LONGEST: Final = {"url": 2000, "title": 500, "value": 80, "aoc": 80}
_LONGEST_TEXT: Final = 2000


def faults_in(app: Application, entry: Entry) -> list[Fault]:
    """Return every fault of an entry, in the order of the fields on the page."""
    today = app.clock().date()
    found: list[Fault] = []
    if entry.what != END:
        found += [*_choice_faults(entry), *_text_faults(entry), *_exception_faults(app, entry)]
        found += [*scope_faults(app, entry), *_period_faults(entry, today), *_source_faults(entry, today)]
    if not entry["why"]:
        found.append(Fault("why", "error_no_why"))
    found += _long_ones(entry)
    return found


def record_from(entry: Entry, author: str, today: date) -> Rating | Caution:
    """Make the record of an entry without faults."""
    evidence = tuple(evidence_of(row) for row in entry.sources if is_filled(row))
    base, since, until = entry.record or new_id(entry), _day(entry["valid_from"]), _day(entry["valid_until"])
    if since is None:
        raise ValueError("an entry without faults has a first day")
    if entry.what == CAUTION:
        effect, excepted = Verdict.from_word(entry["effect"]), codes_in(entry["exceptions"])
        texts = entry.texts("text")
        about = (entry.subject, effect, since, until, author, today)
        return Caution(base, *about, texts, excepted, evidence, scope_from(entry))
    return Rating(
        id=base,
        subject=entry.subject,
        level=Level(entry["level"]),
        valid_from=since,
        valid_until=until,
        set_by=author,
        set_on=today,
        reason=entry.texts("reason"),
        condition=entry.texts("condition"),
        evidence=evidence,
        review_on=_day(entry["review_on"]),
        aoc=entry["aoc"],
        scope=scope_from(entry),
    )


def evidence_of(row: Mapping[str, str]) -> Evidence:
    """Make the evidence of a row; a day that cannot be read is left out."""
    return Evidence(
        title=row.get("title", ""),
        kind=row.get("kind", ""),
        url=row.get("url", ""),
        retrieved_on=_day(row.get("retrieved_on", "")),
        valid_until=_day(row.get("valid_until", "")),
        note=row.get("note", ""),
        value=row.get("value", ""),
        limits=tuple(filter(None, (each.strip() for each in row.get("limits", "").split(";")))),
        file=row.get("file", ""),
    )


def new_id(entry: Entry) -> str:
    """Return a base id that no record has: two people never write over each other's new record unseen."""
    key = entry.subject.key.lower().replace(":", "-")
    return f"{entry.subject.kind.value}-{key}-{entry.what}-{secrets.token_hex(3)}"


def _choice_faults(entry: Entry) -> Iterator[Fault]:
    if entry.what == RATING and entry["level"] not in LEVELS:
        yield Fault("level", "error_no_level")
    if entry.what == CAUTION and entry["effect"] not in EFFECTS:
        yield Fault("effect", "error_no_effect")


def _text_faults(entry: Entry) -> Iterator[Fault]:
    if entry.what == RATING and entry["level"] == Level.CONDITIONAL and not entry["condition_en"]:
        yield Fault("condition_en", "error_no_condition")
    if entry.what == CAUTION and not entry["text_en"]:
        yield Fault("text_en", "error_no_text")


def _period_faults(entry: Entry, today: date) -> Iterator[Fault]:
    names = ("valid_from", "valid_until", "review_on")
    yield from (Fault(name, "error_day") for name in names if entry[name] and _day(entry[name]) is None)
    since, until, review = (_day(entry[name]) for name in names)
    if not entry["valid_from"]:
        yield Fault("valid_from", "error_day")
    if since and until and until < since:
        yield Fault("valid_until", "error_ends_before")
    if review and review < today:
        yield Fault("review_on", "error_review_past")


def _exception_faults(app: Application, entry: Entry) -> Iterator[Fault]:
    for code in codes_in(entry["exceptions"]) if entry.what == CAUTION else ():
        carrier = carrier_of(app, code)
        if carrier is None:
            near = ", ".join(carriers_meant(app, code))
            key = "error_exception_near" if near else "error_exception"
            yield Fault("exceptions", key, {"code": code, "near": near} if near else {"code": code})
        elif entry.subject.kind is SubjectKind.STATE and carrier.state.code != entry.subject.key:
            yield Fault("exceptions", "error_exception_elsewhere", {"name": f"{carrier.name} ({code})"})


def _source_faults(entry: Entry, today: date) -> Iterator[Fault]:
    rows = [(number, row) for number, row in enumerate(entry.sources) if is_filled(row)]
    if not rows and not (entry.what == RATING and entry["level"] == Level.NOT_RATED):
        yield Fault("source-0-title", "error_no_source")
    for number, row in rows:
        yield from (each._replace(field=f"source-{number}-{each.field}") for each in _row_faults(row, today))


def _row_faults(row: Mapping[str, str], today: date) -> Iterator[Fault]:
    if not row["title"]:
        yield Fault("title", "error_no_title")
    if row["url"] and not _LINK.fullmatch(row["url"]):
        yield Fault("url", "error_link")
    retrieved = _day(row["retrieved_on"])
    if retrieved is None:
        yield Fault("retrieved_on", "error_no_retrieval")
    elif retrieved > today:
        yield Fault("retrieved_on", "error_retrieved_later")
    if row["valid_until"] and _day(row["valid_until"]) is None:
        yield Fault("valid_until", "error_day")
    try:
        check_finding(evidence_of(row))
    except BadInputError as error:
        yield fault_in_editor(error)


def _long_ones(entry: Entry) -> Iterator[Fault]:
    typed = {
        **entry.fields,
        **{f"source-{n}-{name}": text for n, row in enumerate(entry.sources) for name, text in row.items()},
    }
    for name, text in typed.items():
        longest = _LONGEST.get(name.rpartition("-")[2], _LONGEST_TEXT)
        if len(text) > longest:
            yield Fault(name, "error_too_long", {"longest": longest})


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None
