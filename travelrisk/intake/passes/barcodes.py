"""Pictures become the strings of their bar codes; what the strings mean is not known here.

Aztec, PDF417, QR and Data Matrix are read, which is what boarding passes bear. A picture is looked at
reduced, since a photograph of twelve million pixels takes seconds; at its full size, and turned, only where
there is a bar code that cannot be read: a PDF417 that stands askew, most of all. It is cut out and turned by
as much as it leans, which reads every photograph that was tried, and costs some milliseconds.
"""

import io
import math
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from travelrisk.domain.errors import BadInputError

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PIXELS = 50_000_000
"""A picture beyond this is not opened: compressed to some kilobytes, it would take all memory."""

_KINDS = ("PNG", "JPEG", "GIF", "WEBP")
_SYMBOLS = "Aztec,PDF417,QRCode,DataMatrix"
_REDUCED, _FULL, _LIGHT = 4_000_000, 12_000_000, 1_500_000
_SMALLEST = 400  # pixels; fewer hold no bar code, and count who opens a mail
_ANGLES = tuple(sign * angle for angle in range(3, 25, 3) for sign in (1, -1))
_LEAST_SIDE, _LEAST_OF_A_MATRIX = 24, 48
"""Pixels of the shortest side. Noise, shadows and cloth look like codes, a small Data Matrix most of all; one
of a boarding pass has 26 modules or more, and is not read where they are of less than two pixels."""
_MOST_MISSED = 4
_MARGIN = 24  # pixels around a bar code; without a quiet zone it is none
_TO_SPARE = 0.0  # of the error correction of a PDF417; with none left the library has been seen to invent


class Codes(NamedTuple):
    """The bar codes in a picture: the strings of those that can be read, and whether others cannot."""

    texts: tuple[str, ...]
    has_damaged: bool = False


class _Missed(NamedTuple):
    """A bar code that was seen and cannot be read: its box, in shares of the picture, and how it leans."""

    box: tuple[float, float, float, float]
    angle: float


class _Look(NamedTuple):
    texts: tuple[str, ...]
    missed: tuple[_Missed, ...] = ()


def codes_in(image: object) -> Codes:
    """Return what the bar codes in a picture say.

    Args:
        image: the bytes of a picture file, a PIL image, or a numpy array of 8 bits (grey, or three colours).

    Raises:
        BadInputError: the bytes are no picture that can be opened, or it is too large.
    """
    picture = _opened(image)
    if picture.width * picture.height < _SMALLEST:
        return Codes(())
    look = _read(_within(picture, _REDUCED))
    turned = [_turned(picture, each) for each in look.missed[:_MOST_MISSED]]
    texts = tuple(dict.fromkeys((*look.texts, *(text for found in turned for text in found))))
    codes = Codes(texts, not all(turned) or len(look.missed) > _MOST_MISSED)
    if texts:
        return codes
    again = (Codes(each.texts, bool(each.missed)) for each in _again(picture, is_seen=bool(look.missed)))
    return next((found for found in again if found.texts), codes)


def _opened(image: object) -> "Image":
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - only pictures need it

    if not isinstance(image, bytes):
        picture = image if isinstance(image, Image.Image) else Image.fromarray(_grey(image))
        _check(picture)
        return picture.convert("L")
    try:
        with warnings.catch_warnings(action="error"), Image.open(io.BytesIO(image), formats=_KINDS) as opened:
            _check(opened)
            opened.draft("L", _size_within(opened, _FULL))  # a JPEG is reduced while it is read
            return _on_white(opened)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large() from error
    except UnidentifiedImageError as error:
        raise BadInputError("The picture is damaged or of an unknown kind") from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise BadInputError(f"The picture is damaged ({type(error).__name__})") from error


def _on_white(picture: "Image") -> "Image":
    """Return a picture in grey; black bars on a transparent ground would be black on black."""
    from PIL import Image  # noqa: PLC0415 - only pictures need it

    if not picture.has_transparency_data:
        return picture.convert("L")
    seen = picture.convert("LA")
    ground = Image.new("L", seen.size, "white")
    ground.paste(seen.getchannel("L"), mask=seen.getchannel("A"))
    return ground


