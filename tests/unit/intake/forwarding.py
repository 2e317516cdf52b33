"""The ways in which people forward a mail inline: as mail programs do it, in many languages and shapes."""

# ruff: noqa: E501, RUF001 - headers of mails are as long as they are, in every alphabet

import re
from collections.abc import Callable
from datetime import date
from email.message import EmailMessage
from html import escape

AGENCY, BOB = "Travel Desk <desk@agency.example>", "Bob Example <bob@example.org>"
WRITTEN = date(2026, 11, 20)
SUBJECT = "Your journey"
_ORIGINAL_DATE = "Fri, 20 Nov 2026 10:12:00 +0100"
_FORWARDED_DATE = "Mon, 23 Nov 2026 09:00:00 +0100"

NOTES = {
    "en": (
        "Hi,\n\nplease have a look at the booking below.\n\nBest regards,\nBob Example\nTravel Unit\n"
        "Tel. +41 22 555 01 23\n\nThis e-mail and any attachments are confidential and intended solely for the addressee."
    ),
    "fr": (
        "Bonjour,\n\nveuillez trouver ci-dessous la réservation.\n\nCordialement,\nBob Example\n\n"
        "Ce message est confidentiel et destiné exclusivement à son destinataire."
    ),
    "es": (
        "Hola:\n\nadjunto la reserva de abajo.\n\nSaludos cordiales,\nBob Example\n\n"
        "Este mensaje es confidencial y está dirigido exclusivamente a su destinatario."
    ),
    "de": (
        "Hallo,\n\nanbei die Buchung.\n\nMit freundlichen Grüßen\nBob Example\n\n"
        "Diese E-Mail ist vertraulich und nur für den Empfänger bestimmt."
    ),
}
"""A greeting, a signature and the disclaimer of an organisation."""

