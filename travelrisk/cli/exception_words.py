"""An exception as the terminal tells it: its scope and grounds, what it lifts, its effect, and its life."""

from typing import Any, Final

from travelrisk.cli import editions as telling
from travelrisk.cli.console import counted, print_json, say
from travelrisk.domain.authorisations import Authorisation
from travelrisk.domain.changes import base_id
from travelrisk.domain.errors import BadInputError, ChangedMeanwhileError
from travelrisk.domain.proposals import Status
from travelrisk.domain.texts import day_in_words
from travelrisk.screening.effect import Effect
from travelrisk.screening.explain import record_shape, verdict_words
from travelrisk.services.application import Application
from travelrisk.services.exceptions import ledger
from travelrisk.services.exceptions.background import Background, Doubt, background
from travelrisk.services.exceptions.ledger import Entry, State, Story
from travelrisk.services.proposals.effect import preview
from travelrisk.services.proposals.standing import Standing, standing
from travelrisk.services.ratings.records import name_of

_OPEN: Final = (Status.DRAFT, Status.PROPOSED, Status.SIGNED, Status.RETURNED)
_DOUBTS: Final = {
    Doubt.NEEDS_NONE: "Nothing on record asks for an exception: this carrier can be used without one.",
    Doubt.COVERED: "Another exception in force covers all of this already",
    Doubt.UNKNOWN_OFFICE: "No trip on record names this office: write it as the itineraries have it.",
    Doubt.CHANGES_NOTHING: "It would change nothing for this trip: look at carrier, route and days.",
}


def tell(app: Application, key: str, *, as_json: bool) -> None:
    """Print one exception, for whoever can start the program."""
    found = ledger.story(app, "", key)
    if as_json:
        print_json(_story_shape(app, found))
    else:
        print_story(app, found)


def print_story(app: Application, found: Story) -> None:
    """Print an exception: what it is for, what it lifts and would do, and what happened to it."""
    now, effect, problem = _weighed(app, found)
    for entry in found.entries:
        _print_record(app, entry)
        if now is not None:
            _print_background(background(app, entry.record, effect))
    if found.entry.state is State.REFUSED and found.why_refused:
        say(f"Why it was refused: {found.why_refused}", hang=4)
    if found.why_ended:
        say(f"Why it ended: {found.why_ended}", hang=4)
    if problem:
        say(f"It does not fit the ratings of now: {problem}", hang=4)
    if effect is not None:
        telling.print_effect(effect)
    if now is not None and now.missing:
        say(f"Approvals still needed: {now.missing}")
    telling.print_life(found.life, found.names)


def _print_record(app: Application, entry: Entry) -> None:
    record = entry.record
    say(f"{entry.key}: {name_of(app, record)}, {_state(entry)}")
    whom = f"one trip, {record.trip}" if record.trip else f"all trips of one office, {record.office}"
    days = f"{day_in_words(record.valid_from, 'en')} to {day_in_words(record.valid_until, 'en')}"
    rows = (
        ("For", whom),
        ("Staff on the flight at most", str(record.people)),
        ("Route", record.route or "any"),
        ("Days", days),
        ("Need", record.need),
        ("Alternatives tried", record.alternatives_tried),
        ("What makes up for it", record.mitigation),
        ("Conditions", record.conditions.en),
        ("Programme criticality", f"{record.criticality} (the scale comes from security)"),
        ("Decided by", record.approved_by),
    )
    left_out = {"Programme criticality"} if not record.criticality else set()
    left_out |= {"Staff on the flight at most"} if not record.people else set()
    left_out |= {"Decided by"} if _is_open(entry) else set()
    for name, words in rows:
        if name not in left_out:
            say(f"{name}: {words}", indent=2, hang=4)


def _print_background(known: Background) -> None:
    if known.lifted is not None:
        records = ", ".join(base_id(each.id) for each in known.lifted.records) or "not rated"
        say(f"It lifts: {verdict_words(known.lifted.verdict).en} ({records})", hang=4)
    for each in known.alternatives:
        times = counted(each.itineraries, "itinerary", "itineraries")
        seen = f"seen in {times}, not an assessment of availability"
        say(f"Other carrier: {each.carrier.name} ({each.carrier.code}), {seen}", hang=4)
    for doubt in known.doubts:
        names = f": {', '.join(known.covered_by)}" if doubt is Doubt.COVERED else ""
        say(f"Note: {_DOUBTS[doubt]}{names}", hang=4)


def _weighed(app: Application, found: Story) -> tuple[Standing | None, Effect | None, str]:
    if found.entry.request is None or not _is_open(found.entry):
        return None, None, ""
    try:
        now = standing(app, found.entry.request.reference)
        return now, preview(app, now.weighed.change), ""
    except (BadInputError, ChangedMeanwhileError) as error:
        return None, None, str(error)


def _is_open(entry: Entry) -> bool:
    return entry.request is not None and entry.request.status in _OPEN


def _story_shape(app: Application, found: Story) -> dict[str, Any]:
    now, effect, problem = _weighed(app, found)
    known = [background(app, each.record, effect) for each in found.entries] if now else []
    return {
        "exceptions": [entry_shape(each) for each in found.entries],
        "problem": problem,
        "missing": now.missing if now else None,
        "signed_by": list(now.signed_by) if now else [],
        "can_be_signed_by": sorted(now.can_be_signed_by) if now else [],
        "lifts": [each.lifted.verdict.word for each in known if each.lifted],
        "doubts": sorted({doubt.value for each in known for doubt in each.doubts}),
        "alternatives": sorted({other.carrier.icao for each in known for other in each.alternatives}),
        "effect": telling.effect_shape(effect) if effect else None,
        "why_ended": found.why_ended,
        "why_refused": found.why_refused if found.entry.state is State.REFUSED else "",
        "life": [
            {"at": each.at.isoformat(), "person": each.person, "move": each.move.value, "note": each.note}
            for each in found.life
        ],
    }


def entry_shape(entry: Entry) -> dict[str, Any]:
    """Return the JSON of an exception in a list."""
    made = entry.request
    return {
        "key": entry.key,
        "state": entry.state.value,
        "reference": made.reference if made else None,
        "author": made.author if made else None,
        "authorisation": record_shape(entry.record),
    }


def cells(app: Application, entry: Entry) -> tuple[str, ...]:
    """Return the cells of an exception in a table."""
    record: Authorisation = entry.record
    until = day_in_words(record.valid_until, "en")
    scope = record.trip or record.office
    return entry.key, name_of(app, record), scope, record.route or "any", until, _state(entry), record.set_by


def _state(entry: Entry) -> str:
    return entry.state.value.replace("_", " ")
