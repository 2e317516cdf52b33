"""What is dear is counted for each account and network address; reading is not."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.web.conftest import REVIEW, Visitor, with_facts
from tests.web.desk import csrf, desk_of
from travelrisk.domain.people import Role
from travelrisk.domain.texts import LANGUAGES
from travelrisk.services.application import Application
from travelrisk.web import limits
from travelrisk.web.app import create_app
from travelrisk.web.limits import Buckets

WORDS = {"en": "Wait a minute", "fr": "Attendez une minute", "es": "Espere un minuto"}
PREFIXES = {"en": "", "fr": "/fr", "es": "/es"}


class Clock:
    """Seconds that a test moves on."""

    now = 0.0

    def __call__(self) -> float:
        """Return the seconds."""
        return self.now


def test_a_bucket_gives_two_minutes_worth_at_once_and_fills_by_the_minute() -> None:
    clock = Clock()
    buckets = Buckets(6, clock)
    assert [buckets.take("a") for _ in range(12)] == [0] * 12
    assert buckets.take("a") == 10, "seconds until there is one"
    assert buckets.take("b") == 0, "somebody else's is another"
    clock.now += 9.9
    assert buckets.take("a") == 1
    clock.now += 0.2
    assert buckets.take("a") == 0
    clock.now += 10_000
    assert [buckets.take("a") for _ in range(13)] == [0] * 12 + [10], "nothing is saved up beyond that"


@pytest.mark.threat(48)
def test_very_many_addresses_take_no_more_than_their_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_MOST", 100)
    buckets = Buckets(1, Clock())
    for number in range(1000):
        buckets.take(f"place:{number}")
    assert len(buckets) == 100


@pytest.mark.threat(48)
@pytest.mark.parametrize("language", LANGUAGES)
def test_too_many_questions_are_put_off_with_a_page_and_a_time(app: Application, language: str) -> None:
    visitor = Visitor(create_app(with_facts(app, requests_a_minute=1)))
    path = f"{PREFIXES[language]}/check"
    assert [visitor.ask(REVIEW, path).status for _ in range(3)] == [200, 200, 429]
    page = visitor.get(f"{path}?q=ET707+FRA+ADD+12+Dec")
    assert page.status == 429
    assert 0 < int(page.response.headers["Retry-After"]) <= 60
    assert page.tree.get("lang") == language
    assert WORDS[language] in page.words
    assert "ET707" not in page.words
    assert visitor.get(path).status == 200, "looking at the empty page costs nothing"
    assert visitor.look("/static/travelrisk.css").status_code == 200
    fragment = visitor.client.post(path, data={"text": REVIEW}, headers={"X-Fragment": "answer"})
    assert (fragment.status_code, "<html" in fragment.get_data(as_text=True)) == (429, False)


def test_another_address_is_another_bucket_and_one_customer_of_ipv6_is_one(app: Application) -> None:
    visitor = Visitor(create_app(with_facts(app, requests_a_minute=1)))

    def statuses(address: str, times: int) -> list[int]:
        around = {"REMOTE_ADDR": address}
        return [
            visitor.post("/check", data={"text": REVIEW}, environ_base=around).status for _ in range(times)
        ]

    assert statuses("192.0.2.1", 3) == [200, 200, 429]
    assert statuses("192.0.2.2", 1) == [200]
    assert statuses("2001:db8:0:1::1", 2) == [200, 200]
    assert statuses("2001:db8:0:1:ffff::2", 1) == [429]
    assert statuses("2001:db8:0:2::1", 1) == [200]


def test_behind_a_proxy_nobody_told_of_strangers_are_not_taken_for_one(app: Application) -> None:
    facts = {"requests_a_minute": 1, "base_url": "https://risk.example.org"}
    visitor = Visitor(create_app(with_facts(app, **facts)))
    host = {"Host": "risk.example.org"}
    assert [visitor.post("/check", data={"text": REVIEW}, headers=host).status for _ in range(4)] == [200] * 4


def test_an_account_pays_for_itself_wherever_it_is_used(app: Application, tmp_path: Path) -> None:
    limited = replace(app, facts=replace(app.facts, requests_a_minute=1))
    with desk_of(limited, tmp_path, erin=Role.ADMIN, bob=Role.ADMIN) as desk:
        erin, again, bob = desk.visitor("erin"), desk.visitor("erin"), desk.visitor("bob")

        def choose(visitor: Visitor) -> int:
            token = csrf(visitor.get("/account"))
            return visitor.post("/account/language", data={"csrf_token": token, "language": "fr"}).status

        assert [choose(erin), choose(again), choose(erin)] == [303, 303, 429]
        assert choose(bob) == 303, "from the same address"
