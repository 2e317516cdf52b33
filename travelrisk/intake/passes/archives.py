"""Passes of telephones unpacked: a ZIP with `pass.json` and its texts, or a ZIP of such ZIPs.

Only what is read is unpacked, and never more than its limit, whatever the directory of the archive claims.
"""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from typing import Any, NamedTuple

from travelrisk.domain.errors import BadInputError
from travelrisk.intake.decoding import DAMAGED_ZIP, decode, json_text
from travelrisk.intake.limits import MIB

_MOST_MEMBERS = 500
_MOST_PASSES = 30
_LONGEST_JSON, _LONGEST_STRINGS, _LARGEST_PASS = MIB, MIB // 4, 5 * MIB
_JSON = re.compile(r"(?:[^/]+/)?pass\.json", re.IGNORECASE)
_STRINGS = re.compile(r"(?:[^/]+/)*(?P<language>[^/]+)\.lproj/pass\.strings", re.IGNORECASE)
_PAIR = re.compile(r'"((?:[^"\\]|\\.)*)"\s*=\s*"((?:[^"\\]|\\.)*)"\s*;')
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_LANGUAGES = ("en", "fr", "es")


class Packed(NamedTuple):
    """A pass as it stands in its archive: the object of `pass.json`, and its texts by their keys."""

    content: dict[str, Any]
    texts: dict[str, str]


def passes_of(content: bytes) -> Iterator[Packed | str]:
    """Yield every pass in an archive, or why one of several cannot be read.

    Raises:
        BadInputError: the archive, or the only pass, is damaged, protected or too large.
    """
    with _archive(content) as archive:
        inner = [each for each in archive.namelist() if each.lower().endswith(".pkpass")]
        if not inner:
            yield _packed(archive)
            return
        for name in inner[:_MOST_PASSES]:
            try:
                with _archive(_member(archive, name, _LARGEST_PASS)) as one:
                    yield _packed(one)
            except BadInputError as error:
                yield f"{name}: {error}"
        if len(inner) > _MOST_PASSES:
            yield f"The file holds {len(inner)} passes; up to {_MOST_PASSES} are read: send the others apart"


def _archive(content: bytes) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except DAMAGED_ZIP as error:
        raise _damaged(error) from error
    if len(archive.namelist()) > _MOST_MEMBERS:
        raise BadInputError(f"The pass has more than {_MOST_MEMBERS} parts: send the itinerary itself")
    return archive


def _member(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """Unpack one member, no further than its limit."""
    try:
        with archive.open(name) as member:
            content = member.read(most + 1)
    except DAMAGED_ZIP as error:
        raise _damaged(error) from error
    if len(content) > most:
        raise BadInputError(f"A part of the pass has more than {most // 1024} kB: send the itinerary itself")
    return content


def _packed(archive: zipfile.ZipFile) -> Packed:
    names = archive.namelist()
    name = min(filter(_JSON.fullmatch, names), key=len, default=None)
    if name is None:
        raise BadInputError("The pass has no pass.json: send the boarding pass again")
    try:
        content = json.loads(json_text(decode(_member(archive, name, _LONGEST_JSON))), strict=False)
    except (ValueError, RecursionError) as error:
        raise _damaged(error) from error
    if not isinstance(content, dict):
        raise BadInputError("The pass.json holds no pass: send the boarding pass again")
    strings = {match["language"].lower(): each for each in names if (match := _STRINGS.fullmatch(each))}
    best = next((strings[each] for each in (*_LANGUAGES, *sorted(strings)) if each in strings), None)
    return Packed(content, _texts(decode(_member(archive, best, _LONGEST_STRINGS))) if best else {})


def _texts(written: str) -> dict[str, str]:
    return {_plain(key): _plain(value) for key, value in _PAIR.findall(written)}


def _plain(text: str) -> str:
    return _ESCAPED.sub(lambda match: {"n": "\n", "t": "\t"}.get(match[1], match[1]), text)


def _damaged(error: Exception) -> BadInputError:
    return BadInputError(f"The pass is damaged or protected ({type(error).__name__}): send it again")
