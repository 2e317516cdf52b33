"""What a workbook says beside its cells: comments, text boxes, and the headers and footers of its print.

The library that gives the cells passes them over, and "operated by" may stand in any of them.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from typing import TYPE_CHECKING, NamedTuple

from travelrisk.domain.errors import BadInputError
from travelrisk.intake.decoding import DAMAGED_ZIP
from travelrisk.intake.tables.workbookparts import Parts

if TYPE_CHECKING:
    from lxml.etree import _Element

_NUMBER = re.compile(r"[0-9]+")
_PRINTED = re.compile(rb"<(?:\w+:)?(?:odd|even|first)(?:Header|Footer)[^>]*>([^<]*)<")
_PRINT_CODE = re.compile(r"&(?:\"[^\"]*\"|K[0-9A-F]{6}|[0-9]+|.)")  # &L, &P, &14: places, fields and sizes
_TWIN = "tc="  # the author of an old-style comment that only repeats a thread


class Annotation(NamedTuple):
    """A text beside the cells of a sheet; *row* is 0 where it belongs to no row."""

    row: int
    place: str
    text: str


def annotations_of(content: bytes) -> dict[str, list[Annotation]]:
    """Return for each sheet what is written beside its cells.

    Args:
        content: a workbook whose size `workbook.sheets_of` has checked.

    Raises:
        BadInputError: a part of the workbook is missing or broken.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = Parts(archive)
            return {name: list(_annotations(parts, path)) for name, path in parts.sheets()}
    except (SyntaxError, *DAMAGED_ZIP) as error:  # lxml's errors are SyntaxErrors
        reason = f"the workbook is damaged ({type(error).__name__}): save it again, or save it as CSV"
        raise BadInputError(reason) from error


def _annotations(parts: Parts, sheet: str) -> Iterator[Annotation]:
    related = list(parts.related(sheet))
    threads = [
        _of_cell(comment, _written(comment, "{*}text"))
        for part in related
        if part.kind == "threadedComment"
        for comment in parts.tree(part.path).iter("{*}threadedComment")
    ]
    yield from threads
    for part in related:
        if part.kind == "comments":
            yield from _comments(parts.tree(part.path), {each.place for each in threads})
        elif part.kind == "drawing":
            boxes = parts.tree(part.path).iter("{*}txBody")
            yield from (Annotation(0, "text box", _written(box, "{*}t")) for box in boxes)
    for written in _PRINTED.findall(parts.content(sheet)):
        text = unescape(written.decode("utf-8", errors="replace"))
        yield Annotation(0, "printed page", _PRINT_CODE.sub(" ", text))


def _comments(tree: "_Element", threads: set[str]) -> Iterator[Annotation]:
    authors = [str(author.text or "") for author in tree.iter("{*}author")]
    for comment in tree.iter("{*}comment"):
        number = int(comment.get("authorId") or 0)
        author = authors[number] if number < len(authors) else ""
        found = _of_cell(comment, _written(comment, "{*}t").removeprefix(f"{author}:"))
        if not (author.startswith(_TWIN) and found.place in threads):
            yield found


def _of_cell(comment: "_Element", text: str) -> Annotation:
    cell = str(comment.get("ref") or "")
    row = _NUMBER.search(cell)
    return Annotation(int(row[0]) if row else 0, f"comment on {cell}", text)


def _written(element: "_Element", tag: str) -> str:
    """Return the text of an element, its paragraphs apart."""
    paragraphs = list(element.iter("{*}p")) or [element]
    return "\n".join("".join(str(run.text or "") for run in each.iter(tag)) for each in paragraphs).strip()
