"""What a change should be about: a few words are resolved here, and what is ambiguous is asked back."""

from flask import redirect, request
from flask.typing import ResponseReturnValue

from travelrisk.domain.errors import BadInputError
from travelrisk.domain.ratings import Subject, SubjectKind
from travelrisk.services.desk import lookups
from travelrisk.services.naming import name_of
from travelrisk.web.focal.entries import CAUTION, RATING
from travelrisk.web.focal.faults import Fault
from travelrisk.web.focal.pages import UNUSABLE, page
from travelrisk.web.focal.subjects import LONGEST, exists, meant, subject_from
from travelrisk.web.focal.told import told
from travelrisk.web.languages import here, language
from travelrisk.web.parts import application

KINDS = tuple(kind.value for kind in SubjectKind)


def subject_asked() -> Subject | None:
    """Return the subject that the address names; None where it names none that we know."""
    try:
        subject = subject_from(request.args.get("subject", ""))
    except BadInputError:
        return None
    return subject if exists(application(), subject) else None


def pick() -> ResponseReturnValue:
    """Ask for the subject, or lead on where the words mean one thing only."""
    kind, text = request.args.get("kind", ""), request.args.get("text", "").strip()[:LONGEST]
    if "subject" in request.args:  # known by an address only, and there is none such
        kind, _, text = request.args["subject"][:LONGEST].partition(":")
    if kind not in KINDS:
        kind = KINDS[0]
    if not text:
        faults = [Fault("text", "error_no_subject")] if "text" in request.args else []
        return page("focal/pick.html", UNUSABLE if faults else 200, faults, kind=kind, text="", choices=())
    choices = meant(application(), SubjectKind(kind), text, language())
    if len(choices) == 1 and choices[0].subject.kind.value == kind and "subject" not in request.args:
        return redirect(here("changes.new", subject=str(choices[0].subject)), 303)
    faults = [] if choices else [Fault("text", "error_unknown_" + kind)]
    status = UNUSABLE if faults else 200
    return page("focal/pick.html", status, faults, kind=kind, text=text, choices=choices)


def choose(subject: Subject) -> ResponseReturnValue:
    """Show what is on record about a subject, and ask what should become of it."""
    app = application()
    return page(
        "focal/choose.html",
        subject=subject,
        name=name_of(app, subject, language()),
        records=[told(each) for each in lookups.believed(app, subject)[subject]],
        whats=(CAUTION,) if subject.kind is SubjectKind.STATE else (RATING, CAUTION),
    )
