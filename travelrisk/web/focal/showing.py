"""One change: what it does to records and journeys, who must sign it, its life, and what one may do."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from flask import Response, redirect
from flask.typing import ResponseReturnValue

from travelrisk.domain.differences import pairs
from travelrisk.domain.errors import BadInputError, ChangedMeanwhileError
from travelrisk.domain.people import Act
from travelrisk.domain.proposals import Move, Proposal, Status, Step
from travelrisk.domain.signoffs import Weight, signing_act
from travelrisk.screening.effect import Effect
from travelrisk.services.desk import lookups
from travelrisk.services.desk.history import Countersigning, countersignings
from travelrisk.services.proposals import effect
from travelrisk.services.proposals.standing import Standing, standing
from travelrisk.telling.foreign import visible
from travelrisk.web import who
from travelrisk.web.focal.entries import reasons_of
from travelrisk.web.focal.faults import Fault, fault_of
from travelrisk.web.focal.listing import names_in, status_of
from travelrisk.web.focal.pages import changes, open_to_desk, own_name, page
from travelrisk.web.focal.told import PairTold, pair_told
from travelrisk.web.languages import here
from travelrisk.web.parts import application

_ENDED = frozenset({Status.PUBLISHED, Status.WITHDRAWN})
_OPEN_TO_SIGN = frozenset({Status.PROPOSED, Status.SIGNED})


class Happened(NamedTuple):
    """One step of the life of a change, told."""

    at: datetime
    move: Move
    person: str
    note: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that the page of a change shows.

    Attributes:
        standing: None where the content no longer fits the ratings; *trouble* then says why.
        paragraphs: the reason of the change.
        differs: why its level is another one than the methodology proposes.
        signed_by, can_sign: names; of whoever signed before it was published.
        countersigning: what became of it where it was published at once.
        acts: what whoever looks may do now.
    """

    proposal: Proposal
    standing: Standing | None
    trouble: Fault | None
    names: tuple[str, ...]
    author: str
    is_mine: bool
    paragraphs: tuple[str, ...]
    differs: str
    pairs: tuple[PairTold, ...]
    effect: Effect | None
    signed_by: tuple[str, ...]
    can_sign: tuple[str, ...]
    countersigning: Countersigning | None
    life: tuple[Happened, ...]
    acts: frozenset[Move]

    @property
    def weight(self) -> Weight:
        """What it does, by the records of the moment where that is known."""
        return self.standing.weighed.weight if self.standing else self.proposal.weight

    @property
    def is_open(self) -> bool:
        """Say whether it is still on its way."""
        return self.proposal.status not in _ENDED

    @property
    def has_lapsed(self) -> bool:
        """Say whether signatures were given that no longer hold."""
        return self.standing is not None and self.standing.has_lapsed and self.is_open

    @property
    def status(self) -> str:
        """The key of the word for how it stands."""
        return status_of(self.proposal, has_lapsed=self.standing is None or self.standing.missing > 0)

    @property
    def effect_digest(self) -> str:
        """What the form of a decision carries of the effect that was looked at."""
        return digest_of(self.effect)

    @property
    def is_elsewhere(self) -> bool:
        """Say whether other ratings were published since it was written."""
        return (
            self.is_open
            and self.standing is not None
            and self.standing.weighed.edition != self.proposal.base_edition
        )


@changes.get("/changes/<reference>")
@open_to_desk
def change(reference: str) -> ResponseReturnValue:
    """Show a change; an exception has a page of its own."""
    if lookups.kept(application(), reference).proposal.weight is Weight.EXCEPTION:
        return redirect(here("exceptions.one", key=reference), 303)
    return shown(reference)


def shown(reference: str, status: int = 200, *faults: Fault) -> Response:
    """Show a change, with what was in the way of something."""
    return page("focal/change.html", status, faults, sheet=sheet_of(reference))


