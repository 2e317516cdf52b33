"""Documents of every form that hold no flight, made by hypothesis; who makes them knows what is in them.

Words, sums, dates, hours and numbers of telephones, but never two places, never a carrier's code before a
figure. So whatever a reader takes for a flight here, it made up.
"""

import io
import json
import zipfile
from base64 import b64encode
from collections.abc import Callable
from functools import partial
from xml.sax.saxutils import escape, quoteattr

import openpyxl
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.cases.intake.pdfs import document as pdf
from tests.unit.intake.fuzz.mutants import Input
from tests.unit.intake.outlook import File, Letter, msg, tnef
from tests.unit.intake.passes.pictures import as_file, code_picture

_WORDS = """\
dear colleagues please find the minutes of our meeting about water and health attached kind
regards budget report annex signature unit chief office programme quarterly the draft is due
thank you bonjour veuillez trouver ci-joint le compte rendu de la séance merci cordialement
réunion mardi estimados colegas adjunto el acta de la reunión gracias saludos lunes presupuesto
informe booking reference invoice hotel room breakfast total passenger name status confirmed
departure
""".split()  # noqa: SIM905 - to be read as prose
_FIGURES = (
    "12 December 2026",
    "2026-12-12",
    "le 3 mars",
    "10:30",
    "at 14h15",
    "EUR 350.00",
    "USD 1,200",
    "+41 22 917 1234",
    "7 %",
    "page 3",
    "40,000",
    "1.",
    "#17",
    "(2)",
)
_MARKS = (" ", " ", " ", ", ", ". ", "\n", "\n\n", ": ", "; ", "\t", " - ", " / ", "  ", "?", "!")
_LETTERS = st.text(st.characters(exclude_categories=("Cs", "N", "Lu")), max_size=12)

