"""The booking list: what an agency can keep in its profile of us, one row a rated carrier.

It is coarser than a judgement, and never milder: whatever speaks against a carrier by itself makes its row
graver, and what depends on the journey is said in its reasons. A carrier that is not in it is not rated.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple

from travelrisk.domain.carriers import Carrier, CarrierBook
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.policy import Policy
from travelrisk.domain.ratings import Caution, Evidence, Level, Rating, Snapshot, Subject, SubjectKind
from travelrisk.domain.texts import LANGUAGES, Texts
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening.explain import level_words
from travelrisk.services.application import Application
from travelrisk.services.exchange.cells import joined
from travelrisk.services.exchange.columns import EXPORT
from travelrisk.services.exchange.marking import marked
from travelrisk.services.exchange.writing import csv_bytes, workbook_bytes
from travelrisk.services.trail import TERMINAL
from travelrisk.store import ratings
from travelrisk.store.database import reading

COLUMNS: Final = (
    *("iata", "icao", "name", "state", "level"),
    *("condition_en", "condition_fr", "condition_es"),
    *("reasons", "valid_until", "edition", "as_of", EXPORT),
)
REVIEW: Final = "review"
_WORDS: Final = {
    Verdict.CLEARED: Level.RECOMMENDED.value,
    Verdict.CONDITIONAL: Level.CONDITIONAL.value,
    Verdict.REVIEW: REVIEW,
    Verdict.NOT_CLEARED: Level.NOT_RECOMMENDED.value,
}


class Reason(NamedTuple):
    """What speaks for or against a carrier on a day.

    Attributes:
        code: a word for programs.
        text: the condition or caution, where there is one.
        until: the last day it stays as it is; None = open.
    """

    code: str
    effect: Verdict
    text: Texts = Texts()
    until: date | None = None


def booking_list(app: Application, form: str, edition: int, day: date, by: str = TERMINAL) -> bytes:
    """Return the rated carriers as CSV or XLSX, as an edition has them for flights on a day.

    Args:
        app: the parts of the service.
        form: ``csv`` or ``xlsx``.
        edition: what was known.
        day: of the flights; what holds only until then is dated.
        by: id of whoever takes it.

    Raises:
        NotFoundError: there is no such edition.
        BadInputError: no carrier is rated in it, or there is no such form.
        StoreError: the database cannot be read, or that it was taken cannot be written down.
    """
    with reading(app.engine) as c:
        snapshot = ratings.snapshot(c, edition)
    rows = list(_rows(snapshot, app.book, app.policy.policy, day))
    if not rows:
        raise BadInputError(f"edition {edition} rates no carrier: import ratings first")

    def made(mark: str) -> bytes:
        borne = [row | {EXPORT: mark} for row in rows]
        return csv_bytes(COLUMNS, borne) if form == "csv" else workbook_bytes(COLUMNS, borne, mark)

    return marked(app, by, {"what": "booking-list", "edition": edition, "form": form}, made)


def _rows(snapshot: Snapshot, book: CarrierBook, policy: Policy, day: date) -> Iterator[dict[str, str]]:
    designators = sorted(each.key for each in snapshot.ratings if each.kind is SubjectKind.CARRIER)
    for icao in designators:
        carrier = _carrier(book, icao, day)
        reasons = list(_reasons(snapshot, policy, icao, carrier, day))
        verdict = max(each.effect for each in reasons)
        ends = [each.until for each in reasons if each.until is not None]
        texts = [each.text for each in reasons if each.effect >= Verdict.CONDITIONAL and each.text]
        yield {
            "iata": carrier.iata if carrier else "",
            "icao": icao,
            "name": carrier.name if carrier else "",
            "state": carrier.state.code if carrier else "",
            "level": _WORDS[verdict],
            **{f"condition_{code}": " ".join(text.in_language(code) for text in texts) for code in LANGUAGES},
            "reasons": joined(list(dict.fromkeys(each.code for each in reasons))),
            "valid_until": min(ends).isoformat() if ends else "",
            "edition": str(snapshot.edition),
            "as_of": day.isoformat(),
        }


def _carrier(book: CarrierBook, icao: str, day: date) -> Carrier | None:
    """Return the carrier that bears the designator on the day; a code of another day would mislead."""
    return next(iter(book.find(icao, day)), None)


def _reasons(
    snapshot: Snapshot, policy: Policy, icao: str, carrier: Carrier | None, day: date
) -> Iterator[Reason]:
    if carrier is None:
        yield Reason("carrier.not_flying", Verdict.REVIEW)
    own = Subject(SubjectKind.CARRIER, icao)
    yield from _rated(snapshot.ratings[own], policy, day)
    yield from _cautioned(snapshot.cautions.get(own, ()), "", policy, icao, day)
    if carrier is not None:
        state = Subject(SubjectKind.STATE, carrier.state.code)
        yield from _cautioned(snapshot.cautions.get(state, ()), "state.", policy, icao, day)
    yield from _on_routes(snapshot, policy, icao)


def _on_routes(snapshot: Snapshot, policy: Policy, icao: str) -> Iterator[Reason]:
    """Say what holds for the carrier on one pair only, whenever: a list of carriers has no row for it."""
    for subject in sorted(snapshot.ratings.keys() | snapshot.cautions.keys()):
        if subject.kind is not SubjectKind.ROUTE or not subject.key.startswith(f"{icao}:"):
            continue
        pair = subject.key.partition(":")[2]
        for rating in snapshot.ratings.get(subject, ()):
            if policy.levels[rating.level] > Verdict.CLEARED:
                yield _on_route(pair, rating.condition or level_words(rating.level))
        for caution in snapshot.cautions.get(subject, ()):
            yield _on_route(pair, caution.text)


def _on_route(pair: str, text: Texts) -> Reason:
    words = (f"{pair}: {text.in_language(language)}" for language in LANGUAGES)
    return Reason(f"route.{pair}", Verdict.CONDITIONAL, Texts(*words))


def _rated(rows: tuple[Rating, ...], policy: Policy, day: date) -> Iterator[Reason]:
    held = [rating for rating in rows if rating.covers(day, day)]
    if not held:
        starts = [rating.valid_from for rating in rows if rating.valid_from > day]
        until = min(starts) - timedelta(1) if starts else None
        yield Reason("not_yet_valid" if starts else "expired", policy.lapsed, Texts(), until)
    for rating in held:
        yield Reason(rating.level.value, policy.levels[rating.level], rating.condition, rating.valid_until)
        if rating.is_due_for_review(day):
            yield Reason("review_due", policy.lapsed)
        elif rating.review_on is not None:
            yield Reason(rating.level.value, Verdict.CLEARED, until=rating.review_on)
        yield from _proved(rating.evidence, "evidence_lapsed", rating.level.value, policy, day)


def _proved(
    found: tuple[Evidence, ...], lapsed: str, holds: str, policy: Policy, day: date
) -> Iterator[Reason]:
    """Say what lapsed evidence asks for, and until when evidence that holds does."""
    for evidence in found:
        if evidence.valid_until is not None and evidence.valid_until < day:
            yield Reason(lapsed, policy.lapsed)
        elif evidence.valid_until is not None:
            yield Reason(holds, Verdict.CLEARED, until=evidence.valid_until)


def _cautioned(
    cautions: tuple[Caution, ...], prefix: str, policy: Policy, icao: str, day: date
) -> Iterator[Reason]:
    for caution in cautions:
        if icao in caution.exceptions:
            continue
        if caution.valid_from > day:
            coming = caution.valid_from - timedelta(1)
            yield Reason(f"{prefix}caution_coming", Verdict.CLEARED, until=coming)
        elif caution.valid_until is not None and caution.valid_until < day:
            yield Reason(f"{prefix}caution_ended", policy.lapsed, caution.text)
        else:
            yield Reason(f"{prefix}caution", caution.effect, caution.text, caution.valid_until)
            yield from _proved(
                caution.evidence, f"{prefix}caution_unsupported", f"{prefix}caution", policy, day
            )
