from __future__ import annotations

import time
from pathlib import Path

import pytest
from cli_harness import URL, Cli, FakeServer, answer, refusal

from filmgate.cli import doctor_checks
from filmgate.cli.doctor_checks import Finding, Health
from filmgate.cli.exits import Exit
from filmgate.cli.local_database import open_folder
from filmgate.cli.outside import Outside
from filmgate.config import Settings
from filmgate.store.sqlite import sqlite_engine


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data")


def test_a_sound_installation(cli: Cli, server: FakeServer, settings: Settings) -> None:
    open_folder(settings)
    server.on("GET /healthz", answer({"status": "ok", "version": "0.1.0"}))
    server.on("GET /readyz", answer({"status": "ready"}))
    server.on(
        "GET /v1/models", answer({"data": [{"filmgate": {"available": True}}, {"filmgate": {"available": False}}]})
    )
    found = cli("doctor", "--data", str(settings.data), "--json").json
    assert [check["name"] for check in found["checks"] if check["health"] != "ok"] == []
    told = {check["name"]: check["found"] for check in found["checks"]}
    assert told["encoder"].startswith("H.264: 10 frames encoded and decoded")
    assert told["renderer"].startswith("animatic-1 starts in")
    assert told["API key"] == "a test key; 1 of 2 models are available to it"
    assert found["ok"] is True


def test_what_is_broken_is_told_and_is_exit_code_1(
    cli: Cli, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    findings = [
        Finding("a", Health.GOOD, "fine"),
        Finding("b", Health.DOUBTFUL, "odd", "look at it"),
        Finding("c", Health.BROKEN, "bad", "mend it"),
    ]
    monkeypatch.setattr(doctor_checks, "examine", lambda *_arguments: findings)
    ran = cli("doctor")
    assert ran.exit_code == Exit.ERROR
    lines = [line.strip() for line in ran.stdout.splitlines()]
    assert lines == ["ok      a  fine", "look    b  odd", "-> look at it", "broken  c  bad", "-> mend it"]
    assert cli("doctor", "--json").json["ok"] is False


def test_the_other_checks_go_on_when_one_breaks(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> Finding:
        raise ImportError("libav is missing")

    monkeypatch.setattr(doctor_checks, "encoder", fail)
    monkeypatch.setattr(doctor_checks, "renderer", lambda: Finding("renderer", Health.GOOD, "skipped"))
    cli.environment |= {"FILMGATE_URL": None, "FILMGATE_API_KEY": None}
    checks = {check["name"]: check for check in cli("doctor", "--json").json["checks"]}
    assert checks["encoder"]["found"] == "ImportError: libav is missing"
    assert checks["clock"]["health"] == "ok"


def test_a_setting_that_is_wrong(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_checks, "renderer", lambda: Finding("renderer", Health.GOOD, "skipped"))
    cli.environment |= {"FILMGATE_URL": None, "FILMGATE_API_KEY": None, "FILMGATE_PORT": "99999"}
    checks = {check["name"]: check for check in cli("doctor", "--json").json["checks"]}
    assert checks["settings"]["health"] == "broken"
    assert "port" in checks["settings"]["found"]


def test_a_database_at_another_schema(settings: Settings) -> None:
    open_folder(settings)
    engine = sqlite_engine(settings.database_path)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    engine.dispose()
    found = doctor_checks.database(settings)
    assert found.health is Health.DOUBTFUL
    assert "at schema 0000" in found.found
    assert "filmgate migrate" in (found.advice or "")


def test_a_damaged_database(cli: Cli, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_checks, "renderer", lambda: Finding("renderer", Health.GOOD, "skipped"))
    open_folder(settings)
    content = bytearray(settings.database_path.read_bytes())
    content[4096 * 2 : 4096 * 6] = b"\xff" * 4096 * 4
    settings.database_path.write_bytes(content)
    cli.environment |= {"FILMGATE_URL": None, "FILMGATE_API_KEY": None}
    ran = cli("doctor", "--data", str(settings.data), "--json")
    checks = {check["name"]: check for check in ran.json["checks"]}
    assert (ran.exit_code, checks["database"]["health"]) == (Exit.ERROR, "broken")


def test_no_database_yet_is_no_fault(settings: Settings) -> None:
    assert doctor_checks.database(settings).health is Health.GOOD
    assert "will be made" in doctor_checks.data_folder(settings).found
    assert not settings.data.exists()


@pytest.mark.parametrize(
    ("limit", "health"), [("NO_FREE_BYTES", Health.BROKEN), ("LITTLE_FREE_BYTES", Health.DOUBTFUL)]
)
def test_little_room(settings: Settings, monkeypatch: pytest.MonkeyPatch, limit: str, health: Health) -> None:
    monkeypatch.setattr(doctor_checks, limit, 1 << 60)
    assert doctor_checks.data_folder(settings).health is health


def test_a_clock_that_jumped_or_cannot_be(monkeypatch: pytest.MonkeyPatch) -> None:
    difference = time.time() - time.monotonic()
    assert doctor_checks.clock(difference).health is Health.GOOD
    assert "jumped by" in doctor_checks.clock(difference - 60).found
    monkeypatch.setattr(doctor_checks, "FIRST_YEAR", 9999)
    assert doctor_checks.clock(difference).health is Health.BROKEN


def test_a_server_that_is_not_ready(cli: Cli, server: FakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_checks, "renderer", lambda: Finding("renderer", Health.GOOD, "skipped"))
    server.on("GET /healthz", answer({"status": "ok", "version": "0.0.1"}))
    server.on("GET /readyz", answer({"status": "unavailable", "problems": {"database": "away"}}, 503))
    server.on("GET /v1/models", refusal(401, "invalid_api_key", "This API key is not known here"))
    ran = cli("doctor", "--json")
    checks = {check["name"]: check for check in ran.json["checks"]}
    assert checks["server"]["health"] == "broken"
    assert checks["API key"] | {"advice": None} == {
        "name": "API key",
        "health": "broken",
        "found": "This API key is not known here",
        "advice": None,
    }
    server.on("GET /readyz", answer({"status": "ready"}))
    checks = {check["name"]: check for check in cli("doctor", "--json").json["checks"]}
    assert checks["server"]["found"] == f"{URL} has version 0.0.1, this is 0.1.0"


def test_a_key_that_is_missing_or_odd() -> None:
    assert doctor_checks.key(URL, None, Outside()).health is Health.DOUBTFUL
    odd = doctor_checks.key(None, "hunter2", Outside())
    assert odd.health is Health.DOUBTFUL
    assert "hunter2" not in str(odd)
