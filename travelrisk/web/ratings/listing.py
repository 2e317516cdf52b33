"""The list of the ratings: filtered and cut into pages here, by what stands in the address."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from travelrisk.domain.codes import folded
from travelrisk.domain.ratings import Level, SubjectKind
from travelrisk.services.application import Application
from travelrisk.services.ratings import records
from travelrisk.web.languages import language
from travelrisk.web.parts import application
from travelrisk.web.ratings.pages import blueprint, open_ratings
from travelrisk.web.ratings.records import CAUTION, SERVICE, Row, level_label, row_of
from travelrisk.web.words import speaker

KINDS: Final = tuple(kind.value for kind in SubjectKind)
SAYS: Final = (*(level.value for level in Level), CAUTION, SERVICE)
STATES: Final = ("in_force", "expired", "not_yet_valid")
_ON_A_PAGE: Final = 40
_LONGEST: Final = 100

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Filter:
    """What is looked for; an empty field, or a word that is none of ours, means everything."""

    text: str = ""
    kind: str = ""
    says: str = ""
    state: str = ""

    def takes(self, row: Row) -> bool:
        """Say whether a row is looked for."""
        wanted = folded(self.text)
        return (
            self.kind in {"", row.kind}
            and self.says in {"", row.says}
            and self.state in {"", row.state}
            and (not wanted or wanted in folded(f"{row.name} {row.key}"))
        )

    def fields(self, page: int) -> dict[str, str | int]:
        """Return what the address of a page of this list must say."""
        words = {"q": self.text, "kind": self.kind, "level": self.says, "state": self.state}
        return {name: word for name, word in words.items() if word} | ({"page": page} if page > 1 else {})


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """A page of a list; *number* counts from 1."""

    rows: tuple[Item, ...]
    number: int
    pages: int
    found: int


@blueprint.get("/ratings")
@open_ratings
def listing() -> ResponseReturnValue:
    """Show the ratings that are looked for."""
    wanted = filter_of(request.args)
    page = page_of(filter(wanted.takes, _rows(application())), request.args.get("page", 1, type=int))
    levels = {level.value: level_label(level, language()) for level in Level}
    return render_template(
        "ratings/list.html", wanted=wanted, page=page, kinds=KINDS, says=SAYS, states=STATES, levels=levels
    )


def filter_of(arguments: MultiDict[str, str]) -> Filter:
    """Read the filter from an address."""

    def one_of(name: str, words: tuple[str, ...]) -> str:
        word = arguments.get(name, "")
        return word if word in words else ""

    text = arguments.get("q", "").strip()[:_LONGEST]
    return Filter(text, one_of("kind", KINDS), one_of("level", SAYS), one_of("state", STATES))


def page_of(rows: Iterable[Item], number: int, size: int = _ON_A_PAGE) -> Page[Item]:
    """Cut out a page; a number beyond the ends gives the page at that end."""
    found = tuple(rows)
    pages = max(1, -(-len(found) // size))
    number = min(max(number, 1), pages)
    return Page(found[(number - 1) * size : number * size], number, pages, len(found))


def _rows(app: Application) -> list[Row]:
    say = speaker(language())
    rows = [row_of(app, listed, language(), say) for listed in records.listing(app)]
    return sorted(rows, key=lambda row: (KINDS.index(row.kind), folded(row.name), row.id))
