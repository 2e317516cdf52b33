"""What is forwarded inline reads as it did when it came: same flights, same lines that nobody understood."""

from dataclasses import replace
from itertools import cycle
from pathlib import Path

import pytest

from tests.unit.intake.cases import ARRIVED, CASES
from tests.unit.intake.forwarding import PAGES, TEXTS, forwarded_page, mail
from tests.unit.intake.tables import ATLAS, BOOK
from travelrisk.domain.drafts import Draft
from travelrisk.intake.decoding import decode
from travelrisk.intake.document import Document, Reading
from travelrisk.intake.registry import Readers

READERS = Readers(ATLAS, BOOK)


def _name(value: object) -> str:
    return value.parent.name if isinstance(value, Path) else str(value)


def _documents(form: str, ending: str) -> list[Path]:
    return sorted((CASES / form).glob(f"*/in.{ending}"))


_STYLES = cycle(TEXTS)
FORWARDED = [(path, next(_STYLES)) for path in _documents("text", "txt") for _ in range(3)]
_PAGES = cycle(PAGES)
FORWARDED_PAGES = [(path, next(_PAGES)) for path in _documents("structured", "html") for _ in range(2)]


def _read(content: bytes) -> Reading:
    (reading,) = READERS.read(Document(content, "in.eml", context_date=ARRIVED))
    return reading


def _drafts(reading: Reading) -> list[Draft]:
    """Give the drafts without what only tells where else a flight stands."""
    return [
        replace(draft, segments=tuple(replace(each, also=()) for each in draft.segments))
        for draft in reading.drafts
    ]


def _is_same(original: Reading, forward: Reading) -> None:
    assert _drafts(forward) == _drafts(original)
    assert set(forward.unread) == set(original.unread)
    assert forward.outcome == original.outcome


@pytest.mark.parametrize(("path", "form"), FORWARDED, ids=_name)
def test_a_text_reads_the_same_when_a_colleague_forwards_it(path: Path, form: str) -> None:
    text = decode(path.read_bytes())
    _is_same(_read(mail(text)), _read(mail(TEXTS[form](text), is_forward=True)))


@pytest.mark.parametrize(("path", "form"), FORWARDED_PAGES, ids=_name)
def test_a_page_reads_the_same_when_a_colleague_forwards_it(path: Path, form: str) -> None:
    page = decode(path.read_bytes())
    forward = mail(forwarded_page(page, form), kind="html", is_forward=True)
    _is_same(_read(mail(page, kind="html")), _read(forward))
