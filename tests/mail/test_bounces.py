"""What comes back, as real servers write it; and return paths that nobody can make up."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travelrisk.domain.errors import BadInputError, ConfigurationError
from travelrisk.mail.bounces import AutoReply, Bounce, Returned, ReturnPaths, incoming
from travelrisk.settings import load_settings
from travelrisk.wiring import build

CASES = Path(__file__).parent.parent / "cases" / "bounces"
LEFT_AT = datetime(2026, 11, 23, 17, 58, tzinfo=UTC)
PATHS = ReturnPaths("bounces@travelrisk.example.org", "of a test")
KEY = {"secret_key": "of a test"}
LETTER = Returned("trip", 42, LEFT_AT)


def told(message: bytes) -> dict[str, object]:
    """Return what a message is, as the case has it."""
    found = incoming(message)
    more: dict[str, object] = {}
    if isinstance(found, Bounce):
        more = {"is_permanent": found.is_permanent, "reply": found.reply}
    return {"is": type(found).__name__, **json.loads(json.dumps(asdict(found))), **more}


@pytest.mark.parametrize("folder", sorted(CASES.iterdir()), ids=lambda folder: folder.name)
def test_a_message_is_told_apart(folder: Path) -> None:
    expected = json.loads((folder / "out.json").read_text(encoding="utf-8"))
    assert told((folder / "in.eml").read_bytes()) == expected


@pytest.mark.parametrize("folder", sorted(CASES.iterdir()), ids=lambda folder: folder.name)
def test_a_bounce_names_its_letter(folder: Path) -> None:
    found = incoming((folder / "in.eml").read_bytes())
    if isinstance(found, Bounce):
        assert LETTER in [PATHS.opened(path) for path in found.to]


@pytest.mark.parametrize("ends", [b"\n", b"\r\n"])
def test_line_ends_do_not_matter(ends: bytes) -> None:
    message = (CASES / "postfix-no-such-user" / "in.eml").read_bytes()
    found = incoming(message.replace(b"\r\n", ends))
    assert isinstance(found, Bounce)
    assert found.reply == "550 5.1.1"


@given(st.binary(max_size=400))
def test_anything_is_something(content: bytes) -> None:
    head = b"Return-Path: <>\nContent-Type: multipart/report; boundary=b\n\n--b\n"
    for message in (content, head + content, head + b"Content-Type: message/delivery-status\n\n" + content):
        told(message)


def test_parts_in_parts_without_end_are_not_followed() -> None:
    message = b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(5000)
    )
    assert told(message)["is"] == "Other"


def test_a_thousand_parts_are_not_read() -> None:
    head = b"Return-Path: <>\nContent-Type: multipart/report; boundary=b\n\n"
    assert incoming(head + b"--b\nContent-Type: text/plain\n\nx\n" * 100_000) == AutoReply()


# --- return paths ---


@given(st.sampled_from(["trip", "desk", "unit"]), st.integers(1, 10**18 - 1))
def test_a_return_path_is_opened_again_and_fits(kind: str, number: int) -> None:
    path = PATHS.of(kind, number, LEFT_AT)
    assert len(path.partition("@")[0]) <= 64
    for written in (path, path.upper(), f"<{path}>"):
        assert PATHS.opened(written) == Returned(kind, number, LEFT_AT)


def test_no_letter_of_a_return_path_can_be_changed() -> None:
    path = PATHS.of("trip", 42, LEFT_AT)
    for place in range(len(path)):
        for other in "a7.@":
            changed = path[:place] + other + path[place + 1 :]
            assert changed == path or PATHS.opened(changed) is None


@pytest.mark.parametrize(
    "path",
    [
        "",
        "bounces@travelrisk.example.org",
        "bounces+@travelrisk.example.org",
        "bounces+trip.42.1795456680.@travelrisk.example.org",
        "bounces+trip.42.1795456680.éaaaaaaaaaaaaaaa@travelrisk.example.org",
        "bounces+trip.٤٢.1795456680.aaaaaaaaaaaaaaaa@travelrisk.example.org",
    ],
)
def test_what_is_no_return_path_is_not_opened(path: str) -> None:
    assert PATHS.opened(path) is None


def test_another_key_opens_nothing() -> None:
    other = ReturnPaths("bounces@travelrisk.example.org", "another")
    assert other.opened(PATHS.of("trip", 42, LEFT_AT)) is None


def test_an_address_that_leaves_no_room_is_refused() -> None:
    with pytest.raises(BadInputError, match=r"at most \d+ characters before the @"):
        ReturnPaths("bounces-of-the-travel-risk@example.org", "of a test")


def test_the_bounce_address_needs_a_key_and_room(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="needs TRAVELRISK_SECRET_KEY"):
        build(load_settings(data_dir=tmp_path, bounce_address="bounces@example.org"))
    for wrong in ("nobody", "bounces-of-the-travel-risk@example.org"):
        with pytest.raises(ConfigurationError, match="TRAVELRISK_BOUNCE_ADDRESS: the "):
            build(load_settings(data_dir=tmp_path, bounce_address=wrong, **KEY))
    app = build(load_settings(data_dir=tmp_path, bounce_address="bounces@example.org", **KEY))
    assert app.facts.return_paths is not None
    assert app.facts.return_paths.of("trip", 1, LEFT_AT).endswith("@example.org")
    app.engine.dispose()
