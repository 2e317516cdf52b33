"""Days said from the day of writing: "tomorrow", "demain", "el próximo viernes".

Only today, tomorrow and the day after are counted, in English, French and Spanish; all the others keep their
words, so that the date is asked for. "Next Friday" means two different days to two people.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from travelrisk.domain.drafts import Draft, DraftTime
from travelrisk.intake.words.moments import Found
from travelrisk.intake.words.words import WEEKDAYS, any_of

_PHRASES = (
    (2, ("day after tomorrow", "the day after tomorrow", "apres-demain", "apres demain", "pasado manana")),
    (1, ("tomorrow", "demain", "manana")),
    (0, ("today", "tonight", "aujourd'hui", "ce soir", "hoy", "esta noche")),
)
_COUNTED = [
    (ahead, re.compile(rf"(?<!\w){any_of(phrases)}(?![\w-])", re.IGNORECASE)) for ahead, phrases in _PHRASES
]
_NO_DAY = (
    r"(?:\b(?:see you|until|till|by|before|à|a|d'ici|avant|hasta|antes de|la|esta|una|each|every) $)",
    r"(?:(?:'s) (?:date|sea|world)|[- ]?(?:land|er)\b)",
)
"""Words beside these are no day of travel: "see you tomorrow", "por la mañana", "hasta mañana"."""
_NOT_BEFORE, _NOT_AFTER = (re.compile(each, re.IGNORECASE) for each in _NO_DAY)

_LONG_DAYS = sorted(day for day in WEEKDAYS if len(day) > len("mars"))
_DAY = rf"(?:{any_of(_LONG_DAYS)})"
_ANY_DAY = rf"(?:{any_of(WEEKDAYS)})\.?"
_LATER = r"(?:next|this|this coming|coming|following|nächste[nr]?|naechste[nr]?|kommende[nr]?|pr[óo]xim[oa])"
_AFTER_IT = r"(?:prochain|next|que viene|pr[óo]xim[oa]|en huit)"
_UNIT = r"(?:days?|weeks?|months?|jours?|semaines?|mois|d[ií]as?|semanas?|mes(?:es)?|tagen?|wochen?)"
_WORDED = re.compile(
    rf"(?<!\w)(?:{_LATER}[ ](?:{_ANY_DAY}|week(?:end)?|month|semana|mes|woche|monat)"
    rf"|(?:{_ANY_DAY}|semaine|mois|semana|mes)[ ]{_AFTER_IT}"
    rf"|(?:on|le|el|am|il|na|{any_of(('back', 'return', 'returning', 'retour', 'vuelta', 'regreso'))})"
    rf"[ ]+(?P<day>{_DAY}(?:[ ]{_AFTER_IT})?)"
    rf"|(?:in|dans|en|dentro de|within)[ ](?:[0-9]{{1,2}}|an?|une?|two|three|deux|trois|dos|tres|zwei|drei)"
    rf"[ ]{_UNIT}"
    r"|heute|morgen|[üu]bermorgen|oggi|domani|dopodomani|hoje|amanh[ãa]|depois de amanh[ãa])(?!\w)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"[ ]?[,(:-]{0,2}[ ]?(?:the|le|el|on)?[ ]?", re.IGNORECASE)
_LOOK = 12


def relative_days(text: str) -> Iterator[Found]:
    """Find every day that is said from the day of writing, in text where dates are blotted out already."""
    for ahead, pattern in _COUNTED:
        for match in pattern.finditer(text):
            if _is_of_travel(text, *match.span()):
                yield Found(match.start(), match.end(), DraftTime(ahead=ahead, text=match[0]))
    for match in _WORDED.finditer(text):
        start = match.start("day") if match["day"] else match.start()
        is_dated = "\0" in text[match.end() : match.end() + 2]
        if not is_dated and _is_of_travel(text, match.start(), match.end()):
            yield Found(start, match.end(), DraftTime(text=text[start : match.end()]))


def _is_of_travel(text: str, start: int, end: int) -> bool:
    before, after = text[max(0, start - _LOOK) : start], text[end : end + _LOOK]
    return not _NOT_BEFORE.search(before) and not _NOT_AFTER.match(after)


def is_relative(moment: DraftTime) -> bool:
    """Say whether a day is only said from the day of writing."""
    return moment.day is None and moment.instant is None and bool(moment.text)


def uncounted(draft: Draft) -> Draft:
    """Return a draft whose "tomorrow" is only words: two messages in one, and nobody knows whose it is."""
    segments = (
        replace(each, departs=replace(each.departs, ahead=None), arrives=replace(each.arrives, ahead=None))
        for each in draft.segments
    )
    return replace(draft, segments=tuple(segments))


def joined(found: Iterable[Found], text: str) -> Iterator[Found]:
    """Make one of a date and of the "tomorrow" beside it, which then only checks it."""
    waiting: Found | None = None
    for each in sorted(found, key=lambda each: each.start):
        if waiting and _BETWEEN.fullmatch(text[waiting.end : each.start]):
            one, other = waiting.moment, each.moment
            if is_relative(one) != is_relative(other):
                dated, said = (other, one) if is_relative(one) else (one, other)
                waiting = Found(waiting.start, each.end, replace(dated, ahead=said.ahead))
                continue
        if waiting:
            yield waiting
        waiting = each
    if waiting:
        yield waiting
