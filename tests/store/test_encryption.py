"""What is personal stands encrypted: nothing opens it but the secret, and no row is lost on the way there."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine, Text, delete, func, select, text, type_coerce, update

from tests.databases import SECRET, as_stolen
from tests.store.samples import ALICE, BOB, NOON, POLICY, Judged, itinerary, judge, post
from travelrisk.domain.drafts import Draft
from travelrisk.domain.errors import ErasedError, StoreError
from travelrisk.store import (
    advisories,
    audit,
    drafts,
    encrypting,
    erasing,
    originals,
    outbox,
    tables,
    traces,
    trips,
)
from travelrisk.store.database import engine_for, reading, writing
from travelrisk.store.keyring import HEAD, MARK, EncryptedError, Key, Keyring
from travelrisk.store.personal import ERASED, HELD, Until
from travelrisk.store.tables import METADATA
from travelrisk.store.tables.columns import Encrypted

OTHER = "another secret, which nobody has used yet"
CANARIES = (ALICE, "DOE/ALICE", "AB12CD", "LINE NOT READ", "voil\xc3\xa0", "booking-of-alice")
# Columns that tell of somebody and stand as they are, and why.
IN_CLEAR = {
    "trips.token_sha256 broadcast_letters.token_sha256 calendars.token_sha256 sessions.token_sha256": "the"
    " hash of a hundred random bits and more",
    "asides.first_day asides.last_day touches.kind touches.code touches.first_day touches.last_day"
    " flights.flight": "re-screening finds journeys by it; it names nobody",
    "itineraries.original uploads.sha256": "the hash of a whole document, which links them",
    "statements.code": "a word of our own: which question was answered",
    "broadcast_answers.answer": "safe or help: counted by the database, and it names nobody",
    "flight_letters.key": "flight, day and numbers of bookings: it keeps letters from being doubled",
    "lookups.actor lookups.office lookups.purpose": "of people with an account: counted by the database",
    "sign_ins.key_sha256": "of people with an account; kept for some hours",
}


Opening = Callable[..., Engine]


@pytest.fixture
def opening(database_url: str) -> Iterator[Opening]:
    """Give a way to open one and the same database with these secrets, or none."""
    made: list[Engine] = []

    def opened(*secrets: str) -> Engine:
        made.append(engine_for(database_url, secrets=secrets))
        return made[-1]

    yield opened
    for each in made:
        each.dispose()


def fill(engine: Engine) -> Judged:
    """Keep a trip with its document, draft, itinerary, advisory and letter."""
    with writing(engine) as c:
        judged = judge(c)
        originals.keep(c, b"\x00\xff" + ALICE.encode(), "booking-of-alice.txt", "text/plain", NOON)
        (version,) = trips.history(c, judged.trip)
        drafts.keep(c, version.itinerary_id, Draft(unread=(ALICE,)))
        post(c, judged)
    return judged


def check(engine: Engine, judged: Judged) -> None:
    """Find and read all that was kept."""
    with reading(engine) as c:
        ((trip, known),) = trips.latest_of_contact(c, ALICE, but_not_from="")
        assert (trip.id, trip.contact, known) == (judged.trip, ALICE, itinerary())
        assert trips.find(c, trip.token) == trip
        assert [each.trip_id for each in traces.by_address(c, ALICE.upper())] == [judged.trip]
        assert advisories.load(c, judged.advisory).advisory.findings
        (letter,) = outbox.of_trip(c, judged.trip)
        assert (letter.recipient, letter.last_reply) == (ALICE, "")
        assert outbox.body(c, letter.id).endswith(b"voil\xc3\xa0\r\n")
        (sha256,) = c.scalars(select(tables.originals.c.sha256))
        assert originals.load(c, sha256).content == b"\x00\xff" + ALICE.encode()
        assert originals.load(c, sha256).name == "booking-of-alice.txt"
        (version,) = trips.history(c, judged.trip)
        found = drafts.load(c, version.itinerary_id)
        assert found is not None
        assert found.unread == (ALICE,)
        assert audit.verify(c).ok


def found(engine: Engine) -> set[str]:
    words = as_stolen(engine)
    return {each for each in CANARIES if each in words}


def test_whoever_has_the_database_alone_learns_of_nobody(engine: Engine) -> None:
    judged = fill(engine)
    check(engine, judged)
    assert not found(engine)


def test_without_a_secret_all_stands_in_clear(opening: Opening) -> None:
    engine = opening()
    check(engine, fill(engine))
    assert found(engine) == set(CANARIES), "or the test before this one proves nothing"


def test_every_personal_column_is_encrypted_or_has_a_reason() -> None:
    personal = {
        f"{name}.{column}"
        for name, held in HELD.items()
        if held.until not in {Until.OFFICE, Until.NOBODY}
        for column in held.personal.split()
    }
    closed = {
        str(column)
        for table in METADATA.sorted_tables
        for column in table.columns
        if isinstance(column.type, Encrypted)
    }
    assert closed <= personal, "what is encrypted is personal: say so in store.personal"
    assert personal - closed == {each for names in IN_CLEAR for each in names.split()}


def test_values_are_bound_to_the_column_they_stand_in() -> None:
    shared = {"trips.contact": "contact", "calendars.contact": "contact", "bounces.reply": "reply"}
    for table in METADATA.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, Encrypted):
                place = "reply" if column.name == "last_reply" else shared.get(str(column), str(column))
                assert column.type.place == place


def test_only_equal_values_of_columns_that_are_looked_for_look_equal() -> None:
    ring = Keyring([SECRET])
    ring.in_use = (ring.own,)
    for findable in (True, False):
        one, other = (ring.close_text("Zoë", "a.b", findable=findable) for _ in range(2))
        assert (one == other) is findable
        assert ring.open_text(other, "a.b", findable=findable) == "Zoë"
        with pytest.raises(EncryptedError, match=r"a value of a\.c was changed"):
            ring.open_text(one, "a.c", findable=findable)
        content = ring.close_bytes(b"\x00\xff", "a.b", findable=findable)
        assert ring.open_bytes(content, "a.b", findable=findable) == b"\x00\xff"


@pytest.mark.parametrize("at", [-1, HEAD + 3, HEAD, HEAD - 1, len(MARK), len(MARK) - 1, 0])
def test_a_byte_that_was_altered_is_an_error_and_never_a_value(at: int) -> None:
    ring = Keyring([SECRET])
    ring.in_use, ring.is_whole = (ring.own,), True
    closed = bytearray(ring.close_bytes(b"ET 707", "itineraries.body", findable=False))
    closed[at] ^= 1
    with pytest.raises(EncryptedError, match=r"itineraries\.body .*changed behind our back"):
        ring.open_bytes(bytes(closed), "itineraries.body", findable=False)
    with pytest.raises(EncryptedError, match="was changed"):
        ring.open_text(ring.head + "no base64", "itineraries.body", findable=False)
    with pytest.raises(EncryptedError, match="was changed"):
        ring.open_bytes(bytes(closed[: HEAD + 5]), "itineraries.body", findable=False)


def test_what_begins_like_something_encrypted_is_kept_all_the_same() -> None:
    ring = Keyring()
    for words in (MARK, f"{MARK}00000000", f"{MARK}{Key(SECRET).name}x"):
        assert ring.open_text(ring.close_text(words, "a.b", findable=False), "a.b", findable=False) == words
        content = ring.close_bytes(words.encode(), "a.b", findable=True)
        assert ring.open_bytes(content, "a.b", findable=True) == words.encode()


@pytest.mark.parametrize("text", ["x", "é" * 100, "é" * 101, "words " * 10_000, f"{MARK}00000000"])
def test_a_text_of_any_length_comes_back(text: str) -> None:
    ring = Keyring([SECRET])
    ring.in_use = (ring.own,)
    for findable in (True, False):
        assert (
            ring.open_text(ring.close_text(text, "a.b", findable=findable), "a.b", findable=findable) == text
        )
    assert len(ring.close_text("words " * 10_000, "a.b", findable=False)) < 1_000, (
        "what repeats itself is short"
    )


def test_nothing_is_looked_for_that_could_not_be_found() -> None:
    with pytest.raises(TypeError, match=r"itineraries\.body stands encrypted"):
        tables.itineraries.c.body.contains("FRA")
    with pytest.raises(TypeError, match=r"trips\.second_contact stands encrypted"):
        _ = tables.trips.c.second_contact > ALICE
    with pytest.raises(TypeError, match="contact stands encrypted"):
        tables.trips.c.contact.like("a%")


@pytest.mark.parametrize("secrets", [(), (OTHER,), (OTHER, "a third one, as good as the others")])
def test_the_wrong_secret_reads_and_writes_nothing(
    engine: Engine, opening: Opening, secrets: tuple[str, ...]
) -> None:
    judged = fill(engine)
    wrong = opening(*secrets)
    with pytest.raises(StoreError, match="TRAVELRISK_SECRET_KEY"):
        encrypting.standing(wrong)
    never = opening(*secrets)
    with pytest.raises(StoreError, match="TRAVELRISK_SECRET_KEY"):
        encrypting.begin(never, NOON)  # before it has looked at anything
    with reading(wrong) as c, pytest.raises(StoreError, match="TRAVELRISK_SECRET_KEY"):
        trips.by_id(c, judged.trip)
    with pytest.raises(StoreError, match="TRAVELRISK_SECRET_KEY"), writing(wrong) as c:
        trips.new_trip(c, contact=BOB, language="en", at=NOON)
    check(engine, judged)


def test_what_stood_in_clear_is_read_found_and_encrypted_piece_by_piece(
    opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encrypting, "_AT_ONCE", 1)
    before, engine = opening(), opening(SECRET)
    kept = fill(before)
    with writing(before) as c:
        judge(c, kept.trip)
        judge(c)
    assert not encrypting.standing(engine).is_encrypted
    assert encrypting.begin(engine, NOON)
    assert not encrypting.begin(engine, NOON), "once is enough"
    assert not encrypting.standing(engine).is_finished
    assert ALICE not in contacts(engine), "what is looked for goes first, all of it"
    with reading(before) as c, pytest.raises(EncryptedError, match="TRAVELRISK_SECRET_KEY"):
        trips.by_id(c, kept.trip)  # whoever began without the secret notices
    with reading(engine) as c:
        assert len(trips.latest_of_contact(c, ALICE, but_not_from="")) == 2
    assert found(engine), "the rest is still to come"
    total, turns = 0, 0
    while not encrypting.standing(engine).is_finished:
        total, turns = total + encrypting.go_on(engine, NOON, lambda: True), turns + 1
    assert total == turns - 1 > 5, "it stops after each piece, and goes on with the next"
    assert encrypting.go_on(engine, NOON) == 0
    with reading(engine) as c:
        assert len(trips.latest_of_contact(c, ALICE, but_not_from="")) == 2
        assert advisories.load(c, kept.advisory).advisory.findings
        assert audit.verify(c).ok
    assert not found(engine)


def contacts(engine: Engine) -> list[str]:
    with reading(engine) as c:
        return list(c.scalars(select(type_coerce(tables.trips.c.contact, Text()))))


def test_a_new_secret_takes_over_from_the_one_before(engine: Engine, opening: Opening) -> None:
    judged, both, new = fill(engine), opening(OTHER, SECRET), opening(OTHER)
    check(both, judged)
    assert not encrypting.standing(both).is_own
    with writing(both) as c:
        assert post(c, judged, BOB)
    with reading(engine) as c:
        assert [each.recipient for each in outbox.of_trip(c, judged.trip)] == [ALICE, BOB], "still one key"
    assert encrypting.begin(both, NOON)
    with reading(both) as c:
        assert len(trips.latest_of_contact(c, ALICE, but_not_from="")) == 1
    with pytest.raises(EncryptedError, match="TRAVELRISK_PREVIOUS_SECRET_KEY to it until"):
        encrypting.standing(new)
    assert encrypting.go_on(both, NOON) > 3
    assert encrypting.standing(new) == encrypting.Standing(is_encrypted=True, is_own=True, is_finished=True)
    with reading(new) as c:
        assert trips.by_id(c, judged.trip).contact == ALICE
        assert [each.recipient for each in outbox.of_trip(c, judged.trip)] == [ALICE, BOB]
        assert audit.verify(c).ok
    assert Key(SECRET).name not in as_stolen(new), "nothing is left under the old key"
    with pytest.raises(EncryptedError, match="TRAVELRISK_SECRET_KEY"):
        encrypting.standing(opening(SECRET))


def test_what_breaks_off_leaves_the_key_that_was(opening: Opening, monkeypatch: pytest.MonkeyPatch) -> None:
    before, engine = opening(), opening(SECRET)
    judged = fill(before)

    def breaks(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(encrypting, "_renewed", breaks)
        with pytest.raises(KeyboardInterrupt):
            encrypting.begin(engine, NOON)
    assert not encrypting.standing(engine).is_encrypted
    check(engine, judged)
    check(before, judged)
    encrypting.begin(engine, NOON)
    encrypting.go_on(engine, NOON)
    check(engine, judged)


def test_a_row_may_be_encrypted_and_not_changed(opening: Opening) -> None:
    engine = opening()
    judged = fill(engine)
    body, closed = tables.itineraries.c.body, f"{MARK}12345678x"
    with pytest.raises(StoreError, match="append-only"), writing(engine) as c:
        c.execute(text("UPDATE itineraries SET body = '{}'"))
    with pytest.raises(StoreError, match="append-only"), writing(engine) as c:
        c.execute(text("UPDATE itineraries SET body = :closed, position = 7"), {"closed": closed})
    with pytest.raises(StoreError, match="append-only"), writing(engine) as c:
        c.execute(text("UPDATE originals SET content = content, media_type = 'x'"))
    with writing(engine) as c:
        erasing.erase_trip(c, judged.trip, "request", "bob", NOON)
    with pytest.raises(StoreError, match="append-only"), writing(engine) as c:
        c.execute(text("UPDATE itineraries SET body = :closed"), {"closed": closed})
    with reading(engine) as c:
        assert c.scalar(select(func.count()).where(type_coerce(body, Text()).startswith(ERASED))) == 1


def test_what_was_erased_is_left_alone(opening: Opening) -> None:
    before, engine = opening(), opening(SECRET)
    judged = fill(before)
    with writing(before) as c:
        erasing.erase_trip(c, judged.trip, "request", "bob", NOON)
    encrypting.begin(engine, NOON)
    encrypting.go_on(engine, NOON)
    with reading(engine) as c:
        with pytest.raises(ErasedError):
            advisories.load(c, judged.advisory)
        assert POLICY in [row.text for row in c.execute(select(tables.policies))]
    with writing(engine) as c:
        erasing.end_trip(c, judged.trip, "job", NOON)
    with reading(engine) as c:
        assert c.scalar(select(func.count()).select_from(tables.advisories)) == 0


def test_what_was_put_in_clear_into_an_encrypted_database_is_not_believed(engine: Engine) -> None:
    judged = fill(engine)
    with writing(engine) as c:
        c.execute(text("UPDATE trips SET contact = 'eve@example.org'"))
        c.execute(text("UPDATE outbox SET body = :forged"), {"forged": b"forged"})
    with reading(engine) as c:
        with pytest.raises(EncryptedError, match="contact was changed behind our back"):
            trips.by_id(c, judged.trip)
        with pytest.raises(EncryptedError, match=r"outbox\.body was changed behind our back"):
            outbox.last_said(c, judged.trip)


def test_a_database_of_which_no_key_is_listed_is_refused_where_it_holds_what_is_encrypted(
    engine: Engine, opening: Opening
) -> None:
    fill(engine)
    with writing(engine) as c:
        c.execute(delete(tables.data_keys))
    for secrets in ((), (OTHER,), (SECRET,)):
        with pytest.raises(EncryptedError, match="lists no key: somebody took that out"):
            encrypting.standing(opening(*secrets))
    with pytest.raises(EncryptedError):
        encrypting.begin(opening(OTHER), NOON)
    assert encrypting.begin(opening(SECRET), NOON)
    assert encrypting.standing(opening(SECRET)).is_own


def test_a_database_in_clear_is_not_taken_for_an_encrypted_one(opening: Opening) -> None:
    engine = opening()
    assert not encrypting.standing(engine).is_encrypted
    with writing(engine) as c:
        originals.keep(c, MARK.encode() + b"12345678", f"{MARK}12345678", "text/plain", NOON)
    fill(engine)
    assert not encrypting.standing(engine).is_encrypted


def test_an_update_encrypts_too(engine: Engine) -> None:
    judged = fill(engine)
    with writing(engine) as c:
        c.execute(update(tables.trips).where(tables.trips.c.contact == ALICE).values(contact=BOB))
    with reading(engine) as c:
        assert trips.by_id(c, judged.trip).contact == BOB
    assert BOB not in as_stolen(engine)
