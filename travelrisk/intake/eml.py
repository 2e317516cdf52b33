"""E-mail: every part of a message is read, and what the parts say of one booking becomes one draft.

Who sent the mail decides nothing: people forward. The standard parser is asked only after a scan for the
bombs that break it, and each text is decoded here, since declared charsets are wrong as often as not.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parsedate_to_datetime

from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.drafts import Draft
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.itineraries import Outcome
from travelrisk.domain.places import Atlas
from travelrisk.intake.attachments import Attachment
from travelrisk.intake.contradictions import Parts
from travelrisk.intake.decoding import decode
from travelrisk.intake.document import Document, Reading, reading_of, refused
from travelrisk.intake.doubts import cancellations_in, doubts_of_mail
from travelrisk.intake.folding import Belongs, fold_text, in_language
from travelrisk.intake.matching import is_same
from travelrisk.intake.moments import dates_in
from travelrisk.intake.prose import Prose
from travelrisk.intake.relatives import uncounted
from travelrisk.intake.remarks import Remarks
from travelrisk.intake.sniffing import UNREAD_FORMS, Form, form_of
from travelrisk.intake.structured import reservations
from travelrisk.intake.text import HOW, FreeText
from travelrisk.intake.webpages import webpage

_MOST_PARTS = 100
_DEEPEST = 10
_LONGEST_HEADER = 65_536
_LONGEST_NAME = 200
_STUB = 40  # a text shorter than this only says "see the HTML part"
_BOUNDARY = re.compile(rb"boundary[ \t]*=[ \t]*\"?([^\"\r\n;]{1,200})", re.IGNORECASE)
_END_OF_HEADER = re.compile(rb"\r?\n\r?\n")
_QUOTED = re.compile(r"^[> ]*> ?", re.MULTILINE)
_SENT = re.compile(
    r"^[*_ ]*(?:sent|date|gesendet|datum|envoy[ée]|enviado(?: el)?|fecha|inviato)[*_ ]*:[*_ ]*"
    r"(?P<when>[^\n]{6,70}[0-9][:h][0-9]{2}[^\n]{0,10})$",
    re.MULTILINE | re.IGNORECASE,
)
_SUBJECT = re.compile(r"^[*_ ]*(?:subject|objet|asunto|betreff|oggetto)[*_ ]*:", re.MULTILINE | re.IGNORECASE)
_AROUND = 300  # a date is that of a message where a subject stands as near as this
_SHOWN = re.compile(r"cid:([^\s\"'<>)]{1,200})", re.IGNORECASE)
_TABLES = {Form.CSV.value, Form.XLSX.value}
_CUT = {"CloseBoundaryNotFoundDefect", "StartBoundaryNotFoundDefect"}


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
        reason = _scan(document.content)
        if reason or document.depth > _DEEPEST:
            yield refused(self.name, reason or f"The mail holds mails more than {_DEEPEST} deep")
            return
        try:
            letter = _opened(message_from_bytes(document.content.lstrip(), policy=policy.compat32))
        except BadInputError as error:
            yield refused(self.name, str(error))
            return
        yield self._reading(letter, document)

    def _reading(self, letter: "_Letter", document: Document) -> Reading:
        drafts, unread = self._structured(letter)
        belongs = None if drafts else self._parts.belongs
        attached = self._attached(letter, document)
        unread += [line for reading in attached for line in reading.unread]
        for reading in attached:
            drafts = self._parts.fold(drafts, reading.drafts)
        drafts, loose = self._with_text(letter, drafts, belongs)
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

    def _structured(self, letter: "_Letter") -> tuple[list[Draft], list[str]]:
        drafts: list[Draft] = []
        unread: list[str] = []
        for part in letter.pages:
            page = webpage(part.text)
            found = reservations(page.nodes, self._atlas, page.announced, part.issued)
            drafts = self._parts.fold(drafts, found.drafts)
            unread += found.unread
            letter.texts.append(replace(part, text=page.text, is_page=True))
            letter.languages.append(page.language)
        return drafts, unread

    def _attached(self, letter: "_Letter", document: Document) -> list[Reading]:
        readings: list[Reading] = []
        for part in letter.files:
            inner = document.inner(part.file.content, part.file.name, part.file.media_type)
            form = part.file.kind(form_of(inner))
            if part.file.is_silent(form, letter.shown):
                continue
            if form in UNREAD_FORMS:
                readings.append(
                    refused(form.value, UNREAD_FORMS[form], (part.file.told(UNREAD_FORMS[form]),))
                )
                continue
            readings += (_told(_issued(reading, part.issued), part.file) for reading in self._read(inner))
        return readings

    def _with_text(
        self, letter: "_Letter", drafts: list[Draft], belongs: Belongs | None
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

    def _first(self, *kinds: list["_Part"]) -> tuple[list[Draft], list[str], list["_Part"]]:
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

    def _doubts(self, letter: "_Letter", drafts: list[Draft]) -> Iterator[str]:
        """Yield the lines of texts and subjects that say more than the flights, once there are any."""
        flights = [segment for draft in drafts for segment in draft.segments]
        if not flights:
            return
        for part in (*letter.texts, *letter.subjects):
            text = _unquoted(part.text)
            yield from doubts_of_mail(text, flights, self._book)
            yield from self._prose.doubts(text, flights)
            yield from cancellations_in(text, flights)
            yield from self._remarks.among(text, flights)
        for part in letter.subjects:
            draft, _ = self._text.draft(part.text, is_dated=True)
            named = [segment for segment in draft.segments if segment.marketing_number]
            if not all(any(is_same(flight, each) for flight in flights) for each in named):
                yield part.text

    def _read_texts(self, parts: list["_Part"]) -> tuple[list[Draft], list[str]]:
        found: list[Draft] = []
        loose: list[str] = []
        for part in parts:
            reading = self._text.read_text(_unquoted(part.text))
            quoted = _innermost_date(part.text)
            drafts = [replace(draft, issued=quoted or part.issued) for draft in reading.drafts]
            if quoted and quoted != part.issued:
                drafts = [uncounted(draft) for draft in drafts]
            found = self._parts.fold(found, drafts)
            loose += reading.unread or ([reading.reason] if reading.outcome is Outcome.UNREADABLE else [])
        return found, loose


@dataclass(frozen=True, slots=True)
class _Part:
    """A readable part of a message, with the date of the innermost message it stands in."""

    text: str = ""
    file: Attachment = field(default_factory=Attachment)
    issued: date | None = None
    is_page: bool = False


@dataclass(slots=True)
class _Letter:
    texts: list[_Part] = field(default_factory=list)
    pages: list[_Part] = field(default_factory=list)
    files: list[_Part] = field(default_factory=list)
    subjects: list[_Part] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    is_cut: bool = False

    @property
    def shown(self) -> frozenset[str]:
        """The identifiers of the pictures that a page of the mail shows in its midst."""
        return frozenset(match[1] for part in self.pages for match in _SHOWN.finditer(part.text))


def _scan(content: bytes) -> str:
    """Return why a message must not be parsed, or nothing.

    Measured with the standard parser: 20,000 parts take 14 seconds, a subject of 5.6 MB over 20, and 2,000
    nested parts end in a RecursionError.
    """
    end = _END_OF_HEADER.search(content.lstrip()[: 2 * _LONGEST_HEADER])
    if (end.start() if end else len(content)) > _LONGEST_HEADER:
        return f"The header of the mail is longer than {_LONGEST_HEADER // 1024} kB: forward it without"
    boundaries = {match[1].strip() for match in _BOUNDARY.finditer(content)}
    nested = content.lower().count(b"message/rfc822")
    parts = sum(content.count(b"\n--" + boundary) for boundary in sorted(boundaries)[:_MOST_PARTS])
    if max(len(boundaries), nested, parts - len(boundaries)) > _MOST_PARTS:
        return f"The mail has more than {_MOST_PARTS} parts: send the itinerary alone"
    return ""


def _opened(message: Message) -> _Letter:
    letter = _Letter()
    waiting: list[tuple[Message, int, date | None]] = [(message, 0, None)]
    count = 0
    while waiting:
        part, depth, issued = waiting.pop()
        count += 1
        if depth > _DEEPEST or count > _MOST_PARTS:
            limits = f"more than {_MOST_PARTS} parts, or parts more than {_DEEPEST} deep"
            raise BadInputError(f"The mail has {limits}: send the itinerary alone")
        if sum(len(name) + len(str(value)) for name, value in part.raw_items()) > _LONGEST_HEADER:
            raise BadInputError(f"A part of the mail has a header longer than {_LONGEST_HEADER // 1024} kB")
        issued = _date_of(part) or issued
        if part.get("Subject"):
            letter.subjects.append(_Part(_header(str(part["Subject"])), issued=issued))
        if part.get("Content-Language"):
            letter.languages.append(str(part["Content-Language"]))
        letter.is_cut |= any(type(defect).__name__ in _CUT for defect in part.defects)
        inner = part.get_payload()
        if part.is_multipart() and isinstance(inner, list):
            waiting.extend((each, depth + 1, issued) for each in reversed(inner) if isinstance(each, Message))
        else:
            _sort_in(letter, part, issued)
    return letter


def _sort_in(letter: _Letter, part: Message, issued: date | None) -> None:
    content = _content(part)
    media_type = part.get_content_type().lower()
    name = _file_name(part)
    is_attached = part.get_content_disposition() == "attachment"
    is_file = is_attached or bool(name)
    if media_type == "text/html" and not is_file:
        letter.pages.append(_Part(_text(part, content), issued=issued))
    elif media_type == "text/plain" and not is_file:
        letter.texts.append(_Part(_text(part, content), issued=issued))
    else:
        content_id = str(part.get("Content-ID", "")).strip(" <>")
        file = Attachment(content, name, media_type, content_id, is_attached=is_attached)
        letter.files.append(_Part("", file, issued))


def _content(part: Message) -> bytes:
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, LookupError, AttributeError, AssertionError):
        payload = None
    if isinstance(payload, bytes):
        return payload
    return str(part.get_payload()).encode(errors="replace")


def _text(part: Message, content: bytes) -> str:
    """Decode a text: UTF-8 where the bytes allow it, else as declared, else cp1252."""
    declared = str(part.get_content_charset() or "").lower()
    if declared.startswith(("iso-2022", "utf-7", "utf-16", "utf-32", "hz")):
        return _decoded(content, declared) or decode(content)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _decoded(content, declared) or decode(content)


def _decoded(content: bytes, charset: str) -> str:
    try:
        return content.decode(charset)
    except (LookupError, ValueError):  # unknown-8bit, or not what it says
        return ""


def _file_name(part: Message) -> str:
    try:
        return _header(part.get_filename() or "")[-_LONGEST_NAME:]
    except (ValueError, LookupError, AttributeError, IndexError, TypeError):
        return "attachment"


def _header(written: str) -> str:
    """Decode a header; what no charset explains stays as written."""
    try:
        return str(make_header(decode_header(written)))
    except (ValueError, LookupError, AttributeError, IndexError, TypeError):
        return written


def _date_of(part: Message) -> date | None:
    written = part.get("Date")
    if not written:
        return None
    try:
        return parsedate_to_datetime(str(written)).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


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


def _issued(reading: Reading, issued: date | None) -> Reading:
    """Give the drafts of an attachment the date of their message, unless they bear their own."""
    drafts = tuple(replace(draft, issued=draft.issued or issued) for draft in reading.drafts)
    return replace(reading, drafts=drafts)


def _told(reading: Reading, file: Attachment) -> Reading:
    """Tell an attachment that its reader could not read; a table says itself which rows are flights."""
    if reading.outcome is not Outcome.UNREADABLE or reading.unread or reading.form in _TABLES:
        return reading
    return replace(reading, unread=(file.told(reading.reason),))
