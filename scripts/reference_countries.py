"""Names of countries in English, French and Spanish: CLDR, and the United Nations where it differs."""

from babel import Locale

LANGUAGES = ("en", "fr", "es")

# Two-letter codes of CLDR that are no part of ISO 3166-1.
NO_COUNTRY = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
EXPECTED_COUNT = 250  # the 249 of ISO 3166-1, and XK

# Short names as the United Nations writes them (M49 and its terminology database). An empty
# string keeps the name of CLDR.
UNITED_NATIONS = {
    "BH": ("", "", "Bahrein"),
    "BN": ("Brunei Darussalam", "Brunéi Darussalam", "Brunei Darussalam"),
    "BO": (
        "Bolivia (Plurinational State of)",
        "Bolivie (État plurinational de)",
        "Bolivia (Estado Plurinacional de)",
    ),
    "BT": ("", "", "Bhután"),
    "BW": ("", "", "Botswana"),
    "BY": ("", "Bélarus", "Belarús"),
    "CD": (
        "Democratic Republic of the Congo",
        "République démocratique du Congo",
        "República Democrática del Congo",
    ),
    "CG": ("Congo", "Congo", "Congo"),
    "CI": ("Côte d'Ivoire", "Côte d'Ivoire", "Côte d'Ivoire"),
    "CV": ("Cabo Verde", "Cabo Verde", "Cabo Verde"),
    "CZ": ("Czechia", "Tchéquie", "Chequia"),
    "DJ": ("", "", "Djibouti"),
    "FJ": ("", "", "Fiji"),
    "FK": ("Falkland Islands (Malvinas)", "Îles Falkland (Malvinas)", "Islas Malvinas (Falkland)"),
    "FM": (
        "Micronesia (Federated States of)",
        "Micronésie (États fédérés de)",
        "Micronesia (Estados Federados de)",
    ),
    "GW": ("", "", "Guinea-Bissau"),
    "IQ": ("", "Iraq", "Iraq"),
    "IR": ("Iran (Islamic Republic of)", "Iran (République islamique d')", "Irán (República Islámica del)"),
    "KE": ("", "", "Kenya"),
    "KG": ("", "Kirghizistan", ""),
    "KN": ("Saint Kitts and Nevis", "Saint-Kitts-et-Nevis", "Saint Kitts y Nevis"),
    "KP": (
        "Democratic People's Republic of Korea",
        "République populaire démocratique de Corée",
        "República Popular Democrática de Corea",
    ),
    "KR": ("Republic of Korea", "République de Corée", "República de Corea"),
    "LA": (
        "Lao People's Democratic Republic",
        "République démocratique populaire lao",
        "República Democrática Popular Lao",
    ),
    "LS": ("", "", "Lesotho"),
    "MD": ("Republic of Moldova", "République de Moldova", "República de Moldova"),
    "MM": ("Myanmar", "Myanmar", "Myanmar"),
    "MW": ("", "", "Malawi"),
    "PS": ("State of Palestine", "État de Palestine", "Estado de Palestina"),
    "PW": ("", "", "Palau"),
    "QA": ("", "", "Qatar"),
    "RU": ("Russian Federation", "Fédération de Russie", "Federación de Rusia"),
    "RW": ("", "", "Rwanda"),
    "SR": ("", "", "Suriname"),
    "ST": ("Sao Tome and Principe", "Sao Tomé-et-Principe", "Santo Tomé y Príncipe"),
    "SY": ("Syrian Arab Republic", "République arabe syrienne", "República Árabe Siria"),
    "SZ": ("Eswatini", "Eswatini", "Eswatini"),
    "TL": ("Timor-Leste", "Timor-Leste", "Timor-Leste"),
    "TR": ("Türkiye", "Türkiye", "Türkiye"),
    "TT": ("", "", "Trinidad y Tabago"),
    "TZ": ("United Republic of Tanzania", "République-Unie de Tanzanie", "República Unida de Tanzanía"),
    "US": ("United States of America", "États-Unis d'Amérique", "Estados Unidos de América"),
    "VA": ("Holy See", "Saint-Siège", "Santa Sede"),
    "VC": (
        "Saint Vincent and the Grenadines",
        "Saint-Vincent-et-les Grenadines",
        "San Vicente y las Granadinas",
    ),
    "VE": (
        "Venezuela (Bolivarian Republic of)",
        "Venezuela (République bolivarienne du)",
        "Venezuela (República Bolivariana de)",
    ),
    "VN": ("Viet Nam", "Viet Nam", "Viet Nam"),
    "ZW": ("", "", "Zimbabwe"),
}


def countries() -> list[dict[str, str]]:
    """Return the rows of countries.csv: ISO 3166-1 alpha-2 code (and XK) and three names, sorted by code.

    Raises:
        ValueError: CLDR holds more or fewer countries than ISO 3166-1.
    """
    names = {language: _territories(language) for language in LANGUAGES}
    codes = sorted(code for code in names["en"] if code.isalpha() and code not in NO_COUNTRY)
    if len(codes) != EXPECTED_COUNT:
        raise ValueError(f"{len(codes)} countries in place of {EXPECTED_COUNT}")
    return [
        {"code": code} | {language: _name(code, language, names[language][code]) for language in LANGUAGES}
        for code in codes
    ]


def _territories(language: str) -> dict[str, str]:
    return {str(code): str(name) for code, name in Locale(language).territories.items()}


def _name(code: str, language: str, of_cldr: str) -> str:
    chosen = UNITED_NATIONS.get(code, ("", "", ""))[LANGUAGES.index(language)] or of_cldr
    chosen = chosen.replace("\u2019", "'")
    if language == "en":
        chosen = chosen.replace(" & ", " and ").replace("St. ", "Saint ")
    return chosen
