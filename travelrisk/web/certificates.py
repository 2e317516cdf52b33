"""Certificates of clearance: shown to whoever has the link of the trip, checked by anybody with a code."""

from typing import Final

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from travelrisk import resources
from travelrisk.domain.errors import BadInputError, NotFoundError
from travelrisk.services.certificates import checking, issuing
from travelrisk.services.certificates.checking import Certificate
from travelrisk.services.certificates.paper import has_pdf, pdf_of, qr_code
from travelrisk.services.certificates.standing import is_clearing
from travelrisk.services.trips import story
from travelrisk.services.trips.story import TripView
from travelrisk.web.access import open_to_all
from travelrisk.web.languages import here, language
from travelrisk.web.parts import application
from travelrisk.web.telling import Telling, tell

blueprint: Final = Blueprint("certificates", __name__)
keys: Final = Blueprint("certificate_keys", __name__)

_BY_TOKEN: Final = open_to_all(
    "its 128-bit token stands only in the letters of the trip; any other gets a 404"
)
_BY_CODE: Final = open_to_all("whoever holds a certificate may ask whether it holds; no name is told")
_LONGEST_CODE: Final = 24


@blueprint.route("/trips/<token>/certificate", methods=["GET", "POST"])
@_BY_TOKEN
def certificate(token: str) -> ResponseReturnValue:
    """Show the certificate of the newest answer as it is printed, and make it where it is asked for."""
    app = application()
    if request.method == "POST":
        return _made(token)
    view = story.view(app, token)
    known = issuing.newest(app, token)
    if known is None:
        clears = view.newest is not None and is_clearing(view.newest.advisory.verdict)
        return _none(token, can_be_made=clears and not view.is_cancelled)
    return render_template(
        "certificates/certificate.html", token=token, has_pdf=has_pdf(), **_shown(view, known)
    )


@blueprint.get("/trips/<token>/certificate.pdf")
@_BY_TOKEN
def pdf(token: str) -> ResponseReturnValue:
    """Give the certificate as a PDF, where the service can make one."""
    app = application()
    known = _known(token)
    if not has_pdf():
        raise NotFoundError("this service makes no PDF")
    css = resources.templates().joinpath("web", "certificates", "paper.css").read_text(encoding="utf-8")
    page = render_template("certificates/paper.html", css=css, **_shown(story.view(app, token), known))
    return _file(pdf_of(page), "application/pdf", f"{known.code}.pdf")


@blueprint.get("/trips/<token>/certificate.jws")
@_BY_TOKEN
def signed(token: str) -> ResponseReturnValue:
    """Give the signed claims, which hold no name."""
    known = _known(token)
    if known.jws is None:
        raise NotFoundError("this certificate is not signed")
    return _file(known.jws.encode(), "application/jose", f"{known.code}.jws")


@blueprint.get("/v")
@_BY_CODE
def verify() -> ResponseReturnValue:
    """Ask for a code, and lead to what is known about it."""
    typed = request.args.get("code", "")[:_LONGEST_CODE]
    if typed.strip():
        try:
            known = checking.check(application(), typed)
        except NotFoundError:
            page = render_template("certificates/verify.html", typed=typed, is_unknown=True)
            return make_response(page, 404)
        return redirect(here("certificates.checked", code=known.code), 303)
    return render_template("certificates/verify.html", typed="", is_unknown=False)


@blueprint.get("/v/<code>")
@blueprint.get("/V/<code>", endpoint="scanned")  # codes are scanned in capitals, which take less room
@_BY_CODE
def checked(code: str) -> ResponseReturnValue:
    """Say whether a certificate still holds; a code that nobody was given is asked for again."""
    try:
        known = checking.check(application(), code[:_LONGEST_CODE])
    except NotFoundError:
        page = render_template("certificates/verify.html", typed=code[:_LONGEST_CODE], is_unknown=True)
        return make_response(page, 404)
    told = tell(known.itinerary, known.advisory, application().policy.policy, language())
    return render_template("certificates/checked.html", certificate=known, told=told)


@keys.get("/.well-known/jwks.json")
@open_to_all("public keys, with which anybody can verify a certificate")
def published() -> ResponseReturnValue:
    """Give every public key that ever signed a certificate (RFC 7517)."""
    body = f'{{"keys": [{", ".join(checking.public_keys(application()))}]}}'
    return Response(body, content_type="application/jwk-set+json")


def _made(token: str) -> ResponseReturnValue:
    try:
        issuing.issue(application(), token)
    except BadInputError:
        return make_response(_none(token, can_be_made=False), 422)
    return redirect(here("certificates.certificate", token=token), 303)


def _none(token: str, *, can_be_made: bool) -> str:
    return render_template(
        "certificates/certificate.html", token=token, certificate=None, can_be_made=can_be_made
    )


def _known(token: str) -> Certificate:
    known = issuing.newest(application(), token)
    if known is None:
        raise NotFoundError("the newest answer on this trip has no certificate")
    return known


def _shown(view: TripView, known: Certificate) -> dict[str, object]:
    told: Telling = tell(
        known.itinerary,
        known.advisory,
        application().policy.policy,
        language(),
        reference=view.trip.reference,
    )
    return {
        "certificate": known,
        "told": told,
        "reference": view.trip.reference,
        "qr": qr_code(known.address),
    }


def _file(content: bytes, media_type: str, name: str) -> Response:
    response = Response(content, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
