from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from cli_harness import Cli

from filmgate.app import checked_accounts
from filmgate.catalogue.loader import load_catalogue
from filmgate.cli.exits import Exit
from filmgate.cli.simulated_config import as_toml, reachable, simulated_config
from filmgate.config import load_settings
from filmgate.simulators.server import open_simulators
from filmgate.simulators.vendors import VENDORS

URL = "http://127.0.0.1:2425"


def test_the_printed_settings_are_what_was_meant() -> None:
    config = simulated_config(open_simulators(VENDORS, now=lambda: 0.0), URL)
    assert tomllib.loads(as_toml(config)) == config
    assert config["allowed_hosts"] == ["127.0.0.1:2425"]
    assert [account["name"] for account in config["accounts"]] == [f"simulated-{name}" for name in VENDORS]
    assert len({account["base_url"] for account in config["accounts"]}) == len(VENDORS)


def test_a_filmgate_takes_the_printed_settings_with_live_keys(tmp_path: Path) -> None:
    file = tmp_path / "filmgate.toml"
    file.write_text(as_toml(simulated_config(open_simulators(VENDORS, now=lambda: 0.0), URL)))
    settings = load_settings(file)
    names = [account.name for account in checked_accounts(settings)]
    assert [name for name in names if name.startswith("simulated-")] == [f"simulated-{name}" for name in VENDORS]
    entries = load_catalogue(settings.catalogue_tables()).entries()
    assert {"simulated-sglang", "simulated-openai"} <= {entry.id for entry in entries}
    assert [entry.id for entry in entries if entry.state == "current" and entry.price == "unknown"] == []


def test_nothing_is_printed_that_is_not_needed() -> None:
    config = simulated_config(open_simulators(["kling"], now=lambda: 0.0), URL)
    assert list(config) == ["allowed_hosts", "accounts"]


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://127.0.0.1:2425", "http://127.0.0.1:2425"),
        ("http://192.168.1.7:2425", "http://192.168.1.7:2425"),
        ("http://0.0.0.0:2425", "http://127.0.0.1:2425"),
        ("http://[::]:2425", "http://[::1]:2425"),
    ],
)
def test_a_server_on_every_address_is_reached_on_loopback(url: str, told: str) -> None:
    assert reachable(url) == told


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--vendor", "luma"), "--vendor: 'luma' is not simulated; there are kling, "),
        (("--fault", "nonsense"), "--fault: 'nonsense' is no fault; there are unreachable, "),
        (("--fault", "poll_500:many"), "after the colon stands a number of times"),
        (("--vendor", "kling", "--fault", "progress_back"), "kling cannot show this fault"),
        (("--speed", "0"), "0.01"),
        (("--log-level", "loud"), "allowed are debug"),
    ],
)
def test_what_cannot_be_simulated(cli: Cli, arguments: tuple[str, ...], told: str) -> None:
    ran = cli("simulate", *arguments)
    assert (ran.exit_code, ran.stdout) == (Exit.USAGE, "")
    assert told in ran.stderr


def test_a_port_that_is_taken_is_told(cli: Cli) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ran = cli("simulate", "--port", str(taken.getsockname()[1]))
    assert (ran.exit_code, ran.stdout) == (Exit.ERROR, "")
    assert "Choose another with --port" in ran.stderr
