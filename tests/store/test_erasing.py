"""What is about a traveller can be erased, by one act and no other, and the trail still holds."""

from datetime import UTC, datetime, time

import pytest
from sqlalchemy import Connection, Engine, LargeBinary, Text, text

from tests.store.samples import ALICE, BOB, NOON, judge, post
from travelrisk.domain.drafts import Draft, DraftSegment, DraftTime
from travelrisk.domain.errors import ErasedError, StoreError
from travelrisk.domain.itineraries import Evidence, Locator, Traveller
from travelrisk.store import (
    advisories,
    audit,
    cancellations,
    drafts,
    erasing,
    originals,
    outbox,
    segments,
    traces,
    trips,
)
from travelrisk.store.database import reading, writing
from travelrisk.store.personal import ERASED, HELD, Until
from travelrisk.store.tables import METADATA
from travelrisk.store.tables.columns import Encrypted

GONE = f"{ERASED}}}"


class Ready:
    """Two trips of one traveller's, judged and written about; the first is to be erased."""

    def __init__(self, c: Connection) -> None:
        self.first, self.other = judge(c), judge(c)
        post(c, self.first)
        post(c, self.other)


@pytest.fixture
def ready(engine: Engine) -> Ready:
    with writing(engine) as c:
        return Ready(c)


def all_words(c: Connection) -> str:
    """Return every value of every table, as text."""
    rows = [row for table in METADATA.tables.values() for row in c.execute(table.select()).all()]
    return "\n".join(
        bytes(value).decode(errors="replace") if isinstance(value, bytes | memoryview) else str(value)
        for row in rows
        for value in row
    )


def test_every_table_says_until_when_it_holds_something_about_somebody() -> None:
    assert set(HELD) == set(METADATA.tables), "decide about each table in store.personal"


@pytest.mark.parametrize(
    "name", [name for name, held in HELD.items() if held.until not in {Until.OFFICE, Until.NOBODY}]
)
def test_every_column_of_text_is_personal_or_plain(name: str) -> None:
    table, held = METADATA.tables[name], HELD[name]
    texts = {each.name for each in table.columns if isinstance(each.type, Text | LargeBinary | Encrypted)}
    personal, plain = set(held.personal.split()), set(held.plain.split())
    assert not personal & plain
    assert texts <= personal | plain, f"decide about {texts - personal - plain} in store.personal"
    assert personal | plain <= {each.name for each in table.columns}


def test_an_erased_trip_is_nobodys_and_the_trail_holds(engine: Engine, ready: Ready) -> None:
    with writing(engine) as c:
        erasing.erase_trip(c, ready.first.trip, "request", "bob", NOON)
    with reading(engine) as c:
        assert audit.verify(c).ok
        assert erasing.since(c, ready.first.trip) == NOON
        trip = trips.by_id(c, ready.first.trip)
        assert (trip.contact, trip.second_contact) == ("", None)
        with pytest.raises(ErasedError, match="erased"):
            advisories.load(c, ready.first.advisory)
        with pytest.raises(ErasedError, match="erased"):
            trips.stored(c, trips.history(c, trip.id)[0].itinerary_id)
        assert segments.is_complete(c)
        assert [each.state for each in outbox.of_trip(c, trip.id)] == ["superseded"]
        assert advisories.load(c, ready.other.advisory).advisory.findings
        assert ALICE in all_words(c), "the other trip is as it was"
        assert trips.unjudged(c, 10) == ()
    with writing(engine) as c:
        erasing.erase_trip(c, ready.other.trip, "request", "bob", NOON)
    with reading(engine) as c:
        words = all_words(c)
    assert not [each for each in ("Doe", ALICE, "AB12CD", "ET 707", "LINE NOT READ") if each in words]


def test_the_verdict_stays_with_the_codes_of_what_was_found(engine: Engine, ready: Ready) -> None:
    with writing(engine) as c:
        erasing.erase_trip(c, ready.first.trip, "retention", "job", NOON)
    with reading(engine) as c:
        mine = text("SELECT verdict, body FROM advisories WHERE id = :id")
        row = c.execute(mine, {"id": ready.first.advisory}).one()
        flown = c.scalar(text("SELECT count(*) FROM segments"))
    assert row.verdict == "review"
    assert row.body.startswith(ERASED)
    assert '"code":"a"' in row.body
    assert "register" not in row.body
    assert flown, "the route stays where its time was over and nobody asked"


