"""What a source makes somebody's task: notices in the queue of the focal points, the same words once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from travelrisk.domain.facts import Difference, Fact, Problem
from travelrisk.feeds.card import Card
from travelrisk.store import queue
from travelrisk.store.feeds import Round

_MOST: Final = 10
_LONGEST: Final = 200  # letters of one problem
_KIND: Final = "fact"


def failed_task(c: Connection, card: Card, failed: Round, since: datetime, good: Round | None) -> None:
    """Ask somebody to look after a source that cannot be read; once for each way in which it fails."""
    kept = f"What it said on {_moment(good.at)} stays in force." if good else "Nothing was ever read from it."
    _notify(
        c,
        card,
        f"{card.title.en}: cannot be read ({failed.fault.replace('_', ' ')})",
        f"Since {_moment(since)}. {kept} Look at travelrisk feeds show, and at the source itself.",
        failed.at,
    )


def problems_task(c: Connection, card: Card, problems: Sequence[Problem], at: datetime) -> None:
    """Ask somebody to look at what was not understood."""
    if not problems:
        return
    told = [f"{each.kind.value.replace('_', ' ')}: {each.where} {each.words}".strip() for each in problems]
    shown = "; ".join(each[:_LONGEST] for each in told[:_MOST])
    more = f"; and {len(told) - _MOST} more, see travelrisk feeds show" if len(told) > _MOST else ""
    _notify(c, card, f"{card.title.en}: not everything was understood", shown + more, at)


def refused_task(c: Connection, card: Card, reasons: Sequence[str], at: datetime) -> None:
    """Ask somebody to propose by hand what the feed could not."""
    told = "; ".join(each[:_LONGEST] for each in reasons[:_MOST])
    _notify(c, card, f"{card.title.en}: something could not be proposed", f"Do it by hand: {told}", at)


def gone_task(c: Connection, card: Card, gone: Difference, fact: Fact, at: datetime) -> None:
    """Tell that a source no longer lists something; what that means for ratings is decided by people."""
    about = fact.subjects[0] if len(fact.subjects) == 1 else None
    body = f"It said: {gone.was_level}. Whatever is rated stays as it is until somebody changes it."
    queue.notify(
        c,
        kind=_KIND,
        subject=about,
        title=f"{card.title.en}: {gone.title} is no longer listed"[:_LONGEST],
        body=f"{_moment(at)}: {body}",
        source=fact.url,
        sender=card.publisher,
        at=at,
    )


def _notify(c: Connection, card: Card, title: str, body: str, at: datetime) -> None:
    queue.notify(
        c, kind=_KIND, subject=None, title=title, body=body, source=card.page, sender=card.publisher, at=at
    )


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
