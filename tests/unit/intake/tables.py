"""A small Atlas and CarrierBook for the tests of the readers."""

from travelrisk.domain.carriers import Carrier, CarrierBook
from travelrisk.domain.places import Airport, Atlas, City, Country
from travelrisk.domain.texts import Texts

_AIRPORTS = """\
ABJ DIAP Abidjan CI
ABV DNAA Abuja NG
ADD HAAB Addis_Ababa ET
AIR SWRP Aripuana BR
AMS EHAM Amsterdam NL
BHX EGBB Birmingham GB
BHM KBHM Birmingham US
BRU EBBR Brussels BE
CAN ZGGG Guangzhou CN
CDG LFPG Paris FR
DKR GOBD Dakar SN
EBB HUEN Entebbe UG
EWR KEWR Newark US
ETH LLET Eilat IL
FRA EDDF Frankfurt DE
FCO LIRF Rome IT
FOR SBFZ Fortaleza BR
AND KAND Anderson US
GVA LSGG Geneva CH
HBA YMHB Hobart AU
JFK KJFK New_York US
KGL HRYR Kigali RW
LAD FNLU Luanda AO
LHR EGLL London GB
LIS LPPT Lisbon PT
LOS DNMM Lagos NG
LGW EGKK London GB
MAD LEMD Madrid ES
MAR SVMC Maracaibo VE
MBA HKMO Mombasa KE
MON NZMC Mount_Cook NZ
NBO HKJK Nairobi KE
NCE LFMN Nice FR
ORY LFPO Paris FR
PAP MTPP Port-au-Prince HT
PRG LKPR Prague CZ
SAT KSAT San_Antonio US
SFO KSFO San_Francisco US
VIE LOWW Vienna AT
ZRH LSZH Zurich CH
"""
_CARRIERS = """\
AFR AF Air_France FR
KQA KQ Kenya_Airways KE
ETH ET Ethiopian_Airlines ET
DLH LH Lufthansa DE
SWR LX SWISS CH
RAM AT Royal_Air_Maroc MA
KLM KL KLM NL
DAL DL Delta_Air_Lines US
AAL AA American_Airlines US
TVF TO Transavia_France FR
AEE A3 Aegean_Airlines GR
AZM A4 Azimuth RU
CSC 3U Sichuan_Airlines CN
NAM NA North_American_Charters CA
UAL UA United_Airlines US
TAP TP TAP_Portugal PT
ITY AZ ITA_Airways IT
UNA UN United_Nigeria_Airlines NG
"""


_ZONES = {
    **dict.fromkeys(("DE", "NL", "BE", "FR", "CH", "ES", "CZ", "AT"), "Europe/Berlin"),
    **dict.fromkeys(("ET", "UG", "KE"), "Africa/Nairobi"),
    "RW": "Africa/Kigali",
    "US": "America/New_York",
}
"""Where it matters how late it is: the zones of the airports, as far as tests compare times; else UTC."""


def _country(code: str) -> Country:
    return Country(code, Texts(code))


def _airport(line: str) -> Airport:
    iata, icao, city, country = line.split()
    name = city.replace("_", " ")
    zone = _ZONES.get(country, "UTC")
    return Airport(iata, icao, f"{name} Airport", name, iata, _country(country), 0.0, 0.0, zone)


def _carrier(line: str) -> Carrier:
    icao, iata, name, country = line.split()
    return Carrier(icao, iata, name.replace("_", " "), _country(country))


_COUNTRIES = sorted({line.split()[-1] for line in (_AIRPORTS + _CARRIERS).splitlines()})
_CITIES = (City("LON", "London", "GB", ("LHR", "LGW")), City("PAR", "Paris", "FR", ("CDG", "ORY")))
_CITY_NAMES = {
    ("DE", "Frankfurt"): Texts("Frankfurt", "Francfort", "Fráncfort"),
    ("GB", "London"): Texts("London", "Londres", "Londres"),
}

ATLAS = Atlas(map(_country, _COUNTRIES), map(_airport, _AIRPORTS.splitlines()), _CITIES, _CITY_NAMES)
BOOK = CarrierBook(map(_carrier, _CARRIERS.splitlines()))
