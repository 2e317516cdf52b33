"""The check page: one box, and below it the answer with its reasons. Nothing is stored and nobody written to.

Its form has no token: a token needs a session, and with it a cookie for everybody who looks in. The form
changes nothing, and the answer shows a stranger's page nothing; that it comes from this site is checked by
``Sec-Fetch-Site`` and ``Origin`` (see security), since an answer costs processor time. Without a token the
empty page is the same for everybody, and is rendered once for each language.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from flask import current_app, g, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage, MultiDict
from wtforms import Field, TextAreaField  # type: ignore[import-untyped] # ships no types

from travelrisk.domain.itineraries import Outcome
from travelrisk.domain.texts import LANGUAGES, Language
from travelrisk.intake.document import Document
from travelrisk.picture.journey import Drawn
from travelrisk.services.exceptions.offering import offers_of
from travelrisk.services.trips import checking
from travelrisk.services.trips.checking import Answer
from travelrisk.store.statements import Statement
from travelrisk.telling.foreign import visible
from travelrisk.telling.reasons import Line
from travelrisk.telling.refusals import refusal
from travelrisk.telling.ways import Told
from travelrisk.web.access import open_to_all
from travelrisk.web.forms import Form
from travelrisk.web.languages import here, language
from travelrisk.web.limits import dear
from travelrisk.web.maps import map_of
from travelrisk.web.parts import application
from travelrisk.web.security import csrf
from travelrisk.web.traveller.answers import Answered, answered
from travelrisk.web.traveller.pages import blueprint
from travelrisk.web.ways import ways_of

FORMS = (
    ".eml,.msg,.ics,.pdf,.pkpass,.pkpasses,.png,.jpg,.jpeg,.gif,.webp"
    ",.csv,.tsv,.xlsx,.json,.xml,.html,.txt,.zip"
)
"""The names of the files that are read; what is inside decides, so this only helps to choose."""
_LONGEST_FILE_NAME = 80
_LONGEST_LINE = 300
_MOST_LINES = 50
_MOST_SAID = 24
_LONGEST_ANSWER = 400


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands below the form.

    Attributes:
        answer: None where nothing was asked, or nothing understood.
        file_name: of the file that was read, empty for what was typed.
        box_ignored: whether there was something in the box as well.
        unread: flight-like lines, where nothing was understood. reason: why.
        exception: what the form that asks for an exception is filled with; empty where none would help.
        typed, said: what was typed, and the answers to questions about it so far, for the next of them.
        drawn: the map of the one itinerary that was understood. ways: other ways instead of its own.
    """

    answer: Answered | None = None
    file_name: str = ""
    box_ignored: bool = False
    unread: tuple[str, ...] = ()
    reason: Line | None = None
    exception: Mapping[str, str] = field(default_factory=dict)
    typed: str = ""
    said: tuple[str, ...] = ()
    drawn: Drawn | None = None
    ways: Told | None = None


class CheckForm(Form):
    """One box and one file; a file goes before the box."""

    class Meta:
        """Without a token, see the module."""

        csrf = False

    text = TextAreaField(
        render_kw={
            "class": "form-control",
            "rows": 2,
            "autocomplete": "off",
            "autocapitalize": "off",
            "spellcheck": "false",
        }
    )
    file = FileField(render_kw={"class": "form-control", "accept": FORMS})

    @property
    def typed(self) -> str:
        """What stands in the box."""
        return (self.text.data or "").strip()

    @property
    def upload(self) -> FileStorage | None:
        """The file that was chosen, if any."""
        chosen = self.file.data
        return chosen if isinstance(chosen, FileStorage) and chosen.filename else None


@blueprint.get("/")
@open_to_all("it only leads to the check page")
def first_page() -> ResponseReturnValue:
    """Lead to the check page; from the bare address, in the language that the browser asks for."""
    if request.path == "/" and "language" not in request.args:
        g.language = request.accept_languages.best_match(LANGUAGES, "en")
    return redirect(here("traveller.check"))


@blueprint.route("/check", methods=["GET", "POST"])
@csrf.exempt  # type: ignore[untyped-decorator] # Flask-WTF ships no types
@open_to_all("anybody may ask before booking; nothing is stored")
@dear
def check() -> ResponseReturnValue:
    """Show the empty page, or answer the question in ``?q=`` or in the form."""
    if request.method == "POST":
        return _answer(CheckForm())
    if "q" in request.args:
        return _answer(CheckForm(formdata=MultiDict({"text": request.args["q"]})))
    return _empty_page(language(), request.root_path)


