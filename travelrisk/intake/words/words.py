"""The words of itineraries in the languages people paste: one table, which native speakers can extend.

Every word is folded (no accents, no capitals) as `domain.codes.folded` does it.
"""

import re
from collections.abc import Iterable

_MONTHS_BY_LANGUAGE = {
    "en": "january february march april may june july august september october november december",
    "en short": "jan feb mar apr may jun jul aug sep oct nov dec",
    "en other": "janu febr marc apri may june july augu sept octo nove dece",
    "fr": "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    "fr short": "janv fevr mars avr mai juin juil aout sept oct nov dec",
    "fr other": "jan fev mar avr mai jui jul aou sep oct nov dec",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "es short": "ene feb mar abr may jun jul ago set oct nov dic",
    "de": "januar februar marz april mai juni juli august september oktober november dezember",
    "de short": "jan feb mrz apr mai jun jul aug sept okt nov dez",
    "de other": "janner feber maerz apr mai juno jul aug sep okt nov dez",
    "pt": "janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro",
    "pt short": "jan fev mar abr mai jun jul ago set out nov dez",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "it short": "gen feb mar apr mag giu lug ago set ott nov dic",
}
_AMBIGUOUS_MONTHS = {"jui"}  # juin or juillet: no reader decides that
_WEEKDAYS_BY_LANGUAGE = {
    "en": "monday tuesday wednesday thursday friday saturday sunday",
    "en short": "mon tue wed thu fri sat sun",
    "en other": "mon tues weds thur fri sat sun",
    "en more": "mon tues wed thurs fri sat sun",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "fr short": "lun mar mer jeu ven sam dim",
    "es": "lunes martes miercoles jueves viernes sabado domingo",
    "es short": "lun mar mie jue vie sab dom",
    "de": "montag dienstag mittwoch donnerstag freitag samstag sonntag",
    "pt": "segunda terca quarta quinta sexta sabado domingo",
    "pt short": "seg ter qua qui sex sab dom",
    "it": "lunedi martedi mercoledi giovedi venerdi sabato domenica",
    "it short": "lun mar mer gio ven sab dom",
}


def _words(written: str) -> frozenset[str]:
    return frozenset(written.split())


def _listed(written: str) -> tuple[str, ...]:
    return tuple(" ".join(phrase.split()) for phrase in written.split(","))


def _numbered(tables: dict[str, str]) -> dict[str, int]:
    return {word: number for table in tables.values() for number, word in enumerate(table.split(), 1)}


MONTHS = {
    word: number for word, number in _numbered(_MONTHS_BY_LANGUAGE).items() if word not in _AMBIGUOUS_MONTHS
}
WEEKDAYS = _numbered(_WEEKDAYS_BY_LANGUAGE)
ENGLISH_MONTHS = (*_MONTHS_BY_LANGUAGE["en"].split(), *_MONTHS_BY_LANGUAGE["en short"].split(), "sept")

FROM = _words("from de desde von depuis da du ex leaving departing partant saliendo")
TO = _words("to a nach vers hacia para au towards into")
VIA = _words("via over por durch")
STRONG_LEADS = _words("from to desde nach von vers hacia depuis via")
"""After these a capitalised word is a place even if no table knows it."""

BACK = _listed("""
    back, return, returning, returns, inbound, retour, au retour, vuelta, regreso, regresando,
    ruckflug, ruckreise, zuruck, volta, regresso, ritorno, then back
""")
ROUND = _listed("""
    aller retour, aller-retour, a/r, round trip, round-trip, roundtrip, return trip, return ticket,
    r/t, ida y vuelta, hin und zuruck, ida e volta, andata e ritorno
""")
ARRIVES = _listed("""
    arr, arrives, arriving, arrival, arrivee, arrive, llegada, llega, ankunft, chegada, arrivo,
    landing, lands
""")
OPERATED_BY = _listed("""
    flight operated by, operated by, op by, op. by, operated for you by, operating carrier, operating airline,
    flown by, opere par, operee par, vol effectue par, effectue par, effectuee par, vol assure par,
    assure par, exploite par, transporteur effectif, vuelo operado por, operado por, operada por,
    transportista operador, durchgefuhrt von, ausgefuhrt von, voo operado por, operato da, operata
    da, operes par, operees par, assures par, assuree par, assurees par, effectues par,
    effectuees par, exploites par, operados por, operadas por, hang van chuyen
""")
LOCATOR_LABELS = _listed("""
    pnr, record locator, locator, booking reference, booking ref, booking code, booking number,
    booking id, booking, reservation code, reservation number, reservation, confirmation code, confirmation
    number, confirmation, airline reference, reference, ref, conf, dossier, numero de reservation,
    code de reservation, localizador, codigo de reserva, reserva, buchungscode, buchungsnummer,
    codice di prenotazione, rloc
""")
FLIGHT_LABELS = ("flight", "flt", "vol", "vuelo", "flug", "flugnr", "voo", "volo")

