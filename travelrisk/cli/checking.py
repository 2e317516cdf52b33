"""What ``travelrisk check`` does: this service answers one question."""

from travelrisk.cli.answers import Speaker
from travelrisk.cli.console import print_json
from travelrisk.cli.faults import Exit, exit_of, gravest
from travelrisk.cli.opening import hint_at_ratings, opened
from travelrisk.cli.shapes import checked_shape
from travelrisk.domain.texts import Language
from travelrisk.screening.alternatives import Ways
from travelrisk.services.application import Application
from travelrisk.services.trips.alternatives import other_ways
from travelrisk.services.trips.checking import Answer
from travelrisk.services.trips.checking import check as answers_to


def check_here(text: str, language: Language, *, alternatives: bool, as_json: bool) -> Exit:
    """Print the answers to a question, on demand with other ways, and return what the shell is told."""
    with opened() as app:
        answers = answers_to(app, text)
        ways = [_ways(app, each) for each in answers] if alternatives else None
        if as_json:
            print_json(checked_shape(answers, ways, demo=app.facts.demo))
        else:
            Speaker(app.policy.policy, language, demo=app.facts.demo).all(answers, ways)
    hint_at_ratings(max((each.advisory.edition for each in answers if each.advisory), default=1))
    return gravest(*(exit_of(each.advisory, each.outcome) for each in answers))


def _ways(app: Application, answer: Answer) -> tuple[Ways, ...]:
    if answer.itinerary is None or answer.advisory is None:
        return ()
    return other_ways(app, answer.itinerary, answer.advisory)
