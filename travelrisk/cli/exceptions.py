"""``travelrisk exceptions``: ask for one, decide on it, end it, and look at all of them, at a terminal.

Whoever can start the program can read everything; to act as somebody takes that person's own password.
"""

from datetime import date, datetime
from typing import Any, Final, get_args

import click

from travelrisk.cli.acting import as_somebody, somebody
from travelrisk.cli.console import print_json, say, table
from travelrisk.cli.exception_words import cells, entry_shape, print_story, tell
from travelrisk.cli.opening import opened
from travelrisk.cli.options import Command, Commands, agreed, as_json, looked_before, quiet
from travelrisk.domain.authorisations import AuthorisationKind, Criticality
from travelrisk.domain.changes import base_id
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.proposals import Status
from travelrisk.domain.texts import Texts
from travelrisk.screening.case import Span
from travelrisk.services.application import Application
from travelrisk.services.exceptions import asking, deciding, ledger
from travelrisk.services.exceptions.alternatives import Alternative, seen_on
from travelrisk.services.exceptions.ledger import State, Story
from travelrisk.services.exceptions.offering import Offer, for_reference
from travelrisk.services.exceptions.requests import Request, carriers_meant
from travelrisk.services.proposals import drafting
from travelrisk.services.proposals.signing import Seen
from travelrisk.services.proposals.standing import standing

_DAY: Final = click.DateTime(["%Y-%m-%d"])
_LEVELS: Final = click.Choice([each for each in get_args(Criticality) if each])


def _as_somebody(command: Command) -> Command:
    return as_somebody(as_json("Print the exception as one JSON object.")(quiet(command)))


@click.group(cls=Commands)
def exceptions() -> None:
    """Ask for exceptions, decide on them, and look at them.

    An exception lets one carrier be used for one trip, or by one office, until its last day. Somebody asks
    for it (request), and an approver who is somebody else decides (approve, refuse). Once granted, it holds
    from the next check on.

    EXCEPTION is the reference of the request (CH-...), or the id of the record that an answer names; list
    shows them.
    """


@exceptions.command("list")
@click.option("--state", type=click.Choice([each.value for each in State]), help="Only those in this state.")
@as_json("Print a JSON array of the exceptions.")
@quiet
def list_(*, state: str | None, as_json: bool) -> None:
    """List the exceptions, those that wait for a decision first."""
    with opened() as app:
        found = [each for each in ledger.everything(app) if state in {None, each.state.value}]
        rows = [cells(app, each) for each in found]
    if as_json:
        print_json([entry_shape(each) for each in found])
    elif found:
        table(("Exception", "Carrier", "For", "Route", "Until", "State", "Asked for by"), rows)
    else:
        say("No exception fits." if state else "There are no exceptions.")


@exceptions.command("show")
@click.argument("key", metavar="EXCEPTION")
@as_json("Print the exception as one JSON object.")
@quiet
def show(*, key: str, as_json: bool) -> None:
    """Show an exception: its scope and grounds, what it lifts, its effect, and what happened to it."""
    with opened() as app:
        tell(app, key, as_json=as_json)


@exceptions.command("request")
@click.option(
    "--trip", default="", metavar="TR-...", help="For this one trip; carrier, route and days come from it."
)
@click.option("--office", default="", metavar="NAME", help="Instead: for all trips of this office.")
@click.option(
    "--carrier",
    default="",
    metavar="CARRIER",
    help="Who operates: a code such as ET or ETH, or the full name.",
)
@click.option("--route", default="", metavar="FRA-ADD", help="Two airports, for both directions.")
@click.option("--from", "first", type=_DAY, metavar="YYYY-MM-DD", help="First day of flights.")
@click.option(
    "--until", "last", type=_DAY, metavar="YYYY-MM-DD", help="Last day of flights; it then ends by itself."
)
@click.option("--need", required=True, help="Why this journey is needed.")
@click.option(
    "--alternatives",
    default="",
    help="What else was looked for. If not given: who else flies there by itineraries on record.",
)
@click.option("--mitigation", required=True, help="What makes up for the risk.")
@click.option("--condition", required=True, help="Under which conditions, in English: travellers read it.")
@click.option("--condition-fr", default="", help="The same in French.")
@click.option("--condition-es", default="", help="The same in Spanish.")
@click.option(
    "--concentration", is_flag=True, help="For too many of our people on its flight; only with --trip."
)
@click.option("--people", type=click.IntRange(min=1), help="How many at most; without it, as many as now.")
@click.option("--criticality", type=_LEVELS, help="Of the programme; security sets it.")
@click.option("--draft", is_flag=True, help="Keep it as a draft, and ask nobody to decide yet.")
@_as_somebody
def request(*, draft: bool, email: str, password_stdin: bool, as_json: bool, **given: Any) -> None:  # noqa: ANN401 - the options above
    """Ask for an exception, for one trip or for the trips of one office.

    For a trip that was judged, carrier, route and days come from it; for an office they are given here.
    """
    if bool(given["trip"]) == bool(given["office"]):
        raise click.UsageError("say for what: one trip with --trip TR-..., or one office with --office NAME")
    if given["concentration"] and not given["trip"]:
        raise click.UsageError("--concentration is for one trip: give it with --trip TR-...")
    with opened() as app:
        person = somebody(app, email=email, password_stdin=password_stdin)
        made = asking.draft(app, person.id, _request(app, **given))
        if not draft:
            made = drafting.propose(app, person.id, made.reference)
        if not as_json:
            say(f"{'Kept as a draft' if draft else 'Sent'}: {made.reference}")
        tell(app, made.reference, as_json=as_json)


