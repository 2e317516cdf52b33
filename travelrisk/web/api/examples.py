"""The examples of the document and of its page; a test sends each of them, and gets this answer."""

import base64
from typing import Any, Final

SCREEN: Final[dict[str, Any]] = {
    "queries": {
        "pnr-1": {
            "segments": [
                {
                    "kind": "air",
                    "marketing_carrier": "ET",
                    "flight_number": "707",
                    "operating_carrier": "ET",
                    "origin": "FRA",
                    "destination": "ADD",
                    "departs_local": "2026-12-12T22:05",
                }
            ]
        },
        "pnr-2": {"text": "LH 400 FRA JFK 12 Dec 2026"},
    }
}

# A file as its name says: any form that is read by mail is read here.
DOCUMENT: Final[dict[str, Any]] = {
    "queries": {
        "pnr-1": {
            "document": {
                "name": "booking.txt",
                "content": base64.b64encode(b"LH 400 FRA JFK 12 Dec 2026\n").decode(),
            }
        }
    }
}

RELEASE: Final[dict[str, Any]] = {"which": "all", "clearances": 1, "warnings": 6}

TRIP: Final[dict[str, Any]] = {
    **SCREEN["queries"]["pnr-1"],
    "travellers": [{"name": "EXAMPLE/ALICE", "email": "alice@example.org"}],
    "record_locator": "ABC234",
}
