"""What differs between two editions, and the editions themselves, the newest first."""

from typing import Final

from flask import request
from flask.typing import ResponseReturnValue

from travelrisk.domain.errors import BadInputError, NotFoundError
from travelrisk.services.application import Application
from travelrisk.services.desk import history as past
from travelrisk.services.desk.history import Compared
from travelrisk.web.focal.faults import Fault
from travelrisk.web.focal.pages import UNUSABLE, open_to_desk, page
from travelrisk.web.focal.told import pair_told
from travelrisk.web.history.pages import editions_told, history
from travelrisk.web.parts import application
from travelrisk.web.ratings.listing import page_of

_ON_A_PAGE: Final = 50
_LONGEST: Final = 9  # digits of the number of an edition


@history.get("/history/differences")
@open_to_desk
def differences() -> ResponseReturnValue:
    """Show what differs between two editions; without any, list the editions."""
    app, asked = application(), {name: request.args.get(name, "").strip() for name in ("first", "last")}
    found, faults = _compared(app, asked["first"], asked["last"]) if any(asked.values()) else (None, [])
    number = request.args.get("page", 1, type=int)
    editions = found.editions[::-1] if found else past.editions(app)
    changed = page_of(found.pairs if found else (), number, _ON_A_PAGE)
    listed = page_of(editions, number, len(editions) if found else _ON_A_PAGE)
    return page(
        "history/differences.html",
        UNUSABLE if faults else 200,
        faults,
        asked={name: text[:_LONGEST] for name, text in asked.items()},
        is_compared=found is not None,
        part=changed if found else listed,
        editions=editions_told(listed.rows),
        pairs=[pair_told(each) for each in changed.rows],
    )


def _compared(app: Application, first: str, last: str) -> tuple[Compared | None, list[Fault]]:
    numbers = {name: _number(text) for name, text in (("first", first), ("last", last))}
    faults = [Fault(name, "error_edition") for name, number in numbers.items() if number is None]
    older, newer = numbers["first"], numbers["last"]
    if older is None or newer is None:
        return None, faults
    try:
        return past.compare(app, older, newer), []
    except BadInputError:
        return None, [Fault("first", "error_older_first")]
    except NotFoundError:
        return None, [Fault("last", "error_edition")]


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST else None
