"""Answers become JSON, XML or pages, tolerantly; what is none of them is refused by its name."""

import html
import json
import re
from typing import TYPE_CHECKING, Any, Final

from travelrisk.feeds.faults import Fault, FeedError
from travelrisk.feeds.feed import Answer

if TYPE_CHECKING:
    from lxml.etree import _Element
    from lxml.html import HtmlElement

_BOM: Final = b"\xef\xbb\xbf"
_TAG: Final = re.compile(r"<[^<>]*>")
_UNKEPT: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_SHOWN: Final = 60


def json_of(answer: Answer) -> Any:  # noqa: ANN401 - JSON has any form
    """Return an answer as JSON; a byte order mark before it is nothing unusual.

    Characters that no database keeps, half ones and zeros among them, become blanks: one of them in one row
    must not end a round.

    Raises:
        FeedError: it is none, such as a page that says that one should come back later.
    """
    try:
        return _kept(json.loads(_bare(answer.content)))
    except (ValueError, RecursionError) as error:
        raise _other_format(answer, "JSON") from error


def xml_of(answer: Answer) -> "_Element":
    """Return the root of an XML document, read without entities and without network.

    Raises:
        FeedError: it is none.
    """
    from lxml import etree  # noqa: PLC0415 - only what fetches needs it

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(_bare(answer.content), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _other_format(answer, "XML") from error


def page_of(answer: Answer) -> "HtmlElement":
    """Return the root of a page.

    Raises:
        FeedError: it is empty, or no page.
    """
    from lxml import etree  # noqa: PLC0415 - as above
    from lxml import html as pages  # noqa: PLC0415 - as above

    parser = pages.HTMLParser(encoding="utf-8", no_network=True)
    try:
        return pages.document_fromstring(_bare(answer.content), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise _other_format(answer, "a page") from error


def words_of(markup: str) -> str:
    """Return a text without tags, entities and needless blanks."""
    return " ".join(html.unescape(_TAG.sub(" ", html.unescape(markup))).split())


def _kept(value: Any) -> Any:  # noqa: ANN401 - as in json_of
    if isinstance(value, str):
        return _UNKEPT.sub(" ", value)
    if isinstance(value, list):
        return [_kept(each) for each in value]
    return {_kept(key): _kept(each) for key, each in value.items()} if isinstance(value, dict) else value


def _bare(content: bytes) -> bytes:
    return content.removeprefix(_BOM).strip()


def _other_format(answer: Answer, wanted: str) -> FeedError:
    start = _bare(answer.content)[:_SHOWN].decode("utf-8", errors="replace")
    came = f"what came begins with {start!r}" if start else "nothing came"
    return FeedError(Fault.OTHER_FORMAT, f"{answer.url}: is not {wanted}: {came}")
