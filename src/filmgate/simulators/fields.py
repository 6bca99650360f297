"""Reading the fields of a request as strictly as a vendor's documents state them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from filmgate.simulators.kit import Refusal

T = TypeVar("T", str, int, bool)


@dataclass(slots=True)
class Fields:
    """One JSON object of a request, read field by field; `code` is the vendor's error for a bad value.

    A field that nobody has asked for when `close` is called is refused too. Vendors tend to ignore such a field, and
    then a misspelt one goes unnoticed. null is the same as a missing field. Everything here raises Refusal.
    """

    values: dict[str, Any]
    code: int | str
    path: str = ""
    _read: set[str] = field(default_factory=set[str])

    def get(self, name: str) -> Any:
        self._read.add(name)
        return self.values.get(name)

    def skip(self, *names: str) -> None:
        """These may be there, with any value."""
        self._read.update(names)

    def has(self, name: str) -> bool:
        return self.values.get(name) is not None

    def text(self, name: str, *, most_chars: int | None = None) -> str | None:
        value = self.get(name)
        if value is None:
            return None
        if not isinstance(value, str):
            raise self.wrong(name, "must be a string")
        if most_chars is not None and len(value) > most_chars:
            raise self.wrong(name, f"has {len(value)} characters, at most {most_chars} are allowed")
        return value

    def required_text(self, name: str, *, most_chars: int | None = None) -> str:
        value = self.text(name, most_chars=most_chars)
        if value is None or not value.strip():
            raise self.wrong(name, "is required")
        return value

    def choice(self, name: str, allowed: Collection[T], default: T | None = None) -> T:
        """One of `allowed`, of just their type. Without a default it is required."""
        value = self.get(name)
        if value is None:
            if default is None:
                raise self.wrong(name, f"is required, one of {_shown(allowed)}")
            return default
        if type(value) is not type(next(iter(allowed))) or value not in allowed:
            raise self.wrong(name, f"is {value!r}, must be one of {_shown(allowed)}")
        return cast("T", value)

    def flag(self, name: str, *, default: bool = False) -> bool:
        return self.choice(name, (True, False), default)

    def number(self, name: str, lowest: float, highest: float) -> float | None:
        value = self.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not lowest <= value <= highest:
            raise self.wrong(name, f"is {value!r}, must be a number from {lowest:g} to {highest:g}")
        return value

    def integer(self, name: str, lowest: int, highest: int) -> int | None:
        value = self.number(name, lowest, highest)
        if value is not None and not isinstance(value, int):
            raise self.wrong(name, f"is {value!r}, must be a whole number")
        return value

    def decimal(self, name: str, allowed: range, default: int) -> int:
        """A whole number that is written as text, as in a query."""
        text = self.text(name)
        if text is None:
            return default
        if not text.isdecimal() or len(text) > 15 or int(text) not in allowed:
            raise self.wrong(name, f"is {text!r}, must be {_shown(allowed)}")
        return int(text)

    def inside(self, name: str) -> Fields:
        """The object of this name; an empty one where there is none."""
        value = self.get(name)
        if value is not None and not isinstance(value, dict):
            raise self.wrong(name, "must be an object")
        return Fields(cast("dict[str, Any]", value or {}), self.code, self._place(name))

    def items(self, name: str, *, most: int | None = None) -> list[Fields]:
        """The objects of the array of this name; none where there is no such field."""
        value = self.get(name)
        if value is not None and not isinstance(value, list):
            raise self.wrong(name, "must be an array")
        found = cast("list[Any]", value or [])
        if most is not None and len(found) > most:
            raise self.wrong(name, f"has {len(found)} items, at most {most} are allowed")
        for position, item in enumerate(found):
            if not isinstance(item, dict):
                raise self.wrong(f"{name}[{position}]", "must be an object")
        return [Fields(item, self.code, self._place(f"{name}[{position}]")) for position, item in enumerate(found)]

    def close(self) -> None:
        unknown = sorted(set(self.values) - self._read)
        if unknown:
            raise Refusal(self.code, f"{', '.join(map(self._place, unknown))} is not allowed in this request")

    def wrong(self, name: str, trouble: str) -> Refusal:
        return Refusal(self.code, f"{self._place(name)} {trouble}", param=self._place(name))

    def _place(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name


def _shown(allowed: Collection[Any]) -> str:
    if isinstance(allowed, range):
        return f"{allowed.start} to {allowed.stop - 1}"
    return ", ".join(map(str, allowed))
