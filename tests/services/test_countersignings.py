"""Who agreed to what was published at once, and until when somebody must: told of each edition."""

from datetime import timedelta

from tests.services.conftest import Clock
from tests.services.test_proposals import TIGHTENING, edition
from travelrisk.domain.proposals import Proposal
from travelrisk.services.application import Application
from travelrisk.services.desk import history
from travelrisk.services.desk.history import Agreed
from travelrisk.services.proposals import drafting, publishing, signing
from travelrisk.services.proposals.signing import Seen


def at_once(app: Application) -> Proposal:
    draft = drafting.draft(app, "alice", TIGHTENING, is_urgent=True)
    return publishing.publish_urgently(app, "alice", draft.reference)


def test_it_is_open_then_late_then_given(desk: Application, clock: Clock) -> None:
    done = at_once(desk)
    number, due = edition(desk), clock.at + timedelta(hours=24)
    assert history.countersignings(desk, number) == {number: ((), due, True, False)}
    clock.pass_by(hours=25)
    assert history.countersignings(desk, number)[number].is_late
    signing.countersign(desk, "bob", done.reference, Seen(done.content_sha256, 0), note="I agree.")
    told = history.countersignings(desk, number)[number]
    assert told == ((Agreed("Bob", clock.at),), due, False, False)


def test_other_editions_say_nothing_of_it(desk: Application) -> None:
    at_once(desk)
    newest = edition(desk)
    assert history.countersignings(desk) == {}
    assert history.countersignings(desk, newest - 1) == {}
    assert history.countersignings(desk, newest - 1, newest + 1) == {}, "between the two, and not asked for"
