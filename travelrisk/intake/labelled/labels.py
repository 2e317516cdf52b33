"""The labels of printed itineraries in six languages: one table, a line for each language.

Every phrase is folded (no accents, no capitals) as `domain.codes.folded` does it. Phrases that tables and
free text know already are taken from there.
"""

import re
from enum import StrEnum

from travelrisk.domain.codes import folded
from travelrisk.intake.words import words
from travelrisk.intake.words.headings import HEADINGS


class Kind(StrEnum):
    """What the value behind a label is."""

    FLIGHT = "flight"
    CARRIER = "carrier"
    DEPARTURE = "departure"
    ARRIVAL = "arrival"
    FROM = "from"
    TO = "to"
    FROM_TO = "from and to"
    DATE = "date"
    TIME = "time"
    DEPARTS_ON = "day of departure"
    DEPARTS_AT = "time of departure"
    ARRIVES_ON = "day of arrival"
    ARRIVES_AT = "time of arrival"
    OPERATED = "operated by"
    STOPS = "stops"
    STATUS = "status"
    LOCATOR = "locator"
    PASSENGER = "passenger"
    ISSUED = "issued"
    DURATION = "duration"
    PRIVATE = "private"
    ASIDE = "aside"


ON_RAILS = frozenset({"train", "zug", "tren", "treno", "comboio", "trem"})
"""Labels of what has a flight number and may be no flight."""

