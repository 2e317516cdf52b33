"""A certificate on paper: the QR code that leads to its check, and the page as a PDF (PDF/UA-1)."""

from functools import cache
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit


def qr_code(address: str) -> str:
    """Return an address as an SVG that stands within a page.

    In capitals where nothing but the host and the code stand in it: a QR code holds capitals in less room.
    """
    import segno  # noqa: PLC0415 - only a certificate needs it

    split = urlsplit(address)
    is_short = split.path.lower().startswith("/v/")
    shown = address.upper() if is_short else address
    return segno.make(shown, error="q", micro=False).svg_inline(
        border=4, svgclass="tr-qr", lineclass=None, omitsize=True
    )


@cache
def has_pdf() -> bool:
    """Say whether this installation makes PDFs: with the extra ``pdf``, and what that needs of the system."""
    if find_spec("weasyprint") is None:
        return False
    try:
        _loaded()
    except OSError:  # its libraries of the system are missing
        return False
    return True


def pdf_of(page: str) -> bytes:
    """Return a page as a PDF that screen readers can read; nothing is fetched for it.

    Raises:
        OSError: the libraries of the system are missing (ask ``has_pdf`` first).
    """
    return bytes(_loaded().HTML(string=page, url_fetcher=_nothing).write_pdf(pdf_variant="pdf/ua-1"))


def _loaded() -> Any:  # noqa: ANN401 - it ships no types
    """Load WeasyPrint, and take back what it sets for all: a picture that is cut off must stay an error."""
    import weasyprint  # type: ignore[import-untyped] # noqa: PLC0415 - takes seconds to load
    from PIL import ImageFile  # noqa: PLC0415 - as above

    ImageFile.LOAD_TRUNCATED_IMAGES = False
    return weasyprint


def _nothing(url: str, *_: object, **__: object) -> dict[str, object]:
    raise ValueError(f"a certificate names nothing to be fetched, but {url[:100]}")
