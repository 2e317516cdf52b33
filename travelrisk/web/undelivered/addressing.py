"""An address for a trip whose booking has none: a short form, what it will do, and then it is done.

What is typed goes from the form to the preview and back in hidden fields, so that it works without a script.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from flask import request
from flask.typing import ResponseReturnValue

from travelrisk.domain.errors import BadInputError, ErasedError
from travelrisk.domain.texts import LANGUAGES, Language
from travelrisk.services.privacy.looking import Purpose
from travelrisk.services.trips import addressing as services
from travelrisk.services.trips.addressing import Hindrance, Seen, Wanted
from travelrisk.telling.foreign import visible
from travelrisk.web import who
from travelrisk.web.desk.pages import done
from travelrisk.web.focal.faults import Fault
from travelrisk.web.focal.pages import MOVED, OK, UNUSABLE, page
from travelrisk.web.languages import NAMES
from travelrisk.web.parts import application
from travelrisk.web.undelivered.pages import blueprint, open_to_tellers

_LONGEST: Final = 320


class Lacking(NamedTuple):
    """A trip as its form shows it.

    Attributes:
        reference: of the trip. contact: the address that it has; empty = none that can be used.
        hindrance: why it is given none; empty = it may be.
        travellers: among whom one is chosen; none where there is no choice.
        tongues: the languages of letters, by name. tongue: the one that is chosen at first.
    """

    reference: str
    contact: str
    hindrance: str
    was_given: bool
    travellers: tuple[str, ...]
    tongues: dict[Language, str]
    tongue: Language


def lacking(reference: str) -> Lacking | None:
    """Return the form of a trip, for the pages on which it stands, which show the trip anyway.

    One that was erased has none: nobody is written to about it.
    """
    try:
        return _told(services.seen(application(), reference, who.office()))
    except ErasedError:
        return None


@blueprint.route("/undelivered/<reference>/address", methods=["GET", "POST"])
@open_to_tellers
def address(reference: str) -> ResponseReturnValue:
    """Ask for an address, show what will happen, and give it."""
    seen = _looked_at(reference)
    if request.method == "GET" or request.form.get("act") == "edit":
        return _form(seen)
    if seen.hindrance is not None:
        return _form(seen, MOVED)
    faults = tuple(_faults(seen))
    if faults:
        return _form(seen, UNUSABLE, *faults)
    if request.form.get("act") == "confirm":
        return _given(seen)
    wanted = _wanted(seen)
    plain = services.plain_address(wanted.contact)
    return page(
        "undelivered/preview.html", seen=seen, wanted=wanted, address=plain, tongue=NAMES[wanted.language]
    )


def _given(seen: Seen) -> ResponseReturnValue:
    before, sent = seen, request.form.get("before", "")
    if sent != str(seen.itinerary_id):
        before = seen._replace(itinerary_id=0)  # no version has this number: what was looked at is not there
    hindrance = services.give(application(), before, _wanted(seen), who.person().id)
    if hindrance is None:
        return done("correspondence.trip", "done_addressed", reference=seen.trip.reference)
    faults = [Fault("address", "address_not_moved")] if hindrance is Hindrance.MOVED else []
    return _form(_looked_at(seen.trip.reference), MOVED, *faults)


def _looked_at(reference: str) -> Seen:
    seen = services.seen(application(), reference, who.office())
    who.shown(Purpose.DESK, {seen.trip.id})
    return seen


def _form(seen: Seen, status: int = OK, *faults: Fault) -> ResponseReturnValue:
    typed = _typed() if request.method == "POST" else {}
    return page("undelivered/address.html", status, faults, lacking=_told(seen), typed=typed)


def _told(seen: Seen) -> Lacking:
    trip = seen.trip
    has_one = seen.was_given or seen.hindrance is Hindrance.HAS_ONE
    return Lacking(
        trip.reference,
        visible(trip.contact) if has_one else "",
        seen.hindrance.value if seen.hindrance else "",
        seen.was_given,
        seen.travellers,
        {each: NAMES[each] for each in LANGUAGES},
        trip.language,
    )


def _typed() -> dict[str, str]:
    names = ("address", "traveller", "tongue")
    return {name: " ".join(request.form.get(name, "").split())[:_LONGEST] for name in names}


def _faults(seen: Seen) -> Iterator[Fault]:
    typed = _typed()
    try:
        services.plain_address(typed["address"])
    except BadInputError:
        yield Fault("address", "error_email")
    if seen.travellers and typed["traveller"] not in seen.travellers:
        yield Fault("traveller", "error_which_traveller")


def _wanted(seen: Seen) -> Wanted:
    typed = _typed()
    language = next((each for each in LANGUAGES if each == typed["tongue"]), seen.trip.language)
    traveller = typed["traveller"] if typed["traveller"] in seen.travellers else ""
    return Wanted(typed["address"], language, traveller)
