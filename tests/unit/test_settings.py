"""Settings come from where somebody said, or the service does not start."""

from pathlib import Path

import pytest

from travelrisk.domain.errors import ConfigurationError
from travelrisk.settings import load_settings


def test_a_configuration_that_is_asked_for_must_exist(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise a mistyped path would screen into another database and write letters by other settings."""
    monkeypatch.setenv("TRAVELRISK_CONFIG", str(tmp_path / "none.toml"))
    with pytest.raises(ConfigurationError, match=r"none\.toml"):
        load_settings()


def test_a_setting_that_does_not_exist_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "travelrisk.toml"
    path.write_text('databse_url = "sqlite:///x.db"\n', encoding="utf-8")
    monkeypatch.setenv("TRAVELRISK_CONFIG", str(path))
    with pytest.raises(
        ConfigurationError, match=r"risk\.toml: setting databse_url: there is no such setting"
    ):
        load_settings()


@pytest.mark.parametrize("content", [b"smtp_port =\n", b"\xff\xfe"])
def test_a_configuration_that_is_no_toml_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    path = tmp_path / "unit.toml"
    path.write_bytes(content)
    monkeypatch.setenv("TRAVELRISK_CONFIG", str(path))
    with pytest.raises(ConfigurationError, match=r"unit\.toml: is not valid TOML"):
        load_settings()


def test_the_environment_wins_over_the_file_and_a_secret_may_lie_in_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "travelrisk.toml"
    path.write_text('smtp_host = "file.example.org"\nsmtp_port = 2525\n', encoding="utf-8")
    secret = tmp_path / "secret"
    secret.write_text("s3cret\n", encoding="utf-8")
    monkeypatch.setenv("TRAVELRISK_CONFIG", str(path))
    monkeypatch.setenv("TRAVELRISK_SMTP_HOST", "env.example.org")
    monkeypatch.setenv("TRAVELRISK_SMTP_PASSWORD_FILE", str(secret))
    settings = load_settings()
    assert (settings.smtp_host, settings.smtp_port) == ("env.example.org", 2525)
    assert settings.smtp_password.get_secret_value() == "s3cret"
    assert "s3cret" not in repr(settings)


def test_a_wrong_value_is_named_without_being_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAVELRISK_SMTP_PORT", "hunter2")
    with pytest.raises(ConfigurationError, match="SMTP_PORT") as caught:
        load_settings()
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("is_in_file", [True, False])
def test_an_unfit_setting_is_named_where_it_stands(
    is_in_file: bool,  # noqa: FBT001 - a parameter of the test
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "travelrisk.toml"
    path.write_text('smtp_port = "many"\n' if is_in_file else "", encoding="utf-8")
    monkeypatch.setenv("TRAVELRISK_CONFIG", str(path))
    if not is_in_file:
        monkeypatch.setenv("TRAVELRISK_SMTP_PORT", "many")
    with pytest.raises(ConfigurationError) as refusal:
        load_settings()
    where = f"{path}: setting smtp_port: " if is_in_file else "setting TRAVELRISK_SMTP_PORT: "
    assert str(refusal.value).startswith(where)
