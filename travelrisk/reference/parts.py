"""What every table of a TOML file is made of."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

from travelrisk.domain.verdicts import Verdict


class Part(BaseModel):
    """A table of a TOML file: no field but those it names, and no value of theirs in a message."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


def _verdict(word: object) -> object:
    try:
        return Verdict.from_word(str(word))
    except KeyError:
        raise ValueError(f"'{word}' is none of cleared, conditional, review, not_cleared") from None


VerdictWord = Annotated[Verdict, BeforeValidator(_verdict)]
