"""The rules that every page keeps to find a page that does not, in each language."""

import pytest
from playwright.sync_api import Browser

from tests.journeys.rules import keeps_to_the_rules

PAGE = "<!doctype html><html lang=en><title>Page</title><main><h1>Page</h1>{}</main></html>"
NAMELESS = "<button></button>"
PALE = "<p style='color: #ccc; background: #fff'>Hardly to be read</p>"
TINY = "<button style='all: unset; height: 9px; font-size: 6px'>Go</button>"
WIDE = "<pre>{}</pre>".format("wide" * 100)


@pytest.mark.parametrize(
    ("broken", "language", "told"),
    [
        (NAMELESS, "en", "button-name"),
        (NAMELESS, "es", "button-name"),
        (PALE, "", "color-contrast"),
        (TINY, "fr", "too small to press"),
        (WIDE, "fr", "scrolls sideways"),
    ],
)
def test_a_page_that_breaks_a_rule_is_found(
    broken: str, language: str, told: str, browser: Browser, axe: str
) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.set_content(PAGE.format(broken))
        with pytest.raises(AssertionError, match=told):
            keeps_to_the_rules(page, axe, "a page", language)
