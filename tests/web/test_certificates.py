"""The page of a certificate, its PDF and its QR code, and what a stranger learns from its code."""

import json

import pypdfium2  # type: ignore[import-untyped] # ships no types
import pytest
import zxingcpp
from flask import Flask

from tests.web.conftest import CLEARED, REVIEW, Visitor, with_facts
from travelrisk.intake.document import Document
from travelrisk.services.application import Application
from travelrisk.services.certificates.paper import has_pdf
from travelrisk.services.trips import receiving
from travelrisk.web.app import create_app

NAMED = CLEARED + " operated by Lufthansa\nPassenger: GREEN/ERIN MS\nBooking reference: ABC123"


@pytest.fixture
def signing(app: Application) -> Application:
    return with_facts(app, secret="a secret of this test")  # noqa: S106 - of this test


@pytest.fixture
def visitor(signing: Application) -> Visitor:
    pages: Flask = create_app(signing)
    pages.config["WTF_CSRF_ENABLED"] = False
    return Visitor(pages)


def sent(app: Application, content: str) -> str:
    (received,) = receiving.receive(
        app, Document(content.encode(), "trip.txt"), recipient="alice@example.org"
    )
    assert received.trip is not None
    return received.trip.token


def test_whoever_has_the_trip_makes_it_and_whoever_has_the_code_checks_it(
    signing: Application, visitor: Visitor
) -> None:
    token = sent(signing, NAMED)
    address = f"/fr/trips/{token}/certificate"
    assert visitor.get(f"/fr/trips/{token}").all(f"//a[@href='{address}']")
    assert visitor.get(address).all(f"//form[@method='post' and @action='{address}']")
    assert visitor.post(address).status == 303
    page = visitor.get(address)
    assert page.text("//h1") == "Attestation d'avis favorable"
    assert "GREEN" in page.words.upper()
    code = page.words.partition("code ")[2][:10]
    checked = visitor.get(f"/V/{code}?language=fr")
    assert checked.text("//h1") == "Valide : elle vaut encore"
    assert "LH 400" in checked.words
    for secret in ("Green", "GREEN", "ABC123", "TR-", token):
        assert secret not in checked.response.get_data(as_text=True)
    assert visitor.look(f"/v?code={code.lower()}").headers["Location"] == f"/v/{code}"
    found = visitor.look(f"/trips/{token}/certificate.jws")
    assert found.headers["Content-Type"] == "application/jose"
    (key,) = json.loads(visitor.look("/.well-known/jwks.json").data)["keys"]
    assert key["crv"] == "Ed25519"
    assert "d" not in key


@pytest.mark.skipif(not has_pdf(), reason="the libraries that make PDFs are not installed here")
def test_the_pdf_says_the_same_and_its_qr_code_leads_to_the_check(
    signing: Application, visitor: Visitor
) -> None:
    token = sent(signing, NAMED)
    visitor.post(f"/trips/{token}/certificate")
    answer = visitor.look(f"/es/trips/{token}/certificate.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    paper = pypdfium2.PdfDocument(answer.data)
    text = paper[0].get_textpage().get_text_range()
    for words in ("Certificado de visto bueno", "GREEN", "LH 400", "No es la autorización de seguridad TRIP"):
        assert words.lower() in " ".join(text.split()).lower()
    code = text.partition("código ")[2][:10]
    (read,) = zxingcpp.read_barcodes(paper[0].render(scale=3).to_pil())
    assert read.text.upper() == f"{signing.facts.base_url}/v/{code}".upper()


def test_an_answer_that_does_not_clear_has_none_and_says_why(signing: Application, visitor: Visitor) -> None:
    token = sent(signing, REVIEW)
    address = f"/trips/{token}/certificate"
    assert not visitor.get(f"/trips/{token}").all(f"//a[@href='{address}']")
    assert "Certificates are only made of trips that are cleared" in visitor.get(address).words
    assert visitor.post(address).status == 422
    for kind in (".pdf", ".jws"):
        assert visitor.look(address + kind).status_code == 404


def test_a_code_that_nobody_was_given_is_asked_for_again(visitor: Visitor) -> None:
    for address in ("/v/GUESSED234", "/v?code=guessed%20234", "/v/%3Cscript%3E"):
        page = visitor.get(address)
        assert page.status == 404
        assert "No certificate has this code" in page.words
