"""Documents full of invented numbers that identify somebody, in each place where a form keeps such."""

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final

from openpyxl import Workbook
from openpyxl.comments import Comment

from tests.cases.intake import pdfs
from tests.unit.intake.mails import mail
from tests.unit.intake.outlook import File, Letter, msg, tnef
from tests.unit.intake.passes.pictures import as_file, code_picture
from tests.unit.intake.passes.strings import bcbp, leg
from tests.unit.intake.test_canaries import ALL, LINES

PASSPORT, TICKET, CARD, BORN = "XK7654321", "0742345678901", "4111111111111111", "01FEB80"
ELEMENTS: Final = (
    f"SSR DOCS ET HK1 P/GBR/{PASSPORT}/GBR/{BORN}/F/01JAN30/DOE/JANE",
    f"SSR FOID ET HK1 PP{PASSPORT}",
    f"SSR TKNE ET HK1 FRAADD0707Y12DEC-{TICKET}C1",
    f"FP CCVI{CARD}/1228",
    f"FA PAX 074-{TICKET[3:]}/ETET/23NOV26/NBO1A2345",
    "AP NBO +41 22 555 01 99 - TRAVEL AGENCY LTD - A",
    "SSR FQTV ET HK1 LH9988776655",
)
"""What reservation systems write about a person."""
FLIGHT = "ET 707 FRA ADD 12 Dec 2026 operated by Ethiopian Airlines"
BOOKING = "\n".join(
    (
        "Passenger: DOE/JANE MS",
        "Booking reference: ABC123",
        f"{FLIGHT} {ELEMENTS[1]}",
        *(f"Flight ZZ {number} {each}" for number, each in enumerate((*LINES, *ELEMENTS), 300)),
        *LINES,
        *ELEMENTS,
    )
)
_PERSONAL: Final = (
    f"0{TICKET} 0ET LH 9988776655      20K"  # where a pass has its ticket and its frequent flyer
)
PASS = bcbp(leg(variable=f">5180MM6326BET              {len(_PERSONAL):02X}{_PERSONAL}"))


def a_pdf() -> bytes:
    """Write a receipt: numbers in its lines, in cells beside a flight, and in a file that is attached."""
    beside = "\n".join(f"{FLIGHT}      {each}" for each in (*LINES, *ELEMENTS))
    return pdfs.document([BOOKING, beside], [("passengers.txt", BOOKING.encode())])


def a_workbook() -> bytes:
    """Write an agency's table: columns of their own, remarks, comments, a bad row, a sheet of people."""
    written, book = io.BytesIO(), Workbook()
    sheet = book.active
    assert sheet is not None
    heads = "Record locator|Traveller|Airline|Flight|Operated by|From|To|Departure date"
    flight = "ABC123|DOE/JANE|ET|707|Ethiopian Airlines|FRA|ADD|2026-12-12"
    personal = (PASSPORT, int(TICKET), int(CARD), "+41 22 555 01 99", "LH 9988776655", ALL)
    sheet.append([*heads.split("|"), "Passport No", "Ticket", "Form of payment", "Phone", "FQTV", "Remarks"])
    sheet.append([*flight.split("|"), *personal])
    sheet.append(
        ["ABC124", f"ROE/JOHN {PASSPORT}", "ET", f"ZZ {TICKET}", CARD, "FRA", ALL, "soon", *personal]
    )
    sheet["A2"].comment = Comment(ALL, "somebody")
    people = book.create_sheet("Travellers")
    people.append(["Traveller", "Passport No", "Flight"])
    people.append(["DOE/JANE", PASSPORT, f"ET 707 {ALL}"])
    book.save(written)
    return written.getvalue()


def a_telephone_pass() -> bytes:
    """Write a pass of a telephone: in its bar code, its fields, on its back and in its tags."""
    fields = [
        {"key": f"k{number}", "label": label, "value": value}
        for number, (label, value) in enumerate(
            (
                ("FLIGHT", f"ET 707 {LINES[0]}"),
                ("DATE", f"12 DEC 2026 {LINES[1]}"),
                ("PASSENGER", f"Jane Doe {PASSPORT}"),
                ("Passport No", PASSPORT),
                ("TICKET", TICKET),
                ("Operated by", f"Ethiopian Airlines {ALL}"),
                ("Terms", f"Flight ZZ 318 {ALL}"),
            )
        )
    ]
    tags = {"passengerName": {"familyName": f"Doe {PASSPORT}"}, "membershipProgramNumber": "9988776655"}
    boarding = {
        "transitType": "PKTransitTypeAir",
        "auxiliaryFields": fields,
        "backFields": fields,
        "semantics": tags,
    }
    whole = {"barcodes": [{"format": "PKBarcodeFormatAztec", "message": PASS}], "boardingPass": boarding}
    return packed({"pass.json": json.dumps(whole).encode()})


def packed(files: Mapping[str, bytes]) -> bytes:
    """Write an archive."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return written.getvalue()


def _letter() -> Letter:
    files = [
        File("receipt.pdf", a_pdf()),
        File("table.xlsx", a_workbook()),
        File("p.pkpass", a_telephone_pass()),
    ]
    return Letter(subject=f"{FLIGHT} {LINES[0]}", text=BOOKING, files=files)


def a_mail_with_files() -> bytes:
    """Write a mail with files, from somebody whom the service answers."""
    letter = EmailMessage()
    letter.set_content(BOOKING)
    for name in ("receipt.pdf", "table.xlsx", "pass.pkpass", "mail.msg"):
        letter.add_attachment(FORMS[name](), "application", "octet-stream", filename=name)
    head = mail("", subject=f"{FLIGHT} {ALL}", message_id="<m8@un.example>", more="MIME-Version: 1.0")
    return head.rstrip() + b"\r\n" + letter.as_bytes(policy=SMTP)


def a_mail() -> bytes:
    """Write a mail of text alone, from somebody whom the service answers."""
    return mail(BOOKING, subject=f"{FLIGHT} {ALL}", message_id="<m7@un.example>")


FORMS: Final[Mapping[str, Callable[[], bytes]]] = {
    "booking.txt": BOOKING.encode,
    "receipt.pdf": a_pdf,
    "table.xlsx": a_workbook,
    "pass.pkpass": a_telephone_pass,
    "pass.txt": PASS.encode,
    "pass.png": lambda: as_file(code_picture(PASS)),
    "mail.eml": a_mail,
    "mail.msg": lambda: msg(_letter()),
    "winmail.dat": lambda: tnef(_letter()),
    "all.zip": lambda: packed({"a.pdf": a_pdf(), "b.xlsx": a_workbook(), "c.msg": msg(_letter())}),
}