def _grey(pixels: Any) -> Any:  # noqa: ANN401 - an array of numpy, which is not loaded here
    return pixels if pixels.ndim == len(("rows", "columns")) else pixels[..., :3].mean(axis=2).astype("uint8")


def _check(picture: "Image") -> None:
    if picture.width * picture.height > MOST_PIXELS:
        raise _too_large()


def _too_large() -> BadInputError:
    return BadInputError(f"The picture has more than {MOST_PIXELS:,} pixels")


def _size_within(picture: "Image", pixels: int) -> tuple[int, int]:
    share = min(1.0, (pixels / max(1, picture.width * picture.height)) ** 0.5)
    return max(1, int(picture.width * share)), max(1, int(picture.height * share))


def _within(picture: "Image", pixels: int) -> "Image":
    from PIL import Image  # noqa: PLC0415 - only pictures need it

    size = _size_within(picture, pixels)
    return picture if size == picture.size else picture.resize(size, Image.Resampling.BOX)


def _turned(picture: "Image", missed: _Missed) -> tuple[str, ...]:
    """Read a bar code cut out of a picture, at its full size, and turned until it lies straight."""
    from PIL import Image  # noqa: PLC0415 - only pictures need it

    left, top, right, bottom = missed.box
    wide, high = picture.size
    box = (
        int(left * wide) - _MARGIN,
        int(top * high) - _MARGIN,
        int(right * wide) + _MARGIN,
        int(bottom * high) + _MARGIN,
    )
    cut = _within(picture.crop(box), _REDUCED)
    for angle in dict.fromkeys((missed.angle, *_ANGLES)):
        turned = cut.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
        if texts := _read(turned).texts:
            return texts
    return ()


def _again(picture: "Image", *, is_seen: bool) -> Iterator[_Look]:
    """Read once more: a PDF417 in light on dark, and at its full size a picture in which a code was seen."""
    from PIL import ImageOps  # noqa: PLC0415 - only pictures need it

    yield _read(ImageOps.invert(_within(picture, _LIGHT)), "PDF417")
    if is_seen and picture.width * picture.height > _REDUCED:
        yield _read(_within(picture, _FULL))


def _read(picture: "Image", symbols: str = _SYMBOLS) -> _Look:
    import zxingcpp  # noqa: PLC0415 - only pictures need it

    wanted = zxingcpp.barcode_formats_from_str(symbols)
    found = zxingcpp.read_barcodes(picture, formats=wanted, return_errors=True)
    whole = [each for each in found if each.valid and _spare(each.extra) > _TO_SPARE]
    missed = [each for each in found if each not in whole and _may_be_a_pass(each)]
    return _Look(
        tuple(dict.fromkeys(each.bytes.decode("latin-1") for each in whole)),
        tuple(_missed(_corners(each), picture) for each in missed),
    )


def _may_be_a_pass(code: Any) -> bool:  # noqa: ANN401 - of the library, which has no types
    import zxingcpp  # noqa: PLC0415 - only pictures need it

    corners = _corners(code)
    shortest = min(map(math.dist, corners, (*corners[1:], corners[0])))
    is_matrix = code.format == zxingcpp.BarcodeFormat.DataMatrix
    return shortest >= (_LEAST_OF_A_MATRIX if is_matrix else _LEAST_SIDE)


def _corners(code: Any) -> list[tuple[int, int]]:  # noqa: ANN401 - of the library, which has no types
    at = code.position
    return [(each.x, each.y) for each in (at.top_left, at.top_right, at.bottom_right, at.bottom_left)]


def _missed(corners: list[tuple[int, int]], picture: "Image") -> _Missed:
    across, down = zip(*corners, strict=True)
    (left, top), (right, bottom) = corners[:2]
    wide, high = picture.size
    box = (min(across) / wide, min(down) / high, max(across) / wide, max(down) / high)
    return _Missed(box, math.degrees(math.atan2(bottom - top, right - left)))


def _spare(extra: Any) -> float:  # noqa: ANN401 - a dictionary that the library calls an object
    """Return the share of the error correction that was not needed."""
    return float(extra.get("UEC", 1.0))
