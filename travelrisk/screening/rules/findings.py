"""How what is on record about one subject becomes findings; the rules say which subjects to look up."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from travelrisk.domain.advisories import Finding, Slot
from travelrisk.domain.airspaces import Scope
from travelrisk.domain.ratings import Caution, Rating, Record, Subject
from travelrisk.domain.texts import Texts
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening.case import Case, Leg, State, touches

Slots = tuple[tuple[str, Slot], ...]

_RULES = {
    "operating": "operating_carrier",
    "owner": "aircraft_owner",
    "marketing": "marketing_carrier",
    "state": "state_of_operator",
    "airport": "airports",
    "country": "countries",
    "route": "named_routes",
    "airspace": "airspaces",
    "airspace_round": "airspaces",
    "airspace_landing": "airspaces",
    "transit": "states_of_transit",
    "alternate": "alternates",
}


class About(NamedTuple):
    """What a rule looks up: a subject in its role on a segment.

    Attributes:
        role: how the subject takes part, for example ``operating``; it begins the code of every finding.
        name: the subject as readers know it.
        settles: the mandatory check that is answered, if any.
        rule: name of the rule that looks, where it is not the one whose subject this is.
        carrier: ICAO designator of the one carrier this is about.
        called: how readers of each language call the subject, where *name* is a code.
        where: what every finding says next to the name.
    """

    leg: Leg
    role: str
    subject: Subject
    name: str
    settles: str = ""
    rule: str = ""
    carrier: str = ""
    called: Texts | None = None
    where: Slots = ()

    def finding(self, code: str, effect: Verdict, record: Record | None = None, slots: Slots = ()) -> Finding:
        """Return a finding ``<role>.<code>`` about the subject; its name is always the first slot."""
        return Finding(
            f"{self.role}.{code}",
            effect,
            self.leg.position,
            self.rule or _RULES[self.role],
            self.name,
            record,
            (("name", self.name if self.called is None else self.called), *self.where, *slots),
            self.settles,
            self.carrier,
        )


def on_record(
    case: Case, about: About, carrier: str = "", concerns: Callable[[Scope | None], bool] | None = None
) -> list[Finding]:
    """Return what cautions and ratings say of the subject on the days of the segment.

    Each day must be covered by a rating in force; a lapse, lapsed evidence and a review that is due are
    findings of their own, for each rating that holds on any of the days. A caution past its end date does not
    vanish: until it is renewed or closed it asks for a review, and so does one whose evidence lapsed. Empty
    where nothing is on record: what that means is for the rule to say.

    Args:
        case: what is judged.
        about: what is looked up.
        carrier: ICAO designator of the carrier, which a caution may except.
        concerns: says whether records of a scope concern the flight; None = all of them do.
    """
    found: list[Finding] = []
    if about.subject in case.snapshot.cautions:
        found.extend(_cautions(case, about, carrier, concerns))
    rows = case.snapshot.ratings.get(about.subject)
    if rows is not None and concerns is not None:
        rows = tuple(row for row in rows if concerns(row.scope))
    if not rows:
        return found
    one = rows[0]
    if len(rows) == 1 and not one.evidence and one.review_on is None and one.covers(*about.leg.span):
        # By far the commonest: one rating, in force throughout, with nothing that could have lapsed.
        return [*found, about.finding(one.level, case.policy.levels[one.level], one)]
    for state, rating in case.standings(rows, about.leg.span):
        if state is State.IN_FORCE:
            found.append(about.finding(rating.level, case.policy.levels[rating.level], rating))
        else:
            ends = rating.valid_until or rating.valid_from
            day = rating.valid_from if state is State.NOT_YET_VALID else ends
            found.append(about.finding(state, case.policy.lapsed, rating, (("day", day),)))
    for rating in rows:
        if (rating.evidence or rating.review_on is not None) and touches(rating, about.leg.span):
            found.extend(_unsupported(case, about, rating))
    return found


def is_rated(case: Case, subject: Subject) -> bool:
    """Say whether any rating of *subject* is on record, in force or not."""
    return subject in case.snapshot.ratings


def _cautions(
    case: Case, about: About, carrier: str, concerns: Callable[[Scope | None], bool] | None
) -> Iterator[Finding]:
    span = about.leg.span
    about = about._replace(settles="") if about.settles else about  # a caution answers no check
    for caution in case.snapshot.cautions[about.subject]:
        if carrier in caution.exceptions or caution.valid_from > span.last:
            continue
        if concerns is not None and not concerns(caution.scope):
            continue
        if caution.valid_until is None or caution.valid_until >= span.first:
            yield _caution(about, caution, "caution", caution.effect)
            if caution.evidence:
                yield from _unsupported_caution(case, about, caution)
        if caution.valid_until is not None and caution.valid_until < span.last:
            yield _caution(about, caution, "caution_ended", case.policy.lapsed)


def _caution(about: About, caution: Caution, code: str, effect: Verdict) -> Finding:
    slots: Slots = (("text", caution.text),)
    if caution.valid_until is not None:
        slots = (*slots, ("until", caution.valid_until))
    return about.finding(code, effect, caution, slots)


def _unsupported_caution(case: Case, about: About, caution: Caution) -> Iterator[Finding]:
    """What a caution asks for may be too little by now: nobody has looked since its evidence ended."""
    for evidence in caution.lapsed_evidence(_day_of_proof(case, about)):
        if evidence.valid_until is not None:
            slots: Slots = (("title", evidence.title), ("until", evidence.valid_until))
            yield about.finding("caution_unsupported", case.policy.lapsed, caution, slots)


def _day_of_proof(case: Case, about: About) -> date:
    """Return the day on which evidence has to hold: that of the flight, and today, whichever is later."""
    return max(about.leg.span.last, case.at.date())


def _unsupported(case: Case, about: About, rating: Rating) -> Iterator[Finding]:
    if rating.review_on is not None and rating.is_due_for_review(case.at.date()):
        yield about.finding("review_due", case.policy.lapsed, rating, (("day", rating.review_on),))
    for evidence in rating.lapsed_evidence(_day_of_proof(case, about)):
        if evidence.valid_until is not None:
            slots: Slots = (("title", evidence.title), ("until", evidence.valid_until))
            yield about.finding("evidence_lapsed", case.policy.lapsed, rating, slots)
