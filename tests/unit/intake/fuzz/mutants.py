"""Documents of the cases, spoilt: cut, doubled, swapped, spliced, or put inside of something."""

import io
import json
import random
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from tests.unit.intake.cases import folders
from tests.unit.intake.outlook import File, Letter, msg, tnef

LONGEST = 200_000
_MOST = 4  # changes to one document
_INSERTED = (
    *(bytes([byte]) for byte in b"\0\t\n\r !\"#%&'()*+,-./:;<=>?@[\\]^_`{|}~\x80\xff"),
    *(
        text.encode()
        for text in ("é", "œ", "\u2028", "\ufeff", "\u0131", "٣", "²", "\u202e", "😀", "K", "\x1d")
    ),
    b"\r\n\r\n",
    b"=\r\n",
    b"0" * 40,
    b"99999999999999999999",
    b"-1",
    b"null",
    b"ET707 FRA ADD 12DEC",
    b"operated by ",
    b" via ",
    b" 24:61 ",
    b"31FEB",
    b"29FEB",
    b"2026-13-45",
    b"[" * 500,
    b"<a>" * 200,
    b"\xed\xa0\x80",
)
_VALUES: tuple[Any, ...] = (
    None,
    True,
    -1,
    1e400,
    10**30,
    "",
    "0000-00-00",
    "é\ud800",
    [],
    {},
    [[]],
    "NBO",
    ["ET", None],
    {"x": {}},
)
_TOKEN = re.compile(rb"[^\s+:'\",;<>=/{}\[\]()]+")


@dataclass(frozen=True, slots=True)
class Input:
    """A document to read, the form it was made from, and whether a flight may be in it."""

    form: str
    name: str
    content: bytes
    may_fly: bool = True


def cases() -> list[Input]:
    """Return the document of every case."""
    paths = (next(folder.glob("in.*")) for folder in folders())
    return [Input(path.parent.parent.name, path.name, path.read_bytes()) for path in paths]


def mutants(seeds: Sequence[Input], chance: random.Random) -> Iterator[Input]:
    """Spoil documents without an end; one in eight is put inside of a mail or an archive."""
    by_form: dict[str, list[Input]] = {}
    for each in seeds:
        by_form.setdefault(each.form, []).append(each)
    forms = sorted(by_form)
    while True:
        form = chance.choice(forms)
        seed = chance.choice(by_form[form])
        other = chance.choice(by_form[form] if chance.random() < 0.7 else seeds)
        content = _spoilt(seed.content, other.content, chance)
        if chance.random() < 0.125:
            yield _inside(Input(form, seed.name, content), chance)
        else:
            yield Input(form, seed.name, content)


def _spoilt(content: bytes, other: bytes, chance: random.Random) -> bytes:
    """Change a document; of a ZIP now and then what is packed in it, which no change of its bytes reaches."""
    if content.startswith(b"PK\x03\x04") and chance.random() < 0.7:
        return _repacked(content, chance)
    if content[:1] in {b"{", b"["} and chance.random() < 0.8:
        return _with_other_values(content, chance)
    if chance.random() < 0.5:  # the frame stays whole, or no reader comes as far as what is in it
        for _ in range(chance.randint(1, _MOST)):
            content = _other_token(content, chance)
        return content
    if chance.random() < 0.3:
        cut, begin = chance.randint(0, len(content)), chance.randint(0, len(other))
        content = content[:cut] + other[begin:]
    for _ in range(chance.randint(1, _MOST)):
        content = chance.choice(_CHANGES)(content, chance)
    return content[:LONGEST]


def _with_other_values(content: bytes, chance: random.Random) -> bytes:
    """Change values of a JSON document, which stays one."""
    try:
        tree = json.loads(content)
    except ValueError:
        return content[: chance.randint(0, len(content))]
    for _ in range(chance.randint(1, _MOST)):
        holders = [holder for holder in _holders(tree) if holder]
        if not holders:
            break
        holder = chance.choice(holders)
        key = chance.choice([*holder] if isinstance(holder, dict) else range(len(holder)))
        if chance.random() < 0.2:
            del holder[key]
        else:
            holder[key] = deepcopy(chance.choice(_VALUES))
    return json.dumps(tree).encode()


def _holders(tree: Any) -> Iterator[Any]:  # noqa: ANN401 - JSON
    if isinstance(tree, dict | list):
        yield tree
        for inner in tree.values() if isinstance(tree, dict) else tree:
            yield from _holders(inner)


