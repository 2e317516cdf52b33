"""Which calls a test key is refused: it lies about in many places, so it opens nothing of its office."""

from travelrisk.domain.programs import Program
from travelrisk.web.refusals import RefusedError


def live(program: Program) -> Program:
    """Return a program whose key counts.

    Raises:
        RefusedError: it has a test key.
    """
    if program.is_test:
        raise RefusedError(
            "scope", "a test key makes and sees nothing of the office: use one that begins with trk_live_"
        )
    return program
