"""The questions that settling asks, in three languages.

Slots: ``{text}`` holds the words of the document that are in doubt, ``{choices}`` the possible answers, of
which there may be none. The flight a question is about is shown beside it.
"""

from travelrisk.domain.texts import Texts

QUESTIONS: dict[str, Texts] = {
    # when
    "date_missing": Texts(
        "On which date does this flight leave? Write the date like this: 12 Dec 2026.",
        "À quelle date ce vol part-il ? Écrivez la date ainsi : 12 déc. 2026.",
        "¿En qué fecha sale este vuelo? Escriba la fecha así: 12 dic 2026.",
    ),
    "date_in_words": Texts(
        "{text}: on which date does this flight leave? Write the date like this: 12 Dec 2026. {choices}",
        "{text} : à quelle date ce vol part-il ? Écrivez la date ainsi : 12 déc. 2026. {choices}",
        "{text}: ¿en qué fecha sale este vuelo? Escriba la fecha así: 12 dic 2026. {choices}",
    ),
    "date_counted": Texts(
        "{text}: taken as {choices}. If it is another day, write the date like this: 12 Dec 2026.",
        "{text} : compris comme {choices}. Si c'est un autre jour, écrivez la date ainsi : 12 déc. 2026.",
        "{text}: entendido como {choices}. Si es otro día, escriba la fecha así: 12 dic 2026.",
    ),
    "date_unplaced": Texts(
        "{text}: what is the full date, with the year? {choices}",
        "{text} : quelle est la date complète, avec l'année ? {choices}",
        "{text}: ¿cuál es la fecha completa, con el año? {choices}",
    ),
    "day_month": Texts(
        "{text}: which date is it? {choices}",
        "{text} : de quelle date s'agit-il ? {choices}",
        "{text}: ¿qué fecha es? {choices}",
    ),
    "weekday": Texts(
        "{text}: the day of the week and the date do not agree. Which date is right? {choices}",
        "{text} : le jour de la semaine et la date ne concordent pas. Quelle est la bonne date ? {choices}",
        "{text}: el día de la semana y la fecha no coinciden. ¿Cuál es la fecha correcta? {choices}",
    ),
    "date_past": Texts(
        "{text}: this date is past.",
        "{text} : cette date est passée.",
        "{text}: esta fecha ya ha pasado.",
    ),
    "arrival_day": Texts(
        "{text}: on which day does this flight arrive? {choices}",
        "{text} : quel jour ce vol arrive-t-il ? {choices}",
        "{text}: ¿qué día llega este vuelo? {choices}",
    ),
    "arrives_first": Texts(
        "The arrival is not after the departure. Which times are right? {choices}",
        "L'arrivée n'est pas postérieure au départ. Quelles sont les bonnes heures ? {choices}",
        "La llegada no es posterior a la salida. ¿Cuáles son las horas correctas? {choices}",
    ),
    "too_fast": Texts(
        "{text}: the times are too close together for this distance. Which times are right? {choices}",
        "{text} : les heures sont trop proches pour cette distance. Quelles sont les bonnes ? {choices}",
        "{text}: las horas están demasiado juntas para esta distancia. ¿Cuáles son las correctas? {choices}",
    ),
    "times_disagree": Texts(
        "{text}: the times do not agree. Which is the local time at the airport? {choices}",
        "{text} : les heures ne concordent pas. Quelle est l'heure locale à l'aéroport ? {choices}",
        "{text}: las horas no coinciden. ¿Cuál es la hora local en el aeropuerto? {choices}",
    ),
    "clock_gap": Texts(
        "{text}: the clocks go forward that day and never show this time. Which time is right? {choices}",
        "{text} : ce jour-là, les montres avancent et cette heure n'existe pas. Laquelle est-ce ? {choices}",
        "{text}: ese día se adelantan los relojes y esa hora no existe. ¿Cuál es la correcta? {choices}",
    ),
    "clock_twice": Texts(
        "{text}: the clocks go back that day and show this time twice; the first one is taken.",
        "{text} : ce jour-là, les montres reculent et cette heure revient ; la première est retenue.",
        "{text}: ese día se atrasan los relojes y esa hora se repite; se toma la primera.",
    ),
    "schedule_changed": Texts(
        "{text}: the departure time was changed; the newest one is taken. {choices}",
        "{text} : l'heure de départ a changé ; la plus récente est retenue. {choices}",
        "{text}: la hora de salida ha cambiado; se toma la más reciente. {choices}",
    ),
    # where
    "origin_missing": Texts(
        "{text}: from which airport does this flight leave? Type its code or its city: FRA or Frankfurt.",
        "{text} : de quel aéroport ce vol part-il ? Indiquez son code ou sa ville : FRA ou Francfort.",
        "{text}: ¿de qué aeropuerto sale este vuelo? Escriba su código o su ciudad: FRA o Fráncfort.",
    ),
    "destination_missing": Texts(
        "{text}: at which airport does this flight arrive? Type its code or its city: NBO or Nairobi.",
        "{text} : à quel aéroport ce vol arrive-t-il ? Indiquez son code ou sa ville : NBO ou Nairobi.",
        "{text}: ¿a qué aeropuerto llega este vuelo? Escriba su código o su ciudad: NBO o Nairobi.",
    ),
    "airport_unknown": Texts(
        "{text}: we do not know this airport. Which one is it? {choices}",
        "{text} : nous ne connaissons pas cet aéroport. Lequel est-ce ? {choices}",
        "{text}: no conocemos este aeropuerto. ¿Cuál es? {choices}",
    ),
    "airport_choice": Texts(
        "{text}: which airport is it? {choices}",
        "{text} : de quel aéroport s'agit-il ? {choices}",
        "{text}: ¿qué aeropuerto es? {choices}",
    ),
    "airport_by_time": Texts(
        "{text}: taken for {choices}; at the stated times no flight reaches another one of that name.",
        "{text} : compris comme {choices} ; aux heures indiquées, aucun vol n'atteint un autre de ce nom.",
        "{text}: entendido como {choices}; con ese horario ningún vuelo llega a otro de ese nombre.",
    ),
    "airport_former_code": Texts(
        "{text}: this code is no longer in use; today it is {choices}.",
        "{text} : ce code n'est plus utilisé ; aujourd'hui, c'est {choices}.",
        "{text}: este código ya no se usa; hoy es {choices}.",
    ),
    "airport_closed": Texts(
        "{text}: no passengers fly from this airport any more since {choices}.",
        "{text} : cet aéroport n'accueille plus de passagers depuis le {choices}.",
        "{text}: este aeropuerto ya no recibe pasajeros desde el {choices}.",
    ),
    "same_place": Texts(
        "{text}: departure and arrival are the same airport. Where does this flight go?",
        "{text} : le départ et l'arrivée sont le même aéroport. Où va ce vol ?",
        "{text}: la salida y la llegada son el mismo aeropuerto. ¿Adónde va este vuelo?",
    ),
    # who
    "carrier_missing": Texts(
        "Which carrier operates this flight?",
        "Quel transporteur exploite ce vol ?",
        "¿Qué transportista opera este vuelo?",
    ),
    "carrier_unknown": Texts(
        "{text}: we do not know this carrier. Which one is it? {choices}",
        "{text} : nous ne connaissons pas ce transporteur. Lequel est-ce ? {choices}",
        "{text}: no conocemos este transportista. ¿Cuál es? {choices}",
    ),
    "carrier_defunct": Texts(
        "{text}: no carrier has this code then; at other times it was {choices}. Which one is it?",
        "{text} : aucun transporteur n'a alors ce code ; à d'autres dates : {choices}. Lequel est-ce ?",
        "{text}: ningún transportista tiene entonces este código; en otras fechas era {choices}. ¿Cuál es?",
    ),
    "carrier_ambiguous": Texts(
        "{text}: which carrier is it? {choices}",
        "{text} : de quel transporteur s'agit-il ? {choices}",
        "{text}: ¿qué transportista es? {choices}",
    ),
    "carrier_name": Texts(
        "{text}: this name does not go with the code of {choices}. Who operates this flight?",
        "{text} : ce nom ne correspond pas au code de {choices}. Qui exploite ce vol ?",
        "{text}: este nombre no corresponde al código de {choices}. ¿Quién opera este vuelo?",
    ),
    "operator_unknown": Texts(
        "Another carrier operates this flight but is not named. Which one is it?",
        "Un autre transporteur exploite ce vol, mais il n'est pas nommé. Lequel est-ce ?",
        "Otro transportista opera este vuelo, pero no se nombra. ¿Cuál es?",
    ),
    "operator_unresolved": Texts(
        "{text}: we do not know this operator. Which carrier operates this flight? {choices}",
        "{text} : nous ne connaissons pas cet exploitant. Quel transporteur exploite ce vol ? {choices}",
        "{text}: no conocemos este operador. ¿Qué transportista opera este vuelo? {choices}",
    ),
    "operator_ambiguous": Texts(
        "{text}: which operator is it? {choices}",
        "{text} : de quel exploitant s'agit-il ? {choices}",
        "{text}: ¿qué operador es? {choices}",
    ),
    "operator_conflict": Texts(
        "{text}: two operators are given. Which one operates this flight? {choices}",
        "{text} : deux exploitants sont indiqués. Lequel exploite ce vol ? {choices}",
        "{text}: se indican dos operadores. ¿Cuál opera este vuelo? {choices}",
    ),
    "operator_several": Texts(
        "{text}: several operators are given for one flight. Which one operates which part? {choices}",
        "{text} : plusieurs exploitants sont indiqués pour un vol. Lequel exploite quelle partie ? {choices}",
        "{text}: se indican varios operadores para un vuelo. ¿Cuál opera cada tramo? {choices}",
    ),
    "owner_unresolved": Texts(
        "{text}: we do not know this owner of the aircraft. Which carrier is it? {choices}",
        "{text} : nous ne connaissons pas ce propriétaire de l'avion. Quel transporteur est-ce ? {choices}",
        "{text}: no conocemos a este propietario de la aeronave. ¿Qué transportista es? {choices}",
    ),
    # what
    "mode_unknown": Texts(
        "Is this a flight, a train or a bus?",
        "S'agit-il d'un vol, d'un train ou d'un bus ?",
        "¿Es un vuelo, un tren o un autobús?",
    ),
    "segment_cancelled": Texts(
        "{text}: this flight is cancelled and no other one replaces it. How does the journey go on?",
        "{text} : ce vol est annulé et aucun autre ne le remplace. Comment le voyage continue-t-il ?",
        "{text}: este vuelo está cancelado y ningún otro lo sustituye. ¿Cómo sigue el viaje?",
    ),
}
