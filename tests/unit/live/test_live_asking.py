"""The folder of live tests as pytest sees it: skipped unless asked for, and then run to the end."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from filmgate.cli.simulated_config import as_toml, simulated_config
from filmgate.simulators.server import Simulator, open_simulators, simulator_server
from golden.format import read_golden_file

ROOT = Path(__file__).parents[3]


def live_tests(*options: str, **environ: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("FILMGATE_", "PYTEST_"))}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-n", "0", "-rs", *options, "tests/live"]
    return subprocess.run(
        command, cwd=ROOT, env=clean | environ, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.fixture
def vendor(tmp_path: Path) -> Iterator[tuple[Simulator, Path]]:
    """A simulator on a real socket, and the settings of an account with it."""
    [simulator] = open_simulators(["filmgate"], now=time.time, speed=200)
    server = uvicorn.Server(uvicorn.Config(simulator_server([simulator]), port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.02)
    [socket] = server.servers[0].sockets
    config = tmp_path / "filmgate.toml"
    url = f"http://127.0.0.1:{socket.getsockname()[1]}"
    config.write_text(as_toml({**simulated_config([simulator], url), "environment_accounts": False}))
    yield simulator, config
    server.should_exit = True
    thread.join()


def test_without_being_asked_the_folder_is_skipped_and_says_how_to_run_it() -> None:
    told = live_tests()
    assert told.returncode == 0, told.stdout
    assert "5 skipped" in told.stdout
    assert "run only when asked: FILMGATE_LIVE=1 FILMGATE_LIVE_BUDGET_USD=1.00 uv run pytest -n 0" in told.stdout


def test_a_wish_that_makes_no_sense_is_an_error_and_no_skip() -> None:
    told = live_tests(FILMGATE_LIVE="1", FILMGATE_LIVE_BUDGET_USD="much")
    assert told.returncode != 0
    assert "FILMGATE_LIVE_BUDGET_USD: 'much' is no amount in US dollars" in told.stdout


def test_it_does_not_run_in_several_processes(vendor: tuple[Simulator, Path]) -> None:
    simulator, config = vendor
    one_of_two = {"PYTEST_XDIST_WORKER_COUNT": "2"}  # as pytest-xdist tells its workers
    told = live_tests(FILMGATE_LIVE="1", FILMGATE_LIVE_BUDGET_USD="9", FILMGATE_CONFIG=str(config), **one_of_two)
    assert "5 errors" in told.stdout, told.stdout
    assert "live tests count their money in one process and do not run in several" in told.stdout
    assert simulator.simulation.books.requests == []


def test_a_whole_run_against_a_simulator_on_a_real_socket(vendor: tuple[Simulator, Path], tmp_path: Path) -> None:
    """As docs/live-tests.md says it: the settings of `filmgate simulate`, a budget, a folder for the recordings.

    This simulator takes any model's name, which is a finding; the others pass. No key is shown with it.
    """
    simulator, config = vendor
    told = live_tests(
        "--showlocals",
        FILMGATE_LIVE="1",
        FILMGATE_LIVE_BUDGET_USD="1",
        FILMGATE_LIVE_UNPRICED="1",
        FILMGATE_CONFIG=str(config),
        FILMGATE_LIVE_RECORD=str(tmp_path / "recorded"),
    ).stdout
    assert "1 failed, 4 passed" in told, told
    assert "simulated-filmgate, 4 s at 720p without sound" in told
    assert "- the vendor has made a task of it" in told
    assert f"0.0000 USD of 1.0000 USD are booked; recordings are in {tmp_path / 'recorded'}" in told
    assert len(simulator.simulation.books.tasks) == 4
    golden = sorted((tmp_path / "recorded" / "golden" / "openai").iterdir())
    assert [path.name for path in golden] == [
        f"recorded_simulated_filmgate_{check}.json"
        for check in ("cancel", "image_to_video", "text_to_video", "unknown_model", "wrong_key")
    ]
    assert {read_golden_file(path).origin for path in golden} == {"recorded"}
    assert not (tmp_path / "recorded" / "mismatches").exists()
    key = simulator.vendor.keys["api_key"]
    assert [text for text in (told, *(path.read_text() for path in golden)) if key in text] == []