LITTLE = _words("""
    and for the was are but not all any our out you her his she him who how why its via due new one
    two six ten day pax adt chd inf fly get let may way see say use via air eta etd utc gmt dep arr
    mrs miss non est sur par por que una uno sus mas les une aux und der die das mit von nur ref pnr
    tel fax mob gsm pdf www usd eur gbp chf flt
""")
"""Three-letter words that are airports too; they count as such in an explicit pair or after from/to."""

LITTLE_LOWER = LITTLE | _words("""
    can man has had did put got men son car bus cab ago now old red run sit set act age ask bad bag
    bar bed big bit box boy buy cut dad eat end far few fit fun god gun hit hot ice key kid law lay
    leg lie lot low mad map met mom nor odd off oil own pay per pet pop pot raw rid row sad sea shy
    sky sun tax tea tie tip too top toy try van war wet win yes yet hub lui ils est qui ses mes nos
    vos eux dia ano sol mar ser ver dar del sin los las con ist ein des bis
    sie ihr ihm ihn den dem das wir uns bei zum zur hat auf aus vor wie was
    che nel sul dal sua suo seu dos nas com foi
    plz pls chk thx
""")
"""Written small, many more three-letter words are simply words."""

LABELS = _words("""
    date time flight flights from to departure arrival airline carrier class cabin status seat terminal gate
    duration passenger passengers name booking reference price total hotel fare ticket depart departing
    return vol date heure depart arrivee classe statut nom voyageur vuelo fecha hora salida llegada clase
    estado nombre flug datum zeit abflug ankunft klasse
""")
"""Headings of printed itineraries; after "from" and "to" they are no places."""

ORDINARY_PAIRS = _words("""
    of to on at de le la am pm by no as or so we is it if my he me up go in el al du un en et ou au si
    se vu da do em um na os ao ex re vs id nr st nd rd th mr ms dr km kg ca pp
""")
"""Carrier codes that are words too; written small and apart, they are flights only before a long number."""

NOT_A_CARRIER = _words("""
    eur usd gbp chf cad aud jpy kes etb zar xaf xof inr iso row gate seat page room
""")


EVERYDAY = _words("""
    abs ada alert alliance along alpha ann best boundary cascade central chicken circle colon crystal cue
    date delta duck ende eros fare flat gap gateway grants hay hope hue lock mal male man many marks
    miles mobile mono nan nice of ok orange page paradise perm police price rand reading ruby sale salida
    save saw singleton split superior sur trail una union van wink young zero tours lens salto
    trinidad paz rosario progreso esperanza reforma libertad independence liberty freedom enterprise
    sport post bank adrian alexandria alice alma amanda angel anita anna aurora austin barbara
    beatrice bella benito bernard bruno camila carlos carmen catalina cecilia charlotte chelsea
    christian clara clementina darwin david diana dolores don donna elena elias elizabeth emma
    enrique esther eugene eva felipe florence florencia francis franklin gabriela george gloria
    grant harrison helena henry houston ignacio irene isabel ivan jackson james jose juan julia kent
    kerry laura lawrence lincoln linda lorena lourdes lucas lucia luis luisa madison manuel marcos
    margarita maria marie mario marion martha martin mary mercedes mitchell monica montgomery morgan
    nelson newton norman olga oscar patricia paul pedro peter raphael roma rosa rose ross rupert
    salvador samuel santa santiago santos sara sarah sebastian sharon sidney sofia sophia spencer
    stella sydney sylvia teresa theodore thomas vera vernon victor victoria vincent virginia walker
    warren wilson
    """)
"""Towns with airports whose names are words or given names; they are places only behind a leading word."""

EVERYDAY_CARRIERS = _words("""
    aires alliance american ana ariana asiana aurora austral austrian azimut azul binter boa bonza
    breeze buzz caa chair clic condor copa corsair delta edelweiss emirates estelar ethiopian
    firefly flair frontier gol hawaiian hop indigo jal jazz laser lift link lot lam liat mango mea
    monarch neos norwegian nordwind peach pegasus pia play porter qatar ram rex rossiya safair sansa
    sas sata sat satena scat scoot skyteam southwest spirit swiss tam tame tap tarom tokyo turkish
    un united vasco viva volaris wingo world
    """)
"""Carriers whose names are also words, nations or initials; they count only as in "with Ethiopian"."""

PLACE_LEADS = FROM | TO | VIA | _words("in at through en dans aus near em")
CARRIER_LEADS = _words("with by on avec par con por mit von sur chez com di fly flying aboard")
AFTER_CARRIER = _words("""
    from to on at via instead and or in for de a le la desde para el por avec con flight flights vol
    vols vuelo airlines airways
    """)
FLYING = _words("air airlines airline airways aviation aero aereo aereas aeriennes lineas jet fly")
NO_AIRLINE = _words("""
    transport transportation passenger passengers travel safety ticket miles fare conditioning
    traffic cargo regulation conditions quality force
    """)
