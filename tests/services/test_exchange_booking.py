"""The booking list of an agency: never milder than what is on record, and dated."""

import csv
import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from travelrisk import resources
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.ratings import (
    Caution,
    Evidence,
    Level,
    Rating,
    Record,
    Subject,
    SubjectKind,
    route_subject,
)
from travelrisk.domain.texts import Texts
from travelrisk.domain.verdicts import Verdict
from travelrisk.intake.tables.workbook import sheets_of
from travelrisk.services.application import Application
from travelrisk.services.exchange.booking import COLUMNS, booking_list
from travelrisk.services.ratings.records import import_records
from travelrisk.store import ratings
from travelrisk.store.database import writing

DAY = date(2026, 11, 23)
ETH = Subject(SubjectKind.CARRIER, "ETH")
STATE = Subject(SubjectKind.STATE, "ET")
PAIR, ITS_PAIR = route_subject("FRA", "ADD"), route_subject("FRA", "ADD", "ETH")
LAPSED = Evidence("Audit", valid_until=date(2026, 11, 22))
HOLDING = Evidence("Audit", valid_until=date(2027, 3, 1))
RATING = Rating("eth", ETH, Level.RECOMMENDED, date(2026, 1, 1), date(2027, 12, 31), "Bob", DAY)
CAUTION = Caution(
    "c", STATE, Verdict.REVIEW, date(2026, 1, 1), date(2027, 6, 30), "Bob", DAY, Texts("Look.", "Voir.")
)


def listed(app: Application, *records: Record, day: date = DAY) -> list[dict[str, str]]:
    at = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    with writing(app.engine) as c:
        edition = ratings.publish(c, opened=records, closed=[], actor="Bob", note="desk", at=at)
    text = booking_list(app, "csv", edition, day).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_a_row_says_who_what_and_until_when(app: Application) -> None:
    condition = Texts("Daylight only.", "De jour seulement.")
    (row,) = listed(app, replace(RATING, level=Level.CONDITIONAL, condition=condition))
    assert re.fullmatch("ex-[0-9a-f]{10}", row.pop("export"))
    assert row == {
        "iata": "ET",
        "icao": "ETH",
        "name": "Ethiopian Airlines",
        "state": "ET",
        "level": "conditional",
        "condition_en": "Daylight only.",
        "condition_fr": "De jour seulement.",
        "condition_es": "Daylight only.",
        "reasons": "conditional",
        "valid_until": "2027-12-31",
        "edition": "1",
        "as_of": "2026-11-23",
    }


@pytest.mark.parametrize(
    ("change", "level", "reasons", "until"),
    [
        ({}, "recommended", "recommended", "2027-12-31"),
        ({"level": Level.NOT_RECOMMENDED}, "not_recommended", "not_recommended", "2027-12-31"),
        ({"level": Level.NOT_RATED}, "review", "not_rated", "2027-12-31"),
        ({"valid_until": date(2026, 11, 22)}, "review", "expired", ""),
        ({"valid_from": date(2026, 11, 24)}, "review", "not_yet_valid", "2026-11-23"),
        ({"review_on": date(2026, 11, 22)}, "review", "recommended; review_due", "2027-12-31"),
        ({"review_on": date(2027, 1, 1)}, "recommended", "recommended", "2027-01-01"),
        ({"evidence": (LAPSED,)}, "review", "recommended; evidence_lapsed", "2027-12-31"),
        ({"evidence": (HOLDING,)}, "recommended", "recommended", "2027-03-01"),
    ],
)
def test_what_no_longer_holds_is_no_recommendation(
    app: Application, change: dict[str, Any], level: str, reasons: str, until: str
) -> None:
    (row,) = listed(app, replace(RATING, **change))
    assert (row["level"], row["reasons"], row["valid_until"]) == (level, reasons, until)


@pytest.mark.parametrize(
    ("change", "level", "reasons", "until"),
    [
        ({}, "review", "recommended; state.caution", "2027-06-30"),
        ({"effect": Verdict.CONDITIONAL}, "conditional", "recommended; state.caution", "2027-06-30"),
        (
            {"effect": Verdict.CONDITIONAL, "evidence": (LAPSED,)},
            "review",
            "recommended; state.caution; state.caution_unsupported",
            "2027-06-30",
        ),
        (
            {"effect": Verdict.CONDITIONAL, "evidence": (HOLDING,)},
            "conditional",
            "recommended; state.caution",
            "2027-03-01",
        ),
        ({"exceptions": ("ETH",)}, "recommended", "recommended", "2027-12-31"),
        ({"subject": ETH}, "review", "recommended; caution", "2027-06-30"),
        ({"valid_until": date(2026, 11, 1)}, "review", "recommended; state.caution_ended", "2027-12-31"),
        ({"valid_from": date(2027, 1, 1)}, "recommended", "recommended; state.caution_coming", "2026-12-31"),
        ({"subject": ITS_PAIR}, "conditional", "recommended; route.ADD-FRA", "2027-12-31"),
        ({"subject": PAIR}, "recommended", "recommended", "2027-12-31"),
    ],
)
def test_a_caution_makes_the_row_graver(
    app: Application, change: dict[str, Any], level: str, reasons: str, until: str
) -> None:
    (row,) = listed(app, RATING, replace(CAUTION, **change))
    assert (row["level"], row["reasons"], row["valid_until"]) == (level, reasons, until)
    assert bool(row["condition_fr"]) == (level != "recommended")


def test_a_rating_of_one_pair_is_told_as_a_condition(app: Application) -> None:
    pair = replace(RATING, id="pair", subject=ITS_PAIR, level=Level.NOT_RECOMMENDED)
    (row,) = listed(app, RATING, pair)
    assert (row["level"], row["condition_fr"]) == ("conditional", "ADD-FRA: non recommandé")


def test_the_demonstration_makes_a_workbook(app: Application) -> None:
    import_records(app, resources.data("ratings", "demonstration.toml"), by="bob", signed_by="charlie")
    (head, *rows) = sheets_of(booking_list(app, "xlsx", 1, DAY))["records"]
    assert head[1] == list(COLUMNS)
    assert len(rows) > 30
    assert {row[4] for _, row in rows} <= {"recommended", "conditional", "review", "not_recommended"}


def test_without_a_rated_carrier_there_is_no_list(app: Application) -> None:
    with pytest.raises(BadInputError, match="rates no carrier"):
        booking_list(app, "csv", 0, DAY)
