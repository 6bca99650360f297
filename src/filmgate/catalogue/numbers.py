"""Which numbers a model takes: a list of them, or a span with or without steps."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

# Steps such as 0.1 have no exact binary form: what is nearer to a step than this is on it.
_TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Listed:
    """Exactly these values, ascending."""

    values: tuple[float, ...]

    def __str__(self) -> str:
        texts = [number_text(value) for value in self.values]
        return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} or {texts[-1]}"

    def allows(self, value: float) -> bool:
        return value in self.values

    def at_most(self, value: float) -> float:
        """The largest allowed value that is not above `value`; the smallest of all where none is."""
        return max((allowed for allowed in self.values if allowed <= value), default=self.values[0])

    def closest(self, value: float) -> float:
        return min(self.values, key=lambda allowed: abs(allowed - value))

    def samples(self) -> tuple[float, ...]:
        return self.values

    def lies_within(self, other: Numbers) -> bool:
        return all(other.allows(value) for value in self.values)

    def as_json(self) -> Any:
        return [plain(value) for value in self.values]


@dataclass(frozen=True, slots=True)
class Span:
    """Everything from `minimum` to `maximum`; with a `step` only minimum, minimum + step, and so on."""

    minimum: float
    maximum: float
    step: float | None = None

    def __str__(self) -> str:
        text = f"{number_text(self.minimum)} to {number_text(self.maximum)}"
        return text if self.step is None else f"{text} in steps of {number_text(self.step)}"

    def allows(self, value: float) -> bool:
        if not self.minimum <= value <= self.maximum:
            return False
        if self.step is None:
            return True
        steps = (value - self.minimum) / self.step
        return abs(steps - round(steps)) < _TOLERANCE

    def at_most(self, value: float) -> float:
        """The largest allowed value that is not above `value`; the smallest of all where none is."""
        within = min(max(value, self.minimum), self.maximum)
        if self.step is None:
            return within
        return self._on_step(math.floor((within - self.minimum) / self.step + _TOLERANCE))

    def closest(self, value: float) -> float:
        below = self.at_most(value)
        if self.step is None:
            return below
        above = self.at_most(below + self.step)
        return above if above - value < value - below else below

    def samples(self) -> tuple[float, ...]:
        """Values that stand for the span in checks: both ends, and every step between them."""
        if self.step is None:
            return (self.minimum, self.maximum)
        count = math.floor((self.maximum - self.minimum) / self.step + _TOLERANCE)
        return tuple(self._on_step(index) for index in range(count + 1))

    def lies_within(self, other: Numbers) -> bool:
        if self.step is None and (isinstance(other, Listed) or other.step is not None):
            return False
        return all(other.allows(value) for value in self.samples())

    def as_json(self) -> Any:
        return {"min": plain(self.minimum), "max": plain(self.maximum), "step": self.step and plain(self.step)}

    def _on_step(self, index: int) -> float:
        step = self.step or 0.0
        return round(self.minimum + index * step, 6)


Numbers = Listed | Span


def plain(value: float) -> float | int:
    """5.0 as 5, so that messages and JSON show numbers as people write them."""
    return int(value) if float(value).is_integer() else value


def number_text(value: float) -> str:
    return str(plain(value))


def numbers_from_toml(value: object) -> Numbers:
    """`[5, 10]` or `{ min = 3, max = 15, step = 1 }`. Raises ValueError that says what is wrong."""
    if isinstance(value, list):
        return _listed(cast("list[object]", value))
    if isinstance(value, Mapping):
        return _span(cast("Mapping[str, object]", value))
    raise ValueError("must be a list such as [5, 10] or a table such as { min = 3, max = 15, step = 1 }")


def _listed(values: list[object]) -> Listed:
    numbers = tuple(_positive(value) for value in values)
    if not numbers or any(left >= right for left, right in itertools.pairwise(numbers)):
        raise ValueError(f"must list at least one number, ascending; got {values}")
    return Listed(numbers)


def _span(table: Mapping[str, object]) -> Span:
    if unknown := set(table) - {"min", "max", "step"}:
        raise ValueError(f"takes min, max and step; got {', '.join(sorted(unknown))}")
    if missing := {"min", "max"} - set(table):
        raise ValueError(f"lacks {', '.join(sorted(missing))}")
    step = _positive(table["step"]) if "step" in table else None
    span = Span(_positive(table["min"]), _positive(table["max"]), step)
    if span.minimum >= span.maximum:
        raise ValueError(f"min must be below max; got {number_text(span.minimum)} and {number_text(span.maximum)}")
    if not span.allows(span.maximum):
        raise ValueError(f"max {number_text(span.maximum)} lies on no step of {span}")
    return span


def _positive(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value <= 0:
        raise ValueError(f"must hold numbers above 0; got {value!r}")
    return float(value)
