"""HTML as it comes in mails: the schema.org data hidden in it, and the text that people see.

A ready-made extractor was tried: it loses every flight of an array that lacks one comma, which airlines send.
"""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from travelrisk.intake.decoding import json_text
from travelrisk.intake.pages.webtables import UNWRITABLE, label_cells

Node = dict[str, Any]
"""One object of schema.org: properties by name; a value is a text, a number, a Node, or a list of these."""

_MOST_NODES = 10_000
_HIDDEN = {"script", "style", "meta", "base", "template"}
_BLOCKS = frozenset(
    """title p div br tr table li ul ol h1 h2 h3 h4 h5 h6 hr pre summary details dt dd section article
    caption""".split()  # noqa: SIM905 - a table of words is read as words
)
_CELLS = {"td", "th"}
_LINE_END = "\ue000"  # of no alphabet; a line end elsewhere in HTML is but a blank
_STRUCK = {"s", "strike", "del"}
_VALUE_ATTRIBUTES = {"meta": "content", "link": "href", "a": "href", "time": "datetime", "data": "value"}
_FLIGHT = "FlightReservation"
DAMAGED = "Damaged"
"""The type of the node that stands for what of a broken text about reservations could not be read."""


class Webpage(NamedTuple):
    """What a page holds: nodes of schema.org, how many flights are announced in it, and its visible text.

    Attributes:
        language: as the page states it: ``fr`` or ``fr-CH``; empty = none stated.
    """

    nodes: list[Node]
    announced: int
    text: str
    language: str = ""


def webpage(html: str) -> Webpage:
    """Take a page apart; nothing it refers to is loaded."""
    root = _tree(html)
    if root is None:
        return Webpage([], 0, "")
    scripts = [
        element.text or ""
        for element in root.iter("script")
        if "ld+json" in str(element.get("type") or "").lower()
    ]
    nodes = [node for script in scripts for node in nodes_of(script)]
    marked = list(_microdata(root))
    announced = sum(script.count(f'"{_FLIGHT}"') for script in scripts) + sum(
        _FLIGHT in str(element.get("itemtype")) for element in root.iter() if element.get("itemtype")
    )
    label_cells(root)
    return Webpage(nodes + marked, announced, visible_text(root), str(root.get("lang") or ""))


