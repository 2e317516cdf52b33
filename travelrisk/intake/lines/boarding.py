"""Strings of boarding passes in a text: they are taken out of it, and what they say is put to its flights."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from travelrisk.domain.drafts import Draft, DraftSegment
from travelrisk.domain.itineraries import Evidence, elsewhere
from travelrisk.domain.places import Atlas
from travelrisk.intake.lines.matching import completed, has_same_number, is_same, is_same_way
from travelrisk.intake.passes.bcbp import passes_in
from travelrisk.intake.passes.flights import DAMAGED, draft_of

_LABEL = re.compile(
    r"(?:(?<!\w)(?:my|here is|voici|mon|ma|mi|es|mein|meine) |(?:boarding ?)?(?:pass|card)(?:es|s)?"
    r"|carte d'embarquement|tarjeta de embarque|bordkarte|(?:bar|qr|aztec) ?code|[ :=\n])+\Z",
    re.IGNORECASE,
)
"""What people and programs write before a bar code."""
_LONGEST_LABEL = 60


class Boarding(NamedTuple):
    """The passes in a text.

    Attributes:
        text: without their strings.
        drafts: one for each pass.
        unread: strings that only begin like one.
    """

    text: str
    drafts: tuple[Draft, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def segments(self) -> tuple[DraftSegment, ...]:
        """Their flights, each once: the passes of a family are of one flight."""
        return tuple(dict.fromkeys(each for draft in self.drafts for each in draft.segments))

    def beside(
        self, flights: Sequence[DraftSegment], atlas: Atlas
    ) -> tuple[tuple[DraftSegment, ...], tuple[str, ...]]:
        """Return the flights of the text with what the passes add, and what contradicts.

        A text names the hour and a pass the operator, so that neither is enough.
        """
        kept, doubts = list(flights), []
        for segment in self.segments:
            same = (n for n, each in enumerate(kept) if is_same(each, segment))
            place = min(
                same, key=lambda n: not kept[n].status.flies, default=None
            )  # rather than a cancelled one
            if place is not None:
                known = completed(kept[place], segment, atlas)
                also = elsewhere(Evidence(known.part, known.source), (*known.also, *segment.evidence))
                kept[place] = replace(known, also=also)
                continue
            doubts += [
                f"{segment.source}: the text says {each.source}"
                for each in flights
                if has_same_number(each, segment) and is_same_way(each, segment)
            ]
            kept.append(segment)
        return tuple(kept), tuple(doubts)


def boarding_in(text: str, context: date | None) -> Boarding:
    """Take the strings of boarding passes out of a text, before its runs of blanks are lost."""
    found = tuple(passes_in(text))
    if not found:
        return Boarding(text)
    pieces, done = [], 0
    for each in found:
        label = _LABEL.search(text, max(done, each.start - _LONGEST_LABEL), each.start)
        pieces += [text[done : label.start() if label else each.start], " "]
        done = each.end
    drafts = tuple(draft_of(each.boarding, context) for each in found if each.boarding)
    cut = (DAMAGED,) if any(each.boarding is None for each in found) else ()
    unread = (*cut, *(line for draft in drafts for line in draft.unread))
    return Boarding("".join([*pieces, text[done:]]), drafts, unread)
