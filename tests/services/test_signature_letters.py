"""Who is written to when a change is proposed, returned, signed or published; with the act, or not at all."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from sqlalchemy import text as sql

from tests.services.conftest import Clock, publish
from tests.services.test_exceptions import ASKED
from tests.services.test_proposals import LOOSENING, TIGHTENING, caution, proposed, seen, sign
from travelrisk.domain.errors import BadInputError, ForbiddenError, StoreError
from travelrisk.domain.people import Delegation, Person, Role
from travelrisk.domain.proposals import Content, Proposal, Status
from travelrisk.domain.signoffs import Requirement
from travelrisk.intake.document import Document
from travelrisk.mail.transport import Folder, Memory, Sent, Withheld
from travelrisk.services.application import Application
from travelrisk.services.desk.overdue import ask_again
from travelrisk.services.exceptions import deciding
from travelrisk.services.letters.dispatch import LEASE, Dispatched, dispatch
from travelrisk.services.proposals import drafting, publishing, signing
from travelrisk.services.trips.receiving import receive
from travelrisk.store import desk_letters, people
from travelrisk.store.database import reading, writing

TRIP = b"ET707 FRA ADD 12 Dec operated by Ethiopian Airlines"


@pytest.fixture
def approver(desk: Application) -> Application:
    with writing(desk.engine) as c:
        frank = Person("frank", "Frank", "frank@example.org", frozenset({Role.APPROVER}))
        people.add(c, frank, at=desk.clock())
    return desk


def letters(app: Application, person: str) -> list[str]:
    with reading(app.engine) as c:
        return [each.letter for each in desk_letters.to(c, person)]


def newest(app: Application, person: str) -> tuple[str, EmailMessage]:
    """Return the subject and the text of the newest letter to somebody, and the whole message."""
    with reading(app.engine) as c:
        message = message_from_bytes(desk_letters.to(c, person)[-1].body, policy=default)
    assert isinstance(message, EmailMessage)
    part = message.get_body(("plain",))
    assert part is not None
    return " ".join(part.get_content().split()), message


def everybody(app: Application) -> Iterator[tuple[str, list[str]]]:
    with reading(app.engine) as c:
        for person in people.everybody(c):
            yield person.id, letters(app, person.id)


def urgent(app: Application, by: str = "alice") -> Proposal:
    draft = drafting.draft(app, by, TIGHTENING, is_urgent=True)
    return publishing.publish_urgently(app, by, draft.reference)


def test_a_proposal_asks_those_who_may_sign_it_and_nobody_else(desk: Application) -> None:
    drafting.draft(desk, "alice", TIGHTENING)
    assert all(not found for _, found in everybody(desk)), "a draft asks nobody"
    one = proposed(desk, TIGHTENING)
    asked = {person: found for person, found in everybody(desk) if found}
    assert asked == {"bob": ["signature_asked"], "charlie": ["signature_asked"]}
    text, message = newest(desk, "bob")
    assert message["Subject"] == f"[To sign] Ethiopia (ET), State of the operator, {one.reference}"
    assert message["To"] == "bob@example.org"
    assert message["X-Travelrisk-Trip"] is None
    assert "Alice asks for your signature." in text
    assert "Was: nothing on record Will be: caution: review needed, until 30 Jun 2027" in text
    assert "Signatures still missing: 1." in text
    assert f"https://travelrisk.example.org/changes/{one.reference}?language=en" in text


def test_the_letter_says_whom_it_concerns_in_figures_and_names_no_traveller(desk: Application) -> None:
    document = Document(TRIP + b"\nPassenger: ZIMMERMANN/ANNA MS", "trip.txt")
    list(receive(desk, document, recipient="anna.zimmermann@example.org"))
    proposed(desk, LOOSENING)
    text, message = newest(desk, "bob")
    assert "Effect: journeys whose verdict changes: 1 (1 from “" in text
    assert "zimmermann" not in message.as_string().casefold()
    assert "TR-" not in text


def test_a_running_alternate_is_asked_and_one_who_left_is_not(desk: Application, clock: Clock) -> None:
    today = clock.at.date()
    with writing(desk.engine) as c:
        people.delegate(c, Delegation("bob", "dana", today, today), by="bob", at=clock.at)
        people.save(c, replace(people.by_id(c, "charlie"), is_active=False))
    proposed(desk, TIGHTENING)
    assert letters(desk, "dana") == ["signature_asked"]
    assert letters(desk, "charlie") == []


def test_a_letter_is_in_the_language_of_its_reader_or_else_in_that_of_the_settings(desk: Application) -> None:
    with writing(desk.engine) as c:
        people.save(c, replace(people.by_id(c, "charlie"), language="es"))
    proposed(replace(desk, facts=replace(desk.facts, language="fr")), TIGHTENING)
    assert newest(desk, "bob")[1]["Content-Language"] == "fr"
    assert newest(desk, "charlie")[1]["Content-Language"] == "es"
    assert newest(desk, "charlie")[1]["Subject"].startswith("[Por firmar] Etiopía (ET)")


def test_the_author_hears_of_what_others_do_and_of_nothing_else(desk: Application) -> None:
    one = proposed(desk, TIGHTENING)
    signing.give_back(desk, "bob", one.reference, note="Anna Zimmermann says no.")
    text, _ = newest(desk, "alice")
    assert "Bob returned your change." in text
    assert "Zimmermann" not in text
    drafting.propose(desk, "alice", one.reference)
    sign(desk, "bob", one)
    assert "Signed" in newest(desk, "alice")[1]["Subject"]
    publishing.publish(desk, "charlie", one.reference)
    text, _ = newest(desk, "alice")
    assert "Charlie published your change. It is in force." in text
    assert "Is now: caution: review needed" in text
    assert letters(desk, "alice") == ["change_returned", "change_signed", "change_published"]
    assert letters(desk, "bob") == ["signature_asked", "signature_asked"]


def test_nobody_is_told_what_they_did_themselves(desk: Application) -> None:
    one = proposed(desk, TIGHTENING)
    sign(desk, "bob", one)
    publishing.publish(desk, "alice", one.reference)
    assert letters(desk, "alice") == ["change_signed"]


def test_of_two_signatures_the_last_one_is_told(desk: Application) -> None:
    one = proposed(desk, LOOSENING)
    sign(desk, "bob", one)
    assert letters(desk, "alice") == []
    sign(desk, "charlie", one)
    assert letters(desk, "alice") == ["change_signed"]


def test_when_signatures_have_lapsed_the_others_are_asked_again(desk: Application, tmp_path: Path) -> None:
    one = proposed(desk, LOOSENING)
    sign(desk, "bob", one)
    publish(desk, tmp_path, "not_recommended")
    sign(desk, "charlie", one)
    assert letters(desk, "bob") == ["signature_asked", "signature_asked"]
    assert letters(desk, "charlie") == ["signature_asked"]


def test_what_is_signed_anew_after_a_lapse_is_told_anew(desk: Application, tmp_path: Path) -> None:
    one = proposed(desk, TIGHTENING)
    sign(desk, "bob", one)
    publish(desk, tmp_path, "not_recommended")
    sign(desk, "charlie", one)
    assert letters(desk, "alice") == ["change_signed", "change_signed"]
    assert letters(desk, "bob") == ["signature_asked"]


def test_a_demand_for_signatures_is_told_in_figures(approver: Application) -> None:
    proposed(approver, Content("We grow.", requirement=Requirement(1, 2, 1, 12)))
    text, _ = newest(approver, "bob")
    assert "Hours until a countersignature Was: 24 Will be: 12" in text
    assert letters(approver, "frank") == [], "who decides on exceptions does not sign this"


def test_an_urgent_change_asks_for_countersignatures_at_once_and_again_when_they_are_late(
    desk: Application, clock: Clock
) -> None:
    one = urgent(desk)
    assert {person: found for person, found in everybody(desk) if found} == {
        "bob": ["countersignature_asked"],
        "charlie": ["countersignature_asked"],
    }
    text, _ = newest(desk, "bob")
    assert "Countersign by 24 Nov 2026, 17:58 UTC." in text
    assert ask_again(desk) == 0, "there is time left"
    clock.pass_by(hours=24)
    assert ask_again(desk) == 2
    assert ask_again(desk) == 0, "once"
    clock.pass_by(hours=-30)
    assert ask_again(desk) == 0, "the clock was set back"
    clock.pass_by(hours=40)
    assert ask_again(desk) == 0
    assert (
        newest(desk, "bob")[1]["Subject"]
        == f"[Countersignature overdue] Ethiopia (ET), State of the operator, {one.reference}"
    )
    first, second = _ids(desk, "bob")
    assert newest(desk, "bob")[1]["References"] == first
    assert newest(desk, "bob")[1]["Message-ID"] == second


def _ids(app: Application, person: str) -> list[str]:
    with reading(app.engine) as c:
        return [each.message_id for each in desk_letters.to(c, person)]


def test_what_is_countersigned_in_time_asks_nobody_again(desk: Application, clock: Clock) -> None:
    one = urgent(desk)
    signing.countersign(desk, "bob", one.reference, seen(desk, one))
    clock.pass_by(hours=48)
    assert ask_again(desk) == 0
    assert dispatch(desk, Memory(), "one") == Dispatched(withheld=2), "what asked for it does not go any more"


def test_letters_leave_like_all_others_and_what_is_settled_meanwhile_does_not(desk: Application) -> None:
    one = proposed(desk, TIGHTENING)
    sent = Memory()
    assert dispatch(desk, sent, "one", limit=1) == Dispatched(sent=1)
    assert sent.sent[0][2] == "bob@example.org"
    signing.sign(desk, "bob", one.reference, seen(desk, one))
    assert dispatch(desk, sent, "one") == Dispatched(sent=1, withheld=1)
    assert [recipient for _, _, recipient in sent.sent] == ["bob@example.org", "alice@example.org"]
    with reading(desk.engine) as c:
        trail = c.execute(sql("SELECT body FROM audit WHERE body LIKE '%letter.sent%'")).all()
    assert len(trail) == 2


class Dying(Folder):
    """Takes a letter, and dies before it can say so: the worst moment there is."""

    def send(
        self, message: bytes, sender: str, recipient: str, before_body: Callable[[], bool]
    ) -> Sent | Withheld:
        """Keep the letter, and say nothing."""
        super().send(message, sender, recipient, before_body)
        raise RuntimeError("killed")


def test_a_worker_that_dies_with_the_letter_in_its_hands_loses_and_doubles_nothing(
    desk: Application, clock: Clock, tmp_path: Path
) -> None:
    proposed(desk, TIGHTENING)
    with pytest.raises(RuntimeError):
        dispatch(desk, Dying(tmp_path / "mail"), "victim")
    folder = Folder(tmp_path / "mail")
    assert dispatch(desk, folder, "heir") == Dispatched(sent=1), "the other letter; the lease still holds"
    clock.at += LEASE
    clock.pass_by(seconds=1)
    assert dispatch(desk, folder, "heir") == Dispatched(sent=1)
    assert dispatch(desk, folder, "heir") == Dispatched()
    found = [message_from_bytes(each.message) for each in folder.letters()]
    assert sorted(each["To"] for each in found) == ["bob@example.org", "charlie@example.org"]
    with reading(desk.engine) as c:
        assert [each.ambiguous for each in desk_letters.to(c, "bob")] == [1]


def test_who_leaves_before_the_letter_does_gets_nothing(desk: Application) -> None:
    proposed(desk, TIGHTENING)
    with writing(desk.engine) as c:
        for name in ("bob", "charlie"):
            people.save(c, replace(people.by_id(c, name), is_active=False))
    assert dispatch(desk, Memory(), "one") == Dispatched(withheld=2)


def test_a_letter_is_written_with_the_act_or_neither(
    desk: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = drafting.draft(desk, "alice", TIGHTENING)

    def refuse(*_: object, **__: object) -> bool:
        raise StoreError("full")

    with monkeypatch.context() as patch:
        patch.setattr(desk_letters, "queue", refuse)
        with pytest.raises(StoreError):
            drafting.propose(desk, "alice", draft.reference)
    with pytest.raises(BadInputError):
        sign(desk, "bob", draft)
    assert letters(desk, "bob") == []
    drafting.propose(desk, "alice", draft.reference)
    assert letters(desk, "bob") == ["signature_asked"]


def test_an_act_that_is_refused_writes_nothing(desk: Application) -> None:
    one = proposed(desk, TIGHTENING)
    with pytest.raises(ForbiddenError):
        signing.give_back(desk, "alice", one.reference, note="mine")
    assert letters(desk, "alice") == []


def test_an_address_that_cannot_be_used_keeps_nobody_from_acting(desk: Application) -> None:
    with writing(desk.engine) as c:
        people.save(c, replace(people.by_id(c, "bob"), email="nowhere"))
    assert proposed(desk, TIGHTENING).status is Status.PROPOSED
    assert letters(desk, "bob") == []
    assert letters(desk, "charlie") == ["signature_asked"]


def test_whoever_asks_for_an_exception_hears_what_was_decided(approver: Application) -> None:
    one = proposed(approver, ASKED)
    assert letters(approver, "frank") == ["signature_asked"]
    assert letters(approver, "bob") == []
    signing.give_back(approver, "frank", one.reference, note="Not like this.")
    assert "Exception not granted" in newest(approver, "alice")[1]["Subject"]
    drafting.propose(approver, "alice", one.reference)
    publishing.sign(approver, "frank", one.reference, seen(approver, one))
    text, message = newest(approver, "alice")
    assert message["Subject"].startswith("[Exception granted] Ethiopian Airlines (ETH, ET)")
    assert "Is now: exception, until" in text
    assert "Nairobi" not in text
    assert f"https://travelrisk.example.org/exceptions/{one.reference}" in text
    assert letters(approver, "alice") == ["exception_decided", "exception_decided"]


def test_whoever_asked_hears_that_an_exception_ended_early_and_the_other_approvers_countersign(
    approver: Application,
) -> None:
    one = proposed(approver, ASKED)
    publishing.sign(approver, "frank", one.reference, seen(approver, one))
    deciding.end(approver, "frank", ASKED.wanted[0].id, note="The carrier lost its certificate.")
    text, message = newest(approver, "alice")
    assert message["Subject"].startswith("[Exception ended] Ethiopian Airlines (ETH, ET)")
    assert f"https://travelrisk.example.org/exceptions/{one.reference}" in text
    assert "certificate" not in text


def test_a_proposal_that_no_longer_fits_is_returned_with_a_letter_all_the_same(desk: Application) -> None:
    one, other = proposed(desk, TIGHTENING), proposed(desk, TIGHTENING, "bob")
    sign(desk, "charlie", other)
    publishing.publish(desk, "charlie", other.reference)
    signing.give_back(desk, "charlie", one.reference, note="It is in force already.")
    assert (
        newest(desk, "alice")[1]["Subject"]
        == f"[Returned] Ethiopia (ET), State of the operator, {one.reference}"
    )


def test_a_change_of_many_records_names_the_first_and_counts_the_rest(desk: Application) -> None:
    other = replace(caution(name="carrier-ke"), subject=caution().subject._replace(key="KE"), exceptions=())
    one = proposed(desk, Content("Both.", (caution(), other)))
    assert (
        newest(desk, "bob")[1]["Subject"]
        == f"[To sign] Kenya (KE), State of the operator (+1), {one.reference}"
    )
    assert date(2027, 6, 30) == caution().valid_until
