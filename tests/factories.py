"""A small world for tests: a few countries, airports and carriers, and short ways to write drafts.

The facts are real where they matter (coordinates, zones, codes and their dates); every test may import them.
"""

from collections.abc import Iterable
from datetime import date, time

from travelrisk.domain.carriers import Carrier, CarrierBook, CarrierClass
from travelrisk.domain.drafts import Draft, DraftSegment, DraftTime
from travelrisk.domain.itineraries import Itinerary
from travelrisk.domain.places import Airport, Atlas, City, Country
from travelrisk.domain.settling import settle
from travelrisk.domain.texts import Texts

CONTEXT = date(2026, 11, 23)

COUNTRIES = {
    code: Country(code, Texts(*names))
    for code, names in {
        "BE": ("Belgium", "Belgique", "Bélgica"),
        "CA": ("Canada", "Canada", "Canadá"),
        "CN": ("China", "Chine", "China"),
        "CR": ("Costa Rica", "Costa Rica", "Costa Rica"),
        "DE": ("Germany", "Allemagne", "Alemania"),
        "ET": ("Ethiopia", "Éthiopie", "Etiopía"),
        "FI": ("Finland", "Finlande", "Finlandia"),
        "FR": ("France", "France", "Francia"),
        "GB": ("United Kingdom", "Royaume-Uni", "Reino Unido"),
        "GY": ("Guyana", "Guyana", "Guyana"),
        "IN": ("India", "Inde", "India"),
        "IT": ("Italy", "Italie", "Italia"),
        "JP": ("Japan", "Japon", "Japón"),
        "KE": ("Kenya", "Kenya", "Kenia"),
        "KZ": ("Kazakhstan", "Kazakhstan", "Kazajstán"),
        "NG": ("Nigeria", "Nigéria", "Nigeria"),
        "NL": ("Netherlands", "Pays-Bas", "Países Bajos"),
        "NP": ("Nepal", "Népal", "Nepal"),
        "NZ": ("New Zealand", "Nouvelle-Zélande", "Nueva Zelanda"),
        "SS": ("South Sudan", "Soudan du Sud", "Sudán del Sur"),
        "TR": ("Türkiye", "Türkiye", "Türkiye"),
        "UN": ("United Nations", "Nations Unies", "Naciones Unidas"),
        "US": ("United States", "États-Unis", "Estados Unidos"),
        "WS": ("Samoa", "Samoa", "Samoa"),
    }.items()
}


def airport(codes: str, name: str, city: str, where: tuple[float, float], zone: str, **more: str) -> Airport:
    """Make an airport; *codes* are IATA, ICAO and country in one string (``ADD HAAB ET``)."""
    iata, icao, country = (each.strip("-") for each in codes.split())
    return Airport(
        iata=iata,
        icao=icao,
        name=name,
        city=city,
        city_code=more.get("city_code", iata),
        country=COUNTRIES[country],
        latitude=where[0],
        longitude=where[1],
        zone=zone,
        scheduled=more.get("scheduled", "yes") == "yes",
        former_iata=more.get("former", ""),
        closed=date.fromisoformat(more["closed"]) if "closed" in more else None,
    )