@exceptions.command("approve")
@click.argument("key", metavar="EXCEPTION")
@click.option("--note", default="", help="What you want to have said.")
@click.option("--yes", is_flag=True, help="Do it without showing it and asking first.")
@_as_somebody
def approve(  # noqa: PLR0913 - one for each option, all named
    *, key: str, note: str, yes: bool, email: str, password_stdin: bool, as_json: bool
) -> None:
    """Approve a request of somebody else, after a look at it; the last approval puts it in force."""
    looked_before(as_json=as_json, yes=yes, show="exceptions show")
    with opened() as app:
        person = somebody(app, email=email, password_stdin=password_stdin)
        found = ledger.story(app, person.id, key)
        now = standing(app, _reference(found))
        if not yes:
            print_story(app, found)
            agreed(f"\nApprove {found.entry.key} as {person.name}?", "nothing was decided")
        # Bound to what was just shown: if it has changed meanwhile, the service refuses.
        seen = Seen(now.proposal.content_sha256, now.weighed.edition)
        done = deciding.approve(app, person.id, now.proposal.reference, seen, note=note)
        if not as_json:
            is_whole = done.status is Status.PUBLISHED
            say(f"In force with edition {done.edition}" if is_whole else "Noted: others must approve it too")
        tell(app, done.reference, as_json=as_json)


@exceptions.command("refuse")
@click.argument("key", metavar="EXCEPTION")
@click.option("--note", required=True, help="Why; whoever asked reads it.")
@_as_somebody
def refuse(*, key: str, note: str, email: str, password_stdin: bool, as_json: bool) -> None:
    """Refuse a request of somebody else; whoever asked may ask anew on other grounds."""
    with opened() as app:
        person = somebody(app, email=email, password_stdin=password_stdin)
        reference = _reference(ledger.story(app, person.id, key))
        deciding.refuse(app, person.id, reference, note=note)
        tell(app, reference, as_json=as_json)


@exceptions.command("end")
@click.argument("key", metavar="EXCEPTION")
@click.option("--note", required=True, help="Why; whoever asked reads it.")
@_as_somebody
def end(*, key: str, note: str, email: str, password_stdin: bool, as_json: bool) -> None:
    """End an exception before its last day; a second person countersigns it afterwards."""
    with opened() as app:
        person = somebody(app, email=email, password_stdin=password_stdin)
        record = ledger.story(app, person.id, key).entry.record
        deciding.end(app, person.id, base_id(record.id), note=note)
        tell(app, key, as_json=as_json)


def _request(app: Application, **given: Any) -> Request:  # noqa: ANN401 - the options of request
    for_trip = AuthorisationKind.CONCENTRATION if given["concentration"] else AuthorisationKind.AD_HOC
    offer = _offer(app, given["trip"], given["carrier"], for_trip) if given["trip"] else None
    first, last = _day(given["first"]), _day(given["last"])
    if offer is not None:
        first, last = first or offer.span.first, last or offer.span.last
    carrier = given["carrier"] or (offer.carrier if offer else "")
    route = given["route"] or (offer.route if offer else "")
    tried = given["alternatives"]
    if not tried and route and first and last:
        icao = next((each.icao for each in carriers_meant(app, carrier)), "")
        tried = _alternatives_words(route, seen_on(app, route, Span(first, last), icao))
    return Request(
        kind=for_trip if given["trip"] else AuthorisationKind.BLANKET,
        carrier=carrier,
        first=first,
        last=last,
        need=given["need"],
        alternatives_tried=tried,
        mitigation=given["mitigation"],
        conditions=Texts(given["condition"], given["condition_fr"], given["condition_es"]),
        trip=given["trip"],
        office=given["office"],
        route=route,
        criticality=given["criticality"] or "",
        people=given["people"] or (offer.people if offer else 0),
    )


def _offer(app: Application, trip: str, carrier: str, kind: AuthorisationKind) -> Offer | None:
    """Return what can be asked for a trip; where several carriers stand in its way, somebody must choose."""
    offers = tuple(each for each in for_reference(app, trip).offers if each.kind is kind)
    if not carrier:
        if len(offers) > 1:
            names = ", ".join(each.carrier for each in offers)
            raise BadInputError(
                f"several carriers of {trip} stand in its way: choose one with --carrier: {names}"
            )
        return offers[0] if offers else None
    meant = {each.icao for each in carriers_meant(app, carrier)}
    return next((each for each in offers if each.carrier in meant), None)


def _alternatives_words(route: str, seen: tuple[Alternative, ...]) -> str:
    if not seen:
        return f"No other carrier that needs no exception was seen on {route} in itineraries."
    names = "; ".join(f"{each.carrier.name} ({each.carrier.code})" for each in seen)
    return f"Seen on {route} in itineraries, which is not an assessment of availability: {names}."


def _reference(found: Story) -> str:
    if found.entry.request is None:
        raise BadInputError(
            f"{found.entry.key} came out of a file: there is nothing to decide, it can be ended"
        )
    return found.entry.request.reference


def _day(given: datetime | None) -> date | None:
    return given.date() if given else None
