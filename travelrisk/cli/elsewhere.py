"""Another service answers over its API instead of this one: what ``--server`` does.

What is printed is what that service would print of the same; a finding's sentence comes from it ready made.
"""

import base64
import hashlib
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple

import click

from travelrisk import logs
from travelrisk.cli.console import badge, heading, print_json, say
from travelrisk.cli.faults import Exit, Fault, exit_of, gravest
from travelrisk.cli.opening import hint_at_ratings
from travelrisk.cli.options import KEY
from travelrisk.cli.ways import print_ways
from travelrisk.client import Answer as Told
from travelrisk.client import Client, ClientError
from travelrisk.client.shapes import Stored
from travelrisk.domain.advisories import Advisory, Finding
from travelrisk.domain.itineraries import (
    Basis,
    Itinerary,
    Marketing,
    Mode,
    Moment,
    Operating,
    Outcome,
    Place,
    Segment,
    Status,
    Traveller,
)
from travelrisk.domain.shapes import Shape, worst_outcome
from travelrisk.domain.texts import Language
from travelrisk.domain.verdicts import Verdict
from travelrisk.intake.document import Document
from travelrisk.services.trips.checking import Answer
from travelrisk.telling.foreign import visible
from travelrisk.telling.segments import title
from travelrisk.telling.ways import ways_heard
from travelrisk.telling.words import speaker

_QUERY: Final = "query"
_LONGEST_NAME: Final = 120


@dataclass(frozen=True, slots=True)
class Elsewhere(Answer):
    """An answer of another service; *told* is what it said, *is_again* whether it had said it before."""

    told: Told
    is_again: bool

    @property
    def trip(self) -> Stored | None:
        """Return the trip that was made of it there, if one was; the second time nothing came of it."""
        trip = self.told["trip"]
        return trip if trip is None or not self.is_again else {**trip, "is_new": False, "letters": 0}

    @property
    def has_address(self) -> bool:
        """Say whether the booking itself names an address for letters."""
        return any(each.email for each in self.itinerary.travellers) if self.itinerary else False

    @property
    def shape(self) -> Shape:
        """Return what ``--json`` prints of an answer."""
        told = self.told
        judged: dict[str, Any] = dict(told["judged"] or {})
        advisory = judged and {
            "verdict": told["verdict"],
            "outcome": judged.pop("outcome"),
            "segments": told["segments"],
            "findings": told["findings"],
            **judged,
        }
        ways = told.get("alternatives")
        return {
            "form": told["form"],
            "outcome": told["outcome"],
            "reason": told["reason"],
            "unread": told["unread"],
            "itinerary": told["understood"],
            "advisory": advisory or None,
            **({} if ways is None else {"alternatives": ways}),
        }

    def sentences(self, language: Language) -> Iterator[str]:
        """Yield every reason as a sentence, the gravest first."""
        for each in self.told["findings"]:
            if each["effect"] != Verdict.CLEARED.word:
                yield each["message"][language]


class Heard(NamedTuple):
    """All that another service said to one query."""

    answers: tuple[Elsewhere, ...]
    advice: Mapping[str, str]
    notice: str
    edition: int


def check_elsewhere(url: str, text: str, language: Language, *, alternatives: bool, as_json: bool) -> Exit:
    """Print what the service at *url* says to a question, and return what the shell is told.

    Raises:
        Fault: there is no key, or the service does not answer.
    """
    with calling(url) as client:
        heard = asked(client, {"text": text}, alternatives=alternatives)
    if as_json:
        print_json(heard_shape(heard))
    else:
        print_heard(heard, language)
    hint_at_ratings(heard.edition)
    return gravest(*(exit_of(each.advisory, each.outcome) for each in heard.answers))


@contextmanager
def calling(url: str, **patience: int) -> Iterator[Client]:
    """Give a client of the service at *url*; the key never stands on the command line.

    Args:
        url: of the service.
        patience: of the client, where it is not its own: ``tries``, ``timeout_s``.

    Raises:
        Fault: there is no key, or the service does not answer.
    """
    logs.configure("warning", as_json=not sys.stderr.isatty())  # no settings are read here, which would do it
    key = os.environ.get(KEY, "")
    if not key:
        raise Fault(f"--server needs a key: set {KEY} to the one that the service's administrator gave you")
    try:
        with Client(url, key, **patience) as client:
            yield client
    except ClientError as error:
        raise Fault(str(error)) from error


