"""``travelrisk rules``: the handbook, from the very rules that judge."""

import click

from travelrisk.cli.console import heading, print_json, say
from travelrisk.cli.options import as_json
from travelrisk.screening.explain import handbook


@click.command
@as_json("Print an object with the text of each rule by its name.")
def rules(*, as_json: bool) -> None:
    """Print the rules that every itinerary is judged by, in their order."""
    if as_json:
        print_json(dict(handbook()))
        return
    for name, text in handbook():
        heading(name.replace("_", " "))
        for paragraph in text.split("\n\n"):
            say(paragraph, indent=2)