"""Words before, behind and in the names of carriers, and those that show that a name is of something else."""

INITIALS = _words("""
    ssr osi mme mlle vat tva iva ttc sas rcs cif gst hst llc ltd inc plc gmb ceo cfo faq sms app apt ust url
    vip tsa eta esta nif cet est utc gmt bst cat eat wat edt pdt ngo ong onu oms who fao wfp pam
    rgpd gdp iso cnil apis usa uae srl spa pto pcs hrs kgs max min sat bag fee tax sub all new ids
    otp pin mrz cop mxn brl inr
    """)
"""Initials in the small print of mails that are airports too."""


CLOSINGS = _words("""
    thanks thank thx regards best kind sincerely cheers hello hi dear good merci cordialement bien
    bonjour salut cher chere gracias saludos atentamente cordialmente hola estimado estimada buenos
    buenas danke gruss hallo
    """)
"""A short line that begins with one of these greets or signs; the names in it are people."""

HARMLESS = (
    CLOSINGS
    | FROM
    | TO
    | VIA
    | _words("""
    i we me my our us you he she they is are am be will would can could may should shall do does have
    has had want wants wish need needs plan plans going go goes fly flies flying flown book booking
    booked buy check checking ask know tell see please if whether it this that the a an and of on in at
    by for with as my your trip journey travel travelling traveling mission duty official business
    ticket tickets seat seats passenger passengers pax adult adults person people colleague flight
    flights number nr date time day morning afternoon evening night early late departs depart
    departing departure departures leave leaves leaving arrive arrives arriving arrival next then after
    before same both also there here about around economy class cabin direct one way oneway okay
    flt flts nbr routing
    ok possible question route airport airports je j nous on me mon ma mes notre nos vous il elle est
    sont suis sera serai puis peux peut pouvons voudrais veux voulons souhaite dois doit faut aller vais
    prendre prends prenons pars part partons partir reserver reservation voyage voyager mission
    officielle officiel service billet billets passager passagers personne vol vols numero date heure
    jour matin midi soir nuit depart arrivee arrive ensuite apres avant meme classe economique directe
    direct simple svp s il te plait si que qui ce cet cette c ai en le la les l un une d du des et a au
    aux pour par avec dans sur aeroport question trajet ville possible ok yo mi mis me nos nuestro usted
    es son soy estoy sera puedo puede podemos quiero queremos quisiera necesito debo hay ir voy vamos
    tomar tomo viajo viajar viajamos salgo salimos salir reservar reserva viaje mision oficial billete
    boleto pasajero pasajeros persona vuelo vuelos fecha hora dia manana tarde noche salida llegada
    llega luego despues antes mismo clase turista economica directo ida favor si que este esta el los
    las un una unos y e o en con al del de para por aeropuerto pregunta ruta ciudad posible ich wir
    mochte will fliege fliegen flug fluge am der die das den dem nach von und mit um uhr bitte reise
    dienstreise ticket abflug ankunft take taking took buying allowed pls plz chk chck thx u ur dep std etd
    arr sta eta outbound inbound aller hinflug kann kannst konnen darf durfen nehmen buchen prufen danke
    gebucht reserve reserver achat acheter tomando comprar volar voler hallo
    im like would id aimerais request clearance cleared clear safe advise yes asap urgent urgently meeting
    conference workshop training seminar reunion conferencia taller formation atelier cost costs price total
    demande solicitud plus attached enclosed below adjunto adjunta joint jointe
    """)
) - _words("with con avec mit por par by service flown")
"""Words that do not change what is judged, in a question of a few lines."""

GRAVE = tuple(
    """
    cancel annul anul storn waitlist wait-list standby unconfirmed rebook layover stopover stop escal
    zwischenstop operat opere opera oper betrieben durchgef ausgef flown affret charter wet codeshare
    partner behalf dba helicopter
    """.split()  # noqa: SIM905 - a table of words is read as words
)
"""Beginnings of words that change what is judged; near a flight they are never passed over."""


def any_of(words: Iterable[str]) -> str:
    """Return a regular expression for any of *words*, longest first, that also finds them with accents."""
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    return "(?:" + "|".join(map(_with_accents, ordered)) + ")"


_ACCENTS = {
    "a": "[aàáâäã]",
    "c": "[cç]",
    "e": "[eèéêë]",
    "i": "[iìíîï]",
    "n": "[nñ]",
    "o": "[oòóôöõ]",
    "u": "[uùúûü]",
    " ": r"[ ]+",
}
_MORE_ACCENTS = _ACCENTS | {"a": "[aàáâäãậ]", "e": "[eèéêëể]"}
"""Beyond Latin-1, for the phrases that need them: such a set takes sixteen times as long to compile."""
_VIETNAMESE = frozenset({"hang van chuyen"})


def _with_accents(word: str) -> str:
    accents = _MORE_ACCENTS if word in _VIETNAMESE else _ACCENTS
    return "".join(accents.get(character) or re.escape(character) for character in word)
