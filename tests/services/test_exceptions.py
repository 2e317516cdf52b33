"""Exceptions from draft to letter: who approves them, whose journeys they touch, and how they come and go."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.services.conftest import publish
from tests.services.test_proposals import proposed, seen
from tests.unit.screening.world import authorisation
from travelrisk.domain.advisories import Advisory
from travelrisk.domain.approvals import Threshold
from travelrisk.domain.errors import BadInputError, ForbiddenError, NotFoundError
from travelrisk.domain.people import Person, Role
from travelrisk.domain.proposals import Content, Status
from travelrisk.domain.ratings import Rating, Subject, SubjectKind
from travelrisk.domain.signoffs import Weight
from travelrisk.domain.verdicts import Verdict
from travelrisk.intake.document import Document
from travelrisk.services.application import Application
from travelrisk.services.proposals import drafting, publishing, signing
from travelrisk.services.ratings.records import export, history, import_records, listing
from travelrisk.services.trips.receiving import receive
from travelrisk.services.trips.replay import replay
from travelrisk.store import people, ratings
from travelrisk.store.database import reading, writing

TODAY = date(2026, 11, 23)
EXCEPTION = replace(authorisation("ETH", office="Nairobi", since=TODAY), approved_by="Frank")
ASKED = Content("The clinic opens on 14 December.", (EXCEPTION,))
MAIL = "ET707 FRA ADD {day} Dec operated by Ethiopian Airlines"


@pytest.fixture
def desk(app: Application, tmp_path: Path) -> Application:
    """Give a service on which Ethiopian Airlines is not recommended, with focal points and an approver."""
    publish(app, tmp_path, "not_recommended")
    employ(app, alice=Role.FOCAL_POINT, bob=Role.FOCAL_POINT, frank=Role.APPROVER)
    return app


def employ(app: Application, **roles: Role) -> None:
    with writing(app.engine) as c:
        for name, role in roles.items():
            person = Person(name, name.title(), f"{name}@example.org", frozenset({role}))
            people.add(c, person, at=app.clock())


def granted(app: Application) -> None:
    proposal = proposed(app, ASKED)
    signing.sign(app, "frank", proposal.reference, seen(app, proposal))
    publishing.publish(app, "alice", proposal.reference)


def judged(app: Application, office: str, day: int) -> tuple[Advisory, int]:
    document = Document(MAIL.format(day=day).encode(), "trip.txt")
    (received,) = receive(app, document, recipient=f"traveller{day}@example.org", office=office)
    assert received.advisory is not None
    with reading(app.engine) as c:
        number = c.exec_driver_sql("SELECT max(id) FROM advisories").scalar_one()
    return received.advisory, number


def test_an_exception_is_signed_by_an_approver_and_nobody_else(desk: Application) -> None:
    proposal = proposed(desk, ASKED)
    assert proposal.weight is Weight.EXCEPTION
    with pytest.raises(ForbiddenError, match="approve exception"):
        signing.sign(desk, "bob", proposal.reference, seen(desk, proposal))
    signed = signing.sign(desk, "frank", proposal.reference, seen(desk, proposal))
    assert signed.status is Status.SIGNED
    assert publishing.publish(desk, "alice", proposal.reference).edition == 2


def test_the_record_names_who_signed_and_never_whom_the_author_wrote_down(desk: Application) -> None:
    typed = Content("The clinic opens.", (replace(EXCEPTION, approved_by="Charlie"),))
    proposal = proposed(desk, typed)
    signing.sign(desk, "frank", proposal.reference, seen(desk, proposal))
    publishing.publish(desk, "alice", proposal.reference)
    with reading(desk.engine) as c:
        (record,) = ratings.snapshot(c).authorisations["ETH"]
    assert record.approved_by == "Frank"


def test_an_exception_is_never_published_at_once_and_its_end_may_be(desk: Application) -> None:
    with pytest.raises(BadInputError, match="makes nothing easier"):
        drafting.draft(desk, "alice", ASKED, is_urgent=True)
    granted(desk)
    end = drafting.draft(desk, "bob", Content("It is over.", ended=(EXCEPTION.id,)), is_urgent=True)
    assert end.weight is Weight.TIGHTENING
    publishing.publish_urgently(desk, "bob", end.reference)
    with reading(desk.engine) as c:
        assert not ratings.snapshot(c).authorisations


def test_it_touches_the_journeys_of_its_office_alone_and_each_is_made_again_equal(desk: Application) -> None:
    granted(desk)
    for day, office, verdict in (
        (12, "Nairobi", Verdict.CONDITIONAL),
        (13, "Amman", Verdict.NOT_CLEARED),
        (14, "", Verdict.NOT_CLEARED),
    ):
        advisory, number = judged(desk, office, day)
        assert advisory.verdict is verdict
        assert replay(desk, number).is_equal


def test_what_is_shown_to_everybody_does_not_say_who_goes_where(desk: Application) -> None:
    granted(desk)
    assert EXCEPTION.id not in {each.record.id for each in listing(desk)}
    about = Subject(SubjectKind.CARRIER, "ETH")
    assert [each.record.id for each in history(desk, about)] == ["eth"]
    kenya = Content("Another one.", (replace(EXCEPTION, id="exc-kqa", carrier="KQA"),))
    proposal = proposed(desk, kenya)
    signing.sign(desk, "frank", proposal.reference, seen(desk, proposal))
    publishing.publish(desk, "alice", proposal.reference)
    with pytest.raises(NotFoundError):
        history(desk, Subject(SubjectKind.CARRIER, "KQA"))


FULL = """
[[ratings]]
id = "iran-air"
subject = "carrier:IRA"
level = "conditional"
valid_from = 2026-01-01
review_on = 2027-03-31
aoc = "FS-100"
set_by = "bob"
set_on = 2026-11-01
condition = { en = "Only the aircraft named in the list." }

