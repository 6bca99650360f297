"""Reading what upstreams answer: strict in what we send, lenient in what we take.

A field that has another type than documented is read if its meaning is beyond doubt (a number for a text of digits),
and is None otherwise. Nothing here raises, whatever the value is.
"""

from __future__ import annotations

import math
from typing import Any, cast


def at(value: Any, *path: str | int) -> Any:
    """The value at `path` of keys and positions; None where any part of it is missing or of another shape."""
    for part in path:
        if isinstance(part, str) and isinstance(value, dict):
            value = cast("dict[str, Any]", value).get(part)
        elif isinstance(part, int) and isinstance(value, list):
            items = cast("list[Any]", value)
            value = items[part] if -len(items) <= part < len(items) else None
        else:
            return None
    return value


def text_at(value: Any, *path: str | int) -> str | None:
    """A text that is not blank; a number becomes its decimal text."""
    found = at(value, *path)
    if isinstance(found, str):
        return _storable(found).strip() or None
    if isinstance(found, bool) or not isinstance(found, int | float):
        return None
    if isinstance(found, int):
        return _digits(found)
    if not math.isfinite(found):
        return None
    return _digits(int(found)) if found.is_integer() else repr(found)


def int_at(value: Any, *path: str | int) -> int | None:
    """A whole number, also written as text."""
    found = text_at(value, *path)
    if found is None:
        return None
    try:
        return int(found)
    except ValueError:
        return None


def number_at(value: Any, *path: str | int) -> float | None:
    """A finite number, also written as text."""
    found = text_at(value, *path)
    if found is None:
        return None
    try:
        number = float(found)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def list_at(value: Any, *path: str | int) -> list[Any]:
    """A list; empty where there is none."""
    found = at(value, *path)
    return cast("list[Any]", found) if isinstance(found, list) else []


def _storable(text: str) -> str:
    """JSON can write what UTF-8 and PostgreSQL cannot hold: half of a surrogate pair, and NUL."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")


def _digits(number: int) -> str | None:
    # Python refuses to write out numbers of thousands of digits, and no identifier has them.
    return str(number) if number.bit_length() < 4096 else None
