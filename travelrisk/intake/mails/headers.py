"""Headers of forwarded mails as mail programs write them: one line for each language, which anybody can add.

A line of the table has the labels of sender, day, receivers and subject, each with its variants, and then the
months. Written as people read them: accents and capitals do not count.
"""

# ruff: noqa: RUF001 - the alphabets of the world have letters that look like others

import re
from collections.abc import Iterator
from datetime import date
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from travelrisk.domain.codes import folded

_LANGUAGES = """
en: From | Sent, Date, Sent on | To, Cc, Bcc, Reply-To, Importance, Attachments | Subject
  | January February March April May June July August September October November December Sept
fr: De, Expéditeur | Envoyé, Envoyé le, Date | À, A, Pour, Destinataire, Cc, Cci, Copie à, Répondre à
  | Objet, Sujet
  | janvier février mars avril mai juin juillet août septembre octobre novembre décembre
es: De, Desde, Remitente | Enviado, Enviado el, Fecha | Para, A, CC, CCO | Asunto
  | enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre setiembre
de: Von, Absender | Gesendet, Datum, Gesendet am | An, Cc, Kopie, Antwort an | Betreff
  | Januar Februar März April Mai Juni Juli August September Oktober November Dezember
pt: De, Remetente | Enviado, Enviada, Enviada em, Enviado em, Data | Para, Cc | Assunto
  | janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
it: Da, Mittente | Inviato, Data, Inviato il | A, Cc, Ccn | Oggetto
  | gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
nl: Van, Afzender | Verzonden, Datum | Aan, Cc, Bcc | Onderwerp
  | januari februari maart april mei juni juli augustus september oktober november december
pl: Od | Wysłano, Wysłane, Data | Do, DW, Kopia | Temat
  | stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia
sv: Från | Skickat, Datum | Till, Kopia | Ämne
  | januari februari mars april maj juni juli augusti september oktober november december
da: Fra | Sendt, Dato | Til, Kopi | Emne
  | januar februar marts april maj juni juli august september oktober november december
no: Fra | Sendt, Dato | Til, Kopi | Emne
  | januar februar mars april mai juni juli august september oktober november desember
fi: Lähettäjä | Lähetetty, Päivämäärä | Vastaanottaja, Kopio | Aihe
  | tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta
  heinäkuuta elokuuta syyskuuta lokakuuta marraskuuta joulukuuta
ru: От, От кого | Отправлено, Дата | Кому, Копия | Тема
  | января февраля марта апреля мая июня июля августа сентября октября ноября декабря
uk: Від | Надіслано, Дата | Кому, Копія | Тема
  | січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня
cs: Od | Odesláno, Datum | Komu, Kopie | Předmět
  | ledna února března dubna května června července srpna září října listopadu prosince
hu: Feladó | Elküldve, Dátum | Címzett, Másolatot kap | Tárgy
  | január február március április május június július augusztus szeptember október november december
ro: De la | Trimis, Data | Către, Cc | Subiect
  | ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie
tr: Kimden, Gönderen | Gönderildi, Gönderme Tarihi, Tarih | Kime, Alıcı, Bilgi | Konu
  | Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık
el: Από | Στάλθηκε, Ημερομηνία | Προς, Κοιν | Θέμα
  | Ιανουαρίου Φεβρουαρίου Μαρτίου Απριλίου Μαΐου Ιουνίου Ιουλίου
  Αυγούστου Σεπτεμβρίου Οκτωβρίου Νοεμβρίου Δεκεμβρίου
ar: من | تم الإرسال, التاريخ, تاريخ الإرسال | إلى, نسخة | الموضوع
  | يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر
zh: 发件人, 寄件者 | 发送时间, 日期, 寄件日期 | 收件人, 收件者, 抄送, 副本 | 主题, 主旨 |
ja: 差出人 | 送信日時, 日付 | 宛先 | 件名 |
ko: 보낸 사람 | 보낸 날짜, 날짜 | 받는 사람, 참조 | 제목 |
"""

_RULES = """
    forwarded message, original message, forwarded mail, original mail, forwarded by, message transmis,
    message transféré, message d'origine, message original, message réexpédié, mensaje reenviado,
    mensaje original, weitergeleitete nachricht, ursprüngliche nachricht, originalnachricht,
    weitergeleitete e-mail, mensagem encaminhada, mensagem reencaminhada, mensagem original,
    messaggio inoltrato, messaggio originale, doorgestuurd bericht, oorspronkelijk bericht,
    wiadomość przekazana, przekazana wiadomość, wiadomość oryginalna, oryginalna wiadomość,
    vidarebefordrat meddelande, ursprungligt meddelande, videresendt meddelelse, videresendt melding,
    oprindelig meddelelse, opprinnelig melding, välitetty viesti, alkuperäinen viesti, пересылаемое сообщение,
    пересланное сообщение, исходное сообщение, переслане повідомлення, přeposlaná zpráva, původní zpráva,
    továbbított üzenet, eredeti üzenet, mesaj redirecționat, mesajul original, iletilen mesaj, özgün ileti,
    προωθημένο μήνυμα, αρχικό μήνυμα, رسالة معاد توجيهها, 转发的邮件, 原始邮件, 转发邮件, 轉寄的郵件,
    転送されたメッセージ,     元のメッセージ, 전달된 메시지, 원본 메시지
"""
_WROTE = """
    wrote, a écrit, escribió, schrieb, escreveu, ha scritto, schreef, pisze, napisał, napisała, skrev,
    kirjoitti, написал, написала, пишет, пише, napsal, napsala, írta, a scris, yazdı, şunu yazdı, έγραψε, كتب,
    写道, 寫道
"""


