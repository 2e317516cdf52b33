"""The words of the pages: complete in three languages, all of them used, and none missing."""

import re
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest

from travelrisk import resources
from travelrisk.cli.doctor import CHECKS
from travelrisk.domain.airspaces import AirspaceKind
from travelrisk.domain.authorisations import AuthorisationKind
from travelrisk.domain.columns import FIELDS, OTHER
from travelrisk.domain.concentration import Of, Step
from travelrisk.domain.errors import ConfigurationError, Refusal
from travelrisk.domain.factors import FACTORS
from travelrisk.domain.facts import News, ProblemKind
from travelrisk.domain.itineraries import Basis
from travelrisk.domain.itineraries import Status as BookingStatus
from travelrisk.domain.methodology import Standing
from travelrisk.domain.people import Role
from travelrisk.domain.programs import Kind as ProgramKind
from travelrisk.domain.programs import Scope, Sight
from travelrisk.domain.proposals import Move, Status
from travelrisk.domain.ratings import Record, SubjectKind
from travelrisk.domain.settling.correcting import CORRECTIONS
from travelrisk.domain.signoffs import Weight
from travelrisk.domain.texts import LANGUAGES
from travelrisk.domain.whereabouts import Certainty
from travelrisk.domain.whereabouts import Doubt as Unsure
from travelrisk.feeds.faults import Fault as Fetching
from travelrisk.jobs.timetable import TIMETABLE
from travelrisk.services.batches.screening import TROUBLES
from travelrisk.services.certificates.standing import Standing as Certified
from travelrisk.services.desk.queue import Kind
from travelrisk.services.exceptions.background import Doubt
from travelrisk.services.exceptions.ledger import State
from travelrisk.services.exceptions.requests import Wrong
from travelrisk.services.people.passwords import Fault
from travelrisk.services.privacy.looking import Purpose
from travelrisk.services.reports.periods import Named
from travelrisk.services.trips.understood import Failure
from travelrisk.services.units.refunds import Refund
from travelrisk.services.whereabouts.exporting import Reason
from travelrisk.services.whereabouts.standing import State as Reach
from travelrisk.store.batch_rows import Change
from travelrisk.store.batch_rows import Standing as RowStanding
from travelrisk.store.broadcasts import AnswerWord
from travelrisk.store.tables import STATES
from travelrisk.store.tables.desk import NOTICES
from travelrisk.store.tables.holds import REASONS as HOLDS
from travelrisk.store.tables.letters import REASONS
from travelrisk.store.tables.units import STEPS
from travelrisk.store.undelivered import KEPT
from travelrisk.store.units import TICKETS
from travelrisk.telling.words import placeholders, texts_of
from travelrisk.web.api.table import CALLS
from travelrisk.web.focal import entries
from travelrisk.web.problems import EXPLAINED
from travelrisk.web.ratings import listing, records
from travelrisk.web.refusals import STATUSES
from travelrisk.web.traveller import story
from travelrisk.web.units.listing import LISTS
from travelrisk.web.words import page_texts, speaker

