"""Every address of the pages, what a stranger gets there, and for whom its view says it is."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.web.conftest import LETTER, Visitor, inbox_with, with_facts
from tests.web.desk import TABLE_SHA256
from travelrisk.services.application import Application
from travelrisk.web.access import audience_of
from travelrisk.web.app import create_app

WEBHOOK = "/programs/webhooks/<int(max=2147483647):number>"
# rule: methods, an address, status where the ratings are open (the demonstration), status where they are not
MATRIX: dict[str, tuple[str, str, int, int]] = {
    "/": ("GET", "/", 302, 302),
    "/check": ("GET POST", "/check", 200, 200),
    "/trips/<token>": ("GET", "/trips/guessed", 404, 404),
    "/trips/<token>/answers/<int:number>": ("GET", "/trips/guessed/answers/1", 404, 404),
    "/trips/<token>/letters/<int:number>": ("GET", "/trips/guessed/letters/1", 404, 404),
    "/trips/<token>/letters/<int:number>/again": ("POST", "/trips/guessed/letters/1/again", 405, 405),
    "/trips/<token>/cancel": ("GET POST", "/trips/guessed/cancel", 404, 404),
    "/trips/<token>/take-back": ("POST", "/trips/guessed/take-back", 405, 405),
    "/trips/<token>/understood": ("GET POST", "/trips/guessed/understood", 404, 404),
    "/trips/<token>/kept": ("GET POST", "/trips/guessed/kept", 404, 404),
    "/trips/<token>/calendar.ics": ("GET", "/trips/guessed/calendar.ics", 404, 404),
    "/trips/<token>/calendar": ("POST", "/trips/guessed/calendar", 405, 405),
    "/trips/<token>/calendar/revoke": ("POST", "/trips/guessed/calendar/revoke", 405, 405),
    "/trips/<token>/certificate": ("GET POST", "/trips/guessed/certificate", 404, 404),
    "/trips/<token>/certificate.pdf": ("GET", "/trips/guessed/certificate.pdf", 404, 404),
    "/trips/<token>/certificate.jws": ("GET", "/trips/guessed/certificate.jws", 404, 404),
    "/v": ("GET", "/v", 200, 200),
    "/v/<code>": ("GET", "/v/GUESSED234", 404, 404),
    "/V/<code>": ("GET", "/V/GUESSED234", 404, 404),
    "/calendar/<token>.ics": ("GET", "/calendar/guessed.ics", 404, 404),
    "/ratings": ("GET", "/ratings", 200, 404),
    "/ratings/<kind>/<key>": ("GET", "/ratings/carrier/ETH", 200, 404),
    "/sign-in": ("GET POST", "/sign-in", 200, 200),
    "/sign-out": ("POST", "/sign-out", 405, 405),
    "/account": ("GET", "/account", 303, 303),
    "/account/sessions": ("POST", "/account/sessions", 405, 405),
    "/account/language": ("POST", "/account/language", 405, 405),
    "/account/digests": ("POST", "/account/digests", 405, 405),
    "/account/reports": ("POST", "/account/reports", 405, 405),
    "/account/password": ("GET POST", "/account/password", 303, 303),
    "/account/delegations": ("GET POST", "/account/delegations", 303, 303),
    "/account/delegations/<int:number>/end": ("POST", "/account/delegations/1/end", 405, 405),
    "/report": ("GET POST", "/report", 303, 303),
    "/audit": ("GET POST", "/audit", 303, 303),
    "/audit/export": ("GET", "/audit/export?form=csv", 303, 303),
    "/forget": ("GET POST", "/forget", 303, 303),
    "/forget/export": ("POST", "/forget/export", 405, 405),
    "/people": ("GET", "/people", 303, 303),
    "/people/new": ("GET POST", "/people/new", 303, 303),
    "/people/<person_id>": ("GET POST", "/people/p-erin", 303, 303),
    "/people/<person_id>/password": ("POST", "/people/p-erin/password", 405, 405),
    "/people/<person_id>/close": ("POST", "/people/p-erin/close", 405, 405),
    "/people/roles/<int:number>/confirm": ("POST", "/people/roles/1/confirm", 405, 405),
    "/people/roles/<int:number>/decline": ("POST", "/people/roles/1/decline", 405, 405),
    "/people/<person_id>/reopen": ("POST", "/people/p-erin/reopen", 405, 405),
    "/queue": ("GET", "/queue", 303, 303),
    "/queue/aside": ("POST", "/queue/aside", 405, 405),
    "/changes": ("GET", "/changes", 303, 303),
    "/changes/new": ("GET POST", "/changes/new", 303, 303),
    "/changes/<reference>": ("GET", "/changes/CH-AAAAAA", 303, 303),
    "/changes/<reference>/edit": ("GET POST", "/changes/CH-AAAAAA/edit", 303, 303),
    "/changes/<reference>/propose": ("POST", "/changes/CH-AAAAAA/propose", 405, 405),
    "/changes/<reference>/withdraw": ("POST", "/changes/CH-AAAAAA/withdraw", 405, 405),
    "/changes/<reference>/sign": ("POST", "/changes/CH-AAAAAA/sign", 405, 405),
    "/changes/<reference>/countersign": ("POST", "/changes/CH-AAAAAA/countersign", 405, 405),
    "/changes/<reference>/return": ("POST", "/changes/CH-AAAAAA/return", 405, 405),
    "/changes/<reference>/publish": ("GET POST", "/changes/CH-AAAAAA/publish", 303, 303),
    "/changes/<reference>/publish-at-once": ("GET POST", "/changes/CH-AAAAAA/publish-at-once", 303, 303),
    "/programs/webhooks/new": ("GET POST", "/programs/webhooks/new", 303, 303),
    WEBHOOK: ("GET", "/programs/webhooks/1", 303, 303),
    f"{WEBHOOK}/rotate": ("POST", "/programs/webhooks/1/rotate", 405, 405),
    f"{WEBHOOK}/remove": ("POST", "/programs/webhooks/1/remove", 405, 405),
    f"{WEBHOOK}/test": ("POST", "/programs/webhooks/1/test", 405, 405),
    f"{WEBHOOK}/messages/<int(max=2147483647):message>/replay": (
        "POST",
        "/programs/webhooks/1/messages/1/replay",
        405,
        405,
    ),
    "/evidence/<sha256>": ("GET", f"/evidence/{TABLE_SHA256}", 303, 303),
    "/story": ("GET", "/story", 200, 404),
    "/story/desk/<person_id>": ("POST", "/story/desk/demo-nina", 405, 405),
    "/story/<string(length=3):icao>/downgrade": ("POST", "/story/DLH/downgrade", 405, 405),
    "/story/<string(length=3):icao>/restore": ("POST", "/story/DLH/restore", 405, 405),
    "/exceptions": ("GET", "/exceptions", 303, 303),
    "/exceptions/new": ("GET POST", "/exceptions/new", 303, 303),
    "/exceptions/<key>": ("GET", "/exceptions/CH-AAAAAA", 303, 303),
    "/exceptions/<key>/edit": ("GET POST", "/exceptions/CH-AAAAAA/edit", 303, 303),
    "/exceptions/<key>/propose": ("POST", "/exceptions/CH-AAAAAA/propose", 405, 405),
    "/exceptions/<key>/withdraw": ("POST", "/exceptions/CH-AAAAAA/withdraw", 405, 405),
    "/exceptions/<key>/approve": ("POST", "/exceptions/CH-AAAAAA/approve", 405, 405),
    "/exceptions/<key>/refuse": ("POST", "/exceptions/CH-AAAAAA/refuse", 405, 405),
    "/exceptions/<key>/end": ("POST", "/exceptions/CH-AAAAAA/end", 405, 405),
    "/export": ("GET", "/export", 303, 303),
    "/export/records": ("GET", "/export/records", 303, 303),
    "/export/booking-list": ("GET", "/export/booking-list", 303, 303),
    "/import": ("GET POST", "/import", 303, 303),
    "/import/template": ("GET", "/import/template", 303, 303),
    "/import/<sha256>": ("GET POST", f"/import/{TABLE_SHA256}", 303, 303),
    "/import/<sha256>/problems": ("GET", f"/import/{TABLE_SHA256}/problems", 303, 303),
    "/history": ("GET", "/history", 303, 303),
    "/history/find": ("GET", "/history/find", 303, 303),
    "/history/<kind>/<key>": ("GET", "/history/carrier/ETH", 303, 303),
    "/history/differences": ("GET", "/history/differences", 303, 303),
    "/history/news": ("GET", "/history/news", 303, 303),
    "/history/seen": ("POST", "/history/seen", 405, 405),
    "/history/trips": ("GET", "/history/trips", 303, 303),
    "/history/trips/<reference>": ("GET", "/history/trips/TR-AAAAAA", 303, 303),
    "/undelivered": ("GET", "/undelivered", 303, 303),
    "/undelivered/<int:number>/told": ("POST", "/undelivered/1/told", 405, 405),
    "/undelivered/<reference>/address": ("GET POST", "/undelivered/TR-AAAAAA/address", 303, 303),
    "/replies": ("GET", "/replies", 303, 303),
    "/replies/<reference>": ("GET", "/replies/TR-AAAAAA", 303, 303),
    "/replies/<reference>/preview": ("POST", "/replies/TR-AAAAAA/preview", 405, 405),
    "/replies/<reference>/again": ("POST", "/replies/TR-AAAAAA/again", 405, 405),
    "/desk": ("GET", "/desk", 303, 303),
    "/desk/search": ("GET POST", "/desk/search", 303, 303),
    "/desk/trips/<reference>": ("GET", "/desk/trips/TR-AAAAAA", 303, 303),
    "/desk/trips/<reference>/note": ("POST", "/desk/trips/TR-AAAAAA/note", 405, 405),
    "/desk/trips/<reference>/assign": ("POST", "/desk/trips/TR-AAAAAA/assign", 405, 405),
    "/desk/trips/<reference>/ticket": ("POST", "/desk/trips/TR-AAAAAA/ticket", 405, 405),
    "/desk/trips/<reference>/ask": ("POST", "/desk/trips/TR-AAAAAA/ask", 405, 405),
    "/desk/trips/<reference>/cancel": ("POST", "/desk/trips/TR-AAAAAA/cancel", 405, 405),
    "/flights": ("GET", "/flights", 303, 303),
    "/whereabouts": ("GET", "/whereabouts", 303, 303),
    "/whereabouts/export": ("POST", "/whereabouts/export", 405, 405),
    "/whereabouts/message": ("GET", "/whereabouts/message", 303, 303),
    "/whereabouts/message/preview": ("POST", "/whereabouts/message/preview", 405, 405),
    "/whereabouts/message/send": ("POST", "/whereabouts/message/send", 405, 405),
    "/whereabouts/messages": ("GET", "/whereabouts/messages", 303, 303),
    "/whereabouts/messages/<int:number>": ("GET", "/whereabouts/messages/1", 303, 303),
    "/whereabouts/messages/<int:number>/again": ("POST", "/whereabouts/messages/1/again", 405, 405),
    "/whereabouts/messages/<int:number>/reached/<reference>": (
        "POST",
        "/whereabouts/messages/1/reached/TR-AAAAAA",
        405,
        405,
    ),
    "/safe/<token>": ("GET POST", "/safe/guessed", 404, 404),
    "/world": ("GET", "/world", 303, 303),
    "/feeds": ("GET", "/feeds", 303, 303),
    "/feeds/<name>": ("GET", "/feeds/easa_czib", 303, 303),
    "/tables": ("GET POST", "/tables", 303, 303),
    "/tables/<sha256>": ("GET", f"/tables/{TABLE_SHA256}", 303, 303),
    "/tables/<sha256>/preview": ("POST", f"/tables/{TABLE_SHA256}/preview", 405, 405),
    "/tables/<sha256>/save": ("POST", f"/tables/{TABLE_SHA256}/save", 405, 405),
    "/tables/<int:number>/remove": ("POST", "/tables/1/remove", 405, 405),
    "/batches": ("GET POST", "/batches", 303, 303),
    "/batches/<reference>": ("GET", "/batches/BA-AAAAAA", 303, 303),
    "/batches/<reference>/again": ("POST", "/batches/BA-AAAAAA/again", 405, 405),
    "/batches/<reference>/explain": ("POST", "/batches/BA-AAAAAA/explain", 405, 405),
    "/batches/<reference>/letters": ("GET", "/batches/BA-AAAAAA/letters", 303, 303),
    "/batches/<reference>/results": ("GET", "/batches/BA-AAAAAA/results", 303, 303),
    "/batches/<reference>/send": ("POST", "/batches/BA-AAAAAA/send", 405, 405),
    "/unsubscribe/<token>": ("GET POST", "/unsubscribe/guessed", 404, 404),
    "/reports": ("GET", "/reports", 303, 303),
    "/reports/<key>.<any(csv, xlsx):form>": ("GET", "/reports/all.csv", 303, 303),
    "/unsubscribe/<token>/<any(reports):kind>": ("GET POST", "/unsubscribe/guessed/reports", 404, 404),
    "/health": ("GET", "/health", 200, 200),
    "/programs": ("GET", "/programs", 303, 303),
    "/programs/new": ("GET POST", "/programs/new", 303, 303),
    "/programs/<program_id>/rotate": ("POST", "/programs/0123456789ab/rotate", 405, 405),
    "/programs/<program_id>/revoke": ("POST", "/programs/0123456789ab/revoke", 405, 405),
    "/docs": ("GET", "/docs", 200, 200),
    "/problems/<code>": ("GET", "/problems/quota", 200, 200),
    "/doctor": ("GET POST", "/doctor", 303, 303),
    "/doctor/release": ("POST", "/doctor/release", 405, 405),
    "/inbox": ("GET", "/inbox", 200, 200),
    "/inbox/<int:number>": ("GET", "/inbox/1", 200, 200),
    "/inbox/<int:number>/letter.html": ("GET", "/inbox/1/letter.html", 200, 200),
}
WITHOUT_LANGUAGE: dict[str, tuple[str, str, int, int]] = {
    "/healthz": ("GET", "/healthz", 200, 200),
    "/.well-known/jwks.json": ("GET", "/.well-known/jwks.json", 200, 200),
    "/readyz": ("GET", "/readyz", 200, 200),
    "/openapi.json": ("GET", "/openapi.json", 200, 200),
    "/api/v1/screen": ("POST", "/api/v1/screen", 405, 405),
    "/api/v1/catalog": ("GET", "/api/v1/catalog", 401, 401),
    "/api/v1/rules": ("GET", "/api/v1/rules", 401, 401),
    "/api/v1/rules/<code>": ("GET", "/api/v1/rules/dates", 401, 401),
    "/api/v1/carriers": ("GET", "/api/v1/carriers?q=ET", 401, 401),
    "/api/v1/carriers/<id>/ratings": ("GET", "/api/v1/carriers/ETH/ratings", 401, 401),
    "/api/v1/ratings": ("GET", "/api/v1/ratings", 401, 401),
    "/api/v1/changes": ("GET", "/api/v1/changes", 401, 401),
    "/api/v1/trips/<system>/<ext_id>": ("PUT", "/api/v1/trips/concur/A-1", 405, 405),
    "/api/v1/trips/<id>": ("GET", "/api/v1/trips/TR-222222", 401, 401),
    "/api/v1/trips/<id>/screenings": ("GET", "/api/v1/trips/TR-222222/screenings", 401, 401),
    "/api/v1/trips/<id>/timeline": ("GET", "/api/v1/trips/TR-222222/timeline", 401, 401),
    "/api/v1/trips/<id>/messages": ("GET", "/api/v1/trips/TR-222222/messages", 401, 401),
    "/api/v1/batches": ("GET POST", "/api/v1/batches", 401, 401),
    "/api/v1/batches/<id>": ("GET", "/api/v1/batches/BA-222222", 401, 401),
    "/api/v1/batches/<id>/results": ("GET", "/api/v1/batches/BA-222222/results", 401, 401),
    "/api/v1/batches/<id>/results.<form>": ("GET", "/api/v1/batches/BA-222222/results.csv", 401, 401),
    "/api/v1/batches/<id>/release": ("POST", "/api/v1/batches/BA-222222/release", 405, 405),
    "/api/v1/audit": ("GET", "/api/v1/audit", 401, 401),
    "/api/v1/trips/<id>/certificate": ("POST", "/api/v1/trips/TR-222222/certificate", 405, 405),
    "/api/v1/certificates/<code>": ("GET", "/api/v1/certificates/GUESSED234", 401, 401),
    "/api/v1/webhooks": ("GET POST", "/api/v1/webhooks", 401, 401),
    "/api/v1/webhooks/<id>": ("DELETE", "/api/v1/webhooks/1", 405, 405),
    "/api/v1/webhooks/<id>/rotate": ("POST", "/api/v1/webhooks/1/rotate", 405, 405),
    "/api/v1/webhooks/<id>/test": ("POST", "/api/v1/webhooks/1/test", 405, 405),
    "/api/v1/webhooks/<id>/deliveries": ("GET", "/api/v1/webhooks/1/deliveries", 401, 401),
    "/api/v1/webhooks/<id>/deliveries/<delivery>/replay": (
        "POST",
        "/api/v1/webhooks/1/deliveries/1/replay",
        405,
        405,
    ),
    "/static/<path:filename>": ("GET", "/static/travelrisk.css", 200, 200),
    "/bootstrap/static/<path:filename>": ("GET", "/bootstrap/static/css/bootstrap.min.css", 200, 200),
}
EVERYTHING = WITHOUT_LANGUAGE | {
    f"{prefix}{rule}": (row[0], f"{prefix}{row[1]}", *row[2:])
    for prefix in ("", "/fr", "/es")
    for rule, row in MATRIX.items()
}
OWN_METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}


@pytest.mark.threat(1)
def test_every_route_stands_in_the_matrix_with_its_methods(pages: Flask) -> None:
    found: dict[str, set[str]] = {}
    for rule in pages.url_map.iter_rules():
        found.setdefault(rule.rule, set()).update(OWN_METHODS & set(rule.methods or ()))
    assert found == {rule: set(row[0].split()) for rule, row in EVERYTHING.items()}


@pytest.mark.parametrize("rule", EVERYTHING)
def test_a_stranger_gets_what_the_matrix_says(rule: str, visitor: Visitor) -> None:
    _, address, expected, _ = EVERYTHING[rule]
    assert visitor.look(address).status_code == expected


@pytest.fixture(scope="module")
def closed(app: Application) -> Flask:
    """Give the pages of a service that shows its ratings to nobody outside."""
    return create_app(with_facts(app, demo=False, ratings_open=False), inbox_with(LETTER))


@pytest.mark.parametrize("rule", EVERYTHING)
def test_a_stranger_gets_less_where_the_ratings_are_not_open(rule: str, closed: Flask) -> None:
    _, address, _, expected = EVERYTHING[rule]
    assert Visitor(closed).look(address).status_code == expected


def test_every_view_says_for_whom_it_is_and_why(pages: Flask) -> None:
    silent = [endpoint for endpoint, view in pages.view_functions.items() if audience_of(view) is None]
    assert silent == []
    reasons = [audience_of(view) for view in pages.view_functions.values()]
    assert all(audience and len(audience.reason) > 20 for audience in reasons)


def _secret() -> str:
    return "who is where when"


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_view_that_says_nothing_is_closed(app: Application, method: str) -> None:
    pages = create_app(app)
    view: Callable[[], str] = _secret
    pages.add_url_rule("/forgotten", view_func=view, methods=["GET", "POST"])
    response = getattr(pages.test_client(), method)("/forgotten")
    assert response.status_code == 404
    assert "who is where" not in response.get_data(as_text=True)


def test_there_is_no_inbox_outside_the_demonstration(app: Application) -> None:
    visitor = Visitor(create_app(app))
    assert visitor.get("/inbox").status == 404
    assert "/inbox" not in visitor.look("/check").get_data(as_text=True)


def test_closed_ratings_are_not_even_mentioned(app: Application) -> None:
    visitor = Visitor(create_app(with_facts(app, demo=False, ratings_open=False)))
    assert "/ratings" not in visitor.look("/check").get_data(as_text=True)


def test_open_ratings_stand_in_the_navigation(app: Application) -> None:
    visitor = Visitor(create_app(with_facts(app, demo=False, ratings_open=True)))
    assert visitor.get("/check").all("//nav//a[@href='/ratings']")
