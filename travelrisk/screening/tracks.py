"""What the direct track of a flight passes, in words; messages adds them to its own."""

from types import MappingProxyType

from travelrisk.domain.texts import Texts

ROLES_ON_THE_WAY = MappingProxyType(
    {
        "airspace": Texts(
            "The direct track passes {name} (estimate, about {km} km; ask the airline)",
            "La route directe traverse {name} (estimation, environ {km} km ; interrogez la compagnie)",
            "La ruta directa atraviesa {name} (estimación, unos {km} km; consulte a la compañía aérea)",
        ),
        "airspace_landing": Texts("Airspace of {name}", "Espace aérien {name}", "Espacio aéreo {name}"),
        "alternate": Texts(
            "Alternate airport {name}", "Aéroport de dégagement {name}", "Aeropuerto alternativo {name}"
        ),
    }
)

TRACKS = MappingProxyType(
    {
        "airspace.near": Texts(
            "The direct track comes within {km} km of {name}, about which something is on record.",
            "La route directe passe à {km} km de {name}, au sujet duquel une information est enregistrée.",
            "La ruta directa pasa a {km} km de {name}, sobre el que consta información.",
        ),
        "airspace.undrawable": Texts(
            "The direct track of {name} cannot be drawn: between opposite points of the globe every way is"
            " equally short. What it passes is unknown.",
            "La route directe de {name} ne peut être tracée : entre des points opposés du globe, tous les"
            " chemins se valent. On ignore ce qu'elle traverse.",
            "La ruta directa de {name} no puede trazarse: entre puntos opuestos del globo todos los caminos"
            " son igual de cortos. No se sabe qué atraviesa.",
        ),
        "transit.on_record": Texts(
            "The direct track passes {name}, about which something is on record for those who travel there.",
            "La route directe traverse {name}, au sujet duquel une information est enregistrée pour les"
            " voyageurs.",
            "La ruta directa atraviesa {name}, sobre el que consta información para quienes viajan allí.",
        ),
    }
)
