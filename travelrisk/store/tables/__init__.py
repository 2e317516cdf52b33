"""Every table, in the order in which they lean on one another.

SQLite's tables are STRICT, so each column is an INTEGER, a TEXT or a BLOB there. What is looked up has a
column; the rest of a value stands in ``body`` as canonical JSON (see ``store.shapes``). The triggers that
keep tables append-only are listed in ``store.triggers``.
"""

from travelrisk.store.tables.columns import METADATA, STATES, Instant
from travelrisk.store.tables.desk import (
    delegations,
    evidence_files,
    given_passwords,
    marks,
    notices,
    people,
    proposals,
    requirements,
    role_requests,
    sessions,
    sign_ins,
    signatures,
    steps,
    uploads,
)
from travelrisk.store.tables.letters import desk_letters, reminders, slots
from travelrisk.store.tables.travellers import calendars, cancellations
from travelrisk.store.tables.trips import (
    advisories,
    audit,
    editions,
    heartbeats,
    itineraries,
    originals,
    outbox,
    policies,
    records,
    segments,
    trips,
)

__all__ = [
    "METADATA",
    "STATES",
    "Instant",
    "advisories",
    "audit",
    "calendars",
    "cancellations",
    "delegations",
    "desk_letters",
    "editions",
    "evidence_files",
    "given_passwords",
    "heartbeats",
    "itineraries",
    "marks",
    "notices",
    "originals",
    "outbox",
    "people",
    "policies",
    "proposals",
    "records",
    "reminders",
    "requirements",
    "role_requests",
    "segments",
    "sessions",
    "sign_ins",
    "signatures",
    "slots",
    "steps",
    "trips",
    "uploads",
]
