"""The editor: a rating, a caution or the end of a record becomes a draft, or the draft another one."""

from typing import NamedTuple

from flask import Response, request
from flask.typing import ResponseReturnValue

from travelrisk.domain.changes import base_id
from travelrisk.domain.differences import differences
from travelrisk.domain.errors import BadInputError, ChangedMeanwhileError, ForbiddenError
from travelrisk.domain.factors import FACTORS
from travelrisk.domain.proposals import Content, Move, Proposal, moves_from
from travelrisk.domain.ratings import Record, Subject, SubjectKind
from travelrisk.services.desk import evidence as services
from travelrisk.services.desk import lookups
from travelrisk.services.naming import name_of
from travelrisk.services.proposals import drafting
from travelrisk.web import who
from travelrisk.web.desk.pages import done
from travelrisk.web.focal.checking import EFFECTS, LEVELS, faults_in, record_from
from travelrisk.web.focal.entries import (
    END,
    RATING,
    WHATS,
    Entry,
    Reasons,
    blank,
    entry_from,
    entry_of,
    reason_text,
    reasons_of,
    typed,
)
from travelrisk.web.focal.faults import Fault, fault_in_editor, fault_of
from travelrisk.web.focal.filing import with_files
from travelrisk.web.focal.pages import (
    MOVED,
    OK,
    REFUSED,
    UNUSABLE,
    changes,
    effect_words,
    level_words,
    movement_choices,
    open_to_authors,
    page,
)
from travelrisk.web.focal.picking import choose, pick, subject_asked
from travelrisk.web.focal.showing import shown
from travelrisk.web.focal.suggesting import findings, suggestion
from travelrisk.web.focal.told import Line, Side, lines_of, told
from travelrisk.web.languages import here, language
from travelrisk.web.parts import application
from travelrisk.web.words import speaker


class Place(NamedTuple):
    """What is edited: something new (no proposal), or a proposal in the version that was looked at."""

    proposal: Proposal | None = None

    @property
    def address(self) -> str:
        """Where the form is sent."""
        if self.proposal is None:
            return here("changes.new", **request.args.to_dict())
        return here("changes.edit", reference=self.proposal.reference)


@changes.route("/changes/new", methods=["GET", "POST"])
@open_to_authors
def new() -> ResponseReturnValue:
    """Find what the change is about, then what it is, then draft it."""
    subject, what = subject_asked(), request.args.get("what", "")
    if subject is None:
        return pick()
    if what not in WHATS or (what == RATING and subject.kind is SubjectKind.STATE):
        return choose(subject)
    record = _believed(subject, request.args.get("record", ""))
    if record is None and (what == END or request.args.get("record")):
        return choose(subject)
    if what != END and record is not None and record.record != what:
        return choose(subject)
    if request.method == "POST":
        return _taken(typed(request.form, what, subject), record, Place())
    entry = entry_of(record, what) if record else blank(what, subject, application().clock().date())
    return _editor(entry, Place())


@changes.route("/changes/<reference>/edit", methods=["GET", "POST"])
@open_to_authors
def edit(reference: str) -> ResponseReturnValue:
    """Change what a proposal of one's own holds."""
    proposal = lookups.kept(application(), reference).proposal
    if proposal.author != who.person().id:
        return shown(reference, REFUSED, Fault("acts", "error_not_yours"))
    known = entry_from(proposal, _ended(proposal))
    if known is None or Move.EDIT not in moves_from(proposal.status):
        return shown(reference, MOVED, Fault("acts", "error_not_editable"))
    if request.method == "GET":
        return _editor(known, Place(proposal))
    entry = typed(request.form, known.what, known.subject)
    if request.form.get("version") != str(proposal.version):
        return _editor(entry, Place(proposal), MOVED, theirs=_theirs(proposal, entry))
    record = _believed(known.subject, known.record)
    return _taken(entry, record, Place(proposal))


def _taken(entry: Entry, record: Record | None, place: Place) -> ResponseReturnValue:
    """Keep what was typed as a draft, or show the form again with what is in the way."""
    entry, refused = with_files(application(), who.person().id, entry)
    if request.form.get("do") == "add":
        return _editor(entry.with_source(), place, UNUSABLE if refused else OK, refused)
    seen = request.form.get("seen", "")
    if place.proposal is None and record is not None and seen != record.id:
        return _editor(entry, place, MOVED, theirs=_lines(record, entry))
    faults = [*refused, *faults_in(application(), entry), *_differing(entry)]
    if faults:
        return _editor(entry, place, UNUSABLE, faults)
    return _kept(_content(entry, record), entry, record, place)


