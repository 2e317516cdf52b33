"""The factory of the pages: one short line for each thing they consist of."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from flask import Flask

from travelrisk import resources
from travelrisk.services.application import Application
from travelrisk.web import (
    access,
    batches,
    certificates,
    correspondence,
    crowded,
    desk,
    doctor,
    exceptions,
    exchange,
    explained,
    feeds,
    focal,
    health,
    history,
    inbox,
    journal,
    languages,
    limits,
    metrics,
    privacy,
    problems,
    programs,
    ratings,
    reports,
    security,
    story,
    style,
    traveller,
    undelivered,
    units,
    webhooks,
    whereabouts,
    world,
)
from travelrisk.web.api import pages as api

if TYPE_CHECKING:
    from travelrisk.mail.inbox import Inbox


def create_app(
    app: Application,
    inbox_of_demo: "Inbox | None" = None,
    *,
    secret_key: str = "",
    trusted_hosts: Sequence[str] = (),
    examine: "doctor.Examine | None" = None,
) -> Flask:
    """Put the pages together.

    Args:
        app: the parts of the service.
        inbox_of_demo: the built-in inbox of the demonstration, which then has pages of its own.
        secret_key: signs the tokens of forms; empty = a new one, good for one process.
        examine: looks at every part, for the page of administrators.
        trusted_hosts: host names served besides that of the service's own address.
    """
    pages = Flask(__name__, template_folder=str(resources.templates() / "web"))
    pages.extensions["travelrisk"] = app
    security.believe_proxies(pages, app.facts.proxies)
    journal.keep_journal(pages)
    security.own_forms_only(pages)
    access.deny_by_default(pages)
    limits.limit(pages, app.facts)
    security.protect(pages, app.facts, secret_key, trusted_hosts)
    problems.explain(pages)
    style.dress(pages)
    languages.speak(pages)
    languages.register(pages, traveller.blueprint)
    languages.register(pages, ratings.blueprint)
    languages.register(pages, desk.blueprint)
    focal.open_for(pages)
    languages.register(pages, exceptions.blueprint)
    languages.register(pages, units.blueprint)
    languages.register(pages, undelivered.blueprint)
    languages.register(pages, correspondence.blueprint)
    languages.register(pages, crowded.blueprint)
    languages.register(pages, explained.blueprint)
    languages.register(pages, batches.blueprint)
    languages.register(pages, whereabouts.blueprint)
    languages.register(pages, world.blueprint)
    languages.register(pages, feeds.blueprint)
    languages.register(pages, certificates.blueprint)
    languages.register(pages, reports.blueprint)
    pages.register_blueprint(certificates.keys)
    languages.register(pages, privacy.blueprint)
    exchange.open_for(pages)
    history.open_for(pages)
    languages.register(pages, health.blueprint)
    pages.register_blueprint(health.probes)
    api.open_for(pages, app)
    languages.register(pages, api.blueprint)
    languages.register(pages, programs.blueprint)
    metrics.measure(pages, app.facts)
    doctor.open_for(pages, examine)
    languages.register(pages, webhooks.blueprint)
    desk.organisation.open_for(pages, app.facts.organisation)
    inbox.open_for(pages, inbox_of_demo)
    story.open_for(pages, is_told=inbox_of_demo is not None)
    return pages
