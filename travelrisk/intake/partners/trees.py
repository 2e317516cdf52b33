"""JSON and XML as one kind of tree, so that one table of paths reads both forms of a source.

Names are compared without case, namespaces and marks: ``StartCityCode``, ``start_city_code`` and
``@startCityCode`` are one name. XML is foreign: entities are off, nothing is loaded, and a document that
declares entities of its own is refused, since no booking needs them and bombs are made of them.
"""

import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from travelrisk.domain.errors import BadInputError
from travelrisk.intake.decoding import json_text, plain_text

Tree = dict[str, list["Value"]]
Value = str | Tree

TEXT = ""
"""The name under which the text of an XML element stands that has attributes or children as well."""

_DEEPEST = 60
_LONGEST = 2000
_MOST = 100_000  # things in a document; a booking has some hundred
_IDENTIFIERS = ("segmentkey", "key", "paxid", "passengerid")
_NO_LETTER = re.compile(r"[^a-z0-9]")
_ENTITIES = re.compile(r"<!ENTITY\b", re.IGNORECASE)
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_AGAIN = "send it again as it was made, whole"


class Step(NamedTuple):
    """One step of a path; a reference (``&PaxSegmentRefID``) leads on to what bears that identifier."""

    name: str
    is_reference: bool = False


@lru_cache(maxsize=4096)
def name_of(written: str) -> str:
    """Return a name for comparing: no namespace, no case, letters and digits only."""
    return _NO_LETTER.sub("", written.rpartition("}")[2].rpartition(":")[2].lower())


@lru_cache(maxsize=4096)
def steps_of(path: str) -> tuple[Step, ...]:
    """Take a path apart: ``Departure/AirportCode``; ``.`` is the text of the place itself."""
    if path == ".":
        return ()
    return tuple(Step(name_of(each), each.startswith("&")) for each in path.split("/"))


def tree_of_json(text: str) -> Tree:
    """Read JSON.

    Raises:
        BadInputError: broken, or nested too deep.
    """
    if text.count('"') > 2 * _MOST:
        raise BadInputError(f"The JSON holds more than {_MOST} things: send the booking alone")
    try:
        value = json.loads(json_text(text), strict=False, parse_int=str, parse_float=str, parse_constant=str)
    except json.JSONDecodeError as error:
        at = f"line {error.lineno}, column {error.colno}"
        raise BadInputError(f"The JSON is broken at {at}: {_AGAIN}") from error
    except RecursionError as error:
        raise BadInputError(f"The JSON is nested more than {_DEEPEST} deep: {_AGAIN}") from error
    return {"root": list(_of_json(value, 0))}


def _of_json(value: Any, depth: int) -> Iterator[Value]:  # noqa: ANN401 - JSON
    if depth > _DEEPEST:
        raise BadInputError(f"The JSON is nested more than {_DEEPEST} deep: {_AGAIN}")
    if isinstance(value, list):
        for each in value:
            yield from _of_json(each, depth + 1)
    elif isinstance(value, dict):
        tree: Tree = {}
        for key, each in value.items():
            tree.setdefault(name_of(key), []).extend(_of_json(each, depth + 1))
        yield tree
    elif isinstance(value, bool):
        yield str(value).lower()
    elif isinstance(value, str):
        yield _plain(value)


def tree_of_xml(text: str) -> Tree:
    """Read XML.

    Raises:
        BadInputError: broken, nested too deep, or with entities of its own.
    """
    from lxml import etree  # noqa: PLC0415 - only XML needs it

    if _ENTITIES.search(text):
        raise BadInputError("The XML declares entities (<!ENTITY), which are not read: send it without")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    content = _DECLARATION.sub("", text).strip().encode(errors="replace")
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise BadInputError(f"The XML is broken at line {error.lineno}: {_AGAIN}") from error
    if sum(1 for _ in root.iter()) > _MOST:
        raise BadInputError(f"The XML holds more than {_MOST} elements: send the booking alone")
    return {name_of(str(root.tag)): [_of_xml(root, 0)]}


def _of_xml(element: Any, depth: int) -> Value:  # noqa: ANN401 - lxml's elements have no type of their own
    if depth > _DEEPEST:
        raise BadInputError(f"The XML is nested more than {_DEEPEST} deep: {_AGAIN}")
    text = _plain("".join([element.text or "", *(child.tail or "" for child in element)]))
    tree: Tree = {name_of(name): [_plain(value)] for name, value in element.attrib.items() if value.strip()}
    for child in element:
        if isinstance(child.tag, str):
            tree.setdefault(name_of(child.tag), []).append(_of_xml(child, depth + 1))
    if not tree:
        return text
    if text:
        tree[TEXT] = [text]
    return tree


def _plain(text: str) -> str:
    short = text[:_LONGEST]
    return " ".join((short if short.isascii() else plain_text(short)).split())


def names_in(tree: Tree) -> set[str]:
    """Return the name of everything in a tree."""
    return {name for node, _ in nodes_in(tree) for name in node}


def nodes_in(tree: Tree, name: str = "") -> Iterator[tuple[Tree, str]]:
    """Yield every node with its name, each before what is below it, in the order of the document."""
    waiting = [(tree, name)]
    while waiting:
        node, own = waiting.pop()
        yield node, own
        below = [(each, name) for name, values in node.items() for each in values if isinstance(each, dict)]
        waiting += reversed(below)


def named(tree: Tree, names: Iterable[str]) -> list[Tree]:
    """Return what bears one of the names, anywhere below, in order; none that stands inside another."""
    wanted = frozenset(map(name_of, names))
    found, waiting = [], [(tree, "")] if wanted else []
    while waiting:
        node, own = waiting.pop()
        if own in wanted:
            found.append(node)
            continue
        below = [(each, name) for name, values in node.items() for each in values if isinstance(each, dict)]
        waiting += reversed(below)
    return found


def identified(tree: Tree) -> dict[str, Tree]:
    """Return everything with an identifier: ``PaxSegmentID`` in a PaxSegment, ``SegmentKey``, ``Key``."""
    found: dict[str, Tree] = {}
    for node, name in nodes_in(tree):
        for each in (f"{name}id", f"{name}key", *_IDENTIFIERS):
            if each in node:
                found |= dict.fromkeys(texts(node[each]), node)
    return found


def at(value: Value, path: str, index: dict[str, Tree] | None = None) -> list[Value]:
    """Return what stands at the end of a path, in every place to which it leads."""
    found = [value]
    for step in steps_of(path):
        found = [child for each in found if isinstance(each, dict) for child in each.get(step.name, ())]
        if step.is_reference:
            known = index or {}
            referred = (word for text in texts(found) for word in text.split())
            found = [known[word] for word in referred if word in known]
    return found


def texts(values: Iterable[Value]) -> Iterator[str]:
    """Yield the texts among values, also of elements with attributes; empty ones are left out."""
    for value in values:
        said = value if isinstance(value, str) else next(iter(value.get(TEXT, ())), "")
        if isinstance(said, str) and said:
            yield said
