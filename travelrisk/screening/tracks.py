"""What the direct track of a flight passes, in words; messages adds them to its own."""

from types import MappingProxyType

from travelrisk.domain.texts import Texts

ROLES_ON_THE_WAY = MappingProxyType(
    {
        "airspace": Texts(
            "The direct track (an estimate; ask the airline) passes {name} for about {km} km",
            "La trajectoire directe (estimation ; consultez la compagnie) traverse l'espace aérien « {name} »"
            " sur environ {km} km",
            "La trayectoria directa (estimación; consulte a la compañía) atraviesa el espacio aéreo «{name}»"
            " durante unos {km} km",
        ),
        "airspace_round": Texts(
            "Provided the airline flies round {name}, which the direct track passes for about {km} km"
            " (an estimate; ask the airline)",
            "Sous réserve que la compagnie contourne l'espace aérien « {name} », que la trajectoire directe"
            " traverse sur environ {km} km (estimation ; consultez la compagnie)",
            "Siempre que la compañía evite el espacio aéreo «{name}», que la trayectoria directa atraviesa"
            " durante unos {km} km (estimación; consulte a la compañía)",
        ),
        "airspace_landing": Texts(
            "Airspace of {name}",
            "Espace aérien « {name} »",
            "Espacio aéreo «{name}»",
        ),
        "alternate": Texts(
            "Alternate airport {name}", "Aéroport de dégagement {name}", "Aeropuerto alternativo {name}"
        ),
    }
)

TRACKS = MappingProxyType(
    {
        **{
            f"{role}.outline_ended": Texts(
                "The outline of {name} ended on {day}, and nobody drew another. The direct track passes where"
                " it was; what is on record about it needs review.",
                "Le tracé de « {name} » a pris fin le {day} et n'a pas été remplacé. La trajectoire directe"
                " traverse"
                " ce qu'il délimitait ; ce qui est enregistré à ce sujet doit être revu.",
                "El contorno de «{name}» terminó el {day} y nadie trazó otro. La trayectoria directa"
                " atraviesa lo"
                " que abarcaba; lo que consta al respecto debe revisarse.",
            )
            for role in ("airspace", "airspace_landing")
        },
        **{
            f"{role}.outline_begins": Texts(
                "The outline of {name} begins only on {day}, and nobody drew an earlier one. The direct track"
                " passes where it will be; what is on record about it needs review.",
                "Le tracé de « {name} » ne vaut qu'à partir du {day}, et il n'y en a pas d'antérieur. La"
                " trajectoire directe traverse ce qu'il délimitera ; ce qui est enregistré à ce sujet doit"
                " être revu.",
                "El contorno de «{name}» solo vale a partir del {day}, y nadie trazó otro anterior. La"
                " trayectoria directa atraviesa lo que abarcará; lo que consta al respecto debe revisarse.",
            )
            for role in ("airspace", "airspace_landing")
        },
        "airspace.near": Texts(
            "The direct track comes within {km} km of {name}, about which something is on record.",
            "La trajectoire directe passe à {km} km de l'espace aérien « {name} », au sujet duquel une"
            " information est"
            " enregistrée.",
            "La trayectoria directa pasa a {km} km del espacio aéreo «{name}», sobre el que consta"
            " información.",
        ),
        "airspace.undrawable": Texts(
            "The direct track of {name} cannot be drawn: between opposite points of the globe every way is"
            " equally short. What it passes is unknown.",
            "La trajectoire directe de {name} ne peut être tracée : entre des points opposés du globe,"
            " tous les"
            " chemins se valent. On ignore ce qu'elle traverse.",
            "La trayectoria directa de {name} no puede trazarse: entre puntos opuestos del globo todos"
            " los caminos"
            " son igual de cortos. No se sabe qué atraviesa.",
        ),
        "transit.on_record": Texts(
            "The direct track passes {name}. Something is on record about its State ({code}) for those who"
            " travel there.",
            "La trajectoire directe traverse l'espace aérien « {name} ». Une information est enregistrée au"
            " sujet de"
            " son État ({code}) pour ceux qui s'y rendent.",
            "La trayectoria directa atraviesa el espacio aéreo «{name}». Consta información sobre su Estado"
            " ({code}) para quienes viajan allí.",
        ),
    }
)