def sheet_of(reference: str) -> Sheet:
    """Collect what there is to say about a change.

    Raises:
        NotFoundError: there is no such change.
    """
    app, me = application(), who.person().id
    proposal, life = lookups.kept(app, reference)
    now, trouble = _standing(proposal)
    names = lookups.names(app)
    reasons = reasons_of(proposal.content)
    sheet = Sheet(
        proposal=proposal,
        standing=now,
        trouble=trouble,
        names=names_in(app, proposal),
        author=own_name(names, proposal.author),
        is_mine=proposal.author == me,
        paragraphs=tuple(visible(each) for each in reasons.why.split("\n") if each.strip()),
        differs=visible(reasons.differs),
        pairs=tuple(map(pair_told, pairs(now.weighed.change))) if now else (),
        effect=_effect(proposal, me) if now else None,
        signed_by=tuple(own_name(names, each) for each in _signed(now)),
        can_sign=tuple(sorted(own_name(names, each) for each in _still_able(now))),
        countersigning=countersignings(app, proposal.edition or 0).get(proposal.edition or 0),
        life=tuple(_happened(life, names)),
        acts=frozenset(),
    )
    return replace(sheet, acts=acts(sheet, me))


def digest_of(found: Effect | None) -> str:
    """Return by what an effect is known again; where none can be shown, that is no effect on nobody."""
    return found.digest if found else "none"


def acts(sheet: Sheet, me: str) -> frozenset[Move]:
    """Return what *me* may do with a change as it stands; the services ask again."""
    status, now = sheet.proposal.status, sheet.standing
    found: set[Move] = set()
    if sheet.is_mine and sheet.is_open and who.able(Act.PROPOSE):
        found |= {Move.EDIT, Move.WITHDRAW}
        found |= {Move.PROPOSE} if now and status in {Status.DRAFT, Status.RETURNED} else set()
    if not sheet.is_mine and who.able(signing_act(sheet.weight)):
        found |= _of_signers(sheet, me)
    if now is not None and who.able(Act.PUBLISH):
        found |= {Move.PUBLISH} if status is Status.SIGNED and not now.missing else set()
        is_pressing = sheet.proposal.is_urgent and sheet.weight is Weight.TIGHTENING
        if is_pressing and status in {Status.DRAFT, Status.PROPOSED}:
            found.add(Move.PUBLISH_URGENTLY)
    return frozenset(found)


def _of_signers(sheet: Sheet, me: str) -> set[Move]:
    status, now = sheet.proposal.status, sheet.standing
    found = {Move.RETURN} if status in _OPEN_TO_SIGN else set()
    if now is None or me in now.signed_by:
        return found
    is_asked = status is Status.PROPOSED or (status is Status.SIGNED and now.missing > 0)
    found |= {Move.SIGN} if is_asked else set()
    return found | ({Move.COUNTERSIGN} if sheet.proposal.is_open_for_countersigning else set())


def _standing(proposal: Proposal) -> tuple[Standing | None, Fault | None]:
    if proposal.status is Status.WITHDRAWN:
        return None, None
    try:
        return standing(application(), proposal.reference), None
    except BadInputError as error:
        return None, fault_of(error, "acts")


def _effect(proposal: Proposal, me: str) -> Effect | None:
    """Return what it would do; of a published one that is history, and no preview."""
    if proposal.status in _ENDED or proposal.content.requirement is not None:
        return None
    try:
        return effect.preview(application(), proposal.reference, viewer=me)
    except (BadInputError, ChangedMeanwhileError):  # published or overtaken since the lines above
        return None


def _signed(now: Standing | None) -> Iterable[str]:
    """Give those whose signatures hold, but for those who countersigned, which is told by itself."""
    after = {step.person for step in now.life if step.move is Move.COUNTERSIGN} if now else ()
    return (each for each in now.signed_by if each not in after) if now else ()


def _still_able(now: Standing | None) -> Iterable[str]:
    return now.can_be_signed_by - set(now.signed_by) if now else ()


def _happened(life: Iterable[Step], names: dict[str, str]) -> Iterable[Happened]:
    steps = [Happened(each.at, each.move, own_name(names, each.person), visible(each.note)) for each in life]
    return reversed(steps)
