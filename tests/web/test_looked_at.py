"""A decision is for what was looked at: whom it concerns is asked again, and what was typed is not lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.conftest import Clock
from tests.web.conftest import NOW, Page, Visitor, evening
from tests.web.desk import PASSWORD, Desk, csrf, employ
from tests.web.test_exceptions import BLANKET, NEW
from tests.web.test_focal import CAUTION, STATE
from travelrisk.domain.people import Role
from travelrisk.domain.proposals import Proposal, Status
from travelrisk.intake.document import Document
from travelrisk.services.desk import lookups as services
from travelrisk.services.people.sign_in import LONGEST_NOTE
from travelrisk.services.trips import receiving
from travelrisk.web.app import create_app

NOTE = "J'ai lu l'avis du 20 novembre."
CHANGED = "the effect has changed since you looked"


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def desk(tmp_path: Path, clock: Clock) -> Iterator[Desk]:
    """Give a service with the ratings of the demonstration, focal points, an approver and a travel unit."""
    app = evening(tmp_path, clock)
    employ(app, alice=Role.FOCAL_POINT, bob=Role.FOCAL_POINT, frank=Role.APPROVER, heidi=Role.TRAVEL_UNIT)
    yield Desk(app, create_app(app))
    app.engine.dispose()


def form_on(page: Page, address: str) -> dict[str, str]:
    """Return what the form for *address* holds hidden."""
    hidden = page.all(f"//form[@method='post' and @action='{address}']//input[@type='hidden']")
    return {each.get("name"): each.get("value") for each in hidden}


def send(visitor: Visitor, on: str, address: str, **fields: object) -> Page:
    page = visitor.get(on)
    return visitor.post(address, data=form_on(page, address) | {"csrf_token": csrf(page)} | fields)


def proposed(desk: Desk, **more: str) -> str:
    alice = desk.visitor("alice")
    fields = CAUTION | {"exceptions": ""} | more
    change = str(send(alice, STATE, STATE, **fields).response.headers["Location"])
    assert send(alice, change, f"{change}/propose").status == 303
    return change


def travel(desk: Desk, flown: str) -> None:
    """Let somebody else book a journey."""
    (received,) = receiving.receive(desk.app, Document(flown.encode(), "trip.txt"), recipient="x@example.org")
    assert received.trip is not None


def kept(desk: Desk, change: str) -> Proposal:
    return services.kept(desk.app, change.rpartition("/")[2]).proposal


ETHIOPIAN = "ET 707 FRA ADD 12 Dec operated by Ethiopian Airlines"


def test_nothing_is_signed_on_an_effect_that_nobody_saw(desk: Desk) -> None:
    change, bob = proposed(desk), desk.visitor("bob")
    form = form_on(bob.get(change), f"{change}/sign")
    travel(desk, ETHIOPIAN)
    again = bob.post(f"{change}/sign", data=form | {"note": NOTE})
    assert again.status == 409
    assert CHANGED in again.text("//div[contains(@class, 'tr-errors')]//a[@href='#effect']")
    assert again.all("//*[@id='effect']")
    assert again.text("//textarea[@id='note-sign']") == NOTE
    assert kept(desk, change).signatures == ()
    assert bob.post(f"{change}/sign", data=form_on(again, f"{change}/sign")).status == 303


def test_nothing_is_published_on_an_effect_that_nobody_saw(desk: Desk) -> None:
    change, bob = proposed(desk), desk.visitor("bob")
    address = f"{change}/publish"
    send(bob, change, f"{change}/sign")
    form = form_on(bob.get(address), address)
    travel(desk, ETHIOPIAN)
    again = bob.post(address, data=form)
    assert again.status == 409
    assert CHANGED in again.text("//div[contains(@class, 'tr-errors')]//a[@href='#effect']")
    told = again.text("//*[@id='effect']/following-sibling::p[1]")
    assert told.endswith("Journeys with the same verdict for other reasons: 1.")
    assert kept(desk, change).status is Status.SIGNED
    assert bob.post(address, data=form_on(again, address)).status == 303
    assert kept(desk, change).status is Status.PUBLISHED


def test_an_urgent_change_is_looked_at_again_too(desk: Desk) -> None:
    alice = desk.visitor("alice")
    change = str(send(alice, STATE, STATE, **CAUTION, urgent="1").response.headers["Location"])
    address = f"{change}/publish-at-once"
    form = form_on(alice.get(address), address)
    travel(desk, "KQ 101 LHR NBO 12 Dec operated by Kenya Airways")
    assert form_on(alice.get(address), address)["effect"] == form["effect"], "whom it does not concern"
    without = {name: value for name, value in form.items() if name != "effect"}
    assert alice.post(address, data=without).status == 409
    assert kept(desk, change).status is Status.DRAFT
    assert alice.post(address, data=form).status == 303


def test_an_exception_is_approved_for_the_journeys_that_were_seen(desk: Desk) -> None:
    heidi, frank = desk.visitor("heidi"), desk.visitor("frank")
    one = str(send(heidi, NEW, NEW, **BLANKET).response.headers["Location"])
    assert send(heidi, one, f"{one}/propose").status == 303
    form = form_on(frank.get(one), f"{one}/approve")
    office = BLANKET["office"]
    document = Document(b"UM 462 HRE JNB 12 Dec operated by Air Zimbabwe", "trip.txt")
    list(receiving.receive(desk.app, document, recipient="x@example.org", office=office))
    again = frank.post(f"{one}/approve", data=form | {"note": NOTE})
    assert again.status == 409
    assert CHANGED in again.words
    assert again.text("//textarea[@id='note-approve']") == NOTE
    form = form_on(again, f"{one}/approve")
    assert frank.post(f"{one}/approve", data=form).status == 303
    assert kept(desk, one).status is Status.PUBLISHED


def signed_in_again(visitor: Visitor, address: str, name: str = "bob") -> Page:
    token = csrf(visitor.get(address))
    fields = {"csrf_token": token, "email": f"{name}@staff.example.org", "password": PASSWORD}
    return visitor.post(address, data=fields)


def asked_again(desk: Desk, clock: Clock, change: str, note: str) -> tuple[Visitor, str]:
    """Let bob sign on a page that was left open, and return where that leads."""
    bob = desk.visitor("bob")
    form = form_on(bob.get(change), f"{change}/sign")
    clock.pass_by(minutes=31)
    sent = bob.post(f"{change}/sign", data=form | {"note": note})
    assert sent.status == 303
    return bob, str(sent.response.headers["Location"])


def test_a_note_is_kept_while_somebody_signs_in_again(desk: Desk, clock: Clock) -> None:
    change = proposed(desk)
    bob, sign_in = asked_again(desk, clock, change, NOTE)
    assert kept(desk, change).signatures == ()
    assert signed_in_again(bob, sign_in).response.headers["Location"] == change
    page = bob.get(change)
    assert page.text("//textarea[@id='note-sign']") == NOTE
    assert page.text("//textarea[@id='note-return']") == ""
    assert send(bob, change, f"{change}/sign", note=NOTE).status == 303
    assert NOTE in bob.get(change).text("//ol[@class='tr-timeline']")
    other = proposed(desk, text_en="Another one.")
    assert bob.get(other).text("//textarea[@id='note-sign']") == ""


def test_a_note_is_bounded_and_nobody_elses(desk: Desk, clock: Clock) -> None:
    employ(desk.app, judy=Role.FOCAL_POINT)
    change = proposed(desk)
    bob, sign_in = asked_again(desk, clock, change, "x" * 3 * LONGEST_NOTE)
    assert signed_in_again(bob, sign_in).status == 303
    assert bob.get(change).text("//textarea[@id='note-sign']") == "x" * LONGEST_NOTE
    signed_in_again(bob, sign_in, "judy")
    assert bob.get(change).text("//textarea[@id='note-sign']") == ""
