"""Asking for an exception: by whoever travels or books, for one trip or for one office."""

from travelrisk.domain.errors import BadInputError
from travelrisk.domain.proposals import Content, Proposal
from travelrisk.services.application import Application
from travelrisk.services.exceptions.requests import Problem, Request, authorisation, problems
from travelrisk.services.proposals import drafting
from travelrisk.store import people
from travelrisk.store.database import reading


class UnfitRequestError(BadInputError):
    """A request that cannot be made as it stands, with everything that is wrong with it."""

    def __init__(self, found: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(map(str, found)))
        self.problems = found


def draft(app: Application, by: str, asked: Request) -> Proposal:
    """Keep a request as a draft; ``drafting.propose`` sends it to those who decide.

    Raises:
        UnfitRequestError: fields are missing or cannot be used.
        ForbiddenError: this person may not ask for exceptions.
    """
    return drafting.draft(app, by, _content(app, by, asked))


def edit(app: Application, by: str, proposal: Proposal, asked: Request, *, version: int) -> Proposal:
    """Write a request anew, of which *version* was looked at; it is a draft again, and nobody has signed it.

    Raises:
        UnfitRequestError: fields are missing or cannot be used.
        ChangedMeanwhileError: it was changed since.
        ForbiddenError: it is somebody else's.
    """
    name = proposal.content.wanted[0].id
    content = _content(app, by, asked, name)
    return drafting.edit(app, by, proposal.reference, content, version=version)


def _content(app: Application, by: str, asked: Request, name: str = "") -> Content:
    with reading(app.engine) as c:
        found = problems(app, c, asked)
        author = people.by_id(c, by).name
    if found:
        raise UnfitRequestError(found)
    record = authorisation(app, asked, author, name)
    return Content(record.need, (record,))