def _kept(content: Content, entry: Entry, record: Record | None, place: Place) -> ResponseReturnValue:
    if record is not None and content.wanted and not differences(record, content.wanted[0]):
        return _editor(entry, place, UNUSABLE, [Fault("why", "error_nothing")])
    try:
        proposal = _keep(content, entry, place)
    except ChangedMeanwhileError:
        current = lookups.kept(application(), place.proposal.reference if place.proposal else "").proposal
        return _editor(entry, Place(current), MOVED, theirs=_theirs(current, entry))
    except ForbiddenError as error:
        return _editor(entry, place, REFUSED, [fault_of(error, "why", "error_role")])
    except BadInputError as error:
        return _editor(entry, place, UNUSABLE, [fault_in_editor(error)])
    return done("changes.change", "done_draft", reference=proposal.reference)


def _keep(content: Content, entry: Entry, place: Place) -> Proposal:
    app, me = application(), who.person().id
    if place.proposal is None:
        return drafting.draft(app, me, content, is_urgent=entry.is_urgent)
    version, reference = place.proposal.version, place.proposal.reference
    return drafting.edit(app, me, reference, content, version=version, is_urgent=entry.is_urgent)


def _content(entry: Entry, record: Record | None) -> Content:
    found = suggestion(entry)
    reasons = Reasons(entry["why"], entry["differs"] if found and found.level != entry["level"] else "")
    why = reason_text(reasons, found.version, found.level, entry["level"]) if found else reasons.why
    if entry.what == END:
        return Content(why, ended=(base_id(record.id) if record else entry.record,))
    made = record_from(entry, who.person().name, application().clock().date())
    return Content(why, wanted=(made,))


def _differing(entry: Entry) -> list[Fault]:
    """Ask for a reason where the person's choice is another one than the methodology's."""
    found = suggestion(entry)
    differs = found is not None and entry["level"] in LEVELS and found.level != entry["level"]
    return [Fault("differs", "error_no_differs")] if differs and not entry["differs"] else []


def _editor(
    entry: Entry,
    place: Place,
    status: int = 200,
    faults: list[Fault] | None = None,
    *,
    theirs: tuple[Line, ...] = (),
) -> Response:
    app = application()
    record = _believed(entry.subject, entry.record)
    return page(
        "focal/editor.html",
        status,
        faults or [],
        entry=entry,
        place=place,
        seen=record.id if record else "",
        now=told(record) if record else None,
        has_ended=record is None and bool(entry.record) and lookups.was_opened(app, entry.record),
        name=name_of(app, entry.subject, language()),
        suggestion=suggestion(entry),
        theirs=theirs,
        levels=level_words(),
        effects={word: label for word, label in effect_words().items() if word in EFFECTS},
        movements=movement_choices(),
        factors=FACTORS,
        findings=findings(),
        files=services.names_of(app, *(row.get("file", "") for row in entry.sources)),
        is_moved=status == MOVED,
    )


def _theirs(proposal: Proposal, entry: Entry) -> tuple[Line, ...]:
    """Tell what is kept now beside what was typed."""
    saved = proposal.content.wanted[0] if proposal.content.wanted else None
    lines = _lines(saved, entry) if saved else ()
    why = reasons_of(proposal.content).why
    if why == entry["why"]:
        return lines
    return (Line(speaker(language())("field_why"), Side(why), Side(entry["why"]), ""), *lines)


def _lines(record: Record, entry: Entry) -> tuple[Line, ...]:
    if entry.what == END or faults_in(application(), entry):
        return ()  # what cannot be used yet is shown in the form only
    mine = record_from(entry, who.person().name, application().clock().date())
    return tuple(lines_of(differences(record, mine), record, mine))


def _believed(subject: Subject, base: str) -> Record | None:
    found = lookups.believed(application(), subject)[subject] if base else ()
    return next((each for each in found if base_id(each.id) == base), None)


def _ended(proposal: Proposal) -> Record | None:
    """Return the record that a proposal ends, as it stood when it was proposed or stands now."""
    bases = set(proposal.content.ended)
    return lookups.open_record(application(), next(iter(bases))) if bases else None
