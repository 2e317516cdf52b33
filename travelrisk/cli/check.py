"""``travelrisk check``: one question, one answer; what answers is loaded for no help."""

import click

from travelrisk.cli.options import as_json, quiet, server
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.texts import LANGUAGES, Language
from travelrisk.intake.limits import LIMITS
from travelrisk.lasting import lasting


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
        with lasting():
            from travelrisk.cli.elsewhere import check_elsewhere  # noqa: PLC0415 - the help needs nothing of it

        ctx.exit(check_elsewhere(server, text, language, alternatives=alternatives, as_json=as_json))
    with lasting():
        from travelrisk.cli.checking import check_here  # noqa: PLC0415 - as above

    ctx.exit(check_here(text, language, alternatives=alternatives, as_json=as_json))
