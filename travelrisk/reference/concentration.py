"""The part of the policy about how many may travel on one flight."""

from typing import Annotated

from pydantic import Field

from travelrisk.domain.concentration import Ceilings
from travelrisk.domain.texts import Texts
from travelrisk.reference.parts import Part, VerdictWord

_DEFAULT = Ceilings()
_Ceiling = Annotated[int, Field(ge=0, le=1000)]


class ConcentrationPart(Part):
    """``[concentration]``; without it nobody is counted."""

    warn: _Ceiling = _DEFAULT.warn
    block: _Ceiling = _DEFAULT.block
    heads_warn: _Ceiling = _DEFAULT.heads_warn
    heads_block: _Ceiling = _DEFAULT.heads_block
    heads_of_office: tuple[Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")], ...] = ()
    warn_verdict: VerdictWord = _DEFAULT.warn_verdict
    block_verdict: VerdictWord = _DEFAULT.block_verdict
    approver: Texts = _DEFAULT.approver

    def ceilings(self) -> Ceilings:
        """Return them as the judgement uses them; what makes no sense is refused by name."""
        heads = frozenset(each.casefold() for each in self.heads_of_office)
        return Ceilings(**dict(self) | {"heads_of_office": heads})
