"""A model of the catalogue as the table that it was made of, for golden files about models that are not shipped."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any

from pydantic import BaseModel

from filmgate.catalogue.model import ModelEntry
from filmgate.catalogue.numbers import Listed, Span
from filmgate.catalogue.sizes import Size

# A golden file needs no price, its dates grow old, and the models that an entry names are not in it.
_LEFT_OUT = frozenset(
    {"provider", "prices", "price", "price_source", "checked_on", "retires_on", "successor", "aliases"}
)


def entry_table(entry: ModelEntry, *, upstream_model: str) -> dict[str, Any]:
    """JSON that `build_catalogue` reads as `entry`, but for its price and its upstream name."""
    table = {name: value for name, value in _plain(entry).items() if name not in _LEFT_OUT}
    return table | {"upstream_model": upstream_model, "price": "untracked"}


def _plain(value: Any) -> Any:
    match value:
        case BaseModel():
            fields = {name: getattr(value, name) for name in type(value).model_fields if name in value.model_fields_set}
            return {name: _plain(item) for name, item in fields.items() if item is not None}
        case Listed() | Span():
            numbers = value.as_json()
            return {k: v for k, v in numbers.items() if v is not None} if isinstance(numbers, dict) else numbers
        case Size():
            return str(value)
        case Enum():
            return value.value
        case Mapping():
            return {name: _plain(item) for name, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case _:
            return value
