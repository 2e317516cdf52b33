"""What is wrong with a field, in words for whoever writes the program that sent it.

What pydantic says of a wrong number or a wrong choice is plain enough. Of a text it quotes a regular
expression, and of a name that is not known it does not say which ones are.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from travelrisk.domain.errors import reason_of

_SAID: Final = {"missing": "this must be given", "bool_type": "this is true or false"}


def words(model: type[BaseModel], error: Mapping[str, Any]) -> str:
    """Return what to do about an error of pydantic's in what was sent for *model*."""
    code = str(error["type"])
    owners, found = _place(model, error["loc"])
    if code.startswith("extra_"):  # a name that the model does not have
        known = sorted({name for each in owners for name in _fields(each)})
        return f"nothing has this name here; what there is: {', '.join(known) or 'nothing'}"
    if code == "string_pattern_mismatch" and found is not None:
        such = [f"such as {found.examples[0]}"] if found.examples else []
        meant = [found.description.rstrip(".")] if found.description else []
        if such or meant:
            return f"this is not written as it must be, {'; '.join([*such, *meant])}"
    return _SAID.get(code) or reason_of(str(error["msg"]))


def _place(
    model: type[BaseModel], names: Iterable[str | int]
) -> tuple[tuple[type[BaseModel], ...], FieldInfo | None]:
    """Return of which models the field may be, and the field; None = what is meant is none of theirs."""
    owners: tuple[type[BaseModel], ...] = (model,)
    inner, found = owners, None
    for name in names:
        fields = [(each, _fields(each)[str(name)]) for each in inner if str(name) in _fields(each)]
        found = fields[0][1] if fields else None
        if fields:
            owners = tuple(owner for owner, _ in fields)
            inner = tuple(each for _, field in fields for each in _models(field.annotation))
        else:
            owners = inner
    return owners, found


def _fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _models(kind: object) -> Iterator[type[BaseModel]]:
    """Yield the models that a value may be of: itself, or within lists, mappings and choices."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    for part in get_args(kind):
        yield from _models(part)
