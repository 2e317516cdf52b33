"""The two lists of places that are read: OpenTravelData (in NeoBase) and airportsdata."""

import re
import unicodedata
from dataclasses import dataclass

import airportsdata
import reference_corrections as corrections
from neobase import NeoBase

COARSE_DIGITS = 4  # "-4.167, 21.75": OpenTravelData's oldest rows, often a degree or more wrong
ICAO = re.compile(r"[A-Z]{4}")


class OpenTravelData(NeoBase):
    """NeoBase with the ICAO code, which it leaves out."""

    FIELDS = (*NeoBase.FIELDS, ("icao_code", 1, None))


@dataclass(frozen=True, slots=True)
class Place:
    """What one list says of one code; coordinates in degrees, north and east positive."""

    iata: str
    icao: str
    name: str
    country: str
    latitude: float
    longitude: float
    zone: str
    cities: tuple[str, ...]
    city_codes: tuple[str, ...] = ()
    kinds: str = "A"  # A airport, B bus, C city, H heliport, O off-line point, P port, R railway
    rank: float = 0.0  # 0 where nothing is scheduled
    is_coarse: bool = False


def opentraveldata() -> list[Place]:
    """Return every place OpenTravelData holds valid on the fixed day, several of them for one code."""
    base = OpenTravelData(date=corrections.AS_OF, duplicates=True)
    return [
        Place(
            iata=fields["iata_code"],
            icao=fields["icao_code"],
            name=_tidy(fields["name"]),
            country=fields["country_code"],
            latitude=float(fields["lat"]),
            longitude=float(fields["lng"]),
            zone=fields["timezone"],
            cities=tuple(spelled(fields["country_code"], each) for each in fields["city_name_list"]),
            city_codes=tuple(filter(None, fields["city_code_list"])),
            kinds="".join(fields["location_type"]),
            rank=fields["page_rank"] or 0.0,
            is_coarse=_is_coarse(fields["lat"]) and _is_coarse(fields["lng"]),
        )
        for fields in (base.get(key) for key in base)
    ]


def airportsdata_places() -> list[Place]:
    """Return every airport of airportsdata, most of them without an IATA code."""
    return [
        Place(
            iata=each["iata"],
            icao=each["icao"] if ICAO.fullmatch(each["icao"]) else "",
            name=_tidy(each["name"]),
            country=each["country"],
            latitude=each["lat"],
            longitude=each["lon"],
            zone=each["tz"],
            cities=(spelled(each["country"], each["city"]),) if each["city"] else (),
        )
        for each in airportsdata.load().values()
    ]


def spelled(country: str, city: str) -> str:
    """Return the city as people spell it."""
    return corrections.SPELLING.get((country, city), _tidy(city))


def _tidy(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).replace("\u2019", "'").split())


def _is_coarse(written: str) -> bool:
    return len(written.lstrip("-0.").replace(".", "")) <= COARSE_DIGITS
