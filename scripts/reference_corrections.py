"""What the two lists of airports get wrong, settled by hand, each entry with its reason."""

# The day on which OpenTravelData's validity dates are looked at; fixed, so that a build can be repeated.
AS_OF = "2026-11-23"

# Where the country of OpenTravelData is not the one the United Nations would name.
COUNTRY = {
    "AKT": "CY",  # Akrotiri lies on Cyprus, and the base area has no code of its own
    "EUN": "EH",  # Western Sahara is a territory by itself, whoever administers it
    "SMW": "EH",
    "VIL": "EH",
}

# Countries where the two lists name different airports for one code. Without a line here
# OpenTravelData would win as well; written down, a new release cannot change it unseen.
COUNTRY_EXPECTED = {
    "BTZ": "TH",  # Betong; the other list keeps the code with the closed airport of Bursa
    "HBT": "LK",  # Hambantota seaplane base; the other list: a Saudi base without flights for sale
    "HEW": "CN",  # Dongyang Hengdian; the other list: Athens Hellinikon, closed in 2001
    "HLJ": "CN",  # Zhaodong; the other list: a field in Lithuania
    "HNI": "PG",  # Heiweni; the other list: Hechi, whose code is HCJ
    "OSB": "US",  # Osage Beach; the other list keeps it with Mosul, which is OSM
    "HGA": "SO",  # Hargeisa: Somaliland is Somalia here, as on UN maps
    "BBO": "SO",  # Berbera, likewise
    "BUO": "SO",  # Burao, likewise
    "ERA": "SO",  # Erigavo, likewise
    "SIP": "UA",  # Crimea: General Assembly resolution 68/262
    "UKS": "UA",
    "ECN": "CY",  # northern Cyprus: Security Council resolution 541 (1983)
    "SUI": "GE",  # Abkhazia
    "PRN": "XK",
}

# Airlines publish and sell by the official time of the whole of China, also in Xinjiang,
# where GeoNames gives the local custom of two hours less.
OFFICIAL_ZONE = {"CN": "Asia/Shanghai"}

# By IATA code, or by ICAO code where there is none. Checked against the boundaries of the zones.
ZONE = {
    "EUN": "Africa/El_Aaiun",
    "FZFH": "Africa/Kinshasa",  # Mokaria, near Bumba
    "IKO": "America/Anchorage",  # Nikolski keeps Alaska time; only the islands west of it are Hawaii-Aleutian
    "KDY": "Asia/Khandyga",
    "LGR": "America/Coyhaique",  # Aysen keeps summer time all the year since 2025
    "LTI": "Asia/Ulaanbaatar",  # only the three westernmost provinces keep the time of Hovd
    "SMW": "Africa/El_Aaiun",
    "STG": "America/Anchorage",  # the Pribilofs keep Alaska time
    "TJG": "Asia/Makassar",  # South Kalimantan
    "TNZ": "Asia/Ulaanbaatar",
    "ULZ": "Asia/Ulaanbaatar",
    "UMS": "Asia/Khandyga",
    "USR": "Asia/Ust-Nera",
    "VIL": "Africa/El_Aaiun",
    "YPL": "America/Atikokan",  # no summer time
}

# Of two places more than 20 km apart OpenTravelData is taken, unless it is coarse. Here it is
# fine and still wrong: an airport that moved, or a namesake in another part of the country.
PLACE_FROM_AIRPORTSDATA = {
    "CPO",  # Desierto de Atacama; OpenTravelData has the older field of Copiapo
    "CSU",  # Santa Cruz do Sul; OpenTravelData has a place near Rio de Janeiro
    "GAE",  # Gabes-Matmata
    "JNG",  # Jining Da'an, which took over in 2023
    "PBB",  # Paranaiba in Mato Grosso do Sul; OpenTravelData has Parnaiba on the coast
    "RZP",  # Taytay, half coarse
    "TAO",  # Qingdao Jiaodong, which took over in 2021
    "TKT",  # Tak
    "YSQ",  # Songyuan Chaganhu
}

# A name that goes with the place above, where OpenTravelData's names the airport that closed.
NAME = {"TAO": "Qingdao Jiaodong International Airport"}

# Codes given up since 2020, still on older itineraries and in travellers' heads.
FORMER_IATA = {
    "BSZ": "FRU",  # Bishkek, 21 August 2025
    "KXB": "PUM",  # Kolaka, 31 August 2021
    "NQZ": "TSE",  # Astana, 8 June 2020
    "RMO": "KIV",  # Chisinau, 18 January 2024
}

# New airports, of which OpenTravelData's page ranks do not know yet.
SCHEDULED = {
    "ALY",  # Alexandria: the code that Borg El Arab is taking over from HBE
    "AYJ",  # Ayodhya
    "BSZ",  # Bishkek, under its new code
    "COV",  # Cukurova, for Adana and Mersin
    "DGH",  # Deoghar
    "DRP",  # Bicol
    "FZL",  # Fuzuli
    "GHV",  # Brasov
    "GNJ",  # Ganja, under its new code
    "HGI",  # Itanagar
    "HSR",  # Rajkot
    "KTI",  # Phnom Penh Techo, since September 2025
    "LHL",  # Lachin
    "NBJ",  # Luanda Antonio Agostinho Neto
    "NMI",  # Navi Mumbai
    "RMO",  # Chisinau, under its new code
    "RZV",  # Rize-Artvin
    "SAI",  # Siem Reap Angkor
    "UBN",  # Ulaanbaatar Chinggis Khaan, since 2021
    "ZZE",  # Zangilan
}

