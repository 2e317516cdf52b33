"""An advisory in sentences and in its public shape, for page, letter, terminal and export alike."""

import inspect
import re
from datetime import date, datetime
from typing import Any

from travelrisk.domain.advisories import Advisory, Finding, Slot
from travelrisk.domain.airspaces import Airspace, Scope
from travelrisk.domain.authorisations import Authorisation
from travelrisk.domain.itineraries import Question
from travelrisk.domain.ratings import Caution, Evidence, Level, Rating, Record
from travelrisk.domain.texts import LANGUAGES, Language, Texts, day_in_words
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening.messages import FINDINGS
from travelrisk.screening.questions import QUESTIONS
from travelrisk.screening.rules import RULES
from travelrisk.screening.rules.authorised import authorisations
from travelrisk.screening.rules.freshness import stale_sources

_VERDICTS = {
    Verdict.CLEARED: Texts("cleared", "avis favorable", "visto bueno"),
    Verdict.CONDITIONAL: Texts(
        "cleared with conditions", "avis favorable sous conditions", "visto bueno con condiciones"
    ),
    Verdict.REVIEW: Texts("review needed", "examen nécessaire", "revisión necesaria"),
    Verdict.NOT_CLEARED: Texts("not cleared", "avis défavorable", "sin visto bueno"),
}
_LEVELS = {
    Level.RECOMMENDED: Texts("recommended", "recommandé", "recomendado"),
    Level.CONDITIONAL: Texts(
        "recommended with conditions", "recommandé sous conditions", "recomendado con condiciones"
    ),
    Level.NOT_RECOMMENDED: Texts("not recommended", "non recommandé", "no recomendado"),
    Level.NOT_RATED: Texts("not rated", "non évalué", "sin evaluar"),
}
_WHAT_TO_DO = {
    Verdict.CLEARED: Texts(
        "You may book. Check again if the booking changes.",
        "Vous pouvez réserver. Vérifiez de nouveau si la réservation change.",
        "Puede reservar. Vuelva a comprobarlo si cambia la reserva.",
    ),
    Verdict.CONDITIONAL: Texts(
        "You may book if the conditions hold. If one does not, ask the focal point first.",
        "Vous pouvez réserver si les conditions sont remplies. Sinon, consultez d'abord le point focal.",
        "Puede reservar si se cumplen las condiciones. Si no, pregunte antes al punto focal.",
    ),
    Verdict.REVIEW: Texts(
        "Do not buy the ticket yet. Ask the focal point.",
        "N'achetez pas encore le billet. Consultez le point focal.",
        "No compre todavía el billete. Pregunte al punto focal.",
    ),
    Verdict.NOT_CLEARED: Texts(
        "Do not buy this ticket. Look for another flight, or ask the focal point.",
        "N'achetez pas ce billet. Cherchez un autre vol ou consultez le point focal.",
        "No compre este billete. Busque otro vuelo o pregunte al punto focal.",
    ),
}
_KIND = re.compile(r" ?\b(?:Airport|Aéroport|Aeropuerto|Aeroporto)\b", re.IGNORECASE)
_KIND_BEFORE_NAME = re.compile(_KIND.pattern + r" \{name\}")


def verdict_words(verdict: Verdict) -> Texts:
    """Return the words for a verdict, in lower case."""
    return _VERDICTS[verdict]


def level_words(level: Level) -> Texts:
    """Return the words for a level of a rating, in lower case."""
    return _LEVELS[level]


def what_to_do(verdict: Verdict) -> Texts:
    """Return what the traveller should do next."""
    return _WHAT_TO_DO[verdict]


def finding_text(finding: Finding, language: Language) -> str:
    """Return the finding as a sentence in *language*, with dates and names as that language has them."""
    if finding.code.startswith("question."):
        return _question(finding.code.removeprefix("question."), dict(finding.slots), language)
    slots = {
        "reason": _reason(finding.record),
        "condition": _condition(finding.record),
        **dict(finding.slots),
    }
    words = {name: _written(slot, language) for name, slot in slots.items()}
    text = FINDINGS[finding.code].in_language(language)
    if "name" in words and _KIND_BEFORE_NAME.search(text):
        words["name"] = without_kind(words["name"])
    return text.format_map(words).strip()


def without_kind(name: str) -> str:
    """Return the name of an airport without the word for what it is, which stands before it already."""
    return " ".join(_KIND.sub("", name).split()) or name


def question_text(question: Question, language: Language) -> str:
    """Return an open question as a sentence in *language*, with its choices."""
    slots: dict[str, Slot] = {"text": question.text, "choices": ", ".join(question.choices)}
    return _question(question.code, slots, language)


