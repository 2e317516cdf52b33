"""The letter to administrators that somebody looks at unusually many trips: who and how many, and no trip."""

from datetime import datetime

from travelrisk.domain.texts import Language, day_in_words
from travelrisk.mail.desk import desk_speaker, frame
from travelrisk.mail.reminders import Entry, Group
from travelrisk.mail.render import Letter, rendered
from travelrisk.telling.foreign import visible

NAME = "looking"
_FOLDER = "reminder"  # the same list under other words


def looking(  # noqa: PLR0913 - what the letter tells, all named
    who: str,
    count: int,
    *,
    limit: int,
    at: datetime,
    base_url: str,
    language: Language,
    demo: bool = False,
) -> Letter:
    """Write it; *who* is the name of a person, or what a program is called."""
    say = desk_speaker(language)
    day = day_in_words(at.date(), language, weekday=True)
    told = Entry(say("looking_entry", who=visible(who), count=count))
    return rendered(
        NAME,
        language,
        "",
        {
            **frame(f"{base_url}/audit", language, demo=demo),
            "label": say("looking_label"),
            "title": day,
            "headline": say("looking_headline"),
            "lead": say("looking_lead", limit=limit),
            "groups": [Group(say("looking_group", day=day, clock=f"{at:%H:%M}"), (told,))],
            "more": "",
            "to_do": say("looking_do"),
            "open": say("open_audit"),
            "why": say("looking_why"),
        },
        folder=_FOLDER,
    )
