"""Who answers for an exception: whoever asked for it, and whoever decided."""

from collections.abc import Iterable

from sqlalchemy import Connection

from travelrisk.domain.authorisations import Authorisation
from travelrisk.domain.people import Person
from travelrisk.store import proposals


def answering_for(c: Connection, authorisation: Authorisation, everybody: Iterable[Person]) -> frozenset[str]:
    """Return the ids of those who asked for an open authorisation and decided on it.

    The proposal that opened it says who they are; of one that was imported, the names that stand in it, where
    they are those of people of the desk.
    """
    proposal = proposals.of_edition(c, authorisation.opened_in)
    if proposal is not None:
        return frozenset({proposal.author, *(each.person for each in proposal.signatures)})
    wanted = {name.strip().casefold() for name in (authorisation.set_by, authorisation.approved_by)}
    return frozenset(
        each.id for each in everybody if wanted & {each.id.casefold(), each.name.casefold(), each.email}
    )
