"""Bar codes in pictures: read in every kind and position, never invented, never at any price."""

import struct
import zlib
from datetime import date

import numpy as np
import pytest
from PIL import Image, ImageFilter

from tests.unit.intake.passes.pictures import as_file, code_picture, on_screen
from tests.unit.intake.passes.strings import bcbp, leg, seller, unique
from tests.unit.intake.tables import ATLAS, BOOK
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.itineraries import Outcome
from travelrisk.intake.document import Document
from travelrisk.intake.passes.barcodes import MOST_PIXELS, codes_in
from travelrisk.intake.passes.pictures import passes_in
from travelrisk.intake.registry import Readers

CODE = bcbp(leg(variable=unique() + seller("LH")))
ARRIVED = date(2026, 11, 23)


@pytest.mark.parametrize("symbol", ["Aztec", "PDF417", "QRCode", "DataMatrix"])
@pytest.mark.parametrize("angle", [0, 90, 180, 270])
def test_every_symbol_is_read_whichever_way_it_lies(symbol: str, angle: int) -> None:
    picture = on_screen(code_picture(CODE, symbol)).rotate(angle, expand=True)
    assert codes_in(as_file(picture)).texts == (CODE,)


@pytest.mark.parametrize("angle", [5, 7, 8, 11, 13, 17, 21])
@pytest.mark.parametrize("resampled", [Image.Resampling.NEAREST, Image.Resampling.BICUBIC])
def test_a_symbol_askew_is_read_rightly_or_not_at_all(angle: int, resampled: Image.Resampling) -> None:
    picture = on_screen(code_picture(CODE, "PDF417")).rotate(angle, resampled, expand=True, fillcolor=60)
    assert set(codes_in(picture).texts) <= {CODE}


def test_arrays_and_pictures_are_read_like_files() -> None:
    picture = on_screen(code_picture(CODE))
    grey = np.asarray(picture)
    for image in (picture, grey, np.dstack([grey] * 3), picture.convert("RGBA")):
        assert codes_in(image).texts == (CODE,)


@pytest.mark.parametrize("share", [0.1, 0.3, 0.6])
def test_a_dark_picture_is_read(share: float) -> None:
    picture = on_screen(code_picture(CODE)).point(lambda value: int(value * share))
    assert codes_in(picture).texts == (CODE,)


def _chunk(name: bytes, content: bytes) -> bytes:
    checked = name + content
    return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))


@pytest.mark.parametrize("side", [8_000, 10_000, 60_000])
def test_a_picture_that_would_take_all_memory_is_not_opened(side: int) -> None:
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    with pytest.raises(BadInputError, match="more than 50,000,000 pixels"):
        codes_in(bomb)
    (reading,) = Readers(ATLAS, BOOK).read(Document(bomb, "pass.png"))
    assert reading.outcome is Outcome.UNREADABLE
    assert f"{MOST_PIXELS:,}" in reading.reason


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
@pytest.mark.parametrize("share", [0.05, 0.5, 0.9])
def test_a_picture_that_is_cut_off_is_told(kind: str, share: float) -> None:
    whole = as_file(on_screen(code_picture(CODE)).convert("RGB"), kind)
    found = passes_in(whole[: int(len(whole) * share)], ARRIVED)
    assert not found.drafts
    assert "damaged" in found.nothing or "unknown" in found.nothing


def test_bytes_that_only_begin_like_a_picture_are_told() -> None:
    for magic in (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a", b"RIFF\0\0\0\0WEBP"):
        for rest in (b"", b"\0" * 100, b"\xff" * 3000):
            (reading,) = Readers(ATLAS, BOOK).read(Document(magic + rest, "pass.jpg"))
            assert reading.outcome is Outcome.UNREADABLE
            assert "picture" in reading.reason


def test_a_picture_with_two_bookings_gives_two() -> None:
    other = bcbp(leg("LHR", "NBO", "KQ", number="0101 ", locator="XYZ987"), name="ROE/RICHARD")
    screen = on_screen(code_picture(CODE))
    screen.paste(code_picture(other), (200, 1700))
    found = passes_in(screen, ARRIVED)
    assert [draft.locators[0].code for draft in found.drafts] == ["ABC123", "XYZ987"]
    assert found.nothing == ""


def test_a_code_that_cannot_be_read_beside_one_that_can_is_told() -> None:
    creased = code_picture(bcbp(leg("ADD", "NBO", variable=unique())), "PDF417")
    creased.paste(255, (200, 0, 420, creased.height))
    screen = on_screen(code_picture(CODE))
    screen.paste(creased.rotate(8, Image.Resampling.BICUBIC, expand=True, fillcolor=255), (100, 1700))
    found = passes_in(screen, ARRIVED)
    assert len(found.drafts) == 1
    assert found.unread


def _photographed(code: Image.Image, angle: int) -> bytes:
    """Lay a bar code askew on a table, and photograph it with a telephone in poor light."""
    draw = np.random.default_rng(3)
    table = Image.fromarray(draw.integers(60, 150, (8, 6), dtype=np.uint8)).resize((1600, 2120))
    table.paste(code.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=225), (150, 700))
    seen = np.asarray(table.filter(ImageFilter.GaussianBlur(1)), dtype=float)
    noise = draw.normal(0, 9, seen.shape)
    return as_file(Image.fromarray(np.clip(seen * 0.8 + noise, 0, 255).astype(np.uint8)), "JPEG")


@pytest.mark.parametrize("symbol", ["Aztec", "PDF417"])
@pytest.mark.parametrize("angle", [-9, -4, 3, 7])
def test_a_photograph_is_read_and_its_noise_is_no_other_pass(symbol: str, angle: int) -> None:
    code = code_picture(CODE, symbol, scale=6 if symbol == "Aztec" else 3)
    found = passes_in(_photographed(code, angle), ARRIVED)
    assert len(found.drafts) == 1
    assert not found.unread
