"""Every page of the desk, asked by nobody, by each role, and by somebody who left: default deny."""

import secrets
from urllib.parse import urlencode

import pytest

from tests.web.conftest import NOW, Visitor, with_facts
from tests.web.desk import OFFICE, TABLE, Desk, dismiss, employ
from tests.web.test_matrix import MATRIX
from travelrisk.domain.people import Role
from travelrisk.domain.programs import Sealing
from travelrisk.domain.proposals import Content
from travelrisk.domain.ratings import Caution, Evidence, Subject, SubjectKind
from travelrisk.domain.texts import Texts
from travelrisk.domain.verdicts import Verdict
from travelrisk.intake.document import Document
from travelrisk.services.application import Application
from travelrisk.services.desk import evidence
from travelrisk.services.exchange import keeping
from travelrisk.services.proposals import drafting
from travelrisk.services.trips import mapping, receiving
from travelrisk.web.access import audience_of
from travelrisk.web.app import create_app

SECRET = "a secret of this test, long enough for keys"  # noqa: S105
ANYBODY = frozenset(Role)
ADMINS = frozenset({Role.ADMIN})
APPROVERS = frozenset({Role.APPROVER})
KEEPERS = frozenset({Role.FOCAL_POINT})
REPORTERS = frozenset(Role) - {Role.AUDITOR, Role.ADMIN}
DESK = frozenset({Role.FOCAL_POINT, Role.ALTERNATE, Role.APPROVER, Role.AUDITOR})
TELLERS = frozenset({Role.TRAVEL_UNIT, Role.FOCAL_POINT})
COUNTERS = frozenset({Role.TRAVEL_UNIT, Role.FOCAL_POINT, Role.AUDITOR})
UNITS = frozenset({Role.TRAVEL_UNIT})
ASKERS = frozenset(Role) - {Role.AUDITOR, Role.ADMIN}
# Whose an exception is decides who sees it; who that is stands in test_exceptions.
OF_ONE = frozenset(
    {
        "/exceptions/<key>",
        "/exceptions/<key>/edit",
        "/feeds/<name>",
        "/batches/<reference>",
        "/batches/<reference>/results",
        "/batches/<reference>/letters",
        "/whereabouts/messages/<int:number>",
        "/programs/webhooks/<int(max=2147483647):number>",
    }
)
# rule: who is let in; a form without its token is let in as far as the question for the token (400)
LET_IN: dict[str, frozenset[Role]] = {
    "/sign-out": ANYBODY,
    "/account": ANYBODY,
    "/account/sessions": ANYBODY,
    "/account/language": ANYBODY,
    "/account/password": ANYBODY,
    "/account/digests": ANYBODY,
    "/account/reports": ANYBODY,
    "/account/delegations": ANYBODY,
    "/account/delegations/<int:number>/end": ANYBODY,
    "/report": REPORTERS,
    "/people": ADMINS,
    "/people/new": ADMINS,
    "/people/<person_id>": ADMINS,
    "/people/<person_id>/password": ADMINS,
    "/people/<person_id>/close": ADMINS,
    "/people/roles/<int:number>/confirm": ADMINS,
    "/people/roles/<int:number>/decline": ADMINS,
    "/people/<person_id>/reopen": ADMINS,
    "/programs": ADMINS,
    "/programs/new": ADMINS,
    "/programs/<program_id>/rotate": ADMINS,
    "/programs/<program_id>/revoke": ADMINS,
    "/doctor": ADMINS,
    "/doctor/release": ADMINS,
    "/batches": UNITS,
    "/batches/<reference>": UNITS,
    "/batches/<reference>/again": UNITS,
    "/batches/<reference>/explain": UNITS,
    "/batches/<reference>/results": UNITS,
    "/batches/<reference>/letters": UNITS,
    "/batches/<reference>/send": UNITS,
    "/whereabouts": UNITS,
    "/whereabouts/export": UNITS,
    "/whereabouts/messages": UNITS,
    "/whereabouts/messages/<int:number>": UNITS,
    "/whereabouts/messages/<int:number>/again": UNITS,
    "/whereabouts/messages/<int:number>/reached/<reference>": UNITS,
    "/whereabouts/message": UNITS,
    "/whereabouts/message/preview": UNITS,
    "/whereabouts/message/send": UNITS,
    "/audit": ADMINS | {Role.AUDITOR},
    "/audit/export": ADMINS | {Role.AUDITOR},
    "/forget": ADMINS,
    "/forget/export": ADMINS,
    "/programs/webhooks/new": ADMINS,
    "/programs/webhooks/<int(max=2147483647):number>": ADMINS,
    "/programs/webhooks/<int(max=2147483647):number>/rotate": ADMINS,
    "/programs/webhooks/<int(max=2147483647):number>/remove": ADMINS,
    "/programs/webhooks/<int(max=2147483647):number>/test": ADMINS,
    "/programs/webhooks/<int(max=2147483647):number>/messages/<int(max=2147483647):message>/replay": ADMINS,
    "/queue": DESK,
    "/queue/aside": KEEPERS,
    "/changes": DESK,
    "/changes/new": KEEPERS,
    "/changes/<reference>": DESK,
    "/changes/<reference>/edit": KEEPERS,
    "/changes/<reference>/propose": KEEPERS,
    "/changes/<reference>/withdraw": KEEPERS,
    "/changes/<reference>/sign": DESK,  # who signs what is for the weight of the change to say
    "/changes/<reference>/countersign": DESK,
    "/changes/<reference>/return": DESK,
    "/changes/<reference>/publish": KEEPERS,
    "/changes/<reference>/publish-at-once": KEEPERS,
    "/evidence/<sha256>": DESK,
    "/exceptions": ANYBODY,
    "/exceptions/new": ASKERS,
    "/exceptions/<key>": ANYBODY,
    "/exceptions/<key>/edit": ASKERS,
    "/exceptions/<key>/propose": ANYBODY,
    "/exceptions/<key>/withdraw": ANYBODY,
    "/exceptions/<key>/approve": APPROVERS,
    "/exceptions/<key>/refuse": APPROVERS,
    "/exceptions/<key>/end": ANYBODY,
    "/export": DESK,
    "/export/records": DESK,
    "/export/booking-list": DESK,
    "/import": KEEPERS,
    "/import/template": KEEPERS,
    "/import/<sha256>": KEEPERS,
    "/import/<sha256>/problems": KEEPERS,
    "/undelivered": TELLERS,
    "/undelivered/<int:number>/told": TELLERS,
    "/undelivered/<reference>/address": TELLERS,
    "/desk": UNITS,
    "/desk/search": UNITS,
    "/desk/trips/<reference>": UNITS,
    "/desk/trips/<reference>/note": UNITS,
    "/desk/trips/<reference>/assign": UNITS,
    "/desk/trips/<reference>/ticket": UNITS,
    "/desk/trips/<reference>/ask": UNITS,
    "/desk/trips/<reference>/cancel": UNITS,
    "/flights": DESK | TELLERS,
    "/world": DESK,
    "/feeds": DESK,
    "/feeds/<name>": DESK,
    "/tables": UNITS,
    "/tables/<sha256>": UNITS,
    "/tables/<sha256>/preview": UNITS,
    "/tables/<sha256>/save": UNITS,
    "/tables/<int:number>/remove": UNITS,
    "/reports": COUNTERS,
    "/reports/<key>.<any(csv, xlsx):form>": COUNTERS,
    "/replies": TELLERS,
    "/replies/<reference>": TELLERS,
    "/replies/<reference>/preview": TELLERS,
    "/replies/<reference>/again": TELLERS,
    "/history": DESK,
    "/history/find": DESK,
    "/history/<kind>/<key>": DESK,
    "/history/differences": DESK,
    "/history/news": DESK,
    "/history/seen": DESK,
    "/history/trips": DESK,
    "/history/trips/<reference>": DESK,
}
CAUTION = Caution(
    "state-et",
    Subject(SubjectKind.STATE, "ET"),
    Verdict.REVIEW,
    NOW.date(),
    None,
    "Alice",
    NOW.date(),
    Texts("The oversight is under review."),
    evidence=(Evidence("Notice", retrieved_on=NOW.date()),),
)
ASKED = [
    (rule, method, prefix + MATRIX[rule][1])
    for prefix in ("", "/fr", "/es")
    for rule in LET_IN
    for method in MATRIX[rule][0].split()
]


