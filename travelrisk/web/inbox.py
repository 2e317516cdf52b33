"""The letters of the demonstration, as they arrived in its inbox; without an inbox there are no such pages.

A letter's HTML is shown in a frame under a policy of its own, which allows its inlined styles and nothing
that runs.
"""

import re
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Flask, Response, abort, make_response, render_template
from flask.typing import ResponseReturnValue

from travelrisk.domain.texts import LANGUAGES, Language
from travelrisk.web.access import open_to_all
from travelrisk.web.languages import register
from travelrisk.web.security import PAGE_POLICY

if TYPE_CHECKING:
    from travelrisk.mail.inbox import Inbox, InboxMessage

_WHY: Final = (
    "the demonstration's letters go to invented people, and the service listens on this machine only"
)
_LETTER_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data: cid: 'self'; frame-ancestors 'self';"
    " sandbox"
)


def open_for(pages: Flask, inbox: "Inbox | None") -> None:
    """Add the pages of the inbox, if there is one."""
    pages.jinja_env.globals["has_inbox"] = inbox is not None
    if inbox is not None:
        register(pages, _blueprint(inbox))


def _blueprint(inbox: "Inbox") -> Blueprint:
    blueprint = Blueprint("inbox", __name__)

    @blueprint.get("/inbox")
    @open_to_all(_WHY)
    def letters() -> ResponseReturnValue:
        newest_first = tuple(reversed(inbox.messages()))
        return render_template("inbox/list.html", messages=newest_first, letter_language=_language_of)

    @blueprint.get("/inbox/<int:number>")
    @open_to_all(_WHY)
    def letter(number: int) -> ResponseReturnValue:
        message = _message(inbox, number)
        page = make_response(
            render_template(
                "inbox/letter.html",
                message=message,
                letter_language=_language_of(message),
                trip=_trip(message),
            )
        )
        page.headers["Content-Security-Policy"] = f"{PAGE_POLICY}; frame-src 'self'"
        return page

    @blueprint.get("/inbox/<int:number>/letter.html")
    @open_to_all(_WHY)
    def letter_html(number: int) -> ResponseReturnValue:
        return _framed(_message(inbox, number).html)

    return blueprint


def _framed(html: str) -> Response:
    page = make_response(html)
    page.headers["Content-Security-Policy"] = _LETTER_POLICY
    page.headers["X-Frame-Options"] = "SAMEORIGIN"
    return page


def _message(inbox: "Inbox", number: int) -> "InboxMessage":
    found = next((message for message in inbox.messages() if message.id == number), None)
    return found or abort(404)


def _trip(message: "InboxMessage") -> str:
    """Return the path of the trip that the letter links to; its frame lets nobody follow links.

    Whatever address the pages had when it was written, the trip is here.
    """
    found = re.search(r"https?://[^\s/]+(/trips/[\w-]+)", message.text, re.ASCII)
    return found[1] if found else ""


def _language_of(message: "InboxMessage") -> Language:
    """Return the language of a letter, English where its header says nothing we know."""
    return next((each for each in LANGUAGES if each == message.language), "en")
