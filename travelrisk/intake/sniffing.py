"""What a document is, judged by its content first; name and media type are often wrong and come last."""

import re
from enum import StrEnum

from travelrisk.intake.decoding import decode
from travelrisk.intake.document import Document

_HEAD = 16_384
_NEAR_TOP = 1024
_MAIL_LINES = 40
_PASTE = "paste the flights as text, or send the calendar file"


class Form(StrEnum):
    """Every form that is recognised; UNREAD_FORMS says which of them nobody reads yet."""

    EMPTY = "empty"
    PDF = "pdf"
    PKPASS = "pkpass"
    XLSX = "xlsx"
    DOCX = "docx"
    ZIP = "zip"
    MSG = "msg"
    XLS = "xls"
    TNEF = "tnef"
    IMAGE = "image"
    HEIC = "heic"
    ICS = "ics"
    JSON = "json"
    HTML = "html"
    XML = "xml"
    EDIFACT = "edifact"
    AIR_FILE = "air"
    BARCODE = "bcbp"
    EML = "eml"
    CSV = "csv"
    BINARY = "binary"
    TEXT = "text"


UNREAD_FORMS = {
    Form.EMPTY: "The document is empty: send it again",
    Form.DOCX: f"Word documents are not read yet: {_PASTE}",
    Form.ZIP: "ZIP archives are not opened: send the files in it one by one",
    Form.MSG: "Outlook messages (.msg) are not read: save the message as .eml, or paste its text",
    Form.XLS: "Workbooks of the old form (.xls) are not read: save it as .xlsx or .csv",
    Form.TNEF: "The mail came as winmail.dat, which is not read: send it again as plain text or HTML",
    Form.HEIC: "Pictures of the form HEIC are not read: send it as JPEG or PNG",
    Form.XML: f"This XML is not read yet: {_PASTE}",
    Form.EDIFACT: f"EDIFACT messages are not read yet: {_PASTE}",
    Form.AIR_FILE: f"Back-office files are not read yet: {_PASTE}",
    Form.BINARY: f"Nobody here knows this kind of file: {_PASTE}",
}

_MAGIC = (
    (b"\xd0\xcf\x11\xe0", Form.MSG),
    (b"\x78\x9f\x3e\x22", Form.TNEF),
    (b"\x89PNG", Form.IMAGE),
    (b"\xff\xd8\xff", Form.IMAGE),
    (b"GIF8", Form.IMAGE),
)
_HEIC = re.compile(rb".{4}ftyp(?:hei[cxms]|hev[cxms]|mif1|msf1|avif)", re.DOTALL)
_WEBP = re.compile(rb"RIFF.{4}WEBP", re.DOTALL)
_MAIL_FIELD = re.compile(
    r"^(From|To|Subject|Date|MIME-Version|Received|Content-Type|Message-ID|Return-Path):", re.IGNORECASE
)
_FIELDS_OF_A_JOURNEY = {"from", "to", "date"}  # From: FRA, To: NBO, Date: 12 Dec is no mail
_BCBP = re.compile(r"M[1-4].{20}[ E].{7}[A-Z]{6}")
_AIR = re.compile(r"AIR-BLK[0-9]")
_EDIFACT = re.compile(r"UNA.{6}|UNB\+|UNH\+.{0,40}PNRGOV")
_CSV_NAME = re.compile(r"\.(csv|tsv)\Z", re.IGNORECASE)
_CSV_TYPES = {"text/csv", "text/tab-separated-values", "application/csv"}


def form_of(document: Document) -> Form:
    """Return the form of a document, from its first kilobytes (and the directory of a ZIP)."""
    head = document.content[:_HEAD]
    form = _binary_form(document.content, head)
    if form:
        is_cut = form is Form.ZIP and document.name.lower().endswith(".xlsx")
        return Form.XLSX if is_cut else form
    text = decode(head).lstrip("\ufeff \t\r\n")
    form = _marked_form(text)
    if form:
        return form
    if _is_mail(text):
        return Form.EML
    return Form.CSV if _is_table(document, text) else Form.TEXT


def _binary_form(content: bytes, head: bytes) -> Form | None:
    if len(content) <= _HEAD and not content.strip(b"\0 \r\n\t"):
        return Form.EMPTY
    if b"%PDF-" in head[:_NEAR_TOP]:
        return Form.PDF
    if head.startswith(b"PK\x03\x04"):
        return _zip_form(content)
    for pattern, form in ((_HEIC, Form.HEIC), (_WEBP, Form.IMAGE)):
        if pattern.match(head):
            return form
    for magic, form in _MAGIC:
        if head.startswith(magic):
            is_workbook = form is Form.MSG and "Workbook".encode("utf-16-le") in content[: 64 * _HEAD]
            return Form.XLS if is_workbook else form
    return None


def _zip_form(content: bytes) -> Form:
    """Judge by the names in the directory at the end, which stand there uncompressed."""
    directory = content[-_HEAD * 4 :]
    if b"xl/workbook" in directory:
        return Form.XLSX
    if b"word/document" in directory:
        return Form.DOCX
    return Form.PKPASS if b"pass.json" in directory or b".pkpass" in directory else Form.ZIP


def _marked_form(text: str) -> Form | None:
    """Judge a text by how it begins."""
    if "\0" in text:
        return Form.BINARY
    if re.match(r"BEGIN:VCALENDAR|BEGIN:VEVENT", text, re.IGNORECASE):
        return Form.ICS
    if text[:1] in {"{", "["} and re.match(r"[\[{\s]*[\"\]}]", text):
        return Form.JSON
    if text.startswith("<") and re.match(r"<[!?a-zA-Z]", text):
        return Form.XML if _is_xml(text) else Form.HTML
    for pattern, form in ((_EDIFACT, Form.EDIFACT), (_AIR, Form.AIR_FILE), (_BCBP, Form.BARCODE)):
        if pattern.match(text):
            return form
    return None


def _is_xml(text: str) -> bool:
    return text.startswith("<?xml") and "<html" not in text.lower()


def _is_mail(text: str) -> bool:
    """Say whether a header of a message stands at the very top: pasted text may have one further down."""
    fields = set()
    for number, line in enumerate(text.splitlines()[:_MAIL_LINES]):
        match = _MAIL_FIELD.match(line)
        if match:
            fields.add(match[1].lower())
        elif not line or (not number and not re.match(r"From |[\w-]+:", line)):
            break
    return len(fields) > 1 and not fields <= _FIELDS_OF_A_JOURNEY


def _is_table(document: Document, text: str) -> bool:
    from travelrisk.intake.words.headings import has_headings  # noqa: PLC0415 - needed for few

    media_type = document.media_type.partition(";")[0].strip().lower()
    return bool(_CSV_NAME.search(document.name)) or media_type in _CSV_TYPES or has_headings(text)
