"""The operating carrier: who flies, and how that is known. Silence is never taken for a statement."""

import re
from datetime import date
from typing import NamedTuple

from travelrisk.domain.carriers import Carrier, CarrierBook
from travelrisk.domain.codes import carrier_code
from travelrisk.domain.drafts import DraftSegment
from travelrisk.domain.itineraries import AircraftOwner, Basis, Marketing, Operating, Severity
from travelrisk.domain.operators import OperatorText, read_flight, read_operator
from travelrisk.domain.settling.asking import Asked, ask, carrier_choice
from travelrisk.domain.settling.sellers import Seller, is_called_like

_SEVERAL = re.compile(r"\s*(?:[\n;]|\s/\s)\s*")  # one flight number may hide a stop and two operators
_DASH = re.compile(r"\s*-\s*")
_MOST_OPERATORS = 4


class Flyer(NamedTuple):
    """An operator's words and the carriers they mean; *coded* are those of a code that means others."""

    text: OperatorText
    carriers: tuple[Carrier, ...] = ()
    coded: tuple[Carrier, ...] = ()
    is_clash: bool = False


class Directory(NamedTuple):
    """The CarrierBook as of a day."""

    book: CarrierBook
    day: date

    def coded(self, code: str) -> tuple[Carrier, ...]:
        """Return who bears the code."""
        return self.book.find(code, self.day) if code else ()

    def named(self, text: str) -> tuple[Carrier, ...]:
        """Return who is called so, or, where a name looks like a code (``UA``), bears it."""
        found = self.book.named(text, self.day)
        return tuple(dict.fromkeys((*found, *self.coded(carrier_code(text) or ""))))


def settle_flyer(draft: DraftSegment, seller: Seller, directory: Directory, asked: Asked) -> Operating:
    """Find who operates: as stated; else assumed to be the seller; else unknown."""
    words = draft.operator.strip()
    code, number, _ = read_flight(draft.operating_code, draft.operating_number)
    if not words and not code:
        return _unstated(draft, seller, number, asked)
    parts = [part for part in _SEVERAL.split(words) if part]
    if len(parts) > 1:
        return _several(words, parts, directory, asked)
    text = read_operator(words) if words else OperatorText(basis=Basis.STATED)
    text = text._replace(code=code or text.code, number=number or text.number)
    flyer = _look_up(words, text, directory)
    carrier = seller.marketing.carrier
    if carrier and not (flyer.carriers or text.code) and is_called_like(flyer.text.name, carrier):
        flyer = flyer._replace(carriers=(carrier,))
    operating = _stated(draft, flyer, seller, asked)
    if seller.others and operating.carrier not in seller.others:
        choices = map(carrier_choice, seller.others)
        ask(asked, Severity.BLOCK, "operator_conflict", draft.marketing_name, choices)
    return operating


def settle_owner(draft: DraftSegment, directory: Directory, asked: Asked) -> AircraftOwner | None:
    """Find whose aircraft it is; None where the document does not say. Parts of a flight may have several."""
    words = draft.aircraft_owner.strip()
    if not words:
        return None
    flyers = [_look_up(part, read_operator(part), directory) for part in _SEVERAL.split(words) if part]
    found = tuple(dict.fromkeys(each for flyer in flyers for each in (*flyer.carriers, *flyer.coded)))
    if not all(len(flyer.carriers) == 1 and not flyer.is_clash for flyer in flyers):
        ask(asked, Severity.BLOCK, "owner_unresolved", words, map(carrier_choice, found))
    return AircraftOwner(words, found)


def _unstated(draft: DraftSegment, seller: Seller, number: str, asked: Asked) -> Operating:
    marketing = seller.marketing
    if seller.others:
        choices = (*seller.others, *filter(None, [marketing.carrier]), *marketing.candidates)
        ask(asked, Severity.BLOCK, "operator_conflict", draft.marketing_name, map(carrier_choice, choices))
        return _operating(OperatorText(draft.marketing_name.strip()), seller.others, Basis.STATED)
    if draft.operating_basis is Basis.SAME_AS_MARKETING and _is_known(marketing):
        return _of_seller(marketing, Basis.SAME_AS_MARKETING)
    if draft.operating_basis is Basis.UNKNOWN or number not in {"", marketing.number}:
        ask(asked, Severity.BLOCK, "operator_unknown", number)
        return Operating(number=number)
    if _is_known(marketing):
        return _of_seller(marketing, Basis.ASSUMED)
    if not (marketing.code or marketing.name):
        ask(asked, Severity.BLOCK, "carrier_missing", marketing.number)
    return Operating()


