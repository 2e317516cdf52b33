"""What was published since whoever asks last looked; looking at the page is not yet having seen it."""

from typing import Final

from flask import abort, request
from flask.typing import ResponseReturnValue

from travelrisk.services.desk import history as past
from travelrisk.web import who
from travelrisk.web.desk.pages import done
from travelrisk.web.focal.pages import open_to_desk, page
from travelrisk.web.history.pages import all_told, history
from travelrisk.web.parts import application

_MOST: Final = 20  # editions on the page, the newest ones


@history.get("/history/news")
@open_to_desk
def news() -> ResponseReturnValue:
    """Show what is new to whoever asks, the newest first."""
    found = past.news(application(), who.person().id)
    return page(
        "history/news.html",
        editions=all_told(reversed(found[-_MOST:])),
        more=max(0, len(found) - _MOST),
        oldest=found[0].edition.number - 1 if found else 0,
        newest=found[-1].edition.number if found else 0,
    )


@history.post("/history/seen")
@open_to_desk
def seen() -> ResponseReturnValue:
    """Keep that everything up to the edition on the page has been seen."""
    app, me, number = application(), who.person().id, request.form.get("edition", 0, type=int)
    found = next((each.edition for each in past.news(app, me) if each.edition.number == number), None)
    if found is None and number not in {each.number for each in past.editions(app)}:
        abort(404)
    if found is not None:  # what an older page of another tab says was seen already
        past.looked(app, me, found)
    return done("history.news", "done_seen")
