"""What sentences beside the flights say in six languages: a change, a charter, a cancellation, a stop.

A sentence about what *may* happen ("if your flight is cancelled") is in every booking mail and changes
nothing; `said` takes such parts out before the others look.
"""

import re

_FLAGS = re.IGNORECASE


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), _FLAGS)


def _at_words(*patterns: str) -> re.Pattern[str]:
    """Look only where a text or a word begins: several times faster where most sentences say nothing."""
    return re.compile(rf"(?:^|(?<!\w)(?=\w))(?:{'|'.join(patterns)})", _FLAGS)


TRAVEL = _at_words(
    r"\b(?:flights?|fly|flies|flying|flown|flew|legs?|segments?|returns?|returning|outbound|inbound"
    r"|depart\w*|dep"
    r"|leav(?:e|es|ing)|arriv\w*|airports?|planes?|aircraft|airlines?|carriers?|routings?|route"
    r"|routed|journey"
    r"|connect\w*|travel(?:s|ling|ing)?|back|home)\b",
    r"\b(?:vols?|trajets?|retours?|allers?|d[ée]parts?|arriv[ée]\w*|avions?|compagnies?|a[ée]roports?"
    r"|correspondances?|voyag\w+|part(?:ir|irai|ons|ez)?|rentr\w+|escales?)\b",
    r"\b(?:vuelos?|regres\w+|vuelta|salidas?|llegadas?|avi[óo]n|compa[ñn][íi]as?|aerol[íi]neas?"
    r"|aeropuertos?"
    r"|tramos?|trayectos?|vuel[oae]|volver\w*|viaj\w+|escalas?)\b",
    r"\b(?:fl[üu]ge?|r[üu]ckfl[üu]ge?|hinfl[üu]ge?|r[üu]ckreise|flughafen|strecke|abflug|ankunft"
    r"|fluggesellschaft"
    r"|voos?|volta|trechos?|companhia|aeroporto|vol[oi]|ritorno|tratta|andata|compagnia)\b",
)
"""Words of a sentence that is about the journey."""

_CASE = _any(
    r"(?<!\w)(?:if|unless|when|whenever|in case|in the event|should|any|whether|si|s'il|s'ils"
    r"|en cas|en caso"
    r"|cuando|lorsque|quand|tout|toute|cualquier|todo|toda|falls|wenn|bei|caso|se)\b[^.;!?\n,]*"
)
_RULE = _any(
    r"\b(?:will|shall|may|can|please|contact|call|entitled|free of charge|peu(?:t|vent|vez)"
    r"|pourr\w+|serez|aurez"
    r"|avez droit|merci|veuillez|contact\w*|pued\w+|podr\w+|tendr\w*|ser[áa]n?|p[óo]ngase|llame"
    r"|rogamos|k[öo]nnen"
    r"|werden|bitte|pode\w*|pu[òo]|possono)\b"
)
_MAY = _any(
    r"\b(?:may|might|can|could|cannot|must|shall|subject to|to|peu(?:t|vent)|pourr\w+|doi(?:t|vent)"
    r"|pued\w+"
    r"|podr\w+|deb\w+|k[öo]nnen|kann|pode\w*|pu[òo]|possono)\b(?:[ ](?:not|only|also|then|[êe]tre"
    r"|ser|haber))?"
    r"(?:[ ](?:be|have been|has been|\w+[ée]|sido))?(?:[ ]\w+){0,2}",
    r"\b(?:not|never|non|nicht|pas|no)[ ](?:\w+[ ]){0,2}(?:cancel+ed|changed|annul\w+|modifi\w+"
    r"|cancelad\w+)",
)


def without_cases(sentence: str) -> str:
    """Return a sentence without what it says of a case that may come."""
    case = _CASE.search(sentence)
    if case is None:
        return sentence
    rest = sentence[case.end() :]
    return sentence[: case.start()] + ("" if _RULE.search(rest) else rest)


def said(sentence: str) -> str:
    """Return what a sentence says for sure: neither of a case that may come, nor what may or must be done."""
    return _MAY.sub(" ", without_cases(sentence))