def asked(
    client: Client, query: Mapping[str, Any], *, idempotency_key: str = "", alternatives: bool = False
) -> Heard:
    """Ask about one query, on demand for other ways; it is stored where an idempotency key is given."""
    more = {"store": "true"} if idempotency_key else {}
    more |= {"alternatives": "true"} if alternatives else {}
    called = client.call(
        "POST", "/screen", more, {"queries": {_QUERY: query}}, idempotency_key=idempotency_key
    )
    response = called.body["responses"][_QUERY]
    answers = tuple(answer_of(each, is_again=called.is_again) for each in response["answers"])
    return Heard(answers, response["advice"], called.body["notice"], called.body["edition"])


def query_of(document: Document) -> Mapping[str, Any]:
    """Pack a document up."""
    content = base64.b64encode(document.content).decode()
    return {"document": {"content": content, "name": name_of(document)}}


def name_of(document: Document) -> str:
    """Return the name that a document is sent under: a disk may hold such as nobody can write."""
    return "".join(filter(str.isprintable, document.name))[-_LONGEST_NAME:]


def key_of(document: Document) -> str:
    """Return the idempotency key of a document: the same file sent again is the same arrival, for ever."""
    return hashlib.sha256(document.name.encode(errors="replace") + b"\0" + document.content).hexdigest()


def heard_shape(heard: Heard) -> Shape:
    """Return what ``check --json`` prints."""
    verdicts = [each.advisory.verdict for each in heard.answers if each.advisory is not None]
    return {
        "verdict": max(verdicts).word if verdicts else None,
        "outcome": worst_outcome(each.outcome for each in heard.answers).value,
        "answers": [each.shape for each in heard.answers],
        "notice": heard.notice,
    }


def print_heard(heard: Heard, language: Language) -> None:
    """Print answers as a person reads them: the verdict first, then the reasons, and what to do."""
    words = speaker(language)
    for answer in heard.answers:
        click.echo(badge(answer.advisory.verdict if answer.advisory else None, language))
        if answer.itinerary is None:
            say(words("no_segments"))
            say(visible(answer.reason))
            continue
        say(visible(title(answer.itinerary, "", words, language)))
        for sentence in answer.sentences(language):
            say(f"- {visible(sentence)}", indent=3, hang=2)
        _print_unread(answer.unread, words("unread"))
        if ways := answer.told.get("alternatives"):
            print_ways(ways_heard(ways, answer.itinerary, language), language)
    heading(words("what_to_do"))
    say(heard.advice[language], indent=3)
    click.echo()
    say(heard.notice)


def _print_unread(lines: Sequence[str], words: str) -> None:
    if lines:
        heading(words)
    for line in lines:
        say(visible(line), indent=3)


def answer_of(told: Told, *, is_again: bool) -> Elsewhere:
    """Take an answer apart."""
    return Elsewhere(
        form=told["form"],
        outcome=Outcome(told["outcome"]),
        reason=told["reason"],
        unread=tuple(told["unread"]),
        itinerary=_itinerary(told["understood"]) if told["understood"] else None,
        advisory=_advisory(told),
        told=told,
        is_again=is_again,
    )


def _advisory(told: Told) -> Advisory | None:
    judged = told["judged"]
    if judged is None:
        return None
    return Advisory(
        verdict=Verdict.from_word(told["verdict"]),
        findings=tuple(
            Finding(
                each["code"],
                Verdict.from_word(each["effect"]),
                each["segment"],
                each["rule"],
                each["matched"],
            )
            for each in told["findings"]
        ),
        segment_verdicts=tuple(Verdict.from_word(each) if each else None for each in told["segments"]),
        outcome=Outcome(judged["outcome"]),
        edition=judged["edition"],
        policy_version=judged["policy_version"],
        engine=judged["engine"],
        at=datetime.fromisoformat(judged["evaluated_at"]),
    )


def _itinerary(understood: Mapping[str, Any]) -> Itinerary:
    """Return as much of an itinerary as its title and its travellers take."""
    people = (Traveller(each["name"], email=each.get("email", "")) for each in understood["travellers"])
    return Itinerary(tuple(map(_segment, understood["segments"])), tuple(people))


def _segment(told: Mapping[str, Any]) -> Segment:
    sold, flown, local = told["marketing"], told["operating"], told["departs"]["local"]
    return Segment(
        Marketing(sold["carrier"] or "", sold["number"] or "", sold["name"] or ""),
        Operating(flown["carrier"] or "", flown["number"] or "", flown["name"] or "", Basis(flown["basis"])),
        Place(told["origin"] or ""),
        Place(told["destination"] or ""),
        Moment(date.fromisoformat(local[:10]) if local else None),
        mode=Mode(told["mode"]),
        status=Status(told["status"]),
    )