[[ratings.evidence]]
title = "EU Air Safety List, Annex B"
kind = "eu_air_safety_list"
value = "annex_b"
limits = ["A300", "EP-IBA"]
file = "0000000000000000000000000000000000000000000000000000000000000000"

[[authorisations]]
id = "exc-ira"
carrier = "IRA"
kind = "ad_hoc"
trip = "TR-7KQ2M9"
route = "FRA-ADD"
valid_from = 2026-11-23
valid_until = 2026-12-31
need = "The clinic opens."
alternatives_tried = "None that week."
mitigation = "Two travel together."
criticality = "PC1"
conditions = { en = "Daylight only." }
approved_by = "Charlie"
set_by = "bob"
set_on = 2026-11-23
"""


def taken(app: Application, folder: Path, text: str, name: str = "full.toml") -> int | None:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return import_records(app, path, by="bob", signed_by="charlie", approver="charlie").edition


@pytest.fixture
def approver(app: Application) -> None:
    employ(app, charlie=Role.APPROVER, bob=Role.FOCAL_POINT)


@pytest.mark.usefixtures("approver")
def test_every_field_survives_an_import_and_an_export(app: Application, tmp_path: Path) -> None:
    assert taken(app, tmp_path, FULL) == 1
    with reading(app.engine) as c:
        snapshot = ratings.snapshot(c)
    (allowed,) = snapshot.authorisations["IRA"]
    assert (allowed.route, allowed.criticality) == ("ADD-FRA", "PC1")
    (rated,) = snapshot.ratings[Subject(SubjectKind.CARRIER, "IRA")]
    assert (rated.review_on, rated.aoc) == (date(2027, 3, 31), "FS-100")
    assert rated.evidence[0].limits == ("A300", "EP-IBA")
    assert taken(app, tmp_path, export(app), "export.json") is None


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('value = "annex_b"', 'value = "annex_c"', "iran-air: value: 'annex_c' is no finding"),
        ('limits = ["A300", "EP-IBA"]', "", "iran-air: limits: "),
        ('file = "0', 'file = "x', "ratings 1, evidence.0.file: "),
        ("review_on = 2027-03-31", 'review_on = "soon"', "ratings 1, review_on: "),
        ("carrier:IRA", "airport:FRA", "iran-air: aoc: "),
        ('carrier = "IRA"', 'carrier = "QQQ"', "exc-ira: there is no carrier QQQ"),
        ('route = "FRA-ADD"', 'route = "FRA-QZQ"', "exc-ira: there is no route FRA-QZQ"),
        ('route = "FRA-ADD"', 'route = "FRA"', "exc-ira: subject route:FRA: "),
        ('kind = "ad_hoc"', 'kind = "for ever"', "authorisations 1, kind: "),
        ("valid_until = 2026-12-31\n", "", "authorisations 1, valid_until: "),
        ("valid_until = 2026-12-31", "valid_until = 2028-12-31", "exc-ira: valid_until 2028-12-31: "),
        ('need = "The clinic opens."', 'need = ""', "exc-ira: need: "),
        ('"PC1"', '"PC9"', "authorisations 1, criticality: "),
        ('"Charlie"', '"bob"', "exc-ira: approved_by: "),
    ],
)
@pytest.mark.usefixtures("approver")
def test_a_field_that_cannot_be_used_is_named_and_nothing_is_taken(
    app: Application, tmp_path: Path, old: str, new: str, says: str
) -> None:
    assert old in FULL
    with pytest.raises(BadInputError) as caught:
        taken(app, tmp_path, FULL.replace(old, new, 1))
    assert says in str(caught.value)
    with reading(app.engine) as c:
        assert ratings.current_edition(c) == 0


def test_an_import_of_exceptions_is_signed_by_the_approver_whom_it_names(
    app: Application, tmp_path: Path
) -> None:
    employ(app, charlie=Role.APPROVER, bob=Role.APPROVER, frank=Role.APPROVER, dana=Role.FOCAL_POINT)
    path = tmp_path / "full.toml"
    path.write_text(FULL, encoding="utf-8")
    looked = import_records(app, path, by="bob", dry_run=True)
    assert (looked.needs_second_person, looked.needs_approver) == (True, True)
    for approver, error, says in (
        ("", BadInputError, "only an approver decides"),
        ("dana", ForbiddenError, "approve exception"),
        ("nobody", NotFoundError, "nobody"),
        ("bob", BadInputError, "nobody approves what they prepared"),
        ("frank", BadInputError, "exc-ira: approved_by: names Charlie, and Frank signs"),
    ):
        with pytest.raises(error, match=says):
            import_records(app, path, by="bob", signed_by="charlie", approver=approver)
    with reading(app.engine) as c:
        assert ratings.current_edition(c) == 0
    assert import_records(app, path, by="bob", signed_by="dana", approver="charlie").edition == 1
    with reading(app.engine) as c:
        assert ratings.edition_facts(c, 1).actor == "bob, signed by dana, exceptions signed by Charlie"


def test_what_needs_two_approvers_is_proposed_and_never_imported(app: Application, tmp_path: Path) -> None:
    employ(app, charlie=Role.APPROVER)
    two = replace(app.policy.policy, approvals=(Threshold(2),))
    strict = replace(app, policy=replace(app.policy, policy=two))
    path = tmp_path / "full.toml"
    path.write_text(FULL, encoding="utf-8")
    with pytest.raises(BadInputError, match="need more approvers than one"):
        import_records(strict, path, by="bob", signed_by="dana", approver="charlie")


def test_a_spreadsheet_names_factors_and_reviews(app: Application, tmp_path: Path) -> None:
    head = "id,subject,level,valid_from,set_by,set_on,review_on,evidence_title,evidence_kind,evidence_value"
    row = "eth,carrier:ETH,recommended,2026-01-01,bob,2026-11-01,2027-05-01,List,eu_air_safety_list,annex_b"
    text = f"{head},evidence_limits\n{row},A300; EP-IBA\n"
    assert taken(app, tmp_path, text, "r.csv") == 1
    with reading(app.engine) as c:
        (rated,) = ratings.in_force(c)
    assert isinstance(rated, Rating)
    assert rated.review_on == date(2027, 5, 1)
    assert rated.evidence[0].limits == ("A300", "EP-IBA")
