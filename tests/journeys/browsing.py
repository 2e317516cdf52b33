"""How a journey goes from page to page: what is read next is read from the next page, and from all of it."""

from playwright.sync_api import Locator, expect

PATIENCE_MS = 60_000
"""Milliseconds in which whatever is waited for has long happened, also on a busy machine."""

expect.set_options(timeout=PATIENCE_MS)


def follow(leading: Locator) -> None:
    """Press a link or a button that leads to another page, and wait until that page is whole.

    `click` alone ends when the next page begins: what is then read without `expect` is read from a part of
    it, and whoever goes on at once to a third page takes back what was pressed.
    """
    with leading.page.expect_navigation(timeout=PATIENCE_MS):
        leading.click()
