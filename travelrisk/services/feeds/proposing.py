"""What a source says and nobody has rated becomes a proposal: by the feed's own account, signed by people.

The same record is proposed once: whoever returned or withdrew a proposal has decided, until the source says
something else.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.changes import base_id
from travelrisk.domain.errors import BadInputError, ChangedMeanwhileError, ForbiddenError, NotFoundError
from travelrisk.domain.people import Person, Role
from travelrisk.domain.proposals import Content, Proposal
from travelrisk.domain.ratings import Caution, Rating, Record
from travelrisk.domain.texts import day_in_words
from travelrisk.feeds.card import Card
from travelrisk.logs import logger
from travelrisk.services.application import Application
from travelrisk.services.feeds.asking import Asker, Assessed
from travelrisk.services.feeds.tasks import refused_task
from travelrisk.services.proposals import drafting
from travelrisk.services.trail import TERMINAL, record, words
from travelrisk.store import feeds, people, proposals, ratings
from travelrisk.store.database import reading, transact
from travelrisk.store.shapes import record_text

_MOST_APART: Final = 5  # more than these are one proposal, so that nobody signs without reading


class Proposed(NamedTuple):
    """What became of what a source asks for: references of proposals, and what could not be proposed."""

    references: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


NOTHING: Final = Proposed()


def propose(app: Application, feed: str, card: Card) -> Proposed:
    """Propose what the facts of the last good round ask for and nobody proposed before."""
    author = _account(app, feed, card)
    with reading(app.engine) as c:
        known = feeds.facts_of(c, feed)
        asker = Asker(feed, card, author.name, app.policy.policy, app.book, ratings.in_force(c))
        earlier = proposals.of_author(c, author.id)
    new = [each for each in asker.asked(known) if not _is_known(each, earlier)]
    references: list[str] = []
    refused: list[str] = []
    ended = _loosening(card, [*asker.outlived(known)], earlier)
    for content, standing in (*_tightening(card, new, earlier), *ended):
        try:
            references.append(_proposed(app, author, content, standing))
        except (BadInputError, ChangedMeanwhileError, ForbiddenError) as error:
            logger().warning("feed.not_proposed", feed=feed, reason=str(error))
            refused.append(str(error))
    if refused:
        transact(app.engine, lambda c: refused_task(c, card, refused, app.clock()))
    return Proposed(tuple(references), tuple(refused))


def _account(app: Application, feed: str, card: Card) -> Person:
    """Return the account of a feed: a program's, which may propose, and never signs or publishes."""
    person = Person(
        id=f"feed-{feed.replace('_', '-')}",
        name=card.title.en,
        email=f"{feed}@feeds.invalid",
        roles=frozenset({Role.FOCAL_POINT}),
        is_machine=True,
    )

    def keep(c: Connection) -> Person:
        people.hold(c)
        try:
            return people.by_id(c, person.id)
        except NotFoundError:
            people.add(c, person, at=app.clock())
            record(app, c, "person.added", TERMINAL, person.id, {"roles": words(person.roles)})
            return person

    return transact(app.engine, keep)


def _is_known(wanted: Assessed, earlier: Sequence[Proposal]) -> bool:
    text = record_text(wanted)
    return any(record_text(each) == text for proposal in earlier for each in proposal.content.wanted)


def _tightening(
    card: Card, new: Sequence[Assessed], earlier: Sequence[Proposal]
) -> Iterator[tuple[Content, Proposal | None]]:
    """Yield what is to be proposed, each with the open proposal whose place it takes, if there is one."""
    left = {each.id: each for each in new}
    for proposal in earlier:
        mine = [each.id for each in proposal.content.wanted if each.id in left]
        if proposal.status in proposals.OPEN and mine:
            wanted = tuple(left.pop(each.id, each) for each in proposal.content.wanted)
            yield Content(_reason(card, wanted), wanted), proposal
    rest = tuple(left.values())
    for some in [(each,) for each in rest] if len(rest) <= _MOST_APART else [rest]:
        yield Content(_reason(card, some), some), None


def _loosening(
    card: Card, outlived: Sequence[Assessed], earlier: Sequence[Proposal]
) -> Iterator[tuple[Content, Proposal | None]]:
    """Yield what is to be ended, each by itself: that makes something easier, and is looked at one by one."""
    known = {proposal.content.reason for proposal in earlier}
    for each in outlived:
        reason = f"{card.publisher} no longer lists this, or no longer asks for it: {each.id}"
        if reason not in known:
            yield Content(reason, ended=(base_id(each.id),)), None


def _proposed(app: Application, author: Person, content: Content, standing: Proposal | None) -> str:
    if standing is None:
        made = drafting.draft(app, author.id, content)
    else:
        made = drafting.edit(app, author.id, standing.reference, content, version=standing.version)
    drafting.propose(app, author.id, made.reference)
    return made.reference


def _reason(card: Card, wanted: Sequence[Record]) -> str:
    said = "; ".join(_short(each) for each in wanted[:_MOST_APART])
    more = f"; and {len(wanted) - _MOST_APART} more" if len(wanted) > _MOST_APART else ""
    return f"{card.title.en}: {said}{more}"


def _short(wanted: Record) -> str:
    """Return a record in a line: what the source calls it, what it would ask for here, until when."""
    if not isinstance(wanted, Rating | Caution):
        return wanted.id
    title = wanted.evidence[0].title if wanted.evidence else wanted.id
    asks = wanted.level.value if isinstance(wanted, Rating) else wanted.effect.word
    until = f" until {day_in_words(wanted.valid_until, 'en')}" if wanted.valid_until else ""
    return f"{title} ({wanted.subject}): {asks.replace('_', ' ')}{until}"
