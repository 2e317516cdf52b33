"""A proposal at a terminal: was and is, effect, signatures, and what happened to it."""

from dataclasses import asdict
from typing import Any, Final, NamedTuple

from travelrisk.cli import editions
from travelrisk.cli.console import print_json, say
from travelrisk.domain.differences import pairs
from travelrisk.domain.errors import BadInputError, ChangedMeanwhileError
from travelrisk.domain.proposals import Proposal, Status
from travelrisk.domain.signoffs import Weight
from travelrisk.screening.effect import Effect
from travelrisk.services.application import Application
from travelrisk.services.people import accounts
from travelrisk.services.proposals.effect import preview
from travelrisk.services.proposals.standing import Standing, standing
from travelrisk.store import proposals as store
from travelrisk.store.database import reading

_AS_THEY_ARE: Final = ("reference", "status", "weight", "author", "is_urgent", "base_edition", "edition")


class View(NamedTuple):
    """What a signer looks at; *problem* says why it cannot be weighed now."""

    proposal: Proposal
    now: Standing | None = None
    effect: Effect | None = None
    problem: str = ""


def view_of(app: Application, reference: str) -> View:
    """Return a proposal, with why it cannot be weighed now where it cannot."""
    with reading(app.engine) as c:
        proposal = store.by_reference(c, reference)
    try:
        return weighed(app, standing(app, reference))
    except (BadInputError, ChangedMeanwhileError) as error:
        return View(proposal, problem=str(error))


def weighed(app: Application, now: Standing) -> View:
    """Return a proposal with its effect, while it is on its way."""
    is_open = now.proposal.status in store.OPEN
    return View(now.proposal, now, preview(app, now.weighed.change) if is_open else None)


def tell(app: Application, word: str, reference: str, *, as_json: bool) -> None:
    """Print how a proposal stands: all of it, or where *word* says what was done with it, that alone."""
    view = view_of(app, reference)
    edition = f", edition {view.proposal.edition}" if view.proposal.edition else ""
    if as_json:
        print_json(_shape(view))
    elif word:
        say(f"{word}: {view.proposal.reference}, now {status(view.proposal)}{edition}")
        _print_signatures(app, view)
    else:
        print_view(app, view)


def print_view(app: Application, view: View) -> None:
    """Print all there is to know before one signs."""
    proposal, names = view.proposal, names_in(app)
    weight = view.now.weighed.weight if view.now else proposal.weight
    say(f"{proposal.reference}: {status(proposal)}, {weight.value}, by {names[proposal.author]}")
    say(f"Why: {proposal.content.reason}", hang=4)
    if view.problem:
        say(f"It does not fit the ratings of now: {view.problem}", hang=4)
    if proposal.content.requirement is not None:
        wanted = asdict(proposal.content.requirement)
        say("Demands: " + ", ".join(f"{name} {number}" for name, number in wanted.items()), hang=4)
    if view.now is not None:
        editions.print_pairs(app, pairs(view.now.weighed.change))
    if view.effect is not None:
        editions.print_effect(view.effect)
    _print_signatures(app, view)
    editions.print_life(view.now.life if view.now else (), names)


def _print_signatures(app: Application, view: View) -> None:
    proposal, now = view.proposal, view.now
    if now is None or proposal.status in {Status.DRAFT, Status.RETURNED}:
        return
    names = names_in(app)
    if now.signed_by:
        say(f"Signed by {', '.join(names[each] for each in now.signed_by)}")
    if now.has_lapsed and proposal.status in store.OPEN:
        say("Signatures have lapsed: the ratings or the roles have changed since they were given.")
    if now.missing and (proposal.status in store.OPEN or proposal.is_open_for_countersigning):
        say(signatures_needed(app, now), hang=4)
    elif proposal.status is Status.SIGNED:
        say(f"It can be published: travelrisk ratings publish {proposal.reference} --as ADDRESS")


def signatures_needed(app: Application, now: Standing) -> str:
    """Say how many signatures are outstanding, until when, who may give them, and by which command."""
    proposal, names = now.proposal, names_in(app)
    due = f" by {editions.moment(proposal.countersign_by)}" if proposal.countersign_by else ""
    needed = f"Signatures still needed{due}: {now.missing}."
    able = sorted(names[each] for each in now.can_be_signed_by - set(now.signed_by))
    if not able:
        return f"{needed} Who may sign: nobody; an administrator gives the role (travelrisk people roles)"
    if proposal.weight is Weight.EXCEPTION:
        command = "exceptions approve"
    else:
        command = "ratings countersign" if proposal.is_open_for_countersigning else "ratings sign"
    how = f"travelrisk {command} {proposal.reference} --as ADDRESS"
    return f"{needed} Who may sign: {', '.join(able)}, each with: {how}"


def _shape(view: View) -> dict[str, Any]:
    now = view.now
    return proposal_shape(view.proposal) | {
        "weight": now.weighed.weight if now else view.proposal.weight,
        "problem": view.problem,
        "signed_by": list(now.signed_by) if now else [],
        "missing": now.missing if now else None,
        "can_be_signed_by": sorted(now.can_be_signed_by) if now else [],
        "changes": [editions.pair_shape(each) for each in pairs(now.weighed.change)] if now else [],
        "effect": editions.effect_shape(view.effect) if view.effect else None,
        "life": [
            {"at": each.at.isoformat(), "person": each.person, "move": each.move.value, "note": each.note}
            for each in (now.life if now else ())
        ],
    }


def proposal_shape(proposal: Proposal) -> dict[str, Any]:
    """Return a proposal for programs, without what it would do."""
    due, content = proposal.countersign_by, proposal.content
    return {name: getattr(proposal, name) for name in _AS_THEY_ARE} | {
        "reason": content.reason,
        "requirement": asdict(content.requirement) if content.requirement else None,
        "countersign_by": due.isoformat() if due else None,
        "is_open_for_countersigning": proposal.is_open_for_countersigning,
    }


def status(proposal: Proposal) -> str:
    """Return where a proposal stands, in words."""
    words = [proposal.status.value]
    words += ["urgent"] if proposal.is_urgent and proposal.status in store.OPEN else []
    words += ["not countersigned"] if proposal.is_open_for_countersigning else []
    return ", ".join(words)


def names_in(app: Application) -> dict[str, str]:
    """Return the name of everybody who has or had an account, by id."""
    return {each.id: each.name for each in accounts.everybody(app)}
