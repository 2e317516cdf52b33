"""Asking for an exception: one form, filled with what is known of the trip, that becomes a draft."""

from flask import Response, request
from flask.typing import ResponseReturnValue

from travelrisk.domain.errors import BadInputError, ChangedMeanwhileError
from travelrisk.domain.people import Act
from travelrisk.domain.proposals import Move, Proposal, moves_from
from travelrisk.screening.case import Span
from travelrisk.services.exceptions import asking, ledger
from travelrisk.services.exceptions.alternatives import seen_on, ways_of_trip
from travelrisk.services.exceptions.asking import UnfitRequestError
from travelrisk.services.exceptions.offering import Offered, for_reference, for_token
from travelrisk.services.exceptions.requests import Request, request_of
from travelrisk.store.offices import is_reference
from travelrisk.web import who
from travelrisk.web.desk.pages import done
from travelrisk.web.exceptions.entries import (
    Entry,
    alternatives_text,
    entry_of,
    fault_at,
    offered,
    request_from,
    typed,
)
from travelrisk.web.exceptions.pages import (
    blueprint,
    carrier_name,
    criticality_words,
    kind_words,
    open_to_askers,
)
from travelrisk.web.exceptions.showing import shown
from travelrisk.web.focal.faults import Fault, fault_of
from travelrisk.web.focal.pages import MOVED, REFUSED, UNUSABLE, page
from travelrisk.web.languages import here
from travelrisk.web.parts import application


@blueprint.route("/exceptions/new", methods=["GET", "POST"])
@open_to_askers
def new() -> ResponseReturnValue:
    """Show the form, filled for the trip whose page leads here, or keep what was typed as a draft."""
    trip = _trip_named(request.args.get("trip", ""))
    if request.method == "POST":
        return _taken(typed(request.form), None, trip)
    return _form(_filled(trip), None, trip)


@blueprint.route("/exceptions/<key>/edit", methods=["GET", "POST"])
@open_to_askers
def edit(key: str) -> ResponseReturnValue:
    """Write one's own request anew; whoever signed it has signed another one."""
    entry = ledger.story(application(), who.person().id, key).entry
    if entry.request is None or entry.request.author != who.person().id:
        return shown(key, REFUSED, Fault("acts", "error_not_yours"))
    if Move.EDIT not in moves_from(entry.request.status):
        return shown(key, MOVED, Fault("acts", "error_not_editable"))
    if request.method == "GET":
        return _form(entry_of(request_of(entry.record)), entry.request)
    return _taken(typed(request.form), entry.request)


def _trip_named(name: str) -> Offered | None:
    """Return the trip that an address names: by its token, or its reference from the desk of its office."""
    if not name:
        return None
    if is_reference(name):
        return for_reference(application(), name, who.office())
    return for_token(application(), name)


def _nameable(asked: Request, trip: Offered | None) -> str | None:
    """Return of which office whoever asks may name trips: a travel unit those of its own, or that it holds.

    A traveller knows the reference from a letter, and learns nothing by naming it.
    """
    holds = trip is not None and trip.reference == asked.trip.strip().upper()
    return who.office() if who.able(Act.SEE_TRIPS) and not holds else None


def _filled(trip: Offered | None) -> Entry:
    """Fill the form with what the trip or the address says; alternatives are what itineraries have shown."""
    wanted = typed(request.args)
    if trip is None:
        asked = request_from(wanted)
        if asked.carrier and asked.first and asked.last:
            span = Span(asked.first, asked.last)
            seen = seen_on(application(), asked.route, span, asked.carrier)
            return {**wanted, "alternatives_tried": alternatives_text(asked.route, seen)}
        return wanted
    same = [each for each in trip.offers if each.carrier == wanted["carrier"]]
    offer = next((each for each in same if each.kind.value == wanted["kind"]), next(iter(same), None))
    offer = offer or next(iter(trip.offers), None)
    seen = seen_on(application(), offer.route, offer.span, offer.carrier) if offer else ()
    ways = ways_of_trip(application(), trip.reference) if offer else ()
    return offered(trip.reference, offer, seen, ways)


def _taken(entry: Entry, proposal: Proposal | None, trip: Offered | None = None) -> ResponseReturnValue:
    app, me, asked = application(), who.person().id, request_from(entry)
    try:
        if proposal is None:
            kept = asking.draft(app, me, asked, _nameable(asked, trip))
        else:
            version = request.form.get("version", "")
            looked_at = int(version) if version.isdecimal() else -1
            office = _nameable(asked, trip)
            kept = asking.edit(app, me, proposal, asked, version=looked_at, office=office)
    except UnfitRequestError as error:
        return _form(entry, proposal, trip, UNUSABLE, *map(fault_at, error.problems))
    except ChangedMeanwhileError:
        return _form(entry, proposal, trip, MOVED, Fault("need", "error_moved"))
    except BadInputError as error:
        return _form(entry, proposal, trip, UNUSABLE, fault_of(error, "need"))
    return done("exceptions.one", "done_exception_draft", key=kept.reference)


def _form(
    entry: Entry, proposal: Proposal | None, trip: Offered | None = None, status: int = 200, *faults: Fault
) -> Response:
    shown = (entry["carrier"], entry["kind"])
    others = [each for each in trip.offers if (each.carrier, each.kind.value) != shown] if trip else []
    return page(
        "exceptions/form.html",
        status,
        faults,
        entry=entry,
        proposal=proposal,
        address=here("exceptions.edit", key=proposal.reference)
        if proposal
        else here("exceptions.new", **request.args.to_dict()),
        others=[(carrier_name(each.carrier), each.carrier, each.kind.value) for each in others],
        token=request.args.get("trip", ""),
        name=carrier_name(entry["carrier"]),
        is_offered=trip is not None and bool(trip.offers),
        kinds=kind_words(),
        criticalities=criticality_words(),
    )