RECORD_FIELDS = {each.name for kind in get_args(Record) for each in fields(kind)} - {
    "id",
    "record",
    "set_by",
    "set_on",
    "opened_in",
    "closed_in",
    "evidence",
}  # told in other words
ENDINGS: dict[str, Sequence[str]] = {
    "problem_title_": [str(status) for status in EXPLAINED],
    "problem_text_": [*(str(status) for status in EXPLAINED), "clock"],
    "letter_": [*STATES, KEPT],
    "webhook_ended_": ["removed", "gone"],
    "webhook_state_": ["queued", "done", "dead"],
    "param_": ["if_match", "if_none_match"],
    "job_": [job.name for job in TIMETABLE],
    "letter_name_": story.LETTERS,
    "doctor_held_": HOLDS,
    "part_": [re.sub("[- ]", "_", part) for part, _ in CHECKS],
    "entry_": ["unaddressed", "told", "cancelled", "taken_back"],
    "kind_": [kind.value for kind in SubjectKind],
    "says_": [records.CAUTION, records.SERVICE, records.AIRSPACE],
    "airspace_kind_": list(AirspaceKind),
    "state_": [*listing.STATES, "closed"],
    "purpose_": [*Purpose, "other"],
    "role_": [role.value for role in Role],
    "error_password_": get_args(Fault),
    "undelivered_is_": [*REASONS, KEPT],
    "batch_": list(TROUBLES),
    "batch_is_": [RowStanding.INCOMPLETE, RowStanding.WAITING],  # the others are verdicts
    "batch_change_": list(Change),
    "undelivered_copy_": ["sent", "open"],
    "holds_": [*FIELDS, OTHER, "unsaid"],
    "flights_": get_args(Of),
    "flights_is_": get_args(Step),
    "feeds_fault_": list(Fetching),
    "feeds_problem_": list(ProblemKind),
    "feeds_news_": list(News),
    "queue_kind_": list(Kind),
    "queue_why_": [kind for kind in Kind if kind is not Kind.NOTICE],  # told by their own kinds
    "notice_is_": NOTICES,
    "status_": [*Status, "lapsed"],
    "weight_": list(Weight),
    "move_": list(Move),
    "finding_": sorted({word for factor in FACTORS.values() for word in factor.words}),
    "unit_": [key for key, factor in FACTORS.items() if not factor.words],
    "standing_": list(Standing),
    "edit_": entries.WHATS,
    "office_list_": LISTS,
    "office_lead_": LISTS,
    "office_ticket_": [*TICKETS, "unsaid"],
    "office_refund_": list(Refund),
    "office_step_": [*STEPS, "told", "addressed"],
    "new_": [entries.RATING, entries.CAUTION],
    "error_": list(Refusal),
    "error_unknown_": [kind.value for kind in SubjectKind],
    "exception_kind_": list(AuthorisationKind),
    "exception_state_": list(State),
    "exception_doubt_": list(Doubt),
    "request_wrong_": get_args(Wrong),
    "basis_": list(Basis),
    "booking_": list(BookingStatus),
    "failure_": list(Failure),
    "stated_": [*CORRECTIONS, "answer"],
    "period_": [*Named, "own"],
    "verify_is_": list(Certified),
    "verify_means_": list(Certified),
    "program_kind_": list(ProgramKind),
    "program_sight_": list(Sight),
    "call_": [ending for call in CALLS for ending in (call.name, f"{call.name}_text")],
    "docs_scope_": list(Scope),
    "problem_": [
        *(ending for code in STATUSES for ending in (f"{code}_title", f"{code}_text")),
        *(f"{part}_{status}" for status in EXPLAINED for part in ("title", "text")),
    ],
    "whereabouts_stay_": [*Certainty, "sometime"],
    "whereabouts_flight_": [*Certainty, "sometime"],
    "whereabouts_doubt_": list(Unsure),
    "whereabouts_reason_": list(Reason),
    "broadcast_letters_": LANGUAGES,
    "broadcast_count_": list(Reach),
    "broadcast_state_": list(Reach),
    "error_broadcast_": ["subject", "text"],
    "safe_answered_": get_args(AnswerWord),
    "record_": ["decided_by", *sorted(RECORD_FIELDS - {"approved_by"})],
}
QUOTED = re.compile(r"""["']([a-z][a-z0-9_]*)["']""")


def _sources() -> str:
    folders = [(resources.templates() / "web", "*.html"), (resources.templates() / "web", "*.txt")]
    folders.append((resources.PACKAGE / "web", "*.py"))
    return "\n".join(
        path.read_text("utf-8") for folder, ending in folders for path in Path(folder).rglob(ending)
    )


def test_every_text_is_used_and_every_used_text_is_there() -> None:
    source = _sources()
    built = {beginning + ending for beginning, endings in ENDINGS.items() for ending in endings}
    assert all(f'"{beginning}"' in source for beginning in ENDINGS)
    said = set(re.findall(r"""\bsay\("([a-z0-9_]+)"[,)]""", source))
    assert said <= page_texts().keys()
    assert built <= page_texts().keys()
    assert page_texts().keys() - built <= set(QUOTED.findall(source))


@pytest.mark.parametrize("key", page_texts())
def test_a_text_says_the_same_in_three_languages(key: str) -> None:
    texts = page_texts()[key]
    slots = {name: f"<{name}>" for name in placeholders(texts.en)}
    said = [speaker(language)(key, **slots) for language in LANGUAGES]
    assert all(f"<{name}>" in text for text in said for name in slots)
    assert all("{" not in text and "  " not in text for text in said)


@pytest.mark.parametrize("language", LANGUAGES)
def test_punctuation_ends_where_english_ends(language: str) -> None:
    def ending(text: str) -> str:
        return text[-1] if text[-1] in ".:?!" else ""

    differing = [
        key for key, texts in page_texts().items() if ending(texts.en) != ending(getattr(texts, language))
    ]
    assert differing == []


@pytest.mark.parametrize(
    ("toml", "complaint"),
    [
        ("[a]\nen = 'x'\nfr = 'x'\n", "exactly the languages"),
        ("[a]\nen = 'x'\nfr = ' '\nes = 'x'\n", "empty"),
        ("[a]\nen = '{x}'\nfr = '{y}'\nes = '{x}'\n", "placeholders"),
        ("a = 'x'\n", "exactly the languages"),
        ("[a", "web/texts.toml"),
    ],
)
def test_a_file_with_a_hole_is_refused(toml: str, complaint: str) -> None:
    with pytest.raises(ConfigurationError, match=complaint):
        texts_of(toml, "web/texts.toml")


def test_a_missing_word_is_an_error_and_never_a_hole() -> None:
    say = speaker("en")
    with pytest.raises(ConfigurationError, match="no text"):
        say("nonsense")
    with pytest.raises(ConfigurationError, match="wants"):
        say("edition")
    with pytest.raises(ConfigurationError, match="wants"):
        say("brand", number=1)