def _tree(html: str) -> Any:  # noqa: ANN401 - lxml's elements have no type of their own
    from lxml import etree  # noqa: PLC0415 - only pages need it
    from lxml.html import HTMLParser, document_fromstring  # noqa: PLC0415 - only pages need it

    parser = HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        return document_fromstring(html.encode(errors="replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None


def nodes_of(script: str) -> list[Node]:
    """Read JSON-LD, also where a comma is missing between two objects; what else is left over is damage."""
    script = json_text(script)
    try:
        return list(_flat(json.loads(script, strict=False)))
    except ValueError:
        pieces = list(_pieces(script))
    nodes = [node for value, _, _ in pieces for node in _flat(value)]
    starts, ends = [start for _, start, _ in pieces], [0, *(end for _, _, end in pieces)]
    between = "".join(script[end:start] for end, start in zip(ends, [*starts, len(script)], strict=True))
    is_damaged = f'"{_FLIGHT}"' in script and bool(set(between) & set('{}"'))
    return [*nodes, {"@type": DAMAGED}] if is_damaged else nodes


def _pieces(script: str) -> Iterator[tuple[object, int, int]]:
    """Read every whole object of a broken text, starting at each ``{`` that is not inside the one before.

    Yields:
        The object, and where it starts and ends.
    """
    decoder = json.JSONDecoder(strict=False)
    position = script.find("{")
    for _ in range(_MOST_NODES):
        if position < 0:
            return
        try:
            value, end = decoder.raw_decode(script, position)
        except ValueError:
            position = script.find("{", position + 1)
            continue
        yield value, position, end
        position = script.find("{", end)


def _flat(value: object) -> Iterator[Node]:
    """Yield the nodes in an array or a graph, in the order of the document."""
    waiting = [value]
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        current = waiting.pop()
        if isinstance(current, list):
            waiting.extend(reversed(current))
        elif isinstance(current, dict):
            yield current
            inner = [each for key, each in current.items() if key != "reservationFor"]
            waiting.extend(each for each in reversed(inner) if isinstance(each, dict | list))


def types_of(node: Node) -> set[str]:
    """Return the types of a node without their address."""
    stated = node.get("@type") or ""
    names = stated if isinstance(stated, list) else [stated]
    return {str(name).rstrip("/").rpartition("/")[2] for name in names}


def _microdata(root: Any) -> Iterator[Node]:  # noqa: ANN401 - lxml's elements have no type of their own
    for element in root.iter():
        if element.get("itemscope") is not None and not element.get("itemprop"):
            yield _item(element)


def _item(element: Any) -> Node:  # noqa: ANN401 - lxml's elements have no type of their own
    node: Node = {"@type": str(element.get("itemtype") or "").rstrip("/").rpartition("/")[2]}
    waiting = list(reversed(element))
    while waiting:
        current = waiting.pop()
        names = str(current.get("itemprop") or "").split()
        is_item = current.get("itemscope") is not None
        if not is_item:
            waiting.extend(reversed(current))
        for name in names:
            value = _item(current) if is_item else _value(current)
            node[name] = [*_listed(node[name]), value] if name in node else value
    return node


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _value(element: Any) -> str:  # noqa: ANN401 - lxml's elements have no type of their own
    attribute = _VALUE_ATTRIBUTES.get(str(element.tag), "content")
    stated = element.get(attribute) or element.get("content")
    return str(stated if stated is not None else element.text_content()).strip()


def visible_text(root: Any) -> str:  # noqa: ANN401 - lxml's elements have no type of their own
    """Return what people see or hear: a line for each block, cells of a row side by side, alt texts."""
    _keep_lines(root)
    pieces: list[str] = []
    waiting: list[Any] = [root]
    while waiting:
        current = waiting.pop()
        if isinstance(current, str):
            pieces.append(current)
            continue
        tag = str(current.tag)
        if tag not in _HIDDEN:
            edge = "\n" if tag in _BLOCKS else " " if tag in _CELLS else ""
            pieces += _spoken(current, tag)
            inner = [edge, " ".join((current.text or "").split(" ")).replace("\n", " ")]
            for child in current:
                inner += [child, (child.tail or "").replace("\n", " ")]
            mark = "~~" if _is_struck(current) else ""
            waiting.extend(reversed([edge, mark, *inner[1:], mark, edge]))
    lines = (" ".join(line.split()) for line in "".join(pieces).replace(_LINE_END, "\n").split("\n"))
    return "\n".join(line for line in lines if line)


def _keep_lines(root: Any) -> None:  # noqa: ANN401 - lxml's elements have no type of their own
    """Mark the ends of lines where a page keeps them: reservation systems are pasted so."""
    for kept in root.iter("pre"):
        for element in kept.iter():
            element.text = UNWRITABLE.sub(" ", element.text or "").replace("\n", _LINE_END)
            if element is not kept:
                element.tail = UNWRITABLE.sub(" ", element.tail or "").replace("\n", _LINE_END)


def _spoken(element: Any, tag: str) -> Iterator[str]:  # noqa: ANN401 - lxml's elements have no type of their own
    """Yield what an element says by its attributes: to those who hover, listen, or fill it in."""
    names = ("alt", "title", "aria-label", *(("value",) if _is_field(element, tag) else ()))
    said = dict.fromkeys(" ".join(str(element.get(name) or "").split()) for name in names)
    yield from (f" {each} " for each in said if each)


def _is_field(element: Any, tag: str) -> bool:  # noqa: ANN401 - lxml's elements have no type of their own
    return tag == "input" and str(element.get("type") or "").lower() != "hidden"


def _is_struck(element: Any) -> bool:  # noqa: ANN401 - lxml's elements have no type of their own
    is_marked = str(element.tag) in _STRUCK
    return is_marked or "line-through" in str(element.get("style") or "").lower()
