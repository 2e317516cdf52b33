"""Every feed that there is; which of them are used is a setting."""

from typing import Final

from travelrisk.domain.errors import NotFoundError
from travelrisk.feeds.awc_sigmet import AwcSigmet
from travelrisk.feeds.canada_travel_advice import CanadaTravelAdvice
from travelrisk.feeds.easa_czib import EasaCzib
from travelrisk.feeds.eu_air_safety_list import EuAirSafetyList
from travelrisk.feeds.feed import Feed
from travelrisk.feeds.gdacs import Gdacs
from travelrisk.feeds.germany_travel_warnings import GermanyTravelWarnings
from travelrisk.feeds.govuk_travel_advice import GovukTravelAdvice
from travelrisk.feeds.smartraveller import Smartraveller
from travelrisk.feeds.us_state_advisories import UsStateAdvisories
from travelrisk.feeds.who_don import WhoDon

FEEDS: Final[tuple[Feed, ...]] = (
    EasaCzib(),
    EuAirSafetyList(),
    GovukTravelAdvice(),
    CanadaTravelAdvice(),
    GermanyTravelWarnings(),
    UsStateAdvisories(),
    Gdacs(),
    AwcSigmet(),
    Smartraveller(),
    WhoDon(),
)


def by_name(name: str) -> Feed:
    """Return a feed.

    Raises:
        NotFoundError: there is none of this name; the message lists those there are.
    """
    found = next((feed for feed in FEEDS if feed.name == name), None)
    if found is None:
        raise NotFoundError(
            f"there is no feed {name}: the feeds are {', '.join(each.name for each in FEEDS)}"
        )
    return found
