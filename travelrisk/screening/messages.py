"""The text of every finding in three languages, as templates with named slots.

Most findings say how something stands in its role, so those texts are put together from a table of roles
and a table of states; the three languages always state the same facts.
"""

from types import MappingProxyType

from travelrisk.domain.texts import Texts
from travelrisk.screening.claimed import CLAIMED
from travelrisk.screening.freshness import FRESHNESS
from travelrisk.screening.tracks import ROLES_ON_THE_WAY, TRACKS

_ROLES: dict[str, Texts] = {
    "operating": Texts(
        "Operating carrier {name}", "Transporteur effectif {name}", "Transportista operador {name}"
    ),
    "owner": Texts(
        "Aircraft owner {name}", "Propriétaire de l'avion {name}", "Propietario de la aeronave {name}"
    ),
    "marketing": Texts(
        "Marketing carrier {name}", "Transporteur commercial {name}", "Transportista comercial {name}"
    ),
    "airport": Texts("Airport {name}", "Aéroport {name}", "Aeropuerto {name}"),
    "country": Texts("Country {name}", "Pays {name}", "País {name}"),
    "route": Texts("Route {name}", "Trajet {name}", "Trayecto {name}"),
    "state": Texts("Operator {name}", "Exploitant {name}", "Operador {name}"),
} | ROLES_ON_THE_WAY
_STATES: dict[str, Texts] = {
    "recommended": Texts("recommended.", "recommandé.", "recomendado."),
    "conditional": Texts(
        "recommended with conditions. {condition}",
        "recommandé sous conditions. {condition}",
        "recomendado con condiciones. {condition}",
    ),
    "not_recommended": Texts(
        "not recommended for official travel. {reason}",
        "non recommandé pour les voyages officiels. {reason}",
        "no recomendado para viajes oficiales. {reason}",
    ),
    "not_rated": Texts(
        "not rated. We have not assessed it; this says nothing against it.",
        "non évalué. Nous ne l'avons pas évalué ; cela ne dit rien contre lui.",
        "sin evaluar. No lo hemos evaluado; eso no dice nada en su contra.",
    ),
    "expired": Texts(
        "the rating ended on {day} and needs review.",
        "l'évaluation a pris fin le {day} et doit être revue.",
        "la evaluación terminó el {day} y debe revisarse.",
    ),
    "not_yet_valid": Texts(
        "the rating begins only on {day} and needs review.",
        "l'évaluation ne commence que le {day} et doit être revue.",
        "la evaluación no empieza hasta el {day} y debe revisarse.",
    ),
    "evidence_lapsed": Texts(
        "the rating rests on evidence that ends on {until} ({title}) and needs review.",
        "l'évaluation repose sur un élément valable jusqu'au {until} ({title}) et doit être revue.",
        "la evaluación se basa en una prueba válida hasta el {until} ({title}) y debe revisarse.",
    ),
    "review_due": Texts(
        "the rating was due for review by {day} and needs review.",
        "l'évaluation devait être réexaminée au plus tard le {day} et doit être revue.",
        "la evaluación debía reexaminarse a más tardar el {day} y debe revisarse.",
    ),
    "caution": Texts("caution. {text}", "mise en garde. {text}", "precaución. {text}"),
    "caution_unsupported": Texts(
        "the caution rests on evidence that ends on {until} ({title}) and needs review.",
        "la mise en garde repose sur une source valable jusqu'au {until} ({title}) et doit être revue.",
        "la precaución se basa en una fuente válida hasta el {until} ({title}) y debe revisarse.",
    ),
    "other_levels": Texts(
        "what is on record concerns {levels}, and the flight is estimated at FL{level}. This holds provided"
        " it stays out of those levels.",
        "ce qui est enregistré concerne {levels}, et l'on estime le vol au FL{level}. Ceci ne vaut que s'il"
        " n'entre pas dans ces niveaux.",
        "lo que consta afecta a {levels}, y el vuelo se estima en FL{level}. Esto vale siempre que no entre"
        " en esos niveles.",
    ),
    "caution_ended": Texts(
        "a caution ended on {until} and needs review. {text}",
        "une mise en garde a pris fin le {until} et doit être revue. {text}",
        "una precaución terminó el {until} y debe revisarse. {text}",
    ),
}
_OWN: dict[str, Texts] = {
    "operating.unknown": Texts(
        "Nobody has said which carrier flies {name}.",
        "Rien n'indique quel transporteur assure {name}.",
        "Nada indica qué transportista opera {name}.",
    ),
    "operating.unresolved": Texts(
        "The carrier that flies could not be identified: {name}.",
        "Le transporteur qui assure le vol n'a pas pu être identifié : {name}.",
        "No se pudo identificar al transportista que opera el vuelo: {name}.",
    ),
    "operating.assumed": Texts(
        "The booking does not say who flies. This holds provided {code} itself flies it.",
        "La réservation ne dit pas qui assure le vol. Ceci ne vaut que si {code} l'assure lui-même.",
        "La reserva no dice quién opera el vuelo. Esto vale siempre que lo opere el propio {code}.",
    ),
    "operating.by_traveller": Texts(
        "The booking does not name the carrier that flies. This holds provided {name} flies it, as the"
        " traveller told us.",
        "La réservation ne nomme pas le transporteur qui assure le vol. Ceci ne vaut que si {name} l'assure,"
        " comme l'a indiqué le voyageur.",
        "La reserva no nombra al transportista que opera el vuelo. Esto vale siempre que lo opere {name},"
        " como indicó el viajero.",
    ),
    "operating.own_service": Texts(
        "The booking does not say who flies; {name} is known to serve {pair} itself.",
        "La réservation ne dit pas qui assure le vol ; {name} dessert {pair} lui-même, selon nos données.",
        "La reserva no dice quién opera el vuelo; según nuestros datos, el propio {name} sirve {pair}.",
    ),
    "operating.unhas": Texts(
        "{name}: a humanitarian air service, judged by United Nations aviation standards.",
        "{name} : service aérien humanitaire, évalué selon les normes aériennes des Nations Unies.",
        "{name}: servicio aéreo humanitario, evaluado según las normas aéreas de las Naciones Unidas.",
    ),
    "operating.charter": Texts(
        "{name}: a charter operator; the commercial ratings do not cover it.",
        "{name} : exploitant d'affrètement ; les évaluations commerciales ne le couvrent pas.",
        "{name}: operador de vuelos fletados; las evaluaciones comerciales no lo cubren.",
    ),
    "owner.unresolved": Texts(
        "The carrier that owns the aircraft could not be identified: {name}.",
        "Le transporteur à qui appartient l'avion n'a pas pu être identifié : {name}.",
        "No se pudo identificar al transportista propietario de la aeronave: {name}.",
    ),
    "owner.unhas": Texts(
        "Aircraft of {name}: a humanitarian air service, judged by United Nations aviation standards.",
        "Avion de {name} : service aérien humanitaire, évalué selon les normes aériennes des Nations Unies.",
        "Aeronave de {name}: servicio aéreo humanitario, evaluado según las normas aéreas de las Naciones"
        " Unidas.",
    ),
    "owner.charter": Texts(
        "Aircraft of {name}: a charter operator; the commercial ratings do not cover it.",
        "Avion de {name} : exploitant d'affrètement ; les évaluations commerciales ne le couvrent pas.",
        "Aeronave de {name}: operador de vuelos fletados; las evaluaciones comerciales no lo cubren.",
    ),
    "marketing.unknown": Texts(
        "The carrier that sells the seat could not be identified: {name}.",
        "Le transporteur qui vend le billet n'a pas pu être identifié : {name}.",
        "No se pudo identificar al transportista que vende el billete: {name}.",
    ),
    "airport.by_country": Texts(
        "Airport {name}: covered by the rating of {country}.",
        "Aéroport {name} : couvert par l'évaluation du pays ({country}).",
        "Aeropuerto {name}: cubierto por la evaluación del país ({country}).",
    ),
    "airport.unknown": Texts(
        "The airport could not be identified: {name}.",
        "L'aéroport n'a pas pu être identifié : {name}.",
        "No se pudo identificar el aeropuerto: {name}.",
    ),
    "airport.origin_missing": Texts(
        "The airport of departure of {name} is not stated.",
        "L'aéroport de départ n'est pas indiqué pour {name}.",
        "No se indica el aeropuerto de salida de {name}.",
    ),
    "airport.destination_missing": Texts(
        "The airport of arrival of {name} is not stated.",
        "L'aéroport d'arrivée n'est pas indiqué pour {name}.",
        "No se indica el aeropuerto de llegada de {name}.",
    ),
    "airport.stop_missing": Texts(
        "{name} stops at an airport that is not stated.",
        "L'aéroport d'une escale n'est pas indiqué pour {name}.",
        "No se indica el aeropuerto de una escala de {name}.",
    ),
    "airport.several": Texts(
        "{name} may be one of several airports; all of them were judged.",
        "{name} peut désigner plusieurs aéroports ; tous ont été examinés.",
        "{name} puede ser uno de varios aeropuertos; se han examinado todos.",
    ),
    "date.known": Texts("The date is known.", "La date est connue.", "La fecha es conocida."),
    "date.unknown": Texts(
        "The date of the flight is missing.", "La date du vol manque.", "Falta la fecha del vuelo."
    ),
    "date.past": Texts(
        "The flight left on {day}: it is past. Check the date and the year.",
        "Le vol est parti le {day} : il est passé. Vérifiez la date et l'année.",
        "El vuelo salió el {day}: ya pasó. Compruebe la fecha y el año.",
    ),
    "date.too_far": Texts(
        "The flight on {day} is more than {days} days ahead; it is too early to judge it.",
        "Le vol du {day} est dans plus de {days} jours ; il est trop tôt pour en juger.",
        "El vuelo del {day} es dentro de más de {days} días; es pronto para evaluarlo.",
    ),
    "date.arrives_first": Texts(
        "By its times, the flight of {day} arrives before it departs.",
        "D'après ses horaires, le vol du {day} arrive avant de partir.",
        "Según sus horarios, el vuelo del {day} llega antes de salir.",
    ),
    "date.too_long": Texts(
        "By its times, the flight takes more than {hours} hours. Check the times.",
        "D'après ses horaires, le vol dure plus de {hours} heures. Vérifiez les horaires.",
        "Según sus horarios, el vuelo dura más de {hours} horas. Compruebe los horarios.",
    ),
    "lead_time.late": Texts(
        "Short notice. Days before departure: {days}; days asked for: {wanted}.",
        "Délai court. Jours avant le départ : {days} ; jours demandés : {wanted}.",
        "Plazo corto. Días hasta la salida: {days}; días que se piden: {wanted}.",
    ),
    "lead_time.late_working_days": Texts(
        "Short notice: {days} working days before departure, where {wanted} are asked for.",
        "Délai court : {days} jours ouvrables avant le départ, alors que {wanted} sont demandés.",
        "Plazo corto: faltan {days} días laborables para la salida y se piden {wanted}.",
    ),
    "itinerary.gap": Texts(
        "One flight arrives at {arrives}, the next leaves from {departs}. What lies between is unknown.",
        "Un vol arrive à {arrives}, le suivant part de {departs}. On ignore ce qui les relie.",
        "Un vuelo llega a {arrives} y el siguiente sale de {departs}. No se sabe qué hay entre ambos.",
    ),
    "itinerary.gap_unknown": Texts(
        "Whether {after} leaves from where {before} arrives is unknown: an airport is not stated.",
        "On ignore si {after} part de là où {before} arrive : un aéroport n'est pas indiqué.",
        "No se sabe si {after} sale de donde llega {before}: falta indicar un aeropuerto.",
    ),
    "itinerary.unread": Texts(
        "This line looks like a flight and was not understood: {text}",
        "Cette ligne ressemble à un vol et n'a pas été comprise : {text}",
        "Esta línea parece un vuelo y no se ha entendido: {text}",
    ),
    "itinerary.no_flight": Texts(
        "No flight was found that could be judged.",
        "Aucun vol à examiner n'a été trouvé.",
        "No se ha encontrado ningún vuelo que evaluar.",
    ),
    "itinerary.incomplete": Texts(
        "The itinerary was not understood completely.",
        "L'itinéraire n'a pas été compris en entier.",
        "El itinerario no se ha entendido por completo.",
    ),
    "segment.cancelled": Texts(
        "{name} is cancelled and no other flight replaces it.",
        "{name} est annulé et aucun autre vol ne le remplace.",
        "{name} está cancelado y ningún otro vuelo lo sustituye.",
    ),
    "segment.unconfirmed": Texts(
        "{name} is not confirmed. This holds provided it is confirmed as it stands here.",
        "{name} n'est pas confirmé. Ceci ne vaut que s'il est confirmé tel qu'il figure ici.",
        "{name} no está confirmado. Esto vale siempre que se confirme tal como figura aquí.",
    ),
    "segment.mode_unknown": Texts(
        "It is not clear whether {name} is a flight.",
        "On ne sait pas si {name} est un vol.",
        "No está claro si {name} es un vuelo.",
    ),
    "segment.not_air": Texts(
        "{name} is not a flight; it was not judged.",
        "{name} n'est pas un vol ; il n'a pas été examiné.",
        "{name} no es un vuelo; no se ha evaluado.",
    ),
    "concentration.staff_warn": Texts(
        "With this booking {number} of our staff are on {name}; no more than {ceiling} should travel"
        " together. Who decides: {by}.",
        "Avec cette réservation, {number} membres de notre personnel sont sur {name} ; pas plus de {ceiling}"
        " ne devraient voyager ensemble. Qui décide : {by}.",
        "Con esta reserva, {number} miembros de nuestro personal van en {name}; no deberían viajar juntos más"
        " de {ceiling}. Quién decide: {by}.",
    ),
    "concentration.staff_block": Texts(
        "With this booking {number} of our staff are on {name}; more than {ceiling} need a decision."
        " Who decides: {by}.",
        "Avec cette réservation, {number} membres de notre personnel sont sur {name} ; au-delà de {ceiling},"
        " il faut une décision. Qui décide : {by}.",
        "Con esta reserva, {number} miembros de nuestro personal van en {name}; si son más de {ceiling}, hace"
        " falta una decisión. Quién decide: {by}.",
    ),
    "concentration.heads_warn": Texts(
        "With this booking {number} heads of office are on {name}; no more than {ceiling} should travel"
        " together. Who decides: {by}.",
        "Avec cette réservation, {number} chefs de bureau sont sur {name} ; pas plus de {ceiling} ne"
        " devraient voyager ensemble. Qui décide : {by}.",
        "Con esta reserva, {number} jefes de oficina van en {name}; no deberían viajar juntos más de"
        " {ceiling}. Quién decide: {by}.",
    ),
    "concentration.heads_block": Texts(
        "With this booking {number} heads of office are on {name}; more than {ceiling} need a decision."
        " Who decides: {by}.",
        "Avec cette réservation, {number} chefs de bureau sont sur {name} ; au-delà de {ceiling}, il faut une"
        " décision. Qui décide : {by}.",
        "Con esta reserva, {number} jefes de oficina van en {name}; si son más de {ceiling}, hace falta una"
        " decisión. Quién decide: {by}.",
    ),
    "concentration.not_counted": Texts(
        "How many of our staff are on {name} was not counted: its operating carrier, an airport or its day is"
        " not known.",
        "Les membres de notre personnel sur {name} n'ont pas été comptés : le transporteur effectif, un"
        " aéroport ou le jour n'est pas connu.",
        "No se ha contado cuántos miembros de nuestro personal van en {name}: no se conoce el transportista"
        " operador, un aeropuerto o el día.",
    ),
    "concentration.later": Texts(
        "How many of our staff travel on the same flight is counted once the booking is sent in.",
        "Les membres de notre personnel sur le même vol sont comptés lorsque la réservation est envoyée.",
        "Los miembros de nuestro personal en el mismo vuelo se cuentan cuando se envía la reserva.",
    ),
    "authorised.ad_hoc": Texts(
        "{name}: exception {exception} for this trip, authorised by {by}, valid until {until}."
        " Conditions: {conditions}",
        "{name} : dérogation {exception} pour ce voyage, accordée par {by}, valable jusqu'au {until}."
        " Conditions : {conditions}",
        "{name}: excepción {exception} para este viaje, autorizada por {by}, válida hasta el {until}."
        " Condiciones: {conditions}",
    ),
    "authorised.concentration": Texts(
        "{name}: exception {exception} for the number of our staff on this flight, authorised by {by}, valid"
        " until {until}. Conditions: {conditions}",
        "{name} : dérogation {exception} pour le nombre de membres de notre personnel sur ce vol, accordée"
        " par {by}, valable jusqu'au {until}. Conditions : {conditions}",
        "{name}: excepción {exception} por el número de miembros de nuestro personal en este vuelo,"
        " autorizada por {by}, válida hasta el {until}. Condiciones: {conditions}",
    ),
    "authorised.blanket": Texts(
        "{name}: blanket authorisation {exception} for this office, given by {by}, valid until {until}."
        " Conditions: {conditions}",
        "{name} : autorisation générale {exception} pour ce bureau, accordée par {by}, valable jusqu'au"
        " {until}. Conditions : {conditions}",
        "{name}: autorización general {exception} para esta oficina, concedida por {by}, válida hasta el"
        " {until}. Condiciones: {conditions}",
    ),
    "rule.failed": Texts(
        "A check could not be completed ({name}: {text}). A person must decide.",
        "Un contrôle n'a pas pu aboutir ({name} : {text}). Une personne doit décider.",
        "Una comprobación no pudo completarse ({name}: {text}). Debe decidir una persona.",
    ),
    "check.missing": Texts(
        "A check gave no answer ({name}). A person must decide.",
        "Un contrôle n'a donné aucune réponse ({name}). Une personne doit décider.",
        "Una comprobación no dio respuesta ({name}). Debe decidir una persona.",
    ),
}


def _composed(role: Texts, state: Texts) -> Texts:
    return Texts(f"{role.en}: {state.en}", f"{role.fr} : {state.fr}", f"{role.es}: {state.es}")


FINDINGS = MappingProxyType(
    {f"{role}.{state}": _composed(_ROLES[role], _STATES[state]) for role in _ROLES for state in _STATES}
    | _OWN
    | CLAIMED
    | TRACKS
    | FRESHNESS
)
