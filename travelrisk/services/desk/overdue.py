"""Urgent changes that nobody has countersigned in time: everybody who may do so is asked again, once."""

from sqlalchemy import Connection

from travelrisk.domain.proposals import Proposal
from travelrisk.services.application import Application
from travelrisk.services.proposals.letters import ask
from travelrisk.store import proposals
from travelrisk.store.database import reading, transact


def ask_again(app: Application) -> int:
    """Ask for the countersignatures whose hours have passed, and return how many letters were written."""
    with reading(app.engine) as c:
        late = [each.id for each in proposals.uncountersigned(c) if _is_late(app, each)]
    return sum(_asked(app, number) for number in late)


def _asked(app: Application, number: int) -> int:
    def turn(c: Connection) -> int:
        proposal = proposals.held(c, number)  # somebody may countersign at this very moment
        return ask(app, c, "countersignature_overdue", proposal, None) if _is_late(app, proposal) else 0

    return transact(app.engine, turn)


def _is_late(app: Application, proposal: Proposal) -> bool:
    due = proposal.countersign_by
    return proposal.is_open_for_countersigning and due is not None and due <= app.clock()
