"""Drafts that outlive their documents, so that answers and corrections can be put into them."""

from typing import Final

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection, select

from travelrisk.domain.drafts import Draft
from travelrisk.store.database import insert_unless
from travelrisk.store.tables import drafts

_SHAPE: Final = TypeAdapter(Draft)


def keep(c: Connection, itinerary_id: int, draft: Draft) -> None:
    """Keep the draft that an itinerary was settled from; one that is known stays as it is."""
    row = {"itinerary_id": itinerary_id, "body": _SHAPE.dump_json(draft).decode()}
    unless = insert_unless(c.dialect.name, drafts).values(**row)
    c.execute(unless.on_conflict_do_nothing(index_elements=["itinerary_id"]))


def load(c: Connection, itinerary_id: int) -> Draft | None:
    """Return the draft of an itinerary; None where its document is still there, or nothing is."""
    body = c.scalar(select(drafts.c.body).where(drafts.c.itinerary_id == itinerary_id))
    try:
        return None if body is None else _SHAPE.validate_json(body)
    except ValidationError:  # written by another version: a person looks
        return None