_pieces = st.one_of(st.sampled_from(_WORDS), st.sampled_from(_WORDS), st.sampled_from(_FIGURES), _LETTERS)
prose = st.lists(st.tuples(_pieces, st.sampled_from(_MARKS)).map("".join), max_size=40).map("".join)
_short = st.lists(_pieces, min_size=1, max_size=4).map(" ".join)
_labels = st.sampled_from(
    ("Name", "Subject", "Date", "Total", "Hotel", "Status", "Reference", "Remarks", "Class")
)
_labelled = st.lists(st.tuples(_labels, _short).map(": ".join), min_size=1, max_size=12).map("\n".join)
_lines = st.lists(_short, min_size=1, max_size=12).map(
    lambda lines: "\n".join(f"{number:>3}  {line}" for number, line in enumerate(lines, 1))
)
_trees: st.SearchStrategy[object] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), _short),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(("data", "flight", "segments", "@type", "id", "name", "x")), inner, max_size=4
        )
    ),
    max_leaves=20,
)
_rows = st.lists(st.lists(_short, min_size=1, max_size=6), min_size=1, max_size=12)
_HEADS = (
    b"",
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"GIF89a",
    b"%PDF-1.5\n",
    b"PK\x03\x04",
    b"\x78\x9f\x3e\x22",
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_bytes = st.tuples(st.sampled_from((*_HEADS, _OLE)), st.binary(max_size=600)).map(b"".join)


def _calendar(summary: str, description: str) -> str:
    lines = ("BEGIN:VCALENDAR", "BEGIN:VEVENT", "DTSTART:20261212T101000Z", f"SUMMARY:{_folded(summary)}")
    return "\r\n".join((*lines, f"DESCRIPTION:{_folded(description)}", "END:VEVENT", "END:VCALENDAR", ""))


def _folded(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\r", " ").replace("\n", "\\n").replace(",", "\\,")


def _mail(subject: str, text: str) -> bytes:
    head = f"From: a@example.org\nTo: b@example.org\nSubject: {subject.translate(_FLAT)}\nMIME-Version: 1.0\n"
    how = "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
    return (head + how).encode() + b64encode(text.encode()) + b"\n"


_FLAT = dict.fromkeys(range(32), " ")


def _page(title: str, text: str) -> str:
    data = json.dumps({"@context": "https://schema.org", "@type": "Event", "name": title})
    script = f'<script type="application/ld+json">{data.replace("<", " ")}</script>'
    return f"<html><head>{script}</head><body><h1>{escape(title)}</h1><p>{escape(text)}</p></body></html>"


def _xml(title: str, text: str) -> str:
    told = f"<Remark>{escape(text)}</Remark>"
    return f'<?xml version="1.0"?><Order xmlns="urn:x" id={quoteattr(title)}>{told}</Order>'


def _edifact(title: str, text: str) -> str:
    free = "".join(f"IFT+4:28+{line}'\n" for line in text.replace("+", " ").replace("'", " ").splitlines())
    head = "UNB+IATA:1+AA+BB+261212:1010+1'\nUNH+1+PNRGOV:11:1:IA'\nMSG+:22'\nSRC'\n"
    return f"{head}{free}TIF+{title}'\nUNT+1+1'\n"


def _air(title: str, text: str) -> str:
    return f"AIR-BLK207;7A;;239;0500032952;1A1336371\nAMD 0512000001;1/1;\nC-{title}\nRM*{text}\n"


def _csv(rows: list[list[str]]) -> bytes:
    return "\n".join(",".join(cell.replace("\n", " ") for cell in row) for row in rows).encode()


def _xlsx(rows: list[list[str]]) -> bytes:
    book, written = openpyxl.Workbook(), io.BytesIO()
    sheet = book.create_sheet("Trips", 0)
    for row in rows:
        sheet.append(["".join(each for each in cell if each.isprintable()) for cell in row])
    book.save(written)
    return written.getvalue()


def _zip(names: tuple[str, ...], *contents: str | bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as packed:
        for name, content in zip(names, contents, strict=True):
            packed.writestr(zipfile.ZipInfo(name), content)
    return written.getvalue()


def _pass(name: str, text: str) -> bytes:
    fields = {"primaryFields": [{"key": "a", "label": name, "value": text}]}
    told = {"formatVersion": 1, "description": name, "organizationName": name, "eventTicket": fields}
    return _zip(("pass.json",), json.dumps(told))


def _picture(text: str) -> bytes:
    return as_file(code_picture(text.encode("ascii", "ignore").decode()[:80] or "x", "QRCode", 3))


def _letter(write: Callable[[Letter], bytes], subject: str, text: str) -> bytes:
    plain = subject.encode("ascii", "ignore").decode()  # as old messages write it
    return write(Letter(subject=plain, text=text, files=(File("note.txt", text.encode()),)))


def _drawn(text: str) -> bytes:
    return pdf([text.replace("\t", " ").encode("cp1252", "ignore").decode("cp1252")])


def _made(
    form: str, name: str, contents: st.SearchStrategy[bytes] | st.SearchStrategy[str]
) -> st.SearchStrategy[Input]:
    def made(content: str | bytes) -> Input:
        return Input(form, name, content.encode() if isinstance(content, str) else content, may_fly=False)

    return contents.map(made)


GARBAGE = st.one_of(
    _made("text", "", prose),
    _made("gds", "", _lines),
    _made("labelled", "", _labelled),
    _made("bytes", "", _bytes),
    _made("ics", "in.ics", st.builds(_calendar, _short, prose)),
    _made("eml", "in.eml", st.builds(_mail, _short, prose)),
    _made("html", "in.html", st.builds(_page, _short, prose)),
    _made("json", "in.json", _trees.map(json.dumps)),
    _made("xml", "in.xml", st.builds(_xml, _short, prose)),
    _made("edifact", "in.edi", st.builds(_edifact, _short, prose)),
    _made("air", "in.air", st.builds(_air, _short, prose)),
    _made("bcbp", "in.txt", st.builds("M1{:<20.20}E{:<60}".format, _short, prose)),
    _made("csv", "in.csv", _rows.map(_csv)),
    _made("xlsx", "in.xlsx", _rows.map(_xlsx)),
    _made("zip", "in.zip", st.builds(partial(_zip, ("a.txt", "b.bin")), prose, _bytes)),
    _made("pkpass", "in.pkpass", st.builds(_pass, _short, prose)),
    _made("image", "in.png", prose.map(_picture)),
    _made("pdf", "in.pdf", prose.map(_drawn)),
    _made("msg", "in.msg", st.builds(partial(_letter, msg), _short, prose)),
    _made("tnef", "winmail.dat", st.builds(partial(_letter, tnef), _short, prose)),
)


def garbage(count: int, number: int) -> list[Input]:
    """Make up to so many documents without a flight; the same number makes the same ones."""
    made: list[Input] = []

    @seed(number)
    @settings(
        max_examples=count,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(GARBAGE)
    def keep(each: Input) -> None:
        made.append(each)

    keep()
    return made