class Label(NamedTuple):
    """A field of a header: what kind it is, and if its word stands in no other document."""

    kind: str
    is_of_mails: bool


_KINDS = ("from", "sent", "to", "subject")
_COMMON = {"date", "datum", "fecha", "data", "dato", "tarih", "дата", "日期", "日付", "날짜"}


def _parts(written: str) -> list[str]:
    return [" ".join(each.split()) for each in written.split(",") if each.strip()]


def _tables() -> Iterator[list[str]]:
    for language in re.split(r"\n(?=[a-z]{2}:)", _LANGUAGES.strip()):
        yield language.partition(":")[2].split("|")


LABELS = {
    folded(word): Label(kind, kind == "sent" and folded(word) not in _COMMON)
    for table in _tables()
    for kind, words in zip(_KINDS, table, strict=False)
    for word in _parts(words)
}
"""Every label of a header, folded."""


def _months() -> dict[str, int]:
    """Return the months by every beginning of three letters or more that belongs to one alone."""
    found: dict[str, set[int]] = {}
    for table in _tables():
        for place, name in enumerate(folded(table[-1]).split()):
            month = place + 1 if place < 12 else 9  # noqa: PLR2004 - a thirteenth word is another September
            for end in range(3, len(name) + 1):
                found.setdefault(name[:end], set()).add(month)
    return {name: months.pop() for name, months in found.items() if len(months) == 1}


_MONTHS = _months()


def _any_of(written: str) -> str:
    return "|".join(
        re.escape(each).replace(r"\ ", "[ ]") for each in sorted(_parts(written), key=len, reverse=True)
    )


RULE = re.compile(
    rf"^(?=\W*?[-_=*]{{2}})[\W_]*(?:{_any_of(_RULES)})\b.{{0,60}}$"
    rf"|^\W*(?:begin|anfang|début|inicio|início|inizio|begin van)\b.{{0,12}}\b"
    rf"(?:{_any_of(_RULES)}|weitergeleiteten nachricht|doorgestuurde bericht)\W*$"
    rf"|^\W*(?:{_any_of(_RULES)})\W*:?\W*$",
    re.IGNORECASE,
)
"""The line that mail programs put above a forwarded message."""
_WHEN = r"(?=.*(?:[0-9]{1,2}[:.h][0-9]{2}|\b20[0-9]{2}\b|@))"
WROTE = re.compile(
    rf"^\W*(?=\w){_WHEN}.{{4,300}}?(?:\b(?:{_any_of(_WROTE)})(?:\(a\)|\(l\))?|写道|寫道)"
    r"(?:[ ].{0,120})?[:：]\W*$",
    re.IGNORECASE,
)
"""``On 23 Nov 2026 at 10:12, Jane wrote:``, which stands above a quoted message."""
FIELD = re.compile(
    r"^[\W_]*(?P<label>[^\W\d_][\w'.-]*(?:[ ][\w.]+){0,3})[ *_]*[:：][ *_]*(?P<value>.*?)[ *_]*$"
)

_DAY_FIRST = re.compile(
    r"\b(\d{1,2})\.?(?:st|nd|rd|th|er|º)?[ ]?(?:de |of |di |a )?([^\W\d_]{3,})\.?,?"
    r"[ ](?:de |of |del )?(\d{4})"
)
_MONTH_FIRST = re.compile(r"\b([^\W\d_]{3,})\.?[ ](\d{1,2})(?:st|nd|rd|th)?,?[ ](\d{4})")
_YEAR_FIRST = re.compile(r"\b(20\d{2})\s?[-/.年년]\s?(\d{1,2})\s?[-/.月월]\s?(\d{1,2})")
_YEAR_FIRST_WORD = re.compile(r"\b(20\d{2})\.?[ ]([^\W\d_]{3,})\.?[ ](\d{1,2})")
_FIGURES = re.compile(r"\b(\d{1,2})([./-])[ ]?(\d{1,2})\2[ ]?(\d{4}|\d{2})\b")


def day_of(written: str, latest: date | None) -> date | None:
    """Return the day in a header of a forwarded mail; of two readings of 03/11 the later that may be.

    Args:
        written: as it stands behind "Sent:".
        latest: the day of the mail that forwards it, than which it is not later.
    """
    for year, month, day in _written_days(" ".join(written.split())):
        found = _day(year, month, day)
        if found:
            return found
    match = _FIGURES.search(written)
    if match:
        return _of_figures(match, latest)
    try:
        return parsedate_to_datetime(written).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _written_days(written: str) -> Iterator[tuple[str, int, str]]:
    for match in _YEAR_FIRST.finditer(written):
        yield match[1], int(match[2]), match[3]
    for match in _DAY_FIRST.finditer(written):
        yield match[3], _MONTHS.get(folded(match[2]), 0), match[1]
    for match in _MONTH_FIRST.finditer(written):
        yield match[3], _MONTHS.get(folded(match[1]), 0), match[2]
    for match in _YEAR_FIRST_WORD.finditer(written):
        yield match[1], _MONTHS.get(folded(match[2]), 0), match[3]


def _of_figures(match: re.Match[str], latest: date | None) -> date | None:
    first, mark, second, year = match.groups()
    whole = year if len(year) > len("26") else f"20{year}"
    day_first, month_first = _day(whole, int(second), first), _day(whole, int(first), second)
    if mark == "." or day_first == month_first or not (day_first and month_first):
        return day_first or month_first
    may_be = [each for each in (day_first, month_first) if latest and each <= latest]
    return max(may_be, default=None)


def _day(year: str, month: int, day: str) -> date | None:
    try:
        return date(int(year), month, int(day))
    except ValueError:
        return None
