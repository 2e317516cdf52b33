"""A short run of the races: both sides must win sometimes, and nothing unreviewed is ever published."""

from tests.services.races import race, staffed

ROUNDS = 40


def test_nothing_is_published_that_nobody_looked_at(database_url: str) -> None:
    app = staffed(database_url)
    try:
        ends = race(app, ROUNDS)
    finally:
        app.engine.dispose()
    assert ends["unreviewed"] == 0
    assert ends["published"] + ends["kept back"] == ROUNDS
    assert ends["published"]
    assert ends["kept back"]
