"""The letters of the stories as a reader has them before him."""

import re

import pytest
from lxml import html as lxml_html

from tests.mail.deadline_stories import REMINDED, reminder_of
from tests.mail.stories import STORIES
from travelrisk.domain.texts import LANGUAGES, Language
from travelrisk.mail.letters import compose
from travelrisk.mail.render import Letter

FACTS = {**STORIES, **REMINDED}
EVERY_STORY = pytest.mark.parametrize("story", sorted(FACTS))
EVERY_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
URL = re.compile(r"https?://\S+")


def told(story: str, language: Language = "en") -> Letter:
    return reminder_of(story, language) if story in REMINDED else compose(STORIES[story](), language)


def flat(text: str) -> str:
    return " ".join(text.split())


def page_text(letter: Letter) -> str:
    body = lxml_html.document_fromstring(letter.html).find("body")
    assert body is not None
    for line_break in body.iter("br", "p", "h1", "h2", "li"):
        line_break.tail = f" {line_break.tail or ''}"
    return flat("".join(map(str, body.itertext())).replace("\u00a0", " "))