def test_what_is_left_of_an_erased_trip_can_end(engine: Engine, ready: Ready) -> None:
    with writing(engine) as c:
        cancellations.begin(c, ready.first.trip, NOON)
        erasing.erase_trip(c, ready.first.trip, "retention", "job", NOON)
        erasing.end_trip(c, ready.first.trip, "job", NOON)
    with reading(engine) as c:
        assert c.scalar(text("SELECT count(*) FROM trips")) == 1
        assert c.scalar(text("SELECT count(*) FROM advisories")) == 1
        assert audit.verify(c).ok


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE itineraries SET body = 'x' WHERE trip_id = {mine}",
        "UPDATE itineraries SET original = NULL, content_sha256 = '', body = '{gone}'",
        "UPDATE itineraries SET original = NULL, content_sha256 = '', body = '{gone}', position = 7",
        "UPDATE advisories SET verdict = 'cleared', aboard = NULL, body = '{gone}' WHERE trip_id = {mine}",
        "UPDATE advisories SET aboard = NULL, body = '{gone}'",
        "DELETE FROM itineraries WHERE trip_id = {mine}",
        "DELETE FROM advisories WHERE trip_id = {mine}",
        "UPDATE audit SET body = body",
        "DELETE FROM erasures",
        "UPDATE erasures SET trip_id = 99",
    ],
)
def test_an_erasure_lets_nothing_be_changed_but_emptied(engine: Engine, ready: Ready, change: str) -> None:
    change = change.replace("{mine}", str(ready.first.trip)).replace("{gone}", GONE).replace(":", "\\:")
    with (
        pytest.raises(StoreError, match=r"append-only|refused a row"),
        writing(engine) as c,
        erasing.erasing(c, ready.first.trip, "request", "bob", NOON),
    ):
        c.execute(text(change))
    with reading(engine) as c:
        assert advisories.load(c, ready.first.advisory).advisory.findings
        assert trips.history(c, ready.first.trip)


def test_no_erasure_can_be_left_open(engine: Engine, ready: Ready) -> None:
    row = {"trip": ready.first.trip, "at": "2026-11-02 12:00:00+00"}
    columns, values = "trip_id, cause, at, audit_seq, unfinished", ":trip, 'request', :at, 1, 0"
    opens = f"INSERT INTO erasures ({columns}) VALUES ({values})"  # noqa: S608 - own constants
    with pytest.raises(StoreError), writing(engine) as c:
        c.execute(text(opens), row)
    with reading(engine) as c:
        assert c.scalar(text("SELECT count(*) FROM erasures")) == 0


def test_outside_of_an_erasure_nothing_gives_way(engine: Engine, ready: Ready) -> None:
    with writing(engine) as c:
        erasing.erase_trip(c, ready.first.trip, "request", "bob", NOON)
    emptied = text("UPDATE advisories SET aboard = NULL, body = :gone WHERE trip_id = :trip")
    with pytest.raises(StoreError, match="append-only"), writing(engine) as c:
        c.execute(emptied, {"gone": GONE, "trip": ready.other.trip})


def test_a_document_is_emptied_and_filled_again_by_the_same_bytes(engine: Engine) -> None:
    with writing(engine) as c:
        sha256 = originals.keep(c, b"ZZCANARY", "doe.eml", "message/rfc822", NOON)
        assert erasing.empty_originals(c, [sha256], "retention", "job", NOON) == 1
        assert not originals.is_kept(c, sha256)
        assert originals.known(c, sha256), "the same bytes are the same arrival"
        assert "doe.eml" not in all_words(c)
        assert originals.keep(c, b"ZZCANARY", "again.eml", "message/rfc822", NOON) == sha256
        assert originals.content(c, sha256) == b"ZZCANARY"
    with pytest.raises(StoreError, match="append-only"), writing(engine) as c:
        c.execute(text("UPDATE originals SET name = 'other'"))


def test_a_trip_is_found_by_the_addresses_in_it(engine: Engine, ready: Ready) -> None:
    with writing(engine) as c:
        elsewhere = trips.new_trip(c, contact=BOB, language="en", at=NOON).id
        found = traces.by_address(c, ALICE.upper())
        assert [each.trip_id for each in found] == [ready.first.trip, ready.other.trip]
        assert [each.trip_id for each in traces.by_address(c, BOB)] == [elsewhere]
        assert traces.by_address(c, "lice@example.org") == (), "a part of an address is another one"
        assert all(each.is_upcoming(NOON.date()) for each in found)


def test_a_draft_comes_back_equal(engine: Engine) -> None:
    instant = datetime(2026, 12, 12, 10, 5, tzinfo=UTC)
    departs = DraftTime(2026, 12, 12, time(10, 5), zone="Z", instant=instant)
    segment = DraftSegment("ET", "707", departs=departs, also=(Evidence("a.pdf", "ET 707"),), stops=("ADD",))
    draft = Draft((segment,), (Traveller("DOE/A"),), (Locator("AB12CD", "ET"),), NOON.date(), ("?",))
    with writing(engine) as c:
        number = trips.history(c, judge(c).trip)[0].itinerary_id
        drafts.keep(c, number, draft)
        assert drafts.load(c, number) == draft
        assert drafts.load(c, number + 1) is None
