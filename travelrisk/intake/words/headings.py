"""Headings of tables: which words, in four languages, stand over which column."""

import re

from travelrisk.domain.codes import folded

DELIMITERS = (",", ";", "\t", "|")

HEADINGS = {
    "locator": """
        record locator, locator, pnr, pnr code, booking ref, booking reference, booking code,
        booking number, reservation code, reservation number, reservation, confirmation,
        confirmation number, airline reference, rloc, dossier, numero de dossier, reference de
        reservation, code de reservation, numero de reservation, localizador, codigo de reserva,
        numero de reserva, reserva, buchungscode, buchungsnummer,
        ref dossier, reference dossier, n de dossier, n dossier, pnr locator, airline locator, airline pnr
    """,
    "trip": """
        trip, trip id, trip number, trip no, itinerary id, travel request, travel id, request
        id, voyage, numero de voyage, mission, ordre de mission, viaje, numero de viaje, reise,
        reisenummer
    """,
    "traveller": """
        traveller, traveler, passenger, name, traveller name, traveler name, passenger name,
        full name, pax, pax name, voyageur, passager, nom, nom du voyageur, nom du passager,
        viajero, pasajero, nombre, nombre del viajero, nombre del pasajero, reisender, passagier
    """,
    "surname": """
        surname, last name, family name, nom de famille, apellido, apellidos, nachname
    """,
    "given": """
        given name, given names, first name, forename, prenom, nombres, vorname
    """,
    "email": """
        email, e mail, mail, email address, e mail address, traveller email, traveler email,
        passenger email, courriel, adresse electronique, adresse mail, correo, correo
        electronico, e mail adresse
    """,
    "language": """
        language, lang, preferred language, langue, idioma, lengua, sprache
    """,
    "carrier": """
        carrier, airline, airline code, carrier code, marketing carrier, marketing airline,
        marketing carrier code, mkt carrier, mkt cxr, cxr, compagnie, compagnie aerienne, code
        compagnie, transporteur, aerolinea, compania, compania aerea, codigo de aerolinea,
        fluggesellschaft, airline name,
        cie, cia, code transporteur, marketing carrier name, flight carrier, air carrier, codigo aerolinea
    """,
    "flight": """
        flight, flight number, flight no, flight nr, flight num, flt, flt no, flt number, flight
        designator, marketing flight, marketing flight number, vol, numero de vol, n vol, no
        vol, vuelo, numero de vuelo, no vuelo, flug, flugnummer, flug nr,
        marketing flight no, mkt flight, mkt flt, n de vol, num vol, n de vuelo, n o de vuelo,
        vuelo n, vuelo n o, num vuelo, vuelo numero,
        voo, numero do voo, n do voo, volo, numero volo, numero del volo, n volo
    """,
    "operating": """
        operating carrier, operating airline,
        operating carrier name, operating airline name, operated by, operator, op carrier, op
        cxr, opcxr, op airline, operating cxr, actual carrier, flown by, metal, aoc holder,
        operating, transporteur effectif, compagnie operante, exploitant, opere par, effectue par,
        exploite par, transportista operador, aerolinea operadora, operador, operado por,
        operato da, operata da, vettore operativo, companhia operadora, operado pela,
        ausfuhrende fluggesellschaft, durchgefuhrt von
    """,
    "operating_code": """
        operating code, operating carrier code, operating airline code, operator code, op code, op
        carrier code, code exploitant, code du transporteur effectif, codigo del operador, codigo
        operador
    """,
    "operating_flight": """
        operating flight, operating flight number, operating flight no, op flight, op flt,
        numero de vol operant, vuelo operador, numero de vuelo operador
    """,
    "origin": """
        origin, from, dep, departure, departure airport, departure airport code, origin airport,
        from airport, dep airport, departure city, orig, board point, origin code, depart, de,
        origine, aeroport de depart, aeroport depart, provenance, origen, desde, salida,
        aeropuerto de salida, aeropuerto de origen, von, abflughafen, abflugort,
        board, boarding point, departure city code, ville de depart, ville depart, ciudad de origen,
        ciudad de salida, ciudad origen, aeropuerto origen, departure station
    """,
    "destination": """
        destination, to, arr, arrival, arrival airport, arrival airport code, destination
        airport, to airport, arr airport, arrival city, dest, off point, destination code,
        arrivee, a, vers, aeroport d arrivee, aeroport arrivee, destino, hasta, hacia, llegada,
        aeropuerto de llegada, aeropuerto de destino, nach, zielflughafen, zielort, ziel,
        off, arrival city code, ville d arrivee, ville arrivee, ciudad de destino,
        ciudad de llegada, ciudad destino, aeropuerto destino, arrival station
    """,
    "departs": """
        departure date, departure datetime, departure date time, dep date, date, flight date,
        travel date, date of travel, date of departure, departs, departure local, departure date
        local, outbound date, date de depart, date depart, date du vol, date de vol, fecha,
        fecha de salida, fecha salida, fecha del vuelo, fecha de vuelo, datum, abflugdatum,
        flugdatum, reisedatum,
        depart date, date of flight, departs local, date vol, fecha vuelo, departure day
    """,
    "departs_at": """
        departure time, dep time, time, std, etd, departure time local, heure de depart, heure
        depart, heure, hora de salida, hora salida, hora, abflugzeit, abflug, uhrzeit,
        gate departure, depart time, hora de vuelo, heure de vol, heure du vol
    """,
    "arrives": """
        arrival date, arrival datetime, arrival date time, arr date, arrives, arrival local,
        arrival date local, date d arrivee, date arrivee, fecha de llegada, fecha llegada,
        ankunftsdatum,
        arrives local, arrival day, jour d arrivee, date of arrival
    """,
    "arrives_at": """
        arrival time, arr time, sta, eta, arrival time local, heure d arrivee, heure arrivee,
        hora de llegada, hora llegada, ankunftszeit, ankunft,
        gate arrival, heure d arrivee locale, hora de llegada local
    """,
    "stops": """
        via, stop, stops, stopover, stopovers, stopover city, via airport, stop airport, escale, escales,
        escala, escalas, zwischenlandung, zwischenstopp
    """,
    "status": """
        status, segment status, booking status, state, statut, etat, estado, estatus,
        buchungsstatus
    """,
}
"""Folded headings of each column; see reference lists of travel agencies' exports."""


def _listed(written: str) -> list[str]:
    return [" ".join(heading.split()) for heading in written.split(",")]


_COLUMN_OF = {heading: column for column, headings in HEADINGS.items() for heading in _listed(headings)}
_DECORATION = re.compile(r"[(\[][^()\[\]]*[)\]]")  # stops at the next bracket: many open ones cost no more
_APOSTROPHE = re.compile("['\u2019`\u00b4]")
_ENOUGH = 3


def column_of(heading: str) -> str | None:
    """Return the column a heading stands for, or None; brackets as in ``Date (local)`` do not count."""
    apart = _APOSTROPHE.sub(" ", heading)  # folding would glue it: date darrivee
    return _COLUMN_OF.get(folded(apart)) or _COLUMN_OF.get(folded(_DECORATION.sub(" ", apart)))


def has_headings(text: str) -> bool:
    """Say whether one of the first lines of a text is a row of headings: at least three that are known."""
    for line in text.splitlines()[:20]:
        for delimiter in DELIMITERS:
            cells = [cell.strip("\"' ") for cell in line.split(delimiter)]
            if len(cells) >= _ENOUGH and sum(column_of(cell) is not None for cell in cells) >= _ENOUGH:
                return True
    return False
