"""The rules of the judgement: small pure functions ``rule(case) -> findings``, one module a subject.

RULES is the whole policy of the house from top to bottom. A rule's docstring is written for a travel unit and
becomes the handbook: the rule, why it exists, what to do, one example.
"""

from collections.abc import Callable, Iterator

from travelrisk.domain.advisories import Finding
from travelrisk.screening.case import Case
from travelrisk.screening.rules.airspace import airspaces, alternates, states_of_transit
from travelrisk.screening.rules.carrier import (
    aircraft_owner,
    assumed_operator,
    marketing_carrier,
    operating_carrier,
    operator_by_traveller,
    state_of_operator,
)
from travelrisk.screening.rules.concentration import concentration
from travelrisk.screening.rules.place import airports, countries, named_routes
from travelrisk.screening.rules.stated import told_by_people
from travelrisk.screening.rules.timing import dates, lead_time
from travelrisk.screening.rules.unknown import gaps, kinds_of_segment, open_questions, unread_parts

Rule = Callable[[Case], Iterator[Finding]]

RULES: tuple[Rule, ...] = (
    operating_carrier,
    assumed_operator,
    operator_by_traveller,
    aircraft_owner,
    state_of_operator,
    marketing_carrier,
    airports,
    countries,
    named_routes,
    airspaces,
    states_of_transit,
    alternates,
    dates,
    lead_time,
    concentration,
    gaps,
    open_questions,
    unread_parts,
    kinds_of_segment,
    told_by_people,
)
