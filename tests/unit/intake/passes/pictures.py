"""Pictures with bar codes, made for the tests."""

import io

import zxingcpp
from PIL import Image


def code_picture(text: str, symbol: str = "Aztec", scale: int = 4) -> Image.Image:
    """Draw the bar code of a text."""
    (kind,) = zxingcpp.barcode_formats_from_str(symbol)
    drawn = zxingcpp.create_barcode(text, kind).to_image(scale=scale)
    return Image.frombuffer("L", (drawn.shape[1], drawn.shape[0]), bytes(memoryview(drawn)))  # type: ignore[arg-type] # a buffer, which its stub does not say


def on_screen(code: Image.Image, ground: int = 40) -> Image.Image:
    """Put a bar code into the midst of a telephone's screen."""
    screen = Image.new("L", (1170, 2532), ground)
    screen.paste(code, (200, 900))
    return screen


def as_file(picture: Image.Image, kind: str = "PNG") -> bytes:
    """Write a picture as the bytes of a file."""
    written = io.BytesIO()
    picture.save(written, kind)
    return written.getvalue()
