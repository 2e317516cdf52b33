"""What only looks like a part of a flight: gates, aircraft, prices, licences, addresses, headers of mails."""

import re

_BESIDE_NUMBERS = (
    "gate",
    "seat",
    "row",
    "terminal",
    "platform",
    "room",
    "porte",
    "siège",
    "puerta",
    "asiento",
    "sitz",
    "platz",
)
_BEFORE_BOARDING = (
    "boarding",
    "embarquement",
    "embarque",
    "einsteigen",
    "check-in",
    "checkin",
    "gate closes",
    "bag drop",
    "bag-drop",
)
_ABOUT_THE_DOCUMENT = (
    "sent",
    "gesendet",
    "envoyé",
    "enviado",
    "inviato",
    "issued",
    "date of issue",
    "issue date",
    "booked on",
    "check-in",
    "checkin",
    "online check-in",
    "web check-in",
    "enregistrement",
    "facturación",
    "free cancellation",
    "annulation gratuite",
    "cancelación gratuita",
    "refund until",
    "refundable until",
    "payment due",
)
_MONEY = r"(?:EUR|USD|CHF|GBP|CAD|AUD|JPY|KES|ETB|ZAR|XAF|XOF|€|\$|£)"
_UNITS = (
    rf"(?:{_MONEY}|kgs?|kilos?|lbs?|ml|cm|mm|km|euros?|dollars?|d[óo]lares|francs?|hours?|heures|horas"
    r"|minutes?|minutos?|mins?|%)"
)
NOISE = re.compile(
    rf"(?:{'|'.join(_BEFORE_BOARDING)})\b[^\n0-9]{{0,20}}[0-9]{{1,2}}[:h.]?[0-9]{{2}}"
    r"|(?:(?:travel|flight|journey) time|duration|dur[ée]e(?: du (?:vol|voyage|trajet))?"
    r"|duraci[óo]n(?: del (?:vuelo|viaje))?|dauer)[ ]?:?[ ]*"
    r"[0-9]{1,2}[ ]?[:h][ ]?[0-9]{2}"
    r"|\b(?:licen[cs]e|licencia|cif|c\.i\.f\.|rcs|siret|vat id|iata|ust-?id\w*|reg)\.?"
    r"[ :n°o.]{0,4}[A-Z]{0,3}[- ]?[0-9]{3,}"
    r"|(?<!\w)CO2e?(?!\w)(?:[ -]emissions?\b[ ]?(?:is|are|=|:)?[ ]*[0-9]+(?:[.,][0-9]+)*)?"
    r"|^[ >]*(?:\d{1,2}[ ]+)?SSR[ ]+(?:[A-Z]{2}ML|WCH[RSC]|NSST|NSSA|NSSW|RQST|FQTV|DOC[SOA]|CTC[EM])\b.*$"
    r"|\bSSR[ ]+DOC[SOA][ ]+[A-Z0-9]{2}[ ]+[A-Z]{2}[0-9]{1,2}[ ]?\S*"  # births are no days of travel
    r"|\b(?:HK|KK|RR|GK|DK)[1-9](?!\w)"
    r"|^RP/[A-Z0-9]+.*$|^[ ]*[0-9]{1,2}[ ]+(?:AP[A-Z]?[ ]+[^0-9 ]|TK[ ](?:OK|TL|XL)).*$"
    r"|\b(?:no|nr|n[°º]|\((?:ec|eu|ce|ue)\)(?: no)?)\.?[ ]?[0-9]{1,4}/[0-9]{2,4}\b"
    r"|\bentire flt(?!\w)[ ]?-?"  # of all legs; FLT is an airport, too
    r"|https?://\S+|\S+@\S+"
    rf"|(?<![\w.,])[0-9]{{1,3}}(?:[ .,'][0-9]{{3}})*(?:[.,][0-9]{{2}})?[ ]?{_UNITS}(?![\w/])"
    rf"|\b{_MONEY}[ ]?[0-9]{{1,3}}(?:[ .,'][0-9]{{3}})*(?:[.,][0-9]{{2}})?(?![\w:]|[ ]?[A-Z]{{3}}\b)"
    rf"|^[ >]*(?:{'|'.join(_ABOUT_THE_DOCUMENT)})\b.*$"
    r"|^[ >]*date[ ]?:[ ]*\w{3,9},?[ ]+[0-9]{1,2}[ ]\w+[ ][0-9]{4}[ ,].*$"
    rf"|\b(?:{'|'.join(_BESIDE_NUMBERS)})s?[ ]?[:#]?[ ]?[A-Z]?[0-9]{{1,3}}[A-Z]?\b"
    r"|\b(?:airbus|boeing|embraer|bombardier|fokker)[ -]?(?:[A-Z]{1,3}[ -]?)?[0-9]{2,4}"
    r"(?:-[0-9]{1,4}[A-Z]{0,3}|neo)?\b"
    r"|\b(?:A(?:220|300|310|318|319|320|321|330|340|350|380)(?:neo|-[0-9]{3,4})?"
    r"|B7[0-9]7(?:-[0-9]{1,4})?|E1[79][05]|CRJ[- ]?[0-9]{3,4}|ATR[- ]?[47]2(?:-[0-9]{3})?)\b",
    re.IGNORECASE | re.MULTILINE,
)
"""Numbers that only look like flights (GATE A36), addresses, and dates that are about the document."""

MAIL_HEADER = re.compile(
    r"^[ >*]*(?:from|de|von|da)[* ]*:[^\n]*\n(?:[ >*]*[^\n:]{1,15}:[^\n]*\n){0,6}?"
    r"(?=[ >*]*(?:subject|objet|asunto|betreff|oggetto)[* ]*:)",
    re.IGNORECASE | re.MULTILINE,
)
"""From and To of a forwarded mail are people, not places; the subject under them may name the flight."""

ZONE = re.compile(r"(?<=\0)[ ]\(?(?:CE[S]?T|EE[S]?T|EAT|CAT|WAT|SAST|[ECMP][SD]T)\b\)?")
"""The zone behind a time of day, which is that of the airport, and no airport itself."""
