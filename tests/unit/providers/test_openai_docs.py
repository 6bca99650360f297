"""What docs/providers/openai.md shows in TOML can be used as it stands."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from filmgate.catalogue.loader import load_catalogue
from filmgate.config import Settings
from filmgate.engine.account_settings import account_settings, check_account
from filmgate.providers.openai import KIND

PAGE = Path(__file__).parents[3] / "docs" / "providers" / "openai.md"
BLOCKS = [tomllib.loads(block) for block in re.findall(r"```toml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)]


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: "+".join(block))
def test_a_block_of_toml_can_be_used(block: dict[str, Any]) -> None:
    settings = Settings.model_validate(block)
    catalogue = load_catalogue(settings.catalogue_tables(), aliases=settings.aliases)
    for account in account_settings(settings.accounts, {"openai": KIND}):
        check_account(account, KIND, {})
    for account in settings.accounts:
        assert {model["id"] for model in settings.models} <= set(account["models"])
    for alias, model in settings.aliases.items():
        assert catalogue.get(alias).id == model


def test_all_of_its_blocks_are_read() -> None:
    assert [sorted(block) for block in BLOCKS] == [["aliases"], ["accounts"], ["accounts", "models"], ["models"]]
