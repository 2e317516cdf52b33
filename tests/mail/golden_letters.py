"""The golden letters as files.

To write them anew, and then to read the difference::

python -m tests.mail.golden_letters
"""

from collections.abc import Iterator
from pathlib import Path

from tests.mail.stories import STORIES
from travelrisk.domain.texts import LANGUAGES
from travelrisk.mail.letters import compose

FOLDER = Path(__file__).parent / "golden"


def golden_letters() -> Iterator[tuple[str, str]]:
    """Yield the name and the content of every golden file, as the letters are today."""
    for story, facts in STORIES.items():
        for language in LANGUAGES:
            letter = compose(facts(), language)
            yield f"{story}.{language}.txt", f"Subject: {letter.subject}\n\n{letter.text}"
            yield f"{story}.{language}.html", letter.html + "\n"


def write() -> None:
    """Write all golden files, and remove those that no story asks for."""
    FOLDER.mkdir(exist_ok=True)
    letters = dict(golden_letters())
    for path in FOLDER.iterdir():
        if path.name not in letters:
            path.unlink()
    for name, content in letters.items():
        (FOLDER / name).write_text(content, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write()
