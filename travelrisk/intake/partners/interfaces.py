"""Reads JSON and XML of booking interfaces: their fields tell whose they are, and a table reads them."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.places import Atlas
from travelrisk.intake.decoding import decode
from travelrisk.intake.document import Document, Reading, reading_of, refused
from travelrisk.intake.limits import CHUNK_DRAFTS
from travelrisk.intake.partners.orders import Orders
from travelrisk.intake.partners.source import Source
from travelrisk.intake.partners.sources import SOURCES
from travelrisk.intake.partners.trees import Tree, name_of, names_in, tree_of_json, tree_of_xml
from travelrisk.intake.sniffing import Form, form_of

_SCHEMA = '"FlightReservation"'
_PASTE = "paste the flights as text, or send the calendar file"
_KNOWN = ", ".join(source.name for source in SOURCES)


class Interface:
    """Reads one document of a booking interface."""

    name = "interface"

    def __init__(self, atlas: Atlas, _book: CarrierBook) -> None:
        self._atlas = atlas

    def accepts(self, document: Document) -> bool:
        """Say whether this is XML, or JSON with the words of some source."""
        form = form_of(document)
        if form is Form.XML:
            return True
        if form is not Form.JSON:
            return False
        text = decode(document.content)
        return _SCHEMA not in text and any(_fits(source, _words(text)) for source in SOURCES)

    def read(self, document: Document) -> Iterator[Reading]:
        """Read a document; one reading, or one for some hundred bookings."""
        form = form_of(document)
        text = decode(document.content).lstrip("\ufeff \t\r\n\0").rstrip("\0")
        try:
            tree = tree_of_json(text) if form is Form.JSON else tree_of_xml(text)
        except BadInputError as error:
            yield refused(form.value, str(error))
            return
        names = names_in(tree)
        source = next((each for each in SOURCES if _fits(each, names)), None)
        if source is None:
            kind = form.value.upper()
            reason = f"This {kind} is none of those that are read ({_KNOWN}): {_PASTE}"
            yield refused(form.value, reason)
            return
        yield from self._readings(form, source, tree)

    def _readings(self, form: Form, source: Source, tree: Tree) -> Iterator[Reading]:
        drafts, unread = Orders(source, tree, self._atlas).found()
        flying = [each for each in drafts if each.segments]
        unread += (line for each in drafts if not each.segments for line in each.unread)
        nothing = f"The document is a {source.name} without a flight"
        for start in range(0, max(1, len(flying)), CHUNK_DRAFTS):
            chunk = tuple(flying[start : start + CHUNK_DRAFTS])
            yield reading_of(form.value, chunk, tuple(unread if not start else ()), nothing)


@lru_cache(maxsize=1)
def _signs() -> frozenset[str]:
    return frozenset(word for source in SOURCES for sign in source.signs for word in sign.split())


def _words(text: str) -> set[str]:
    """Return the signs that stand in a text, before it is taken to pieces."""
    small = text.lower()
    return {name_of(each) for each in _signs() if each.lower() in small}


def _fits(source: Source, names: Iterable[str]) -> bool:
    known = frozenset(names)
    return any(known.issuperset(map(name_of, sign.split())) for sign in source.signs)
