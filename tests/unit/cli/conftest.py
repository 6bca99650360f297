from __future__ import annotations

from pathlib import Path

import pytest
from cli_harness import URL, Cli, FakeServer


@pytest.fixture
def server() -> FakeServer:
    return FakeServer()


@pytest.fixture
def cli(server: FakeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    monkeypatch.chdir(tmp_path)
    return Cli(server, environment={"FILMGATE_URL": URL, "FILMGATE_API_KEY": "sk-test-x", "FILMGATE_TRACEBACK": None})
