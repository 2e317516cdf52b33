"""The open proposals, whoever made them."""

from typing import NamedTuple

from flask.typing import ResponseReturnValue

from travelrisk.domain.proposals import Proposal
from travelrisk.services import desk
from travelrisk.services.application import Application
from travelrisk.services.naming import name_of
from travelrisk.store.database import reading
from travelrisk.telling.foreign import visible
from travelrisk.web.focal.entries import reasons_of
from travelrisk.web.focal.pages import changes, open_to_desk, own_name, page
from travelrisk.web.languages import language
from travelrisk.web.parts import application


class Line(NamedTuple):
    """A proposal in the list; *names* are those of its subjects."""

    proposal: Proposal
    names: tuple[str, ...]
    reason: str
    author: str


@changes.get("/changes")
@open_to_desk
def everything() -> ResponseReturnValue:
    """List what is on its way, the one that waited longest first."""
    app = application()
    names = desk.names(app)
    lines = [
        Line(
            each,
            names_in(app, each),
            visible(reasons_of(each.content).why),
            own_name(names, each.author),
        )
        for each in desk.open_proposals(app)
    ]
    return page("focal/changes.html", lines=lines)


def names_in(app: Application, proposal: Proposal) -> tuple[str, ...]:
    """Return what a proposal is about."""
    with reading(app.engine) as c:
        subjects = desk.subjects_in(c, proposal)
    return tuple(name_of(app, each, language()) for each in subjects)
