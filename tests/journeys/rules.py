"""What every page keeps to in a browser: axe on a desk and on a phone, room to press, nothing sideways.

In another language a page has the same parts and colours, and other words, which take more room. Where a page
is shown in each language, axe looks at it in English at both widths, and in the others where there is least
room; at the contrast of colours, which is more than half of its work, in English alone.
"""

from importlib.resources import files

import pytest
from playwright.sync_api import Page

PREFIXES = {"en": "", "fr": "/fr", "es": "/es"}
WIDTHS = (1280, 360)
NARROWEST = 320
LEFT = "net::ERR_ABORTED"  # the test left the page while the browser was still fetching its icon
STATUS_ON_CONSOLE = "Failed to load resource: the server responded with a status of "
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Of what keeps to the rules no list is wanted, which takes a third of the time.
_VIOLATIONS = """([tags, rules]) => axe.run(
    document, {runOnly: tags, rules: rules, iframes: false, resultTypes: ["violations"]}).then(
    result => result.violations.map(
        each => each.id + ": " + each.nodes.map(node => node.html.slice(0, 120)).join(" | ")))"""
_NO_COLOURS = {"color-contrast": {"enabled": False}}
_TOO_SMALL = """() => [...document.querySelectorAll(
    "button, select, input:not([type=hidden]), summary, .tr-nav a")]
    .filter(each => each.getClientRects().length)
    .map(each => [each.outerHTML.slice(0, 80), each.getBoundingClientRect()])
    .filter(([, box]) => box.height < 24 || box.width < 24).map(([html]) => html)"""

# Whether there are scripts is nothing to the database: each way once, on one of them.
WITH_AND_WITHOUT_SCRIPTS = pytest.mark.parametrize(
    ("database_url", "scripts"),
    [("sqlite", True), pytest.param("postgresql", False, marks=pytest.mark.postgres)],
    indirect=["database_url"],
)


@pytest.fixture(scope="session")
def axe() -> str:
    """Give the source of axe-core."""
    return files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


def keeps_to_the_rules(page: Page, axe: str, name: str, language: str = "") -> None:
    """Hold the page that is open to the rules.

    Args:
        page: the page.
        axe: the source of axe-core.
        name: tells which page it is.
        language: given where the page is shown in each language; empty = in this one alone.
    """
    page.wait_for_load_state()
    page.evaluate(axe)
    is_translated = language not in {"", "en"}
    for width in WIDTHS[-1:] if is_translated else WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        found = page.evaluate(_VIOLATIONS, [_TAGS, _NO_COLOURS if is_translated else {}])
        assert found == [], f"{name} {language}: axe at {width} px: {found}"
    small = page.evaluate(_TOO_SMALL)
    assert small == [], f"{name} {language}: too small to press: {small}"
    page.set_viewport_size({"width": NARROWEST, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST, (
        f"{name} {language}: scrolls sideways"
    )
    page.set_viewport_size({"width": WIDTHS[0], "height": 800})