_DONE = (
    r"cancel+ed|changed|moved|replaced|substituted|re-?booked|re-?routed|re-?scheduled|postponed|swapped"
    r"|brought forward|delayed|diverted|transferred|switched|re-?issued|taken over|amended|modified"
    r"|updated"
)
_FAIT = (
    r"(?:annul|modifi|chang|remplac|report|avanc|d[ée]plac|d[ée]rout|transf[ée]r|retard|reprogramm"
    r"|affr[ée]t)"
    r"[ée]e?s?"
)
_HECHO = (
    r"(?:cancel|anul|cambi|modific|reemplaz|reprogram|retras|adelant|desvi|aplaz|flet|traslad)ad[oa]s?"
    r"|sustitu[íi]d[oa]s?|movid[oa]s?"
)
_GETAN = r"(?:storniert|annulliert|ge[äa]ndert|umgebucht|verschoben|ersetzt|verlegt|umgeleitet|gestrichen)"
_FEITO = r"(?:cancel|alter|remarc|desvi|adi|mud)ad[oa]s?|substitu[íi]d[oa]s?"
_FATTO = r"(?:cancellat|modificat|cambiat|sostituit|spostat|posticipat|dirottat|annullat)[oaie]"

CHANGED = _any(
    rf"\b(?:has|have|had|is|are|was|were|been|got|gets|being|now|be"
    rf"|'s)\b[^.;,!?]{{0,25}}?\b(?:{_DONE})\b",
    rf"^\W*(?:{_DONE})\b",
    rf"\b(?:[ée]t[ée]|est|sont|sera|seront|fut)\b[^.;,!?]{{0,25}}?\b{_FAIT}(?!\w)",
    rf"\b(?:sido|fue|fueron|est[áa]n?|es|ser[áa]n?|queda\w*|se (?:ha"
    rf"|han))\b[^.;,!?]{{0,25}}?\b(?:{_HECHO})\b",
    rf"\b(?:wurden?|wird|werden|ist|sind)\b[^.;!?]{{0,60}}?\b{_GETAN}\b",
    rf"\b(?:foi|foram|ser[áa]|est[áa])\b[^.;,!?]{{0,25}}?\b(?:{_FEITO})\b",
    rf"\b(?:stat[oaie]|sar[àa]|viene)\b[^.;,!?]{{0,25}}?\b{_FATTO}\b",
)
"""Something was changed or cancelled; that counts in a sentence about the journey."""

OTHERWISE = _at_words(
    r"\b(?:days?|hours?) (?:later|earlier)\b|\b(?:jours?|heures?) plus t(?:ard|[ôo]t)\b"
    r"|\b(?:d[ií]as?|horas?) (?:m[áa]s tarde|antes|despu[ée]s) (?:de lo|que)\b",
    r"\binstead\b|\bno longer\b|\brather than\b|\bin place of\b|\b(?:is|are|will|has|have) now\b"
    r"|\bnow (?:by|via"
    r"|flown|with|on|from|leav\w+|depart\w+|arriv\w+|goes)\b"
    r"|\b(?:new|different|another|other) (?:flights?|routing|route|itinerary|carriers?|airlines?"
    r"|airports?|plane"
    r"|aircraft|operator|departure|connection|stop)\b"
    r"|\bchange of (?:plane|aircraft|airline|carrier|airport|routing|route|flight|operator)\b",
    r"\b[àa] la place\b|\bau lieu d|\bd[ée]sormais\b|\bfinalement\b|\bn'?(?:est|e)\b[^.;,]{0,20}\bplus\b"
    r"|\b(?:nouveau|nouvel|nouvelle|autre|diff[ée]rente?) (?:vol|trajet|itin[ée]raire|transporteur"
    r"|compagnie"
    r"|a[ée]roport|avion|escale|horaire|correspondance)\b"
    r"|\bchangement d(?:e |')(?:vol|avion|appareil|compagnie|transporteur|a[ée]roport|itin[ée]raire)",
    r"\ben su lugar\b|\ben (?:lugar|vez) de\b|\bya no\b|\bfinalmente\b|\bahora (?:sale|vuela|opera"
    r"|va|ser[áa]|es|lo"
    r"|la|se|con|desde|v[íi]a)\b"
    r"|\b(?:nuev[oa]|otr[oa]|distint[oa]) (?:vuelo|itinerario|ruta|compa[ñn][íi]a|aerol[íi]nea|aeropuerto"
    r"|avi[óo]n|escala|conexi[óo]n|operador)\b"
    r"|\bcambio de (?:vuelo|avi[óo]n|compa[ñn][íi]a|aerol[íi]nea|aeropuerto|ruta|itinerario)\b",
    r"\bstattdessen\b|\bnicht mehr\b|\banstatt\b|\b(?:jetzt|nun) (?:mit|ab|[üu]ber|von)\b"
    r"|\b(?:andere[nrs]?|neue[nrs]?) (?:flug|fluggesellschaft|airline|strecke|flughafen)\b",
    r"\bem vez de\b|\bagora (?:sai|voa|[ée])\b|\boutr[oa] (?:voo|companhia|aeroporto)\b",
    r"\binvece\b|\bal posto d|\baltr[oa] (?:volo|compagnia|aeroporto)\b|\bun'altra compagnia\b",
)
"""It is not as the flights say; that counts in a sentence about the journey."""

