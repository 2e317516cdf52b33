"""Every folder of tests/cases/screening is a case: an itinerary, what is on record, and what is found."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.unit.screening.world import AT, itinerary, policy, records_from, segment, snapshot, stale
from travelrisk.domain.advisories import Advisory
from travelrisk.domain.authorisations import Whose
from travelrisk.domain.texts import LANGUAGES
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening.engine import screen
from travelrisk.screening.explain import finding_text

CASES = Path(__file__).parents[2] / "cases" / "screening"
GOOD = json.loads((CASES / "good.json").read_text(encoding="utf-8"))


def judged(case: dict[str, Any]) -> Advisory:
    drafts = [segment(row.pop("fly"), **row) for row in (dict(each) for each in case["segments"])]
    on_record = records_from([*(GOOD if case.get("good", True) else ()), *case.get("records", ())])
    trip = itinerary(*drafts, unread=case.get("unread", ()))
    sources = tuple(stale(kind, date.fromisoformat(day), name) for name, kind, day in case.get("stale", ()))
    believed = replace(snapshot(*on_record), stale=sources)
    rules = policy()
    if "stale_is" in case:
        rules = replace(rules, stale_source=Verdict.from_word(case["stale_is"]))
    return screen(trip, believed, rules, AT, Whose(**case.get("whose", {})))


def told(advisory: Advisory) -> dict[str, Any]:
    """Return what a case states: all but the proofs that a check was passed."""
    proofs = {"date.known", "operating.recommended", "airport.recommended", "marketing.recommended"}
    return {
        "verdict": advisory.verdict.word,
        "segments": [None if each is None else each.word for each in advisory.segment_verdicts],
        "findings": [
            [finding.code, finding.effect.word, finding.segment, finding_text(finding, "en")]
            for finding in advisory.findings
            if finding.code not in proofs
        ],
    }


@pytest.mark.parametrize("folder", sorted(p.name for p in CASES.iterdir() if p.is_dir()))
def test_case(folder: str) -> None:
    case = json.loads((CASES / folder / "in.json").read_text(encoding="utf-8"))
    wanted = json.loads((CASES / folder / "out.json").read_text(encoding="utf-8"))
    advisory = judged(case)
    assert told(advisory) == wanted
    for finding in advisory.findings:
        texts = [finding_text(finding, language) for language in LANGUAGES]
        assert all(texts)
        assert not any("{" in text for text in texts)


def test_every_verdict_has_its_cases() -> None:
    verdicts = {json.loads(path.read_text(encoding="utf-8"))["verdict"] for path in CASES.glob("*/out.json")}
    assert verdicts == {verdict.word for verdict in Verdict}
