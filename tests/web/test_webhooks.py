"""The page of webhooks: for administrators alone, a secret is shown once, and what was sent is seen."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.services.conftest import Clock
from tests.web.calling import SECRET
from tests.web.conftest import NOW
from tests.web.desk import Desk, csrf, desk_of, send
from travelrisk.domain.people import Role
from travelrisk.domain.programs import Sealing
from travelrisk.services.application import Application
from travelrisk.services.webhooks import managing
from travelrisk.store import webhooks as store
from travelrisk.store.database import writing
from travelrisk.store.webhooks import Webhook
from travelrisk.web.app import create_app

NEW = "/programs/webhooks/new"
URL = "https://booking.example.org/travelrisk"
WANTED = {"url": URL, "office": "Field office"}


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def desk(app: Application, clock: Clock, tmp_path: Path) -> Iterator[Desk]:
    facts = replace(app.facts, sealing=Sealing(SECRET), secret=SECRET)
    own = replace(app, facts=facts, clock=clock)
    with desk_of(own, tmp_path, dora=Role.ADMIN, bob=Role.FOCAL_POINT, tina=Role.TRAVEL_UNIT) as desk:
        yield desk


@pytest.fixture
def hook(desk: Desk) -> Webhook:
    return managing.add(desk.app, "Field office", URL, "p-dora").webhook


def settled(desk: Desk, hook: Webhook, state: str, reply: str) -> int:
    """Let the newest message to an address have been sent, and return its number."""
    number = managing.messages(desk.app, hook.id)[0].id
    with writing(desk.app.engine) as c:
        store.settle(c, number, state, reply, desk.app.clock())
    return number


def test_an_administrator_adds_an_address_and_sees_its_secret_once(desk: Desk) -> None:
    dora = desk.visitor("dora")
    page = send(dora, NEW, **WANTED)
    secret = page.text("//code[@class='tr-secret']")
    assert (page.status, secret[:6]) == (200, "whsec_")
    (made,) = managing.everything(desk.app)
    assert (made.url, made.office, made.made_by) == (URL, "Field office", "p-dora")
    for path in ("/programs", f"/programs/webhooks/{made.id}"):
        again = dora.get(path)
        assert URL in again.words
        assert secret not in again.response.get_data(as_text=True)
    turned = send(dora, f"/programs/webhooks/{made.id}/rotate", f"/programs/webhooks/{made.id}")
    assert turned.text("//code[@class='tr-secret']") not in {secret, ""}


@pytest.mark.parametrize("language", ["", "/fr", "/es"])
def test_what_was_sent_is_seen_and_sent_again(desk: Desk, hook: Webhook, language: str) -> None:
    dora, own = desk.visitor("dora"), f"{language}/programs/webhooks/{hook.id}"
    assert "500" not in send(dora, f"{own}/test", own).words
    number = settled(desk, hook, "dead", "answers 500")
    page = dora.get(own)
    assert "answers 500" in page.words
    assert page.all(f"//form[@action='{own}/messages/{number}/replay']")
    assert send(dora, f"{own}/messages/{number}/replay", own).status == 303
    (message,) = managing.messages(desk.app, hook.id)
    assert (message.state, message.attempts) == ("queued", 0)
    assert dora.get(own).all("//form[contains(@action, '/replay')]") == []


def test_a_removed_address_is_told_nothing_and_offers_nothing(desk: Desk, hook: Webhook) -> None:
    dora, own = desk.visitor("dora"), f"/programs/webhooks/{hook.id}"
    send(dora, f"{own}/test", own)
    number = settled(desk, hook, "done", "answers 204")
    token = csrf(dora.get(own))
    assert send(dora, f"{own}/remove", own).response.headers["Location"] == "/programs"
    for below in ("test", "rotate", f"messages/{number}/replay"):
        late = dora.post(f"{own}/{below}", data={"csrf_token": token})
        assert late.status == 409
        assert late.all("//form[contains(@action, '/programs/webhooks/')]") == []
    assert managing.messages(desk.app, hook.id)[0].state == "done"
    assert dora.post(f"{own}/remove", data={"csrf_token": token}).status == 303


def test_to_make_a_secret_takes_a_fresh_sign_in_and_to_stop_one_does_not(
    desk: Desk, clock: Clock, hook: Webhook
) -> None:
    dora, own = desk.visitor("dora"), f"/programs/webhooks/{hook.id}"
    token = csrf(dora.get(own))
    clock.pass_by(minutes=31)
    assert dora.get(NEW).status == 303
    assert dora.post(f"{own}/rotate", data={"csrf_token": token}).status == 303
    assert managing.everything(desk.app)[0].generation == 1
    assert dora.post(f"{own}/remove", data={"csrf_token": token}).status == 303
    assert managing.everything(desk.app)[0].ended_why == "removed"


@pytest.mark.parametrize("name", ["bob", "tina"])
def test_nobody_else_sees_that_there_are_any(desk: Desk, hook: Webhook, name: str) -> None:
    visitor = desk.visitor(name)
    for path in (NEW, f"/programs/webhooks/{hook.id}"):
        assert visitor.get(path).status == 404
    token = csrf(visitor.get("/account"))
    for below in ("rotate", "remove", "test", "messages/1/replay"):
        refused = visitor.post(f"/programs/webhooks/{hook.id}/{below}", data={"csrf_token": token})
        assert refused.status == 404
    assert managing.everything(desk.app)[0].ended_at is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("url", ""),
        ("url", "http://booking.example.org/"),
        ("url", "https://169.254.169.254/latest"),
        ("url", "https://[::1"),
        ("office", " "),
        ("office", "x" * 121),
    ],
)
def test_what_cannot_be_used_is_said_at_its_field(desk: Desk, field: str, value: str) -> None:
    page = send(desk.visitor("dora"), NEW, **WANTED | {field: value})
    assert page.status == 422
    assert len(page.all(f"//a[@id='error-{field}']")) == 1
    assert managing.everything(desk.app) == ()


def test_what_is_not_there_is_not_there(desk: Desk) -> None:
    dora = desk.visitor("dora")
    for number in ("0", "7", "2147483648", "9" * 40):
        assert dora.get(f"/programs/webhooks/{number}").status == 404


def test_without_a_secret_the_page_says_what_to_do(desk: Desk) -> None:
    bare = replace(desk.app, facts=replace(desk.app.facts, secret="", sealing=None))
    visitor = Desk(bare, create_app(bare)).visitor("dora")
    assert "TRAVELRISK_SECRET_KEY" in visitor.get("/programs").words
    assert visitor.get(NEW).response.headers["Location"] == "/programs"
