"""``travelrisk check``: one question, one answer."""

import click

from travelrisk.cli.answers import Speaker
from travelrisk.cli.console import print_json
from travelrisk.cli.elsewhere import asked, calling, heard_shape, print_heard, server
from travelrisk.cli.faults import exit_of, gravest
from travelrisk.cli.opening import hint_at_ratings, opened
from travelrisk.cli.options import as_json, quiet
from travelrisk.cli.shapes import checked_shape
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.texts import LANGUAGES, Language
from travelrisk.intake.limits import LIMITS
from travelrisk.screening.alternatives import Ways
from travelrisk.services.application import Application
from travelrisk.services.trips.alternatives import other_ways
from travelrisk.services.trips.checking import Answer
from travelrisk.services.trips.checking import check as answers_to


@click.command
@click.argument("text")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", help="Language of the answer.")
@click.option("--alternatives", is_flag=True, help="Also show better-rated ways between the same places.")
@server
@as_json("Print the answer as one JSON object.")
@quiet
@click.pass_context
def check(  # noqa: PLR0913 - one for each option, all named
    ctx: click.Context, text: str, *, language: Language, alternatives: bool, server: str, as_json: bool
) -> None:
    """Answer whether the journey in TEXT may be booked.

    For example: travelrisk check "ET707 FRA ADD 12 Dec"

    --alternatives looks for other carriers, and for ways over one connection, that are judged better where an
    answer is not cleared. They come from itineraries and from tables (see travelrisk routes), and are no
    recommendation to buy.

    Nothing is stored and nobody is written to. Exit code: 0 cleared; 10 cleared with conditions or review
    needed; 11 not cleared; 12 not fully understood.
    """
    if len(text.encode(errors="replace")) > LIMITS.size:
        raise BadInputError("TEXT: longer than any itinerary: give the flights alone")
    if server:
        _check_elsewhere(ctx, server, text, language, alternatives=alternatives, as_json=as_json)
        return
    with opened() as app:
        answers = answers_to(app, text)
        ways = [_ways(app, each) for each in answers] if alternatives else None
        if as_json:
            print_json(checked_shape(answers, ways, demo=app.facts.demo))
        else:
            Speaker(app.policy.policy, language, demo=app.facts.demo).all(answers, ways)
    hint_at_ratings(max((each.advisory.edition for each in answers if each.advisory), default=1))
    ctx.exit(gravest(*(exit_of(each.advisory, each.outcome) for each in answers)))


def _check_elsewhere(  # noqa: PLR0913 - as check
    ctx: click.Context, url: str, text: str, language: Language, *, alternatives: bool, as_json: bool
) -> None:
    with calling(url) as client:
        heard = asked(client, {"text": text}, alternatives=alternatives)
    if as_json:
        print_json(heard_shape(heard))
    else:
        print_heard(heard, language)
    hint_at_ratings(heard.edition)
    ctx.exit(gravest(*(exit_of(each.advisory, each.outcome) for each in heard.answers)))


def _ways(app: Application, answer: Answer) -> tuple[Ways, ...]:
    if answer.itinerary is None or answer.advisory is None:
        return ()
    return other_ways(app, answer.itinerary, answer.advisory)
