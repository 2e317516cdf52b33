"""E-mail: every part of a message is read, and what the parts say of one booking becomes one draft.

Who sent the mail decides nothing: people forward.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.drafts import Draft
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.itineraries import Outcome
from travelrisk.domain.places import Atlas
from travelrisk.intake.beside.doubts import cancellations_in, doubts_of_mail, tells_a_change
from travelrisk.intake.beside.prose import Prose
from travelrisk.intake.beside.remarks import Remarks
from travelrisk.intake.decoding import decode
from travelrisk.intake.document import Document, Reading, reading_of, refused
from travelrisk.intake.lines.matching import is_same
from travelrisk.intake.lines.text import HOW, FreeText
from travelrisk.intake.mails.attachments import Attachment
from travelrisk.intake.mails.envelope import MOST_DEEP, Envelope, Part, opened, why_not
from travelrisk.intake.merging.contradictions import Parts
from travelrisk.intake.merging.folding import Belongs, fold_text, in_language, within
from travelrisk.intake.pages.structured import reservations
from travelrisk.intake.pages.webpages import webpage
from travelrisk.intake.passes.flights import joined
from travelrisk.intake.sniffing import UNREAD_FORMS, Form, form_of
from travelrisk.intake.words.moments import dates_in
from travelrisk.intake.words.relatives import uncounted

_QUOTED = re.compile(r"^[> ]*> ?", re.MULTILINE)
_SENT = re.compile(
    r"^[*_ ]*(?:sent|date|gesendet|datum|envoy[ée]|enviado(?: el)?|fecha|inviato)[*_ ]*:[*_ ]*"
    r"(?P<when>[^\n]{6,70}[0-9][:h][0-9]{2}[^\n]{0,10})$",
    re.MULTILINE | re.IGNORECASE,
)
_SUBJECT = re.compile(r"^[*_ ]*(?:subject|objet|asunto|betreff|oggetto)[*_ ]*:", re.MULTILINE | re.IGNORECASE)
_AROUND = 300  # a date is that of a message where a subject stands as near as this
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
        self._text = FreeText(atlas, book)
        self._prose = Prose(atlas, book)
        self._remarks = Remarks(atlas, book)
        self._parts = Parts(atlas)
        self._read = read

    def accepts(self, document: Document) -> bool:
        """Say whether this is a message."""
        return form_of(document) is Form.EML

    def read(self, document: Document) -> Iterator[Reading]:
        """Read a message; one reading for all its parts."""
        reason = why_not(document.content)
        if reason or document.depth > MOST_DEEP:
            yield refused(self.name, reason or f"The mail holds mails more than {MOST_DEEP} deep")
            return
        try:
            letter = opened(document.content)
        except BadInputError as error:
            yield refused(self.name, str(error))
            return
        yield self._reading(letter, document)

    def _reading(self, letter: Envelope, document: Document) -> Reading:
        drafts, unread = self._structured(letter)
        belongs = None if drafts else self._parts.belongs
        attached = self._attached(letter, document)
        unread += [line for reading in attached for line in reading.unread]
        for reading in attached:
            if reading.form not in _PASSES:
                drafts = self._parts.fold(drafts, reading.drafts)
        drafts, loose = self._with_text(letter, drafts, belongs)
        # Passes come last: a text has the hours that they lack, and they the operator that it leaves out.
        passes = joined(draft for reading in attached if reading.form in _PASSES for draft in reading.drafts)
        drafts = self._parts.fold(drafts, passes)
        unread += self._doubts(letter, drafts)
        claimed = {line for draft in drafts for line in draft.unread}
        reasons = [reading.reason for reading in attached if reading.outcome is Outcome.UNREADABLE]
        nothing = f"No flight was found in the mail: {HOW}"
        if letter.is_cut:
            unread.append("The mail is cut off: its last part does not end")
        everything = tuple(line for line in (*unread, *loose) if line not in claimed)
        return reading_of(
            self.name, in_language(drafts, letter.languages), everything, ". ".join([*reasons, nothing])
        )

    def _structured(self, letter: Envelope) -> tuple[list[Draft], list[str]]:
        drafts: list[Draft] = []
        unread: list[str] = []
        for part in letter.pages:
            page = webpage(part.text)
            found = reservations(page.nodes, self._atlas, self._book, page.announced, part.issued)
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

    def _with_text(
        self, letter: Envelope, drafts: list[Draft], belongs: Belongs | None
    ) -> tuple[list[Draft], list[str]]:
        """Read the text where nothing better was found; else take from it what the rest does not say."""
        pages = [part for part in letter.texts if part.is_page]
        plain = [part for part in letter.texts if not part.is_page]
        unread: list[str] = []
        beside = [*pages, *plain]
        if not drafts:
            drafts, unread, beside = self._first(plain, pages, letter.subjects)
            belongs = None
        folded: tuple[Draft, ...] = tuple(drafts)
        for part in beside:
            folded, lines = fold_text(folded, _unquoted(part.text), self._text, belongs)
            unread += lines
        return list(folded), unread

    def _first(self, *kinds: list[Part]) -> tuple[list[Draft], list[str], list[Part]]:
        """Read the first kind of part that holds a flight: the text, the page as people see it, the subject.

        Returns:
            The drafts, what of it is unread, and the parts of the kinds behind it, which may say more.
        """
        missed: dict[str, None] = {}
        for number, parts in enumerate(kinds, 1):
            drafts, unread = self._read_texts(parts)
            if drafts:
                return drafts, unread, [part for kind in kinds[number:-1] for part in kind]
            missed |= dict.fromkeys(unread)
        return [], list(missed), []

    def _doubts(self, letter: Envelope, drafts: list[Draft]) -> Iterator[str]:
        """Yield the lines of texts and subjects that say more than the flights, once there are any."""
        flights = [segment for draft in drafts for segment in draft.segments]
        if not flights:
            return
        for part in (*letter.texts, *letter.notes, *letter.subjects):
            text = self._text.unlabelled(_unquoted(part.text))
            yield from doubts_of_mail(text, flights, self._book)
            yield from self._prose.doubts(text, flights)
            yield from cancellations_in(text, flights)
            yield from self._remarks.among(text, flights, is_about_them=part in letter.subjects)
        for part in letter.subjects:
            draft, _ = self._text.draft(part.text, is_dated=True)
            named = [segment for segment in draft.segments if segment.marketing_number]
            if not all(any(is_same(flight, each) for flight in flights) for each in named) or tells_a_change(
                part.text
            ):
                yield part.text

    def _read_texts(self, parts: list[Part]) -> tuple[list[Draft], list[str]]:
        found: list[Draft] = []
        loose: list[str] = []
        for part in parts:
            quoted = _innermost_date(part.text)
            reading = self._text.read_text(_unquoted(part.text), context=quoted or part.issued)
            drafts = [
                replace(draft, issued=draft.issued or quoted or part.issued) for draft in reading.drafts
            ]
            if quoted and quoted != part.issued:
                drafts = [uncounted(draft) for draft in drafts]
            found = self._parts.fold(found, drafts)
            loose += reading.unread or ([reading.reason] if reading.outcome is Outcome.UNREADABLE else [])
        return found, loose


def _unquoted(text: str) -> str:
    return _QUOTED.sub("", text)


def _innermost_date(text: str) -> date | None:
    """Return the date of the message that was forwarded last of all, where its header stands in the text."""
    plain = _unquoted(text)
    day = None
    for match in _SENT.finditer(plain):
        if _SUBJECT.search(plain, max(0, match.start() - _AROUND), match.end() + _AROUND):
            day = _day_in(match["when"]) or day
    return day


def _day_in(written: str) -> date | None:
    for found in dates_in(written):
        moment = found.moment
        if moment.year and moment.month and moment.day and not moment.day_month_unsure:
            try:
                return date(moment.year, moment.month, moment.day)
            except ValueError:
                return None
    return None


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
