"""Pictures in a real browser: under the strict policy of our pages, at both widths, and the land in place."""

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.journeys.rules import WIDTHS, keeps_to_the_rules
from tests.unit.picture.sketches import AREAS, OPPOSITE, route
from travelrisk.domain.verdicts import Verdict
from travelrisk.picture.drawing import NARROW, picture, view_of
from travelrisk.picture.projecting import vector
from travelrisk.picture.world import world

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

STYLESHEET = Path(__file__).parents[2] / "travelrisk" / "web" / "static" / "picture.css"
POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:"
SEA, LAND = (213, 227, 238), (248, 245, 236)
ADDRESS = "http://localhost/"


def _open(browser: "Browser", body: str, theme: str = "") -> "Page":
    page = browser.new_page()
    head = f"<title>Map</title><link rel=stylesheet href={ADDRESS}picture.css>"
    html = f"<!doctype html><html lang=en{theme}>{head}<main><h1>Map</h1>{body}</main></html>"
    page.route(
        ADDRESS,
        lambda asked: asked.fulfill(
            body=html, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": POLICY}
        ),
    )
    page.route(
        f"{ADDRESS}picture.css",
        lambda asked: asked.fulfill(body=STYLESHEET.read_text("utf-8"), content_type="text/css"),
    )
    return page


def test_pictures_stand_on_a_page_under_a_strict_policy(browser: "Browser", axe: str) -> None:
    said: list[str] = []
    sketches = (route("FRA ADD NBO", *AREAS, verdict=Verdict.REVIEW), route("SVO LAX"), OPPOSITE)
    body = "".join(picture(each, "en") for each in sketches) + world(AREAS, sketches[0].places, "en")
    page = _open(browser, body)
    page.on("console", lambda message: said.append(message.text))
    page.goto(ADDRESS)
    assert page.evaluate("document.querySelectorAll('svg.tr-map').length") == 4
    assert (
        page.evaluate(
            "() => {const ids = [...document.querySelectorAll('[id]')].map(each => each.id);"
            " return ids.length - new Set(ids).size}"
        )
        == 0
    )
    keeps_to_the_rules(page, axe, "pictures")
    assert said == []
    page.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_letters_can_be_read_and_stay_on_the_sheet(browser: "Browser", width: int) -> None:
    page = _open(browser, picture(route("FRA ADD NBO", *AREAS), "fr"))
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(ADDRESS)
    sizes = page.evaluate(
        """() => {
            const sheet = document.querySelector('svg.tr-map').getBoundingClientRect();
            return [...document.querySelectorAll('svg.tr-map text')].map(each => {
                const box = each.getBoundingClientRect();
                return [box.height, box.left - sheet.left, sheet.right - box.right];
            })}"""
    )
    assert len(sizes) > 12
    for height, left, right in sizes:
        assert 11 <= height <= 32, "a line of letters, from top to bottom"
        assert left >= 0
        assert right >= 0
    page.close()


@pytest.mark.parametrize(
    ("codes", "seas", "lands"),
    [
        ("FRA NBO", [(19, 34), (32, 43)], [(21, 23), (24, 1)]),  # the two seas of the north; Libya, Congo
        ("NAN HNL", [(178, 4), (-163, 12)], [(-155.5, 19.6)]),  # only sea; the big island
        ("AKL SCL", [(-130, -55)], [(-71, -40)]),
        ("SVO LAX", [(10, 84), (-7, 69)], [(-42, 74), (-98, 54)]),  # the Arctic; Greenland, Canada
    ],
)
def test_what_the_browser_paints_is_the_globe(
    browser: "Browser",
    codes: str,
    seas: list[tuple[float, float]],
    lands: list[tuple[float, float]],
) -> None:
    sketch = route(codes)
    page = _open(browser, picture(sketch, "en"))
    page.goto(ADDRESS)
    shot = Image.open(BytesIO(page.locator("svg.tr-map").screenshot())).convert("RGB")
    view = view_of(sketch, NARROW)
    for spots, colour in ((seas, SEA), (lands, LAND)):
        for lon, lat in spots:
            x, y = view.at(vector(lon, lat))
            per_unit = shot.width / NARROW
            seen = shot.getpixel((round(x * per_unit), round(y * per_unit)))
            assert isinstance(seen, tuple)
            assert max(abs(a - b) for a, b in zip(seen, colour, strict=True)) < 14, f"{lon} {lat}"
    page.close()
