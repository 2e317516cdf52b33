"""What a document is, judged by its content first; name and media type are often wrong and come last."""

import io
import re
import zipfile
from enum import StrEnum
from functools import lru_cache

from travelrisk.intake.decoding import DAMAGED_ZIP, decode
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
    ODS = "ods"
    ODT = "odt"
    DOCX = "docx"
    ZIP = "zip"
    MSG = "msg"
    XLS = "xls"
    LOCKED = "locked"
    OLE = "ole"
    TNEF = "tnef"
    IMAGE = "image"
    HEIC = "heic"
    ICS = "ics"
    JSON = "json"
    HTML = "html"
    XML = "xml"
    EDIFACT = "edifact"
    AIR_FILE = "air"
    IUR = "iur"
    MIR = "mir"
    BARCODE = "bcbp"
    EML = "eml"
    CSV = "csv"
    BINARY = "binary"
    TEXT = "text"


UNREAD_FORMS = {
    Form.EMPTY: "The document is empty: send it again",
    Form.DOCX: f"Word documents are not read yet: {_PASTE}",
    # The library that reads the next two loses their comments, errors in cells, and what cells share.
    Form.XLS: "Workbooks of the old form (.xls) are not read: save it as .xlsx or .csv",
    Form.ODS: "Workbooks of the form OpenDocument (.ods) are not read: save it as .xlsx or .csv",
    Form.ODT: f"Documents of the form OpenDocument (.odt, .odp) are not read: {_PASTE}",
    Form.LOCKED: "The file has a password: take it away and send the file again",
    Form.OLE: f"Documents of old programs (.doc, .ppt) are not read: {_PASTE}",
    Form.HEIC: "Pictures of the form HEIC are not read: send it as JPEG or PNG",
    Form.IUR: f"Interface records of Sabre (IUR) are not read: {_PASTE}",
    Form.MIR: f"Interface records of Galileo (MIR) are not read: {_PASTE}",
    Form.BINARY: f"Nobody here knows this kind of file: {_PASTE}",
}

_MAGIC = (
    (b"\xd0\xcf\x11\xe0", Form.OLE),
    (b"\x78\x9f\x3e\x22", Form.TNEF),
    (b"\x89PNG", Form.IMAGE),
    (b"\xff\xd8\xff", Form.IMAGE),
    (b"GIF8", Form.IMAGE),
    (b"\x09\x00\x04\x00", Form.XLS),  # of Excel 2 to 4, which knew no compound files
    (b"\x09\x02\x06\x00", Form.XLS),
    (b"\x09\x04\x06\x00", Form.XLS),
)
_HEIC = re.compile(rb".{4}ftyp(?:hei[cxms]|hev[cxms]|mif1|msf1|avif)", re.DOTALL)
_WEBP = re.compile(rb"RIFF.{4}WEBP", re.DOTALL)
_MAIL_FIELD = re.compile(
    r"^(From|To|Subject|Date|MIME-Version|Received|Content-Type|Message-ID|Return-Path):", re.IGNORECASE
)
_FIELDS_OF_A_JOURNEY = {"from", "to", "date"}  # From: FRA, To: NBO, Date: 12 Dec is no mail
_BCBP = re.compile(r"M[1-4].{20}[ E].{7}[A-Z]{6}")
_AIR = re.compile(r"AIR-BLK[0-9]")
_EDIFACT = re.compile(r"UNA.{0,8}?\s*UN[BGH][^\w\s]|UN[BG][^\w\s]|UNH[^\w\s].{0,40}PNRGOV", re.DOTALL)
_EDIFACT_BELOW = re.compile(r"^UNH[+][^+\n]{1,14}[+]PNRGOV", re.MULTILINE)
_IUR = re.compile(r"(?:AA[^\n]{0,40})?M0(?=[^\n]{20}).*^M1.*^M[2-9]", re.DOTALL | re.MULTILINE)
_MIR = re.compile(r"T5[0-9A-Z].*^A0[24]", re.DOTALL | re.MULTILINE)
_BEGINNINGS = (
    (_EDIFACT, Form.EDIFACT),
    (_AIR, Form.AIR_FILE),
    (_IUR, Form.IUR),
    (_MIR, Form.MIR),
    (_BCBP, Form.BARCODE),
)
_STREAMS = tuple(
    (name.encode("utf-16-le"), form)
    for name, form in (
        ("__properties_version1.0", Form.MSG),
        ("EncryptedPackage", Form.LOCKED),
        ("Workbook\0", Form.XLS),
        ("Book\0", Form.XLS),  # Excel 5 and 95
    )
)
_ENDINGS = ((".msg", Form.MSG), (".xls", Form.XLS))
_XML_OF_EXCEL = "urn:schemas-microsoft-com:office:spreadsheet"
_PASS = re.compile(r"(?:[^/]+/)?pass\.json")
_OPEN_DOCUMENT = re.compile(rb"application/vnd\.oasis\.opendocument\.(?P<kind>spreadsheet)?")
_TELLING = (b"xl/workbook", b"word/document", b"pass.json")
_NAMESPACED = re.compile(r"<[A-Za-z][\w.-]*(?::[\w.-]+)?\s[^<>]*\bxmlns(?::[\w.-]+)?=")
_ELEMENT = re.compile(r"<(?P<name>[A-Za-z][\w.-]*)[\s>]")
_CLOSED_WITHIN = 200  # bytes at the end of a document
_CSV_NAME = re.compile(r"\.(csv|tsv)\Z", re.IGNORECASE)
_CSV_TYPES = {"text/csv", "text/tab-separated-values", "application/csv"}