@pytest.fixture(scope="module")
def desk(app: Application) -> Desk:
    """Give a service with one person a role, one who left, a draft, and a table of two of them."""
    app = with_facts(app, sealing=Sealing(SECRET), secret=SECRET)
    names = {f"one-{role.value.replace('_', '-')}": role for role in Role}
    employ(app, **names, erin=Role.FOCAL_POINT, gone=Role.ADMIN)
    with pytest.MonkeyPatch.context() as patch:  # the address of the draft stands in a table
        patch.setattr(secrets, "choice", lambda _: "A")
        drafting.draft(app, "p-one-focal-point", Content("It is in doubt.", (CAUTION,)))
        document = Document(b"LH 400 FRA JFK 12 Dec", "trip.txt")
        list(receiving.receive(app, document, recipient="", office=OFFICE))
    keeping.keep(app, "p-one-focal-point", "table.csv", TABLE)
    evidence.keep_file(app, "p-one-focal-point", TABLE, "table.csv")
    desk = Desk(app, create_app(app))
    mapping.bring(app, desk.person("one-travel-unit"), "table.csv", TABLE)
    return desk


def test_the_table_holds_every_page_that_is_for_people(desk: Desk) -> None:
    for_people = {
        rule.rule
        for rule in desk.pages.url_map.iter_rules()
        if (audience := audience_of(desk.pages.view_functions[rule.endpoint])) and audience.signed_in
    }
    assert for_people == {prefix + rule for prefix in ("", "/fr", "/es") for rule in LET_IN}


