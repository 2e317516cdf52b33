"""The open proposals, whoever made them."""

from typing import NamedTuple

from flask.typing import ResponseReturnValue

from travelrisk.domain.airspaces import Airspace
from travelrisk.domain.proposals import Proposal, Status
from travelrisk.domain.ratings import subject_of
from travelrisk.services.application import Application
from travelrisk.services.desk import lookups
from travelrisk.services.naming import name_of, name_of_record
from travelrisk.services.proposals.standing import lapsed
from travelrisk.store.database import reading
from travelrisk.telling.foreign import visible
from travelrisk.web.focal.entries import reasons_of
from travelrisk.web.focal.pages import changes, open_to_desk, own_name, page
from travelrisk.web.languages import language
from travelrisk.web.parts import application


class Line(NamedTuple):
    """A proposal in the list; *names* are those of its subjects, *status* is the key of a word."""

    proposal: Proposal
    status: str
    names: tuple[str, ...]
    reason: str
    author: str


@changes.get("/changes")
@open_to_desk
def everything() -> ResponseReturnValue:
    """List what is on its way, the one that waited longest first."""
    app = application()
    names, found = lookups.names(app), lookups.open_proposals(app)
    stale = lapsed(app, *found)
    lines = [
        Line(
            each,
            status_of(each, has_lapsed=each.reference in stale),
            names_in(app, each),
            visible(reasons_of(each.content).why),
            own_name(names, each.author),
        )
        for each in found
    ]
    return page("focal/changes.html", lines=lines)


def status_of(proposal: Proposal, *, has_lapsed: bool) -> str:
    """Return the key of the word for how a change stands; signatures that lapsed make it no signed one."""
    is_stale = has_lapsed and proposal.status is Status.SIGNED
    return "status_lapsed" if is_stale else "status_" + proposal.status.value


def names_in(app: Application, proposal: Proposal) -> tuple[str, ...]:
    """Return what a proposal is about; an airspace that it draws is called as it is called there."""
    with reading(app.engine) as c:
        subjects = lookups.subjects_in(c, proposal)
    drawn = {subject_of(each): each for each in proposal.content.wanted if isinstance(each, Airspace)}
    return tuple(
        name_of_record(app, drawn[each], language()) if each in drawn else name_of(app, each, language())
        for each in subjects
    )
