"""The form that asks for an exception: as it was typed, as it is offered for a trip, and its faults."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from werkzeug.datastructures import MultiDict

from travelrisk.domain.authorisations import AuthorisationKind
from travelrisk.domain.texts import LANGUAGES, Texts
from travelrisk.screening.alternatives import Ways
from travelrisk.services.exceptions.alternatives import Alternative
from travelrisk.services.exceptions.offering import Offer
from travelrisk.services.exceptions.requests import CRITICALITIES, Problem, Request
from travelrisk.telling.ways import ways_told
from travelrisk.web.focal.faults import Fault
from travelrisk.web.languages import language, verdict_label
from travelrisk.web.parts import application
from travelrisk.web.words import speaker

Entry = Mapping[str, str]
"""What stands in the form, by the name of the field."""

FIELDS: Final = (
    *("kind", "carrier", "trip", "office", "route", "valid_from", "valid_until", "need"),
    *("alternatives_tried", "mitigation", "criticality", "people"),
    *(f"conditions_{each}" for each in LANGUAGES),
)
_DIGITS: Final = 4
_LONGEST: Final = 4000  # far more than any field takes, so that what is too long is told and not cut


def typed(form: MultiDict[str, str]) -> Entry:
    """Take what was typed, or what an address carries, out of a form."""
    return {name: form.get(name, "")[:_LONGEST].strip() for name in FIELDS}


def request_from(entry: Entry) -> Request:
    """Return the request that was typed; a day that cannot be read is none."""
    kinds = set(AuthorisationKind)
    level = entry["criticality"] if entry["criticality"] in CRITICALITIES else ""
    return Request(
        kind=AuthorisationKind(entry["kind"]) if entry["kind"] in kinds else AuthorisationKind.AD_HOC,
        carrier=entry["carrier"],
        first=_day(entry["valid_from"]),
        last=_day(entry["valid_until"]),
        need=entry["need"],
        alternatives_tried=entry["alternatives_tried"],
        mitigation=entry["mitigation"],
        conditions=Texts(*(entry[f"conditions_{each}"] for each in LANGUAGES)),
        trip=entry["trip"],
        office=entry["office"],
        route=entry["route"],
        criticality=level,
        people=_number(entry["people"]),
    )


def entry_of(asked: Request) -> Entry:
    """Return a request as the form shows it."""
    conditions = {f"conditions_{each}": getattr(asked.conditions, each) for each in LANGUAGES}
    return conditions | {
        "kind": asked.kind.value,
        "carrier": asked.carrier,
        "trip": asked.trip,
        "office": asked.office,
        "route": asked.route,
        "valid_from": asked.first.isoformat() if asked.first else "",
        "valid_until": asked.last.isoformat() if asked.last else "",
        "need": asked.need,
        "alternatives_tried": asked.alternatives_tried,
        "mitigation": asked.mitigation,
        "criticality": asked.criticality,
        "people": str(asked.people or ""),
    }


def offered(
    reference: str, offer: Offer | None, seen: tuple[Alternative, ...], ways: tuple[Ways, ...] = ()
) -> Entry:
    """Return the form for a trip, filled with all that is known of it."""
    blank = dict.fromkeys(FIELDS, "") | {"kind": AuthorisationKind.AD_HOC.value, "trip": reference}
    if offer is None:
        return blank
    known = (alternatives_text(offer.route, seen), *ways_text(ways))
    return blank | {
        "kind": offer.kind.value,
        "carrier": offer.carrier,
        "people": str(offer.people or ""),
        "route": offer.route,
        "valid_from": offer.span.first.isoformat(),
        "valid_until": offer.span.last.isoformat(),
        "alternatives_tried": "\n".join(filter(None, known)),
    }


def ways_text(ways: tuple[Ways, ...]) -> Iterator[str]:
    """Say which ways are judged better, one part a line, as what they are."""
    say = speaker(language())
    for part in ways_told(ways, application().policy.policy.rerouting, language()).parts:
        told = (*part.others, *part.unhas)
        names = (
            say("exception_way", path=each.path, carriers=each.carriers, verdict=each.label.lower())
            for each in told
        )
        yield say("exception_ways", instead=part.instead, names="; ".join(names))


def alternatives_text(route: str, seen: tuple[Alternative, ...]) -> str:
    """Say which carriers were seen on a pair, as what it is; the person writes on from there."""
    say = speaker(language())
    if not route:
        return ""
    if not seen:
        return say("exception_seen_nobody", route=route)
    names = "; ".join(f"{each.carrier.name} ({each.carrier.code})" for each in seen)
    return say("exception_seen", route=route, names=names)


def seen_words(each: Alternative) -> str:
    """Say one carrier that was seen, with what it would be told."""
    say = speaker(language())
    name = f"{each.carrier.name} ({each.carrier.code})"
    return say("exception_seen_one", name=name, verdict=verdict_label(each.verdict), count=each.itineraries)


def fault_at(problem: Problem) -> Fault:
    """Return what is wrong with a field, in words for the page."""
    return Fault(problem.field, "request_wrong_" + problem.key, problem.slots)


def _number(text: str) -> int:
    """Return a number of people; 0 where none was given that can be used."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS else 0


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
