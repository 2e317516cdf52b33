"""Who published an edition and why, in the language of the reader.

An edition keeps both in English for good: ``bob, signed by charlie`` and ``import of FILE``, or for a change
of the desk its reference and its reason. What has one of these forms is told in the reader's words; names,
and reasons that somebody typed, stay as they are.
"""

import re
from typing import Final

from travelrisk.domain.texts import Language
from travelrisk.telling.foreign import visible
from travelrisk.telling.words import speaker

_SIGNED: Final = re.compile(r"(?P<names>.+?), signed by (?P<signers>.+)", re.DOTALL)
_GRANTED: Final = re.compile(r"(?P<names>.+), exceptions signed by (?P<signers>.+?)", re.DOTALL)
_IMPORT: Final = re.compile(r"import of (?P<name>.+)", re.DOTALL)


def who_published(actor: str, language: Language) -> str:
    """Return who prepared an edition and who signed it, as *actor* of it was kept."""
    shown, say = visible(actor), speaker(language)
    granted = _GRANTED.fullmatch(shown)
    if granted:
        names = who_published(granted["names"], language)
        return say("edition_exceptions_signed", names=names, signers=granted["signers"])
    signed = _SIGNED.fullmatch(shown)
    return say("edition_signed", **signed.groupdict()) if signed else shown


def why_published(note: str, language: Language) -> str:
    """Return why an edition was published, as the *note* of it was kept, without a reference before it."""
    shown, say = visible(note), speaker(language)
    imported = _IMPORT.fullmatch(shown)
    return say("edition_import", name=imported["name"]) if imported else shown
