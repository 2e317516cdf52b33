"""The image and the composition of services: what they start is there, and nothing in them is a secret."""

import re
import tomllib
from typing import Any

import click
import pytest
import yaml  # type: ignore[import-untyped] # ships no types

from tests.contracts.tree import PACKAGE, ROOT
from travelrisk.cli.program import program
from travelrisk.settings import Settings

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: each for name, each in SERVICES.items() if each["image"].startswith("travelrisk:")}
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
SECRET = re.compile(r"password|secret|token|key", re.IGNORECASE)


def commands() -> list[str]:
    """Return what is started: by each service, by the image, and as its comments say."""
    image = re.search(r"^CMD \[(.+)\]$", DOCKERFILE, re.MULTILINE)
    assert image
    said = re.findall(r"`docker run .* travelrisk (travelrisk [a-z ]+)`", DOCKERFILE)
    lines = (ROOT / "compose.yaml").read_text("utf-8").replace("\\\n#", " ")
    said += re.findall(r"^# +docker compose (?:exec|run) .*?\bweb +(travelrisk .+)$", lines, re.MULTILINE)
    by_image = " ".join(word.strip(' "') for word in image[1].split(","))
    return sorted({by_image, *said, *(" ".join(each["command"]) for each in OURS.values())})


@pytest.mark.parametrize("words", commands())
def test_what_is_started_is_there(words: str) -> None:
    name, *rest = words.split()
    assert name == "travelrisk"
    command: click.Command = program
    context = click.Context(command)
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        found = command.get_command(context, rest.pop(0))
        assert found is not None, words
        command = found
    options = {name: each for each in command.params for name in each.opts}
    while rest:
        word = rest.pop(0)
        if not word.startswith("-"):
            continue  # a file
        option = options[word]
        assert isinstance(option, click.Option)
        assert option.is_flag or option.type.convert(rest.pop(0), option, context) is not None


def test_there_are_pages_tables_two_workers_a_database_and_a_catcher_of_mails() -> None:
    assert set(SERVICES) == {"database", "migrate", "web", "worker", "mails"}
    assert SERVICES["worker"]["deploy"]["replicas"] == 2
    for name in ("web", "worker"):
        waits = SERVICES[name]["depends_on"]["migrate"]
        assert waits == {"condition": "service_completed_successfully"}, "no tables, no start"
    assert len({each["image"] for each in OURS.values()}) == 1, "one image for all"


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_held_tight(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert "no-new-privileges:true" in service["security_opt"]
    assert "privileged" not in service
    assert "network_mode" not in service
    tag = service["image"].partition(":")[2]
    assert tag
    assert tag != "latest"
    assert all(str(port).startswith("127.0.0.1:") for port in service.get("ports", [])), "this machine only"
    assert "docker.sock" not in str(service)


@pytest.mark.parametrize("name", OURS)
def test_our_own_services_give_up_every_right(name: str) -> None:
    assert OURS[name]["cap_drop"] == ["ALL"]
    assert any(each.startswith("/tmp") for each in OURS[name]["tmpfs"])  # noqa: S108 - inside the container


@pytest.mark.threat(42)
@pytest.mark.parametrize("name", SERVICES)
def test_every_setting_exists_and_every_secret_is_in_a_file(name: str) -> None:
    for variable, value in SERVICES[name].get("environment", {}).items():
        if variable.startswith("TRAVELRISK_"):
            field = variable.removeprefix("TRAVELRISK_").lower()
            assert field.removesuffix("_file") in Settings.model_fields, variable
        if SECRET.search(variable) or variable.startswith("TRAVELRISK_DATABASE_URL"):
            assert variable.endswith("_FILE"), variable
            assert value.removeprefix("/run/secrets/") in SERVICES[name]["secrets"]
    for secret in SERVICES[name].get("secrets", []):
        assert COMPOSE["secrets"][secret]["file"].startswith("./secrets/")


def test_the_files_of_the_secrets_are_ignored_by_git() -> None:
    assert "/secrets/" in (ROOT / ".gitignore").read_text("utf-8").splitlines()


def test_nothing_that_git_leaves_out_of_the_package_comes_into_the_image() -> None:
    ignored = (ROOT / ".gitignore").read_text("utf-8")
    left = re.search(r"^# What a running service leaves behind.*\n((?:.+\n)+)", ignored, re.MULTILINE)
    assert left
    outside = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert "*" in outside
    assert {f"**/{each}" for each in left[1].split()} <= set(outside)
    last = max(number for number, line in enumerate(outside) if line.startswith("!"))
    assert outside.index("**/.env") > last, "what is let in later would come in all the same"


def test_a_service_is_told_to_stop_while_it_starts() -> None:
    assert all(each["init"] is True for each in OURS.values()), "the first process hears no signal by itself"


def test_a_database_that_is_still_being_made_is_not_taken_for_healthy() -> None:
    asked = SERVICES["database"]["healthcheck"]["test"]
    assert asked[asked.index("--host") + 1] == "127.0.0.1", "its socket answers before others can reach it"


def test_the_image_runs_as_nobody_and_asks_for_itself_by_its_name() -> None:
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.search(r"^USER travelrisk$", last, re.MULTILINE)
    assert "--uid 10001" in last
    assert {"title", "description", "licenses", "version", "revision"} <= set(
        re.findall(r"org\.opencontainers\.image\.(\w+)=", last)
    )
    module = re.search(r'CMD \["python", "-m", "(travelrisk[\w.]+)", "8000"\]', last)
    assert module
    assert (PACKAGE.parent / f"{module[1].replace('.', '/')}.py").is_file()
    for name, value in re.findall(r"\b(TRAVELRISK_\w+)=(\S+)", last):
        assert name.removeprefix("TRAVELRISK_").lower() in Settings.model_fields
        assert not SECRET.search(name), value
    assert "ADD http" not in DOCKERFILE
    assert not re.search(r"^FROM \S+:latest", DOCKERFILE, re.MULTILINE)


def test_the_image_is_of_a_python_that_the_package_takes() -> None:
    version = re.search(r"^ARG PYTHON=(\S+)$", DOCKERFILE, re.MULTILINE)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert version
    assert f"Programming Language :: Python :: {version[1]}" in project["classifiers"]
