"""Settings: where they come from, and what is said of a bad one."""

from __future__ import annotations

from pathlib import Path

import pytest

from filmgate.config import ConfigError, load_settings


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No filmgate.toml and no FILMGATE_ variables but the test's own."""
    monkeypatch.chdir(tmp_path)
    for name in ("DATA", "PORT", "HOST", "RETENTION", "DATABASE_URL", "RENDER_SLOTS"):
        monkeypatch.delenv(f"FILMGATE_{name}", raising=False)
    return tmp_path


def test_the_strongest_source_wins(empty_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (empty_folder / "filmgate.toml").write_text('port = 1001\nhost = "127.0.0.2"\nn_cap = 2\n')
    monkeypatch.setenv("FILMGATE_PORT", "1002")
    monkeypatch.setenv("FILMGATE_HOST", "127.0.0.3")

    settings = load_settings(port=1003, host=None)

    assert (settings.port, settings.host, settings.n_cap) == (1003, "127.0.0.3", 2)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("7d", 604800.0),
        ("12h", 43200.0),
        ("30m", 1800.0),
        ("1.5 h", 5400.0),
        ("90s", 90.0),
        (60, 60.0),
        ("forever", None),
    ],
)
def test_retention_is_a_duration(written: object, seconds: float | None) -> None:
    assert load_settings(retention=written).retention == seconds


@pytest.mark.parametrize(
    ("setting", "value", "word"),
    [
        ("retention", "soon", "7d"),
        ("retention", -5, "7d"),
        ("retention", "0d", "7d"),
        ("port", 70000, "65535"),
        ("port", "web", "integer"),
        ("n_cap", 0, "1"),
        ("colour", "red", "colour"),
    ],
)
def test_a_bad_setting_is_named_with_its_value(setting: str, value: object, word: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_settings(**{setting: value})

    assert setting in caught.value.message
    assert repr(value) in caught.value.message
    assert word in caught.value.message


def test_a_file_that_is_no_toml_is_told_as_such(empty_folder: Path) -> None:
    (empty_folder / "filmgate.toml").write_text("port = = 1")

    with pytest.raises(ConfigError, match=r"filmgate\.toml"):
        load_settings()


def test_a_typo_in_the_file_is_refused(empty_folder: Path) -> None:
    (empty_folder / "filmgate.toml").write_text("prot = 1001")

    with pytest.raises(ConfigError, match="prot"):
        load_settings()


def test_a_variable_that_is_no_json_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FILMGATE_ALLOWED_HOSTS", "not json")

    with pytest.raises(ConfigError, match="allowed_hosts"):
        load_settings()


def test_another_settings_file_can_be_named(empty_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (empty_folder / "filmgate.toml").write_text("port = 1001\n")
    (empty_folder / "other.toml").write_text(
        'port = 1002\naliases = { "sora-2" = "kling-3.0" }\n[[accounts]]\nname = "a"\nprovider = "kling"\n'
    )
    monkeypatch.delenv("FILMGATE_CONFIG", raising=False)
    assert load_settings().port == 1001
    named = load_settings(empty_folder / "other.toml")
    assert (named.port, named.aliases, named.accounts[0]["name"]) == (1002, {"sora-2": "kling-3.0"}, "a")
    monkeypatch.setenv("FILMGATE_CONFIG", str(empty_folder / "other.toml"))
    assert load_settings().port == 1002


def test_a_settings_file_that_is_not_there_is_told(empty_folder: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load_settings(empty_folder / "nothing.toml")
    assert "nothing.toml" in caught.value.message


def test_what_stands_in_an_account_is_never_told(empty_folder: Path) -> None:
    (empty_folder / "filmgate.toml").write_text('accounts = ["sk-secret"]\n')
    with pytest.raises(ConfigError) as caught:
        load_settings()
    assert "accounts" in caught.value.message
    assert "sk-secret" not in caught.value.message