@lru_cache(maxsize=1)
def form_of(document: Document) -> Form:
    """Return the form of a document, from its first kilobytes (and the directory of a ZIP).

    Every reader asks in turn, so the last answer is kept; with it no more than that one document.
    """
    head = document.content[:_HEAD]
    form = _binary_form(document.content, head)
    if form is Form.OLE:
        return _ole_form(document)
    if form:
        is_cut = form is Form.ZIP and document.name.lower().endswith(".xlsx")
        return Form.XLSX if is_cut else form
    text = decode(head).lstrip("\ufeff \t\r\n")
    form = _marked_form(document, text)
    if form:
        return form
    if _is_mail(text):
        return Form.EML
    if _EDIFACT_BELOW.search(text):
        return Form.EDIFACT
    return Form.CSV if _is_table(document, text) else Form.TEXT


def _binary_form(content: bytes, head: bytes) -> Form | None:
    if len(content) <= _HEAD and not content.strip(b"\0 \r\n\t"):
        return Form.EMPTY
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_form(content)
    for pattern, form in ((_HEIC, Form.HEIC), (_WEBP, Form.IMAGE)):
        if pattern.match(head):
            return form
    for magic, form in _MAGIC:
        if head.startswith(magic):
            return form
    return Form.PDF if b"%PDF-" in head[:_NEAR_TOP] else None


def _ole_form(document: Document) -> Form:
    """Judge by the names of the streams, which stand in the directory as they are; a cut file by its own."""
    by_name = next((form for ending, form in _ENDINGS if document.name.lower().endswith(ending)), Form.OLE)
    return next((form for stream, form in _STREAMS if stream in document.content), by_name)


def _zip_form(content: bytes) -> Form:
    """Judge by the names of the files; a file in a file has names of its own, which do not count."""
    names = _names_in(content)
    if open_document := _OPEN_DOCUMENT.search(content[:_NEAR_TOP]):  # its first file says it, unpacked
        return Form.ODS if open_document["kind"] else Form.ODT
    if any(name.startswith("xl/workbook") for name in names):
        return Form.XLSX
    if any(name.startswith("word/document") for name in names):
        return Form.DOCX
    files = [name for name in names if not name.endswith("/") and not name.startswith("__macosx/")]
    is_pass = any(_PASS.fullmatch(name) for name in files)
    return Form.PKPASS if is_pass or (files and all(each.endswith(".pkpass") for each in files)) else Form.ZIP


def _names_in(content: bytes) -> list[str]:
    """Return the names in a ZIP, in small letters; of a damaged one what stands at its end."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return [name.lower() for name in archive.namelist()]
    except DAMAGED_ZIP:
        directory = content[-_HEAD * 4 :]
        return [name.decode() for name in _TELLING if name in directory]


def _marked_form(document: Document, text: str) -> Form | None:
    """Judge a text by how it begins."""
    if "\0" in text:
        return Form.BINARY
    if re.match(r"BEGIN:VCALENDAR|BEGIN:VEVENT", text, re.IGNORECASE):
        return Form.ICS
    if text[:1] in {"{", "["} and re.match(r"[\[{\s]*[\"\]}]", text):
        return Form.JSON
    if text.startswith("<?xml") and _XML_OF_EXCEL in text[:_NEAR_TOP]:
        return Form.XLS
    if text.startswith("<") and re.match(r"<[!?a-zA-Z]", text):
        return Form.XML if _is_xml(text) or _is_of_other_elements(document, text) else Form.HTML
    return next((form for pattern, form in _BEGINNINGS if pattern.match(text)), None)


def _is_xml(text: str) -> bool:
    is_marked = text.startswith("<?xml") or bool(_NAMESPACED.match(text))
    return is_marked and not re.search(r"<html|1999/xhtml", text, re.IGNORECASE)


def _is_of_other_elements(document: Document, text: str) -> bool:
    """Say whether one element that no web page has holds the whole: XML with nothing that declares it."""
    match = _ELEMENT.match(text)
    if not match or f"</{match['name']}>".encode() not in document.content[-_CLOSED_WITHIN:]:
        return False
    from lxml.html.defs import tags  # noqa: PLC0415 - needed for few

    return match["name"].lower() not in tags


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
