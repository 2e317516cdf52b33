"""The document of the calls is valid, and the calls keep to it whatever is sent, on both databases."""

import itertools
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from openapi_spec_validator import validate
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.core.result import Ok

from tests import databases
from tests.web.calling import OFFICE, SECRET
from travelrisk import resources
from travelrisk.domain.programs import Kind
from travelrisk.services.programs import keys
from travelrisk.services.ratings import records
from travelrisk.settings import load_settings
from travelrisk.web.api.contract.document import document
from travelrisk.web.api.table import CALLS
from travelrisk.web.app import create_app
from travelrisk.wiring import build

_EXAMPLES = 5
_KEYED = tuple(call.path for call in CALLS if call.is_keyed)


def test_the_document_is_valid() -> None:
    validate(document(CALLS, "https://travelrisk.example.org"))


def test_names_of_shapes_are_words_and_no_places_in_the_code() -> None:
    names = document(CALLS, "https://travelrisk.example.org")["components"]["schemas"]
    assert [each for each in names if "_" in each] == []


def test_only_a_call_that_may_demand_an_idempotency_key_says_so() -> None:
    paths = document(CALLS, "https://travelrisk.example.org")["paths"]
    said = {
        call["operationId"]: each["description"]
        for methods in paths.values()
        for call in methods.values()
        for each in call["parameters"]
        if each["name"] == "Idempotency-Key"
    }
    assert {name for name, words in said.items() if "store=true" in words} == {"screen"}
    assert {"bring_batch", "release_letters"} < set(said)


@pytest.fixture
def called(database_url: str, tmp_path: Path) -> Iterator[tuple[Flask, str]]:
    """Give the pages of a service with ratings, and a key that writes."""
    built = build(load_settings(database_url=database_url, data_dir=tmp_path, demo=True, secret_key=SECRET))
    moments = (databases.EVENING + timedelta(seconds=10 * number) for number in itertools.count())
    app = replace(built, clock=lambda: next(moments))  # who is wrong twenty times in a minute would wait
    records.import_records(
        app, resources.data("ratings", "demonstration.toml"), by="bob", signed_by="charlie"
    )
    given_key = keys.create(
        app, name="schemathesis", office=OFFICE, kind=Kind.LIVE_WRITE, calls_a_day=1_000_000
    )
    yield create_app(app), given_key.key
    app.engine.dispose()


@pytest.mark.threat(3)
def test_every_call_keeps_to_the_document(called: tuple[Flask, str]) -> None:
    pages, key = called
    schema = schemathesis.openapi.from_wsgi("/openapi.json", pages)
    operations = [each.ok() for each in schema.get_all_operations() if isinstance(each, Ok)]
    assert len(operations) == len(CALLS)
    numbers = itertools.count()
    for operation in operations:
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            _try(operation, mode, key, numbers)


def _try(
    operation: APIOperation[Any, Any, Any, Any], mode: GenerationMode, key: str, numbers: Iterator[int]
) -> None:
    @settings(
        max_examples=_EXAMPLES,
        deadline=None,
        database=None,
        # Now and then a wrong argument vanishes on its way into the address, and is not refused then.
        derandomize="CI" in os.environ,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def run(case: Case[Any]) -> None:
        # The document cannot say that a key is needed where store is true, nor that it is good once; nor
        # which tag a trip has just now.
        is_keyed = mode is GenerationMode.POSITIVE and operation.path.endswith(_KEYED)
        more = {"Idempotency-Key": f"number-{next(numbers)}"} if is_keyed else {}
        case.headers.pop("If-Match", None)
        case.call_and_validate(headers={"Authorization": f"Bearer {key}", **more})

    run()
