"""One exception: what is asked for, what it lifts, what it would do, who decides, and what happened to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from flask import Response
from flask.typing import ResponseReturnValue

from travelrisk.domain.changes import base_id
from travelrisk.domain.errors import BadInputError, ChangedMeanwhileError
from travelrisk.domain.people import Act
from travelrisk.domain.proposals import Move, Proposal, Status
from travelrisk.screening.effect import Effect
from travelrisk.services.desk import lookups
from travelrisk.services.exceptions import ledger
from travelrisk.services.exceptions.background import Background, background, can_be_met
from travelrisk.services.exceptions.ledger import Entry, Story
from travelrisk.services.proposals import effect
from travelrisk.services.proposals.standing import Standing, standing
from travelrisk.telling.foreign import visible
from travelrisk.web import who
from travelrisk.web.exceptions.entries import seen_words
from travelrisk.web.exceptions.pages import (
    blueprint,
    carrier_name,
    kind_words,
    open_to_involved,
    route_name,
)
from travelrisk.web.focal.faults import Fault, fault_of
from travelrisk.web.focal.pages import own_name, page
from travelrisk.web.focal.showing import digest_of
from travelrisk.web.focal.told import Told, told
from travelrisk.web.parts import application

_OVER = frozenset({Status.PUBLISHED, Status.WITHDRAWN})


class Scope(NamedTuple):
    """One exception in words, with how it stands; *base* is the id of its record without revision."""

    entry: Entry
    base: str
    may_end: bool
    carrier: str
    route: str
    background: Background | None
    lifts: tuple[Told, ...]
    seen: tuple[str, ...]


class Happened(NamedTuple):
    """One step of its life, told."""

    at: datetime
    move: Move
    person: str
    note: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that the page of an exception shows.

    Attributes:
        now: how the request stands; None where it is over, or no longer fits the ratings (*trouble*).
        effect: what it would do, while it is on its way.
        can_decide: names of those who may still approve. can_be_met: whether they are enough.
        acts: what whoever looks may do; ``end`` and ``publish`` among them.
    """

    story: Story
    scopes: tuple[Scope, ...]
    now: Standing | None
    trouble: Fault | None
    effect: Effect | None
    author: str
    signed_by: tuple[str, ...]
    can_decide: tuple[str, ...]
    can_be_met: bool
    life: tuple[Happened, ...]
    acts: frozenset[str]

    @property
    def request(self) -> Proposal | None:
        """How it came to be; None for what came out of a file."""
        return self.story.entry.request

    @property
    def effect_digest(self) -> str:
        """What the form of a decision carries of the effect that was looked at."""
        return digest_of(self.effect)

    @property
    def is_open(self) -> bool:
        """Say whether it is still on its way."""
        return self.request is not None and self.request.status not in _OVER


@blueprint.get("/exceptions/<key>")
@open_to_involved
def one(key: str) -> ResponseReturnValue:
    """Show an exception to whoever may see it."""
    return shown(key)


def shown(key: str, status: int = 200, *faults: Fault) -> Response:
    """Show an exception, with what was in the way of something."""
    sheet = sheet_of(ledger.story(application(), who.person().id, key))
    return page(
        "exceptions/one.html",
        status,
        faults,
        sheet=sheet,
        kinds=kind_words(),
    )


def sheet_of(story: Story) -> Sheet:
    """Collect what there is to say about an exception."""
    app, request = application(), story.entry.request
    is_open = request is not None and request.status not in _OVER
    now, trouble = _standing(request) if request is not None and is_open else (None, None)
    found = _effect(now) if now else None
    names = lookups.names(app)
    able = now.can_be_signed_by - set(now.signed_by) if now else ()
    return Sheet(
        story=story,
        scopes=tuple(_scope(each, found, is_open=is_open, sees_end=story.may_end) for each in story.entries),
        now=now,
        trouble=trouble,
        effect=found if story.sees_all else None,
        author=own_name(names, request.author) if request else story.entry.record.set_by,
        signed_by=tuple(own_name(names, each) for each in now.signed_by) if now else (),
        can_decide=tuple(sorted(own_name(names, each) for each in able)),
        can_be_met=now is None or can_be_met(app, now),
        life=tuple(_happened(story)),
        acts=frozenset(_acts(story, now)),
    )


def _acts(story: Story, now: Standing | None) -> Iterator[str]:
    request, me = story.entry.request, who.person().id
    if story.may_end:
        yield "end"
    if request is None or request.status in _OVER:
        return
    if request.author == me and who.able(Act.REQUEST_EXCEPTION):
        yield from ("edit", "withdraw")
        if now is not None and request.status in {Status.DRAFT, Status.RETURNED}:
            yield "propose"
    elif who.able(Act.APPROVE_EXCEPTION) and request.status in {Status.PROPOSED, Status.SIGNED}:
        yield "refuse"
        if now is not None and request.status is Status.PROPOSED and me not in now.signed_by:
            yield "approve"
    if now is not None and request.status is Status.SIGNED and who.able(Act.PUBLISH):
        yield "publish"


def _scope(entry: Entry, found: Effect | None, *, is_open: bool, sees_end: bool) -> Scope:
    known = background(application(), entry.record, found) if is_open else None
    lifts = known.lifted.records if known and known.lifted else ()
    return Scope(
        entry,
        base_id(entry.record.id),
        sees_end and entry.is_running,
        carrier_name(entry.record.carrier),
        route_name(entry.record.route),
        known,
        tuple(told(each) for each in lifts),
        tuple(map(seen_words, known.alternatives)) if known else (),
    )


def _standing(request: Proposal) -> tuple[Standing | None, Fault | None]:
    try:
        return standing(application(), request.reference), None
    except BadInputError as error:
        return None, fault_of(error, "acts")


def _effect(now: Standing) -> Effect | None:
    try:
        return effect.preview(application(), now.weighed.change, viewer=who.person().id)
    except (BadInputError, ChangedMeanwhileError):  # published or overtaken since the lines above
        return None


def _happened(story: Story) -> Iterator[Happened]:
    for step in reversed(story.life):
        yield Happened(step.at, step.move, own_name(story.names, step.person), visible(step.note))
