"""What the page of one EASA bulletin says: number, recommendation, levels, FIRs, and what cannot be drawn."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, NamedTuple

from travelrisk.domain.airspaces import Scope
from travelrisk.feeds.feed import Answer
from travelrisk.feeds.parsing import page_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_BLOCKS: Final = ("p", "li", "br", "div")
_NUMBER: Final = re.compile(r"(?:CZIB[- ])?(\d{4}-\d{2}(?:-?R\d+)?)", re.IGNORECASE)
_NOT: Final = re.compile(
    r"\b(?:not (?:to )?(?:operate|fly|enter|conduct)|(?:do|should|must|shall) not be (?:operated|flown)"
    r"|refrain from|avoid)\b",
    re.IGNORECASE,
)
_CARE: Final = re.compile(
    r"take (?:any |the |all )?potential risks? into account|(?:exercise|with) (?:extreme |utmost )?caution"
    r"|monitor (?:closely )?",
    re.IGNORECASE,
)
_BAND: Final = re.compile(
    r"(?P<at>\bat (?:or|and) )?\b(?P<side>below|under|up to(?: and including)?|above)"
    r" (?:the )?(?:FL|flight level) ?(?P<level>\d{2,3})",
    re.IGNORECASE,
)
_ALL: Final = re.compile(r"\ball (?:altitudes?|flight levels?|levels?)\b", re.IGNORECASE)
_ASIDE: Final = re.compile(r"\(([^()]*)\)")
_FIR: Final = re.compile(r"\b[A-Z]{4}\b")
_PARTIAL: Final = re.compile(
    r"\b(?:west|east|north|south)\w* of\b|\bover (?:the )?(?:waters|sea|land)|\bthe line\b|°|\bprovinces?\b"
    r"|\bterritory\b|\blongitude\b|\blatitude\b|\bportion\b|\bpart of\b|\bNM\b|\bexcept|\bexclu",
    re.IGNORECASE,
)
_EXCEPT: Final = re.compile(
    r"\b(?:with the exception of|except(?:ing|ed)?(?: for)?|excluding)\b", re.IGNORECASE
)
_ENDS: Final = re.compile(r"(?<=[.;])\s+(?=[A-Z(\"“])|\n+")
_LETTERS_ONLY: Final = re.compile(r"[^a-z ]+")


class Bulletin(NamedTuple):
    """What a page says; empty where it does not."""

    number: str = ""
    level: str = ""
    recommendation: str = ""
    countries: str = ""
    firs: tuple[str, ...] = ()
    scope: Scope | None = None
    undrawn: tuple[str, ...] = ()
    excepted: tuple[str, ...] = ()


def bulletin_of(page: Answer) -> Bulletin:
    """Read a page; a field that is not found is empty, and whoever asked sees that.

    Raises:
        FeedError: it is no page.
    """
    fields = _fields(page_of(page))
    number = _NUMBER.search(fields.get("czib number", ""))
    advice = sentences(fields.get("recommendations", ""))
    area = sentences(fields.get("affected airspace", ""))
    limits = [each for each in (*area, *advice) if _PARTIAL.search(each)]
    return Bulletin(
        number=f"CZIB-{number[1].upper()}" if number else "",
        level=level_of(advice),
        recommendation=" ".join(advice),
        countries=fields.get("affected countries", "").replace("\n", ", "),
        firs=firs_in(area),
        scope=scope_of(advice, area),
        undrawn=tuple(dict.fromkeys(limits)),
        excepted=tuple(
            _EXCEPT.split(each, maxsplit=1)[1].strip(" .;:") for each in limits if _EXCEPT.search(each)
        ),
    )


def level_of(advice: Iterable[str]) -> str:
    """Return what is recommended, in one of EASA's two phrases; the graver one where both stand there."""
    whole = " ".join(advice)
    if _NOT.search(whole):
        return "do not operate"
    return "take potential risks into account" if _CARE.search(whole) else ""


def scope_of(advice: Iterable[str], area: Iterable[str]) -> Scope | None:
    """Return the flight levels in which not to operate is advised, else those of the airspace; None = all.

    Of several bands the widest counts, and a sentence without one is about all levels: what is said of one
    place never narrows what is said of another.
    """
    graver = [each for each in advice if _NOT.search(each)] or list(advice)
    places = [each for each in area if _FIR.search(each) or _BAND.search(each)]
    said = graver if any(map(_says_levels, graver)) else places
    bands = [_ceiling(each) for each in said]
    highest = [each for each in bands if each is not None]
    return Scope(ceiling=max(highest)) if highest and len(highest) == len(bands) else None


def firs_in(area: Iterable[str]) -> tuple[str, ...]:
    """Return the location indicators in parentheses; airports stand there too, where they are excepted."""
    named = (_EXCEPT.split(each, maxsplit=1)[0] for each in area)
    aside = (found for each in named for found in _ASIDE.findall(each))
    return tuple(dict.fromkeys(code for each in aside for code in _FIR.findall(each)))


def sentences(text: str) -> list[str]:
    """Return the sentences of a text whose paragraphs stand on lines of their own."""
    return [each for part in _ENDS.split(text) if (each := " ".join(part.split()))]


def _says_levels(sentence: str) -> bool:
    return bool(_ALL.search(sentence) or _BAND.search(sentence))


def _ceiling(sentence: str) -> int | None:
    """Return the highest flight level that a sentence is about; None = there is no upper limit."""
    bands = list(_BAND.finditer(sentence))
    if not bands or _ALL.search(sentence) or any(each["side"].lower() == "above" for each in bands):
        return None
    return max(map(_band, bands))


def _band(found: re.Match[str]) -> int:
    """Return the highest flight level of a band: ``below FL 320`` leaves FL320 itself out."""
    is_included = bool(found["at"]) or found["side"].lower().startswith("up to")
    return int(found["level"]) - (0 if is_included else 1)


def _fields(page: "HtmlElement") -> dict[str, str]:
    """Return the pairs of label and item, by the label in small letters; a label may have several items."""
    found: dict[str, str] = {}
    label = ""
    for each in page.iter("div"):
        classes = (each.get("class") or "").split()
        if "field-label" in classes:
            label = _label(each.text_content())
        elif "field-item" in classes and label:
            found[label] = "\n".join(filter(None, (found.get(label, ""), _text(each))))
    return found


def _label(text: str) -> str:
    return " ".join(_LETTERS_ONLY.sub("", text.lower().replace("(s)", "s")).split())


def _text(element: "HtmlElement") -> str:
    """Return the text of an element, a line for each block."""
    for block in element.iter(*_BLOCKS):
        block.tail = "\n" + (block.tail or "")
    lines = (" ".join(line.split()) for line in element.text_content().split("\n"))
    return "\n".join(line for line in lines if line)
