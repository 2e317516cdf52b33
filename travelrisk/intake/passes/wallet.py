"""Passes of telephones (.pkpass, .pkpasses): bar code, tags and fields, and where they contradict each other.

The bar code is believed first, for it is what the gate reads and the only place that names the carrier that
flies; what the others say differently is told and never dropped.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.codes import bare_number
from travelrisk.domain.drafts import Draft, DraftSegment, DraftTime
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.itineraries import Evidence, Mode, elsewhere
from travelrisk.domain.places import Atlas
from travelrisk.intake.document import Document, Reading, reading_of, refused
from travelrisk.intake.passes.archives import Packed, passes_of
from travelrisk.intake.passes.bcbp import pass_of
from travelrisk.intake.passes.fields import (
    Field,
    codes_of,
    doubts_in,
    fields_of,
    operators_of,
    semantics_of,
    style_of,
    text_of,
)
from travelrisk.intake.passes.flights import draft_of, joined
from travelrisk.intake.passes.shown import Shown, departs_at, locators_of, operator_of, traveller_of
from travelrisk.intake.sniffing import Form, form_of

_INSTEAD = "paste the flights as text"
_NO_FLIGHT = f"The pass of a telephone holds no flight that is understood: {_INSTEAD}"
_VOID = "The pass is marked as void: send the present one"
_MODES = {
    "PKTransitTypeTrain": Mode.RAIL,
    "PKTransitTypeBus": Mode.BUS,
    "PKTransitTypeBoat": Mode.UNKNOWN,
}


class Wallet:
    """Reads the passes of telephones."""

    name = "pkpass"

    def __init__(self, atlas: Atlas, book: CarrierBook) -> None:
        self._book = book
        self._shown = Shown(atlas, book)

    def accepts(self, document: Document) -> bool:
        """Say whether this is a pass of a telephone, or several."""
        return form_of(document) is Form.PKPASS

    def read(self, document: Document) -> Iterator[Reading]:
        """Read the passes; those of one booking become one draft."""
        drafts: list[Draft] = []
        unread: list[str] = []
        try:
            for packed in passes_of(document.content):
                draft = packed if isinstance(packed, str) else self.draft(packed, document.context_date)
                if isinstance(draft, str):
                    unread.append(draft)
                else:
                    drafts.append(draft)
        except BadInputError as error:
            yield refused(self.name, str(error))
            return
        unread = [line for line in unread if drafts or line != _NO_FLIGHT]
        yield reading_of(self.name, joined(drafts), tuple(unread), _NO_FLIGHT)

    def draft(self, packed: Packed, context: date | None) -> Draft | str:
        """Return the booking of a pass, or why it holds none."""
        fields, tags = fields_of(packed), semantics_of(packed)
        found = dict.fromkeys(filter(None, map(pass_of, codes_of(packed.content))))
        coded = [draft_of(boarding, context) for boarding in found]
        visible = self._visible(fields)
        tagged = self._shown.tagged(tags)
        claims = [*tagged, *([visible] if visible else [])]
        if claims and not any(each.departs.text for each in claims):
            shown = text_of(packed.content.get("relevantDate"))
            claims[0] = replace(claims[0], departs=DraftTime(text=f"relevantDate {shown}" if shown else ""))
        if not coded and not claims:
            return _NO_FLIGHT
        draft = coded[0] if coded else Draft((claims[0],))
        draft = replace(
            draft,
            travellers=draft.travellers or traveller_of(tags, fields),
            locators=draft.locators or locators_of(tags, fields),
        )
        flown = [operator_of(said, self._book) for said in operators_of(packed, fields, self._book)]
        segments, doubts = self._completed(draft.segments, claims, flown)
        doubts += self._others(fields, [*segments, *claims])
        doubts += doubts_in(fields)
        doubts += [_VOID] if packed.content.get("voided") is True else []
        doubts += [line for other in coded[1:] for line in _rivals(coded[0], other)]
        mode = _mode(packed)
        segments = [replace(each, mode=mode) for each in segments] if mode else segments
        return replace(draft, segments=tuple(segments), unread=tuple(dict.fromkeys((*draft.unread, *doubts))))

    def _visible(self, fields: tuple[Field, ...]) -> DraftSegment | None:
        """Return the flight that people see."""
        flights = self._shown.flights(fields)
        (origin, origin_name), (destination, destination_name) = self._shown.places(fields)
        if not flights and not (origin or origin_name):
            return None
        first = flights[0] if flights else None
        days = self._shown.days(fields, origin)
        clock = departs_at(fields)
        departs = days[0] if days else clock
        if departs.clock is None and departs.instant is None:
            departs = replace(departs, clock=clock.clock)
        shown = (f"{first.carrier} {first.number}{first.suffix}" if first else "", origin, destination)
        return DraftSegment(
            marketing_code=first.carrier if first else "",
            marketing_number=first.number + first.suffix if first else "",
            origin=origin,
            origin_name=origin_name,
            destination=destination,
            destination_name=destination_name,
            departs=departs,
            source=" ".join(filter(None, ("fields:", *shown, departs.text))),
        )

    def _completed(
        self,
        segments: tuple[DraftSegment, ...],
        claims: list[DraftSegment],
        flown: list[DraftSegment],
    ) -> tuple[list[DraftSegment], list[str]]:
        """Return the flights with what tags and fields add, and what they say against them."""
        kept = list(segments)
        doubts: list[str] = []
        for said in claims:
            place = next((n for n, each in enumerate(kept) if _is_way(each, said)), 0)
            is_whole = (kept[0].origin, kept[-1].destination) == (said.origin, said.destination)
            claim = replace(said, destination=kept[place].destination) if is_whole else said
            doubts += _against(kept[place], claim, claims)
            kept[place] = _with(kept[place], claim)
        for operator in flown:
            if len(kept) > 1:
                doubts.append(f"operated by {operator.operator or operator.operating_code}: which flight?")
            elif other := _other_operator(kept[0], operator):
                doubts.append(other)
            else:
                kept[0] = _flown_by(kept[0], operator)
        return kept, doubts

    def _others(self, fields: tuple[Field, ...], segments: list[DraftSegment]) -> list[str]:
        """Tell the designators and days that people see beside those that are told already."""
        known = {
            pair
            for each in segments
            for pair in (
                (each.marketing_code, bare_number(each.marketing_number)),
                (each.operating_code, bare_number(each.operating_number)),
            )
        }
        said = [
            f"another flight in the pass: {each.carrier} {each.number}{each.suffix}"
            for each in self._shown.flights(fields)
            if (each.carrier, each.number + each.suffix) not in known
        ]
        days = self._shown.days(fields, segments[0].origin)
        return said + [
            f"another day in the pass: {day.text}"
            for day in days
            if not any(_may_be_one_day(each.departs, day) for each in segments)
        ]


def _is_way(one: DraftSegment, other: DraftSegment) -> bool:
    return (one.origin, one.destination) == (other.origin, other.destination)


def _with(known: DraftSegment, claim: DraftSegment) -> DraftSegment:
    """Return a flight with the number, the places and the times that only the claim has."""
    is_seller = claim.marketing_code == known.marketing_code and not known.marketing_number
    also = elsewhere(Evidence(known.part, known.source), (*known.also, *claim.evidence))
    return replace(
        known,
        marketing_code=known.marketing_code or claim.marketing_code,
        marketing_number=claim.marketing_number
        if is_seller or not known.marketing_code
        else known.marketing_number,
        origin=known.origin or claim.origin,
        origin_name=known.origin_name or claim.origin_name,
        destination=known.destination or claim.destination,
        destination_name=known.destination_name or claim.destination_name,
        departs=_fuller(known.departs, claim.departs),
        arrives=known.arrives if known.arrives != DraftTime() else claim.arrives,
        also=also,
    )


def _fuller(known: DraftTime, other: DraftTime) -> DraftTime:
    """Return the time that says more, if both may be of one day."""
    if not _may_be_one_day(known, other) or known.clock or known.instant:
        return known
    if other.day is None:
        return replace(known, clock=other.clock)
    return replace(other, year=other.year or known.year)


def _may_be_one_day(one: DraftTime, other: DraftTime) -> bool:
    orders = {(other.month, other.day)} | ({(other.day, other.month)} if other.day_month_unsure else set())
    is_dated = one.day is not None and other.day is not None
    is_year = None in {one.year, other.year} or one.year == other.year
    return not is_dated or (is_year and (one.month, one.day) in orders)


def _against(known: DraftSegment, claim: DraftSegment, claims: Iterable[DraftSegment]) -> Iterator[str]:
    """Yield what a claim says against a flight; a departure that was moved is not against the planned one."""
    named = {known.marketing_code, known.operating_code} - {""}
    numbers = {bare_number(known.marketing_number), bare_number(known.operating_number)} - {None}
    claimed = bare_number(claim.marketing_number)
    pairs = (
        (claim.marketing_code and named and claim.marketing_code not in named, "carrier"),
        (
            claimed and numbers and claimed not in numbers and claim.marketing_code == known.operating_code,
            "flight number",
        ),
        (known.origin and claim.origin and known.origin != claim.origin, "origin"),
        (known.destination and claim.destination and known.destination != claim.destination, "destination"),
        (
            not any(
                _may_be_one_day(known.departs, each.departs) for each in claims if each.source == claim.source
            ),
            "day",
        ),
    )
    for differs, what in pairs:
        if differs:
            yield f"the pass contradicts itself on the {what}: {_told(known)}; {_told(claim)}"


def _told(segment: DraftSegment) -> str:
    departs = segment.departs
    is_dated = departs.month and departs.day and segment.source.startswith("tags")
    return f"{segment.source} {departs.month:02}-{departs.day:02}" if is_dated else segment.source


def _other_operator(known: DraftSegment, said: DraftSegment) -> str:
    """Tell an operator by code that is not the one of the bar code; names are compared when settled."""
    if known.operating_code and said.operating_code and known.operating_code != said.operating_code:
        return f"the pass contradicts itself on the operator: {known.source}; field: {said.operating_code}"
    return ""


def _flown_by(known: DraftSegment, said: DraftSegment) -> DraftSegment:
    operator = " / ".join(dict.fromkeys(filter(None, (known.operator, said.operator))))
    return replace(
        known,
        operator=operator,
        operating_code=known.operating_code or said.operating_code,
        operating_number=known.operating_number or said.operating_number,
        operating_basis=known.operating_basis if known.operating_code else None,
    )


def _rivals(draft: Draft, other: Draft) -> Iterator[str]:
    """Tell the flights of another bar code in the same pass; mostly it is the same in another symbol."""
    known = {each.source for each in draft.segments}
    return (f"another {each.source}" for each in other.segments if each.source not in known)


def _mode(packed: Packed) -> Mode | None:
    shown = packed.content.get(style_of(packed.content), {})
    return _MODES.get(text_of(shown.get("transitType")))
