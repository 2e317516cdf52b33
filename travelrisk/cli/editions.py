"""Editions, differences between records, and effects, at a terminal and for programs."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from travelrisk.cli.console import counted, heading, hint, is_terminal, print_json, say, table
from travelrisk.domain.changes import base_id
from travelrisk.domain.differences import Pair
from travelrisk.domain.proposals import Move, Step
from travelrisk.domain.ratings import Record, subject_of
from travelrisk.domain.texts import day_in_words
from travelrisk.screening.effect import Effect
from travelrisk.screening.explain import record_shape, verdict_words
from travelrisk.services.application import Application
from travelrisk.services.desk.history import Countersigning, Published, countersignings
from travelrisk.services.ratings.records import name_of
from travelrisk.store.ratings import Edition

_MOST_SHOWN: Final = 40  # records of one edition; an import may hold thousands
_DID: Final = {
    Move.EDIT: "wrote it",
    Move.PROPOSE: "proposed it",
    Move.SIGN: "signed",
    Move.COMPLETE: "gave the last signature",
    Move.PUBLISH: "published it",
    Move.PUBLISH_URGENTLY: "published it at once",
    Move.COUNTERSIGN: "countersigned",
    Move.RETURN: "returned it",
    Move.REFUSE: "refused it",
    Move.WITHDRAW: "withdrew it",
    Move.LAPSE: "found its signatures lapsed",
    Move.END: "ended it before its last day",
}
_LISTED: Final = 20  # journeys of an effect


def print_life(life: Iterable[Step], names: Mapping[str, str]) -> None:
    """Print what happened to a proposal, the first step first; *names* are those of people by id."""
    for step in life:
        did = _DID[step.move] + (f": {step.note}" if step.note else "")
        say(f"{moment(step.at)}, {names.get(step.person, step.person)} {did}", hang=4)


def print_published(app: Application, found: Sequence[Published], *, as_json: bool) -> None:
    """Print editions with what each did."""
    if as_json:
        shapes = edition_shapes(app, [each.edition for each in found])
        changes = ([pair_shape(pair) for pair in each.pairs] for each in found)
        print_json([{**shape, "changes": each} for shape, each in zip(shapes, changes, strict=True)])
        return
    later = countersignings(app, *(each.edition.number for each in found))
    for each in found:
        heading(edition_line(each.edition))
        print_countersigning(later.get(each.edition.number))
        print_pairs(app, each.pairs)


def print_editions(app: Application, found: Sequence[Edition], before: str = "") -> None:
    """Print who published editions, when and why, and who countersigned them; *before* begins each line."""
    later = countersignings(app, *(each.number for each in found))
    for each in found:
        say(f"{before}{edition_line(each)}", hang=4)
        print_countersigning(later.get(each.number), indent=4)


def print_countersigning(found: Countersigning | None, indent: int = 0) -> None:
    """Print who agreed to what was published at once, and until when somebody must; nothing for all else."""
    if found is None:
        return
    for name, at in found.given:
        say(f"Published at once, and countersigned by {name} on {moment(at)}", indent=indent, hang=4)
    if found.is_open:
        must = "should have done so" if found.is_late else "must"
        due = f"somebody else {must} by {moment(found.due)}"
        say(f"Published at once, and not countersigned: {due}", indent=indent, hang=4)


def print_pairs(app: Application, pairs: Sequence[Pair]) -> None:
    """Print every field that differs: a table on a terminal, else a line for each field, never cut off."""
    for pair in pairs[:_MOST_SHOWN]:
        record = pair.either
        say(f"{_done(pair)}: {_written(record)}, {name_of(app, record)}, record {base_id(record.id)}", hang=4)
        if is_terminal():
            table(("Field", "Was", "Is"), pair.differences)
            continue
        for field, was, now in pair.differences:
            said = f"{was or 'nothing'} -> {now or 'nothing'}" if pair.was and pair.now else now or was
            say(f"{field}: {said}", indent=4, hang=4)
    if len(pairs) > _MOST_SHOWN:
        say(f"and {len(pairs) - _MOST_SHOWN:,} more")
        hint("All of them: --json")


def edition_line(edition: Edition) -> str:
    """Return who published an edition, when and why, on one line."""
    return f"Edition {edition.number}, {moment(edition.published_at)}, {edition.actor}: {edition.note}"


def edition_shapes(app: Application, found: Sequence[Edition]) -> list[dict[str, Any]]:
    """Return the JSON of editions, with what became of those that were published at once."""
    later = countersignings(app, *(each.number for each in found))
    return [_edition_shape(each, later.get(each.number)) for each in found]


def _edition_shape(edition: Edition, later: Countersigning | None) -> dict[str, Any]:
    return {
        "edition": edition.number,
        "published_at": edition.published_at.isoformat(),
        "by": edition.actor,
        "why": edition.note,
        "countersign_by": later.due.isoformat() if later else None,
        "countersigned": [{"by": name, "at": at.isoformat()} for name, at in later.given] if later else [],
        "is_open_for_countersigning": later.is_open if later else False,
    }


def pair_shape(pair: Pair) -> dict[str, Any]:
    """Return the JSON of a record as it was and as it is."""
    return {
        "record": base_id(pair.either.id),
        "subject": str(subject_of(pair.either)),
        "was": record_shape(pair.was) if pair.was else None,
        "is": record_shape(pair.now) if pair.now else None,
        "differences": [{"field": field, "was": was, "is": now} for field, was, now in pair.differences],
    }


def print_effect(effect: Effect) -> None:
    """Print how many journeys would be judged differently, and the next of them."""
    if not effect.itineraries:
        say(f"Effect: no journey changes its verdict; journeys looked at: {effect.screened:,}.")
    for (was, now), number in effect.counts.items():
        say(f"Effect: {number:,} from {verdict_words(was).en} to {verdict_words(now).en}")
    if effect.rephrased:
        keeps = "keeps its verdict" if effect.rephrased == 1 else "keep their verdict"
        say(f"{effect.rephrased:,} {keeps} for other reasons.")
    if effect.itineraries:
        first = f"; the next departs {day_in_words(effect.departs, 'en')}" if effect.departs else ""
        whom = (
            counted(effect.trips, "trip"),
            counted(effect.people, "person", "people"),
            counted(effect.offices, "office"),
        )
        say(f"{', '.join(whom)}{first}")
    if effect.itineraries or effect.rephrased:
        say(f"{counted(effect.readers, 'person', 'people')} will get a letter.")
    if effect.itineraries:
        rows = [
            (each.trip, each.office, verdict_words(each.was).en, verdict_words(each.now).en)
            for each in effect.listed[:_LISTED]
        ]
        table(("Trip", "Office", "Was", "Is"), rows)


def effect_shape(effect: Effect) -> dict[str, Any]:
    """Return the JSON of an effect; who travels is not in it."""
    return {
        "screened": effect.screened,
        "counts": [
            {"was": was.word, "is": now.word, "itineraries": number}
            for (was, now), number in effect.counts.items()
        ],
        "trips": effect.trips,
        "people": effect.people,
        "offices": effect.offices,
        "rephrased": effect.rephrased,
        "readers": effect.readers,
        "departs": effect.departs.isoformat() if effect.departs else None,
        "listed": [
            {"trip": each.trip, "office": each.office, "was": each.was.word, "is": each.now.word}
            for each in effect.listed
        ],
    }


def _done(pair: Pair) -> str:
    if pair.was is None:
        return "Opened"
    return "Ended" if pair.now is None else "Changed"


def _written(record: Record) -> str:
    kind = "" if record.record == "rating" else f"{record.record} on "
    return f"{kind}{subject_of(record)}"


def moment(at: datetime) -> str:
    """Return a moment as people write it."""
    return f"{day_in_words(at.date(), 'en')} {at:%H:%M} UTC"
