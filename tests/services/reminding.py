"""Records that end soon and people to tell, for the tests of reminders."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from tests.services.conftest import STAFF
from travelrisk.domain.people import Person, Role
from travelrisk.domain.ratings import Evidence, Level, Rating, Record, Subject, SubjectKind
from travelrisk.services.application import Application
from travelrisk.store import desk_letters, people, ratings
from travelrisk.store.database import reading, writing

TODAY = date(2026, 11, 23)
ETH = Subject(SubjectKind.CARRIER, "ETH")
SOURCE = Evidence("Notice of the authority", "notice", "https://example.org/n", TODAY, None)
RATING = Rating("eth", ETH, Level.RECOMMENDED, date(2026, 1, 1), None, "bob", TODAY, evidence=(SOURCE,))
KEEPERS = ["alice", "bob", "charlie"]


def with_people(app: Application) -> Application:
    """Give a service people, and no ratings."""
    with writing(app.engine) as c:
        for name, roles in {**STAFF, "frank": (Role.APPROVER,)}.items():
            person = Person(name, name.title(), f"{name}@example.org", frozenset(roles))
            people.add(c, person, at=app.clock())
    return app


def publish(app: Application, *records: Record, closed: Sequence[str] = ()) -> int:
    with writing(app.engine) as c:
        return ratings.publish(c, opened=records, closed=closed, actor="bob", note="", at=app.clock())


def until(days: int, name: str = "eth", key: str = "ETH") -> Rating:
    subject = Subject(SubjectKind.CARRIER, key)
    return replace(RATING, id=name, subject=subject, valid_until=TODAY + timedelta(days))


def reminded(app: Application) -> list[str]:
    """Return who got letters, one mention a letter."""
    with reading(app.engine) as c:
        everybody = [each.id for each in people.everybody(c)]
        return [person for person in everybody for _ in desk_letters.to(c, person)]


def text_to(app: Application, person: str = "alice") -> str:
    """Return the text of the newest letter to somebody."""
    with reading(app.engine) as c:
        message = message_from_bytes(desk_letters.to(c, person)[-1].body, policy=default)
    assert isinstance(message, EmailMessage)
    part = message.get_body(("plain",))
    assert part is not None
    return " ".join(part.get_content().split())