def finding_shape(finding: Finding) -> dict[str, Any]:
    """Return the public JSON of a finding."""
    return {
        "code": finding.code,
        "effect": finding.effect.word,
        "segment": finding.segment,
        "rule": finding.rule,
        "matched": finding.matched,
        "message": {language: finding_text(finding, language) for language in LANGUAGES},
        "record": None if finding.record is None else record_shape(finding.record),
    }


def advisory_shape(advisory: Advisory) -> dict[str, Any]:
    """Return the public JSON of an advisory."""
    return {
        "verdict": advisory.verdict.word,
        "outcome": advisory.outcome.value,
        "segments": [None if each is None else each.word for each in advisory.segment_verdicts],
        "findings": [finding_shape(finding) for finding in advisory.findings],
        "edition": advisory.edition,
        "policy_version": advisory.policy_version,
        "engine": advisory.engine,
        "evaluated_at": _stamp(advisory.at),
    }


def record_shape(record: Record) -> dict[str, Any]:
    """Return the public JSON of a record: who set it, when, until when, and its evidence."""
    shape: dict[str, Any] = {
        "record": record.record,
        "id": record.id,
        "set_by": record.set_by,
        "set_on": record.set_on.isoformat(),
        "valid_from": record.valid_from.isoformat(),
        "valid_until": record.valid_until.isoformat() if record.valid_until else None,
    }
    if isinstance(record, Rating):
        own: dict[str, Any] = {
            "level": record.level.value,
            "reason": record.reason._asdict(),
            "condition": record.condition._asdict(),
            "review_on": record.review_on.isoformat() if record.review_on else None,
            "aoc": record.aoc,
            **_scope(record.scope),
        }
        return {**shape, "subject": str(record.subject), **own, "evidence": _evidence(record.evidence)}
    if isinstance(record, Caution):
        own = {
            "effect": record.effect.word,
            "text": record.text._asdict(),
            "exceptions": list(record.exceptions),
            **_scope(record.scope),
        }
        return {**shape, "subject": str(record.subject), **own, "evidence": _evidence(record.evidence)}
    if isinstance(record, Authorisation):
        return {**shape, **_authorisation(record)}
    if isinstance(record, Airspace):
        return {**shape, **_airspace(record)}
    return {**shape, "carrier": record.carrier, "pair": list(record.pair), "source": record.source}


def _airspace(record: Airspace) -> dict[str, Any]:
    return {
        "key": record.key,
        "names": record.names._asdict(),
        "kind": record.kind.value,
        "outline": record.outline,
        "state": record.state,
        "approximate": record.approximate,
        "source": record.source,
    }


def _scope(scope: Scope | None) -> dict[str, Any]:
    """Return which flights through an airspace are concerned; of all else nothing is said."""
    if scope is None:
        return {}
    movement, airports = scope.movement.value, list(scope.airports)
    return {
        "scope": {
            "floor": scope.floor,
            "ceiling": scope.ceiling,
            "movement": movement,
            "airports": airports,
        }
    }


def handbook() -> tuple[tuple[str, str], ...]:
    """Return the name and the text of every rule, for the handbook; the texts are the rules' docstrings."""
    rules = (*RULES, stale_sources, authorisations)
    return tuple((rule.__name__, inspect.getdoc(rule) or "") for rule in rules)


def _question(code: str, slots: dict[str, Slot], language: Language) -> str:
    words = {name: _written(slot, language) for name, slot in slots.items()}
    sentence: str = QUESTIONS[code].in_language(language).format_map(words)
    return sentence.strip()


def _written(slot: Slot, language: Language) -> str:
    if isinstance(slot, Texts):
        return slot.in_language(language)
    if isinstance(slot, date):
        return day_in_words(slot, language)
    return str(slot)


def _reason(record: Record | None) -> Texts:
    return record.reason if isinstance(record, Rating) else Texts()


def _condition(record: Record | None) -> Texts:
    return record.condition if isinstance(record, Rating) else Texts()


def _evidence(evidence: tuple[Evidence, ...]) -> list[dict[str, Any]]:
    return [
        {
            "kind": each.kind,
            "title": each.title,
            "url": each.url,
            "retrieved_on": each.retrieved_on.isoformat() if each.retrieved_on else None,
            "valid_until": each.valid_until.isoformat() if each.valid_until else None,
            "note": each.note,
            "value": each.value,
            "limits": list(each.limits),
            "file": each.file,
        }
        for each in evidence
    ]


def _authorisation(record: Authorisation) -> dict[str, Any]:
    return {
        "carrier": record.carrier,
        "kind": record.kind.value,
        "trip": record.trip,
        "office": record.office,
        "route": record.route,
        "need": record.need,
        "alternatives_tried": record.alternatives_tried,
        "mitigation": record.mitigation,
        "criticality": record.criticality,
        "people": record.people,
        "conditions": record.conditions._asdict(),
        "approved_by": record.approved_by,
    }


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
