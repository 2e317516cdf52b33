"""Attachments nobody reads: each is told by its name, except the small pictures and seals of every mail.

A photograph of a boarding pass beside a flight in the text may be the other half of the journey. Small
pictures are looked at too, for airlines show bar codes in the midst of a page; without one they are silent.
"""

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from travelrisk.domain.codes import folded
from travelrisk.intake.sniffing import UNREAD_FORMS, Form

_LARGE = 50_000  # bytes; logos of signatures have some thousand, photographs and screenshots far more
_OF_A_JOURNEY = re.compile(
    r"ticket|boarding|itin|embar[kq]u|billet|boleto|(?<![a-z])e-?tkt|bordkarte|pnr"
    r"|(?<![a-z])(?:vol|vuelo|flug)(?![a-z])"
)
_NO_PICTURE_OF_IT = re.compile(r"logo|icon|banner|signature")
_SEALS = re.compile(
    r"application/(?:x-)?(?:pkcs7-signature|pgp-(?:signature|keys|encrypted))|text/(?:x-|directory.*)?vcard"
)
"""Signatures, keys and business cards, which mail programs add by themselves."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part of a message that is not its text.

    Attributes:
        content: as sent, decoded.
        name: of the file, if any.
        media_type: as declared, in small letters.
        content_id: by which a page of the same mail shows it.
        is_attached: declared an attachment, and not a thing to be shown in the midst of the text.
    """

    content: bytes = b""
    name: str = ""
    media_type: str = ""
    content_id: str = ""
    is_attached: bool = False

    def kind(self, form: Form) -> Form:
        """Return the form of the content; a picture nobody recognises is one by its media type."""
        is_picture = form in UNREAD_FORMS and form is not Form.HEIC and self.media_type.startswith("image/")
        return Form.IMAGE if is_picture else form

    def is_silent(self, form: Form, shown: AbstractSet[str]) -> bool:
        """Say whether nobody expects a flight in this.

        Args:
            form: what kind of content this is.
            shown: identifiers of what the pages of the mail show.
        """
        if _SEALS.fullmatch(self.media_type):
            return True
        if form in {Form.IMAGE, Form.HEIC}:
            is_decor = not self.is_attached or self.content_id in shown
            return is_decor and len(self.content) < _LARGE and not self._is_called_a_ticket
        is_empty = form is Form.EMPTY or not self.content.strip()
        return is_empty and not (self.is_attached and self.name)

    def told(self, why: str) -> str:
        """Say that it was not read, and why."""
        return f"{self.name or 'an attachment'}: {why}"

    @property
    def _is_called_a_ticket(self) -> bool:
        name = folded(self.name)
        return bool(_OF_A_JOURNEY.search(name)) and not _NO_PICTURE_OF_IT.search(name)
