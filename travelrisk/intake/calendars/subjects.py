"""What an event is about: a flight itself, or something around it, which has times of its own.

A hotel says "arriving on LH 400 FRA-JFK", a taxi waits for a flight, a colleague is called while she flies:
none of them is when the flight is. So an event has times for a flight only where its title, or the program
that made it, says that it is the flight; whoever else names one is asked for its day.
"""

import re

from travelrisk.domain.carriers import CarrierBook
from travelrisk.intake.beside.doubts import carriers_called
from travelrisk.intake.calendars.intents import FLYING
from travelrisk.intake.calendars.times import day_of
from travelrisk.intake.calendars.vcalendar import Event
from travelrisk.intake.decoding import plain_text
from travelrisk.intake.lines.text import FreeText

_AROUND = re.compile(
    r"\b(?:hotel|h[oô]tel|lodging|hostel|airbnb|accommodation|unterkunft|hospedaje|alojamiento"
    r"|check(?:ing)?[ -]?(?:in|out)|boarding|embarquement|embarque|einstieg|gate|lounge"
    r"|arriv\w*|landing|lands|ankunft|landung|atterrissage|llegadas?|lleg\w*|aterriz\w*|chegada"
    r"|taxi|cab|uber|cars?|rental|hire|mietwagen|auto|voiture|location de|coche|alquiler|aluguel|noleggio"
    r"|transfers?|transferts?|traslados?|shuttle|navette|lanzadera|parking|drivers?|chauffeur|conductor"
    r"|pick(?:ing)?[ -]?up|drop(?:ping)?[ -]?off|abholung|abholen|recoger|recogida"
    r"|(?:leave|go|head|drive|depart|ride|train|bus)(?: \w+)? (?:to|for) (?:the )?airport"
    r"|meet\w*|calls?|reminder|rappel|recordatorio|erinnerung|briefing|debrief\w*|interview|workshop"
    r"|training|conference|seminar|webinar|lunch|dinner|breakfast|r[eé]union|rendez-vous|rdv|appel|atelier"
    r"|d[eé]jeuner|d[iî]ner|reuni[oó]n|llamada|cita|almuerzo|cena|desayuno|besprechung|sitzung|termin|anruf)\b",
    re.IGNORECASE,
)
"""What people do around a flight; a title with such a word has the times of that."""
_FILED = re.compile(r"\b(?:flights?|vols?|vuelos?|fl[uü]ge?|voos?|voli|volo)\b", re.IGNORECASE)
_OF_A_PROGRAM = "[Flight]"


def is_of_a_flight(event: Event, text: FreeText, book: CarrierBook, *, is_labelled: bool) -> bool:
    """Say whether an event is when a flight is.

    Args:
        event: of a calendar.
        text: reads the title.
        book: tells carriers.
        is_labelled: the title is one of those that programs write.
    """
    title = plain_text(event.summary)
    if _OF_A_PROGRAM in event.description or event.reservation or _FILED.search(event.categories):
        return True
    if _AROUND.search(title):
        return False
    is_named = is_labelled or FLYING.search(title) or any(carriers_called(title, day_of(event), book))
    return bool(is_named) or bool(text.draft(title, is_dated=True)[0].segments)
