from __future__ import annotations

from pathlib import Path

import pytest
from cli_harness import Cli

from filmgate.cli.exits import Exit
from filmgate.config import Settings
from filmgate.store import keys
from filmgate.store.migrate import HEAD
from filmgate.store.sqlite import sqlite_engine


@pytest.fixture
def data(tmp_path: Path) -> str:
    return str(tmp_path / "data")


def test_a_key_that_was_made_can_be_found_by_its_secret(cli: Cli, data: str) -> None:
    made = cli("keys", "create", "--data", data, "--name", "ci", "--json").json
    assert made["key"].startswith("sk-test-")
    engine = sqlite_engine(Settings(data=Path(data)).database_path)
    with engine.connect() as connection:
        found = keys.find_key(connection, keys.secret_digest(made["key"]))
    engine.dispose()
    assert found is not None
    assert (found.id, found.name, found.mode) == (made["id"], "ci", "test")


def test_the_secret_is_shown_once_and_never_again(cli: Cli, data: str) -> None:
    made = cli("keys", "create", "--data", data)
    secret = made.stdout.removeprefix("Key: ").strip()
    assert secret.startswith("sk-test-")
    assert secret not in made.stderr
    for arguments in (("keys", "list"), ("keys", "list", "--json")):
        assert secret not in cli(*arguments, "--data", data).stdout


def test_limits(cli: Cli, data: str) -> None:
    options = (
        "--live", "--project", "film", "--models", "kling-v3, animatic-1", "--rpm", "10", "--max-active", "3",
        "--budget-usd", "2.50", "--expires", "30d",
    )  # fmt: skip
    made = cli("keys", "create", "--data", data, *options, "--json").json
    assert made["key"].startswith("sk-live-")
    assert made["models"] == ["kling-3.0", "animatic-1"]
    assert (made["project"], made["requests_per_minute"], made["max_active_videos"]) == ("film", 10, 3)
    assert made["budget_usd"] == 2.5
    assert made["expires_at"] - made["created_at"] == 30 * 86400
    row = cli("keys", "list", "--data", data).stdout.splitlines()[1]
    assert "kling-3.0/animatic-1, 10 a minute, 3 active, 2.5 USD" in row


@pytest.mark.parametrize(
    ("options", "exit_code", "told"),
    [
        (("--models", "klnig-3.0"), Exit.NOT_FOUND, "near names: kling-3.0"),
        (("--budget-usd", "ten"), Exit.USAGE, "--budget-usd: 'ten' is no amount"),
        (("--budget-usd", "-1"), Exit.USAGE, "is no amount"),
        (("--budget-usd", "inf"), Exit.USAGE, "is no amount"),
        (("--expires", "soon"), Exit.USAGE, "--expires: 'soon' is not allowed"),
        (("--rpm", "0"), Exit.USAGE, "--rpm"),
    ],
)
def test_a_limit_that_is_none(cli: Cli, data: str, options: tuple[str, ...], exit_code: Exit, told: str) -> None:
    ran = cli("keys", "create", "--data", data, *options)
    assert ran.exit_code == exit_code
    assert told in ran.stderr
    assert not Path(data).exists()


def test_revoke(cli: Cli, data: str) -> None:
    key_id = cli("keys", "create", "--data", data, "--json").json["id"]
    assert cli("keys", "revoke", key_id, "--data", data).stdout.startswith(f"{key_id} (sk-test-…")
    [listed] = cli("keys", "list", "--data", data, "--json").json["data"]
    assert listed["revoked_at"] is not None
    assert " revoked " in cli("keys", "list", "--data", data).stdout


def test_revoke_of_a_key_that_is_not_there(cli: Cli, data: str) -> None:
    cli("keys", "create", "--data", data)
    ran = cli("keys", "revoke", "key_x", "--data", data, "--json")
    assert (ran.exit_code, ran.error["code"]) == (Exit.NOT_FOUND, "key_not_found")


def test_looking_for_keys_makes_no_folder(cli: Cli, data: str) -> None:
    ran = cli("keys", "list", "--data", data)
    assert ran.exit_code == Exit.NOT_FOUND
    assert "there is no Filmgate database in" in ran.stderr
    assert not Path(data).exists()


def test_migrate_says_what_it_did(cli: Cli, data: str) -> None:
    assert cli("migrate", "--data", data).stdout.endswith(f"filmgate.db is now at schema {HEAD}\n")
    assert cli("migrate", "--data", data).stdout.endswith("nothing to do\n")
    assert cli("migrate", "--data", data, "--json").json["changed"] is False


def test_a_folder_that_cannot_be_made(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    ran = cli("migrate", "--data", str(tmp_path / "file" / "data"))
    assert ran.exit_code == Exit.ERROR
    assert "cannot be made: Not a directory" in ran.stderr


@pytest.mark.parametrize("command", [("migrate",), ("keys", "list"), ("keys", "create")])
def test_a_file_that_is_no_database(cli: Cli, data: str, command: tuple[str, ...]) -> None:
    Path(data).mkdir()
    (Path(data) / "filmgate.db").write_text("this is not a database, but long enough to look like one" * 10)
    ran = cli(*command, "--data", data)
    assert ran.exit_code == Exit.ERROR
    assert "cannot be used (file is not a database). Name another folder" in ran.stderr


def test_the_password_of_a_database_is_not_shown(cli: Cli) -> None:
    cli.environment["FILMGATE_DATABASE_URL"] = "postgresql://me:hidden@127.0.0.1:1/filmgate"
    ran = cli("keys", "list")
    assert ran.exit_code == Exit.ERROR
    assert "me:***@127.0.0.1" in ran.stderr
    assert "hidden" not in ran.stderr