LABELS = {
    Kind.FLIGHT: """
        flight, flights, flight no, flight number, flight nr, flt, flt no
        vol, vols, numero de vol, numero du vol, n de vol, no de vol, vol n
        vuelo, vuelos, numero de vuelo, n de vuelo, vuelo n
        flug, fluge, flugnr, flugnummer, flug nr
        voo, voos, numero do voo, numero de voo, n do voo
        train, zug, tren, treno, comboio, trem
        volo, voli, numero volo, numero del volo, numero di volo, n volo
    """,
    Kind.CARRIER: """
        airline, carrier, marketing carrier, marketed by, sold by
        compagnie, compagnie aerienne, transporteur
        aerolinea, compania aerea, compania
        fluggesellschaft, airline name
        companhia, companhia aerea
        compagnia, compagnia aerea, vettore
    """,
    Kind.DEPARTURE: """
        departure, departs, departing, depart, dep, leaves, leaving
        depart, au depart de
        salida, sale
        abflug, abreise, ab
        partida, saida
        partenza, parte
    """,
    Kind.ARRIVAL: """
        arrival, arrives, arriving, arrive, arr
        arrivee, a l arrivee
        llegada, llega
        ankunft, an
        chegada
        arrivo
    """,
    Kind.FROM: """
        from, origin, departure airport, departure city, departing from, dep airport, from city
        de, origine, aeroport de depart, ville de depart, depart de
        desde, origen, aeropuerto de salida, ciudad de salida, aeropuerto de origen
        von, abflughafen, abflugort
        origem, aeroporto de partida, aeroporto de origem, cidade de partida
        da, aeroporto di partenza, citta di partenza
    """,
    Kind.TO: """
        to, at, destination, arrival airport, arrival city, arriving at, arriving in, arr airport, to city
        a, vers, aeroport d arrivee, ville d arrivee, arrivee a
        hasta, hacia, destino, aeropuerto de llegada, ciudad de llegada, aeropuerto de destino
        nach, zielflughafen, zielort, ziel
        para, aeroporto de chegada, aeroporto de destino, cidade de chegada
        aeroporto di arrivo, destinazione, citta di arrivo
    """,
    Kind.FROM_TO: """
        from to, route, routing, sector, city pair
        de a, trajet, itineraire, parcours
        de hasta, ruta, trayecto
        von nach, strecke
        trecho, trajeto
        tratta, da a
    """,
    Kind.DATE: """
        date, day
        date, jour
        fecha, dia
        datum, tag
        data
        giorno
    """,
    Kind.TIME: """
        time, local time
        heure, heure locale
        hora, hora local
        zeit, uhrzeit, ortszeit
        horario
        ora, orario
    """,
    Kind.DEPARTS_ON: """
        departure date, date of departure, flight date, travel date, date of travel, dep date, depart date
        date de depart, date du depart, date du vol, date de vol
        fecha de salida, fecha del vuelo, fecha de vuelo
        abflugdatum, flugdatum, reisedatum
        data de partida, data do voo
        data di partenza, data del volo
    """,
    Kind.DEPARTS_AT: """
        departure time, time of departure, dep time, depart time, std, etd
        heure de depart, heure du depart
        hora de salida
        abflugzeit
        hora de partida, horario de partida
        ora di partenza, orario di partenza
    """,
    Kind.ARRIVES_ON: """
        arrival date, date of arrival, arr date
        date d arrivee
        fecha de llegada
        ankunftsdatum
        data de chegada
        data di arrivo
    """,
    Kind.ARRIVES_AT: """
        arrival time, time of arrival, arr time, sta, eta
        heure d arrivee
        hora de llegada
        ankunftszeit
        hora de chegada, horario de chegada
        ora di arrivo, orario di arrivo
    """,
    Kind.OPERATED: """
        operator, operated, operating, operating carrier name, operating airline name, op carrier, op airline
        exploitant, compagnie operante, operateur, operated by exploite par
        operador, aerolinea operadora
        ausfuhrende fluggesellschaft, betreiber
        companhia operadora
        operato, vettore operativo
    """,
    Kind.STOPS: """
        stops, stop, stopover, stopovers, technical stop, via, non stop, nonstop, number of stops, stop at
        escale, escales, sans escale, vol direct, nombre d escales
        escala, escalas, sin escalas, parada, paradas, directo
        zwischenlandung, zwischenstopp, stopps, ohne zwischenstopp
        sem escalas
        scalo, scali, scalo tecnico, senza scalo
    """,
    Kind.STATUS: """
        status, flight status, booking status, segment status, st
        statut, etat
        estado
        buchungsstatus, buchung
        situacao
        stato
    """,
    Kind.LOCATOR: """
        flight booking ref, airline booking ref, airline booking reference, airline reference, amadeus
        reference airline, pnr compagnie, reference compagnie, numero de dossier, reference du dossier
        codigo de la aerolinea, referencia, codigo de reservacion, numero de reserva
        buchungsreferenz, reservierungsnummer, reservierungscode
        codigo da reserva, localizador
        codice prenotazione, numero di prenotazione, codice di conferma
    """,
    Kind.PASSENGER: """
        passenger, passengers, passenger name, traveller, traveler, travellers, traveler name, name
        passager, passagers, nom du passager, voyageur, voyageurs, nom
        pasajero, pasajeros, nombre del pasajero, viajero, nombre
        reisende, reisender, passagier, passagiere, name des reisenden, fluggast
        passageiro, passageiros, nome do passageiro
        passeggero, passeggeri, nome del passeggero, nome
    """,
    Kind.ISSUED: """
        issue date, date of issue, issued on, issued, date issued, ticket issue date, booking date, booked on
        date d emission, emis le, date de reservation
        fecha de emision, emitido el, fecha de reserva
        ausstellungsdatum, ausgestellt am, buchungsdatum
        data de emissao
        data di emissione, emesso il
    """,
    Kind.DURATION: """
        duration, flight duration, flight time, travel time, total travel time, journey time
        duree, duree du vol, temps de vol, duree du trajet
        duracion, duracion del vuelo, tiempo de vuelo
        dauer, flugdauer, reisezeit, flugzeit
        duracao, duracao do voo
        durata, durata del volo
    """,
    Kind.PRIVATE: """
        passport, passport number, passport no, date of birth, card, credit card, card number, fop
        form of payment
        passeport, numero de passeport, date de naissance, carte, carte bancaire, mode de paiement
        pasaporte, numero de pasaporte, fecha de nacimiento, tarjeta, tarjeta de credito, forma de pago
        reisepass, reisepassnummer, geburtsdatum, kreditkarte, zahlungsart
        passaporte, data de nascimento, cartao, cartao de credito, forma de pagamento
        passaporto, data di nascita, carta di credito, metodo di pagamento
    """,
    Kind.ASIDE: """
        terminal, class, cabin, cabin class, travel class, booking class, cl, rbd, seat, seats, seat number
        meal, meals, baggage, baggage allowance, bag, bags, checked baggage, hand baggage, aircraft, equipment
        fare basis, fare, fare type, fare family, nvb, nva, not valid before, not valid after, ticket number
        ticket no, ticket, e ticket number, e ticket, etkt, gate, boarding, boarding time, check in
        last check in, latest check in, check in deadline, distance, mileage, miles, co2, co2 emissions, zone
        frequent flyer, frequent flyer number, coupon, agent, office, departure terminal, arrival terminal
        terminal de depart, terminal d arrivee, aerogare, classe, cabine, siege, sieges, repas, bagage
        bagages, franchise bagages, avion, appareil, base tarifaire, tarif, numero de billet, billet, porte
        embarquement, enregistrement, heure limite d enregistrement
        terminal de salida, terminal de llegada, clase, cabina, asiento, asientos, comida, equipaje, avion
        aeronave, base de tarifa, tarifa, numero de billete, billete, boleto, puerta, embarque, facturacion
        klasse, kabine, buchungsklasse, reiseklasse, sitz, sitzplatz, mahlzeit, gepack, freigepack, flugzeug
        flugzeugtyp, tarifbasis, ticketnummer, flugsteig, einsteigen
        assento, refeicao, bagagem, bilhete, numero do bilhete, portao, terminal de partida
        posto, pasto, bagaglio, aeromobile, biglietto, numero biglietto, uscita, imbarco
    """,
}
_KNOWN = {
    Kind.FLIGHT: HEADINGS["flight"],
    Kind.OPERATED: ",".join(words.OPERATED_BY),
    Kind.LOCATOR: ",".join((*words.LOCATOR_LABELS, HEADINGS["locator"])),
    Kind.PASSENGER: HEADINGS["traveller"],
    Kind.STATUS: HEADINGS["status"],
}
LONGEST_LABEL = 6
"""Words of the longest label."""


def _phrases(written: str, apart: str = ",") -> list[str]:
    return [" ".join(phrase.split()) for phrase in re.split(apart, written) if phrase.strip()]


# Where two kinds share a word, LABELS goes before what others know, and its first kind before the later ones.
_KIND_OF = {
    phrase: kind
    for table, apart in ((_KNOWN, ","), (LABELS, ",|\n"))
    for kind, written in reversed(table.items())
    for phrase in _phrases(written, apart)
}


def kind_of(phrase: str) -> Kind | None:
    """Return what a label stands for, case, accents and signs aside; None for any other words."""
    return _KIND_OF.get(folded(phrase))
