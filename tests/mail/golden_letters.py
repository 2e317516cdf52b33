"""The golden letters as files.

To write them anew, and then to read the difference::

python -m tests.mail.golden_letters
"""

from collections.abc import Iterator
from pathlib import Path

from tests.mail.answer_stories import ANSWER_STORIES
from tests.mail.deadline_stories import REMINDED, reminder_of
from tests.mail.desk_stories import DESK_STORIES
from tests.mail.stories import STORIES
from travelrisk.domain.texts import LANGUAGES
from travelrisk.mail.letters import compose
from travelrisk.mail.render import Letter

FOLDER = Path(__file__).parent / "golden"
DESK_FOLDER = Path(__file__).parent / "golden_desk"
ANSWER_FOLDER = Path(__file__).parent / "golden_answers"


def golden_letters() -> Iterator[tuple[str, str]]:
    """Yield the name and the content of every golden file, as the letters of trips are today."""
    for story, facts in STORIES.items():
        for language in LANGUAGES:
            yield from _files(story, compose(facts(), language))
    for story in REMINDED:
        for language in LANGUAGES:
            yield from _files(story, reminder_of(story, language))


def golden_desk_letters() -> Iterator[tuple[str, str]]:
    """Yield the same for the letters to people of the desk."""
    for story, letter in DESK_STORIES.items():
        for language in LANGUAGES:
            yield from _files(story, letter(language))


def golden_answers() -> Iterator[tuple[str, str]]:
    """Yield the same for the answers to mails, which are plain text alone."""
    for story, letter in ANSWER_STORIES.items():
        for language in LANGUAGES:
            yield from _files(story, letter(language))


def _files(story: str, letter: Letter) -> Iterator[tuple[str, str]]:
    yield f"{story}.{letter.language}.txt", f"Subject: {letter.subject}\n\n{letter.text}"
    if letter.html:
        yield f"{story}.{letter.language}.html", letter.html + "\n"
    if letter.calendar:
        yield f"{story}.{letter.language}.ics", letter.calendar.replace("\r\n", "\n")


def write() -> None:
    """Write all golden files, and remove those that no story asks for."""
    for folder, found in (
        (FOLDER, golden_letters()),
        (DESK_FOLDER, golden_desk_letters()),
        (ANSWER_FOLDER, golden_answers()),
    ):
        letters = dict(found)
        folder.mkdir(exist_ok=True)
        for path in folder.iterdir():
            if path.name not in letters:
                path.unlink()
        for name, content in letters.items():
            (folder / name).write_text(content, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write()
