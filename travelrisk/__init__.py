"""travelrisk: itineraries judged against dated carrier and route ratings, with the reasons and a letter."""

__version__ = "0.1.0"
