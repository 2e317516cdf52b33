"""What is forwarded inline reads as it did when it came: same flights, same lines that nobody understood."""

from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from itertools import cycle
from pathlib import Path

import pytest

from tests.unit.intake.cases import ARRIVED, CASES
from tests.unit.intake.forwarding import PAGES, TEXTS, forwarded_page, mail
from tests.unit.intake.tables import ATLAS, BOOK
from travelrisk.domain.drafts import Draft
from travelrisk.domain.itineraries import Outcome
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


def _bodies() -> Iterator[tuple[Path, str, str]]:
    """Give the text of every mail of the cases that is one, with its kind."""
    for path in _documents("eml", "eml"):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        if message.is_multipart() or message.get_content_maintype() != "text":
            continue
        try:
            yield path, str(message.get_content()), message.get_content_subtype()
        except LookupError:  # a charset that nobody knows
            continue


BODIES = [
    (path, text, kind, next(_PAGES if kind == "html" else _STYLES))
    for path, text, kind in _bodies()
    if "\ufffd" not in text and path.parent.name != "answer-between-quoted-lines"  # it has a test of its own
]


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


@pytest.mark.parametrize(
    ("path", "text", "kind", "form"), BODIES, ids=[each[0].parent.name for each in BODIES]
)
def test_a_mail_reads_the_same_when_a_colleague_forwards_it(
    path: Path, text: str, kind: str, form: str
) -> None:
    forward = forwarded_page(text, form) if kind == "html" else TEXTS[form](text)
    original = _read(mail(text, kind=kind))
    assert original.reason == "" or original.drafts or "No flight" in original.reason, path
    _is_same(original, _read(mail(forward, kind=kind, is_forward=True)))


def test_an_answer_between_quoted_lines_is_told_when_marks_are_laid_over_it() -> None:
    """Behind the marks of a forward it stands as deep as what it answers; it is told all the same."""
    ((text, kind),) = (
        (text, kind) for path, text, kind in _bodies() if path.parent.name == "answer-between-quoted-lines"
    )
    original = _read(mail(text, kind=kind))
    for form in TEXTS.values():
        forward = _read(mail(form(text), kind=kind, is_forward=True))
        assert set(original.unread) <= set(forward.unread)
        assert forward.outcome is original.outcome is Outcome.PARTIAL


def test_enough_is_forwarded() -> None:
    assert len(TEXTS) + len(PAGES) >= 30
    assert len({path for path, _ in FORWARDED} | {path for path, _ in FORWARDED_PAGES}) >= 150
    assert len(BODIES) >= 30
