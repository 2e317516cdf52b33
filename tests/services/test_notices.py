"""What reaches the desk from outside, on both databases: kept once, without a name unless it is wished."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.services.test_queue import DAY, fly, items
from travelrisk.domain.errors import BadInputError, ForbiddenError
from travelrisk.domain.people import Person, Role
from travelrisk.domain.ratings import Subject, SubjectKind
from travelrisk.services.application import Application
from travelrisk.services.desk.notices import LONGEST, receive_notice, report, waiting_notices
from travelrisk.services.desk.queue import set_aside
from travelrisk.store import people
from travelrisk.store.database import reading, writing
from travelrisk.store.tables import audit

ETHIOPIAN = Subject(SubjectKind.CARRIER, "ETH")


@pytest.fixture
def service(desk: Application) -> Application:
    """Give the desk, and Tara who travels and Anna who audits."""
    with writing(desk.engine) as c:
        for name, role in (("tara", Role.TRAVELLER), ("anna", Role.AUDITOR)):
            person = Person(name, name.title(), f"{name}@example.org", frozenset({role}))
            people.add(c, person, at=desk.clock())
    return desk


def correct(app: Application, title: str = "Certificate renewed", **changes: str) -> bool:
    told = {"title": title, "body": "See the attachment.", "kind": "correction"} | changes
    return receive_notice(app, "terminal", subject=ETHIOPIAN, **told)


def test_a_report_stands_in_the_queue_with_whom_it_concerns(service: Application) -> None:
    fly(service, "ETH", 3, days=7)
    assert report(service, "tara", carrier=ETHIOPIAN, flight="ET 707", day=DAY, text="No belts\non row 3.")
    (item,) = (each for each in items(service) if each.notice)
    assert item.notice
    assert (item.title, item.notice.body) == ("ET 707, 2026-11-23", "No belts on row 3.")
    assert (item.subject, item.itineraries, item.earliest) == (ETHIOPIAN, 3, DAY + timedelta(days=7))


def test_a_report_names_nobody_unless_it_is_wished(service: Application) -> None:
    report(service, "tara", carrier=ETHIOPIAN, text="No belts.")
    report(service, "tara", carrier=ETHIOPIAN, text="No life vests.", named=True)
    named, unnamed = waiting_notices(service)
    assert (unnamed.sender, unnamed.title) == ("", "No belts.")
    assert named.sender == "Tara, tara@example.org"
    with reading(service.engine) as c:
        rows = c.execute(select(audit).order_by(audit.c.seq)).mappings().all()
    told = [" ".join(map(str, row.values())) for row in rows]
    assert ["tara" in text for text in told if "notice.received" in text] == [False, True]


def test_the_same_words_come_in_once(service: Application) -> None:
    assert [correct(service), correct(service)] == [True, False]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": " "}, "title cannot be used"),
        ({"body": " \u200b"}, "say what happened"),
        ({"body": "x" * (LONGEST + 1)}, "at most 2000"),
        ({"source": "javascript:alert(1)"}, "no address of a page"),
    ],
)
def test_what_tells_nothing_is_refused(service: Application, changes: dict[str, str], said: str) -> None:
    with pytest.raises(BadInputError, match=said):
        correct(service, **changes)
    assert waiting_notices(service) == ()


def test_a_report_of_tomorrow_or_by_whoever_does_not_travel_is_refused(service: Application) -> None:
    with pytest.raises(BadInputError, match="still to come"):
        report(service, "tara", carrier=ETHIOPIAN, text="x", day=DAY + timedelta(days=1))
    with pytest.raises(ForbiddenError, match="may not report"):
        report(service, "anna", carrier=ETHIOPIAN, text="x")


def test_none_falls_off_the_end_however_many_wait(service: Application) -> None:
    for number in range(260):
        correct(service, f"Correction {number}")
    assert len([each for each in items(service) if each.notice]) == 260
    set_aside(service, "alice", items(service)[-1].key, note="Looked at.")
    assert len(waiting_notices(service)) == 259
    assert len(waiting_notices(service, everything=True)) == 260
