"""Asking for an exception: by whoever travels or books, for one trip or for one office."""

from travelrisk.domain.authorisations import Authorisation
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


def draft(app: Application, by: str, asked: Request, office: str | None = None) -> Proposal:
    """Keep a request as a draft; ``drafting.propose`` sends it to those who decide.

    Args:
        app: the parts of the service.
        by: id of the person.
        asked: what they ask for.
        office: of which they may name trips, as for ``store.offices.within``.

    Raises:
        UnfitRequestError: fields are missing or cannot be used.
        ForbiddenError: this person may not ask for exceptions.
    """
    return drafting.draft(app, by, _content(app, by, asked, office))


def edit(  # noqa: PLR0913 - as for a draft, and which one
    app: Application,
    by: str,
    proposal: Proposal,
    asked: Request,
    *,
    version: int,
    office: str | None = None,
) -> Proposal:
    """Write a request anew, of which *version* was looked at; it is a draft again, and nobody has signed it.

    The trip that it was for may stay, whoever asks.

    Raises:
        UnfitRequestError: fields are missing or cannot be used.
        ChangedMeanwhileError: it was changed since.
        ForbiddenError: it is somebody else's.
    """
    before = proposal.content.wanted[0]
    is_the_same = isinstance(before, Authorisation) and before.trip == asked.trip.strip().upper()
    content = _content(app, by, asked, None if is_the_same else office, before.id)
    return drafting.edit(app, by, proposal.reference, content, version=version)


def _content(app: Application, by: str, asked: Request, office: str | None, name: str = "") -> Content:
    with reading(app.engine) as c:
        found = problems(app, c, asked, office)
        author = people.by_id(c, by).name
    if found:
        raise UnfitRequestError(found)
    record = authorisation(app, asked, author, name)
    return Content(record.need, (record,))