AIRPORTS = (
    airport("FRA EDDF DE", "Frankfurt am Main", "Frankfurt", (50.0333, 8.5706), "Europe/Berlin"),
    airport("BER EDDB DE", "Berlin Brandenburg", "Berlin", (52.3621, 13.5017), "Europe/Berlin"),
    airport(
        "TXL EDDT DE",
        "Tegel",
        "Berlin",
        (52.5597, 13.2877),
        "Europe/Berlin",
        city_code="BER",
        scheduled="no",
        closed="2020-11-08",
    ),
    airport("ADD HAAB ET", "Bole International", "Addis Ababa", (8.9779, 38.7993), "Africa/Addis_Ababa"),
    airport("NBO HKJK KE", "Jomo Kenyatta International", "Nairobi", (-1.3192, 36.9278), "Africa/Nairobi"),
    airport("WIL HKNW KE", "Wilson", "Nairobi", (-1.3217, 36.8148), "Africa/Nairobi", scheduled="no"),
    airport("CDG LFPG FR", "Charles de Gaulle", "Paris", (49.0097, 2.5479), "Europe/Paris", city_code="PAR"),
    airport("ORY LFPO FR", "Orly", "Paris", (48.7233, 2.3794), "Europe/Paris", city_code="PAR"),
    airport("LHR EGLL GB", "Heathrow", "London", (51.4706, -0.4619), "Europe/London", city_code="LON"),
    airport("LGW EGKK GB", "Gatwick", "London", (51.1481, -0.1903), "Europe/London", city_code="LON"),
    airport("YXU CYXU CA", "London International", "London", (43.0356, -81.1539), "America/Toronto"),
    airport("BRU EBBR BE", "Brussels", "Brussels", (50.9014, 4.4844), "Europe/Brussels"),
    airport("FCO LIRF IT", "Fiumicino", "Rome", (41.8003, 12.2389), "Europe/Rome", city_code="ROM"),
    airport("AMS EHAM NL", "Schiphol", "Amsterdam", (52.3086, 4.7639), "Europe/Amsterdam"),
    airport("HEL EFHK FI", "Helsinki-Vantaa", "Helsinki", (60.3172, 24.9633), "Europe/Helsinki"),
    airport("IST LTFM TR", "Istanbul", "Istanbul", (41.2753, 28.7519), "Europe/Istanbul"),
    airport("JFK KJFK US", "John F. Kennedy", "New York", (40.6398, -73.7789), "America/New_York"),
    airport("LAX KLAX US", "Los Angeles", "Los Angeles", (33.9425, -118.4081), "America/Los_Angeles"),
    airport("SJC KSJC US", "Norman Y. Mineta", "San Jose", (37.3626, -121.929), "America/Los_Angeles"),
    airport("HNL PHNL US", "Daniel K. Inouye", "Honolulu", (21.3187, -157.9225), "Pacific/Honolulu"),
    airport("SJO MROC CR", "Juan Santamaría", "San José", (9.9939, -84.2088), "America/Costa_Rica"),
    airport("GEO SYCJ GY", "Cheddi Jagan", "Georgetown", (6.4985, -58.2541), "America/Guyana"),
    airport("NRT RJAA JP", "Narita", "Tokyo", (35.7647, 140.3864), "Asia/Tokyo", city_code="TYO"),
    airport("HND RJTT JP", "Haneda", "Tokyo", (35.5523, 139.7797), "Asia/Tokyo", city_code="TYO"),
    airport("AKL NZAA NZ", "Auckland", "Auckland", (-37.0081, 174.7917), "Pacific/Auckland"),
    airport("CHT NZCI NZ", "Chatham Islands", "Te One", (-43.81, -176.4572), "Pacific/Chatham"),
    airport("APW NSFA WS", "Faleolo", "Apia", (-13.83, -172.0083), "Pacific/Apia"),
    airport("KTM VNKT NP", "Tribhuvan", "Kathmandu", (27.6966, 85.3591), "Asia/Kathmandu"),
    airport("DEL VIDP IN", "Indira Gandhi", "Delhi", (28.5665, 77.1031), "Asia/Kolkata"),
    airport("PEK ZBAA CN", "Capital", "Beijing", (40.0725, 116.5975), "Asia/Shanghai", city_code="BJS"),
    airport("NQZ UACC KZ", "Nazarbayev", "Astana", (51.0222, 71.4669), "Asia/Almaty", former="TSE"),
    airport("JUB HJJJ SS", "Juba", "Juba", (4.872, 31.6011), "Africa/Juba"),
    airport("- HSLI SS", "Malakal strip", "Malakal", (9.559, 31.6522), "Africa/Juba", scheduled="no"),
)

CITIES = (
    City("LON", "London", "GB", ("LHR", "LGW")),
    City("PAR", "Paris", "FR", ("CDG", "ORY")),
    City("TYO", "Tokyo", "JP", ("NRT", "HND")),
    City("ROM", "Rome", "IT", ("FCO",)),
)


