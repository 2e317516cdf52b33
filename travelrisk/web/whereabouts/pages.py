"""The blueprint of these pages, for whom they are, and the question as it stands in an address or a form."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Final, NamedTuple

from flask import Blueprint

from travelrisk.domain.errors import BadInputError
from travelrisk.domain.people import Act, Viewer
from travelrisk.services.application import Application
from travelrisk.services.whereabouts.asking import HOURS, LONGEST, Choice, Question, UnclearError, question
from travelrisk.web import who
from travelrisk.web.access import open_to
from travelrisk.web.focal.faults import Fault

blueprint: Final = Blueprint("whereabouts", __name__)

open_to_unit = open_to(
    Act.SEE_WHEREABOUTS, "a travel unit looks for its own travellers; each look is noted, with its reason"
)
_TYPED: Final = "%Y-%m-%dT%H:%M"
_USUAL_HOURS: Final = 24


class Asked(NamedTuple):
    """A question as it was typed.

    Attributes:
        since: a moment in UTC as browsers write it; empty = now.
    """

    what: str = ""
    since: str = ""
    hours: str = str(_USUAL_HOURS)
    leaving: bool = False
    is_asked: bool = False

    def values(self) -> dict[str, str]:
        """Return what an address or a form needs to ask the same."""
        leaving = {"leaving": "1"} if self.leaving else {}
        return {"what": self.what, "since": self.since, "hours": self.hours, **leaving}


class Unasked(NamedTuple):
    """Why a question cannot be answered, and what may have been meant."""

    fault: Fault
    choices: tuple[Choice, ...] = ()


def viewer() -> Viewer:
    """Return who looks, for the office that they work for."""
    person = who.person()
    return Viewer(person.id, person.unit)


def asked(values: Mapping[str, str]) -> Asked:
    """Return the question of an address or a form."""
    return Asked(
        values.get("what", "").strip()[:LONGEST],
        values.get("since", "").strip()[:20],
        values.get("hours", str(_USUAL_HOURS)).strip()[:5],
        leaving=values.get("leaving") == "1",
        is_asked="what" in values,
    )


def understood(app: Application, wanted: Asked) -> Question | Unasked:
    """Return the question that is meant, or why it is none."""
    try:
        since = datetime.strptime(wanted.since, _TYPED).replace(tzinfo=UTC) if wanted.since else None
    except ValueError:
        return Unasked(Fault("since", "error_whereabouts_since"))
    if wanted.hours not in {str(each) for each in HOURS}:
        return Unasked(Fault("hours", "error_whereabouts_hours"))
    day: date | None = since.date() if since else None
    try:
        return question(app, wanted.what, since, int(wanted.hours), leaving=wanted.leaving, day=day)
    except UnclearError as error:
        return Unasked(Fault("what", "error_whereabouts_unclear"), error.choices)
    except BadInputError:
        return Unasked(Fault("what", "error_whereabouts_unknown"))


def fixed(wanted: Asked, found: Question) -> Asked:
    """Return the same question with its beginning written out, so that it does not move on with the clock.

    Not of a flight that was asked for without its day: a beginning would be taken for that day.
    """
    if found.flight is not None and found.day is None:
        return wanted
    return wanted._replace(since=found.window.since.strftime(_TYPED))


def without_office() -> bool:
    """Say whether whoever looks works for no office, and so sees nobody."""
    return not who.person().unit