@pytest.mark.parametrize(("rule", "method", "address"), ASKED)
def test_nobody_is_sent_to_the_sign_in(rule: str, method: str, address: str, desk: Desk) -> None:
    response = desk.visitor().client.open(address, method=method)
    assert response.status_code == 303, rule
    prefix = address[:3] if address[:3] in {"/fr", "/es"} else ""
    onward = f"?{urlencode({'next': address}, safe='/?')}" if method == "GET" else ""
    assert response.headers["Location"] == f"{prefix}/sign-in{onward}"


@pytest.fixture(scope="module")
def visitors(desk: Desk) -> dict[Role, Visitor]:
    """Sign one person of each role in, once for all pages."""
    return {role: desk.visitor(f"one-{role.value.replace('_', '-')}") for role in Role}


@pytest.mark.parametrize(("rule", "method", "address"), ASKED)
def test_each_role_is_let_in_where_the_table_says_so(
    rule: str, method: str, address: str, visitors: dict[Role, Visitor]
) -> None:
    # of an exception or a source of this name there is none
    found = 400 if method == "POST" else 404 if rule in OF_ONE else 200
    answered = {
        role: visitor.client.open(address, method=method).status_code for role, visitor in visitors.items()
    }
    assert answered == {role: found if role in LET_IN[rule] else 404 for role in Role}


def test_whoever_left_is_nobody(desk: Desk) -> None:
    visitor = desk.visitor("gone")
    assert visitor.get("/people").status == 200
    dismiss(desk.app, "gone")
    assert visitor.get("/people").response.headers["Location"] == "/sign-in?next=/people"
