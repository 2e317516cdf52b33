"""Asking for an exception: who may, what is wrong with a request, and that all of it is said at once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.services.asked import FIRST, STAFF, asked
from tests.services.conftest import publish
from tests.services.test_exceptions import employ
from travelrisk.domain.authorisations import UNDECIDED, AuthorisationKind
from travelrisk.domain.errors import (
    ForbiddenError,
)
from travelrisk.domain.proposals import Proposal
from travelrisk.domain.texts import Texts
from travelrisk.services.application import Application
from travelrisk.services.exceptions import asking, ledger
from travelrisk.services.exceptions.asking import UnfitRequestError
from travelrisk.services.proposals import drafting


@pytest.fixture
def desk(app: Application, tmp_path: Path) -> Application:
    """Give a service on which Ethiopian Airlines is not recommended, and staff of every role."""
    publish(app, tmp_path, "not_recommended")
    employ(app, **STAFF)
    return app


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"last": FIRST - timedelta(days=1)}, "valid_until: it ends before it begins"),
        (
            {"last": FIRST + timedelta(days=365)},
            "valid_until: it would last 366 days",
        ),
        ({"first": date(2026, 11, 1), "last": date(2026, 11, 22)}, "valid_until: its last day is past"),
        ({"first": None}, "valid_from: give a day"),
        ({"carrier": ""}, "carrier: say which"),
        ({"carrier": "Nobody Air"}, "carrier: there is no carrier Nobody Air"),
        ({"office": " "}, "office: it is for the trips of one office"),
        ({"kind": AuthorisationKind.AD_HOC}, "trip: it is for one trip"),
        ({"kind": AuthorisationKind.AD_HOC, "trip": "TR-QQQQQQ"}, "trip: there is no trip TR-QQQQQQ"),
        ({"route": "FRA"}, "route: FRA is no pair of airports"),
        ({"route": "FRA-QZQ"}, "route: FRA-QZQ is no pair"),
        ({"need": " "}, "need: say why"),
        ({"alternatives_tried": ""}, "alternatives_tried: say what else"),
        ({"mitigation": ""}, "mitigation: say what makes up for it"),
        ({"conditions": Texts(fr="De jour.")}, "conditions_en: say in English"),
        ({"need": "x" * 2001}, "need: is longer than 2000 characters"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_kept(
    desk: Application, more: dict[str, Any], says: str
) -> None:
    with pytest.raises(UnfitRequestError) as caught:
        asking.draft(desk, "heidi", asked(**more))
    assert says in str(caught.value)
    assert ledger.listing(desk, "frank") == ()


def test_a_designator_of_several_carriers_is_asked_back(desk: Application) -> None:
    with pytest.raises(UnfitRequestError, match="carrier: several carriers are called that"):
        asking.draft(desk, "heidi", asked(carrier="Copa Airline"))


def test_all_that_is_wrong_is_said_at_once(desk: Application) -> None:
    with pytest.raises(UnfitRequestError) as caught:
        asking.draft(desk, "heidi", asked(carrier="", need="", office=""))
    assert [each.field for each in caught.value.problems] == ["carrier", "office", "need"]


def test_whoever_travels_asks_for_an_exception_and_for_nothing_else(desk: Application) -> None:
    draft: Callable[[], Proposal] = lambda: asking.draft(desk, "alice", asked())  # noqa: E731 - twice below
    proposal = draft()
    assert proposal.content.wanted[0].set_by == "Alice"
    ending = replace(proposal.content, wanted=(), ended=("eth",))
    with pytest.raises(ForbiddenError, match="may not propose"):
        drafting.draft(desk, "alice", ending)
    with pytest.raises(ForbiddenError, match="may not propose"):
        drafting.edit(desk, "alice", proposal.reference, ending, version=proposal.version)
    with pytest.raises(ForbiddenError, match="may not request exception"):
        asking.draft(desk, "erin", asked())
    record = ledger.story(desk, "alice", draft().reference).entry.record
    assert record.approved_by == UNDECIDED
