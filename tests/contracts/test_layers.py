"""The floors of the house: imports point one way, and the judgement does no input or output."""

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from tests.contracts.tree import ROOT


@pytest.mark.parametrize("contract", ["floors", "pure"])
def test_imports_keep_to(contract: str, capsys: pytest.CaptureFixture[str]) -> None:
    status = lint_imports(
        config_filename=str(ROOT / "pyproject.toml"),
        limit_to_contracts=(contract,),
        no_cache=True,
        no_logo=True,
    )
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out