# Airports with a page rank, and no flights that can be bought.
NOT_SCHEDULED = {
    "LBG",  # Paris Le Bourget: business aviation
    "NYS",  # New York seaplane base
    "OKO",  # Yokota Air Base
    "PNH",  # Phnom Penh Pochentong, closed to airlines in September 2025
    "ULN",  # Ulaanbaatar Buyant-Ukhaa, replaced in 2021
}

# City codes and city of an airport, where OpenTravelData has a larger area or the village next to it.
CITY = {
    "BSL": (("EAP", "BSL"), "Basel"),
    "COV": (("ADA", "QIN"), "Adana"),
    "GNB": (("GNO",), "Grenoble"),
    "KTI": (("PNH",), "Phnom Penh"),
    "MLH": (("EAP", "MLH"), "Mulhouse"),
    "MRU": (("MRU",), "Port Louis"),
    "NMI": (("BOM",), "Mumbai"),
    "PMF": (("PMF",), "Parma"),
    "RUN": (("RUN",), "Saint-Denis"),
    "SAI": (("REP",), "Siem Reap"),
    "XNB": (("DXB",), "Dubai"),
}

# City codes whose code is no place of its own in OpenTravelData: (name, country).
CITY_CODE_NAME = {
    "QMA": ("Matanzas", "CU"),
    "QTZ": ("Coatzacoalcos", "MX"),
    "REP": ("Siem Reap", "KH"),
}

# Spellings people use, where GeoNames has a transliteration or the name of a larger area.
SPELLING = {
    ("AE", "Al Ain City"): "Al Ain",
    ("AF", "Fayzabad"): "Faizabad",
    ("AF", "Herāt"): "Herat",
    ("AF", "Jalālābād"): "Jalalabad",
    ("AF", "Kandahār"): "Kandahar",
    ("AF", "Mazār-e Sharīf"): "Mazar-e-Sharif",
    ("AW", "Aruba Island"): "Aruba",
    ("AZ", "Naxçıvan"): "Nakhchivan",  # noqa: RUF001 - the dotless i is a letter of Azerbaijani
    ("BH", "Kingdom of Bahrain"): "Manama",
    ("CW", "Country of Curaçao"): "Willemstad",
    ("DE", "Frankfurt am Main"): "Frankfurt",
    ("DE", "Köln"): "Cologne",
    ("DZ", "Tamanghasset"): "Tamanrasset",
    ("GR", "Chaniá"): "Chania",
    ("GR", "Irákleion"): "Heraklion",
    ("IN", "Delhi"): "New Delhi",
    ("MN", "Ulan Bator"): "Ulaanbaatar",
    ("NP", "Dhangaḍhi̇̄"): "Dhangadhi",
    ("SD", "Al-Junaynah"): "Geneina",
    ("SO", "Gaalkacyo"): "Galkayo",
    ("SO", "Garoowe"): "Garowe",
    ("SO", "Hargeysa"): "Hargeisa",
    ("TM", "Daşoguz"): "Dashoguz",
    ("UA", "Zaporizhzhya"): "Zaporizhzhia",
    ("US", "New York City"): "New York",
    ("UZ", "Urganch"): "Urgench",
}

# Sold under flight numbers like a flight, though no aircraft goes there.
KEPT_WITHOUT_RUNWAY = {
    "XNB",  # Dubai bus station of Etihad, on its itineraries as a segment
}

# The code is held by a place that is no airport in another country, says OpenTravelData; still
# kept with the airport, because airlines fly there under it.
KEPT_AGAINST_OPENTRAVELDATA = {
    "BPR",  # Borongan, Philippines
}

# Countries where missions and humanitarian services land on fields that have no IATA code.
FIELD_COUNTRIES = {
    "AF",
    "BF",
    "CD",
    "CF",
    "CM",
    "ET",
    "HT",
    "IQ",
    "LY",
    "ML",
    "MM",
    "MZ",
    "NE",
    "NG",
    "SD",
    "SO",
    "SS",
    "SY",
    "TD",
    "UG",
    "YE",
}

# Uzbekistan changed its ICAO prefix from UT to UZ; OpenTravelData still has the old one.
ICAO_FROM_AIRPORTSDATA = {"UZ"}

# Spellings of fields without an IATA code.
FIELD_PLACE = {
    "FEFB": "Obo",
    "HSBT": "Bentiu",
    "HSKJ": "Kajo Keji",
    "HSMD": "Maridi",
    "HSNM": "Nimule",
    "HSPA": "Pochalla",
    "HSPI": "Pibor",
    "HSTU": "Tambura",
}
