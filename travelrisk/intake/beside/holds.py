"""A seat that is only kept for somebody, provisional or still to be paid may not be flown in.

It is *requested*, as that on a line of a reservation system with NN is: the flight is judged, and the answer
says that it holds once the seat is confirmed. It is no question, for most people ask before they buy. A word
for it counts only in a sentence about a seat, a ticket or a flight: people hold on, bags travel in a hold.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from travelrisk.domain.codes import bare_number
from travelrisk.domain.drafts import DraftSegment
from travelrisk.domain.itineraries import Status
from travelrisk.intake.beside import phrases
from travelrisk.intake.beside.prose import sentences

_FLAGS = re.IGNORECASE
_NUMBERED = r"(?-i:[A-Z][A-Z0-9]|[0-9][A-Z])[ ]?[0-9]{2,4}\b"
_FLIGHT = (
    r"flights?|legs?|segments?|tickets?|itinerary|routing|vols?|trajets?|billets?|itin[ée]raires?"
    r"|vuelos?|tramos?"
    r"|billetes?|boletos?|pasajes?|itinerarios?|(?:hin|r[üu]ck)?fl[üu]ge?|flugscheine?|voos?"
    r"|bilhetes?|passage[mn]s?"
    rf"|trechos?|vol[oi]|bigliett[oi]|tratt[ae]|{_NUMBERED}"
)
_SEAT = (
    r"bookings?|reservations?|seats?|fares?|prices?|prix|precios?|preise?|pre[çc]os?|prezz[oi]|space"
    r"|r[ée]servations?|dossiers?|places?|reservas?|plazas?|tarifas?"
    r"|buchung(?:en)?|reservierung(?:en)?|(?:sitz)?pl[äa]tze?|tarif|lugar(?:es)?|prenotazion[ei]"
    r"|post[oi]|tariff[ae]"
)
_ABOUT = re.compile(rf"(?<!\w)(?:{_FLIGHT}|{_SEAT})(?!\w)", _FLAGS)
_ABOUT_FLIGHTS = re.compile(rf"(?<!\w)(?:{_FLIGHT})(?!\w)", _FLAGS)
_ELSE = re.compile(
    r"\b(?:hotels?|h[ôo]tels?|cars?|rooms?|chambres?|coches?|habitaci[óo]n(?:es)?|mietwagen|zimmer"
    r"|carro|quarto"
    r"|camera|visas?|visados?|visum|visto|parking|lounges?|meals?|luggage|baggage|upgrades?|trains?"
    r"|shuttle)\b",
    _FLAGS,
)
"""Other things are reserved as well."""

_UNTIL = r"(?:until|till|up to|jusqu\w*|hasta|bis|at[ée]|fino|entro)"
_RUNS_OUT = (
    r"(?:expir\w+|runs? out|lapses?|ends?|valid|vence|caduca|v[áa]lid[oa]|valable|l[äa]uft"
    r"|verf[äa]llt|g[üu]ltig"
    r"|scad\w+)"
)
_KEPT = (
    r"(?:held|hold(?:s|ing)?|block(?:ed|ing)?|kept|reserved|bloqu[ée]e?s?|retenue?s?|r[ée]serv[ée]e?s?"
    r"|maint(?:ient|enue?s?)|gard(?:e|ons|[ée]e?s?)|bloquead[oa]s?|reservad[oa]s?|retenid[oa]s?"
    r"|mantien\w+|mantenid[oa]s?"
    r"|guardad[oa]s?|reserviert|gehalten|geblockt|h[äa]lt|halten|mantid[oa]s?|mant[ée]m|bloccat[oaie]"
    r"|riservat[oaie]"
    r"|tenut[oaie]|trattenut[oaie]|mantenut[oaie]|tien[ei])"
)
_BEFORE = re.compile(
    r"\b(?:before|prior to|departure|boarding|check-?in|avant|d[ée]part|embarquement|antes de|salida"
    r"|embarque"
    r"|vor|abflug|abreise|partida|prima d\w*|partenza|imbarco|minut\w+|end of|la fin|el final|ende"
    r"|fine|o fim)\b",
    _FLAGS,
)
"""Small print counts from the departure; a seat that is kept, to a day of the calendar."""

_OPTION = r"(?:option|opci[óo]n|op[çc][ãa]o|opzione)"
_ON_OPTION = (
    rf"(?:on hold|(?:on|under|auf|sous|est en|sont en|est[áa]n? en|em|in)[ ](?:an )?{_OPTION}"
    rf"|en[ ]{_OPTION}(?=[ ]{_UNTIL})|optiert|vorgemerkt|en suspens)"
)
_PROVISIONAL = (
    r"(?:tentativ\w*|provisional\w*|unpaid|un-?ticketed|provisoires?|provis[óo]ri[oa]s?|provvisori[oae]"
    r"|vorl[äa]ufig\w*|unter vorbehalt|impay[ée]e?s?)"
)
_WAITED_FOR = (
    r"(?:approv|confirm|ticketing|payment|issu|valid|approb|paiement|[ée]mission|aprob|pago"
    r"|emisi[óo]n|emitir"
    r"|best[äa]tigung|genehmigung|freigabe|zahlung|aprova|emiss|pagament|conferma)"
)
_WAITS = (
    r"(?:await(?:s|ing)|waiting for|pending|subject to|en attente d\w*|en espera de|pendiente de"
    r"|a la espera de"
    r"|warte[tn]? auf|pendente de|aguarda\w*|[àa] espera d\w*|in attesa d\w*)"
)
_TO_COME = (
    r"(?:(?:still|yet) to be|must be|(?:will|shall) (?:only )?be|sera|seront|doit [êe]tre"
    r"|reste[nt]* [àa]"
    r"|debe ser|ser[áa]n?|muss|wird|werden|deve ser|dev'?e? essere|verr[àa]|sar[àa])"
)
_BOUGHT = (
    r"(?:issued|ticketed|bought|purchased|paid|confirmed|[ée]mis\w*|confirm\w+|pay[ée]e?s?"
    r"|emitid[oa]s?|emess[oaie]"
    r"|pagad[oa]s?|pag[oa]s?|ausgestellt|bezahlt|best[äa]tigt)"
)
_BY = (
    r"(?:by|before|after|once|when|upon|avant|apr[èe]s|d[èe]s|une fois|antes|despu[ée]s|cuando"
    r"|una vez|tras|bis|nach"
    r"|sobald|ap[óo]s|quando|assim que|entro|dopo|non appena|una volta)"
)


def _at_words(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)", _FLAGS)


_KEPT_UNTIL = _at_words(rf"{_KEPT}\b[^.;!?]{{0,60}}?\b{_UNTIL}", rf"{_UNTIL}\b[^.;!?]{{0,40}}?\b{_KEPT}")
_OPTION_ENDS = _at_words(rf"{_OPTION}\b(?![ ](?:to|of|de|di|zu)\b)[^.;!?]{{0,30}}?\b(?:{_UNTIL}|{_RUNS_OUT})")
_NOT_SURE = _at_words(
    _ON_OPTION,
    _PROVISIONAL,
    rf"{_WAITS}[ ](?:[^\W\d]+[ '])?{_WAITED_FOR}\w*",
    rf"{_TO_COME}\b[^.;!?]{{0,25}}?\b{_BOUGHT}\b[^.;!?]{{0,25}}?\b{_BY}",
    rf"(?:still|yet) to be {_BOUGHT}",
)
_NEGATED = re.compile(
    r"(?<!\w)(?:not|no longer|never|isn't|aren't|no need|without|pas|plus|ya no|no|nicht(?: mehr)?"
    r"|kein\w*|n[ãa]o|non)(?:[ ]\w+)?[ ]*\Z",
    _FLAGS,
)
_STEMS = """
    hold held kept block bloqu blocc retenu reten trattenut tenut tien maint manten mantien mantid
    mantém mantem gard guard eserv iserv gehalten hält haelt halt option opci opç opc opzion
    optiert vorgemerkt suspens tentativ provis provvis unpaid ticketed impay vorläuf vorlauf
    vorbehalt await waiting pending subject attente espera pendien pendent warte aguard attesa
    issued bought purchased paid confirm émis emis pay emitid emess pagad ausgestellt bezahlt
    bestätigt bestatigt
