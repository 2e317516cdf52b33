"""The letter that leads to a calendar of all trips of its reader; nobody else is told the address."""

from travelrisk.domain.texts import Language
from travelrisk.mail.desk import desk_speaker, frame
from travelrisk.mail.render import Letter, rendered


def calendar_letter(url: str, trip: str, language: Language, *, demo: bool) -> Letter:
    """Write it.

    Args:
        url: address of the calendar, absolute, without its language.
        trip: reference of the trip from whose page it was asked for.
        language: of the reader.
        demo: the ratings are for show, and the letter must say so.
    """
    say = desk_speaker(language)
    context = {
        **frame(url, language, demo=demo),
        "label": say("calendar_label"),
        "title": say("calendar_title"),
        "headline": say("calendar_headline"),
        "lead": say("calendar_lead"),
        "to_do": say("calendar_do"),
        "open": say("open_calendar"),
        "why": say("calendar_why"),
    }
    return rendered("calendar", language, trip, context)
