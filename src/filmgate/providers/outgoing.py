"""Small things that every adapter writes the same way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote


def given(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that have a value. Vendors read null as they like, so what was not asked for is left out."""
    return {name: value for name, value in fields.items() if value is not None}


def in_path(task_id: str) -> str:
    """`task_id` as one part of a path. It is the vendor's text: a slash in it must not lead to another route."""
    return quote(task_id, safe="")