def _is_known(marketing: Marketing) -> bool:
    return marketing.carrier is not None or bool(marketing.candidates)


def _of_seller(marketing: Marketing, basis: Basis) -> Operating:
    name = marketing.carrier.name if marketing.carrier else marketing.name
    return Operating(marketing.code, marketing.number, name, basis, marketing.carrier, marketing.candidates)


def _look_up(words: str, text: OperatorText, directory: Directory) -> Flyer:
    if text.is_unknown:
        return Flyer(text)
    text, named = _by_name(words, text, directory)
    coded = directory.coded(text.code)
    if not text.code or not text.name:
        return Flyer(text, named or coded)
    agreed = tuple(each for each in named if each in coded)
    if agreed or not named:
        alike = tuple(each for each in coded if is_called_like(text.name, each))
        return Flyer(text, agreed or alike, coded)
    return Flyer(text, named, coded, is_clash=True)


def _by_name(
    words: str, text: OperatorText, directory: Directory
) -> tuple[OperatorText, tuple[Carrier, ...]]:
    """Look the name up: whole words first, for a name may itself hold an "as" or a dash.

    A dash stands between operator and brand in either order; the operator is the side that names a carrier.
    """
    if not text.name:
        return text, ()
    if found := directory.named(text.name) or directory.named(words):
        return text, found
    sides = [side for side in _DASH.split(text.name) if side]
    known = [side for side in sides if directory.named(side)]
    if len(known) != 1:
        return text, ()
    brand = text.brand or " ".join(side for side in sides if side not in known)
    return text._replace(name=known[0], brand=brand, basis=Basis.DBA), directory.named(known[0])


def _stated(draft: DraftSegment, flyer: Flyer, seller: Seller, asked: Asked) -> Operating:
    text, found = flyer.text, flyer.carriers
    basis = Basis.UNKNOWN if text.is_unknown else draft.operating_basis or text.basis
    shown = draft.operator or text.code
    if not basis.is_stated and basis is not Basis.ASSUMED:
        ask(asked, Severity.BLOCK, "operator_unknown", shown)
        return Operating(text.code, text.number, text.name, Basis.UNKNOWN)
    if basis in {Basis.STATED, Basis.SAME_AS_MARKETING}:
        same = len(found) == 1 and found[0] == seller.marketing.carrier
        basis = Basis.SAME_AS_MARKETING if same else Basis.STATED
    if flyer.is_clash:
        choices = map(carrier_choice, (*found, *flyer.coded))
        ask(asked, Severity.BLOCK, "operator_conflict", f"{text.code} {shown}", choices)
        text = text._replace(code="")
    elif not found:
        ask(asked, Severity.BLOCK, "operator_unresolved", shown, map(carrier_choice, flyer.coded))
    if len(found) > 1:
        ask(asked, Severity.ASK, "operator_ambiguous", shown, map(carrier_choice, found))
    return _operating(text, found, basis)


def _operating(text: OperatorText, found: tuple[Carrier, ...], basis: Basis) -> Operating:
    if len(found) != 1:
        return Operating(text.code, text.number, text.name, basis, None, found, text.brand)
    carrier = found[0]
    name = text.name if text.name and not carrier_code(text.name) else carrier.name
    return Operating(text.code or carrier.code, text.number, name, basis, carrier, (), text.brand)


def _several(words: str, parts: list[str], directory: Directory, asked: Asked) -> Operating:
    flyers = [_look_up(part, read_operator(part), directory) for part in parts[:_MOST_OPERATORS]]
    found = tuple(dict.fromkeys(carrier for flyer in flyers for carrier in flyer.carriers))
    is_clear = len(parts) <= _MOST_OPERATORS and all(len(flyer.carriers) == 1 for flyer in flyers)
    if not is_clear or any(flyer.is_clash for flyer in flyers):
        ask(asked, Severity.BLOCK, "operator_unresolved", words, map(carrier_choice, found))
        return Operating(name=" ".join(words.split()), basis=Basis.STATED, candidates=found)
    if len(found) > 1:
        ask(asked, Severity.ASK, "operator_several", words, map(carrier_choice, found))
    return _operating(OperatorText(" ".join(words.split())), found, Basis.STATED)
