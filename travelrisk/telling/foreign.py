"""Foreign text: words from documents and people, made harmless before they stand in a letter of ours.

A sender may write anything into a booking: a link, a second verdict in a text that runs backwards, a thousand
accents on one letter. Escaping for HTML is left to the templates; here the text itself is tamed.
"""

import re
import unicodedata
from urllib.parse import urlsplit

# Show nothing, though Unicode counts them as letters or marks; the rest of their kind is category Cf.
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_WITHOUT_MARKS = re.compile("[^\u0300-\U0010ffff]*")  # there, what Python calls printable can be seen
# Words with single blanks between them and nothing that could become a link: nearly every name.
_TAME = re.compile(r"(?:[!-\-/-9;-?A-~]+(?: [!-\-/-9;-?A-~]+)*)?", re.ASCII)
_MOST_MARKS = 2  # accents on one letter: Vietnamese needs two
_LONGEST_URL = 500
_URL = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:[/?#][!-~]*)?", re.ASCII)
_QUOTES = re.compile(r"[<>\"'`\\^{}|]")


def visible(text: str) -> str:
    """Return *text* on one line without what cannot be seen: controls, direction marks, zero widths."""
    if text.isascii() and text.isprintable():
        return text  # nearly every text; the loop below would take most of the time of a letter
    if _WITHOUT_MARKS.fullmatch(text) and text.replace("\N{NO-BREAK SPACE}", " ").isprintable():
        return text
    kept: list[str] = []
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if category in {"Cc", "Zl", "Zp"}:
            kept.append(" ")
        elif category[0] != "C" and character not in _BLANKS and marks <= _MOST_MARKS:
            kept.append(character)
    return "".join(kept)


def foreign(text: str, longest: int = 80) -> str:
    """Return *text* visible, in NFKC, at most *longest* characters, and with nothing that turns into a link.

    Mail programs link whatever looks like an address (``evil.example``), so a blank follows each full stop
    inside a word; full-width dots and slashes become plain ones first.
    """
    if len(text) <= longest and _TAME.fullmatch(text):
        return text
    # cut before the work, for the text may be megabytes; NFKC lengthens a character to 18 at most
    shown = visible(unicodedata.normalize("NFKC", visible(text[: longest * 4])))
    shown = re.sub(r"(?<=\S)[.\u3002](?=[^\W\d])", ". ", shown)
    shown = re.sub(r":(?=//)", ": ", shown).replace("@", " (at) ")
    shown = " ".join(shown.split())
    return shown if len(shown) <= longest else shown[: longest - 1].rstrip() + "…"


def linkable(url: str) -> str:
    """Return *url* if it is a plain http(s) address that a letter may link to; else ``""``."""
    if len(url) > _LONGEST_URL or not _URL.fullmatch(url) or _QUOTES.search(url):
        return ""
    try:
        return url if urlsplit(url).hostname else ""
    except ValueError:
        return ""
