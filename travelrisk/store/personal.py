"""Where something about people stands, and until when: every table, in one list.

A new table, or a new column of text in one of these, turns a test red until somebody has decided about it
here. What a table of travellers keeps beyond its time is nothing: the limits themselves stand in the policy.
"""

from enum import StrEnum
from typing import Final, NamedTuple

ERASED: Final = '{"erased":true'
"""How the body of an erased row begins; no itinerary and no advisory does."""


GONE: Final = "erased-"
"""How a text begins that was erased and must be unlike all others; its number follows."""


class Until(StrEnum):
    """Until when a table keeps what it holds about somebody."""

    READ = "read"  # some hours after a document or mail was read; longer where it could not be
    TRAVEL = "travel"  # some days after the end of the journey
    LETTER = "letter"  # some days after it was sent or given up
    VERDICT = "verdict"  # about nobody by itself: the route, the verdict and its reasons
    LOOKUP = "lookup"  # who looked at which trip
    MOMENT = "moment"  # minutes or hours, by a job of its own
    OFFICE = "office"  # people with an account, and what they decided in office: kept with the decision
    NOBODY = "nobody"  # about no person


class Held(NamedTuple):
    """What a table holds; *personal* and *plain* name its columns of text and bytes, each in one of them.

    ``office`` and ``nobody`` name none.
    """

    until: Until
    personal: str = ""
    plain: str = ""


_LETTER: Final = "recipient body body_sha256 last_reply"
_SENDING: Final = "letter language message_id state lease_owner"

HELD: Final[dict[str, Held]] = {
    # Of travellers.
    "originals": Held(Until.READ, "content name", "sha256 media_type"),
    "mails": Held(
        Until.READ,
        "name content sender reason body_sha256",
        "message_id problem sha256 state kind lease_owner",
    ),
    "trips": Held(Until.TRAVEL, "token token_sha256 contact second_contact", "reference language office"),
    "itineraries": Held(Until.TRAVEL, "original content_sha256 body"),
    "drafts": Held(Until.TRAVEL, "body"),
    "asides": Held(Until.TRAVEL, "first_day last_day"),
    "certificates": Held(Until.TRAVEL, "code jws"),
    "broadcast_trips": Held(Until.TRAVEL, "handled_by note"),
    "broadcast_letters": Held(Until.TRAVEL, f"{_LETTER} token_sha256", f"{_SENDING} key"),
    "broadcast_answers": Held(Until.TRAVEL, "answer note"),
    "external_trips": Held(Until.TRAVEL, "external_id sent_sha256", "office system"),
    "desk_steps": Held(Until.TRAVEL, "text", "actor kind assignee"),
    "given_addresses": Held(Until.TRAVEL, "traveller", "actor language"),
    "batch_rows": Held(Until.TRAVEL, "fingerprint locator part unread", "change sheet rows outcome reason"),
    "batches": Held(Until.OFFICE),
    "unreleased": Held(Until.TRAVEL),
    "touches": Held(Until.TRAVEL, "kind code first_day last_day"),
    "flights": Held(Until.TRAVEL, "flight"),
    "notes": Held(Until.TRAVEL, "author text"),
    "statements": Held(Until.TRAVEL, "code text value author"),
    "advisories": Held(Until.TRAVEL, "body aboard", "policy_sha256 verdict"),
    "outbox": Held(Until.TRAVEL, _LETTER, _SENDING),
    "bounces": Held(Until.TRAVEL, "reply", "kind"),
    "undelivered": Held(Until.TRAVEL, "note told_by", "reason"),
    "unit_letters": Held(Until.TRAVEL, _LETTER, _SENDING),
    "flight_letters": Held(Until.LETTER, f"{_LETTER} key", _SENDING),
    "calendars": Held(Until.TRAVEL, "contact token_sha256"),
    "calendar_letters": Held(Until.LETTER, _LETTER, f"{_SENDING} token_sha256"),
    "answers": Held(Until.LETTER, _LETTER, f"{_SENDING} key"),
    "desk_letters": Held(Until.LETTER, _LETTER, f"{_SENDING} person_id key thread standing"),
    "segments": Held(Until.VERDICT, "", "first_day operating pair"),
    "cancellations": Held(Until.VERDICT),
    "lookups": Held(Until.LOOKUP, "actor office purpose"),
    "lookup_trips": Held(Until.LOOKUP),
    # Of people with an account, and of nobody.
    "sessions": Held(Until.MOMENT, "token_sha256 note note_for", "person_id"),
    "sign_ins": Held(Until.MOMENT, "key_sha256"),
    "program_answers": Held(Until.MOMENT, "body request_sha256", "actor key_sha256"),
    "uploads": Held(Until.MOMENT, "sha256 name content", "person_id"),
    **dict.fromkeys(
        (
            "broadcasts",
            "delegations",
            "digest_refusals",
            "editions",
            "evidence_files",
            "given_passwords",
            "mappings",
            "marks",
            "notices",
            "people",
            "programs",
            "proposals",
            "records",
            "reminders",
            "report_refusals",
            "requirements",
            "role_requests",
            "signatures",
            "steps",
            "webhooks",
        ),
        Held(Until.OFFICE),
    ),
    **dict.fromkeys(
        (
            "audit",
            "data_keys",
            "deliveries",  # references of trips and verdicts, which name nobody
            "drawn",
            "erasures",
            "feed_answers",
            "feed_facts",
            "feed_fetches",
            "feed_originals",
            "heartbeats",
            "holds",
            "known_routes",
            "leases",
            "policies",
            "program_calls",
            "rescreenings",
            "route_airspaces",
            "routes",
            "runs",
            "signing_keys",
            "slots",
            "workers",
        ),
        Held(Until.NOBODY),
    ),
}
