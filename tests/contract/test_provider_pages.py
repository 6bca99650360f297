"""docs/providers: a page for every provider, which names what its users can write and whose TOML can be used."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from adapters import hosted_providers

from filmgate.catalogue.loader import load_catalogue
from filmgate.config import Settings
from filmgate.engine.account_settings import account_settings
from golden.opening import kind_of

PAGES = Path(__file__).parents[2] / "docs" / "providers"

every_provider = pytest.mark.parametrize("name", hosted_providers())


def page(name: str) -> str:
    return (PAGES / f"{name}.md").read_text(encoding="utf-8")


@every_provider
def test_a_page_names_every_variable_setting_current_model_and_option(name: str) -> None:
    kind, text = kind_of(name), page(name)
    models = [entry for entry in load_catalogue().entries() if (entry.provider, entry.state) == (name, "current")]
    options = {option for entry in models for option in (*entry.provider_options, *entry.extra_fields)}
    words = {*kind.environment, *kind.credentials.model_fields, *options, *(entry.id for entry in models)}
    assert sorted(word for word in words if not re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text)) == []


@every_provider
def test_a_page_says_what_it_was_written_from_and_what_is_not_verified(name: str) -> None:
    headings = re.findall(r"^## (.+)$", page(name), re.MULTILINE)
    assert "Not verified" in headings
    assert "Sources" in headings


@every_provider
def test_the_toml_of_a_page_has_settings_that_exist(name: str) -> None:
    kind = kind_of(name)
    accounts = 0
    for block in re.findall(r"```toml\n(.*?)```", page(name), re.DOTALL):
        settings = Settings.model_validate(tomllib.loads(block))
        load_catalogue(settings.catalogue_tables(), aliases=settings.aliases)
        for account in account_settings(settings.accounts, {name: kind}):
            assert set(account.model_extra or {}) <= set(kind.credentials.model_fields)
            accounts += 1
    assert accounts > 0
