"""Writes in.pdf of the cases of PDFs: `python -m tests.cases.intake.pdfs [case ...]`; people are invented.

The documents are written by hand, byte for byte the same each time. A line of text is a row; what stands two
blanks apart in it is drawn as cells of their own, in a proportional font, the last cell first: so the order
of drawing is not that of reading.
"""

import re
import sys
from collections.abc import Sequence
from typing import NamedTuple

from tests.cases.intake.pdftexts import PAGES
from tests.unit.intake.cases import CASES

_CELL = re.compile(r"[^ ]+(?:[ ][^ ]+)*")
_SIZE, _COLUMN, _LEADING, _TOP, _LEFT = 9, 5.2, 13, 800, 40
_WIDE, _HIGH = 612, 842
_GREY = bytes((column // 8 + row // 8) % 2 * 255 for row in range(96) for column in range(96))

_CALENDAR = b"""\
BEGIN:VCALENDAR\r
BEGIN:VEVENT\r
UID:1@example.org\r
DTSTART;TZID=Europe/Berlin:20261212T101000\r
SUMMARY:LH590 FRA-NBO\r
DESCRIPTION:Operated by: Lufthansa\r
END:VEVENT\r
END:VCALENDAR\r
"""


class Picture(NamedTuple):
    """A grey picture: its pixels, row by row."""

    width: int
    height: int
    pixels: bytes


class Extra(NamedTuple):
    """What a PDF has besides its text.

    Attributes:
        picture: on the first page.
        is_locked: whether it asks for a password.
        before: operators in front of the drawing of each page.
        beside: entries of each page.
        more: further objects; the first one is number 6 where there is one page and nothing else.
    """

    picture: Picture | None = None
    is_locked: bool = False
    before: bytes = b""
    beside: str = ""
    more: tuple[bytes, ...] = ()


_NOTHING = Extra()


def document(pages: Sequence[str], files: Sequence[tuple[str, bytes]] = (), extra: Extra = _NOTHING) -> bytes:
    """Return a PDF with these pages, and with files inside."""
    picture = extra.picture
    objects: list[bytes] = [
        b"",
        b"",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]

    def add(content: bytes) -> int:
        objects.append(content)
        return len(objects)

    image = add(_stream(_image(picture), picture.pixels)) if picture else 0
    kids = []
    for number, page in enumerate(pages):
        has_image = bool(image) and not number
        drawn = extra.before + _drawn(page) + (b"q 300 0 0 300 150 80 cm /I Do Q\n" if has_image else b"")
        shown = add(_stream(b"", drawn))
        images = f"/XObject<</I {image} 0 R>>" if has_image else ""
        kids.append(
            add(
                f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {_WIDE} {_HIGH}]/Contents {shown} 0 R{extra.beside}"
                f"/Resources<</Font<</F 3 0 R>>{images}>>>>".encode()
            )
        )
    for content in extra.more:
        add(content)
    names = [
        (name, add(_attached(name, add(_stream(b"/Type/EmbeddedFile", content))))) for name, content in files
    ]
    listed = "".join(f"({name}){number} 0 R" for name, number in names)
    inside = f"/Names<</EmbeddedFiles<</Names[{listed}]>>>>" if names else ""
    objects[0] = f"<</Type/Catalog/Pages 2 0 R{inside}>>".encode()
    objects[1] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(f'{kid} 0 R' for kid in kids)}]>>".encode()
    return _file(objects, is_locked=extra.is_locked)


def _drawn(page: str) -> bytes:
    """Return the drawing of a page: its rows from the bottom up, their cells from right to left."""
    drawn = []
    for row, line in reversed(list(enumerate(page.splitlines()))):
        for cell in reversed(list(_CELL.finditer(line))):
            text = re.sub(r"([\\()])", r"\\\1", cell[0])
            x, y = _LEFT + cell.start() * _COLUMN, _TOP - row * _LEADING
            drawn.append(f"BT /F {_SIZE} Tf {x:.1f} {y} Td ({text}) Tj ET\n")
    return "".join(drawn).encode("cp1252")


def _stream(entries: bytes, content: bytes) -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(content), content)


def _image(picture: Picture) -> bytes:
    size = f"/Width {picture.width}/Height {picture.height}"
    return f"/Type/XObject/Subtype/Image{size}/ColorSpace/DeviceGray/BitsPerComponent 8".encode()


def _attached(name: str, number: int) -> bytes:
    return f"<</Type/Filespec/F({name})/UF({name})/EF<</F {number} 0 R>>>>".encode()


def _file(objects: Sequence[bytes], *, is_locked: bool) -> bytes:
    content, places = b"%PDF-1.5\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    # A key that no password gives: enough for every reader to ask for one.
    lock = f"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<{'41' * 32}>/U<{'42' * 32}>>>" if is_locked else ""
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
        f"trailer<</Size {len(objects) + 1}/Root 1 0 R/ID[<00><00>]{lock}>>\n"
        f"startxref\n{len(content)}\n%%EOF\n"
    )
    return content + end.encode()


def _pass() -> Picture:
    """Return the bar code of a boarding pass as a picture."""
    import zxingcpp  # noqa: PLC0415 - only for this one

    text = "M1DOE/JANE            EABC123 FRAADDET 0707 346Y012A0045 100"
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Aztec).to_image(scale=4)
    pixels = memoryview(code)  # type: ignore[arg-type] # a picture gives its pixels so
    rows, columns = pixels.shape or (0, 0)
    return Picture(columns, rows, pixels.tobytes())


def documents() -> dict[str, bytes]:
    """Return the documents of all cases by the names of their folders."""
    whole = {name: document(pages) for name, pages in PAGES.items()}
    receipt = whole["receipt-of-amadeus"]
    return {
        **whole,
        "calendar-attached": document(PAGES["letter-without-a-flight"], [("flight.ics", _CALENDAR)]),
        "word-document-attached": document(
            PAGES["letter-without-a-flight"], [("itinerary.docx", b"PK\x03\x04word/document")]
        ),
        "pass-as-a-picture": document(PAGES["letter-without-a-flight"], extra=Extra(_pass())),
        "picture-of-a-page": document([""], extra=Extra(Picture(96, 96, _GREY))),
        "one-page-of-two-is-a-picture": document(
            ["", *PAGES["receipt-of-amadeus"]], extra=Extra(Picture(96, 96, _GREY))
        ),
        "encrypted": document(PAGES["receipt-of-amadeus"], extra=Extra(is_locked=True)),
        "damaged": receipt[:40] + receipt[-40:],
        "more-than-fifty-pages": document([""] * 51),
    }


def main(wanted: list[str]) -> None:
    """Write the wanted documents, or all."""
    for name, content in documents().items():
        if not wanted or name in wanted:
            folder = CASES / "pdf" / name
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "in.pdf").write_bytes(content)


if __name__ == "__main__":
    main(sys.argv[1:])
