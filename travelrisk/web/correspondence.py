"""What travellers wrote back, and which letters came back: for whoever calls travellers."""

from typing import Final, NamedTuple

from flask import Blueprint
from flask.typing import ResponseReturnValue

from travelrisk.domain.people import Act
from travelrisk.services import inbound
from travelrisk.store.bounces import Returned
from travelrisk.store.notes import Reply
from travelrisk.store.outbox import plain_name
from travelrisk.telling.foreign import visible
from travelrisk.web.access import open_to
from travelrisk.web.focal.pages import page
from travelrisk.web.parts import application
from travelrisk.web.traveller.story import letter_name, quoted

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


@blueprint.get("/replies")
@_open_to_tellers
def everything() -> ResponseReturnValue:
    """List what came back, the newest first."""
    found = inbound.newest(application())
    replies, returned = tuple(map(_quoted, found.replies)), tuple(map(_back, found.returned))
    return page("correspondence/list.html", replies=replies, returned=returned, most=inbound.MOST)


def _quoted(reply: Reply) -> Quoted:
    letter = letter_name(plain_name(reply.letter)) if reply.letter else ""
    return Quoted(reply, visible(reply.author), letter, quoted(reply.text))


def _back(one: Returned) -> Back:
    return Back(one, letter_name(plain_name(one.letter)), visible(one.recipient), visible(one.reply))