CHARTER = _at_words(
    r"(?<!un )(?<!the )\bcharter(?:ed|s)?\b(?! of\b| accountant)",
    r"\baffr[ée]t\w+|\bch[áa]rter\b|\bfletad[oa]s?\b|\bfretad[oa]s?\b|\bnoleggiat\w+|\bcharterflug\w*",
    r"\bwet[ -]?leas\w*|\bhelic[oó]pter\w*|\bh[ée]licopt[èe]re\w*|\bhubschrauber\b"
    r"|\bchoppers?\b|\bhelis?\b|\bh[ée]licos?\b|\belicotter\w*",
    r"\b(?:small|light|tiny|bush|(?:single|twin)[- ]engined?|propeller|seat(?:er)?) (?:aircraft"
    r"|(?:air)?planes?)\b"
    r"|\bseaplanes?\b|\b(?:private|air) taxis?\b",
    r"\bpetits? (?:avions?|porteurs?)\b|\bavions? (?:l[ée]gers?|priv[ée]s?|de (?:tourisme|brousse))\b"
    r"|\bavionetas?\b|\bavi[óo]n(?:es)? (?:peque[ñn]o|ligero|privado|chico)s?\b"
    r"|\bpeque[ñn]os? avi[óo]n(?:es)?\b|\bkleinflugzeug\w*|\bpropellermaschine\w*",
    r"\bcessna\b|\bbeech(?:craft)?\b|\bpilatus\b|\bantonov\b|\btwin otter\b|\blet l?-?410\b",
    r"\bunhas\b|\bhumanitarian (?:air|flight)\w*|\b(?:un|wfp|icrc|monusco|minusca|unmiss|special|private"
    r"|mission|military)"
    r" (?:flights?|plane|aircraft|jet)\b|\bvols? (?:sp[ée]cia(?:l|ux)|humanitaires?|des nations unies)\b"
    r"|\bvuelos? (?:especial(?:es)?|humanitarios?|de (?:la onu|naciones unidas))\b",
)
"""A flight of another kind, wherever it is said."""

