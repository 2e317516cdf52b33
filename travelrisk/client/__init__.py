"""A small client of the API, for programs in Python: ``Client(url, key).screen({...})``.

It leans on nothing else of this project, so that it may be copied; what it returns is the JSON of the API,
as its document (``/openapi.json``) describes it.
"""

from travelrisk.client.client import Client
from travelrisk.client.errors import ApiError, ClientError, UnansweredError
from travelrisk.client.shapes import (
    Answer,
    AuditEntry,
    Batch,
    BatchRow,
    ListedBatch,
    PutTrip,
    Released,
    Response,
    Screened,
    Trip,
)

__all__ = [
    "Answer",
    "ApiError",
    "AuditEntry",
    "Batch",
    "BatchRow",
    "Client",
    "ClientError",
    "ListedBatch",
    "PutTrip",
    "Released",
    "Response",
    "Screened",
    "Trip",
    "UnansweredError",
]
