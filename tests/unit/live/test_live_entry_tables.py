from __future__ import annotations

import json

import pytest

from filmgate.catalogue.loader import build_catalogue, load_catalogue
from filmgate.catalogue.model import ModelEntry
from live.entry_tables import entry_table

_PRICE = {"prices": (), "price": "untracked", "price_source": None, "checked_on": None}
_NAMES_OF_OTHERS = {"retires_on": None, "successor": None, "aliases": ()}


@pytest.mark.parametrize("entry", load_catalogue().entries(), ids=lambda entry: entry.id)
def test_a_table_is_read_as_the_entry_that_it_was_made_of(entry: ModelEntry) -> None:
    table = json.loads(json.dumps(entry_table(entry, upstream_model="theirs")))
    read = build_catalogue([("test", {"provider": entry.provider, "model": [table]})]).get(entry.id)
    assert read == entry.model_copy(update={**_PRICE, **_NAMES_OF_OTHERS, "upstream_model": "theirs"})
