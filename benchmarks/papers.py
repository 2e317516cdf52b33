"""Small documents as people send them, each number another flight, day and locator; people are invented."""

import json
from collections.abc import Callable
from datetime import date, timedelta

from travelrisk.intake.document import Document

_FIRST = date(2027, 1, 4)
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"

_PDF_LINES = """\
Electronic ticket receipt
Traveller: Ms Alice Example
Flight: LH {flight}
From: Frankfurt (FRA)
To: Nairobi (NBO)
Date: {day:%d %B %Y}
Departure: 10:10
Arrival: 20:45
Operated by: Lufthansa"""


def paper(form: str, number: int) -> Document:
    """Return a document of this form."""
    day = _FIRST + timedelta(days=number % 300)
    suffix, write = FORMS[form]
    content = write(100 + number % 800, day, _locator(number))
    return Document(content.encode(), f"{form}{number}{suffix}", context_date=_FIRST - timedelta(days=7))


def table(size: int) -> Document:
    """Return a table of about so many bytes, a booking in each row."""
    rows, written, number = ["PNR,Name,Carrier,Flight,From,To,Departure date,Operated by"], 0, 0
    while written < size:
        day = _FIRST + timedelta(days=number % 300)
        rows.append(f"{_locator(number)},Alice Example,LH,{100 + number % 800},FRA,NBO,{day},Lufthansa")
        written += len(rows[-1]) + 1
        number += 1
    return Document("\n".join(rows).encode(), "table.csv", context_date=_FIRST)


def _locator(number: int) -> str:
    letters = ""
    for _ in range(6):
        number, place = divmod(number, len(_LETTERS))
        letters += _LETTERS[place]
    return letters[::-1]


def _text(flight: int, day: date, locator: str) -> str:
    return (
        f"Dear Bob,\nI fly LH {flight} from Frankfurt to Nairobi on {day:%d %B %Y} at 10:10,\n"
        f"operated by Lufthansa.\nBooking reference {locator}. Thank you, Alice\n"
    )


def _ics(flight: int, day: date, locator: str) -> str:
    return (
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//EN\r\nBEGIN:VEVENT\r\nUID:{locator}@example.org\r\n"
        f"DTSTAMP:20261120T080000Z\r\nDTSTART;TZID=Europe/Berlin:{day:%Y%m%d}T101000\r\n"
        f"DTEND;TZID=Africa/Nairobi:{day:%Y%m%d}T204500\r\nSUMMARY:LH{flight} FRA-NBO\r\n"
        f"DESCRIPTION:Operated by: Lufthansa\\nBooking reference: {locator}\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    )


def _mail(flight: int, day: date, locator: str) -> str:
    lufthansa = {"@type": "Airline", "name": "Lufthansa", "iataCode": "LH"}
    data = {
        "@context": "http://schema.org",
        "@type": "FlightReservation",
        "reservationNumber": locator,
        "reservationStatus": "http://schema.org/ReservationConfirmed",
        "underName": {"@type": "Person", "name": "Alice Example"},
        "reservationFor": {
            "@type": "Flight",
            "flightNumber": str(flight),
            "airline": lufthansa,
            "operatedBy": lufthansa,
            "departureAirport": {"@type": "Airport", "name": "Frankfurt", "iataCode": "FRA"},
            "departureTime": f"{day}T10:10:00+01:00",
            "arrivalAirport": {"@type": "Airport", "name": "Nairobi", "iataCode": "NBO"},
            "arrivalTime": f"{day}T20:45:00+03:00",
        },
    }
    return (
        "From: Example Travel <agency@example.org>\nTo: Alice <alice@example.org>\nSubject: Your booking\n"
        f"Date: Fri, 20 Nov 2026 08:00:00 +0000\nMessage-ID: <{locator}@example.org>\nMIME-Version: 1.0\n"
        "Content-Type: text/html; charset=utf-8\n\n<html><head>"
        f'<script type="application/ld+json">{json.dumps(data)}</script></head>'
        "<body><p>Thank you for your booking, Ms Example.</p></body></html>\n"
    )


def _gds(flight: int, day: date, locator: str) -> str:
    written = f"{day:%d%b}".upper()
    return (
        f"RP/GVA1A2345/GVA1A2345            AA/SU  20NOV26/0800Z   {locator}\n"
        "  1.EXAMPLE/ALICE MS\n"
        f"  2  LH {flight} Y {written} {day.isoweekday()} FRANBO HK1       1  1010 2045   *1A/E*\n"
        "     OPERATED BY LUFTHANSA\n"
    )


def _bcbp(flight: int, day: date, locator: str) -> str:
    name, since = "EXAMPLE/ALICE MS", day.timetuple().tm_yday
    return f"M1{name:<20}E{locator:<7}FRANBOLH {flight:04} {since:03}Y012A0034 100"


def _pdf(flight: int, day: date, locator: str) -> str:
    """Write a page by hand: what a program of an agency writes is the same, packed."""
    lines = f"{_PDF_LINES.format(flight=flight, day=day)}\nBooking reference: {locator}".splitlines()
    shown = "".join(f"({line.replace('(', '').replace(')', '')}) Tj T*\n" for line in lines)
    drawn = f"BT /F 10 Tf 14 TL 40 800 Td\n{shown}ET"
    objects = (
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Count 1/Kids[4 0 R]>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 842]/Contents 5 0 R/Resources<</Font<</F 3 0 R>>>>>>",
        f"<</Length {len(drawn)}>>stream\n{drawn}\nendstream",
    )
    content, places = "%PDF-1.5\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(content))
        content += f"{number} 0 obj\n{each}\nendobj\n"
    found = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"trailer<</Size 6/Root 1 0 R>>\nstartxref\n{len(content)}\n%%EOF\n"
    return f"{content}xref\n0 6\n0000000000 65535 f \n{found}{end}"


FORMS: dict[str, tuple[str, Callable[[int, date, str], str]]] = {
    "text": (".txt", _text),
    "ics": (".ics", _ics),
    "mail with JSON-LD": (".eml", _mail),
    "gds": (".txt", _gds),
    "bcbp": (".txt", _bcbp),
    "pdf": (".pdf", _pdf),
}
