"""The table of calls: a new one is a row here, a model and a function, and its words in the texts."""

from typing import Final

from travelrisk.web.api import catalog, examples, ratings, screening
from travelrisk.web.api.contract.calls import Call
from travelrisk.web.api.models import ratings as models
from travelrisk.web.api.models.screening import ScreenParameters, ScreenRequest, ScreenResponse

CALLS: Final = (
    Call(
        name="screen",
        method="POST",
        path="/screen",
        tag="screening",
        view=screening.screen,
        answer=ScreenResponse,
        reason="booking tools screen itineraries before they buy; who wrote the query learns only of that",
        query=ScreenParameters,
        body=ScreenRequest,
        is_keyed=True,
        demands_key=screening.makes_trips,
        counts=screening.how_many,
        problems=("moment", "not_together"),
        example=examples.SCREEN,
    ),
    Call(
        name="catalog",
        method="GET",
        path="/catalog",
        tag="reference",
        view=catalog.catalog,
        answer=models.Catalog,
        reason="programs must be able to tell what an answer rests on; nothing of it is personal",
    ),
    Call(
        name="rules",
        method="GET",
        path="/rules",
        tag="reference",
        view=catalog.rules,
        answer=models.Rules,
        reason="whoever is judged by rules may read them; nothing of it is personal",
    ),
    Call(
        name="rule",
        method="GET",
        path="/rules/{code}",
        tag="reference",
        view=catalog.rule,
        answer=models.OneRule,
        reason="whoever is judged by rules may read them; nothing of it is personal",
        values=models.RuleName,
    ),
    Call(
        name="carriers",
        method="GET",
        path="/carriers",
        tag="ratings",
        view=ratings.carriers,
        answer=models.Carriers,
        reason="booking tools look carriers up; levels are for every key, reasons for those of the desk",
        query=models.CarrierQuestion,
    ),
    Call(
        name="carrier_ratings",
        method="GET",
        path="/carriers/{id}/ratings",
        tag="ratings",
        view=ratings.carrier_ratings,
        answer=models.CarrierRatings,
        reason="levels are told to every key, reasons and evidence only to those that see what the desk sees",
        values=models.CarrierId,
    ),
    Call(
        name="ratings",
        method="GET",
        path="/ratings",
        tag="ratings",
        view=ratings.listing,
        answer=models.Ratings,
        reason="levels are told to every key, reasons and evidence only to those that see what the desk sees",
        query=models.RatingsQuestion,
        problems=("moment", "cursor"),
    ),
    Call(
        name="changes",
        method="GET",
        path="/changes",
        tag="ratings",
        view=ratings.changes,
        answer=models.Changes,
        reason="levels are told to every key, reasons and evidence only to those that see what the desk sees",
        query=models.ChangesQuestion,
        problems=("cursor",),
    ),
)
