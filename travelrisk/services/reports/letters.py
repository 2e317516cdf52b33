"""The figures about letters: how far they came, and how long it took to tell whom none reached."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from travelrisk.services.reports.figures import Figure, Phrase, Row, share
from travelrisk.services.reports.journeys import middle_and_most
from travelrisk.store.reports import Lost, Posted

_FATES: Final = ("sent", "bounced", "waiting", "superseded", "undeliverable")
_FATE_OF: Final = {"queued": "waiting", "leased": "waiting", "dead": "undeliverable", "hold": "undeliverable"}


def letters(posted: Sequence[Posted]) -> Figure:
    """Return what became of the letters to travellers; one that came back is not counted as sent."""
    counts = Counter("bounced" if each.bounced else _FATE_OF.get(each.state, each.state) for each in posted)
    rows = tuple(
        (Phrase(f"letter_{fate}"), counts[fate], share(counts[fate], len(posted))) for fate in _FATES
    )
    return Figure("letters", ("fate", "letters", "share"), rows)


def unreached(lost: Sequence[Lost]) -> Figure:
    """Return what became of the warnings that reached nobody, and how long until a person told of them."""
    import pandas as pd  # noqa: PLC0415 - takes half a second, and few need it

    waits = [(each.told_at - each.found_at).total_seconds() for each in lost if each.told_at is not None]
    told = middle_and_most(pd.Series(waits, dtype=float))
    over = sum(each.told_at is None and each.over_at is not None for each in lost)
    rows: tuple[Row, ...] = (
        (Phrase("warning_told"), len(waits), *told),
        (Phrase("warning_open"), len(lost) - len(waits) - over, None, None),
        (Phrase("warning_over"), over, None, None),
    )
    return Figure("unreached", ("outcome", "warnings", "median", "p95"), rows)
