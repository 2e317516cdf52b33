"""E-mail: every part of a message is read, and what the parts say of one booking becomes one draft.

A message that somebody pasted as text is read as the body of a mail is. Who sent the mail decides nothing:
people forward.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.drafts import Draft
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.itineraries import Outcome
from travelrisk.domain.places import Atlas
from travelrisk.intake.decoding import decode
from travelrisk.intake.document import Document, Reading, reading_of, refused
from travelrisk.intake.lines.text import HOW
from travelrisk.intake.mails import archives, outlook, tnef
from travelrisk.intake.mails.attachments import Attachment
from travelrisk.intake.mails.envelope import Envelope, Part, opened, why_not
from travelrisk.intake.mails.forwards import holds_a_message, innermost_day
from travelrisk.intake.mails.texts import Texts, taken_apart
from travelrisk.intake.merging.contradictions import Parts
from travelrisk.intake.merging.folding import in_language, within
from travelrisk.intake.pages.structured import reservations
from travelrisk.intake.pages.webpages import webpage
from travelrisk.intake.passes.flights import joined
from travelrisk.intake.sniffing import UNREAD_FORMS, Form, form_of

_NOTES = {Form.TEXT, Form.HTML}
_PASSES = {Form.IMAGE.value, Form.PKPASS.value, Form.BARCODE.value}
_MOST_PICTURES = 10  # each may take half a second
_MANY_PICTURES = f"More than {_MOST_PICTURES} pictures in the mail: send those with boarding passes alone"
_TABLES = {Form.CSV.value, Form.XLSX.value}


class Mail:
    """Reads messages with all their parts; attachments go to the other readers."""

    name = "eml"

    def __init__(
        self, atlas: Atlas, book: CarrierBook, read: Callable[[Document], Iterator[Reading]]
    ) -> None:
        self._atlas = atlas
        self._book = book
        self._parts = Parts(atlas)
        self._texts = Texts(atlas, book, self._parts)
        self._read = read

    def accepts(self, document: Document) -> bool:
        """Say whether this is a message, or a text with one in it."""
        form = form_of(document)
        return form in _OPENERS or (form is Form.TEXT and holds_a_message(decode(document.content)))

    def read(self, document: Document) -> Iterator[Reading]:
        """Read a message; one reading for all its parts."""
        form = form_of(document)
        if form is Form.TEXT:
            pasted = Part(decode(document.content), issued=document.context_date)
            yield self._reading(Envelope(texts=[pasted]), document, form)
            return
        try:
            letter = _OPENERS[form](document.content)
        except BadInputError as error:
            yield refused(form.value, str(error))
            return
        yield self._reading(letter, document, form)

    def _reading(self, letter: Envelope, document: Document, form: Form) -> Reading:
        drafts, unread = self._structured(letter)
        unread += letter.lost
        belongs = None if drafts else self._parts.belongs
        attached = self._attached(letter, document)
        unread += [line for reading in attached for line in reading.unread]
        for reading in sorted(attached, key=_distrust):
            if reading.form not in _PASSES:
                drafts = self._parts.fold(drafts, reading.drafts)
        taken_apart(letter)
        drafts, loose, replaced = self._texts.beside(letter, drafts, belongs)
        # Passes come last: a text has the hours that they lack, and they the operator that it leaves out.
        passes = joined(draft for reading in attached if reading.form in _PASSES for draft in reading.drafts)
        drafts = self._texts.held(letter, self._parts.fold(drafts, passes))
        flights = [segment for draft in drafts for segment in draft.segments]
        unread += self._texts.doubts(letter, [*flights, *replaced])
        claimed = {line for draft in drafts for line in draft.unread}
        reasons = [reading.reason for reading in attached if reading.outcome is Outcome.UNREADABLE]
        nothing = f"No flight was found in {_CALLED.get(form, 'the mail')}: {HOW}"
        if letter.is_cut:
            unread.append("The mail is cut off: its last part does not end")
        everything = tuple(line for line in (*unread, *loose) if line not in claimed)
        return reading_of(
            form.value, in_language(drafts, letter.languages), everything, ". ".join([*reasons, nothing])
        )

    def _structured(self, letter: Envelope) -> tuple[list[Draft], list[str]]:
        drafts: list[Draft] = []
        unread: list[str] = []
        for part in letter.pages:
            page = webpage(part.text)
            written = innermost_day(page.text, part.issued)
            found = reservations(page.nodes, self._atlas, self._book, page.announced, written)
            drafts = self._parts.fold(drafts, found.drafts)
            unread += found.unread
            letter.texts.append(replace(part, text=page.text, is_page=True))
            letter.languages.append(page.language)
        return drafts, unread

    def _attached(self, letter: Envelope, document: Document) -> list[Reading]:
        readings: list[Reading] = []
        pictures = 0
        for part in letter.files:
            inner = document.inner(part.file.content, part.file.name, part.file.media_type)
            inner = replace(inner, context_date=part.issued or document.context_date)
            form = part.file.kind(form_of(inner))
            is_silent = part.file.is_silent(form, letter.shown)
            pictures += form is Form.IMAGE
            if form is Form.IMAGE and pictures > _MOST_PICTURES:
                readings += () if is_silent else (_refused(Form.IMAGE, _MANY_PICTURES, part.file),)
                continue
            if is_silent:
                # Without a bar code, and with one that is none of a boarding pass, it is decoration.
                found = self._read(inner) if form is Form.IMAGE else ()
                readings += (_of_part(reading, part) for reading in found if reading.drafts)
                continue
            if form in UNREAD_FORMS:
                readings.append(_refused(form, UNREAD_FORMS[form], part.file))
                continue
            if form in _NOTES:
                text = decode(part.file.content)
                letter.notes.append(replace(part, text=webpage(text).text if form is Form.HTML else text))
            readings += (_told(_of_part(reading, part), part.file) for reading in self._read(inner))
        return readings


def _mail(content: bytes) -> Envelope:
    reason = why_not(content)
    if reason:
        raise BadInputError(reason)
    return opened(content)


_OPENERS: dict[Form, Callable[[bytes], Envelope]] = {
    Form.EML: _mail,
    Form.MSG: outlook.opened,
    Form.TNEF: tnef.opened,
    Form.ZIP: archives.opened,
}
"""What takes a container to pieces, by its form."""
_CALLED = {Form.TEXT: "the text", Form.ZIP: "the archive", Form.TNEF: "the winmail.dat"}


def _distrust(reading: Reading) -> int:
    """Return how late a form is believed: fields before calendars, those before tables, and texts last."""
    if reading.form in _NOTES:
        return 3
    return 2 if reading.form in {*_TABLES, *_OPENERS, Form.PDF} else int(reading.form == Form.ICS)


def _refused(form: Form, why: str, file: Attachment) -> Reading:
    return refused(form.value, why, (file.told(why),))


def _of_part(reading: Reading, part: Part) -> Reading:
    """Give the drafts of an attachment its name, and the date of their message unless they bear their own."""
    drafts = (
        replace(
            draft,
            issued=draft.issued or part.issued,
            segments=tuple(within(each, part.file.name) for each in draft.segments),
        )
        for draft in reading.drafts
    )
    return replace(reading, drafts=tuple(drafts))


def _told(reading: Reading, file: Attachment) -> Reading:
    """Tell an attachment that its reader could not read; a table says itself which rows are flights."""
    if reading.outcome is not Outcome.UNREADABLE or reading.unread or reading.form in _TABLES:
        return reading
    return replace(reading, unread=(file.told(reading.reason),))