""".split()  # noqa: SIM905 - a table of words is read as words
"""One of them is in all that is looked for: most sentences have none, and searching them takes long."""
_OPEN = frozenset({Status.UNKNOWN, Status.HELD})


def as_held(text: str, flights: Iterable[DraftSegment]) -> tuple[DraftSegment, ...]:
    """Return the flights of a text, as requested those of which a sentence says that they may not fly.

    A sentence that numbers some of the flights is about those, any other about all of them.
    """
    known = tuple(flights)
    if not known or not _may_be_unsure(text):
        return known
    for sentence in filter(_is_unsure, filter(_may_be_unsure, sentences(text))):
        named = {each for each in known if _numbers(sentence, each)} or set(known)
        known = tuple(
            replace(each, status=Status.REQUESTED) if each in named and each.status in _OPEN else each
            for each in known
        )
    return known


def _may_be_unsure(text: str) -> bool:
    small = text.lower()
    return any(stem in small for stem in _STEMS)


def _is_unsure(sentence: str) -> bool:
    if not any(each.search(sentence) for each in (_KEPT_UNTIL, _OPTION_ENDS, _NOT_SURE)):
        return False
    is_about_else = bool(_ELSE.search(sentence)) and not _ABOUT_FLIGHTS.search(sentence)
    return not is_about_else and (_is_kept(phrases.said(sentence)) or _waits(phrases.without_cases(sentence)))


def _is_kept(said: str) -> bool:
    """Say whether a seat is kept to a day; that an option ends says itself that it is about one."""
    found = _OPTION_ENDS.search(said) or (_ABOUT.search(said) and _KEPT_UNTIL.search(said))
    return bool(found) and not _BEFORE.search(said)


def _waits(said: str) -> bool:
    found = _NOT_SURE.finditer(said)
    return bool(_ABOUT.search(said)) and any(not _NEGATED.search(said, 0, each.start()) for each in found)


def _numbers(sentence: str, flight: DraftSegment) -> bool:
    number = bare_number(flight.marketing_number)
    return bool(number) and bool(
        re.search(rf"(?<!\w){re.escape(flight.marketing_code)}[ -]?0*{number}(?!\d)", sentence, _FLAGS)
    )
