"""``travelrisk feeds``: public sources are fetched and shown; people decide what they mean."""

import json
from collections.abc import Mapping
from typing import Any

import click

from travelrisk.cli.console import complain, counted, heading, hint, print_json, say, table
from travelrisk.cli.faults import Exit
from travelrisk.cli.feed_words import age_words, asked_words, news_words, outcome_words, problem_words
from travelrisk.cli.opening import opened
from travelrisk.cli.options import Commands, as_json, quiet
from travelrisk.domain.errors import BadInputError
from travelrisk.feeds.card import load_card
from travelrisk.feeds.registry import FEEDS
from travelrisk.services.application import Application
from travelrisk.services.feeds.refreshing import Refreshed, refresh
from travelrisk.services.feeds.standing import State, state, states
from travelrisk.store.feeds import Round
from travelrisk.store.shapes import canonical


@click.group(cls=Commands)
def feeds() -> None:
    """Fetch public sources, and look at what they say.

    A source never rates anything. What it says and nobody has rated becomes a proposal, and people sign that.
    """


@feeds.command("list")
@as_json("Print a JSON array of the feeds.")
@quiet
def list_(*, as_json: bool) -> None:
    """List the feeds: which are in use, how old what they say is, and how the last round went."""
    with opened() as app:
        used = {each.name: each for each in states(app)}
        rows = [_row(app, each.name, used.get(each.name)) for each in FEEDS]
    if as_json:
        print_json(rows)
        return
    columns = {"name": "Feed", "title": "Source", "state": "State", "facts": "Facts", "problems": "Problems"}
    table(tuple(columns.values()), [[str(row[name]) for name in columns] for row in rows])
    if not used:
        hint("None is in use: name some in TRAVELRISK_FEEDS, with TRAVELRISK_FEEDS_CONTACT.")


@feeds.command("refresh")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@as_json("Print a JSON array of the rounds, with what changed.")
@quiet
@click.pass_context
def refresh_(ctx: click.Context, names: tuple[str, ...], *, as_json: bool) -> None:
    """Fetch feeds now, due or not: those named, or all in use. Exit code: 1 if any of them failed."""
    with opened() as app:
        wanted = names or app.facts.sources.names
        if not wanted:
            raise BadInputError("no feed is in use: name some in TRAVELRISK_FEEDS first")
        done = {name: refresh(app, name) for name in wanted}
        publishers = {name: load_card(name, app.facts.sources.folder).publisher for name in wanted}
    if as_json:
        print_json([_shape_of(each) for each in done.values()])
    else:
        for name, each in done.items():
            _tell(name, publishers[name], each)
    ctx.exit(Exit.CLEARED if all(each.done.is_good for each in done.values()) else Exit.FAULT)


@feeds.command("show")
@click.argument("name")
@as_json("Print one JSON object, with the facts and the problems.")
@quiet
def show(name: str, *, as_json: bool) -> None:
    """Show what a feed says, since when, and what was not understood."""
    with opened() as app:
        found = state(app, name)
    if as_json:
        print_json(_shape_of_state(found))
        return
    say(f"{found.card.title.en}: {age_words(found)}")
    say(f"{found.card.attribution}. {found.card.licence}", indent=2)
    say(found.card.page, indent=2)
    if found.last is not None and not found.last.is_good:
        say(f"The last round failed: {found.last.told}", indent=2)
    heading(counted(len(found.facts), "fact"))
    for known in found.facts:
        fact = known.fact
        until = f" until {fact.valid_until}" if fact.valid_until else ""
        late = ", PAST ITS DATE, needs a review" if fact.key in found.expired else ""
        about = ", ".join(map(str, fact.subjects)) or "nobody that is known here"
        say(f"{fact.title} [{about}]: {fact.level}{until}{late}; asks for {asked_words(fact)}", hang=2)
        say(fact.words, indent=4)
        for limit in fact.undrawn:
            if limit not in fact.words:
                say(limit, indent=4)
    if found.good is not None and found.good.problems:
        heading(counted(len(found.good.problems), "problem"))
        for problem in found.good.problems:
            say(problem_words(problem), hang=2)


def _row(app: Application, name: str, found: State | None) -> dict[str, Any]:
    card = found.card if found else load_card(name, app.facts.sources.folder)
    good = found.good if found else None
    return {
        "name": name,
        "title": card.title.en,
        "in_use": found is not None,
        "state": f"{'STALE, ' if found.is_stale else ''}{age_words(found)}" if found else "not in use",
        "read_at": good.at.isoformat() if good else None,
        "outcome": outcome_words(found.last) if found else None,
        "is_stale": found.is_stale if found else None,
        "facts": len(found.facts) if found else 0,
        "problems": len(good.problems) if good else 0,
        "every_hours": card.every_hours,
    }


def _tell(name: str, publisher: str, each: Refreshed) -> None:
    if not each.done.is_good:
        complain(f"{name}: failed ({outcome_words(each.done)}): {each.done.told}")
        complain("What was known of it stays in force.")
        return
    changes = counted(len(each.done.differences), "change") if each.done.differences else "nothing new"
    say(f"{name}: {counted(each.done.rows, 'row')} read, {changes}")
    for difference in each.done.differences:
        say(news_words(publisher, difference), indent=2, hang=2)
    for problem in each.done.problems:
        say(problem_words(problem), indent=2, hang=2)
    if each.proposed.references:
        say(f"waiting for a signature: {', '.join(each.proposed.references)}", indent=2, hang=2)
    for reason in each.proposed.refused:
        complain(f"  could not be proposed: {reason}")


def _shape_of(each: Refreshed) -> dict[str, Any]:
    proposed = {"proposals": list(each.proposed.references), "refused": list(each.proposed.refused)}
    return _round(each.done) | proposed


def _shape_of_state(found: State) -> dict[str, Any]:
    return {
        "name": found.name,
        "title": found.card.title.en,
        "attribution": found.card.attribution,
        "page": found.card.page,
        "is_stale": found.is_stale,
        "failing_since": found.failing_since.isoformat() if found.failing_since else None,
        "good": _round(found.good) if found.good else None,
        "last": _round(found.last) if found.last else None,
        "facts": [
            {
                **_of(each.fact),
                "asks": asked_words(each.fact) if each.fact.asks is not None else None,
                "since": each.since.isoformat(),
                "is_expired": each.fact.key in found.expired,
            }
            for each in found.facts
        ],
    }


def _round(done: Round) -> dict[str, Any]:
    return {**_of(done), "outcome": outcome_words(done)}


def _of(value: object) -> Mapping[str, Any]:
    shape: Mapping[str, Any] = json.loads(canonical(value))
    return shape