_HEADERS = {
    "outlook en": (
        "From: {a}\nSent: Friday, November 20, 2026 10:12 AM\nTo: Alice Doe\nSubject: {s}\n\n",
        "en",
    ),
    "outlook fr": (
        "De : {a}\nEnvoyé : vendredi 20 novembre 2026 10:12\nÀ : Alice Doe\nObjet : {s}\n\n",
        "fr",
    ),
    "outlook es": (
        "De: {a}\nEnviado el: viernes, 20 de noviembre de 2026 10:12\nPara: Alice Doe\nAsunto: {s}\n\n",
        "es",
    ),
    "outlook de": (
        "Von: {a}\nGesendet: Freitag, 20. November 2026 10:12\nAn: Alice Doe\nBetreff: {s}\n\n",
        "de",
    ),
    "outlook pt": (
        "De: {a}\nEnviada em: sexta-feira, 20 de novembro de 2026 10:12\nPara: Alice Doe\nAssunto: {s}\n\n",
        "en",
    ),
    "outlook it": ("Da: {a}\nInviato: venerdì 20 novembre 2026 10:12\nA: Alice Doe\nOggetto: {s}\n\n", "en"),
    "outlook nl": (
        "Van: {a}\nVerzonden: vrijdag 20 november 2026 10:12\nAan: Alice Doe\nOnderwerp: {s}\n\n",
        "en",
    ),
    "outlook pl": ("Od: {a}\nWysłano: piątek, 20 listopada 2026 10:12\nDo: Alice Doe\nTemat: {s}\n\n", "en"),
    "outlook sv": ("Från: {a}\nSkickat: den 20 november 2026 10:12\nTill: Alice Doe\nÄmne: {s}\n\n", "en"),
    "outlook ru": ("От: {a}\nОтправлено: 20 ноября 2026 г. 10:12\nКому: Alice Doe\nТема: {s}\n\n", "en"),
    "outlook tr": ("Kimden: {a}\nGönderildi: 20 Kasım 2026 Cuma 10:12\nKime: Alice Doe\nKonu: {s}\n\n", "en"),
    "outlook zh": ("发件人: {a}\n发送时间: 2026年11月20日 10:12\n收件人: Alice Doe\n主题: {s}\n\n", "en"),
    "outlook ruler": (
        "________________________________\nFrom: {a}\nSent: 20 November 2026 10:12\nTo: Alice Doe\nSubject: {s}\n\n",
        "en",
    ),
    "original message": (
        "-----Original Message-----\nFrom: {a}\nSent: 20.11.2026 10:12\nTo: Alice Doe\nSubject: {s}\n\n",
        "en",
    ),
    "message d'origine": (
        "-----Message d'origine-----\nDe : {a}\nDate : 20/11/2026 10:12\nÀ : Alice Doe\nObjet : {s}\n\n",
        "fr",
    ),
    "gmail en": (
        "---------- Forwarded message ---------\nFrom: {a}\nDate: Fri, Nov 20, 2026 at 10:12 AM\nSubject: {s}\nTo: Alice Doe <alice@example.org>\n\n\n",
        "en",
    ),
    "gmail fr": (
        "---------- Forwarded message ---------\nDe : {a}\nDate: ven. 20 nov. 2026 à 10:12\nSubject: {s}\nTo: Alice Doe <alice@example.org>\n\n\n",
        "fr",
    ),
    "gmail es": (
        "---------- Forwarded message ---------\nDe: {a}\nDate: vie, 20 nov 2026 a las 10:12\nSubject: {s}\nTo: Alice Doe <alice@example.org>\n\n\n",
        "es",
    ),
    "thunderbird de": (
        "-------- Weitergeleitete Nachricht --------\nBetreff: \t{s}\nDatum: \tFri, 20 Nov 2026 10:12:00 +0100\nVon: \t{a}\nAn: \tAlice Doe <alice@example.org>\n\n\n",
        "de",
    ),
    "bold and odd blanks": (
        "*From:*\u00a0{a}\n*Sent:*\u00a0Friday, 20 November 2026 10:12\n*To:*\u00a0Alice Doe\n*Subject:*\u00a0{s}\n\n",
        "en",
    ),
    "torn header": (
        "From: Travel Desk\n <desk@agency.example>\nSent:\nFriday, 20 November 2026 10:12\nTo: alice@example.org;\ncharlie@example.org\nSubject: {s}\n\n",
        "en",
    ),
    "header in one line": ("From: {a} Sent: 20 November 2026 10:12 To: Alice Doe Subject: {s}\n\n", "en"),
}


def _headed(form: str) -> Callable[[str], str]:
    header, language = _HEADERS[form]
    return lambda text: f"{NOTES[language]}\n\n{header.format(a=AGENCY, s=SUBJECT)}{text}"


def _quoted(text: str, marks: str = "> ") -> str:
    return "\n".join(f"{marks}{line}" if line else marks.rstrip() for line in text.split("\n"))


def _apple(text: str) -> str:
    header = f"From: {AGENCY}\nSubject: {SUBJECT}\nDate: 20 November 2026 at 10:12:00 CET\nTo: alice@example.org\n\n"
    return f"{NOTES['en']}\n\nBegin forwarded message:\n\n{_quoted(header + text)}"


def _attributed(text: str) -> str:
    return f"{NOTES['en']}\n\nOn Fri, Nov 20, 2026 at 10:12 AM Travel Desk <desk@agency.example> wrote:\n\n{_quoted(text)}"


def _attributed_in_german(text: str) -> str:
    return (
        f"{NOTES['de']}\n\nAm 20.11.2026 um 10:12 schrieb Travel Desk <desk@agency.example>:\n{_quoted(text)}"
    )


def _attributed_in_two_lines(text: str) -> str:
    return f"{NOTES['fr']}\n\nLe ven. 20 nov. 2026 à 10:12, Travel Desk\n<desk@agency.example> a écrit :\n\n{_quoted(text, '>')}"


def _twice(text: str) -> str:
    inner = _HEADERS["outlook de"][0].format(a=AGENCY, s=SUBJECT) + text
    outer = f"From: Alice Doe <alice@example.org>\nSent: Saturday, 21 November 2026 08:00\nTo: Bob\nSubject: FW: {SUBJECT}\n\n"
    return f"{NOTES['en']}\n\n{outer}Dear Bob,\n\nsee below.\n\nAlice\n\n{inner}"


