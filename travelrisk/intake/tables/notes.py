"""Texts beside the flights of a table: titles, footers, comments, text boxes.

Every export ends with a total or a page number, and a question about each would teach people to stop reading;
but "* operated by ..." may stand there too. So a text is noise only where each of its words is known to be,
or where it tells who made the document and when; all other text is told.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

from travelrisk.domain.carriers import Carrier, CarrierBook
from travelrisk.domain.codes import folded
from travelrisk.domain.drafts import DraftSegment
from travelrisk.domain.places import Atlas
from travelrisk.intake.beside import phrases
from travelrisk.intake.beside.doubts import carriers_called, doubts_of_mail
from travelrisk.intake.words import words

_FURNITURE = (
    words.FROM
    | words.TO
    | words.CLOSINGS
    | frozenset(words.MONTHS)
    | frozenset(words.WEEKDAYS)
    | frozenset(
        """
        total totals subtotal sum summary grand number count quantity of the and for in on at is are all only
        no nr ticket tickets segment segments flight flights booking bookings reservation reservations
        passenger passengers traveller travellers traveler travelers record records row rows line lines item
        items page pages end report list export file document table sheet version date time times local
        subject to change changes without notice prior confidential internal use see reverse continued
        price prices amount amounts currency eur usd chf gbp
        nombre le la les un et du des au aux dans sont est tous toutes billet billets vol vols ligne lignes
        segments reservations voyageur voyageurs passager passagers enregistrement enregistrements fin rapport
        liste fichier tableau feuille heure heures horaire horaires locale locales locaux
        sous reserve modification modifications
        you sans preavis confidentiel confidentielle interne usage suite prix montant montants somme
        numero el los las y del en es son todo todos todas billete billetes boleto boletos vuelo vuelos linea
        lineas segmento segmentos reserva reservas viajero viajeros pasajero pasajeros registro registros
        pagina paginas fin informe lista archivo documento tabla hoja hora horas horario
        horarios local locales sujeto sujetos
        a cambio cambios sin previo aviso confidencial uso interno precio precios importe importes suma
        anzahl summe gesamt gesamtsumme zwischensumme der die das und im in sind alle aller flug fluge zeile
        zeilen buchung buchungen reisende reisender passagier passagiere datensatze seite seiten ende bericht
        liste datei tabelle blatt zeit zeiten ortszeit ortszeiten lokalzeit anderung anderungen vorbehalten
        vertraulich intern nur zum gebrauch preis preise betrag betrage
        nb nbr selected datensatz dates fechas daten format dd mm yy yyyy jj aaaa tt jjjj hh
        class classe clase klasse economy business first economique economica
        window aisle seat seats meal meals vegetarian vegan halal kosher baggage luggage bag
        bags extra wheelchair
        visa passport hotel upgrade frequent flyer miles please
        couloir hublot siege repas vegetarien bagage bagages
        pasillo ventana asiento comida vegetariano equipaje
        fenster gang sitz fensterplatz gangplatz gepack
        hk ok confirmed confirme confirmes confirmado confirmados bestatigt status statut estado
        """.split()  # noqa: SIM905 - a table of words is read as words
    )
)
"""Folded words of which totals, page numbers and general notes are made, in four languages."""

_ABOUT_ITSELF = re.compile(
    r"(?:(?:this |ce |cette |este |esta |diese[rs]? )?(?:report|list|data|document|file|rapport|liste|donnees"
    r"|fichier|informe|lista|datos|bericht|datei|daten) )?"
    r"(?:was |is |has been |est |a ete |ha sido |fue |wurde )?"
    r"(?:generated|exported|printed|created|prepared|produced|issued|downloaded|compiled|last updated|updated"
    r"|run date|as of|genere|generee|exporte|exportee|imprime|imprimee|cree|creee|etabli|etablie|edite|editee"
    r"|prepare|preparee|mis a jour|generado|generada|exportado|exportada|impreso|impresa|creado|creada"
    r"|emitido|preparado|preparada|actualizado|erstellt|exportiert|gedruckt|generiert|aktualisiert|stand"
    r"|(?:grand |sub ?|sous )?total|zwischensumme|gesamtsumme|summe|suma"
    r"|legend|legende|leyenda|tel|telephone|telefono|telefon|phone|mobile|fax|contact|contacto|kontakt)\b"
)
"""How a line begins that tells who made the document and when, what it adds up to, or what its signs mean."""

_PAGE = re.compile(r"\W+[0-9]{1,3}\W+")  # - 2 -
_CANCELLED = re.compile(
    r"\b(?:cancel+ed|cancel+ations?|annul[eé]e?s?|annulations?|cancelad[oa]s?|cancelaci[oó]n(?:es)?"
    r"|storn\w+)\b",
    re.IGNORECASE,
)
_MAY_ANNOUNCE = re.compile(
    r"\b(?:op|via|stop|escal|transit|tr[aá]nsit|connect|layover|corresp|conexi|umst|zwischen|scalo|charter|ch[aá]r"
    r"|affr|flet|wet|wait|list|warte|stand|unconf|not|h[eé]lic|hub|un|wfp|icrc|mon|min|special|private|vols?"
    r"|vuelos?|by|bus|rail|option|hold|expir|suspend|supprim|suspe|no|pas|sur|on|separate|cancel|annul|storn|flown|betrieb|durch|eff|expl)",
    re.IGNORECASE,
)
"""Beginnings of all the words that `announces` looks for: most cells of a large table have none."""
_CODE = re.compile(r"[A-Z0-9]{2,3}|[A-Z]{4}")
_WORD = re.compile(r"[^\W_]+")
_LONG_ENOUGH = 3


class Notes:
    """Judges texts beside flights, with the tables that know carriers and places."""

    def __init__(self, atlas: Atlas, book: CarrierBook) -> None:
        self._atlas = atlas
        self._book = book
        self._called = lru_cache(maxsize=256)(self._carriers_called)

    def is_noise(self, cells: Iterable[str]) -> bool:
        """Say whether the cells of a row without a flight, or a text, say nothing about any flight."""
        written = [" ".join(cell.split()) for cell in cells if cell.strip()]
        text = " ".join(written)
        found = [folded(match[0]) for match in _WORD.finditer(text)]
        if not found or _PAGE.fullmatch(text):
            return True
        if any(map(self._is_code, written)) or self.may_change(text):
            return False
        if _ABOUT_ITSELF.match(folded(text)) or phrases.CONTACT.search(text):
            return True
        has_word = any(len(word) >= _LONG_ENOUGH and word.isalpha() for word in found)
        return has_word and all(word.isdigit() or len(word) == 1 or word in _FURNITURE for word in found)

    def may_change(self, text: str) -> bool:
        """Say whether a text announces something of a flight, or names a carrier."""
        return self.announces(text) or self._names_carrier(text)

    def announces(self, text: str) -> bool:
        """Say whether a text tells of an operator, a stop, or a flight that is cancelled or not sure."""
        if not _MAY_ANNOUNCE.search(text):
            return False
        return (
            any(doubts_of_mail(text, (), self._book))
            or any(pattern.search(text) for pattern in (*phrases.GRAVE, phrases.UNSETTLED, _CANCELLED))
            or any(self._is_place(match["place"]) for match in phrases.STOPS_AT.finditer(text))
        )

    def concerns(self, text: str, flights: Sequence[DraftSegment]) -> bool:
        """Say whether a text that may change a flight says more than these flights do: another carrier."""
        called = self._called(text)
        if not called or any(doubts_of_mail(text, flights, self._book)):
            return True
        own = {each.icao for flight in flights for each in self._own(flight)}
        return not all(own & carriers for carriers in called)

    def _carriers_called(self, text: str) -> list[set[str]]:
        """Return for each carrier that a text names the designators it may have."""
        names = set(carriers_called(text, date.max, self._book))
        return [{each.icao for each in self._book.named(name, date.max)} for name in names]

    def _own(self, flight: DraftSegment) -> Iterable[Carrier]:
        codes = (flight.marketing_code, flight.operating_code)
        names = (flight.marketing_name, flight.operator)
        for code in filter(None, codes):
            yield from self._book.find(code, date.max)
        for name in filter(None, names):
            yield from self._book.named(name, date.max)

    def _is_code(self, cell: str) -> bool:
        """Say whether a cell by itself is a carrier or an airport: ET is "and" in French too."""
        is_known = self._book.knows(cell) or bool(self._atlas.candidates(cell))
        return bool(_CODE.fullmatch(cell)) and is_known and not cell.isdigit()

    def _is_place(self, name: str) -> bool:
        return bool(self._atlas.named(name) or self._atlas.candidates(name))

    def _names_carrier(self, text: str) -> bool:
        """Say whether a carrier is named; Swiss and Delta are words too, and count where they stand alone."""
        called = set(carriers_called(text, date.max, self._book))
        return any(
            " " in name or folded(name) not in words.EVERYDAY_CARRIERS or folded(text) == folded(name)
            for name in called
        )