_LACKING = (
    r"(?:tb[acd]\b|to be (?:advised|confirmed|announced|booked|added|arranged|defined)"
    r"|not (?:yet )?(?:included|booked)|separate|(?:will|is|are) (?:be )?(?:added|booked|arranged|follow\w*)"
    r"|[àa] (?:confirmer|part\b|pr[ée]ciser|venir|r[ée]server)|s[ée]par[ée]|non (?:inclus|compris|r[ée]serv)"
    r"|sera|suivra|aparte|por (?:confirmar|definir|reservar|separado)|no (?:est[áa] )?inclu|pendiente"
    r"|se (?:reserva|confirma|a[ñn]ad)|folgt|nicht inbegriffen)"
)
_OTHER = r"(?:int[ée]rieurs?|domestiques?|locaux|local|r[ée]gional|suivants?|retour)"
_OTRO = r"(?:internos?|interior(?:es)?|dom[ée]sticos?|nacional(?:es)?|local(?:es)?|siguientes?|de vuelta)"
FURTHER = _any(
    r"\b(?:onward|domestic|internal|in-country|second|third|additional|extra|further|another|local|regional"
    rf"|last|final|return) (?:legs?|flights?|sectors?|segments?)\b[^.!?]{{0,30}}?{_LACKING}",
    rf"\b(?:vols?|trajets?|tron[çc]ons?) {_OTHER}\b[^.!?]{{0,30}}?{_LACKING}",
    rf"\b(?:vuelos?|tramos?) {_OTRO}\b[^.!?]{{0,30}}?{_LACKING}",
    r"(?:^|[+&,;]|\b(?:plus|and|then|et|puis|y|luego))[ ]*(?:\+[ ]*)?(?:an? |un |one )?"
    r"(?:(?:onward|domestic|internal|in-country|local) flight|vol (?:int[ée]rieur|domestique|local)"
    r"|vuelo (?:interno|dom[ée]stico|interior|local))\b[ ]*(?:to\b|[àa]\b|vers\b|a\b|hacia\b|$)",
    r"\bad[- ]?hoc (?:flights?|aircraft)\b|\bvols? ad[- ]?hoc\b|\bvuelos? ad[- ]?hoc\b",
)
"""A flight that is spoken of and not listed."""

NEWS = _any(
    r"^\W*(?:corrections?|corrected|rectificati\w+|rectificaci[óo]n|correcci[óo]n|erratum|fe de erratas"
    r"|korrektur|berichtigung)\b[ ]?[:!-]",
    r"\bnew (?:date|day|departure|arrival|time|schedule|timings?)s?[ ]?[:=]"
    r"|\bschedule change\b[ ]?(?:[:!-]|\d)",
    r"\b(?:nouvelle (?:date|heure)|nouvel horaire|changement d'horaire)[ ]?(?:[:=]|\d)",
    r"\b(?:nueva (?:fecha|hora)|nuevo horario|cambio de (?:horario|fecha))[ ]?(?:[:=]|\d)",
    r"\b(?:dates?|days?|times?|schedule) (?:was|were|is|are|has|have) (?:been |now )?"
    r"(?:changed|moved|amended)\b",
    r"\b(?:date|jour|heure|horaire)s? (?:est|sont|a|ont) (?:[ée]t[ée] )?(?:chang|modifi|d[ée]plac)[ée]e?s?"
    r"|\b(?:fecha|d[ií]a|hora|horario)s? (?:ha sido|han sido|fue|se ha) (?:cambi|modific)ad[oa]s?",
    r"\bequipment change\b|\bchang(?:e|es|ing) (?:of )?(?:planes?|aircraft|equipment|gauge)\b",
    r"\bchangement d(?:e |')(?:avion|appareil|[ée]quipement)\b|\bcambio de (?:avi[óo]n|aeronave|equipo)\b",
    r"\bneue[rs]? (?:datum|zeit|abflug|termin)[ ]?:|\bflugplan[äa]nderung[ ]?:",
)
"""Something is new, whatever it is about."""

