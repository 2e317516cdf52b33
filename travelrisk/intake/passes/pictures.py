"""Pictures of boarding passes: the bar codes in them are read, and nothing else they show.

A picture says more than its bar code, but only a person can read that; who wants it judged sends it as text.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.drafts import Draft
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.places import Atlas
from travelrisk.intake.document import Document, Reading, reading_of, refused
from travelrisk.intake.passes.barcodes import Codes, codes_in
from travelrisk.intake.passes.bcbp import pass_of
from travelrisk.intake.passes.flights import DAMAGED, draft_of, joined
from travelrisk.intake.sniffing import UNREAD_FORMS, Form, form_of

_INSTEAD = "paste the flights as text, or send the boarding pass or the itinerary itself"
_NO_CODE = f"A picture without a bar code: {_INSTEAD}"
_OTHER_CODE = f"A picture whose bar code is of no boarding pass: {_INSTEAD}"
_DAMAGED_CODE = f"A picture with a bar code that cannot be read: {_INSTEAD}"


class Pictured(NamedTuple):
    """What the bar codes in a picture say.

    Attributes:
        drafts: the bookings of the boarding passes; several passes of one booking are one draft.
        unread: what looks like another pass and cannot be read.
        nothing: why there is no draft; empty where there is one.
    """

    drafts: tuple[Draft, ...] = ()
    unread: tuple[str, ...] = ()
    nothing: str = ""


def passes_in(image: object, context: date | None = None) -> Pictured:
    """Read the boarding passes in a picture, for any reader that comes across one.

    Args:
        image: the bytes of a picture file, a PIL image, or a numpy array of 8 bits (grey, or three colours).
        context: when the document was written or arrived; a bar code has a day and no year.
    """
    try:
        codes = codes_in(image)
    except BadInputError as error:
        return Pictured(nothing=f"{error}: send it as PNG or JPEG")
    found = [boarding for text in codes.texts if (boarding := pass_of(text))]
    drafts = joined(draft_of(boarding, context) for boarding in found)
    missed = (DAMAGED,) if drafts and codes.has_damaged else ()
    return Pictured(drafts, missed, "" if drafts else _why_nothing(codes))


def _why_nothing(codes: Codes) -> str:
    if codes.has_damaged:
        return _DAMAGED_CODE
    return _OTHER_CODE if codes.texts else _NO_CODE


class Pictures:
    """Reads picture files."""

    name = "image"

    def __init__(self, _atlas: Atlas, _book: CarrierBook) -> None: ...

    def accepts(self, document: Document) -> bool:
        """Say whether this is a picture, by its content or, where nobody knows that, by its media type."""
        form = form_of(document)
        is_called_one = form in UNREAD_FORMS and document.media_type.startswith("image/")
        return form is Form.IMAGE or (is_called_one and form is not Form.HEIC)

    def read(self, document: Document) -> Iterator[Reading]:
        """Read the bar codes in a picture."""
        found = passes_in(document.content, document.context_date)
        if found.nothing:
            yield refused(self.name, found.nothing)
        else:
            yield reading_of(self.name, found.drafts, found.unread, "")
