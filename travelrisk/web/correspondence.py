"""What travellers wrote back, which letters came back, and one once more: for whoever calls travellers."""

from typing import Final, NamedTuple

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from travelrisk.domain.errors import BadInputError
from travelrisk.domain.people import Act
from travelrisk.mail.prefacing import LONGEST, Preface, preface
from travelrisk.services.letters import correspondence as services
from travelrisk.services.letters import inbound
from travelrisk.services.letters.correspondence import Repeat, Sent
from travelrisk.services.privacy.looking import Purpose
from travelrisk.store.bounces import Returned
from travelrisk.store.notes import Reply
from travelrisk.store.outbox import plain_name
from travelrisk.telling.foreign import visible
from travelrisk.web import who
from travelrisk.web.access import open_to
from travelrisk.web.desk.pages import done
from travelrisk.web.focal.faults import Fault
from travelrisk.web.focal.pages import MOVED, UNUSABLE, page
from travelrisk.web.languages import NAMES
from travelrisk.web.parts import application
from travelrisk.web.traveller.story import letter_name, quoted
from travelrisk.web.undelivered.addressing import lacking

blueprint = Blueprint("correspondence", __name__)

_open_to_tellers: Final = open_to(
    Act.TELL_TRAVELLERS, "whoever calls travellers reads what they wrote, and nobody else needs to"
)


class Quoted(NamedTuple):
    """A reply as the page shows it; *letter* is what it answers, empty = not known."""

    reply: Reply
    author: str
    letter: str
    words: str


class Back(NamedTuple):
    """A letter that came back, as the page shows it."""

    returned: Returned
    letter: str
    recipient: str
    reply: str


class Written(NamedTuple):
    """A letter of a trip, as the page shows it."""

    sent: Sent
    name: str
    is_repeated: bool
    language: str
    recipient: str


@blueprint.get("/replies")
@_open_to_tellers
def everything() -> ResponseReturnValue:
    """List what came back, the newest first."""
    found = inbound.newest(application(), who.office())
    told = {each.trip_id for each in found.replies} | {each.trip_id for each in found.returned}
    who.shown(Purpose.DESK, told)
    replies, returned = tuple(map(_quoted, found.replies)), tuple(map(_back, found.returned))
    return page("correspondence/list.html", replies=replies, returned=returned, most=inbound.MOST)


def _quoted(reply: Reply) -> Quoted:
    letter = letter_name(plain_name(reply.letter)) if reply.letter else ""
    return Quoted(reply, visible(reply.author), letter, quoted(reply.text))


def _back(one: Returned) -> Back:
    return Back(one, letter_name(plain_name(one.letter)), visible(one.recipient), visible(one.reply))


@blueprint.get("/replies/<reference>")
@_open_to_tellers
def trip(reference: str) -> ResponseReturnValue:
    """Show the letters of a trip, and what came back about them."""
    return _shown(reference)


@blueprint.post("/replies/<reference>/preview")
@_open_to_tellers
def preview(reference: str) -> ResponseReturnValue:
    """Show the letter as it would be sent again, with the preface; nothing is sent."""
    asked = _asked(reference)
    if isinstance(asked, Fault):
        return _shown(reference, UNUSABLE, asked)
    shown = services.preview_of(application(), *asked)
    words = asked.before.text if asked.before else ""
    tongue = services.of_trip(application(), reference, who.office()).trip.language
    return page("correspondence/preview.html", wanted=asked.wanted, shown=shown, words=words, tongue=tongue)


@blueprint.post("/replies/<reference>/again")
@_open_to_tellers
def again(reference: str) -> ResponseReturnValue:
    """Send the letter again that was looked at."""
    asked = _asked(reference)
    if isinstance(asked, Fault):
        return _shown(reference, UNUSABLE, asked)
    wanted, before = asked
    if request.form.get("letter") != str(wanted.letter_id):
        return _shown(reference, MOVED, Fault("letters", "error_newer_letter"))
    try:
        services.repeat(application(), [wanted], who.person().id, before)
    except BadInputError:  # judged anew, or sent by somebody else, in this very moment
        return _shown(reference, MOVED, Fault("letters", "error_newer_letter"))
    return done("correspondence.trip", "done_sent_again", reference=wanted.reference)


class _Asked(NamedTuple):
    wanted: Repeat
    before: Preface | None


def _asked(reference: str) -> _Asked | Fault:
    """Return what is to be sent, and the words before it; or what is in the way."""
    try:
        before = preface(who.person().name, request.form.get("preface", ""))
    except BadInputError:
        return Fault("preface", "error_preface")
    try:
        (wanted,) = services.repeatable(application(), [reference], office=who.office())
    except BadInputError:
        return Fault("letters", "error_not_again")
    return _Asked(wanted, before)


def _shown(reference: str, status: int = 200, *faults: Fault) -> ResponseReturnValue:
    app = application()
    found = services.of_trip(app, reference, who.office())
    who.shown(Purpose.DESK, {found.trip.id})
    return page(
        "correspondence/trip.html",
        status,
        faults,
        trip=found.trip,
        lacking=lacking(found.trip.reference),
        letters=[_letter(each) for each in reversed(found.letters)],
        replies=[_quoted(each) for each in reversed(found.replies)],
        questions=[(name, each.at, quoted(each.text)) for name, each in reversed(found.questions)],
        wanted=found.again,
        words=request.form.get("preface", "")[: 2 * LONGEST],
        longest=LONGEST,
    )


def _letter(sent: Sent) -> Written:
    letter = sent.letter
    name = letter_name(plain_name(letter.letter))
    return Written(sent, name, "." in letter.letter, NAMES[letter.language], visible(letter.recipient))