STANDBY = _at_words(
    r"\bwait-?list\w*|\bon stand-?by\b|\bunconfirmed\b|\bnot (?:yet )?confirmed\b|\bliste d'attente\b"
    r"|\blista de espera\b|\bwarteliste\b|\blista d'attesa\b"
)
_STATE = r"(?:ticketed|issued|booked|confirmed|approved|reserved|purchased|operating|flying|travel+ing|going)"
_ETAT = r"(?:confirm|[ée]mis|r[ée]serv|approuv|garanti)\w*"
_ESTADO = r"(?:confirmad|emitid|reservad|aprobad|comprad)[oa]s?"
_BOOKED = (
    r"(?:(?:flights?|bookings?|reservations?|seats?|itinerary|tickets?|vols?|r[ée]servations?|vuelos?|reservas?"
    r"|status|statut|estado|[A-Z][A-Z0-9] ?[0-9]{2,4})\b[^.;,!?]{0,20}?\b)"
)
_GROUND = (
    r"(?:bus|coach|train|rail|road|ferry|boat|autob[úu]s|autocar|car|route|tren|carretera|barco|bateau|zug)"
)
UNSETTLED = _at_words(
    rf"\b(?:not|never|isn't|aren't)[ ](?:\w+[ ]){{0,2}}?{_STATE}\b",
    rf"\b(?:non|pas)[ -](?:encore )?{_ETAT}|\b(?:no|sin) (?:\w+ ){{0,2}}?{_ESTADO}(?!\w)",
    r"\bnicht (?:best[äa]tigt|gebucht|ausgestellt)\b",
    r"\bn[ãa]o (?:\w+ ){0,2}?(?:confirmad|emitid|reservad|aprovad|comprad)[oa]s?(?!\w)",
    r"\bnon (?:\w+ ){0,3}?(?:confermat|emess|prenotat|approvat|acquistat)[oaie](?!\w)",
    rf"(?:^|{_BOOKED})\W*(?:on (?:request|hold)|sur demande|a petici[óo]n)\W*$",
    r"\bwaiting[ -]list\b|\b(?:en|on) (?:strike|gr[èe]ve|huelga)\b",
    r"\b(?:subject to|sous r[ée]serve d|sujet[oa] a|pendiente de|en attente d)[ e']{0,2}"
    r"(?:confirm|appro[bv])\w*",
    r"\bwill not (?:fly|operate|depart|take place|go)\b"
    r"|\bnot valid\b(?! (?:before|after|for|as|without|until))",
    r"\b(?:do|must) not (?:travel|fly)\W*$|^\W*(?:not|no longer)\b(?= [A-Z][A-Z0-9] ?[0-9])",
    rf"{_BOOKED}(?:suspended|expired|declined|rejected|refused|failed|replaced|substituted|pending|optional"
    r"|supprim[ée]e?s?|suspendue?s?|refus[ée]e?s?|expir[ée]e?s?|remplac[ée]e?s?"
    r"|suprimid[oa]s?|suspendid[oa]s?|rechazad[oa]s?|caducad[oa]s?|reemplazad[oa]s?)(?!\w)",
    r"^\W*(?:draft|proposal|quot(?:e|ation)|offer|options?|hold|tentative|provisional|old|declined|rejected"
    r"|refused|suspended|opci[óo]n|devis|propuesta|presupuesto)\b(?!\W+(?:is|are|to)\b)"
    r"(?=\W|[ ](?:expires?|only)|$)",
    r"\b(?:only|just|merely) an? (?:offer|quote|quotation|proposal|option|draft)\b"
    r"|\b(?:quote|proposal|booking|ticketing|payment)[ :]+(?:only|pending|failed)\b",
    rf"\b(?:return|retour|vuelta|regreso|legs?|segment|flight|vol|vuelo|onward|tramo|trajet|service)\b"
    rf"[^.;!?]{{0,30}}\b(?:by|en|par|per|in) {_GROUND}\b"
    rf"|^\W*(?:by|en|par|per) {_GROUND}\W*$|\b{_GROUND} service\b|\brail ?(?:&|and) ?fly\b",
    r"\bseparate (?:ticket|booking|reservation)\b|\bbillets? s[ée]par[ée]s?\b|\bbilletes? aparte\b",
)
"""A booking that is not made, not held or not flown; that counts where it is said for sure.

That a ticket is held for some days is said in many a question before it is bought: that is told with the
flight (`beside.holds`), and asks nothing; a line or a title that says nothing else, or a state so labelled,
does.
"""
STATUS = re.compile(
    r"^\W*(?:(?:booking|flight|reservation|segment|seat)[ ])?(?:status|statut|estado)[ ]?[:=-][ ]*"
    r"(?P<state>[^,;|]+)",
    re.IGNORECASE,
)
HELD = re.compile(
    r"(?:h[ks]|k[kl]|ok|confirm\w*|ticketed|booked|held|active|reserv\w*|issued|[ée]mis\w*|emitid\w*"
    r"|r[ée]serv\w*|gebucht|best[äa]tigt|on time|scheduled|open for use|paid|pay[ée]e?|pagad[oa])"
    r"[0-9]?\b(?! to\b)",
    re.IGNORECASE,
)
"""A state with its label, and the states in which a seat is held: any other is told."""
GRAVE = (CHARTER, STANDBY, FURTHER)
ABOUT_THE_JOURNEY = (CHANGED, OTHERWISE)

