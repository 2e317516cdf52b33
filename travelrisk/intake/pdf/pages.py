"""A PDF taken apart with PDFium: characters of its pages, pictures on them, files inside; within limits.

pypdf was tried: its plain text puts each cell on a line of its own, and rows are lost. PDFium follows the
order of drawing, so only the boxes of its characters are used.
"""

import ctypes
from collections.abc import Iterator
from importlib import import_module
from math import cos, isfinite, sin
from typing import Any, NamedTuple

from travelrisk.domain.errors import BadInputError
from travelrisk.intake.limits import LIMITS, TEXT_CHARACTERS
from travelrisk.intake.pdf.layout import Glyph, text_of

MOST_PAGES = LIMITS.pages
MOST_FILES = 20
_MOST_PICTURES = 10  # a page
_SMALLEST = 40  # pixels on a side; fewer hold no bar code
_LARGEST = 12_000_000  # pixels
_SCALE = 2
_AGAIN = "send it again, or paste the flights"
_PASSWORD = 4
_INVISIBLE = 3
_PLAIN = {2, 4}  # annotations that show no words of their own: links and free lines
_QUARTER = 0.7  # radians: text turned further is written upwards


class File(NamedTuple):
    """A file inside a PDF."""

    name: str
    content: bytes


class Page(NamedTuple):
    """A page.

    Attributes:
        text: what it shows, with columns.
        has_picture: whether pictures are on it.
        is_recognised: its text lies unseen under a picture, as programs write it that recognise letters.
    """

    text: str
    has_picture: bool
    is_recognised: bool


