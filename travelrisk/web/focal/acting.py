"""What is done with a change: one short form each, refused where another one was looked at."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from flask import Response, request
from flask.typing import ResponseReturnValue

from travelrisk.domain.errors import BadInputError, ChangedMeanwhileError, ForbiddenError
from travelrisk.domain.proposals import Move, Proposal
from travelrisk.services.application import Application
from travelrisk.services.desk import lookups
from travelrisk.services.proposals import drafting, publishing, signing
from travelrisk.services.proposals.signing import Seen
from travelrisk.services.proposals.specimen import specimen
from travelrisk.web import who
from travelrisk.web.desk.pages import done
from travelrisk.web.focal.faults import Fault, fault_of
from travelrisk.web.focal.pages import (
    MOVED,
    OK,
    REFUSED,
    UNUSABLE,
    changes,
    open_to_authors,
    open_to_desk,
    open_to_publishers,
    open_to_signers,
    page,
)
from travelrisk.web.focal.showing import sheet_of, shown
from travelrisk.web.parts import application

Do = Callable[[Application, str, str], Proposal]


class Look(NamedTuple):
    """What was decided with the effect in view, and how that is shown again."""

    move: Move
    again: Callable[[Fault], Response]


@changes.post("/changes/<reference>/propose")
@open_to_authors
def propose(reference: str) -> ResponseReturnValue:
    """Ask others to sign."""
    return _turn(reference, "done_proposed", drafting.propose)


@changes.post("/changes/<reference>/withdraw")
@open_to_authors
def withdraw(reference: str) -> ResponseReturnValue:
    """Take one's own proposal back for good."""
    note = request.form.get("note", "")
    return _turn(reference, "done_withdrawn", partial(drafting.withdraw, note=note))


@changes.post("/changes/<reference>/sign")
@open_to_signers
def sign(reference: str) -> ResponseReturnValue:
    """Agree to what was looked at."""
    agree = partial(publishing.sign, seen=_seen(), note=request.form.get("note", ""))
    return _turn(reference, "done_signed", agree, Look(Move.SIGN, partial(shown, reference, MOVED)))


@changes.post("/changes/<reference>/countersign")
@open_to_signers
def countersign(reference: str) -> ResponseReturnValue:
    """Agree afterwards to what was published at once."""
    agree = partial(signing.countersign, seen=_seen(), note=request.form.get("note", ""))
    return _turn(reference, "done_countersigned", agree)


@changes.post("/changes/<reference>/return")
@open_to_desk
def give_back(reference: str) -> ResponseReturnValue:
    """Return a proposal to its author, with what should be different."""
    note = request.form.get("note", "")
    if not note.strip():
        return shown(reference, UNUSABLE, Fault("note-return", "error_no_return"))
    return _turn(reference, "done_returned", partial(signing.give_back, note=note))


@changes.route("/changes/<reference>/publish", methods=["GET", "POST"])
@open_to_publishers
def publish(reference: str) -> ResponseReturnValue:
    """Show once more what will happen, then publish what others have signed."""
    show = partial(_before_publishing, reference, at_once=False)
    if request.method == "GET":
        return show()
    return _turn(reference, "done_published", publishing.publish, Look(Move.PUBLISH, show))


@changes.route("/changes/<reference>/publish-at-once", methods=["GET", "POST"])
@open_to_publishers
def publish_at_once(reference: str) -> ResponseReturnValue:
    """Show once more what will happen, then publish an urgent tightening before anybody signs it."""
    show = partial(_before_publishing, reference, at_once=True)
    if request.method == "GET":
        return show()
    look = Look(Move.PUBLISH_URGENTLY, show)
    return _turn(reference, "done_published_at_once", publishing.publish_urgently, look)


def _before_publishing(reference: str, *faults: Fault, at_once: bool) -> Response:
    status, sheet = MOVED if faults else OK, sheet_of(reference)
    letter = specimen(application(), reference, sheet.effect) if sheet.effect else None
    return page("focal/publish.html", status, faults, sheet=sheet, specimen=letter, at_once=at_once)


def _turn(reference: str, confirmation: str, do: Do, look: Look | None = None) -> ResponseReturnValue:
    """Do something with a change, unless it is another one than was looked at.

    With *look*, its effect was looked at too. Where other people are concerned by now, it is shown again.
    """
    app = application()
    if request.form.get("version") != str(lookups.kept(app, reference).proposal.version):
        return shown(reference, MOVED, Fault("acts", "error_moved"))
    if look is not None and _is_for_others(reference, look.move):
        return look.again(Fault("effect", "error_effect"))
    try:
        do(app, who.person().id, reference)
    except ChangedMeanwhileError:
        return shown(reference, MOVED, Fault("acts", "error_moved"))
    except ForbiddenError as error:
        return shown(reference, REFUSED, fault_of(error, "acts", "error_role"))
    except BadInputError as error:
        return shown(reference, UNUSABLE, fault_of(error, "acts"))
    return done("changes.change", confirmation, reference=reference)


def _is_for_others(reference: str, move: Move) -> bool:
    """Say whether the effect is another one than was looked at; who may not do it is told that instead."""
    sheet = sheet_of(reference)
    return move in sheet.acts and request.form.get("effect") != sheet.effect_digest


def _seen() -> Seen:
    edition = request.form.get("edition", "")
    return Seen(request.form.get("content", ""), int(edition) if edition.isdecimal() else -1)
