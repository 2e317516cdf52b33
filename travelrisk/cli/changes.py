"""``travelrisk ratings propose|sign|publish``: a change of the ratings and its life, at a terminal.

Whoever can start the program can read everything; to act as somebody takes that person's own password.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

import click

from travelrisk.cli import editions, views
from travelrisk.cli.acting import as_somebody, somebody
from travelrisk.cli.console import print_json, say, table
from travelrisk.cli.opening import opened
from travelrisk.cli.options import REFERENCE, Command, agreed, as_json, looked_before, quiet
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.proposals import Content, Proposal, Status
from travelrisk.services.application import Application
from travelrisk.services.desk import evidence as keeping
from travelrisk.services.desk import history
from travelrisk.services.proposals import drafting, publishing, signing
from travelrisk.services.proposals.signing import Seen
from travelrisk.services.proposals.standing import Standing, standing
from travelrisk.services.ratings.recordfile import read_records
from travelrisk.store import proposals as store
from travelrisk.store.database import reading

Act = Callable[..., Proposal]

_NOTE: Final = click.option("--note", default="", help="What you want to have said.")
_YES: Final = click.option("--yes", is_flag=True, help="Do it without showing it and asking first.")


def _on_a_proposal(command: Command) -> Command:
    printed = as_json("Print the proposal as one JSON object.")
    return click.argument("reference", metavar="CH-...")(as_somebody(printed(quiet(command))))


@click.command("propose")
@click.argument("file", metavar="[FILE|CH-...]", type=click.Path(path_type=Path), required=False)
@click.option("--reason", default="", help="Why, for whoever signs and whoever asks years later.")
@click.option(
    "--end",
    "ended",
    multiple=True,
    metavar="ID",
    help="End this record (list --json has the ids); may be repeated.",
)
@click.option(
    "--urgent",
    is_flag=True,
    help="It may be published at once and is countersigned after; only what makes nothing easier.",
)
@click.option("--draft", is_flag=True, help="Keep it as a draft, and ask nobody to sign yet.")
@as_somebody
@as_json("Print the proposal as one JSON object.")
@quiet
def propose(  # noqa: PLR0913 - one for each option, all named
    file: Path | None,
    *,
    reason: str,
    ended: tuple[str, ...],
    urgent: bool,
    draft: bool,
    as_json: bool,
    **who: Any,  # noqa: ANN401 - the options of as_somebody
) -> None:
    """Propose the records in FILE, or the end of some, and ask others to sign.

    FILE is TOML, JSON (as export prints it) or CSV; a record in it takes the place of the one with the same
    id, and all others stay.

    CH-... names a draft of yours instead, such as --draft keeps, and takes no reason: it has one.
    """
    if file is not None and REFERENCE.fullmatch(str(file)):
        if ended or reason or urgent or draft:
            raise click.UsageError(f"{file} is a draft: it is proposed as it is, with --as alone")
        _act("Proposed", drafting.propose, reference=str(file).upper(), as_json=as_json, **who)
        return
    if (file is None and not ended) or not reason.strip():
        raise click.UsageError("say what is proposed, as a FILE or by --end ID, and why, by --reason")
    with opened() as app:
        wanted = read_records(file, app.atlas, app.book) if file is not None else ()
        person = somebody(app, **who)
        content = Content(reason.strip(), wanted, ended)
        made = drafting.draft(app, person.id, content, is_urgent=urgent)
        if not draft:
            made = drafting.propose(app, person.id, made.reference)
        views.tell(app, "", made.reference, as_json=as_json)


@click.command("proposals")
@click.option("--all", "everything", is_flag=True, help="Also those that were published or withdrawn.")
@as_json("Print a JSON array of the proposals.")
@quiet
def proposals(*, everything: bool, as_json: bool) -> None:
    """List the proposals that wait for somebody, the one that waited longest first."""
    with opened() as app:
        with reading(app.engine) as c:
            found = store.in_status(c, *(Status if everything else store.OPEN))
            if not everything:
                found = (*store.uncountersigned(c), *found)
        names = views.names_in(app)
    if as_json:
        print_json([views.proposal_shape(each) for each in found])
    elif found:
        rows = [
            (each.reference, views.status(each), each.weight.value, names[each.author], each.content.reason)
            for each in found
        ]
        table(("Reference", "Status", "Weight", "Author", "Reason"), rows)
    else:
        say("There are no proposals." if everything else "No proposal waits for anybody.")


@click.command("show")
@click.argument("reference", metavar="CH-...")
@as_json("Print the proposal as one JSON object.")
@quiet
def show(*, reference: str, as_json: bool) -> None:
    """Show a proposal: was and is, effect, signatures, and what happened to it."""
    with opened() as app:
        views.tell(app, "", reference, as_json=as_json)


@click.command("sign")
@_on_a_proposal
@_NOTE
@_YES
def sign(*, note: str, yes: bool, **who: Any) -> None:  # noqa: ANN401 - the options of _on_a_proposal
    """Sign a proposal of somebody else, after a look at what it does."""
    _sign(publishing.sign, note=note, yes=yes, **who)


@click.command("countersign")
@_on_a_proposal
@_NOTE
@_YES
def countersign(*, note: str, yes: bool, **who: Any) -> None:  # noqa: ANN401 - as above
    """Agree afterwards to an urgent change that was published at once."""
    _sign(signing.countersign, note=note, yes=yes, **who)


@click.command("return")
@_on_a_proposal
@click.option("--note", required=True, help="What should be different.")
def return_(*, note: str, **who: Any) -> None:  # noqa: ANN401 - as above
    """Give a proposal back to its author; every signature on it is gone."""
    _act("Returned", partial(signing.give_back, note=note), **who)


@click.command("withdraw")
@_on_a_proposal
@_NOTE
def withdraw(*, note: str, **who: Any) -> None:  # noqa: ANN401 - as above
    """Take your own proposal back for good."""
    _act("Withdrawn", partial(drafting.withdraw, note=note), **who)


@click.command("publish")
@_on_a_proposal
@click.option(
    "--at-once",
    is_flag=True,
    help="Publish an urgent one before anybody signs it; somebody must countersign.",
)
@_YES
def publish(*, at_once: bool, yes: bool, reference: str, as_json: bool, **who: Any) -> None:  # noqa: ANN401 - as above
    """Publish a signed proposal as the next edition, after a look at what it does."""
    looked_before(as_json=as_json, yes=yes, show="ratings show")
    with opened() as app:
        person = somebody(app, **who)
        now = standing(app, reference)
        if not at_once:
            _check_signed(app, now)
        if not yes and now.proposal.status in store.OPEN:
            views.print_view(app, views.weighed(app, now))
            agreed(f"\nPublish {now.proposal.reference} as {person.name}?", "nothing was published")
        work = publishing.publish_urgently if at_once else publishing.publish
        work(app, person.id, reference)
        views.tell(app, "Published", reference, as_json=as_json)


def _check_signed(app: Application, now: Standing) -> None:
    """Refuse to publish what others have yet to sign, and say what comes next."""
    proposal = now.proposal
    if proposal.status in {Status.DRAFT, Status.RETURNED}:
        raise BadInputError(
            f"{proposal.reference} is {proposal.status.value}, and nobody was asked to sign it: its author"
            f" proposes it with travelrisk ratings propose {proposal.reference} --as ADDRESS"
        )
    if proposal.status in store.OPEN and now.missing:
        raise BadInputError(
            f"{proposal.reference} cannot be published yet. {views.signatures_needed(app, now)}"
        )


@click.command("news")
@as_somebody
@as_json("Print a JSON array of the editions, with every field that differs.")
@quiet
def news(*, as_json: bool, **who: Any) -> None:  # noqa: ANN401 - as above
    """Show what was published since you last looked, the oldest first; it counts as seen afterwards."""
    with opened() as app:
        person = somebody(app, **who)
        found = history.news(app, person.id)
        editions.print_published(app, found, as_json=as_json)
        if not found and not as_json:
            say("Nothing was published since you last looked.")
        if found:
            history.looked(app, person.id, found[-1].edition)


def _act(word: str, work: Act, *, reference: str, as_json: bool, **who: Any) -> None:  # noqa: ANN401 - as above
    with opened() as app:
        person = somebody(app, **who)
        work(app, person.id, reference)
        views.tell(app, word, reference, as_json=as_json)


def _sign(work: Act, *, note: str, yes: bool, reference: str, as_json: bool, **who: Any) -> None:  # noqa: ANN401 - as above
    looked_before(as_json=as_json, yes=yes, show="ratings show")
    with opened() as app:
        person = somebody(app, **who)
        now = standing(app, reference)
        if not yes:
            views.print_view(app, views.weighed(app, now))
            agreed(f"\nSign {now.proposal.reference} as {person.name}?", "nothing was signed")
        # Bound to what was just shown: if it has changed meanwhile, the service refuses.
        work(app, person.id, reference, Seen(now.proposal.content_sha256, now.weighed.edition), note=note)
        views.tell(app, "Signed", reference, as_json=as_json)


@click.command("evidence")
@click.argument("file", type=click.Path(path_type=Path))
@as_somebody
@as_json("Print its hash and its name as one JSON object.")
@quiet
def evidence(*, file: Path, as_json: bool, **who: Any) -> None:  # noqa: ANN401 - the options of as_somebody
    """Keep FILE (PDF, PNG, JPEG, text) as evidence, and say how a record names it."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise BadInputError(f"{file}: cannot be read ({error.strerror}): check path and rights") from error
    with opened() as app:
        sha256 = keeping.keep_file(app, somebody(app, **who).id, content, file.name)
    if as_json:
        print_json({"file": sha256, "name": file.name})
    else:
        say(f'{file.name} is kept. Write this with its evidence: file = "{sha256}"')


COMMANDS: Final = (propose, proposals, show, sign, countersign, return_, withdraw, publish, news, evidence)
"""What ``travelrisk ratings`` has of this."""