STOPS_AT = re.compile(
    r"\b(?i:(?:connect(?:ing|ion|s)?|stop(?:ping|s|over)?|stop-over|layover|transit(?:ing)?|escales?"
    r"|correspondances?|escalas?|conexi[óo]n|tr[áa]nsito|zwischenstopp?|umstieg|umsteigen|scalo"
    r"|conex[ãa]o)"
    r"[ ](?:\w{1,8}[ ])?(?:in|at|via|through|[àa]|en|par|por|de|a|em|nach|[üu]ber)|via)[ ]"
    r"(?P<place>[^\W\d_a-zà-ÿ][^\W\d_]+(?:[ -][^\W\d_a-zà-ÿ][^\W\d_]+){0,3})"
)
"""A stop, with the capitalised words for it: they need not be known to be told."""

PARTNERS = _any(
    r"\b(?:flights?|services?|vols?|vuelos?|fl[üu]ge?)[ ](?:which are |that are "
    r"|marked \S+ (?:are )?|qui sont )?"
    r"(?:operated by|op[ée]r[ée]s par|operados por) (?:our |other |nos |d'autres |nuestros |otr)\w*"
)
"""Any flights of any partners: rules of carriage, not this journey."""

CONTACT = _any(
    r"\b(?:tel|t[ée]l[ée]?phone|tel[ée]fono|fax|phone|mobile|p\.? ?o\.? box|bp|b\.p\.|apartado"
    r"|suite|floor"
    r"|street|st\.|road|rd\.|avenue|ave\.?|av\.|rue|place|boulevard|blvd|calle|paseo|plaza|avenida"
    r"|carrera"
    r"|\w*stra(?:ss|ß)e|platz|via [A-Z]\w+ \d|viale|piazza|rua)\b[^.!?]*\d",
    r"\b\d+,? (?:bis )?(?:rue|avenue|place|boulevard|quai|cours|chemin|route de)\b",
    r"\b(?:registered office|head office|headquarters|managing director|vat (?:id|no|number|reg\w*)"
    r"|company (?:no"
    r"|number|reg\w*)|all rights reserved|privacy policy|unsubscribe|si[èe]ge social|rcs|siret|licen[cs]e"
    r"|licencia|inscrita|registro mercantil|c\.?i\.?f\.?|n\.?i\.?f\.?|sede social|handelsregister"
    r"|amtsgericht"
    r"|ust-?id\w*|gesch[äa]ftsf[üu]hr\w+|partita iva|p\.? ?iva|cnpj|courts? of|jurisdiction"
    r"|tribuna(?:l|ux)"
    r"|tribunales|fuero)\b",
    r"©|\bwww\.|https?:|\S@\S|\(c\) ?20\d\d",
    r"\b(?:[A-Z]{1,2}-)?\d{4,6} [^\W\d_a-zà-ÿ][^\W\d_]+",
)
"""Addresses and imprints: the places in them are those of an office."""

TREATIES = _any(
    r"\b(?:montreal|warsaw|chicago|rome|geneva|schengen)[ ](?:convention|protocol|agreement|treaty"
    r"|area)s?\b",
    r"\b(?:convention|protocole|accords?|espace|convenio|protocolo|acuerdos?|[üu]bereinkommen|abkommen)"
    r"[ ](?:de |von )?(?:montr[ée]al|vars[oó]vi[ea]|warschau|chicago|rome|roma|gen[èe]ve|ginebra"
    r"|schengen)\b",
)
"""Treaties on air travel bear the names of cities."""
