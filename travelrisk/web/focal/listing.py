"""The open proposals, whoever made them."""

from typing import NamedTuple

from flask.typing import ResponseReturnValue

from travelrisk.domain.proposals import Proposal
from travelrisk.domain.ratings import Subject, subject_of
from travelrisk.services import desk
from travelrisk.services.application import Application
from travelrisk.services.naming import name_of
from travelrisk.telling.foreign import visible
from travelrisk.web.focal.entries import reasons_of
from travelrisk.web.focal.pages import changes, open_to_desk, own_name, page
from travelrisk.web.languages import language
from travelrisk.web.parts import application


class Line(NamedTuple):
    """A proposal in the list; *names* are those of its subjects, or the ids of the records it ends."""

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
    subjects = dict.fromkeys(map(subject_of, proposal.content.wanted))
    return (*(_name(app, each) for each in subjects), *proposal.content.ended)


def _name(app: Application, subject: Subject) -> str:
    return name_of(app, subject, language())