class Pdf:
    """An open PDF.

    Raises:
        BadInputError: it is encrypted or damaged, or has too many pages; the message goes behind its name.
    """

    def __init__(self, content: bytes) -> None:
        self._library: Any = import_module("pypdfium2")  # late: only PDFs need it
        self._raw: Any = self._library.raw
        try:
            self._pdf: Any = self._library.PdfDocument(content)
        except self._library.PdfiumError as error:
            if getattr(error, "err_code", 0) == _PASSWORD or "assword" in str(error):
                raise BadInputError(
                    "is encrypted: send it without a password, or paste the flights"
                ) from error
            raise BadInputError(f"is damaged: {_AGAIN}") from error
        if len(self._pdf) > MOST_PAGES:
            reason = f"has {len(self._pdf)} pages; up to {MOST_PAGES} are read: send the itinerary alone"
            raise BadInputError(reason)
        if not len(self._pdf):
            raise BadInputError(f"is damaged: {_AGAIN}")

    def pages(self) -> Iterator[Page]:
        """Yield the pages; what is filled into forms is on them too.

        Raises:
            BadInputError: a page is damaged, or all have more text than an itinerary has.
        """
        characters = 0
        for number in range(len(self._pdf)):
            try:
                page = self._page(number)
            except self._library.PdfiumError as error:
                raise BadInputError(f"is damaged on page {number + 1}: {_AGAIN}") from error
            characters += len(page.text)
            if characters > TEXT_CHARACTERS:
                reason = f"has more than {TEXT_CHARACTERS:,} characters: send the itinerary alone"
                raise BadInputError(reason)
            yield page

    def _page(self, number: int) -> Page:
        page = self._pdf[number]
        if self._has_words_on_top(page):
            if self._raw.FPDFPage_Flatten(page.raw, self._raw.FLAT_NORMALDISPLAY) == self._raw.FLATTEN_FAIL:
                raise BadInputError(f"is damaged on page {number + 1}: {_AGAIN}")
            page.close()
            page = self._pdf[number]
        layer = page.get_textpage()
        has_picture = next(self._images(page), None) is not None
        glyphs = list(self._glyphs(layer))
        if not all(map(_is_somewhere, glyphs)):
            raise BadInputError(f"is damaged on page {number + 1}: {_AGAIN}")
        return Page(text_of(glyphs), has_picture, has_picture and self._is_unseen(layer))

    def _has_words_on_top(self, page: Any) -> bool:  # noqa: ANN401 - PDFium has no types
        """Say whether forms or notes lie on a page, whose words are no part of its text yet."""
        for number in range(self._raw.FPDFPage_GetAnnotCount(page.raw)):
            annotation = self._raw.FPDFPage_GetAnnot(page.raw, number)
            kind = self._raw.FPDFAnnot_GetSubtype(annotation)
            self._raw.FPDFPage_CloseAnnot(annotation)
            if kind not in _PLAIN:
                return True
        return False

    def _is_unseen(self, layer: Any) -> bool:  # noqa: ANN401 - PDFium has no types
        if not layer.count_chars():
            return False
        first = self._raw.FPDFText_GetTextObject(layer.raw, 0)
        return bool(first) and self._raw.FPDFTextObj_GetTextRenderMode(first) == _INVISIBLE

    def _glyphs(self, layer: Any) -> Iterator[Glyph]:  # noqa: ANN401 - PDFium has no types
        raw, page = self._raw, layer.raw
        x, y, box = ctypes.c_double(), ctypes.c_double(), raw.FS_RECTF()
        for number in range(layer.count_chars()):
            code = raw.FPDFText_GetUnicode(page, number)
            if code <= ord(" ") or raw.FPDFText_IsGenerated(page, number):
                continue
            if not raw.FPDFText_GetLooseCharBox(page, number, box):
                continue
            raw.FPDFText_GetCharOrigin(page, number, x, y)
            angle = raw.FPDFText_GetCharAngle(page, number)
            width, height = box.right - box.left, box.top - box.bottom
            if angle:
                yield _turned(chr(code), (x.value, y.value), -angle, (width, height))
            else:
                yield Glyph(chr(code), box.left, box.right, y.value, height or 1.0)

    def _images(self, page: Any) -> Iterator[Any]:  # noqa: ANN401 - PDFium has no types
        return iter(page.get_objects(filter=[self._raw.FPDF_PAGEOBJ_IMAGE]))

    def pictures(self, number: int) -> Iterator[object]:
        """Yield the pictures on a page that are large enough for a bar code, as PIL images."""
        for count, image in enumerate(self._images(self._pdf[number])):
            if count >= _MOST_PICTURES:
                return
            try:
                width, height = image.get_px_size()
                if min(width, height) >= _SMALLEST and width * height <= _LARGEST:
                    yield image.get_bitmap(render=False).to_pil()
            except (self._library.PdfiumError, ValueError, OSError):
                continue  # a picture of a kind that is not shown either

    def shown(self, number: int) -> object:
        """Return a page as a picture, twice as large as on paper, as a PIL image."""
        page = self._pdf[number]
        largest = max(page.get_size()) or 1.0
        scale = min(_SCALE, (_LARGEST**0.5) / largest)
        return page.render(scale=scale, grayscale=True).to_pil()

    def files(self) -> Iterator[File]:
        """Yield the files inside, as far as they can be taken out."""
        for number in range(min(self._pdf.count_attachments(), MOST_FILES)):
            name = f"attachment {number + 1}"
            try:
                attached = self._pdf.get_attachment(number)
                name = attached.get_name()
                yield File(name, bytes(attached.get_data()))
            except self._library.PdfiumError:
                yield File(name, b"")


def _is_somewhere(glyph: Glyph) -> bool:
    """Say whether a character has a place; in a damaged file it may stand at no number, or nowhere."""
    return isfinite(glyph.left + glyph.right + glyph.baseline + glyph.height)


def _turned(character: str, origin: tuple[float, float], angle: float, size: tuple[float, float]) -> Glyph:
    """Return a character of a turned line as if the page were turned with it."""
    x, y = origin
    along, across = x * cos(angle) + y * sin(angle), y * cos(angle) - x * sin(angle)
    width, height = size if abs(sin(angle)) < _QUARTER else (size[1], size[0])
    return Glyph(character, along, along + width, across, height or 1.0)