def _empty_page(wanted: Language, root: str) -> str:
    if request.args:
        return _page(CheckForm(formdata=None), Shown())
    pages: dict[tuple[Language, str], str] = current_app.extensions.setdefault("empty_check_pages", {})
    if (wanted, root) not in pages:
        pages[wanted, root] = _page(CheckForm(formdata=None), Shown())
    return pages[wanted, root]


def _answer(form: CheckForm) -> ResponseReturnValue:
    upload = form.upload
    if upload is None and not form.typed:
        return _refused(form, form.text, "error_empty", Shown())
    file_name = _file_name(upload)
    said = _said()
    answers = _answers(form.typed, upload, file_name, said)
    if not any(answer.advisory for answer in answers):
        field = form.text if upload is None else form.file
        lines = [line for answer in answers for line in answer.unread][:_MOST_LINES]
        unread = tuple(refusal(line, language()).text[:_LONGEST_LINE] for line in lines)
        shown = Shown(file_name=file_name, unread=unread, reason=refusal(answers[0].reason, language()))
        is_unreadable = answers[0].outcome is Outcome.UNREADABLE
        return _refused(form, field, "error_unreadable" if is_unreadable else "error_nothing_found", shown)
    typed = "" if upload else form.typed
    told = answered(answers, application().policy.policy, language(), typed)
    was_ignored = upload is not None and bool(form.typed)
    shown = Shown(told, file_name, was_ignored, exception=_exception(answers), typed=typed, said=said)
    return _fragment_or_page(form, replace(shown, drawn=_drawn(answers), ways=_ways(answers)))


def _exception(answers: Sequence[Answer]) -> Mapping[str, str]:
    """Return what an exception for the one itinerary would be about: its first carrier in the way."""
    judged = [(each.itinerary, each.advisory) for each in answers if each.itinerary and each.advisory]
    found = offers_of(application(), *judged[0]) if len(judged) == 1 else ()
    if not found:
        return {}
    offer = found[0]
    days = {"valid_from": offer.span.first.isoformat(), "valid_until": offer.span.last.isoformat()}
    return {"carrier": offer.carrier, "route": offer.route, **days}


def _ways(answers: Sequence[Answer]) -> Told | None:
    """Return other ways for the one itinerary."""
    judged = [(each.itinerary, each.advisory) for each in answers if each.itinerary and each.advisory]
    return ways_of(*judged[0]) if len(judged) == 1 else None


def _drawn(answers: Sequence[Answer]) -> Drawn | None:
    """Return the map of the one itinerary; of several, each would be too much for one page."""
    judged = [(each.itinerary, each.advisory) for each in answers if each.itinerary and each.advisory]
    return map_of(*judged[0]) if len(judged) == 1 else None


def _said() -> tuple[str, ...]:
    """Return the answers to our questions that came with the text, the one in other words among them."""
    asked, words = request.form.get("asked", ""), " ".join(request.form.get("words", "").split())
    given = [*request.form.getlist("answer"), *([asked + words] if asked and words else [])]
    return tuple(dict.fromkeys(each for each in given if len(each) <= _LONGEST_ANSWER))[:_MOST_SAID]


def _statement(said: str) -> Statement | None:
    """Take ``code|segment|words in doubt|answer`` apart; None where it is none."""
    code, _, rest = said.partition("|")
    segment, _, rest = rest.partition("|")
    text, _, value = rest.rpartition("|")
    return Statement(code, int(segment), text, value) if segment.isascii() and segment.isdigit() else None


def _answers(
    typed: str, upload: FileStorage | None, file_name: str, said: tuple[str, ...]
) -> tuple[Answer, ...]:
    if upload is None:
        return checking.check(application(), typed, tuple(filter(None, map(_statement, said))))
    document = Document(upload.read(), file_name, upload.mimetype or "")
    return checking.check_document(application(), document)


def _file_name(upload: FileStorage | None) -> str:
    return visible((upload.filename if upload else "") or "").rpartition("/")[2][-_LONGEST_FILE_NAME:]


def _refused(form: CheckForm, field: Field, error: str, shown: Shown) -> ResponseReturnValue:
    """Say what to do; never a silence that could be taken for a clearance."""
    field.errors = [error]
    return make_response(_fragment_or_page(form, shown), 422)


def _page(form: CheckForm, shown: Shown) -> str:
    return _rendered("traveller/check.html", form, shown)


def _fragment_or_page(form: CheckForm, shown: Shown) -> str:
    if request.headers.get("X-Fragment") == "answer":
        return _rendered("traveller/answer_fragment.html", form, shown)
    return _page(form, shown)


def _rendered(template: str, form: CheckForm, shown: Shown) -> str:
    form.describe()
    sent = request.method == "POST" and form.upload is None
    return render_template(template, form=form, shown=shown, sends_again=sent)