def _deeply_quoted(text: str) -> str:
    inner = f"On 20 Nov 2026, at 10:12, Travel Desk <desk@agency.example> wrote:\n\n{_quoted(text)}"
    return f"{NOTES['en']}\n\nOn 21 Nov 2026, at 08:00, Alice <alice@example.org> wrote:\n\n{_quoted('FYI' + chr(10) * 2 + inner, '> ')}"


TEXTS: dict[str, Callable[[str], str]] = {
    **{form: _headed(form) for form in _HEADERS},
    "apple": _apple,
    "attributed": _attributed,
    "attributed in german": _attributed_in_german,
    "attributed in two lines": _attributed_in_two_lines,
    "forwarded twice": _twice,
    "quoted twice": _deeply_quoted,
}
"""A text, as the body of a mail that forwards it."""


def _note_of_page() -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in NOTES["en"].split("\n") if line)


def _outlook_page(page: str) -> str:
    fields = (
        ("From:", AGENCY),
        ("Sent:", "Friday, 20 November 2026 10:12"),
        ("To:", "Alice Doe"),
        ("Subject:", SUBJECT),
    )
    header = "<br>\n".join(f"<b>{name}</b> {escape(value)}" for name, value in fields)
    border = "border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"
    return f'{_note_of_page()}<div style="{border}"><p class="MsoNormal">{header}</p></div>{page}'


def _gmail_page(page: str) -> str:
    header = (
        f"---------- Forwarded message ---------<br>From: <strong>Travel Desk</strong> <span>&lt;desk@agency.example&gt;</span><br>"
        f"Date: Fri, Nov 20, 2026 at 10:12&#8239;AM<br>Subject: {SUBJECT}<br>To: &lt;alice@example.org&gt;<br>"
    )
    return f'<div dir="ltr">{_note_of_page()}<div class="gmail_quote"><div class="gmail_attr">{header}</div><br><br>{page}</div></div>'


def _apple_page(page: str) -> str:
    fields = (
        ("From:", AGENCY),
        ("Subject:", SUBJECT),
        ("Date:", "20 November 2026 at 10:12"),
        ("To:", "alice@example.org"),
    )
    header = "".join(f"<div><b>{name} </b>{escape(value)}<br></div>" for name, value in fields)
    return f'{_note_of_page()}<br><div>Begin forwarded message:</div><br><blockquote type="cite">{header}<br>{page}</blockquote>'


def _quoted_page(page: str) -> str:
    return f'{_note_of_page()}<div>On Fri, 20 Nov 2026 at 10:12, Travel Desk &lt;desk@agency.example&gt; wrote:</div><blockquote class="gmail_quote">{page}</blockquote>'


PAGES: dict[str, Callable[[str], str]] = {
    "outlook": _outlook_page,
    "gmail": _gmail_page,
    "apple": _apple_page,
    "attributed": _quoted_page,
}
"""The body of a page, as the body of a page that forwards it."""


def forwarded_page(page: str, form: str) -> str:
    """Return a page that forwards another; the language of the letter stays stated where it was."""
    start = re.search(r"<html\b[^>]*>", page, re.IGNORECASE)
    inner = re.sub(r"</?(?:html|body|!doctype)\b[^>]*>", "", page, flags=re.IGNORECASE)
    return f"{start[0] if start else '<html>'}<body>{PAGES[form](inner)}</body></html>"


def mail(text: str, *, kind: str = "plain", is_forward: bool = False) -> bytes:
    """Return a mail with one text: of the agency, or of Bob who forwards it."""
    message = EmailMessage()
    message["From"], message["To"] = (
        (BOB, "risk@example.org") if is_forward else (AGENCY, "alice@example.org")
    )
    message["Subject"] = f"FW: {SUBJECT}" if is_forward else SUBJECT
    message["Date"] = _FORWARDED_DATE if is_forward else _ORIGINAL_DATE
    message.set_content(text, subtype=kind)
    return bytes(message)
