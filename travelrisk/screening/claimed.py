"""The text of every finding on what a person told us, in three languages; *by* is who."""

from travelrisk.domain.texts import Texts

TRAVELLER = Texts("The traveller", "Le voyageur", "El viajero")
CLAIMED: dict[str, Texts] = {
    "stated.answer": Texts(
        "{by} answered our question on “{was}”: {text}.",
        "{by} a répondu à notre question sur « {was} » : {text}.",
        "{by} respondió a nuestra pregunta sobre «{was}»: {text}.",
    ),
    "stated.flight": Texts(
        "{by} told us that the flight is {text}; we had understood {was}. This holds provided the ticket"
        " says {text}.",
        "{by} a indiqué que le vol est {text} ; nous avions compris {was}. Ceci ne vaut que si le billet"
        " porte {text}.",
        "{by} indicó que el vuelo es {text}; habíamos entendido {was}. Esto vale siempre que el billete"
        " diga {text}.",
    ),
    "operating.corrected": Texts(
        "{by} told us that {name} flies it; we had understood {was}. This holds provided {name} flies it.",
        "{by} a indiqué que {name} assure le vol ; nous avions compris {was}. Ceci ne vaut que si {name}"
        " l'assure.",
        "{by} indicó que {name} opera el vuelo; habíamos entendido {was}. Esto vale siempre que lo opere"
        " {name}.",
    ),
    "stated.origin": Texts(
        "{by} told us that the flight leaves from {text}; we had understood {was}. This holds provided the"
        " ticket says so.",
        "{by} a indiqué que le vol part de {text} ; nous avions compris {was}. Ceci ne vaut que si le"
        " billet le confirme.",
        "{by} indicó que el vuelo sale de {text}; habíamos entendido {was}. Esto vale siempre que el"
        " billete lo confirme.",
    ),
    "stated.destination": Texts(
        "{by} told us that the flight goes to {text}; we had understood {was}. This holds provided the"
        " ticket says so.",
        "{by} a indiqué que le vol va à {text} ; nous avions compris {was}. Ceci ne vaut que si le billet"
        " le confirme.",
        "{by} indicó que el vuelo va a {text}; habíamos entendido {was}. Esto vale siempre que el billete"
        " lo confirme.",
    ),
    "stated.departs": Texts(
        "{by} told us the departure: {text}; we had understood {was}. This holds provided the ticket"
        " says so.",
        "{by} a indiqué le départ : {text} ; nous avions compris {was}. Ceci ne vaut que si le billet le"
        " confirme.",
        "{by} indicó la salida: {text}; habíamos entendido {was}. Esto vale siempre que el billete lo"
        " confirme.",
    ),
    "stated.arrives": Texts(
        "{by} told us the arrival: {text}; we had understood {was}. This holds provided the ticket says so.",
        "{by} a indiqué l'arrivée : {text} ; nous avions compris {was}. Ceci ne vaut que si le billet le"
        " confirme.",
        "{by} indicó la llegada: {text}; habíamos entendido {was}. Esto vale siempre que el billete lo"
        " confirme.",
    ),
    "stated.added": Texts(
        "{by} added this flight, which stands in no document: {text}. This holds provided it is booked so.",
        "{by} a ajouté ce vol, qui ne figure dans aucun document : {text}. Ceci ne vaut que s'il est"
        " réservé ainsi.",
        "{by} añadió este vuelo, que no consta en ningún documento: {text}. Esto vale siempre que esté"
        " reservado así.",
    ),
    "stated.no_flight": Texts(
        "{by} told us that this line is no flight: “{text}”. This holds provided it is none.",
        "{by} a indiqué que cette ligne n'est pas un vol : « {text} ». Ceci ne vaut que si c'est le cas.",
        "{by} indicó que esta línea no es un vuelo: «{text}». Esto vale siempre que sea así.",
    ),
    "stated.not_mine": Texts(
        "{by} took this flight out of the trip: {text}. This holds provided it will not be flown.",
        "{by} a retiré ce vol du voyage : {text}. Ceci ne vaut que s'il n'est pas effectué.",
        "{by} retiró este vuelo del viaje: {text}. Esto vale siempre que no se realice.",
    ),
}
