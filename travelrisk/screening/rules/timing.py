"""When the traveller goes: dates that make sense, and enough time to decide."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from travelrisk.domain.advisories import Finding, Slot
from travelrisk.domain.deadlines import LeadTime, Travel, strictest
from travelrisk.domain.policy import Policy
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening.case import Case, Leg, is_past


def dates(case: Case) -> Iterator[Finding]:
    """A flight needs a date that can be true: known, not past, not too far ahead.

    A flight that would arrive before it departs, or take longer than flights do, is doubted as well.

    Ratings hold for days. Without the day nobody can say which rating counts.

    What to do: give the date with its year.

    Example: "ET707 FRA ADD" without a date: review, and the question for the date.
    """
    for leg in case.legs:
        problem = _problem(case, leg)
        if problem is None:
            yield Finding("date.known", Verdict.CLEARED, leg.position, "dates", "", None, (), "date")
        else:
            code, slots = problem
            yield Finding(code, Verdict.REVIEW, leg.position, "dates", "", None, slots, "date")


def lead_time(case: Case) -> Iterator[Finding]:
    """An itinerary should arrive some days before departure, so that people can decide and rebook.

    Days are counted from its arrival to the local date of the first departure; where the policy asks for
    working days, weekends and holidays of the calendar it names do not count. The policy may ask for more or
    less for some countries, and for journeys within one country; of what fits, the strictest counts. Being
    late is said, and is never a refusal.

    What to do: if you are late, call the focal point instead of waiting for an answer to a letter.

    Example: an itinerary for the day after tomorrow, where the policy asks for seven days: flagged as late.
    """
    dated = [leg for leg in case.planned if leg.segment.departs.day is not None]
    if not dated:
        return
    first = dated[0]
    departs, known = first.span.first, case.known_since.date()
    if all(known <= rule.latest(departs) for rule in case.policy.lead_times):
        return  # in time for every rule, as nearly all are: no need to ask which of them holds
    rule = lead_time_for(dated, case.policy)
    if rule is not None and rule.latest(departs) < known <= departs:
        code = "lead_time.late" if rule.calendar is None else "lead_time.late_working_days"
        slots: tuple[tuple[str, Slot], ...] = (("days", rule.left(known, departs)), ("wanted", rule.days))
        yield Finding(code, case.policy.late, None, "lead_time", "", None, slots)


def lead_time_for(dated: Sequence[Leg], policy: Policy) -> LeadTime | None:
    """Return the strictest lead time that holds for a journey, None where no rule is about it.

    Args:
        dated: its legs whose day is known, at least one, in order of departure.
        policy: has the rules.
    """
    visited = {a.country.code for leg in dated for a in leg.segment.destination.possible}
    return strictest(policy.lead_times, visited, _kinds(dated), dated[0].span.first)


def _kinds(legs: Sequence[Leg]) -> Iterator[Travel]:
    """Give every kind of journey that it may be, as far as its places are known."""
    countries = [{a.country.code for a in place.possible} for leg in legs for place, _ in leg.places]
    known = [each for each in countries if each]
    if not known or set.intersection(*known):
        yield Travel.INTERNAL
    if len(known) < len(countries) or len(set.union(*known)) > 1:
        yield Travel.INTERNATIONAL


def _problem(case: Case, leg: Leg) -> tuple[str, tuple[tuple[str, Slot], ...]] | None:
    departs, arrives = leg.segment.departs, leg.segment.arrives
    today = case.at.date()
    if departs.day is None:
        return "date.unknown", ()
    if is_past(departs, case.at):
        return "date.past", (("day", departs.day),)
    if (departs.day - today).days > case.policy.horizon_days:
        return "date.too_far", (("day", departs.day), ("days", case.policy.horizon_days))
    if departs.utc is not None and arrives.utc is not None:
        if arrives.utc <= departs.utc:
            return "date.arrives_first", (("day", departs.day),)
        if arrives.utc - departs.utc > timedelta(hours=case.policy.longest_block_hours):
            return "date.too_long", (("hours", case.policy.longest_block_hours),)
    return None
