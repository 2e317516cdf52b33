"""Every table, in the order in which they lean on one another.

SQLite's tables are STRICT, so each column is an INTEGER, a TEXT or a BLOB there. What is looked up has a
column; the rest of a value stands in ``body`` as canonical JSON (see ``store.shapes``). The triggers that
keep tables append-only are listed in ``store.triggers``.
"""

from travelrisk.store.tables.batches import batch_rows, batches, unreleased
from travelrisk.store.tables.certificates import certificates, signing_keys
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
from travelrisk.store.tables.external_trips import external_trips
from travelrisk.store.tables.feeds import feed_answers, feed_facts, feed_fetches, feed_originals
from travelrisk.store.tables.holds import holds
from travelrisk.store.tables.keys import data_keys
from travelrisk.store.tables.letters import (
    bounces,
    desk_letters,
    digest_refusals,
    flight_letters,
    reminders,
    report_refusals,
    slots,
    undelivered,
    unit_letters,
)
from travelrisk.store.tables.mailroom import answers, mails, notes, statements
from travelrisk.store.tables.mappings import mappings
from travelrisk.store.tables.privacy import drafts, erasures, lookup_trips, lookups
from travelrisk.store.tables.programs import program_answers, program_calls, programs
from travelrisk.store.tables.routes import drawn, known_routes, route_airspaces, routes
from travelrisk.store.tables.travellers import calendar_letters, calendars, cancellations
from travelrisk.store.tables.trips import (
    advisories,
    audit,
    editions,
    flights,
    heartbeats,
    itineraries,
    originals,
    outbox,
    policies,
    records,
    segments,
    touches,
    trips,
)
from travelrisk.store.tables.units import desk_steps, given_addresses
from travelrisk.store.tables.watch import rescreenings
from travelrisk.store.tables.webhooks import deliveries, webhooks
from travelrisk.store.tables.whereabouts import (
    asides,
    broadcast_answers,
    broadcast_letters,
    broadcast_trips,
    broadcasts,
)
from travelrisk.store.tables.work import leases, runs, workers

__all__ = [
    "METADATA",
    "STATES",
    "Instant",
    "advisories",
    "answers",
    "asides",
    "audit",
    "batch_rows",
    "batches",
    "bounces",
    "broadcast_answers",
    "broadcast_letters",
    "broadcast_trips",
    "broadcasts",
    "calendar_letters",
    "calendars",
    "cancellations",
    "certificates",
    "data_keys",
    "delegations",
    "deliveries",
    "desk_letters",
    "desk_steps",
    "digest_refusals",
    "drafts",
    "drawn",
    "editions",
    "erasures",
    "evidence_files",
    "external_trips",
    "feed_answers",
    "feed_facts",
    "feed_fetches",
    "feed_originals",
    "flight_letters",
    "flights",
    "given_addresses",
    "given_passwords",
    "heartbeats",
    "holds",
    "itineraries",
    "known_routes",
    "leases",
    "lookup_trips",
    "lookups",
    "mails",
    "mappings",
    "marks",
    "notes",
    "notices",
    "originals",
    "outbox",
    "people",
    "policies",
    "program_answers",
    "program_calls",
    "programs",
    "proposals",
    "records",
    "reminders",
    "report_refusals",
    "requirements",
    "rescreenings",
    "role_requests",
    "route_airspaces",
    "routes",
    "runs",
    "segments",
    "sessions",
    "sign_ins",
    "signatures",
    "signing_keys",
    "slots",
    "statements",
    "steps",
    "touches",
    "trips",
    "undelivered",
    "unit_letters",
    "unreleased",
    "uploads",
    "webhooks",
    "workers",
]