def carrier(codes: str, name: str, *former_names: str, until: date | None = None, **more: object) -> Carrier:
    """Make a carrier; *codes* are ICAO, IATA and State in one string (``ETH ET ET``, ``UNO - UN``)."""
    icao, iata, state = (each.strip("-") for each in codes.split())
    since = more.get("since")
    return Carrier(
        icao,
        iata,
        name,
        COUNTRIES[state],
        former_names,
        CarrierClass(str(more.get("kind", "commercial"))),
        since if isinstance(since, date) else None,
        until,
    )


CARRIERS = (
    carrier("ETH ET ET", "Ethiopian Airlines", "Ethiopian"),
    carrier("KQA KQ KE", "Kenya Airways"),
    carrier("DLH LH DE", "Lufthansa", "Deutsche Lufthansa"),
    carrier("CLH CL DE", "Lufthansa CityLine"),
    carrier("AFR AF FR", "Air France"),
    carrier("HOP A5 FR", "Air France HOP", "HOP"),
    carrier("BAW BA GB", "British Airways"),
    carrier("THY TK TR", "Turkish Airlines", "Turkish"),
    carrier("KLM KL NL", "KLM", "KLM Royal Dutch Airlines"),
    carrier("KLC WA NL", "KLM Cityhopper"),
    carrier("FIN AY FI", "Finnair"),
    carrier("JAL JL JP", "Japan Airlines", "JAL"),
    carrier("ANZ NZ NZ", "Air New Zealand"),
    carrier("UAL UA US", "United Airlines", "United"),
    carrier("SKW OO US", "SkyWest Airlines", "SkyWest"),
    carrier("ENY MQ US", "Envoy Air"),
    carrier("UNA UN NG", "United Nigeria Airlines", "United Nigeria"),
    carrier(
        "UNO - UN", "United Nations Humanitarian Air Service", "UN", "UNHAS", "United Nations", kind="UNHAS"
    ),
    carrier("AZA AZ IT", "Alitalia", until=date(2021, 10, 14)),
    carrier("ITY AZ IT", "ITA Airways", since=date(2021, 10, 15)),
    carrier("BER AB DE", "Air Berlin", until=date(2017, 10, 28)),
    carrier("XRA XB KE", "Savannah Regional Airways East"),
    carrier("XRB XB SS", "Savannah Regional Airways West"),
)

ATLAS = Atlas(COUNTRIES.values(), AIRPORTS, CITIES)
BOOK = CarrierBook(CARRIERS)
BY_CODE = {each.code: each for each in AIRPORTS}
BY_ICAO = {each.icao: each for each in CARRIERS}


def at(written: str = "", /, **more: object) -> DraftTime:
    """Write a DraftTime: ``12-12``, ``2026-12-12``, ``12-12 10:20``, ``10:20`` or nothing."""
    day, clock = "", ""
    for word in written.split():
        day, clock = (day, word) if ":" in word else (word, clock)
    year, month, dom = (None, None, None, *map(int, filter(None, day.split("-"))))[-3:]
    stated = {"year": year, "month": month, "day": dom, "text": written}
    return DraftTime(**{**stated, "clock": time.fromisoformat(clock) if clock else None, **more})  # type: ignore[arg-type]  # checked by the tests that use it


def flight(
    designator: str = "ET 707", route: str = "FRA ADD", departs: str | DraftTime = "12-12", **more: object
) -> DraftSegment:
    """Write a DraftSegment: ``flight("ET 707", "FRA ADD", "12-12 22:30")``."""
    code, _, number = designator.partition(" ")
    origin, _, destination = route.partition(" ")
    written = at(departs) if isinstance(departs, str) else departs
    fields = {
        "marketing_code": code,
        "marketing_number": number,
        "origin": origin,
        "destination": destination,
    }
    return DraftSegment(**{**fields, "departs": written, **more})  # type: ignore[arg-type]  # checked by the tests that use it


def settled(segments: DraftSegment | Iterable[DraftSegment], context: date = CONTEXT) -> Itinerary:
    """Settle segments in the small world."""
    several = (segments,) if isinstance(segments, DraftSegment) else tuple(segments)
    return settle(Draft(several), ATLAS, BOOK, context)
