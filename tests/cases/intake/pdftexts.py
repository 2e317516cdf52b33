"""What the PDFs of the cases show, page by page: the forms of agencies and airlines with invented people."""

PAGES: dict[str, list[str]] = {}


def _case(name: str, *pages: str) -> None:
    PAGES[name] = list(pages)


_case(
    "receipt-of-amadeus",
    """\
ELECTRONIC TICKET RECEIPT                                        Issue date: 23 November 2026
Booking ref: ABC123
Ticket number: 071 1234567890
Traveler: Jane Doe (ADT)

From                  To                    Flight    Class   Date      Departure   Arrival
FRANKFURT INTL        ADDIS ABABA BOLE      ET707     Y       12Dec     22:15       06:05
Terminal: 1           Terminal: 2           Operated by: ETHIOPIAN AIRLINES, ET
                                            Arrival date: 13Dec
                                            Check-in deadline: 21:15   Baggage: 2PC
ADDIS ABABA BOLE      NAIROBI JOMO          ET308     Y       13Dec     10:20       12:25
                      KENYATTA INTL
Terminal: 2           Terminal: 1A          Operated by: ETHIOPIAN AIRLINES, ET

(1) Ok = confirmed
Gate A36 closes 20 minutes before departure.
""",
)
_case(
    "receipt-in-the-older-form",
    """\
ELECTRONIC TICKET PASSENGER ITINERARY RECEIPT
DATE: 23 NOVEMBER 2026            AGENT: 0001
NAME: DOE/JANE MRS
TICKET NUMBER : ETKT 071 1234567890
BOOKING REF : AMADEUS: ABC123, AIRLINE: ET/DEF456

FROM /TO             FLIGHT   CL  DATE    DEP     FARE BASIS   NVB     NVA     BAG   ST
FRANKFURT INTL       ET 707   Y   12DEC   2215    YOWRT        12DEC   12DEC   2PC   OK
TERMINAL:1
ADDIS ABABA BOLE     ARRIVAL TIME: 0605   ARRIVAL DATE: 13DEC
                     FLIGHT OPERATED BY: ETHIOPIAN AIRLINES
ADDIS ABABA BOLE     KQ 401   Y   13DEC   1020    YOWRT        12DEC   12DEC   2PC   OK
NAIROBI JOMO KENY    ARRIVAL TIME: 1225   ARRIVAL DATE: 13DEC
""",
)
_case(
    "confirmation-in-french",
    """\
Confirmation de votre réservation
Référence de réservation : ABC123
Passager : Mme Jane DOE

Vol : AF 814
Départ : Paris (CDG), samedi 12 décembre 2026 à 10h50, Terminal 2E
Arrivée : Nairobi (NBO), samedi 12 décembre 2026 à 20h45
Classe : Economy
Vol effectué par : Kenya Airways
Durée : 7h55
Statut : Confirmé
Porte : A36
""",
)
_case(
    "confirmation-in-spanish",
    """\
Localizador: ABC123
Pasajero: DOE/JANE SRA

Vuelo: KQ 113
Fecha: 12 de diciembre de 2026
Salida: 21:30 Madrid (MAD) T4
Llegada: 07:20 +1 Nairobi (NBO)
Operado por: Air France
Asiento: 12A
Vuelo: KQ 112
Fecha: 20 de diciembre de 2026
Salida: 23:50 Nairobi (NBO)
Llegada: 06:20 +1 Madrid (MAD) T4
Operado por: Air France
""",
)
_case(
    "table-in-german",
    """\
Buchungscode: ABC123
Reisende: Frau Jane Doe
Ausstellungsdatum: 23.06.2026

Flug       Datum     Von             Nach            Ab       An       Durchgeführt von /Operated by
LH 590     20-Jul    Frankfurt       Nairobi         10:10    19:45    : Lufthansa
LH 9418    27-Jul    Nairobi         Zürich          23:30    06:10    : SWISS
""",
)
_case(
    "two-columns",
    """\
Booking reference     ABC123
Flight LH 590
Departure                                 Arrival
Frankfurt (FRA)                           Nairobi (NBO)
12 December 2026                          12 December 2026
10:10                                     20:45
Terminal 1                                Terminal 1A
Operated by: Lufthansa

Flight LH 591
Departure                                 Arrival
Nairobi (NBO)                             Frankfurt (FRA)
20 December 2026                          21 December 2026
22:35                                     05:20
Operated by: Lufthansa
""",
)
_case(
    "two-pages",
    """\
Booking ref: ABC123
From                  To                    Flight    Class   Date      Departure   Arrival
FRANKFURT             NAIROBI               LH590     Y       12Dec     10:10       20:45
                                            Operated by: LUFTHANSA, LH
Page 1 of 2
""",
    """\
                                            Arrival date: 12Dec
NAIROBI               FRANKFURT             LH591     Y       20Dec     22:35       05:20
                                            Operated by: LUFTHANSA, LH
                                            Arrival date: 21Dec
Page 2 of 2
""",
)
_case(
    "letter-with-the-operator-and-its-number",
    """\
TRAVEL AGENCY                                   BOOKING REF: ABC123
STREET 1                                        DATE:        23 NOV 2026
                                                DOE/JANE MRS

FLIGHT       DL 9595 - DELTA AIR LINES                       SAT 12 DECEMBER 2026
DEPARTURE:   GENEVA, CH (COINTRIN)                           12 DEC 12:10
ARRIVAL:     PARIS, FR (CHARLES DE GAULLE), TERMINAL 2F -    12 DEC 13:20
             AEROGARE 2 TERMINAL F
             FLIGHT BOOKING REF: DL/ABC123
             RESERVATION CONFIRMED, ECONOMY (M)              DURATION: 01:10
NON STOP     GENEVA TO PARIS
             OPERATED BY:               AIR FRANCE, AF 1343
""",
)
_case(
    "letter-over-the-new-year",
    """\
                                                BOOKING REF: ABC123
                                                DATE:        23 NOV 2026
                                                DOE/JANE MRS

FLIGHT       ET 707 - ETHIOPIAN AIRLINES                     THU 31 DECEMBER 2026
DEPARTURE:   FRANKFURT, DE (FRANKFURT INTL), TERMINAL 1      31 DEC 22:15
ARRIVAL:     ADDIS ABABA, ET (BOLE INTL), TERMINAL 2         01 JAN 07:05
             RESERVATION CONFIRMED, ECONOMY (Y)              DURATION: 06:50
             NON STOP
             OPERATED BY:               ETHIOPIAN AIRLINES, ET
""",
)
_case(
    "stop-inside-a-flight",
    """\
Booking reference: ABC123
Flight: KL 535
Date: Saturday 12 December 2026
From: Amsterdam (AMS)      Departure time: 10:15
Stop: Kigali (KGL)
To: Entebbe (EBB)          Arrival time: 22:20
Operated by: KLM
""",
)
_case(
    "number-of-stops-without-their-places",
    """\
Booking reference: ABC123
Flight: KL 535
Date: Saturday 12 December 2026
From: Amsterdam (AMS)      Departure time: 10:15
To: Entebbe (EBB)          Arrival time: 22:20
Stops: 1
Operated by: KLM
""",
)
_case(
    "letter-without-a-flight",
    """\
Dear Ms Doe,
your itinerary is in the file inside this document.
""",
)
_case(
    "labels-in-portuguese",
    """\
Código de reserva: ABC123
Passageiro: Joana Silva
Voo: TP 1485
Data: 12 de dezembro de 2026
Partida: Lisboa (LIS) 23:55
Chegada: Luanda (LAD) 07:45 +1
Operado por: TAAG Linhas Aéreas de Angola
""",
)
_case(
    "labels-in-italian",
    """\
Codice prenotazione: ABC123
Passeggero: Sig.ra Gianna Rossi

Volo AZ 852
Partenza: Roma Fiumicino (FCO), sabato 12 dicembre 2026, ore 22:10
Arrivo: Addis Abeba (ADD), domenica 13 dicembre 2026, ore 06:20
Operato da: Ethiopian Airlines
Stato: Confermato
""",
)
_case(
    "operator-only-in-the-small-print",
    """\
Booking reference: ABC123
Flight: LH 590
From: Frankfurt (FRA)
To: Nairobi (NBO)
Date: 12 December 2026
Departure: 10:10
Arrival: 20:45

The flight from Frankfurt to Nairobi on 12 December is operated by a partner airline, whose
conditions of carriage apply to it and can be read at every airport.
""",
)
