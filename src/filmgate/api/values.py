"""One value of a request field: from what was sent to the type that is meant, or words that say what is allowed."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection
from typing import Any

from filmgate.api.body import check_text
from filmgate.core.errors import InvalidRequest

_INTEGER = re.compile(r"[+-]?\d{1,15}")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?")
_SIZE = re.compile(r"(\d{1,6})\s*[xX×*]\s*(\d{1,6})")
_RATIO = re.compile(r"\d{1,4}:\d{1,4}")

Convert = Callable[[str, Any], Any]


def show(value: Any) -> str:
    """A value as an error message may quote it."""
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:76]}…{text[-1]}"


def refuse(param: str, value: Any, allowed: str) -> InvalidRequest:
    return InvalidRequest(f"{param}: {show(value)} is not allowed; allowed is {allowed}", param=param)


def integer(least: int, most: int) -> Convert:
    allowed = f"an integer from {least} to {most}"

    def convert(param: str, value: Any) -> int:
        if isinstance(value, str) and _INTEGER.fullmatch(value.strip()):
            value = int(value)
        if isinstance(value, float) and math.isfinite(value) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise refuse(param, value, allowed)
        return value

    return convert


def positive_number(most: float) -> Convert:
    allowed = f"a number above 0 and up to {most:g}"

    def convert(param: str, value: Any) -> float:
        number = value
        if isinstance(value, str) and len(value) < 64 and _NUMBER.fullmatch(value.strip()):
            number = float(value)
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise refuse(param, value, allowed)
        if not math.isfinite(number) or not 0 < number <= most:
            raise refuse(param, value, allowed)
        return float(number)

    return convert


def frame_rate(least: int, most: int) -> Convert:
    """A whole number stays one; others are kept to thousandths (23.976)."""
    allowed = f"a number from {least} to {most}"

    def convert(param: str, value: Any) -> float:
        number = value
        if isinstance(value, str) and len(value) < 64 and _NUMBER.fullmatch(value.strip()):
            number = float(value)
        if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number):
            raise refuse(param, value, allowed)
        if not least <= number <= most:
            raise refuse(param, value, allowed)
        return int(number) if float(number).is_integer() else round(float(number), 3)

    return convert


def text(most: int, *, least: int = 1) -> Convert:
    def convert(param: str, value: Any) -> str:
        if not isinstance(value, str):
            raise refuse(param, value, "a string")
        check_text(value, param)
        if not least <= len(value) <= most:
            raise InvalidRequest(f"{param}: has {len(value)} characters; allowed are {least} to {most}", param=param)
        return value

    return convert


def one_of(*words: str) -> Convert:
    def convert(param: str, value: Any) -> str:
        if not isinstance(value, str) or value not in words:
            raise refuse(param, value, " or ".join(f'"{word}"' for word in words))
        return value

    return convert


def boolean(param: str, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false", "1", "0", "on", "off"):
        return value.lower() in ("true", "1", "on")
    raise refuse(param, value, "true or false")


def size(param: str, value: Any) -> tuple[int, int]:
    match = _SIZE.fullmatch(value.strip()) if isinstance(value, str) and len(value) < 32 else None
    if match is None:
        raise refuse(param, value, 'a size such as "1280x720"')
    side = integer(16, 8192)
    return side(param, match[1]), side(param, match[2])


def aspect_ratio(param: str, value: Any) -> str:
    if not isinstance(value, str) or not _RATIO.fullmatch(value):
        raise refuse(param, value, 'a ratio such as "16:9"')
    return value


def json_object(param: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise refuse(param, value, "a JSON object")
    check_text(value, param)
    return value  # pyright: ignore[reportUnknownVariableType] - JSON objects have string keys


def same(values: Collection[Any]) -> bool:
    """True when all are equal; 5 and 5.0 are."""
    iterator = iter(values)
    first = next(iterator)
    return all(other == first for other in iterator)
