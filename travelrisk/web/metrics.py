"""Figures for a monitoring program, in the text form of Prometheus, to whoever shows the token.

What the database knows is asked of it at each look, in a fixed number of queries, so that all processes say
the same. What a process counts itself are its requests; where ``travelrisk serve`` starts several processes,
it names a folder (``PROMETHEUS_MULTIPROC_DIR``) in which they add up.
"""

import hmac
import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Flask, Response, abort, current_app, request
from flask.typing import ResponseReturnValue

from travelrisk.domain.errors import StoreError
from travelrisk.domain.texts import LANGUAGES
from travelrisk.logs import logger
from travelrisk.services.application import Facts
from travelrisk.services.watch.figures import Figure, figures
from travelrisk.web import journal
from travelrisk.web.access import open_where
from travelrisk.web.parts import application

if TYPE_CHECKING:
    from prometheus_client.registry import CollectorRegistry

blueprint = Blueprint("metrics", __name__)

_PLACE: Final = "travelrisk_metrics"
_SECONDS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_SCHEME: Final = "Bearer "


def measure(pages: Flask, facts: Facts) -> None:
    """Count the requests and show the figures, where a token is set."""
    if not facts.metrics_token:
        return
    # Whether processes add up is decided when the library is loaded: after serve has named the folder.
    from prometheus_client import CollectorRegistry, Counter, Histogram  # noqa: PLC0415 - as said above

    own = CollectorRegistry()
    labels = ("method", "route", "status")
    requests = Counter("travelrisk_http_requests", "Requests answered.", labels, registry=own)
    durations = Histogram(
        "travelrisk_http_request_duration_seconds",
        "How long an answer took.",
        ("route",),
        buckets=_SECONDS,
        registry=own,
    )

    def count(response: Response) -> Response:
        route = _route()
        requests.labels(journal.method(), route, str(response.status_code)).inc()
        durations.labels(route).observe(journal.took_s())
        return response

    pages.after_request(count)
    pages.extensions[_PLACE] = own
    pages.register_blueprint(blueprint)


@blueprint.get("/metrics")
@open_where(lambda facts: bool(facts.metrics_token), "a monitoring program shows a token; figures only")
def shown() -> ResponseReturnValue:
    """Show the figures to whoever has the token; to anybody else there is no such page."""
    given = request.headers.get("Authorization", "")
    wanted = application().facts.metrics_token
    if not hmac.compare_digest(given.encode(), f"{_SCHEME}{wanted}".encode()):
        abort(404)
    from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, generate_latest  # noqa: PLC0415 - as above

    text = b"".join(generate_latest(each) for each in _registries())
    return Response(text, content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _registries() -> Iterator["CollectorRegistry"]:
    from prometheus_client import CollectorRegistry  # noqa: PLC0415 - as above
    from prometheus_client.multiprocess import MultiProcessCollector  # noqa: PLC0415 - as above

    known = CollectorRegistry()
    known.register(_Known(lambda: figures(application())))
    yield known
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call] # ships no types for it
        yield together
    else:
        yield current_app.extensions[_PLACE]


class _Known:
    """What the database knows at this moment, as the library wants it."""

    def __init__(self, ask: Callable[[], tuple[Figure, ...]]) -> None:
        self._ask = ask

    def collect(self) -> Iterator[Any]:
        """Give each figure; where the database cannot be read, say only that."""
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily  # noqa: PLC0415 - as above

        up = GaugeMetricFamily("travelrisk_up", "1 = the database can be read.")
        try:
            found = self._ask()
        except StoreError as error:
            logger().error("metrics.store", reason=str(error))
            up.add_metric((), 0)
            yield up
            return
        up.add_metric((), 1)
        yield up
        for each in found:
            kind = CounterMetricFamily if each.is_counter else GaugeMetricFamily
            family = kind(each.name, each.meaning, labels=[each.label] if each.label else [])
            for label, value in each.values.items():
                family.add_metric([label] if each.label else [], value)
            yield family


def _route() -> str:
    """Return the template of the address without its language: three languages are one page."""
    route = journal.route()
    first = route.split("/", 2)[1] if route.startswith("/") else ""
    return route.removeprefix(f"/{first}") or "/" if first in LANGUAGES else route
