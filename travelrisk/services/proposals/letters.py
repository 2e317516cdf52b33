"""Whom a turn of a proposal is told to: who may sign is asked, and whoever wrote it hears what became of it.

Nobody is told what they did themselves; a decision about an exception is told in any case.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import Final, NamedTuple, get_args

from sqlalchemy import Connection

from travelrisk.domain.changes import Change
from travelrisk.domain.differences import Pair, pairs
from travelrisk.domain.errors import BadInputError, TravelriskError
from travelrisk.domain.people import Person
from travelrisk.domain.proposals import Move, Proposal, Status
from travelrisk.domain.signoffs import Requirement, Weight, signing_act
from travelrisk.domain.texts import LANGUAGES, Language, Texts
from travelrisk.mail.changes import Asked, ChangeFacts, Name, Shift, Told, about_change
from travelrisk.mail.render import Letter
from travelrisk.screening.effect import Effect
from travelrisk.services.application import Application
from travelrisk.services.letters.posting import Purpose, language_of, post
from travelrisk.services.naming import name_of_record
from travelrisk.services.proposals.effect import preview
from travelrisk.services.proposals.weighing import Weighed, outstanding, requirement, weigh
from travelrisk.store import desk_letters, people, proposals, ratings
from travelrisk.store.database import reading

_ASKS: Final = frozenset(get_args(Asked))
_TOLD: Final[dict[Move, Told]] = {
    Move.RETURN: "change_returned",
    Move.REFUSE: "change_returned",
    Move.PUBLISH: "change_published",
    Move.PUBLISH_URGENTLY: "change_published",
}


class Foreseen(NamedTuple):
    """What a proposal would do to journeys: found before the turn, which may not wait for that.

    Attributes:
        content_sha256: of the content it was found for. edition: which was the newest then.
    """

    content_sha256: str
    edition: int
    effect: Effect


def foreseen(app: Application, reference: str) -> Foreseen | None:
    """Return the effect of a proposal; None where it has none, or cannot be judged as it stands."""
    try:
        with reading(app.engine) as c:
            proposal, edition = proposals.by_reference(c, reference), ratings.current_edition(c)
        if proposal.content.requirement is not None:
            return None
        return Foreseen(proposal.content_sha256, edition, preview(app, reference, limit=0))
    except TravelriskError:  # the turn itself says what is wrong, to the person who takes it
        return None


def tell(  # noqa: PLR0913, PLR0917 - one turn, with all that is known of it
    app: Application,
    c: Connection,
    actor: Person,
    before: Proposal,
    after: Proposal,
    move: Move,
    effect: Foreseen | None = None,
) -> None:
    """Queue the letters that a turn asks for; call it in the transaction of the turn, when it is recorded."""
    if move is Move.PROPOSE or (move is Move.SIGN and _has_lapsed(before, after)):
        ask(app, c, "signature_asked", after, effect)
    if move is Move.PUBLISH_URGENTLY:
        ask(app, c, "countersignature_asked", after, effect)
    told = _told(move, after)
    if told is not None and (actor.id != after.author or told == "exception_decided"):
        author = people.by_id(c, after.author)
        _send(app, c, told, after, [author], facts_of(app, c, after, actor.name))


def tell_of_end(app: Application, c: Connection, actor: Person, asked: Proposal, end: Proposal) -> None:
    """Tell whoever asked for an exception that somebody else ended it before its last day."""
    if asked.author == actor.id:
        return
    facts = replace(facts_of(app, c, end, actor.name), url=_address(app, asked))
    _send(app, c, "exception_ended", end, [people.by_id(c, asked.author)], facts)


def ask(app: Application, c: Connection, name: Asked, proposal: Proposal, effect: Foreseen | None) -> int:
    """Ask everybody who may sign and has not; never the author. Return how many letters were written."""
    able = people.able(c, signing_act(proposal.weight), app.clock().date())
    others = able - {proposal.author} - {each.person for each in proposal.signatures}
    asked = [each for each in people.everybody(c) if each.id in others]
    if not asked:
        return 0
    facts = facts_of(app, c, proposal, "", effect)
    return _send(app, c, name, proposal, asked, facts)


def facts_of(
    app: Application, c: Connection, proposal: Proposal, actor: str, effect: Foreseen | None = None
) -> ChangeFacts:
    """Return what letters about a proposal tell, as it stands at this moment."""
    weighed = _weighed(app, c, proposal)
    is_published = proposal.status is Status.PUBLISHED
    holds = effect is not None and effect[:2] == (proposal.content_sha256, proposal.base_edition)
    return ChangeFacts(
        reference=proposal.reference,
        url=_address(app, proposal),
        author=people.by_id(c, proposal.author).name,
        actor=actor,
        weight=proposal.weight,
        shifts=tuple(_shift(app, each) for each in pairs(weighed.change)),
        demand=_demand(app, c, proposal, is_published=is_published),
        is_published=is_published,
        edition=proposal.edition,
        missing=0 if is_published else outstanding(app, c, proposal, proposal.signatures, weighed),
        effect=effect.effect if effect is not None and holds else None,
        due=proposal.countersign_by,
        demo=app.facts.demo,
    )


def _address(app: Application, proposal: Proposal) -> str:
    """Return the page of a proposal; that of an exception is open to whoever asked for it."""
    desk = "exceptions" if proposal.weight is Weight.EXCEPTION else "changes"
    return f"{app.facts.base_url}/{desk}/{proposal.reference}"


def _send(  # noqa: PLR0913, PLR0917 - what, about what, to whom
    app: Application,
    c: Connection,
    name: Name,
    proposal: Proposal,
    to: Iterable[Person],
    facts: ChangeFacts,
) -> int:
    @cache
    def written(language: Language) -> Letter:
        return about_change(name, facts, language)

    # What is overdue is said once; all else once for each version of the proposal.
    version = "" if name == "countersignature_overdue" else f":{proposal.version}"
    is_news_for_good = name not in _ASKS and proposal.status is Status.PUBLISHED
    standing = None if is_news_for_good else desk_letters.standing(c, proposal.reference)
    sent = 0
    for person in to:
        purpose = Purpose(f"{name}:{proposal.reference}{version}:{person.id}", proposal.reference, standing)
        is_reader = person.is_active and not person.is_machine
        if is_reader and not desk_letters.is_written(c, purpose.key):
            sent += post(app, c, person, written(language_of(app, person)), purpose)
    return sent


def _has_lapsed(before: Proposal, after: Proposal) -> bool:
    """Say whether others must sign anew: signatures were taken off, and one alone is not enough."""
    kept = {each.person for each in after.signatures}
    return after.status is Status.PROPOSED and any(each.person not in kept for each in before.signatures)


def _told(move: Move, after: Proposal) -> Told | None:
    if move is Move.SIGN:  # the last signature of an exception publishes it, and that is what is told
        is_ready = after.status is Status.SIGNED and after.weight is not Weight.EXCEPTION
        return "change_signed" if is_ready else None
    told = _TOLD.get(move)
    return "exception_decided" if told and after.weight is Weight.EXCEPTION else told


def _weighed(app: Application, c: Connection, proposal: Proposal) -> Weighed:
    if proposal.edition is not None:
        opened, closed = ratings.changed_in(c, proposal.edition)
        return Weighed(Change(opened, closed, 0), proposal.weight, proposal.base_edition)
    try:
        return weigh(app, c, proposal.content)
    except BadInputError:  # it does not fit the records of the moment, which its page says
        return Weighed(Change(proposal.content.wanted, (), 0), proposal.weight, proposal.base_edition)


def _shift(app: Application, pair: Pair) -> Shift:
    names = Texts(*(name_of_record(app, pair.either, each) for each in LANGUAGES))
    return Shift(names, pair.was, pair.now)


def _demand(
    app: Application, c: Connection, proposal: Proposal, *, is_published: bool
) -> tuple[Requirement | None, Requirement] | None:
    wanted = proposal.content.requirement
    if wanted is None:
        return None
    return (None if is_published else requirement(app, c)), wanted