def _other_token(content: bytes, chance: random.Random) -> bytes:
    """Put another word of the document, or one that is never right, in the place of a word."""
    tokens = list(_TOKEN.finditer(content[:LONGEST]))
    if not tokens:
        return content
    one, two = chance.choice(tokens), chance.choice(tokens)
    word = chance.choice(_INSERTED) if chance.random() < 0.3 else two[0]
    return content[: one.start()] + word + content[one.end() :]


def _repacked(content: bytes, chance: random.Random) -> bytes:
    written = io.BytesIO()
    try:
        with (
            zipfile.ZipFile(io.BytesIO(content)) as archive,
            zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed,
        ):
            files = [(name, archive.read(name)) for name in archive.namelist()]
            spoilt = chance.randrange(len(files))
            for number, (name, inner) in enumerate(files):
                content = _spoilt(inner, inner, chance) if number == spoilt else inner
                packed.writestr(zipfile.ZipInfo(name), content)  # of no hour: the same each time
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, ValueError):  # made damaged, or locked
        return content[: chance.randint(0, len(content))]
    return written.getvalue()


def _inside(spoilt: Input, chance: random.Random) -> Input:
    """Put a document into another one, by the ways in which people send them."""
    form = chance.choice(("zip", "msg", "tnef"))
    letter = Letter(subject="Trip", text="See below", files=(File(spoilt.name, spoilt.content),))
    if form == "msg":
        return Input(form, "in.msg", msg(letter))
    if form == "tnef":
        return Input(form, "winmail.dat", tnef(letter))
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as packed:
        packed.writestr(zipfile.ZipInfo(spoilt.name), spoilt.content)
    return Input(form, "in.zip", written.getvalue())


def _span(content: bytes, chance: random.Random, longest: int = 400) -> tuple[int, int]:
    start = chance.randint(0, len(content))
    return start, min(len(content), start + chance.randint(1, longest))


def _cut(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randint(0, len(content))]


def _without(content: bytes, chance: random.Random) -> bytes:
    start, end = _span(content, chance)
    return content[:start] + content[end:]


def _doubled(content: bytes, chance: random.Random) -> bytes:
    start, end = _span(content, chance)
    return content[:end] + content[start:end] * chance.choice((1, 1, 2, 30)) + content[end:]


def _flipped(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.randint(1, 8) if changed else 0):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _inserted(content: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 4)):
        place = chance.randint(0, len(content))
        content = content[:place] + chance.choice(_INSERTED) + content[place:]
    return content


def _other_digit(content: bytes, chance: random.Random) -> bytes:
    digits = [place for place, byte in enumerate(content) if 0x30 <= byte <= 0x39]
    changed = bytearray(content)
    for place in chance.sample(digits, min(len(digits), 3)):
        changed[place] = chance.choice(b"0123456789 -")
    return bytes(changed)


def _other_order(content: bytes, chance: random.Random) -> bytes:
    lines = content.splitlines(keepends=True)
    if len(lines) > 1:
        one, two = chance.sample(range(len(lines)), 2)
        lines[one], lines[two] = lines[two], lines[one]
    return b"".join(lines)


def _joined(content: bytes, chance: random.Random) -> bytes:
    lines = content.splitlines(keepends=True)
    place = chance.randrange(len(lines)) if lines else 0
    return b"".join(each.rstrip(b"\r\n") if number == place else each for number, each in enumerate(lines))


def _in_other_letters(content: bytes, chance: random.Random) -> bytes:
    start, end = _span(content, chance, 2_000)
    part = content[start:end]
    changed = chance.choice((part.lower(), part.upper(), part.replace(b" ", b""), part.replace(b"\n", b" ")))
    return content[:start] + changed + content[end:]


def _encoded_otherwise(content: bytes, chance: random.Random) -> bytes:
    text = content.decode("utf-8", "replace")
    return text.encode(chance.choice(("utf-16", "cp1252", "utf-7", "cp037")), "replace")


_CHANGES: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _cut,
    _without,
    _without,
    _doubled,
    _flipped,
    _flipped,
    _inserted,
    _inserted,
    _inserted,
    _other_digit,
    _other_digit,
    _other_order,
    _other_order,
    _joined,
    _in_other_letters,
    _encoded_otherwise,
)
